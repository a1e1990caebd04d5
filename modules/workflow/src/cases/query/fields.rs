//! Looking for cases by what stands in the indexed fields of a form, as far as they are told to whoever looks.

use std::collections::BTreeMap;

use hanlin_directory::{PersonName, Snapshot};
use hanlin_forms::form::{Choice, Field, FieldType, Named, Right, Rights, Shape};
use hanlin_kernel::{Actor, Error, PersonId, Result, Text};
use hanlin_store::{Row, Tx, params};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    named,
    progress::{Indexing, unfinished},
    rights::scopes,
    values::{Column, bound, can_be_sought, can_sort, from_millionths, indexed_of, table_of},
};
use crate::{
    cases::{model::CaseId, question::Question, records, start},
    engine::{self, Case, CheckedFlow},
    flows::{self, FlowId, Running},
};

/// Most conditions of one question.
const MOST: usize = 20;
/// So much of what a field names several of is shown in a row of the list.
const SHOWN: i64 = 10;

/// An indexed field of a form, or an indexed column of a table, named `items.price`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QueryField {
    pub id: String,
    pub label: Text,
    #[serde(rename = "type")]
    pub kind: FieldType,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Can cases be put in order by it? Not by a column: a case has many values of it.
    pub sortable: bool,
}

/// By what the cases of a form can be found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QueryFields {
    pub fields: Vec<QueryField>,
    /// Older cases are not found by all of them yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indexing: Option<Indexing>,
}

/// One condition; several hold together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    pub field: String,
    /// Of numbers and days: at least, at most.
    pub from: Option<String>,
    pub to: Option<String>,
    /// Of texts: how it begins.
    pub prefix: Option<String>,
    /// One of these: words, or ids of options, people and whatever is named.
    #[serde(default)]
    pub is: Vec<String>,
}

/// What stands in a field, in words.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct QueryCell {
    pub field: String,
    pub text: Text,
}

/// The indexed fields of a flow that this reader is told of a case in which he has no part. Cases run on several versions:
/// what one of them keeps from him, he finds nothing by.
pub(super) fn fields_for(tx: &mut Tx, actor: &Actor, flow: FlowId) -> Result<Vec<Field>> {
    let running = flows::current(tx, flow)?;
    let mut fields = indexed_of(running.checked.form().form());
    fields.retain(can_be_sought);
    for version in flows::published(tx, flow)? {
        let told = told_of(tx, actor, &running, &version)?;
        fields.retain(|field| told.of(&field.id).reads());
    }
    Ok(fields)
}

/// The same; of a form that is no longer open, or not there, nothing.
pub(crate) fn fields_told(tx: &mut Tx, actor: &Actor, flow: FlowId) -> Result<Vec<Field>> {
    match fields_for(tx, actor, flow) {
        Err(Error::Refused(_) | Error::NotFound) => Ok(Vec::new()),
        fields => fields,
    }
}

fn told_of(tx: &mut Tx, actor: &Actor, running: &Running, version: &CheckedFlow) -> Result<Rights> {
    let all = Rights::all(Right::Read);
    let readers = &version.flow().settings.readers;
    if readers.is_empty() {
        return Ok(all);
    }
    let world = start::world_in(tx, actor.unit, running.flow.unit)?;
    // A case of nobody whom he knows: what he is told of that, he is told of any.
    let nobody = engine::Initiator::of(PersonId::new(), String::new());
    let case = Case::draft(nobody);
    // Whom the case itself keeps it from cannot be said of all cases at once: it is kept from whoever looks for them.
    let by_case = readers.iter().filter(|(_, readers)| readers.depends_on_the_case());
    let all = all.without(by_case.map(|(key, _)| key.as_str()));
    Ok(engine::as_told(version, &case, actor.principal(), all, &world))
}

pub(super) fn list(tx: &mut Tx, actor: &Actor, flow: FlowId) -> Result<QueryFields> {
    if scopes(actor, flow).is_none() {
        return Err(Error::NotFound);
    }
    let fields = fields_for(tx, actor, flow)?.into_iter().map(QueryField::of).collect();
    Ok(QueryFields { fields, indexing: unfinished(tx)?.remove(&flow) })
}

impl QueryField {
    pub(super) fn of(field: Field) -> Self {
        let sortable = can_sort(&field);
        let Field { id, label, kind, options, .. } = field;
        Self { id, label, kind, options, sortable }
    }
}

/// What is asked for, as it came in the address.
pub(super) fn conditions(written: Option<&str>) -> Result<Vec<Condition>> {
    let Some(written) = written.filter(|written| !written.is_empty()) else { return Ok(Vec::new()) };
    let read: Vec<Condition> =
        serde_json::from_str(written).map_err(|_| Error::invalid("where", "workflow.bad_conditions"))?;
    if read.len() > MOST { Err(Error::invalid("where", "workflow.bad_conditions")) } else { Ok(read) }
}

/// Conditions on columns of one table, or one on a field.
type Together<'a> = (Option<&'a str>, Vec<(&'a Field, &'a Condition)>);

/// Adds what the conditions ask: the cases whose rows hold them. Those on columns of one table are held together, by one row
/// of it.
pub(super) fn hold(
    question: &mut Question,
    flow: FlowId,
    fields: &[Field],
    asked: &[Condition],
) -> Result<Vec<String>> {
    let mut together: Vec<Together> = Vec::new();
    for condition in asked {
        let field = fields.iter().find(|field| field.id == condition.field);
        let field = field.ok_or_else(|| Error::invalid("where", "workflow.not_indexed"))?;
        let table = table_of(field).map(|(table, _)| table);
        match together.iter_mut().find(|(other, _)| table.is_some() && *other == table) {
            Some((_, of_table)) => of_table.push((field, condition)),
            None => together.push((table, vec![(field, condition)])),
        }
    }
    together.iter().map(|(_, conditions)| hold_in_one_row(question, flow, conditions)).collect()
}

/// In which row something stood that was written before that was kept is not known: it is not kept from being found.
fn hold_in_one_row(question: &mut Question, flow: FlowId, conditions: &[(&Field, &Condition)]) -> Result<String> {
    let mut parts = Vec::new();
    for (index, (field, condition)) in conditions.iter().enumerate() {
        let row = if index == 0 { "v".to_owned() } else { format!("v{index}") };
        let holds = holds(question, flow, field, condition, &row)?;
        parts.push(match index {
            0 => holds,
            _ => format!(
                "exists (select 1 from workflow_value {row} where {row}.case_id = v.case_id \
                 and ({row}.line = v.line or {row}.line is null or v.line is null) and {holds})"
            ),
        });
    }
    Ok(format!("c.id in (select v.case_id from workflow_value v where {})", parts.join(" and ")))
}

/// What one condition asks of a row.
fn holds(question: &mut Question, flow: FlowId, field: &Field, asked: &Condition, row: &str) -> Result<String> {
    let column = Column::of(field).ok_or_else(|| Error::invalid("where", "workflow.not_indexed"))?;
    let name = format!("{row}.{}", column.name());
    let mut parts = vec![
        format!("{row}.flow = {}", question.bind(flow)),
        format!("{row}.field = {}", question.bind(field.id.clone())),
    ];
    let mut compare = |question: &mut Question, sign: &str, text: &Option<String>| -> Result<()> {
        let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else { return Ok(()) };
        let value = bound(column, text).ok_or_else(|| Error::invalid("where", "workflow.bad_conditions"))?;
        question.params.push(value);
        parts.push(format!("{name} {sign} ${}", question.params.len()));
        Ok(())
    };
    compare(question, ">=", &asked.from)?;
    compare(question, "<=", &asked.to)?;
    if let Some(prefix) = asked.prefix.as_deref().map(str::trim).filter(|prefix| !prefix.is_empty()) {
        // Everything that begins so lies between it and it with the last sign there is behind.
        let (low, high) = (question.bind(prefix.to_owned()), question.bind(format!("{prefix}\u{10ffff}")));
        parts.push(format!("{row}.words >= {low} and {row}.words < {high}"));
    }
    if !asked.is.is_empty() {
        let values = asked.is.iter().filter_map(|text| bound(column, text));
        parts.push(question.is_one_of(&name, values));
    }
    Ok(parts.join(" and "))
}

/// `amount` or `-amount`: by which field, and whether the largest comes first.
#[derive(Clone, Debug)]
pub(super) struct Sort {
    pub field: String,
    pub column: Column,
    pub down: bool,
}

impl Sort {
    pub fn read(written: &str, fields: &[Field]) -> Result<Self> {
        let (down, id) = written.strip_prefix('-').map_or((false, written), |id| (true, id));
        let field = fields.iter().find(|field| field.id == id);
        let field = field.ok_or_else(|| Error::invalid("sort", "workflow.not_indexed"))?;
        let column = Column::of(field).filter(|_| can_sort(field));
        let column = column.ok_or_else(|| Error::invalid("sort", "workflow.not_sortable"))?;
        Ok(Self { field: id.to_owned(), column, down })
    }

    /// As a cursor writes what it went by: its kind is known.
    pub fn mark(&self, row: &Row) -> Result<String> {
        match self.column {
            Column::Number => row.get::<i64>("sorted").map(|number| number.to_string()),
            _ => row.get::<String>("sorted"),
        }
    }

    /// How it goes up or down, and what comes behind.
    pub fn way(&self) -> (&'static str, &'static str) {
        if self.down { ("desc", "<") } else { ("asc", ">") }
    }

    /// What lies behind the last row of the page before, which was `mark` and `id`.
    pub fn behind(&self, question: &mut Question, mark: &str, id: &str) -> Result<String> {
        let mark = match self.column {
            Column::Number => {
                question.bind(mark.parse::<i64>().map_err(|_| Error::invalid("after", "workflow.cursor"))?)
            }
            _ => question.bind(mark.to_owned()),
        };
        let (name, (_, sign), id) = (self.column.name(), self.way(), question.bind(id.to_owned()));
        Ok(format!("(s.{name}, s.case_id) {sign} ({mark}, {id})"))
    }
}

/// What stands in these fields of these cases, in words.
pub(crate) fn cells(
    tx: &mut Tx,
    fields: &[Field],
    cases: &[CaseId],
    directory: &Snapshot,
    now: Timestamp,
) -> Result<BTreeMap<CaseId, Vec<QueryCell>>> {
    let mut cells: BTreeMap<CaseId, Vec<QueryCell>> = BTreeMap::new();
    if fields.is_empty() {
        return Ok(cells);
    }
    // What stands in several rows of a table is said once.
    let sql = "select case_id, field, words, number, day, named, place from ( \
               select case_id, field, words, number, day, named, \
               row_number() over (partition by case_id, field order by min(item)) - 1 as place \
               from workflow_value where case_id in ({in}) group by case_id, field, words, number, day, named) t \
               where place <= $1 order by case_id, field, place";
    for row in tx.all_in::<Row>(sql, params![SHOWN], cases)? {
        let id: String = row.get("field")?;
        let Some(field) = fields.iter().find(|field| field.id == id) else { continue };
        let more = row.get::<i64>("place")? == SHOWN;
        let text = match field.kind {
            _ if more => Some(Text::new("…", "…")),
            FieldType::Record | FieldType::Case => match row.get::<Option<String>>("named")? {
                Some(named) if field.kind == FieldType::Case => named::name_of_case(tx, &named)?,
                Some(named) => records::name_in(tx, row.get("case_id")?, &field.id, &named)?,
                None => None,
            },
            _ => said(&row, field, directory, now)?,
        };
        let Some(text) = text else { continue };
        let of_case = cells.entry(row.get("case_id")?).or_default();
        match of_case.iter_mut().find(|cell| cell.field == id) {
            Some(cell) => cell.text = joined(&cell.text, &text),
            None => of_case.push(QueryCell { field: id, text }),
        }
    }
    Ok(cells)
}

fn joined(one: &Text, other: &Text) -> Text {
    let en = |text: &Text| text.en.clone().unwrap_or_else(|| text.zh.clone());
    Text { zh: format!("{}、{}", one.zh, other.zh), en: Some(format!("{}, {}", en(one), en(other))) }
}

fn said(row: &Row, field: &Field, directory: &Snapshot, now: Timestamp) -> Result<Option<Text>> {
    let plain = |text: String| Text { zh: text, en: None };
    let number: Option<i64> = row.get("number")?;
    if let Some(number) = number.filter(|_| field.kind.shape() == Shape::Number) {
        let mut number = from_millionths(number);
        number.rescale(field.scale().unwrap_or(number.scale()));
        return Ok(Some(plain(number.to_string())));
    }
    let words = row.get::<Option<String>>("words")?.or(row.get("day")?);
    if words.is_some() {
        return Ok(words.map(plain));
    }
    let Some(named) = row.get::<Option<String>>("named")? else { return Ok(None) };
    Ok(match field.kind.shape() {
        Shape::Switch => (named == "true").then(|| Text::new("是", "Yes")),
        Shape::Option | Shape::Options => {
            field.all_options().into_iter().find(|option| option.id == named).map(|option| option.label.clone())
        }
        Shape::Ids(Named::Person) => named.parse().ok().map(|id| plain(PersonName::of(id, directory).name)),
        Shape::Ids(_) => crate::cases::choices::name_of(field.kind, &named, directory, now),
        _ => None,
    })
}
