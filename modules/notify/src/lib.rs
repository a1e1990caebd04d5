//! One way to tell a person (消息提醒): a code with arguments, worded in the reader's language when it is read.
//!
//! [`tell`] writes the notification in the unit of what it is about, so that nobody is told of what did not happen.
//! In the app it is there at once; every other [`Channel`] (mail, push, SMS, voice) is an adapter that gets it from the
//! queue after the commit, tried again until it is through, and may be switched off by its reader.
//!
//! Invariants: a notification is one person's; opening what it leads to reads it; it is never the only trace of a fact.

mod actions;
mod channel;
mod model;
mod routes;
mod store;
#[cfg(test)]
mod tests;

pub use actions::{count_unread, read_about, tell};
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
        ..Module::named("notify")
    }
}
