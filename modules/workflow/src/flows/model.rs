use hanlin_kernel::{Can, Id, PersonId, Text, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::Indexing;

pub type FlowId = Id<Flow>;
pub type VersionId = Id<FlowVersion>;

/// 流程: what cases are started from. Its content is in its versions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Flow {
    pub id: FlowId,
    pub unit: UnitId,
    pub code: String,
    pub name: Text,
    pub category: String,
    pub state: FlowState,
    /// The version that new cases run on.
    pub current: Option<VersionId>,
    /// 核心流程: one that its administrator watches before the others (FLOW-31).
    pub core: bool,
    pub version: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlowState {
    /// Never published.
    Draft,
    Published,
    /// 停用: no new cases; running ones go on.
    Retired,
}

impl FlowState {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Retired].into_iter().find(|state| state.name() == name)
    }
}

/// 流程版本: immutable once published.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FlowVersion {
    pub id: VersionId,
    pub flow: FlowId,
    /// From 1.
    pub number: u32,
    /// draft or published.
    pub state: FlowState,
    pub created_by: Option<PersonId>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Timestamp>,
}

/// A flow in the gallery of forms.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FlowCard {
    pub id: FlowId,
    pub code: String,
    pub name: Text,
    pub category: String,
    /// The number of the version that a new case runs on.
    pub number: u32,
}

/// A flow as its administrator sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FlowView {
    #[serde(flatten)]
    pub flow: Flow,
    pub unit_name: Text,
    pub versions: Vec<FlowVersion>,
    /// Cases that still run.
    pub running: u64,
    /// Its older cases are not found yet by what the current version indexes: how far that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indexing: Option<Indexing>,
    pub can: Can,
}
