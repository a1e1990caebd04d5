use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, Error, Id, Result, Scope, Text};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::roles::checked_permissions;
use crate::{
    delegation::{self, Given},
    events::Event,
    model::{Grant, GrantId, Refusal, Role, Subject, What},
    service::Access,
    snapshot, store,
};

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

/// 授权, at a place where the giver may grant, to whom he reaches there, and nothing that he may not do there himself
/// (PERM-03).
pub fn give(tx: &mut Tx, access: &Access, actor: &Actor, intent: Give) -> Result<Grant> {
    let grants = snapshot::grants(tx)?;
    let role = match &intent.what {
        What::Permission(permission) => {
            checked_permissions(access.permissions(), vec![permission.clone()])?;
            None
        }
        What::Role(role) => {
            let known = grants.role(*role).filter(|role| role.ended_at.is_none());
            Some(known.ok_or_else(|| Error::invalid("what", "access.role_unknown"))?)
        }
    };
    let permissions = grants.permissions(&intent.what, access.permissions());
    write(tx, actor, intent, None, &permissions, role)
}

/// 按对象授权: gives a permission over one thing, which belongs to the module that calls. Whoever gives it may do
/// `beside` over all that it is over, and may grant there (PERM-08).
pub fn give_particular(
    tx: &mut Tx,
    actor: &Actor,
    intent: Give,
    about: Text,
    beside: hanlin_kernel::Permission,
) -> Result<Grant> {
    write(tx, actor, intent, Some(about), &[beside.0.to_owned()], None)
}

/// `permissions`: those that the giver needs over all that it is over.
fn write(
    tx: &mut Tx,
    actor: &Actor,
    intent: Give,
    about: Option<Text>,
    permissions: &[String],
    role: Option<&Role>,
) -> Result<Grant> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let Give { what, subject, scope, place, reason, valid_from, valid_to } = intent;
    let valid_from = valid_from.unwrap_or(now);
    if valid_to.is_some_and(|to| to <= valid_from) {
        return Err(Error::invalid("valid_to", "access.ends_before_it_begins"));
    }
    require_known(&directory, subject, place, now)?;
    if matches!(subject, Subject::Person(person) if directory.is_external(person)) {
        return Err(Refusal::ExternalHoldsNothing.into());
    }
    if matches!((scope, place), (Scope::Department | Scope::DepartmentAndBelow, Some(Place::Unit(_)))) {
        return Err(Error::invalid("place", "access.place_no_department"));
    }
    let given = Given { permissions, subject, scope, place };
    delegation::may_give(actor, given, role, &directory, now)?;
    let reason = reason.trim().chars().take(1_000).collect();
    let granted_by = Some(actor.person);
    let id = Id::new();
    let grant = Grant { id, what, about, subject, scope, place, reason, valid_from, valid_to, granted_by };
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
    let given = Given { permissions: &permissions, subject: grant.subject, scope: grant.scope, place: grant.place };
    delegation::may_end(actor, given, &directory, now)?;
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
