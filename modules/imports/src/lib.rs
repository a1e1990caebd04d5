//! 导入导出: the organisation as a spreadsheet, in and out.
//!
//! ```text
//! upload ──► previewed ──apply──► applying ──► done
//!               │                     ├──────► cancelled
//!            forgotten                └──────► failed
//! ```
//!
//! A file is read within bounds ([`read`]), its columns are matched by their headings ([`columns`]), and a pure function
//! says of each row what it would do ([`plan`]). What was shown is what is carried out, as a whole: people are written
//! down in small units beside the work of others, and one unit at the end admits them all.
//!
//! Invariants, each kept by the test named:
//! - Nothing is half-imported: cancelled or failed, the organisation is as it was
//!   (`what_is_cancelled_leaves_nothing_behind`).
//! - A file that is carried out and uploaded again changes nothing (`a_file_imported_again_changes_nothing`).
//! - Nobody imports into what he does not manage (`who_manages_a_part_imports_into_that_part_only`).
//!
//! What it does not do: accounts (`access`), leaders in charge (分管领导), groups.

mod actions;
pub mod columns;
mod events;
mod job;
mod keys;
pub mod model;
pub mod plan;
pub mod read;
mod refusal;
mod routes;
mod store;
mod write;

#[cfg(test)]
mod tests;

pub use events::Event;
pub use job::KIND;
pub use refusal::Refusal;

use hanlin_api::Module;
use hanlin_store::{Consumer, jobs};

/// What this module gives the composition root.
pub fn module() -> Module {
    Module {
        migrations: hanlin_store::migrations!("imports"; "0001_imports"),
        routes: routes::routes(),
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        consumers: vec![Consumer::new("imports.tidy", &[actions::TIDY], actions::tidy)],
        jobs: jobs::Kinds::default().with(job::KIND, job::run),
        forget: Some(store::forget),
        ..Module::named("imports")
    }
}
