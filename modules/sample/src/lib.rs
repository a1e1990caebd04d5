//! 示例集团 in a real installation: loaded beside the organisation to try things out, and removed again.
//!
//! ```text
//! not there ──load──► there ──remove──► not there
//! ```
//!
//! What belongs to the sample is what hangs below its root unit or was done there (`hanlin_directory::sample`). Each
//! module takes its own part out ([`hanlin_api::Module::forget`]), the higher ones first, in one unit of work: it all
//! goes or nothing. Why rows are deleted here and nowhere else: `docs/decisions/0020-the-sample-is-deleted.md`.
//!
//! Invariants, each kept by the test named:
//! - After loading, use and removal every list answers as before (`what_was_loaded_and_used_leaves_nothing_behind`).
//! - The trace keeps every entry, marked as the sample's (`the_trace_keeps_what_the_sample_did_and_says_so`).
//! - People of the sample and of the organisation are never in one case of the organisation, nor one of them in the
//!   other's departments (`the_sample_and_the_organisation_keep_apart`).
//!
//! What it does not do: it owns no table; organisations generated for measurements (`hanlin sample generate`) are not
//! the sample and are never removed.

mod actions;
mod events;
mod model;
mod policy;
mod routes;

pub use actions::{load, remove};
pub use events::Event;
pub use model::{Fill, Loaded, Sample, SampleState};
pub use policy::MANAGE;

use hanlin_api::Module;

/// What this module gives the composition root, beside [`Sample`], which is a service.
pub fn module() -> Module {
    Module {
        routes: routes::routes(),
        permissions: &[MANAGE],
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        ..Module::named("sample")
    }
}
