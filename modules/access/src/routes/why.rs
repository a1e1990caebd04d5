//! What somebody may do and why; who may do this there and why (PERM-17).

use std::collections::BTreeSet;

use hanlin_api::{App, Me, Path, Query, Reply, Routes, routes};
use hanlin_directory::{PersonName, Snapshot, model::Place};
use hanlin_kernel::{Actor, DepartmentId, Error, PersonId, Scopes, Text, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::grants::{GrantView, Known};
use crate::{
    model::is_particular,
    people::{self, under_any},
    policy::{self, REVIEW},
    resolve::Reached,
    service::Access,
    snapshot,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.signed_in(routes!(list_person_permissions)).can(REVIEW, routes!(list_holders))
}

/// One thing that somebody may do: over what, and why.
#[derive(Debug, Serialize, ToSchema)]
struct HeldPermission {
    permission: String,
    reach: ReachView,
    /// The grants that it comes from.
    because: Vec<ChainView>,
}

/// A grant that gives somebody something, and over what it does.
#[derive(Debug, Serialize, ToSchema)]
struct ChainView {
    #[serde(flatten)]
    grant: GrantView,
    reach: ReachView,
}

impl ChainView {
    fn of(reached: &Reached<'_>, actor: &Actor, known: &Known<'_>) -> Self {
        let reach = ReachView::of(&reached.scopes, known.directory, known.at);
        Self { grant: GrantView::of(reached.grant, actor, known), reach }
    }
}

/// What a permission is over.
#[derive(Debug, Serialize, ToSchema)]
struct ReachView {
    everything: bool,
    /// What is his own.
    own: bool,
    units: Vec<UnitReached>,
    departments: Vec<DepartmentReached>,
}

#[derive(Debug, Serialize, ToSchema)]
struct UnitReached {
    id: UnitId,
    name: Option<Text>,
}
#[derive(Debug, Serialize, ToSchema)]
struct DepartmentReached {
    id: DepartmentId,
    name: Option<Text>,
}

impl ReachView {
    fn of(scopes: &Scopes, directory: &Snapshot, at: Timestamp) -> Self {
        let name = |place| directory.name_of(place, at).cloned();
        let unit = |id: &UnitId| UnitReached { id: *id, name: name(Place::Unit(*id)) };
        let department = |id: &DepartmentId| DepartmentReached { id: *id, name: name(Place::Department(*id)) };
        Self {
            everything: scopes.all,
            own: scopes.own,
            units: scopes.units.iter().map(unit).collect(),
            departments: scopes.departments.iter().map(department).collect(),
        }
    }
}

/// What a person may do, under whichever of his appointments, and why: for himself, and for who reviews it (PERM-17).
#[utoipa::path(get, path = "/people/{id}/permissions", responses((status = 200, body = Vec<HeldPermission>)),
    params(("id" = PersonId, Path)))]
async fn list_person_permissions(app: App, Me(actor): Me, Path(id): Path<PersonId>) -> Reply<Vec<HeldPermission>> {
    let access = app.service::<Access>();
    app.read(move |tx| {
        let (directory, grants, at) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
        if directory.person(id).is_none() {
            return Err(Error::NotFound);
        }
        if !policy::may_review(&actor, id, &directory, at) {
            return Err(Error::forbidden(REVIEW));
        }
        let known = Known { grants: &grants, directory: &directory, permissions: access.permissions(), at };
        let reached = under_any(id, &grants, known.permissions, &directory, at);
        let particular = reached.iter().flat_map(|one| &one.permissions).filter(|name| is_particular(name));
        let names: BTreeSet<&String> = known.permissions.iter().chain(particular).collect();
        let view = |permission: &String| {
            let because: Vec<&Reached<'_>> =
                reached.iter().filter(|reached| reached.permissions.contains(permission)).collect();
            let over = because.iter().fold(Scopes::default(), |over, reached| over.join(&reached.scopes));
            HeldPermission {
                permission: permission.clone(),
                reach: ReachView::of(&over, &directory, at),
                because: because.into_iter().map(|reached| ChainView::of(reached, &actor, &known)).collect(),
            }
        };
        Ok(names.into_iter().map(view).filter(|held| !held.because.is_empty()).collect())
    })
    .await
}

/// So many holders are named; who asks about more asks about a smaller place.
const NAMED: usize = 500;

#[derive(Debug, Deserialize)]
struct Where {
    unit: Option<UnitId>,
    department: Option<DepartmentId>,
}

/// Who may do something at a place.
#[derive(Debug, Serialize, ToSchema)]
struct HoldersView {
    permission: String,
    place: Place,
    place_name: Option<Text>,
    /// How many there are; 500 of them are named.
    count: u64,
    holders: Vec<HolderView>,
}

/// One who may, and every grant that lets him.
#[derive(Debug, Serialize, ToSchema)]
struct HolderView {
    person: PersonName,
    because: Vec<ChainView>,
}

/// Who may do this in a unit or a department, and why: for who reviews rights there (PERM-17).
#[utoipa::path(get, path = "/permissions/{permission}/holders", responses((status = 200, body = HoldersView)), params(
    ("permission" = String, Path),
    ("unit" = Option<UnitId>, Query, description = "Where; a unit, or a department"),
    ("department" = Option<DepartmentId>, Query),
))]
async fn list_holders(
    app: App,
    Me(actor): Me,
    Path(permission): Path<String>,
    Query(asked): Query<Where>,
) -> Reply<HoldersView> {
    let access = app.service::<Access>();
    app.read(move |tx| {
        let (directory, grants, at) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
        let place = place_asked(&asked).filter(|place| !directory.ancestors(*place, at).is_empty());
        let place = place.ok_or_else(|| Error::invalid("unit", "access.place_unknown"))?;
        if !access.permissions().contains(&permission) && !is_particular(&permission) {
            return Err(Error::invalid("permission", "access.permission_nowhere"));
        }
        if !policy::reaches_place(&actor, REVIEW, place, &directory, at) {
            return Err(Error::forbidden(REVIEW));
        }
        let known = Known { grants: &grants, directory: &directory, permissions: access.permissions(), at };
        let found = people::holders(&permission, place, &grants, &directory, at);
        let holder = |holder: &people::Holder<'_>| HolderView {
            person: PersonName::of(holder.person, &directory),
            because: holder.because.iter().map(|reached| ChainView::of(reached, &actor, &known)).collect(),
        };
        Ok(HoldersView {
            permission: permission.clone(),
            place,
            place_name: directory.name_of(place, at).cloned(),
            count: found.len() as u64,
            holders: found.iter().take(NAMED).map(holder).collect(),
        })
    })
    .await
}

fn place_asked(asked: &Where) -> Option<Place> {
    asked.department.map(Place::Department).or(asked.unit.map(Place::Unit))
}
