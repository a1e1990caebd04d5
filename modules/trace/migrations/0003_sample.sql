-- What belongs to the sample group, so that its entries are marked as such, also when it is gone: the ids of its people
-- and of all that entries may be about.
create table trace_sample (
    id text not null primary key
);
