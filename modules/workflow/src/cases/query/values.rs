//! What stands in the indexed fields, as typed rows beside the cases: written in the unit that changes a case, and for the
//! cases that are there already by a job, when a version is published that indexes a field anew.

use hanlin_forms::form::{Field, FieldType, Form, Period, Shape};
use hanlin_kernel::{Error, Result, Text};
use hanlin_store::{Row, ToValue, Tx, jobs::Running, params};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    cases::{
        model::{CaseId, StoredCase},
        store,
    },
    engine::{CheckedFlow, Values},
    flows::{self, FlowId},
};

/// The job that writes the rows of cases that are there already.
pub(crate) const INDEX: &str = "workflow.index";

/// Cases of one unit of the job: some tens of milliseconds.
const CHUNK: usize = 100;
/// So much of a text is kept in its row. Longer ones are found by their beginning.
const LONGEST: usize = 200;
/// Numbers are kept as whole millionths, which is as exact as a field can be.
const MILLIONTHS: i64 = 1_000_000;

/// One row: what a field has, by what it can be looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Indexed {
    pub words: Option<String>,
    pub number: Option<i64>,
    pub day: Option<String>,
    pub named: Option<String>,
    /// Of a column: in which row of its table it stands, from 0.
    pub line: Option<i64>,
}

/// The column of the rows by which a field is looked for and put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Words,
    Number,
    Day,
    Named,
}

impl Column {
    /// Of a field; none: nothing of it is kept.
    pub fn of(field: &Field) -> Option<Self> {
        match field.kind.shape() {
            Shape::Text => Some(Self::Words),
            Shape::Number => Some(Self::Number),
            // By its first day.
            Shape::Date | Shape::Period => Some(Self::Day),
            Shape::Option | Shape::Options | Shape::Switch | Shape::Ids(_) => Some(Self::Named),
            Shape::Address | Shape::Location | Shape::Rows | Shape::Nothing => None,
        }
    }

    /// Does it put cases in order?
    pub fn sorts(self) -> bool {
        self != Self::Named
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Number => "number",
            Self::Day => "day",
            Self::Named => "named",
        }
    }
}

/// A number as its row has it.
pub(super) fn millionths(number: Decimal) -> Option<i64> {
    number.checked_mul(Decimal::from(MILLIONTHS))?.trunc().to_i64()
}

pub(super) fn from_millionths(number: i64) -> Decimal {
    Decimal::from_i128_with_scale(number.into(), 6).normalize()
}

/// The indexed fields of what new cases of this flow run on; of a flow that is not open, of this version.
fn indexed(tx: &mut Tx, flow: FlowId, own: &CheckedFlow) -> Result<Vec<Field>> {
    let current = flows::current(tx, flow).ok();
    let checked = current.as_ref().map_or(own, |running| &*running.checked);
    Ok(indexed_of(checked.form().form()))
}

/// The indexed fields of a form, and the indexed columns of its tables as fields of their own: named `items.price`.
pub(super) fn indexed_of(form: &Form) -> Vec<Field> {
    let columns = |table: &Field| {
        let columns = table.columns.iter().filter(|column| column.indexed);
        columns.map(|column| of_column(table, column)).collect::<Vec<_>>()
    };
    let of_field = |field: &Field| if field.indexed { vec![field.clone()] } else { columns(field) };
    form.fields.iter().flat_map(of_field).collect()
}

fn of_column(table: &Field, column: &Field) -> Field {
    let en = |text: &Text| text.en.clone().unwrap_or_else(|| text.zh.clone());
    let label = Text {
        zh: format!("{} · {}", table.label.zh, column.label.zh),
        en: Some(format!("{} · {}", en(&table.label), en(&column.label))),
    };
    Field { id: table.key_of(column), label, ..column.clone() }
}

/// The table that a column stands in.
pub(super) fn table_of(field: &Field) -> Option<(&str, &str)> {
    field.id.split_once('.')
}

/// Can cases be put in order by it? A case has one value of a field, and of a column as many as rows.
pub(super) fn can_sort(field: &Field) -> bool {
    table_of(field).is_none() && Column::of(field).is_some_and(Column::sorts)
}

/// Brings the rows to what a case has, where that changed.
pub(crate) fn keep(tx: &mut Tx, flow: &CheckedFlow, case: &StoredCase, before: &Values) -> Result<()> {
    if *before == case.state.values {
        return Ok(());
    }
    for field in indexed(tx, case.flow, flow)? {
        let place = table_of(&field).map_or(&*field.id, |(table, _)| table);
        if before.get(place) != case.state.values.get(place) {
            keep_field(tx, flow, case, &field)?;
        }
    }
    Ok(())
}

/// Writes the rows of a case that begins: also of what is empty in it.
pub(crate) fn begin(tx: &mut Tx, flow: &CheckedFlow, case: &StoredCase) -> Result<()> {
    for field in indexed(tx, case.flow, flow)? {
        write_field(tx, flow, case, &field)?;
    }
    Ok(())
}

fn keep_field(tx: &mut Tx, flow: &CheckedFlow, case: &StoredCase, field: &Field) -> Result<()> {
    tx.queue("delete from workflow_value where case_id = $1 and field = $2", params![case.id, field.id])?;
    write_field(tx, flow, case, field)
}

fn write_field(tx: &mut Tx, flow: &CheckedFlow, case: &StoredCase, field: &Field) -> Result<()> {
    // A version in which the field was of another kind says nothing about this one.
    let same = flow.form().form().at(&field.id).is_some_and(|own| own.kind.shape() == field.kind.shape());
    let mut rows = if same { rows_in(field, &case.state.values) } else { Vec::new() };
    if rows.is_empty() && can_sort(field) {
        // That it is empty is said by a row too: such cases come last, and are found as the others are.
        rows.push(Indexed::default());
    }
    for (item, Indexed { words, number, day, named, line }) in (0_i64..).zip(rows) {
        tx.queue(
            "insert into workflow_value (case_id, flow, field, item, words, number, day, named, line) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![case.id, case.flow, field.id, item, words, number, day, named, line],
        )?;
    }
    Ok(())
}

/// What a field has; of a column, what stands in each row of its table.
fn rows_in(field: &Field, values: &Values) -> Vec<Indexed> {
    let Some((table, column)) = table_of(field) else {
        return values.get(&field.id).map(|value| rows_of(field, value)).unwrap_or_default();
    };
    let rows = (0_i64..).zip(values.get(table).and_then(Json::as_array).into_iter().flatten());
    let cells = rows.filter_map(|(line, row)| Some((line, row.get(column)?)));
    let of_line = |(line, cell)| {
        let found = rows_of(field, cell).into_iter();
        found.map(move |one| Indexed { line: Some(line), ..one })
    };
    cells.flat_map(of_line).collect()
}

fn rows_of(field: &Field, value: &Json) -> Vec<Indexed> {
    let text = || value.as_str().map(str::to_owned);
    let listed = || value.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned));
    let decimal = |json: &Json| json.as_str().and_then(|text| text.parse().ok()).and_then(millionths);
    let named = |named: String| Indexed { named: Some(named), ..Indexed::default() };
    match field.kind.shape() {
        Shape::Text => text()
            .map(|text| Indexed { words: Some(text.chars().take(LONGEST).collect()), ..Indexed::default() })
            .into_iter()
            .collect(),
        Shape::Number => vec![Indexed { number: decimal(value), ..Indexed::default() }],
        Shape::Date => vec![Indexed { day: text(), ..Indexed::default() }],
        Shape::Period => Period::of(field, value)
            .map(|period| Indexed {
                day: Some(period.from.date.to_string()),
                number: value.get("days").and_then(decimal),
                ..Indexed::default()
            })
            .into_iter()
            .collect(),
        Shape::Switch => value.as_bool().map(|on| named(on.to_string())).into_iter().collect(),
        Shape::Option => text().map(named).into_iter().collect(),
        Shape::Options | Shape::Ids(_) => listed().map(named).collect(),
        Shape::Address | Shape::Location | Shape::Rows | Shape::Nothing => Vec::new(),
    }
}

/// What the job is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub flow: FlowId,
}

/// Writes the rows of every case of a flow, a hundred in a unit. May be run again.
pub(crate) fn run(running: &Running) -> Result<Json> {
    let Order { flow } = serde_json::from_value(running.job.input.clone()).map_err(Error::internal)?;
    let total: u64 = running.read(move |tx| {
        tx.scalar("select cast(count(*) as bigint) from workflow_case where flow = $1", params![flow])
    })?;
    let (mut done, mut after) = (0_u64, String::new());
    loop {
        running.progress(done, total)?;
        let from = after.clone();
        let ids = running.write(move |tx| index_some(tx, flow, &from))?;
        let Some(last) = ids.last() else { return Ok(json!({ "cases": done })) };
        (done, after) = (done + ids.len() as u64, last.to_string());
    }
}

/// The same at once, for the command line, which has no server to do it in the background.
pub(crate) fn index_all(tx: &mut Tx, flow: FlowId) -> Result<()> {
    let mut after = String::new();
    while let Some(last) = index_some(tx, flow, &after)?.last() {
        after = last.to_string();
    }
    Ok(())
}

fn index_some(tx: &mut Tx, flow: FlowId, after: &str) -> Result<Vec<CaseId>> {
    let sql = "select id from workflow_case where flow = $1 and id > $2 order by id limit $3";
    let rows: Vec<Row> = tx.rows(sql, params![flow, after, CHUNK])?;
    let ids: Vec<CaseId> = rows.iter().map(|row| row.get("id")).collect::<Result<_>>()?;
    for id in &ids {
        let case = store::find(tx, *id)?;
        let checked = flows::running(tx, case.flow_version)?;
        for field in indexed(tx, flow, &checked)? {
            keep_field(tx, &checked, &case, &field)?;
        }
    }
    Ok(ids)
}

/// Has this flow rows of columns that were written before it was kept in which row they stand?
pub(crate) fn lacks_lines(tx: &mut Tx, flow: FlowId) -> Result<bool> {
    let sql = "select case_id from workflow_value where flow = $1 and field like '%.%' and line is null limit 1";
    Ok(tx.maybe_scalar::<CaseId>(sql, params![flow])?.is_some())
}

/// Does this version index a field or a column that the one before did not?
pub(crate) fn indexes_anew(before: &CheckedFlow, now: &CheckedFlow) -> bool {
    let before = indexed_of(before.form().form());
    let known = |field: &Field| {
        let own = before.iter().find(|own| own.id == field.id);
        own.is_some_and(|own| own.kind.shape() == field.kind.shape())
    };
    indexed_of(now.form().form()).iter().any(|field| !known(field))
}

/// Can it be looked for?
pub(super) fn can_be_sought(field: &Field) -> bool {
    Column::of(field).is_some() && field.kind != FieldType::Handwriting
}

/// A value to compare with, as the rows have it.
pub(super) fn bound(column: Column, text: &str) -> Option<hanlin_store::Value> {
    match column {
        Column::Number => text.trim().parse().ok().and_then(millionths).map(|number| number.to_value()),
        Column::Day => text.trim().parse::<jiff::civil::Date>().ok().map(|day| day.to_string().to_value()),
        Column::Words | Column::Named => Some(text.to_owned().to_value()),
    }
}
