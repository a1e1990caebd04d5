//! What goes out for cases: written in the unit of the decision, sent when it has ended.

use hanlin_directory::PersonName;
use hanlin_kernel::{Id, Result};
use hanlin_store::Tx;
use serde_json::{Value, json};

use super::{
    model::{Delivery, DeliveryId, DeliveryState},
    store,
};
use crate::{
    cases::{self, StoredCase},
    engine::{Values, case::ActivationNo},
};

/// A visit asks this endpoint from now on.
pub(crate) fn queue(
    tx: &mut Tx,
    case: &StoredCase,
    visit: ActivationNo,
    endpoint: &str,
    values: &Values,
) -> Result<()> {
    let id = Id::new();
    let flow = crate::flows::find_flow(tx, case.flow)?;
    let directory = hanlin_directory::snapshot(tx)?;
    let initiator = case.state.initiator.principal();
    let node = case.state.activation(visit).map(|visit| visit.node.clone());
    let data = json!({
        "case": case.id, "number": case.number, "title": case.title, "link": cases::link(case.id),
        "flow": flow.code, "node": node,
        "initiator": { "id": initiator, "name": PersonName::of(initiator, &directory).name },
        "values": values,
    });
    let delivery = waiting(tx, id, endpoint, "case.asks", &data);
    store::insert_delivery(tx, &Delivery { case: Some(case.id), activation: Some(visit), ..delivery })
}

/// What is sent: what it is, from when, about what, and where a later answer goes to.
pub(super) fn waiting(tx: &mut Tx, id: DeliveryId, endpoint: &str, what: &str, data: &Value) -> Delivery {
    let now = tx.now();
    let answer_to = format!("/api/v1/webhook-answers/{id}");
    let body = json!({ "type": what, "timestamp": now, "answer_to": answer_to, "data": data });
    Delivery {
        id,
        endpoint: endpoint.to_owned(),
        case: None,
        activation: None,
        body: body.to_string(),
        state: DeliveryState::Waiting,
        n_tries: 0,
        status: None,
        reason: None,
        created_at: now,
        settled_at: None,
    }
}
