//! Tests in the language of roles: an app over either engine, personas, JSON in and out.
//!
//! `HANLIN_TEST_ENGINE=postgres` with `HANLIN_TEST_POSTGRES=postgres://…` runs the same tests on PostgreSQL.
//! A dev-dependency only: nothing here is careful about panics.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot go on panics")]

mod app;
mod engine;
#[cfg(test)]
mod tests;

pub use app::{As, START, Said, Setup, TestApp};
pub use engine::{TestDatabase, engine_name};
