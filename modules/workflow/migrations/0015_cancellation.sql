-- 审批撤销 (FLOW-25): sealed copies of finished cases, and the cases that were taken out of view because people agreed to it.
-- While a case is cancelled, its rows in all other tables of this module are in its backup only.
create table workflow_backup (
    id text primary key,
    case_id text not null,
    -- The cancellation for which it was made.
    by_case text not null,
    -- The file that holds it, by its SHA-256, under a MAC whose key is not in the database.
    file text not null,
    digest text not null,
    mac text not null,
    size bigint not null,
    made_by text,
    made_at bigint not null
);
create index workflow_backup_of on workflow_backup (case_id, by_case, made_at);

create table workflow_cancelled (
    -- The backup from which it can be had again.
    id text primary key references workflow_backup (id),
    case_id text not null,
    number text not null,
    title text not null,
    search text not null,
    flow text not null references workflow_flow (id),
    unit text,
    initiator text not null,
    -- Who took part in it: they are told that it was cancelled; JSON.
    people text not null,
    by_case text not null,
    by_number text not null,
    asked_by text not null,
    asked_at bigint not null,
    -- Who agreed to it, at which step and when; JSON.
    approved_by text not null,
    cancelled_by text,
    cancelled_at bigint not null,
    restored_by text,
    restored_at bigint,
    restored_because text
);
create unique index workflow_cancelled_now on workflow_cancelled (case_id) where restored_at is null;
create index workflow_cancelled_at on workflow_cancelled (cancelled_at, id);
