-- When somebody was last asked to complete his own profile, so that nobody is asked twice a day (ORG-22).
create table contacts_chase (
    person text primary key,
    at bigint not null
);
