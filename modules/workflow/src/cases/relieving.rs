//! 离职移交: who has left has nothing undecided in any case. What was not handed over goes to who stands in for him, each
//! case in a unit of its own (ORG-13).

use hanlin_kernel::{Actor, Error, PersonId, Result};
use hanlin_store::{Delivered, Tx, params};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{actions::run, model::CaseId, store};
use crate::{
    agency::Wearing,
    engine::{Command, Intent, Status, case::Task, facts::Acting},
};

/// Somebody has left by now.
pub(crate) const LEFT: &str = "workflow.left_by_now";
/// In this case something may wait at somebody who has left.
pub(crate) const RELIEVE: &str = "workflow.relieve_due";

/// It was entered that somebody leaves, now or later.
pub(crate) fn left(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let (person, at): (PersonId, Timestamp) = (told(delivered, "person")?, told(delivered, "at")?);
    let at = at.max(tx.now());
    tx.schedule(LEFT, &format!("workflow.left/{person}"), at, &json!({ "person": person }))
}

/// He is gone, unless he came back or stays after all: his cases follow one by one.
pub(crate) fn left_by_now(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let (person, now): (PersonId, Timestamp) = (told(delivered, "person")?, tx.now());
    if hanlin_directory::snapshot(tx)?.is_active(person, now) {
        return Ok(());
    }
    let cases: Vec<CaseId> = tx.scalars(
        "select distinct t.case_id from workflow_task t join workflow_case c on c.id = t.case_id \
         where t.person = $1 and t.closed_at is null and c.status = 'running' order by t.case_id",
        params![person],
    )?;
    for case in cases {
        tx.schedule(RELIEVE, &format!("workflow.relieve/{case}"), now, &json!({ "case": case }))?;
    }
    Ok(())
}

/// Nothing waits in this case at anybody who has left.
pub(crate) fn relieve(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let case = store::find(tx, told(delivered, "case")?)?;
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let left = |task: &Task| case.state.is_under_way(task) && !directory.is_active(task.person, now);
    if case.state.status != Status::Running || !case.state.tasks.iter().any(left) {
        return Ok(());
    }
    let initiator = case.state.initiator.person;
    let command = Command::of_system(Acting::person(initiator), Intent::Relieve);
    run(tx, &Wearing::himself(&Actor::person(initiator)), case, command).map(drop)
}

fn told<T: DeserializeOwned>(delivered: &Delivered, name: &str) -> Result<T> {
    serde_json::from_value(delivered.payload[name].clone())
        .map_err(|error| Error::internal(format!("who left, or in which case, does not read: {error}")))
}
