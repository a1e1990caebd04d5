//! Nodes that wait for something other than a person: a time that comes. A visit says for what ([`What::Awaited`]), and
//! only the system says that it has come ([`Intent::Arrived`](super::Intent::Arrived)).
//!
//! No task is open in such a visit, and the case is not stuck: what is awaited comes by itself, an administrator may move
//! the case on, and a return, a rejection or a withdrawal ends the waiting like any other visit.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{Activation, ActivationNo, Case, End},
    event::What,
    people::Pending,
    refusal::Refusal,
    route::{StepWait, When},
    wait::{Wait, WaitTime},
    walk::{Next, Run},
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
}

/// What came from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Arrival {
    Time,
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
}

impl Run<'_> {
    /// The case rests until the node's time has come; not at all, where it has passed.
    pub(crate) fn open_wait(&mut self, id: ActivationNo, wait: &Wait) -> Option<Next> {
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
        }
        self.follow(What::Arrived { activation: id, arrival });
        let next = self.close(id, End::Arrived);
        self.go_on(Some(next))
    }

    /// The walk with what this visit waits for having come, in a prediction.
    pub(crate) fn suppose_arrived(&mut self, id: ActivationNo) -> Result<(), Refusal> {
        self.begin_decision();
        let next = self.close(id, End::Arrived);
        self.go_on(Some(next))
    }
}

/// What a route tells of the waiting at this visit.
pub(crate) fn step_wait(flow: &Flow, visit: &Activation, when: When, pending: Option<&Pending>) -> Option<StepWait> {
    let Some(Node::Wait(node)) = flow.find(&visit.node).map(|place| place.node) else { return None };
    let until = match visit.awaiting {
        Some(Awaiting::Time { until }) => Some(until),
        None => None,
    };
    // When the case will come there is not known, so neither is until when it waits.
    let (until, span) = match &node.time {
        WaitTime::For { span } if when == When::Future => (None, Some(*span)),
        _ => (until.filter(|_| pending.is_none()), None),
    };
    Some(StepWait { until, span })
}
