-- The queue: events for consumers, and timers. A row goes when its work is done; the trace keeps the history.
create table store_outbox (
    id text primary key,
    kind text not null,
    version bigint not null,
    stream text not null,
    payload text not null,
    person text,
    on_behalf_of text,
    at bigint not null,
    -- When it is due; null: given up, waiting for an administrator.
    run_at bigint,
    -- Names a timer, so that it can be moved or taken out.
    timer_key text,
    attempts bigint not null,
    error text,
    -- Consumers that have done their part, separated by blanks.
    done text not null
);
create index store_outbox_due on store_outbox (run_at, id);
create unique index store_outbox_timer on store_outbox (timer_key);

-- Long work that people watch and may cancel.
create table store_job (
    id text primary key,
    kind text not null,
    owner text not null,
    state text not null,
    done bigint not null,
    total bigint not null,
    input text not null,
    result text,
    error text,
    cancel boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index store_job_owner on store_job (owner, id);

-- Idempotency keys that were used. Written first in the unit, so that a first request need not look whether there was
-- one before: on PostgreSQL whoever looks at an index page conflicts with all who write to it.
create table store_request (
    owner text not null,
    key text not null,
    fingerprint text not null,
    at bigint not null,
    primary key (owner, key)
);
create index store_request_at on store_request (at);

-- The answer to each, so that a repeat gets it again.
create table store_answer (
    owner text not null,
    key text not null,
    body text not null,
    at bigint not null,
    primary key (owner, key)
);
create index store_answer_at on store_answer (at);
