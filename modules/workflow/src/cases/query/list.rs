//! The cases that somebody may query, the youngest first. Each flow is one indexed question, with its scope in the SQL;
//! the answers are put in order together.

use std::collections::BTreeMap;

use hanlin_directory::model::Place;
use hanlin_forms::form::Field;
use hanlin_kernel::{Actor, DepartmentId, Page, Result, Scopes, Text, UnitId};
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
    let flows = flows_for(tx, actor)?;
    if flows.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let directory = hanlin_directory::snapshot(tx)?;
    let places = places_sought(tx, sought)?;
    let fields = fields_sought(tx, actor, sought)?;
    let sort = sought.sort.as_deref().map(|sort| Sort::read(sort, &fields)).transpose()?;
    let after = sought.wanted.page.after.as_deref().filter(|after| !after.is_empty());
    let orders = orders(sort.as_ref(), after)?;
    let (mut found, mut cursors) = (Vec::new(), BTreeMap::new());
    for (flow, scopes) in flows {
        if sought.wanted.flow.as_ref().is_some_and(|wanted| *wanted != flow.id.to_string()) {
            continue;
        }
        for order in &orders {
            // What comes behind is asked for when there is room for it.
            if sort.is_some() && found.len() > limit {
                break;
            }
            let question = question(actor, flow.id, &scopes, sought, places.as_ref(), &fields, order)?;
            for row in tx.rows(&question.sql, &question.params)? {
                let found_row = query_row(&row, &directory, tx.now())?;
                cursors.insert(found_row.case.id, order.cursor(&row, &found_row.case)?);
                found.push(found_row);
            }
        }
    }
    if sort.is_none() {
        found.sort_by_key(|row| std::cmp::Reverse((row.case.at, row.case.id)));
    }
    let mut page = Page::of(found, limit, |row| cursors.get(&row.case.id).cloned().unwrap_or_default());
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

/// Which cases are asked for, and in which order, behind where the page before ended.
enum Order<'q> {
    /// All of them.
    Youngest { behind: Option<(i64, String)> },
    /// Those in which a field is filled in, by that.
    Filled { sort: &'q Sort, behind: Option<(&'q str, &'q str)> },
    /// Those in which it is empty: they come last, the youngest first.
    Empty { sort: &'q Sort, behind: Option<&'q str> },
}

/// What is asked for one after the other. A cursor among the filled ones is what stands there and the case, among the empty
/// ones the case.
fn orders<'q>(sort: Option<&'q Sort>, after: Option<&'q str>) -> Result<Vec<Order<'q>>> {
    let Some(sort) = sort else { return Ok(vec![Order::Youngest { behind: cursor(after)? }]) };
    let filled = |behind| vec![Order::Filled { sort, behind }, Order::Empty { sort, behind: None }];
    Ok(match after {
        None => filled(None),
        Some(after) => match after.rsplit_once('.') {
            Some(behind) => filled(Some(behind)),
            None => vec![Order::Empty { sort, behind: Some(after) }],
        },
    })
}

impl Order<'_> {
    /// The table by whose rows cases are put in order.
    fn table(&self) -> &'static str {
        match self {
            Self::Youngest { .. } => "workflow_case c",
            Self::Filled { .. } | Self::Empty { .. } => "workflow_value s join workflow_case c on c.id = s.case_id",
        }
    }

    fn holds(&self, question: &mut Question, flow: FlowId) -> Result<Vec<String>> {
        let of_field = |sort: &Sort, question: &mut Question| {
            vec![
                format!("s.flow = {}", question.bind(flow)),
                format!("s.field = {}", question.bind(sort.field.clone())),
                "s.item = 0".to_owned(),
            ]
        };
        Ok(match self {
            Self::Youngest { behind } => {
                let mut behind_of = |(at, id): &(i64, String)| {
                    format!("(c.submitted_at, c.id) < ({})", question.bind_all([at as &dyn ToValue, id]))
                };
                behind.iter().map(&mut behind_of).collect()
            }
            Self::Filled { sort, behind } => {
                let mut holds = of_field(sort, question);
                holds.push(format!("s.{} is not null", sort.column.name()));
                if let Some((mark, id)) = behind {
                    holds.push(sort.behind(question, mark, id)?);
                }
                holds
            }
            Self::Empty { sort, behind } => {
                let mut holds = of_field(sort, question);
                holds.push("s.words is null and s.number is null and s.day is null and s.named is null".to_owned());
                holds.extend(behind.map(|id| format!("s.case_id < {}", question.bind(id.to_owned()))));
                holds
            }
        })
    }

    /// What they are put in order by, and how.
    fn by(&self) -> (String, String) {
        match self {
            Self::Youngest { .. } => ("null".to_owned(), "c.submitted_at desc, c.id desc".to_owned()),
            Self::Filled { sort, .. } => {
                let (name, (way, _)) = (sort.column.name(), sort.way());
                (format!("s.{name}"), format!("s.{name} {way}, s.case_id {way}"))
            }
            Self::Empty { .. } => ("null".to_owned(), "s.case_id desc".to_owned()),
        }
    }

    fn cursor(&self, row: &Row, case: &CaseRow) -> Result<String> {
        Ok(match self {
            Self::Youngest { .. } => format!("{}.{}", case.at.as_millisecond(), case.id),
            Self::Filled { sort, .. } => format!("{}.{}", sort.mark(row)?, case.id),
            Self::Empty { .. } => case.id.to_string(),
        })
    }
}

/// How the database goes about it, question by question: for the test that it goes by an index.
#[cfg(test)]
pub(crate) fn plans(tx: &mut Tx, actor: &Actor, sought: &Sought) -> Result<Vec<String>> {
    let fields = fields_sought(tx, actor, sought)?;
    let sort = sought.sort.as_deref().map(|sort| Sort::read(sort, &fields)).transpose()?;
    let after = sought.wanted.page.after.as_deref();
    let mut plans = Vec::new();
    for (flow, scopes) in flows_for(tx, actor)? {
        for order in orders(sort.as_ref(), after)? {
            let question = question(actor, flow.id, &scopes, sought, None, &fields, &order)?;
            plans.push(question.plan(tx)?);
        }
    }
    Ok(plans)
}

/// The indexed fields that are told, where one form is asked for; only then can they be asked about.
pub(super) fn fields_sought(tx: &mut Tx, actor: &Actor, sought: &Sought) -> Result<Vec<Field>> {
    let flow = sought.wanted.flow.as_deref().and_then(|flow| flow.parse().ok());
    let Some(flow) = flow.filter(|flow| scopes(actor, *flow).is_some()) else { return Ok(Vec::new()) };
    fields::fields_told(tx, actor, flow)
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

/// What of a flow's cases he may query; nothing: none of them.
pub(crate) fn reached(question: &mut Question, actor: &Actor, flow: FlowId) -> Option<String> {
    let scopes = scopes(actor, flow)?;
    Some(within(question, actor, &scopes).unwrap_or_else(|| "true".to_owned()))
}

/// The cases that lie in these scopes; nothing: all of them.
fn within(question: &mut Question, actor: &Actor, scopes: &Scopes) -> Option<String> {
    if scopes.all {
        return None;
    }
    let mut reached =
        vec![question.is_one_of("c.unit", &scopes.units), question.is_one_of("c.department", &scopes.departments)];
    if scopes.own {
        reached.push(format!("c.initiator = {}", question.bind(actor.principal())));
    }
    Some(format!("({})", reached.join(" or ")))
}

fn question(
    actor: &Actor,
    flow: FlowId,
    scopes: &Scopes,
    sought: &Sought,
    places: Option<&Places>,
    fields: &[Field],
    order: &Order<'_>,
) -> Result<Question> {
    let mut question = Question::default();
    let mut holds = vec![format!("c.flow = {}", question.bind(flow))];
    holds.extend(within(&mut question, actor, scopes));
    holds.extend(order.holds(&mut question, flow)?);
    holds.extend(fields::hold(&mut question, flow, fields, &sought.conditions)?);
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
    let (table, (sorted, order)) = (order.table(), order.by());
    let limit = question.bind(sought.wanted.page.limit() + 1);
    question.sql = format!(
        "select {AMENDED} as amended, c.id, c.number, c.title, c.facts, c.initiator, c.status, c.stage, c.submitted_at, c.updated_at, \
         c.submitted_at as at, false as unread, false as must_read, c.finished_at, c.unit, c.department, \
         (select f.name from workflow_flow f where f.id = c.flow) as flow_name, {sorted} as sorted \
         from {table} where {} order by {order} limit {limit}",
        holds.join(" and ")
    );
    Ok(question)
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
