-- By which way of reading names the search terms were written: after a change of it they are written anew.
alter table directory_version add column terms bigint not null default 0;
