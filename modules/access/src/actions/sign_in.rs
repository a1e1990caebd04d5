use hanlin_api::RequestInfo;
use hanlin_kernel::{Error, Id, Result};
use hanlin_store::{Context, Db, Key, Tx};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::sessions;
use crate::{
    events::Event,
    model::{Account, EndReason, OpenSession, Refusal, SignInEntry, SignInResult, fold_login},
    rules,
    secret::{self, Secret},
    service::Access,
    store,
    world::World,
};

/// A name and what proves it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = SignInRequest)]
pub struct SignIn {
    pub login: String,
    #[schema(value_type = String, format = Password)]
    pub password: Secret,
}

/// A session that was opened.
#[derive(Debug)]
pub struct SignedIn {
    /// For the cookie; nobody else is told.
    pub secret: Secret,
    pub session: OpenSession,
    pub account: Account,
}

/// Longer texts are nobody's login.
const LONGEST_LOGIN: usize = 100;

/// 登录: counts the attempt, looks at the password, opens a session or says no; and writes down which.
pub async fn sign_in(db: &Db, access: &Access, from: &RequestInfo, intent: SignIn) -> Result<SignedIn> {
    let login = fold_login(&intent.login).chars().take(LONGEST_LOGIN).collect::<String>();
    let guarded = Guarded::count(db, &login, from).await?;
    let account = guarded.account.clone();
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let right = match access.hashing().verify(hash, intent.password).await {
        Ok(right) => right,
        Err(error) => {
            // Nobody looked at the password: it was no failure.
            guarded.forgive(db).await?;
            return Err(error);
        }
    };
    let (access, info, last) = (access.clone(), from.clone(), guarded.last);
    // What a right password does is its owner's doing; what a wrong one does is nobody's.
    let person = account.as_ref().filter(|_| right).map(|account| account.person);
    let context = Context { person, ..guarded.context };
    let finish = move |tx: &mut Tx| match checked(tx, account.as_ref(), right)? {
        Some(account) => let_in(tx, &access, &login, &account, &info),
        None => turn_away(tx, &login, account.as_ref(), &info, last),
    };
    db.write_as(context, finish).await?.map_err(Error::from)
}

/// An attempt to prove who one is, counted as a failure until it turned out right.
pub(super) struct Guarded {
    login: String,
    address: String,
    context: Context,
    account: Option<Account>,
    /// It uses up the login's failures: if it is one too, the login is closed until then.
    last: Option<Timestamp>,
}

impl Guarded {
    /// Counts the attempt, or says how long to wait.
    pub(super) async fn count(db: &Db, login: &str, from: &RequestInfo) -> Result<Self> {
        let context = Context::default().keys(&[Key::named(&format!("access/{}", login_key(login)))]);
        let (attempt, info) = (login.to_owned(), from.clone());
        match db.write_as(context.clone(), move |tx| begin(tx, &attempt, &info)).await? {
            Err(wait) => Err(Error::TooMany { seconds: wait.as_secs().max(1) as u64 }),
            Ok(Counted { account, last }) => {
                Ok(Self { login: login.to_owned(), address: from.address.clone(), context, account, last })
            }
        }
    }

    /// Takes it back.
    pub(super) async fn forgive(self, db: &Db) -> Result<()> {
        let Self { login, address, context, .. } = self;
        db.write_as(context, move |tx| forgive(tx, &login, &address)).await
    }
}

/// An attempt that may be looked at.
struct Counted {
    account: Option<Account>,
    last: Option<Timestamp>,
}

/// Counts the attempt against the login and the address, before anybody looks at the password; or says how long to wait.
fn begin(tx: &mut Tx, login: &str, from: &RequestInfo) -> Result<Result<Counted, SignedDuration>> {
    let account = store::find_account_by_login(tx, login)?;
    let world = World::read(tx)?;
    let mut counted = Vec::new();
    for (key, limit) in keys(login, &from.address).into_iter().zip(world.limits(account.as_ref())) {
        match rules::count_attempt(store::find_failures(tx, &key)?, limit, world.now) {
            Ok(failures) => counted.push((key, failures)),
            Err(wait) => {
                note(tx, &world, login, account.as_ref(), from, SignInResult::Blocked, None)?;
                return Ok(Err(wait));
            }
        }
    }
    let last = counted.first().and_then(|(_, failures)| failures.blocked_until);
    for (key, failures) in counted {
        store::save_failures(tx, &key, &failures)?;
    }
    Ok(Ok(Counted { account, last }))
}

/// The account as it is now, if the password that was looked at is still its own and was right.
fn checked(tx: &mut Tx, seen: Option<&Account>, right: bool) -> Result<Option<Account>> {
    let Some(seen) = seen.filter(|_| right) else { return Ok(None) };
    let account = store::find_account(tx, seen.id)?;
    Ok((account.password_hash == seen.password_hash).then_some(account))
}

fn turn_away(
    tx: &mut Tx,
    login: &str,
    account: Option<&Account>,
    from: &RequestInfo,
    last: Option<Timestamp>,
) -> Result<Result<SignedIn, Refusal>> {
    let world = World::read(tx)?;
    let result = if account.is_some() { SignInResult::WrongPassword } else { SignInResult::UnknownLogin };
    note(tx, &world, login, account, from, result, None)?;
    if let (Some(account), Some(until)) = (account, last) {
        tx.record(Event::AccountBlocked { account: account.id, until, address: from.address.clone() });
    }
    Ok(Err(Refusal::WrongCredentials))
}

fn let_in(
    tx: &mut Tx,
    access: &Access,
    login: &str,
    account: &Account,
    from: &RequestInfo,
) -> Result<Result<SignedIn, Refusal>> {
    let world = World::read(tx)?;
    if let Some((result, refusal)) = hindrance(&world, account) {
        note(tx, &world, login, Some(account), from, result, None)?;
        return Ok(Err(refusal));
    }
    forgive(tx, login, &from.address)?;
    use_up(tx, account)?;
    replace_old_session(tx, access, from)?;
    let opened = sessions::open(tx, account, from)?;
    note(tx, &world, login, Some(account), from, SignInResult::SignedIn, Some(&opened))?;
    Ok(Ok(opened))
}

/// A one-time password opens the account once (ACC-13); it still must be changed.
fn use_up(tx: &mut Tx, account: &Account) -> Result<()> {
    if account.one_time_until.is_none() {
        return Ok(());
    }
    let used = Account { one_time_until: Some(tx.now()), version: account.version + 1, ..account.clone() };
    store::update_account(tx, &used)
}

/// What keeps somebody out whose password is right.
fn hindrance(world: &World, account: &Account) -> Option<(SignInResult, Refusal)> {
    if account.locked_at.is_some() {
        Some((SignInResult::Locked, Refusal::Locked))
    } else if account.one_time_until.is_some_and(|until| until <= world.now) {
        Some((SignInResult::OneTimeExpired, Refusal::OneTimeExpired))
    } else if !world.is_active(account.person) {
        Some((SignInResult::NotInService, Refusal::NotInService))
    } else {
        None
    }
}

/// A browser that signs in anew leaves nothing open of what it had before, whoever that was.
fn replace_old_session(tx: &mut Tx, access: &Access, from: &RequestInfo) -> Result<()> {
    let Some(secret) = &from.secret else { return Ok(()) };
    if let Some((old, _)) = access.open_session(tx, secret)? {
        sessions::end_session(tx, old.session.id, old.account.person, EndReason::Replaced)?;
    }
    Ok(())
}

/// Takes the attempt back: all failures of the login, and this one of the address.
fn forgive(tx: &mut Tx, login: &str, address: &str) -> Result<()> {
    store::delete_failures(tx, &login_key(login))?;
    let account = store::find_account_by_login(tx, login)?;
    let [_, limit] = World::read(tx)?.limits(account.as_ref());
    for key in keys(login, address).into_iter().skip(1) {
        if let Some(known) = store::find_failures(tx, &key)? {
            match rules::forgive_attempt(known, limit) {
                Some(left) => store::save_failures(tx, &key, &left)?,
                None => store::delete_failures(tx, &key)?,
            }
        }
    }
    Ok(())
}

pub(crate) fn login_key(login: &str) -> String {
    format!("login/{login}")
}

/// What failures are counted by. A request that came by no network (a test, a command) has no address.
fn keys(login: &str, address: &str) -> Vec<String> {
    let mut keys = vec![login_key(login)];
    if !address.is_empty() {
        keys.push(format!("address/{address}"));
    }
    keys
}

/// Writes the log of sign-ins (ACC-17), and for a success the event.
fn note(
    tx: &mut Tx,
    world: &World,
    login: &str,
    account: Option<&Account>,
    from: &RequestInfo,
    result: SignInResult,
    opened: Option<&SignedIn>,
) -> Result<()> {
    let person = account.map(|account| account.person);
    let (unit, department) = person.map(|person| world.home(person)).unwrap_or_default();
    let entry = SignInEntry {
        id: Id::new(),
        at: world.now,
        login: login.to_owned(),
        person,
        unit,
        department,
        address: from.address.clone(),
        user_agent: from.user_agent.clone(),
        result,
        session: opened.map(|opened| opened.session.id),
    };
    store::insert_sign_in(tx, &entry)?;
    if let (Some(account), Some(opened)) = (account, opened) {
        tx.record(Event::SignedIn {
            account: account.id,
            session: opened.session.id,
            person: account.person,
            address: from.address.clone(),
            user_agent: from.user_agent.clone(),
        });
    }
    Ok(())
}

/// Makes the secret of a new session.
pub(super) fn fresh_secret() -> Result<(Secret, String)> {
    let secret = secret::token()?;
    let digest = secret::digest(secret.reveal());
    Ok((secret, digest))
}
