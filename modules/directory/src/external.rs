//! 外部单位 (ORG-24): suppliers, customers and partners, who take part and see nothing of the house.
//!
//! Who is external follows from one thing: he is appointed in a unit of the kind [`UnitKind::External`]. That answers for
//! his past and future too, because nobody and nothing crosses between such a unit and the house (`apart`): a person is
//! on one side for good, and a unit is of this kind from its first day to its last.

use hanlin_kernel::{PersonId, Result};
use hanlin_store::Tx;

use crate::{
    model::{Place, UnitKind},
    rules::Refusal,
    snapshot::Snapshot,
    store,
};

/// Refuses what would tie a place of an external organisation to one of the house: `directory.external_apart`.
pub fn apart(tx: &mut Tx, one: Place, another: Place) -> Result<()> {
    if is_external(tx, one)? == is_external(tx, another)? { Ok(()) } else { Err(Refusal::ExternalApart.into()) }
}

/// Refuses a person of an external organisation where one of the house is needed: to lead it, or to take over in it.
pub(crate) fn belongs(tx: &mut Tx, person: PersonId, place: Place) -> Result<()> {
    if is_of_external(tx, person)? && !is_external(tx, place)? { Err(Refusal::ExternalApart.into()) } else { Ok(()) }
}

/// Refuses two people of whom one is external.
pub(crate) fn same_side(tx: &mut Tx, one: PersonId, another: PersonId) -> Result<()> {
    let sides = (is_of_external(tx, one)?, is_of_external(tx, another)?);
    if sides.0 == sides.1 { Ok(()) } else { Err(Refusal::ExternalApart.into()) }
}

pub(crate) fn is_external(tx: &mut Tx, place: Place) -> Result<bool> {
    let unit = match place {
        Place::Unit(unit) => Some(unit),
        Place::Department(department) => store::find_department(tx, department)?.last().map(|last| last.unit),
    };
    match unit {
        Some(unit) => Ok(store::find_unit(tx, unit)?.last().is_some_and(|last| last.kind == UnitKind::External)),
        None => Ok(false),
    }
}

/// Refuses to appoint a person on the other side than the one where he first was, even for a moment.
pub(crate) fn joins(tx: &mut Tx, person: PersonId, place: Place) -> Result<()> {
    match store::first_appointment(tx, person)? {
        Some(first) => apart(tx, first.place, place),
        None => Ok(()),
    }
}

fn is_of_external(tx: &mut Tx, person: PersonId) -> Result<bool> {
    match store::first_appointment(tx, person)? {
        Some(first) => is_external(tx, first.place),
        None => Ok(false),
    }
}

impl Snapshot {
    /// Does he belong to an external organisation, or did he, when he was last here?
    pub fn is_external(&self, person: PersonId) -> bool {
        self.places_ever(person).next().is_some_and(|place| self.is_external_place(place))
    }

    /// Is this an external organisation, or a department of one?
    pub fn is_external_place(&self, place: Place) -> bool {
        let unit = match place {
            Place::Unit(unit) => Some(unit),
            Place::Department(department) => self.last_department(department).map(|last| last.unit),
        };
        unit.and_then(|unit| self.last_unit(unit)).is_some_and(|last| last.kind == UnitKind::External)
    }
}
