//! Sends what is due: outside every unit of work, several at once, and what came of each in a unit of its own.

use std::{sync::Arc, time::Duration};

use hanlin_kernel::{Error, Id, Result};
use hanlin_rulebook::catalogue;
use hanlin_store::{Context, Db, Tx};
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use zeroize::Zeroizing;

use super::{
    client::{Client, Message, Said},
    model::{Delivery, DeliveryId, DeliveryState, Endpoint},
    signing::{Envelope, Secret, Secrets},
    store,
};
use crate::{
    cases,
    engine::{Arrival, Awaiting, Reason, case::Activation},
    flows,
};

/// Most that are under way at once, on one server.
const AT_ONCE: u32 = 8;
/// How long what is settled can be looked at.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Long enough for a try, whatever the rules say, and for what is done with the answer: then another server takes it on.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// The first wait before it is tried again; each is four times the one before, an hour at most.
const FIRST_WAIT: i64 = 10;
const LONGEST_WAIT: i64 = 3_600;

/// What sends to other systems, and checks what they send. One for each server; cheap to clone.
#[derive(Clone)]
pub struct Webhooks {
    key: Arc<Zeroizing<[u8; 32]>>,
    pub(super) inside: bool,
    client: Client,
}

/// One that is to be sent now, and to where; why not.
type Claimed = (Delivery, Result<Message, &'static str>);

impl Webhooks {
    /// `key`: of what the secrets are made; it lies outside the database. `inside`: requests may go to this machine and to
    /// private networks.
    pub fn new(key: Zeroizing<[u8; 32]>, inside: bool) -> Self {
        Self { key: Arc::new(key), inside, client: Client::new(inside) }
    }

    /// The newest: what is shown.
    pub(super) fn secret(&self, endpoint: &Endpoint) -> Secret {
        Secret::of(&self.key, endpoint)
    }

    pub(super) fn secrets(&self, endpoint: &Endpoint, now: Timestamp) -> Secrets {
        Secrets::of(&self.key, endpoint, now)
    }

    /// Sends for ever.
    pub async fn run(self, db: Db) {
        loop {
            let pause = match self.send_due(&db).await {
                Ok(0) => Duration::from_secs(1),
                Ok(_) => continue,
                Err(Error::Busy("store.closed")) => return,
                Err(error) => {
                    tracing::error!(%error, "requests to other systems could not be sent");
                    Duration::from_secs(5)
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Sends what is due, once; how many.
    pub async fn send_due(&self, db: &Db) -> Result<usize> {
        if !db.read(store::is_due).await? {
            return Ok(0);
        }
        let own = self.clone();
        let claimed = db.write_as(Context::default().background(), move |tx| own.claim(tx)).await?;
        let count = claimed.len();
        let mut under_way = JoinSet::new();
        for (delivery, message) in claimed {
            let own = self.clone();
            under_way.spawn_blocking(move || match message {
                Ok(message) => (delivery, own.client.send(&message)),
                Err(reason) => (delivery, Said::No { status: None, reason }),
            });
        }
        while let Some(sent) = under_way.join_next().await {
            let (delivery, said) = sent.map_err(Error::internal)?;
            db.write_as(Context::default().background(), move |tx| note(tx, delivery.id, &said)).await?;
        }
        Ok(count)
    }

    fn claim(&self, tx: &mut Tx) -> Result<Vec<Claimed>> {
        let now = tx.now();
        store::forget_before(tx, now - KEPT)?;
        let due = store::claim(tx, AT_ONCE, now + LEASE)?;
        due.into_iter().map(|delivery| Ok((delivery.clone(), self.message(tx, delivery)?))).collect()
    }

    /// Signed now: whoever gets it sees from when it is, whatever try it is.
    fn message(&self, tx: &mut Tx, delivery: Delivery) -> Result<Result<Message, &'static str>> {
        let Some(endpoint) = store::find_by_name(tx, &delivery.endpoint)? else {
            return Ok(Err("workflow.webhook_unknown"));
        };
        let case = delivery.case.map(|case| cases::find_case(tx, case)).transpose()?;
        let serves = match &case {
            Some(case) => endpoint.serves(&flows::find_flow(tx, case.flow)?.code),
            None => true,
        };
        if !serves {
            return Ok(Err("workflow.webhook_closed"));
        }
        let unit = case.and_then(|case| case.unit);
        let seconds = hanlin_rulebook::parameter(tx, unit, &catalogue::WORKFLOW_WEBHOOK_TIMEOUT_SECONDS)?.value;
        let timeout = Duration::from_secs(seconds);
        let (id, at) = (delivery.id.to_string(), tx.now().as_second());
        let signature =
            self.secrets(&endpoint, tx.now()).sign(&Envelope { id: &id, at, body: delivery.body.as_bytes() });
        Ok(Ok(Message { url: endpoint.url, id, at, signature, body: delivery.body, timeout }))
    }
}

/// What came of a try: the case goes on, or it is tried again, or somebody is asked.
fn note(tx: &mut Tx, id: DeliveryId, said: &Said) -> Result<()> {
    let mut delivery = store::find_delivery(tx, id)?;
    if delivery.state != DeliveryState::Waiting {
        // Called off, or answered by the other side, while it was under way.
        return Ok(());
    }
    let now = tx.now();
    let unit = match delivery.case {
        Some(case) => cases::find_case(tx, case)?.unit,
        None => None,
    };
    let most = hanlin_rulebook::parameter(tx, unit, &catalogue::WORKFLOW_WEBHOOK_TRIES)?.value;
    let arrival = match said {
        Said::NotNow { status, reason } if u64::from(delivery.n_tries) < most && delivery.case.is_some() => {
            (delivery.status, delivery.reason) = (*status, Some((*reason).to_owned()));
            let again = now + wait_after(delivery.n_tries);
            return store::save_delivery(tx, &delivery, Some(again));
        }
        Said::NotNow { status, reason } | Said::No { status, reason } => {
            delivery.state = DeliveryState::Failed;
            (delivery.status, delivery.reason) = (*status, Some((*reason).to_owned()));
            let reason = Reason::new(reason).with("endpoint", delivery.endpoint.as_str());
            let reason = reason.with("tries", delivery.n_tries);
            Arrival::Unanswered { reason: reason.with("status", status.map(u32::from)) }
        }
        Said::Yes { status, values } => {
            (delivery.status, delivery.reason) = (Some(*status), None);
            match is_later(tx, &delivery)? {
                true => {
                    delivery.state = DeliveryState::Sent;
                    Arrival::Sent
                }
                false => {
                    delivery.state = DeliveryState::Answered;
                    Arrival::Answered { values: values.clone() }
                }
            }
        }
    };
    delivery.settled_at = (delivery.state != DeliveryState::Sent).then_some(now);
    store::save_delivery(tx, &delivery, None)?;
    match delivery.visit() {
        Some((case, visit)) => cases::arrive(tx, case, visit, arrival),
        None => Ok(()),
    }
}

/// Does the other side answer by a request of its own?
pub(super) fn is_later(tx: &mut Tx, delivery: &Delivery) -> Result<bool> {
    let Some((case, visit)) = delivery.visit() else { return Ok(false) };
    let case = cases::find_case(tx, case)?;
    let awaits = case.state.activation(visit).and_then(Activation::awaits);
    Ok(matches!(awaits, Some(Awaiting::Webhook { later: true, .. })))
}

/// Ever longer, and never all at the same moment.
fn wait_after(n_tries: u32) -> SignedDuration {
    let seconds = FIRST_WAIT.saturating_mul(4i64.saturating_pow(n_tries.saturating_sub(1))).min(LONGEST_WAIT);
    let chance = (Id::<Delivery>::new().as_u128() % 1_000) as i64;
    SignedDuration::from_millis(seconds * 800 + seconds * 400 * chance / 1_000)
}
