use hanlin_directory::model::Validity;
use jiff::Timestamp;

use crate::rules::{Standing, standing};

fn day(day: i64) -> Timestamp {
    Timestamp::from_second(day * 86_400).unwrap()
}

fn held(from: i64, to: Option<i64>) -> Validity {
    Validity { from: day(from), to: to.map(day) }
}

// proves: ORG-19 (only: vacant seats, and since when)
#[test]
fn a_seat_is_vacant_since_the_last_time_there_were_enough() {
    let vacant = |required, held: &[Validity]| {
        let Standing { vacant, since, .. } = standing(required, held, day(0), day(100));
        (vacant, since)
    };
    assert_eq!(vacant(1, &[]), (1, Some(day(0))), "never given: since the unit is in use");
    assert_eq!(vacant(0, &[]), (0, None), "nothing is asked for");
    assert_eq!(vacant(1, &[held(10, None)]), (0, None));
    assert_eq!(vacant(1, &[held(10, Some(40))]), (1, Some(day(40))));
    assert_eq!(vacant(1, &[held(10, Some(40)), held(30, Some(60))]), (1, Some(day(60))), "they overlapped");
    assert_eq!(vacant(1, &[held(10, Some(40)), held(40, None)]), (0, None), "one followed the other");
    assert_eq!(vacant(1, &[held(10, Some(40)), held(120, None)]), (1, Some(day(40))), "the next one is yet to come");
    assert_eq!(vacant(2, &[held(10, None), held(10, Some(50))]), (1, Some(day(50))));
    assert_eq!(vacant(2, &[held(10, Some(70)), held(10, Some(50))]), (2, Some(day(50))), "short since the first went");
}
