//! 待我处理、已办、我发起、抄送我: each one indexed question, scoped by the reader in SQL.

use hanlin_directory::{PersonName, Snapshot};
use hanlin_kernel::{Actor, Error, Page, PageRequest, PersonId, Result};
use hanlin_store::{Json, Row, Tx, Value, params};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    model::{CaseId, CaseRow, TaskId, TaskRow},
    store::read_word,
};
use crate::{
    agency::Hats,
    engine::{Stage, case::TaskNo},
};

/// Of the inbox: all that waits for me, only what is mine, or only what I do for one of my principals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Worn {
    #[default]
    Any,
    Own,
    Of(PersonId),
}

/// What of a list is wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Words that title, number or initiator (also in pinyin) must hold.
    pub q: Option<String>,
    pub flow: Option<String>,
    pub status: Option<String>,
    pub page: PageRequest,
}

/// Which of the lists of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum List {
    /// I did something in it.
    Done,
    Started,
    Copied,
}

/// Nobody needs to know whether it is 1,000 or 20,000, and each count is asked for with every change.
const COUNTED: usize = 1_000;

/// How much waits for me. Each is counted as far as 1,000, which says: so many or more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Counts {
    /// What is mine to do, what I do for others among it.
    pub waiting: u64,
    pub copied_unread: u64,
    pub drafts: u64,
    pub notifications_unread: u64,
    /// For whom I act now (TIME-11).
    pub hats: Vec<HatView>,
}

/// 身份: one for whom I act now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Hat)]
pub(crate) struct HatView {
    pub principal: PersonName,
    /// How much of his waits for me.
    pub waiting: u64,
    /// Until when, at the latest.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    pub may_start: bool,
    pub may_decide: bool,
}

/// The inbox: what has waited longest first, of his own and of those for whom he acts.
pub(crate) fn waiting(tx: &mut Tx, actor: &Actor, worn: Worn, wanted: &Wanted) -> Result<Page<TaskRow>> {
    let (directory, limit) = (hanlin_directory::snapshot(tx)?, wanted.page.limit());
    let (at, after) = cursor(wanted.page.after.as_deref())?;
    let after =
        after.map(|task| task.parse::<TaskId>().map_err(|_| Error::invalid("after", "workflow.cursor"))).transpose()?;
    let (after, after_no) = after.map(|task| (task.case, i64::from(task.no.0))).unzip();
    let hats = if worn == Worn::Own { Hats::default() } else { Hats::of(tx, actor)? };
    let mut parameters: Vec<Value> =
        params![actor.principal(), at, after, after_no, pattern(wanted), wanted.flow, limit + 1].to_vec();
    let whose = whose(actor, worn, &hats, &mut parameters);
    let sql = format!(
        "select t.case_id, t.no, t.person, t.node_name, t.purpose, t.opened_at, \
         case when t.person = $1 then t.seen_at else (select l.at from workflow_agent_look l \
         where l.case_id = t.case_id and l.no = t.no and l.agent = $1) end as seen_at, t.held_at, t.to_claim, t.on_paper, c.stage, c.number, c.title, \
         c.facts, c.initiator, f.name as flow_name \
         from workflow_task t join workflow_case c on c.id = t.case_id join workflow_flow f on f.id = c.flow \
         where {whose} and t.waiting \
         and (cast($2 as bigint) is null or t.opened_at > $2 \
         or (t.opened_at = $2 and (t.case_id > $3 or (t.case_id = $3 and t.no > $4)))) \
         and (cast($5 as text) is null or c.search like $5 escape '!') \
         and (cast($6 as text) is null or c.flow = $6) \
         order by t.opened_at, t.case_id, t.no limit $7"
    );
    let rows = tx.rows(&sql, &parameters)?;
    let rows = rows.iter().map(|row| task_row(row, actor.principal(), &directory)).collect::<Result<Vec<_>>>()?;
    Ok(Page::of(rows, limit, |row: &TaskRow| format!("{}.{}", row.arrived_at.as_millisecond(), row.id)))
}

/// Whose tasks: his own (`$1`), and those that are his to do for others.
fn whose(actor: &Actor, worn: Worn, hats: &Hats, parameters: &mut Vec<Value>) -> String {
    let mut bind = |value: Value| {
        parameters.push(value);
        format!("${}", parameters.len())
    };
    match worn {
        Worn::Of(principal) => hats.condition(actor.person, Some(principal), &mut bind),
        Worn::Any if !hats.is_empty() => {
            format!("(t.person = $1 or {})", hats.condition(actor.person, None, &mut bind))
        }
        Worn::Any | Worn::Own => "t.person = $1".to_owned(),
    }
}

/// Other values were approved since it was completed.
pub(super) const AMENDED: &str = "exists (select 1 from workflow_follow_up u where u.original = c.id \
     and u.kind = 'change' and u.took_effect)";

pub(crate) fn cases(tx: &mut Tx, person: PersonId, list: List, wanted: &Wanted) -> Result<Page<CaseRow>> {
    let (directory, limit) = (hanlin_directory::snapshot(tx)?, wanted.page.limit());
    let (at, after) = cursor(wanted.page.after.as_deref())?;
    let (from, sorted, unread) = match list {
        List::Done => ("workflow_hand l join workflow_case c on c.id = l.case_id where l.person = $1", "l.at", "false"),
        List::Started => ("workflow_case c where c.initiator = $1", "c.submitted_at", "false"),
        List::Copied => (
            "workflow_copy l join workflow_case c on c.id = l.case_id where l.person = $1",
            "l.sent_at",
            "(l.read_at is null)",
        ),
    };
    let hands = if list == List::Done { "l.done_by, l.done_for" } else { "null as done_by, null as done_for" };
    let must_read = if list == List::Copied { "l.must_read" } else { "false" };
    let sql = format!(
        "select c.id, c.number, c.title, c.facts, c.initiator, c.status, c.stage, c.submitted_at, c.updated_at, \
         {AMENDED} as amended, {sorted} as at, {unread} as unread, {must_read} as must_read, {hands}, \
         (select f.name from workflow_flow f where f.id = c.flow) as flow_name from {from} \
         and (cast($2 as bigint) is null or {sorted} < $2 or ({sorted} = $2 and c.id < $3)) \
         and (cast($4 as text) is null or c.search like $4 escape '!') \
         and (cast($5 as text) is null or c.flow = $5) and (cast($6 as text) is null or c.status = $6) \
         order by {sorted} desc, c.id desc limit $7"
    );
    let parameters = params![person, at, after, pattern(wanted), wanted.flow, wanted.status, limit + 1];
    let rows = tx.rows(&sql, parameters)?;
    let rows = rows.iter().map(|row| hand_row(row, &directory)).collect::<Result<Vec<_>>>()?;
    let mut page = Page::of(rows, limit, |row: &CaseRow| format!("{}.{}", row.at.as_millisecond(), row.id));
    fill_waiting_for(tx, &mut page.items, &directory)?;
    Ok(page)
}

pub(crate) fn counts(tx: &mut Tx, actor: &Actor) -> Result<Counts> {
    let person = actor.principal();
    let hats = hats(tx, actor)?;
    let for_others: u64 = hats.iter().map(|hat| hat.waiting).sum();
    let mut count = |of: &str| {
        let sql = format!("select count(*) from (select 1 from {of} limit {COUNTED}) as counted");
        tx.scalar::<u64>(&sql, params![person])
    };
    Ok(Counts {
        waiting: count("workflow_task where person = $1 and waiting")? + for_others,
        copied_unread: count("workflow_copy where person = $1 and read_at is null")?,
        drafts: count("workflow_draft where person = $1")?,
        notifications_unread: hanlin_notify::count_unread(tx, person)?,
        hats,
    })
}

/// For whom he acts now, each once, and how much of it waits for him.
fn hats(tx: &mut Tx, actor: &Actor) -> Result<Vec<HatView>> {
    let hats = Hats::of(tx, actor)?;
    if hats.is_empty() {
        return Ok(Vec::new());
    }
    let directory = hanlin_directory::snapshot(tx)?;
    let mut views: Vec<HatView> = Vec::new();
    for hat in hats.list() {
        if let Some(view) = views.iter_mut().find(|view| view.principal.id == hat.principal) {
            view.until = view.until.max(hat.until);
            view.may_start |= hat.may_start;
            view.may_decide |= hat.may_decide;
            continue;
        }
        let mut parameters = Vec::new();
        let whose = whose(actor, Worn::Of(hat.principal), &hats, &mut parameters);
        let sql = format!(
            "select cast(count(*) as bigint) from (select 1 from workflow_task t join workflow_case c \
             on c.id = t.case_id where t.waiting and {whose} limit {COUNTED}) as counted"
        );
        let waiting = tx.scalar(&sql, &parameters)?;
        let principal = name(&directory, hat.principal);
        let (may_start, may_decide) = (hat.may_start, hat.may_decide);
        views.push(HatView { principal, waiting, until: hat.until, may_start, may_decide });
    }
    Ok(views)
}

fn task_row(row: &Row, reader: PersonId, directory: &Snapshot) -> Result<TaskRow> {
    let (case, person): (CaseId, PersonId) = (row.get("case_id")?, row.get("person")?);
    Ok(TaskRow {
        id: TaskId { case, no: TaskNo(row.get("no")?) },
        case_id: case,
        number: row.get("number")?,
        title: row.get::<Json<_>>("title")?.0,
        flow_name: row.get::<Json<_>>("flow_name")?.0,
        initiator: name(directory, row.get("initiator")?),
        facts: row.get::<Json<_>>("facts")?.0,
        node_name: row.get::<Json<_>>("node_name")?.0,
        purpose: read_word(row, "purpose")?,
        arrived_at: row.get("opened_at")?,
        unread: row.get::<Option<Timestamp>>("seen_at")?.is_none(),
        held: row.get::<Option<Timestamp>>("held_at")?.is_some(),
        on_behalf_of: (person != reader).then(|| name(directory, person)),
        to_claim: row.get("to_claim")?,
        on_paper: row.get("on_paper")?,
        halted: read_word::<Stage>(row, "stage")? == Stage::Halted,
    })
}

pub(super) fn case_row(row: &Row, directory: &Snapshot) -> Result<CaseRow> {
    Ok(CaseRow {
        id: row.get("id")?,
        number: row.get("number")?,
        title: row.get::<Json<_>>("title")?.0,
        flow_name: row.get::<Json<_>>("flow_name")?.0,
        initiator: name(directory, row.get("initiator")?),
        facts: row.get::<Json<_>>("facts")?.0,
        status: read_word(row, "status")?,
        stage: read_word(row, "stage")?,
        submitted_at: row.get("submitted_at")?,
        updated_at: row.get("updated_at")?,
        at: row.get("at")?,
        unread: row.get("unread")?,
        amended: row.get("amended")?,
        must_read: row.get("must_read")?,
        waiting_for: Vec::new(),
        done_by: None,
        done_for: None,
    })
}

/// The same on a list of one's own: with who did it for whom.
fn hand_row(row: &Row, directory: &Snapshot) -> Result<CaseRow> {
    let named = |column: &str| -> Result<Option<PersonName>> {
        Ok(row.get::<Option<PersonId>>(column)?.map(|person| name(directory, person)))
    };
    Ok(CaseRow { done_by: named("done_by")?, done_for: named("done_for")?, ..case_row(row, directory)? })
}

pub(super) fn fill_waiting_for(tx: &mut Tx, items: &mut [CaseRow], directory: &Snapshot) -> Result<()> {
    let ids: Vec<CaseId> = items.iter().map(|row| row.id).collect();
    let sql = "select case_id, person from workflow_task where waiting and case_id in ({in}) order by case_id, no";
    for row in tx.all_in::<Row>(sql, &[], &ids)? {
        let case: CaseId = row.get("case_id")?;
        let person = name(directory, row.get("person")?);
        if let Some(item) = items.iter_mut().find(|item| item.id == case)
            && !item.waiting_for.contains(&person)
        {
            item.waiting_for.push(person);
        }
    }
    Ok(())
}

pub(crate) fn name(directory: &Snapshot, id: PersonId) -> PersonName {
    PersonName::of(id, directory)
}

pub(super) fn pattern(wanted: &Wanted) -> Option<String> {
    let q = wanted.q.as_deref().map(str::trim).filter(|q| !q.is_empty())?;
    let plain = q.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    Some(format!("%{plain}%"))
}

/// `<millisecond>.<case>`, as [`Page::of`] makes it.
pub(super) fn cursor(after: Option<&str>) -> Result<(Option<i64>, Option<String>)> {
    let Some(after) = after else { return Ok((None, None)) };
    let parts = after.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    let (at, id) = parts.ok_or_else(|| Error::invalid("after", "workflow.cursor"))?;
    Ok((Some(at), Some(id)))
}
