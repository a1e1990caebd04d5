use std::{collections::BTreeMap, sync::Arc};

use hanlin_access::SampleLogin;
use hanlin_api::{Forget, Module};
use hanlin_kernel::{Result, UnitId};
use hanlin_store::{Leaving, Tx};
use serde::Serialize;
use utoipa::ToSchema;

/// What ships with the program, for the sample's root unit: flows and rules.
pub type Fill = fn(&mut Tx, UnitId) -> Result<()>;

/// How the modules of this program fill the sample and take it out. A service; cheap to clone.
#[derive(Clone)]
pub struct Sample {
    pub(crate) fill: Fill,
    /// The higher modules first: what refers to something goes before it.
    forget: Arc<[Forget]>,
}

impl Sample {
    pub fn of(modules: &[Module], fill: Fill) -> Self {
        Self { fill, forget: modules.iter().rev().filter_map(|module| module.forget).collect() }
    }

    /// Takes it out of every module.
    pub(crate) fn forget(&self, tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
        self.forget.iter().try_for_each(|forget| forget(tx, leaving))?;
        leaving.sweep(tx)
    }
}

/// Whether the sample is loaded, and what is in it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SampleState {
    pub loaded: bool,
    /// In service or not.
    pub people: u64,
    pub units: u64,
    pub departments: u64,
    pub flows: u64,
    /// Begun by its people, or on its flows.
    pub cases: u64,
    /// People of the organisation who have something in those cases, and would lose it.
    pub guests: Vec<String>,
    /// Who shows the most.
    pub logins: Vec<SampleLogin>,
}

/// What loading made.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = SampleLoaded)]
pub struct Loaded {
    pub people: u64,
    pub accounts: u64,
    pub logins: Vec<SampleLogin>,
}

/// What removal took out: how many of each kind.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = SampleRemoved)]
pub struct Removed {
    pub counts: BTreeMap<String, u64>,
}
