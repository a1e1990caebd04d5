-- A reviewer gives an order back to its author with a reason (ORG-18): the last time, and when it was presented again.
alter table orders_order add column returned_by text;
alter table orders_order add column returned_at bigint;
alter table orders_order add column returned_because text;
alter table orders_order add column return_answered_at bigint;
