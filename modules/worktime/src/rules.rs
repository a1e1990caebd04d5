//! Counting on a [`Calendar`]: pure functions, without clock, database or network.
//!
//! Instants are taken to the millisecond. Every walk over dates ends after [`LONGEST_DAYS`].

use std::collections::BTreeSet;

use hanlin_kernel::{Text, UnitId};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::{
    Answer, Calendar, Day, Exception, Granularity, Half, Hours, Period, PublicKind, WorkingTime,
    duration::{MILLIONTHS, millionths, milliseconds},
    timeline::{DayLine, instant},
};

/// Ten years: no count goes further.
pub const LONGEST_DAYS: i32 = 3_660;

/// Why the rules said no. The name is the key of its sentence: `worktime.backwards`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The end lies before the beginning.
    Backwards,
    /// More than ten years, or no working time found in ten years.
    TooFar { years: i32 },
    /// Working time can be added, not taken away.
    NegativeAmount,
    /// A period of this granularity needs a half or a time at both ends.
    PeriodIncomplete { granularity: Granularity },
    /// A unit has one calendar; change that one.
    UnitHasCalendar { unit: UnitId },
}
hanlin_kernel::refusal!("worktime", Refusal);

const TOO_FAR: Refusal = Refusal::TooFar { years: 10 };

/// What a date is on a calendar, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DatePlan<'a> {
    pub date: Date,
    pub kind: DateKind<'a>,
    /// The half that an exception took off, with that exception's name.
    pub half_off: Option<(Half, &'a Text)>,
    /// Whether the public holidays that this answer depends on are known.
    pub known: bool,
    hours: Option<&'a Day>,
}

/// What decided about a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DateKind<'a> {
    /// The weekly pattern: a working day.
    Workday,
    /// The weekly pattern: a rest day.
    Rest,
    /// 放假, by the unit's exception or the public holidays.
    Holiday(&'a Text),
    /// 调休上班, by the unit's exception or the public holidays.
    MakeUp(&'a Text),
}

impl<'a> DatePlan<'a> {
    /// The hours of this half; none where it is off.
    pub fn half(&self, half: Half) -> &'a [Hours] {
        match (self.hours, self.half_off) {
            (Some(_), Some((off, _))) if off == half => &[],
            (Some(hours), _) => hours.half(half),
            (None, _) => &[],
        }
    }

    /// In working days: 1, 0.5 or 0.
    pub fn weight(&self) -> Decimal {
        let halves = [Half::Am, Half::Pm].into_iter().filter(|half| !self.half(*half).is_empty()).count();
        Decimal::new(5 * halves as i64, 1).normalize()
    }
}

/// What this date is.
pub fn day(calendar: &Calendar, date: Date) -> DatePlan<'_> {
    let week = calendar.weeks.on(date);
    let usual = week.on(date.weekday());
    let made_up = || Some(week.made_up(date.weekday()));
    let own = calendar.exceptions.get(&date);
    let public = calendar.public.as_deref().and_then(|public| public.on(date));
    let (kind, hours) = match (own, public.map(|day| (day.kind, &day.name))) {
        (Some(Exception::Holiday { name }), _) => (DateKind::Holiday(name), None),
        (Some(Exception::MakeUp { name }), _) => (DateKind::MakeUp(name), made_up()),
        (_, Some((PublicKind::Off, name))) => (DateKind::Holiday(name), None),
        (_, Some((PublicKind::Work, name))) => (DateKind::MakeUp(name), made_up()),
        _ if usual.is_rest() => (DateKind::Rest, None),
        _ => (DateKind::Workday, Some(usual)),
    };
    let half_off = match own {
        Some(Exception::HalfOff { half, name }) => Some((*half, name)),
        _ => None,
    };
    let decided = matches!(own, Some(Exception::Holiday { .. } | Exception::MakeUp { .. }));
    let known = decided || calendar.public.as_deref().is_none_or(|public| public.knows(date.year()));
    DatePlan { date, kind, half_off, known, hours }
}

/// The working time from one instant to another.
pub fn working_time(calendar: &Calendar, from: Timestamp, to: Timestamp) -> Result<WorkingTime, Refusal> {
    if to < from {
        return Err(Refusal::Backwards);
    }
    let (first, last) = (local(calendar, from), local(calendar, to));
    within_limit(first, last)?;
    let (from, to) = (from.as_millisecond(), to.as_millisecond());
    let mut count = Count::default();
    // One date more at both ends: clocks set back over midnight repeat the end of a date after the next has begun.
    for date in dates(before(first), after(last)) {
        let line = DayLine::of(calendar, date).ok_or(TOO_FAR)?;
        if line.meets(from, to) {
            count.missing(line.known, line.year);
        }
        count.milliseconds += line.worked(to) - line.worked(from);
        count.millionths += line.done(to) - line.done(from);
    }
    Ok(count.total())
}

/// The working time in a period, for leave and the like: half days count 0.5 (TIME-04).
pub fn period_time(calendar: &Calendar, period: &Period) -> Result<WorkingTime, Refusal> {
    match *period {
        Period::Days { from, to } => halves_time(calendar, (from, Half::Am), (to, Half::Pm)),
        Period::HalfDays { from, to } => halves_time(calendar, from, to),
        Period::Hours { from, to } => {
            let read = |(date, time)| {
                let at = instant(&calendar.zone, date, time).ok_or(TOO_FAR)?;
                Timestamp::from_millisecond(at).map_err(|_| TOO_FAR)
            };
            working_time(calendar, read(from)?, read(to)?)
        }
    }
}

/// Is this instant working time?
pub fn is_working(calendar: &Calendar, at: Timestamp) -> Result<Answer<bool>, Refusal> {
    let date = local(calendar, at);
    let at = at.as_millisecond();
    let mut count = Count::default();
    let mut value = false;
    for date in dates(before(date), after(date)) {
        let line = DayLine::of(calendar, date).ok_or(TOO_FAR)?;
        if line.meets(at, at + 1) {
            count.missing(line.known, line.year);
        }
        value |= line.stretches().any(|stretch| (stretch.from..stretch.to).contains(&at));
    }
    Ok(Answer { value, missing_years: count.missing_years })
}

/// This instant if it is working time, else when work begins next.
pub fn next_working_instant(calendar: &Calendar, from: Timestamp) -> Result<Answer<Timestamp>, Refusal> {
    let start = from.as_millisecond();
    let mut walk = Walk::from(calendar, from);
    while let Some(line) = walk.step()? {
        let found = line.stretches().find(|stretch| start < stretch.to);
        if let Some(stretch) = found {
            return walk.arrive(stretch.from.max(start));
        }
    }
    Err(TOO_FAR)
}

/// The first instant by which so many working hours have passed. No hours: the same instant.
pub fn add_working_hours(calendar: &Calendar, from: Timestamp, hours: Decimal) -> Result<Answer<Timestamp>, Refusal> {
    let mut rest = milliseconds(amount(hours)?).ok_or(TOO_FAR)?;
    let start = from.as_millisecond();
    let mut walk = Walk::from(calendar, from);
    if rest == 0 {
        return walk.arrive(start);
    }
    while let Some(line) = walk.step()? {
        for stretch in line.stretches() {
            let begin = stretch.from.max(start);
            let length = (stretch.to - begin).max(0);
            if rest <= length {
                return walk.arrive(begin + rest);
            }
            rest -= length;
        }
    }
    Err(TOO_FAR)
}

/// The first instant by which so many working days have passed, counted as [`WorkingTime::days`]: from Monday 15:00 one
/// working day leads to Tuesday 15:00, from Saturday to the end of Monday. No days: the same instant.
pub fn add_working_days(calendar: &Calendar, from: Timestamp, days: Decimal) -> Result<Answer<Timestamp>, Refusal> {
    let halves = millionths(amount(days)?).and_then(|days| days.checked_mul(2)).ok_or(TOO_FAR)?;
    let start = from.as_millisecond();
    let mut rest = Share { over: i128::from(halves), under: i128::from(MILLIONTHS) };
    let mut walk = Walk::from(calendar, from);
    if halves == 0 {
        return walk.arrive(start);
    }
    while let Some(line) = walk.step()? {
        for half in &line.halves {
            let (length, worked) = (half.length(), half.worked(start));
            if worked == length {
                continue;
            }
            match rest.take(length - worked, length) {
                Some(more) => return walk.arrive(half.when(worked + more).map_or(start, |at| at.max(start))),
                None => continue,
            }
        }
    }
    Err(TOO_FAR)
}

fn halves_time(calendar: &Calendar, from: (Date, Half), to: (Date, Half)) -> Result<WorkingTime, Refusal> {
    if to < from {
        return Err(Refusal::Backwards);
    }
    within_limit(from.0, to.0)?;
    let mut count = Count::default();
    for date in dates(from.0, to.0) {
        let line = DayLine::of(calendar, date).ok_or(TOO_FAR)?;
        count.missing(line.known, line.year);
        for (half, stretches) in [Half::Am, Half::Pm].into_iter().zip(&line.halves) {
            let length = stretches.length();
            if (from..=to).contains(&(date, half)) && length > 0 {
                count.milliseconds += length;
                count.millionths += MILLIONTHS / 2;
            }
        }
    }
    Ok(count.total())
}

#[derive(Default)]
struct Count {
    milliseconds: i64,
    millionths: i64,
    missing_years: BTreeSet<i16>,
}

impl Count {
    fn missing(&mut self, known: bool, year: i16) {
        if !known {
            self.missing_years.insert(year);
        }
    }

    fn total(self) -> WorkingTime {
        WorkingTime::of(self.milliseconds, self.millionths, self.missing_years)
    }
}

/// Goes forward date by date from an instant, for ten years at most, and remembers which years were not known.
struct Walk<'a> {
    calendar: &'a Calendar,
    start: i64,
    dates: std::iter::Take<jiff::civil::DateSeries>,
    missing_years: BTreeSet<i16>,
}

impl<'a> Walk<'a> {
    fn from(calendar: &'a Calendar, from: Timestamp) -> Self {
        let first = before(local(calendar, from));
        Self {
            calendar,
            start: from.as_millisecond(),
            dates: first.series(jiff::Span::new().days(1)).take(LONGEST_DAYS as usize + 1),
            missing_years: BTreeSet::new(),
        }
    }

    /// The next date that has not ended before the start.
    fn step(&mut self) -> Result<Option<DayLine>, Refusal> {
        for date in self.dates.by_ref() {
            let line = DayLine::of(self.calendar, date).ok_or(TOO_FAR)?;
            if self.start < line.to {
                if !line.known {
                    self.missing_years.insert(line.year);
                }
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    fn arrive(self, at: i64) -> Result<Answer<Timestamp>, Refusal> {
        let value = Timestamp::from_millisecond(at).map_err(|_| TOO_FAR)?;
        Ok(Answer { value, missing_years: self.missing_years })
    }
}

/// A number of half days as an exact fraction: a third of an afternoon must not come out a moment early.
struct Share {
    over: i128,
    under: i128,
}

impl Share {
    /// Takes what is left of a half day of this length. `Some`: it was enough, and this many milliseconds of it are used.
    fn take(&mut self, left: i64, length: i64) -> Option<i64> {
        let (left, length) = (i128::from(left), i128::from(length));
        if self.over * length <= left * self.under {
            let used = (self.over * length * 2 + self.under) / (self.under * 2);
            return Some(i64::try_from(used).expect("no more than the half day is long"));
        }
        if left == length {
            self.over -= self.under;
        } else {
            self.over = self.over * length - left * self.under;
            self.under *= length;
        }
        None
    }
}

fn amount(amount: Decimal) -> Result<Decimal, Refusal> {
    if amount.is_sign_negative() && !amount.is_zero() { Err(Refusal::NegativeAmount) } else { Ok(amount) }
}

fn within_limit(first: Date, last: Date) -> Result<(), Refusal> {
    let days = first.until(last).map_err(|_| TOO_FAR)?.get_days();
    if days > LONGEST_DAYS { Err(TOO_FAR) } else { Ok(()) }
}

fn local(calendar: &Calendar, at: Timestamp) -> Date {
    calendar.zone.to_datetime(at).date()
}

fn before(date: Date) -> Date {
    date.yesterday().unwrap_or(date)
}

fn after(date: Date) -> Date {
    date.tomorrow().unwrap_or(date)
}

fn dates(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(jiff::Span::new().days(1)).take_while(move |date| *date <= last)
}
