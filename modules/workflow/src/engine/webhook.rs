//! 外部调用: a node at which a case asks another system, by a signed request, and waits for its answer (FLOW-40).
//!
//! The engine says what is asked of which endpoint; sending it is work of the shell, after the unit of the decision has
//! ended, which tells what came of it as an [`Arrival`]. A flow names an endpoint that an administrator registered, never
//! an address. What gets no answer does not break the case: [`super::mend`] asks the executor about it.

use std::collections::BTreeMap;

use hanlin_forms::form::{Field, FieldType};
use hanlin_kernel::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    apply::on_activation,
    awaiting::{Arrival, Awaiting},
    case::{Activation, ActivationNo, Case, Values},
    event::{Change, What},
    mend::Reason,
    model::{Expr, FieldId, Flow, Key, Node, Who},
    refusal::Refusal,
    walk::{Next, Run},
};

/// 外部调用节点: when the case comes here, another system is asked, and the case goes on when it has answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub key: Key,
    pub name: Text,
    /// By the name under which an administrator registered it.
    pub endpoint: String,
    /// Its parameter → an expression over our fields; a field that is named alone is sent as it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub send: BTreeMap<String, Expr>,
    /// Our field ← what its answer says under this name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub results: BTreeMap<FieldId, String>,
    #[serde(default)]
    pub answer: AnswerWhen,
    /// Who is asked where no answer comes; nobody named or found: the flow's administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<Who>,
}

/// When the other side answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerWhen {
    /// In the answer to the request.
    #[default]
    AtOnce,
    /// By a request of its own, when it has one.
    Later,
}

/// How a request to another system stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WebhookState {
    /// It is on its way.
    Sending,
    /// The other side took it, and will answer later.
    Sent,
    Answered,
    /// No answer came, or one that cannot be used, and nobody saw to it yet.
    Failed {
        reason: Reason,
    },
    /// Whoever was asked saw to it, and said so.
    ByHand,
}

impl WebhookState {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Failed { .. } => "failed",
            Self::ByHand => "by_hand",
        }
    }

    /// Does this fit how it stands? Else it came too late, or twice. An answer may overtake the word that it was sent.
    pub(crate) fn takes(&self, later: bool, arrival: &Arrival) -> bool {
        match (self, arrival) {
            (Self::Sending, Arrival::Sent) => later,
            (Self::Sending | Self::Sent, Arrival::Answered { .. } | Arrival::Unanswered { .. }) => true,
            _ => false,
        }
    }
}

impl Node {
    pub(crate) fn webhook(&self) -> Option<&Webhook> {
        match self {
            Self::Webhook(webhook) => Some(webhook),
            _ => None,
        }
    }
}

impl Flow {
    /// Does any of its nodes ask this system?
    pub(crate) fn asks(&self, endpoint: &str) -> bool {
        self.nodes().into_iter().filter_map(Node::webhook).any(|webhook| webhook.endpoint == endpoint)
    }
}

impl Activation {
    /// Did another system answer here, or somebody in its stead?
    pub(crate) fn was_answered(&self) -> bool {
        matches!(&self.awaiting, Some(Awaiting::Webhook { state: WebhookState::Answered | WebhookState::ByHand, .. }))
    }
}

impl Run<'_> {
    /// The case rests until the other side has answered.
    pub(crate) fn open_webhook(&mut self, id: ActivationNo, webhook: &Webhook) {
        let scope = self.checked.form().scope(&self.case.values, &self.case.initiator.described);
        let value = |(name, written): (&String, &Expr)| {
            let value = self.written(&webhook.key, name, written, &scope)?;
            (!value.is_null()).then(|| (name.clone(), value))
        };
        let values: Values = webhook.send.iter().filter_map(value).collect();
        let (endpoint, later) = (webhook.endpoint.clone(), webhook.answer == AnswerWhen::Later);
        let awaiting = Awaiting::Webhook { endpoint, values, later, state: WebhookState::Sending };
        self.follow(What::Awaited { activation: id, awaiting });
    }

    /// What becomes of this visit, as its request stands.
    pub(crate) fn weigh_webhook(&mut self, id: ActivationNo, webhook: &Webhook) -> Result<Option<Next>, Refusal> {
        match self.case.activation(id).and_then(|visit| visit.awaiting.as_ref()) {
            Some(Awaiting::Webhook { state: WebhookState::Sending | WebhookState::Sent, .. }) => Ok(None),
            Some(Awaiting::Webhook { state: WebhookState::Failed { .. }, .. }) => {
                let executors = self.executors(&webhook.key, webhook.executor.as_ref());
                self.ask_to_mend(id, &webhook.key, executors)?;
                Ok(None)
            }
            _ => Ok(Some(self.close_awaited(id, None))),
        }
    }

    /// An answer, as changes of our fields; or why it cannot be taken over.
    pub(crate) fn answered(&self, webhook: &Webhook, theirs: &Values) -> Result<Vec<Change>, Reason> {
        let mut as_we_have_it = Values::new();
        for (field, from) in &webhook.results {
            let known = self.flow.form.field(field);
            if let (Some(known), Some(value)) = (known, theirs.get(from)) {
                as_we_have_it.insert(from.clone(), in_our_words(known, value));
            }
        }
        self.taken_over(&webhook.results, &as_we_have_it, false)
    }
}

/// Other systems write numbers as numbers; a form holds them, and texts, in words.
fn in_our_words(field: &Field, value: &Value) -> Value {
    let in_words = matches!(field.kind, FieldType::Number | FieldType::Money | FieldType::Text | FieldType::LongText);
    match value {
        Value::Number(number) if in_words => Value::from(number.to_string()),
        other => other.clone(),
    }
}

/// What came of a request, at its visit.
pub(crate) fn note_answer(case: &mut Case, id: ActivationNo, arrival: &Arrival) {
    let now = match arrival {
        Arrival::Sent => WebhookState::Sent,
        Arrival::Answered { .. } => WebhookState::Answered,
        Arrival::Unanswered { reason } => WebhookState::Failed { reason: reason.clone() },
        _ => return,
    };
    on_webhook(case, id, |state| *state = now);
}

/// What got no answer, and somebody saw to it: `then` is how it stands from now on.
pub(crate) fn mend_webhook(case: &mut Case, id: ActivationNo, then: WebhookState) {
    on_webhook(case, id, |state| {
        if matches!(state, WebhookState::Failed { .. }) {
            *state = then;
        }
    });
}

fn on_webhook(case: &mut Case, id: ActivationNo, change: impl FnOnce(&mut WebhookState)) {
    on_activation(case, id, |visit| {
        if let Some(Awaiting::Webhook { state, .. }) = &mut visit.awaiting {
            change(state);
        }
    });
}
