//! Who may do what to accounts, roles and grants.

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, Can, Permission, PersonId};
use jiff::Timestamp;

/// To open, lock, unlock and reset the accounts of people in reach.
pub const MANAGE: Permission = Permission("access.manage");
/// To define roles, and to give and withdraw rights.
pub const GRANT: Permission = Permission("access.grant");
/// To review the log of sign-ins, and what people in reach may do.
pub const REVIEW: Permission = Permission("access.review");

/// Is this place in the reach of this permission?
pub(crate) fn reaches_place(
    actor: &Actor,
    permission: Permission,
    place: Place,
    directory: &Snapshot,
    at: Timestamp,
) -> bool {
    actor.reaches_all(permission)
        || match (directory.unit_of(place, at), place.department()) {
            (Some(unit), Some(department)) => actor.reaches_department(permission, unit, department),
            (Some(unit), None) => actor.reaches(permission, unit),
            (None, _) => false,
        }
}

/// Is one of the person's appointments in the reach of this permission?
pub(crate) fn in_reach(
    actor: &Actor,
    permission: Permission,
    person: PersonId,
    directory: &Snapshot,
    at: Timestamp,
) -> bool {
    let reached = |place| reaches_place(actor, permission, place, directory, at);
    actor.reaches_all(permission) || directory.appointments(person, at).iter().any(|held| reached(held.place))
}

/// What the actor may do with the account of a person. His own he manages by changing his password, not here.
pub(crate) fn may_account(actor: &Actor, person: PersonId, locked: bool, directory: &Snapshot, at: Timestamp) -> Can {
    let manages = in_reach(actor, MANAGE, person, directory, at);
    let other = manages && actor.person != person;
    Can::none()
        .when("read", manages)
        .when("reset", other)
        .when("change", other)
        .when("lock", other && !locked)
        .when("unlock", other)
}

/// May he see what this person may do (PERM-17)?
pub(crate) fn may_review(actor: &Actor, person: PersonId, directory: &Snapshot, at: Timestamp) -> bool {
    actor.person == person || in_reach(actor, REVIEW, person, directory, at)
}
