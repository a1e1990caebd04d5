use hanlin_kernel::{Actor, DepartmentId, Id, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effective, end_leaderships, manage, units::nothing_inside, unseen, validity};
use crate::{
    check::Check,
    events::Event,
    external,
    model::{Department, Place, Validity, as_of},
    rules::{self, Refusal},
    sample, store,
};

/// A department that is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateDepartment {
    /// The unit or department it is to be part of.
    pub parent: Place,
    pub code: Option<String>,
    /// What a department of this height is called in flows: `team`, `department`, `division`.
    pub level: Option<String>,
    pub name: Text,
    #[serde(default)]
    pub position: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

/// Sets up a department.
pub fn create_department(tx: &mut Tx, actor: &Actor, intent: CreateDepartment) -> Result<Department> {
    let home = manage(tx, actor, intent.parent)?;
    let department = Department {
        id: Id::new(),
        unit: home.unit,
        parent: intent.parent.department(),
        code: intent.code,
        level: intent.level,
        name: intent.name,
        position: intent.position,
        validity: validity(tx, intent.from, None)?,
        version: 1,
    };
    check(&department)?;
    hangs_soundly(tx, &department)?;
    store::insert_department(tx, &department)?;
    store::save_closure(tx, Place::Department(department.id))?;
    tx.record(Event::DepartmentCreated { department: department.clone() });
    Ok(department)
}

/// What is to change of a department; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeDepartment {
    pub name: Option<Text>,
    /// Moves it, and all below it, into another department or unit.
    pub parent: Option<Place>,
    pub code: Option<String>,
    pub level: Option<String>,
    pub position: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

/// Renames or moves a department; what it was before stays known, and what names it keeps naming it (ORG-03).
pub fn change_department(
    tx: &mut Tx,
    actor: &Actor,
    id: DepartmentId,
    seen: u64,
    intent: ChangeDepartment,
) -> Result<Department> {
    manage(tx, actor, Place::Department(id))?;
    let from = effective(tx, intent.from)?;
    let change = rules::succeed(&store::find_department(tx, id)?, from)?;
    let before = change.before;
    unseen(seen, before.version)?;
    let above = intent.parent.unwrap_or(before.above());
    let unit = if above == before.above() { before.unit } else { manage(tx, actor, above)?.unit };
    if unit != before.unit {
        sample::apart(tx, Place::Unit(before.unit), from, Place::Unit(unit), from)?;
        external::apart(tx, Place::Unit(before.unit), Place::Unit(unit))?;
    }
    let after = Department {
        id,
        unit,
        parent: above.department(),
        code: intent.code.or_else(|| before.code.clone()),
        level: intent.level.or_else(|| before.level.clone()),
        name: intent.name.unwrap_or_else(|| before.name.clone()),
        position: intent.position.unwrap_or(before.position),
        validity: Validity { from, to: before.validity.to },
        version: before.version + 1,
    };
    check(&after)?;
    hangs_soundly(tx, &after)?;
    save_change(tx, &before, &after, change.in_place)?;
    if after.unit != before.unit {
        take_along(tx, &after)?;
    }
    if after.above() != before.above() {
        store::save_closure(tx, Place::Department(id))?;
    }
    tx.record(Event::DepartmentChanged { before, after: after.clone() });
    Ok(after)
}

/// Closes a department that nothing and nobody is in any more.
pub fn end_department(tx: &mut Tx, actor: &Actor, id: DepartmentId, seen: u64, at: Option<Timestamp>) -> Result<()> {
    manage(tx, actor, Place::Department(id))?;
    let at = effective(tx, at)?;
    let last = rules::end(&store::find_department(tx, id)?, at)?;
    unseen(seen, last.version)?;
    nothing_inside(tx, Place::Department(id), at)?;
    store::raise_department(tx, &last)?;
    store::end_department_period(tx, id, last.validity.from, at)?;
    end_leaderships(tx, Place::Department(id), at)?;
    store::save_closure(tx, Place::Department(id))?;
    tx.record(Event::DepartmentEnded { department: id, at });
    Ok(())
}

/// Opens a closed department again under its id, where and as it was: what undoes [`end_department`] (ORG-03).
pub fn reopen_department(
    tx: &mut Tx,
    actor: &Actor,
    id: DepartmentId,
    seen: u64,
    from: Option<Timestamp>,
) -> Result<Department> {
    manage(tx, actor, Place::Department(id))?;
    let from = effective(tx, from)?;
    let last = rules::reopen(&store::find_department(tx, id)?, from)?;
    unseen(seen, last.version)?;
    let again = Department { validity: Validity::since(from), version: last.version + 1, ..last.clone() };
    hangs_soundly(tx, &again)?;
    store::raise_department(tx, &last)?;
    store::insert_department_period(tx, &again)?;
    store::save_closure(tx, Place::Department(id))?;
    tx.record(Event::DepartmentReopened { department: again.clone() });
    Ok(again)
}

fn save_change(tx: &mut Tx, before: &Department, after: &Department, in_place: bool) -> Result<()> {
    store::raise_department(tx, before)?;
    if !in_place {
        store::end_department_period(tx, before.id, before.validity.from, after.validity.from)?;
    }
    store::insert_department_period(tx, after)
}

/// The departments below one that moved into another unit belong to that unit from then on.
fn take_along(tx: &mut Tx, moved: &Department) -> Result<()> {
    let from = moved.validity.from;
    for id in store::list_departments_below(tx, moved.id, from)? {
        let change = rules::succeed(&store::find_department(tx, id)?, from)?;
        let before = change.before;
        let after = Department {
            unit: moved.unit,
            validity: Validity { from, to: before.validity.to },
            version: before.version + 1,
            ..before.clone()
        };
        save_change(tx, &before, &after, change.in_place)?;
        tx.record(Event::DepartmentChanged { before, after });
    }
    Ok(())
}

/// The place above exists as long as the department does, in the same unit.
pub(super) fn hangs_soundly(tx: &mut Tx, department: &Department) -> Result<()> {
    let covered = match department.parent {
        None => rules::covered(&store::find_unit(tx, department.unit)?, department.validity),
        Some(parent) => {
            let periods = store::find_department(tx, parent)?;
            let in_unit = |unit: UnitId| unit == department.unit;
            match as_of(&periods, department.validity.from) {
                Some(parent) if !in_unit(parent.unit) => return Err(Refusal::ParentInAnotherUnit.into()),
                _ => rules::covered(&periods, department.validity),
            }
        }
    };
    if covered { Ok(()) } else { Err(Refusal::PlaceNotInForce.into()) }
}

pub(super) fn check(department: &Department) -> Result<()> {
    Check::default()
        .name("name", &department.name)
        .code("code", department.code.as_deref())
        .code("level", department.level.as_deref())
        .done()
}
