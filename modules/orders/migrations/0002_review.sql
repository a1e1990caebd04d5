-- Orders on using units (ORG-18): who reviewed one before it was issued, who wrote it last, and which order registered,
-- renamed, moved or deregistered which unit.
alter table orders_order add column edited_by text;
alter table orders_order add column reviewed_by text;
alter table orders_order add column reviewed_at bigint;

create table orders_unit_act (
    order_id text not null references orders_order (id),
    -- Its place in the order.
    position bigint not null,
    unit text not null,
    -- registered, renamed, moved, closed or reopened.
    act text not null,
    at bigint not null,
    primary key (order_id, position)
);
create index orders_unit_act_unit on orders_unit_act (unit, at);
