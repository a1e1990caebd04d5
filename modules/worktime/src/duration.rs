use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{DayTime, Half, Refusal};

/// 工作时长: how much working time lies between two instants or in a period.
///
/// Days and milliseconds add up exactly: what a..b and b..c hold is what a..c holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingTime {
    /// In working days, to a millionth: each half day that is worked counts 0.5, a part of one its share of that half.
    pub days: Decimal,
    /// In milliseconds as they really pass, also on the days when clocks are changed.
    pub milliseconds: i64,
    /// Years whose public holidays are not known though the count touched them: the figures may be wrong, and whoever
    /// shows them must say so.
    pub missing_years: BTreeSet<i16>,
}

/// An answer with the years that were not known when it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer<T> {
    pub value: T,
    /// As in [`WorkingTime::missing_years`].
    pub missing_years: BTreeSet<i16>,
}

/// How fine a period is given, and thereby counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PeriodGranularity)]
pub enum Granularity {
    Day,
    HalfDay,
    Hour,
}

/// 起止时间: from when to when, in the calendar's own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Both dates are in it.
    Days { from: Date, to: Date },
    /// Both halves are in it.
    HalfDays { from: (Date, Half), to: (Date, Half) },
    /// `to` is not in it.
    Hours { from: (Date, DayTime), to: (Date, DayTime) },
}

/// A period as a form holds it. Which parts an end must have depends on the granularity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodValue {
    pub from: PeriodEnd,
    pub to: PeriodEnd,
}

/// One end of a [`PeriodValue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodEnd {
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// With granularity `half_day`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half: Option<Half>,
    /// With granularity `hour`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<DayTime>,
}

const MILLISECONDS_AN_HOUR: i64 = 3_600_000;
pub(crate) const MILLIONTHS: i64 = 1_000_000;

impl WorkingTime {
    /// In working hours, rounded to four places (a third of a second).
    pub fn hours(&self) -> Decimal {
        (Decimal::from(self.milliseconds) / Decimal::from(MILLISECONDS_AN_HOUR))
            .round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
            .normalize()
    }

    pub(crate) fn of(milliseconds: i64, millionths_of_days: i64, missing_years: BTreeSet<i16>) -> Self {
        Self { days: Decimal::new(millionths_of_days, 6).normalize(), milliseconds, missing_years }
    }
}

impl PeriodValue {
    /// The period this value names, or what it lacks.
    pub fn read(&self, granularity: Granularity) -> Result<Period, Refusal> {
        let half = |end: PeriodEnd| Some((end.date, end.half?));
        let time = |end: PeriodEnd| Some((end.date, end.time?));
        match granularity {
            Granularity::Day => Some(Period::Days { from: self.from.date, to: self.to.date }),
            Granularity::HalfDay => half(self.from).zip(half(self.to)).map(|(from, to)| Period::HalfDays { from, to }),
            Granularity::Hour => time(self.from).zip(time(self.to)).map(|(from, to)| Period::Hours { from, to }),
        }
        .ok_or(Refusal::PeriodIncomplete { granularity })
    }
}

/// Hours as whole milliseconds, the nearest. `None` where there are more than can be counted.
pub(crate) fn milliseconds(hours: Decimal) -> Option<i64> {
    whole(hours.checked_mul(Decimal::from(MILLISECONDS_AN_HOUR))?)
}

/// A decimal as millionths, the nearest. `None` where there are more than can be counted.
pub(crate) fn millionths(amount: Decimal) -> Option<i64> {
    whole(amount.checked_mul(Decimal::from(MILLIONTHS))?)
}

fn whole(amount: Decimal) -> Option<i64> {
    i64::try_from(amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)).ok()
}
