-- 核心流程: what the desk of running cases can be narrowed to (FLOW-31).
alter table workflow_flow add column core boolean not null default false;
