//! The cases that somebody may query, the youngest first. Each flow is one indexed question, with its scope in the SQL;
//! the answers are put in order together.

use std::collections::BTreeMap;

use hanlin_directory::model::Place;
use hanlin_forms::form::Field;
use hanlin_kernel::{Actor, DepartmentId, Error, Page, Result, Scopes, Text, UnitId};
use hanlin_store::{Row, ToValue, Tx};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    fields::{self, Condition, QueryCell, Sort},
    rights::{queries, scopes},
};
use crate::{
    cases::{
        lists::{AMENDED, Wanted, case_row, cursor, fill_waiting_for, pattern},
        model::{CaseId, CaseRow},
        question::Question,
    },
    flows::{self, Flow, FlowId},
};

/// A flow that somebody may query.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QueryFlow {
    pub id: FlowId,
    pub name: Text,
    pub category: String,
}

/// A case that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QueryRow {
    #[serde(flatten)]
    pub case: CaseRow,
    /// Where its initiator began it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_name: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// What stands in the indexed fields, where one form is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<QueryCell>,
}

/// What of the cases is wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sought {
    pub wanted: Wanted,
    /// Begun in this department or below.
    pub department: Option<DepartmentId>,
    /// Begun in this unit or below.
    pub unit: Option<UnitId>,
    /// Submitted then or later.
    pub from: Option<Timestamp>,
    /// Submitted before.
    pub before: Option<Timestamp>,
    /// By what stands in indexed fields of the form.
    pub conditions: Vec<Condition>,
    /// By which indexed field they are put in order; absent: the youngest first.
    pub sort: Option<String>,
}

/// The flows that he may query, each with its scope.
fn flows_for(tx: &mut Tx, actor: &Actor) -> Result<Vec<(Flow, Scopes)>> {
    if !queries(actor) {
        return Ok(Vec::new());
    }
    let all = flows::list_flows(tx)?;
    Ok(all.into_iter().filter_map(|flow| scopes(actor, flow.id).map(|scopes| (flow, scopes))).collect())
}

pub(crate) fn list_flows(tx: &mut Tx, actor: &Actor) -> Result<Vec<QueryFlow>> {
    let flows = flows_for(tx, actor)?.into_iter();
    Ok(flows.map(|(Flow { id, name, category, .. }, _)| QueryFlow { id, name, category }).collect())
}

pub(crate) fn cases(tx: &mut Tx, actor: &Actor, sought: &Sought) -> Result<Page<QueryRow>> {
    let limit = sought.wanted.page.limit();
    let directory = hanlin_directory::snapshot(tx)?;
    let places = places_sought(tx, sought)?;
    let fields = fields_sought(tx, actor, sought)?;
    let sort = sought.sort.as_deref().map(|sort| Sort::read(sort, &fields)).transpose()?;
    let (mut found, mut marks) = (Vec::new(), BTreeMap::new());
    for (flow, scopes) in flows_for(tx, actor)? {
        if sought.wanted.flow.as_ref().is_some_and(|wanted| *wanted != flow.id.to_string()) {
            continue;
        }
        let question = question(actor, flow.id, &scopes, sought, places.as_ref(), &fields, sort.as_ref())?;
        for row in tx.rows(&question.sql, &question.params)? {
            let found_row = query_row(&row, &directory, tx.now())?;
            if let Some(sort) = &sort {
                marks.insert(found_row.case.id, sort.mark(&row)?);
            }
            found.push(found_row);
        }
    }
    if sort.is_none() {
        found.sort_by_key(|row| std::cmp::Reverse((row.case.at, row.case.id)));
    }
    let mark = |row: &QueryRow| marks.get(&row.case.id).cloned().unwrap_or(row.case.at.as_millisecond().to_string());
    let mut page = Page::of(found, limit, |row| format!("{}.{}", mark(row), row.case.id));
    let ids: Vec<CaseId> = page.items.iter().map(|row| row.case.id).collect();
    let mut cells = fields::cells(tx, &fields, &ids, &directory, tx.now())?;
    for row in &mut page.items {
        row.cells = cells.remove(&row.case.id).unwrap_or_default();
    }
    let mut rows: Vec<CaseRow> = page.items.iter().map(|row| row.case.clone()).collect();
    fill_waiting_for(tx, &mut rows, &directory)?;
    for (row, case) in page.items.iter_mut().zip(rows) {
        row.case = case;
    }
    Ok(page)
}

/// The indexed fields that are told, where one form is asked for; only then can they be asked about.
fn fields_sought(tx: &mut Tx, actor: &Actor, sought: &Sought) -> Result<Vec<Field>> {
    let Some(flow) = sought.wanted.flow.as_deref().and_then(|flow| flow.parse().ok()) else { return Ok(Vec::new()) };
    match fields::fields_for(tx, actor, flow) {
        // Of a form that is no longer open, or not there, there is nothing to be asked about.
        Err(Error::Refused(_) | Error::NotFound) => Ok(Vec::new()),
        fields => fields,
    }
}

/// The units and departments of the place that is asked for.
type Places = (Vec<UnitId>, Vec<DepartmentId>);

fn places_sought(tx: &mut Tx, sought: &Sought) -> Result<Option<Places>> {
    let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    Ok(match (sought.department, sought.unit) {
        (Some(department), _) => Some((Vec::new(), directory.departments_and_below(department, at))),
        (None, Some(unit)) => Some((directory.units_and_below(unit, at), Vec::new())),
        (None, None) => None,
    })
}

fn question(
    actor: &Actor,
    flow: FlowId,
    scopes: &Scopes,
    sought: &Sought,
    places: Option<&Places>,
    fields: &[Field],
    sort: Option<&Sort>,
) -> Result<Question> {
    let mut question = Question::default();
    let after = sought.wanted.page.after.as_deref().filter(|after| !after.is_empty());
    let mut holds = vec![format!("c.flow = {}", question.bind(flow))];
    if !scopes.all {
        let mut reached =
            vec![question.is_one_of("c.unit", &scopes.units), question.is_one_of("c.department", &scopes.departments)];
        if scopes.own {
            reached.push(format!("c.initiator = {}", question.bind(actor.principal())));
        }
        holds.push(format!("({})", reached.join(" or ")));
    }
    match (sort, after) {
        (Some(sort), Some(after)) => holds.push(sort.behind(&mut question, after)?),
        (None, after) => {
            if let Some((at, after)) = cursor(after)? {
                let after = question.bind_all([&at as &dyn ToValue, &after]);
                holds.push(format!("(c.submitted_at, c.id) < ({after})"));
            }
        }
        (Some(_), None) => {}
    }
    for condition in &sought.conditions {
        holds.push(fields::holds(&mut question, flow, fields, condition)?);
    }
    if let Some(pattern) = pattern(&sought.wanted) {
        holds.push(format!("c.search like {} escape '!'", question.bind(pattern)));
    }
    if let Some(status) = &sought.wanted.status {
        holds.push(format!("c.status = {}", question.bind(status.clone())));
    }
    if let Some((units, departments)) = places {
        let (units, departments) =
            (question.is_one_of("c.unit", units), question.is_one_of("c.department", departments));
        holds.push(format!("({units} or {departments})"));
    }
    if let Some(from) = sought.from {
        holds.push(format!("c.submitted_at >= {}", question.bind(from)));
    }
    if let Some(before) = sought.before {
        holds.push(format!("c.submitted_at < {}", question.bind(before)));
    }
    let (join, sorted, order) = ordered(&mut question, flow, sort);
    let limit = question.bind(sought.wanted.page.limit() + 1);
    question.sql = format!(
        "select {AMENDED} as amended, c.id, c.number, c.title, c.facts, c.initiator, c.status, c.stage, c.submitted_at, c.updated_at, \
         c.submitted_at as at, false as unread, false as must_read, c.finished_at, c.unit, c.department, \
         (select f.name from workflow_flow f where f.id = c.flow) as flow_name, {sorted} as sorted \
         from workflow_case c {join} where {} order by {order} limit {limit}",
        holds.join(" and ")
    );
    Ok(question)
}

/// The rows by which cases are put in order, what they are put in order by, and how.
fn ordered(question: &mut Question, flow: FlowId, sort: Option<&Sort>) -> (String, String, String) {
    let Some(sort) = sort else {
        return (String::new(), "null".to_owned(), "c.submitted_at desc, c.id desc".to_owned());
    };
    let (name, way) = (sort.column.name(), if sort.down { "desc" } else { "asc" });
    let (flow, field) = (question.bind(flow), question.bind(sort.field.clone()));
    let join = format!(
        "join workflow_value s on s.case_id = c.id and s.flow = {flow} and s.field = {field} and s.item = 0 \
         and s.{name} is not null"
    );
    (join, format!("s.{name}"), format!("s.{name} {way}, c.id {way}"))
}

fn query_row(row: &Row, directory: &hanlin_directory::Snapshot, now: Timestamp) -> Result<QueryRow> {
    let department = row.get::<Option<DepartmentId>>("department")?.map(Place::Department);
    let place = department.or(row.get::<Option<UnitId>>("unit")?.map(Place::Unit));
    Ok(QueryRow {
        case: case_row(row, directory)?,
        place_name: place.and_then(|place| directory.name_of(place, now).cloned()),
        finished_at: row.get("finished_at")?,
        cells: Vec::new(),
    })
}
