//! 撤销与变更: what follows upon a completed case. It is a case of its own, whose route is made from what happened in the
//! first: the people who approved that, in their order, beside one another where they were; and copies to whoever got
//! copies (FLOW-24). The engine walks it like any other flow; only what comes of it touches the first case.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_forms::form::{Cell, Field, FieldType};
use hanlin_kernel::{PersonId, Text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    case::{Activation, Case, Closing, End, Purpose, Status, Task, Values},
    checked::CheckedFlow,
    event::{Change, What},
    facts::Facts,
    form::Right,
    free::Free,
    model::{
        Approve, Copying, FieldId, Flow, Handle, Join, Key, Lane, Lanes, Node, OnInitiator, OnNobody, OnReject,
        OnReturn, Opinions, PeopleSettings, Quorum, Ref, ReturnRule, Rule, START, Settings, Starter, Who,
    },
    parallel::LaneState,
    predict::predict,
    refusal::Refusal,
    rights::start_rights,
    route::Step,
    walk::Run,
};

/// The field of a follow-up that names the case it follows upon.
pub const FOLLOWED: &str = "follow_up_of";
/// The field in which its initiator says why.
pub const REASON: &str = "follow_up_reason";
const LONGEST_REASON: u32 = 2_000;

/// What may follow upon a completed case of this flow; nothing, unless told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AfterCompletion {
    /// 撤销: it counts no longer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub revoke: bool,
    /// 变更: these fields get other values.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub change: BTreeSet<FieldId>,
}

impl AfterCompletion {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    pub fn allows(&self, kind: FollowUp) -> bool {
        match kind {
            FollowUp::Revoke => self.revoke,
            FollowUp::Change => !self.change.is_empty(),
        }
    }
}

/// Can a follow-up give this field another value? Not where it fills itself, nor where it holds what belongs to a case.
pub(crate) fn is_changeable(field: &Field) -> bool {
    use FieldType::{Attachment, Case, Handwriting, Image, Record};
    !field.fills_itself() && !matches!(field.kind, Attachment | Image | Handwriting | Case | Record)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FollowUp {
    /// 撤销
    Revoke,
    /// 变更
    Change,
}

/// What followed upon a case when it was completed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aftermath {
    pub kind: FollowUp,
    /// The case that did it.
    pub case: String,
    pub at: Timestamp,
    /// Each field's value before and after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// The flow of a follow-up upon this case.
pub fn follow_up(flow: &Flow, case: &Case, kind: FollowUp) -> Result<Flow, Refusal> {
    if !flow.settings.after_completion.allows(kind) {
        return Err(Refusal::NoFollowUp { kind });
    }
    if case.status != Status::Completed {
        return Err(Refusal::NotCompleted);
    }
    let again = Again { flow, case };
    let mut route = again.route(&flow.route);
    if !asks_somebody(&route) {
        return Err(Refusal::NobodyApproved);
    }
    route.extend(again.copies_at(START, START));
    Ok(Flow {
        id: flow.id.clone(),
        name: name(&flow.name, kind),
        category: flow.category.clone(),
        form: form(flow, kind),
        route,
        may_start: people([case.initiator.person, case.initiator.principal()])
            .into_iter()
            .map(|person| Starter::Person { person: Ref::Id(person) })
            .collect(),
        settings: Settings {
            people: flow.settings.people,
            start_fields: start_fields(flow, kind),
            // Who is away at another time needs his agent then.
            absence: flow.settings.absence.clone().filter(|_| kind == FollowUp::Change),
            ..Settings::default()
        },
    })
}

/// Was this flow made for one follow-up?
pub(crate) fn is_follow_up(flow: &Flow) -> bool {
    flow.form.field(FOLLOWED).is_some()
}

/// What a follow-up is filled in with before anybody writes: the first case as it stands.
pub fn values_of_follow_up(case: &Case, id: &str) -> Values {
    let mut values = case.values.clone();
    values.insert(FOLLOWED.to_owned(), Value::from(vec![id]));
    values
}

/// Nodes, the branches taken there, and whom they lead to.
type Way = Vec<(Key, Option<Key>, Vec<PersonId>)>;

/// Would these values have gone the way that the case went? Else whoever had to approve them then was never asked.
pub fn goes_the_same_way(flow: &CheckedFlow, case: &Case, values: &Values, facts: &dyn Facts) -> Result<bool, Refusal> {
    let way = |values: &Values| -> Result<Way, Refusal> {
        let route = predict(flow, &case.initiator, values, &case.choices, facts)?;
        let people = |step: &Step| step.people.iter().map(|one| one.person).collect();
        Ok(route.steps.iter().map(|step| (step.node.clone(), step.branch.clone(), people(step))).collect())
    };
    Ok(way(&case.values)? == way(values)?)
}

/// What is different in a follow-up, of the fields of the case it follows upon.
pub fn changes_by(flow: &Flow, before: &Values, after: &Values) -> Vec<Change> {
    let of = |values: &Values, field: &Field| values.get(&field.id).cloned().unwrap_or_default();
    let changed = flow.form.fields.iter().map(|field| (field, of(before, field), of(after, field)));
    changed
        .filter(|(_, before, after)| before != after)
        .map(|(field, before, after)| Change { field: field.id.clone(), before, after })
        .collect()
}

/// Whose agreement made this case what it is: those who approved at visits that still count, in their order.
pub fn approvers(flow: &Flow, case: &Case) -> Vec<PersonId> {
    let again = Again { flow, case };
    let nodes = again.route(&flow.route);
    let mut found = Vec::new();
    collect(&nodes, &mut found);
    people(found)
}

fn collect(route: &[Node], found: &mut Vec<PersonId>) {
    for node in route {
        match node {
            Node::Approve(node) => found.extend(node.who.0.iter().filter_map(|rule| match rule {
                Rule::Person { person: Ref::Id(person) } => Some(*person),
                _ => None,
            })),
            other => other.routes().into_iter().for_each(|(_, route)| collect(route, found)),
        }
    }
}

impl Run<'_> {
    /// A follow-up upon this case was approved. Nobody can say so but the system.
    pub(crate) fn take_effect(
        &mut self,
        system: bool,
        kind: FollowUp,
        follow_up: String,
        changes: Vec<Change>,
    ) -> Result<(), Refusal> {
        if !system {
            return Err(Refusal::NotTheSystem);
        }
        self.follow(match kind {
            FollowUp::Revoke => What::Revoked { follow_up },
            FollowUp::Change => What::Amended { follow_up, changes },
        });
        Ok(())
    }
}

/// A case whose steps are to be taken again.
struct Again<'a> {
    flow: &'a Flow,
    case: &'a Case,
}

impl Again<'_> {
    fn route(&self, route: &[Node]) -> Vec<Node> {
        route.iter().flat_map(|node| self.node(node)).collect()
    }

    fn node(&self, node: &Node) -> Vec<Node> {
        let Some(visit) = self.counting(node.key()) else { return Vec::new() };
        match node {
            Node::Exclusive(_) => visit.branch.as_deref().map(|branch| self.branch(node, branch)).unwrap_or_default(),
            Node::Parallel(lanes) | Node::Inclusive(lanes) => self.lanes(node, lanes, visit),
            Node::Approve(approve) => {
                let again = self.approve(approve, visit).map(|node| Node::Approve(Box::new(node)));
                again.into_iter().chain(self.copies_at(node.key(), node.key())).collect()
            }
            Node::Handle(handle) => self.handled(handle, visit).into_iter().collect(),
            Node::Free(free) => self.passed(free).into_iter().collect(),
            Node::Copy(copy) => {
                let sent = self.case.copies.iter().filter(|copy| copy.activation == visit.id);
                let who = people(sent.map(|copy| copy.person));
                copying(copy.key.clone(), &copy.name, who, to_read(&copy.fields), copy.must_read).into_iter().collect()
            }
            // What came by itself is not waited for again, and what another flow did is that flow's.
            Node::Wait(_) | Node::Call(_) | Node::Act(_) | Node::Webhook(_) => Vec::new(),
        }
    }

    fn branch(&self, node: &Node, branch: &str) -> Vec<Node> {
        node.route_of(branch).map(|route| self.route(route)).unwrap_or_default()
    }

    /// Only those that were walked to their end; one alone needs nothing beside it.
    fn lanes(&self, node: &Node, lanes: &Lanes, visit: &Activation) -> Vec<Node> {
        let walked = visit.lanes.iter().filter(|lane| lane.state == LaneState::Walked);
        let routes = walked.map(|lane| (&lane.branch, self.branch(node, &lane.branch)));
        let mut asked: Vec<(&Key, Vec<Node>)> = routes.filter(|(_, route)| !route.is_empty()).collect();
        if asked.len() < 2 {
            return asked.pop().map(|(_, route)| route).unwrap_or_default();
        }
        let lane = |(key, route): (&Key, Vec<Node>)| Lane {
            key: key.clone(),
            name: node.branch_name(key).cloned().unwrap_or_else(|| lanes.name.clone()),
            when: None,
            route,
        };
        vec![Node::Parallel(Lanes {
            key: lanes.key.clone(),
            name: lanes.name.clone(),
            branches: asked.into_iter().map(lane).collect(),
            otherwise: Vec::new(),
            join: Join::All,
            on_reject: OnReject::EndCase,
            on_return: OnReturn::AtOnce,
        })]
    }

    /// Everybody who agreed there is asked again, and nobody else.
    fn approve(&self, node: &Approve, visit: &Activation) -> Option<Approve> {
        let mut agreed: Vec<&Task> = self.case.tasks_of(visit.id).filter(|task| has_approved(task)).collect();
        agreed.sort_by_key(|task| (closed_at(task), task.id));
        // One after the other where an order was prescribed, or where somebody had his own signers before or after him.
        let in_turn = node.quorum == Quorum::InTurn || agreed.iter().any(|task| task.hangs.is_some());
        let who = people(agreed.iter().map(|task| task.person));
        (!who.is_empty()).then(|| Approve {
            key: node.key.clone(),
            name: node.name.clone(),
            function: node.function,
            who: named(who),
            quorum: if in_turn { Quorum::InTurn } else { Quorum::All },
            vote: None,
            // What follows is decided here, whatever was signed.
            paper: None,
            opinions: if node.vote.is_some() { Opinions::default() } else { node.opinions },
            operations: node.operations.clone(),
            opinion: node.opinion.clone(),
            fields: to_read(&node.fields),
            return_rule: ReturnRule { to: None, then: node.return_rule.then, decides_on: None },
            people: self.certain(node.people, &agreed),
        })
    }

    /// Nobody is passed over because he cannot be found: somebody must be named in his place. Where the initiator could
    /// approve the first himself, he can approve what follows upon it.
    fn certain(&self, settings: PeopleSettings, agreed: &[&Task]) -> PeopleSettings {
        let own = agreed.iter().any(|task| self.case.initiator.is(task.person));
        let on_initiator = if own { Some(OnInitiator::Allow) } else { settings.on_initiator };
        PeopleSettings { on_nobody: Some(OnNobody::ToAdmin), on_initiator, ..settings }
    }

    /// Who carried it out decides nothing about it, and must hear of it.
    fn handled(&self, node: &Handle, visit: &Activation) -> Option<Node> {
        let did = self.case.tasks_of(visit.id).filter(|task| task.closing().is_some_and(Closing::is_agreement));
        let copied = self.case.copies.iter().filter(|copy| copy.activation == visit.id).map(|copy| copy.person);
        let who = people(did.map(|task| task.person).chain(copied));
        copying(node.key.clone(), &node.name, who, to_read(&node.fields), false)
    }

    /// Whoever had it at a free node approved nothing either.
    fn passed(&self, node: &Free) -> Option<Node> {
        let visits = self.case.activations.iter().filter(|visit| visit.node == node.key && !visit.superseded);
        let tasks = visits.flat_map(|visit| self.case.tasks_of(visit.id));
        let did = tasks.filter(|task| task.closing().is_some_and(Closing::is_heard));
        copying(node.key.clone(), &node.name, people(did.map(|task| task.person)), to_read(&node.fields), false)
    }

    /// Copies that were sent on the way from this node.
    fn copies_at(&self, node: &str, key: &str) -> Option<Node> {
        let here = |visit: &Activation| visit.node == node;
        let sent = self.case.copies.iter().filter(|copy| self.case.activation(copy.activation).is_some_and(here));
        let who = people(sent.map(|copy| copy.person));
        let mut key = format!("{key}_copies");
        while self.flow.find(&key).is_some() {
            key.push('_');
        }
        let fields = match self.flow.find(node).map(|place| place.node) {
            Some(Node::Approve(node)) => to_read(&node.fields),
            _ => to_read(&start_rights(self.flow).fields),
        };
        copying(key, &Text::new("抄送", "Copies"), who, fields, false)
    }

    /// The visit of this node that counts.
    fn counting(&self, key: &str) -> Option<&Activation> {
        let decided =
            |visit: &&Activation| matches!(visit.end(), Some(End::Approved | End::Handled | End::Copied | End::Walked));
        self.case.activations.iter().rev().filter(|visit| visit.node == key && !visit.superseded).find(decided)
    }
}

fn has_approved(task: &Task) -> bool {
    let agreed = matches!(task.closing(), Some(Closing::Approved | Closing::Repeated { .. }));
    task.purpose == Purpose::Approve && agreed
}

fn closed_at(task: &Task) -> Option<Timestamp> {
    match task.state {
        super::case::TaskState::Closed { at, .. } => Some(at),
        _ => None,
    }
}

fn copying(
    key: Key,
    name: &Text,
    who: Vec<PersonId>,
    fields: BTreeMap<FieldId, Right>,
    must_read: bool,
) -> Option<Node> {
    (!who.is_empty()).then(|| Node::Copy(Copying { key, name: name.clone(), who: named(who), must_read, fields }))
}

fn asks_somebody(route: &[Node]) -> bool {
    route.iter().any(|node| {
        matches!(node, Node::Approve(_)) || node.routes().into_iter().any(|(_, route)| asks_somebody(route))
    })
}

fn named(who: Vec<PersonId>) -> Who {
    Who(who.into_iter().map(|person| Rule::Person { person: Ref::Id(person) }).collect())
}

/// Each once, in the order in which they come first.
fn people(all: impl IntoIterator<Item = PersonId>) -> Vec<PersonId> {
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|person| seen.insert(*person)).collect()
}

fn to_read(fields: &BTreeMap<FieldId, Right>) -> BTreeMap<FieldId, Right> {
    fields.iter().map(|(field, right)| (field.clone(), (*right).min(Right::Read))).collect()
}

fn name(of: &Text, kind: FollowUp) -> Text {
    let (zh, en) = match kind {
        FollowUp::Revoke => ("撤销", "Revocation"),
        FollowUp::Change => ("变更", "Change"),
    };
    Text { zh: format!("{zh}：{}", of.zh), en: of.en.as_ref().map(|name| format!("{en}: {name}")) }
}

/// The form of the first case, under what it is about and why.
fn form(flow: &Flow, kind: FollowUp) -> super::form::Form {
    let mut form = flow.form.clone();
    let reason = match kind {
        FollowUp::Revoke => Text::new("撤销原因", "Reason for revoking"),
        FollowUp::Change => Text::new("变更原因", "Reason for the change"),
    };
    let head = [
        Field {
            id: FOLLOWED.to_owned(),
            label: Text::new("原事项", "Original case"),
            kind: FieldType::Case,
            grants_reading: true,
            ..Field::default()
        },
        Field {
            id: REASON.to_owned(),
            label: reason,
            kind: FieldType::LongText,
            required: true,
            max_length: Some(LONGEST_REASON),
            ..Field::default()
        },
    ];
    let row = |field: &Field| vec![Cell::Field { field: field.id.clone(), span: Some(form.layout.columns) }];
    let rows: Vec<Vec<Cell>> = head.iter().map(row).collect();
    form.layout.rows.splice(0..0, rows);
    form.fields.splice(0..0, head);
    form
}

/// He writes the reason and, in a change, the fields that may get other values; the rest stands as it is.
fn start_fields(flow: &Flow, kind: FollowUp) -> BTreeMap<FieldId, Right> {
    let (before, may) = (start_rights(flow), &flow.settings.after_completion.change);
    let right = |field: &Field| match kind == FollowUp::Change && may.contains(&field.id) {
        true => before.of(&field.id).max(Right::Write),
        false => before.of(&field.id).min(Right::Read),
    };
    let fields = flow.form.fields.iter().map(|field| (field.id.clone(), right(field)));
    fields.chain([(FOLLOWED.to_owned(), Right::Read), (REASON.to_owned(), Right::Required)]).collect()
}
