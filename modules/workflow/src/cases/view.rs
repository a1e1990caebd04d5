//! A case as one reader sees it: form, values and opinions within his rights, route, and what he may do.

use std::collections::BTreeMap;

use hanlin_directory::{PersonName, Snapshot};
use hanlin_files::File;
use hanlin_forms::form::{Form, Rights};
use hanlin_kernel::{Actor, Can, PersonId, Result, Text};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    CASE, actions,
    calls::{self, CallView},
    choices,
    effects::{self, EffectView, StandingEffect},
    follow_ups::{self, FollowUpView},
    free::{self, NextView, RequestView},
    model::{CaseId, StoredCase, TaskId},
    outside,
    paper::{self, PaperView},
    records::{self, RelatedRecord},
    related::{self, RelatedCase},
    repair::{self, ChangeView, RepairView},
    start, store,
    told::{self, Told},
    world::World,
};
use crate::{
    agency::{Hats, hats::has_own_part},
    engine::{
        self, Away, BareRead, CheckedFlow, Choices, FollowUp, Halt, Initiator, Route, SignedOnPaper, Stage, Status,
        Values, Why, away, can_take_back,
        case::{Closing, Copied, Hanging, OnHold, Opinion, OpinionNo, Purpose, Task},
        may_operate,
        model::{AfterReturn, Operation},
        return_targets, words_to_agree,
    },
    flows::FlowId,
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
    /// 挂起: since when it stands still, by whom and why.
    pub halt: Option<Halt>,
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
    /// What administrators put right in the form, with what stood there before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<RepairView>,
    /// The cases that it opened (子流程), and the one that opened it.
    pub called: Vec<CallView>,
    pub called_by: Option<CallView>,
    /// What it did in modules.
    pub effects: Vec<EffectView>,
    /// Of a revocation: what the case has done that it revokes, and what becomes of it (FLOW-24).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub standing: Vec<StandingEffect>,
    /// Whom he asked and who has not answered yet (加签, 委派, 征询).
    pub asked: Vec<AskedView>,
    /// The task whose decision he can take back now.
    pub to_take_back: Option<TaskId>,
    /// The nodes to which an administrator may move the case; empty for others.
    pub destinations: Vec<ReturnTarget>,
    /// `withdraw`, `urge`, `comment`, `hand_over`, `copy`, `take_back`, `report_deviation`,
    /// `terminate_case`, `move`, `repair`, `halt`, `go_on`, `revoke`, `change`.
    pub can: Can,
    /// For whom the reader acts in this case, where he does (TIME-11).
    pub acts_for: Vec<PersonId>,
    /// The people that are named by id anywhere in this view.
    pub people: BTreeMap<String, PersonName>,
    /// The files that are named by id anywhere in this view.
    pub files: BTreeMap<String, File>,
    /// The departments, posts and units that are named by id in the values, as they were called when it was handed in.
    pub names: BTreeMap<String, Text>,
    /// The records that are named by id in the values, as they were when it was handed in.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub records: BTreeMap<String, RelatedRecord>,
    /// The cases that are named by id in the values.
    pub cases: BTreeMap<String, RelatedCase>,
    /// The cases that name this one, as far as he may read them; the youngest first.
    pub named_by: Vec<RelatedCase>,
    /// The absence that it asks for, and who acts meanwhile (TIME-12).
    pub absence: Option<Away>,
    /// What follows or followed upon it, the oldest first (FLOW-24).
    pub follow_ups: Vec<FollowUpView>,
    /// Which printing for signing shows the form as it stands here; none: it was not printed so (FLOW-35).
    pub edition: Option<u32>,
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
    /// @: whom it names.
    pub mentions: Vec<PersonId>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Its number in the case.
    pub no: OpinionNo,
    /// The number of the opinion that this one puts right, and of the one that puts this one right (TRACE-03).
    pub corrects: Option<OpinionNo>,
    pub corrected_by: Option<OpinionNo>,
    /// It was given on paper: whose signature, of which day, and the scan (FLOW-35).
    pub paper: Option<SignedOnPaper>,
    /// `correct`.
    pub can: Can,
}

impl OpinionView {
    /// Whatever files it names.
    pub(super) fn files(&self) -> impl Iterator<Item = &String> {
        self.attachments.iter().chain(self.paper.iter().flat_map(|paper| &paper.scan))
    }
}

/// One of the reader's open tasks, his own or one of those for whom he acts, and what he can do with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TaskView {
    pub id: TaskId,
    /// It is this one's, for whom the reader acts (TIME-11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    pub node: String,
    pub node_name: Text,
    pub purpose: Purpose,
    /// Why it came to him.
    pub why: Vec<Why>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opened_at: Option<Timestamp>,
    /// `approve`, `complete`, `pass_on`, `print`, `try_again`, `resubmit`, `advise`, `reject`, `abstain`, `return`, `fail_review`, `transfer`, `delegate`, `consult`,
    /// `add_signer`, `hold`, `end_hold`, `terminate`, `give_back`, `hand_over`; before it is claimed only `claim`.
    pub can: Can,
    /// Since when and why he keeps it on hold.
    pub held: Option<OnHold>,
    /// Fewest characters of an opinion to agree or complete; 0: none needed. Rejecting and returning always need words.
    pub words_to_agree: u32,
    /// What a bare 已阅 means at this node (FLOW-17), and the ways of saying it.
    pub bare_read: Option<BareRead>,
    pub read_phrases: Vec<String>,
    /// The nodes for which he chooses people when he agrees (FLOW-07).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<start::ChoiceView>,
    /// Where it is done on paper: what he must know of it (FLOW-35).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<PaperView>,
    /// Of a free node: whom he may name next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextView>,
    /// What whoever passed it on to him says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestView>,
    /// What is otherwise in the form than when he decided at this node before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeView>,
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

pub(crate) fn case(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<CaseView> {
    let stored = store::find_to_read(tx, actor, id)?;
    let flow = follow_ups::flow_of(tx, &stored)?;
    let world = actions::world_of(tx, &stored)?;
    let case = &stored.state;
    let world = start::with_asked(tx, world, &flow, &case.initiator, Some(id))?;
    let hats = Hats::of(tx, actor)?;
    let Told { readers, acts_for, rights, values, opinions } = told::told(tx, actor, &hats, &stored, &flow, &world)?;
    let route = engine::route_for(&flow, case, &readers, &world)?;
    let own = told::own_tasks(actor, &hats, &stored);
    let follow_ups = follow_ups::views(tx, actor, &stored, &rights)?;
    let absence = away(flow.flow(), &case.initiator, &case.values, &world);
    let absence = absence.filter(|away| rights.of(&away.field).reads() && !actor.external);
    let possible = follow_ups::possible(tx, actor, &hats, &flow, &stored)?;
    let seen = store::seen_at(tx, id)?.into_iter().map(|(no, seen_at)| SeenTask { no, seen_at }).collect();
    let (called, called_by) = calls::views(tx, actor, &stored)?;
    let standing = follow_ups::standing_effects(tx, actor, &stored)?;
    let mut view = CaseView {
        id,
        number: stored.number.clone(),
        title: stored.title.clone(),
        flow: stored.flow,
        flow_name: flow.flow().name.clone(),
        status: case.status,
        stage: case.stage(),
        halt: case.halt.clone(),
        initiator: case.initiator.clone(),
        submitted_at: case.submitted_at,
        finished_at: case.finished_at,
        form: flow.form().told(&case.values, &rights, &case.initiator.described),
        rights: rights.clone(),
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
        repairs: repair::views(&flow, case, &rights),
        called,
        called_by,
        effects: effects::views(tx, actor, id)?,
        standing,
        asked: asked(&flow, &readers, &stored),
        to_take_back: to_take_back(&flow, actor, &hats, &stored),
        destinations: destinations(&flow, &world, actor, &stored),
        can: may(&flow, actor, &hats, &stored)
            .when("list_readers", super::access::may_ask(tx, actor, &stored)?)
            .when("revoke", possible.contains(&FollowUp::Revoke))
            .when("change", possible.contains(&FollowUp::Change)),
        acts_for,
        people: BTreeMap::new(),
        files: files(tx, &stored)?,
        names: BTreeMap::new(),
        records: BTreeMap::new(),
        cases: BTreeMap::new(),
        named_by: related::named_by(tx, actor, id)?,
        absence,
        follow_ups,
        edition: case.edition(),
        version: stored.version,
    };
    view.cases = related::named_in(tx, actor, &view.form, &view.values)?;
    view.records = records::named_in(tx, actor, stored.flow, id, &view.form, &view.values)?;
    view.names = choices::names_of(&view.form, &view.values, &world.directory, case.submitted_at.unwrap_or(world.at));
    if actor.external {
        outside::veil(&mut view, actor.principal());
    }
    let shown = told::files(&view.values, &view.opinions);
    view.files.retain(|id, _| shown.contains(id));
    // What follows upon it is told by its own line.
    let CaseView { named_by, follow_ups, .. } = &mut view;
    named_by.retain(|one| follow_ups.iter().all(|other| other.case.id != one.id));
    view.people = named(&world.directory, &serde_json::to_value(&view).map_err(hanlin_kernel::Error::internal)?);
    Ok(view)
}

/// Its files; of what follows upon a case, those of that case as well.
fn files(tx: &mut Tx, stored: &StoredCase) -> Result<BTreeMap<String, File>> {
    let first = stored.state.values.get(engine::FOLLOWED).filter(|_| stored.plan.is_some());
    let first = first.and_then(|named| named.as_array()?.first()?.as_str().map(str::to_owned));
    let mut files = BTreeMap::new();
    for thing in first.into_iter().chain([stored.id.to_string()]) {
        files.extend(hanlin_files::list_of(tx, CASE, &thing)?.into_iter().map(|file| (file.id.to_string(), file)));
    }
    Ok(files)
}

/// What he may do with the case as a whole: what is his, and what he may do for others in it.
fn may(flow: &CheckedFlow, actor: &Actor, hats: &Hats, stored: &StoredCase) -> Can {
    let case = &stored.state;
    let is_open = case.status == Status::Running;
    // While it stands still it is only talked about, handed over and ended.
    let running = is_open && case.halt.is_none();
    let mut people = hats.in_case(actor.person, stored);
    people.push(actor.principal());
    let is_any = |test: &dyn Fn(PersonId) -> bool| people.iter().any(|person| test(*person));
    // Who handed it in for another does what the initiator does as long as he acts for him.
    let filed_for = case.initiator.on_behalf_of.filter(|other| *other != actor.principal());
    let initiator = match filed_for.filter(|_| case.initiator.person == actor.principal()) {
        Some(principal) => hats.starts(principal, stored.flow),
        None => case.initiator.is(actor.principal()),
    };
    let administers = actions::administers(actor, stored);
    let others_at_work = case.open_tasks().any(|task| !people.contains(&task.person));
    let copies = |task: &Task| people.contains(&task.person) && allows(flow, case, task, Operation::Copy);
    let has_part = is_any(&|person| has_own_part(case, person));
    Can::none()
        .when("withdraw", running && initiator && flow.flow().settings.withdraw != Some(false))
        .when(
            "urge",
            running && others_at_work && (initiator || administers || is_any(&|person| has_handled(case, person))),
        )
        .when("comment", is_open && (has_part || administers))
        .when("copy", running && (initiator || administers || case.open_tasks().any(copies)))
        .when("take_back", to_take_back(flow, actor, hats, stored).is_some())
        .when("report_deviation", running && has_part)
        .when("hand_over", is_open && administers)
        .when("terminate_case", is_open && administers)
        .when("move", running && administers)
        .when("repair", is_open && administers)
        .when("halt", running && administers)
        .when("go_on", is_open && case.halt.is_some() && administers)
}

fn allows(flow: &CheckedFlow, case: &engine::Case, task: &Task, operation: Operation) -> bool {
    may_operate(flow.flow(), case, task, operation)
}

/// Whom he asked, as long as both are at it.
fn asked(flow: &CheckedFlow, readers: &[PersonId], stored: &StoredCase) -> Vec<AskedView> {
    let case = &stored.state;
    let waited = case.tasks.iter().filter(|task| !task.state.is_closed());
    let of_his = waited.filter_map(|signer| {
        let hangs = signer.hangs?;
        let mine = case.task(hangs.on).filter(|task| readers.contains(&task.person) && !task.state.is_closed())?;
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

fn to_take_back(flow: &CheckedFlow, actor: &Actor, hats: &Hats, stored: &StoredCase) -> Option<TaskId> {
    let case = &stored.state;
    if case.halt.is_some() {
        return None;
    }
    let is_mine = |task: &&Task| {
        let as_agent = task.is_done_by(actor.person) && hats.does(actor.person, stored, task);
        task.person == actor.principal() || as_agent
    };
    let mine = case.tasks.iter().rev().filter(is_mine);
    let possible = |task: &&Task| {
        matches!(task.closing(), Some(Closing::Approved | Closing::Completed | Closing::PassedOn))
            && allows(flow, case, task, Operation::TakeBack)
            && can_take_back(flow.flow(), case, task)
    };
    mine.into_iter().find(possible).map(|task| TaskId { case: stored.id, no: task.id })
}

fn destinations(flow: &CheckedFlow, world: &World, actor: &Actor, stored: &StoredCase) -> Vec<ReturnTarget> {
    if stored.state.status != Status::Running || !actions::administers(actor, stored) {
        return Vec::new();
    }
    let people_act = |node: &&engine::Node| {
        matches!(node, engine::Node::Approve(_) | engine::Node::Handle(_) | engine::Node::Free(_))
    };
    let nodes = flow.flow().nodes().into_iter().filter(people_act).map(|node| node.key().to_owned());
    let all = std::iter::once(engine::model::START.to_owned()).chain(nodes);
    // Where it would go on without what only its module can do, it is not moved.
    let all = all.filter(|node| engine::passed_over(flow, &stored.state, node, world).is_none());
    all.map(|node| ReturnTarget { name: name_of(flow, &node), node }).collect()
}

fn has_handled(case: &engine::Case, person: PersonId) -> bool {
    case.tasks.iter().any(|task| task.person == person && task.state.is_closed())
}

fn task_view(flow: &CheckedFlow, world: &World, actor: &Actor, stored: &StoredCase, task: &Task) -> TaskView {
    let of_another = task.person != actor.principal();
    let (definition, case) = (flow.flow(), &stored.state);
    let node = case.activation(task.activation).map(|visit| visit.node.clone()).unwrap_or_default();
    let targets = return_targets(definition, case, task);
    let operation = |operation| may_operate(definition, case, task, operation);
    let to_claim = engine::is_to_claim(definition, case, task);
    // Who is from outside does not know whom there is (ORG-24).
    let next = engine::nameable(flow, case, task, world).filter(|_| !actor.external);
    let paper = paper::view(flow, case, task, world);
    let in_hand = Can::none()
        .when("approve", task.purpose == Purpose::Approve)
        .when("complete", matches!(task.purpose, Purpose::Handle | Purpose::Mend) && engine::may_see_to_it(case, task))
        .when("pass_on", next.is_some())
        .when("print", paper.is_some())
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
        .when("give_back", task.claimed.is_some() && case.others_in_pool(task) > 0);
    // Until somebody has claimed it, nothing else can be done with it.
    let can = match to_claim {
        _ if case.halt.is_some() => Can::none(),
        true => Can::none().when("claim", true),
        false => in_hand,
    };
    let can = can.when("hand_over", task.purpose == Purpose::Assign || actions::administers(actor, stored));
    let rights = engine::rights(flow, case, task.person, Some(task.id), world);
    TaskView {
        id: TaskId { case: stored.id, no: task.id },
        on_behalf_of: of_another.then_some(task.person),
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
        choices: engine::to_choose(definition, case, task)
            .iter()
            .map(|choice| {
                let people = engine::candidates_in(flow, case, choice.node, world);
                start::ChoiceView::of(flow, choice, people, &world.directory)
            })
            .collect(),
        paper: paper.filter(|_| !to_claim),
        next: next.map(|next| NextView::of(next, &world.directory)),
        requests: free::requests(case, task),
        changes: repair::told(flow, &rights, &engine::changes_for(definition, case, task)),
        bare_read: engine::bare_read(definition, case, task, world),
        read_phrases: engine::read_phrases(world),
        return_targets: targets.into_iter().map(|key| ReturnTarget { name: name_of(flow, &key), node: key }).collect(),
        after_return: match task.purpose {
            Purpose::Mend => Some(AfterReturn::WalkAgain),
            _ => definition.find(&node).and_then(|place| after_return(place.node)),
        },
        rights,
        node,
    }
}

fn after_return(node: &engine::Node) -> Option<AfterReturn> {
    match node {
        engine::Node::Approve(node) => node.return_rule.then,
        engine::Node::Handle(node) => node.return_rule.then,
        engine::Node::Free(node) => node.return_rule.then,
        _ => None,
    }
}

pub(super) fn name_of(flow: &CheckedFlow, key: &str) -> Text {
    flow.flow().find(key).map_or_else(start::own_step_name, |place| place.node.name().clone())
}

/// A correction is shown with the verdict that it leaves as it was.
pub(super) fn opinion_view(
    flow: &CheckedFlow,
    actor: &Actor,
    case: &engine::Case,
    no: OpinionNo,
    opinion: &Opinion,
) -> OpinionView {
    let correctable = case.status == Status::Running && case.can_correct(no, actions::acting(actor)).is_ok();
    let node = opinion.activation.and_then(|id| case.activation(id)).map(|visit| visit.node.clone());
    OpinionView {
        node_name: node.as_deref().map(|key| name_of(flow, key)),
        node,
        person: opinion.by.person,
        on_behalf_of: opinion.by.on_behalf_of,
        verdict: case.said_first(opinion).verdict,
        text: opinion.words.text.clone(),
        attachments: opinion.words.attachments.clone(),
        mentions: opinion.words.mentions.clone(),
        at: opinion.at,
        no,
        corrects: opinion.corrects,
        corrected_by: case.correction_of(no),
        paper: opinion.paper.clone(),
        can: Can::none().when("correct", correctable),
    }
}

fn copy_view(copy: &Copied) -> CopyView {
    let Copied { person, must_read, why, sent_at, read_at, .. } = copy.clone();
    CopyView { person, must_read, why, sent_at, read_at }
}

/// The same names, with those of who acts meanwhile.
pub(super) fn named_too(
    mut people: BTreeMap<String, PersonName>,
    directory: &Snapshot,
    absence: &Option<Away>,
) -> Result<BTreeMap<String, PersonName>> {
    people.extend(named(directory, &serde_json::to_value(absence).map_err(hanlin_kernel::Error::internal)?));
    Ok(people)
}

/// The names of all people whose ids stand anywhere in this.
pub(super) fn named(directory: &Snapshot, json: &serde_json::Value) -> BTreeMap<String, PersonName> {
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
