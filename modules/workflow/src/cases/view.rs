//! A case as one reader sees it: form, values and opinions within his rights, route, and what he may do.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_directory::{PersonName, Snapshot};
use hanlin_files::File;
use hanlin_forms::form::{Form, Right, Rights};
use hanlin_kernel::{Actor, AppointmentId, Can, PersonId, Result, Text};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    CASE, actions,
    calls::{self, CallView},
    gallery,
    model::{CaseId, StoredCase, TaskId},
    outside, query, start, store,
    world::World,
};
use crate::{
    engine::{
        self, CheckedFlow, Choices, Initiator, Route, Stage, Status, Values, Why, can_take_back,
        case::{Closing, Copied, Hanging, OnHold, Opinion, Purpose, Task},
        may_operate,
        model::{AfterReturn, Operation},
        predict, return_targets, words_to_agree,
    },
    flows::{self, FlowId},
};

/// 事项, for its reader.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CaseView {
    pub id: CaseId,
    pub number: String,
    pub title: Text,
    pub flow: FlowId,
    pub flow_name: Text,
    pub status: Status,
    pub stage: Stage,
    pub initiator: Initiator,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub submitted_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    pub form: Form,
    /// What he may do with each field: by his first open task, if he has one.
    pub rights: Rights,
    #[schema(value_type = Object)]
    pub values: Values,
    #[schema(value_type = std::collections::HashMap<String, Vec<PersonId>>)]
    pub choices: Choices,
    pub opinions: Vec<OpinionView>,
    pub route: Route,
    /// His open tasks.
    pub tasks: Vec<TaskView>,
    /// Everybody's tasks: since when, and whether their persons have looked (TIME-14).
    pub seen: Vec<SeenTask>,
    pub copies: Vec<CopyView>,
    pub urges: Vec<UrgeView>,
    /// The cases that it opened (子流程), and the one that opened it.
    pub called: Vec<CallView>,
    pub called_by: Option<CallView>,
    /// Whom he asked and who has not answered yet (加签, 委派, 征询).
    pub asked: Vec<AskedView>,
    /// The task whose decision he can take back now.
    pub to_take_back: Option<TaskId>,
    /// The nodes to which an administrator may move the case; empty for others.
    pub destinations: Vec<ReturnTarget>,
    /// `withdraw`, `urge`, `comment`, `hand_over`, `copy`, `take_back`, `report_deviation`,
    /// `terminate_case`, `move`.
    pub can: Can,
    /// The people that are named by id anywhere in this view.
    pub people: BTreeMap<String, PersonName>,
    /// The files that are named by id anywhere in this view.
    pub files: BTreeMap<String, File>,
    pub version: u64,
}

/// 意见, at its node.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OpinionView {
    /// The node it was given at; none: about the whole case.
    pub node: Option<String>,
    pub node_name: Option<Text>,
    pub person: PersonId,
    pub on_behalf_of: Option<PersonId>,
    pub verdict: engine::case::Verdict,
    pub text: String,
    pub attachments: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// One of the reader's own open tasks, and what he can do with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TaskView {
    pub id: TaskId,
    pub node: String,
    pub node_name: Text,
    pub purpose: Purpose,
    /// Why it came to him.
    pub why: Vec<Why>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opened_at: Option<Timestamp>,
    /// `approve`, `complete`, `try_again`, `resubmit`, `advise`, `reject`, `abstain`, `return`, `fail_review`, `transfer`, `delegate`, `consult`,
    /// `add_signer`, `hold`, `end_hold`, `terminate`, `hand_over`.
    pub can: Can,
    /// Since when and why he keeps it on hold.
    pub held: Option<OnHold>,
    /// Fewest characters of an opinion to agree or complete; 0: none needed. Rejecting and returning always need words.
    pub words_to_agree: u32,
    pub return_targets: Vec<ReturnTarget>,
    /// How a returned case goes on, where the flow says so; none: he chooses.
    pub after_return: Option<AfterReturn>,
    pub rights: Rights,
}

/// Someone whom the reader asked, and who has not answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AskedView {
    /// The reader's own task.
    pub task: TaskId,
    /// The task of the one whom he asked.
    pub signer: TaskId,
    pub person: PersonId,
    pub how: Hanging,
    /// `remove_signer`.
    pub can: Can,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ReturnTarget {
    /// The key of the node, `start` for the initiator.
    pub node: String,
    pub name: Text,
}

/// A task of anyone, and when its person first looked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SeenTask {
    pub no: u32,
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CopyView {
    pub person: PersonId,
    pub must_read: bool,
    pub why: Vec<Why>,
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct UrgeView {
    pub person: PersonId,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub channel: String,
}

/// The way it would go, and the values as the form would take them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PredictionView {
    pub route: Route,
    #[schema(value_type = Object)]
    pub values: Values,
    pub people: BTreeMap<String, PersonName>,
}

pub(crate) fn case(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<CaseView> {
    let stored = store::find_to_read(tx, actor, id)?;
    let takes_part = store::takes_part(tx, actor.principal(), &stored)?;
    let flow = flows::running(tx, stored.flow_version)?;
    let world = actions::world_of(tx, &stored)?;
    let world = start::with_loads(tx, world, &flow, Some(id))?;
    let case = &stored.state;
    let route = engine::route_for(&flow, case, actor.principal(), &world)?;
    let own: Vec<&Task> = case.open_tasks().filter(|task| task.person == actor.principal()).collect();
    let part = engine::rights(flow.flow(), case, actor.principal(), own.first().map(|task| task.id));
    let rights = if query::may_query(actor, &stored) { part.join(&Rights::all(Right::Read)) } else { part };
    let values = flow.form().redact(&case.values, &rights);
    let heard = case.opinions.iter().filter(|said| engine::may_hear(flow.flow(), case, said, actor.principal()));
    let opinions: Vec<OpinionView> = heard.map(|opinion| opinion_view(&flow, case, opinion)).collect();
    let seen = store::seen_at(tx, id)?.into_iter().map(|(no, seen_at)| SeenTask { no, seen_at }).collect();
    let (called, called_by) = calls::views(tx, actor, &stored)?;
    let mut view = CaseView {
        id,
        number: stored.number.clone(),
        title: stored.title.clone(),
        flow: stored.flow,
        flow_name: flow.flow().name.clone(),
        status: case.status,
        stage: case.stage(),
        initiator: case.initiator.clone(),
        submitted_at: case.submitted_at,
        finished_at: case.finished_at,
        form: flow.form().form().clone(),
        rights,
        values,
        choices: case.choices.clone(),
        opinions,
        route,
        tasks: own.into_iter().map(|task| task_view(&flow, &world, actor, &stored, task)).collect(),
        seen,
        copies: case.copies.iter().map(copy_view).collect(),
        urges: case
            .urges
            .iter()
            .map(|urge| UrgeView { person: urge.by.person, at: urge.at, channel: urge.channel.clone() })
            .collect(),
        called,
        called_by,
        asked: asked(&flow, actor, &stored),
        to_take_back: to_take_back(&flow, actor, &stored),
        destinations: destinations(&flow, actor, &stored),
        can: may(&flow, actor, &stored, takes_part).when("list_readers", super::access::may_ask(tx, actor, &stored)?),
        people: BTreeMap::new(),
        files: hanlin_files::list_of(tx, CASE, &id.to_string())?
            .into_iter()
            .map(|file| (file.id.to_string(), file))
            .collect(),
        version: stored.version,
    };
    if actor.external {
        outside::veil(&mut view, case, actor.principal());
    }
    hide_files(&mut view);
    view.people = named(&world.directory, &serde_json::to_value(&view).map_err(hanlin_kernel::Error::internal)?);
    Ok(view)
}

/// Files that are named only in fields he may not read are not shown either.
fn hide_files(view: &mut CaseView) {
    let mut shown: BTreeSet<String> = view.opinions.iter().flat_map(|opinion| opinion.attachments.clone()).collect();
    for value in view.values.values() {
        shown.extend(value.as_array().into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)));
    }
    view.files.retain(|id, _| shown.contains(id));
}

/// What he may do with the case as a whole.
fn may(flow: &CheckedFlow, actor: &Actor, stored: &StoredCase, takes_part: bool) -> Can {
    let case = &stored.state;
    let running = case.status == Status::Running;
    let initiator = case.initiator.is(actor.principal());
    let administers = actions::administers(actor, stored);
    let others_at_work = case.open_tasks().any(|task| task.person != actor.principal());
    Can::none()
        .when("withdraw", running && initiator && flow.flow().settings.withdraw != Some(false))
        .when("urge", running && others_at_work && (initiator || administers || has_handled(case, actor.principal())))
        .when("comment", running && (takes_part || administers))
        .when(
            "copy",
            running
                && (initiator
                    || administers
                    || own_tasks(case, actor).any(|task| allows(flow, case, task, Operation::Copy))),
        )
        .when("take_back", to_take_back(flow, actor, stored).is_some())
        .when("report_deviation", running && (initiator || has_part(case, actor.principal())))
        .when("hand_over", running && administers)
        .when("terminate_case", running && administers)
        .when("move", running && administers)
}

fn own_tasks<'c>(case: &'c engine::Case, actor: &Actor) -> impl Iterator<Item = &'c Task> {
    case.open_tasks().filter(|task| task.person == actor.principal())
}

fn allows(flow: &CheckedFlow, case: &engine::Case, task: &Task, operation: Operation) -> bool {
    may_operate(flow.flow(), case, task, operation)
}

fn has_part(case: &engine::Case, person: PersonId) -> bool {
    case.tasks.iter().any(|task| task.person == person && task.opened_at.is_some())
        || case.copies.iter().any(|copy| copy.person == person)
}

/// Whom he asked, as long as both are at it.
fn asked(flow: &CheckedFlow, actor: &Actor, stored: &StoredCase) -> Vec<AskedView> {
    let case = &stored.state;
    let waited = case.tasks.iter().filter(|task| !task.state.is_closed());
    let of_his = waited.filter_map(|signer| {
        let hangs = signer.hangs?;
        let mine = case.task(hangs.on).filter(|task| task.person == actor.principal() && !task.state.is_closed())?;
        let removable = case.is_under_way(mine) && allows(flow, case, mine, Operation::RemoveSigner);
        Some(AskedView {
            task: TaskId { case: stored.id, no: mine.id },
            signer: TaskId { case: stored.id, no: signer.id },
            person: signer.person,
            how: hangs.how,
            can: Can::none().when("remove_signer", removable),
        })
    });
    of_his.collect()
}

fn to_take_back(flow: &CheckedFlow, actor: &Actor, stored: &StoredCase) -> Option<TaskId> {
    let case = &stored.state;
    let mine = case.tasks.iter().rev().filter(|task| task.person == actor.principal());
    let possible = |task: &&Task| {
        matches!(task.closing(), Some(Closing::Approved | Closing::Completed))
            && allows(flow, case, task, Operation::TakeBack)
            && can_take_back(flow.flow(), case, task)
    };
    mine.into_iter().find(possible).map(|task| TaskId { case: stored.id, no: task.id })
}

fn destinations(flow: &CheckedFlow, actor: &Actor, stored: &StoredCase) -> Vec<ReturnTarget> {
    if stored.state.status != Status::Running || !actions::administers(actor, stored) {
        return Vec::new();
    }
    let people_act = |node: &&engine::Node| matches!(node, engine::Node::Approve(_) | engine::Node::Handle(_));
    let nodes = flow.flow().nodes().into_iter().filter(people_act).map(|node| node.key().to_owned());
    let all = std::iter::once(engine::model::START.to_owned()).chain(nodes);
    all.map(|node| ReturnTarget { name: name_of(flow, &node), node }).collect()
}

fn has_handled(case: &engine::Case, person: PersonId) -> bool {
    case.tasks.iter().any(|task| task.person == person && task.state.is_closed())
}

fn task_view(flow: &CheckedFlow, world: &World, actor: &Actor, stored: &StoredCase, task: &Task) -> TaskView {
    let (definition, case) = (flow.flow(), &stored.state);
    let node = case.activation(task.activation).map(|visit| visit.node.clone()).unwrap_or_default();
    let targets = return_targets(definition, case, task);
    let operation = |operation| may_operate(definition, case, task, operation);
    let can = Can::none()
        .when("approve", task.purpose == Purpose::Approve)
        .when("complete", matches!(task.purpose, Purpose::Handle | Purpose::Mend))
        .when("try_again", task.purpose == Purpose::Mend)
        .when("resubmit", task.purpose == Purpose::Revise)
        .when("reject", operation(Operation::Reject))
        .when("abstain", operation(Operation::Abstain))
        .when("advise", task.purpose == Purpose::Advise)
        .when("return", operation(Operation::ReturnTo) && !targets.is_empty())
        .when("fail_review", operation(Operation::FailReview))
        .when("transfer", operation(Operation::Transfer))
        .when("delegate", operation(Operation::Delegate))
        .when("consult", operation(Operation::Consult))
        .when("add_signer", operation(Operation::AddSigner))
        .when("hold", operation(Operation::Hold) && task.held.is_none())
        .when("end_hold", task.held.is_some())
        .when("terminate", operation(Operation::Terminate))
        .when("hand_over", task.purpose == Purpose::Assign || actions::administers(actor, stored));
    TaskView {
        id: TaskId { case: stored.id, no: task.id },
        node_name: name_of(flow, &node),
        purpose: task.purpose,
        why: task.why.clone(),
        opened_at: task.opened_at,
        can,
        held: task.held.clone(),
        words_to_agree: match task.purpose {
            // How it was seen to by hand.
            Purpose::Mend => 1,
            _ => words_to_agree(definition, case, task, world).unwrap_or(0),
        },
        return_targets: targets.into_iter().map(|key| ReturnTarget { name: name_of(flow, &key), node: key }).collect(),
        after_return: definition.find(&node).and_then(|place| after_return(place.node)),
        rights: engine::rights(definition, case, actor.principal(), Some(task.id)),
        node,
    }
}

fn after_return(node: &engine::Node) -> Option<AfterReturn> {
    match node {
        engine::Node::Approve(node) => node.return_rule.then,
        engine::Node::Handle(node) => node.return_rule.then,
        _ => None,
    }
}

pub(super) fn name_of(flow: &CheckedFlow, key: &str) -> Text {
    flow.flow().find(key).map_or_else(start::own_step_name, |place| place.node.name().clone())
}

fn opinion_view(flow: &CheckedFlow, case: &engine::Case, opinion: &Opinion) -> OpinionView {
    let node = opinion.activation.and_then(|id| case.activation(id)).map(|visit| visit.node.clone());
    OpinionView {
        node_name: node.as_deref().map(|key| name_of(flow, key)),
        node,
        person: opinion.by.person,
        on_behalf_of: opinion.by.on_behalf_of,
        verdict: opinion.verdict,
        text: opinion.words.text.clone(),
        attachments: opinion.words.attachments.clone(),
        at: opinion.at,
    }
}

fn copy_view(copy: &Copied) -> CopyView {
    let Copied { person, must_read, why, sent_at, read_at, .. } = copy.clone();
    CopyView { person, must_read, why, sent_at, read_at }
}

/// The names of all people whose ids stand anywhere in this.
fn named(directory: &Snapshot, json: &serde_json::Value) -> BTreeMap<String, PersonName> {
    let mut people = BTreeMap::new();
    collect(directory, json, &mut people);
    people
}

fn collect(directory: &Snapshot, json: &serde_json::Value, people: &mut BTreeMap<String, PersonName>) {
    match json {
        serde_json::Value::String(text) if text.len() == 26 => {
            if let Some(person) = text.parse().ok().and_then(|id: PersonId| directory.person(id)) {
                people.insert(text.clone(), PersonName::of(person.id, directory));
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|item| collect(directory, item, people)),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| collect(directory, value, people)),
        _ => {}
    }
}

pub(crate) fn prediction(
    tx: &mut Tx,
    actor: &Actor,
    id: FlowId,
    appointment: Option<AppointmentId>,
    values: &Values,
    choices: &Choices,
) -> Result<PredictionView> {
    if actor.external {
        gallery::card(tx, actor, id)?;
    }
    let running = flows::current(tx, id)?;
    let world = start::world(tx, actor, appointment, running.flow.unit)?;
    let principal = actor.principal();
    let initiator = super::initiator_of(&world.directory, principal, appointment.or(actor.appointment), world.at);
    let flow = &*running.checked;
    let world = start::with_loads(tx, world, flow, None)?;
    let mut route = predict(flow, &initiator, values, choices, &world)?;
    if actor.external {
        outside::veil_route(&mut route, principal);
    }
    let people = named(&world.directory, &serde_json::to_value(&route).map_err(hanlin_kernel::Error::internal)?);
    let values = engine::form::foresee(flow, &initiator, values, &world);
    Ok(PredictionView { route, values, people })
}
