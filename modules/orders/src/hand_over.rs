//! 交接: all that waits at a person, given to another in one action (ORG-13).

use hanlin_directory::{PersonName, model::Place};
use hanlin_kernel::{Actor, Error, PersonId, Result};
use hanlin_store::Tx;
use hanlin_workflow::{HandOverAll, Held};

use crate::{events::Event, policy::HAND_OVER, rules::Refusal};

/// What is at a person, for those who may hand it over.
pub(crate) fn held_for(tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<(PersonName, Held)> {
    reach(tx, actor, person)?;
    let name = PersonName::of(person, &*hanlin_directory::snapshot(tx)?);
    Ok((name, hanlin_workflow::held_by(tx, person)?))
}

/// Gives every task to the successor; what cannot be his stays and is told.
pub(crate) fn hand_over(
    tx: &mut Tx,
    actor: &Actor,
    person: PersonId,
    successor: PersonId,
    reason: &str,
) -> Result<HandOverAll> {
    reach(tx, actor, person)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "orders.reason_missing"));
    }
    give(tx, actor, person, successor, reason)
}

/// The same without asking who asks: a leave that was ordered takes its tasks along.
pub(crate) fn give(
    tx: &mut Tx,
    actor: &Actor,
    person: PersonId,
    successor: PersonId,
    reason: &str,
) -> Result<HandOverAll> {
    let (snapshot, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    if person == successor || !snapshot.is_active(successor, at) {
        return Err(Refusal::NoSuccessor.into());
    }
    let came = hanlin_workflow::hand_over_all(tx, actor, person, successor, reason)?;
    let (tasks, left) = (came.handed_over, came.left.len() as u64);
    tx.record(Event::HandedOver { person, successor, tasks, left, reason: reason.to_owned() });
    Ok(came)
}

/// In reach is whose appointment, present or last, lies in reach. Who is not does not exist.
fn reach(tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<()> {
    let (snapshot, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    let mut places: Vec<Place> = snapshot.appointments(person, at).into_iter().map(|held| held.place).collect();
    if places.is_empty() {
        let last = snapshot.all_appointments(person).into_iter().max_by_key(|held| held.validity.to);
        places.extend(last.map(|held| held.place));
    }
    let reached = places.into_iter().any(|place| match place {
        Place::Unit(unit) => actor.reaches(HAND_OVER, unit),
        Place::Department(id) => snapshot
            .last_department(id)
            .is_some_and(|department| actor.reaches_department(HAND_OVER, department.unit, id)),
    });
    if reached || (actor.reaches_all(HAND_OVER) && snapshot.person(person).is_some()) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}
