//! 工作日历: working calendars, public holidays and make-up workdays, and every count made in working days or hours.
//!
//! A deadline of "one working day", a leave of two and a half days, an overdue of three working hours: all are counted
//! here and nowhere else (TIME-04), by pure functions on an immutable [`Calendar`].
//!
//! ```text
//! what is 2026-02-14?
//!   exception of the unit's calendar  →  holiday | make-up workday          (first that speaks, decides)
//!   public holidays of its region     →  off | worked
//!   weekly pattern valid on the date  →  hours of the two halves, or rest
//!   then: half a day off, by the unit's exception, takes one half away
//! ```
//!
//! Invariants, each kept by the tests named:
//! - Counts add up: a..b and b..c hold what a..c holds (`parts_add_up_to_the_whole`).
//! - What was added is what is counted back (`hours_added_are_hours_counted`, `days_added_are_days_counted`).
//! - A deadline lies in working time (`a_deadline_never_falls_into_rest`) and more is never earlier.
//! - A half day is 0.5, however long it is; two of them are the day (`half_days_sum_to_days_…`).
//! - A year whose public holidays are unknown is named in every answer that touched it: `missing_years`. It is never
//!   taken for a year without holidays.
//! - Clock changes lose and double nothing (`tests/dst.rs`).
//!
//! It does not know shifts and rosters of single people (班次、排班): those are attendance.

mod actions;
mod check;
mod csv;
mod duration;
mod events;
mod holidays;
mod model;
mod policy;
mod routes;
mod rules;
mod snapshot;
mod store;
mod timeline;
mod unit_calendar;

#[cfg(test)]
mod tests;

pub use actions::{SetExceptions, create_calendar, import_year, remove_exception, set_exceptions, update_calendar};
pub use check::{check_exception, check_name, check_week};
pub use csv::entries_from_csv;
pub use duration::{Answer, Granularity, Period, PeriodEnd, PeriodValue, WorkingTime};
pub use events::{Event, ExceptionChange};
pub use holidays::{
    Doubts, Entry, HolidayYear, PublicDay, PublicHolidays, PublicKind, Region, check as check_year, shipped,
};
pub use model::{Calendar, Day, DayTime, Exception, Half, Hours, NotADayTime, STANDARD_ZONE, Week, Weeks};
pub use policy::MANAGE;
pub use rules::{
    DateKind, DatePlan, LONGEST_DAYS, Refusal, add_working_days, add_working_hours, day, is_working,
    next_working_instant, period_time, working_time,
};
pub use snapshot::{Calendars, calendar_of, calendars};
pub use unit_calendar::{CalendarId, CalendarSettings, DatedWeek, UnitCalendar};

use hanlin_api::Module;

/// What this module gives the composition root.
pub fn module() -> Module {
    Module {
        migrations: hanlin_store::migrations!("worktime"; "0001_worktime", "0002_revision"),
        routes: routes::routes(),
        permissions: &[MANAGE],
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        forget: Some(store::forget),
        ..Module::named("worktime")
    }
}
