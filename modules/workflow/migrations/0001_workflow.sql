-- 流程: a flow of a unit; its content is in its versions.
create table workflow_flow (
    id text primary key,
    unit text not null,
    -- The same in all versions and installations: `f-01-leave`.
    code text not null,
    name text not null,
    category text not null,
    -- draft, published, retired
    state text not null,
    -- The version that new cases run on.
    current text,
    version bigint not null
);
create unique index workflow_flow_code on workflow_flow (unit, code);

-- Never changed once published: cases run on the version they were begun on (FORM-11).
create table workflow_version (
    id text primary key,
    flow text not null references workflow_flow (id),
    number bigint not null,
    state text not null,
    content text not null,
    -- The package it was made from, as it was written.
    source text not null,
    created_by text,
    created_at bigint not null,
    published_at bigint
);
create unique index workflow_version_number on workflow_version (flow, number);

-- 事项: a running or finished flow. `state` is the engine's state; the other columns are taken from it for lists.
create table workflow_case (
    id text primary key,
    number text not null,
    flow text not null references workflow_flow (id),
    flow_version text not null references workflow_version (id),
    title text not null,
    -- Title, number and names in lower case with pinyin, for search in lists.
    search text not null,
    facts text not null,
    status text not null,
    stage text not null,
    initiator text not null,
    unit text,
    department text,
    state text not null,
    version bigint not null,
    submitted_at bigint not null,
    updated_at bigint not null,
    finished_at bigint
);
create unique index workflow_case_number on workflow_case (number);
create index workflow_case_initiator on workflow_case (initiator, submitted_at, id);

-- 待办: one person's work item. `opened_at` is null while its turn has not come.
-- What hangs at a case is written in units that have the case: no foreign keys from here to it, since PostgreSQL looks
-- for each whether the case is there, and whoever looks at an index page conflicts with all who write to it.
create table workflow_task (
    case_id text not null,
    no bigint not null,
    person text not null,
    node text not null,
    node_name text not null,
    purpose text not null,
    waiting boolean not null,
    opened_at bigint,
    closed_at bigint,
    -- When its person first opened the case with it (TIME-14).
    seen_at bigint,
    primary key (case_id, no)
);
create index workflow_task_waiting on workflow_task (person, opened_at, case_id, no) where waiting;

-- Who did something in a case, and when last: the list "done".
create table workflow_hand (
    person text not null,
    case_id text not null,
    at bigint not null,
    primary key (person, case_id)
);
create index workflow_hand_at on workflow_hand (person, at, case_id);

-- 抄送
create table workflow_copy (
    case_id text not null,
    no bigint not null,
    person text not null,
    must_read boolean not null,
    sent_at bigint not null,
    read_at bigint,
    primary key (case_id, no)
);
create index workflow_copy_person on workflow_copy (person, sent_at, case_id, no);
create index workflow_copy_unread on workflow_copy (person, case_id) where read_at is null;

-- Who may see a case, and by what: the one source for lists, search, attachments, exports and live updates.
create table workflow_access (
    case_id text not null,
    person text not null,
    via text not null,
    at bigint not null,
    primary key (case_id, person, via)
);
create index workflow_access_person on workflow_access (person, case_id);

-- 草稿: a form that is not handed in, its writer's alone.
create table workflow_draft (
    id text primary key,
    person text not null,
    flow text not null references workflow_flow (id),
    content text not null,
    version bigint not null,
    updated_at bigint not null
);
create index workflow_draft_person on workflow_draft (person, updated_at, id);
