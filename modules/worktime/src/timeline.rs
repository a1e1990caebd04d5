//! One date of a calendar as instants: where wall clocks, halves and time zones become milliseconds.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{Calendar, DayTime, Half, Hours, duration::MILLIONTHS, rules::day};

/// A stretch of working time in Unix milliseconds, `to` not included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// The stretches of one half of a day, in order and apart from each other.
#[derive(Debug, Default)]
pub(crate) struct HalfLine(Vec<Stretch>);

/// One date of a calendar: its first instant, the first of the next date, and the work between them.
#[derive(Debug)]
pub(crate) struct DayLine {
    pub(crate) year: i16,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) halves: [HalfLine; 2],
    /// Whether the public holidays that the date depends on are known.
    pub(crate) known: bool,
}

impl DayLine {
    /// `None` at the end of time (the year 9999).
    pub(crate) fn of(calendar: &Calendar, date: Date) -> Option<Self> {
        let zone = &calendar.zone;
        let from = instant(zone, date, DayTime::MIDNIGHT)?;
        let to = instant(zone, date.tomorrow().ok()?, DayTime::MIDNIGHT)?;
        let plan = day(calendar, date);
        let mut clock = Clock { zone, date, now: from, end: to };
        let halves = match from < to {
            true => [clock.half(plan.half(Half::Am))?, clock.half(plan.half(Half::Pm))?],
            // A date that the zone skipped (Samoa, 2011-12-30) has no instants.
            false => Default::default(),
        };
        Some(Self { year: date.year(), from, to, halves, known: plan.known })
    }

    pub(crate) fn meets(&self, from: i64, to: i64) -> bool {
        self.from < to && from < self.to
    }

    pub(crate) fn stretches(&self) -> impl Iterator<Item = Stretch> {
        self.halves.iter().flat_map(|half| half.0.iter().copied())
    }

    /// Milliseconds of work before this instant.
    pub(crate) fn worked(&self, until: i64) -> i64 {
        self.halves.iter().map(|half| half.worked(until)).sum()
    }

    /// The working day done before this instant, in millionths. Rounded once for each instant, so that counts made of
    /// differences add up exactly.
    pub(crate) fn done(&self, until: i64) -> i64 {
        self.halves.iter().map(|half| half.done(until)).sum()
    }
}

impl HalfLine {
    pub(crate) fn length(&self) -> i64 {
        self.0.iter().map(|stretch| stretch.to - stretch.from).sum()
    }

    pub(crate) fn worked(&self, until: i64) -> i64 {
        self.0.iter().map(|stretch| (until.min(stretch.to) - stretch.from).max(0)).sum()
    }

    /// The first instant at which this much of the half is worked; its end where it holds less.
    pub(crate) fn when(&self, mut worked: i64) -> Option<i64> {
        for stretch in &self.0 {
            let length = stretch.to - stretch.from;
            if worked <= length {
                return Some(stretch.from + worked);
            }
            worked -= length;
        }
        self.0.last().map(|stretch| stretch.to)
    }

    fn done(&self, until: i64) -> i64 {
        match self.length() {
            0 => 0,
            length => (self.worked(until) * MILLIONTHS + length) / (2 * length),
        }
    }
}

/// Walks forward through one date, so that stretches stay in order even where clocks are changed between them.
struct Clock<'a> {
    zone: &'a TimeZone,
    date: Date,
    now: i64,
    end: i64,
}

impl Clock<'_> {
    fn half(&mut self, hours: &[Hours]) -> Option<HalfLine> {
        let mut stretches = Vec::with_capacity(hours.len());
        for hours in hours {
            let from = self.advance(hours.from)?;
            let to = self.advance(hours.to)?;
            if from < to {
                stretches.push(Stretch { from, to });
            }
        }
        Some(HalfLine(stretches))
    }

    fn advance(&mut self, time: DayTime) -> Option<i64> {
        let at = if time == DayTime::END { self.end } else { instant(self.zone, self.date, time)? };
        self.now = at.clamp(self.now, self.end);
        Some(self.now)
    }
}

/// A reading that the clocks skip is read as if they had not been moved; of one that comes twice, the first.
/// `None` beyond the end of time. `24:00` is the midnight after.
pub(crate) fn instant(zone: &TimeZone, date: Date, time: DayTime) -> Option<i64> {
    let minutes = time.minutes();
    let (date, minutes) = if time == DayTime::END { (date.tomorrow().ok()?, 0) } else { (date, minutes) };
    let reading = date.at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0);
    zone.to_timestamp(reading).ok().map(Timestamp::as_millisecond)
}
