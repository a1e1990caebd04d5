//! The house as a whole: contract, guards, permissions, schema, words, stories across modules. One binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod configuration;
mod contract;
mod documentation;
mod external;
mod guarded;
mod permissions;
mod schema;
mod stories;
mod support;
mod words;
