//! 等待事件: a wait that ends when something that has a name happens, about this value of the form (FLOW-11). Another case says so, or
//! another system; the shell finds the cases that wait for it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    apply::on_activation,
    awaiting::{Arrival, Awaiting},
    case::{ActivationNo, Case},
    event::What,
    mend::Reason,
    model::{Expr, Node, Wait, Who},
    refusal::Refusal,
    wait::{Span, WaitTime},
    walk::{Next, Run},
};

/// Under which name a wait's expression is kept.
pub(crate) const ABOUT: &str = "about";

/// 事件: what is waited for, and what is done where it does not come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventWait {
    /// Its name: `contract.signed`.
    pub event: String,
    /// About what: only an event about the same value counts. Absent: whatever it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Expr>,
    /// Longest time; absent: as long as it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Span>,
    /// What is done when that is over.
    #[serde(default)]
    pub then: OnLate,
    /// Who is asked then; nobody named or found: the flow's administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<Who>,
}

/// What is done where an event has not come in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnLate {
    /// Somebody is asked: to wait once more as long, or to go on.
    #[default]
    Ask,
    /// The case goes on without it.
    GoOn,
}

/// How the wait for an event stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EventState {
    Waiting,
    Come,
    /// Its time is over.
    Late {
        reason: Reason,
    },
    /// The case went on without it.
    Without,
}

impl EventState {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Come => "come",
            Self::Late { .. } => "late",
            Self::Without => "without",
        }
    }
}

impl Wait {
    pub(crate) fn event(&self) -> Option<&EventWait> {
        match &self.time {
            WaitTime::Event(event) => Some(event),
            _ => None,
        }
    }
}

impl Node {
    pub(crate) fn event_wait(&self) -> Option<&EventWait> {
        if let Self::Wait(wait) = self { wait.event() } else { None }
    }
}

impl Run<'_> {
    /// The case rests until it happens.
    pub(crate) fn open_event_wait(&mut self, id: ActivationNo, key: &str, event: &EventWait) {
        let scope = self.checked.form().scope(&self.case.values, &self.case.initiator.described);
        let about = event.about.as_ref().and_then(|written| self.written(key, ABOUT, written, &scope));
        let about = event.about.is_some().then(|| about.map(|value| in_one_word(&value)).unwrap_or_default());
        let until = event.at_most.and_then(|span| span.end(self.facts));
        let state = EventState::Waiting;
        let awaiting = Awaiting::Event { event: event.event.clone(), about, until, state };
        self.follow(What::Awaited { activation: id, awaiting });
    }

    /// What becomes of this visit, as the wait for its event stands.
    pub(crate) fn weigh_event(&mut self, id: ActivationNo, wait: &Wait) -> Result<Option<Next>, Refusal> {
        let state = match self.case.activation(id).and_then(|visit| visit.awaiting.as_ref()) {
            Some(Awaiting::Event { state, .. }) => state.clone(),
            _ => EventState::Come,
        };
        match (state, wait.event()) {
            (EventState::Waiting, _) => Ok(None),
            (EventState::Late { .. }, Some(event)) if event.then == OnLate::Ask => {
                let executors = self.executors(&wait.key, event.executor.as_ref());
                self.ask_to_mend(id, &wait.key, executors)?;
                Ok(None)
            }
            _ => Ok(Some(self.close_awaited(id, None))),
        }
    }

    /// It is waited for once more, as long as before.
    pub(crate) fn wait_again(&mut self, id: ActivationNo) {
        let Some(visit) = self.case.activation(id) else { return };
        let event = self.flow.find(&visit.node).and_then(|place| place.node.event_wait());
        if let (Some(event), Some(Awaiting::Event { event: name, about, .. })) = (event, &visit.awaiting) {
            let until = event.at_most.and_then(|span| span.end(self.facts));
            let (event, about) = (name.clone(), about.clone());
            let awaiting = Awaiting::Event { event, about, until, state: EventState::Waiting };
            self.follow(What::Awaited { activation: id, awaiting });
        }
    }
}

/// `contract.signed`: words of small letters, digits and `_` with dots between them.
pub(crate) fn is_event_name(name: &str) -> bool {
    let legal = |word: &str| word.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_');
    name.len() <= 80 && name.split('.').all(|word| !word.is_empty() && legal(word))
}

/// A value as events name what they are about.
pub(crate) fn in_one_word(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Array(parts) => parts.iter().map(in_one_word).collect::<Vec<_>>().join(","),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// What came, at a visit that waits for an event.
pub(crate) fn note_event(case: &mut Case, id: ActivationNo, arrival: &Arrival) {
    let now = match arrival {
        Arrival::Event { .. } => EventState::Come,
        Arrival::Time => EventState::Late { reason: Reason::new("workflow.event_late") },
        _ => return,
    };
    on_event(case, id, |state| *state = now);
}

/// Whoever was asked had the case go on without it.
pub(crate) fn pass_event(case: &mut Case, id: ActivationNo) {
    on_event(case, id, |state| {
        if matches!(state, EventState::Late { .. }) {
            *state = EventState::Without;
        }
    });
}

fn on_event(case: &mut Case, id: ActivationNo, change: impl FnOnce(&mut EventState)) {
    on_activation(case, id, |visit| {
        if let Some(Awaiting::Event { state, .. }) = &mut visit.awaiting {
            change(state);
        }
    });
}
