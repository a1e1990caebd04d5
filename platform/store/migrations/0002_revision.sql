-- Which state of a few tables is the present one: a process that remembers what it read of them asks whether it still holds.
create table store_revision (
    name text primary key,
    token text not null
);
