use hanlin_kernel::Text;
use jiff::SignedDuration;
use proptest::{collection::btree_map, prelude::*};

use super::super::*;
use crate::{
    Day, Exception, Half, Hours, Period, Week, Weeks, add_working_days, add_working_hours, day, is_working,
    next_working_instant, period_time, working_time,
};

/// Zones with and without summer time, with changes at midnight, of half an hour, and of a whole day.
const ZONES: [&str; 8] = [
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

/// Office hours; with breaks; a morning; a night desk; round the clock; rest.
const DAYS: [(&str, &str); 6] = [
    ("08:30-12:00", "13:30-18:00"),
    ("08:00-09:45 10:00-12:00", "13:00-15:20 15:30-17:10"),
    ("08:30-12:00", ""),
    ("00:00-02:30 03:00-06:00", "22:00-24:00"),
    ("00:00-12:00", "12:00-24:00"),
    ("", ""),
];

fn a_day(index: usize) -> Day {
    let half = |text: &str| {
        let one = |stretch: &str| {
            let (from, to) = stretch.split_once('-').unwrap();
            Hours { from: from.parse().unwrap(), to: to.parse().unwrap() }
        };
        text.split_whitespace().map(one).collect()
    };
    Day { am: half(DAYS[index].0), pm: half(DAYS[index].1) }
}

fn a_week() -> impl Strategy<Value = Week> {
    proptest::array::uniform7(0..DAYS.len()).prop_map(|days| Week {
        monday: a_day(days[0] % 5),
        tuesday: a_day(days[1]),
        wednesday: a_day(days[2]),
        thursday: a_day(days[3]),
        friday: a_day(days[4]),
        saturday: a_day(days[5]),
        sunday: a_day(days[6]),
    })
}

fn an_exception() -> impl Strategy<Value = Exception> {
    let name = || Text::zh("例外");
    prop_oneof![
        Just(Exception::Holiday { name: name() }),
        Just(Exception::MakeUp { name: name() }),
        Just(Exception::HalfOff { half: Half::Am, name: name() }),
        Just(Exception::HalfOff { half: Half::Pm, name: name() }),
    ]
}

/// A date from 2009 to 2027: some years with known holidays, most without.
fn a_date() -> impl Strategy<Value = Date> {
    (0..19 * 365i32).prop_map(|days| date("2009-01-01") + jiff::Span::new().days(days))
}

fn a_calendar() -> impl Strategy<Value = Calendar> {
    let later = btree_map(a_date(), a_week(), 0..3);
    let exceptions = btree_map(a_date(), an_exception(), 0..60);
    (0..ZONES.len(), a_week(), later, exceptions, any::<bool>()).prop_map(|(zone, first, later, exceptions, public)| {
        let standard = standard();
        Calendar {
            zone: TimeZone::get(ZONES[zone]).unwrap(),
            weeks: Weeks { first, later },
            exceptions,
            public: standard.public.filter(|_| public),
        }
    })
}

/// An instant near one of the changes of clocks, or anywhere.
fn an_instant() -> impl Strategy<Value = Timestamp> {
    const CHANGES: [&str; 7] = [
        "2010-11-07T02:31Z",
        "2011-12-30T10:00Z",
        "2017-10-15T03:00Z",
        "2024-02-17T00:00Z",
        "2026-03-29T01:00Z",
        "2026-10-03T15:30Z",
        "2026-10-25T01:00Z",
    ];
    let near = (0..CHANGES.len(), -4 * 86_400_000i64..4 * 86_400_000)
        .prop_map(|(change, by)| CHANGES[change].parse::<Timestamp>().unwrap() + SignedDuration::from_millis(by));
    let anywhere = (1_230_768_000_000i64..1_830_000_000_000).prop_map(|at| Timestamp::from_millisecond(at).unwrap());
    prop_oneof![near, anywhere]
}

fn later(from: Timestamp, milliseconds: i64) -> Timestamp {
    from + SignedDuration::from_millis(milliseconds)
}

const MONTH: i64 = 31 * 86_400_000;

proptest! {
    // proves: TIME-04
    #[test]
    fn parts_add_up_to_the_whole(calendar in a_calendar(), a in an_instant(), x in 0..3 * MONTH, y in 0..3 * MONTH) {
        let (b, c) = (later(a, x), later(a, x + y));
        let count = |from, to| working_time(&calendar, from, to).unwrap();
        let (first, second, whole) = (count(a, b), count(b, c), count(a, c));
        prop_assert_eq!(first.milliseconds + second.milliseconds, whole.milliseconds);
        prop_assert_eq!(first.days + second.days, whole.days);
        let missing: std::collections::BTreeSet<i16> = &first.missing_years | &second.missing_years;
        prop_assert_eq!(missing, whole.missing_years);
        prop_assert!(whole.milliseconds <= x + y, "no more work than time");
    }

    // proves: TIME-04
    #[test]
    fn hours_added_are_hours_counted(calendar in a_calendar(), from in an_instant(), hundredths in 0..60_000i64) {
        let hours = Decimal::new(hundredths, 2);
        let reached = add_working_hours(&calendar, from, hours).unwrap();
        let back = working_time(&calendar, from, reached.value).unwrap();
        prop_assert_eq!(back.hours(), hours);
        prop_assert!(back.missing_years.is_subset(&reached.missing_years));
    }

    // proves: TIME-04
    #[test]
    fn days_added_are_days_counted(calendar in a_calendar(), from in an_instant(), quarters in 0..200i64) {
        let days = Decimal::new(quarters * 25, 2);
        let reached = add_working_days(&calendar, from, days).unwrap();
        let back = working_time(&calendar, from, reached.value).unwrap();
        let off = (back.days - days).abs();
        prop_assert!(off <= decimal("0.000002"), "{} days come back as {}", days, back.days);
    }

    // proves: TIME-04
    #[test]
    fn more_is_never_earlier(
        calendar in a_calendar(), from in an_instant(), wait in 0..MONTH, less in 0..20_000i64, more in 0..20_000i64,
    ) {
        let hours = |from, hundredths| add_working_hours(&calendar, from, Decimal::new(hundredths, 2)).unwrap().value;
        let days = |from, hundredths| add_working_days(&calendar, from, Decimal::new(hundredths, 3)).unwrap().value;
        prop_assert!(hours(from, less) <= hours(from, less + more));
        prop_assert!(days(from, less) <= days(from, less + more));
        prop_assert!(hours(from, less) <= hours(later(from, wait), less));
        prop_assert!(from <= hours(from, less));
        let whole = working_time(&calendar, from, later(from, wait)).unwrap();
        let part = working_time(&calendar, from, later(from, wait / 2)).unwrap();
        prop_assert!(part.milliseconds <= whole.milliseconds && part.days <= whole.days);
    }

    // proves: TIME-04
    #[test]
    fn a_deadline_never_falls_into_rest(calendar in a_calendar(), from in an_instant(), hundredths in 1..20_000i64) {
        let amount = Decimal::new(hundredths, 2);
        for reached in [
            add_working_hours(&calendar, from, amount).unwrap().value,
            add_working_days(&calendar, from, amount / decimal("10")).unwrap().value,
        ] {
            let just_before = later(reached, -1);
            prop_assert!(is_working(&calendar, just_before).unwrap().value, "{} is working time", just_before);
        }
    }

    // proves: TIME-04
    #[test]
    fn nothing_is_worked_before_the_next_working_instant(calendar in a_calendar(), from in an_instant()) {
        let next = next_working_instant(&calendar, from).unwrap().value;
        prop_assert!(is_working(&calendar, next).unwrap().value);
        prop_assert_eq!(working_time(&calendar, from, next).unwrap().milliseconds, 0);
        prop_assert_eq!(is_working(&calendar, from).unwrap().value, next == from);
    }

    // proves: TIME-04
    #[test]
    fn half_days_sum_to_days_and_days_to_the_time_between_their_midnights(
        calendar in a_calendar(), from in a_date(), length in 0..60i32,
    ) {
        let to = from + jiff::Span::new().days(length);
        let count = |period| period_time(&calendar, &period).unwrap();
        let whole = count(Period::Days { from, to });
        let mut halves = Decimal::ZERO;
        for date in from.series(jiff::Span::new().days(1)).take(length as usize + 1) {
            for half in [Half::Am, Half::Pm] {
                let one = count(Period::HalfDays { from: (date, half), to: (date, half) });
                prop_assert!(one.days.is_zero() || one.days == decimal("0.5"));
                prop_assert_eq!(one.days.is_zero(), one.milliseconds == 0);
                halves += one.days;
            }
        }
        prop_assert_eq!(halves, whole.days);
        let midnight = |date: Date| calendar.zone.to_timestamp(date.at(0, 0, 0, 0)).unwrap();
        let between = working_time(&calendar, midnight(from), midnight(to.tomorrow().unwrap())).unwrap();
        prop_assert_eq!(between.milliseconds, whole.milliseconds);
        prop_assert_eq!(between.days, whole.days);
    }

    /// The count against another way to count: minute by minute on the wall clock.
    // proves: TIME-04
    #[test]
    fn office_hours_are_what_the_clock_on_the_wall_says(
        mut calendar in a_calendar(), zone in 0..4usize, from in an_instant(), minutes in 0..5_000i64,
    ) {
        calendar.zone = TimeZone::get(ZONES[zone]).unwrap();
        // No hours in the night, when clocks are changed.
        let office = Week { saturday: a_day(2), thursday: a_day(1), ..Week::standard() };
        calendar.weeks = Weeks::always(office);
        let start = Timestamp::from_second(from.as_second() / 60 * 60).unwrap();
        let on_the_wall = |at: Timestamp| {
            let now = calendar.zone.to_datetime(at);
            let minute = (now.hour() as u16) * 60 + now.minute() as u16;
            let plan = day(&calendar, now.date());
            let works = |hours: &Hours| hours.from.minutes() <= minute && minute < hours.to.minutes();
            plan.half(Half::Am).iter().chain(plan.half(Half::Pm)).any(works)
        };
        let worked = (0..minutes).filter(|minute| on_the_wall(later(start, minute * 60_000))).count() as i64;
        let count = working_time(&calendar, start, later(start, minutes * 60_000)).unwrap();
        prop_assert_eq!(count.milliseconds, worked * 60_000);
    }
}
