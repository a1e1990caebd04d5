//! What is wrong with a weekly pattern or an exception before it is used: all faults at once, each at its place.

use hanlin_kernel::{FieldError, Text};

use crate::{Day, Exception, Half, Hours, Week};

const SHORTEST_HALF_MINUTES: u32 = 30;
const MOST_STRETCHES: usize = 6;
const LONGEST_NAME: usize = 100;

/// The faults of a weekly pattern; places are `week.monday.am[0]`.
pub fn check_week(week: &Week) -> Vec<FieldError> {
    let mut faults: Vec<FieldError> = week
        .days()
        .into_iter()
        .flat_map(|(name, day)| {
            check_day(day)
                .into_iter()
                .map(move |fault| FieldError { field: format!("week.{name}{}", fault.field), ..fault })
        })
        .collect();
    if week.days().iter().all(|(_, day)| day.is_rest()) {
        faults.push(FieldError::new("week", "worktime.week_empty"));
    }
    faults
}

/// The faults of an exception; the place is `name`.
pub fn check_exception(exception: &Exception) -> Vec<FieldError> {
    let (Exception::Holiday { name } | Exception::MakeUp { name } | Exception::HalfOff { name, .. }) = exception;
    check_name(name)
}

/// The faults of a name that people must recognise a day or a calendar by.
pub fn check_name(name: &Text) -> Vec<FieldError> {
    let long = |text: &str| text.chars().count() > LONGEST_NAME;
    if name.zh.trim().is_empty() {
        vec![FieldError::new("name", "worktime.name_missing")]
    } else if long(&name.zh) || name.en.as_deref().is_some_and(long) {
        vec![FieldError::new("name", "worktime.name_too_long").with("characters", LONGEST_NAME)]
    } else {
        Vec::new()
    }
}

fn check_day(day: &Day) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut previous: Option<Hours> = None;
    for (half, name) in [(Half::Am, "am"), (Half::Pm, "pm")] {
        let stretches = day.half(half);
        for (index, hours) in stretches.iter().enumerate() {
            let mut fault = |code: &str| {
                faults.push(FieldError::new(format!(".{name}[{index}]"), format!("worktime.{code}")));
            };
            if hours.to <= hours.from {
                fault("hours_backwards");
            } else if previous.is_some_and(|previous| hours.from < previous.to) {
                fault("hours_overlap");
            }
            previous = Some(*hours);
        }
        let place = || format!(".{name}");
        let length = |hours: &Hours| u32::from(hours.to.minutes().saturating_sub(hours.from.minutes()));
        let minutes: u32 = stretches.iter().map(length).sum();
        if !stretches.is_empty() && minutes < SHORTEST_HALF_MINUTES {
            faults.push(FieldError::new(place(), "worktime.half_too_short").with("minutes", SHORTEST_HALF_MINUTES));
        }
        if stretches.len() > MOST_STRETCHES {
            faults.push(FieldError::new(place(), "worktime.too_many_stretches").with("count", MOST_STRETCHES));
        }
    }
    faults
}
