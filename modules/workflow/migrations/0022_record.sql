-- 关联记录: which case names which entry of a register in a field of its form, what that was called when it was handed in, and
-- what was shown of it (FORM-01). No foreign keys, as with everything that hangs at a case.
create table workflow_record (
    case_id text not null,
    field text not null,
    record text not null,
    name text not null,
    shown text not null,
    since bigint not null,
    primary key (case_id, field, record)
);
