//! Roles: bundles of permissions, of the whole installation or of a place.

use hanlin_api::{App, IfMatch, Json, Me, Path, Reply, Routes, routes};
use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, Can, Text};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    actions::{self, AddRole, ChangeRole},
    delegation,
    model::{Role, RoleId},
    policy::GRANT,
    service::Access,
    snapshot,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.can(GRANT, routes!(list_roles, create_role, update_role, delete_role, list_permissions))
}

/// A bundle of permissions.
#[derive(Debug, Serialize, ToSchema)]
struct RoleView {
    id: RoleId,
    code: String,
    name: Text,
    /// `*` is every permission there is.
    permissions: Vec<String>,
    built_in: bool,
    /// Whose administrators define it, and where alone it is given; absent: the whole installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place_name: Option<Text>,
    /// For `If-Match`.
    version: u64,
    can: Can,
}

impl RoleView {
    fn of(role: Role, actor: &Actor, directory: &Snapshot, at: Timestamp) -> Self {
        let can = delegation::may_role(actor, &role, directory, at);
        let Role { id, code, name, permissions, built_in, place, version, .. } = role;
        let place_name = place.and_then(|place| directory.name_of(place, at).cloned());
        Self { id, code, name, permissions, built_in, place, place_name, version, can }
    }
}

/// The roles that stand and that one may give or define: those of the whole installation, and of places in reach.
#[utoipa::path(get, path = "/roles", responses((status = 200, body = Vec<RoleView>)))]
async fn list_roles(app: App, Me(actor): Me) -> Reply<Vec<RoleView>> {
    app.read(move |tx| {
        let (directory, grants, now) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
        let stands = |role: &&Role| role.ended_at.is_none();
        let seen = |role: &&Role| delegation::may_see_role(&actor, role, &directory, now);
        let mut roles: Vec<Role> = grants.roles().filter(stands).filter(seen).cloned().collect();
        roles.sort_by_key(|role| role.id);
        Ok(roles.into_iter().map(|role| RoleView::of(role, &actor, &directory, now)).collect())
    })
    .await
}

/// Define a role, of permissions that one has where it belongs.
#[utoipa::path(post, path = "/roles", request_body = AddRole, responses((status = 200, body = RoleView)))]
async fn create_role(app: App, Me(actor): Me, Json(intent): Json<AddRole>) -> Reply<RoleView> {
    let access = app.service::<Access>();
    app.write(move |tx| {
        let role = actions::add_role(tx, &access, &actor, intent.clone())?;
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        Ok(RoleView::of(role, &actor, &directory, now))
    })
    .await
}

/// Change a role, for everybody who has it.
#[utoipa::path(put, path = "/roles/{id}", request_body = ChangeRole, responses((status = 200, body = RoleView)),
    params(("id" = RoleId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_role(
    app: App,
    Me(actor): Me,
    Path(id): Path<RoleId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<ChangeRole>,
) -> Reply<RoleView> {
    let access = app.service::<Access>();
    app.write(move |tx| {
        let role = actions::change_role(tx, &access, &actor, id, version, intent.clone())?;
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        Ok(RoleView::of(role, &actor, &directory, now))
    })
    .await
}

/// End a role that nobody has: it is given to nobody any more.
#[utoipa::path(delete, path = "/roles/{id}", responses((status = 200)),
    params(("id" = RoleId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn delete_role(app: App, Me(actor): Me, Path(id): Path<RoleId>, IfMatch(version): IfMatch) -> Reply<()> {
    app.write(move |tx| actions::end_role(tx, &actor, id, version).map(|_| ())).await
}

/// Every permission that there is, for roles and grants.
#[utoipa::path(get, path = "/permissions", responses((status = 200, body = Vec<String>)))]
async fn list_permissions(app: App) -> Reply<Vec<String>> {
    let access = app.service::<Access>();
    app.read(move |_| Ok(access.permissions().iter().cloned().collect())).await
}
