//! 等待: a node at which a case rests until its time has come, or its event.

use hanlin_kernel::Text;
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Time},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    awaited_event::EventWait,
    case::Values,
    facts::Facts,
    model::{FieldId, Key},
};

/// Most of one unit that a wait may take: ten years of days.
pub const LONGEST_WAIT: u32 = 3_660;

/// 等待节点: the case goes on by itself when the time has come, or the event. A time that has passed is no wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    pub key: Key,
    pub name: Text,
    pub time: WaitTime,
}

/// How long a node waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum WaitTime {
    /// Until a day that the form names; so many days later, or earlier where `shift` is negative. Where the field is
    /// empty there is nothing to wait for.
    Until {
        field: FieldId,
        #[serde(default)]
        shift: i32,
        /// `shift` counts working days.
        #[serde(default)]
        working: bool,
        /// The time of that day, where the initiator's unit is; absent: the day's beginning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        at: Option<Time>,
    },
    /// So long from when the case came to the node.
    For { span: Span },
    /// Until something that has a name happens.
    Event(Box<EventWait>),
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub amount: u32,
    pub unit: SpanUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanUnit {
    Days,
    Hours,
    WorkingDays,
    WorkingHours,
}

impl WaitTime {
    /// The field by which it is told.
    pub(crate) fn field(&self) -> Option<&FieldId> {
        match self {
            Self::Until { field, .. } => Some(field),
            Self::For { .. } | Self::Event(_) => None,
        }
    }

    /// When a wait that begins now ends, to the millisecond, which is what a timer keeps. Nothing: there is no such day.
    pub(crate) fn end(&self, values: &Values, facts: &dyn Facts) -> Option<Timestamp> {
        match self {
            Self::Until { field, shift, working, at } => {
                let day: Date = values.get(field)?.as_str()?.parse().ok()?;
                to_the_millisecond(
                    facts.instant_of(shifted(day, *shift, *working, facts)?, at.unwrap_or(Time::midnight()))?,
                )
            }
            Self::For { span } => span.end(facts),
            Self::Event(event) => event.at_most.and_then(|span| span.end(facts)),
        }
    }
}

fn to_the_millisecond(time: Timestamp) -> Option<Timestamp> {
    Timestamp::from_millisecond(time.as_millisecond()).ok()
}

impl Span {
    /// When so long from now is over, to the millisecond.
    pub(crate) fn end(self, facts: &dyn Facts) -> Option<Timestamp> {
        to_the_millisecond(self.after(facts.now(), facts)?)
    }

    /// Where the calendar cannot count so far, days and hours count as they come: nothing waits for ever.
    fn after(self, from: Timestamp, facts: &dyn Facts) -> Option<Timestamp> {
        let amount = Decimal::from(self.amount);
        let hours = i64::from(self.amount);
        let plain = |hours: i64| from.checked_add(SignedDuration::from_hours(hours)).ok();
        match self.unit {
            SpanUnit::Hours => plain(hours),
            SpanUnit::Days => plain(hours * 24),
            SpanUnit::WorkingDays => facts.after_working_days(from, amount).or_else(|| plain(hours * 24)),
            SpanUnit::WorkingHours => facts.after_working_hours(from, amount).or_else(|| plain(hours)),
        }
    }
}

/// The day that lies so many days later. Of working days: the so-and-so-many-th working day after it, or before it.
fn shifted(day: Date, shift: i32, working: bool, facts: &dyn Facts) -> Option<Date> {
    if !working {
        return day.checked_add(i64::from(shift).days()).ok();
    }
    let (mut left, mut day) = (shift.unsigned_abs(), day);
    // A calendar without working days leads nowhere; then the days count as they come.
    let mut rest_days = 0;
    while left > 0 {
        day = if shift > 0 { day.tomorrow().ok()? } else { day.yesterday().ok()? };
        if facts.is_workday(day) || rest_days > 366 {
            left -= 1;
        } else {
            rest_days += 1;
        }
    }
    Some(day)
}
