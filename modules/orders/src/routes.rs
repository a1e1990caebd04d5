use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_directory::PersonName;
use hanlin_kernel::{Actor, Page, PageRequest, PersonId, Result, UnitId};
use hanlin_store::Tx;
use hanlin_workflow::{HandOverAll, Held};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    actions, hand_over,
    model::{Content, Order, OrderId},
    policy::{HAND_OVER, ISSUE, READ, VERIFY},
    registry::{self, UnitEntry},
    store,
    views::{OrderRow, OrderView, OriginNow, PreviewView},
};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .can(READ, routes!(list_orders, find_order, list_unit_registry))
        .can(ISSUE, routes!(create_order, update_order, create_order_preview, create_order_issue))
        .can(ISSUE, routes!(create_order_withdrawal, create_counter_order))
        .can(VERIFY, routes!(create_order_review, create_order_return, create_order_tick, create_order_verification))
        .can(HAND_OVER, routes!(find_holdings, create_person_hand_over))
}

/// The order as its reader sees it now.
fn seen(tx: &mut Tx, actor: &Actor, order: Order) -> Result<OrderView> {
    let (rules, now) = (hanlin_rulebook::rules(tx)?, tx.now());
    let around = match &order.origin {
        Some(origin) => OriginNow {
            may_open: hanlin_workflow::may_read(tx, actor, origin.case)?,
            revoked: hanlin_workflow::is_revoked(tx, origin.case)?,
        },
        None => OriginNow::default(),
    };
    Ok(OrderView::of(order, actor, around, &rules, now))
}

/// Does something with an order, and shows it as it stands then.
async fn done(
    app: App,
    actor: Actor,
    act: impl Fn(&mut Tx, &Actor) -> Result<Order> + Send + 'static,
) -> Reply<OrderView> {
    app.write(move |tx| {
        let order = act(tx, &actor)?;
        seen(tx, &actor, order)
    })
    .await
}

/// Orders on the structure of the units in reach, newest first (ORG-02).
#[utoipa::path(get, path = "/orders", responses((status = 200, body = Page<OrderRow>)), params(
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 200; 50 unless told"),
))]
async fn list_orders(app: App, Me(actor): Me, Query(page): Query<PageRequest>) -> Reply<Page<OrderRow>> {
    app.read(move |tx| {
        let (rules, now) = (hanlin_rulebook::rules(tx)?, tx.now());
        Ok(store::list_for(tx, &actor, &page)?.map(|order| OrderRow::of(&order, &rules, now)))
    })
    .await
}

/// An order that is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct CreateOrder {
    /// Whose personnel issue it.
    unit: UnitId,
    #[serde(flatten)]
    content: Content,
}

/// Draft an order.
#[utoipa::path(post, path = "/orders", request_body = CreateOrder, responses((status = 200, body = OrderView)))]
async fn create_order(app: App, Me(actor): Me, Json(body): Json<CreateOrder>) -> Reply<OrderView> {
    done(app, actor, move |tx, actor| actions::create(tx, actor, body.unit, body.content.clone())).await
}

/// An order with its changes in words and what hangs on it.
#[utoipa::path(get, path = "/orders/{id}", params(("id" = OrderId, Path)), responses((status = 200, body = OrderView)))]
async fn find_order(app: App, Me(actor): Me, Path(id): Path<OrderId>) -> Reply<OrderView> {
    app.read(move |tx| {
        let order = store::find_for(tx, &actor, id)?;
        seen(tx, &actor, order)
    })
    .await
}

/// Change a draft, or one that failed.
#[utoipa::path(put, path = "/orders/{id}", request_body = Content, responses((status = 200, body = OrderView)),
    params(("id" = OrderId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_order(
    app: App,
    Me(actor): Me,
    Path(id): Path<OrderId>,
    IfMatch(version): IfMatch,
    Json(content): Json<Content>,
) -> Reply<OrderView> {
    done(app, actor, move |tx, actor| actions::edit(tx, actor, id, version, content.clone())).await
}

/// Show what an order would do: it is done and undone, and nothing of it is kept.
#[utoipa::path(post, path = "/orders/{id}/preview", params(("id" = OrderId, Path)),
    responses((status = 200, body = PreviewView)))]
async fn create_order_preview(app: App, Me(actor): Me, Path(id): Path<OrderId>) -> Reply<PreviewView> {
    app.rehearse(move |tx| {
        let (version, before, seen) = actions::preview(tx, &actor, id)?;
        Ok(PreviewView::of(version, &before, seen))
    })
    .await
}

/// Approve an order on a using unit that somebody else drafted, so that it can be issued (ORG-18).
#[utoipa::path(post, path = "/orders/{id}/review", responses((status = 200, body = OrderView)),
    params(("id" = OrderId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn create_order_review(
    app: App,
    Me(actor): Me,
    Path(id): Path<OrderId>,
    IfMatch(version): IfMatch,
) -> Reply<OrderView> {
    done(app, actor, move |tx, actor| actions::review(tx, actor, id, version)).await
}

/// What is wrong with it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = OrderReturn)]
#[serde(deny_unknown_fields)]
struct Return {
    reason: String,
}

/// Give an order on a using unit back to its author, with the reason, instead of approving it (ORG-18).
#[utoipa::path(post, path = "/orders/{id}/return", request_body = Return, responses((status = 200, body = OrderView)),
    params(("id" = OrderId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn create_order_return(
    app: App,
    Me(actor): Me,
    Path(id): Path<OrderId>,
    IfMatch(version): IfMatch,
    Json(body): Json<Return>,
) -> Reply<OrderView> {
    done(app, actor, move |tx, actor| actions::return_to_author(tx, actor, id, version, &body.reason)).await
}

/// The register of using units: each with its state, its names, and the orders behind them (ORG-18).
#[utoipa::path(get, path = "/unit_registry", responses((status = 200, body = Page<UnitEntry>)))]
async fn list_unit_registry(app: App, Me(actor): Me) -> Reply<Page<UnitEntry>> {
    app.read(move |tx| Ok(Page { items: registry::entries_for(tx, &actor)?, next: None })).await
}

/// Issue it: it takes effect at its time by itself.
#[utoipa::path(post, path = "/orders/{id}/issue", responses((status = 200, body = OrderView)),
    params(("id" = OrderId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn create_order_issue(
    app: App,
    Me(actor): Me,
    Path(id): Path<OrderId>,
    IfMatch(version): IfMatch,
) -> Reply<OrderView> {
    done(app, actor, move |tx, actor| actions::issue(tx, actor, id, version)).await
}

/// Withdraw it before its time.
#[utoipa::path(post, path = "/orders/{id}/withdrawal", responses((status = 200, body = OrderView)),
    params(("id" = OrderId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn create_order_withdrawal(
    app: App,
    Me(actor): Me,
    Path(id): Path<OrderId>,
    IfMatch(version): IfMatch,
) -> Reply<OrderView> {
    done(app, actor, move |tx, actor| actions::withdraw(tx, actor, id, version)).await
}

/// What was looked at, or not after all.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Tick {
    /// The key of the item.
    item: String,
    ticked: bool,
}

/// Tick one of the things that hang on it (ORG-10).
#[utoipa::path(post, path = "/orders/{id}/ticks", request_body = Tick, params(("id" = OrderId, Path)),
    responses((status = 200, body = OrderView)))]
async fn create_order_tick(
    app: App,
    Me(actor): Me,
    Path(id): Path<OrderId>,
    Json(tick): Json<Tick>,
) -> Reply<OrderView> {
    done(app, actor, move |tx, actor| actions::tick(tx, actor, id, &tick.item, tick.ticked)).await
}

/// Confirm that people and flows are adjusted (ORG-02, ORG-04).
#[utoipa::path(post, path = "/orders/{id}/verification", responses((status = 200, body = OrderView)),
    params(("id" = OrderId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn create_order_verification(
    app: App,
    Me(actor): Me,
    Path(id): Path<OrderId>,
    IfMatch(version): IfMatch,
) -> Reply<OrderView> {
    done(app, actor, move |tx, actor| actions::verify(tx, actor, id, version)).await
}

/// What a counter-order is called.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CounterOrder {
    title: String,
}

/// Draft the order that turns this one back.
#[utoipa::path(post, path = "/orders/{id}/counter_order", request_body = CounterOrder,
    params(("id" = OrderId, Path)), responses((status = 200, body = OrderView)))]
async fn create_counter_order(
    app: App,
    Me(actor): Me,
    Path(id): Path<OrderId>,
    Json(body): Json<CounterOrder>,
) -> Reply<OrderView> {
    done(app, actor, move |tx, actor| actions::counter(tx, actor, id, body.title.clone())).await
}

/// What waits at a person.
#[derive(Debug, Serialize, ToSchema)]
struct Holdings {
    person: PersonName,
    #[serde(flatten)]
    held: Held,
}

/// What waits at a person, for those who hand it over (ORG-13).
#[utoipa::path(get, path = "/people/{id}/holdings", params(("id" = PersonId, Path)),
    responses((status = 200, body = Holdings)))]
async fn find_holdings(app: App, Me(actor): Me, Path(id): Path<PersonId>) -> Reply<Holdings> {
    app.read(move |tx| {
        let (person, held) = hand_over::held_for(tx, &actor, id)?;
        Ok(Holdings { person, held })
    })
    .await
}

/// To whom, and why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandOverTo {
    successor: PersonId,
    reason: String,
}

/// Give everything that waits at a person to another, in one action (ORG-13).
#[utoipa::path(post, path = "/people/{id}/hand_over", request_body = HandOverTo, params(("id" = PersonId, Path)),
    responses((status = 200, body = HandOverAll)))]
async fn create_person_hand_over(
    app: App,
    Me(actor): Me,
    Path(id): Path<PersonId>,
    Json(to): Json<HandOverTo>,
) -> Reply<HandOverAll> {
    app.write(move |tx| hand_over::hand_over(tx, &actor, id, to.successor, &to.reason)).await
}
