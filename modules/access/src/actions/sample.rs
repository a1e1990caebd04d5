use hanlin_directory::{
    cast::{GAO_XIANG, QIN_YUE, QINGLAN, QINGLAN_TRADE},
    model::{Person, Place},
};
use hanlin_kernel::{Error, Id, PersonId, Result, Scope, UnitId};
use hanlin_rulebook::Class;
use hanlin_store::{Leaving, Tx};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    judge, login_key,
    set_up::{administrator, granted},
};
use crate::{
    events::Event,
    model::{Account, EndReason, Grant, Refusal, Role, RoleId, Subject, What},
    password::PasswordRules,
    secret::Secret,
    service::{Access, end_sessions},
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
    let opened = open_all(tx, hash, Opening::sample(&|person| person == GAO_XIANG))?;
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
    let opened = open_all(tx, hash, Opening { login: &login_of, ..Opening::sample(&|person| person == chief) })?;
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

/// How the accounts of a sample are opened.
struct Opening<'a> {
    /// For whom.
    takes: &'a dyn Fn(&Person) -> bool,
    login: &'a dyn Fn(&Person) -> String,
    /// Who may do everything.
    is_administrator: &'a dyn Fn(PersonId) -> bool,
    /// The password is [`SAMPLE_PASSWORD`].
    public: bool,
}

impl<'a> Opening<'a> {
    fn sample(is_administrator: &'a dyn Fn(PersonId) -> bool) -> Self {
        Self { takes: &|_| true, login: &pinyin, is_administrator, public: true }
    }
}

/// An account for everybody of them who is in service; how many.
fn open_all(tx: &mut Tx, hash: &str, opening: Opening<'_>) -> Result<u64> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let serves = |person: &&Person| directory.is_active(person.id, now) && (opening.takes)(person);
    let mut people: Vec<_> = directory.people().filter(serves).collect();
    people.sort_by_key(|person| person.id);
    for person in &people {
        let class = if (opening.is_administrator)(person.id) {
            Class::System
        } else if directory.leads(person.id, now).is_empty() {
            Class::Business
        } else {
            Class::Key
        };
        let account = Account {
            id: Id::new(),
            person: person.id,
            login: (opening.login)(person),
            class,
            password_hash: hash.to_owned(),
            password_changed_at: now,
            one_time_until: None,
            locked_at: None,
            lock_reason: None,
            locale: person.locale,
            sample: true,
            public_password: opening.public,
            version: 1,
            created_at: now,
        };
        store::insert_account(tx, &account)?;
    }
    Ok(people.len() as u64)
}

fn pinyin(person: &Person) -> String {
    person.sort_key.replace(' ', "")
}

/// What the logins of a sample beside a real organisation end in, so that they are nobody else's.
const BESIDE: &str = ".sample";

/// Gives everybody of a sample beside a real organisation who is in service an account: `linxiao.sample`, with a
/// password that the administrator chose. Gao Xiang administers the sample and nothing else.
pub fn load_beside(tx: &mut Tx, hash: &str) -> Result<u64> {
    if !store::has_accounts(tx)? {
        return Err(Refusal::NotSetUp.into());
    }
    let directory = hanlin_directory::snapshot(tx)?;
    let opening = Opening {
        takes: &|person| directory.is_sample(person.id),
        login: &|person| format!("{}{BESIDE}", pinyin(person)),
        is_administrator: &|_| false,
        public: false,
    };
    let accounts = open_all(tx, hash, opening)?;
    administrator_of(tx, GAO_XIANG, QINGLAN)?;
    for role in [Role::FLOW_ADMINISTRATOR, Role::RULEBOOK_ADMINISTRATOR, Role::CALENDAR_ADMINISTRATOR] {
        grant_over(tx, role, GAO_XIANG, QINGLAN)?;
    }
    administrator_of(tx, QIN_YUE, QINGLAN_TRADE)?;
    tx.record(Event::SampleLoaded { accounts });
    Ok(accounts)
}

/// What stands in the way of a password for all accounts of a sample beside a real organisation. The one that the
/// documentation prints is none.
pub fn check_sample_password(tx: &mut Tx, password: &Secret) -> Result<()> {
    if password.reveal() == SAMPLE_PASSWORD {
        return Err(Error::invalid("password", "access.password_common"));
    }
    let rules = PasswordRules::of(&hanlin_rulebook::rules(tx)?, None, tx.now(), Class::Key);
    judge(&rules, "password", password.reveal(), "").map(drop)
}

/// An account of the sample that shows much.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SampleLogin {
    pub login: String,
    pub name: String,
}

impl SampleLogin {
    /// The accounts of these people, in this order.
    pub fn of(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Self>> {
        let directory = hanlin_directory::snapshot(tx)?;
        let mut logins = Vec::new();
        for person in people {
            if let Some(account) = store::find_account_of(tx, *person)? {
                logins.push(Self { login: account.login, name: directory.person_name(*person) });
            }
        }
        Ok(logins)
    }
}

/// Takes out the accounts of those who go, with all they signed in to and all that was granted to them or over their
/// places. Refuses where nobody would be left who administers everything.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let accounts = store::list_accounts_of(tx, &leaving.people)?;
    for account in &accounts {
        end_sessions(tx, account.id, account.person, None, EndReason::Ended)?;
        store::delete_failures(tx, &login_key(&account.login))?;
    }
    store::delete_leaving(tx, leaving)?;
    leaving.note("accounts", accounts.iter().map(|account| account.id));
    let grants = crate::snapshot::grants(tx)?;
    let now = tx.now();
    let is_administrator = |grant: &Grant| {
        grant.what == What::Role(Role::SYSTEM_ADMINISTRATOR)
            && grant.scope == Scope::All
            && matches!(grant.subject, Subject::Person(_))
            && grant.covers(now)
    };
    if grants.all().any(is_administrator) { Ok(()) } else { Err(Refusal::LastAdministrator.into()) }
}

/// Makes a person administrator of a unit with all that lies below it.
fn administrator_of(tx: &mut Tx, person: PersonId, unit: UnitId) -> Result<()> {
    grant_over(tx, Role::DEPARTMENT_ADMINISTRATOR, person, unit)
}

fn grant_over(tx: &mut Tx, role: RoleId, person: PersonId, unit: UnitId) -> Result<()> {
    let (role, place) = (What::Role(role), Some(Place::Unit(unit)));
    let grant = granted(tx, role, Subject::Person(person), Scope::UnitAndBelow, place);
    store::insert_grant(tx, &grant)?;
    tx.record(Event::Granted { grant: grant.id, new: grant.clone() });
    Ok(())
}
