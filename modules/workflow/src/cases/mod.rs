//! 事项: cases, their tasks and lists; the only place that calls the engine with real facts.

mod access;
mod actions;
mod awaited;
mod calls;
mod choices;
mod claims;
mod corrections;
mod drafts;
mod effects;
mod elapsed;
mod events;
mod follow_ups;
mod free;
mod gallery;
mod halting;
mod held;
mod lists;
mod model;
mod monitor;
mod notices;
mod operations;
mod outside;
mod paper;
mod prediction;
mod query;
mod question;
mod records;
mod refused;
mod related;
mod relieving;
mod repair;
mod routes;
mod signals;
mod start;
mod store;
mod told;
mod view;
pub(crate) mod world;

pub use actions::CaseFiles;
#[cfg(test)]
pub(crate) use actions::{Submission, act, keys_to_submit, submit};
pub(crate) use actions::{administers as acts_as_administrator, link};
pub(crate) use awaited::{TIME, arrive, may_ask, time_due};
pub(crate) use calls::{CALL_OFF, ENDED, OPEN, call_off, ended, open_due};
pub use effects::{is_completed, is_revoked};
pub(crate) use events::stream;
pub(crate) use follow_ups::{concerned, flow_of};
pub(crate) use gallery::list as startable;
pub use held::{HandOverAll, Held, HeldTask, NotHandedOver, hand_over_all, held_by};
pub(crate) use lists::{Wanted, cursor, pattern};
pub(crate) use model::StoredCase;
pub use model::{CaseId, TaskId};
#[cfg(test)]
pub(crate) use query::{AskedNames, Sought, name_plans, plans};
pub(crate) use query::{INDEX, IndexOrder, Indexing, index, index_all, indexes_anew, lacks_lines, unfinished_indexing};
pub(crate) use question::Question;
pub(crate) use relieving::{LEFT, RELIEVE, left, left_by_now, relieve};
pub(crate) use routes::routes;
pub(crate) use signals::{EVENT, SIGNAL, event_due, happened};
pub use store::may_read;
pub(crate) use store::{find as find_case, require_part};
pub use world::{World, initiator_of};

/// The kind of thing that a case's attachments belong to.
pub const CASE: &str = "workflow.case";
