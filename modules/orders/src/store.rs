use hanlin_kernel::{Actor, Error, Page, PageRequest, PersonId, Result, UnitId};
use hanlin_store::{FromRow, Json, Leaving, Row, Tx, params};
use hanlin_workflow::CaseId;
use jiff::Timestamp;

use crate::{
    model::{Act, Content, Done, Order, OrderId, Origin, Returned},
    policy,
};

impl FromRow for Order {
    fn from_row(row: &Row) -> Result<Self> {
        let done = |by: &str, at: &str| -> Result<Option<Done>> {
            let (by, at): (Option<PersonId>, Option<Timestamp>) = (row.get(by)?, row.get(at)?);
            Ok(by.zip(at).map(|(by, at)| Done { by, at }))
        };
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            content: row.get::<Json<_>>("content")?.0,
            state: row.get("state")?,
            edited_by: row.get("edited_by")?,
            reviewed: done("reviewed_by", "reviewed_at")?,
            returned: match done("returned_by", "returned_at")? {
                Some(done) => {
                    let reason = row.get::<Option<String>>("returned_because")?.unwrap_or_default();
                    Some(Returned { done, reason, answered_at: row.get("return_answered_at")? })
                }
                None => None,
            },
            issued: done("issued_by", "issued_at")?,
            applied_at: row.get("applied_at")?,
            verified: done("verified_by", "verified_at")?,
            due_at: row.get("due_at")?,
            problem: row.get::<Option<Json<_>>>("problem")?.map(|json| json.0),
            checklist: row.get::<Json<_>>("checklist")?.0,
            inverse: row.get::<Json<_>>("inverse")?.0,
            counter_of: row.get("counter_of")?,
            origin: match row.get::<Option<CaseId>>("origin_case")? {
                Some(case) => Some(Origin {
                    case,
                    node: row.get("origin_node")?,
                    number: row.get("origin_number")?,
                    title: row.get::<Option<Json<_>>>("origin_title")?.map(|json| json.0),
                    people: row.get::<Json<_>>("origin_people")?.0,
                }),
                None => None,
            },
            created_by: row.get("created_by")?,
            created_at: row.get("created_at")?,
            version: row.get("version")?,
        })
    }
}

pub(crate) fn find(tx: &mut Tx, id: OrderId) -> Result<Order> {
    tx.one("select * from orders_order where id = $1", params![id])
}

/// What the actor may not read does not exist for him; what he may read and not do is forbidden.
pub(crate) fn find_for(tx: &mut Tx, actor: &Actor, id: OrderId) -> Result<Order> {
    let order = find(tx, id)?;
    policy::may(actor, &order).require("read", Error::NotFound)?;
    Ok(order)
}

/// Those of units in the actor's reach, newest first.
pub(crate) fn list_for(tx: &mut Tx, actor: &Actor, page: &PageRequest) -> Result<Page<Order>> {
    let limit = page.limit();
    // Behind every id there is, for the first page.
    let before = page.after.clone().unwrap_or_else(|| "~".to_owned());
    let scope = [policy::ISSUE, policy::VERIFY]
        .into_iter()
        .fold(actor.scope_of(policy::READ), |joined, permission| joined.join(&actor.scope_of(permission)));
    let mut found: Vec<Order> = if scope.all {
        tx.all("select * from orders_order where id < $1 order by id desc limit $2", params![before, limit + 1])?
    } else {
        let units: Vec<UnitId> = scope.units.into_iter().collect();
        let sql = "select * from orders_order where id < $1 and unit in ({in}) order by id desc limit $2";
        tx.all_in(sql, params![before, limit + 1], &units)?
    };
    found.sort_by_key(|order| std::cmp::Reverse(order.id));
    Ok(Page::of(found, limit, |order| order.id.to_string()))
}

pub(crate) fn insert(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.queue(
        "insert into orders_order (id, unit, content, state, effective_at, checklist, inverse, counter_of, \
         created_by, created_at, version, origin_case, origin_node, origin_number, origin_people, origin_title) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            order.id,
            order.unit,
            Json(&order.content),
            order.state,
            order.content.effective_at,
            Json(&order.checklist),
            Json(&order.inverse),
            order.counter_of,
            order.created_by,
            order.created_at,
            order.version,
            order.origin.as_ref().map(|origin| origin.case),
            order.origin.as_ref().map(|origin| origin.node.clone()),
            order.origin.as_ref().map(|origin| origin.number.clone()),
            order.origin.as_ref().map(|origin| Json(&origin.people)),
            order.origin.as_ref().and_then(|origin| origin.title.as_ref()).map(Json),
        ],
    )
}

/// The orders that this node of a case opened, the oldest first.
pub(crate) fn list_of_case(tx: &mut Tx, case: CaseId, node: &str) -> Result<Vec<Order>> {
    tx.all("select * from orders_order where origin_case = $1 and origin_node = $2 order by id", params![case, node])
}

/// Saves what was decided, unless another came between.
pub(crate) fn save(tx: &mut Tx, order: &Order) -> Result<Order> {
    let changed = tx.exec(
        "update orders_order set content = $2, state = $3, effective_at = $4, issued_by = $5, issued_at = $6, \
         applied_at = $7, verified_by = $8, verified_at = $9, due_at = $10, problem = $11, checklist = $12, \
         inverse = $13, edited_by = $15, reviewed_by = $16, reviewed_at = $17, returned_by = $18, \
         returned_at = $19, returned_because = $20, return_answered_at = $21, origin_people = $22, \
         origin_title = $23, version = version + 1 where id = $1 and version = $14",
        params![
            order.id,
            Json(&order.content),
            order.state,
            order.content.effective_at,
            order.issued.map(|done| done.by),
            order.issued.map(|done| done.at),
            order.applied_at,
            order.verified.map(|done| done.by),
            order.verified.map(|done| done.at),
            order.due_at,
            order.problem.as_ref().map(Json),
            Json(&order.checklist),
            Json(&order.inverse),
            order.version,
            order.edited_by,
            order.reviewed.map(|done| done.by),
            order.reviewed.map(|done| done.at),
            order.returned.as_ref().map(|returned| returned.done.by),
            order.returned.as_ref().map(|returned| returned.done.at),
            order.returned.as_ref().map(|returned| returned.reason.clone()),
            order.returned.as_ref().and_then(|returned| returned.answered_at),
            order.origin.as_ref().map(|origin| Json(&origin.people)),
            order.origin.as_ref().and_then(|origin| origin.title.as_ref()).map(Json),
        ],
    )?;
    if changed == 0 { Err(Error::Stale) } else { Ok(Order { version: order.version + 1, ..order.clone() }) }
}

/// What an order did to a unit, with the order itself.
pub(crate) struct UnitAct {
    pub unit: UnitId,
    pub act: Act,
    pub at: Timestamp,
    pub order: OrderId,
    pub title: String,
    pub issued_by: Option<PersonId>,
    pub reviewed_by: Option<PersonId>,
}

impl FromRow for UnitAct {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            unit: row.get("unit")?,
            act: row.get("act")?,
            at: row.get("at")?,
            order: row.get("order_id")?,
            title: row.get::<Json<Content>>("content")?.0.title,
            issued_by: row.get("issued_by")?,
            reviewed_by: row.get("reviewed_by")?,
        })
    }
}

pub(crate) fn insert_act(
    tx: &mut Tx,
    order: OrderId,
    position: usize,
    unit: UnitId,
    act: Act,
    at: Timestamp,
) -> Result<()> {
    tx.queue(
        "insert into orders_unit_act (order_id, position, unit, act, at) values ($1, $2, $3, $4, $5)",
        params![order, position, unit, act, at],
    )
}

/// All that orders did to units, the oldest first.
pub(crate) fn list_acts(tx: &mut Tx) -> Result<Vec<UnitAct>> {
    tx.all(
        "select a.unit, a.act, a.at, a.order_id, o.content, o.issued_by, o.reviewed_by from orders_unit_act a \
         join orders_order o on o.id = a.order_id order by a.at, a.order_id, a.position",
        &[],
    )
}

/// Takes out the orders of the units that go.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let orders: Vec<OrderId> = Leaving::find(tx, "orders_order", "unit", &leaving.units)?;
    Leaving::delete(tx, "orders_unit_act", "order_id", &orders)?;
    Leaving::delete(tx, "orders_order", "id", &orders)?;
    leaving.pages.extend(orders.iter().map(|order| format!("/admin/orders/{order}")));
    leaving.note("orders", &orders);
    Ok(())
}
