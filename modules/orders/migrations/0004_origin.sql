-- An order that an approved case opened (ORG-08): which case, at which node, what people call it, and for whom.
alter table orders_order add column origin_case text;
alter table orders_order add column origin_node text;
alter table orders_order add column origin_number text;
-- Ids, as JSON.
alter table orders_order add column origin_people text;
create index orders_order_origin on orders_order (origin_case, origin_node);
