//! The verbs. What needs a password hashed is async: it reads, hashes on the two threads, and then does its one unit
//! of work; everything else is a unit of work of whoever calls.

mod accounts;
mod grants;
mod passwords;
mod reviews;
mod roles;
mod sample;
mod sessions;
mod set_up;
mod sign_in;

pub use accounts::{
    Locking, OpenAccount, change_class, lock_account, open_account, recover, reset_password, unlock_account,
};
pub use grants::{Give, end_grant, give, give_particular};
pub use passwords::{ChangePassword, change_password};
pub use reviews::{ReviewSignIns, Standing, review_sign_ins, reviewed_places, standing};
pub use roles::{AddRole, ChangeRole, add_role, change_role, end_role};
pub use sample::{
    SAMPLE_PASSWORD, SampleLogin, check_sample_password, load_beside, load_generated, load_sample, sample_hash,
};
pub use sessions::{choose_appointment, choose_locale, end_other_sessions, end_own_session, end_session};
pub use set_up::{SetUp, set_up, setup_token};
pub use sign_in::{SignIn, SignedIn, sign_in};

pub(crate) use accounts::find_for;
pub(crate) use sample::forget;
pub(crate) use sessions::session_id;
pub(crate) use sign_in::login_key;

use hanlin_kernel::{Error, Result};

use crate::password::{PasswordRules, Weakness};

/// What stands in the way of a password, by the rules for this account: refused, or what its rules let pass.
pub(crate) fn judge(rules: &PasswordRules, field: &str, password: &str, login: &str) -> Result<Vec<Weakness>> {
    let weaknesses = rules.weaknesses(field, password, login);
    let (blocking, noted): (Vec<Weakness>, Vec<Weakness>) =
        weaknesses.into_iter().partition(|weakness| weakness.mode == hanlin_rulebook::Mode::Block);
    if !blocking.is_empty() {
        return Err(Error::Invalid(blocking.into_iter().map(|weakness| weakness.fault).collect()));
    }
    Ok(noted)
}
