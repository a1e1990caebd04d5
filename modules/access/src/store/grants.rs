use hanlin_directory::model::Place;
use hanlin_kernel::{Error, Result};
use hanlin_store::{Json, OnConstraint, Tx, params};
use jiff::Timestamp;

use crate::{
    model::{Grant, GrantId, Refusal, Role, RoleId, What, scope_word},
    snapshot::Grants,
};

const ROLE: &str = "select id, code, name, permissions, built_in, unit, department, ended_at, version from access_role";
const GRANT: &str = "select id, role, permission, about, subject_kind, subject, scope, unit, department, reason, valid_from, \
                     valid_to, granted_by from access_grant";

pub(crate) fn list_roles(tx: &mut Tx) -> Result<Vec<Role>> {
    tx.all(&format!("{ROLE} order by id"), &[])
}

pub(crate) fn find_role(tx: &mut Tx, id: RoleId) -> Result<Role> {
    tx.one(&format!("{ROLE} where id = $1"), params![id])
}

pub(crate) fn insert_role(tx: &mut Tx, role: &Role) -> Result<()> {
    let Role { id, code, name, permissions, built_in, place, version, .. } = role;
    let (unit, department) = (place.and_then(Place::unit), place.and_then(Place::department));
    tx.exec(
        "insert into access_role (id, code, name, permissions, built_in, unit, department, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, code, Json(name), Json(permissions), built_in, unit, department, version],
    )
    .on_unique("access_role_code", || Refusal::RoleCodeTaken { code_taken: code.clone() }.into())?;
    touch(tx)
}

pub(crate) fn update_role(tx: &mut Tx, role: &Role) -> Result<()> {
    let Role { id, name, permissions, ended_at, version, .. } = role;
    tx.exec(
        "update access_role set name = $2, permissions = $3, ended_at = $4, version = $5 where id = $1",
        params![id, Json(name), Json(permissions), ended_at, version],
    )?;
    touch(tx)
}

/// Does anybody have the role, or will he?
pub(crate) fn is_role_given(tx: &mut Tx, role: RoleId) -> Result<bool> {
    let now = tx.now();
    let sql = "select id from access_grant where role = $1 and (valid_to is null or valid_to > $2) limit 1";
    Ok(tx.maybe_scalar::<String>(sql, params![role, now])?.is_some())
}

/// Grants that hold now or will.
pub(crate) fn list_grants_in_force(tx: &mut Tx) -> Result<Vec<Grant>> {
    let now = tx.now();
    tx.all(&format!("{GRANT} where valid_to is null or valid_to > $1 order by id"), params![now])
}

pub(crate) fn find_grant(tx: &mut Tx, id: GrantId) -> Result<Grant> {
    tx.one(&format!("{GRANT} where id = $1"), params![id])
}

pub(crate) fn insert_grant(tx: &mut Tx, grant: &Grant) -> Result<()> {
    let (role, permission) = match &grant.what {
        What::Role(role) => (Some(*role), None),
        What::Permission(permission) => (None, Some(permission.clone())),
    };
    let unit = grant.place.and_then(Place::unit);
    let department = grant.place.and_then(Place::department);
    tx.exec(
        "insert into access_grant (id, role, permission, subject_kind, subject, scope, unit, department, reason, \
         valid_from, valid_to, granted_by, about) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            grant.id,
            role,
            permission,
            grant.subject.kind(),
            grant.subject.id(),
            scope_word(grant.scope),
            unit,
            department,
            grant.reason,
            grant.valid_from,
            grant.valid_to,
            grant.granted_by,
            grant.about.as_ref().map(Json)
        ],
    )
    .on_foreign_key(|| Error::invalid("what", "access.grant_names_nothing"))?;
    touch(tx)
}

/// Ends a grant. It stays, for questions about the past.
pub(crate) fn end_grant(tx: &mut Tx, id: GrantId, at: Timestamp) -> Result<()> {
    tx.exec(
        "update access_grant set valid_to = case when valid_from > $2 then valid_from else $2 end where id = $1",
        params![id, at],
    )?;
    touch(tx)
}

pub(super) fn touch(tx: &mut Tx) -> Result<()> {
    tx.changed::<Grants>()
}
