//! Counting failures, and when a session is over. No database.

use jiff::{SignedDuration, Timestamp};

use crate::{
    EndReason,
    rules::{Lifetime, Limit, count_attempt, forgive_attempt, over},
    store::Failures,
};

const LIMIT: Limit = Limit { most: 3, lasts: SignedDuration::from_mins(15) };

fn at(minute: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
}

// proves: SEC-02
#[test]
fn the_attempt_that_uses_up_the_failures_blocks_the_next() {
    let first = count_attempt(None, LIMIT, at(0)).unwrap();
    let second = count_attempt(Some(first.clone()), LIMIT, at(1)).unwrap();
    assert_eq!((first.count, second.count, second.blocked_until), (1, 2, None));
    let third = count_attempt(Some(second), LIMIT, at(2)).unwrap();
    assert_eq!(third.blocked_until, Some(at(17)));
    assert_eq!(count_attempt(Some(third.clone()), LIMIT, at(16)), Err(SignedDuration::from_mins(1)));
    let later = count_attempt(Some(third), LIMIT, at(17)).unwrap();
    assert_eq!((later.count, later.blocked_until), (1, None), "and begins anew");
}

#[test]
fn old_failures_are_forgotten() {
    let two = Failures { count: 2, since: at(0), blocked_until: None };
    assert_eq!(count_attempt(Some(two.clone()), LIMIT, at(14)).unwrap().count, 3);
    assert_eq!(count_attempt(Some(two), LIMIT, at(15)).unwrap().count, 1);
}

#[test]
fn a_right_attempt_is_taken_back_and_no_other() {
    let blocked = Failures { count: 3, since: at(0), blocked_until: Some(at(15)) };
    let left = forgive_attempt(blocked, LIMIT).unwrap();
    assert_eq!(left, Failures { count: 2, since: at(0), blocked_until: None });
    let one = Failures { count: 1, since: at(0), blocked_until: None };
    assert_eq!(forgive_attempt(one, LIMIT), None);
}

// proves: ACC-15
#[test]
fn a_session_is_over_when_it_was_idle_or_lasted_too_long() {
    let lifetime = Lifetime { idle: SignedDuration::from_mins(30), longest: SignedDuration::from_hours(8) };
    let table = [
        (0, 29, None),
        (0, 30, Some(EndReason::Idle)),
        (460, 479, None),
        (479, 480, Some(EndReason::TooOld)),
        (0, 481, Some(EndReason::TooOld)),
    ];
    for (seen, now, expected) in table {
        assert_eq!(over(lifetime, at(0), at(seen), at(now)), expected, "seen {seen}, now {now}");
    }
}
