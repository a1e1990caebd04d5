//! 制度条款: the organisation's own rules, and every number that the system takes from them.
//!
//! A [`Clause`] is one rule: the unit that owns it, its text in the organisation's words, one [`Policy`] with values for
//! [parameters](catalogue), a [`Mode`] (block, warn, record) and when it holds. Other modules hold no such number: they
//! ask for a parameter of a unit, for a class of accounts, at an instant.
//!
//! ```text
//! session.idle_minutes for a system account in 物流分公司, now?
//!   物流分公司   no clause in force on it
//!   集团         第十二条: { business: 30, system: 10 }   →  10, mode block, clause 第十二条 of 集团
//!   (nobody)     the catalogue's own, careful value
//! ```
//!
//! ```text
//! let rules = hanlin_rulebook::rules(tx)?;
//! let idle = rules.parameter_for(unit, tx.now(), &catalogue::SESSION_IDLE_MINUTES, Class::System);
//! ```
//!
//! Invariants, each kept by the tests named:
//! - The nearest unit upwards that says something on a parameter decides; of one unit, at most one clause does
//!   (`the_nearest_unit_that_says_something_decides`, `two_clauses_of_a_unit_cannot_rule_the_same_thing`).
//! - A rule never changes backwards: what held at an instant can be asked for ever
//!   (`what_held_before_a_change_can_still_be_asked`).
//! - Every change is recorded with the values before and after (`a_change_is_recorded_with_old_and_new_values`).
//! - Where nobody decided, the careful value holds: no document that ships asks for more
//!   (`the_product_is_at_least_as_strict_as_any_document`).
//!
//! It does not judge: what a broken rule means for a case is the business of whoever asked for the parameter.

mod actions;
pub mod catalogue;
mod events;
mod mailbox;
mod model;
mod policy;
mod presets;
mod routes;
mod rules;
mod snapshot;
mod store;

#[cfg(test)]
mod tests;

pub use actions::{Change, Loaded, add_clause, change_clause, load_preset, load_preset_for};
pub use catalogue::{Parameter, Spec, Typed};
pub use events::Event;
pub use mailbox::is_company_mailbox;
pub use model::{Class, Clause, ClauseId, Given, Mode, Parameters, Policy, Provision, Refusal, Setting};
pub use policy::MANAGE;
pub use presets::{Preset, PresetClause, preset, presets};
pub use rules::check;
pub use snapshot::{Found, Rulebook, Rules, Source, Standing, parameter, rules};

use hanlin_api::Module;

/// What this module gives the composition root.
pub fn module() -> Module {
    Module {
        migrations: hanlin_store::migrations!("rulebook"; "0001_rulebook", "0002_revision"),
        routes: routes::routes(),
        permissions: &[MANAGE],
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        forget: Some(store::forget),
        ..Module::named("rulebook")
    }
}
