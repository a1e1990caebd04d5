//! What units and departments go by in a file: their codes; what has none, by its name, where nothing else bears it.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{DepartmentId, UnitId};
use jiff::Timestamp;

/// The keys of an instant. What is without a code and shares its name has none: a file cannot name it.
pub(crate) struct Keys {
    units: HashMap<UnitId, String>,
    departments: HashMap<DepartmentId, String>,
}

impl Keys {
    pub(crate) fn of(snapshot: &Snapshot, at: Timestamp) -> Self {
        let roots = snapshot.roots(at).into_iter().map(|root| Place::Unit(root.id));
        let places: Vec<Place> = roots.flat_map(|root| snapshot.and_below(root, at)).collect();
        let units = places.iter().filter_map(|place| snapshot.unit(place.unit()?, at));
        let departments = places.iter().filter_map(|place| snapshot.department(place.department()?, at));
        Self {
            units: keyed(units.map(|unit| ((), unit.id, unit.code.as_deref(), unit.name.zh.as_str()))),
            departments: keyed(
                departments.map(|found| (found.unit, found.id, found.code.as_deref(), found.name.zh.as_str())),
            ),
        }
    }

    pub(crate) fn unit(&self, id: UnitId) -> Option<String> {
        self.units.get(&id).cloned()
    }

    /// Told apart within its unit only.
    pub(crate) fn department(&self, id: DepartmentId) -> Option<String> {
        self.departments.get(&id).cloned()
    }
}

fn keyed<'a, S: Ord + Copy, I: Eq + Hash>(
    things: impl Iterator<Item = (S, I, Option<&'a str>, &'a str)>,
) -> HashMap<I, String> {
    let things: Vec<_> = things.collect();
    let mut bearers: BTreeMap<(S, &str), usize> = BTreeMap::new();
    for (scope, _, code, name) in &things {
        for word in code.iter().filter(|code| *code != name).chain([name]) {
            *bearers.entry((*scope, word)).or_default() += 1;
        }
    }
    let key = |scope: S, code: Option<&str>, name: &str| match code {
        Some(code) => Some(code.to_owned()),
        None => (bearers.get(&(scope, name)) == Some(&1)).then(|| name.to_owned()),
    };
    things.into_iter().filter_map(|(scope, id, code, name)| Some((id, key(scope, code, name)?))).collect()
}
