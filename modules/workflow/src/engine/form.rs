//! The seam to forms: what the engine needs of them, in one place.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The form of a flow.
pub type Form = serde_json::Value;

/// What a reader may do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    Hidden,
    Read,
    Write,
    Required,
}
