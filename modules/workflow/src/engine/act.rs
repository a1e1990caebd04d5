//! 效果: a node at which an approved case does something in a module (FLOW-40).
//!
//! The engine says what is to be done, and with which values; doing it is work of the shell, in the unit of the same
//! decision, which tells what came of it as an [`Arrival`]. What a module refuses does not undo the decision:
//! [`super::mend`] asks the executor about it.

use std::collections::BTreeMap;

use hanlin_kernel::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    apply::on_activation,
    awaited_event::ABOUT,
    awaiting::{Arrival, Awaiting},
    call::EACH,
    case::{Activation, ActivationNo, Case, Values},
    checked::CheckedFlow,
    desk::PeopleRules,
    event::Change,
    facts::{Chosen, Facts, Why},
    mend::Reason,
    model::{Expr, FieldId, Key, Node, PeopleSettings, Who},
    refusal::Refusal,
    walk::{Next, Run},
};

/// What stands for the initiator among the values of an effect.
pub const INITIATOR: &str = "initiator";

/// 效果节点: when the case comes here, its effect happens and the case goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Act {
    pub key: Key,
    pub name: Text,
    /// Which effect, by its name in the catalogue: `organisation.transfer`.
    pub effect: String,
    /// Its parameter → an expression over our fields; a field that is named alone is handed in as it is, and
    /// [`INITIATOR`] is the initiator.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, Expr>,
    /// Our field ← what it hands back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub results: BTreeMap<FieldId, String>,
    /// Who is asked where it is refused; nobody named or found: the flow's administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<Who>,
}

/// How an effect stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EffectState {
    /// It is about to happen.
    Due,
    /// It happened.
    Done {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<Made>,
    },
    /// It was recorded: the module it belongs to is not there yet.
    Declared,
    /// Its module refused it, and nobody saw to it yet.
    Refused { reason: Reason },
    /// Whoever was asked saw to it, and said so.
    ByHand,
}

impl EffectState {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Done { .. } => "done",
            Self::Declared => "declared",
            Self::Refused { .. } => "refused",
            Self::ByHand => "by_hand",
        }
    }
}

/// What an effect made, as a case shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Made {
    pub label: Text,
    /// Where it is read, within the client; who follows it needs the right to read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Node {
    pub(crate) fn act(&self) -> Option<&Act> {
        match self {
            Self::Act(act) => Some(act),
            _ => None,
        }
    }

    /// The values that it hands to what is not this case, each an expression with its name there.
    pub(crate) fn handed(&self) -> Vec<(&str, &Expr)> {
        let values = match self {
            Self::Call(call) => &call.values,
            Self::Act(act) => &act.with,
            Self::Webhook(webhook) => &webhook.send,
            _ => return self.event_wait().and_then(|event| Some((ABOUT, event.about.as_ref()?))).into_iter().collect(),
        };
        values.iter().map(|(name, value)| (name.as_str(), value)).collect()
    }
}

/// Is it no expression, but the name of somebody or something that is handed in?
pub(crate) fn is_handed_as_it_is(node: &Node, source: &str) -> bool {
    match node {
        Node::Call(_) => source.trim() == EACH,
        Node::Act(_) => source.trim() == INITIATOR,
        _ => false,
    }
}

impl Activation {
    /// Did an effect happen here, or was it recorded or seen to?
    pub(crate) fn has_effect(&self) -> bool {
        let settled = |state: &EffectState| !matches!(state, EffectState::Due | EffectState::Refused { .. });
        matches!(&self.awaiting, Some(Awaiting::Effect { state, .. }) if settled(state))
    }

    fn is_due(&self) -> bool {
        matches!(self.awaits(), Some(Awaiting::Effect { state: EffectState::Due, .. }))
    }
}

impl Case {
    /// The first visit whose effect is to happen now: before anybody does anything else.
    pub fn due_effect(&self) -> Option<ActivationNo> {
        self.activations.iter().find(|visit| visit.is_due()).map(|visit| visit.id)
    }
}

impl Run<'_> {
    /// The case rests until the shell has done it, in the same unit.
    pub(crate) fn open_act(&mut self, id: ActivationNo, act: &Act) {
        let scope = self.checked.form().scope(&self.case.values, &self.case.initiator.described);
        let value = |(name, written): (&String, &Expr)| {
            let value = match written.0.trim() {
                INITIATOR => Some(Value::from(vec![self.case.initiator.principal().to_string()])),
                _ => self.written(&act.key, name, written, &scope),
            };
            Some((name.clone(), value.filter(|value| !value.is_null())?))
        };
        let values: Values = act.with.iter().filter_map(value).collect();
        let awaiting = Awaiting::Effect { effect: act.effect.clone(), values, state: EffectState::Due };
        self.follow(super::event::What::Awaited { activation: id, awaiting });
    }

    /// What becomes of this visit, as its effect stands.
    pub(crate) fn weigh_act(&mut self, id: ActivationNo, act: &Act) -> Result<Option<Next>, Refusal> {
        match self.case.activation(id).and_then(|visit| visit.awaiting.as_ref()) {
            Some(Awaiting::Effect { state: EffectState::Due, .. }) => Ok(None),
            Some(Awaiting::Effect { state: EffectState::Refused { .. }, .. }) => {
                let executors = self.executors(&act.key, act.executor.as_ref());
                self.ask_to_mend(id, &act.key, executors)?;
                Ok(None)
            }
            _ => Ok(Some(self.close_awaited(id, None))),
        }
    }

    /// Who is asked about what failed at this node.
    pub(crate) fn executors(&self, key: &str, executor: Option<&Who>) -> Vec<Chosen> {
        let rules = PeopleRules::of(PeopleSettings::default(), self.flow, self.facts);
        let found = executor.map(|who| self.people(key, who, rules).chosen).unwrap_or_default();
        let serving: Vec<Chosen> = found.into_iter().filter(|one| self.facts.is_active(one.person)).collect();
        if !serving.is_empty() {
            return serving;
        }
        self.facts.administrators().into_iter().map(|person| Chosen::new(person, Why::Administrator)).collect()
    }

    /// What an effect hands back, as changes of our fields; or why it cannot be taken over.
    pub(crate) fn taken_back(&self, act: &Act, theirs: &Values) -> Result<Vec<Change>, Reason> {
        self.taken_over(&act.results, theirs, false)
    }
}

/// Would the form take what this effect hands back? Asked before it counts as done, so that one whose results fit nowhere
/// is undone.
pub fn fits_results(
    flow: &CheckedFlow,
    case: &Case,
    visit: ActivationNo,
    values: &Values,
    facts: &dyn Facts,
) -> Result<(), Reason> {
    let node = case.activation(visit).and_then(|visit| flow.flow().find(&visit.node)).map(|place| place.node);
    let Some(act) = node.and_then(Node::act) else { return Ok(()) };
    Run::new(flow, facts, case.clone()).taken_back(act, values).map(drop)
}

/// What came of an effect, at its visit.
pub(crate) fn note_effect(case: &mut Case, id: ActivationNo, arrival: &Arrival) {
    let now = match arrival {
        Arrival::Done { made, .. } => EffectState::Done { made: made.clone() },
        Arrival::Declared => EffectState::Declared,
        Arrival::Refused { reason } => EffectState::Refused { reason: reason.clone() },
        _ => return,
    };
    on_effect(case, id, |state| *state = now);
}

/// What was refused, and somebody answered: `then` is what it is from now on.
pub(crate) fn answer_refused(case: &mut Case, id: ActivationNo, then: EffectState) {
    on_effect(case, id, |state| {
        if matches!(state, EffectState::Refused { .. }) {
            *state = then;
        }
    });
}

fn on_effect(case: &mut Case, id: ActivationNo, change: impl FnOnce(&mut EffectState)) {
    on_activation(case, id, |visit| {
        if let Some(Awaiting::Effect { state, .. }) = &mut visit.awaiting {
            change(state);
        }
    });
}
