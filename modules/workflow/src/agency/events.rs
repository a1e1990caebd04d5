use hanlin_kernel::{Audience, PersonId};
use serde::Serialize;

use super::model::{Agency, AgencyId};

/// What happened to the agencies of a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// Somebody was named to act for him.
    Given { agency: Box<Agency> },
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
        stream(self.people().0)
    }

    /// The agent's inbox is another from now on.
    fn audience(&self) -> Audience {
        let (principal, agent) = self.people();
        Audience::People(vec![principal, agent])
    }
}

impl Event {
    /// Principal and agent.
    fn people(&self) -> (PersonId, PersonId) {
        match self {
            Self::Given { agency } => (agency.principal, agency.agent),
            Self::Ended { principal, agent, .. } => (*principal, *agent),
        }
    }
}

/// The stream of a person's agencies in the trace.
pub(crate) fn stream(principal: PersonId) -> String {
    format!("workflow/agency/{principal}")
}
