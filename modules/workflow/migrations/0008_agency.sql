-- 代理: who acts for whom, from when to when, in which flows (TIME-11). One that ends early is ended; nothing is deleted.
create table workflow_agency (
    id text primary key,
    -- Whose work it is, and who does it for him.
    principal text not null,
    agent text not null,
    valid_from bigint not null,
    valid_to bigint not null,
    -- The flows and the categories of flows; both empty: all.
    flows text not null,
    categories text not null,
    may_start boolean not null,
    may_decide boolean not null,
    reason text not null,
    given_by text not null,
    given_at bigint not null,
    ended_at bigint,
    ended_by text,
    ended_because text not null,
    version bigint not null,
    constraint workflow_agency_order check (valid_to > valid_from)
);
create index workflow_agency_agent on workflow_agency (agent, valid_to);
create index workflow_agency_principal on workflow_agency (principal, valid_to);

-- When an agent first looked at a task of his principal's; whether its own person has is another matter (TIME-14).
create table workflow_agent_look (
    case_id text not null,
    no bigint not null,
    agent text not null,
    at bigint not null,
    primary key (case_id, no, agent)
);

-- The list "done" of both: who did it for the one, and for whom the other did it (TRACE-09).
alter table workflow_hand add column done_by text;
alter table workflow_hand add column done_for text;
