-- Until when the secret before the last renewal counts too: unix milliseconds; nothing: no longer (FLOW-40).
alter table workflow_endpoint add column old_until bigint;

-- When what an effect made was taken back, because its case was revoked (FLOW-24, FLOW-40).
alter table workflow_effect add column undone_at bigint;
