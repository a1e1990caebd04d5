//! 运行监控 (FLOW-31): the running cases of the units whose flows somebody administers, the oldest first, as far as he needs
//! it to push them: where they stand, with whom and since when; nothing of what is written in them.

use hanlin_api::{App, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_directory::{PersonName, model::Place};
use hanlin_kernel::{
    Actor, DepartmentId, Error, FieldError, Page, PageRequest, PersonId, Result, Scopes, Text, UnitId,
};
use hanlin_store::{Json as Stored, Row, ToValue, Tx};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    actions::{administers, administrate},
    elapsed::{Elapsed, Waiting},
    lists::{cursor, name},
    model::{CaseId, StoredCase, TaskId},
    operations::on_case,
    question::Question,
    routes::Done,
    store::{self, read_word},
};
use crate::{
    MANAGE,
    engine::{Intent, Stage, Words, case::Purpose, case::TaskNo},
    flows::FlowId,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.can(
        MANAGE,
        routes!(list_monitored_flows, list_monitored_cases, create_monitored_urge, create_monitored_hand_over),
    )
}

/// How a flow is running.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
struct MonitoredFlow {
    flow: FlowId,
    name: Text,
    /// 核心流程: one that is watched before the others.
    core: bool,
    running: u64,
    /// Of these, cases in which an administrator must name who handles it.
    without_handler: u64,
    /// When the oldest of them was submitted.
    #[schema(value_type = String, format = DateTime)]
    oldest: Timestamp,
}

/// A running case.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
struct MonitoredCase {
    id: CaseId,
    number: String,
    flow: FlowId,
    flow_name: Text,
    /// Of a flow that is marked as core.
    core: bool,
    initiator: PersonName,
    #[serde(skip_serializing_if = "Option::is_none")]
    place_name: Option<Text>,
    stage: Stage,
    #[schema(value_type = String, format = DateTime)]
    submitted_at: Timestamp,
    /// What is waited for, the longest first.
    tasks: Vec<MonitoredTask>,
}

/// A task that is open.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
struct MonitoredTask {
    #[schema(value_type = String)]
    id: TaskId,
    node_name: Text,
    person: PersonName,
    purpose: Purpose,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// How much working time has passed since, where he works.
    #[serde(skip_serializing_if = "Option::is_none")]
    waited: Option<Elapsed>,
    /// Has he opened the case with it?
    seen: bool,
    held: bool,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Only cases of this flow.
    flow: Option<FlowId>,
    /// Only cases of flows that are marked as core.
    #[serde(default)]
    core: bool,
    /// Only cases in which somebody has been waited for so many hours or longer.
    hours: Option<u32>,
    /// Only cases in which an administrator must name who handles it.
    #[serde(default)]
    without_handler: bool,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    limit: Option<u32>,
}

/// Why somebody is reminded.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MonitoredUrge {
    #[serde(default)]
    text: String,
}

/// Who handles it from now on, and why.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MonitoredHandOver {
    task: TaskId,
    to: PersonId,
    text: String,
}

/// How the flows that I administer are running.
#[utoipa::path(get, path = "/monitored_flows", responses((status = 200, body = Vec<MonitoredFlow>)))]
async fn list_monitored_flows(app: App, Me(me): Me) -> Reply<Vec<MonitoredFlow>> {
    app.read(move |tx| flows(tx, &me)).await
}

/// The running cases of the units whose flows I administer, the oldest first, without what is written in them.
#[utoipa::path(get, path = "/monitored_cases", params(Asked), responses((status = 200, body = Page<MonitoredCase>)))]
async fn list_monitored_cases(app: App, Me(me): Me, Query(asked): Query<Asked>) -> Reply<Page<MonitoredCase>> {
    app.read(move |tx| cases(tx, &me, &asked)).await
}

/// Remind everybody who is waited for.
#[utoipa::path(post, path = "/monitored_cases/{id}/urges", params(("id" = CaseId, Path)), request_body = MonitoredUrge,
    responses((status = 200, body = Done)))]
async fn create_monitored_urge(
    app: App,
    Me(me): Me,
    Path(id): Path<CaseId>,
    Json(asked): Json<MonitoredUrge>,
) -> Reply<Done> {
    on_case(app, id, move |tx| {
        push(tx, &me, id, Intent::Urge { channel: "app".into(), words: Words::new(&asked.text) })
    })
    .await
}

/// Give a task to another.
#[utoipa::path(post, path = "/monitored_cases/{id}/hand_overs", params(("id" = CaseId, Path)),
    request_body = MonitoredHandOver, responses((status = 200, body = Done)))]
async fn create_monitored_hand_over(
    app: App,
    Me(me): Me,
    Path(id): Path<CaseId>,
    Json(asked): Json<MonitoredHandOver>,
) -> Reply<Done> {
    on_case(app, id, move |tx| {
        if asked.task.case != id {
            return Err(Error::NotFound);
        }
        push(tx, &me, id, Intent::HandOver { task: asked.task.no, to: asked.to, words: Words::new(&asked.text) })
    })
    .await
}

/// Does something as the flow's administrator with a case that he need not be able to read.
fn push(tx: &mut Tx, actor: &Actor, id: CaseId, intent: Intent) -> Result<Vec<FieldError>> {
    let case: StoredCase = store::find(tx, id)?;
    if !administers(actor, &case) {
        return Err(Error::NotFound);
    }
    administrate(tx, actor, case, intent)
}

/// What makes a case his to push: its unit.
fn reached(question: &mut Question, scopes: &Scopes) -> String {
    if scopes.all {
        "c.status = 'running'".to_owned()
    } else {
        format!("c.status = 'running' and {}", question.is_one_of("c.unit", &scopes.units))
    }
}

/// An administrator is asked who handles it.
const WITHOUT_HANDLER: &str =
    "exists (select 1 from workflow_task t where t.case_id = c.id and t.waiting and t.purpose = 'assign')";

fn flows(tx: &mut Tx, actor: &Actor) -> Result<Vec<MonitoredFlow>> {
    let mut question = Question::default();
    let reached = reached(&mut question, &actor.scope_of(MANAGE));
    question.sql = format!(
        "select r.flow, f.name, f.core, r.running, r.without_handler, r.oldest from (select c.flow, cast(count(*) as bigint) as running, \
         cast(sum(case when {WITHOUT_HANDLER} then 1 else 0 end) as bigint) as without_handler, \
         min(c.submitted_at) as oldest from workflow_case c where {reached} group by c.flow) r \
         join workflow_flow f on f.id = r.flow \
         order by f.core desc, r.running desc, r.flow"
    );
    let row = |row: &Row| {
        Ok(MonitoredFlow {
            flow: row.get("flow")?,
            name: row.get::<Stored<_>>("name")?.0,
            core: row.get("core")?,
            running: row.get("running")?,
            without_handler: row.get("without_handler")?,
            oldest: row.get("oldest")?,
        })
    };
    tx.rows(&question.sql, &question.params)?.iter().map(row).collect()
}

fn cases(tx: &mut Tx, actor: &Actor, asked: &Asked) -> Result<Page<MonitoredCase>> {
    let page = PageRequest { after: asked.after.clone(), limit: asked.limit };
    let (directory, limit) = (hanlin_directory::snapshot(tx)?, page.limit());
    let mut question = Question::default();
    let mut holds = vec![reached(&mut question, &actor.scope_of(MANAGE))];
    if let Some((at, after)) = cursor(page.after.as_deref())? {
        let after = question.bind_all([&at as &dyn ToValue, &after]);
        holds.push(format!("(c.submitted_at, c.id) > ({after})"));
    }
    if let Some(flow) = asked.flow {
        holds.push(format!("c.flow = {}", question.bind(flow)));
    }
    if asked.core {
        holds.push("f.core".to_owned());
    }
    if let Some(hours) = asked.hours {
        let before = question.bind(tx.now() - SignedDuration::from_hours(hours.into()));
        holds.push(format!(
            "exists (select 1 from workflow_task t where t.case_id = c.id and t.waiting and t.opened_at <= {before})"
        ));
    }
    if asked.without_handler {
        holds.push(WITHOUT_HANDLER.to_owned());
    }
    let most = question.bind(limit + 1);
    question.sql = format!(
        "select c.id, c.number, c.flow, c.initiator, c.unit, c.department, c.stage, c.submitted_at, f.name as flow_name, f.core \
         from workflow_case c join workflow_flow f on f.id = c.flow where {} order by c.submitted_at, c.id limit {most}",
        holds.join(" and ")
    );
    let now = tx.now();
    let row = |row: &Row| {
        let department = row.get::<Option<DepartmentId>>("department")?.map(Place::Department);
        let place = department.or(row.get::<Option<UnitId>>("unit")?.map(Place::Unit));
        Ok(MonitoredCase {
            id: row.get("id")?,
            number: row.get("number")?,
            flow: row.get("flow")?,
            flow_name: row.get::<Stored<_>>("flow_name")?.0,
            core: row.get("core")?,
            initiator: name(&directory, row.get("initiator")?),
            place_name: place.and_then(|place| directory.name_of(place, now).cloned()),
            stage: read_word(row, "stage")?,
            submitted_at: row.get("submitted_at")?,
            tasks: Vec::new(),
        })
    };
    let rows = tx.rows(&question.sql, &question.params)?.iter().map(row).collect::<Result<Vec<_>>>()?;
    let mut page =
        Page::of(rows, limit, |row: &MonitoredCase| format!("{}.{}", row.submitted_at.as_millisecond(), row.id));
    fill_tasks(tx, &mut page.items, &directory)?;
    Ok(page)
}

fn fill_tasks(tx: &mut Tx, cases: &mut [MonitoredCase], directory: &hanlin_directory::Snapshot) -> Result<()> {
    let ids: Vec<CaseId> = cases.iter().map(|row| row.id).collect();
    let sql = "select case_id, no, node_name, person, purpose, opened_at, seen_at, held_at from workflow_task \
               where waiting and case_id in ({in}) order by opened_at, case_id, no";
    let waiting = Waiting::of(tx, directory)?;
    for row in tx.all_in::<Row>(sql, &[], &ids)? {
        let id: CaseId = row.get("case_id")?;
        let (person, since) = (row.get("person")?, row.get("opened_at")?);
        let task = MonitoredTask {
            id: TaskId { case: id, no: TaskNo(row.get("no")?) },
            node_name: row.get::<Stored<_>>("node_name")?.0,
            person: name(directory, person),
            purpose: read_word(&row, "purpose")?,
            since,
            waited: waiting.since(person, since),
            seen: row.get::<Option<Timestamp>>("seen_at")?.is_some(),
            held: row.get::<Option<Timestamp>>("held_at")?.is_some(),
        };
        if let Some(case) = cases.iter_mut().find(|case| case.id == id) {
            case.tasks.push(task);
        }
    }
    Ok(())
}
