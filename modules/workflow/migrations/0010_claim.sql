-- 抢办: the task waits at others too, until one of them claims it (FLOW-07). The inbox says so on its row.
alter table workflow_task add column to_claim boolean not null default false;
