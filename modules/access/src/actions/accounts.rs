use hanlin_kernel::{Actor, Error, Id, PersonId, Result};
use hanlin_rulebook::Class;
use hanlin_store::{Db, Tx};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{passwords::set_password, sign_in::login_key};
use crate::{
    department_accounts,
    events::Event,
    model::{Account, AccountId, EndReason, Refusal, fold_login, is_particular},
    policy::{self, GRANT, MANAGE},
    resolve,
    secret::{self, Secret},
    service::{self, Access},
    store,
    world::World,
};

/// An account that is to be opened.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AccountRequest)]
pub struct OpenAccount {
    pub person: PersonId,
    /// 2 to 60 letters, digits, `.`, `_`, `-` or `@`; upper and lower case are the same.
    pub login: String,
    #[serde(default)]
    pub class: Class,
}

/// Opens an account with a one-time password, whose hash is given.
pub fn open_account(tx: &mut Tx, access: &Access, actor: &Actor, intent: OpenAccount, hash: String) -> Result<Account> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let person = directory.person(intent.person).ok_or(Error::NotFound)?;
    let can = policy::may_account(actor, intent.person, false, &directory, now);
    can.require("read", Error::NotFound)?;
    if department_accounts::is_department_account(tx, intent.person)? {
        return Err(Refusal::DepartmentAccountSignsNobodyIn.into());
    }
    not_above(tx, access, actor, intent.person)?;
    not_above_in_class(actor, intent.class)?;
    let account = Account {
        id: Id::new(),
        person: intent.person,
        login: checked_login(&intent.login)?,
        class: intent.class,
        password_hash: hash,
        password_changed_at: now,
        one_time_until: Some(World::read(tx)?.one_time(intent.person).1),
        locked_at: None,
        lock_reason: None,
        locale: person.locale,
        sample: false,
        public_password: false,
        version: 1,
        created_at: now,
    };
    store::insert_account(tx, &account)?;
    let Account { id, person, login, class, .. } = account.clone();
    tx.record(Event::AccountOpened { account: id, person, login, class });
    Ok(account)
}

/// Gives an account a one-time password, whose hash is given, and ends its sessions.
pub fn reset_password(tx: &mut Tx, access: &Access, actor: &Actor, id: AccountId, hash: String) -> Result<Account> {
    let account = find_for(tx, actor, id, "reset")?;
    not_above(tx, access, actor, account.person)?;
    let (_, until) = World::read(tx)?.one_time(account.person);
    give_one_time(tx, account, hash, until)
}

/// Gives an account a one-time password and unlocks it, on the word of whoever has the machine: for the day on which
/// the only administrator forgot his password. [`Error::NotFound`]: nobody has this login.
pub async fn recover(db: &Db, access: &Access, login: &str) -> Result<Secret> {
    let login = fold_login(login);
    let find = move |tx: &mut Tx| store::find_account_by_login(tx, &login)?.ok_or(Error::NotFound);
    let (account, length) = db
        .read(move |tx| {
            let account = find(tx)?;
            let (length, _) = World::read(tx)?.one_time(account.person);
            Ok((account, length))
        })
        .await?;
    let password = secret::one_time_password(length)?;
    let hash = access.hashing().hash(password.clone()).await?;
    db.write(move |tx| {
        let (_, until) = World::read(tx)?.one_time(account.person);
        let unlocked = Account { locked_at: None, lock_reason: None, ..store::find_account(tx, account.id)? };
        give_one_time(tx, unlocked, hash.clone(), until).map(|_| ())
    })
    .await?;
    Ok(password)
}

fn give_one_time(tx: &mut Tx, account: Account, hash: String, until: Timestamp) -> Result<Account> {
    let account = set_password(tx, account, hash, Some(until))?;
    store::delete_failures(tx, &login_key(&account.login))?;
    tx.record(Event::PasswordReset { account: account.id, person: account.person });
    service::end_sessions(tx, account.id, account.person, None, EndReason::PasswordChanged)?;
    Ok(account)
}

/// Why an account is locked.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = LockRequest)]
pub struct Locking {
    #[serde(default)]
    pub reason: String,
}

/// Locks an account until it is unlocked, and ends its sessions.
pub fn lock_account(tx: &mut Tx, access: &Access, actor: &Actor, id: AccountId, intent: Locking) -> Result<Account> {
    let account = find_for(tx, actor, id, "lock")?;
    not_above(tx, access, actor, account.person)?;
    let reason: String = intent.reason.trim().chars().take(500).collect();
    let account = Account {
        locked_at: Some(tx.now()),
        lock_reason: Some(reason.clone()).filter(|reason| !reason.is_empty()),
        version: account.version + 1,
        ..account
    };
    store::update_account(tx, &account)?;
    tx.record(Event::AccountLocked { account: account.id, person: account.person, reason });
    service::end_sessions(tx, account.id, account.person, None, EndReason::Locked)?;
    Ok(account)
}

/// Unlocks an account, whether an administrator locked it or too many failures did.
pub fn unlock_account(tx: &mut Tx, access: &Access, actor: &Actor, id: AccountId) -> Result<Account> {
    let account = find_for(tx, actor, id, "unlock")?;
    not_above(tx, access, actor, account.person)?;
    let account = Account { locked_at: None, lock_reason: None, version: account.version + 1, ..account };
    store::update_account(tx, &account)?;
    store::delete_failures(tx, &login_key(&account.login))?;
    tx.record(Event::AccountUnlocked { account: account.id, person: account.person });
    Ok(account)
}

/// Puts an account into another class, whose rules hold from now on (ACC-02).
pub fn change_class(
    tx: &mut Tx,
    access: &Access,
    actor: &Actor,
    id: AccountId,
    version: u64,
    class: Class,
) -> Result<Account> {
    let account = find_for(tx, actor, id, "change")?;
    if account.version != version {
        return Err(Error::Stale);
    }
    not_above(tx, access, actor, account.person)?;
    not_above_in_class(actor, class)?;
    let old = account.class;
    let account = Account { class, version: version + 1, ..account };
    store::update_account(tx, &account)?;
    tx.record(Event::ClassChanged { account: id, old, new: class });
    Ok(account)
}

/// An account, if the actor may use this verb on it.
pub(crate) fn find_for(tx: &mut Tx, actor: &Actor, id: AccountId, verb: &str) -> Result<Account> {
    let account = store::find_account(tx, id)?;
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let can = policy::may_account(actor, account.person, account.locked_at.is_some(), &directory, now);
    can.require("read", Error::NotFound)?;
    can.require(verb, Error::forbidden(MANAGE))?;
    Ok(account)
}

/// Nobody comes to more rights by resetting the password of one who has them: whoever manages an account may himself
/// do all that its owner may.
fn not_above(tx: &mut Tx, access: &Access, actor: &Actor, person: PersonId) -> Result<()> {
    let world = World::read(tx)?;
    let held = world.directory.appointments(person, world.now).into_iter().map(|held| Some(held.id));
    for appointment in held.chain([None]) {
        refuse_more(actor, &access.actor_in(&world, person, appointment), &world)?;
    }
    Ok(())
}

fn refuse_more(actor: &Actor, owner: &Actor, world: &World) -> Result<()> {
    let beyond = owner.grants.iter().find(|grant| {
        // Who may grant there could have given him what is particular.
        let asked = if is_particular(&grant.permission) { GRANT.0 } else { &grant.permission };
        let mine = actor.grants.iter().find(|own| own.permission == asked);
        !mine.is_some_and(|own| resolve::covers(&own.scopes, &grant.scopes, world.now, &world.directory))
    });
    match beyond {
        None => Ok(()),
        Some(grant) => Err(Refusal::MoreThanYourself { permission: grant.permission.clone() }.into()),
    }
}

/// Accounts of system administrators are opened by those who may manage every account.
fn not_above_in_class(actor: &Actor, class: Class) -> Result<()> {
    if class == Class::System && !actor.reaches_all(MANAGE) {
        return Err(Refusal::MoreThanYourself { permission: MANAGE.0.to_owned() }.into());
    }
    Ok(())
}

pub(super) fn checked_login(login: &str) -> Result<String> {
    let login = fold_login(login);
    let legal = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-' | '@');
    if (2..=60).contains(&login.chars().count()) && login.chars().all(legal) {
        Ok(login)
    } else {
        Err(Error::invalid("login", "access.login_malformed"))
    }
}
