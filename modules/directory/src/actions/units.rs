use hanlin_kernel::{Actor, Error, Id, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effective, end_leaderships, manage, unseen, validity};
use crate::{
    check::Check,
    events::Event,
    external,
    model::{Place, Unit, UnitKind, Validity},
    policy::MANAGE,
    rules::{self, Refusal},
    sample, store,
};

/// A unit that is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUnit {
    /// Absent: the top of a tree of its own.
    pub parent: Option<UnitId>,
    pub code: Option<String>,
    pub kind: UnitKind,
    pub name: Text,
    pub short_name: Option<Text>,
    /// IANA name; absent: that of the unit above.
    pub time_zone: Option<String>,
    #[serde(default)]
    pub position: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

/// Founds a unit.
pub fn create_unit(tx: &mut Tx, actor: &Actor, intent: CreateUnit) -> Result<Unit> {
    manage_above(tx, actor, intent.parent)?;
    let unit = Unit {
        id: Id::new(),
        code: intent.code,
        parent: intent.parent,
        kind: intent.kind,
        name: intent.name,
        short_name: intent.short_name,
        time_zone: intent.time_zone,
        position: intent.position,
        validity: validity(tx, intent.from, None)?,
        version: 1,
    };
    check_whole(&unit)?;
    hangs_soundly(tx, &unit)?;
    store::insert_unit(tx, &unit)?;
    store::save_closure(tx, Place::Unit(unit.id))?;
    tx.record(Event::UnitCreated { unit: unit.clone() });
    Ok(unit)
}

/// What is to change of a unit; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeUnit {
    pub name: Option<Text>,
    pub short_name: Option<Text>,
    pub kind: Option<UnitKind>,
    /// Moves it under another unit.
    pub parent: Option<UnitId>,
    pub time_zone: Option<String>,
    pub position: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

/// Renames or moves a unit; what it was before stays known.
pub fn change_unit(tx: &mut Tx, actor: &Actor, id: UnitId, seen: u64, intent: ChangeUnit) -> Result<Unit> {
    manage(tx, actor, Place::Unit(id))?;
    let from = effective(tx, intent.from)?;
    let change = rules::succeed(&store::find_unit(tx, id)?, from)?;
    let before = change.before;
    unseen(seen, before.version)?;
    let after = Unit {
        id,
        code: before.code.clone(),
        parent: intent.parent.or(before.parent),
        kind: intent.kind.unwrap_or(before.kind),
        name: intent.name.unwrap_or_else(|| before.name.clone()),
        short_name: intent.short_name.or_else(|| before.short_name.clone()),
        time_zone: intent.time_zone.or_else(|| before.time_zone.clone()),
        position: intent.position.unwrap_or(before.position),
        validity: Validity { from, to: before.validity.to },
        version: before.version + 1,
    };
    check(&after.name, after.short_name.as_ref(), after.time_zone.as_deref()).done()?;
    if (after.kind == UnitKind::External) != (before.kind == UnitKind::External) {
        return Err(Refusal::ExternalApart.into());
    }
    store::raise_unit(tx, &before)?;
    if !change.in_place {
        store::end_unit_period(tx, id, before.validity.from, from)?;
    }
    if after.parent != before.parent {
        manage_above(tx, actor, after.parent)?;
        if let Some(parent) = after.parent {
            sample::apart(tx, Place::Unit(id), from, Place::Unit(parent), from)?;
        }
        hangs_soundly(tx, &after)?;
    }
    store::insert_unit_period(tx, &after)?;
    if after.parent != before.parent {
        store::save_closure(tx, Place::Unit(id))?;
    }
    tx.record(Event::UnitChanged { before, after: after.clone() });
    Ok(after)
}

/// Closes a unit that nothing and nobody is in any more.
pub fn end_unit(tx: &mut Tx, actor: &Actor, id: UnitId, seen: u64, at: Option<Timestamp>) -> Result<()> {
    manage(tx, actor, Place::Unit(id))?;
    let at = effective(tx, at)?;
    let last = rules::end(&store::find_unit(tx, id)?, at)?;
    unseen(seen, last.version)?;
    nothing_inside(tx, Place::Unit(id), at)?;
    store::raise_unit(tx, &last)?;
    store::end_unit_period(tx, id, last.validity.from, at)?;
    end_leaderships(tx, Place::Unit(id), at)?;
    store::save_closure(tx, Place::Unit(id))?;
    tx.record(Event::UnitEnded { unit: id, at });
    Ok(())
}

/// Opens a closed unit again under its id, where and as it was: what undoes [`end_unit`] (ORG-03).
pub fn reopen_unit(tx: &mut Tx, actor: &Actor, id: UnitId, seen: u64, from: Option<Timestamp>) -> Result<Unit> {
    manage(tx, actor, Place::Unit(id))?;
    let from = effective(tx, from)?;
    let last = rules::reopen(&store::find_unit(tx, id)?, from)?;
    unseen(seen, last.version)?;
    let again = Unit { validity: Validity::since(from), version: last.version + 1, ..last.clone() };
    hangs_soundly(tx, &again)?;
    store::raise_unit(tx, &last)?;
    store::insert_unit_period(tx, &again)?;
    store::save_closure(tx, Place::Unit(id))?;
    tx.record(Event::UnitReopened { unit: again.clone() });
    Ok(again)
}

/// To hang something below a unit one must manage it; to begin a tree, everything.
pub(super) fn manage_above(tx: &mut Tx, actor: &Actor, parent: Option<UnitId>) -> Result<()> {
    match parent {
        Some(parent) => manage(tx, actor, Place::Unit(parent)).map(drop),
        None if actor.reaches_all(MANAGE) => Ok(()),
        None => Err(Error::forbidden(MANAGE)),
    }
}

pub(super) fn hangs_soundly(tx: &mut Tx, unit: &Unit) -> Result<()> {
    // An external organisation hangs where it is dealt with; in it there is nothing of the house.
    if let Some(parent) = unit.parent
        && unit.kind != UnitKind::External
        && external::is_external(tx, Place::Unit(parent))?
    {
        return Err(Refusal::ExternalApart.into());
    }
    match unit.parent {
        None if unit.kind == UnitKind::External => Err(Refusal::ExternalAlone.into()),
        None if unit.time_zone.is_none() => Err(Refusal::TimeZoneMissing.into()),
        None => Ok(()),
        Some(parent) if rules::covered(&store::find_unit(tx, parent)?, unit.validity) => Ok(()),
        Some(_) => Err(Refusal::PlaceNotInForce.into()),
    }
}

/// Nothing hangs in the place and nobody is appointed to it after `at`.
pub(super) fn nothing_inside(tx: &mut Tx, place: Place, at: Timestamp) -> Result<()> {
    let places = store::count_below(tx, place, at)?;
    if places > 0 {
        return Err(Refusal::StillContains { places }.into());
    }
    match store::count_staff(tx, place, at)? {
        0 => Ok(()),
        people => Err(Refusal::StillStaffed { people }.into()),
    }
}

pub(super) fn check_whole(unit: &Unit) -> Result<()> {
    check(&unit.name, unit.short_name.as_ref(), unit.time_zone.as_deref()).code("code", unit.code.as_deref()).done()
}

fn check(name: &Text, short_name: Option<&Text>, time_zone: Option<&str>) -> Check {
    let check = Check::default().name("name", name).time_zone("time_zone", time_zone);
    match short_name {
        Some(short) => check.name("short_name", short),
        None => check,
    }
}
