//! The house as a whole: contract, guards, permissions, schema, words, stories across modules. One binary.

mod configuration;
mod contract;
mod documentation;
mod guarded;
mod permissions;
mod schema;
mod stories;
mod support;
mod words;
