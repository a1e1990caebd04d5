-- 查询 (PERM-08): the cases of one form, the youngest first, for those who may query it. None of these columns ever changes.
create index workflow_case_flow on workflow_case (flow, submitted_at, id);
