use hanlin_api::{App, IfMatch, Json, Me, Path, Raw, Reply, Routes, routes};
use hanlin_kernel::Page;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    actions::{self, Register, Settings},
    answers::{self, Happened, Signed, Taken},
    model::{Delivery, DeliveryId, DeliveryState, Endpoint, EndpointId},
    worker::Webhooks,
};
use crate::{MANAGE, cases::CaseId};

/// The largest answer or event that is taken.
const LARGEST: usize = 256 * 1024;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .can(
            MANAGE,
            routes!(
                list_endpoints,
                create_endpoint,
                update_endpoint,
                delete_endpoint,
                create_endpoint_secret,
                create_endpoint_trial,
                list_endpoint_deliveries
            ),
        )
        // Whoever they are, their signature says it.
        .anyone(routes!(create_webhook_answer, create_webhook_event))
}

/// 接口, as its administrator sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct EndpointView {
    id: EndpointId,
    /// What flows say.
    name: String,
    url: String,
    /// The ids of the flows that may ask it; none: all.
    flows: Vec<String>,
    enabled: bool,
    /// Where it tells that something happened.
    events_to: String,
    /// Shown once: when it is made, and when it is renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// Until when the secret before the last renewal counts, too; it may lie in the past.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    old_secret_until: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// For `If-Match`.
    version: u64,
}

impl From<Endpoint> for EndpointView {
    fn from(endpoint: Endpoint) -> Self {
        let Endpoint { id, name, url, flows, enabled, old_until, changed_at, version, .. } = endpoint;
        let events_to = format!("/api/v1/webhook-events/{id}");
        let old_secret_until = old_until;
        Self { id, name, url, flows, enabled, events_to, secret: None, old_secret_until, changed_at, version }
    }
}

/// One request to an endpoint. What was sent is not told: it may be what its reader may not read.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct DeliveryView {
    id: DeliveryId,
    /// Nothing: somebody tried the endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseId>,
    state: DeliveryState,
    tries: u32,
    /// The HTTP status of the last try.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Why the last try failed: the code of a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    settled_at: Option<Timestamp>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let Delivery { id, case, state, n_tries, status, reason, created_at, settled_at, .. } = delivery;
        Self { id, case, state, tries: n_tries, status, reason, created_at, settled_at }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct WebhookTaken {
    taken: Taken,
}

/// The systems that flows may ask.
#[utoipa::path(get, path = "/endpoints", responses((status = 200, body = Page<EndpointView>)))]
async fn list_endpoints(app: App, Me(me): Me) -> Reply<Page<EndpointView>> {
    app.read(move |tx| {
        let endpoints = actions::list_for(tx, &me)?.into_iter().map(EndpointView::from).collect();
        Ok(Page { items: endpoints, next: None })
    })
    .await
}

/// Register a system. Its secret is in the first answer, and nowhere else.
#[utoipa::path(post, path = "/endpoints", request_body = Register, responses((status = 200, body = EndpointView)))]
async fn create_endpoint(app: App, Me(me): Me, Json(intent): Json<Register>) -> Reply<EndpointView> {
    let webhooks = app.service::<Webhooks>();
    let inside = webhooks.inside;
    let made = app.write(move |tx| actions::register(tx, &me, inside, intent.clone()).map(Made::of)).await?;
    Ok(made.map(|made| made.shown(&webhooks)))
}

/// Change where a system is, and which flows may ask it.
#[utoipa::path(put, path = "/endpoints/{id}", params(("id" = String, Path),
    ("If-Match" = String, Header, description = "The version that was read")),
    request_body = Settings, responses((status = 200, body = EndpointView)))]
async fn update_endpoint(
    app: App,
    Me(me): Me,
    Path(id): Path<EndpointId>,
    IfMatch(seen): IfMatch,
    Json(intent): Json<Settings>,
) -> Reply<EndpointView> {
    let inside = app.service::<Webhooks>().inside;
    app.write(move |tx| actions::change(tx, &me, inside, id, seen, intent.clone()).map(EndpointView::from)).await
}

/// Take a system out: only where no flow in use names it and no case may come to ask it.
#[utoipa::path(delete, path = "/endpoints/{id}", params(("id" = String, Path),
    ("If-Match" = String, Header, description = "The version that was read")), responses((status = 200)))]
async fn delete_endpoint(app: App, Me(me): Me, Path(id): Path<EndpointId>, IfMatch(seen): IfMatch) -> Reply<()> {
    app.write(move |tx| actions::delete(tx, &me, id, seen)).await
}

/// Give a system a new secret; the old one counts beside it for as long as the rules say.
#[utoipa::path(post, path = "/endpoints/{id}/secret", params(("id" = String, Path),
    ("If-Match" = String, Header, description = "The version that was read")),
    responses((status = 200, body = EndpointView)))]
async fn create_endpoint_secret(
    app: App,
    Me(me): Me,
    Path(id): Path<EndpointId>,
    IfMatch(seen): IfMatch,
) -> Reply<EndpointView> {
    let webhooks = app.service::<Webhooks>();
    let made = app.write(move |tx| actions::renew_secret(tx, &me, id, seen).map(Made::of)).await?;
    Ok(made.map(|made| made.shown(&webhooks)))
}

/// Send a system a request that is about nothing, to see whether it answers.
#[utoipa::path(post, path = "/endpoints/{id}/trial", params(("id" = String, Path)), responses((status = 200, body = DeliveryView)))]
async fn create_endpoint_trial(app: App, Me(me): Me, Path(id): Path<EndpointId>) -> Reply<DeliveryView> {
    app.write(move |tx| actions::try_it(tx, &me, id).map(DeliveryView::from)).await
}

/// The latest requests to a system, and what came of them.
#[utoipa::path(get, path = "/endpoints/{id}/deliveries", params(("id" = String, Path)), responses((status = 200, body = Page<DeliveryView>)))]
async fn list_endpoint_deliveries(app: App, Me(me): Me, Path(id): Path<EndpointId>) -> Reply<Page<DeliveryView>> {
    app.read(move |tx| {
        let deliveries = actions::deliveries_for(tx, &me, id)?.into_iter().map(DeliveryView::from).collect();
        Ok(Page { items: deliveries, next: None })
    })
    .await
}

/// Another system answers what it was asked before. Signed as Standard Webhooks has it (`webhook-id`, `webhook-timestamp`,
/// `webhook-signature`), with the secret of its endpoint.
#[utoipa::path(post, path = "/webhook-answers/{id}", params(("id" = String, Path)),
    request_body(content = Object, content_type = "application/json"), responses((status = 200, body = WebhookTaken)))]
async fn create_webhook_answer(app: App, Path(id): Path<DeliveryId>, raw: Raw<LARGEST>) -> Reply<WebhookTaken> {
    let (webhooks, signed) = (app.service::<Webhooks>(), Signed::of(&raw.headers, &raw.body)?);
    app.write(move |tx| Ok(WebhookTaken { taken: answers::answer(tx, &webhooks, id, &signed)? })).await
}

/// Another system tells that something happened. Signed like an answer; what has the same `webhook-id` counts once.
#[utoipa::path(post, path = "/webhook-events/{id}", params(("id" = String, Path)),
    request_body = Happened, responses((status = 200, body = WebhookTaken)))]
async fn create_webhook_event(app: App, Path(id): Path<EndpointId>, raw: Raw<LARGEST>) -> Reply<WebhookTaken> {
    let (webhooks, signed) = (app.service::<Webhooks>(), Signed::of(&raw.headers, &raw.body)?);
    app.write(move |tx| Ok(WebhookTaken { taken: answers::event(tx, &webhooks, id, &signed)? })).await
}

/// An endpoint with a secret to show: what is kept of the answer has none.
#[derive(Serialize)]
struct Made {
    #[serde(flatten)]
    view: EndpointView,
    #[serde(skip)]
    endpoint: Endpoint,
}

impl Made {
    fn of(endpoint: Endpoint) -> Self {
        Self { view: endpoint.clone().into(), endpoint }
    }

    fn shown(self, webhooks: &Webhooks) -> EndpointView {
        EndpointView { secret: Some(webhooks.secret(&self.endpoint).shown()), ..self.view }
    }
}
