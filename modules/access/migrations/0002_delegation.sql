-- Graded delegation (PERM-03, PERM-04): roles of a unit or department, roles for those who administer one thing only;
-- and reviews of the log of sign-ins (ACC-17).

-- Whose administrators define the role; both null: those of the whole installation.
alter table access_role add column unit text references directory_unit (id);
alter table access_role add column department text references directory_department (id);
-- Ended since then: it is given to nobody any more.
alter table access_role add column ended_at bigint;

-- An administrator of a department also gives rights there, of those he has. Where an organisation made the role its
-- own, it stays as it is.
update access_role set permissions = '["directory.read","directory.manage","access.manage","access.grant","access.review"]'
    where id = '0000000000e008000000000002' and version = 1;

-- 职能管理员: who administers one thing, over all or over a part (PERM-04). A code that is taken stays whose it is.
insert into access_role (id, code, name, permissions, built_in, version)
    select '0000000000e008000000000005', 'personnel_administrator', '{"zh":"人事管理员","en":"Personnel administrator"}',
        '["directory.read","directory.manage"]', true, 1
    where not exists (select 1 from access_role where code = 'personnel_administrator');
insert into access_role (id, code, name, permissions, built_in, version)
    select '0000000000e008000000000006', 'flow_administrator', '{"zh":"流程管理员","en":"Flow administrator"}',
        '["workflow.manage"]', true, 1
    where not exists (select 1 from access_role where code = 'flow_administrator');
insert into access_role (id, code, name, permissions, built_in, version)
    select '0000000000e008000000000007', 'rulebook_administrator', '{"zh":"制度管理员","en":"Rulebook administrator"}',
        '["rulebook.manage"]', true, 1
    where not exists (select 1 from access_role where code = 'rulebook_administrator');
insert into access_role (id, code, name, permissions, built_in, version)
    select '0000000000e008000000000008', 'calendar_administrator', '{"zh":"工作日历管理员","en":"Calendar administrator"}',
        '["worktime.manage"]', true, 1
    where not exists (select 1 from access_role where code = 'calendar_administrator');
insert into access_role (id, code, name, permissions, built_in, version)
    select '0000000000e008000000000009', 'account_administrator', '{"zh":"账号管理员","en":"Account administrator"}',
        '["access.manage","access.review"]', true, 1
    where not exists (select 1 from access_role where code = 'account_administrator');
insert into access_role (id, code, name, permissions, built_in, version)
    select '0000000000e00800000000000a', 'security_auditor', '{"zh":"安全审计员","en":"Security auditor"}',
        '["access.review","trace.read"]', true, 1
    where not exists (select 1 from access_role where code = 'security_auditor');

-- A new token, so that no process remembers the roles from before.
update access_revision set token = 'delegation' where id = 1;

-- 登录复核: who looked at the sign-ins of a place in a period, and what he found.
create table access_sign_in_review (
    id text primary key,
    -- Both null: of the whole installation.
    unit text references directory_unit (id),
    department text references directory_department (id),
    reviewer text not null references directory_person (id),
    at bigint not null,
    period_from bigint not null,
    period_to bigint not null,
    -- How many sign-ins the rules found abnormal.
    abnormal bigint not null,
    findings text not null,
    constraint access_sign_in_review_order check (period_to > period_from)
);
create index access_sign_in_review_period on access_sign_in_review (period_to);
create index access_sign_in_at on access_sign_in (at, id);
