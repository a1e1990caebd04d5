//! Rights, as they were given.

use std::collections::BTreeSet;

use hanlin_api::{App, Json, Me, Path, Reply, Routes, routes};
use hanlin_directory::{PersonName, Snapshot, model::Place};
use hanlin_kernel::{Actor, Can, Scope, Text};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    actions::{self, Give},
    delegation::{self, Given},
    model::{Grant, GrantId, Subject, What},
    policy::{self, GRANT},
    service::Access,
    snapshot::{self, Grants},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.can(GRANT, routes!(list_grants, create_grant, delete_grant))
}

/// What a grant is shown by.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub grants: &'a Grants,
    pub directory: &'a Snapshot,
    /// All that there are.
    pub permissions: &'a BTreeSet<String>,
    pub at: Timestamp,
}

/// A right, as it was given.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GrantView {
    id: GrantId,
    what: What,
    /// Of a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<Text>,
    /// Of a permission over one thing only: what the thing is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<Text>,
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
    granted_by: Option<PersonName>,
    can: Can,
}

impl GrantView {
    pub(super) fn of(grant: &Grant, actor: &Actor, known: &Known<'_>) -> Self {
        let Known { grants, directory, at, .. } = *known;
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
            about: grant.about.clone(),
            subject: grant.subject,
            subject_name,
            scope: grant.scope,
            place: grant.place,
            place_name: grant.place.and_then(|place| directory.name_of(place, at).cloned()),
            reason: grant.reason.clone(),
            valid_from: grant.valid_from,
            valid_to: grant.valid_to,
            granted_by: grant.granted_by.map(|person| PersonName::of(person, directory)),
            can: Can::none().when("end", may_end(actor, grant, known)),
        }
    }
}

fn may_end(actor: &Actor, grant: &Grant, known: &Known<'_>) -> bool {
    let permissions = known.grants.permissions(&grant.what, known.permissions);
    let given = Given { permissions: &permissions, subject: grant.subject, scope: grant.scope, place: grant.place };
    delegation::may_end(actor, given, known.directory, known.at).is_ok()
}

/// The rights that hold now or will: all of them for who may grant everywhere, else those at places in reach and of
/// people in reach.
#[utoipa::path(get, path = "/grants", responses((status = 200, body = Vec<GrantView>)))]
async fn list_grants(app: App, Me(actor): Me) -> Reply<Vec<GrantView>> {
    let access = app.service::<Access>();
    app.read(move |tx| {
        let (directory, grants, at) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
        let known = Known { grants: &grants, directory: &directory, permissions: access.permissions(), at };
        let mut seen: Vec<&Grant> = grants.all().filter(|grant| may_see(&actor, grant, &directory, at)).collect();
        seen.sort_by_key(|grant| grant.id);
        Ok(seen.into_iter().map(|grant| GrantView::of(grant, &actor, &known)).collect())
    })
    .await
}

fn may_see(actor: &Actor, grant: &Grant, directory: &Snapshot, at: Timestamp) -> bool {
    grant.place.is_some_and(|place| policy::reaches_place(actor, GRANT, place, directory, at))
        || delegation::reaches_subject(actor, grant.subject, directory, at)
}

/// Give a role or a permission to a person, a group, the holders of a post, or everybody.
#[utoipa::path(post, path = "/grants", request_body = Give, responses((status = 200, body = GrantView)))]
async fn create_grant(app: App, Me(actor): Me, Json(intent): Json<Give>) -> Reply<GrantView> {
    let access = app.service::<Access>();
    app.write(move |tx| {
        let grant = actions::give(tx, &access, &actor, intent.clone())?;
        let (directory, grants, at) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
        let known = Known { grants: &grants, directory: &directory, permissions: access.permissions(), at };
        Ok(GrantView::of(&grant, &actor, &known))
    })
    .await
}

/// Withdraw a right, from now on.
#[utoipa::path(delete, path = "/grants/{id}", responses((status = 200)), params(("id" = GrantId, Path)))]
async fn delete_grant(app: App, Me(actor): Me, Path(id): Path<GrantId>) -> Reply<()> {
    let access = app.service::<Access>();
    app.write(move |tx| actions::end_grant(tx, &access, &actor, id)).await
}
