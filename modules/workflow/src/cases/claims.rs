//! 抢办 over HTTP: who claims a task holds it alone, and may give it back.

use hanlin_api::{App, Json, Me, Path, Reply, Routes, routes};

use super::{
    model::TaskId,
    operations::intend,
    routes::{Done, Said},
};
use crate::engine::Intent;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.external(routes!(create_claim, create_return_to_pool))
}

/// Claim a task that waits at several of us: it is mine alone.
#[utoipa::path(post, path = "/tasks/{id}/claim", params(("id" = String, Path)), responses((status = 200, body = Done)))]
async fn create_claim(app: App, Me(me): Me, Path(id): Path<TaskId>) -> Reply<Done> {
    intend(app, me, id.case, Intent::Claim { task: id.no }).await
}

/// Give back what I claimed, so that the others may claim it.
#[utoipa::path(post, path = "/tasks/{id}/return_to_pool", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_return_to_pool(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id.case, Intent::GiveBack { task: id.no, words: said.words() }).await
}
