//! The rulebook in memory, immutable: what holds for a unit at an instant, and which clause says so.

use std::{collections::HashMap, sync::Arc};

use hanlin_directory::Snapshot;
use hanlin_kernel::{Result, UnitId};
use hanlin_store::{Remembered, Tx};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::{self, Parameter, Spec, Typed},
    model::{Class, ClauseId, Mode, Provision, Setting},
    store,
};

/// Every version of every clause.
#[derive(Debug, Default)]
pub struct Rulebook {
    by_unit: HashMap<UnitId, Vec<Standing>>,
}

/// One version of a clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub source: Source,
    pub provision: Provision,
}

/// The clause that a value came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub clause: ClauseId,
    pub unit: UnitId,
    pub number: String,
    pub version: u64,
}

/// The value of a parameter that holds, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<T> {
    pub value: T,
    /// What happens to whoever breaks the rule.
    pub mode: Mode,
    /// Absent: no clause speaks, the product's own careful value holds.
    pub source: Option<Source>,
}

impl Rulebook {
    pub fn of(standing: Vec<Standing>) -> Self {
        let mut by_unit: HashMap<UnitId, Vec<Standing>> = HashMap::new();
        for one in standing {
            by_unit.entry(one.source.unit).or_default().push(one);
        }
        // Where a damaged table holds two clauses for one parameter, the younger one speaks.
        for clauses in by_unit.values_mut() {
            clauses.sort_by_key(|one| std::cmp::Reverse((one.provision.valid_from, one.source.clause)));
        }
        Self { by_unit }
    }

    /// The value for a unit, given that unit and those above it, nearest first.
    pub fn setting(&self, upwards: &[UnitId], at: Timestamp, spec: &Spec, class: Class) -> Found<Setting> {
        let said = upwards.iter().filter_map(|unit| self.by_unit.get(unit)).flatten().find_map(|one| {
            let setting = one.provision.parameters.get(spec.name).filter(|_| one.provision.covers(at))?.of(class)?;
            spec.kind.allows(setting).then(|| (one, setting.clone()))
        });
        match said {
            Some((one, value)) => Found { value, mode: one.provision.mode, source: Some(one.source.clone()) },
            None => Found { value: spec.default.of(class), mode: Mode::Block, source: None },
        }
    }

    /// The versions of the clauses that a unit itself owns, the younger first.
    pub fn of_unit(&self, unit: UnitId) -> &[Standing] {
        self.by_unit.get(&unit).map_or(&[], Vec::as_slice)
    }
}

/// The rulebook with the organisation it holds in, as one unit of work sees both.
#[derive(Clone, Debug)]
pub struct Rules {
    pub rulebook: Arc<Rulebook>,
    pub directory: Arc<Snapshot>,
}

impl Rules {
    /// The value of a parameter for a unit at an instant; the same for every class of accounts, or that of business
    /// accounts. For whoever belongs to no unit, what holds at the top of the organisation.
    pub fn parameter<T: Typed>(&self, unit: Option<UnitId>, at: Timestamp, parameter: &Parameter<T>) -> Found<T> {
        self.parameter_for(unit, at, parameter, Class::default())
    }

    /// The value of a parameter for one class of accounts.
    pub fn parameter_for<T: Typed>(
        &self,
        unit: Option<UnitId>,
        at: Timestamp,
        parameter: &Parameter<T>,
        class: Class,
    ) -> Found<T> {
        let Found { value, mode, source } = self.setting(unit, at, parameter.spec, class);
        let value = T::read(&value).expect("a parameter is declared with the type that its kind allows");
        Found { value, mode, source }
    }

    /// A parameter by its name, its value as JSON; `None`: there is no such parameter.
    pub fn by_name(&self, unit: Option<UnitId>, at: Timestamp, name: &str) -> Option<Found<serde_json::Value>> {
        let Found { value, mode, source } = self.setting(unit, at, catalogue::find(name)?, Class::default());
        let value = serde_json::to_value(value).expect("a setting is a number, a word or a list of words");
        Some(Found { value, mode, source })
    }

    pub fn setting(&self, unit: Option<UnitId>, at: Timestamp, spec: &Spec, class: Class) -> Found<Setting> {
        self.rulebook.setting(&self.upwards(unit, at), at, spec, class)
    }

    /// The unit and those above it; without a unit, or for one that does not exist then, the top of the organisation.
    pub fn upwards(&self, unit: Option<UnitId>, at: Timestamp) -> Vec<UnitId> {
        let upwards = unit.map(|unit| self.directory.units_upwards(unit, at)).unwrap_or_default();
        if !upwards.is_empty() {
            return upwards;
        }
        self.directory.roots(at).first().map(|root| root.id).into_iter().collect()
    }
}

impl Remembered for Rulebook {
    const NAME: &'static str = "rulebook";

    fn read(tx: &mut Tx) -> Result<Self> {
        Ok(Self::of(store::list_standing(tx)?))
    }
}

/// The rules as this unit of work sees them. Costs the question for the revisions at most, unless something was changed.
pub fn rules(tx: &mut Tx) -> Result<Rules> {
    let directory = hanlin_directory::snapshot(tx)?;
    Ok(Rules { rulebook: rulebook(tx)?, directory })
}

/// The value of a parameter for a unit now.
pub fn parameter<T: Typed>(tx: &mut Tx, unit: Option<UnitId>, parameter: &Parameter<T>) -> Result<Found<T>> {
    let now = tx.now();
    Ok(rules(tx)?.parameter(unit, now, parameter))
}

pub(crate) fn rulebook(tx: &mut Tx) -> Result<Arc<Rulebook>> {
    tx.remembered()
}
