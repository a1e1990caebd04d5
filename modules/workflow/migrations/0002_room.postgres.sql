-- Room on each page for the next state of its cases: an update that stays on its page changes no index, and so does not
-- conflict with those who looked for another case.
alter table workflow_case set (fillfactor = 50);
