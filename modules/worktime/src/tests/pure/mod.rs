//! What needs no database.

mod properties;
