-- Who read which case by a right to query it, and on which day (of the unit of the case): it is in the trace once (PERM-08).
create table workflow_query_read (
    case_id text not null references workflow_case (id),
    person text not null,
    day text not null,
    primary key (case_id, person, day)
);
