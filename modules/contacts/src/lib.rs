//! 个人资料: whether everybody's own profile says what the organisation's rules ask for, and asking those whose does not.
//!
//! ```text
//! Rulebook ── profile.required, profile.email_domains ──► Due of a person, by the unit he is mainly appointed in
//! Person ── what of it he lacks ──► Profile (his own page), Completeness (the administrator's, per place)
//!                                       └─ chase, once a day at most ──► a notification to each
//! ```
//!
//! The people themselves are the directory's; this module changes them through it and adds what only the rulebook knows:
//! a mailbox outside the organisation's domains is refused, and one that was there before counts as lacking.
//!
//! Invariants, each kept by the test named:
//! - A mailbox outside the allowed domains is refused, whoever enters it (`a_mailbox_elsewhere_is_refused_in_words`).
//! - Nobody is asked twice a day (`nobody_is_asked_twice_a_day`).
//! - An administrator counts and asks only those in his reach (`who_manages_one_unit_measures_that_unit`).

mod actions;
mod events;
mod model;
mod routes;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use actions::{Chase, change_person, chase};
pub use events::Event;
pub use model::{Due, Field};
pub use rules::missing;

use hanlin_api::Module;
use hanlin_store::migrations;

/// What this module gives the composition root.
pub fn module() -> Module {
    Module {
        migrations: migrations!("contacts"; "0001_contacts"),
        routes: routes::routes(),
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        forget: Some(store::forget),
        ..Module::named("contacts")
    }
}
