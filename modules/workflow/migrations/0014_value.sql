-- What stands in the indexed fields of cases, as typed rows: looked for and put in order by the query page. Derived from the
-- cases, written in the same unit as they; `item` counts what a field names several of. Numbers are kept in millionths.
-- No foreign keys, as with everything that hangs at a case.
create table workflow_value (
    case_id text not null,
    flow text not null,
    field text not null,
    item bigint not null,
    words text,
    number bigint,
    day text,
    named text,
    primary key (case_id, field, item)
);
create index workflow_value_words on workflow_value (flow, field, words, case_id) where words is not null;
create index workflow_value_number on workflow_value (flow, field, number, case_id) where number is not null;
create index workflow_value_day on workflow_value (flow, field, day, case_id) where day is not null;
create index workflow_value_named on workflow_value (flow, field, named, case_id) where named is not null;
