//! 自由流转, over HTTP: whoever has a free node names who is next (FLOW-21).

use hanlin_api::{App, Json, Me, Path, Reply, Routes, routes};
use hanlin_directory::{PersonName, Snapshot};
use hanlin_kernel::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    lists,
    model::TaskId,
    operations::intend,
    routes::{Done, words},
};
use crate::engine::{
    Case, Intent, Nameable, Values, Words,
    case::{Among, Cause, Task, Verdict},
};

pub(super) fn routes(routes: Routes) -> Routes {
    // To name others one must see whom there is.
    routes.signed_in(routes!(create_passing_on))
}

/// Whom the holder of a task at a free node may name next.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct NextView {
    /// None: anyone of the house in service.
    pub candidates: Option<Vec<PersonName>>,
    /// Who sent it to him, and may be sent it back.
    pub back_to: Vec<PersonId>,
    /// How often it may still be passed on.
    pub steps_left: u32,
}

/// What one who passed it on says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RequestView {
    pub person: PersonId,
    pub text: String,
}

impl NextView {
    pub(super) fn of(next: Nameable, directory: &Snapshot) -> Self {
        let names = |people: Vec<PersonId>| people.into_iter().map(|person| lists::name(directory, person)).collect();
        Self { candidates: next.people.map(names), back_to: next.back_to, steps_left: next.steps_left }
    }
}

/// What those say who passed it on to this task.
pub(super) fn requests(case: &Case, task: &Task) -> Vec<RequestView> {
    let Some(Cause::PassedOn { from, .. }) = case.activation(task.activation).map(|visit| visit.cause) else {
        return Vec::new();
    };
    let said = case.opinions.iter().filter(|said| {
        said.activation == Some(from)
            && said.verdict == Verdict::PassedOn
            && said.task.is_some_and(|one| counts(case, from, one))
    });
    said.map(|said| RequestView { person: said.by.person, text: said.words.text.clone() }).collect()
}

/// It was not taken back.
fn counts(case: &Case, visit: crate::engine::case::ActivationNo, task: crate::engine::case::TaskNo) -> bool {
    case.activation(visit).is_some_and(|visit| visit.passed_on.iter().any(|sent| sent.task == task))
}

/// 自由流转
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PassingOn {
    /// Who is next.
    people: Vec<PersonId>,
    /// Of several: all, any, or one after the other.
    #[serde(default)]
    among: Among,
    /// What he says, and asks of them.
    #[serde(default)]
    text: String,
    #[serde(default)]
    attachments: Vec<String>,
    /// @: whom it names.
    #[serde(default)]
    mentions: Vec<PersonId>,
    /// Fields that he fills in at this node.
    #[serde(default)]
    #[schema(value_type = Object)]
    values: Values,
}

/// Pass it on to others, with what I say and ask of them, where my node is a free one.
#[utoipa::path(post, path = "/tasks/{id}/passing_on", params(("id" = String, Path)), request_body = PassingOn, responses((status = 200, body = Done)))]
async fn create_passing_on(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(asked): Json<PassingOn>) -> Reply<Done> {
    let PassingOn { people, among, text, attachments, mentions, values } = asked;
    let words = Words { mentions, ..words(&text, &attachments) };
    intend(app, me, id.case, Intent::PassOn { task: id.no, people, among, words, values }).await
}
