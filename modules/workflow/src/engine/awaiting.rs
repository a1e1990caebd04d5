//! Nodes that wait for something other than a person: a time that comes, an event, cases of another flow that end, an
//! effect in a module that happens, another system that answers. A visit says for what ([`What::Awaited`]), and
//! only the system says that it has come ([`Intent::Arrived`](super::Intent::Arrived)).
//!
//! No task is open in such a visit, and the case is not stuck: what is awaited comes by itself, an administrator may move
//! the case on, and a return, a rejection or a withdrawal ends the waiting like any other visit.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    act::{EffectState, Made},
    awaited_event::EventState,
    call::{Called, CalledState},
    case::{Activation, ActivationNo, Case, Closing, End, Status, Values},
    event::{Change, What},
    mend::Reason,
    people::Pending,
    refusal::Refusal,
    route::{StepCall, StepEffect, StepEvent, StepWait, StepWebhook, When},
    wait::{Wait, WaitTime},
    walk::{Next, Run},
    webhook::WebhookState,
};
use crate::engine::{Flow, Node};

/// What a visit waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Awaiting {
    Time {
        #[schema(value_type = String, format = DateTime)]
        until: Timestamp,
    },
    /// Cases of that flow. `waited`: they matter until they have ended, and are called off where nobody waits any more.
    Cases { flow: String, calls: Vec<Called>, waited: bool },
    /// An effect in a module, with what it is given.
    Effect {
        effect: String,
        #[schema(value_type = Object)]
        values: Values,
        state: EffectState,
    },
    /// Something that has a name, about this value; `about` absent: about any.
    Event {
        event: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        until: Option<Timestamp>,
        state: EventState,
    },
    /// The answer of another system, and what it was asked.
    Webhook {
        endpoint: String,
        #[schema(value_type = Object)]
        values: Values,
        later: bool,
        state: WebhookState,
    },
}

/// What came from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Arrival {
    Time,
    /// A case was opened.
    Opened {
        call: u32,
        case: String,
    },
    /// It has ended; `values`: what it hands back.
    Ended {
        call: u32,
        case: String,
        status: Status,
        #[schema(value_type = Object)]
        values: Values,
    },
    /// It could not be opened.
    Failed {
        call: u32,
        reason: Reason,
    },
    /// The effect happened; `values`: what it hands back.
    Done {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<Made>,
        #[schema(value_type = Object)]
        values: Values,
    },
    /// The effect was recorded; the module it belongs to is not there yet.
    Declared,
    /// Its module refused it.
    Refused {
        reason: Reason,
    },
    /// It happened; where: in which other case, or told by which endpoint.
    Event {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// The other system took the request, and answers later.
    Sent,
    /// It answered.
    Answered {
        #[schema(value_type = Object)]
        values: Values,
    },
    /// It did not, or nothing that can be used.
    Unanswered {
        reason: Reason,
    },
}

impl Awaiting {
    /// What comes next if all goes well: where it is foretold, and where it is rehearsed.
    pub fn hoped(&self) -> Option<Arrival> {
        match self {
            Self::Time { .. } => Some(Arrival::Time),
            Self::Effect { state: EffectState::Due, .. } => Some(Arrival::Done { made: None, values: Values::new() }),
            Self::Effect { .. } => None,
            Self::Event { state: EventState::Waiting, .. } => Some(Arrival::Event { from: None }),
            Self::Event { .. } => None,
            Self::Webhook { state: WebhookState::Sending, later: true, .. } => Some(Arrival::Sent),
            Self::Webhook { state: WebhookState::Sending | WebhookState::Sent, .. } => {
                Some(Arrival::Answered { values: Values::new() })
            }
            Self::Webhook { .. } => None,
            Self::Cases { calls, .. } => {
                let one = calls.iter().find(|one| one.is_pending())?;
                let case = format!("{}", one.no);
                Some(match &one.state {
                    CalledState::Running { case } => Arrival::Ended {
                        call: one.no,
                        case: case.clone(),
                        status: Status::Completed,
                        values: Values::new(),
                    },
                    _ => Arrival::Opened { call: one.no, case },
                })
            }
        }
    }
}

impl Activation {
    /// What it waits for now, if not for people.
    pub fn awaits(&self) -> Option<&Awaiting> {
        self.awaiting.as_ref().filter(|_| self.is_active())
    }
}

impl Case {
    /// The visits that wait for something other than a person.
    pub fn awaited(&self) -> impl Iterator<Item = (ActivationNo, &Awaiting)> {
        self.activations.iter().filter_map(|visit| Some((visit.id, visit.awaits()?)))
    }

    /// The first visit to which something comes, if all goes well, and what. A visit that only waits for somebody's answer
    /// is none.
    pub fn hoped(&self) -> Option<(ActivationNo, Arrival)> {
        self.awaited().find_map(|(visit, awaiting)| Some((visit, awaiting.hoped()?)))
    }
}

impl Run<'_> {
    /// The case rests until the node's time has come; not at all, where it has passed.
    pub(crate) fn open_wait(&mut self, id: ActivationNo, wait: &Wait) -> Option<Next> {
        if let Some(event) = wait.event() {
            self.open_event_wait(id, &wait.key, event);
            return None;
        }
        let unknown = wait.time.field().filter(|field| self.is_undecided(field)).cloned();
        if let (Some(field), Some(assume)) = (unknown, &mut self.assume) {
            assume.pending.insert(id, Pending { fields: [field].into(), ..Pending::default() });
            return Some(self.close(id, End::Arrived));
        }
        let Some(until) = wait.time.end(&self.case.values, self.facts) else {
            return Some(self.close(id, End::PassedOver));
        };
        self.follow(What::Awaited { activation: id, awaiting: Awaiting::Time { until } });
        (until <= self.facts.now()).then(|| self.close(id, End::Arrived))
    }

    /// What a visit waited for has come. Nobody can say so but the system.
    pub(crate) fn arrive(&mut self, system: bool, id: ActivationNo, arrival: Arrival) -> Result<(), Refusal> {
        if !system {
            return Err(Refusal::NotTheSystem);
        }
        let awaiting = self.case.activation(id).and_then(Activation::awaits).ok_or(Refusal::NothingAwaited)?;
        match (awaiting, &arrival) {
            (Awaiting::Time { until }, Arrival::Time) if *until > self.facts.now() => return Err(Refusal::NotYet),
            (Awaiting::Time { .. }, Arrival::Time) => {}
            (Awaiting::Cases { .. }, arrival) if self.fits_calls(id, arrival) => {}
            (
                Awaiting::Effect { state: EffectState::Due, .. },
                Arrival::Done { .. } | Arrival::Declared | Arrival::Refused { .. },
            ) => {}
            (Awaiting::Event { state: EventState::Waiting, until: Some(until), .. }, Arrival::Time) => {
                if *until > self.facts.now() {
                    return Err(Refusal::NotYet);
                }
            }
            (Awaiting::Event { state: EventState::Waiting | EventState::Late { .. }, .. }, Arrival::Event { .. }) => {}
            (Awaiting::Webhook { state, later, .. }, arrival) if state.takes(*later, arrival) => {}
            _ => return Err(Refusal::NothingAwaited),
        }
        let next = self.take_in(id, arrival)?;
        self.go_on(next)
    }

    /// Nobody waits for this case any more.
    pub(crate) fn call_off(&mut self, system: bool) -> Result<(), Refusal> {
        if !system {
            return Err(Refusal::NotTheSystem);
        }
        self.follow(What::CalledOff);
        self.end_case(Status::Withdrawn, End::Withdrawn, Closing::CaseWithdrawn);
        Ok(())
    }

    /// What came, with what it hands back; then what becomes of the visit.
    fn take_in(&mut self, id: ActivationNo, arrival: Arrival) -> Result<Option<Next>, Refusal> {
        let key = self.case.activations[id.index()].node.clone();
        let node = self.place(&key)?.node;
        if let (Some(act), Arrival::Done { values, .. }) = (node.act(), &arrival) {
            // The shell asked before whether they fit.
            let changes = self.taken_back(act, values).map_err(|_| Refusal::NothingAwaited)?;
            self.arrived(id, arrival, changes);
            return self.weigh(id);
        }
        if let (Some(webhook), Arrival::Answered { values }) = (node.webhook(), &arrival) {
            match self.answered(webhook, values) {
                Ok(changes) => self.arrived(id, arrival, changes),
                Err(reason) => self.arrived(id, Arrival::Unanswered { reason }, Vec::new()),
            }
            return self.weigh(id);
        }
        let call = node.call();
        let completed = match &arrival {
            Arrival::Ended { call: no, status: Status::Completed, values, .. } => Some((*no, values)),
            _ => None,
        };
        let results = match (call, completed) {
            (Some(call), Some((no, values))) => self.results(call, values).map_err(|reason| (no, reason)),
            _ => Ok(Vec::new()),
        };
        match results {
            Ok(changes) => self.arrived(id, arrival, changes),
            Err((call, reason)) => self.arrived(id, Arrival::Failed { call, reason }, Vec::new()),
        }
        self.weigh(id)
    }

    /// It came, and wrote this into the form.
    fn arrived(&mut self, id: ActivationNo, arrival: Arrival, changes: Vec<Change>) {
        self.follow(What::Arrived { activation: id, arrival });
        if !changes.is_empty() {
            self.follow(What::ResultsTaken { activation: id, changes });
        }
    }

    /// The walk with what this visit waits for having come, in a prediction.
    pub(crate) fn suppose_arrived(&mut self, id: ActivationNo) -> Result<(), Refusal> {
        self.begin_decision();
        let hoped = self.case.activation(id).and_then(Activation::awaits).and_then(Awaiting::hoped);
        let next = match hoped {
            Some(arrival) => self.take_in(id, arrival)?,
            None => Some(self.close(id, End::Arrived)),
        };
        self.go_on(next)
    }
}

/// What a route tells of the waiting at this visit.
pub(crate) fn step_wait(flow: &Flow, visit: &Activation, when: When, pending: Option<&Pending>) -> Option<StepWait> {
    let node = match flow.find(&visit.node).map(|place| place.node) {
        Some(Node::Wait(node)) => node,
        Some(Node::Call(_)) => {
            let cases = match &visit.awaiting {
                Some(Awaiting::Cases { calls, .. }) => calls.iter().map(StepCall::of).collect(),
                _ => Vec::new(),
            };
            return Some(StepWait { cases, ..StepWait::default() });
        }
        Some(Node::Act(_)) => {
            let effect = match &visit.awaiting {
                Some(Awaiting::Effect { effect, state, .. }) if when != When::Future => StepEffect::of(effect, state),
                Some(Awaiting::Effect { effect, .. }) => StepEffect { effect: effect.clone(), state: None },
                _ => return None,
            };
            return Some(StepWait { effect: Some(effect), ..StepWait::default() });
        }
        Some(Node::Webhook(node)) => {
            let state = match &visit.awaiting {
                Some(Awaiting::Webhook { state, .. }) if when != When::Future => Some(state),
                _ => None,
            };
            let reason = match state {
                Some(WebhookState::Failed { reason }) => Some(reason.clone()),
                _ => None,
            };
            let state = state.map(|state| state.word().to_owned());
            let webhook = Some(StepWebhook { endpoint: node.endpoint.clone(), state, reason });
            return Some(StepWait { webhook, ..StepWait::default() });
        }
        _ => return None,
    };
    if let Some(waits) = node.event() {
        let (event, future) = (waits.event.clone(), when == When::Future);
        let (about, state, until) = match &visit.awaiting {
            Some(Awaiting::Event { about, state, until, .. }) if !future => {
                (about.clone(), Some(state.word().to_owned()), *until)
            }
            _ => (None, None, None),
        };
        let span = waits.at_most.filter(|_| future);
        return Some(StepWait { until, span, event: Some(StepEvent { event, about, state }), ..StepWait::default() });
    }
    let until = match visit.awaiting {
        Some(Awaiting::Time { until }) => Some(until),
        _ => None,
    };
    // When the case will come there is not known, so neither is until when it waits.
    let (until, span) = match &node.time {
        WaitTime::For { span } if when == When::Future => (None, Some(*span)),
        _ => (until.filter(|_| pending.is_none()), None),
    };
    Some(StepWait { until, span, ..StepWait::default() })
}
