use hanlin_kernel::{Error, Result};
use hanlin_store::{FromRow, Json, Row, Tx, params};
use jiff::Timestamp;

use super::model::{Delivery, DeliveryId, DeliveryState, Endpoint, EndpointId};
use crate::{cases::CaseId, engine::case::ActivationNo};

hanlin_store::from_row!(Endpoint {
    id,
    name,
    url,
    flows: json,
    enabled,
    renewed,
    old_until,
    version,
    created_at,
    changed_at
});

impl FromRow for Delivery {
    fn from_row(row: &Row) -> Result<Self> {
        let state: String = row.get("state")?;
        Ok(Self {
            id: row.get("id")?,
            endpoint: row.get("endpoint")?,
            case: row.get("case_id")?,
            activation: row.get::<Option<u32>>("activation")?.map(ActivationNo),
            body: row.get("body")?,
            state: DeliveryState::named(&state)
                .ok_or_else(|| Error::internal(format!("`{state}` is no state of a delivery")))?,
            n_tries: row.get("n_tries")?,
            status: row.get::<Option<u32>>("status")?.and_then(|status| u16::try_from(status).ok()),
            reason: row.get("reason")?,
            created_at: row.get("created_at")?,
            settled_at: row.get("settled_at")?,
        })
    }
}

pub(super) fn insert_endpoint(tx: &mut Tx, endpoint: &Endpoint) -> Result<u64> {
    let Endpoint { id, name, url, flows, enabled, renewed, version, created_at, changed_at, .. } = endpoint;
    tx.exec(
        "insert into workflow_endpoint (id, name, url, flows, enabled, renewed, version, created_at, changed_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![id, name, url, Json(flows), enabled, renewed, version, created_at, changed_at],
    )
}

/// Saves what may change, unless someone else did meanwhile.
pub(super) fn save_endpoint(tx: &mut Tx, endpoint: &Endpoint) -> Result<()> {
    let Endpoint { id, url, flows, enabled, renewed, old_until, version, changed_at, .. } = endpoint;
    let changed = tx.exec(
        "update workflow_endpoint set url = $2, flows = $3, enabled = $4, renewed = $5, changed_at = $6, \
         old_until = $8, version = version + 1 where id = $1 and version = $7",
        params![id, url, Json(flows), enabled, renewed, changed_at, version, old_until],
    )?;
    if changed == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Takes it out with what was sent to try it; what was sent for cases is taken out in its time.
pub(super) fn delete_endpoint(tx: &mut Tx, endpoint: &Endpoint) -> Result<()> {
    let Endpoint { id, name, version, .. } = endpoint;
    let gone = tx.exec("delete from workflow_endpoint where id = $1 and version = $2", params![id, version])?;
    if gone == 0 {
        return Err(Error::Stale);
    }
    tx.queue("delete from workflow_delivery where endpoint = $1 and case_id is null", params![name])
}

pub(super) fn find_endpoint(tx: &mut Tx, id: EndpointId) -> Result<Endpoint> {
    tx.one("select * from workflow_endpoint where id = $1", params![id])
}

pub(super) fn find_by_name(tx: &mut Tx, name: &str) -> Result<Option<Endpoint>> {
    tx.maybe("select * from workflow_endpoint where name = $1", params![name])
}

pub(crate) fn list_endpoints(tx: &mut Tx) -> Result<Vec<Endpoint>> {
    tx.all("select * from workflow_endpoint order by name limit 500", &[])
}

pub(super) fn insert_delivery(tx: &mut Tx, delivery: &Delivery) -> Result<()> {
    let Delivery { id, endpoint, case, activation, body, created_at, .. } = delivery;
    tx.queue(
        "insert into workflow_delivery (id, endpoint, case_id, activation, body, state, n_tries, next_at, created_at) \
         values ($1, $2, $3, $4, $5, 'waiting', 0, $6, $6)",
        params![id, endpoint, case, activation.map(|visit| visit.0), body, created_at],
    )
}

pub(super) fn find_delivery(tx: &mut Tx, id: DeliveryId) -> Result<Delivery> {
    tx.one("select * from workflow_delivery where id = $1", params![id])
}

/// What is due, as somebody who has it for a while: whoever asks meanwhile does not get it.
pub(super) fn claim(tx: &mut Tx, most: u32, until: Timestamp) -> Result<Vec<Delivery>> {
    let now = tx.now();
    let sql = "select * from workflow_delivery where next_at <= $1 order by next_at, id limit $2";
    let due: Vec<Delivery> = match tx.is_sqlite() {
        true => tx.all(sql, params![now, most])?,
        false => tx.all(&format!("{sql} for update skip locked"), params![now, most])?,
    };
    for delivery in &due {
        tx.queue(
            "update workflow_delivery set next_at = $2, n_tries = n_tries + 1 where id = $1",
            params![delivery.id, until],
        )?;
    }
    Ok(due)
}

/// Is anything due?
pub(super) fn is_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let sql = "select 1 from workflow_delivery where next_at <= $1 limit 1";
    Ok(tx.maybe_scalar::<i64>(sql, params![now])?.is_some())
}

/// What the last try came to; `next`: when it is tried again.
pub(super) fn save_delivery(tx: &mut Tx, delivery: &Delivery, next: Option<Timestamp>) -> Result<()> {
    let Delivery { id, state, status, reason, settled_at, .. } = delivery;
    tx.queue(
        "update workflow_delivery set state = $2, status = $3, reason = $4, settled_at = $5, next_at = $6 where id = $1",
        params![id, state.word(), status.map(u32::from), reason, settled_at, next],
    )
}

/// Nobody waits for these answers any more.
pub(crate) fn call_off(tx: &mut Tx, case: CaseId, visit: ActivationNo) -> Result<()> {
    let now = tx.now();
    tx.queue(
        "update workflow_delivery set state = 'failed', next_at = null, reason = 'workflow.webhook_called_off', \
         settled_at = $3 where case_id = $1 and activation = $2 and state in ('waiting', 'sent')",
        params![case, visit.0, now],
    )
}

/// The latest to this endpoint, or to any.
pub(super) fn list_deliveries(tx: &mut Tx, endpoint: &str, most: u32) -> Result<Vec<Delivery>> {
    tx.all("select * from workflow_delivery where endpoint = $1 order by id desc limit $2", params![endpoint, most])
}

/// What was settled before then is taken out: the trace of each case has it.
pub(super) fn forget_before(tx: &mut Tx, before: Timestamp) -> Result<()> {
    tx.queue("delete from workflow_delivery where settled_at < $1", params![before])
}
