//! Before a case: whom it would go to, and what lists will show of it.

use std::sync::Arc;

use hanlin_directory::Snapshot;
use hanlin_forms::form::{Field, FieldType};
use hanlin_kernel::{Actor, AppointmentId, Result, Text, UnitId};
use hanlin_store::Tx;
use serde_json::Value;

use super::{
    model::{CaseId, DecisiveFact},
    store,
    world::World,
};
use crate::{
    MANAGE,
    engine::{self, CheckedFlow, Values},
};

/// How many facts a row of a list shows.
const FACTS: usize = 2;

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

pub(crate) fn world_in(tx: &mut Tx, unit: Option<UnitId>, flow_unit: UnitId) -> Result<World> {
    let rules = hanlin_rulebook::rules(tx)?;
    let at = tx.now();
    let calendars = hanlin_worktime::calendars(tx)?;
    let upwards = unit.map(|unit| rules.directory.units_upwards(unit, at)).unwrap_or_default();
    let administrators = hanlin_access::people_with(tx, MANAGE, flow_unit)?;
    let calendar = calendars.nearest(&upwards).clone();
    let loads = Arc::default();
    Ok(World { at, directory: rules.directory.clone(), calendar, rules, administrators, unit, loads })
}

/// The same with how much waits for whom, if a rule of the flow asks; tasks of the case itself do not count.
pub(crate) fn with_loads(tx: &mut Tx, world: World, flow: &CheckedFlow, case: Option<CaseId>) -> Result<World> {
    if !engine::asks_for_loads(flow.flow()) {
        return Ok(world);
    }
    Ok(World { loads: Arc::new(store::count_waiting(tx, case)?), ..world })
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
    let indexed = flow.form().form().fields.iter().filter(|field| field.indexed);
    indexed.filter_map(|field| fact(field, values.get(&field.id)?)).take(FACTS).collect()
}

fn fact(field: &Field, value: &Value) -> Option<DecisiveFact> {
    let (kind, value) = match field.kind {
        FieldType::Number => ("number", value.clone()),
        FieldType::Money => ("money", value.clone()),
        FieldType::Date => ("date", value.clone()),
        FieldType::Period => ("days", value.get("days")?.clone()),
        FieldType::Choice => ("words", serde_json::to_value(option(field, value.as_str()?)?).ok()?),
        FieldType::Text => ("text", value.clone()),
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
