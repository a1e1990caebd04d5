//! 留痕: what happened, by whom, for whom, when; kept so that nobody can change it unnoticed.
//!
//! ```text
//! unit of work ──► entry ──► entry ──► entry      one chain for each stream (case, person, settings object),
//!                    hash      hash      hash     each entry under a MAC whose key is not in the database
//!                      └─────────┬─────────┘
//!                 every 10 s     ▼
//!               seal ◄───────  seal ◄─── …        a signed Merkle root over the last entries of all streams that
//!                 │              │                grew; its line goes to a log that is not in the database either
//! ```
//!
//! - [`TraceRecorder`] writes the entries inside the transaction of the change: no change without its trace, no trace
//!   without its change.
//! - [`Sealer`] seals; [`verify`] holds the database against the key and the log, and finds what was changed, inserted,
//!   removed, put in another order or cut off, and a lost stream, up to the last seal.
//! - An entry keeps what its module said of it (a payload of codes and ids) and never a sentence; a payload can be
//!   removed where the law asks for it, and then the entry still stands and says so.
//!
//! Invariants: `seq` has no gaps within a stream; an entry is never changed but by a recorded removal; a seal never.
//!
//! What it deliberately does not do: rebuild state from entries, resolve names, decide who may see a case. What nobody
//! can do is in `docs/admin/trace.md`, which also says what remains possible to whom.

mod actions;
mod chain;
mod disk;
mod events;
mod keys;
mod log;
mod merkle;
mod model;
mod open;
mod recorder;
mod routes;
mod sealer;
mod store;
mod verify;

#[cfg(test)]
mod tests;

pub use actions::{
    READ, REDACT, Redaction, Refusal, authenticate, copy_stream, find_for, find_sealed_for, is_authentic, list_for,
    list_stream, mark_sample, redact,
};
pub use chain::ALGORITHM;
pub use events::{LogRebuilt, Redacted, Restored};
pub use keys::{KeyError, Keys, Verifier};
pub use log::{LogError, SealLog};
pub use model::{Entry, Filter, Seal, Sealed};
pub use open::{OpenError, Places, open};
pub use recorder::TraceRecorder;
pub use sealer::{Sealer, Trouble};
pub use verify::{Code, Finding, Report, verify};

use hanlin_api::Module;
use hanlin_store::Migration;

pub const MIGRATIONS: &[Migration] =
    hanlin_store::migrations!("trace"; "0001_trace", "0002_guard" differs, "0003_sample");

pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        routes: routes::routes(),
        permissions: &[READ, REDACT],
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        forget: Some(|tx, leaving| mark_sample(tx, leaving.ids())),
        ..Module::named("trace")
    }
}
