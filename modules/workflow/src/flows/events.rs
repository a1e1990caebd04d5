use hanlin_kernel::{Audience, UnitId};
use serde::Serialize;

use super::model::{FlowId, FlowState, VersionId};

/// What happened to a flow. The contents of a version are in its row, which never changes once published; the digest
/// here says that it is that one.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    Imported { flow: FlowId, unit: UnitId, code: String, version: VersionId, number: u32, digest: String },
    Published { flow: FlowId, before: Option<VersionId>, after: VersionId, number: u32 },
    Retired { flow: FlowId, before: FlowState },
    Resumed { flow: FlowId, before: FlowState },
    CoreMarked { flow: FlowId, before: bool, after: bool },
}

impl Event {
    fn flow(&self) -> FlowId {
        match self {
            Self::Imported { flow, .. }
            | Self::Published { flow, .. }
            | Self::Retired { flow, .. }
            | Self::Resumed { flow, .. }
            | Self::CoreMarked { flow, .. } => *flow,
        }
    }
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::Imported { .. } => "workflow.flow_imported",
            Self::Published { .. } => "workflow.flow_published",
            Self::Retired { .. } => "workflow.flow_retired",
            Self::Resumed { .. } => "workflow.flow_resumed",
            Self::CoreMarked { .. } => "workflow.flow_core_marked",
        }
    }

    fn stream(&self) -> String {
        format!("workflow/flow/{}", self.flow())
    }

    fn audience(&self) -> Audience {
        Audience::Everyone
    }
}
