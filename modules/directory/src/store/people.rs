//! Posts, ranks, people, appointments, leaderships and groups.

use hanlin_kernel::{AppointmentId, Error, GroupId, PersonId, PostId, RankId, Result};
use hanlin_store::{Json, OnConstraint, Tx, params};
use jiff::Timestamp;

use super::{
    Thing,
    places::{home_of, place_columns},
    raise, touch,
};
use crate::{
    model::{
        Appointment, Group, GroupMember, Leadership, LeadershipKind, Person, Place, Post, Rank, Service, locale_word,
    },
    policy::Home,
    rules::Refusal,
};

pub(crate) fn find_post(tx: &mut Tx, id: PostId) -> Result<Post> {
    tx.one("select * from directory_post where id = $1", params![id])
}

pub(crate) fn insert_post(tx: &mut Tx, post: &Post) -> Result<()> {
    tx.exec(
        "insert into directory_post (id, unit, code, name, position, version, valid_from, valid_to) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            post.id,
            post.unit,
            post.code,
            Json(&post.name),
            post.position,
            post.version,
            post.validity.from,
            post.validity.to,
        ],
    )
    .on_unique("directory_post_code", || Refusal::CodeTaken { taken: post.code.clone() }.into())?;
    touch(tx, Thing::Post(post.id))
}

/// Writes what may change of a post; [`Error::Stale`] if it was changed since.
pub(crate) fn save_post(tx: &mut Tx, post: &Post) -> Result<()> {
    raise(tx, "directory_post", post.id.to_string(), post.version, Thing::Post(post.id))?;
    tx.queue(
        "update directory_post set name = $2, position = $3, valid_to = $4 where id = $1",
        params![post.id, Json(&post.name), post.position, post.validity.to],
    )
}

/// How many people hold the post after `at`.
pub(crate) fn count_holders(tx: &mut Tx, post: PostId, at: Timestamp) -> Result<u64> {
    tx.scalar(
        "select cast(count(distinct person) as bigint) from directory_appointment \
         where post = $1 and (valid_to is null or (valid_to > $2 and valid_to > valid_from))",
        params![post, at],
    )
}

pub(crate) fn find_rank(tx: &mut Tx, id: RankId) -> Result<Rank> {
    tx.one("select * from directory_rank where id = $1", params![id])
}

pub(crate) fn insert_rank(tx: &mut Tx, rank: &Rank) -> Result<()> {
    tx.exec(
        "insert into directory_rank (id, unit, code, name, level, version, valid_from, valid_to) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            rank.id,
            rank.unit,
            rank.code,
            Json(&rank.name),
            rank.level,
            rank.version,
            rank.validity.from,
            rank.validity.to,
        ],
    )
    .on_unique("directory_rank_code", || Refusal::CodeTaken { taken: rank.code.clone() }.into())?;
    touch(tx, Thing::Rank(rank.id))
}

/// Writes what may change of a rank; [`Error::Stale`] if it was changed since.
pub(crate) fn save_rank(tx: &mut Tx, rank: &Rank) -> Result<()> {
    raise(tx, "directory_rank", rank.id.to_string(), rank.version, Thing::Rank(rank.id))?;
    tx.queue(
        "update directory_rank set name = $2, valid_to = $3 where id = $1",
        params![rank.id, Json(&rank.name), rank.validity.to],
    )
}

/// How many people have the rank after `at`.
pub(crate) fn count_ranked(tx: &mut Tx, rank: RankId, at: Timestamp) -> Result<u64> {
    tx.scalar(
        "select cast(count(distinct person) as bigint) from directory_service_period \
         where rank = $1 and (valid_to is null or valid_to > $2)",
        params![rank, at],
    )
}

pub(crate) fn find_person(tx: &mut Tx, id: PersonId) -> Result<Person> {
    tx.one("select * from directory_person where id = $1", params![id])
}

pub(crate) fn insert_person(tx: &mut Tx, person: &Person) -> Result<()> {
    insert_card(tx, person)?;
    touch(tx, Thing::Person(person.id))
}

/// The row of a person, whom no snapshot has to know yet.
pub(super) fn insert_card(tx: &mut Tx, person: &Person) -> Result<()> {
    let inserted = tx.exec(
        "insert into directory_person (id, name, sort_key, initials, employee_number, gender, mobile, office_phone, \
         email, locale, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            person.id,
            person.name,
            person.sort_key,
            person.initials,
            person.employee_number,
            person.gender,
            person.mobile,
            person.office_phone,
            person.email,
            locale_word(person.locale),
            person.version,
        ],
    );
    refuse_taken(inserted, person)?;
    Ok(())
}

/// Writes a person; [`Error::Stale`] if he was changed since.
pub(crate) fn save_person(tx: &mut Tx, person: &Person) -> Result<()> {
    raise(tx, "directory_person", person.id.to_string(), person.version, Thing::Person(person.id))?;
    let saved = tx.exec(
        "update directory_person set name = $2, sort_key = $3, initials = $4, employee_number = $5, gender = $6, \
         mobile = $7, office_phone = $8, email = $9, locale = $10 where id = $1",
        params![
            person.id,
            person.name,
            person.sort_key,
            person.initials,
            person.employee_number,
            person.gender,
            person.mobile,
            person.office_phone,
            person.email,
            locale_word(person.locale),
        ],
    );
    refuse_taken(saved, person).map(drop)
}

/// Lets go of all that is one person's only, for those who are saved next in the same unit of work.
pub(crate) fn free_numbers(tx: &mut Tx, people: &[PersonId]) -> Result<()> {
    for person in people {
        tx.queue(
            "update directory_person set employee_number = null, mobile = null, email = null where id = $1",
            params![person],
        )?;
    }
    Ok(())
}

fn refuse_taken(written: Result<u64>, person: &Person) -> Result<u64> {
    let Person { employee_number, mobile, email, .. } = person.clone();
    written
        .on_unique("directory_person_employee_number", || {
            Refusal::EmployeeNumberTaken { employee_number: employee_number.unwrap_or_default() }.into()
        })
        .on_unique("directory_person_mobile", || Refusal::MobileTaken { mobile: mobile.unwrap_or_default() }.into())
        .on_unique("directory_person_email", || Refusal::EmailTaken { email: email.unwrap_or_default() }.into())
}

/// Raises the version of a person whose service changed.
pub(crate) fn raise_person(tx: &mut Tx, person: &Person) -> Result<()> {
    raise(tx, "directory_person", person.id.to_string(), person.version, Thing::Person(person.id))
}

/// Where a person is at home: wherever he is appointed now or later; if nowhere, where he was last.
pub(crate) fn list_homes(tx: &mut Tx, person: PersonId) -> Result<Vec<Home>> {
    let now = tx.now();
    let held = list_appointments(tx, person)?;
    let present: Vec<&Appointment> = held.iter().filter(|held| held.validity.to.is_none_or(|to| to > now)).collect();
    let last = held.iter().max_by_key(|held| held.validity.to);
    let asked = if present.is_empty() { last.into_iter().collect() } else { present };
    asked.into_iter().map(|held| home_of(tx, held.place)).collect()
}

/// The periods a person serves in, in order.
pub(crate) fn list_service(tx: &mut Tx, person: PersonId) -> Result<Vec<Service>> {
    tx.all("select * from directory_service_period where person = $1 order by valid_from", params![person])
}

/// One more period of service, or other contents of the one that begins at the same instant.
pub(crate) fn insert_service(tx: &mut Tx, service: &Service) -> Result<()> {
    tx.exec(
        "insert into directory_service_period (person, rank, successor, valid_from, valid_to) \
         values ($1, $2, $3, $4, $5) on conflict (person, valid_from) do update set \
         rank = excluded.rank, successor = excluded.successor, valid_to = excluded.valid_to",
        params![service.person, service.rank, service.successor, service.validity.from, service.validity.to],
    )?;
    touch(tx, Thing::Person(service.person))
}

pub(crate) fn end_service(tx: &mut Tx, service: &Service, to: Timestamp) -> Result<()> {
    tx.exec(
        "update directory_service_period set valid_to = $3 where person = $1 and valid_from = $2",
        params![service.person, service.validity.from, to],
    )?;
    touch(tx, Thing::Person(service.person))
}

pub(crate) fn find_appointment(tx: &mut Tx, id: AppointmentId) -> Result<Appointment> {
    tx.one("select * from directory_appointment where id = $1", params![id])
}

/// The first appointment a person was given, whether it ever held or not.
pub(crate) fn first_appointment(tx: &mut Tx, person: PersonId) -> Result<Option<Appointment>> {
    tx.maybe("select * from directory_appointment where person = $1 order by valid_from, id limit 1", params![person])
}

/// All appointments a person has, had or is to have, oldest first; not those that were withdrawn.
pub(crate) fn list_appointments(tx: &mut Tx, person: PersonId) -> Result<Vec<Appointment>> {
    tx.all(
        "select * from directory_appointment where person = $1 and (valid_to is null or valid_to > valid_from) \
         order by valid_from, id",
        params![person],
    )
}

/// All appointments there are, were or are to be to the place itself, oldest first; not those that were withdrawn.
pub(crate) fn list_staff(tx: &mut Tx, place: Place) -> Result<Vec<Appointment>> {
    let sql = format!(
        "select * from directory_appointment where {} = $1 and (valid_to is null or valid_to > valid_from) \
         order by valid_from, id",
        place.kind()
    );
    tx.all(&sql, params![place.node()])
}

pub(crate) fn insert_appointment(tx: &mut Tx, held: &Appointment) -> Result<()> {
    let (unit, department) = place_columns(held.place);
    tx.exec(
        "insert into directory_appointment \
         (id, person, post, unit, department, main, version, valid_from, valid_to) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            held.id,
            held.person,
            held.post,
            unit,
            department,
            held.main,
            held.version,
            held.validity.from,
            held.validity.to,
        ],
    )
    .on_unique("directory_appointment_main", || Refusal::TwoMainAppointments { since: held.validity.from }.into())?;
    touch(tx, Thing::Person(held.person))
}

/// Ends an appointment; [`Error::Stale`] if it was changed since. One that begins later is withdrawn: it ends when it
/// would have begun.
pub(crate) fn end_appointment(tx: &mut Tx, held: &Appointment, to: Timestamp) -> Result<()> {
    raise(tx, "directory_appointment", held.id.to_string(), held.version, Thing::Person(held.person))?;
    let to = to.max(held.validity.from);
    tx.exec("update directory_appointment set valid_to = $2 where id = $1", params![held.id, to])?;
    Ok(())
}

/// Who leads this place as `kind`, at any time, in order.
pub(crate) fn list_leaderships(tx: &mut Tx, kind: LeadershipKind, place: Place) -> Result<Vec<Leadership>> {
    let sql = format!(
        "select * from directory_leadership where kind = $1 and {} = $2 \
         and (valid_to is null or valid_to > valid_from) order by valid_from",
        place.kind()
    );
    tx.all(&sql, params![kind, place.node()])
}

/// What a person leads, at any time.
pub(crate) fn list_leaderships_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Leadership>> {
    tx.all(
        "select * from directory_leadership where person = $1 and (valid_to is null or valid_to > valid_from) \
         order by valid_from, id",
        params![person],
    )
}

pub(crate) fn insert_leadership(tx: &mut Tx, led: &Leadership) -> Result<()> {
    let (unit, department) = place_columns(led.place);
    tx.exec(
        "insert into directory_leadership (id, kind, unit, department, person, valid_from, valid_to) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![led.id, led.kind, unit, department, led.person, led.validity.from, led.validity.to],
    )?;
    touch(tx, Thing::Person(led.person))
}

pub(crate) fn end_leadership(tx: &mut Tx, led: &Leadership, to: Timestamp) -> Result<()> {
    let to = to.max(led.validity.from);
    tx.exec("update directory_leadership set valid_to = $2 where id = $1", params![led.id, to])?;
    touch(tx, Thing::Person(led.person))
}

pub(crate) fn find_group(tx: &mut Tx, id: GroupId) -> Result<Group> {
    tx.one("select * from directory_group where id = $1", params![id])
}

/// Leader and purpose of a team; a group that is none has neither.
pub(super) fn team_columns(group: &Group) -> (Option<PersonId>, Option<&str>) {
    group.team.as_ref().map(|team| (team.leader, team.purpose.as_str())).unzip()
}

pub(crate) fn insert_group(tx: &mut Tx, group: &Group) -> Result<()> {
    let (leader, purpose) = team_columns(group);
    tx.exec(
        "insert into directory_group (id, unit, code, name, version, valid_from, valid_to, leader, purpose) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            group.id,
            group.unit,
            group.code,
            Json(&group.name),
            group.version,
            group.validity.from,
            group.validity.to,
            leader,
            purpose,
        ],
    )
    .on_unique("directory_group_code", || {
        Refusal::CodeTaken { taken: group.code.clone().unwrap_or_default() }.into()
    })?;
    touch(tx, Thing::Group(group.id))
}

/// Writes what may change of a group; [`Error::Stale`] if it was changed since.
pub(crate) fn save_group(tx: &mut Tx, group: &Group) -> Result<()> {
    raise(tx, "directory_group", group.id.to_string(), group.version, Thing::Group(group.id))?;
    let (leader, purpose) = team_columns(group);
    tx.queue(
        "update directory_group set name = $2, valid_to = $3, leader = $4, purpose = $5 where id = $1",
        params![group.id, Json(&group.name), group.validity.to, leader, purpose],
    )
}

/// How many are in a group now.
pub(crate) fn count_members(tx: &mut Tx, group: GroupId) -> Result<u64> {
    let now = tx.now();
    tx.scalar(
        "select cast(count(distinct person) as bigint) from directory_group_member \
         where group_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)",
        params![group, now],
    )
}

/// A person's memberships in a group, in order.
pub(crate) fn list_memberships(tx: &mut Tx, group: GroupId, person: PersonId) -> Result<Vec<GroupMember>> {
    tx.all(
        "select * from directory_group_member where group_id = $1 and person = $2 \
         and (valid_to is null or valid_to > valid_from) order by valid_from",
        params![group, person],
    )
}

/// A person's memberships that hold after `at`.
pub(crate) fn list_memberships_after(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<Vec<GroupMember>> {
    tx.all(
        "select * from directory_group_member where person = $1 \
         and (valid_to is null or (valid_to > $2 and valid_to > valid_from)) order by group_id, valid_from",
        params![person, at],
    )
}

pub(crate) fn insert_member(tx: &mut Tx, member: &GroupMember) -> Result<()> {
    tx.exec(
        "insert into directory_group_member (group_id, person, valid_from, valid_to) values ($1, $2, $3, $4) \
         on conflict (group_id, person, valid_from) do update set valid_to = excluded.valid_to",
        params![member.group, member.person, member.validity.from, member.validity.to],
    )
    .on_foreign_key(|| Error::NotFound)?;
    touch(tx, Thing::Person(member.person))
}

pub(crate) fn end_member(tx: &mut Tx, member: &GroupMember, to: Timestamp) -> Result<()> {
    let to = to.max(member.validity.from);
    tx.exec(
        "update directory_group_member set valid_to = $4 where group_id = $1 and person = $2 and valid_from = $3",
        params![member.group, member.person, member.validity.from, to],
    )?;
    touch(tx, Thing::Person(member.person))
}
