use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hanlin_kernel::{FieldError, Id, Text, UnitId};
use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Calendar, Exception, PublicHolidays, Region, Week, Weeks, check_name, check_week, holidays};

pub type CalendarId = Id<UnitCalendar>;

/// A working calendar as a unit keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitCalendar {
    pub id: CalendarId,
    /// The unit that owns it. It applies to this unit and to those below that have none of their own nearer.
    pub unit: UnitId,
    pub settings: CalendarSettings,
    pub exceptions: BTreeMap<Date, Exception>,
    pub version: u64,
}

/// What a unit decides about its calendar, except for single dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarSettings {
    pub name: Text,
    /// The IANA name of its time zone: `Asia/Shanghai`.
    pub zone: String,
    /// Whose public holidays and make-up workdays it follows. Absent: nobody's; the unit enters its own as exceptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The weekly patterns; exactly one is without `valid_from`.
    pub weeks: Vec<DatedWeek>,
}

/// A weekly pattern and the first date it is valid on; without one it is valid until the first that has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DatedWeek {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_from: Option<Date>,
    pub week: Week,
}

const MOST_WEEKS: usize = 50;

impl UnitCalendar {
    /// What counts are made on. `public` is what is known of its region.
    pub(crate) fn calendar(
        &self,
        public: impl FnOnce(&Region) -> Arc<PublicHolidays>,
    ) -> hanlin_kernel::Result<Calendar> {
        let zone = TimeZone::get(&self.settings.zone).map_err(hanlin_kernel::Error::internal)?;
        Ok(Calendar {
            zone,
            weeks: self.settings.weeks(),
            exceptions: self.exceptions.clone(),
            public: self.settings.region.as_ref().map(public),
        })
    }
}

impl CalendarSettings {
    /// All faults at once, each at its place.
    pub fn check(&self) -> Vec<FieldError> {
        let mut faults = check_name(&self.name);
        if TimeZone::get(&self.zone).is_err() {
            faults.push(FieldError::new("zone", "worktime.zone_unknown").with("zone", self.zone.as_str()));
        }
        if self.region.as_ref().is_some_and(|region| !holidays::is_region(region)) {
            faults.push(FieldError::new("region", "worktime.region_unknown"));
        }
        faults.extend(self.check_weeks());
        faults
    }

    fn check_weeks(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if self.weeks.iter().filter(|dated| dated.valid_from.is_none()).count() != 1 {
            faults.push(FieldError::new("weeks", "worktime.first_week_missing"));
        }
        if self.weeks.len() > MOST_WEEKS {
            faults.push(FieldError::new("weeks", "worktime.too_many_weeks").with("count", MOST_WEEKS));
            return faults;
        }
        let mut seen = BTreeSet::new();
        for (index, dated) in self.weeks.iter().enumerate() {
            if dated.valid_from.is_some_and(|date| !seen.insert(date)) {
                faults.push(FieldError::new(format!("weeks[{index}].valid_from"), "worktime.week_twice"));
            }
            let inside = check_week(&dated.week).into_iter();
            faults.extend(inside.map(|fault| FieldError { field: format!("weeks[{index}].{}", fault.field), ..fault }));
        }
        faults
    }

    fn weeks(&self) -> Weeks {
        let first = self.weeks.iter().find(|dated| dated.valid_from.is_none());
        let later = self.weeks.iter().filter_map(|dated| Some((dated.valid_from?, dated.week.clone())));
        Weeks { first: first.map(|dated| dated.week.clone()).unwrap_or_default(), later: later.collect() }
    }
}
