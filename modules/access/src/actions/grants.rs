use std::collections::BTreeSet;

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, Error, FieldError, Id, Result, Scope, Scopes, Text};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    events::Event,
    model::{Grant, GrantId, Refusal, Role, RoleId, Subject, What},
    policy::{self, GRANT},
    resolve,
    service::Access,
    snapshot, store,
};

/// A role that is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = RoleRequest)]
pub struct AddRole {
    /// Names it in files; the same for ever: a letter, then letters, digits, `_` or `-`.
    pub code: String,
    pub name: Text,
    pub permissions: Vec<String>,
}

pub fn add_role(tx: &mut Tx, access: &Access, actor: &Actor, intent: AddRole) -> Result<Role> {
    policy::require_roles(actor)?;
    let AddRole { code, name, permissions } = intent;
    let code = code.trim().to_owned();
    let legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if !code.starts_with(|first: char| first.is_ascii_alphabetic()) || !code.chars().all(legal) || code.len() > 60 {
        return Err(Error::invalid("code", "access.role_code_malformed"));
    }
    let permissions = checked_permissions(access.permissions(), permissions)?;
    let role = Role { id: Id::new(), code, name: checked_name(name)?, permissions, built_in: false, version: 1 };
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
    policy::require_roles(actor)?;
    let old = store::find_role(tx, id)?;
    if old.version != version {
        return Err(Error::Stale);
    }
    if id == Role::SYSTEM_ADMINISTRATOR {
        return Err(Refusal::BuiltIn.into());
    }
    let permissions = checked_permissions(access.permissions(), intent.permissions)?;
    let role = Role { name: checked_name(intent.name)?, permissions, version: version + 1, ..old.clone() };
    store::update_role(tx, &role)?;
    tx.record(Event::RoleChanged { role: id, old, new: role.clone() });
    Ok(role)
}

/// A right that is to be given.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = GrantRequest)]
pub struct Give {
    pub what: What,
    pub subject: Subject,
    pub scope: Scope,
    /// Where the scope is measured from; absent: from where the holder is appointed.
    pub place: Option<Place>,
    /// Why he needs it.
    #[serde(default)]
    pub reason: String,
    /// Absent: from now on.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_from: Option<Timestamp>,
    /// Absent: until it is withdrawn.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_to: Option<Timestamp>,
}

/// 授权. Who may not grant everywhere grants at places in his reach, and nothing that he may not do there himself.
pub fn give(tx: &mut Tx, access: &Access, actor: &Actor, intent: Give) -> Result<Grant> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let Give { what, subject, scope, place, reason, valid_from, valid_to } = intent;
    let valid_from = valid_from.unwrap_or(now);
    if valid_to.is_some_and(|to| to <= valid_from) {
        return Err(Error::invalid("valid_to", "access.ends_before_it_begins"));
    }
    require_known(&directory, subject, place, now)?;
    let grants = snapshot::grants(tx)?;
    let permissions = match &what {
        What::Permission(permission) => checked_permissions(access.permissions(), vec![permission.clone()])?,
        What::Role(role) if grants.role(*role).is_none() => return Err(Error::invalid("what", "access.role_unknown")),
        role => grants.permissions(role, access.permissions()),
    };
    within_reach(actor, &permissions, scope, place, &directory, now)?;
    let reason = reason.trim().chars().take(1_000).collect();
    let granted_by = Some(actor.person);
    let grant = Grant { id: Id::new(), what, subject, scope, place, reason, valid_from, valid_to, granted_by };
    store::insert_grant(tx, &grant)?;
    tx.record(Event::Granted { grant: grant.id, new: grant.clone() });
    Ok(grant)
}

/// Withdraws a right, from now on.
pub fn end_grant(tx: &mut Tx, access: &Access, actor: &Actor, id: GrantId) -> Result<()> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let grant = store::find_grant(tx, id)?;
    if grant.valid_to.is_some_and(|to| to <= now) {
        return Err(Error::NotFound);
    }
    let grants = snapshot::grants(tx)?;
    let permissions = grants.permissions(&grant.what, access.permissions());
    within_reach(actor, &permissions, grant.scope, grant.place, &directory, now)?;
    let keeps = |other: &&Grant| {
        other.id != id
            && other.what == What::Role(Role::SYSTEM_ADMINISTRATOR)
            && other.scope == Scope::All
            && other.covers(now)
            && other.valid_to.is_none()
            && matches!(other.subject, Subject::Person(person) if directory.is_active(person, now))
    };
    if grant.what == What::Role(Role::SYSTEM_ADMINISTRATOR) && grants.all().find(keeps).is_none() {
        return Err(Refusal::LastAdministrator.into());
    }
    store::end_grant(tx, id, now)?;
    tx.record(Event::GrantEnded { grant: id, old: grant, at: now });
    Ok(())
}

/// May he give this over that? Over everything, who may grant everywhere; else what he may himself, where he may.
fn within_reach(
    actor: &Actor,
    permissions: &[String],
    scope: Scope,
    place: Option<Place>,
    directory: &Snapshot,
    at: Timestamp,
) -> Result<()> {
    if actor.reaches_all(GRANT) {
        return Ok(());
    }
    // Measured from wherever the holder may be some day, a scope could be anything.
    let Some(place) = place.filter(|_| scope != Scope::All) else { return Err(Error::forbidden(GRANT)) };
    let given = resolve::scopes(scope, place, at, directory);
    let may = |permission: &str| {
        let own = actor.grants.iter().find(|grant| grant.permission == permission).map(|grant| &grant.scopes);
        own.is_some_and(|own: &Scopes| resolve::covers(own, &given, at, directory))
    };
    if !may(GRANT.0) {
        return Err(Error::forbidden(GRANT));
    }
    match permissions.iter().find(|permission| !may(permission)) {
        None => Ok(()),
        Some(permission) => Err(Refusal::MoreThanYourself { permission: permission.clone() }.into()),
    }
}

fn require_known(directory: &Snapshot, subject: Subject, place: Option<Place>, at: Timestamp) -> Result<()> {
    let known = match subject {
        Subject::Person(person) => directory.person(person).is_some(),
        Subject::Group(group) => directory.group(group).is_some(),
        Subject::Post(post) => directory.post(post).is_some(),
        Subject::Everyone => true,
    };
    if !known {
        return Err(Error::invalid("subject", "access.subject_unknown"));
    }
    if place.is_some_and(|place| directory.ancestors(place, at).is_empty()) {
        return Err(Error::invalid("place", "access.place_unknown"));
    }
    Ok(())
}

fn checked_permissions(known: &BTreeSet<String>, mut permissions: Vec<String>) -> Result<Vec<String>> {
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
