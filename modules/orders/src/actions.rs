//! Each is one unit of work: find for the actor, decide, save, record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hanlin_directory::Snapshot;
use hanlin_files::Uploads;
use hanlin_kernel::{Actor, Error, Grant, Id, PersonId, Result, Scopes, UnitId};
use hanlin_notify::Notice;
use hanlin_rulebook::catalogue::{self, TransferFlow, UnitReview};
use hanlin_store::{Delivered, Tx};
use hanlin_workflow::CaseId;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::json;

use crate::{
    apply,
    consequences::{Around, Belongings},
    events::Event,
    hand_over,
    model::{Change, Class, Content, Done, Item, Order, OrderId, Origin, Problem, State},
    policy::{self, ISSUE, VERIFY},
    rules::{self, Refusal},
    store,
};

/// The timer at whose time an order takes effect.
pub(crate) const APPLY: &str = "orders.apply_due";
/// The timer at whose time it should have been verified.
pub(crate) const REMIND: &str = "orders.remind_due";

/// What an order would do, or did.
#[derive(Clone, Debug)]
pub(crate) struct Rehearsed {
    /// When it takes effect, as far as is known now.
    pub at: Timestamp,
    /// The organisation afterwards.
    pub after: Arc<Snapshot>,
    pub problem: Option<Problem>,
    pub items: Vec<Item>,
}

pub(crate) fn create(tx: &mut Tx, actor: &Actor, unit: UnitId, content: Content) -> Result<Order> {
    draft(tx, actor, unit, content, None)
}

fn draft(tx: &mut Tx, actor: &Actor, unit: UnitId, content: Content, counter_of: Option<OrderId>) -> Result<Order> {
    if !policy::may_issue(actor, unit) {
        return Err(Error::forbidden(ISSUE));
    }
    let order = begin(tx, actor.person, unit, content, (counter_of, None))?;
    ask_for_review(tx, &order, false)?;
    Ok(order)
}

/// An approved case drafts an order, which waits for who issues it (ORG-08). A case that comes here again changes its
/// draft; what was issued stands.
pub(crate) fn draft_for_case(
    tx: &mut Tx,
    initiator: PersonId,
    unit: UnitId,
    content: Content,
    origin: Origin,
) -> Result<Order> {
    let order = match order_of_case(tx, origin.case, &origin.node)? {
        None => begin(tx, initiator, unit, content, (None, Some(origin)))?,
        Some(order) => {
            let (id, was) = (order.id, order.content.clone());
            sound(&content)?;
            let order = store::save(tx, &rules::redraft(order, content, origin)?)?;
            tx.record(Event::Changed { order: id, before: was, after: order.content.clone() });
            order
        }
    };
    tell(tx, &order, ISSUE, "orders.notice.from_case")?;
    Ok(order)
}

/// The order that this node of a case drafted and nobody withdrew.
pub(crate) fn order_of_case(tx: &mut Tx, case: CaseId, node: &str) -> Result<Option<Order>> {
    let orders = store::list_of_case(tx, case, node)?;
    Ok(orders.into_iter().rfind(|order| order.state != State::Withdrawn))
}

/// The case that drafted it was revoked: the draft is withdrawn, and whoever would have issued it is told.
pub(crate) fn withdraw_of_case(tx: &mut Tx, case: CaseId, node: &str) -> Result<()> {
    let Some(draft) = order_of_case(tx, case, node)?.filter(rules::goes_with_case) else { return Ok(()) };
    let order = store::save(tx, &rules::withdraw(draft)?)?;
    tx.record(Event::Withdrawn { order: order.id });
    tell(tx, &order, ISSUE, "orders.notice.case_revoked")
}

/// The case that drafted it was revoked, and the order stands: whoever issues orders there decides about it.
pub(crate) fn tell_of_revocation(tx: &mut Tx, case: CaseId, node: &str) -> Result<()> {
    let Some(order) = order_of_case(tx, case, node)? else { return Ok(()) };
    let is_done = matches!(order.state, State::Applied | State::Verified);
    tell(tx, &order, ISSUE, if is_done { "orders.notice.revoked_in_force" } else { "orders.notice.revoked_stays" })
}

/// What stands in the way of doing this, in the name of whoever asks for it; nothing of it is kept.
pub(crate) fn problem_of(
    tx: &mut Tx,
    asked_by: PersonId,
    changes: &[Change],
    effective_at: Option<Timestamp>,
) -> Result<Option<Problem>> {
    let at = effective_at.unwrap_or_else(|| tx.now());
    let done = tx.rehearse(|tx| apply::apply(tx, &system(asked_by), changes, at))?;
    Ok(done.err())
}

fn begin(
    tx: &mut Tx,
    by: PersonId,
    unit: UnitId,
    content: Content,
    (counter_of, origin): (Option<OrderId>, Option<Origin>),
) -> Result<Order> {
    sound(&content)?;
    let order = Order {
        id: Id::new(),
        unit,
        content,
        state: State::Draft,
        edited_by: None,
        reviewed: None,
        returned: None,
        issued: None,
        applied_at: None,
        verified: None,
        due_at: None,
        problem: None,
        checklist: Vec::new(),
        inverse: Vec::new(),
        counter_of,
        origin: origin.clone(),
        created_by: by,
        created_at: tx.now(),
        version: 1,
    };
    store::insert(tx, &order)?;
    tx.record(Event::Drafted { order: order.id, unit, content: order.content.clone(), counter_of, origin });
    Ok(order)
}

pub(crate) fn edit(tx: &mut Tx, actor: &Actor, id: OrderId, seen: u64, content: Content) -> Result<Order> {
    let order = find(tx, actor, id, ISSUE)?;
    unseen(seen, &order)?;
    sound(&content)?;
    let before = order.content.clone();
    // What was given back is presented again: they are asked anew.
    let asked = rules::is_on_units(&before) && !order.is_returned();
    let by = Done { by: actor.person, at: tx.now() };
    let order = store::save(tx, &rules::edit(order, by, content)?)?;
    tx.record(Event::Changed { order: id, before, after: order.content.clone() });
    ask_for_review(tx, &order, asked)?;
    Ok(order)
}

/// Tells those who review, once it holds something that is reviewed.
fn ask_for_review(tx: &mut Tx, order: &Order, asked: bool) -> Result<()> {
    if asked || !rules::awaits_review(order, unit_review(tx, order.unit)?) {
        return Ok(());
    }
    tell(tx, order, VERIFY, "orders.notice.review")
}

/// What the unit's rules say of reviewing orders on units.
fn unit_review(tx: &mut Tx, unit: UnitId) -> Result<UnitReview> {
    Ok(hanlin_rulebook::parameter(tx, Some(unit), &catalogue::ORDER_UNIT_REVIEW)?.value)
}

/// 复核: a second person approves an order on a using unit, so that it can be issued (ORG-18).
pub(crate) fn review(tx: &mut Tx, actor: &Actor, id: OrderId, seen: u64) -> Result<Order> {
    let order = find(tx, actor, id, VERIFY)?;
    unseen(seen, &order)?;
    let by = Done { by: actor.person, at: tx.now() };
    let order = store::save(tx, &rules::review(order, by)?)?;
    tx.record(Event::Reviewed { order: id });
    let people = [order.edited_by.unwrap_or(order.created_by)];
    hanlin_notify::tell(tx, &people, &notice(&order, "orders.notice.reviewed"))?;
    Ok(order)
}

/// 退回修改: a second person gives it back with the reason; whoever wrote it last changes and so presents it again.
pub(crate) fn return_to_author(tx: &mut Tx, actor: &Actor, id: OrderId, seen: u64, reason: &str) -> Result<Order> {
    let order = find(tx, actor, id, VERIFY)?;
    unseen(seen, &order)?;
    let faults = rules::check_reason(reason);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let by = Done { by: actor.person, at: tx.now() };
    let order = store::save(tx, &rules::return_(order, by, reason)?)?;
    tx.record(Event::Returned { order: id, reason: reason.trim().to_owned() });
    let people = [order.edited_by.unwrap_or(order.created_by)];
    hanlin_notify::tell(tx, &people, &notice(&order, "orders.notice.returned").with("reason", reason.trim()))?;
    Ok(order)
}

/// Shows what it would do, by doing and undoing it under the rights of who asks; with the version that was previewed.
pub(crate) fn preview(tx: &mut Tx, actor: &Actor, id: OrderId) -> Result<(u64, Arc<Snapshot>, Rehearsed)> {
    let order = store::find_for(tx, actor, id)?;
    let before = hanlin_directory::snapshot(tx)?;
    let at = effective_at(tx, &order.content);
    let rehearsed = rehearse(tx, actor, &order.content.changes, at, &before)?;
    Ok((order.version, before, rehearsed))
}

/// 下达. What cannot be done now is refused now; what comes up until its time makes it fail then.
pub(crate) fn issue(tx: &mut Tx, actor: &Actor, id: OrderId, seen: u64) -> Result<Order> {
    let order = find(tx, actor, id, ISSUE)?;
    unseen(seen, &order)?;
    if rules::awaits_review(&order, unit_review(tx, order.unit)?) {
        return Err(Refusal::NotReviewed.into());
    }
    let before = hanlin_directory::snapshot(tx)?;
    approved(tx, &order, &before)?;
    let at = effective_at(tx, &order.content);
    let rehearsed = rehearse(tx, actor, &order.content.changes, at, &before)?;
    if let Some(problem) = rehearsed.problem {
        return Err(Refusal::ChangeRefused { number: problem.change + 1, because: problem.code }.into());
    }
    let due_at = due(tx, &order, at)?;
    let by = Done { by: actor.person, at: tx.now() };
    let order = rules::issue(order, by, due_at, rehearsed.items)?;
    let order = store::save(tx, &order)?;
    tx.record(Event::Issued { order: id, effective_at: at, due_at });
    tell(tx, &order, VERIFY, "orders.notice.issued")?;
    tx.schedule(REMIND, &format!("orders/remind/{id}"), due_at, &json!({ "order": id }))?;
    if at <= tx.now() {
        return carry_out(tx, order, at);
    }
    tx.schedule(APPLY, &format!("orders/apply/{id}"), at, &json!({ "order": id }))?;
    Ok(order)
}

/// Refuses to move anybody, or to let him go, without an approval flow that has ended, where the rules ask for one (ORG-08).
fn approved(tx: &mut Tx, order: &Order, directory: &Snapshot) -> Result<()> {
    let rule = hanlin_rulebook::parameter(tx, Some(order.unit), &catalogue::ORDER_TRANSFER_FLOW)?.value;
    if rule == TransferFlow::None {
        return Ok(());
    }
    let (completed, revoked) = match &order.origin {
        Some(origin) => {
            (hanlin_workflow::is_completed(tx, origin.case)?, hanlin_workflow::is_revoked(tx, origin.case)?)
        }
        None => (false, false),
    };
    let of = |id| directory.appointment(id).map(|held| held.person);
    match rules::unapproved(order, completed, &of) {
        None => Ok(()),
        Some(_) if revoked => Err(Refusal::FlowRevoked.into()),
        Some(_) if order.origin.is_some() && !completed => Err(Refusal::FlowNotEnded.into()),
        Some(person) => Err(Refusal::FlowNeeded { person: directory.person_name(person).to_string() }.into()),
    }
}

/// Its time has come.
pub(crate) fn apply_due(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let order = store::find(tx, order_of(delivered)?)?;
    if order.state == State::Issued {
        let at = effective_at(tx, &order.content);
        carry_out(tx, order, at)?;
    }
    Ok(())
}

/// Does it in the name of who issued it, whose right to every change was proven then. All of it, or nothing.
fn carry_out(tx: &mut Tx, mut order: Order, at: Timestamp) -> Result<Order> {
    let issued_by = order.issued.map_or(order.created_by, |done| done.by);
    let actor = system(issued_by);
    let before = hanlin_directory::snapshot(tx)?;
    // What hangs on it is asked before it is done: tasks are handed over while it is done.
    let rehearsed = rehearse(tx, &actor, &order.content.changes, at, &before)?;
    if let Some(problem) = rehearsed.problem {
        return fail(tx, order, problem);
    }
    let steps = match apply::apply(tx, &actor, &order.content.changes, at)? {
        Ok(steps) => steps,
        Err(_) => return Err(Error::internal("what was rehearsed a moment ago is refused")),
    };
    let mut items = rehearsed.items;
    for (person, successor) in leavers(&order.content.changes) {
        let came = hand_over::give(tx, &actor, person, successor, &order.content.title)?;
        for left in came.left {
            stays(&mut items, &left.task.to_string());
            stays(&mut order.checklist, &left.task.to_string());
        }
    }
    for (position, (unit, act)) in apply::acts(&order.content.changes, &steps).into_iter().enumerate() {
        store::insert_act(tx, order.id, position, unit, act, at)?;
    }
    let inverse: Vec<Change> = steps.into_iter().rev().flat_map(|step| step.inverse).collect();
    let order = store::save(tx, &rules::applied(order, at, inverse.clone(), items))?;
    tx.record(Event::Applied { order: order.id, issued_by, at, inverse });
    tell(tx, &order, VERIFY, "orders.notice.applied")?;
    Ok(order)
}

fn fail(tx: &mut Tx, order: Order, problem: Problem) -> Result<Order> {
    let order = store::save(tx, &rules::failed(order, problem.clone()))?;
    tx.record(Event::Failed { order: order.id, problem });
    tx.unschedule(&format!("orders/remind/{}", order.id))?;
    let people: Vec<PersonId> = order.issued.map(|done| done.by).into_iter().collect();
    let notice = notice(&order, "orders.notice.failed");
    hanlin_notify::remind(tx, &people, &notice)?;
    tell(tx, &order, VERIFY, "orders.notice.failed")?;
    Ok(order)
}

/// It should have been verified by now (ORG-04).
pub(crate) fn remind_overdue(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let order = store::find(tx, order_of(delivered)?)?;
    if matches!(order.state, State::Issued | State::Applied) {
        let people: Vec<PersonId> = order.issued.map(|done| done.by).into_iter().collect();
        hanlin_notify::remind(tx, &people, &notice(&order, "orders.notice.overdue"))?;
        tell(tx, &order, VERIFY, "orders.notice.overdue")?;
    }
    Ok(())
}

pub(crate) fn withdraw(tx: &mut Tx, actor: &Actor, id: OrderId, seen: u64) -> Result<Order> {
    let order = find(tx, actor, id, ISSUE)?;
    unseen(seen, &order)?;
    let order = store::save(tx, &rules::withdraw(order)?)?;
    tx.unschedule(&format!("orders/apply/{id}"))?;
    tx.unschedule(&format!("orders/remind/{id}"))?;
    tx.record(Event::Withdrawn { order: id });
    Ok(order)
}

pub(crate) fn tick(tx: &mut Tx, actor: &Actor, id: OrderId, item: &str, ticked: bool) -> Result<Order> {
    let order = find(tx, actor, id, VERIFY)?;
    let by = ticked.then(|| Done { by: actor.person, at: tx.now() });
    let order = store::save(tx, &rules::tick(order, item, by)?)?;
    tx.record(Event::Ticked { order: id, item: item.to_owned(), ticked });
    Ok(order)
}

/// 核实
pub(crate) fn verify(tx: &mut Tx, actor: &Actor, id: OrderId, seen: u64) -> Result<Order> {
    let order = find(tx, actor, id, VERIFY)?;
    unseen(seen, &order)?;
    let by = Done { by: actor.person, at: tx.now() };
    let order = store::save(tx, &rules::verify(order, by)?)?;
    tx.unschedule(&format!("orders/remind/{id}"))?;
    tx.record(Event::Verified { order: id });
    Ok(order)
}

/// A draft of what turns this order back.
pub(crate) fn counter(tx: &mut Tx, actor: &Actor, id: OrderId, title: String) -> Result<Order> {
    let order = find(tx, actor, id, ISSUE)?;
    if !policy::may(actor, &order).allows("counter") {
        return Err(Refusal::NothingToTurnBack.into());
    }
    let Content { basis, class, .. } = order.content;
    let content = Content { title, basis, class, effective_at: None, changes: order.inverse };
    draft(tx, actor, order.unit, content, Some(id))
}

/// Does it and undoes it; with what hangs on it.
fn rehearse(tx: &mut Tx, actor: &Actor, changes: &[Change], at: Timestamp, before: &Snapshot) -> Result<Rehearsed> {
    let mentions = hanlin_workflow::mentions(tx)?;
    let grants = hanlin_access::list_grants_naming(tx)?;
    let (done, after) = tx.rehearse(|tx| {
        let done = apply::apply(tx, actor, changes, at)?;
        Ok((done, hanlin_directory::snapshot(tx)?))
    })?;
    let (steps, problem) = match done {
        Ok(steps) => (steps, None),
        Err(problem) => return Ok(Rehearsed { at, after, problem: Some(problem), items: Vec::new() }),
    };
    let people: BTreeSet<PersonId> = steps.iter().flat_map(|step| step.people.iter().copied()).collect();
    let (mut belongings, mut seats) = (Vec::new(), Vec::new());
    for person in people.iter().copied() {
        let held = hanlin_workflow::held_by(tx, person)?;
        seats.extend(hanlin_seats::held_by(tx, person, at)?);
        // Who only moves takes his files along.
        let uploads = match after.is_active(person, at) {
            true => Uploads::default(),
            false => hanlin_files::uploads_of(tx, person)?,
        };
        belongings.push(Belongings { person, held, uploads });
    }
    let around = Around {
        before,
        after: &after,
        at,
        people: &people,
        successors: &leavers(changes),
        mentions: &mentions,
        grants: &grants,
        belongings: &belongings,
        seats: &seats,
    };
    let items = around.items();
    Ok(Rehearsed { at, after, problem, items })
}

/// By when it is to be verified: so many working days of the unit after it takes effect.
fn due(tx: &mut Tx, order: &Order, at: Timestamp) -> Result<Timestamp> {
    let parameter = match order.content.class {
        Class::Ordinary => &catalogue::ORDER_ORDINARY_DAYS,
        Class::Authority => &catalogue::ORDER_AUTHORITY_DAYS,
    };
    let days: i64 = hanlin_rulebook::parameter(tx, Some(order.unit), parameter)?.value;
    let calendar = hanlin_worktime::calendar_of(tx, Some(order.unit))?;
    Ok(hanlin_worktime::add_working_days(&calendar, at, Decimal::from(days))?.value)
}

/// When it takes effect: to the millisecond, which is what is stored.
fn effective_at(tx: &Tx, content: &Content) -> Timestamp {
    let at = content.effective_at.unwrap_or_else(|| tx.now());
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// A task could not be the successor's: somebody has to find another for it.
fn stays(items: &mut [Item], task: &str) {
    for item in items.iter_mut().filter(|item| item.key == format!("task_to_successor:{task}")) {
        let args = std::mem::take(&mut item.args);
        *item = Item { args, ..Item::new("task_of_leaver", task, true) };
    }
}

/// Who goes, and to whom his tasks go: where the successor goes by the same order, to that one's successor.
fn leavers(changes: &[Change]) -> BTreeMap<PersonId, PersonId> {
    let leaver = |change: &Change| match change {
        Change::Leave { person, successor } => Some((*person, *successor)),
        _ => None,
    };
    let named: BTreeMap<PersonId, Option<PersonId>> = changes.iter().filter_map(leaver).collect();
    let last = |person: PersonId| {
        // As many steps as there are leavers: who names each other in a circle names nobody.
        let mut next = named.get(&person).copied().flatten();
        for _ in 0..named.len() {
            match next.and_then(|next| named.get(&next)) {
                Some(after) => next = *after,
                None => return next,
            }
        }
        None
    };
    named.keys().filter_map(|person| Some((*person, last(*person)?))).collect()
}

/// Acts for who issued the order, with every right over the organisation.
fn system(issued_by: PersonId) -> Actor {
    let everything = |permission: hanlin_kernel::Permission| Grant {
        permission: permission.0.to_owned(),
        scopes: Scopes::everything(),
    };
    Actor { grants: vec![everything(hanlin_directory::MANAGE)], ..Actor::person(issued_by) }
}

fn find(tx: &mut Tx, actor: &Actor, id: OrderId, permission: hanlin_kernel::Permission) -> Result<Order> {
    let order = store::find_for(tx, actor, id)?;
    if actor.reaches(permission, order.unit) { Ok(order) } else { Err(Error::forbidden(permission)) }
}

fn sound(content: &Content) -> Result<()> {
    let faults = rules::check(content);
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn unseen(seen: u64, order: &Order) -> Result<()> {
    if seen == order.version { Ok(()) } else { Err(Error::Stale) }
}

fn order_of(delivered: &Delivered) -> Result<OrderId> {
    let id = delivered.payload["order"].as_str().and_then(|id| id.parse().ok());
    id.ok_or_else(|| Error::internal("a timer of an order names none"))
}

fn notice(order: &Order, code: &str) -> Notice {
    Notice::new(code, format!("/admin/orders/{}", order.id)).with("title", order.title())
}

/// Tells all who hold this permission over the order's unit.
fn tell(tx: &mut Tx, order: &Order, permission: hanlin_kernel::Permission, code: &str) -> Result<()> {
    let people = hanlin_access::people_with(tx, permission, order.unit)?;
    hanlin_notify::tell(tx, &people, &notice(order, code))
}
