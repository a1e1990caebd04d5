//! 组织通讯录: units, departments, posts, ranks and people, and who is placed where, leads what and belongs to which
//! group, each with the period it holds in.
//!
//! ```text
//! Unit ── parent ──► Unit                     a tree: group, subsidiaries, branches, outposts, external organisations
//! Department ── part of ──► Department | Unit  a tree inside each unit, of any depth
//! Person ── Service (rank) ──► in service, with his rank, in a period
//! Person ── Appointment (post, main or concurrent) ──► Department | Unit
//! Person ── Leadership (head or in charge) ──► Department | Unit
//! Person ── GroupMember ──► Group               with a leader and a purpose it is a team
//! ```
//!
//! **Asked AS OF an instant.** What is to be answered quickly is asked of a [`Snapshot`]: the whole organisation through
//! time, immutable, shared by the process, brought up to date after a change. Lists for people are SQL.
//!
//! Invariants, each kept by the test of its name in `src/tests/`:
//! - the ancestor table is the closure of the tree at every instant (`the_ancestor_table_is_the_closure`);
//! - a person has one main appointment at a time (`two_main_appointments_at_once_are_refused`);
//! - a place has one head and one leader in charge at a time, who do not come from elsewhere;
//! - nobody and nothing crosses between an external organisation and the house (`nothing_crosses_to_an_external_unit`);
//! - nothing that was in force is deleted: it ends, and its name is still known.
//!
//! What it does not do: who may sign in (`access`), what waits at whom (`workflow`), the calendar of a unit (`worktime`).

mod actions;
pub mod cast;
mod check;
pub mod closure;
pub mod events;
pub mod external;
pub mod generator;
pub mod model;
pub mod names;
pub mod policy;
mod routes;
pub mod rules;
mod sample;
mod search;
mod snapshot;
mod store;
pub mod vcard;

pub use actions::*;
pub use sample::{ROOT as SAMPLE, load_beside, sample, sample_subjects};
pub use snapshot::{HeadLink, HeadRole, Holders, Rows, Snapshot, snapshot};

pub use policy::{MANAGE, READ};
pub use routes::{PersonName, PersonView, person_view};

use hanlin_api::Module;
use hanlin_store::Migration;

pub const MIGRATIONS: &[Migration] =
    hanlin_store::migrations!("directory"; "0001_directory", "0002_staging", "0003_changes", "0004_teams");

/// What this module gives the composition root.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        routes: routes::routes(),
        permissions: &[READ, MANAGE],
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        forget: Some(sample::forget),
        ..Module::named("directory")
    }
}

#[cfg(test)]
mod tests;
