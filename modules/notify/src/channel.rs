use std::sync::Arc;

use hanlin_kernel::Result;
use hanlin_store::{Consumer, Tx};
use serde::{Deserialize, Serialize};

use crate::{model::Notification, store};

/// A way to reach a person outside the app: mail, push, SMS, voice. Adapters implement it (INT-04).
pub trait Channel: Send + Sync + 'static {
    /// Stable, lower case: `mail`.
    fn name(&self) -> &'static str;

    /// Whether people get this code by this channel when they have not said.
    fn by_default(&self, code: &str) -> bool;

    /// Puts one notification on its way, in its own unit; an error is tried again later. Anything slow belongs into a
    /// queue of the channel's own.
    fn send(&self, tx: &mut Tx, outgoing: &Outgoing) -> Result<()>;
}

/// A notification on its way to the channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    pub notification: String,
    pub person: hanlin_kernel::PersonId,
    pub code: String,
    pub args: serde_json::Map<String, serde_json::Value>,
    pub link: String,
}

const KIND: &str = "notify.outgoing";

/// Puts it into the queue for the channels, if this installation has any.
pub(crate) fn queue(tx: &mut Tx, notification: &Notification) -> Result<()> {
    if !tx.wants(KIND) {
        return Ok(());
    }
    let Notification { id, person, code, args, link, at, .. } = notification.clone();
    let outgoing = Outgoing { notification: id.to_string(), person, code, args, link };
    let payload = serde_json::to_value(&outgoing).expect("names, numbers and texts");
    tx.schedule(KIND, &format!("notify/outgoing/{id}"), at, &payload)
}

/// One consumer for each channel, so that each is tried again on its own.
pub fn consumers(channels: Vec<Arc<dyn Channel>>) -> Vec<Consumer> {
    let consumer = |channel: Arc<dyn Channel>| {
        Consumer::new(channel.name(), &[KIND], move |tx, delivered| {
            let outgoing: Outgoing = delivered.read()?;
            let chosen = store::wants(tx, outgoing.person, channel.name(), &outgoing.code)?;
            if chosen.unwrap_or_else(|| channel.by_default(&outgoing.code)) {
                channel.send(tx, &outgoing)?;
            }
            Ok(())
        })
    };
    channels.into_iter().map(consumer).collect()
}
