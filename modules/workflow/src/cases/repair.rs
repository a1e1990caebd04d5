//! 修正: an administrator puts right what stands in the form, and what was otherwise is shown to those whom it concerns.

use hanlin_api::{App, Json, Me, Path, Reply, Routes, routes};
use hanlin_forms::form::Rights;
use hanlin_kernel::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    model::CaseId,
    operations::intend,
    routes::{Done, words},
};
use crate::engine::{Case, Change, CheckedFlow, Intent, Values};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.signed_in(routes!(create_repair))
}

/// One field, before and after; empty is null.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    pub field: String,
    #[schema(value_type = Value, nullable)]
    pub before: Value,
    #[schema(value_type = Value, nullable)]
    pub after: Value,
}

/// What an administrator put right, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RepairView {
    pub person: PersonId,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub reason: String,
    pub changes: Vec<ChangeView>,
}

/// As far as the reader may read the fields, and the columns in them: what is told to him of the form goes through the same.
pub(super) fn told(flow: &CheckedFlow, rights: &Rights, changes: &[Change]) -> Vec<ChangeView> {
    let seen = |field: &str, value: &Value| {
        let alone = Values::from_iter([(field.to_owned(), value.clone())]);
        flow.form().redact(&alone, rights).remove(field).unwrap_or_default()
    };
    let changes = changes.iter().map(|Change { field, before, after }| {
        let (before, after) = (seen(field, before), seen(field, after));
        ChangeView { field: field.clone(), before, after }
    });
    changes.filter(|change| change.before != change.after).collect()
}

pub(super) fn views(flow: &CheckedFlow, case: &Case, rights: &Rights) -> Vec<RepairView> {
    let repairs =
        case.revisions.iter().filter_map(|revision| Some((revision, revision.repair.as_ref()?, revision.by?)));
    let shown = repairs.map(|(revision, reason, by)| {
        let changes = told(flow, rights, &revision.changes);
        RepairView { person: by.person, at: revision.at, reason: reason.clone(), changes }
    });
    shown.filter(|repair| !repair.changes.is_empty()).collect()
}

/// What should stand in the form, and why it does not yet.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Repair {
    /// Field → value; null empties it.
    #[schema(value_type = Object)]
    values: Values,
    /// Why; always needed.
    text: String,
}

/// Put right what stands in the form of a running case, as the flow's administrator.
#[utoipa::path(post, path = "/cases/{id}/repairs", params(("id" = String, Path)), request_body = Repair, responses((status = 200, body = Done)))]
async fn create_repair(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(asked): Json<Repair>) -> Reply<Done> {
    let (values, words) = (asked.values, words(&asked.text, &[]));
    intend(app, me, id, Intent::Repair { values, words }).await
}
