use super::*;
use crate::{Day, DayTime, Hours, Period, Week, Weeks, add_working_days, add_working_hours, period_time, working_time};

fn hours(from: &str, to: &str) -> Hours {
    Hours { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

/// Every day of the week in these hours.
fn daily(zone: &str, am: &[Hours], pm: &[Hours]) -> Calendar {
    let day = Day { am: am.to_vec(), pm: pm.to_vec() };
    let week = Week {
        monday: day.clone(),
        tuesday: day.clone(),
        wednesday: day.clone(),
        thursday: day.clone(),
        friday: day.clone(),
        saturday: day.clone(),
        sunday: day,
    };
    Calendar { weeks: Weeks::always(week), ..standard_in(zone) }
}

fn round_the_clock(zone: &str) -> Calendar {
    daily(zone, &[hours("00:00", "12:00")], &[hours("12:00", "24:00")])
}

fn one_day(calendar: &Calendar, day: &str) -> (Decimal, Decimal) {
    let time = period_time(calendar, &Period::Days { from: date(day), to: date(day) }).unwrap();
    (time.days, time.hours())
}

// proves: TIME-04
#[test]
fn a_round_the_clock_desk_works_23_and_25_hours_when_clocks_change() {
    let berlin = round_the_clock("Europe/Berlin");
    assert_eq!(one_day(&berlin, "2026-03-29"), (decimal("1"), decimal("23")));
    assert_eq!(one_day(&berlin, "2026-10-25"), (decimal("1"), decimal("25")));
    assert_eq!(one_day(&berlin, "2026-10-26"), (decimal("1"), decimal("24")));
    assert_eq!(one_day(&round_the_clock("Australia/Lord_Howe"), "2026-10-04"), (decimal("1"), decimal("23.5")));
}

// proves: TIME-04
#[test]
fn a_weekend_with_a_clock_change_moves_no_office_deadline() {
    let berlin = standard_in("Europe/Berlin");
    for (from, to) in [("2026-03-27 15:00", "2026-03-30 15:00"), ("2026-10-23 15:00", "2026-10-26 15:00")] {
        let start = at(&berlin, from);
        assert_eq!(reading(&berlin, add_working_days(&berlin, start, decimal("1")).unwrap().value), to);
        assert_eq!(reading(&berlin, add_working_hours(&berlin, start, decimal("8")).unwrap().value), to);
    }
}

// proves: TIME-04
#[test]
fn hours_that_the_clocks_skip_are_worked_after_the_change_and_once() {
    // 02:10–02:50 does not exist on 2026-03-29; it becomes 03:10–03:50, and the next stretch begins when it ends.
    let berlin = daily("Europe/Berlin", &[hours("02:10", "02:50")], &[hours("03:00", "05:00")]);
    assert_eq!(one_day(&berlin, "2026-03-28"), (decimal("1"), decimal("2.6667")));
    let start = at(&berlin, "2026-03-29 00:00");
    let count = |to: &str| working_time(&berlin, start, at(&berlin, to)).unwrap();
    assert_eq!(count("2026-03-29 03:10").milliseconds, 0);
    assert_eq!(count("2026-03-29 03:50").days, decimal("0.5"));
    assert_eq!(count("2026-03-29 05:00").hours(), decimal("1.8333"), "40 minutes and 70 minutes");
}

// proves: TIME-04
#[test]
fn a_date_that_a_zone_skipped_has_no_working_time() {
    let apia = round_the_clock("Pacific/Apia");
    assert_eq!(one_day(&apia, "2011-12-29"), (decimal("1"), decimal("24")));
    assert_eq!(one_day(&apia, "2011-12-30"), (decimal("0"), decimal("0")));
    assert_eq!(one_day(&apia, "2011-12-31"), (decimal("1"), decimal("24")));
    let reached = add_working_days(&apia, at(&apia, "2011-12-29 15:00"), decimal("1")).unwrap();
    assert_eq!(reading(&apia, reached.value), "2011-12-31 15:00");
}

// proves: TIME-04
#[test]
fn clocks_set_back_over_midnight_lose_and_double_nothing() {
    // In St John's clocks went back at 00:01 on 2010-11-07, to 23:01 on the 6th.
    let st_johns = round_the_clock("America/St_Johns");
    let start = at(&st_johns, "2010-11-06 00:00");
    let end = at(&st_johns, "2010-11-08 00:00");
    let whole = working_time(&st_johns, start, end).unwrap();
    assert_eq!(whole.hours(), decimal("49"));
    let minute = jiff::SignedDuration::from_mins(1);
    let summed: i64 = (0..49 * 60)
        .map(|n| start + minute * n)
        .map(|from| working_time(&st_johns, from, from + minute).unwrap().milliseconds)
        .sum();
    assert_eq!(summed, whole.milliseconds);
}

#[test]
fn the_end_of_the_day_is_written_24_00() {
    assert_eq!("24:00".parse(), Ok(DayTime::END));
    assert_eq!(DayTime::END.to_string(), "24:00");
    for wrong in ["24:01", "8:30", "08:60", "0830", "", "08:30:00", "+8:30"] {
        assert!(wrong.parse::<DayTime>().is_err(), "{wrong}");
    }
}
