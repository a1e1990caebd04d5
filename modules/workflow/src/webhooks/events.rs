use jiff::Timestamp;
use serde::Serialize;

use super::model::{Endpoint, EndpointId};

/// What happened to endpoints. Never a secret.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    Registered {
        endpoint: Endpoint,
    },
    Changed {
        before: Endpoint,
        after: Endpoint,
    },
    SecretRenewed {
        endpoint: EndpointId,
        renewed: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        old_until: Option<Timestamp>,
    },
    Deleted {
        endpoint: Endpoint,
    },
    /// An administrator sent it a request to see whether it answers.
    Tried {
        endpoint: EndpointId,
    },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "workflow.endpoint_registered",
            Self::Changed { .. } => "workflow.endpoint_changed",
            Self::SecretRenewed { .. } => "workflow.endpoint_secret_renewed",
            Self::Deleted { .. } => "workflow.endpoint_deleted",
            Self::Tried { .. } => "workflow.endpoint_tried",
        }
    }

    fn stream(&self) -> String {
        let id = match self {
            Self::Registered { endpoint } | Self::Deleted { endpoint } => endpoint.id,
            Self::Changed { after, .. } => after.id,
            Self::SecretRenewed { endpoint, .. } | Self::Tried { endpoint } => *endpoint,
        };
        format!("workflow/endpoint/{id}")
    }
}
