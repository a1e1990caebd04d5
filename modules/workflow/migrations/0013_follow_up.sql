-- 撤销与变更: a case that follows upon a completed one runs on a route of its own, made from who approved the first.
alter table workflow_case add column plan text;

-- Which case follows upon which, as what, and whether it took effect. One that has ended is ended; nothing is deleted. No
-- foreign keys, as with everything that hangs at a case.
create table workflow_follow_up (
    case_id text primary key,
    original text not null,
    -- revoke, change
    kind text not null,
    opened_at bigint not null,
    ended_at bigint,
    took_effect boolean not null
);
create index workflow_follow_up_of on workflow_follow_up (original, opened_at);
-- One at a time.
create unique index workflow_follow_up_open on workflow_follow_up (original) where ended_at is null;
