//! The engine against a small invented company.

mod story;
mod words;
mod world;

mod acts;
mod authority;
mod calls;
mod chosen;
mod claiming;
mod corrections;
mod counted;
mod duties;
mod follow_up;
mod foretold;
mod free;
mod golden;
mod halting;
mod lanes;
mod leave;
mod mentions;
mod model;
mod paper;
mod passing;
mod people;
mod property;
mod quorum;
mod returns;
mod rights;
mod rules;
mod saying;
mod second_model;
mod secrecy;
mod unchanged;
mod votes;
mod waits;
mod webhooks;
