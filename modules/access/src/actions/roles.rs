use std::collections::BTreeSet;

use hanlin_directory::model::Place;
use hanlin_kernel::{Actor, Error, FieldError, Id, Result, Text};
use hanlin_store::Tx;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    delegation,
    events::Event,
    model::{Refusal, Role, RoleId},
    service::Access,
    store,
};

/// A role that is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = RoleRequest)]
pub struct AddRole {
    /// Names it in files; the same for ever: a letter, then letters, digits, `_` or `-`.
    pub code: String,
    pub name: Text,
    pub permissions: Vec<String>,
    /// Whose role it is: its administrators define it, and it is given only there. Absent: of the whole installation.
    #[serde(default)]
    pub place: Option<Place>,
}

/// Defines a role, of permissions that its author has himself where the role belongs.
pub fn add_role(tx: &mut Tx, access: &Access, actor: &Actor, intent: AddRole) -> Result<Role> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let AddRole { code, name, permissions, place } = intent;
    let code = code.trim().to_owned();
    let legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if !code.starts_with(|first: char| first.is_ascii_alphabetic()) || !code.chars().all(legal) || code.len() > 60 {
        return Err(Error::invalid("code", "access.role_code_malformed"));
    }
    let permissions = checked_permissions(access.permissions(), permissions)?;
    if place.is_some_and(|place| directory.ancestors(place, now).is_empty()) {
        return Err(Error::invalid("place", "access.place_unknown"));
    }
    delegation::may_define(actor, place, &permissions, &directory, now)?;
    let name = checked_name(name)?;
    let role = Role { id: Id::new(), code, name, permissions, built_in: false, place, ended_at: None, version: 1 };
    store::insert_role(tx, &role)?;
    tx.record(Event::RoleAdded { role: role.id, new: role.clone() });
    Ok(role)
}

/// What a role is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = RolePatch)]
pub struct ChangeRole {
    pub name: Text,
    pub permissions: Vec<String>,
}

/// Changes a role, for everybody who has it. The system administrator can always do everything.
pub fn change_role(
    tx: &mut Tx,
    access: &Access,
    actor: &Actor,
    id: RoleId,
    version: u64,
    intent: ChangeRole,
) -> Result<Role> {
    let old = find_role_for(tx, actor, id, version)?;
    if id == Role::SYSTEM_ADMINISTRATOR {
        return Err(Refusal::BuiltIn.into());
    }
    let permissions = checked_permissions(access.permissions(), intent.permissions)?;
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let touched = changed(&old.permissions, &permissions, access.permissions());
    delegation::may_define(actor, old.place, &touched, &directory, now)?;
    let role = Role { name: checked_name(intent.name)?, permissions, version: version + 1, ..old.clone() };
    store::update_role(tx, &role)?;
    tx.record(Event::RoleChanged { role: id, old, new: role.clone() });
    Ok(role)
}

/// Ends a role that nobody has. It stays, for questions about the past.
pub fn end_role(tx: &mut Tx, actor: &Actor, id: RoleId, version: u64) -> Result<Role> {
    let old = find_role_for(tx, actor, id, version)?;
    if old.built_in {
        return Err(Refusal::BuiltIn.into());
    }
    if store::is_role_given(tx, id)? {
        return Err(Refusal::RoleInUse.into());
    }
    let role = Role { ended_at: Some(tx.now()), version: version + 1, ..old.clone() };
    store::update_role(tx, &role)?;
    tx.record(Event::RoleEnded { role: id, old });
    Ok(role)
}

/// A role that stands, in the version that was read, if the actor may define it.
fn find_role_for(tx: &mut Tx, actor: &Actor, id: RoleId, version: u64) -> Result<Role> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let role = store::find_role(tx, id)?;
    if role.ended_at.is_some() || !delegation::may_see_role(actor, &role, &directory, now) {
        return Err(Error::NotFound);
    }
    delegation::may_define(actor, role.place, &[], &directory, now)?;
    if role.version == version { Ok(role) } else { Err(Error::Stale) }
}

/// What one list of permissions has and the other has not. What no module has any more goes without asking.
fn changed(old: &[String], new: &[String], known: &BTreeSet<String>) -> Vec<String> {
    let gone = old.iter().filter(|permission| !new.contains(permission));
    let come = new.iter().filter(|permission| !old.contains(permission));
    gone.chain(come).filter(|permission| known.contains(*permission)).cloned().collect()
}

pub(super) fn checked_permissions(known: &BTreeSet<String>, mut permissions: Vec<String>) -> Result<Vec<String>> {
    permissions.sort();
    permissions.dedup();
    match permissions.iter().find(|permission| !known.contains(*permission)) {
        Some(unknown) => Err(Error::Invalid(vec![
            FieldError::new("permissions", "access.permission_unknown").with("permission", unknown.clone()),
        ])),
        None if permissions.is_empty() => Err(Error::invalid("permissions", "access.permissions_missing")),
        None => Ok(permissions),
    }
}

fn checked_name(name: Text) -> Result<Text> {
    match name.zh.trim().chars().count() {
        1..=100 => Ok(name),
        _ => Err(Error::invalid("name", "access.name_malformed")),
    }
}
