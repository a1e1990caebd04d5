//! 流程走向: past, present and future of a case as a map (FLOW-28, FLOW-38).

use hanlin_kernel::{PersonId, Text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    act::EffectState,
    awaiting::step_wait,
    call::{Called, CalledState},
    case::{Activation, ActivationNo, ActivationState, Case, Closing, End, LeftOut, Status, TaskNo, TaskState},
    facts::Why,
    mend::Reason,
    model::{FieldId, Flow, Join, Key, Node, Quorum, START},
    paper::SignedOnPaper,
    parallel::LaneState,
    people::Pending,
    vote::Tally,
    wait::Span,
};

/// The steps in the order they are walked. Where the way is not known yet, it forks, and each alternative is told to its
/// end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Route {
    pub steps: Vec<Step>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fork: Option<Fork>,
}

/// One visit of a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    pub when: When,
    pub kind: StepKind,
    pub node: Key,
    /// None for the initiator's own step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Which visit of the case; none in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<ActivationNo>,
    pub round: u32,
    /// A later return made it not count.
    #[serde(default)]
    pub superseded: bool,
    /// It waits until the returned case comes straight back.
    #[serde(default)]
    pub suspended: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<Quorum>,
    /// It is signed on the printed form (FLOW-35).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_paper: bool,
    /// Where votes are counted: how they stand; none in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tally: Option<Tally>,
    pub people: Vec<StepPerson>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// Of an exclusive node: the branch that is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<Key>,
    /// The branches walked at the same time in which it stands, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<LaneOf>,
    /// Of a node whose branches are walked at the same time: each that was or will be opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<StepLane>,
    /// Of such a node: when it goes on behind them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<Join>,
    /// How it ended, or that it will be passed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Its people depend on these fields, which are not filled in yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<FieldId>,
    /// The initiator must still choose its people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choose: Option<Choose>,
    /// Whoever handles that earlier node chooses its people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_by: Option<Key>,
    /// What it waits for, other than a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<StepWait>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    Past,
    Present,
    Future,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The initiator's own step.
    Start,
    Approve,
    Handle,
    Copy,
    Branch,
    /// Branches are walked at the same time.
    Parallel,
    /// Those branches whose condition is true are.
    Inclusive,
    /// It waits until its time has come.
    Wait,
    /// It opens cases of another flow.
    Call,
    /// Whoever has it names who is next.
    Free,
    /// It does something in a module.
    Act,
    /// It asks another system.
    Webhook,
}

impl StepKind {
    /// It holds branches, and nobody is asked at it.
    pub fn is_branching(self) -> bool {
        matches!(self, Self::Branch | Self::Parallel | Self::Inclusive)
    }
}

/// A branch, by its node and its own key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LaneOf {
    pub node: Key,
    pub branch: Key,
}

/// One of the branches that are walked at the same time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepLane {
    pub branch: Key,
    /// None for `otherwise`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// None in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<LaneState>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepPerson {
    pub person: PersonId,
    pub why: Vec<Why>,
    pub turn: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskNo>,
    /// None in the future, unless it is known to end by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<TaskState>,
    /// Of a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// What he recorded of a signature on paper, when he had agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<SignedOnPaper>,
}

/// What a step waits for, other than a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepWait {
    /// Until when, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// So long from when the case comes there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The cases of another flow that it opens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<StepCall>,
    /// What it does in a module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<StepEffect>,
    /// What it asks another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<StepWebhook>,
    /// The event that it waits for; `until`: at most so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<StepEvent>,
}

/// What a step asks another system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepWebhook {
    /// By the name under which it is registered.
    pub endpoint: String,
    /// How it stands: `sending`, `sent`, `answered`, `failed` or `by_hand`; none in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// The event that a step waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepEvent {
    pub event: String,
    /// About what; none: about anything, or not known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// How it stands: `waiting`, `come`, `late` or `without`; none in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// What a step does in a module. With which values, and what came of it, stands in the case's `effects`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepEffect {
    /// Its name in the catalogue.
    pub effect: String,
    /// How it stands: `due`, `done`, `declared`, `refused` or `by_hand`; none in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

impl StepEffect {
    pub(crate) fn of(effect: &str, state: &EffectState) -> Self {
        Self { effect: effect.to_owned(), state: Some(state.word().to_owned()) }
    }
}

/// A case that a step opens, or opened. What it is called stands in the case's `called`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepCall {
    pub no: u32,
    /// For which person or department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// Who starts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// How it stands: `opening`, `running`, `failed`, or how it ended.
    pub state: String,
}

impl StepCall {
    pub(crate) fn of(called: &Called) -> Self {
        let state = match &called.state {
            CalledState::Opening => "opening",
            CalledState::Running { .. } => "running",
            CalledState::Failed { .. } => "failed",
            CalledState::Ended { status, .. } => match status {
                Status::Completed | Status::Revoked => "completed",
                Status::Rejected => "rejected",
                Status::Terminated => "terminated",
                Status::Withdrawn | Status::Draft | Status::Running => "withdrawn",
            },
        };
        Self { no: called.no, each: called.each.clone(), by: called.by, state: state.to_owned() }
    }
}

/// How many people the initiator must and may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choose {
    pub min: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

/// Which way it goes depends on fields that are not filled in yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fork {
    pub node: Key,
    pub name: Text,
    pub depends_on: Vec<FieldId>,
    pub branches: Vec<Alternative>,
    /// There are more ways than are told here.
    #[serde(default)]
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Alternative {
    pub branch: Key,
    /// None for `otherwise`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    #[schema(no_recursion)]
    pub route: Route,
}

impl Route {
    /// The steps of people that are still to come or under way, in order: what a screen shows as "next".
    pub fn ahead(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.when != When::Past && !step.kind.is_branching())
    }
}

/// What was, and what is, without what will be.
pub(crate) fn steps_so_far(flow: &Flow, case: &Case) -> Vec<Step> {
    let mut steps: Vec<Step> = case
        .activations
        .iter()
        .map(|visit| {
            let when = match visit.state {
                ActivationState::Closed { .. } => When::Past,
                ActivationState::Active if visit.branch.is_some() => When::Past,
                ActivationState::Active => When::Present,
                ActivationState::Suspended => When::Future,
            };
            step(flow, case, visit, when, None)
        })
        .collect();
    // What is suspended comes again after what is present, the innermost first.
    let mut suspended: Vec<Step> = steps.extract_if(.., |step| step.suspended).collect();
    suspended.reverse();
    steps.extend(suspended);
    steps
}

pub(crate) fn step(flow: &Flow, case: &Case, visit: &Activation, when: When, pending: Option<&Pending>) -> Step {
    let node = flow.find(&visit.node).map(|place| place.node);
    let desk = flow.desk_at(visit);
    let known = when != When::Future || visit.state == ActivationState::Suspended;
    let kind = match node {
        Some(Node::Approve(_)) => StepKind::Approve,
        Some(Node::Handle(_)) => StepKind::Handle,
        Some(Node::Copy(_)) => StepKind::Copy,
        Some(Node::Exclusive(_)) => StepKind::Branch,
        Some(Node::Parallel(_)) => StepKind::Parallel,
        Some(Node::Inclusive(_)) => StepKind::Inclusive,
        Some(Node::Wait(_)) => StepKind::Wait,
        Some(Node::Call(_)) => StepKind::Call,
        Some(Node::Free(_)) => StepKind::Free,
        Some(Node::Act(_)) => StepKind::Act,
        Some(Node::Webhook(_)) => StepKind::Webhook,
        None => StepKind::Start,
    };
    Step {
        when,
        kind,
        node: visit.node.clone(),
        name: node.map(|node| node.name().clone()),
        activation: known.then_some(visit.id),
        round: visit.round,
        superseded: visit.superseded,
        suspended: visit.state == ActivationState::Suspended,
        quorum: desk.map(|desk| desk.quorum),
        on_paper: desk.is_some_and(|desk| desk.paper.is_some()),
        tally: desk.filter(|desk| known && desk.votes()).map(|desk| desk.tally(case, visit.id)),
        people: people(case, visit, known),
        left_out: visit.left_out.clone(),
        branch: visit.branch.clone(),
        within: within(flow, &visit.node),
        lanes: lanes(node, visit, known),
        join: node.and_then(Node::lanes).map(|lanes| lanes.join),
        end: visit.end().filter(|end| known || *end == End::PassedOver && pending.is_none()),
        depends_on: pending.map(|pending| pending.fields.iter().cloned().collect()).unwrap_or_default(),
        choose: pending.and_then(|pending| pending.choose).map(|(min, max)| Choose { min, max }),
        chosen_by: pending.and_then(|pending| pending.chosen_by.clone()),
        waits: step_wait(flow, visit, when, pending),
        opened_at: known.then_some(visit.opened_at),
        closed_at: visit.closed_at.filter(|_| known),
    }
}

/// The branches around this node that are walked at the same time as others.
fn within(flow: &Flow, key: &str) -> Vec<LaneOf> {
    let Some((around, branch)) = flow.find(key).and_then(|place| place.inside) else { return Vec::new() };
    let own = around.lanes().map(|node| LaneOf { node: node.key.clone(), branch: branch.to_owned() });
    within(flow, around.key()).into_iter().chain(own).collect()
}

fn lanes(node: Option<&Node>, visit: &Activation, known: bool) -> Vec<StepLane> {
    let each = visit.lanes.iter().map(|lane| StepLane {
        name: node.and_then(|node| node.branch_name(&lane.branch)).cloned(),
        branch: lane.branch.clone(),
        state: known.then(|| lane.state.clone()),
    });
    each.collect()
}

fn people(case: &Case, visit: &Activation, known: bool) -> Vec<StepPerson> {
    let initiator = (visit.node == START && case.tasks_of(visit.id).next().is_none()).then(|| StepPerson {
        person: case.initiator.person,
        why: vec![Why::Initiator],
        turn: 1,
        task: None,
        state: None,
        read_at: None,
        paper: None,
    });
    let tasks = case.tasks_of(visit.id).map(|task| StepPerson {
        person: task.person,
        why: task.why.clone(),
        turn: task.turn,
        task: known.then_some(task.id),
        state: (known || matches!(task.closing(), Some(Closing::Repeated { .. } | Closing::Unchanged { .. })))
            .then(|| task.state.clone()),
        read_at: None,
        paper: task.paper.clone().filter(|_| known && task.closing().is_some_and(Closing::is_agreement)),
    });
    let copies = case.copies.iter().filter(|copy| copy.activation == visit.id).map(|copy| StepPerson {
        person: copy.person,
        why: copy.why.clone(),
        turn: 1,
        task: None,
        state: None,
        read_at: copy.read_at,
        paper: None,
    });
    initiator.into_iter().chain(tasks).chain(copies).collect()
}
