use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::PersonId;

/// What happened, in a module's words. Recorded with `tx.record(event)`, which writes the trace entry
/// and the outbox row in the transaction of the change.
pub trait Event: Serialize {
    /// `module.past_participle`, for example `documents.issued`. Stable for ever.
    fn kind(&self) -> &'static str;

    /// The version of the payload's shape. Raised when the shape changes; old ones stay readable.
    fn version(&self) -> u16 {
        1
    }

    /// The chain this entry belongs to, `module/noun/id`: one case, one person, one settings object.
    fn stream(&self) -> String;

    /// Whose open screens should learn of it.
    fn audience(&self) -> Audience {
        Audience::Nobody
    }
}

/// Whose open screens should learn of an event at once. Never a grant: they read again what they may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    #[default]
    Nobody,
    People(Vec<PersonId>),
    Everyone,
}

/// An event as it is kept: what the store hands to the trace and the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    pub kind: &'static str,
    pub version: u16,
    pub stream: String,
    pub payload: Value,
    pub audience: Audience,
    /// Who did it. `None`: the system itself (a timer, a reaction).
    pub person: Option<PersonId>,
    pub on_behalf_of: Option<PersonId>,
}
