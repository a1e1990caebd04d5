-- Accounts, sessions, the log of sign-ins, roles and grants.

-- 账号: one a person, under a login of its own.
create table access_account (
    id text primary key,
    person text not null references directory_person (id),
    -- Folded to lower case.
    login text not null,
    class text not null,
    -- Argon2id, in PHC form. Nothing that a password could be read from is kept anywhere.
    password_hash text not null,
    password_changed_at bigint not null,
    -- A one-time password stands, good until then; null: the owner chose his own.
    one_time_until bigint,
    -- Locked by an administrator, until he unlocks it.
    locked_at bigint,
    lock_reason text,
    locale text not null,
    -- Loaded with the sample organisation, with a password that everybody knows.
    sample boolean not null,
    version bigint not null,
    created_at bigint not null
);
create unique index access_account_person on access_account (person);
create unique index access_account_login on access_account (login);
create index access_account_sample on access_account (sample);

-- Earlier passwords, as hashes, so that they do not come back.
create table access_password (
    account text not null references access_account (id),
    replaced_at bigint not null,
    hash text not null,
    primary key (account, replaced_at)
);

-- 会话
create table access_session (
    id text primary key,
    -- SHA-256 of the secret in the cookie; the secret itself is not kept.
    secret_hash text not null,
    account text not null references access_account (id),
    appointment text,
    address text not null,
    user_agent text not null,
    created_at bigint not null,
    -- When it was last used, to the minute.
    seen_at bigint not null,
    ended_at bigint,
    end_reason text
);
create unique index access_session_secret on access_session (secret_hash);
create index access_session_open on access_session (account) where ended_at is null;
create index access_session_seen on access_session (seen_at) where ended_at is null;

-- Failures to sign in, counted by `login/<login>` and `address/<address>`.
create table access_failure (
    key text primary key,
    count bigint not null,
    since bigint not null,
    blocked_until bigint
);

-- 登录日志
create table access_sign_in (
    id text primary key,
    at bigint not null,
    login text not null,
    person text,
    -- Where the person belonged then: whose administrators review it.
    unit text,
    department text,
    address text not null,
    user_agent text not null,
    result text not null,
    session text
);
create index access_sign_in_person on access_sign_in (person, id);
create index access_sign_in_unit on access_sign_in (unit, id);
create index access_sign_in_department on access_sign_in (department, id);

-- 权限角色: a bundle of permissions.
create table access_role (
    id text primary key,
    code text not null,
    name text not null,
    -- JSON list; `*` is every permission there is.
    permissions text not null,
    built_in boolean not null,
    version bigint not null
);
create unique index access_role_code on access_role (code);

-- 授权: a role or a single permission, to a person, a group, the holders of a post, or everybody, over a scope.
create table access_grant (
    id text primary key,
    role text references access_role (id),
    permission text,
    subject_kind text not null,
    subject text,
    scope text not null,
    -- Where the scope is measured from; null: from where the holder is appointed.
    unit text references directory_unit (id),
    department text references directory_department (id),
    reason text not null,
    valid_from bigint not null,
    valid_to bigint,
    granted_by text,
    constraint access_grant_what check ((role is null) <> (permission is null)),
    constraint access_grant_whom check ((subject is null) = (subject_kind = 'everyone')),
    constraint access_grant_order check (valid_to is null or valid_to >= valid_from)
);
create index access_grant_subject on access_grant (subject);

-- A new token with every change of roles and grants, so that a process knows whether what it remembers still holds.
create table access_revision (
    id bigint primary key,
    token text not null
);
insert into access_revision (id, token) values (1, 'none');

-- The one-time set-up link, while there is no account; SHA-256 of its token.
create table access_setup (
    id bigint primary key,
    token_hash text not null,
    made_at bigint not null
);

-- The three roles every organisation begins with (PERM-01). Ids: fixed, older than any that is made.
insert into access_role (id, code, name, permissions, built_in, version) values
    ('0000000000e008000000000001', 'system_administrator', '{"zh":"系统管理员","en":"System administrator"}', '["*"]', true, 1),
    ('0000000000e008000000000002', 'department_administrator', '{"zh":"部门管理员","en":"Department administrator"}',
     '["directory.read","directory.manage","access.manage","access.review"]', true, 1),
    ('0000000000e008000000000003', 'employee', '{"zh":"普通用户","en":"Employee"}', '["directory.read"]', true, 1);
insert into access_grant (id, role, subject_kind, scope, reason, valid_from) values
    ('0000000000e008000000000004', '0000000000e008000000000003', 'everyone', 'all', '', 0);
