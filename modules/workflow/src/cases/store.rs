use std::collections::BTreeMap;

use hanlin_kernel::{Actor, Error, PersonId, Result, Text};
use hanlin_store::{FromRow, Json, Row, Tx, params};
use jiff::Timestamp;

use super::{
    actions::administers,
    model::{CaseId, StoredCase, TaskId},
    query, related,
};
use crate::engine::{
    Via,
    case::{Copied, Purpose, Task, TaskState},
    is_concerned,
};
use crate::{agency::hats::reads, cancelling, flows::FlowId};

impl FromRow for StoredCase {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            flow: row.get("flow")?,
            flow_version: row.get("flow_version")?,
            plan: row.get::<Option<Json<_>>>("plan")?.map(|plan| plan.0),
            title: row.get::<Json<_>>("title")?.0,
            search: row.get("search")?,
            facts: row.get::<Json<_>>("facts")?.0,
            unit: row.get("unit")?,
            department: row.get("department")?,
            state: row.get::<Json<_>>("state")?.0,
            version: row.get("version")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

pub(crate) fn insert(tx: &mut Tx, case: &StoredCase) -> Result<()> {
    let StoredCase { id, number, flow, flow_version, plan, title, search, facts, unit, department, state, .. } = case;
    let submitted_at = state.submitted_at.unwrap_or(case.updated_at);
    tx.queue(
        "insert into workflow_case (id, number, flow, flow_version, title, search, facts, status, stage, initiator, \
         unit, department, state, version, submitted_at, updated_at, finished_at, plan) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $15, $16, $17)",
        params![
            id,
            number,
            flow,
            flow_version,
            Json(title),
            search,
            Json(facts),
            word(&state.status)?,
            word(&state.stage())?,
            state.initiator.principal(),
            unit,
            department,
            Json(state),
            submitted_at,
            case.updated_at,
            state.finished_at,
            plan.as_ref().map(Json)
        ],
    )
}

/// When he submitted cases of this flow, but for those he withdrew, and for what follows upon others.
pub(crate) fn list_submissions(
    tx: &mut Tx,
    flow: FlowId,
    initiator: PersonId,
    since: Timestamp,
) -> Result<Vec<Timestamp>> {
    tx.scalars(
        "select submitted_at from workflow_case where initiator = $1 and submitted_at >= $2 and flow = $3 \
         and status <> 'withdrawn' and plan is null order by submitted_at",
        params![initiator, since, flow],
    )
}

/// The next count of a series of serial numbers. Part of the unit that submits: if that does not happen, nor does this.
pub(crate) fn next_in_series(tx: &mut Tx, flow: FlowId, field: &str, series: &str) -> Result<u64> {
    tx.scalar(
        "insert into workflow_series (flow, field, series, last) values ($1, $2, $3, 1) \
         on conflict (flow, field, series) do update set last = workflow_series.last + 1 returning last",
        params![flow, field, series],
    )
}

/// Saves what a command changed, unless another came between.
pub(crate) fn save(tx: &mut Tx, case: &StoredCase) -> Result<()> {
    let changed = tx.exec(
        "update workflow_case set title = $2, search = $3, facts = $4, status = $5, stage = $6, state = $7, \
         version = version + 1, updated_at = $8, finished_at = $9 where id = $1 and version = $10",
        params![
            case.id,
            Json(&case.title),
            case.search,
            Json(&case.facts),
            word(&case.state.status)?,
            word(&case.state.stage())?,
            Json(&case.state),
            case.updated_at,
            case.state.finished_at,
            case.version
        ],
    )?;
    if changed == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// The case, for one who may read it: he takes part, he does something in it for another, or he may query it.
pub(crate) fn find_to_read(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<StoredCase> {
    let case = match find(tx, id) {
        Err(Error::NotFound) => return Err(cancelling::instead_of(tx, actor, id)?),
        found => found?,
    };
    require_reading(tx, actor, &case)?;
    Ok(case)
}

/// May he open this case? One that is not there, nobody opens.
pub fn may_read(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<bool> {
    match find_to_read(tx, actor, id) {
        Ok(_) => Ok(true),
        // Of one that was cancelled, who took part is told that.
        Err(Error::NotFound | Error::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

fn require_reading(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<()> {
    let own = query::may_query(actor, case) || takes_part(tx, actor.principal(), case)?;
    let reads = own || reads(tx, actor, case)? || related::reads_through(tx, actor, case.id)?;
    if reads { Ok(()) } else { Err(Error::NotFound) }
}

/// Only one who takes part in it acts, or who administers what he may read. Who may only query it is told so.
pub(crate) fn require_part(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<()> {
    require_reading(tx, actor, case)?;
    if administers(actor, case) || takes_part(tx, actor.principal(), case)? || reads(tx, actor, case)? {
        return Ok(());
    }
    Err(Error::refused("workflow", &serde_json::json!({ "code": "only_queries" })))
}

/// Does he take part? Of those who do something in it the case itself says so; of the others, who were copied to or had it
/// once, `workflow_access`.
pub(crate) fn takes_part(tx: &mut Tx, person: PersonId, case: &StoredCase) -> Result<bool> {
    Ok(is_concerned(&case.state, person) || may_see(tx, person, &case.id.to_string())?)
}

/// The case, whoever asks. Who asks must have a right to what is told of it.
pub(crate) fn find(tx: &mut Tx, id: CaseId) -> Result<StoredCase> {
    tx.one("select * from workflow_case where id = $1", params![id])
}

/// Which case people call by this number.
pub(crate) fn find_id_by_number(tx: &mut Tx, number: &str) -> Result<Option<CaseId>> {
    tx.maybe_scalar("select id from workflow_case where number = $1", params![number.to_uppercase()])
}

/// Everybody who may see the case, by what, and since when, in this order.
pub(crate) fn list_access(tx: &mut Tx, id: CaseId) -> Result<Vec<(PersonId, Via, Timestamp)>> {
    let rows = tx
        .rows("select person, via, at from workflow_access where case_id = $1 order by at, person, via", params![id])?;
    rows.iter().map(|row| Ok((row.get("person")?, read_word(row, "via")?, row.get("at")?))).collect()
}

fn may_see(tx: &mut Tx, person: PersonId, id: &str) -> Result<bool> {
    let sql = "select cast(1 as bigint) from workflow_access where case_id = $1 and person = $2 limit 1";
    Ok(tx.maybe_scalar::<i64>(sql, params![id, person])?.is_some())
}

pub(crate) fn grant_access(tx: &mut Tx, id: CaseId, person: PersonId, via: Via) -> Result<()> {
    let now = tx.now();
    tx.queue(
        "insert into workflow_access (case_id, person, via, at) values ($1, $2, $3, $4) \
         on conflict (case_id, person, via) do nothing",
        params![id, person, word(&via)?, now],
    )
}

/// What the inbox says on the row of a task.
pub(crate) struct Marks {
    pub to_claim: bool,
    pub on_paper: bool,
}

/// Brings the task's row to what the engine says of it.
pub(crate) fn save_task(tx: &mut Tx, id: TaskId, task: &Task, marks: Marks, node: &str, name: &Text) -> Result<()> {
    let closed_at = match &task.state {
        TaskState::Closed { at, .. } => Some(*at),
        _ => None,
    };
    tx.queue(
        "insert into workflow_task (case_id, no, person, node, node_name, purpose, waiting, opened_at, closed_at, \
         held_at, to_claim, on_paper) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         on conflict (case_id, no) do update set waiting = excluded.waiting, opened_at = excluded.opened_at, \
         closed_at = excluded.closed_at, held_at = excluded.held_at, to_claim = excluded.to_claim",
        params![
            id.case,
            id.no.0,
            task.person,
            node,
            Json(name),
            word::<Purpose>(&task.purpose)?,
            task.state == TaskState::Open,
            task.opened_at,
            closed_at,
            task.held.as_ref().map(|held| held.since),
            marks.to_claim,
            marks.on_paper
        ],
    )
}

pub(crate) fn save_copy(tx: &mut Tx, id: CaseId, copy: &Copied) -> Result<()> {
    tx.queue(
        "insert into workflow_copy (case_id, no, person, must_read, sent_at, read_at) values ($1, $2, $3, $4, $5, $6) \
         on conflict (case_id, no) do update set read_at = excluded.read_at",
        params![id, copy.id.0, copy.person, copy.must_read, copy.sent_at, copy.read_at],
    )
}

/// Something was done in this case now.
pub(crate) struct Hand {
    /// On whose list it is.
    pub person: PersonId,
    /// Who did it for him, as his agent.
    pub done_by: Option<PersonId>,
    /// For whom he did it, as an agent.
    pub done_for: Option<PersonId>,
}

pub(crate) fn note_hand(tx: &mut Tx, id: CaseId, hand: &Hand) -> Result<()> {
    let now = tx.now();
    tx.queue(
        "insert into workflow_hand (person, case_id, at, done_by, done_for) values ($1, $2, $3, $4, $5) \
         on conflict (person, case_id) do update set at = excluded.at, done_by = excluded.done_by, \
         done_for = excluded.done_for",
        params![hand.person, id, now, hand.done_by, hand.done_for],
    )
}

/// Notes when his open tasks of this case were first looked at; how many were new to him.
pub(crate) fn note_seen(tx: &mut Tx, id: CaseId, person: PersonId) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        "update workflow_task set seen_at = $3 where case_id = $1 and person = $2 and waiting and seen_at is null",
        params![id, person, now],
    )
}

/// When each task of the case was first looked at by its person (TIME-14).
pub(crate) fn seen_at(tx: &mut Tx, id: CaseId) -> Result<Vec<(u32, Timestamp)>> {
    let rows =
        tx.rows("select no, seen_at from workflow_task where case_id = $1 and seen_at is not null", params![id])?;
    rows.iter().map(|row| Ok((row.get("no")?, row.get("seen_at")?))).collect()
}

/// Engine words are stored as they are serialised.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(Error::internal(format!("not a word: {other:?}"))),
    }
}

/// The engine's word that was stored.
pub(crate) fn read_word<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Result<T> {
    let word: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(word)).map_err(Error::internal)
}

/// How many tasks wait for whom, but for those of this case.
pub(crate) fn count_waiting(tx: &mut Tx, but: Option<CaseId>) -> Result<BTreeMap<PersonId, u64>> {
    let but = but.map(|case| case.to_string()).unwrap_or_default();
    let rows = tx.rows(
        "select person, cast(count(*) as bigint) as open from workflow_task where waiting and case_id <> $1 group by person",
        params![but],
    )?;
    rows.iter().map(|row| Ok((row.get("person")?, row.get("open")?))).collect()
}
