use std::collections::BTreeMap;

use hanlin_kernel::{Actor, Error, Page, PageRequest, Result, UnitId};
use hanlin_store::{FromRow, Json, Leaving, OnConstraint, Row, Tx, params};
use jiff::civil::Date;

use crate::{
    CalendarId, CalendarSettings, Calendars, Entry, Exception, HolidayYear, Refusal, Region, UnitCalendar, policy,
};

const COLUMNS: &str = "id, unit, name, zone, region, weeks, version";

impl FromRow for UnitCalendar {
    /// Without its exceptions, which stand in a table of their own.
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            settings: CalendarSettings {
                name: row.get::<Json<_>>("name")?.0,
                zone: row.get("zone")?,
                region: row.get::<Option<String>>("region")?.map(Region),
                weeks: row.get::<Json<_>>("weeks")?.0,
            },
            exceptions: BTreeMap::new(),
            version: row.get("version")?,
        })
    }
}

struct ExceptionRow {
    calendar: CalendarId,
    date: Date,
    exception: Exception,
}
hanlin_store::from_row!(ExceptionRow { calendar, date, exception: json });

impl FromRow for HolidayYear {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            region: Region(row.get("region")?),
            year: row.get("year")?,
            source: row.get("source")?,
            entries: row.get::<Json<Vec<Entry>>>("entries")?.0,
        })
    }
}

pub(crate) fn list_all(tx: &mut Tx) -> Result<Vec<UnitCalendar>> {
    let mut calendars: Vec<UnitCalendar> =
        tx.all(&format!("select {COLUMNS} from worktime_calendar order by id"), &[])?;
    let rows: Vec<ExceptionRow> =
        tx.all("select calendar, date, exception from worktime_exception order by calendar, date", &[])?;
    let mut exceptions: BTreeMap<CalendarId, BTreeMap<Date, Exception>> = BTreeMap::new();
    for row in rows {
        exceptions.entry(row.calendar).or_default().insert(row.date, row.exception);
    }
    for calendar in &mut calendars {
        calendar.exceptions = exceptions.remove(&calendar.id).unwrap_or_default();
    }
    Ok(calendars)
}

/// Those of units that the actor reaches, without their exceptions.
pub(crate) fn list_for(tx: &mut Tx, actor: &Actor, page: &PageRequest) -> Result<Page<UnitCalendar>> {
    let (after, limit) = (page.after.clone().unwrap_or_default(), page.limit());
    let scope = actor.scope_of(policy::MANAGE);
    let seek = params![after, limit + 1];
    let mut calendars: Vec<UnitCalendar> = if scope.all {
        tx.all(&format!("select {COLUMNS} from worktime_calendar where id > $1 order by id limit $2"), seek)?
    } else {
        let units: Vec<UnitId> = scope.units.into_iter().collect();
        let sql =
            format!("select {COLUMNS} from worktime_calendar where id > $1 and unit in ({{in}}) order by id limit $2");
        tx.all_in(&sql, seek, &units)?
    };
    // Each slice of units came in order; together they are put in order here.
    calendars.sort_by_key(|calendar| calendar.id);
    Ok(Page::of(calendars, limit, |calendar| calendar.id.to_string()))
}

pub(crate) fn find(tx: &mut Tx, id: CalendarId) -> Result<UnitCalendar> {
    let calendar: UnitCalendar =
        tx.one(&format!("select {COLUMNS} from worktime_calendar where id = $1"), params![id])?;
    let rows: Vec<ExceptionRow> =
        tx.all("select calendar, date, exception from worktime_exception where calendar = $1", params![id])?;
    let exceptions = rows.into_iter().map(|row| (row.date, row.exception)).collect();
    Ok(UnitCalendar { exceptions, ..calendar })
}

pub(crate) fn insert(tx: &mut Tx, calendar: &UnitCalendar) -> Result<()> {
    let UnitCalendar { id, unit, settings, version, .. } = calendar;
    let region = settings.region.as_ref().map(|region| region.0.as_str());
    tx.exec(
        "insert into worktime_calendar (id, unit, name, zone, region, weeks, version) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![id, unit, Json(&settings.name), settings.zone, region, Json(&settings.weeks), version],
    )
    .on_unique("worktime_calendar_unit", || Refusal::UnitHasCalendar { unit: *unit }.into())
    .on_foreign_key(|| Error::invalid("unit", "worktime.unit_unknown"))?;
    touch(tx)
}

pub(crate) fn update(tx: &mut Tx, calendar: &UnitCalendar) -> Result<()> {
    let UnitCalendar { id, settings, version, .. } = calendar;
    let region = settings.region.as_ref().map(|region| region.0.as_str());
    tx.exec(
        "update worktime_calendar set name = $2, zone = $3, region = $4, weeks = $5, version = $6 where id = $1",
        params![id, Json(&settings.name), settings.zone, region, Json(&settings.weeks), version],
    )?;
    touch(tx)
}

pub(crate) fn set_exception(tx: &mut Tx, id: CalendarId, date: Date, exception: &Exception) -> Result<()> {
    tx.queue(
        "insert into worktime_exception (calendar, date, exception) values ($1, $2, $3) \
         on conflict (calendar, date) do update set exception = excluded.exception",
        params![id, date, Json(exception)],
    )?;
    touch(tx)
}

pub(crate) fn remove_exception(tx: &mut Tx, id: CalendarId, date: Date) -> Result<()> {
    tx.queue("delete from worktime_exception where calendar = $1 and date = $2", params![id, date])?;
    touch(tx)
}

pub(crate) fn list_years(tx: &mut Tx) -> Result<Vec<HolidayYear>> {
    tx.all("select region, year, source, entries from worktime_holiday_year order by region, year", &[])
}

pub(crate) fn replace_year(tx: &mut Tx, year: &HolidayYear) -> Result<()> {
    let now = tx.now();
    tx.queue(
        "insert into worktime_holiday_year (region, year, source, entries, imported_at) values ($1, $2, $3, $4, $5) \
         on conflict (region, year) do update set source = excluded.source, entries = excluded.entries, \
         imported_at = excluded.imported_at",
        params![year.region.0, year.year, year.source, Json(&year.entries), now],
    )?;
    touch(tx)
}

fn touch(tx: &mut Tx) -> Result<()> {
    tx.changed::<Calendars>()
}

/// Takes out the calendars of the units that go.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let calendars: Vec<CalendarId> = Leaving::find(tx, "worktime_calendar", "unit", &leaving.units)?;
    Leaving::delete(tx, "worktime_exception", "calendar", &calendars)?;
    Leaving::delete(tx, "worktime_calendar", "id", &calendars)?;
    leaving.note("calendars", &calendars);
    touch(tx)
}
