use hanlin_api::{App, IfMatch, Json, Me, Reply, Routes, routes};
use hanlin_kernel::{Actor, Result};
use hanlin_store::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    actions,
    model::{Kept, SavedFilter, Thing},
    rules::{LONGEST_NAME, LONGEST_PHRASE},
};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.external(routes!(find_own_phrases, update_own_phrases, find_own_filters, update_own_filters))
}

/// 我的常用语: in the order in which they are offered.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OwnPhrases {
    items: Vec<String>,
    /// How many one may keep, and how many characters a phrase may have.
    most: usize,
    longest: usize,
    /// For `If-Match`; 0: nothing was kept yet.
    version: u64,
}

/// 常用筛选
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OwnFilters {
    items: Vec<SavedFilter>,
    /// How many one may keep, and how many characters a name may have.
    most: usize,
    longest: usize,
    /// For `If-Match`; 0: nothing was kept yet.
    version: u64,
}

/// All of them, as they are to be from now on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnPhrasesContent {
    items: Vec<String>,
}

/// All of them, as they are to be from now on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnFiltersContent {
    items: Vec<SavedFilter>,
}

fn own_phrases(tx: &mut Tx, me: &Actor, Kept { items, version }: Kept<String>) -> Result<OwnPhrases> {
    let most = actions::most(tx, me, Thing::Phrases)?;
    Ok(OwnPhrases { items, most, longest: LONGEST_PHRASE, version })
}

fn own_filters(tx: &mut Tx, me: &Actor, Kept { items, version }: Kept<SavedFilter>) -> Result<OwnFilters> {
    let most = actions::most(tx, me, Thing::Filters)?;
    Ok(OwnFilters { items, most, longest: LONGEST_NAME, version })
}

/// My own phrases for opinions (FLOW-18).
#[utoipa::path(get, path = "/own_phrases", responses((status = 200, body = OwnPhrases)))]
async fn find_own_phrases(app: App, Me(me): Me) -> Reply<OwnPhrases> {
    app.read(move |tx| {
        let kept = actions::phrases(tx, &me)?;
        own_phrases(tx, &me, kept)
    })
    .await
}

/// Keep these phrases, and no others.
#[utoipa::path(put, path = "/own_phrases", request_body = OwnPhrasesContent,
    params(("If-Match" = String, Header, description = "The version that was read; 0 for the first")),
    responses((status = 200, body = OwnPhrases)))]
async fn update_own_phrases(
    app: App,
    Me(me): Me,
    IfMatch(seen): IfMatch,
    Json(content): Json<OwnPhrasesContent>,
) -> Reply<OwnPhrases> {
    app.write(move |tx| {
        let kept = actions::keep_phrases(tx, &me, seen, content.items.clone())?;
        own_phrases(tx, &me, kept)
    })
    .await
}

/// My own filters of the inbox.
#[utoipa::path(get, path = "/own_filters", responses((status = 200, body = OwnFilters)))]
async fn find_own_filters(app: App, Me(me): Me) -> Reply<OwnFilters> {
    app.read(move |tx| {
        let kept = actions::filters(tx, &me)?;
        own_filters(tx, &me, kept)
    })
    .await
}

/// Keep these filters, and no others.
#[utoipa::path(put, path = "/own_filters", request_body = OwnFiltersContent,
    params(("If-Match" = String, Header, description = "The version that was read; 0 for the first")),
    responses((status = 200, body = OwnFilters)))]
async fn update_own_filters(
    app: App,
    Me(me): Me,
    IfMatch(seen): IfMatch,
    Json(content): Json<OwnFiltersContent>,
) -> Reply<OwnFilters> {
    app.write(move |tx| {
        let kept = actions::keep_filters(tx, &me, seen, content.items.clone())?;
        own_filters(tx, &me, kept)
    })
    .await
}
