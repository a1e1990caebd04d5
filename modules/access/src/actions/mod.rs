//! The verbs. What needs a password hashed is async: it reads, hashes on the two threads, and then does its one unit
//! of work; everything else is a unit of work of whoever calls.

mod accounts;
mod grants;
mod passwords;
mod sample;
mod sessions;
mod set_up;
mod sign_in;

pub use accounts::{Locking, OpenAccount, change_class, lock_account, open_account, reset_password, unlock_account};
pub use grants::{AddRole, ChangeRole, Give, add_role, change_role, end_grant, give};
pub use passwords::{ChangePassword, change_password};
pub use sample::{SAMPLE_PASSWORD, load_sample, sample_hash};
pub use sessions::{choose_appointment, choose_locale, end_other_sessions, end_own_session, end_session};
pub use set_up::{SetUp, set_up, setup_token};
pub use sign_in::{SignIn, SignedIn, sign_in};

pub(crate) use accounts::find_for;
pub(crate) use sessions::session_id;
pub(crate) use sign_in::login_key;

use hanlin_directory::Snapshot;
use hanlin_kernel::{DepartmentId, Error, PersonId, Result, UnitId};
use hanlin_rulebook::{catalogue, rules as rulebook};
use hanlin_store::Tx;
use jiff::{SignedDuration, Timestamp};

use crate::{
    model::Account,
    password::{PasswordRules, Weakness},
    rules::Lifetime,
};

/// Where a person belongs now, by his main appointment: whose rules hold for his account.
pub(crate) fn home(directory: &Snapshot, person: PersonId, at: Timestamp) -> (Option<UnitId>, Option<DepartmentId>) {
    let held = directory.appointments(person, at).into_iter().next();
    let unit = held.and_then(|held| directory.unit_of(held.place, at));
    (unit, held.and_then(|held| held.place.department()))
}

/// How long a session of this account may be idle and last.
pub(crate) fn lifetime(tx: &mut Tx, account: &Account) -> Result<Lifetime> {
    let (rules, now) = (rulebook(tx)?, tx.now());
    let (unit, _) = home(&rules.directory, account.person, now);
    let idle = rules.parameter_for(unit, now, &catalogue::SESSION_IDLE_MINUTES, account.class).value;
    let longest = rules.parameter_for(unit, now, &catalogue::SESSION_LONGEST_HOURS, account.class).value;
    Ok(Lifetime { idle: SignedDuration::from_mins(idle), longest: SignedDuration::from_hours(longest) })
}

/// What stands in the way of a password, by the rules for this account: refused, or the codes that are only noted.
pub(crate) fn judge(rules: &PasswordRules, field: &str, password: &str, login: &str) -> Result<Vec<String>> {
    let weaknesses = rules.weaknesses(field, password, login);
    let (blocking, noted): (Vec<Weakness>, Vec<Weakness>) =
        weaknesses.into_iter().partition(|weakness| weakness.mode == hanlin_rulebook::Mode::Block);
    if !blocking.is_empty() {
        return Err(Error::Invalid(blocking.into_iter().map(|weakness| weakness.fault).collect()));
    }
    Ok(noted.into_iter().map(|weakness| weakness.fault.code).collect())
}

/// How a password stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordState {
    /// A one-time password, or one that grew too old: nothing else can be done before it is changed (ACC-07, ACC-11).
    pub must_change: bool,
    /// When it grows too old, if that is so near that its owner is to be reminded.
    pub remind_of: Option<Timestamp>,
}

/// How the password of an account stands by the rules for it.
pub(crate) fn password_state(tx: &mut Tx, account: &Account) -> Result<PasswordState> {
    let (rules, now) = (rulebook(tx)?, tx.now());
    let (unit, _) = home(&rules.directory, account.person, now);
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    let age = days(rules.parameter_for(unit, now, &catalogue::PASSWORD_EXPIRES_DAYS, account.class).value);
    let notice = days(rules.parameter(unit, now, &catalogue::PASSWORD_REMIND_DAYS).value);
    let expires_at = account.password_changed_at.saturating_add(age).unwrap_or(Timestamp::MAX);
    let must_change = account.one_time_until.is_some() || now >= expires_at;
    let near = !must_change && now >= expires_at.saturating_sub(notice).unwrap_or(Timestamp::MIN);
    Ok(PasswordState { must_change, remind_of: near.then_some(expires_at) })
}
