-- Who exists, where, and since when. A fact holds from valid_from (Unix ms, inclusive) to valid_to (exclusive; null =
-- until further notice). What has a history of its own (names, places in the tree, service, ranks) stands in *_period;
-- what the trace names is ended, never deleted: what was withdrawn before it began ends when it would have begun.

-- One row. The stamp is made anew by every change and never repeats, so equal stamps mean equal contents,
-- in copies of a database too: that is what snapshots are kept under.
create table directory_version (
    one bigint primary key,
    stamp text not null,
    constraint directory_version_one check (one = 1)
);
insert into directory_version (one, stamp) values (1, 'empty');

-- 单位
create table directory_unit (
    id text primary key,
    code text,
    version bigint not null
);
create unique index directory_unit_code on directory_unit (code);

create table directory_unit_period (
    unit text not null references directory_unit (id),
    parent text references directory_unit (id),
    kind text not null,
    name text not null,
    short_name text,
    time_zone text,
    position bigint not null,
    valid_from bigint not null,
    valid_to bigint,
    primary key (unit, valid_from),
    constraint directory_unit_period_order check (valid_to is null or valid_to > valid_from)
);
create index directory_unit_period_parent on directory_unit_period (parent);

-- 部门
create table directory_department (
    id text primary key,
    version bigint not null
);

create table directory_department_period (
    department text not null references directory_department (id),
    unit text not null references directory_unit (id),
    parent text references directory_department (id),
    code text,
    level text,
    name text not null,
    position bigint not null,
    valid_from bigint not null,
    valid_to bigint,
    primary key (department, valid_from),
    constraint directory_department_period_order check (valid_to is null or valid_to > valid_from)
);
create index directory_department_period_parent on directory_department_period (parent);
create index directory_department_period_unit on directory_department_period (unit);
create unique index directory_department_code on directory_department_period (unit, code) where valid_to is null;

-- The closure of the tree: which units and departments each one lies in, itself included, and when.
create table directory_ancestor (
    node text not null,
    node_kind text not null,
    ancestor text not null,
    ancestor_kind text not null,
    depth bigint not null,
    valid_from bigint not null,
    valid_to bigint,
    primary key (node, ancestor, valid_from)
);
create index directory_ancestor_down on directory_ancestor (ancestor, node);

-- 岗位: defined by a unit, for itself and the units below it
create table directory_post (
    id text primary key,
    unit text not null references directory_unit (id),
    code text not null,
    name text not null,
    position bigint not null,
    version bigint not null,
    valid_from bigint not null,
    valid_to bigint,
    constraint directory_post_order check (valid_to is null or valid_to > valid_from)
);
create unique index directory_post_code on directory_post (unit, code) where valid_to is null;

-- 职级: the higher the level, the higher the rank
create table directory_rank (
    id text primary key,
    unit text not null references directory_unit (id),
    code text not null,
    name text not null,
    level bigint not null,
    version bigint not null,
    valid_from bigint not null,
    valid_to bigint,
    constraint directory_rank_order check (valid_to is null or valid_to > valid_from)
);
create unique index directory_rank_code on directory_rank (unit, code) where valid_to is null;

-- 人员
create table directory_person (
    id text primary key,
    name text not null,
    sort_key text not null,
    initials text not null,
    employee_number text,
    gender text,
    mobile text,
    office_phone text,
    email text,
    locale text not null,
    version bigint not null
);
create index directory_person_sort on directory_person (sort_key, id);
create unique index directory_person_employee_number on directory_person (employee_number);
create unique index directory_person_mobile on directory_person (mobile);
create unique index directory_person_email on directory_person (email);

-- In service, and of which rank; when it ended, who takes over what waits at him
create table directory_service_period (
    person text not null references directory_person (id),
    rank text references directory_rank (id),
    successor text references directory_person (id),
    valid_from bigint not null,
    valid_to bigint,
    primary key (person, valid_from),
    constraint directory_service_period_order check (valid_to is null or valid_to > valid_from)
);
create index directory_service_period_rank on directory_service_period (rank);

-- What a person is found by: each ending of name, pinyin and initials, and numbers; searched by prefix
create table directory_person_term (
    term text not null,
    person text not null references directory_person (id),
    primary key (term, person)
);
create index directory_person_term_person on directory_person_term (person);

-- 任职: in a department, or directly in a unit
create table directory_appointment (
    id text primary key,
    person text not null references directory_person (id),
    post text not null references directory_post (id),
    unit text references directory_unit (id),
    department text references directory_department (id),
    main boolean not null,
    version bigint not null,
    valid_from bigint not null,
    valid_to bigint,
    constraint directory_appointment_place check ((unit is null) <> (department is null)),
    constraint directory_appointment_order check (valid_to is null or valid_to >= valid_from)
);
create unique index directory_appointment_main on directory_appointment (person) where main and valid_to is null;
create index directory_appointment_person on directory_appointment (person);
create index directory_appointment_post on directory_appointment (post);
create index directory_appointment_unit on directory_appointment (unit);
create index directory_appointment_department on directory_appointment (department);

-- 负责人 and 分管领导 of a unit or department
create table directory_leadership (
    id text primary key,
    kind text not null,
    unit text references directory_unit (id),
    department text references directory_department (id),
    person text not null references directory_person (id),
    valid_from bigint not null,
    valid_to bigint,
    constraint directory_leadership_place check ((unit is null) <> (department is null)),
    constraint directory_leadership_order check (valid_to is null or valid_to >= valid_from)
);
create unique index directory_leadership_of_unit on directory_leadership (kind, unit)
    where unit is not null and valid_to is null;
create unique index directory_leadership_of_department on directory_leadership (kind, department)
    where department is not null and valid_to is null;
create index directory_leadership_person on directory_leadership (person);

-- 人员组
create table directory_group (
    id text primary key,
    unit text not null references directory_unit (id),
    code text,
    name text not null,
    version bigint not null,
    valid_from bigint not null,
    valid_to bigint,
    constraint directory_group_order check (valid_to is null or valid_to > valid_from)
);
create unique index directory_group_code on directory_group (unit, code) where valid_to is null;

create table directory_group_member (
    group_id text not null references directory_group (id),
    person text not null references directory_person (id),
    valid_from bigint not null,
    valid_to bigint,
    primary key (group_id, person, valid_from),
    constraint directory_group_member_order check (valid_to is null or valid_to >= valid_from)
);
create index directory_group_member_person on directory_group_member (person);
