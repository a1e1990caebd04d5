//! 关联审批: cases that other cases name. Whoever fills in names what he takes part in or may query; what he reads only
//! because a third case names it he cannot pass on, so that no chain of links opens a case to ever more people.

mod choosing;
mod routes;

use std::collections::{BTreeMap, BTreeSet};

use hanlin_forms::form::{Field, FieldType, Form, Right, Rights};
use hanlin_kernel::{Actor, Error, FieldError, Result, Text};
use hanlin_store::{Json, Row, Tx, params};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    actions, follow_ups,
    model::{CaseId, StoredCase},
    query, store,
};
use crate::{
    agency::hats,
    cancelling,
    engine::{self, Status, Values, model::Flow},
};

pub(crate) use routes::routes;

/// Most cases that are told to name one.
const MOST: u32 = 50;

/// Another case, as a page names it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RelatedCase {
    pub(super) id: CaseId,
    number: String,
    title: Text,
    /// Absent: he may not read it, and is not told how it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    /// May he open it?
    pub(super) readable: bool,
    /// 已撤销: it is not there any more, and its page says why (FLOW-25).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cancelled: bool,
}

/// Refuses what was named anew and is not there, not for his eyes, or this case itself.
pub(super) fn check(
    tx: &mut Tx,
    actor: &Actor,
    own: CaseId,
    form: &Form,
    before: &Values,
    after: &Values,
) -> Result<()> {
    let mut errors = Vec::new();
    for field in fields(form) {
        let known = ids(before, field);
        for id in ids(after, field).difference(&known) {
            if *id == own || !has_part(tx, actor, *id)? {
                let place = format!("values.{}", field.id);
                errors.push(FieldError::new(place, "workflow.no_such_case"));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Brings the links to what the values name.
pub(super) fn link(tx: &mut Tx, case: CaseId, form: &Form, before: &Values, after: &Values) -> Result<()> {
    let now = tx.now();
    for field in fields(form) {
        let (old, new) = (ids(before, field), ids(after, field));
        for gone in old.difference(&new) {
            tx.queue(
                "update workflow_link set ended_at = $4 where case_id = $1 and field = $2 and related = $3",
                params![case, field.id, *gone, now],
            )?;
        }
        for named in new.difference(&old) {
            tx.queue(
                "insert into workflow_link (case_id, field, related, grants, since) values ($1, $2, $3, $4, $5) \
                 on conflict (case_id, field, related) do update set ended_at = null",
                params![case, field.id, *named, field.grants_reading, now],
            )?;
        }
    }
    Ok(())
}

/// The cases that the values name. Their numbers and titles were told to whoever may read the field.
pub(super) fn named_in(
    tx: &mut Tx,
    actor: &Actor,
    form: &Form,
    values: &Values,
) -> Result<BTreeMap<String, RelatedCase>> {
    let mut named = BTreeMap::new();
    for id in fields(form).flat_map(|field| ids(values, field)) {
        let one = match store::find(tx, id) {
            Err(Error::NotFound) => cancelled(tx, actor, id)?,
            found => Some(related(found?, store::find_to_read(tx, actor, id).is_ok())),
        };
        named.extend(one.map(|one| (id.to_string(), one)));
    }
    Ok(named)
}

/// The cases that name this one, of those in which he has part.
pub(super) fn named_by(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<Vec<RelatedCase>> {
    let sql = "select distinct c.id, c.number, c.title, c.status, c.submitted_at \
         from workflow_link l join workflow_case c on c.id = l.case_id \
         join workflow_access a on a.case_id = c.id and a.person = $2 \
         where l.related = $1 and l.ended_at is null order by c.submitted_at desc, c.id desc limit $3";
    let rows = tx.rows(sql, params![id, actor.principal(), MOST])?;
    rows.iter().map(row).collect()
}

/// May he read it because a case names it whose field says so, and which he may read himself, that field included?
pub(super) fn reads_through(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<bool> {
    if actor.external {
        return Ok(false);
    }
    let sql = "select l.case_id, l.field from workflow_link l \
         join workflow_access a on a.case_id = l.case_id and a.person = $2 \
         where l.related = $1 and l.grants and l.ended_at is null group by l.case_id, l.field limit $3";
    for row in tx.rows(sql, params![id, actor.principal(), MOST])? {
        let (naming, field): (CaseId, String) = (row.get("case_id")?, row.get("field")?);
        let case = store::find(tx, naming)?;
        let flow = follow_ups::flow_of(tx, &case)?;
        let task = case.state.open_tasks().find(|task| task.person == actor.principal()).map(|task| task.id);
        let world = actions::world_of(tx, &case)?;
        if engine::rights(&flow, &case.state, actor.principal(), task, &world).of(&field).reads() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is read of a case that another names: what its initiator reads, and nothing of what others fill in unseen by him.
pub(super) fn rights(flow: &Flow) -> Rights {
    let start = engine::start_rights(flow);
    let fields = start.fields.into_iter().map(|(field, right)| (field, right.min(Right::Read)));
    Rights { others: start.others.min(Right::Read), fields: fields.collect() }
}

fn has_part(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<bool> {
    let case = match store::find(tx, id) {
        Err(Error::NotFound) => return Ok(false),
        found => found?,
    };
    if query::may_query(actor, &case) {
        return Ok(true);
    }
    Ok(store::takes_part(tx, actor.principal(), &case)? && may_know_of(tx, actor, &case)?)
}

/// An agent for some flows learns of no other case of the one whom he acts for, unless he takes part in it himself.
fn may_know_of(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<bool> {
    match hats::flows_as_agent(tx, actor)? {
        Some(flows) => Ok(flows.contains(&case.flow) || store::takes_part(tx, actor.person, case)?),
        None => Ok(true),
    }
}

pub(super) fn related(case: StoredCase, readable: bool) -> RelatedCase {
    let status = readable.then_some(case.state.status);
    RelatedCase { id: case.id, number: case.number, title: case.title, status, readable, cancelled: false }
}

/// A case that was cancelled is named as it was called; its page says so to whoever took part in it.
fn cancelled(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<Option<RelatedCase>> {
    let named = cancelling::named(tx, actor, id)?;
    let of = |(number, title, readable)| RelatedCase { id, number, title, status: None, readable, cancelled: true };
    Ok(named.map(of))
}

fn row(row: &Row) -> Result<RelatedCase> {
    Ok(RelatedCase {
        id: row.get("id")?,
        number: row.get("number")?,
        title: row.get::<Json<_>>("title")?.0,
        status: Some(store::read_word(row, "status")?),
        readable: true,
        cancelled: false,
    })
}

fn fields(form: &Form) -> impl Iterator<Item = &Field> {
    form.fields.iter().filter(|field| field.kind == FieldType::Case)
}

fn ids(values: &Values, field: &Field) -> BTreeSet<CaseId> {
    let listed = values.get(&field.id).and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|id| id.as_str()?.parse().ok()).collect()
}
