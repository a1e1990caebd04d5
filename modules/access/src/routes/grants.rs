//! Roles and grants, and what somebody may and why.

use hanlin_api::{App, IfMatch, Json, Me, Path, Reply, Routes, routes};
use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, DepartmentId, Error, PersonId, Scope, Scopes, Text, UnitId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    actions::{self, AddRole, ChangeRole, Give},
    model::{Grant, GrantId, Role, RoleId, Subject, What},
    policy::{self, GRANT, REVIEW},
    resolve::{self, Asker},
    service::Access,
    snapshot::{self, Grants},
    store,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .can(GRANT, routes!(list_roles, create_role, update_role, list_permissions))
        .can(GRANT, routes!(list_grants, create_grant, delete_grant))
        .signed_in(routes!(list_person_permissions))
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
    /// For `If-Match`.
    version: u64,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        let Role { id, code, name, permissions, built_in, version } = role;
        Self { id, code, name, permissions, built_in, version }
    }
}

/// Every role.
#[utoipa::path(get, path = "/roles", responses((status = 200, body = Vec<RoleView>)))]
async fn list_roles(app: App) -> Reply<Vec<RoleView>> {
    app.read(|tx| Ok(store::list_roles(tx)?.into_iter().map(RoleView::from).collect())).await
}

/// Define a role.
#[utoipa::path(post, path = "/roles", request_body = AddRole, responses((status = 200, body = RoleView)))]
async fn create_role(app: App, Me(actor): Me, Json(intent): Json<AddRole>) -> Reply<RoleView> {
    let access = app.service::<Access>();
    app.write(move |tx| Ok(actions::add_role(tx, &access, &actor, intent.clone())?.into())).await
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
    app.write(move |tx| Ok(actions::change_role(tx, &access, &actor, id, version, intent.clone())?.into())).await
}

/// Every permission that there is, for roles and grants.
#[utoipa::path(get, path = "/permissions", responses((status = 200, body = Vec<String>)))]
async fn list_permissions(app: App) -> Reply<Vec<String>> {
    let access = app.service::<Access>();
    app.read(move |_| Ok(access.permissions().iter().cloned().collect())).await
}

/// A right, as it was given.
#[derive(Debug, Serialize, ToSchema)]
struct GrantView {
    id: GrantId,
    what: What,
    /// Of a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<Text>,
    subject: Subject,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_name: Option<Text>,
    scope: Scope,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place_name: Option<Text>,
    reason: String,
    #[schema(value_type = String, format = DateTime)]
    valid_from: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_to: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    granted_by: Option<PersonId>,
}

impl GrantView {
    fn of(grant: &Grant, grants: &Grants, directory: &Snapshot, at: Timestamp) -> Self {
        let role_name = match &grant.what {
            What::Role(role) => grants.role(*role).map(|role| role.name.clone()),
            What::Permission(_) => None,
        };
        let subject_name = match grant.subject {
            Subject::Person(person) => Some(Text::zh(directory.person_name(person))),
            Subject::Group(group) => directory.group(group).map(|group| group.name.clone()),
            Subject::Post(post) => directory.post(post).map(|post| post.name.clone()),
            Subject::Everyone => None,
        };
        Self {
            id: grant.id,
            what: grant.what.clone(),
            role_name,
            subject: grant.subject,
            subject_name,
            scope: grant.scope,
            place: grant.place,
            place_name: grant.place.and_then(|place| directory.name_of(place, at).cloned()),
            reason: grant.reason.clone(),
            valid_from: grant.valid_from,
            valid_to: grant.valid_to,
            granted_by: grant.granted_by,
        }
    }
}

/// The rights that hold now or will: all of them for who may grant everywhere, else those at places in reach.
#[utoipa::path(get, path = "/grants", responses((status = 200, body = Vec<GrantView>)))]
async fn list_grants(app: App, Me(actor): Me) -> Reply<Vec<GrantView>> {
    app.read(move |tx| {
        let (directory, grants, now) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
        let mut seen: Vec<&Grant> = grants.all().filter(|grant| may_see(&actor, grant, &directory, now)).collect();
        seen.sort_by_key(|grant| grant.id);
        Ok(seen.into_iter().map(|grant| GrantView::of(grant, &grants, &directory, now)).collect())
    })
    .await
}

fn may_see(actor: &Actor, grant: &Grant, directory: &Snapshot, at: Timestamp) -> bool {
    let over = grant.place.and_then(|place| Some((directory.unit_of(place, at)?, place.department())));
    actor.reaches_all(GRANT)
        || over.is_some_and(|(unit, department)| match department {
            Some(department) => actor.reaches_department(GRANT, unit, department),
            None => actor.reaches(GRANT, unit),
        })
}

/// Give a role or a permission to a person, a group, the holders of a post, or everybody.
#[utoipa::path(post, path = "/grants", request_body = Give, responses((status = 200, body = GrantView)))]
async fn create_grant(app: App, Me(actor): Me, Json(intent): Json<Give>) -> Reply<GrantView> {
    let access = app.service::<Access>();
    app.write(move |tx| {
        let grant = actions::give(tx, &access, &actor, intent.clone())?;
        let (directory, grants, now) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
        Ok(GrantView::of(&grant, &grants, &directory, now))
    })
    .await
}

/// Withdraw a right, from now on.
#[utoipa::path(delete, path = "/grants/{id}", responses((status = 200)), params(("id" = GrantId, Path)))]
async fn delete_grant(app: App, Me(actor): Me, Path(id): Path<GrantId>) -> Reply<()> {
    let access = app.service::<Access>();
    app.write(move |tx| actions::end_grant(tx, &access, &actor, id)).await
}

/// One thing that somebody may do: over what, and why.
#[derive(Debug, Serialize, ToSchema)]
struct HeldPermission {
    permission: String,
    reach: ReachView,
    /// The grants that it comes from.
    because: Vec<GrantView>,
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

/// What a person may do under his main appointment, and why: for himself, and for who reviews it (PERM-17).
#[utoipa::path(get, path = "/people/{id}/permissions", responses((status = 200, body = Vec<HeldPermission>)),
    params(("id" = PersonId, Path)))]
async fn list_person_permissions(app: App, Me(actor): Me, Path(id): Path<PersonId>) -> Reply<Vec<HeldPermission>> {
    let access = app.service::<Access>();
    app.read(move |tx| {
        let (directory, grants, now) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
        if directory.person(id).is_none() {
            return Err(Error::NotFound);
        }
        if !policy::may_review(&actor, id, &directory, now) {
            return Err(Error::forbidden(REVIEW));
        }
        let acting = directory.appointments(id, now).into_iter().next();
        let asker = Asker { person: id, acting, at: now };
        let reached = resolve::reached(asker, &grants, access.permissions(), &directory);
        let held = resolve::held(asker, &grants, access.permissions(), &directory);
        let view = |held: hanlin_kernel::Grant| {
            let because = reached.iter().filter(|reached| reached.permissions.contains(&held.permission));
            HeldPermission {
                because: because.map(|reached| GrantView::of(reached.grant, &grants, &directory, now)).collect(),
                reach: ReachView::of(&held.scopes, &directory, now),
                permission: held.permission,
            }
        };
        Ok(held.into_iter().map(view).collect())
    })
    .await
}
