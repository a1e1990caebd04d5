use hanlin_api::{App, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_kernel::{Id, Page, PageRequest};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{actions, model::Notification, store};

pub(crate) fn routes() -> Routes {
    Routes::new().external(routes!(
        list_notifications,
        create_notification_read,
        create_all_notifications_read,
        update_notification_preference
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Only those not read.
    #[serde(default)]
    unread: bool,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    limit: Option<u32>,
}

/// How many are still unread.
#[derive(Serialize, ToSchema)]
struct Unread {
    unread: u64,
}

/// Whether this channel brings this code.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Preference {
    channel: String,
    code: String,
    wanted: bool,
}

/// What I was told, newest first.
#[utoipa::path(get, path = "/notifications", params(Asked), responses((status = 200, body = Page<Notification>)))]
async fn list_notifications(app: App, Me(me): Me, Query(asked): Query<Asked>) -> Reply<Page<Notification>> {
    let page = PageRequest { after: asked.after, limit: asked.limit };
    app.read(move |tx| store::list_for(tx, me.principal(), asked.unread, &page)).await
}

/// I have read this one.
#[utoipa::path(post, path = "/notifications/{id}/read", params(("id" = String, Path)), responses((status = 200, body = Unread)))]
async fn create_notification_read(app: App, Me(me): Me, Path(id): Path<Id<Notification>>) -> Reply<Unread> {
    app.write(move |tx| {
        actions::read(tx, &me, id)?;
        Ok(Unread { unread: actions::count_unread(tx, me.principal())? })
    })
    .await
}

/// I have read them all.
#[utoipa::path(post, path = "/notifications/read_all", responses((status = 200, body = Unread)))]
async fn create_all_notifications_read(app: App, Me(me): Me) -> Reply<Unread> {
    app.write(move |tx| {
        actions::read_all(tx, &me)?;
        Ok(Unread { unread: 0 })
    })
    .await
}

/// Choose what a channel brings me.
#[utoipa::path(put, path = "/notification_preferences", request_body = Preference, responses((status = 200, body = Preference)))]
async fn update_notification_preference(app: App, Me(me): Me, Json(wanted): Json<Preference>) -> Reply<Preference> {
    app.write(move |tx| {
        store::set_preference(tx, me.person, &wanted.channel, &wanted.code, wanted.wanted)?;
        Ok(wanted.clone())
    })
    .await
}
