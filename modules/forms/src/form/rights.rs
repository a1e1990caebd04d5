use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a reader may do with a field at a node (FORM-05). Each includes the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// It is not even sent to him.
    Hidden,
    #[default]
    Read,
    Write,
    /// He must fill it before he submits.
    Required,
}

/// The rights over all fields of a form: one for those that are named, one for the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// Of fields that are not named.
    #[serde(default)]
    pub others: Right,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Right>,
}

impl Right {
    pub fn reads(self) -> bool {
        self >= Self::Read
    }

    pub fn writes(self) -> bool {
        self >= Self::Write
    }
}

impl Rights {
    /// The same for every field.
    pub fn all(right: Right) -> Self {
        Self { others: right, fields: BTreeMap::new() }
    }

    pub fn with(mut self, field: &str, right: Right) -> Self {
        self.fields.insert(field.to_owned(), right);
        self
    }

    pub fn of(&self, field: &str) -> Right {
        self.fields.get(field).copied().unwrap_or(self.others)
    }

    /// What somebody may who has both: of each field the larger right.
    pub fn join(&self, other: &Rights) -> Rights {
        let named = self.fields.keys().chain(other.fields.keys());
        Rights {
            others: self.others.max(other.others),
            fields: named.map(|field| (field.clone(), self.of(field).max(other.of(field)))).collect(),
        }
    }
}
