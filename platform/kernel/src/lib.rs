//! What every module speaks of and none owns: ids, time, words, people as actors, permissions, errors, events, pages.
//!
//! Nothing here does I/O. Everything here is small enough to be known by heart.

mod actor;
mod clock;
mod error;
mod event;
mod id;
mod page;
mod permission;
mod text;

pub use actor::{Actor, Can, Grant, Scope, Scopes};
pub use clock::{Clock, FixedClock, SystemClock};
pub use error::{Error, FieldError, RefusalCode, Result};
pub use event::{Audience, Event, Recorded};
pub use id::{AppointmentId, DepartmentId, GroupId, Id, PersonId, PostId, RankId, UnitId, tag};
pub use page::{Page, PageRequest};
pub use permission::Permission;
pub use text::{Locale, Text};
