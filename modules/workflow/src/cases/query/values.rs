//! What stands in the indexed fields, as typed rows beside the cases: written in the unit that changes a case, and for the
//! cases that are there already by a job, when a version is published that indexes a field anew.

use hanlin_forms::form::{Field, FieldType, Period, Shape};
use hanlin_kernel::{Error, Result};
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
    Ok(checked.form().form().fields.iter().filter(|field| field.indexed).cloned().collect())
}

/// Brings the rows to what a case has, where that changed.
pub(crate) fn keep(tx: &mut Tx, flow: &CheckedFlow, case: &StoredCase, before: &Values) -> Result<()> {
    for field in indexed(tx, case.flow, flow)? {
        if before.get(&field.id) != case.state.values.get(&field.id) {
            keep_field(tx, flow, case, &field)?;
        }
    }
    Ok(())
}

fn keep_field(tx: &mut Tx, flow: &CheckedFlow, case: &StoredCase, field: &Field) -> Result<()> {
    tx.queue("delete from workflow_value where case_id = $1 and field = $2", params![case.id, field.id])?;
    // A version in which the field was of another kind says nothing about this one.
    let same = flow.form().form().field(&field.id).is_some_and(|own| own.kind.shape() == field.kind.shape());
    let Some(value) = case.state.values.get(&field.id).filter(|_| same) else { return Ok(()) };
    for (item, Indexed { words, number, day, named }) in (0_i64..).zip(rows_of(field, value)) {
        tx.queue(
            "insert into workflow_value (case_id, flow, field, item, words, number, day, named) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![case.id, case.flow, field.id, item, words, number, day, named],
        )?;
    }
    Ok(())
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

/// Does this version index a field that the one before did not?
pub(crate) fn indexes_anew(before: &CheckedFlow, now: &CheckedFlow) -> bool {
    let known = |field: &Field| {
        let own = before.form().form().field(&field.id);
        own.is_some_and(|own| own.indexed && own.kind.shape() == field.kind.shape())
    };
    now.form().form().fields.iter().any(|field| field.indexed && !known(field))
}

/// Fields that can be looked for, with the options that a choice offers.
pub(super) fn can_be_sought(field: &Field) -> bool {
    field.indexed && Column::of(field).is_some() && field.kind != FieldType::Handwriting
}

/// A value to compare with, as the rows have it.
pub(super) fn bound(column: Column, text: &str) -> Option<hanlin_store::Value> {
    match column {
        Column::Number => text.trim().parse().ok().and_then(millionths).map(|number| number.to_value()),
        Column::Day => text.trim().parse::<jiff::civil::Date>().ok().map(|day| day.to_string().to_value()),
        Column::Words | Column::Named => Some(text.to_owned().to_value()),
    }
}
