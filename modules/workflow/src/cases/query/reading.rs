//! Whoever reads a case by a right to query it, and not because he takes part, leaves an entry in the trace of the case:
//! once for each person, case and day (PERM-08). Taking cases out as a table leaves one each time.

use hanlin_kernel::{Actor, Event, PersonId, Result};
use hanlin_store::{Tx, params};
use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;

use super::{list::Sought, rights};
use crate::cases::{
    events::stream,
    model::{CaseId, StoredCase},
    store,
};

/// He read a case by a right to query it.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Queried {
    case: CaseId,
    /// The right: `workflow.query:` and the flow, or `*` for every flow.
    permission: String,
}

impl Event for Queried {
    fn kind(&self) -> &'static str {
        "workflow.queried"
    }

    fn stream(&self) -> String {
        stream(self.case)
    }
}

/// He took cases out as a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Exported {
    person: PersonId,
    cases: usize,
    /// Which he asked for.
    flow: Option<String>,
    words: Option<String>,
}

impl Event for Exported {
    fn kind(&self) -> &'static str {
        "workflow.query_exported"
    }

    fn stream(&self) -> String {
        format!("workflow/query/{}", self.person)
    }
}

/// Does he read this case by such a right, and has today no entry that says so?
pub(crate) fn is_unnoted(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<bool> {
    // Most may query nothing: they cost no look at the case.
    if !rights::queries(actor) {
        return Ok(false);
    }
    let case = store::find(tx, id)?;
    if right_of(tx, actor, &case)?.is_none() {
        return Ok(false);
    }
    let day = day(tx, &case)?.to_string();
    let sql = "select cast(1 as bigint) from workflow_query_read where case_id = $1 and person = $2 and day = $3";
    Ok(tx.maybe_scalar::<i64>(sql, params![id, actor.person, day])?.is_none())
}

/// Writes the entry of today, unless it is there.
pub(crate) fn note(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<()> {
    let case = store::find(tx, id)?;
    let Some(permission) = right_of(tx, actor, &case)? else { return Ok(()) };
    let day = day(tx, &case)?.to_string();
    let written = tx.exec(
        "insert into workflow_query_read (case_id, person, day) values ($1, $2, $3) \
         on conflict (case_id, person, day) do nothing",
        params![id, actor.person, day],
    )?;
    if written > 0 {
        tx.record(Queried { case: id, permission });
    }
    Ok(())
}

pub(crate) fn note_export(tx: &mut Tx, actor: &Actor, sought: &Sought, cases: usize) -> Result<()> {
    let (flow, words) = (sought.wanted.flow.clone(), sought.wanted.q.clone());
    tx.record(Exported { person: actor.person, cases, flow, words });
    Ok(())
}

/// The right by which he reads the case; none if he takes part in it and needs none.
fn right_of(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<Option<String>> {
    match rights::right_to(actor, case) {
        Some(right) if !store::takes_part(tx, actor.principal(), case)? => Ok(Some(right)),
        _ => Ok(None),
    }
}

/// Today, where the case was begun.
fn day(tx: &mut Tx, case: &StoredCase) -> Result<Date> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let zone = case.unit.map_or(TimeZone::UTC, |unit| directory.time_zone(unit, now));
    Ok(now.to_zoned(zone).date())
}
