use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_kernel::{DepartmentId, Page, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    EndAt, Recorded,
    views::{NodeKind, PlaceView, UnitNode},
};
use crate::{
    MANAGE, READ, actions,
    actions::{ChangeDepartment, ChangeUnit, CreateDepartment, CreateUnit, SetLeader},
    model::{Department, Place, Unit},
    snapshot,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .can(READ, routes!(list_units))
        .can(MANAGE, routes!(create_unit, update_unit, end_unit, create_unit_leader))
        .can(MANAGE, routes!(create_department, update_department, end_department, create_department_leader))
}

impl From<Unit> for PlaceView {
    fn from(unit: Unit) -> Self {
        let Unit { id, code, name, validity, version, .. } = unit;
        Self { id: id.to_string(), kind: NodeKind::Unit, name, code, validity, version }
    }
}

impl From<Department> for PlaceView {
    fn from(department: Department) -> Self {
        let Department { id, code, name, validity, version, .. } = department;
        Self { id: id.to_string(), kind: NodeKind::Department, name, code, validity, version }
    }
}

/// As of when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AsOf {
    /// An instant; absent: now.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// The organisation as a tree of units and departments, with heads and head counts.
#[utoipa::path(get, path = "/units", params(AsOf), responses((status = 200, body = Page<UnitNode>)))]
async fn list_units(app: App, Me(actor): Me, Query(AsOf { at }): Query<AsOf>) -> Reply<Page<UnitNode>> {
    let list = move |tx: &mut Tx| {
        let (snapshot, at) = (snapshot(tx)?, at.unwrap_or_else(|| tx.now()));
        let roots = snapshot.roots(at).into_iter();
        let items = roots.filter_map(|root| UnitNode::of(Place::Unit(root.id), &snapshot, &actor, at)).collect();
        Ok(Page { items, next: None })
    };
    app.read(list).await
}

/// Found a unit.
#[utoipa::path(post, path = "/units", request_body = CreateUnit, responses((status = 200, body = PlaceView)))]
async fn create_unit(app: App, Me(actor): Me, Json(intent): Json<CreateUnit>) -> Reply<PlaceView> {
    app.write(move |tx| Ok(actions::create_unit(tx, &actor, intent.clone())?.into())).await
}

/// Rename or move a unit.
#[utoipa::path(patch, path = "/units/{id}", request_body = ChangeUnit, responses((status = 200, body = PlaceView)),
    params(("id" = UnitId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_unit(
    app: App,
    Me(actor): Me,
    Path(id): Path<UnitId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<ChangeUnit>,
) -> Reply<PlaceView> {
    app.write(move |tx| Ok(actions::change_unit(tx, &actor, id, version, intent.clone())?.into())).await
}

/// Close a unit that nothing and nobody is in any more.
#[utoipa::path(post, path = "/units/{id}/end", request_body = EndAt, responses((status = 200, body = Recorded)),
    params(("id" = UnitId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn end_unit(
    app: App,
    Me(actor): Me,
    Path(id): Path<UnitId>,
    IfMatch(version): IfMatch,
    Json(EndAt { at }): Json<EndAt>,
) -> Reply<Recorded> {
    app.write(move |tx| actions::end_unit(tx, &actor, id, version, at).map(|()| Recorded {})).await
}

/// Name the head or the leader in charge of a unit.
#[utoipa::path(post, path = "/units/{id}/leaders", request_body = SetLeader, responses((status = 200, body = Recorded)),
    params(("id" = UnitId, Path)))]
async fn create_unit_leader(
    app: App,
    Me(actor): Me,
    Path(id): Path<UnitId>,
    Json(intent): Json<SetLeader>,
) -> Reply<Recorded> {
    app.write(move |tx| actions::set_leader(tx, &actor, Place::Unit(id), intent.clone()).map(|_| Recorded {})).await
}

/// Set up a department.
#[utoipa::path(post, path = "/departments", request_body = CreateDepartment,
    responses((status = 200, body = PlaceView)))]
async fn create_department(app: App, Me(actor): Me, Json(intent): Json<CreateDepartment>) -> Reply<PlaceView> {
    app.write(move |tx| Ok(actions::create_department(tx, &actor, intent.clone())?.into())).await
}

/// Rename or move a department with all that is in it.
#[utoipa::path(patch, path = "/departments/{id}", request_body = ChangeDepartment,
    responses((status = 200, body = PlaceView)),
    params(("id" = DepartmentId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_department(
    app: App,
    Me(actor): Me,
    Path(id): Path<DepartmentId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<ChangeDepartment>,
) -> Reply<PlaceView> {
    app.write(move |tx| Ok(actions::change_department(tx, &actor, id, version, intent.clone())?.into())).await
}

/// Close a department that nothing and nobody is in any more.
#[utoipa::path(post, path = "/departments/{id}/end", request_body = EndAt, responses((status = 200, body = Recorded)),
    params(("id" = DepartmentId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn end_department(
    app: App,
    Me(actor): Me,
    Path(id): Path<DepartmentId>,
    IfMatch(version): IfMatch,
    Json(EndAt { at }): Json<EndAt>,
) -> Reply<Recorded> {
    app.write(move |tx| actions::end_department(tx, &actor, id, version, at).map(|()| Recorded {})).await
}

/// Name the head or the leader in charge of a department.
#[utoipa::path(post, path = "/departments/{id}/leaders", request_body = SetLeader,
    responses((status = 200, body = Recorded)), params(("id" = DepartmentId, Path)))]
async fn create_department_leader(
    app: App,
    Me(actor): Me,
    Path(id): Path<DepartmentId>,
    Json(intent): Json<SetLeader>,
) -> Reply<Recorded> {
    app.write(move |tx| actions::set_leader(tx, &actor, Place::Department(id), intent.clone()).map(|_| Recorded {}))
        .await
}
