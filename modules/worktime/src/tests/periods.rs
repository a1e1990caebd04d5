use hanlin_kernel::Text;
use serde_json::json;

use super::*;
use crate::{
    Day, Exception, Granularity, Half, Hours, Period, PeriodValue, Refusal, Week, day, period_time, working_time,
};

fn value(json: serde_json::Value) -> PeriodValue {
    serde_json::from_value(json).unwrap()
}

fn days(calendar: &Calendar, period: Period) -> Decimal {
    period_time(calendar, &period).unwrap().days
}

fn halves(from: (&str, Half), to: (&str, Half)) -> Period {
    Period::HalfDays { from: (date(from.0), from.1), to: (date(to.0), to.1) }
}

fn closed(name: &str) -> Exception {
    Exception::Holiday { name: Text::zh(name) }
}

// proves: TIME-04
#[test]
fn half_days_count_a_half_each() {
    let calendar = standard();
    for (from, to, expected) in [
        (("2026-11-23", Half::Am), ("2026-11-23", Half::Am), "0.5"),
        (("2026-11-23", Half::Pm), ("2026-11-23", Half::Pm), "0.5"),
        (("2026-11-23", Half::Am), ("2026-11-23", Half::Pm), "1"),
        (("2026-11-23", Half::Pm), ("2026-11-25", Half::Am), "2"),
        (("2026-11-20", Half::Pm), ("2026-11-23", Half::Am), "1"),
        (("2026-11-21", Half::Am), ("2026-11-22", Half::Pm), "0"),
        // Into the Spring Festival: Friday 13 afternoon and Saturday 14, which is made up.
        (("2026-02-13", Half::Pm), ("2026-02-23", Half::Pm), "1.5"),
    ] {
        assert_eq!(days(&calendar, halves(from, to)), decimal(expected), "{from:?} to {to:?}");
    }
}

// proves: TIME-04
#[test]
fn the_hours_of_a_half_day_are_those_of_that_half() {
    let calendar = standard();
    let hours = |half| period_time(&calendar, &halves(("2026-11-23", half), ("2026-11-23", half))).unwrap().hours();
    assert_eq!(hours(Half::Am), decimal("3.5"));
    assert_eq!(hours(Half::Pm), decimal("4.5"));
}

// proves: TIME-04
#[test]
fn hours_of_leave_skip_the_break_at_noon_and_the_night() {
    let calendar = standard();
    let leave = |from: &str, to: &str| {
        let end = |reading: &str| {
            let (day, time) = reading.split_once(' ').unwrap();
            json!({ "date": day, "time": time })
        };
        let period = value(json!({ "from": end(from), "to": end(to) })).read(Granularity::Hour).unwrap();
        let time = period_time(&calendar, &period).unwrap();
        (time.hours(), time.days)
    };
    assert_eq!(leave("2026-11-23 11:00", "2026-11-23 14:30"), (decimal("2"), decimal("0.253968")));
    assert_eq!(leave("2026-11-23 16:30", "2026-11-24 09:30"), (decimal("2.5"), decimal("0.309524")));
    assert_eq!(leave("2026-11-23 08:30", "2026-11-24 18:00"), (decimal("16"), decimal("2")));
}

#[test]
fn a_period_is_read_as_its_granularity_wants() {
    let half =
        value(json!({ "from": { "date": "2026-11-23", "half": "pm" }, "to": { "date": "2026-11-24", "half": "am" },
                             "days": "1", "hours": "8" }));
    assert_eq!(half.read(Granularity::HalfDay), Ok(halves(("2026-11-23", Half::Pm), ("2026-11-24", Half::Am))));
    assert_eq!(half.read(Granularity::Day), Ok(Period::Days { from: date("2026-11-23"), to: date("2026-11-24") }));
    assert_eq!(half.read(Granularity::Hour), Err(Refusal::PeriodIncomplete { granularity: Granularity::Hour }));
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused() {
    let calendar = standard();
    for period in [
        halves(("2026-11-23", Half::Pm), ("2026-11-23", Half::Am)),
        Period::Days { from: date("2026-11-24"), to: date("2026-11-23") },
        Period::Hours {
            from: (date("2026-11-23"), "10:00".parse().unwrap()),
            to: (date("2026-11-23"), "09:00".parse().unwrap()),
        },
    ] {
        assert_eq!(period_time(&calendar, &period), Err(Refusal::Backwards));
    }
}

// proves: TIME-04
#[test]
fn a_saturday_worked_in_the_morning_is_half_a_working_day() {
    let mut calendar = standard();
    let morning = Day { am: vec![Hours { from: "08:30".parse().unwrap(), to: "12:00".parse().unwrap() }], pm: vec![] };
    calendar.weeks.first.saturday = morning;
    let saturday = Period::Days { from: date("2026-11-21"), to: date("2026-11-21") };
    assert_eq!(days(&calendar, saturday), decimal("0.5"));
    let made_up = Period::Days { from: date("2026-02-14"), to: date("2026-02-14") };
    assert_eq!(days(&calendar, made_up), decimal("1"), "a make-up Saturday is worked in full");
}

// proves: TIME-04
#[test]
fn a_unit_decides_against_the_public_holidays_for_itself() {
    let mut calendar = standard();
    let one = |calendar: &Calendar, text: &str| day(calendar, date(text)).weight();
    calendar.exceptions.insert(date("2026-11-23"), closed("公司成立日"));
    calendar.exceptions.insert(date("2026-11-28"), Exception::MakeUp { name: Text::zh("公司成立日调休") });
    calendar.exceptions.insert(date("2026-10-07"), Exception::MakeUp { name: Text::zh("抢修") });
    calendar.exceptions.insert(date("2026-02-14"), closed("不调休"));
    let half = Exception::HalfOff { half: Half::Pm, name: Text::zh("除夕前半天") };
    calendar.exceptions.insert(date("2026-02-13"), half.clone());
    calendar.exceptions.insert(date("2026-11-22"), half);
    assert_eq!(one(&calendar, "2026-11-23"), decimal("0"));
    assert_eq!(one(&calendar, "2026-11-28"), decimal("1"));
    assert_eq!(one(&calendar, "2026-10-07"), decimal("1"));
    assert_eq!(one(&calendar, "2026-02-14"), decimal("0"));
    assert_eq!(one(&calendar, "2026-02-13"), decimal("0.5"));
    assert_eq!(one(&calendar, "2026-11-22"), decimal("0"), "half of a Sunday off is still a Sunday");
    let count = working_time(&calendar, at(&calendar, "2026-02-13 08:00"), at(&calendar, "2026-02-13 20:00")).unwrap();
    assert_eq!((count.days, count.hours()), (decimal("0.5"), decimal("3.5")));
}

// proves: TIME-04
#[test]
fn a_new_weekly_pattern_leaves_earlier_dates_as_they_were() {
    let mut calendar = standard();
    let mut summer = Week::standard();
    for day in
        [&mut summer.monday, &mut summer.tuesday, &mut summer.wednesday, &mut summer.thursday, &mut summer.friday]
    {
        day.pm = vec![Hours { from: "14:30".parse().unwrap(), to: "18:00".parse().unwrap() }];
    }
    calendar.weeks.later.insert(date("2026-06-01"), summer);
    calendar.weeks.later.insert(date("2026-10-01"), Week::standard());
    let hours =
        |text: &str| period_time(&calendar, &Period::Days { from: date(text), to: date(text) }).unwrap().hours();
    assert_eq!(hours("2026-05-29"), decimal("8"));
    assert_eq!(hours("2026-06-01"), decimal("7"));
    assert_eq!(hours("2026-09-30"), decimal("7"));
    assert_eq!(hours("2026-10-08"), decimal("8"));
}

// proves: TIME-04
#[test]
fn a_make_up_day_is_worked_like_the_first_full_day_of_the_week() {
    let mut week = Week::standard();
    week.monday = Day::default();
    week.tuesday.pm = vec![];
    week.wednesday.am = vec![Hours { from: "09:00".parse().unwrap(), to: "12:00".parse().unwrap() }];
    let mut calendar = standard();
    calendar.weeks.first = week.clone();
    let saturday = day(&calendar, date("2026-02-28"));
    assert_eq!((saturday.half(Half::Am), saturday.half(Half::Pm)), (&week.wednesday.am[..], &week.wednesday.pm[..]));
}
