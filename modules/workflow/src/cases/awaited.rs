//! What cases wait for, other than people: timers in the store's queue, set and taken out as the case goes.

use hanlin_kernel::{Actor, Error, Result};
use hanlin_rulebook::catalogue;
use hanlin_store::{Delivered, Tx, params};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    actions::run,
    calls,
    model::{CaseId, StoredCase},
    signals, store,
};
use crate::{
    agency::Wearing,
    engine::{
        self, Arrival, Awaiting, Command, EventState, Intent, Reason, WebhookState,
        case::{Activation, ActivationNo},
        facts::Acting,
    },
    flows::{self, VersionId},
    webhooks,
};

/// The timer at whose time a node has waited long enough.
pub(crate) const TIME: &str = "workflow.time_due";

/// After a command: what is awaited from now on gets its timer, what is no longer awaited loses it.
pub(super) fn watch(tx: &mut Tx, case: &StoredCase, before: &engine::Case) -> Result<()> {
    for (visit, awaiting) in before.awaited() {
        let Some(after) = case.state.activation(visit).filter(|visit| visit.awaits().is_none()) else { continue };
        match (awaiting, &after.awaiting) {
            // As they stand now: what has just ended is not called off.
            (_, Some(Awaiting::Cases { calls, waited, .. })) => calls::forsake(tx, case.id, visit, calls, *waited)?,
            (Awaiting::Effect { .. }, _) => {}
            (Awaiting::Event { .. }, _) => {
                signals::forsake(tx, case.id, visit)?;
                tx.unschedule(&key(case.id, visit))?;
            }
            (Awaiting::Webhook { .. }, _) => {
                webhooks::call_off(tx, case.id, visit)?;
                tx.unschedule(&key(case.id, visit))?;
            }
            _ => tx.unschedule(&key(case.id, visit))?,
        }
    }
    let awaited = |id| before.activation(id).and_then(Activation::awaits);
    for (visit, awaiting) in case.state.awaited().filter(|(visit, awaiting)| awaited(*visit) != Some(awaiting)) {
        match awaiting {
            Awaiting::Cases { calls, .. } => {
                let before = match awaited(visit) {
                    Some(Awaiting::Cases { calls, .. }) => calls.as_slice(),
                    _ => &[],
                };
                calls::watch(tx, case.id, visit, calls, before)?;
            }
            // It happens before the unit ends.
            Awaiting::Effect { .. } => {}
            Awaiting::Time { until } => set_timer(tx, case.id, visit, *until)?,
            Awaiting::Event { event, about, until, state: EventState::Waiting } => {
                signals::watch(tx, case, visit, event, about.as_deref())?;
                if let Some(until) = until {
                    set_timer(tx, case.id, visit, *until)?;
                }
            }
            Awaiting::Webhook { endpoint, values, state: WebhookState::Sending, .. } => {
                webhooks::queue(tx, case, visit, endpoint, values)?;
            }
            Awaiting::Webhook { state: WebhookState::Sent, .. } => {
                let days = hanlin_rulebook::parameter(tx, case.unit, &catalogue::WORKFLOW_WEBHOOK_ANSWER_DAYS)?.value;
                let until = tx.now() + SignedDuration::from_hours(24 * days);
                set_timer(tx, case.id, visit, until)?;
            }
            // Somebody is asked about it; what comes late still comes.
            Awaiting::Event { .. } | Awaiting::Webhook { .. } => {}
        }
    }
    if case.state.status.is_finished() && !before.status.is_finished() {
        calls::tell_parent(tx, case.id)?;
    }
    Ok(())
}

fn set_timer(tx: &mut Tx, case: CaseId, visit: ActivationNo, until: Timestamp) -> Result<()> {
    let payload = json!({ "case": case, "activation": visit });
    tx.schedule(TIME, &key(case, visit), until, &payload)
}

/// A time has come: what was waited for, or the end of what something else may take.
pub(crate) fn time_due(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let (case, visit) = named(delivered)?;
    let stored = store::find(tx, case)?;
    let arrival = match stored.state.activation(visit).and_then(Activation::awaits) {
        Some(Awaiting::Webhook { state: WebhookState::Sent, endpoint, .. }) => {
            let reason = Reason::new("workflow.webhook_no_answer").with("endpoint", endpoint.as_str());
            webhooks::call_off(tx, case, visit)?;
            Arrival::Unanswered { reason }
        }
        Some(Awaiting::Time { .. } | Awaiting::Event { state: EventState::Waiting, .. }) => Arrival::Time,
        _ => return Ok(()),
    };
    arrive(tx, case, visit, arrival)
}

/// Tells the case that it has come; nothing, where it was taken elsewhere meanwhile.
pub(crate) fn arrive(tx: &mut Tx, id: CaseId, visit: ActivationNo, arrival: Arrival) -> Result<()> {
    let case = store::find(tx, id)?;
    if case.state.activation(visit).and_then(Activation::awaits).is_none() {
        return Ok(());
    }
    let initiator = case.state.initiator.person;
    let command = Command::of_system(Acting::person(initiator), Intent::Arrived { activation: visit, arrival });
    run(tx, &Wearing::himself(&Actor::person(initiator)), case, command).map(drop)
}

/// The numbers of cases that ask this system, or may come to: they run on a version that names it, whichever that is.
pub(crate) fn may_ask(tx: &mut Tx, endpoint: &str) -> Result<Vec<String>> {
    let sql = "select distinct flow_version from workflow_case where status = 'running' and plan is null";
    let versions: Vec<VersionId> = tx.scalars(sql, &[])?;
    let mut numbers = Vec::new();
    for version in versions {
        if flows::running(tx, version)?.flow().asks(endpoint) {
            let sql = "select number from workflow_case where status = 'running' and plan is null \
                       and flow_version = $1 order by submitted_at, id limit 10";
            numbers.extend(tx.scalars::<String>(sql, params![version])?);
        }
    }
    numbers.sort();
    Ok(numbers)
}

pub(super) fn key(case: CaseId, visit: ActivationNo) -> String {
    format!("workflow.case/{case}/{}", visit.0)
}

pub(super) fn named(delivered: &Delivered) -> Result<(CaseId, ActivationNo)> {
    let case = delivered.payload["case"].as_str().and_then(|id| id.parse().ok());
    let visit = delivered.payload["activation"].as_u64().and_then(|number| u32::try_from(number).ok());
    let named = case.zip(visit.map(ActivationNo));
    named.ok_or_else(|| Error::internal("a timer of a case names no visit"))
}
