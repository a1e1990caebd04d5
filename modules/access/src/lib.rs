//! 账号权限: who signs in, in which sessions, and what he may.
//!
//! ```text
//! Person ── 1:1 ── Account ── many ── Session          the cookie's secret is kept as SHA-256 only
//!                     │
//!                     └ class (business, key, system): the rulebook's numbers for passwords and sessions
//!
//! Grant: a Role or a permission ── to a person, a group, holders of a post, everyone
//!            └ over a scope (own, department, … , all), measured from a place, in a period
//!        ── resolved through the directory, when a request comes ──►  Actor { grants: permission → units, departments }
//! ```
//!
//! **Signing in.** An attempt is counted as a failure before the password is looked at, and taken back when it was
//! right: a hundred guesses at once are a hundred failures. Passwords are hashed by Argon2id on two threads outside
//! units of work; for a login that nobody has, as much work is done. Every attempt is written to the log (ACC-17).
//!
//! Invariants, each kept by the test named:
//! - Nothing from which a password or a session's secret could be read is stored or recorded
//!   (`no_password_and_no_secret_is_stored`).
//! - A session's secret is made when somebody signs in and never taken from the request
//!   (`a_secret_that_was_planted_is_not_taken_over`).
//! - With the initial password nothing can be done but change it (`the_initial_password_opens_nothing_but_its_change`).
//! - What somebody may is what his grants say, no more, no less (`scopes_equal_what_a_naive_count_finds`).
//! - Nobody gives away, or comes to by resetting a password, what he may not do himself
//!   (`nobody_manages_an_account_that_can_do_more`, `nobody_grants_what_he_may_not_do_himself`).
//! - Who administers a part gives and defines there only, to people there only, and of what he has only
//!   (`an_administrator_of_a_part_gives_nothing_elsewhere_and_to_nobody_elsewhere`).
//! - Who is listed as one who may do something there is let in there, and nobody else
//!   (`the_lists_name_exactly_those_who_pass`).
//! - Who acts for a department's account is recorded beside it, and belongs to the department
//!   (`what_is_done_for_a_department_is_recorded_under_both_names`).
//! - There is always an administrator (`the_last_administrator_stays`).
//!
//! The numbers (lengths, minutes, tries) are the rulebook's. It does not know which routes exist: each declares the
//! permission that stands at its door.

mod actions;
mod delegation;
mod department_accounts;
mod events;
mod hashing;
mod model;
mod password;
mod people;
mod policy;
mod resolve;
mod routes;
mod rules;
mod secret;
mod service;
mod snapshot;
mod store;
mod watch;
mod world;

#[cfg(test)]
mod tests;

pub use actions::{
    AddRole, ChangePassword, ChangeRole, Give, Locking, OpenAccount, ReviewSignIns, SAMPLE_PASSWORD, SampleLogin,
    SetUp, SignIn, SignedIn, add_role, change_password, change_role, check_sample_password, end_grant, end_role,
    end_session, give, give_particular, load_beside, load_generated, load_sample, lock_account, open_account, recover,
    reset_password, sample_hash, set_up, setup_token, sign_in, unlock_account,
};
pub use department_accounts::{DepartmentAccount, DepartmentAccountId};
pub use events::Event;
pub use model::{
    Account, AccountId, EndReason, Grant, GrantId, OpenSession, Refusal, Role, RoleId, SessionId, SignInResult,
    Subject, What, fold_login,
};
pub use people::{holders_of, list_grants_naming, people_with, still_reaches};
pub use policy::{GRANT, MANAGE, REVIEW};
pub use secret::Secret;
pub use service::Access;

use hanlin_api::Module;
use hanlin_kernel::Result;
use hanlin_store::Tx;

/// Is there an account of the sample organisation, whose password everybody knows? Such a server answers only the
/// machine it runs on, unless it is told otherwise.
pub fn has_sample_accounts(tx: &mut Tx) -> Result<bool> {
    store::has_sample_accounts(tx)
}

/// As whom accounts of departments are known: they hold a post, and are no people (ACC-03).
pub fn department_account_people(tx: &mut Tx) -> Result<Vec<hanlin_kernel::PersonId>> {
    department_accounts::principals(tx)
}

/// What this module gives the composition root, beside [`Access`], which is both the `Authenticator` and a service.
pub fn module() -> Module {
    Module {
        migrations: hanlin_store::migrations!(
            "access";
            "0001_access", "0002_delegation", "0003_department_accounts", "0004_particular", "0005_sample",
            "0006_personnel_orders", "0007_revision"
        ),
        routes: routes::routes(),
        permissions: &[MANAGE, GRANT, REVIEW],
        forget: Some(actions::forget),
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        ..Module::named("access")
    }
}
