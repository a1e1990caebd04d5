//! Putting right what one said: the old words stay (TRACE-03).

use hanlin_api::{App, Json, Me, Path, Reply, Routes, routes};
use hanlin_kernel::PersonId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    model::CaseId,
    operations::intend,
    routes::{Done, words},
};
use crate::engine::{Intent, Words, case::OpinionNo};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.external(routes!(create_correction))
}

/// 更正
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Correction {
    /// The number of the opinion that is put right.
    opinion: OpinionNo,
    /// What is right.
    text: String,
    /// Ids of uploaded files.
    #[serde(default)]
    attachments: Vec<String>,
    /// @: whom it names.
    #[serde(default)]
    mentions: Vec<PersonId>,
}

/// Put right what I said. The old words stay, and my verdict.
#[utoipa::path(post, path = "/cases/{id}/corrections", params(("id" = String, Path)), request_body = Correction, responses((status = 200, body = Done)))]
async fn create_correction(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(new): Json<Correction>) -> Reply<Done> {
    let words = Words { mentions: new.mentions, ..words(&new.text, &new.attachments) };
    intend(app, me, id, Intent::CorrectOpinion { opinion: new.opinion, words }).await
}
