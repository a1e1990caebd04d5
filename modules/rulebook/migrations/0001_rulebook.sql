-- 条款: one rule of an organisation, owned by a unit; it holds for that unit and those below it that have no own.
create table rulebook_clause (
    id text primary key,
    unit text not null references directory_unit (id),
    -- What the organisation calls it: 第十一条.
    number text not null,
    -- The preset it was loaded from; null: written here.
    preset text,
    -- The number of its latest version.
    version bigint not null
);
create unique index rulebook_clause_number on rulebook_clause (unit, number);

-- What a clause says, version by version; earlier ones stay for questions as of an earlier instant.
create table rulebook_clause_version (
    clause text not null references rulebook_clause (id),
    version bigint not null,
    text text not null,
    policy text not null,
    -- JSON: parameter -> value, or parameter -> class -> value.
    parameters text not null,
    mode text not null,
    valid_from bigint not null,
    valid_to bigint,
    primary key (clause, version),
    constraint rulebook_clause_version_order check (valid_to is null or valid_to >= valid_from)
);

-- A new token with every change of the tables above, so that a process knows whether what it remembers still holds.
create table rulebook_revision (
    id bigint primary key,
    token text not null
);
insert into rulebook_revision (id, token) values (1, 'none');
