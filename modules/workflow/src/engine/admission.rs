//! What is asked before a form is taken in: not more often than its limits say (FLOW-33), not later than its lead time
//! (FLOW-34). Both are counted in days of the initiator's calendar.

use hanlin_kernel::FieldError;
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::Values,
    facts::{Facts, Initiator},
    model::{FieldId, Flow},
    refusal::Refusal,
};

/// Longest that is looked ahead for working days.
const FURTHEST: usize = 1_000;

/// 次数限制
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub at_most: u32,
    pub per: Per,
}

/// A period of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    Day,
    /// From Monday.
    Week,
    Month,
    Quarter,
    Year,
}

/// 提前量: submitted so many days before that field begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadTime {
    /// A date or a period.
    pub field: FieldId,
    pub days: u32,
    /// Are working days counted?
    #[serde(default)]
    pub working: bool,
    /// The text that must be filled in where it is late all the same. Absent: late ones are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<FieldId>,
}

/// How often somebody may still submit in a period, and how often he has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quota {
    pub at_most: u32,
    pub used: u32,
    /// First and last day of the period.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// The day on which the count begins anew.
    #[schema(value_type = String, format = Date)]
    pub next: Date,
}

/// What his limits are today.
pub fn quotas(flow: &Flow, initiator: &Initiator, facts: &dyn Facts) -> Vec<Quota> {
    if flow.settings.limits.is_empty() {
        return Vec::new();
    }
    let today = facts.day_of(facts.now());
    let submitted: Vec<Date> = facts.submissions(initiator).into_iter().map(|at| facts.day_of(at)).collect();
    let quota = |limit: &Limit| {
        let (from, next) = period(limit.per, today);
        let used = submitted.iter().filter(|day| (from..next).contains(*day)).count();
        let until = next.yesterday().unwrap_or(next);
        Quota { at_most: limit.at_most, used: u32::try_from(used).unwrap_or(u32::MAX), from, until, next }
    };
    flow.settings.limits.iter().map(quota).collect()
}

/// The first day for which something can be asked for today, where the flow has a lead time. Nothing where the calendar
/// reaches no further.
pub fn earliest(flow: &Flow, facts: &dyn Facts) -> Option<Date> {
    let lead = flow.settings.lead_time.as_ref()?;
    let today = facts.day_of(facts.now());
    if !lead.working {
        return today.checked_add(i64::from(lead.days).days()).ok();
    }
    let mut left = lead.days;
    let mut day = today;
    // Today counts, if it is a working day: what is asked for on Friday can begin on Saturday.
    for _ in 0..FURTHEST {
        if left == 0 {
            return Some(day);
        }
        left -= u32::from(facts.is_workday(day));
        day = day.tomorrow().ok()?;
    }
    None
}

/// Why values would be refused if they were handed in now: what a submission asks before it takes a form in, said before.
pub fn refused_now(flow: &Flow, initiator: &Initiator, values: &Values, facts: &dyn Facts) -> Vec<Refusal> {
    let asked = [within_limits(flow, initiator, facts), in_time(flow, values, facts)];
    asked.into_iter().filter_map(Result::err).collect()
}

pub(crate) fn within_limits(flow: &Flow, initiator: &Initiator, facts: &dyn Facts) -> Result<(), Refusal> {
    let used_up = quotas(flow, initiator, facts).into_iter().find(|quota| quota.used >= quota.at_most);
    match used_up {
        None => Ok(()),
        Some(Quota { at_most, used, from, until, next }) => {
            Err(Refusal::LimitReached { at_most, used, from, until, next })
        }
    }
}

/// Refuses what begins before [`earliest`], unless the reason is given that the flow asks for then.
pub(crate) fn in_time(flow: &Flow, values: &Values, facts: &dyn Facts) -> Result<(), Refusal> {
    let Some(lead) = &flow.settings.lead_time else { return Ok(()) };
    let (Some(earliest), Some(begins)) = (earliest(flow, facts), begins(lead, values)) else { return Ok(()) };
    let excused = lead.late.as_ref().is_some_and(|reason| values.contains_key(reason));
    if begins >= earliest || excused {
        return Ok(());
    }
    let (field, code) = match (&lead.late, lead.working) {
        (Some(reason), true) => (reason, "workflow.late_needs_reason_working"),
        (Some(reason), false) => (reason, "workflow.late_needs_reason"),
        (None, true) => (&lead.field, "workflow.too_late_working"),
        (None, false) => (&lead.field, "workflow.too_late"),
    };
    let error = FieldError::new(format!("values.{field}"), code);
    let error = error.with("days", lead.days).with("earliest", earliest.to_string());
    Err(Refusal::InvalidValues { fields: vec![error] })
}

/// The first day of a date or a period.
fn begins(lead: &LeadTime, values: &Values) -> Option<Date> {
    let value = values.get(&lead.field)?;
    value.as_str().or_else(|| value["from"]["date"].as_str())?.parse().ok()
}

/// The first day of the period that a day lies in, and that of the next.
fn period(per: Per, day: Date) -> (Date, Date) {
    let month = |day: Date| day.first_of_month();
    let (from, length) = match per {
        Per::Day => (day, 1.day()),
        Per::Week => {
            let since_monday = i64::from(day.weekday().to_monday_zero_offset());
            (day.checked_sub(since_monday.days()).unwrap_or(day), 1.week())
        }
        Per::Month => (month(day), 1.month()),
        Per::Quarter => {
            let since = i64::from((day.month() - 1) % 3);
            (month(day).checked_sub(since.months()).unwrap_or(day), 3.months())
        }
        Per::Year => (day.first_of_year(), 1.year()),
    };
    (from, from.checked_add(length).unwrap_or(Date::MAX))
}
