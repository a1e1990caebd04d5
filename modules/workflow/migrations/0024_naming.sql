-- What a field names, the latest cases first: read a part at a time, however many cases there are (PERM-08).
create index workflow_value_naming on workflow_value (flow, field, case_id, item) where named is not null;
