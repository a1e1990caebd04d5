//! Attachments (附件): uploaded as a stream, stored once by their SHA-256, opened by whoever may open what they
//! belong to.
//!
//! ```text
//!  POST /files ──▶ temporary file ──▶ synced ──▶ blobs/ab/ab12… ──▶ row (uploader's alone)
//!                                                                    │ attach(kind, thing)
//!                                                                    ▼
//!                                                     readable by whom Owner lets (workflow, documents …)
//! ```
//!
//! Invariants, each kept by the test named:
//! - Bytes and their folder are synced before a row names them; a row never names bytes that are not there
//!   (`cargo xtask torture` drops what was not synced).
//! - The type is found in the content (`the_type_is_found_in_the_content`). Nothing that a browser would run (HTML, SVG,
//!   scripts) is ever served inline (`what_a_browser_would_run_is_never_shown_in_place`).
//! - A file is its uploader's until its owner says otherwise (`a_file_is_its_uploaders_until_its_owner_says_otherwise`).
//! - A file that belongs to nothing is swept after [`sweep::GRACE`]; bytes that no row names are moved aside, looked at
//!   again, and only then removed (`equal_content_is_kept_once_and_goes_when_nothing_names_it`).
//! - Files are referenced in units of work, never written in them; but for small texts of the house itself that must be
//!   there when the unit is ([`keep`]).
//!
//! What it does not do: it knows no cases; who may open what belongs to a thing, the thing's [`Owner`] says. No check for
//! viruses, no previews of office files.

mod actions;
mod blobs;
mod kinds;
mod model;
mod routes;
mod store;
pub mod sweep;
#[cfg(test)]
mod tests;
mod thumbnail;

pub use actions::{attach, check_attachable, find, hold, keep, list_of, open, uploads_of};
pub use blobs::Blobs;
pub use model::{File, Files, Owner, Uploads};
pub use routes::download;

use hanlin_api::Module;
use hanlin_store::migrations;

pub fn module() -> Module {
    Module {
        migrations: migrations!("files"; "0001_files", "0002_uploader"),
        routes: routes::routes(),
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        forget: Some(store::forget),
        ..Module::named("files")
    }
}
