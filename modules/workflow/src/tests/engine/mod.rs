//! The engine against a small invented company.

mod story;
mod words;
mod world;

mod authority;
mod calls;
mod counted;
mod duties;
mod golden;
mod lanes;
mod leave;
mod model;
mod passing;
mod people;
mod property;
mod quorum;
mod returns;
mod rights;
mod rules;
mod secrecy;
mod votes;
mod waits;
