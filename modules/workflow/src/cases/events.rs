use hanlin_kernel::{Audience, PersonId};
use serde::{Deserialize, Serialize};

use super::model::CaseId;
use crate::engine;

/// One command on a case, with all that it made happen. Replaying the engine events of a stream gives its case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseChanged {
    pub case: CaseId,
    /// What was done, for example `workflow.approved`: the first of the events that a person did.
    #[serde(skip, default = "changed")]
    pub kind: &'static str,
    pub events: Vec<engine::Event>,
    /// Who takes part, now and before: their screens are told. Nobody, where it stays with who did it for now.
    #[serde(skip)]
    pub people: Vec<PersonId>,
}

/// What is told where it must not be told what was done.
pub(super) const CHANGED: &str = "workflow.changed";

fn changed() -> &'static str {
    CHANGED
}

impl hanlin_kernel::Event for CaseChanged {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn stream(&self) -> String {
        stream(self.case)
    }

    fn audience(&self) -> Audience {
        if self.people.is_empty() { Audience::Nobody } else { Audience::People(self.people.clone()) }
    }
}

/// What an effect of a case had made was taken back, because the case was revoked (FLOW-24).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectUndone {
    pub case: CaseId,
    pub node: String,
    pub effect: String,
    /// The revocation.
    pub by_case: CaseId,
}

impl hanlin_kernel::Event for EffectUndone {
    fn kind(&self) -> &'static str {
        "workflow.effect_undone"
    }

    fn stream(&self) -> String {
        stream(self.case)
    }
}

/// The stream of a case in the trace.
pub(crate) fn stream(case: CaseId) -> String {
    format!("workflow/case/{case}")
}

/// Of the events of one command, what the person did.
pub(crate) fn kind_of(events: &[engine::Event]) -> &'static str {
    let changes = |event: &&engine::Event| event.kind() != "workflow.values_changed";
    events.iter().find(changes).map_or(CHANGED, engine::Event::kind)
}
