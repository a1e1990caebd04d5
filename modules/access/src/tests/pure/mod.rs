//! What needs no database.

mod holders;
mod passwords;
mod scopes;
