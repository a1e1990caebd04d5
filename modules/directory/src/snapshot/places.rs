//! Units and departments: what lies in what.

use hanlin_kernel::{DepartmentId, Text, UnitId};
use jiff::{Timestamp, tz::TimeZone};

use super::Snapshot;
use crate::model::{Department, Place, Unit, as_of};

impl Snapshot {
    pub fn unit(&self, id: UnitId, at: Timestamp) -> Option<&Unit> {
        as_of(self.units.get(&id)?, at)
    }

    pub fn department(&self, id: DepartmentId, at: Timestamp) -> Option<&Department> {
        as_of(self.departments.get(&id)?, at)
    }

    /// A department as it was last, closed or not.
    pub fn last_department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.get(&id)?.last()
    }

    /// A unit as it was last, closed or not.
    pub fn last_unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)?.last()
    }

    /// Every unit there is, was or will be, in no order.
    pub fn all_units(&self) -> impl Iterator<Item = UnitId> {
        self.units.keys().copied()
    }

    /// A unit through time, in order; a gap is a time in which it was closed.
    pub fn unit_periods(&self, id: UnitId) -> &[Unit] {
        self.units.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Since when a unit has been in use without a break; `None`: it is not in use then.
    pub fn in_use_since(&self, id: UnitId, at: Timestamp) -> Option<Timestamp> {
        let begun = self.unit_periods(id).iter().rev().map(|period| period.validity).skip_while(|held| held.from > at);
        begun.fold(None, |since, held| match since {
            None if held.covers(at) => Some(held.from),
            Some(since) if held.to == Some(since) => Some(held.from),
            since => since,
        })
    }

    /// The units at the top of their trees.
    pub fn roots(&self, at: Timestamp) -> Vec<&Unit> {
        let known = self.roots.iter().filter_map(|root| self.unit(*root, at));
        known.filter(|unit| unit.parent.is_none()).collect()
    }

    /// Every unit and department there is then, in no order.
    pub fn places(&self, at: Timestamp) -> impl Iterator<Item = Place> {
        let units = self.units.keys().filter(move |id| self.unit(**id, at).is_some());
        let departments = self.departments.keys().filter(move |id| self.department(**id, at).is_some());
        units.map(|id| Place::Unit(*id)).chain(departments.map(|id| Place::Department(*id)))
    }

    /// The unit or department of this id, if there is or was one or will be: the two never share an id.
    pub fn place(&self, node: &str) -> Option<Place> {
        let unit = node.parse().ok().filter(|id| self.units.contains_key(id)).map(Place::Unit);
        unit.or_else(|| node.parse().ok().filter(|id| self.departments.contains_key(id)).map(Place::Department))
    }

    /// The name at that instant, or the last one before it; for what has not begun, the first.
    pub fn name_of(&self, place: Place, at: Timestamp) -> Option<&Text> {
        match place {
            Place::Unit(unit) => {
                let periods = self.units.get(&unit)?;
                let begun = periods.iter().rev().find(|period| period.validity.from <= at);
                begun.or(periods.first()).map(|period| &period.name)
            }
            Place::Department(department) => {
                let periods = self.departments.get(&department)?;
                let begun = periods.iter().rev().find(|period| period.validity.from <= at);
                begun.or(periods.first()).map(|period| &period.name)
            }
        }
    }

    pub fn unit_by_code(&self, code: &str) -> Option<UnitId> {
        self.codes.units.get(code).copied()
    }

    /// The department of this code in the unit, or in the nearest unit above that has one.
    pub fn department_by_code(&self, code: &str, unit: UnitId, at: Timestamp) -> Option<DepartmentId> {
        let named = self.codes.departments.get(code)?;
        self.units_upwards(unit, at).into_iter().find_map(|unit| {
            named.iter().copied().find(|id| {
                self.department(*id, at).is_some_and(|found| found.unit == unit && found.code.as_deref() == Some(code))
            })
        })
    }

    /// The place right above.
    pub fn above(&self, place: Place, at: Timestamp) -> Option<Place> {
        match place {
            Place::Unit(unit) => self.unit(unit, at)?.parent.map(Place::Unit),
            Place::Department(department) => Some(self.department(department, at)?.above()),
        }
    }

    /// The place and all it lies in, nearest first; nothing if it does not exist then.
    pub fn ancestors(&self, place: Place, at: Timestamp) -> Vec<Place> {
        let exists = match place {
            Place::Unit(unit) => self.unit(unit, at).is_some(),
            Place::Department(department) => self.department(department, at).is_some(),
        };
        // The rules keep circles out; a damaged table must not hang the process.
        let deepest = self.units.len() + self.departments.len();
        std::iter::successors(exists.then_some(place), |below| self.above(*below, at)).take(deepest).collect()
    }

    pub fn units_upwards(&self, unit: UnitId, at: Timestamp) -> Vec<UnitId> {
        self.ancestors(Place::Unit(unit), at).into_iter().filter_map(Place::unit).collect()
    }

    /// The department and those it is part of, nearest first.
    pub fn departments_upwards(&self, department: DepartmentId, at: Timestamp) -> Vec<&Department> {
        let ancestors = self.ancestors(Place::Department(department), at).into_iter().filter_map(Place::department);
        ancestors.filter_map(|id| self.department(id, at)).collect()
    }

    /// The unit a place belongs to: for a unit, itself.
    pub fn unit_of(&self, place: Place, at: Timestamp) -> Option<UnitId> {
        match place {
            Place::Unit(unit) => self.unit(unit, at).map(|unit| unit.id),
            Place::Department(department) => self.department(department, at).map(|department| department.unit),
        }
    }

    /// The units a department belongs to, belonged to or will.
    pub(crate) fn units_ever_of(&self, department: DepartmentId) -> impl Iterator<Item = UnitId> {
        self.departments.list(&department).iter().map(|period| period.unit)
    }

    /// Does `place` lie in `in_place`, or is it the same?
    pub fn lies_in(&self, place: Place, in_place: Place, at: Timestamp) -> bool {
        self.ancestors(place, at).contains(&in_place)
    }

    /// The places right below, departments and units, in the order they are shown.
    pub fn children(&self, place: Place, at: Timestamp) -> Vec<Place> {
        let known = self.below.get(&place).map_or(&[][..], Vec::as_slice);
        known.iter().copied().filter(|child| self.above(*child, at) == Some(place)).collect()
    }

    /// The place and everything below it, from the top down.
    pub fn and_below(&self, place: Place, at: Timestamp) -> Vec<Place> {
        let mut found = match self.ancestors(place, at).is_empty() {
            true => Vec::new(),
            false => vec![place],
        };
        let mut next = 0;
        while next < found.len() {
            let children = self.children(found[next], at);
            found.extend(children);
            next += 1;
        }
        found
    }

    /// The unit and the units below it, from the top down.
    pub fn units_and_below(&self, unit: UnitId, at: Timestamp) -> Vec<UnitId> {
        let mut found: Vec<UnitId> = self.unit(unit, at).map(|unit| unit.id).into_iter().collect();
        let mut next = 0;
        while next < found.len() {
            let above = found[next];
            let below = self.units_below.get(&above).map_or(&[][..], Vec::as_slice).iter().copied();
            found.extend(below.filter(|unit| self.unit(*unit, at).is_some_and(|unit| unit.parent == Some(above))));
            next += 1;
        }
        found
    }

    /// The department and the departments below it.
    pub fn departments_and_below(&self, department: DepartmentId, at: Timestamp) -> Vec<DepartmentId> {
        self.and_below(Place::Department(department), at).into_iter().filter_map(Place::department).collect()
    }

    /// The zone a unit lives by: its own or that of the nearest unit above which names one; UTC where none does.
    pub fn time_zone(&self, unit: UnitId, at: Timestamp) -> TimeZone {
        let upwards = self.units_upwards(unit, at).into_iter();
        let named = upwards.filter_map(|unit| self.unit(unit, at)?.time_zone.as_deref());
        named.filter_map(|name| TimeZone::get(name).ok()).next().unwrap_or(TimeZone::UTC)
    }
}
