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
use hanlin_kernel::{Actor, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{policy::READ, snapshot::Snapshot};

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

/// The units whose posts, ranks and groups apply to what the actor may see: those in scope and those above them.
/// `None`: all.
fn units_that_apply(snapshot: &Snapshot, actor: &Actor, at: Timestamp) -> Option<Vec<UnitId>> {
    let scopes = actor.scope_of(READ);
    if scopes.all {
        return None;
    }
    let of_departments = scopes.departments.iter().filter_map(|department| snapshot.department(*department, at));
    let own = scopes.units.iter().copied().chain(of_departments.map(|department| department.unit)).chain(actor.unit);
    let mut units: Vec<UnitId> = own.flat_map(|unit| snapshot.units_upwards(unit, at)).collect();
    units.sort();
    units.dedup();
    Some(units)
}
