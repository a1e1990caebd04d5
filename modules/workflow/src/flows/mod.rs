//! Flows and their versions: imported from packages, published, retired.

mod actions;
mod events;
mod mentions;
mod model;
mod routes;
mod store;

pub(crate) use actions::{Running, asking, current, published, running};
pub use actions::{find_package, import_and_publish, import_draft};
pub use mentions::{Mention, Named, mentions};
pub(crate) use model::Flow;
pub(crate) use model::FlowCard;
pub use model::{FlowId, VersionId};
pub(crate) use routes::routes;
pub(crate) use store::{AllFlows, as_published, find_flow, find_upwards, list_flows, list_published};
