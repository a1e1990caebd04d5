//! 子流程: the cases that a case opened, and what came of them (FLOW-39). All of it is work of the queue, a unit each:
//! one is opened, one has ended, one is called off.

use hanlin_kernel::{Actor, Error, PersonId, Result, Text};
use hanlin_store::{Delivered, Tx, params};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    actions::{Submission, run, submit},
    awaited::{arrive, key, named},
    follow_ups,
    model::{CaseId, StoredCase},
    store,
};
use crate::{
    agency::Wearing,
    cancelling,
    engine::{
        self, Arrival, Awaiting, Called, CalledState, Command, Intent, Reason, Status, Values,
        case::{Activation, ActivationNo},
        facts::Acting,
        model::Node,
    },
    flows::{self, FlowId},
};

/// A case is to be opened.
pub(crate) const OPEN: &str = "workflow.call_due";
/// A case that another waits for has ended.
pub(crate) const ENDED: &str = "workflow.call_ended";
/// Nobody waits for a case any more.
pub(crate) const CALL_OFF: &str = "workflow.call_off";

/// Cases that open cases that open cases: how deep that may go. A flow that calls itself ends here.
const DEEPEST: usize = 8;

/// Why a case cannot be opened for another.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// The organisation has no flow of this id that can be started.
    CallNoFlow {
        flow: String,
    },
    CallTooDeep {
        most: usize,
    },
}
hanlin_kernel::refusal!("workflow", Refusal);

/// 子流程 or 上级事项: the other case, for whoever reads this one. Opening it is asked by its own rights.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CallView {
    /// Absent: it could not be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    pub number: String,
    pub title: Text,
    /// Absent: it is about to be opened, or could not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Which visit opened it, and the number there; of the case above, nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activation: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no: Option<u32>,
    /// Who starts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The reader may open it.
    pub may_open: bool,
}

/// After a command: what this visit's cases need from now on.
pub(super) fn watch(tx: &mut Tx, id: CaseId, visit: ActivationNo, calls: &[Called], before: &[Called]) -> Result<()> {
    let now = tx.now();
    let was_opening = |no: u32| before.iter().any(|one| one.no == no && one.state == CalledState::Opening);
    for one in calls.iter().filter(|one| one.state == CalledState::Opening && !was_opening(one.no)) {
        let payload = json!({ "case": id, "activation": visit, "call": one.no });
        tx.schedule(OPEN, &format!("{}/{}", key(id, visit), one.no), now, &payload)?;
    }
    Ok(())
}

/// Nobody waits at this visit any more: what is not open yet is not opened, and what runs is called off.
pub(super) fn forsake(tx: &mut Tx, id: CaseId, visit: ActivationNo, calls: &[Called], waited: bool) -> Result<()> {
    let now = tx.now();
    for one in calls {
        match &one.state {
            CalledState::Opening => tx.unschedule(&format!("{}/{}", key(id, visit), one.no))?,
            CalledState::Running { case } if waited => {
                tx.schedule(CALL_OFF, &format!("workflow.call_off/{case}"), now, &json!({ "child": case }))?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A case has ended: whoever waits for it hears of it.
pub(super) fn tell_parent(tx: &mut Tx, child: CaseId) -> Result<()> {
    if find_parent(tx, child)?.is_none() {
        return Ok(());
    }
    let now = tx.now();
    tx.schedule(ENDED, &format!("workflow.call_ended/{child}"), now, &json!({ "child": child }))
}

/// Opens a case for another. What is refused is told to the one that waits, with the reason.
pub(crate) fn open_due(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let (id, visit) = named(delivered)?;
    let no = delivered.payload["call"].as_u64().and_then(|no| u32::try_from(no).ok());
    let no = no.ok_or_else(|| Error::internal("a timer of a case names none to open"))?;
    let parent = store::find(tx, id)?;
    let Some((flow, called)) = called_at(&parent.state, visit, no) else { return Ok(()) };
    let (Some(by), CalledState::Opening) = (called.by, &called.state) else { return Ok(()) };
    let (flow, values) = (flow.to_owned(), called.values.clone());
    let opened = tx.savepoint(|tx| {
        let child = open(tx, &parent, &flow, by, values)?;
        let sql = "insert into workflow_call (case_id, activation, no, child) values ($1, $2, $3, $4)";
        tx.queue(sql, params![id, visit.0, no, child])?;
        Ok(child)
    });
    let child = match opened {
        Ok(child) => child,
        Err(error) => return arrive(tx, id, visit, Arrival::Failed { call: no, reason: reason_of(error)? }),
    };
    arrive(tx, id, visit, Arrival::Opened { call: no, case: child.to_string() })?;
    // One that nobody has to do anything in has ended already.
    match store::find(tx, child)?.state.status.is_finished() {
        true => tell_parent(tx, child),
        false => Ok(()),
    }
}

fn open(tx: &mut Tx, parent: &StoredCase, flow: &str, by: PersonId, values: Values) -> Result<CaseId> {
    let mut above = Some(parent.id);
    for _ in 0..DEEPEST {
        above = match above {
            Some(case) => find_parent(tx, case)?.map(|(case, ..)| case),
            None => break,
        };
    }
    if above.is_some() {
        return Err(Refusal::CallTooDeep { most: DEEPEST }.into());
    }
    let flow = flow_named(tx, parent, flow)?;
    let submission = Submission {
        flow,
        appointment: None,
        values,
        choices: Default::default(),
        confirmed: true,
        on_behalf_of: None,
    };
    Ok(submit(tx, &Actor::person(by), submission)?.id)
}

/// The flow of this id, of the unit of the parent's flow or the nearest above it.
fn flow_named(tx: &mut Tx, parent: &StoredCase, code: &str) -> Result<FlowId> {
    let unit = flows::find_flow(tx, parent.flow)?.unit;
    let flow = flows::find_upwards(tx, unit, code)?;
    flow.map(|flow| flow.id).ok_or_else(|| Refusal::CallNoFlow { flow: code.to_owned() }.into())
}

/// A "no" in words. A fault of the machine is none: it is tried again.
fn reason_of(error: Error) -> Result<Reason> {
    match error {
        Error::Refused(refusal) => {
            let reason = Reason::new(&refusal.code);
            Ok(refusal.args.into_iter().fold(reason, |reason, (name, value)| reason.with(&name, value)))
        }
        Error::Invalid(fields) => Ok(Reason::new("workflow.call_incomplete").of_fields(&fields)),
        other => Err(other),
    }
}

/// A case that another waits for has ended.
pub(crate) fn ended(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let child = child_of(delivered)?;
    let Some((id, visit, no)) = find_parent(tx, child)? else { return Ok(()) };
    let (parent, child) = (store::find(tx, id)?, store::find(tx, child)?);
    let waits = called_at(&parent.state, visit, no).is_some_and(
        |(_, called)| matches!(&called.state, CalledState::Running { case } if *case == child.id.to_string()),
    );
    if !waits {
        return Ok(());
    }
    let flow = follow_ups::flow_of(tx, &parent)?;
    let node = parent.state.activation(visit).and_then(|visit| flow.flow().find(&visit.node)).map(|place| place.node);
    let wanted = match node {
        Some(Node::Call(call)) => call.results.values().cloned().collect(),
        _ => Vec::new(),
    };
    let of = |field: String| Some((field.clone(), child.state.values.get(&field)?.clone()));
    let values = wanted.into_iter().filter_map(of).collect();
    let (case, status) = (child.id.to_string(), child.state.status);
    arrive(tx, id, visit, Arrival::Ended { call: no, case, status, values })
}

/// Nobody waits for a case any more: it ends like one that was withdrawn.
pub(crate) fn call_off(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let child = store::find(tx, child_of(delivered)?)?;
    if child.state.status != Status::Running {
        return Ok(());
    }
    let initiator = child.state.initiator.person;
    let command = Command::of_system(Acting::person(initiator), Intent::CallOff);
    run(tx, &Wearing::himself(&Actor::person(initiator)), child, command).map(drop)
}

/// The cases that this one opened, in their order, and then the one that opened it.
pub(super) fn views(tx: &mut Tx, reader: &Actor, case: &StoredCase) -> Result<(Vec<CallView>, Option<CallView>)> {
    let mut below = Vec::new();
    for visit in &case.state.activations {
        let Some(Awaiting::Cases { calls, .. }) = &visit.awaiting else { continue };
        for called in calls {
            let reason = match &called.state {
                CalledState::Failed { reason, .. } if !called.passed => Some(reason.clone()),
                _ => None,
            };
            let other = called.state.case().and_then(|id| id.parse().ok());
            let view = match other {
                Some(other) => view(tx, reader, other)?,
                None => CallView {
                    case: None,
                    number: String::new(),
                    title: Text::default(),
                    status: None,
                    activation: None,
                    no: None,
                    by: None,
                    reason: None,
                    may_open: false,
                },
            };
            let (activation, no) = (Some(visit.id.0), Some(called.no));
            below.push(CallView { activation, no, by: called.by, reason, ..view });
        }
    }
    let above = match find_parent(tx, case.id)? {
        Some((parent, ..)) => Some(view(tx, reader, parent)?),
        None => None,
    };
    Ok((below, above))
}

fn view(tx: &mut Tx, reader: &Actor, id: CaseId) -> Result<CallView> {
    let case = match store::find(tx, id) {
        Err(Error::NotFound) => return cancelled(tx, reader, id),
        found => found?,
    };
    let may_open = match store::find_to_read(tx, reader, id) {
        Ok(_) => true,
        Err(Error::NotFound) => false,
        Err(other) => return Err(other),
    };
    Ok(CallView {
        case: Some(id),
        number: case.number,
        title: case.title,
        status: Some(case.state.status),
        activation: None,
        no: None,
        by: None,
        reason: None,
        may_open,
    })
}

/// One that was cancelled: how it was called, and its page, which says so (FLOW-25).
fn cancelled(tx: &mut Tx, reader: &Actor, id: CaseId) -> Result<CallView> {
    let (number, title, may_open) = cancelling::named(tx, reader, id)?.ok_or(Error::NotFound)?;
    Ok(CallView {
        case: Some(id),
        number,
        title,
        status: None,
        activation: None,
        no: None,
        by: None,
        reason: None,
        may_open,
    })
}

fn called_at(case: &engine::Case, visit: ActivationNo, no: u32) -> Option<(&str, &Called)> {
    let Some(Awaiting::Cases { flow, calls, .. }) = case.activation(visit).and_then(Activation::awaits) else {
        return None;
    };
    Some((flow, calls.iter().find(|one| one.no == no)?))
}

/// The case that opened this one, at which visit, and its number there.
fn find_parent(tx: &mut Tx, child: CaseId) -> Result<Option<(CaseId, ActivationNo, u32)>> {
    let rows = tx.rows("select case_id, activation, no from workflow_call where child = $1", params![child])?;
    let row = rows.first();
    row.map(|row| Ok((row.get("case_id")?, ActivationNo(row.get("activation")?), row.get("no")?))).transpose()
}

fn child_of(delivered: &Delivered) -> Result<CaseId> {
    let child = delivered.payload["child"].as_str().and_then(|id| id.parse().ok());
    child.ok_or_else(|| Error::internal("news of a case names none"))
}
