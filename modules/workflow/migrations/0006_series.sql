-- 流水号: the last count of each series of serial numbers. `series` is the number less its count: with it a year begins anew.
create table workflow_series (
    flow text not null references workflow_flow (id),
    field text not null,
    series text not null,
    last bigint not null,
    primary key (flow, field, series)
);
