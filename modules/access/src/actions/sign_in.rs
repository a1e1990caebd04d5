use hanlin_api::RequestInfo;
use hanlin_kernel::{Error, Id, Result};
use hanlin_rulebook::{catalogue, rules as rulebook};
use hanlin_store::{Context, Db, Key, Tx};
use jiff::SignedDuration;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{home, sessions};
use crate::{
    events::Event,
    model::{Account, EndReason, OpenSession, Refusal, SignInEntry, SignInResult, fold_login},
    rules::{self, Limit},
    secret::{self, Secret},
    service::Access,
    store,
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
    let (access, info) = (access.clone(), from.clone());
    let finish = move |tx: &mut Tx| finish(tx, &access, &login, account.clone(), right, &info);
    db.write_as(guarded.context, finish).await?.map_err(Error::from)
}

/// An attempt to prove who one is, counted as a failure until it turned out right.
pub(super) struct Guarded {
    login: String,
    address: String,
    context: Context,
    account: Option<Account>,
}

impl Guarded {
    /// Counts the attempt, or says how long to wait.
    pub(super) async fn count(db: &Db, login: &str, from: &RequestInfo) -> Result<Self> {
        let context = Context::default().keys(&[Key::named(&format!("access/{}", login_key(login)))]);
        let (attempt, info) = (login.to_owned(), from.clone());
        match db.write_as(context.clone(), move |tx| begin(tx, &attempt, &info)).await? {
            Begun::Blocked { wait } => Err(Error::TooMany { seconds: wait.as_secs().max(1) as u64 }),
            Begun::Counted { account } => {
                Ok(Self { login: login.to_owned(), address: from.address.clone(), context, account })
            }
        }
    }

    /// Takes it back.
    pub(super) async fn forgive(self, db: &Db) -> Result<()> {
        let Self { login, address, context, .. } = self;
        db.write_as(context, move |tx| forgive(tx, &login, &address)).await
    }
}

enum Begun {
    Blocked { wait: SignedDuration },
    Counted { account: Option<Account> },
}

/// Counts the attempt against the login and the address, before anybody looks at the password.
fn begin(tx: &mut Tx, login: &str, from: &RequestInfo) -> Result<Begun> {
    let account = store::find_account_by_login(tx, login)?;
    let limits = limits(tx, account.as_ref())?;
    let now = tx.now();
    let mut counted = Vec::new();
    for (key, limit) in keys(login, &from.address).into_iter().zip(limits) {
        match rules::count_attempt(store::find_failures(tx, &key)?, limit, now) {
            Ok(failures) => counted.push((key, failures)),
            Err(wait) => {
                note(tx, login, account.as_ref(), from, SignInResult::Blocked, None)?;
                return Ok(Begun::Blocked { wait });
            }
        }
    }
    for (key, failures) in counted {
        store::save_failures(tx, &key, &failures)?;
    }
    Ok(Begun::Counted { account })
}

fn finish(
    tx: &mut Tx,
    access: &Access,
    login: &str,
    account: Option<Account>,
    right: bool,
    from: &RequestInfo,
) -> Result<Result<SignedIn, Refusal>> {
    // Somebody may have changed the account while its password was looked at.
    let account = match account {
        Some(known) => {
            Some(store::find_account(tx, known.id)?).map(|now| (now.password_hash == known.password_hash, now))
        }
        None => None,
    };
    let Some((_, account)) = account.clone().filter(|(same, _)| right && *same) else {
        let result = if account.is_some() { SignInResult::WrongPassword } else { SignInResult::UnknownLogin };
        let account = account.map(|(_, account)| account);
        note(tx, login, account.as_ref(), from, result, None)?;
        if let Some(account) = account {
            tell_blocked(tx, &account, from)?;
        }
        return Ok(Err(Refusal::WrongCredentials));
    };
    if let Some((result, refusal)) = hindrance(tx, &account)? {
        note(tx, login, Some(&account), from, result, None)?;
        return Ok(Err(refusal));
    }
    forgive(tx, login, &from.address)?;
    replace_old_session(tx, access, from)?;
    let opened = sessions::open(tx, &account, from)?;
    note(tx, login, Some(&account), from, SignInResult::SignedIn, Some(&opened))?;
    Ok(Ok(opened))
}

/// What keeps somebody out whose password is right.
fn hindrance(tx: &mut Tx, account: &Account) -> Result<Option<(SignInResult, Refusal)>> {
    let now = tx.now();
    Ok(if account.locked_at.is_some() {
        Some((SignInResult::Locked, Refusal::Locked))
    } else if account.one_time_until.is_some_and(|until| until <= now) {
        Some((SignInResult::OneTimeExpired, Refusal::OneTimeExpired))
    } else if !hanlin_directory::snapshot(tx)?.is_active(account.person, now) {
        Some((SignInResult::NotInService, Refusal::NotInService))
    } else {
        None
    })
}

/// A browser that signs in anew leaves nothing open of what it had before, whoever that was.
fn replace_old_session(tx: &mut Tx, access: &Access, from: &RequestInfo) -> Result<()> {
    let Some(secret) = &from.secret else { return Ok(()) };
    if let Some(old) = access.open_session(tx, secret)? {
        sessions::end_session(tx, old.session.id, old.account.person, EndReason::Replaced)?;
    }
    Ok(())
}

/// Tells of the attempt that used up an account's failures.
fn tell_blocked(tx: &mut Tx, account: &Account, from: &RequestInfo) -> Result<()> {
    if let Some(until) = store::find_failures(tx, &login_key(&account.login))?.and_then(|known| known.blocked_until) {
        tx.record(Event::AccountBlocked { account: account.id, until, address: from.address.clone() });
    }
    Ok(())
}

/// Takes the attempt back: all failures of the login, and this one of the address.
fn forgive(tx: &mut Tx, login: &str, address: &str) -> Result<()> {
    store::delete_failures(tx, &login_key(login))?;
    let account = store::find_account_by_login(tx, login)?;
    let [_, limit] = limits(tx, account.as_ref())?;
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

/// For the login and for the address, by the rules of the account's unit; where nobody has the login, by those at the
/// top.
fn limits(tx: &mut Tx, account: Option<&Account>) -> Result<[Limit; 2]> {
    let (rules, now) = (rulebook(tx)?, tx.now());
    let unit = account.and_then(|account| home(&rules.directory, account.person, now).0);
    let lasts = SignedDuration::from_mins(rules.parameter(unit, now, &catalogue::SIGN_IN_LOCK_MINUTES).value);
    let login = rules.parameter(unit, now, &catalogue::SIGN_IN_MOST_FAILURES).value;
    // An address serves many units: the top's rule holds.
    let address = rules.parameter(None, now, &catalogue::SIGN_IN_MOST_FAILURES_PER_ADDRESS).value;
    Ok([Limit { most: login, lasts }, Limit { most: address, lasts }])
}

/// Writes the log of sign-ins (ACC-17), and for a success the event.
fn note(
    tx: &mut Tx,
    login: &str,
    account: Option<&Account>,
    from: &RequestInfo,
    result: SignInResult,
    opened: Option<&SignedIn>,
) -> Result<()> {
    let now = tx.now();
    let person = account.map(|account| account.person);
    let (unit, department) = match person {
        Some(person) => home(&*hanlin_directory::snapshot(tx)?, person, now),
        None => (None, None),
    };
    let entry = SignInEntry {
        id: Id::new(),
        at: now,
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
