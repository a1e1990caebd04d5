//! What needs no database.

mod search;
pub(crate) mod snapshot;
