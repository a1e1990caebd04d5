//! How an order is shown: every id with its name, every change as a sentence.

use std::collections::BTreeMap;

use hanlin_directory::{
    PersonName, Snapshot,
    model::{LeadershipKind, Place},
};
use hanlin_kernel::{Actor, AppointmentId, Can, DepartmentId, PersonId, Text, UnitId};
use hanlin_rulebook::{Rules, catalogue::ORDER_UNIT_REVIEW};
use hanlin_workflow::CaseId;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    actions::Rehearsed,
    chart::{Chart, Side},
    model::{Change, Class, Content, Item, Order, OrderId, Problem, State, Target},
    policy, rules,
};

/// A line of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OrderRow {
    pub id: OrderId,
    pub unit: UnitId,
    pub unit_name: Text,
    pub title: Text,
    pub class: Class,
    pub state: State,
    pub changes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub effective_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    /// It should have been verified by now.
    pub overdue: bool,
    /// What still waits to be ticked.
    pub open_items: usize,
    /// Somebody who did not draft it has to review it before it can be issued.
    pub awaits_review: bool,
    /// A reviewer gave it back, and its author has not changed it yet.
    pub is_returned: bool,
}

/// An order with all that is known of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OrderView {
    #[serde(flatten)]
    pub row: OrderRow,
    pub content: Content,
    /// Each change in words, in their order.
    pub lines: Vec<Line>,
    pub created_by: PersonName,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who approved it before it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed_by: Option<PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub reviewed_at: Option<Timestamp>,
    /// The last time that a reviewer gave it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<ReturnedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_by: Option<PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub issued_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub applied_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub verified_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    pub checklist: Vec<ItemView>,
    /// The order that this one turns back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter_of: Option<OrderId>,
    /// The approved case that opened it (ORG-08).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<OriginView>,
    pub can: Can,
    /// For `If-Match`.
    pub version: u64,
}

/// The case that opened it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderOrigin)]
pub(crate) struct OriginView {
    pub case: CaseId,
    pub number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// The reader of the order may open it.
    pub may_open: bool,
    /// Those who approved it approved that it counts no longer (FLOW-24): whether the order stays is to be decided.
    pub revoked: bool,
}

/// How that case stands now, for the reader of the order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OriginNow {
    pub may_open: bool,
    pub revoked: bool,
}

/// A reviewer gave it back to its author.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderReturned)]
pub(crate) struct ReturnedView {
    pub by: PersonName,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub reason: String,
    /// When it was changed and so presented again; absent: it waits for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
}

/// A sentence: its code and arguments.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderLine)]
pub(crate) struct Line {
    pub code: String,
    #[schema(value_type = Object)]
    pub args: Map<String, Value>,
}

/// Something that hangs on it, with who ticked it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderItemView)]
pub(crate) struct ItemView {
    #[serde(flatten)]
    pub item: Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticked_by_name: Option<PersonName>,
}

/// What an order would do now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderPreview)]
pub(crate) struct PreviewView {
    /// Of the order that was previewed.
    pub version: u64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What stands in the way; then the rest is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    pub items: Vec<Item>,
    /// The touched part of the organisation before and after.
    pub chart: Chart,
}

impl PreviewView {
    pub(crate) fn of(version: u64, before: &Snapshot, seen: Rehearsed) -> Self {
        let Rehearsed { at, after, problem, items } = seen;
        let then = at.checked_sub(SignedDuration::from_millis(1)).unwrap_or(at);
        let chart = match problem {
            Some(_) => Chart::default(),
            None => Chart::of(Side { snapshot: before, at: then }, Side { snapshot: &after, at }),
        };
        Self { version, at, problem, items, chart }
    }
}

impl OrderRow {
    pub(crate) fn of(order: &Order, rules: &Rules, now: Timestamp) -> Self {
        let snapshot = &rules.directory;
        let review = rules.parameter(Some(order.unit), now, &ORDER_UNIT_REVIEW).value;
        let is_open = matches!(order.state, State::Issued | State::Applied);
        let unit_name = snapshot.last_unit(order.unit).map(|unit| unit.name.clone()).unwrap_or_default();
        Self {
            id: order.id,
            unit: order.unit,
            unit_name,
            title: order.title(),
            class: order.content.class,
            state: order.state,
            changes: order.content.changes.len(),
            effective_at: order.content.effective_at.or(order.applied_at),
            due_at: order.due_at,
            overdue: is_open && order.due_at.is_some_and(|due| due < now),
            open_items: order.checklist.iter().filter(|item| item.attention && item.ticked_by.is_none()).count(),
            awaits_review: rules::awaits_review(order, review),
            is_returned: order.is_returned(),
        }
    }
}

impl OrderView {
    /// `around`: of the case that opened it.
    pub(crate) fn of(order: Order, actor: &Actor, around: OriginNow, rules: &Rules, now: Timestamp) -> Self {
        let snapshot = &*rules.directory;
        let can = policy::may(actor, &order);
        let name = |person: PersonId| PersonName::of(person, snapshot);
        let item = |item: &Item| ItemView { item: item.clone(), ticked_by_name: item.ticked_by.map(name) };
        Self {
            row: OrderRow::of(&order, rules, now),
            lines: lines(&order.content.changes, snapshot),
            created_by: name(order.created_by),
            created_at: order.created_at,
            reviewed_by: order.reviewed.map(|done| name(done.by)),
            reviewed_at: order.reviewed.map(|done| done.at),
            returned: order.returned.as_ref().map(|returned| ReturnedView {
                by: name(returned.done.by),
                at: returned.done.at,
                reason: returned.reason.clone(),
                answered_at: returned.answered_at,
            }),
            issued_by: order.issued.map(|done| name(done.by)),
            issued_at: order.issued.map(|done| done.at),
            applied_at: order.applied_at,
            verified_by: order.verified.map(|done| name(done.by)),
            verified_at: order.verified.map(|done| done.at),
            problem: order.problem.clone(),
            checklist: order.checklist.iter().map(item).collect(),
            counter_of: order.counter_of,
            origin: order.origin.map(|origin| OriginView {
                case: origin.case,
                number: origin.number,
                title: origin.title,
                may_open: around.may_open,
                revoked: around.revoked,
            }),
            content: order.content,
            can,
            version: order.version,
        }
    }
}

/// Each change as a sentence, with the names of everything in it, closed or not.
pub(crate) fn lines(changes: &[Change], snapshot: &Snapshot) -> Vec<Line> {
    let mut made: BTreeMap<&str, &Text> = BTreeMap::new();
    for change in changes {
        if let Change::CreateDepartment { key, name, .. }
        | Change::SplitDepartment { key, name, .. }
        | Change::CreateUnit { key, name, .. } = change
        {
            made.insert(key, name);
        }
    }
    changes.iter().map(|change| Names { snapshot, made: &made }.line(change)).collect()
}

struct Names<'a> {
    snapshot: &'a Snapshot,
    made: &'a BTreeMap<&'a str, &'a Text>,
}

impl Names<'_> {
    fn unit(&self, id: UnitId) -> Text {
        self.snapshot.last_unit(id).map(|unit| unit.name.clone()).unwrap_or_default()
    }

    fn department(&self, id: DepartmentId) -> Text {
        self.snapshot.last_department(id).map(|department| department.name.clone()).unwrap_or_default()
    }

    fn target(&self, target: &Target) -> Text {
        match target {
            Target::Unit(unit) => self.unit(*unit),
            Target::Department(department) => self.department(*department),
            Target::New(key) => self.made.get(key.as_str()).map(|name| (*name).clone()).unwrap_or_default(),
        }
    }

    fn person(&self, id: PersonId) -> String {
        self.snapshot.person_name(id)
    }

    /// Person, post and place of an appointment.
    fn held(&self, id: AppointmentId) -> Value {
        let Some(held) = self.snapshot.appointment(id) else { return json!({}) };
        let place = match held.place {
            Place::Unit(unit) => self.unit(unit),
            Place::Department(department) => self.department(department),
        };
        json!({ "person": self.person(held.person), "from_post": self.post(held.post), "from": place })
    }

    fn post(&self, id: hanlin_kernel::PostId) -> Text {
        self.snapshot.post(id).map(|post| post.name.clone()).unwrap_or_default()
    }

    fn rank(&self, id: Option<hanlin_kernel::RankId>) -> Text {
        id.and_then(|id| self.snapshot.rank(id)).map_or_else(|| Text::new("无", "none"), |rank| rank.name.clone())
    }

    fn line(&self, change: &Change) -> Line {
        let (code, args) = match change {
            Change::CreateDepartment { name, parent, .. } => {
                ("create_department", json!({ "name": name, "parent": self.target(parent) }))
            }
            Change::RenameDepartment { department, name } => {
                ("rename_department", json!({ "department": self.department(*department), "name": name }))
            }
            Change::MoveDepartment { department, to } => {
                ("move_department", json!({ "department": self.department(*department), "to": self.target(to) }))
            }
            Change::MergeDepartment { department, into } => {
                ("merge_department", json!({ "department": self.department(*department), "into": self.target(into) }))
            }
            Change::SplitDepartment { department, name, people, departments, .. } => {
                let people: Vec<String> = people.iter().map(|person| self.person(*person)).collect();
                let inside: Vec<Text> = departments.iter().map(|id| self.department(*id)).collect();
                let taken = json!({
                    "department": self.department(*department), "name": name, "people": people, "departments": inside,
                });
                ("split_department", taken)
            }
            Change::CloseDepartment { department } => {
                ("close_department", json!({ "department": self.department(*department) }))
            }
            Change::ReopenDepartment { department } => {
                ("reopen_department", json!({ "department": self.department(*department) }))
            }
            Change::CreateUnit { name, parent, .. } => {
                ("create_unit", json!({ "name": name, "parent": self.unit(*parent) }))
            }
            Change::RenameUnit { unit, name } => ("rename_unit", json!({ "unit": self.unit(*unit), "name": name })),
            Change::MoveUnit { unit, to } => ("move_unit", json!({ "unit": self.unit(*unit), "to": self.unit(*to) })),
            Change::CloseUnit { unit } => ("close_unit", json!({ "unit": self.unit(*unit) })),
            Change::ReopenUnit { unit } => ("reopen_unit", json!({ "unit": self.unit(*unit) })),
            Change::SetLeader { place, kind, person } => {
                let code = match (kind, person) {
                    (LeadershipKind::Head, Some(_)) => "set_head",
                    (LeadershipKind::Head, None) => "clear_head",
                    (LeadershipKind::InCharge, Some(_)) => "set_in_charge",
                    (LeadershipKind::InCharge, None) => "clear_in_charge",
                };
                (code, json!({ "place": self.target(place), "person": person.map(|person| self.person(person)) }))
            }
            Change::Transfer { appointment, post, to } => {
                let mut args = self.held(*appointment);
                args["post"] = json!(self.post(*post));
                args["to"] = json!(self.target(to));
                ("transfer", args)
            }
            Change::Appoint { person, post, to, main } => {
                let code = if *main { "appoint_main" } else { "appoint" };
                let args = json!({ "person": self.person(*person), "post": self.post(*post), "to": self.target(to) });
                (code, args)
            }
            Change::EndAppointment { appointment } => ("end_appointment", self.held(*appointment)),
            Change::SetRank { person, rank } => {
                ("set_rank", json!({ "person": self.person(*person), "rank": self.rank(*rank) }))
            }
            Change::Leave { person, successor: Some(successor) } => {
                ("leave_to", json!({ "person": self.person(*person), "successor": self.person(*successor) }))
            }
            Change::Leave { person, successor: None } => ("leave", json!({ "person": self.person(*person) })),
            Change::Rejoin { person, .. } => ("rejoin", json!({ "person": self.person(*person) })),
            Change::AddMember { group, person } => {
                let name = self.snapshot.group(*group).map(|group| group.name.clone()).unwrap_or_default();
                ("add_member", json!({ "group": name, "person": self.person(*person) }))
            }
        };
        let args = args.as_object().cloned().unwrap_or_default();
        Line { code: format!("orders.change.{code}"), args }
    }
}
