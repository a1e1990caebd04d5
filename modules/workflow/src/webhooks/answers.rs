//! What other systems send: answers that come later, and events. Believed only with the signature of their endpoint.

use hanlin_api::http::HeaderMap;
use hanlin_kernel::{Error, Result};
use hanlin_store::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    model::{DeliveryId, DeliveryState, Endpoint, EndpointId},
    signing::{self, Disbelief, Envelope},
    store,
    worker::{Webhooks, is_later},
};
use crate::{
    cases,
    engine::{Arrival, Awaiting, Values, WebhookState, case::Activation, in_one_word},
};

/// What a request says of itself.
#[derive(Clone)]
pub(super) struct Signed {
    pub id: String,
    pub at: i64,
    pub signatures: String,
    pub body: Vec<u8>,
}

impl Signed {
    pub(super) fn of(headers: &HeaderMap, body: &[u8]) -> Result<Self> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let id = header(signing::ID).filter(|id| (1..=200).contains(&id.len())).ok_or(Disbelief::Unsigned)?;
        let at = header(signing::TIMESTAMP).and_then(|at| at.parse().ok()).ok_or(Disbelief::Unsigned)?;
        let signatures = header(signing::SIGNATURE).ok_or(Disbelief::Unsigned)?;
        Ok(Self { id, at, signatures, body: body.to_vec() })
    }

    fn check(&self, tx: &Tx, webhooks: &Webhooks, endpoint: &Endpoint) -> Result<()> {
        let said = Envelope { id: &self.id, at: self.at, body: &self.body };
        webhooks.secrets(endpoint, tx.now()).check(&said, &self.signatures, tx.now())?;
        if endpoint.enabled { Ok(()) } else { Err(Error::Forbidden("workflow.webhook_closed".to_owned())) }
    }
}

/// What became of what another system sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Taken {
    Counted,
    /// It came late or twice, or nobody waits any more: it changed nothing.
    NotAwaited,
    /// It was taken, and the form does not take what it says: somebody is asked.
    DoesNotFit,
    /// Nobody waits for the event yet: it counts for the first who does.
    Kept,
}

/// An answer to a request that said that it would come later.
pub(super) fn answer(tx: &mut Tx, webhooks: &Webhooks, id: DeliveryId, signed: &Signed) -> Result<Taken> {
    let mut delivery = store::find_delivery(tx, id)?;
    let endpoint = store::find_by_name(tx, &delivery.endpoint)?.ok_or(Error::NotFound)?;
    signed.check(tx, webhooks, &endpoint)?;
    let values: Values =
        hanlin_api::read_json(&signed.body).map_err(|_| Error::invalid("body", "workflow.webhook_not_json"))?;
    let is_open = matches!(delivery.state, DeliveryState::Waiting | DeliveryState::Sent);
    let Some((case, visit)) = delivery.visit().filter(|_| is_open) else { return Ok(Taken::NotAwaited) };
    if !is_later(tx, &delivery)? {
        return Ok(Taken::NotAwaited);
    }
    delivery.state = DeliveryState::Answered;
    delivery.reason = None;
    delivery.settled_at = Some(tx.now());
    store::save_delivery(tx, &delivery, None)?;
    cases::arrive(tx, case, visit, Arrival::Answered { values })?;
    let after = cases::find_case(tx, case)?;
    let awaiting = after.state.activation(visit).and_then(Activation::awaits);
    let failed = matches!(awaiting, Some(Awaiting::Webhook { state: WebhookState::Failed { .. }, .. }));
    Ok(if failed { Taken::DoesNotFit } else { Taken::Counted })
}

/// Something happened.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Happened {
    /// Its name: `contract.signed`.
    pub event: String,
    /// About what: what cases wait for by an expression.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub about: Value,
}

/// Another system says that something happened.
pub(super) fn event(tx: &mut Tx, webhooks: &Webhooks, id: EndpointId, signed: &Signed) -> Result<Taken> {
    let endpoint = store::find_endpoint(tx, id)?;
    signed.check(tx, webhooks, &endpoint)?;
    let told: Happened =
        hanlin_api::read_json(&signed.body).map_err(|_| Error::invalid("body", "workflow.event_unreadable"))?;
    let message = format!("{id}/{}", signed.id);
    let source = format!("endpoint/{}", endpoint.name);
    Ok(match cases::happened(tx, &message, &told.event, &in_one_word(&told.about), &source)? {
        None => Taken::NotAwaited,
        Some(0) => Taken::Kept,
        Some(_) => Taken::Counted,
    })
}
