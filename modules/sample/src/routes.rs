use hanlin_access::{Access, Secret, check_sample_password};
use hanlin_api::{App, Json, Me, Reply, Routes, routes};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    actions,
    model::{Loaded, Removed, Sample, SampleState},
    policy::MANAGE,
};

pub(crate) fn routes() -> Routes {
    Routes::new().can(MANAGE, routes!(find_sample, create_sample_load, create_sample_removal))
}

/// Whether the sample group is loaded, and what is in it.
#[utoipa::path(get, path = "/sample", responses((status = 200, body = SampleState)))]
async fn find_sample(app: App, Me(actor): Me) -> Reply<SampleState> {
    app.read(move |tx| actions::state_for(tx, &actor)).await
}

/// The wish to load the sample.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoadSample {
    /// With which all of its accounts sign in.
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// Load the sample group beside the organisation, to try things out.
#[utoipa::path(post, path = "/sample/load", request_body = LoadSample, responses((status = 200, body = Loaded)))]
async fn create_sample_load(app: App, Me(actor): Me, Json(body): Json<LoadSample>) -> Reply<Loaded> {
    let (access, sample) = (app.service::<Access>(), app.service::<Sample>());
    let password = body.password.clone();
    app.db().read(move |tx| check_sample_password(tx, &password)).await?;
    let hash = access.hashing().hash(body.password).await?;
    app.write(move |tx| actions::load_for(tx, &actor, &sample, &hash)).await
}

/// Remove the sample group with all that was done in it. The trace stays.
#[utoipa::path(post, path = "/sample/removal", responses((status = 200, body = Removed)))]
async fn create_sample_removal(app: App, Me(actor): Me) -> Reply<Removed> {
    let sample = app.service::<Sample>();
    app.write(move |tx| actions::remove_for(tx, &actor, &sample)).await
}
