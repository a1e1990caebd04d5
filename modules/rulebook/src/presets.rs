//! Rulebooks that ship: one readable file for each source document that names a value, and the product's own.

use std::sync::LazyLock;

use hanlin_kernel::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Mode, Parameters, Policy, Provision};

/// 制度模板: the clauses of one document, loaded as a whole (RULE-21).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The code of the document, or `default`.
    #[serde(rename = "preset")]
    pub name: String,
    pub title: Text,
    pub clauses: Vec<PresetClause>,
}

/// A clause as a preset writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresetClause {
    pub number: String,
    pub text: Text,
    pub policy: Policy,
    #[serde(default)]
    pub mode: Mode,
    pub parameters: Parameters,
}

impl PresetClause {
    pub(crate) fn provision(&self, valid_from: Timestamp) -> Provision {
        let Self { text, policy, mode, parameters, .. } = self.clone();
        Provision { text, policy, mode, parameters, valid_from, valid_to: None }
    }
}

const FILES: &[&str] = &[
    include_str!("../presets/default.yaml"),
    include_str!("../presets/000.yaml"),
    include_str!("../presets/001-A.yaml"),
    include_str!("../presets/001-D.yaml"),
    include_str!("../presets/001-N.yaml"),
    include_str!("../presets/002.yaml"),
    include_str!("../presets/003-f.yaml"),
    include_str!("../presets/003-h.yaml"),
    include_str!("../presets/004-I.yaml"),
];

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let read = |text: &&str| serde_saphyr::from_str(text).expect("a test reads every preset that ships");
    FILES.iter().map(read).collect()
});

/// Every preset, the product's own first.
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

pub fn preset(name: &str) -> Option<&'static Preset> {
    presets().iter().find(|preset| preset.name == name)
}
