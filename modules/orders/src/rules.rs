//! Decisions: no clock, no database, no look-ups. What they need is an argument.

use std::collections::BTreeSet;

use hanlin_kernel::{AppointmentId, FieldError, PersonId};
use hanlin_rulebook::catalogue::UnitReview;
use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Change, Content, Done, Item, Order, Origin, Problem, Returned, State, Target};

const LONGEST_TITLE: usize = 200;
const LONGEST_BASIS: usize = 2_000;
/// More is a reorganisation of several orders.
const MOST_CHANGES: usize = 500;

/// Why the rules said no. The name is the key of its sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// It is in a state in which this is not done.
    NotInState {
        state: State,
    },
    /// It is to take effect before now: an order is issued before its time.
    EffectiveInThePast {
        effective_at: Timestamp,
    },
    /// This change cannot be done: its place in the list from 1, and the refusal of the directory.
    ChangeRefused {
        number: usize,
        because: String,
    },
    /// These still wait to be ticked.
    NotAllTicked {
        items: usize,
    },
    NothingToTick,
    /// Nothing was done that could be turned back.
    NothingToTurnBack,
    /// It orders nothing yet.
    ChangesMissing,
    /// Who takes over must be somebody else who serves.
    NoSuccessor,
    /// An order on a using unit is issued after somebody else has reviewed it.
    NotReviewed,
    /// Who wrote it does not review it.
    OwnDraft,
    /// It has been reviewed as it stands, or holds nothing that is reviewed.
    NothingToReview,
    /// It was given back to its author, who has not changed it yet.
    GivenBack,
    /// He has no main appointment that could be changed or ended.
    NoAppointment {
        person: String,
    },
    /// He holds that post there already.
    AlreadyThere {
        person: String,
    },
    /// The rules want an approval flow before he is moved or leaves, and none was about him.
    FlowNeeded {
        person: String,
    },
    /// The approval flow that opened the order has not ended.
    FlowNotEnded,
    /// The approval that opened the order counts no longer.
    FlowRevoked,
}
hanlin_kernel::refusal!("orders", Refusal);

/// What is wrong with what its author wrote, field by field.
pub(crate) fn check(content: &Content) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if content.title.trim().is_empty() {
        faults.push(FieldError::new("title", "orders.title_missing"));
    }
    for (field, text, limit) in [("title", &content.title, LONGEST_TITLE), ("basis", &content.basis, LONGEST_BASIS)] {
        if text.chars().count() > limit {
            faults.push(FieldError::new(field, "orders.too_long").with("limit", limit));
        }
    }
    if content.changes.len() > MOST_CHANGES {
        faults.push(FieldError::new("changes", "orders.too_many_changes").with("limit", MOST_CHANGES));
    }
    faults.extend(check_keys(&content.changes));
    faults
}

/// A new place is made once, before it is named.
fn check_keys(changes: &[Change]) -> Vec<FieldError> {
    let (mut made, mut faults) = (BTreeSet::new(), Vec::new());
    for (index, change) in changes.iter().enumerate() {
        let field = format!("changes.{index}");
        if let Some(Target::New(key)) = target_of(change)
            && !made.contains(key.as_str())
        {
            faults.push(FieldError::new(&field, "orders.key_unknown").with("key", key.as_str()));
        }
        if let Some(key) = key_of(change)
            && (key.trim().is_empty() || !made.insert(key))
        {
            faults.push(FieldError::new(&field, "orders.key_twice").with("key", key));
        }
    }
    faults
}

fn key_of(change: &Change) -> Option<&str> {
    match change {
        Change::CreateDepartment { key, .. } | Change::SplitDepartment { key, .. } | Change::CreateUnit { key, .. } => {
            Some(key)
        }
        _ => None,
    }
}

fn target_of(change: &Change) -> Option<&Target> {
    match change {
        Change::CreateDepartment { parent: target, .. }
        | Change::MoveDepartment { to: target, .. }
        | Change::MergeDepartment { into: target, .. }
        | Change::SetLeader { place: target, .. }
        | Change::Transfer { to: target, .. }
        | Change::Appoint { to: target, .. } => Some(target),
        _ => None,
    }
}

/// Other contents: of a draft, or of one that failed, which is a draft again. What was given back is presented again.
pub(crate) fn edit(order: Order, by: Done, content: Content) -> Result<Order, Refusal> {
    editable(&order)?;
    let presented = |returned: Returned| Returned { answered_at: returned.answered_at.or(Some(by.at)), ..returned };
    let returned = order.returned.clone().map(presented);
    let edited_by = Some(by.by);
    let order = Order { content, edited_by, returned, reviewed: None, ..order };
    Ok(Order { state: State::Draft, problem: None, checklist: Vec::new(), ..order })
}

/// The case that opened it comes again: what it says now, as a draft that nobody else wrote in.
pub(crate) fn redraft(order: Order, content: Content, origin: Origin) -> Result<Order, Refusal> {
    editable(&order)?;
    let order = Order { content, origin: Some(origin), edited_by: None, reviewed: None, ..order };
    Ok(Order { state: State::Draft, problem: None, checklist: Vec::new(), ..order })
}

/// Is it withdrawn when the case that drafted it is revoked? Only as long as it says what the case said: what somebody
/// wrote in it is his.
pub(crate) fn goes_with_case(order: &Order) -> bool {
    order.state == State::Draft && order.edited_by.is_none()
}

/// The first whom it moves or lets go without an approval that stands: `completed` says whether the case that opened it
/// was approved to its end. What turns another order back needs none.
pub(crate) fn unapproved(
    order: &Order,
    completed: bool,
    person_of: &dyn Fn(AppointmentId) -> Option<PersonId>,
) -> Option<PersonId> {
    if order.counter_of.is_some() {
        return None;
    }
    let covered =
        |person: &PersonId| completed && order.origin.as_ref().is_some_and(|origin| origin.people.contains(person));
    let moved = |change: &Change| match change {
        Change::Transfer { appointment, .. } => person_of(*appointment),
        Change::Leave { person, .. } => Some(*person),
        _ => None,
    };
    order.content.changes.iter().filter_map(moved).find(|person| !covered(person))
}

/// Does it register, rename or deregister a unit?
pub(crate) fn is_on_units(content: &Content) -> bool {
    let on_unit = |change: &Change| {
        matches!(
            change,
            Change::CreateUnit { .. }
                | Change::RenameUnit { .. }
                | Change::CloseUnit { .. }
                | Change::ReopenUnit { .. }
        )
    };
    content.changes.iter().any(on_unit)
}

/// Did he begin it or write it last?
pub(crate) fn is_own(order: &Order, person: PersonId) -> bool {
    order.created_by == person || order.edited_by == Some(person)
}

/// 复核: somebody who did not write it approves it as it stands (ORG-18).
pub(crate) fn review(order: Order, by: Done) -> Result<Order, Refusal> {
    reviewable(&order, by)?;
    Ok(Order { reviewed: Some(by), ..order })
}

/// 退回修改: somebody who did not write it gives it back with what is wrong, instead of approving it (ORG-18).
pub(crate) fn return_(order: Order, by: Done, reason: &str) -> Result<Order, Refusal> {
    reviewable(&order, by)?;
    let returned = Returned { done: by, reason: reason.trim().to_owned(), answered_at: None };
    Ok(Order { returned: Some(returned), ..order })
}

fn reviewable(order: &Order, by: Done) -> Result<(), Refusal> {
    editable(order)?;
    if is_own(order, by.by) {
        return Err(Refusal::OwnDraft);
    }
    if !is_on_units(&order.content) || order.reviewed.is_some() {
        return Err(Refusal::NothingToReview);
    }
    if order.is_returned() { Err(Refusal::GivenBack) } else { Ok(()) }
}

/// What a reviewer writes when he gives it back.
pub(crate) fn check_reason(reason: &str) -> Vec<FieldError> {
    if reason.trim().is_empty() {
        return vec![FieldError::new("reason", "orders.return_reason_missing")];
    }
    if reason.chars().count() > LONGEST_BASIS {
        return vec![FieldError::new("reason", "orders.too_long").with("limit", LONGEST_BASIS)];
    }
    Vec::new()
}

/// Does it wait for its reviewer? Until he has approved it, it is not issued.
pub(crate) fn awaits_review(order: &Order, rule: UnitReview) -> bool {
    rule == UnitReview::SecondPerson
        && is_on_units(&order.content)
        && order.reviewed.is_none()
        && !order.is_returned()
        && matches!(order.state, State::Draft | State::Failed)
}

/// 下达: from now on it stands, and takes effect at its time.
pub(crate) fn issue(order: Order, by: Done, due_at: Timestamp, checklist: Vec<Item>) -> Result<Order, Refusal> {
    editable(&order)?;
    if order.is_returned() {
        return Err(Refusal::GivenBack);
    }
    if order.content.changes.is_empty() {
        return Err(Refusal::ChangesMissing);
    }
    if let Some(effective_at) = order.content.effective_at.filter(|at| *at < by.at) {
        return Err(Refusal::EffectiveInThePast { effective_at });
    }
    Ok(Order { state: State::Issued, issued: Some(by), due_at: Some(due_at), checklist, problem: None, ..order })
}

/// 生效: it was done. Ticks that were made before count for what is still the same.
pub(crate) fn applied(order: Order, at: Timestamp, inverse: Vec<Change>, found: Vec<Item>) -> Order {
    let ticked = |item: Item| order.checklist.iter().find(|old| old.key == item.key).cloned().unwrap_or(item);
    let mut checklist: Vec<Item> = found.into_iter().map(ticked).collect();
    let known: BTreeSet<String> = checklist.iter().map(|item| item.key.clone()).collect();
    // What hung on it before and does not any more (a task that was handed over) stays to be seen.
    checklist.extend(order.checklist.iter().filter(|old| !known.contains(&old.key)).cloned());
    Order { state: State::Applied, applied_at: Some(at), inverse, checklist, problem: None, ..order }
}

/// Something stood in the way: nothing was done.
pub(crate) fn failed(order: Order, problem: Problem) -> Order {
    Order { state: State::Failed, problem: Some(problem), ..order }
}

pub(crate) fn withdraw(order: Order) -> Result<Order, Refusal> {
    match order.state {
        State::Draft | State::Failed | State::Issued => Ok(Order { state: State::Withdrawn, ..order }),
        state => Err(Refusal::NotInState { state }),
    }
}

/// Somebody looked at it, or takes that back.
pub(crate) fn tick(mut order: Order, key: &str, by: Option<Done>) -> Result<Order, Refusal> {
    if !matches!(order.state, State::Issued | State::Applied) {
        return Err(Refusal::NotInState { state: order.state });
    }
    let item = order.checklist.iter_mut().find(|item| item.key == key).ok_or(Refusal::NothingToTick)?;
    (item.ticked_by, item.ticked_at) = (by.map(|by| by.by), by.map(|by| by.at));
    Ok(order)
}

/// 核实: people data and flows are adjusted (ORG-02, ORG-04, ORG-10).
pub(crate) fn verify(order: Order, by: Done) -> Result<Order, Refusal> {
    if order.state != State::Applied {
        return Err(Refusal::NotInState { state: order.state });
    }
    match order.checklist.iter().filter(|item| item.attention && item.ticked_by.is_none()).count() {
        0 => Ok(Order { state: State::Verified, verified: Some(by), ..order }),
        items => Err(Refusal::NotAllTicked { items }),
    }
}

fn editable(order: &Order) -> Result<(), Refusal> {
    match order.state {
        State::Draft | State::Failed => Ok(()),
        state => Err(Refusal::NotInState { state }),
    }
}
