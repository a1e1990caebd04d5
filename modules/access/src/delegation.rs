//! 统一部署, 分级管理 (PERM-03): who may give what to whom, and who may define which role. Pure.
//!
//! Three things hold for everybody, the system administrator too, who simply has everything: what is given lies where
//! the giver may grant; whoever gets it is there too; and nobody gives, takes away or puts into a role what he may not
//! do there himself.

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, Can, Error, Result, Scope, Scopes};
use jiff::Timestamp;

use crate::{
    model::{Refusal, Role, Subject, is_particular},
    policy::{self, GRANT},
    resolve,
};

/// A right, as it is given or withdrawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    pub permissions: &'a [String],
    pub subject: Subject,
    pub scope: Scope,
    pub place: Option<Place>,
}

/// May he give this? `role`: what it is given as, if it is a role.
pub(crate) fn may_give(
    actor: &Actor,
    given: Given<'_>,
    role: Option<&Role>,
    directory: &Snapshot,
    at: Timestamp,
) -> Result<()> {
    let over = over(given.scope, given.place, directory, at);
    require_grant(actor, &over, given.place, directory, at)?;
    if !reaches_subject(actor, given.subject, directory, at) {
        return Err(Refusal::RecipientOutOfReach.into());
    }
    if let Some(place) = role.and_then(|role| role.place) {
        let within = below(place, directory, at);
        if !resolve::covers(&within, &over, at, directory) {
            return Err(Refusal::RoleOfElsewhere.into());
        }
    }
    nothing_beyond(actor, given.permissions, &over, directory, at)
}

/// May he withdraw this?
pub(crate) fn may_end(actor: &Actor, given: Given<'_>, directory: &Snapshot, at: Timestamp) -> Result<()> {
    let over = over(given.scope, given.place, directory, at);
    require_grant(actor, &over, given.place, directory, at)?;
    // What is over somebody's own things lies where he is.
    if given.scope == Scope::Own && !reaches_subject(actor, given.subject, directory, at) {
        return Err(Error::forbidden(GRANT));
    }
    nothing_beyond(actor, given.permissions, &over, directory, at)
}

/// May he define a role of this place, or change these permissions of it? Without a place it is one of the whole
/// installation.
pub(crate) fn may_define(
    actor: &Actor,
    place: Option<Place>,
    touched: &[String],
    directory: &Snapshot,
    at: Timestamp,
) -> Result<()> {
    let over = place.map_or_else(Scopes::everything, |place| below(place, directory, at));
    require_grant(actor, &over, place, directory, at)?;
    nothing_beyond(actor, touched, &over, directory, at)
}

/// What he may do with a role that stands.
pub(crate) fn may_role(actor: &Actor, role: &Role, directory: &Snapshot, at: Timestamp) -> Can {
    let defines = may_define(actor, role.place, &[], directory, at).is_ok();
    Can::none()
        .when("change", defines && role.id != Role::SYSTEM_ADMINISTRATOR)
        .when("end", defines && !role.built_in && role.ended_at.is_none())
}

/// May he use this role at all: is it one of the whole installation, or of a place that his reach touches?
pub(crate) fn may_see_role(actor: &Actor, role: &Role, directory: &Snapshot, at: Timestamp) -> bool {
    let Some(place) = role.place.filter(|_| !actor.reaches_all(GRANT)) else { return true };
    let mine = actor.scope_of(GRANT);
    let units = mine.units.into_iter().map(Place::Unit);
    let departments = mine.departments.into_iter().map(Place::Department);
    policy::reaches_place(actor, GRANT, place, directory, at)
        || units.chain(departments).any(|own| directory.lies_in(own, place, at))
}

/// Is whoever gets it in his reach? Everybody is in the reach only of one who may grant everywhere.
pub(crate) fn reaches_subject(actor: &Actor, subject: Subject, directory: &Snapshot, at: Timestamp) -> bool {
    let reaches = |unit| actor.reaches(GRANT, unit);
    actor.reaches_all(GRANT)
        || match subject {
            Subject::Person(person) => policy::in_reach(actor, GRANT, person, directory, at),
            Subject::Group(group) => directory.group(group).is_some_and(|group| reaches(group.unit)),
            Subject::Post(post) => directory.post(post).is_some_and(|post| reaches(post.unit)),
            Subject::Everyone => false,
        }
}

/// What a right is over, at most. Measured from wherever its holder may be appointed some day, it could be anything.
fn over(scope: Scope, place: Option<Place>, directory: &Snapshot, at: Timestamp) -> Scopes {
    match (scope, place) {
        (Scope::Own, _) => Scopes { own: true, ..Scopes::default() },
        (Scope::All, _) | (_, None) => Scopes::everything(),
        (scope, Some(place)) => resolve::scopes(scope, place, at, directory),
    }
}

pub(crate) fn below(place: Place, directory: &Snapshot, at: Timestamp) -> Scopes {
    let scope = match place {
        Place::Unit(_) => Scope::UnitAndBelow,
        Place::Department(_) => Scope::DepartmentAndBelow,
    };
    resolve::scopes(scope, place, at, directory)
}

fn require_grant(
    actor: &Actor,
    over: &Scopes,
    place: Option<Place>,
    directory: &Snapshot,
    at: Timestamp,
) -> Result<()> {
    let there = place.is_none_or(|place| policy::reaches_place(actor, GRANT, place, directory, at));
    if actor.holds(GRANT) && there && resolve::covers(&actor.scope_of(GRANT), over, at, directory) {
        Ok(())
    } else {
        Err(Error::forbidden(GRANT))
    }
}

fn nothing_beyond(
    actor: &Actor,
    permissions: &[String],
    over: &Scopes,
    directory: &Snapshot,
    at: Timestamp,
) -> Result<()> {
    let may = |permission: &str| {
        let mut own = actor.grants.iter().filter(|grant| grant.permission == permission);
        own.any(|own| resolve::covers(&own.scopes, over, at, directory))
    };
    // What is particular is given by its module, which asked for more than this; who may grant here withdraws it.
    match permissions.iter().filter(|permission| !is_particular(permission)).find(|permission| !may(permission)) {
        None => Ok(()),
        Some(permission) => Err(Refusal::MoreThanYourself { permission: permission.clone() }.into()),
    }
}
