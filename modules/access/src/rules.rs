//! Decisions about sign-ins and sessions. Pure.

use jiff::{SignedDuration, Timestamp};

use crate::{model::EndReason, store::Failures};

/// How many failures, and for how long they count and block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub most: i64,
    pub lasts: SignedDuration,
}

/// Counts an attempt before it is looked at: it is a failure until it turned out right, so that a hundred guesses at
/// once are a hundred failures. An error is how long to wait.
pub(crate) fn count_attempt(known: Option<Failures>, limit: Limit, now: Timestamp) -> Result<Failures, SignedDuration> {
    let fresh = Failures { count: 0, since: now, blocked_until: None };
    let counted = match known {
        Some(Failures { blocked_until: Some(until), .. }) if until > now => return Err(until.duration_since(now)),
        Some(known) if known.blocked_until.is_none() && now.duration_since(known.since) < limit.lasts => known,
        _ => fresh,
    };
    let count = counted.count + 1;
    let blocked_until = (count >= limit.most).then(|| now.saturating_add(limit.lasts).unwrap_or(Timestamp::MAX));
    Ok(Failures { count, since: counted.since, blocked_until })
}

/// Takes back one attempt that was right after all. Nothing is left to remember where it was the only one.
pub(crate) fn forgive_attempt(known: Failures, limit: Limit) -> Option<Failures> {
    let count = known.count - 1;
    let blocked_until = known.blocked_until.filter(|_| count >= limit.most);
    (count > 0).then_some(Failures { count, blocked_until, ..known })
}

/// How long a session may be idle and last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    pub idle: SignedDuration,
    pub longest: SignedDuration,
}

/// Why a session is over, if it is.
pub fn over(lifetime: Lifetime, created_at: Timestamp, seen_at: Timestamp, now: Timestamp) -> Option<EndReason> {
    if now.duration_since(created_at) >= lifetime.longest {
        Some(EndReason::TooOld)
    } else if now.duration_since(seen_at) >= lifetime.idle {
        Some(EndReason::Idle)
    } else {
        None
    }
}
