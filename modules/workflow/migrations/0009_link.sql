-- 关联审批: which case names which other in a field of its form. Where the field says so, whoever may read it may read the
-- other case too. A link that is taken out ends. No foreign keys, as with everything that hangs at a case.
create table workflow_link (
    case_id text not null,
    field text not null,
    related text not null,
    grants boolean not null,
    since bigint not null,
    ended_at bigint,
    primary key (case_id, field, related)
);
create index workflow_link_related on workflow_link (related, since, case_id) where ended_at is null;
