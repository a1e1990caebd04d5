use std::collections::BTreeSet;

use hanlin_kernel::Text;

use super::*;
use crate::{
    Exception, Period, Refusal, Week, Weeks, add_working_days, add_working_hours, is_working, next_working_instant,
    period_time, working_time,
};

const TOO_FAR: Refusal = Refusal::TooFar { years: 10 };

// proves: TIME-04
#[test]
fn a_count_that_touches_an_unknown_year_names_it() {
    let calendar = standard();
    let count =
        |from: &str, to: &str| working_time(&calendar, at(&calendar, from), at(&calendar, to)).unwrap().missing_years;
    assert_eq!(count("2026-12-31 08:30", "2027-01-01 00:00"), BTreeSet::new());
    assert_eq!(count("2026-12-31 08:30", "2027-01-01 00:01"), BTreeSet::from([2027]));
    assert_eq!(count("2023-12-31 20:00", "2024-01-02 00:00"), BTreeSet::from([2023]));
    assert_eq!(count("2026-06-01 00:00", "2028-06-01 00:00"), BTreeSet::from([2027, 2028]));
    let period = Period::Days { from: date("2026-12-31"), to: date("2027-01-03") };
    assert_eq!(
        period_time(&calendar, &period).unwrap().missing_years,
        BTreeSet::from([2027]),
        "a rest day may be made up"
    );
}

// proves: TIME-04
#[test]
fn a_deadline_that_depends_on_an_unknown_year_names_it() {
    let calendar = standard();
    let start = at(&calendar, "2026-12-31 17:00");
    let known = add_working_hours(&calendar, start, decimal("1")).unwrap();
    assert_eq!(reading(&calendar, known.value), "2026-12-31 18:00");
    assert!(known.missing_years.is_empty());
    let unsure = add_working_hours(&calendar, start, decimal("2")).unwrap();
    assert_eq!(reading(&calendar, unsure.value), "2027-01-01 09:30");
    assert_eq!(unsure.missing_years, BTreeSet::from([2027]));
    assert_eq!(add_working_days(&calendar, start, decimal("1")).unwrap().missing_years, BTreeSet::from([2027]));
    let evening = at(&calendar, "2026-12-31 18:00");
    assert_eq!(next_working_instant(&calendar, evening).unwrap().missing_years, BTreeSet::from([2027]));
    assert_eq!(is_working(&calendar, evening).unwrap().missing_years, BTreeSet::new());
    assert_eq!(is_working(&calendar, at(&calendar, "2027-03-01 10:00")).unwrap().missing_years, BTreeSet::from([2027]));
}

#[test]
fn a_year_is_not_missed_where_the_unit_itself_decides_or_follows_no_public_holidays() {
    let mut calendar = standard();
    let new_year = Period::Days { from: date("2027-01-01"), to: date("2027-01-01") };
    calendar.exceptions.insert(date("2027-01-01"), Exception::Holiday { name: Text::zh("元旦") });
    assert!(period_time(&calendar, &new_year).unwrap().missing_years.is_empty());
    let berlin = standard_in("Europe/Berlin");
    assert!(period_time(&berlin, &new_year).unwrap().missing_years.is_empty());
}

#[test]
fn time_does_not_run_backwards() {
    let calendar = standard();
    let (early, late) = (at(&calendar, "2026-11-23 09:00"), at(&calendar, "2026-11-23 10:00"));
    assert_eq!(working_time(&calendar, late, early), Err(Refusal::Backwards));
    assert_eq!(working_time(&calendar, late, late).unwrap().milliseconds, 0);
    assert_eq!(add_working_hours(&calendar, early, decimal("-0.5")), Err(Refusal::NegativeAmount));
    assert_eq!(add_working_days(&calendar, early, decimal("-1")), Err(Refusal::NegativeAmount));
    assert_eq!(add_working_days(&calendar, early, decimal("-0.0")).unwrap().value, early);
}

#[test]
fn no_walk_goes_further_than_ten_years() {
    let closed = Calendar { weeks: Weeks::always(Week::default()), ..standard() };
    let start = at(&closed, "2026-11-23 09:00");
    assert_eq!(next_working_instant(&closed, start), Err(TOO_FAR));
    assert_eq!(add_working_hours(&closed, start, decimal("0.01")), Err(TOO_FAR));
    assert_eq!(add_working_days(&closed, start, decimal("0.5")), Err(TOO_FAR));
    let calendar = standard();
    assert_eq!(add_working_hours(&calendar, start, Decimal::MAX), Err(TOO_FAR));
    assert_eq!(add_working_days(&calendar, start, Decimal::MAX), Err(TOO_FAR));
    assert_eq!(add_working_days(&calendar, start, decimal("3000")), Err(TOO_FAR));
    assert_eq!(working_time(&calendar, start, at(&calendar, "2037-11-23 09:00")), Err(TOO_FAR));
    let century = Period::Days { from: date("2026-01-01"), to: date("2126-01-01") };
    assert_eq!(period_time(&calendar, &century), Err(TOO_FAR));
}

#[test]
fn the_end_of_time_is_an_answer_and_not_a_panic() {
    let calendar = standard();
    let ends = [Timestamp::MAX, Timestamp::MIN];
    for at in ends {
        let _no_panic = (is_working(&calendar, at), next_working_instant(&calendar, at));
    }
    assert_eq!(add_working_hours(&calendar, Timestamp::MAX, decimal("8")), Err(TOO_FAR));
    assert_eq!(period_time(&calendar, &Period::Days { from: Date::MAX, to: Date::MAX }), Err(TOO_FAR));
}
