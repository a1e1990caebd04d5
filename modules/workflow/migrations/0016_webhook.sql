-- 接口: other systems that flows may ask, by name (FLOW-40). No secret is kept: it is computed from the key file, the id and
-- how often it was renewed.
create table workflow_endpoint (
    id text primary key,
    -- What flows say.
    name text not null,
    url text not null,
    -- The ids of flows as packages have them, as JSON; empty: all.
    flows text not null,
    enabled boolean not null,
    renewed bigint not null,
    version bigint not null,
    created_at bigint not null,
    changed_at bigint not null
);
create unique index workflow_endpoint_name on workflow_endpoint (name);

-- What goes out to them, written in the unit that decides it and sent when that unit has ended. Taken out some time after.
create table workflow_delivery (
    id text primary key,
    endpoint text not null,
    -- Nothing: somebody tried the endpoint.
    case_id text,
    activation bigint,
    -- What is sent, as JSON.
    body text not null,
    -- waiting, sent (it answers later), answered or failed.
    state text not null,
    n_tries bigint not null,
    -- Unix milliseconds; nothing: it is not tried any more.
    next_at bigint,
    -- What the last try came to: the HTTP status, if there was one, and the code of a sentence.
    status bigint,
    reason text,
    created_at bigint not null,
    settled_at bigint
);
create index workflow_delivery_next on workflow_delivery (next_at) where next_at is not null;
create index workflow_delivery_endpoint on workflow_delivery (endpoint, id);
create index workflow_delivery_visit on workflow_delivery (case_id, activation) where case_id is not null;

-- 事件: what happened and has a name, whoever said it (FLOW-11). One for which nobody waited is kept for a while.
create table workflow_event (
    -- Of another system: the endpoint and the id of its message, so that none counts twice.
    id text primary key,
    event text not null,
    about text not null,
    -- The case that said it, or the endpoint.
    source text not null,
    at bigint not null,
    used boolean not null
);
create index workflow_event_named on workflow_event (event, at);

-- Which visits wait for which event, derived from the cases.
create table workflow_event_wait (
    case_id text not null,
    activation bigint not null,
    event text not null,
    -- Nothing: about any.
    about text,
    primary key (case_id, activation)
);
create index workflow_event_wait_named on workflow_event_wait (event);
