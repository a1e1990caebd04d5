//! Before a case: whom it would go to, and what lists will show of it.

use std::sync::Arc;

use hanlin_directory::{PersonName, Snapshot};
use hanlin_forms::form::{Field, FieldType};
use hanlin_kernel::{Actor, AppointmentId, PersonId, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::{SignedDuration, Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    gallery,
    model::{CaseId, DecisiveFact},
    store, view,
    world::World,
};
use crate::{
    MANAGE, agency,
    engine::{
        self, CheckedFlow, Initiator, Quota, Values,
        form::{Form, Rights},
    },
    flows::{self, FlowCard, FlowId, Running},
};

/// How many facts a row of a list shows.
const FACTS: usize = 2;

/// What is needed to fill in a form.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct StartView {
    pub flow: FlowCard,
    pub form: Form,
    pub rights: Rights,
    /// Under which of his appointments he may act (FLOW-36).
    pub initiator: Initiator,
    pub choices: Vec<ChoiceView>,
    /// What he confirms on submitting (FORM-13).
    pub declaration: Text,
    /// How often he may still submit it (FLOW-33).
    pub quotas: Vec<Quota>,
    /// The first day that may be asked for today, where the flow wants to be asked ahead (FLOW-34).
    #[schema(value_type = Option<String>, format = Date)]
    pub earliest: Option<Date>,
}

/// A node for which people are chosen: by the initiator (FLOW-08), or by a handler on the way (FLOW-07).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ChoiceView {
    pub node: String,
    pub name: Text,
    pub min: u32,
    pub max: Option<u32>,
    /// Whom one may choose; none: anyone in service.
    pub candidates: Option<Vec<PersonName>>,
}

impl ChoiceView {
    pub(super) fn of(
        flow: &CheckedFlow,
        choice: &engine::Choosable,
        people: Option<Vec<PersonId>>,
        directory: &Snapshot,
    ) -> Self {
        let names =
            |people: Vec<PersonId>| people.into_iter().map(|person| super::lists::name(directory, person)).collect();
        Self {
            node: choice.node.to_owned(),
            name: view::name_of(flow, choice.node),
            min: choice.min,
            max: choice.max,
            candidates: people.map(names),
        }
    }
}

pub(crate) fn start(tx: &mut Tx, actor: &Actor, id: FlowId, appointment: Option<AppointmentId>) -> Result<StartView> {
    let running = flows::current(tx, id)?;
    let world = world_to_submit(tx, actor, appointment, id, &running)?;
    let principal = actor.principal();
    let mut initiator = super::initiator_of(&world.directory, principal, appointment.or(actor.appointment), world.at);
    (initiator.person, initiator.on_behalf_of) = (actor.person, actor.on_behalf_of);
    let flow = &*running.checked;
    let card = gallery::card(tx, actor, id)?;
    let choice = |choice: engine::Choosable<'_>| {
        let people = engine::candidates(flow, &initiator, choice.node, &world);
        ChoiceView::of(flow, &choice, people, &world.directory)
    };
    let choices = engine::choosable(flow.flow()).into_iter().map(choice).collect();
    let draft = engine::Case::draft(initiator.clone());
    let rights = engine::as_told(flow, &draft, principal, engine::start_rights(flow.flow()), &world);
    let values = engine::form::foresee(flow, &initiator, &engine::Values::new(), &world);
    let form = flow.form().told(&values, &rights, &initiator.described);
    let quotas = engine::quotas(flow.flow(), &initiator, &world);
    let earliest = engine::earliest(flow.flow(), &world);
    Ok(StartView { flow: card, declaration: form.statement(), form, rights, initiator, choices, quotas, earliest })
}

/// The world as a flow of `flow_unit` sees it when this actor starts it under this appointment.
pub(crate) fn world(
    tx: &mut Tx,
    actor: &Actor,
    appointment: Option<AppointmentId>,
    flow_unit: UnitId,
) -> Result<World> {
    let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    let principal = actor.principal();
    let appointment = appointment.or(actor.appointment);
    let own = super::initiator_of(&directory, principal, appointment, at);
    world_in(tx, own.unit, flow_unit)
}

/// The same world, for submitting: it also knows how often he submitted this flow before, if that is limited.
pub(crate) fn world_to_submit(
    tx: &mut Tx,
    actor: &Actor,
    appointment: Option<AppointmentId>,
    flow: FlowId,
    running: &Running,
) -> Result<World> {
    let mut world = world(tx, actor, appointment, running.flow.unit)?;
    if !running.checked.flow().settings.limits.is_empty() {
        let since = world.at.checked_sub(SignedDuration::from_hours(24 * 370)).unwrap_or(Timestamp::MIN);
        world.submitted = store::list_submissions(tx, flow, actor.principal(), since)?;
    }
    Ok(world)
}

pub(crate) fn world_in(tx: &mut Tx, unit: Option<UnitId>, flow_unit: UnitId) -> Result<World> {
    let rules = hanlin_rulebook::rules(tx)?;
    let at = tx.now();
    let calendars = hanlin_worktime::calendars(tx)?;
    let upwards = unit.map(|unit| rules.directory.units_upwards(unit, at)).unwrap_or_default();
    let administrators = hanlin_access::people_with(tx, MANAGE, flow_unit)?;
    let calendar = calendars.nearest(&upwards).clone();
    let loads = Arc::default();
    Ok(World {
        at,
        directory: rules.directory.clone(),
        calendar,
        rules,
        administrators,
        unit,
        submitted: Vec::new(),
        loads,
        agents: None,
        records: Arc::default(),
    })
}

/// The same with what only some flows ask for: how much waits for whom, where tasks of the case itself do not count, and
/// who acts for its initiator.
pub(crate) fn with_asked(
    tx: &mut Tx,
    mut world: World,
    flow: &CheckedFlow,
    initiator: &Initiator,
    case: Option<CaseId>,
) -> Result<World> {
    if engine::asks_for_loads(flow.flow()) {
        world.loads = Arc::new(store::count_waiting(tx, case)?);
    }
    if flow.flow().settings.absence.is_some() {
        world.agents = Some(agency::acting_for(tx, initiator.principal())?);
    }
    Ok(world)
}

/// Title, search text and decisive facts of a case.
pub(crate) fn summary(
    flow: &CheckedFlow,
    case: &engine::Case,
    directory: &Snapshot,
    number: &str,
) -> (Text, String, Vec<DecisiveFact>) {
    let name = &flow.flow().name;
    let person = directory.person_name(case.initiator.principal());
    let title =
        Text { zh: format!("{} · {person}", name.zh), en: name.en.as_ref().map(|name| format!("{name} · {person}")) };
    let initials = directory.person(case.initiator.principal());
    let pinyin = initials.map(|person| format!("{} {}", person.sort_key, person.initials)).unwrap_or_default();
    let words = [title.zh.as_str(), name.en.as_deref().unwrap_or_default(), number, &pinyin].join(" ").to_lowercase();
    (title, words, facts(flow, &case.values))
}

fn facts(flow: &CheckedFlow, values: &Values) -> Vec<DecisiveFact> {
    // Whoever sees the row in a list: what is not told to all has no place there.
    let told = |field: &&Field| field.indexed && engine::is_told_to_all(flow, &field.id);
    let indexed = flow.form().form().fields.iter().filter(told);
    indexed.filter_map(|field| fact(field, values.get(&field.id)?)).take(FACTS).collect()
}

/// What tells one draft from another: its decisive facts as far as they are typed and can be read, since nobody has checked
/// them. How long a period is, is not counted before it is handed in; the day it begins stands for it.
pub(crate) fn draft_facts(flow: &CheckedFlow, values: &Values) -> Vec<DecisiveFact> {
    let begun = facts(flow, &flow.form().normalise(values)).into_iter();
    begun.filter(|fact| is_readable(&fact.kind, &fact.value)).collect()
}

fn is_readable(kind: &str, value: &Value) -> bool {
    match (kind, value) {
        ("words", _) => true,
        ("number" | "money" | "days", Value::String(number)) => number.parse::<Decimal>().is_ok(),
        ("date", Value::String(day)) => day.parse::<Date>().is_ok(),
        ("text", Value::String(_)) => true,
        _ => false,
    }
}

fn fact(field: &Field, value: &Value) -> Option<DecisiveFact> {
    let (kind, value) = match field.kind {
        FieldType::Number | FieldType::Rating => ("number", value.clone()),
        FieldType::Money => ("money", value.clone()),
        FieldType::Date => ("date", value.clone()),
        FieldType::Period => match value.get("days") {
            Some(days) => ("days", days.clone()),
            None => ("date", value.pointer("/from/date")?.clone()),
        },
        FieldType::Choice => ("words", serde_json::to_value(option(field, value.as_str()?)?).ok()?),
        FieldType::Text | FieldType::Serial => ("text", value.clone()),
        _ => return None,
    };
    Some(DecisiveFact { label: field.label.clone(), kind: kind.to_owned(), value })
}

fn option<'f>(field: &'f Field, id: &str) -> Option<&'f Text> {
    field.options.iter().find(|option| option.id == id).map(|option| &option.label)
}

/// What the initiator's own step is called.
pub(crate) fn own_step_name() -> Text {
    Text::new("发起人", "Initiator")
}
