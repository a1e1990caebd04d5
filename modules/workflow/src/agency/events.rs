use hanlin_kernel::{Audience, PersonId};
use serde::Serialize;

use super::model::{Agency, AgencyId};

/// What happened to the agencies of a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// Somebody was named to act for him.
    Given { agency: Agency },
    /// Ended before its time.
    Ended { agency: AgencyId, principal: PersonId, agent: PersonId, because: String },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::Given { .. } => "workflow.agency_given",
            Self::Ended { .. } => "workflow.agency_ended",
        }
    }

    fn stream(&self) -> String {
        let (Self::Given { agency: Agency { principal, .. } } | Self::Ended { principal, .. }) = self;
        stream(*principal)
    }

    /// The agent's inbox is another from now on.
    fn audience(&self) -> Audience {
        match self {
            Self::Given { agency: Agency { principal, agent, .. } } | Self::Ended { principal, agent, .. } => {
                Audience::People(vec![*principal, *agent])
            }
        }
    }
}

/// The stream of a person's agencies in the trace.
pub(crate) fn stream(principal: PersonId) -> String {
    format!("workflow/agency/{principal}")
}
