-- The running cases of a unit, the oldest first. Of what an approval changes nothing is in it, so that such an update stays
-- on its page.
create index workflow_case_running on workflow_case (submitted_at, id) where status = 'running';
