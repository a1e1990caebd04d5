-- 暂存待办: since when its holder keeps the task on hold (TIME-17). Null: he does not.
alter table workflow_task add column held_at bigint;
