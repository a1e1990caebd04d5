//! The database: units of work as closures, on SQLite or PostgreSQL, with one set of queries.
//!
//! **One mental model: every unit of work runs as if alone.** It is a plain closure that may be run again; nothing in
//! it touches the network, the disk or the real clock. What it records becomes trace entries and outbox rows in its
//! own transaction, and its answer, a refusal too, comes after the commit.
//!
//! - SQLite: one writer thread runs waiting units as savepoints of one transaction and commits them together, durably
//!   (`engine/sqlite.rs`).
//! - PostgreSQL: serializable transactions with counted, jittered tries; writes nobody waits for are sent together
//!   (`engine/postgres.rs`).
//!
//! SQL is text that both read: lower case, `$1 …`, `text | bigint | boolean | double precision` only, unique indexes
//! with a name instead of unnamed constraints, sums cast to bigint, no `now()`, no arrays (`all_in`), no `for update`.
//! This is the only crate that names a driver.

mod db;
mod engine;
mod error;
mod failpoint;
pub mod jobs;
mod leaving;
mod live;
mod migrate;
pub mod outbox;
mod row;
mod settings;
mod tx;
mod value;

pub use db::{Db, Location};
pub use engine::gates::Bounds;
pub use error::{OnConstraint, StoreError, store_error};
pub use leaving::Leaving;
pub use live::{Live, LiveEvent};
pub use migrate::{MIGRATIONS, Migration, describe};
pub use outbox::{Consumer, Delivered};
pub use row::{FromRow, Row};
pub use settings::{Memos, NoRecorder, Ports, Recorder, Settings};
pub use tx::{Context, Key, ReadOnce, Tx};
pub use value::{FromValue, Json, ToValue, Value};
