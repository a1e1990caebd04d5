//! HTTP in, HTTP out.

mod names;
mod people;
mod structure;
mod tree;
mod vcards;
mod views;

pub use people::person_view;
pub use views::{PersonName, PersonView};

use hanlin_api::Routes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) fn routes() -> Routes {
    let routes = people::routes(Routes::new());
    names::routes(vcards::routes(tree::routes(structure::routes(routes))))
}

/// When something ends; absent: now.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct EndAt {
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// It was done, and there is nothing to show.
#[derive(Debug, Serialize, ToSchema)]
struct Recorded {}
