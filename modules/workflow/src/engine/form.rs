//! The seam to forms: what the engine needs of them, in one place.

use std::collections::BTreeSet;

use hanlin_kernel::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{Case, Values},
    facts::Facts,
    model::{Expr, FieldId, Flow},
    refusal::Refusal,
    rights::Rights,
};

/// The form of a flow.
pub type Form = serde_json::Value;

/// What a reader may do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    Hidden,
    Read,
    Write,
    Required,
}

/// What a condition says.
pub(crate) enum Answer {
    True,
    /// False or null.
    NotTrue,
    DependsOn(BTreeSet<FieldId>),
}

/// `None`: the condition cannot be read.
pub(crate) fn condition(
    _flow: &Flow,
    case: &Case,
    expr: &Expr,
    undecided: &dyn Fn(&str) -> bool,
    read: &mut Values,
) -> Option<Answer> {
    let (field, wanted) = expr.0.split_once("==")?;
    let field = field.trim();
    if undecided(field) {
        return Some(Answer::DependsOn([field.to_owned()].into()));
    }
    let value = case.values.get(field).cloned().unwrap_or_default();
    read.insert(field.to_owned(), value.clone());
    Some(if value.as_str() == Some(wanted.trim()) { Answer::True } else { Answer::NotTrue })
}

pub(crate) fn fill(
    flow: &Flow,
    case: &Case,
    changes: Values,
    rights: &Rights,
    _facts: &dyn Facts,
) -> Result<Values, Refusal> {
    let _ = (flow, rights);
    let mut values = case.values.clone();
    values.extend(changes);
    Ok(values)
}

pub(crate) fn foresee(flow: &Flow, case: &Case, values: Values, facts: &dyn Facts) -> Values {
    let _ = (flow, case, facts);
    values
}

/// The people in a person field.
pub(crate) fn people(values: &Values, field: &str) -> Vec<PersonId> {
    let listed = values.get(field).and_then(serde_json::Value::as_array);
    listed.into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok()).collect()
}

pub(crate) fn field_ids(form: &Form) -> impl Iterator<Item = FieldId> {
    let fields = form.get("fields").and_then(|fields| fields.as_array()).cloned().unwrap_or_default();
    fields.into_iter().filter_map(|field| field.get("id")?.as_str().map(str::to_owned))
}
