-- 部门账号 (ACC-03): of a department, one of its head and one that its staff share. Nobody signs in with one: who may acts
-- for it under his own sign-in, so that every use says who it was.
create table access_department_account (
    id text primary key,
    department text not null references directory_department (id),
    -- head, public
    kind text not null,
    -- As whom tasks, cases and grants know it.
    person text not null references directory_person (id),
    -- Of a public account: the staff of the departments below may act for it too.
    with_below boolean not null,
    opened_at bigint not null,
    ended_at bigint,
    version bigint not null
);
create unique index access_department_account_kind on access_department_account (department, kind) where ended_at is null;
create unique index access_department_account_person on access_department_account (person);

-- For which one a session acts now; null: for nobody but its owner.
alter table access_session add column department_account text references access_department_account (id);
create index access_session_department_account on access_session (department_account)
    where ended_at is null and department_account is not null;
