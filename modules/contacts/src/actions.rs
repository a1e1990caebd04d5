use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use hanlin_directory::{
    ChangePerson, JoinPerson, MANAGE, Snapshot,
    model::{Person, Place},
    policy,
};
use hanlin_kernel::{Actor, Error, PersonId, Result, UnitId};
use hanlin_notify::{Notice, tell};
use hanlin_rulebook::{Rules, catalogue, rules};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    events::Event,
    model::{Due, Field, Measured},
    rules::missing,
    store,
};

/// Changes what is known of a person, as the directory lets the actor, if the mailbox is one that the rules allow.
pub fn change_person(tx: &mut Tx, actor: &Actor, id: PersonId, seen: u64, intent: ChangePerson) -> Result<Person> {
    hanlin_directory::may_person(tx, actor, id)?.require("read", Error::NotFound)?;
    if let Some(Some(email)) = &intent.email {
        let rules = rules(tx)?;
        rules.check_mailbox(home(&rules, id, tx.now()), tx.now(), email)?;
    }
    hanlin_directory::change_person(tx, actor, id, seen, intent)
}

/// Takes a person into service, as the directory lets the actor, if his mailbox is one that the rules of the unit allow in
/// which he begins.
pub fn join(tx: &mut Tx, actor: &Actor, intent: JoinPerson) -> Result<Person> {
    if let Some(email) = &intent.email {
        let rules = rules(tx)?;
        let unit = rules.directory.unit_of(intent.place, intent.from.unwrap_or(tx.now()));
        rules.check_mailbox(unit, tx.now(), email)?;
    }
    hanlin_directory::join(tx, actor, intent)
}

/// Whom to ask: all in reach, or those of a place and below it.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ChaseProfiles)]
pub struct Chase {
    pub place: Option<Place>,
}

/// Asks everybody in reach whose profile lacks something to complete it, each once a day at most; how many were asked,
/// and how many had been today.
pub fn chase(tx: &mut Tx, actor: &Actor, intent: Chase) -> Result<(u64, u64)> {
    let (rules, now) = (rules(tx)?, tx.now());
    let lacking = measure(tx, &rules, actor, intent.place, now)?.into_iter().filter(|one| !one.missing.is_empty());
    let asked: HashMap<PersonId, Timestamp> =
        store::list_asked(tx)?.into_iter().map(|asked| (asked.person, asked.at)).collect();
    let today = |one: &Measured| {
        let zone = zone_of(&rules.directory, one.place, now);
        let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
        asked.get(&one.person).is_some_and(|at| day(*at) == day(now))
    };
    let (already, due): (Vec<Measured>, Vec<Measured>) = lacking.partition(today);
    // Those who lack the same are told the same.
    let mut by_missing: BTreeMap<Vec<Field>, Vec<PersonId>> = BTreeMap::new();
    for Measured { person, missing, .. } in due {
        store::save_asked(tx, person)?;
        by_missing.entry(missing).or_default().push(person);
    }
    for (missing, people) in &by_missing {
        tell(tx, people, &notice(missing))?;
    }
    let people: Vec<PersonId> = by_missing.into_values().flatten().collect();
    let told = people.len() as u64;
    if told > 0 {
        tx.record(Event::Chased { people });
    }
    Ok((told, already.len() as u64))
}

fn notice(missing: &[Field]) -> Notice {
    let names = missing.iter().map(|field| field.name());
    let (zh, en): (Vec<String>, Vec<String>) = names.map(|name| (name.zh, name.en.unwrap_or_default())).unzip();
    let missing = hanlin_kernel::Text::new(zh.join("、"), en.join(", "));
    Notice::new("contacts.notice.incomplete", "/me").with("missing", missing)
}

/// Everybody in service whom the actor manages, in the place or below it, by pinyin, with what his profile lacks. The
/// accounts of departments are nobody, and lack nothing.
pub(crate) fn measure(
    tx: &mut Tx,
    rules: &Rules,
    actor: &Actor,
    place: Option<Place>,
    at: Timestamp,
) -> Result<Vec<Measured>> {
    let directory = &rules.directory;
    let nobody = hanlin_access::department_account_people(tx)?;
    let mut people: Vec<&Person> = directory.people().filter(|person| directory.is_active(person.id, at)).collect();
    people.retain(|person| nobody.binary_search(&person.id).is_err());
    people.retain(|person| !directory.is_external(person.id));
    people.retain(|person| policy::reaches(actor, MANAGE, person.id, directory, at));
    people.sort_by(|one, another| (&one.sort_key, one.id).cmp(&(&another.sort_key, another.id)));
    let mut known: HashMap<Option<UnitId>, Arc<Due>> = HashMap::new();
    let mut measured = Vec::new();
    for person in people {
        let Some(main) = directory.appointments(person.id, at).into_iter().next() else { continue };
        if place.is_some_and(|place| !directory.lies_in(main.place, place, at)) {
            continue;
        }
        let unit = directory.unit_of(main.place, at);
        let due = known.entry(unit).or_insert_with(|| Arc::new(due_in(rules, unit, at)));
        measured.push(Measured { person: person.id, place: main.place, missing: missing(person, due) });
    }
    Ok(measured)
}

/// What the rules ask of this person's profile: those of the unit that he is mainly appointed in.
pub(crate) fn due(rules: &Rules, person: PersonId, at: Timestamp) -> Due {
    due_in(rules, home(rules, person, at), at)
}

/// The unit that a person is mainly appointed in.
fn home(rules: &Rules, person: PersonId, at: Timestamp) -> Option<UnitId> {
    let main = rules.directory.appointments(person, at).into_iter().next();
    main.and_then(|held| rules.directory.unit_of(held.place, at))
}

/// Of people of external organisations nothing is due (ORG-24).
fn due_in(rules: &Rules, unit: Option<UnitId>, at: Timestamp) -> Due {
    if unit.is_some_and(|unit| rules.directory.is_external_place(Place::Unit(unit))) {
        return Due::default();
    }
    let required = rules.parameter(unit, at, &catalogue::PROFILE_REQUIRED);
    let domains = rules.mail_domains(unit, at);
    Due {
        required: required.value.iter().filter_map(|word| Field::of_word(word)).collect(),
        domains: domains.value,
        required_by: required.source,
        domains_by: domains.source,
    }
}

fn zone_of(directory: &Snapshot, place: Place, at: Timestamp) -> jiff::tz::TimeZone {
    let unit = directory.unit_of(place, at);
    unit.map_or(jiff::tz::TimeZone::UTC, |unit| directory.time_zone(unit, at))
}
