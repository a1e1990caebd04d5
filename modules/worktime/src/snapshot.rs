use std::{collections::BTreeMap, sync::Arc};

use hanlin_kernel::{Result, UnitId};
use hanlin_store::{Remembered, Tx};

use crate::{Calendar, HolidayYear, PublicHolidays, Region, shipped, store};

/// All working calendars as they stand in one unit of work: immutable, so that pure decisions can hold it.
#[derive(Clone, Debug)]
pub struct Calendars {
    by_unit: BTreeMap<UnitId, Arc<Calendar>>,
    standard: Arc<Calendar>,
}

impl Calendars {
    /// The calendar that applies to a unit, given that unit and those above it, nearest first. Where none of them has
    /// one: the standard calendar, [`Calendar::standard`].
    pub fn nearest(&self, upwards: &[UnitId]) -> &Arc<Calendar> {
        upwards.iter().find_map(|unit| self.by_unit.get(unit)).unwrap_or(&self.standard)
    }
}

impl Remembered for Calendars {
    const NAME: &'static str = "worktime";

    fn read(tx: &mut Tx) -> Result<Self> {
        let years = known_years(tx)?;
        let mut regions: BTreeMap<Region, Arc<PublicHolidays>> = BTreeMap::new();
        let mut public = |region: &Region| {
            let make = || Arc::new(PublicHolidays::of(years.values().filter(|year| year.region == *region)));
            regions.entry(region.clone()).or_insert_with(make).clone()
        };
        let standard = Arc::new(Calendar::standard(public(&Region::china())));
        let mut by_unit = BTreeMap::new();
        for kept in store::list_all(tx)? {
            by_unit.insert(kept.unit, Arc::new(kept.calendar(&mut public)?));
        }
        Ok(Self { by_unit, standard })
    }
}

/// What shipped, with what was imported in its place or beside it.
pub(crate) fn known_years(tx: &mut Tx) -> Result<BTreeMap<(Region, i16), HolidayYear>> {
    let imported = store::list_years(tx)?;
    let all = shipped().iter().cloned().chain(imported);
    Ok(all.map(|year| ((year.region.clone(), year.year), year)).collect())
}

/// The calendars as they stand now.
pub fn calendars(tx: &mut Tx) -> Result<Arc<Calendars>> {
    tx.remembered()
}

/// The calendar that applies to a unit now; for whoever belongs to none, the standard calendar.
pub fn calendar_of(tx: &mut Tx, unit: Option<UnitId>) -> Result<Arc<Calendar>> {
    let directory = hanlin_directory::snapshot(tx)?;
    let now = tx.now();
    let upwards = unit.map(|unit| directory.units_upwards(unit, now)).unwrap_or_default();
    Ok(calendars(tx)?.nearest(&upwards).clone())
}
