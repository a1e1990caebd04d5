//! 挂起 over HTTP: an administrator of the flow stops a case for a while.

use hanlin_api::{App, Json, Me, Path, Reply, Routes, routes};

use super::{
    model::CaseId,
    operations::intend,
    routes::{Done, Said},
};
use crate::engine::Intent;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.signed_in(routes!(create_halt, create_continuation))
}

/// Stop the case for now, as the flow's administrator: nothing is decided meanwhile.
#[utoipa::path(post, path = "/cases/{id}/halt", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_halt(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id, Intent::Halt { words: said.words() }).await
}

/// Let it go on where it stood.
#[utoipa::path(post, path = "/cases/{id}/continuation", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_continuation(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id, Intent::GoOn { words: said.words() }).await
}
