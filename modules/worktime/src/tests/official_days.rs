use jiff::civil::Weekday;

use super::*;
use crate::{DateKind, PublicKind, add_working_days, check_year, day, working_time};

/// Every official holiday and make-up workday, one by one. The data file holds the sentences of the notices;
/// this table was made from the lists of dates of two packages (chinesecalendar 1.11.0, chinese-days 1.5.7, which agree).
const DAYS: [(i16, &str, &str); 3] = [
    (
        2024,
        "01-01 02-10 02-11 02-12 02-13 02-14 02-15 02-16 02-17 04-04 04-05 04-06 05-01 05-02 05-03 05-04 05-05 06-10 \
         09-15 09-16 09-17 10-01 10-02 10-03 10-04 10-05 10-06 10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    (
        2025,
        "01-01 01-28 01-29 01-30 01-31 02-01 02-02 02-03 02-04 04-04 04-05 04-06 05-01 05-02 05-03 05-04 05-05 05-31 \
         06-01 06-02 10-01 10-02 10-03 10-04 10-05 10-06 10-07 10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    (
        2026,
        "01-01 01-02 01-03 02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23 04-04 04-05 04-06 05-01 05-02 05-03 \
         05-04 05-05 06-19 06-20 06-21 09-25 09-26 09-27 10-01 10-02 10-03 10-04 10-05 10-06 10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
];

fn listed(year: i16, days: &str) -> Vec<Date> {
    days.split_whitespace().map(|day| date(&format!("{year}-{day}"))).collect()
}

// proves: TIME-04
#[test]
fn the_shipped_years_hold_exactly_the_official_days() {
    let known = PublicHolidays::of(shipped());
    let of_kind = |year: i16, kind: PublicKind| -> Vec<Date> {
        known.days().filter(|(date, day)| date.year() == year && day.kind == kind).map(|(date, _)| date).collect()
    };
    for (year, off, work) in DAYS {
        assert_eq!(of_kind(year, PublicKind::Off), listed(year, off), "holidays of {year}");
        assert_eq!(of_kind(year, PublicKind::Work), listed(year, work), "make-up workdays of {year}");
    }
    assert_eq!(known.years().collect::<Vec<_>>(), [2024, 2025, 2026]);
}

#[test]
fn the_shipped_years_pass_the_check_of_an_import_without_a_doubt() {
    for year in shipped() {
        assert_eq!(check_year(year), Ok(Vec::new()), "{}", year.year);
        assert!(year.source.contains("国办发明电"), "{} names its notice", year.year);
    }
}

// proves: TIME-04
#[test]
fn every_day_of_three_years_is_what_the_notices_say() {
    let calendar = standard();
    for (year, off, work) in DAYS {
        let (off, work) = (listed(year, off), listed(year, work));
        for date in date(&format!("{year}-01-01")).series(jiff::Span::new().days(1)).take_while(|d| d.year() == year) {
            let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
            let works = work.contains(&date) || (!weekend && !off.contains(&date));
            let plan = day(&calendar, date);
            assert_eq!(plan.weight(), decimal(if works { "1" } else { "0" }), "{date}");
            assert_eq!(matches!(plan.kind, DateKind::Holiday(_)), off.contains(&date), "{date}");
            assert_eq!(matches!(plan.kind, DateKind::MakeUp(_)), work.contains(&date), "{date}");
            assert!(plan.known);
        }
    }
}

// proves: TIME-04
#[test]
fn a_year_has_as_many_working_days_as_the_two_packages_count() {
    for (year, days) in [(2024, "251"), (2025, "248"), (2026, "248")] {
        let calendar = standard();
        let whole = working_time(
            &calendar,
            at(&calendar, &format!("{year}-01-01 00:00")),
            at(&calendar, &format!("{}-01-01 00:00", year + 1)),
        );
        let whole = whole.unwrap();
        assert_eq!(whole.days, decimal(days), "{year}");
        assert_eq!(whole.hours(), decimal(days) * decimal("8"), "{year}");
        assert!(whole.missing_years.is_empty(), "the first instant of the next year is not in the count");
    }
}

// proves: TIME-04
#[test]
fn national_day_2025_has_no_working_time_and_its_make_up_days_have() {
    let calendar = standard();
    let count = |from: &str, to: &str| working_time(&calendar, at(&calendar, from), at(&calendar, to)).unwrap().days;
    assert_eq!(count("2025-10-01 00:00", "2025-10-09 00:00"), decimal("0"));
    assert_eq!(count("2025-09-28 00:00", "2025-09-29 00:00"), decimal("1"), "Sunday, made up");
    assert_eq!(count("2025-10-11 00:00", "2025-10-12 00:00"), decimal("1"), "Saturday, made up");
    assert_eq!(count("2025-09-28 00:00", "2025-10-12 00:00"), decimal("6"), "28, 29, 30 September; 9, 10, 11 October");
}

// proves: TIME-04
#[test]
fn a_deadline_set_before_a_holiday_falls_after_it() {
    let calendar = standard();
    for (from, days, to) in [
        // Spring Festival 2026: Saturday 14 February is worked, 15 to 23 is off, Saturday 28 is worked.
        ("2026-02-13 15:00", "1", "2026-02-14 15:00"),
        ("2026-02-13 15:00", "2", "2026-02-24 15:00"),
        ("2026-02-14 20:00", "1", "2026-02-24 18:00"),
        ("2026-02-26 09:30", "2", "2026-02-28 09:30"),
        ("2026-02-18 11:00", "0.5", "2026-02-24 12:00"),
        // National Day 2025 with Mid-Autumn: 1 to 8 October off, Saturday 11 worked.
        ("2025-09-30 17:00", "1", "2025-10-09 17:00"),
        ("2025-10-10 10:00", "1", "2025-10-11 10:00"),
        ("2025-10-11 10:00", "1", "2025-10-13 10:00"),
        // Mid-Autumn 2024: Saturday 14 September worked, 15 to 17 off.
        ("2024-09-13 18:00", "1", "2024-09-14 18:00"),
        ("2024-09-14 13:30", "1", "2024-09-18 12:00"),
        ("2024-09-14 14:30", "1", "2024-09-18 14:30"),
    ] {
        let reached = add_working_days(&calendar, at(&calendar, from), decimal(days)).unwrap();
        assert_eq!(reading(&calendar, reached.value), to, "{from} and {days} working days");
        assert!(reached.missing_years.is_empty());
    }
}
