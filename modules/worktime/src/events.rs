use hanlin_kernel::{Audience, UnitId};
use jiff::civil::Date;
use serde::Serialize;

use crate::{CalendarId, CalendarSettings, Exception, HolidayYear, Region};

/// What happened to working calendars, with the values before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    CalendarCreated { calendar: CalendarId, unit: UnitId, new: CalendarSettings },
    CalendarChanged { calendar: CalendarId, unit: UnitId, old: CalendarSettings, new: CalendarSettings },
    ExceptionsChanged { calendar: CalendarId, unit: UnitId, changes: Vec<ExceptionChange> },
    YearImported { region: Region, year: i16, old: Option<HolidayYear>, new: HolidayYear },
}

/// One date before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExceptionChange {
    pub date: Date,
    pub old: Option<Exception>,
    pub new: Option<Exception>,
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::CalendarCreated { .. } => "worktime.calendar_created",
            Self::CalendarChanged { .. } => "worktime.calendar_changed",
            Self::ExceptionsChanged { .. } => "worktime.exceptions_changed",
            Self::YearImported { .. } => "worktime.year_imported",
        }
    }

    fn stream(&self) -> String {
        match self {
            Self::CalendarCreated { calendar, .. }
            | Self::CalendarChanged { calendar, .. }
            | Self::ExceptionsChanged { calendar, .. } => format!("worktime/calendar/{calendar}"),
            Self::YearImported { region, .. } => format!("worktime/holidays/{region}"),
        }
    }

    /// Screens show dates as free or not: all of them read again.
    fn audience(&self) -> Audience {
        Audience::Everyone
    }
}
