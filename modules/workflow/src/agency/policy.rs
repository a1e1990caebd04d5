//! Who names an agent, and who ends that. Pure.

use hanlin_directory::Snapshot;
use hanlin_kernel::{Actor, Can, PersonId};
use jiff::Timestamp;

use super::model::{Agency, Standing};
use crate::MANAGE;

/// Does he administer the flows where this person belongs?
pub(crate) fn administers(actor: &Actor, person: PersonId, directory: &Snapshot, at: Timestamp) -> bool {
    let main = directory.main_appointment(person, at);
    let unit = main.and_then(|held| directory.unit_of(held.place, at));
    actor.reaches_all(MANAGE) || unit.is_some_and(|unit| actor.reaches(MANAGE, unit))
}

/// Whoever it is about reads it; the principal ends it, or who administers the flows where he belongs.
pub(crate) fn may(actor: &Actor, agency: &Agency, directory: &Snapshot, at: Timestamp) -> Can {
    // For his department's account nobody names an agent: its people act for it anyway.
    let own = actor.on_behalf_of.is_none() && agency.principal == actor.person;
    let concerned = own || actor.on_behalf_of.is_none() && agency.agent == actor.person;
    let administers = administers(actor, agency.principal, directory, at);
    Can::none()
        .when("read", concerned || administers)
        .when("end", (own || administers) && agency.standing(at) != Standing::Over)
}
