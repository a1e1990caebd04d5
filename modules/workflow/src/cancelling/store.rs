use std::collections::BTreeSet;

use hanlin_kernel::{Actor, Page, PersonId, Result, Text};
use hanlin_store::{FromRow, Json, Leaving, Row, ToValue, Tx, params};

use super::{
    CANCELLED,
    model::{BackupId, Cancelled, Restored, Seal},
};
use crate::{
    cases::{CaseId, Question, Wanted, cursor, pattern},
    flows::FlowId,
};

impl FromRow for Cancelled {
    fn from_row(row: &Row) -> Result<Self> {
        let restored = match row.get("restored_at")? {
            Some(at) => Some(Restored { by: row.get("restored_by")?, at, because: row.get("restored_because")? }),
            None => None,
        };
        Ok(Self {
            id: row.get("id")?,
            case: row.get("case_id")?,
            number: row.get("number")?,
            title: row.get::<Json<_>>("title")?.0,
            search: row.get("search")?,
            flow: row.get("flow")?,
            unit: row.get("unit")?,
            initiator: row.get("initiator")?,
            people: row.get::<Json<_>>("people")?.0,
            by_case: row.get("by_case")?,
            by_number: row.get("by_number")?,
            asked_by: row.get("asked_by")?,
            asked_at: row.get("asked_at")?,
            approved_by: row.get::<Json<_>>("approved_by")?.0,
            cancelled_by: row.get("cancelled_by")?,
            cancelled_at: row.get("cancelled_at")?,
            restored,
        })
    }
}

pub(super) fn insert_seal(tx: &mut Tx, seal: &Seal) -> Result<()> {
    let Seal { id, case_id, by_case, file, digest, mac, size, made_by, made_at } = seal;
    tx.queue(
        "insert into workflow_backup (id, case_id, by_case, file, digest, mac, size, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![id, case_id, by_case, file, digest, mac, size, made_by, made_at],
    )
}

/// The last backup of this case that was made for this cancellation.
pub(super) fn find_seal_for(tx: &mut Tx, case: CaseId, by_case: CaseId) -> Result<Option<Seal>> {
    tx.maybe(
        "select * from workflow_backup where case_id = $1 and by_case = $2 order by made_at desc, id desc limit 1",
        params![case, by_case],
    )
}

pub(super) fn find_seal(tx: &mut Tx, id: BackupId) -> Result<Seal> {
    tx.one("select * from workflow_backup where id = $1", params![id])
}

pub(super) fn insert(tx: &mut Tx, cancelled: &Cancelled) -> Result<()> {
    tx.queue(
        "insert into workflow_cancelled (id, case_id, number, title, search, flow, unit, initiator, people, by_case, \
         by_number, asked_by, asked_at, approved_by, cancelled_by, cancelled_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            cancelled.id,
            cancelled.case,
            cancelled.number,
            Json(&cancelled.title),
            cancelled.search,
            cancelled.flow,
            cancelled.unit,
            cancelled.initiator,
            Json(&cancelled.people),
            cancelled.by_case,
            cancelled.by_number,
            cancelled.asked_by,
            cancelled.asked_at,
            Json(&cancelled.approved_by),
            cancelled.cancelled_by,
            cancelled.cancelled_at
        ],
    )
}

/// It stands again; false: it did so already.
pub(super) fn mark_restored(tx: &mut Tx, id: BackupId, by: PersonId, because: &str) -> Result<bool> {
    let now = tx.now();
    let changed = tx.exec(
        "update workflow_cancelled set restored_by = $2, restored_at = $3, restored_because = $4 \
         where id = $1 and restored_at is null",
        params![id, by, now, because],
    )?;
    Ok(changed > 0)
}

/// Is this case cancelled now?
pub(super) fn find_standing(tx: &mut Tx, case: CaseId) -> Result<Option<Cancelled>> {
    tx.maybe("select * from workflow_cancelled where case_id = $1 and restored_at is null", params![case])
}

pub(super) fn find(tx: &mut Tx, id: BackupId) -> Result<Cancelled> {
    tx.one("select * from workflow_cancelled where id = $1", params![id])
}

/// What was cancelled in the units that he looks after, the latest first.
pub(super) fn list(tx: &mut Tx, actor: &Actor, wanted: &Wanted) -> Result<Page<Cancelled>> {
    let limit = wanted.page.limit();
    let (mut question, scopes) = (Question::default(), actor.scope_of(CANCELLED));
    let mut holds = vec![if scopes.all { "true".to_owned() } else { question.is_one_of("unit", &scopes.units) }];
    if let Some((at, after)) = cursor(wanted.page.after.as_deref())? {
        let after = question.bind_all([&at as &dyn ToValue, &after]);
        holds.push(format!("(cancelled_at, id) < ({after})"));
    }
    if let Some(pattern) = pattern(wanted) {
        holds.push(format!("search like {} escape '!'", question.bind(pattern)));
    }
    let most = question.bind(limit + 1);
    let sql = format!(
        "select * from workflow_cancelled where {} order by cancelled_at desc, id desc limit {most}",
        holds.join(" and ")
    );
    let rows = tx.all(&sql, &question.params)?;
    Ok(Page::of(rows, limit, |row: &Cancelled| format!("{}.{}", row.cancelled_at.as_millisecond(), row.id)))
}

/// The number of a case that this one opened, or that follows upon it, and that still runs.
pub(super) fn find_running(tx: &mut Tx, case: CaseId) -> Result<(Option<String>, Option<String>)> {
    let call = tx.maybe_scalar(
        "select c.number from workflow_call k join workflow_case c on c.id = k.child \
         where k.case_id = $1 and c.status = 'running' order by k.activation, k.no limit 1",
        params![case],
    )?;
    let follow_up = tx.maybe_scalar(
        "select c.number from workflow_follow_up f join workflow_case c on c.id = f.case_id \
         where f.original = $1 and f.ended_at is null",
        params![case],
    )?;
    Ok((call, follow_up))
}

pub(super) fn flow_name(tx: &mut Tx, flow: FlowId) -> Result<Text> {
    crate::flows::find_flow(tx, flow).map(|flow| flow.name)
}

/// What goes with the sample: cancelled cases of its flows, units and people, and all backups of its cases.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving, flows: &[FlowId], cases: &BTreeSet<CaseId>) -> Result<()> {
    let mut gone: BTreeSet<BackupId> = BTreeSet::new();
    gone.extend(Leaving::find::<BackupId>(tx, "workflow_cancelled", "flow", flows)?);
    gone.extend(Leaving::find::<BackupId>(tx, "workflow_cancelled", "unit", &leaving.units)?);
    gone.extend(Leaving::find::<BackupId>(tx, "workflow_cancelled", "initiator", &leaving.people)?);
    let mut of: BTreeSet<CaseId> = cases.clone();
    for id in &gone {
        of.insert(find(tx, *id)?.case);
    }
    let mut backups = gone.clone();
    backups.extend(Leaving::find::<BackupId>(tx, "workflow_backup", "case_id", &of)?);
    Leaving::delete(tx, "workflow_cancelled", "id", &backups)?;
    Leaving::delete(tx, "workflow_backup", "id", &backups)?;
    leaving.pages.extend(of.iter().map(|case| crate::cases::link(*case)));
    leaving.note("backups", &backups);
    leaving.note("cancelled_cases", of.difference(cases));
    Ok(())
}
