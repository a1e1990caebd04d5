-- Of a column of a table: in which row of it something stands, from 0, so that several conditions on one table are held by
-- one row of it (PERM-08). Of what was written before it is not known, until the case changes or a version is published.
alter table workflow_value add column line bigint;
