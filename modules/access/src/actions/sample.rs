use hanlin_directory::{
    cast::{GAO_XIANG, QIN_YUE, QINGLAN_TRADE},
    model::{Person, Place},
};
use hanlin_kernel::{Error, Id, PersonId, Result, Scope, UnitId};
use hanlin_rulebook::Class;
use hanlin_store::Tx;

use super::set_up::{administrator, granted};
use crate::{
    events::Event,
    model::{Account, Refusal, Role, Subject, What},
    secret::Secret,
    service::Access,
    store,
};

/// What everybody in the sample organisation signs in with. Printed by the server and written in the docs: a server
/// with sample accounts answers this machine only, unless it is told otherwise.
pub const SAMPLE_PASSWORD: &str = "Qinglan-2026!";

/// The hash that [`load_sample`] takes.
pub async fn sample_hash(access: &Access) -> Result<String> {
    access.hashing().hash(Secret::new(SAMPLE_PASSWORD)).await
}

/// Gives everybody of the sample organisation who is in service an account: the login is the pinyin of the name in one
/// word (`linxiao`), the password is [`SAMPLE_PASSWORD`]. Gao Xiang (`gaoxiang`) is system administrator, Qin Yue
/// (`qinyue`) administrator of the subsidiary. Whether there were none yet.
pub fn load_sample(tx: &mut Tx, hash: &str) -> Result<bool> {
    if store::has_accounts(tx)? {
        return Ok(false);
    }
    let opened = open_all(tx, hash, |person| person.sort_key.replace(' ', ""), |person| person == GAO_XIANG)?;
    administrator(tx, GAO_XIANG)?;
    administrator_of(tx, QIN_YUE, QINGLAN_TRADE)?;
    tx.record(Event::SampleLoaded { accounts: opened });
    Ok(true)
}

/// Gives everybody of a generated organisation who is in service an account with [`SAMPLE_PASSWORD`]; the login is what
/// stands before the `@` of the e-mail address, without dots. A system administrator of the group, or its head where it
/// has none, administers everything, and the head of each other unit administers it with what lies below. The
/// administrator's login.
pub fn load_generated(tx: &mut Tx, hash: &str) -> Result<String> {
    if store::has_accounts(tx)? {
        return Err(Refusal::AlreadySetUp.into());
    }
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let group = directory.roots(now).first().map(|unit| unit.id).ok_or(Error::NotFound)?;
    let posts = directory.posts_by_code("system_administrator");
    let first = directory.holders(posts, group, now).into_iter().find(|person| directory.is_active(*person, now));
    let chief = first.or_else(|| directory.head(Place::Unit(group), now)).ok_or(Error::NotFound)?;
    let opened = open_all(tx, hash, login_of, |person| person == chief)?;
    administrator(tx, chief)?;
    for unit in directory.units_and_below(group, now).into_iter().skip(1) {
        if let Some(head) = directory.head(Place::Unit(unit), now) {
            administrator_of(tx, head, unit)?;
        }
    }
    tx.record(Event::SampleLoaded { accounts: opened });
    directory.person(chief).map(login_of).ok_or(Error::NotFound)
}

fn login_of(person: &Person) -> String {
    let address = person.email.as_deref().and_then(|email| email.split('@').next());
    address.map_or_else(|| person.sort_key.replace(' ', ""), |address| address.replace('.', ""))
}

/// An account for everybody who is in service; how many.
fn open_all(
    tx: &mut Tx,
    hash: &str,
    login: impl Fn(&Person) -> String,
    is_administrator: impl Fn(PersonId) -> bool,
) -> Result<u64> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let mut people: Vec<_> = directory.people().filter(|person| directory.is_active(person.id, now)).collect();
    people.sort_by_key(|person| person.id);
    for person in &people {
        let class = if is_administrator(person.id) {
            Class::System
        } else if directory.leads(person.id, now).is_empty() {
            Class::Business
        } else {
            Class::Key
        };
        let account = Account {
            id: Id::new(),
            person: person.id,
            login: login(person),
            class,
            password_hash: hash.to_owned(),
            password_changed_at: now,
            one_time_until: None,
            locked_at: None,
            lock_reason: None,
            locale: person.locale,
            sample: true,
            version: 1,
            created_at: now,
        };
        store::insert_account(tx, &account)?;
    }
    Ok(people.len() as u64)
}

/// Makes a person administrator of a unit with all that lies below it.
fn administrator_of(tx: &mut Tx, person: PersonId, unit: UnitId) -> Result<()> {
    let (role, place) = (What::Role(Role::DEPARTMENT_ADMINISTRATOR), Some(Place::Unit(unit)));
    let grant = granted(tx, role, Subject::Person(person), Scope::UnitAndBelow, place);
    store::insert_grant(tx, &grant)?;
    tx.record(Event::Granted { grant: grant.id, new: grant.clone() });
    Ok(())
}
