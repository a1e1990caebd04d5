//! The first start.

use hanlin_api::{App, Json, Reply, RequestInfo, Routes, routes};
use serde::Serialize;
use utoipa::ToSchema;

use super::me::{MeView, welcome};
use crate::{
    actions::{self, SetUp},
    service::Access,
    store,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.anyone(routes!(find_setup, create_setup))
}

#[derive(Debug, Serialize, ToSchema)]
struct SetupNeeded {
    /// There is no account yet: the link that the server printed leads on.
    needed: bool,
    /// The sample organisation is loaded.
    sample: bool,
}

/// Is the system yet to be set up?
#[utoipa::path(get, path = "/setup", responses((status = 200, body = SetupNeeded)))]
async fn find_setup(app: App) -> Reply<SetupNeeded> {
    app.read(|tx| Ok(SetupNeeded { needed: !store::has_accounts(tx)?, sample: store::has_sample_accounts(tx)? })).await
}

/// Set the system up, once: the organisation and its first administrator, who is signed in at once.
#[utoipa::path(post, path = "/setup", request_body = SetUp, responses((status = 200, body = MeView)))]
async fn create_setup(app: App, from: RequestInfo, Json(intent): Json<SetUp>) -> Reply<MeView> {
    let access = app.service::<Access>();
    let opened = actions::set_up(app.db(), &access, &from, intent).await?;
    welcome(app, &access, &from, opened).await
}
