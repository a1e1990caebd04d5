//! What needs no database.

mod property;
mod reading;
