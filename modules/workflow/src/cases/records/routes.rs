use hanlin_api::{App, Me, Path, Query, Reply, Routes, routes};
use hanlin_forms::form::{Field, FieldType, Form};
use hanlin_kernel::{Actor, Error, PersonId, Result};
use hanlin_store::Tx;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{RelatedRecord, register::Source};
use crate::{
    agency,
    cases::{follow_ups, gallery, model::CaseId, store},
    engine::Values,
    flows::{self, FlowId},
};

/// Most records of one answer: who does not find his among them types more of its name.
const MOST: usize = 20;
/// Most records that are asked for by their ids: more than a field names.
const MOST_NAMED: usize = 200;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.external(routes!(list_records_of_flow, list_records_of_case))
}

#[derive(Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AskedRecords {
    /// Words that are found in what is shown of a record.
    q: Option<String>,
    /// Only these, by their ids, with commas between; with what they have for the fields that they fill.
    ids: Option<String>,
    /// Whose agent I am, where I fill it in for another (TIME-11).
    #[param(value_type = Option<String>)]
    on_behalf_of: Option<PersonId>,
}

/// What can be chosen in a field of related records.
#[derive(Debug, Serialize, ToSchema)]
struct Records {
    items: Vec<FoundRecord>,
    /// There are more than are told.
    more: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct FoundRecord {
    #[serde(flatten)]
    record: RelatedRecord,
    /// Asked for by its id: what it has for the fields that it fills, by the names of its register.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    values: Option<Values>,
}

/// The records that I may choose in a field of a form that I begin (FORM-01).
#[utoipa::path(get, path = "/flows/{id}/fields/{field}/records", params(("id" = String, Path), ("field" = String, Path), AskedRecords),
    responses((status = 200, body = Records)))]
async fn list_records_of_flow(
    app: App,
    Me(me): Me,
    Path((id, field)): Path<(FlowId, String)>,
    Query(asked): Query<AskedRecords>,
) -> Reply<Records> {
    app.read(move |tx| {
        let worn = agency::hats::to_start(tx, &me, asked.on_behalf_of, id)?;
        if worn.actor.external {
            gallery::card(tx, &worn.actor, id)?;
        }
        let running = flows::current(tx, id)?;
        records(tx, &worn.actor, id, running.checked.form().form(), &field, &asked)
    })
    .await
}

/// The same in a case that I may read, by the version that it runs on.
#[utoipa::path(get, path = "/cases/{id}/fields/{field}/records", params(("id" = String, Path), ("field" = String, Path), AskedRecords),
    responses((status = 200, body = Records)))]
async fn list_records_of_case(
    app: App,
    Me(me): Me,
    Path((id, field)): Path<(CaseId, String)>,
    Query(asked): Query<AskedRecords>,
) -> Reply<Records> {
    app.read(move |tx| {
        let case = store::find_to_read(tx, &me, id)?;
        let flow = follow_ups::flow_of(tx, &case)?;
        let actor = agency::hats::to_fill(tx, &me, &case)?;
        records(tx, &actor, case.flow, flow.form().form(), &field, &asked)
    })
    .await
}

fn records(
    tx: &mut Tx,
    actor: &Actor,
    flow: FlowId,
    form: &Form,
    field: &str,
    asked: &AskedRecords,
) -> Result<Records> {
    let field = form.field(field).filter(|field| field.kind == FieldType::Record).ok_or(Error::NotFound)?;
    let source = Source::of(tx, flow, field)?;
    match asked.ids.as_deref().filter(|ids| !ids.is_empty()) {
        Some(ids) => named(tx, actor, &source, field, ids),
        None => found(tx, actor, &source, field, asked.q.as_deref().unwrap_or_default()),
    }
}

fn found(tx: &mut Tx, actor: &Actor, source: &Source, field: &Field, words: &str) -> Result<Records> {
    let mut found = source.search(tx, actor, field, words.trim(), MOST + 1)?;
    let more = found.len() > MOST;
    found.truncate(MOST);
    let items = found.into_iter().map(|record| FoundRecord { record, values: None }).collect();
    Ok(Records { items, more })
}

fn named(tx: &mut Tx, actor: &Actor, source: &Source, field: &Field, ids: &str) -> Result<Records> {
    let ids: Vec<String> = ids.split(',').take(MOST_NAMED).map(str::to_owned).collect();
    let mut items = Vec::new();
    for record in source.named(tx, actor, field, &ids)? {
        let values = source.values(tx, actor, field, &record.id)?;
        items.push(FoundRecord { record, values });
    }
    Ok(Records { items, more: false })
}
