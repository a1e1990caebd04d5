//! What approved cases do here (ORG-08): a transfer or a resignation drafts an order, which waits for the personnel
//! administrator. What could not be carried out is refused at once, while those who can mend it still remember.

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, DepartmentId, Error, Locale, PersonId, PostId, RefusalCode, Result, Text, UnitId};
use hanlin_store::{Ports, Tx};
use hanlin_workflow::{Asked, Effect, Made, MadeBy, Opens, Outcome, Standing, Undo};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde_json::{Value, json};

use crate::{
    actions,
    model::{Change, Class, Content, Order, Origin, Target},
    policy::READ,
    register,
    rules::{self, Refusal},
    store,
};

/// Where orders are read, within the client.
pub(crate) const UNDER: &str = "/admin/orders/";

pub(crate) fn ports() -> Ports {
    Ports::default()
        .with(Effect { name: "organisation.transfer", run: transfer })
        .with(Effect { name: "organisation.leave", run: leave })
        .with(Undo { name: "organisation.transfer", standing, undo, stays })
        .with(Undo { name: "organisation.leave", standing, undo, stays })
        .with(Opens { under: UNDER, may_open })
        .with(register::REGISTER)
}

/// A draft goes with its case, unless personnel changed it since; what was issued goes by an order that turns it back.
fn standing(tx: &mut Tx, by: &MadeBy) -> Result<Standing> {
    let order = actions::order_of_case(tx, by.case, &by.node)?;
    Ok(order
        .map_or(Standing::Gone, |order| if rules::goes_with_case(&order) { Standing::Loose } else { Standing::Firm }))
}

fn undo(tx: &mut Tx, by: &MadeBy) -> Result<()> {
    actions::withdraw_of_case(tx, by.case, &by.node)
}

fn stays(tx: &mut Tx, by: &MadeBy) -> Result<()> {
    actions::tell_of_revocation(tx, by.case, &by.node)
}

/// 调岗: the main appointment of each of these people becomes that post in that department, from that day on.
fn transfer(tx: &mut Tx, asked: &Asked) -> Result<Outcome> {
    let people: Vec<PersonId> = ids(asked, "person");
    let department = one::<DepartmentId>(asked, "department")?;
    let post = one::<PostId>(asked, "post")?;
    let unit = unit_of(tx, &people)?;
    let from = begins(tx, unit, day(asked, "from")?)?;
    let directory = hanlin_directory::snapshot(tx)?;
    let at = from.unwrap_or(tx.now());
    let mut changes = Vec::new();
    for person in &people {
        let held = directory.main_appointment(*person, at);
        let held = held.ok_or_else(|| Refusal::NoAppointment { person: directory.person_name(*person).to_string() })?;
        if held.post == post && held.place == Place::Department(department) {
            return Err(Refusal::AlreadyThere { person: directory.person_name(*person).to_string() }.into());
        }
        changes.push(Change::Transfer { appointment: held.id, post, to: Target::Department(department) });
    }
    open(tx, asked, unit, people, from, changes)
}

/// 离职: he goes when his last day is over.
fn leave(tx: &mut Tx, asked: &Asked) -> Result<Outcome> {
    let people: Vec<PersonId> = ids(asked, "person");
    let successor = ids::<PersonId>(asked, "successor").first().copied();
    let unit = unit_of(tx, &people)?;
    let last = day(asked, "last_day")?;
    let after = last.tomorrow().map_err(|_| Error::invalid("last_day", "orders.day_missing"))?;
    let from = begins(tx, unit, after)?;
    let changes = people.iter().map(|person| Change::Leave { person: *person, successor }).collect();
    open(tx, asked, unit, people, from, changes)
}

fn open(
    tx: &mut Tx,
    asked: &Asked,
    unit: UnitId,
    people: Vec<PersonId>,
    effective_at: Option<Timestamp>,
    changes: Vec<Change>,
) -> Result<Outcome> {
    if let Some(problem) = actions::problem_of(tx, asked.initiator, &changes, effective_at)? {
        return Err(Error::Refused(RefusalCode { code: problem.code, args: problem.args }));
    }
    let content = Content {
        title: asked.title.zh.clone(),
        basis: asked.number.clone(),
        class: Class::Ordinary,
        effective_at,
        changes,
    };
    let origin = Origin {
        case: asked.case,
        node: asked.node.clone(),
        number: asked.number.clone(),
        title: Some(asked.title.clone()),
        people,
    };
    let order = actions::draft_for_case(tx, asked.initiator, unit, content, origin)?;
    Ok(made(&order))
}

fn made(order: &Order) -> Outcome {
    let title = order.title();
    let english = title.in_locale(Locale::En);
    let label = Text::new(format!("调整令“{}”", title.zh), format!("Structure order “{english}”"));
    let Value::Object(values) = json!({ "order": title.zh }) else { unreachable!("an object is written above") };
    Outcome { made: Some(Made { label, link: Some(format!("{UNDER}{}", order.id)) }), values }
}

/// Whoever reads the case need not be one who reads the orders of that unit.
fn may_open(tx: &mut Tx, actor: &Actor, link: &str) -> Result<bool> {
    let id = link.strip_prefix(UNDER).and_then(|id| id.parse().ok());
    let Some(id) = id.filter(|_| actor.holds(READ)) else { return Ok(false) };
    match store::find_for(tx, actor, id) {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The ids that a form holds for this parameter.
fn ids<T: std::str::FromStr>(asked: &Asked, parameter: &str) -> Vec<T> {
    let listed = asked.values.get(parameter).and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|id| id.as_str()?.parse().ok()).collect()
}

fn one<T: std::str::FromStr>(asked: &Asked, parameter: &str) -> Result<T> {
    let first = ids(asked, parameter).into_iter().next();
    first.ok_or_else(|| Error::invalid(parameter, "orders.place_missing"))
}

fn day(asked: &Asked, parameter: &str) -> Result<Date> {
    let day = asked.values.get(parameter).and_then(Value::as_str).and_then(|day| day.parse().ok());
    day.ok_or_else(|| Error::invalid(parameter, "orders.day_missing"))
}

/// Whose personnel issue it: the unit in which the first of them has his main appointment.
fn unit_of(tx: &mut Tx, people: &[PersonId]) -> Result<UnitId> {
    let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    let Some(person) = people.first() else { return Err(Error::invalid("person", "orders.person_missing")) };
    let unit = home(&directory, *person, at);
    unit.ok_or_else(|| Refusal::NoAppointment { person: directory.person_name(*person).to_string() }.into())
}

fn home(directory: &Snapshot, person: PersonId, at: Timestamp) -> Option<UnitId> {
    directory.unit_of(directory.main_appointment(person, at)?.place, at)
}

/// The beginning of that day where the unit is; nothing, where it has begun: then it holds when the order is issued.
fn begins(tx: &mut Tx, unit: UnitId, day: Date) -> Result<Option<Timestamp>> {
    let calendar = hanlin_worktime::calendar_of(tx, Some(unit))?;
    let begin = calendar.zone.to_timestamp(day.to_datetime(Time::midnight())).map_err(Error::internal)?;
    Ok(Some(begin).filter(|begin| *begin > tx.now()))
}
