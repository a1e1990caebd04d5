use hanlin_directory::{
    cast::{GAO_XIANG, QIN_YUE, QINGLAN_TRADE},
    model::Place,
};
use hanlin_kernel::{Id, Result, Scope};
use hanlin_rulebook::Class;
use hanlin_store::Tx;

use super::set_up::{administrator, granted};
use crate::{
    events::Event,
    model::{Account, Role, Subject, What},
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
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let mut people: Vec<_> = directory.people().filter(|person| directory.is_active(person.id, now)).collect();
    people.sort_by_key(|person| person.id);
    for person in &people {
        let class = if person.id == GAO_XIANG {
            Class::System
        } else if directory.leads(person.id, now).is_empty() {
            Class::Business
        } else {
            Class::Key
        };
        let account = Account {
            id: Id::new(),
            person: person.id,
            login: person.sort_key.replace(' ', ""),
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
    administrator(tx, GAO_XIANG)?;
    let role = What::Role(Role::DEPARTMENT_ADMINISTRATOR);
    let place = Some(Place::Unit(QINGLAN_TRADE));
    let grant = granted(tx, role, Subject::Person(QIN_YUE), Scope::UnitAndBelow, place);
    store::insert_grant(tx, &grant)?;
    tx.record(Event::Granted { grant: grant.id, new: grant.clone() });
    tx.record(Event::SampleLoaded { accounts: people.len() as u64 });
    Ok(true)
}
