-- 子流程: which case opened which, at which visit of a node, and its number there.
create table workflow_call (
    case_id text not null references workflow_case (id),
    activation bigint not null,
    no bigint not null,
    child text not null references workflow_case (id),
    primary key (child)
);
create index workflow_call_of on workflow_call (case_id);
