-- What the case that opened an order is called, in both languages, as JSON (ORG-08). Absent for those opened before.
alter table orders_order add column origin_title text;
