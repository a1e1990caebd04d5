//! One way to tell a person (消息提醒): a code with arguments, worded in the reader's language when it is read.
//!
//! [`tell`] writes the notification in the unit of what it is about, so that nobody is told of what did not happen.
//! In the app it is there at once; every other [`Channel`] (mail, push, SMS, voice) is an adapter that gets it from the
//! queue after the commit, tried again until it is through, and may be switched off by its reader.
//!
//! ```text
//! Notice (code, args, link) ── tell(people) ──► Notification of each ── opened, or its page ──► read
//!                                                    └─ queue ──► Channel ──► out of the app
//! ```
//!
//! Invariants, each kept by the test named:
//! - Each is told once, and reads for himself (`each_person_is_told_once_and_reading_is_kept_per_person`).
//! - Nobody is told of what he did himself (`nobody_is_told_of_his_own_act`).
//! - Opening a page reads all that leads to it (`opening_a_page_reads_what_leads_to_it`).
//! - A channel brings what its reader wants, and is tried again alone
//!   (`a_channel_gets_what_its_reader_wants_and_is_tried_again`).
//!
//! It is never the only trace of a fact: what waits for somebody is a task, what happened is in the trace. It decides
//! neither who is to be told nor what is worth telling: whoever calls [`tell`] does.

mod actions;
mod channel;
mod model;
mod routes;
mod store;
#[cfg(test)]
mod tests;

pub use actions::{count_unread, read_about, remind, tell};
pub use channel::{Channel, Outgoing, consumers};
pub use model::{Notice, Notification};

use hanlin_api::Module;
use hanlin_store::migrations;

/// The module with the channels that this installation has beside the app itself.
pub fn module(channels: Vec<std::sync::Arc<dyn Channel>>) -> Module {
    Module {
        migrations: migrations!("notify"; "0001_notify"),
        routes: routes::routes(),
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        consumers: consumers(channels),
        forget: Some(store::forget),
        ..Module::named("notify")
    }
}
