//! The verbs. Each is one unit of work: find for the actor, decide, save, record.
//!
//! Whatever takes a `from` or `at` may be dated: without one it holds from now on; in the future it takes effect by
//! itself, because every question is asked as of an instant. `seen` is the version that was read; another is
//! [`Error::Stale`].

mod appointments;
mod bulk;
mod departments;
mod groups;
mod leaders;
mod people;
mod posts;
mod present;
mod units;

use hanlin_kernel::{Actor, Can, Error, PersonId, Result};
use hanlin_store::Tx;
use jiff::Timestamp;

pub use appointments::*;
pub use bulk::*;
pub use departments::*;
pub use groups::*;
pub use leaders::*;
pub use people::*;
pub use posts::*;
pub use present::*;
pub use units::*;

use crate::{
    model::{Place, Validity},
    policy::{self, Home},
    store,
};

/// When a change takes effect: to the millisecond, which is what is stored.
fn effective(tx: &Tx, wanted: Option<Timestamp>) -> Result<Timestamp> {
    let wanted = wanted.unwrap_or_else(|| tx.now());
    Timestamp::from_millisecond(wanted.as_millisecond()).map_err(|error| Error::internal(error.to_string()))
}

fn validity(tx: &Tx, from: Option<Timestamp>, to: Option<Timestamp>) -> Result<Validity> {
    let to = to.map(|to| effective(tx, Some(to))).transpose()?;
    Ok(Validity { from: effective(tx, from)?, to })
}

fn unseen(seen: u64, version: u64) -> Result<()> {
    if seen == version { Ok(()) } else { Err(Error::Stale) }
}

/// The place, if the actor may manage it.
fn manage(tx: &mut Tx, actor: &Actor, place: Place) -> Result<Home> {
    let home = store::home_of(tx, place)?;
    policy::require(&policy::may(actor, home), "manage")?;
    Ok(home)
}

/// What the actor may do with this person.
pub fn may_person(tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<Can> {
    let homes = store::list_homes(tx, person)?;
    Ok(policy::may_person(actor, person, &homes))
}
