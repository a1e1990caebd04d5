//! 关联记录: entries of registers that cases name (FORM-01). Whoever fills in chooses among what he may query or takes part
//! in, or what a module lets him see; a case shows them as they were when they were handed in.

mod register;
mod routes;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hanlin_forms::form::{Field, FieldType, Form};
use hanlin_kernel::{Actor, Error, FieldError, Result, Text};
use hanlin_store::{Json, Row, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::model::CaseId;
use crate::{engine::Values, flows::FlowId};

use register::Source;
pub(crate) use routes::routes;

/// What related records have that fills fields, by their ids.
pub(crate) type Known = Arc<BTreeMap<String, Values>>;

/// A record, as a page names it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RelatedRecord {
    pub(super) id: String,
    pub(super) name: Text,
    /// What else is shown of it.
    pub(super) shown: Vec<Shown>,
    /// Where it is read, for one who may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<String>,
}

/// One thing that is shown of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ShownOfRecord)]
pub(crate) struct Shown {
    pub(super) label: Text,
    pub(super) text: Text,
}

/// Refuses what was named anew and is no entry of its register, or not for his eyes.
pub(super) fn check(
    tx: &mut Tx,
    actor: &Actor,
    flow: FlowId,
    form: &Form,
    (before, after): (&Values, &Values),
) -> Result<()> {
    let mut errors = Vec::new();
    for field in fields(form) {
        let known = ids(before, field);
        for id in ids(after, field).difference(&known) {
            let source = Source::of(tx, flow, field)?;
            if !source.may_choose(tx, actor, id)? {
                errors.push(FieldError::new(format!("values.{}", field.id), "workflow.no_such_record"));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Keeps what is called how, and what is shown of it, as it is now: of what the values name and did not name before.
pub(super) fn keep(
    tx: &mut Tx,
    actor: &Actor,
    flow: FlowId,
    case: CaseId,
    form: &Form,
    (before, after): (&Values, &Values),
) -> Result<()> {
    let now = tx.now();
    for field in fields(form) {
        let known = ids(before, field);
        let new: Vec<String> = ids(after, field).difference(&known).cloned().collect();
        if new.is_empty() {
            continue;
        }
        let source = Source::of(tx, flow, field)?;
        for record in source.named(tx, actor, field, &new)? {
            tx.queue(
                "insert into workflow_record (case_id, field, record, name, shown, since) values ($1, $2, $3, $4, $5, $6) \
                 on conflict (case_id, field, record) do update set name = excluded.name, shown = excluded.shown, \
                 since = excluded.since",
                params![case, field.id, record.id, Json(&record.name), Json(&record.shown), now],
            )?;
        }
    }
    Ok(())
}

/// What follows upon a case names its records as that case does.
pub(super) fn keep_as(tx: &mut Tx, case: CaseId, original: CaseId) -> Result<()> {
    tx.queue(
        "insert into workflow_record (case_id, field, record, name, shown, since) \
         select $1, field, record, name, shown, since from workflow_record where case_id = $2 \
         on conflict (case_id, field, record) do update set name = excluded.name, shown = excluded.shown, \
         since = excluded.since",
        params![case, original],
    )
}

/// The records that the values of this case name, with a link for one who may read them himself.
pub(super) fn named_in(
    tx: &mut Tx,
    actor: &Actor,
    flow: FlowId,
    case: CaseId,
    form: &Form,
    values: &Values,
) -> Result<BTreeMap<String, RelatedRecord>> {
    let mut named = BTreeMap::new();
    for field in fields(form).filter(|field| values.contains_key(&field.id)) {
        let source = Source::of(tx, flow, field)?;
        let told = ids(values, field);
        let sql = "select record, name, shown from workflow_record where case_id = $1 and field = $2";
        for row in tx.rows(sql, params![case, field.id])? {
            let mut record = kept(&row)?;
            if told.contains(&record.id) {
                record.link = source.link(tx, actor, &record.id)?;
                named.insert(record.id.clone(), record);
            }
        }
    }
    Ok(named)
}

/// What a record was called when this case was handed in.
pub(super) fn name_in(tx: &mut Tx, case: CaseId, field: &str, record: &str) -> Result<Option<Text>> {
    let sql = "select record, name, shown from workflow_record where case_id = $1 and field = $2 and record = $3";
    let rows = tx.rows(sql, params![case, field, record])?;
    rows.first().map(|row| kept(row).map(|record| record.name)).transpose()
}

/// What the records that these values name have for the fields that they fill, as far as it is told to whoever fills in.
pub(super) fn known(tx: &mut Tx, actor: &Actor, flow: FlowId, form: &Form, values: &Values) -> Result<Known> {
    let mut known: BTreeMap<String, Values> = BTreeMap::new();
    for field in fields(form).filter(|field| !field.fill.is_empty()) {
        for id in ids(values, field) {
            let source = Source::of(tx, flow, field)?;
            // Another field may name the same record, and take something else of it.
            if let Some(values) = source.values(tx, actor, field, &id)? {
                known.entry(id).or_default().extend(values);
            }
        }
    }
    Ok(Arc::new(known))
}

fn kept(row: &Row) -> Result<RelatedRecord> {
    Ok(RelatedRecord {
        id: row.get("record")?,
        name: row.get::<Json<_>>("name")?.0,
        shown: row.get::<Json<_>>("shown")?.0,
        link: None,
    })
}

fn fields(form: &Form) -> impl Iterator<Item = &Field> {
    form.fields.iter().filter(|field| field.kind == FieldType::Record)
}

fn ids(values: &Values, field: &Field) -> BTreeSet<String> {
    let listed = values.get(&field.id).and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|id| id.as_str().map(str::to_owned)).collect()
}
