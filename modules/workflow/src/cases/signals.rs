//! 事件: something that has a name happened, and cases that wait for it go on (FLOW-11).
//!
//! It counts for all who wait for it then. One for which nobody waits is kept for a while, and counts for the first who comes
//! to wait for it.

use hanlin_kernel::{Id, Result, Text};
use hanlin_rulebook::catalogue;
use hanlin_store::{Delivered, Row, Tx, params};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::json;

use super::{
    awaited::{arrive, key, named},
    model::{CaseId, StoredCase},
    store,
};
use crate::{
    effects::{Asked, Effect, Outcome},
    engine::{
        Arrival, Awaiting, EventState,
        case::{Activation, ActivationNo},
        in_one_word, is_event_name,
    },
};

/// An event has come for a visit.
pub(crate) const EVENT: &str = "workflow.event_due";
/// As long as any rule keeps them, and longer than anybody could send one a second time.
const LONGEST_KEPT: SignedDuration = SignedDuration::from_hours(24 * 367);
/// Longest name of what an event is about.
const LONGEST: usize = 500;

/// What a case does so that others hear of it.
pub(crate) const SIGNAL: Effect = Effect { name: "flows.signal", run: signal };

/// Why something cannot be told.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// Not a name that an event can have, or about something too long.
    EventUnnamed { event: String },
}
hanlin_kernel::refusal!("workflow", Refusal);

fn signal(tx: &mut Tx, asked: &Asked) -> Result<Outcome> {
    let value = |name: &str| asked.values.get(name).map(in_one_word).unwrap_or_default();
    let (event, about) = (value("event"), value("about"));
    let id = Id::<Asked>::new().to_string();
    happened(tx, &id, &event, &about, &format!("case/{}", asked.case))?;
    let label = if about.is_empty() { event } else { format!("{event}：{about}") };
    Ok(Outcome { made: Some(crate::engine::Made { label: Text::zh(label), link: None }), ..Outcome::default() })
}

/// It happened: how many waited for it. Nothing, where it was told before.
pub(crate) fn happened(tx: &mut Tx, id: &str, event: &str, about: &str, source: &str) -> Result<Option<u64>> {
    if !is_event_name(event) || about.len() > LONGEST {
        return Err(Refusal::EventUnnamed { event: event.chars().take(80).collect() }.into());
    }
    let now = tx.now();
    tx.queue("delete from workflow_event where at < $1", params![now - LONGEST_KEPT])?;
    let sql = "select case_id, activation from workflow_event_wait where event = $1 and (about is null or about = $2) \
               order by case_id, activation";
    let waiting = tx.rows(sql, params![event, about])?;
    let new = tx.exec(
        "insert into workflow_event (id, event, about, source, at, used) values ($1, $2, $3, $4, $5, $6) \
         on conflict (id) do nothing",
        params![id, event, about, source, now, !waiting.is_empty()],
    )?;
    if new == 0 {
        return Ok(None);
    }
    for row in &waiting {
        let (case, visit) = place(row)?;
        come(tx, case, visit, source)?;
    }
    Ok(Some(waiting.len() as u64))
}

/// A visit waits for an event from now on: perhaps it has happened.
pub(super) fn watch(
    tx: &mut Tx,
    case: &StoredCase,
    visit: ActivationNo,
    event: &str,
    about: Option<&str>,
) -> Result<()> {
    let (case, unit) = (case.id, case.unit);
    tx.queue(
        "insert into workflow_event_wait (case_id, activation, event, about) values ($1, $2, $3, $4) \
         on conflict (case_id, activation) do update set event = excluded.event, about = excluded.about",
        params![case, visit.0, event, about],
    )?;
    let days = hanlin_rulebook::parameter(tx, unit, &catalogue::WORKFLOW_EVENT_KEPT_DAYS)?.value;
    let since = tx.now() - SignedDuration::from_hours(24 * days);
    let sql = "select id, source from workflow_event where event = $1 and used = false and at > $2";
    let found = match about {
        Some(about) => {
            tx.maybe::<Row>(&format!("{sql} and about = $3 order by at, id limit 1"), params![event, since, about])?
        }
        None => tx.maybe::<Row>(&format!("{sql} order by at, id limit 1"), params![event, since])?,
    };
    let Some(row) = found else { return Ok(()) };
    let (id, source): (String, String) = (row.get("id")?, row.get("source")?);
    tx.queue("update workflow_event set used = true where id = $1", params![id])?;
    come(tx, case, visit, &source)
}

/// Nobody waits there any more.
pub(super) fn forsake(tx: &mut Tx, case: CaseId, visit: ActivationNo) -> Result<()> {
    let sql = "delete from workflow_event_wait where case_id = $1 and activation = $2";
    tx.queue(sql, params![case, visit.0])?;
    tx.unschedule(&key_of(case, visit))
}

/// Each case goes on in a unit of its own.
fn come(tx: &mut Tx, case: CaseId, visit: ActivationNo, source: &str) -> Result<()> {
    let now = tx.now();
    let payload = json!({ "case": case, "activation": visit, "from": source });
    tx.schedule(EVENT, &key_of(case, visit), now, &payload)
}

fn key_of(case: CaseId, visit: ActivationNo) -> String {
    format!("{}/event", key(case, visit))
}

/// An event has come for a visit.
pub(crate) fn event_due(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let (id, visit) = named(delivered)?;
    let case = store::find(tx, id)?;
    let awaiting = case.state.activation(visit).and_then(Activation::awaits);
    let waits = |state: &EventState| matches!(state, EventState::Waiting | EventState::Late { .. });
    if !matches!(awaiting, Some(Awaiting::Event { state, .. }) if waits(state)) {
        return Ok(());
    }
    let from = delivered.payload["from"].as_str().map(str::to_owned);
    arrive(tx, id, visit, Arrival::Event { from })
}

fn place(row: &Row) -> Result<(CaseId, ActivationNo)> {
    Ok((row.get("case_id")?, ActivationNo(row.get("activation")?)))
}
