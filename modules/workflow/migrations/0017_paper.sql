-- 纸质办理: the task is signed on the printed form (FLOW-35). The inbox says so on its row.
alter table workflow_task add column on_paper boolean not null default false;
