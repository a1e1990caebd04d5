-- 效果 (FLOW-40): what decided cases did in modules, one for each visit of such a node, and what came of it. What is only
-- declared is found here by the module that is to do it.
create table workflow_effect (
    case_id text not null references workflow_case (id),
    activation bigint not null,
    node text not null,
    -- Its name in the catalogue.
    effect text not null,
    -- What it was given, as JSON.
    given text not null,
    -- due, done, declared, refused or by_hand; due only within a unit.
    state text not null,
    -- Why it was refused, and what it made, as JSON.
    reason text,
    made text,
    -- Unix milliseconds.
    asked_at bigint not null,
    settled_at bigint,
    primary key (case_id, activation)
);
create index workflow_effect_of on workflow_effect (effect, state, asked_at);
