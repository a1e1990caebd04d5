-- 调整令: what an order changes, where it stands, what hangs on it, and what turns it back.
create table orders_order (
    id text primary key,
    unit text not null,
    -- Title, basis, class, time and changes, as JSON.
    content text not null,
    state text not null,
    -- Unix milliseconds.
    effective_at bigint,
    issued_by text,
    issued_at bigint,
    applied_at bigint,
    verified_by text,
    verified_at bigint,
    due_at bigint,
    problem text,
    checklist text not null,
    inverse text not null,
    counter_of text,
    created_by text not null,
    created_at bigint not null,
    version bigint not null
);
create index orders_order_unit on orders_order (unit, id);
