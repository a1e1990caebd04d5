//! 待我处理、已办、我发起、抄送我: each one indexed question, scoped by the reader in SQL.

use hanlin_directory::{PersonName, Snapshot};
use hanlin_kernel::{Actor, Error, Page, PageRequest, PersonId, Result};
use hanlin_store::{Json, Row, ToValue, Tx, Value, params};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    elapsed::Waiting,
    model::{CaseId, CaseRow, TaskId, TaskRow},
    question::Question,
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

impl Wanted {
    /// Is only a part of the list wanted?
    fn sifts(&self) -> bool {
        pattern(self).is_some() || self.flow.is_some() || self.status.is_some()
    }

    /// What the case `c` of a row must be, each condition after an `and`.
    fn conditions(&self, question: &mut Question) -> String {
        let wanted = [
            pattern(self).map(|q| format!(" and c.search like {} escape '!'", question.bind(q))),
            self.flow.as_ref().map(|flow| format!(" and c.flow = {}", question.bind(flow))),
            self.status.as_ref().map(|status| format!(" and c.status = {}", question.bind(status))),
        ];
        wanted.into_iter().flatten().collect()
    }
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

/// How many rows of a list one page of a search looks through: no search keeps others waiting, however long the list.
/// Where a page ends there, `next` says where to go on.
pub(super) const LOOKED_THROUGH: usize = 500;

/// The inbox: what has waited longest first, of his own and of those for whom he acts.
pub(crate) fn waiting(tx: &mut Tx, actor: &Actor, worn: Worn, wanted: &Wanted) -> Result<Page<TaskRow>> {
    let (directory, limit) = (hanlin_directory::snapshot(tx)?, wanted.page.limit());
    let after = cursor(wanted.page.after.as_deref())?
        .map(|(at, task)| {
            let task = task.parse::<TaskId>().map_err(|_| Error::invalid("after", "workflow.cursor"))?;
            Ok::<_, Error>((at, task.case.to_string(), i64::from(task.no.0)))
        })
        .transpose()?;
    let (at, after, after_no) = after.unwrap_or((i64::MIN, String::new(), 0));
    let hats = if worn == Worn::Own { Hats::default() } else { Hats::of(tx, actor)? };
    let mut question = Question::default();
    let (me, after) = (question.bind(actor.principal()), question.bind_all([&at as &dyn ToValue, &after, &after_no]));
    let listed = format!(
        "{} and t.waiting and (t.opened_at, t.case_id, t.no) > ({after})",
        whose(actor, worn, &hats, &me, &mut question)
    );
    let mut on = None;
    let mut sifted = String::new();
    if wanted.sifts() {
        let case = if hats.is_empty() { "" } else { "join workflow_case c on c.id = t.case_id" };
        question.sql = format!(
            "select t.opened_at as at, t.case_id, t.no from workflow_task t {case} where {listed} \
             order by t.opened_at, t.case_id, t.no limit 1 offset {}",
            LOOKED_THROUGH - 1
        );
        if let Some(end) = tx.rows(&question.sql, &question.params)?.pop() {
            let (at, case, no): (i64, CaseId, i64) = (end.get("at")?, end.get("case_id")?, end.get("no")?);
            let end = question.bind_all([&at as &dyn ToValue, &case, &no]);
            sifted = format!(" and (t.opened_at, t.case_id, t.no) <= ({end})");
            on = Some(format!("{at}.{case}.{no}"));
        }
        sifted += &wanted.conditions(&mut question);
    }
    question.sql = format!(
        "select t.case_id, t.no, t.person, t.node_name, t.purpose, t.opened_at, \
         case when t.person = {me} then t.seen_at else (select l.at from workflow_agent_look l \
         where l.case_id = t.case_id and l.no = t.no and l.agent = {me}) end as seen_at, t.held_at, t.to_claim, t.on_paper, c.stage, c.number, c.title, \
         c.facts, c.initiator, f.name as flow_name \
         from workflow_task t join workflow_case c on c.id = t.case_id join workflow_flow f on f.id = c.flow \
         where {listed}{sifted} order by t.opened_at, t.case_id, t.no limit {}",
        limit + 1
    );
    let rows = tx.rows(&question.sql, &question.params)?;
    let waiting = Waiting::of(tx, &directory)?;
    let rows =
        rows.iter().map(|row| task_row(row, actor.principal(), &directory, &waiting)).collect::<Result<Vec<_>>>()?;
    let page = Page::of(rows, limit, |row: &TaskRow| format!("{}.{}", row.arrived_at.as_millisecond(), row.id));
    Ok(page.or_on(on))
}

/// Whose tasks: his own (`me`), and those that are his to do for others.
fn whose(actor: &Actor, worn: Worn, hats: &Hats, me: &str, question: &mut Question) -> String {
    let mut bind = |value: Value| question.bind(value);
    match worn {
        Worn::Of(principal) => hats.condition(actor.person, Some(principal), &mut bind),
        Worn::Any if !hats.is_empty() => {
            format!("(t.person = {me} or {})", hats.condition(actor.person, None, &mut bind))
        }
        Worn::Any | Worn::Own => format!("t.person = {me}"),
    }
}

/// Other values were approved since it was completed.
pub(super) const AMENDED: &str = "exists (select 1 from workflow_follow_up u where u.original = c.id \
     and u.kind = 'change' and u.took_effect)";

pub(crate) fn cases(tx: &mut Tx, person: PersonId, list: List, wanted: &Wanted) -> Result<Page<CaseRow>> {
    let (directory, limit) = (hanlin_directory::snapshot(tx)?, wanted.page.limit());
    let (at, after) = cursor(wanted.page.after.as_deref())?.unwrap_or((i64::MAX, String::new()));
    let (rows, whose, sorted, key, unread) = match list {
        List::Done => ("workflow_hand l", "l.person", "l.at", "l.case_id", "false"),
        List::Started => ("workflow_case c", "c.initiator", "c.submitted_at", "c.id", "false"),
        List::Copied => ("workflow_copy l", "l.person", "l.sent_at", "l.case_id", "(l.read_at is null)"),
    };
    let case = if list == List::Started { "" } else { "join workflow_case c on c.id = l.case_id" };
    let hands = if list == List::Done { "l.done_by, l.done_for" } else { "null as done_by, null as done_for" };
    let must_read = if list == List::Copied { "l.must_read" } else { "false" };
    let mut question = Question::default();
    let (person, after) = (question.bind(person), question.bind_all([&at as &dyn ToValue, &after]));
    let listed = format!("{whose} = {person} and ({sorted}, {key}) < ({after})");
    let order = format!("order by {sorted} desc, {key} desc");
    let mut on = None;
    let mut sifted = String::new();
    if wanted.sifts() {
        question.sql = format!(
            "select {sorted} as at, {key} as id from {rows} where {listed} {order} limit 1 offset {}",
            LOOKED_THROUGH - 1
        );
        if let Some(end) = tx.rows(&question.sql, &question.params)?.pop() {
            let (at, id): (i64, CaseId) = (end.get("at")?, end.get("id")?);
            let end = question.bind_all([&at as &dyn ToValue, &id]);
            sifted = format!(" and ({sorted}, {key}) >= ({end})");
            on = Some(format!("{at}.{id}"));
        }
        sifted += &wanted.conditions(&mut question);
    }
    question.sql = format!(
        "select c.id, c.number, c.title, c.facts, c.initiator, c.status, c.stage, c.submitted_at, c.updated_at, \
         {AMENDED} as amended, {sorted} as at, {unread} as unread, {must_read} as must_read, {hands}, \
         (select f.name from workflow_flow f where f.id = c.flow) as flow_name from {rows} {case} \
         where {listed}{sifted} {order} limit {}",
        limit + 1
    );
    let rows = tx.rows(&question.sql, &question.params)?;
    let rows = rows.iter().map(|row| hand_row(row, &directory)).collect::<Result<Vec<_>>>()?;
    let page = Page::of(rows, limit, |row: &CaseRow| format!("{}.{}", row.at.as_millisecond(), row.id));
    let mut page = page.or_on(on);
    fill_waiting_for(tx, &mut page.items, &directory)?;
    Ok(page)
}

pub(crate) fn counts(tx: &mut Tx, actor: &Actor) -> Result<Counts> {
    let person = actor.principal();
    let hats = hats(tx, actor)?;
    let for_others: u64 = hats.iter().map(|hat| hat.waiting).sum();
    let count = |of: &str| format!("(select count(*) from (select 1 from {of} limit {COUNTED}) as counted)");
    let sql = format!(
        "select {} as waiting, {} as copied_unread, {} as drafts",
        count("workflow_task where person = $1 and waiting"),
        count("workflow_copy where person = $1 and read_at is null"),
        count("workflow_draft where person = $1")
    );
    let counted = tx.rows(&sql, params![person])?.pop().ok_or(Error::NotFound)?;
    Ok(Counts {
        waiting: counted.get::<u64>("waiting")? + for_others,
        copied_unread: counted.get("copied_unread")?,
        drafts: counted.get("drafts")?,
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
        let mut question = Question::default();
        let whose = whose(actor, Worn::Of(hat.principal), &hats, "", &mut question);
        question.sql = format!(
            "select cast(count(*) as bigint) from (select 1 from workflow_task t join workflow_case c \
             on c.id = t.case_id where t.waiting and {whose} limit {COUNTED}) as counted"
        );
        let waiting = tx.scalar(&question.sql, &question.params)?;
        let principal = name(&directory, hat.principal);
        let (may_start, may_decide) = (hat.may_start, hat.may_decide);
        views.push(HatView { principal, waiting, until: hat.until, may_start, may_decide });
    }
    Ok(views)
}

fn task_row(row: &Row, reader: PersonId, directory: &Snapshot, waiting: &Waiting) -> Result<TaskRow> {
    let (case, person): (CaseId, PersonId) = (row.get("case_id")?, row.get("person")?);
    let arrived_at = row.get("opened_at")?;
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
        arrived_at,
        waited: waiting.since(person, arrived_at),
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

pub(crate) fn pattern(wanted: &Wanted) -> Option<String> {
    pattern_of(wanted.q.as_deref()?)
}

/// What holds these words, in small letters; nothing where there are none.
pub(super) fn pattern_of(words: &str) -> Option<String> {
    let q = Some(words.trim()).filter(|q| !q.is_empty())?;
    let plain = q.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    Some(format!("%{plain}%"))
}

/// `<millisecond>.<case>`, as [`Page::of`] makes it.
pub(crate) fn cursor(after: Option<&str>) -> Result<Option<(i64, String)>> {
    let Some(after) = after else { return Ok(None) };
    let parts = after.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parts.map(Some).ok_or_else(|| Error::invalid("after", "workflow.cursor"))
}
