//! Each is one unit of work: find for the actor, decide, save, record.

use std::collections::HashMap;

use hanlin_directory::{
    MANAGE, Snapshot,
    model::Validity,
    policy::{Home, may},
};
use hanlin_kernel::{Actor, Error, Id, PersonId, Result, UnitId};
use hanlin_rulebook::{Rules, Source, rules};
use hanlin_store::{Delivered, Tx};
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{
    events::Event,
    model::{Because, Kind, Seat, SeatId},
    rules::{self, Refusal, Standing},
    store,
};

/// Who is to have a seat of a unit, with his post and how he is reached.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameSeat {
    pub kind: Kind,
    pub person: PersonId,
    pub post: String,
    pub contact: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Whose seat he takes over: that one ends when his begins.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub instead_of: Option<SeatId>,
}

/// Names somebody for a unit (ORG-19).
pub fn name(tx: &mut Tx, actor: &Actor, unit: UnitId, intent: NameSeat) -> Result<Seat> {
    manage(actor, unit)?;
    rules::check(&intent.post, &intent.contact)?;
    let rules = rules(tx)?;
    let from = effective(tx, intent.from)?;
    let person = rules.directory.person(intent.person).ok_or(Error::NotFound)?.name.clone();
    if !rules.directory.is_active(intent.person, from) {
        return Err(Refusal::NotInService { person }.into());
    }
    if rules.directory.unit(unit, from).is_none() {
        return Err(Refusal::UnitNotInUse.into());
    }
    let known = store::list_of_kind(tx, unit, intent.kind)?;
    let counting: Vec<Seat> =
        known.iter().filter(|seat| counted(seat, &rules.directory).is_none_or(|end| end > from)).cloned().collect();
    let before = intent.instead_of.map(|id| followed(&known, id)).transpose()?;
    let required = rules.parameter(Some(unit), from, intent.kind.required()).value;
    rules::room(&counting, intent.kind, required, before.as_ref(), from)?;
    let wanted = Validity::since(from);
    if counting.iter().any(|seat| seat.person == intent.person && seat.validity.overlaps(&wanted)) {
        return Err(Refusal::SeatedAlready { person }.into());
    }
    let seat = Seat {
        id: Id::new(),
        unit,
        kind: intent.kind,
        person: intent.person,
        post: intent.post.trim().to_owned(),
        contact: intent.contact.trim().to_owned(),
        validity: wanted,
        instead_of: intent.instead_of,
        registered_by: Some(actor.person),
        registered_at: tx.now(),
        ended_because: None,
    };
    if let Some(before) = &before {
        finish(tx, before, from, Because::Succeeded)?;
    }
    store::insert(tx, &seat, &person)?;
    tx.record(Event::Named { seat: seat.clone() });
    Ok(seat)
}

/// When a seat ends; absent: now.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EndSeat {
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
}

/// Takes somebody off his seat, which is vacant from then on. One that has not begun is withdrawn.
pub fn end(tx: &mut Tx, actor: &Actor, id: SeatId, intent: EndSeat) -> Result<Seat> {
    let seat = store::find(tx, id)?;
    manage(actor, seat.unit)?;
    let at = effective(tx, intent.at)?;
    if seat.validity.to.is_some_and(|to| to <= at) {
        return Err(Refusal::SeatNotInForce.into());
    }
    finish(tx, &seat, at, Because::GivenUp)?;
    Ok(seat)
}

/// Who leaves the organisation vacates his seats in the instant in which he leaves.
pub(crate) fn leave_with_holder(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let (person, at): (PersonId, Timestamp) = (told(delivered, "person")?, told(delivered, "at")?);
    for seat in store::list_of_person(tx, person, at)? {
        finish(tx, &seat, at, Because::Left)?;
    }
    Ok(())
}

/// A unit that is deregistered has no seats from then on.
pub(crate) fn close_with_unit(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let (unit, at): (UnitId, Timestamp) = (told(delivered, "unit")?, told(delivered, "at")?);
    for seat in store::list_of_unit(tx, unit)?.into_iter().filter(|seat| seat.validity.to.is_none_or(|to| to > at)) {
        finish(tx, &seat, at, Because::UnitClosed)?;
    }
    Ok(())
}

fn finish(tx: &mut Tx, seat: &Seat, at: Timestamp, because: Because) -> Result<()> {
    store::end(tx, seat, at, because)?;
    tx.record(Event::Ended { unit: seat.unit, seat: seat.id, at, because });
    Ok(())
}

/// The seats that a person has then, for those who look at what hangs on his leaving.
pub fn held_by(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<Vec<Seat>> {
    let held = store::list_of_person(tx, person, at)?;
    Ok(held.into_iter().filter(|seat| seat.validity.covers(at)).collect())
}

/// How one unit stands with one kind of seat, and who has them.
#[derive(Clone, Debug)]
pub struct OfKind {
    pub kind: Kind,
    pub standing: Standing,
    /// The clause that says how many; absent: none does, the product's own number holds.
    pub source: Option<Source>,
    /// Those in force, the oldest first.
    pub seats: Vec<Seat>,
}

/// How these units stand, kind by kind.
pub fn standings(tx: &mut Tx, rules: &Rules, units: &[UnitId], at: Timestamp) -> Result<HashMap<UnitId, Vec<OfKind>>> {
    let mut by_unit: HashMap<UnitId, Vec<Seat>> = HashMap::new();
    for seat in store::list_all(tx)? {
        by_unit.entry(seat.unit).or_default().push(seat);
    }
    let of = |unit: &UnitId| (*unit, stand(by_unit.get(unit).map_or(&[], Vec::as_slice), rules, *unit, at));
    Ok(units.iter().map(of).collect())
}

/// The same for one unit, with all seats it ever gave.
pub fn standings_ever(tx: &mut Tx, rules: &Rules, unit: UnitId, at: Timestamp) -> Result<(Vec<OfKind>, Vec<Seat>)> {
    let ever = store::list_of_unit(tx, unit)?;
    Ok((stand(&ever, rules, unit, at), ever))
}

fn stand(ever: &[Seat], rules: &Rules, unit: UnitId, at: Timestamp) -> Vec<OfKind> {
    let directory = &rules.directory;
    let begin = directory.in_use_since(unit, at).unwrap_or(at);
    let of_kind = |kind: Kind| {
        let ever: Vec<&Seat> = ever.iter().filter(|seat| seat.kind == kind).collect();
        let period = |seat: &&Seat| Validity { from: seat.validity.from, to: counted(seat, directory) };
        let held: Vec<Validity> = ever.iter().map(period).collect();
        let found = rules.parameter(Some(unit), at, kind.required());
        let seats = ever.iter().zip(&held).filter(|(_, held)| held.covers(at)).map(|(seat, _)| (*seat).clone());
        OfKind {
            kind,
            standing: rules::standing(found.value, &held, begin, at),
            source: found.source,
            seats: seats.collect(),
        }
    };
    Kind::ALL.into_iter().map(of_kind).collect()
}

/// Until when a seat counts: until it ends, or its holder's service does. News of a departure may not have come yet.
pub(crate) fn counted(seat: &Seat, directory: &Snapshot) -> Option<Timestamp> {
    let mut until = seat.validity.from;
    while let Some(service) = directory.service(seat.person, until) {
        match service.validity.to {
            None => return seat.validity.to,
            Some(to) if seat.validity.to.is_some_and(|end| end <= to) => return seat.validity.to,
            Some(to) => until = to,
        }
    }
    Some(until)
}

/// The units whose seats the actor keeps, in the order of the tree.
pub(crate) fn units_for(actor: &Actor, directory: &Snapshot, at: Timestamp) -> Vec<UnitId> {
    let roots = directory.roots(at).into_iter().map(|unit| unit.id);
    let units = roots.flat_map(|root| directory.units_and_below(root, at));
    // An external organisation is no using unit: it names nobody.
    let units = units.filter(|unit| !directory.is_external_place(hanlin_directory::model::Place::Unit(*unit)));
    units.filter(|unit| actor.reaches(MANAGE, *unit)).collect()
}

/// The unit is the actor's to keep. What he may see and not keep is forbidden; what he may not see is not there.
pub(crate) fn manage(actor: &Actor, unit: UnitId) -> Result<()> {
    let can = may(actor, Home::unit(unit));
    can.require("read", Error::NotFound)?;
    can.require("manage", Error::forbidden(MANAGE))
}

fn followed(known: &[Seat], id: SeatId) -> Result<Seat> {
    Ok(known.iter().find(|seat| seat.id == id).cloned().ok_or(Refusal::AnotherSeat)?)
}

/// To the millisecond, which is what is stored.
fn effective(tx: &Tx, wanted: Option<Timestamp>) -> Result<Timestamp> {
    let wanted = wanted.unwrap_or_else(|| tx.now());
    Timestamp::from_millisecond(wanted.as_millisecond()).map_err(|error| Error::internal(error.to_string()))
}

fn told<T: DeserializeOwned>(delivered: &Delivered, field: &str) -> Result<T> {
    let value = delivered.payload[field].clone();
    serde_json::from_value(value).map_err(|error| Error::internal(format!("{}: {field}: {error}", delivered.kind)))
}
