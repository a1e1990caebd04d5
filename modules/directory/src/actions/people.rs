use hanlin_kernel::{Actor, Error, Id, Locale, PersonId, PostId, RankId, Result};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{appointments::save_new, effective, manage, may_person, unseen};
use crate::{
    check::Check,
    events::Event,
    external,
    model::{Appointment, Gender, Person, Place, Service, Validity},
    names, policy,
    rules::{self, Refusal},
    store,
};

/// A person who is to join, with the main appointment he begins in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinPerson {
    pub name: String,
    pub employee_number: Option<String>,
    pub gender: Option<Gender>,
    pub mobile: Option<String>,
    pub office_phone: Option<String>,
    pub email: Option<String>,
    #[serde(default)]
    pub locale: Locale,
    pub rank: Option<RankId>,
    pub post: PostId,
    pub place: Place,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

/// 入职: takes a person into service, in his main appointment.
pub fn join(tx: &mut Tx, actor: &Actor, intent: JoinPerson) -> Result<Person> {
    manage(tx, actor, intent.place)?;
    let from = effective(tx, intent.from)?;
    let person = Person {
        id: Id::new(),
        sort_key: names::sort_key(&intent.name),
        initials: names::initials(&intent.name),
        name: intent.name,
        employee_number: intent.employee_number,
        gender: intent.gender,
        mobile: intent.mobile.as_deref().map(names::plain_mobile),
        office_phone: intent.office_phone,
        email: intent.email,
        locale: intent.locale,
        version: 1,
    };
    check(&person)?;
    let service = Service { person: person.id, rank: intent.rank, successor: None, validity: Validity::since(from) };
    rank_in_force(tx, &service)?;
    store::insert_person(tx, &person)?;
    store::insert_service(tx, &service)?;
    tx.record(Event::PersonJoined { person: person.clone(), service });
    let held = Appointment {
        id: Id::new(),
        person: person.id,
        post: intent.post,
        place: intent.place,
        main: true,
        validity: Validity::since(from),
        version: 1,
    };
    save_new(tx, &held)?;
    Ok(person)
}

/// What is to change of a person: absent stays, `null` is taken away.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangePerson {
    pub name: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub employee_number: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<Gender>)]
    pub gender: Option<Option<Gender>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub mobile: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub office_phone: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    pub locale: Option<Locale>,
}

/// `null` is a value that was given; absent is none.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl ChangePerson {
    /// Everybody keeps his own telephones, mailbox and language; the rest is kept by those who manage people. Another
    /// mobile number is no other person: account, appointments and history stay (ORG-07).
    fn verb(&self) -> &'static str {
        let Self { mobile: _, office_phone: _, email: _, locale: _, name, employee_number, gender } = self;
        let profile_only = name.is_none() && employee_number.is_none() && gender.is_none();
        if profile_only { "update_profile" } else { "update" }
    }
}

/// Changes what is known of a person.
pub fn change_person(tx: &mut Tx, actor: &Actor, id: PersonId, seen: u64, intent: ChangePerson) -> Result<Person> {
    let before = store::find_person(tx, id)?;
    change(tx, actor, before, seen, intent)
}

/// Changes what is known of many in one instant: two may swap their numbers.
pub fn change_people(tx: &mut Tx, actor: &Actor, intents: Vec<(PersonId, u64, ChangePerson)>) -> Result<()> {
    let people: Vec<PersonId> = intents.iter().map(|(id, ..)| *id).collect();
    let befores = people.iter().map(|id| store::find_person(tx, *id)).collect::<Result<Vec<Person>>>()?;
    store::free_numbers(tx, &people)?;
    for (before, (_, seen, intent)) in befores.into_iter().zip(intents) {
        change(tx, actor, before, seen, intent)?;
    }
    Ok(())
}

fn change(tx: &mut Tx, actor: &Actor, before: Person, seen: u64, intent: ChangePerson) -> Result<Person> {
    let id = before.id;
    policy::require(&may_person(tx, actor, id)?, intent.verb())?;
    unseen(seen, before.version)?;
    let name = intent.name.unwrap_or_else(|| before.name.clone());
    let after = Person {
        id,
        sort_key: names::sort_key(&name),
        initials: names::initials(&name),
        name,
        employee_number: intent.employee_number.unwrap_or_else(|| before.employee_number.clone()),
        gender: intent.gender.unwrap_or(before.gender),
        mobile: intent.mobile.map_or_else(|| before.mobile.clone(), |typed| typed.as_deref().map(names::plain_mobile)),
        office_phone: intent.office_phone.unwrap_or_else(|| before.office_phone.clone()),
        email: intent.email.unwrap_or_else(|| before.email.clone()),
        locale: intent.locale.unwrap_or(before.locale),
        version: before.version,
    };
    check(&after)?;
    store::save_person(tx, &after)?;
    let after = Person { version: before.version + 1, ..after };
    tx.record(Event::PersonChanged { before, after: after.clone() });
    Ok(after)
}

/// The rank a person is to have from when on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRank {
    pub rank: Option<RankId>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

/// Gives a person another rank (ORG-23); what he was before stays known.
pub fn set_rank(tx: &mut Tx, actor: &Actor, id: PersonId, seen: u64, intent: SetRank) -> Result<Service> {
    let person = store::find_person(tx, id)?;
    policy::require(&may_person(tx, actor, id)?, "update")?;
    unseen(seen, person.version)?;
    let from = effective(tx, intent.from)?;
    let change = rules::succeed(&store::list_service(tx, id)?, from)?;
    let before = change.before;
    let after = Service { rank: intent.rank, validity: Validity { from, to: before.validity.to }, ..before.clone() };
    rank_in_force(tx, &after)?;
    store::raise_person(tx, &person)?;
    if !change.in_place {
        store::end_service(tx, &before, from)?;
    }
    store::insert_service(tx, &after)?;
    tx.record(Event::PersonRanked { person: id, before: before.rank, after: after.rank, from });
    Ok(after)
}

/// When a person leaves, and who takes over what waits at him.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Leave {
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    pub successor: Option<PersonId>,
}

/// 离职: service ends, and with it every appointment, leadership and membership. His name and history stay.
pub fn leave(tx: &mut Tx, actor: &Actor, id: PersonId, seen: u64, intent: Leave) -> Result<()> {
    let person = store::find_person(tx, id)?;
    policy::require(&may_person(tx, actor, id)?, "leave")?;
    unseen(seen, person.version)?;
    let (at, successor) = (effective(tx, intent.at)?, intent.successor);
    let last = rules::end(&store::list_service(tx, id)?, at)?;
    if let Some(successor) = successor {
        succeeds(tx, successor, id, at)?;
    }
    store::raise_person(tx, &person)?;
    let validity = Validity::between(last.validity.from, at);
    store::insert_service(tx, &Service { successor, validity, ..last })?;
    let beyond = |validity: Validity| validity.to.is_none_or(|to| to > at);
    for held in store::list_appointments(tx, id)?.into_iter().filter(|held| beyond(held.validity)) {
        store::end_appointment(tx, &held, at)?;
        tx.record(Event::AppointmentEnded { appointment: held, at });
    }
    for led in store::list_leaderships_of(tx, id)?.into_iter().filter(|led| beyond(led.validity)) {
        store::end_leadership(tx, &led, at)?;
        tx.record(Event::LeaderSet { kind: led.kind, place: led.place, before: Some(led), after: None, from: at });
    }
    for member in store::list_memberships_after(tx, id, at)? {
        store::end_member(tx, &member, at)?;
        tx.record(Event::MemberRemoved { group: member.group, person: id, at });
    }
    tx.record(Event::PersonLeft { person: id, at, successor });
    Ok(())
}

/// Takes one who left back into service under the same id: one person stays one person (ORG-07).
pub fn rejoin(tx: &mut Tx, actor: &Actor, id: PersonId, seen: u64, intent: SetRank) -> Result<Service> {
    let person = store::find_person(tx, id)?;
    policy::require(&may_person(tx, actor, id)?, "update")?;
    unseen(seen, person.version)?;
    let validity = Validity::since(effective(tx, intent.from)?);
    let service = Service { person: id, rank: intent.rank, successor: None, validity };
    let served = store::list_service(tx, id)?;
    if served.iter().any(|period| period.validity.overlaps(&service.validity)) {
        return Err(Refusal::AlreadyInService { person: person.name }.into());
    }
    rank_in_force(tx, &service)?;
    store::raise_person(tx, &person)?;
    store::insert_service(tx, &service)?;
    tx.record(Event::PersonJoined { person, service: service.clone() });
    Ok(service)
}

/// Who takes over is somebody else, and stays.
fn succeeds(tx: &mut Tx, successor: PersonId, leaver: PersonId, at: Timestamp) -> Result<()> {
    let name = store::find_person(tx, successor)?.name;
    let stays = rules::covered(&store::list_service(tx, successor)?, Validity::since(at));
    if !stays || successor == leaver {
        return Err(Refusal::NotInService { person: name }.into());
    }
    external::same_side(tx, leaver, successor)
}

fn rank_in_force(tx: &mut Tx, service: &Service) -> Result<()> {
    let Some(id) = service.rank else { return Ok(()) };
    let rank = store::find_rank(tx, id)?;
    if rank.validity.contains(&service.validity) {
        return Ok(());
    }
    Err(Error::from(Refusal::RankNotInForce { rank: rank.name }))
}

pub(super) fn check(person: &Person) -> Result<()> {
    Check::default()
        .word("name", &person.name)
        .number("employee_number", person.employee_number.as_deref())
        .phone("mobile", person.mobile.as_deref())
        .phone("office_phone", person.office_phone.as_deref())
        .email("email", person.email.as_deref())
        .done()
}
