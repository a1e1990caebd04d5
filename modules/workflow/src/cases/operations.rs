//! What a handler does besides deciding, over HTTP: others take part, or he thinks again (FLOW-15).

use hanlin_api::{App, Json, Me, Path, Reply, Routes, routes};
use hanlin_kernel::{Actor, FieldError, PersonId};
use hanlin_store::{Key, Tx};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    actions::act,
    model::{CaseId, TaskId},
    routes::{Decision, Done, Said, choose, words},
};
use crate::engine::{Intent, SignerPlace, case::Among};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .external(routes!(create_advice, create_hold, create_hold_end, create_take_back))
        .external(routes!(create_abstention, create_review_failure, create_task_termination, create_deviation))
        .external(routes!(create_retry))
        // To bring in others one must see whom there is.
        .signed_in(routes!(create_task_transfer, create_delegation, create_consultation))
        .signed_in(routes!(create_signers, create_signer_removal, create_copies, create_termination, create_move))
}

/// 转办, 委派
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Passing {
    to: PersonId,
    /// Why; needed where something is judged (FLOW-16).
    #[serde(default)]
    text: String,
    #[serde(default)]
    attachments: Vec<String>,
}

/// 征询, 抄送
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Asking {
    people: Vec<PersonId>,
    /// The question; of a copy: what is said with it.
    #[serde(default)]
    text: String,
    #[serde(default)]
    attachments: Vec<String>,
}

/// 加签
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSigners {
    people: Vec<PersonId>,
    place: SignerPlace,
    /// Of several: all, any, or one after the other.
    #[serde(default)]
    among: Among,
    #[serde(default)]
    text: String,
    #[serde(default)]
    attachments: Vec<String>,
}

/// 减签
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignerRemoval {
    /// The task of whom he asked.
    signer: TaskId,
    #[serde(default)]
    text: String,
}

/// 跳转
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Move {
    /// The key of a node where people act, or `start` for the initiator.
    to: String,
    /// Why; always needed.
    text: String,
}

/// Give my task to another, who decides in my place.
#[utoipa::path(post, path = "/tasks/{id}/transfer", params(("id" = String, Path)), request_body = Passing, responses((status = 200, body = Done)))]
async fn create_task_transfer(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(asked): Json<Passing>) -> Reply<Done> {
    let words = words(&asked.text, &asked.attachments);
    intend(app, me, id.case, Intent::Transfer { task: id.no, to: asked.to, words }).await
}

/// Have another look into it; it comes back to me with what he thinks.
#[utoipa::path(post, path = "/tasks/{id}/delegation", params(("id" = String, Path)), request_body = Passing, responses((status = 200, body = Done)))]
async fn create_delegation(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(asked): Json<Passing>) -> Reply<Done> {
    let words = words(&asked.text, &asked.attachments);
    intend(app, me, id.case, Intent::Delegate { task: id.no, to: asked.to, words }).await
}

/// Ask others, also the initiator, without waiting for their answer (FLOW-26).
#[utoipa::path(post, path = "/tasks/{id}/consultation", params(("id" = String, Path)), request_body = Asking, responses((status = 200, body = Done)))]
async fn create_consultation(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(asked): Json<Asking>) -> Reply<Done> {
    let words = words(&asked.text, &asked.attachments);
    intend(app, me, id.case, Intent::Consult { task: id.no, people: asked.people, words }).await
}

/// Say what I think, having been asked.
#[utoipa::path(post, path = "/tasks/{id}/advice", params(("id" = String, Path)), request_body = Decision, responses((status = 200, body = Done)))]
async fn create_advice(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(said): Json<Decision>) -> Reply<Done> {
    on_case(app, id.case, move |tx| {
        // Who is only asked chooses nobody: it is refused, and not passed over.
        choose(tx, &me, id, &said.choices)?;
        let (words, values) = (said.words(), said.values.clone());
        act(tx, &me, id.case, Intent::Advise { task: id.no, words, values })
    })
    .await
}

/// Have others decide as well: before me, beside me or after me.
#[utoipa::path(post, path = "/tasks/{id}/signers", params(("id" = String, Path)), request_body = NewSigners, responses((status = 200, body = Done)))]
async fn create_signers(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(asked): Json<NewSigners>) -> Reply<Done> {
    let NewSigners { people, place, among, text, attachments } = asked;
    let words = words(&text, &attachments);
    intend(app, me, id.case, Intent::AddSigner { task: id.no, people, place, among, words }).await
}

/// Do without someone whom I asked, as long as he has not answered.
#[utoipa::path(post, path = "/tasks/{id}/signer_removal", params(("id" = String, Path)), request_body = SignerRemoval, responses((status = 200, body = Done)))]
async fn create_signer_removal(
    app: App,
    Me(me): Me,
    Path(id): Path<TaskId>,
    Json(asked): Json<SignerRemoval>,
) -> Reply<Done> {
    on_case(app, id.case, move |tx| {
        if asked.signer.case != id.case {
            return Err(hanlin_kernel::Error::NotFound);
        }
        let words = words(&asked.text, &[]);
        act(tx, &me, id.case, Intent::RemoveSigner { task: id.no, signer: asked.signer.no, words })
    })
    .await
}

/// Vote neither for nor against, where my node allows it.
#[utoipa::path(post, path = "/tasks/{id}/abstention", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_abstention(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id.case, Intent::Abstain { task: id.no, words: said.words() }).await
}

/// Put it on hold, with the reason (TIME-17).
#[utoipa::path(post, path = "/tasks/{id}/hold", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_hold(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id.case, Intent::Hold { task: id.no, words: said.words() }).await
}

/// It is no longer on hold.
#[utoipa::path(post, path = "/tasks/{id}/hold_end", params(("id" = String, Path)), responses((status = 200, body = Done)))]
async fn create_hold_end(app: App, Me(me): Me, Path(id): Path<TaskId>) -> Reply<Done> {
    intend(app, me, id.case, Intent::EndHold { task: id.no }).await
}

/// Take my decision back, as long as nobody went on from it.
#[utoipa::path(post, path = "/tasks/{id}/take_back", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_take_back(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id.case, Intent::TakeBack { task: id.no, words: said.words() }).await
}

/// The facts are not as the form says: it goes back to the initiator (FLOW-10).
#[utoipa::path(post, path = "/tasks/{id}/review_failure", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_review_failure(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id.case, Intent::FailReview { task: id.no, words: said.words() }).await
}

/// End the case for good, where my node allows it.
#[utoipa::path(post, path = "/tasks/{id}/termination", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_task_termination(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(said): Json<Said>) -> Reply<Done> {
    let words = said.words();
    intend(app, me, id.case, Intent::Terminate { task: Some(id.no), words }).await
}

/// Have what failed tried again, after mending what was wrong.
#[utoipa::path(post, path = "/tasks/{id}/retry", params(("id" = String, Path)), responses((status = 200, body = Done)))]
async fn create_retry(app: App, Me(me): Me, Path(id): Path<TaskId>) -> Reply<Done> {
    intend(app, me, id.case, Intent::TryAgain { task: id.no }).await
}

/// Send copies on the way.
#[utoipa::path(post, path = "/cases/{id}/copies", params(("id" = String, Path)), request_body = Asking, responses((status = 200, body = Done)))]
async fn create_copies(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(asked): Json<Asking>) -> Reply<Done> {
    let words = words(&asked.text, &asked.attachments);
    intend(app, me, id, Intent::Copy { people: asked.people, words }).await
}

/// End the case for good, as the flow's administrator.
#[utoipa::path(post, path = "/cases/{id}/termination", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_termination(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id, Intent::Terminate { task: None, words: said.words() }).await
}

/// Move the case to another node, as the flow's administrator.
#[utoipa::path(post, path = "/cases/{id}/move", params(("id" = String, Path)), request_body = Move, responses((status = 200, body = Done)))]
async fn create_move(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(asked): Json<Move>) -> Reply<Done> {
    intend(app, me, id, Intent::Jump { to: asked.to, words: words(&asked.text, &[]) }).await
}

/// Report that the flow was not run as prescribed (FLOW-27).
#[utoipa::path(post, path = "/cases/{id}/deviations", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_deviation(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id, Intent::ReportDeviation { words: said.words() }).await
}

/// One thing that he does with a case.
pub(super) async fn intend(app: App, me: Actor, case: CaseId, intent: Intent) -> Reply<Done> {
    on_case(app, case, move |tx| act(tx, &me, case, intent.clone())).await
}

/// A command on one case, one after the other.
pub(super) async fn on_case(
    app: App,
    id: CaseId,
    mut work: impl FnMut(&mut Tx) -> hanlin_kernel::Result<Vec<FieldError>> + Send + 'static,
) -> Reply<Done> {
    app.write_on(&[Key::of(id)], move |tx| Ok(Done { id, warnings: work(tx)? })).await
}
