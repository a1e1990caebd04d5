//! The gallery: what somebody may start.

use hanlin_kernel::{Actor, Error, PersonId, Result};
use hanlin_store::Tx;

use super::start;
use crate::{
    agency::Hats,
    engine,
    flows::{self, FlowCard, FlowId},
};

/// What he may start under any of his appointments (PERM-11).
pub(crate) fn list(tx: &mut Tx, actor: &Actor) -> Result<Vec<FlowCard>> {
    let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    let principal = actor.principal();
    let mut worlds = Vec::new();
    for appointment in directory.appointments(principal, at) {
        let initiator = super::initiator_of(&directory, principal, Some(appointment.id), at);
        if let Some(unit) = initiator.unit {
            worlds.push((start::world_in(tx, Some(unit), unit)?, directory.units_upwards(unit, at), initiator));
        }
    }
    let mut cards = Vec::new();
    for (card, version, unit) in flows::list_published(tx)? {
        let flow = flows::running(tx, version)?;
        let startable = worlds.iter().any(|(world, upwards, initiator)| {
            upwards.contains(&unit) && engine::may_start(flow.flow(), initiator, world)
        });
        if startable {
            cards.push(card);
        }
    }
    Ok(cards)
}

/// The same for one whose agent he is: what that one may start, as far as the agency goes.
pub(crate) fn list_for(tx: &mut Tx, actor: &Actor, of: Option<PersonId>) -> Result<Vec<FlowCard>> {
    let Some(principal) = of.filter(|principal| *principal != actor.principal()) else { return list(tx, actor) };
    let hats = Hats::of(tx, actor)?;
    let mut cards = list(tx, &Actor::person(principal))?;
    cards.retain(|card| hats.starts(principal, card.id));
    Ok(cards)
}

/// One that he may start; any other is not there.
pub(crate) fn card(tx: &mut Tx, actor: &Actor, id: FlowId) -> Result<FlowCard> {
    list(tx, actor)?.into_iter().find(|card| card.id == id).ok_or(Error::NotFound)
}
