//! 已等: how much working time has passed since something waits, where the one who is waited for works (TIME-01, TIME-14).

use std::sync::Arc;

use hanlin_directory::Snapshot;
use hanlin_kernel::{PersonId, Result};
use hanlin_store::Tx;
use hanlin_worktime::{Calendars, working_time};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Working time that has passed, and never time of rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Elapsed {
    /// Whole working days; where there is one at least, it is what people count in.
    pub days: i64,
    /// The same in minutes.
    pub minutes: i64,
    /// It touches a year whose public holidays are not known.
    pub uncertain: bool,
}

/// By what it is counted: everybody's calendar, and now.
pub(crate) struct Waiting<'a> {
    directory: &'a Snapshot,
    calendars: Arc<Calendars>,
    now: Timestamp,
}

impl<'a> Waiting<'a> {
    pub(crate) fn of(tx: &mut Tx, directory: &'a Snapshot) -> Result<Self> {
        Ok(Self { directory, calendars: hanlin_worktime::calendars(tx)?, now: tx.now() })
    }

    /// How long this one has been waited for; none where that cannot be counted.
    pub(crate) fn since(&self, person: PersonId, since: Timestamp) -> Option<Elapsed> {
        let main = self.directory.main_appointment(person, self.now);
        let unit = main.and_then(|held| self.directory.unit_of(held.place, self.now));
        let upwards = unit.map(|unit| self.directory.units_upwards(unit, self.now)).unwrap_or_default();
        let worked = working_time(self.calendars.nearest(&upwards), since.min(self.now), self.now).ok()?;
        Some(Elapsed {
            days: worked.days.trunc().try_into().ok()?,
            minutes: worked.milliseconds / 60_000,
            uncertain: !worked.missing_years.is_empty(),
        })
    }
}
