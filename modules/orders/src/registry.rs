//! 使用单位登记: every unit with its state, its names, and by which order it came to them (ORG-18).

use std::collections::HashMap;

use hanlin_directory::{
    PersonName, Snapshot,
    model::{Dated, Place, Unit, UnitKind},
};
use hanlin_kernel::{Actor, Result, Text, UnitId};
use hanlin_seats::UnitSeats;
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    model::{Act, OrderId},
    policy::{ISSUE, READ, VERIFY},
    store::{self, UnitAct},
};

/// A unit of the register.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct UnitEntry {
    id: UnitId,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    kind: UnitKind,
    name: Text,
    /// The unit that it lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<UnitId>,
    state: UnitState,
    /// Since when it has been known; with the order, where one registered it.
    registered: Registration,
    /// What it was called before, the newest first.
    former_names: Vec<FormerName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<Registration>,
    /// Its seats, for those who keep them; a closed unit has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    seats: Option<UnitSeats>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnitState {
    InUse,
    /// Registered for a later time.
    ToCome,
    Closed,
}

/// When, and by which order; without one it was entered directly, by an import or before there were orders.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = UnitRegistration)]
pub(crate) struct Registration {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<OrderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_by: Option<PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_by: Option<PersonName>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct FormerName {
    name: Text,
    /// Until when, and what ended it.
    until: Registration,
}

/// The units in reach, those in use first, in the order of their names.
pub(crate) fn entries_for(tx: &mut Tx, actor: &Actor) -> Result<Vec<UnitEntry>> {
    let (rules, at) = (hanlin_rulebook::rules(tx)?, tx.now());
    let directory = &rules.directory;
    let mut acts: HashMap<UnitId, Vec<UnitAct>> = HashMap::new();
    for act in store::list_acts(tx)? {
        acts.entry(act.unit).or_default().push(act);
    }
    let units: Vec<UnitId> = directory.all_units().filter(|unit| reaches(actor, *unit, directory)).collect();
    let kept: Vec<UnitId> =
        units.iter().copied().filter(|unit| actor.reaches(hanlin_directory::MANAGE, *unit)).collect();
    // An external organisation has no seats to fill.
    let has_seats =
        |unit: &UnitId| directory.unit(*unit, at).is_some() && !directory.is_external_place(Place::Unit(*unit));
    let kept: Vec<UnitId> = kept.into_iter().filter(has_seats).collect();
    let shown = hanlin_seats::seats_of(tx, actor, &rules, &kept)?;
    let mut seats: HashMap<UnitId, UnitSeats> = kept.into_iter().zip(shown).collect();
    let entry = |unit: &UnitId| {
        let acts = acts.get(unit).map_or(&[][..], Vec::as_slice);
        entry(directory.unit_periods(*unit), acts, directory, at)
    };
    let mut entries: Vec<UnitEntry> = units.iter().filter_map(entry).collect();
    for entry in &mut entries {
        entry.seats = seats.remove(&entry.id);
    }
    let order = |entry: &UnitEntry| (entry.state == UnitState::Closed, entry.name.zh.clone(), entry.id);
    entries.sort_by_key(order);
    Ok(entries)
}

/// A unit that is closed lies in nobody's scope any more: it is shown to those who reach what it lay in last.
fn reaches(actor: &Actor, unit: UnitId, directory: &Snapshot) -> bool {
    let above = directory.last_unit(unit).and_then(|last| last.parent);
    let reached = |unit: UnitId| [READ, ISSUE, VERIFY].into_iter().any(|permission| actor.reaches(permission, unit));
    reached(unit) || above.is_some_and(reached)
}

/// What the register says of a unit, from its periods and what orders did to it. `None`: it never came to be.
fn entry(periods: &[Unit], acts: &[UnitAct], directory: &Snapshot, at: Timestamp) -> Option<UnitEntry> {
    let periods: Vec<&Unit> = periods.iter().filter(|period| period.ever_holds()).collect();
    let (first, last) = (periods.first()?, periods.last()?);
    let now = periods.iter().find(|period| period.validity.covers(at)).unwrap_or(last);
    let by = |wanted: Act, at: Timestamp| {
        let act = acts.iter().rev().find(|act| act.act == wanted && act.at == at);
        let name = |person| PersonName::of(person, directory);
        Registration {
            at,
            order: act.map(|act| act.order),
            title: act.map(|act| act.title.clone()),
            issued_by: act.and_then(|act| act.issued_by).map(name),
            reviewed_by: act.and_then(|act| act.reviewed_by).map(name),
        }
    };
    let renamed = periods.windows(2).filter(|pair| pair[0].name != pair[1].name && pair[1].validity.from <= at);
    let former =
        |pair: &[&Unit]| FormerName { name: pair[0].name.clone(), until: by(Act::Renamed, pair[1].validity.from) };
    let mut former_names: Vec<FormerName> = renamed.map(former).collect();
    former_names.reverse();
    let state = match last.validity.to {
        _ if first.validity.from > at => UnitState::ToCome,
        Some(to) if to <= at => UnitState::Closed,
        _ => UnitState::InUse,
    };
    let closed = last.validity.to.filter(|_| state == UnitState::Closed).map(|to| by(Act::Closed, to));
    let parent = now.parent.and_then(|parent| directory.name_of(Place::Unit(parent), at)).cloned();
    Some(UnitEntry {
        id: now.id,
        code: now.code.clone(),
        kind: now.kind,
        name: now.name.clone(),
        parent,
        parent_id: now.parent,
        state,
        registered: by(Act::Registered, first.validity.from),
        former_names,
        closed,
        seats: None,
    })
}
