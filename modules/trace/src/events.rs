use hanlin_kernel::{Event, Id};
use serde::{Deserialize, Serialize};

use crate::model::Entry;

/// The kind of the entry that makes the removal of a payload lawful.
pub(crate) const REDACTED: &str = "trace.redacted";

/// A payload was removed, for the reason given. Stands in the stream of the entry that lost it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Redacted {
    pub entry: Id<Entry>,
    pub seq: u64,
    pub reason: String,
    #[serde(skip)]
    pub stream: String,
}

impl Event for Redacted {
    fn kind(&self) -> &'static str {
        REDACTED
    }
    fn stream(&self) -> String {
        self.stream.clone()
    }
}

/// The stream of what happened to the trace as a whole.
const LOG_STREAM: &str = "trace/log/main";

/// The database was put back to an earlier state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// The last seal that the database still has; 0: none.
    pub restored_to: u64,
    /// The last seal that the log has.
    pub lost_until: u64,
    /// What it was put back from and why, in the administrator's words.
    pub note: String,
}

impl Event for Restored {
    fn kind(&self) -> &'static str {
        "trace.restored"
    }
    fn stream(&self) -> String {
        LOG_STREAM.to_owned()
    }
}

/// The seal log was lost, or a new node has none, and it was written again from the database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogRebuilt {
    /// How many seals were written.
    pub seals: u64,
    /// Why, in the administrator's words.
    pub note: String,
}

impl Event for LogRebuilt {
    fn kind(&self) -> &'static str {
        "trace.log_rebuilt"
    }
    fn stream(&self) -> String {
        LOG_STREAM.to_owned()
    }
}
