use hanlin_kernel::{Actor, Error, FieldError, Id, Result, UnitId};
use hanlin_store::Tx;
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    CalendarId, CalendarSettings, Doubts, Exception, HolidayYear, UnitCalendar, check_exception, check_year,
    events::{Event, ExceptionChange},
    policy, snapshot, store,
};

/// Gives a unit its own working calendar.
pub fn create_calendar(tx: &mut Tx, actor: &Actor, unit: UnitId, settings: CalendarSettings) -> Result<UnitCalendar> {
    policy::may(actor, unit).require("change", Error::forbidden(policy::MANAGE))?;
    valid(settings.check())?;
    let calendar = UnitCalendar { id: Id::new(), unit, settings, exceptions: Default::default(), version: 1 };
    store::insert(tx, &calendar)?;
    tx.record(Event::CalendarCreated { calendar: calendar.id, unit, new: calendar.settings.clone() });
    Ok(calendar)
}

/// Replaces the settings of a calendar; its exceptions stay.
pub fn update_calendar(
    tx: &mut Tx,
    actor: &Actor,
    id: CalendarId,
    version: u64,
    settings: CalendarSettings,
) -> Result<UnitCalendar> {
    let calendar = find_for(tx, actor, id, "change")?;
    if calendar.version != version {
        return Err(Error::Stale);
    }
    valid(settings.check())?;
    let old = calendar.settings;
    let calendar = UnitCalendar { settings, version: version + 1, ..calendar };
    store::update(tx, &calendar)?;
    tx.record(Event::CalendarChanged { calendar: id, unit: calendar.unit, old, new: calendar.settings.clone() });
    Ok(calendar)
}

/// What is decided for one date or several in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetExceptions {
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last date; absent: only the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    pub exception: Exception,
}

const MOST_DATES: usize = 31;

/// Puts an exception on dates, in place of any that stands there.
pub fn set_exceptions(tx: &mut Tx, actor: &Actor, id: CalendarId, intent: SetExceptions) -> Result<UnitCalendar> {
    let mut calendar = find_for(tx, actor, id, "change")?;
    valid(check_exception(&intent.exception))?;
    let mut changes = Vec::new();
    for date in dates(&intent)? {
        store::set_exception(tx, id, date, &intent.exception)?;
        let old = calendar.exceptions.insert(date, intent.exception.clone());
        changes.push(ExceptionChange { date, old, new: Some(intent.exception.clone()) });
    }
    tx.record(Event::ExceptionsChanged { calendar: id, unit: calendar.unit, changes });
    Ok(calendar)
}

/// Takes the exception off a date.
pub fn remove_exception(tx: &mut Tx, actor: &Actor, id: CalendarId, date: Date) -> Result<UnitCalendar> {
    let mut calendar = find_for(tx, actor, id, "change")?;
    let old = calendar.exceptions.remove(&date).ok_or(Error::NotFound)?;
    store::remove_exception(tx, id, date)?;
    let changes = vec![ExceptionChange { date, old: Some(old), new: None }];
    tx.record(Event::ExceptionsChanged { calendar: id, unit: calendar.unit, changes });
    Ok(calendar)
}

/// Takes over a year of public holidays, in place of what was known of that year. What looks doubtful about it comes
/// back to be shown; it hinders nothing.
pub fn import_year(tx: &mut Tx, actor: &Actor, year: HolidayYear) -> Result<Doubts> {
    if !policy::may_import(actor) {
        return Err(Error::forbidden(policy::MANAGE));
    }
    let doubts = check_year(&year).map_err(Error::Invalid)?;
    let old = snapshot::known_years(tx)?.remove(&(year.region.clone(), year.year));
    store::replace_year(tx, &year)?;
    tx.record(Event::YearImported { region: year.region.clone(), year: year.year, old, new: year });
    Ok(doubts)
}

/// One calendar, if the actor may use this verb on it.
pub(crate) fn find_for(tx: &mut Tx, actor: &Actor, id: CalendarId, verb: &str) -> Result<UnitCalendar> {
    let calendar = store::find(tx, id)?;
    let can = policy::may(actor, calendar.unit);
    can.require("read", Error::NotFound)?;
    can.require(verb, Error::forbidden(policy::MANAGE))?;
    Ok(calendar)
}

fn dates(intent: &SetExceptions) -> Result<Vec<Date>> {
    let last = intent.to.unwrap_or(intent.from);
    if last < intent.from {
        return Err(Error::invalid("to", "worktime.entry_backwards"));
    }
    let dates: Vec<Date> =
        intent.from.series(Span::new().days(1)).take(MOST_DATES + 1).take_while(|date| *date <= last).collect();
    if dates.len() > MOST_DATES {
        let fault = FieldError::new("to", "worktime.entry_too_long").with("days", MOST_DATES);
        return Err(Error::Invalid(vec![fault]));
    }
    Ok(dates)
}

fn valid(faults: Vec<FieldError>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
