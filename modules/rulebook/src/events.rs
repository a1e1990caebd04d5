use hanlin_kernel::{Audience, UnitId};
use serde::Serialize;

use crate::model::{ClauseId, Provision};

/// What happened to the rulebook, with the values before and after (PERM-14).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    ClauseAdded { clause: ClauseId, unit: UnitId, number: String, preset: Option<String>, new: Provision },
    ClauseChanged { clause: ClauseId, unit: UnitId, number: String, old: Provision, new: Provision, reason: String },
    PresetLoaded { unit: UnitId, preset: String, added: u64, changed: u64 },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::ClauseAdded { .. } => "rulebook.clause_added",
            Self::ClauseChanged { .. } => "rulebook.clause_changed",
            Self::PresetLoaded { .. } => "rulebook.preset_loaded",
        }
    }

    fn stream(&self) -> String {
        match self {
            Self::ClauseAdded { clause, .. } | Self::ClauseChanged { clause, .. } => {
                format!("rulebook/clause/{clause}")
            }
            Self::PresetLoaded { unit, .. } => format!("rulebook/unit/{unit}"),
        }
    }

    /// Rules bind everybody: open pages that show limits read them again.
    fn audience(&self) -> Audience {
        Audience::Everyone
    }
}
