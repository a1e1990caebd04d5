#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod house;

mod encoding;
mod events;
mod keys;
mod log;
mod reading;
mod recording;
mod redaction;
mod restoring;
mod routes;
mod sealing;
mod tampering;
