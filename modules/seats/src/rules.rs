//! Who may be named, and what a unit is short of. Pure.

use hanlin_directory::model::Validity;
use hanlin_kernel::{Error, FieldError, Result, refusal};
use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Kind, Seat};

const LONGEST_POST: usize = 100;
const LONGEST_CONTACT: usize = 200;

/// Why a seat cannot be given or given up. The name is the key of its sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// He has a seat of this kind in this unit already.
    SeatedAlready { person: String },
    /// All seats of the kind are taken: say whom the new one follows.
    SeatTaken { most: usize },
    /// He does not serve then.
    NotInService { person: String },
    /// The unit is not in use then.
    UnitNotInUse,
    /// The seat has ended by then, or has not begun.
    SeatNotInForce,
    /// The seat that is followed is another unit's or of another kind.
    AnotherSeat,
}
refusal!("seats", Refusal);

/// Post and contact are registered with every name.
pub(crate) fn check(post: &str, contact: &str) -> Result<()> {
    let mut faults = Vec::new();
    for (field, said, limit) in [("post", post, LONGEST_POST), ("contact", contact, LONGEST_CONTACT)] {
        if said.trim().is_empty() {
            faults.push(FieldError::new(field, "seats.missing"));
        } else if said.chars().count() > limit {
            faults.push(FieldError::new(field, "seats.too_long").with("limit", limit));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// May one more be named from then on? `known`: all seats of the unit and the kind. One who follows another needs no
/// free seat.
pub(crate) fn room(
    known: &[Seat],
    kind: Kind,
    required: usize,
    follows: Option<&Seat>,
    from: Timestamp,
) -> Result<(), Refusal> {
    if let Some(before) = follows {
        return if before.validity.covers(from) { Ok(()) } else { Err(Refusal::SeatNotInForce) };
    }
    let most = required.max(1);
    let wanted = Validity::since(from);
    let taken = known.iter().filter(|seat| seat.validity.overlaps(&wanted)).count();
    if kind.is_limited() && taken >= most { Err(Refusal::SeatTaken { most }) } else { Ok(()) }
}

/// How a unit stands with one kind of seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub required: usize,
    pub held: usize,
    /// How many of those required nobody holds.
    pub vacant: usize,
    /// Since when it has been short without a break; absent: it is not short.
    pub since: Option<Timestamp>,
}

/// What a unit that is in use since `begin` is short of. `held`: the periods in which its seats of the kind count.
pub(crate) fn standing(required: usize, held: &[Validity], begin: Timestamp, now: Timestamp) -> Standing {
    let count = |at: Timestamp| held.iter().filter(|period| period.covers(at)).count();
    let ends = held.iter().flat_map(|period| [Some(period.from), period.to]).flatten();
    let mut changes: Vec<Timestamp> = ends.filter(|at| *at > begin && *at <= now).chain([begin]).collect();
    changes.sort();
    let short = |since: Option<Timestamp>, at: Timestamp| (count(at) < required).then(|| since.unwrap_or(at));
    let since = changes.into_iter().fold(None, short);
    let held = count(now);
    Standing { required, held, vacant: required.saturating_sub(held), since }
}
