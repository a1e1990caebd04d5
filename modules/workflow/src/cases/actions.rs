use hanlin_files::{File, Owner};
use hanlin_forms::form::{Field, FieldType};
use hanlin_kernel::{Actor, AppointmentId, Error, FieldError, Id, PersonId, Result};
use hanlin_rulebook::Mode;
use hanlin_store::{Key, Tx};
use serde_json::Value;

use super::{
    CASE, awaited, choices, effects,
    events::{self, CaseChanged},
    follow_ups,
    model::{CaseId, StoredCase, TaskId},
    notices, paper, query, records, refused, related,
    start::{self, summary},
    store, told,
    world::{World, initiator_of},
};
use crate::{
    MANAGE,
    agency::{self, Hats, Wearing},
    engine::{
        self, CheckedFlow, Choices, Command, Event, Facts, Intent, Refusal, Values, Via, What, access, apply, decide,
        facts::Acting, form::serial_numbers,
    },
    flows::{self, FlowId},
    leaving::apart,
};

/// What is handed in.
#[derive(Clone, Debug)]
pub struct Submission {
    pub flow: FlowId,
    pub appointment: Option<AppointmentId>,
    /// For whom, as his agent.
    pub on_behalf_of: Option<PersonId>,
    pub values: Values,
    pub choices: Choices,
    pub confirmed: bool,
}

/// 提交: opens a case, for himself or for one whose agent he is. Gives its id, and what he is to be told of rules that he
/// broke and that only warn.
pub(crate) fn submit(tx: &mut Tx, actor: &Actor, submission: Submission) -> Result<Begun> {
    let worn = agency::hats::to_start(tx, actor, submission.on_behalf_of, submission.flow)?;
    let actor = &worn.actor;
    let running = flows::current(tx, submission.flow)?;
    let world = start::world_to_submit(tx, actor, submission.appointment, submission.flow, &running)?;
    let flow = &*running.checked;
    let mut draft = engine::Case::draft(initiator(&world, actor, submission.appointment));
    let world = start::with_asked(tx, world, flow, &draft.initiator, None)?;
    let today = world.day_of(world.at);
    draft.values = serial_numbers(flow, &draft.initiator, today, |field, series| {
        store::next_in_series(tx, submission.flow, field, series)
    })?;
    let Submission { values, choices, confirmed, .. } = submission;
    let records = records::known(tx, actor, submission.flow, flow.form().form(), &values)?;
    let world = World { records, ..world };
    let intent = Intent::Submit { values, choices, confirmed };
    let beginning = Beginning { flow: submission.flow, version: running.version, plan: None };
    begin(tx, &worn, flow, &world, beginning, draft, intent)
}

/// A case that was begun.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub id: CaseId,
    pub warnings: Vec<FieldError>,
}

/// What a new case runs on.
pub(super) struct Beginning {
    pub flow: FlowId,
    pub version: flows::VersionId,
    /// A flow that was made for it alone.
    pub plan: Option<Box<engine::Flow>>,
}

/// A case that begins, with all that follows.
pub(super) fn begin(
    tx: &mut Tx,
    worn: &Wearing,
    flow: &CheckedFlow,
    world: &World,
    beginning: Beginning,
    draft: engine::Case,
    intent: Intent,
) -> Result<Begun> {
    let actor = &worn.actor;
    let decided = decide(&draft, flow, Command::new(acting(actor), intent), world);
    let events = decided.map_err(|refusal| refused::told(refusal, actor, flow, world))?;
    let state = replay(draft.clone(), &events);
    let id: CaseId = Id::new();
    let (title, search, facts) = summary(flow, &state, &world.directory, &number(id, world.at));
    let Beginning { flow: flow_id, version, plan } = beginning;
    let case = StoredCase {
        id,
        number: number(id, world.at),
        flow: flow_id,
        flow_version: version,
        plan,
        title,
        search,
        facts,
        unit: state.initiator.unit,
        department: state.initiator.department,
        version: 1,
        updated_at: world.at,
        state,
    };
    let values = (&draft.values, &case.state.values);
    choices::check(tx, actor, flow.form().form(), &draft.values, &case.state.values)?;
    records::check(tx, actor, case.flow, flow.form().form(), values)?;
    related::check(tx, actor, id, flow.form().form(), &draft.values, &case.state.values)?;
    attach_new(tx, actor, flow, id, &draft.values, &case.state.values, &events)?;
    store::insert(tx, &case)?;
    query::begin(tx, flow, &case)?;
    related::link(tx, id, flow.form().form(), &draft.values, &case.state.values)?;
    records::keep(tx, actor, case.flow, id, flow.form().form(), values)?;
    let warnings = events.iter().filter_map(warning).collect();
    follow(tx, worn, flow, &case, &draft, events)?;
    effects::perform(tx, case)?;
    Ok(Begun { id, warnings })
}

/// What submissions of this flow wait for one another on: the count of its serial numbers.
pub(crate) fn keys_to_submit(tx: &mut Tx, flow: FlowId) -> Result<Vec<Key>> {
    // Where it cannot be submitted at all, the unit that tries says so.
    let Ok(running) = flows::current(tx, flow) else { return Ok(Vec::new()) };
    let counts = |field: &Field| field.kind == FieldType::Serial;
    let counted = running.checked.form().form().fields.iter().any(counts);
    Ok(counted.then(|| Key::of(flow)).into_iter().collect())
}

/// Does something with a case that he may see. Everything that follows is in the same unit. Gives what he is to be told
/// of rules that he broke and that only warn.
pub(crate) fn act(tx: &mut Tx, actor: &Actor, id: CaseId, intent: Intent) -> Result<Vec<FieldError>> {
    let (case, worn) = agency::hats::to_act(tx, actor, id, &intent)?;
    // Who is from outside does not know whom there is (ORG-24).
    let named = intent.words().and_then(|words| words.mentions.first());
    if let (true, Some(person)) = (actor.external, named) {
        return Err(Refusal::MayNotMention { person: *person }.into());
    }
    let command = Command::new(acting(&worn.actor), intent);
    let command = Command { administrator: administers(&worn.actor, &case), ..command };
    run(tx, &worn, case, command)
}

/// What an administrator does with a case in hand, who need not be able to read it.
pub(super) fn administrate(tx: &mut Tx, actor: &Actor, case: StoredCase, intent: Intent) -> Result<Vec<FieldError>> {
    run(tx, &Wearing::himself(actor), case, Command::as_administrator(acting(actor), intent))
}

/// A command on a case in hand, with all that follows: also what it does in modules.
pub(super) fn run(tx: &mut Tx, worn: &Wearing, case: StoredCase, command: Command) -> Result<Vec<FieldError>> {
    let (case, warnings) = step(tx, worn, case, command)?;
    effects::perform(tx, case)?;
    Ok(warnings)
}

/// The same up to where it does something in a module. Gives the case as it is then.
pub(super) fn step(
    tx: &mut Tx,
    worn: &Wearing,
    mut case: StoredCase,
    command: Command,
) -> Result<(StoredCase, Vec<FieldError>)> {
    let (id, actor) = (case.id, &worn.actor);
    let flow = follow_ups::flow_of(tx, &case)?;
    let world = world_of(tx, &case)?;
    let world = start::with_asked(tx, world, &flow, &case.state.initiator, Some(id))?;
    let records = match command.intent.values() {
        Some(values) => records::known(tx, actor, case.flow, flow.form().form(), values)?,
        None => Default::default(),
    };
    let world = World { records, ..world };
    let decided = decide(&case.state, &flow, command, &world);
    let events = decided.map_err(|refusal| refused::told(refusal, actor, &flow, &world))?;
    let before = case.state.clone();
    case.state = replay(case.state, &events);
    case.updated_at = world.at;
    let (title, search, facts) = summary(&flow, &case.state, &world.directory, &case.number);
    (case.title, case.search, case.facts) = (title, search, facts);
    let values = (&before.values, &case.state.values);
    choices::check(tx, actor, flow.form().form(), &before.values, &case.state.values)?;
    records::check(tx, actor, case.flow, flow.form().form(), values)?;
    related::check(tx, actor, id, flow.form().form(), &before.values, &case.state.values)?;
    related::link(tx, id, flow.form().form(), &before.values, &case.state.values)?;
    records::keep(tx, actor, case.flow, id, flow.form().form(), values)?;
    attach_new(tx, actor, &flow, id, &before.values, &case.state.values, &events)?;
    paper::attach(tx, actor, &world, id, &events)?;
    store::save(tx, &case)?;
    query::keep(tx, &flow, &case, &before.values)?;
    let warnings = events.iter().filter_map(warning).collect();
    follow(tx, worn, &flow, &case, &before, events)?;
    follow_ups::settle(tx, &case)?;
    Ok((case, warnings))
}

/// The sentence about a rule that was broken and warns. One that only notes tells nobody.
fn warning(event: &Event) -> Option<FieldError> {
    let What::RuleBroken { rule, mode: Mode::Warn, asked, done, clause } = &event.what else { return None };
    let number = clause.as_ref().map(|clause| clause.number.as_str()).unwrap_or_default();
    let mut warning = FieldError::new(rule, format!("workflow.broken.{rule}"));
    warning = warning.with("asked", asked.clone()).with("clause", number);
    Some(done.as_object().into_iter().flatten().fold(warning, |all, (name, value)| all.with(name, value.clone())))
}

/// He looks at it: his tasks and copies count as opened, his notifications as read (TIME-14, TRACE-06).
pub(crate) fn open_case(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<()> {
    let reader = actor.principal();
    let case = store::find_to_read(tx, actor, id)?;
    let new = store::note_seen(tx, id, reader)? + note_looks(tx, actor, &case)?;
    hanlin_notify::read_about(tx, reader, &link(id))?;
    let unread = case.state.copies.iter().find(|copy| copy.person == reader && copy.read_at.is_none());
    match unread {
        // One at a time: each reading is an entry of its own.
        Some(copy) => act(tx, actor, id, Intent::Read { copy: copy.id }).map(|_| ()),
        None if new > 0 => {
            tx.announce("workflow.seen", &events::stream(id), hanlin_kernel::Audience::People(vec![reader]));
            Ok(())
        }
        None => Ok(()),
    }
}

/// An agent looks at the tasks of his principals: whether they have looked themselves is another matter.
fn note_looks(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<u64> {
    let hats = Hats::of(tx, actor)?;
    let mut new = 0;
    for task in case.state.open_tasks().filter(|task| hats.does(actor.person, case, task)) {
        new += agency::note_look(tx, case.id, task.id, actor.person)?;
    }
    Ok(new)
}

/// The world as this case sees it: by its initiator's unit.
pub(crate) fn world_of(tx: &mut Tx, case: &StoredCase) -> Result<World> {
    let unit = flows::find_flow(tx, case.flow)?.unit;
    start::world_in(tx, case.unit, unit)
}

/// May he hand over and urge as the flow's administrator?
pub(crate) fn administers(actor: &Actor, case: &StoredCase) -> bool {
    case.unit.is_some_and(|unit| actor.reaches(MANAGE, unit)) || actor.reaches_all(MANAGE)
}

pub(crate) fn acting(actor: &Actor) -> Acting {
    Acting { person: actor.person, on_behalf_of: actor.on_behalf_of }
}

pub(crate) fn link(id: CaseId) -> String {
    format!("/cases/{id}")
}

fn initiator(world: &World, actor: &Actor, appointment: Option<AppointmentId>) -> engine::Initiator {
    let principal = actor.principal();
    let appointment = appointment.or(actor.appointment.filter(|_| actor.on_behalf_of.is_none()));
    let mut initiator = initiator_of(&world.directory, principal, appointment, world.at);
    initiator.on_behalf_of = actor.on_behalf_of;
    initiator.person = actor.person;
    initiator
}

fn replay(case: engine::Case, events: &[Event]) -> engine::Case {
    events.iter().fold(case, apply)
}

/// Brings lists, access, notifications and the trace to what happened.
fn follow(
    tx: &mut Tx,
    worn: &Wearing,
    flow: &CheckedFlow,
    case: &StoredCase,
    before: &engine::Case,
    events: Vec<Event>,
) -> Result<()> {
    let after = &case.state;
    let part = takers_of_part(after);
    apart(&*hanlin_directory::snapshot(tx)?, after.initiator.person, &part)?;
    for event in &events {
        for (person, via) in access(after, event) {
            store::grant_access(tx, case.id, person, via)?;
        }
    }
    for (index, task) in after.tasks.iter().enumerate() {
        let to_claim = engine::is_to_claim(flow.flow(), after, task);
        let on_paper = engine::is_on_paper(flow.flow(), after, task);
        let was_to_claim = before.tasks.get(index).is_some_and(|task| engine::is_to_claim(flow.flow(), before, task));
        if before.tasks.get(index) != Some(task) || to_claim != was_to_claim {
            let node = after.activation(task.activation).map(|visit| visit.node.as_str()).unwrap_or_default();
            let name = flow.flow().find(node).map(|place| place.node.name().clone());
            let id = TaskId { case: case.id, no: task.id };
            let marks = store::Marks { to_claim, on_paper };
            store::save_task(tx, id, task, marks, node, &name.unwrap_or_else(start::own_step_name))?;
        }
    }
    for (index, copy) in after.copies.iter().enumerate() {
        if before.copies.get(index) != Some(copy) {
            store::save_copy(tx, case.id, copy)?;
        }
    }
    note_hands(tx, worn, case.id, &events)?;
    let agents = agency::told_of(tx, case)?;
    awaited::watch(tx, case, before)?;
    effects::note(tx, case, before)?;
    notices::tell(tx, flow, case, &events)?;
    agency::tell(tx, flow, case, worn, &events, &agents)?;
    let kind = events::kind_of(&events);
    let mut people = part;
    people.extend(agents.iter().map(|each| each.agent));
    if notices::is_kept_back(flow.flow(), after, &events) {
        // Their screens read again, and are not told by what.
        let audience = hanlin_kernel::Audience::People(std::mem::take(&mut people));
        tx.announce(events::CHANGED, &events::stream(case.id), audience);
    }
    tx.record(CaseChanged { case: case.id, kind, events, people });
    Ok(())
}

/// The lists "done": of whose work it was, and of who did it for him. From then on the agent sees what he did.
fn note_hands(tx: &mut Tx, worn: &Wearing, id: CaseId, events: &[Event]) -> Result<()> {
    let (person, principal) = (worn.actor.person, worn.actor.principal());
    let agent = Some(person).filter(|_| worn.as_agent);
    if events.iter().any(is_handling) {
        store::note_hand(tx, id, &store::Hand { person: principal, done_by: agent, done_for: None })?;
    }
    if worn.as_agent {
        store::note_hand(tx, id, &store::Hand { person, done_by: None, done_for: Some(principal) })?;
        store::grant_access(tx, id, person, Via::Agent)?;
        tx.act_for(principal);
    }
    Ok(())
}

/// What puts a case on the list "done".
fn is_handling(event: &Event) -> bool {
    matches!(
        event.what,
        What::Approved { .. }
            | What::Completed { .. }
            | What::PassedOn { .. }
            | What::Rejected { .. }
            | What::Abstained { .. }
            | What::Returned { .. }
            | What::HandedOver { .. }
            | What::Transferred { .. }
            | What::Delegated { .. }
            | What::Consulted { .. }
            | What::Advised { .. }
            | What::SignersAdded { .. }
            | What::SignerRemoved { .. }
            | What::TakenBack { .. }
            | What::Terminated { .. }
            | What::Moved { .. }
            | What::GivenBack { .. }
            | What::Halted { .. }
            | What::Continued { .. }
            | What::Repaired { .. }
            | What::TriedAgain { .. }
    )
}

fn takers_of_part(case: &engine::Case) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = [case.initiator.person, case.initiator.principal()]
        .into_iter()
        .chain(case.tasks.iter().map(|task| task.person))
        .chain(case.copies.iter().map(|copy| copy.person))
        .collect();
    people.sort();
    people.dedup();
    people
}

/// Uploads named in the form or in words become part of the case; only one's own may.
fn attach_new(
    tx: &mut Tx,
    actor: &Actor,
    flow: &CheckedFlow,
    id: CaseId,
    before: &Values,
    after: &Values,
    events: &[Event],
) -> Result<()> {
    let case = id.to_string();
    let holds_files = |field: &&Field| field.kind.holds_files();
    for field in flow.form().form().fields.iter().filter(holds_files) {
        if before.get(&field.id) != after.get(&field.id) {
            let ids = file_ids(after.get(&field.id), &format!("values.{}", field.id))?;
            let place = format!("values.{}", field.id);
            hanlin_files::attach(tx, actor, &ids, CASE, &case, &place)?;
            if field.kind != FieldType::Attachment {
                only_pictures(tx, actor, field.kind, &ids, &case, &place)?;
            }
        }
    }
    for words in events.iter().filter_map(words_of).filter(|words| !words.attachments.is_empty()) {
        let ids = file_ids(Some(&Value::from(words.attachments.clone())), "attachments")?;
        hanlin_files::attach(tx, actor, &ids, CASE, &case, "attachments")?;
    }
    Ok(())
}

/// Pictures of any kind; what is drawn by hand is a PNG, as the canvas makes it.
fn only_pictures(tx: &mut Tx, actor: &Actor, kind: FieldType, ids: &[Id<File>], case: &str, place: &str) -> Result<()> {
    let files = hanlin_files::check_attachable(tx, actor, ids, CASE, case, place)?;
    let wanted = if kind == FieldType::Handwriting { "image/png" } else { "image/" };
    match files.iter().find(|file| !file.media_type.starts_with(wanted)) {
        None => Ok(()),
        Some(file) => {
            let error = FieldError::new(place, "workflow.not_a_picture").with("name", file.name.as_str());
            Err(Error::Invalid(vec![error]))
        }
    }
}

pub(super) fn file_ids(value: Option<&Value>, field: &str) -> Result<Vec<Id<File>>> {
    let listed = value.and_then(Value::as_array).into_iter().flatten();
    listed
        .map(|id| {
            let id = id.as_str().and_then(|id| id.parse().ok());
            id.ok_or_else(|| Error::invalid(field, "files.unknown"))
        })
        .collect()
}

/// What was said with it.
pub(super) fn words_of(event: &Event) -> Option<&engine::Words> {
    match &event.what {
        What::Resubmitted { words, .. }
        | What::Approved { words, .. }
        | What::Completed { words, .. }
        | What::PassedOn { words, .. }
        | What::Rejected { words, .. }
        | What::Abstained { words, .. }
        | What::Returned { words, .. }
        | What::HandedOver { words, .. }
        | What::Transferred { words, .. }
        | What::Delegated { words, .. }
        | What::Consulted { words, .. }
        | What::Advised { words, .. }
        | What::SignersAdded { words, .. }
        | What::SignerRemoved { words, .. }
        | What::Held { words, .. }
        | What::TakenBack { words, .. }
        | What::Terminated { words, .. }
        | What::Moved { words, .. }
        | What::DeviationReported { words, .. }
        | What::Urged { words, .. }
        | What::Commented { words, .. }
        | What::OpinionCorrected { words, .. }
        | What::GivenBack { words, .. }
        | What::Halted { words }
        | What::Continued { words }
        | What::Repaired { words, .. }
        | What::Withdrawn { words } => Some(words),
        _ => None,
    }
}

/// What people call a case: the day it was submitted, and eight signs of its id that nobody mistakes for one another.
/// No counter stands behind it, so that thousands who submit at once do not wait for one another; of ten thousand in a
/// day, two are called the same once in sixty years. With six signs it was once in three weeks.
fn number(id: CaseId, at: jiff::Timestamp) -> String {
    let day = at.to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC)).date();
    let signs = id.to_string();
    format!("{}-{}", day.strftime("%Y%m%d"), signs[signs.len() - 8..].to_uppercase())
}

/// An attachment of a case is opened by whoever is told of what names it.
pub struct CaseFiles;

impl Owner for CaseFiles {
    fn may_open(&self, tx: &mut Tx, actor: &Actor, thing: &str, file: Id<File>) -> Result<bool> {
        let Some(id) = thing.parse().ok() else { return Ok(false) };
        told::names_file(tx, actor, id, &file.to_string())
    }

    fn is_unnoted(&self, tx: &mut Tx, actor: &Actor, thing: &str) -> Result<bool> {
        thing.parse().map_or(Ok(false), |id| query::is_unnoted(tx, actor, id))
    }

    fn note(&self, tx: &mut Tx, actor: &Actor, thing: &str) -> Result<()> {
        thing.parse().map_or(Ok(()), |id| query::note(tx, actor, id))
    }
}
