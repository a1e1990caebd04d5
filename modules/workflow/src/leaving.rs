//! What goes with the sample: its flows, every case begun on them or by its people, and what hangs on those.

use std::collections::BTreeSet;

use hanlin_directory::Snapshot;
use hanlin_kernel::{PersonId, Result};
use hanlin_store::{Leaving, Row, Tx, params};
use serde::Serialize;

use crate::{
    agency::StandingAgencies,
    cancelling,
    cases::{CaseId, link},
    flows::{AllFlows, FlowId, VersionId},
};

/// Why people cannot be in one case.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// Somebody of the sample would take part in a case of the organisation, which would outlive him.
    SampleApart { person: String },
    /// Cases of the organisation have people of the sample in them, who cannot be taken out of them.
    SampleInCases { cases: u64, numbers: String },
}
hanlin_kernel::refusal!("workflow", Refusal);

/// How many numbers a refusal names.
const NAMED: usize = 5;

/// Refuses that somebody of the sample takes part in a case that is not of the sample.
pub(crate) fn apart(directory: &Snapshot, initiator: PersonId, part: &[PersonId]) -> Result<()> {
    if !directory.has_sample() || directory.is_sample(initiator) {
        return Ok(());
    }
    match part.iter().find(|person| directory.is_sample(**person)) {
        Some(person) => Err(Refusal::SampleApart { person: directory.person_name(*person) }.into()),
        None => Ok(()),
    }
}

/// How many flows the sample has, and how many cases were begun in it.
pub fn count_sample(tx: &mut Tx, leaving: &Leaving) -> Result<(u64, u64)> {
    let flows: Vec<FlowId> = Leaving::find(tx, "workflow_flow", "unit", &leaving.units)?;
    let cases = cases_of(tx, leaving, &flows)?;
    Ok((flows.len() as u64, cases.len() as u64))
}

/// The people outside the sample who have something in its cases, and lose it with them.
pub fn guests_of_sample(tx: &mut Tx, leaving: &Leaving) -> Result<BTreeSet<PersonId>> {
    let flows: Vec<FlowId> = Leaving::find(tx, "workflow_flow", "unit", &leaving.units)?;
    let mut guests = BTreeSet::new();
    for case in cases_of(tx, leaving, &flows)? {
        let part = tx.scalars::<PersonId>("select person from workflow_access where case_id = $1", params![case])?;
        guests.extend(part.into_iter().filter(|person| !leaving.people.contains(person)));
    }
    Ok(guests)
}

fn cases_of(tx: &mut Tx, leaving: &Leaving, flows: &[FlowId]) -> Result<BTreeSet<CaseId>> {
    let mut cases: BTreeSet<CaseId> = BTreeSet::new();
    cases.extend(Leaving::find::<CaseId>(tx, "workflow_case", "initiator", &leaving.people)?);
    cases.extend(Leaving::find::<CaseId>(tx, "workflow_case", "unit", &leaving.units)?);
    cases.extend(Leaving::find::<CaseId>(tx, "workflow_case", "flow", flows)?);
    Ok(cases)
}

pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let flows: Vec<FlowId> = Leaving::find(tx, "workflow_flow", "unit", &leaving.units)?;
    let cases = cases_of(tx, leaving, &flows)?;
    cancelling::forget(tx, leaving, &flows, &cases)?;
    for (table, _) in cancelling::TABLES.into_iter().skip(1) {
        Leaving::delete(tx, table, "case_id", &cases)?;
    }
    Leaving::delete(tx, "workflow_link", "related", &cases)?;
    Leaving::delete(tx, "workflow_call", "child", &cases)?;
    Leaving::delete(tx, "workflow_follow_up", "original", &cases)?;
    Leaving::delete(tx, "workflow_case", "id", &cases)?;
    nobody_stays_behind(tx, leaving)?;
    let mut agencies: Vec<String> = Leaving::find(tx, "workflow_agency", "principal", &leaving.people)?;
    agencies.extend(Leaving::find::<String>(tx, "workflow_agency", "agent", &leaving.people)?);
    Leaving::delete(tx, "workflow_agency", "id", &agencies)?;
    tx.changed::<StandingAgencies>()?;
    let mut drafts: Vec<String> = Leaving::find(tx, "workflow_draft", "person", &leaving.people)?;
    drafts.extend(Leaving::find::<String>(tx, "workflow_draft", "flow", &flows)?);
    Leaving::delete(tx, "workflow_draft", "id", &drafts)?;
    Leaving::delete(tx, "workflow_desk", "person", &leaving.people)?;
    let versions: Vec<VersionId> = Leaving::find(tx, "workflow_version", "flow", &flows)?;
    Leaving::delete(tx, "workflow_version", "id", &versions)?;
    Leaving::delete(tx, "workflow_series", "flow", &flows)?;
    Leaving::delete(tx, "workflow_flow", "id", &flows)?;
    tx.changed::<AllFlows>()?;
    leaving.pages.extend(cases.iter().map(|case| link(*case)));
    leaving.note("cases", &cases);
    leaving.note("drafts", &drafts);
    leaving.note("flows", &flows);
    Ok(())
}

/// In the cases that are left, nobody of those who go has anything.
fn nobody_stays_behind(tx: &mut Tx, leaving: &Leaving) -> Result<()> {
    let people: Vec<PersonId> = leaving.people.iter().copied().collect();
    let mut numbers: BTreeSet<String> = BTreeSet::new();
    for table in ["workflow_task", "workflow_copy", "workflow_access", "workflow_hand"] {
        let sql = format!(
            "select distinct c.number from {table} t join workflow_case c on c.id = t.case_id \
             where t.person in ({{in}}) order by c.number"
        );
        let rows: Vec<Row> = tx.all_in(&sql, &[], &people)?;
        for row in &rows {
            numbers.insert(row.get("number")?);
        }
    }
    if numbers.is_empty() {
        return Ok(());
    }
    let cases = numbers.len() as u64;
    let numbers = numbers.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    Err(Refusal::SampleInCases { cases, numbers }.into())
}
