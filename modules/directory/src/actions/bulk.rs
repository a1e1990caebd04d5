//! Many at once, for imports: people are prepared in small units and admitted in one; units, departments, posts and ranks
//! come together.

use std::collections::BTreeSet;

use hanlin_kernel::{Actor, Error, Id, Locale, PersonId, Result};
use hanlin_store::Tx;

use super::{departments, manage, people, posts, units};
use crate::{
    events::Event,
    external,
    model::{Appointment, BatchId, Department, Gender, Person, Place, Post, Rank, Service, Unit},
    names, store,
};

/// One who is to join with others of his batch, and what will hold of him.
#[derive(Clone, Debug, PartialEq)]
pub struct Newcomer {
    pub person: Person,
    pub service: Vec<Service>,
    pub appointments: Vec<Appointment>,
}

/// What is known of a person before he is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    pub name: String,
    pub employee_number: Option<String>,
    pub gender: Option<Gender>,
    pub mobile: Option<String>,
    pub office_phone: Option<String>,
    pub email: Option<String>,
}

impl Card {
    /// A new person of this card.
    pub fn person(self, locale: Locale) -> Person {
        Person {
            id: Id::new(),
            sort_key: names::sort_key(&self.name),
            initials: names::initials(&self.name),
            name: self.name,
            employee_number: self.employee_number,
            gender: self.gender,
            mobile: self.mobile,
            office_phone: self.office_phone,
            email: self.email,
            locale,
            version: 1,
        }
    }
}

/// Can this be a person's card? Each problem names its field.
pub fn check_person(person: &Person) -> Result<()> {
    people::check(person)
}

pub fn check_unit(unit: &Unit) -> Result<()> {
    units::check_whole(unit)
}

pub fn check_department(department: &Department) -> Result<()> {
    departments::check(department)
}

pub fn check_post(post: &Post) -> Result<()> {
    posts::check(&post.name, &post.code)
}

pub fn check_rank(rank: &Rank) -> Result<()> {
    posts::check(&rank.name, &rank.code)
}

/// Writes newcomers down. They are met nowhere until their batch is admitted; their numbers are taken from now on.
pub fn prepare(tx: &mut Tx, batch: BatchId, newcomers: &[Newcomer]) -> Result<()> {
    for Newcomer { person, service, appointments } in newcomers {
        people::check(person)?;
        for pair in appointments.windows(2) {
            external::apart(tx, pair[0].place, pair[1].place)?;
        }
        store::insert_prepared(tx, batch, person, service, appointments)?;
        tx.record(Event::PersonPrepared {
            batch,
            person: person.clone(),
            service: service.clone(),
            appointments: appointments.clone(),
        });
    }
    Ok(())
}

/// Whom batches have written down and not admitted: they are nobody's duplicate.
pub fn prepared(tx: &mut Tx) -> Result<BTreeSet<PersonId>> {
    Ok(store::list_all_prepared(tx)?.into_iter().collect())
}

/// From now on the newcomers of a batch serve in their posts, all in this instant. How many they are. Whoever decided on
/// them asks first whether the organisation is [still the same](unchanged_since).
pub fn admit(tx: &mut Tx, actor: &Actor, batch: BatchId) -> Result<u64> {
    for place in store::list_prepared_places(tx, batch)? {
        manage(tx, actor, place)?;
    }
    let people = store::admit(tx, batch)?;
    tx.record(Event::BatchAdmitted { batch, people });
    Ok(people)
}

/// The organisation is still the one that something was decided on, else [`Error::Stale`].
pub fn unchanged_since(tx: &mut Tx, stamp: &str) -> Result<()> {
    if store::stamp(tx)? == stamp { Ok(()) } else { Err(Error::Stale) }
}

/// Takes back some of what a batch has written down; whether there may be more.
pub fn discard(tx: &mut Tx, batch: BatchId, limit: u64) -> Result<bool> {
    let people = store::list_prepared(tx, batch, limit)?;
    if people.is_empty() {
        return Ok(false);
    }
    people.iter().try_for_each(|person| store::delete_prepared(tx, batch, *person))?;
    let more = people.len() as u64 == limit;
    tx.record(Event::BatchDiscarded { batch, people });
    Ok(more)
}

/// Founds units that hang in each other or in what there is, those above before those below.
pub fn create_units(tx: &mut Tx, actor: &Actor, units: &[Unit]) -> Result<()> {
    let new: BTreeSet<Place> = units.iter().map(|unit| Place::Unit(unit.id)).collect();
    for unit in units {
        // What hangs in a new one is allowed with that one.
        if !unit.parent.is_some_and(|parent| new.contains(&Place::Unit(parent))) {
            units::manage_above(tx, actor, unit.parent)?;
        }
        units::check_whole(unit)?;
        units::hangs_soundly(tx, unit)?;
        store::insert_unit(tx, unit)?;
        tx.record(Event::UnitCreated { unit: unit.clone() });
    }
    store::save_closure_of(tx, &new)
}

/// Sets up departments that hang in each other or in what there is, those above before those below.
pub fn create_departments(tx: &mut Tx, actor: &Actor, departments: &[Department]) -> Result<()> {
    let new: BTreeSet<Place> = departments.iter().map(|department| Place::Department(department.id)).collect();
    for department in departments {
        // What hangs in a new one is allowed with that one.
        if !new.contains(&department.above()) {
            manage(tx, actor, department.above())?;
        }
        departments::check(department)?;
        departments::hangs_soundly(tx, department)?;
        store::insert_department(tx, department)?;
        tx.record(Event::DepartmentCreated { department: department.clone() });
    }
    store::save_closure_of(tx, &new)
}

/// Defines posts.
pub fn create_posts(tx: &mut Tx, actor: &Actor, posts: &[Post]) -> Result<()> {
    for post in posts {
        manage(tx, actor, Place::Unit(post.unit))?;
        posts::check(&post.name, &post.code)?;
        store::insert_post(tx, post)?;
        tx.record(Event::PostCreated { post: post.clone() });
    }
    Ok(())
}

/// Defines ranks.
pub fn create_ranks(tx: &mut Tx, actor: &Actor, ranks: &[Rank]) -> Result<()> {
    for rank in ranks {
        manage(tx, actor, Place::Unit(rank.unit))?;
        posts::check(&rank.name, &rank.code)?;
        store::insert_rank(tx, rank)?;
        tx.record(Event::RankCreated { rank: rank.clone() });
    }
    Ok(())
}
