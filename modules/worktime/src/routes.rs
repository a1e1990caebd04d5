use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_kernel::{Actor, Can, Error, FieldError, Page, PageRequest, Result, Text, UnitId};
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Calendar, CalendarId, CalendarSettings, DateKind, Entry, Exception, Half, HolidayYear, Hours, MANAGE, PublicKind,
    Region, SetExceptions, UnitCalendar, actions, calendar_of, day, entries_from_csv, policy, shipped, snapshot, store,
};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .can(MANAGE, routes!(list_calendars, create_calendar, find_calendar, update_calendar, list_calendar_days))
        .can(MANAGE, routes!(create_calendar_exceptions, delete_calendar_exception))
        .can(MANAGE, routes!(list_holiday_years, create_holiday_year))
        .signed_in(routes!(list_working_days))
}

/// A working calendar in a list.
#[derive(Debug, Serialize, ToSchema)]
struct CalendarItem {
    id: CalendarId,
    unit: UnitId,
    name: Text,
    zone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    can: Can,
}

/// A working calendar with all that its unit decided.
#[derive(Debug, Serialize, ToSchema)]
struct CalendarView {
    id: CalendarId,
    unit: UnitId,
    #[serde(flatten)]
    settings: CalendarSettings,
    exceptions: Vec<ExceptionView>,
    /// For `If-Match`.
    version: u64,
    can: Can,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExceptionView {
    #[schema(value_type = String, format = Date)]
    date: Date,
    exception: Exception,
}

impl CalendarView {
    fn of(calendar: UnitCalendar, actor: &Actor) -> Self {
        let can = policy::may(actor, calendar.unit);
        let UnitCalendar { id, unit, settings, exceptions, version } = calendar;
        let exceptions = exceptions.into_iter().map(|(date, exception)| ExceptionView { date, exception });
        Self { id, unit, settings, exceptions: exceptions.collect(), version, can }
    }
}

/// The working calendars of the units in reach, oldest first.
#[utoipa::path(get, path = "/calendars", responses((status = 200, body = Page<CalendarItem>)), params(
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 200; 50 unless told"),
))]
async fn list_calendars(app: App, Me(actor): Me, Query(page): Query<PageRequest>) -> Reply<Page<CalendarItem>> {
    let list = move |tx: &mut _| {
        let calendars = store::list_for(tx, &actor, &page)?;
        Ok(calendars.map(|calendar| {
            let can = policy::may(&actor, calendar.unit);
            let UnitCalendar { id, unit, settings: CalendarSettings { name, zone, region, .. }, .. } = calendar;
            CalendarItem { id, unit, name, zone, region, can }
        }))
    };
    app.read(list).await
}

/// The calendar that a unit is to have.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct CreateCalendar {
    unit: UnitId,
    #[serde(flatten)]
    settings: CalendarSettings,
}

/// Give a unit its own working calendar.
#[utoipa::path(post, path = "/calendars", request_body = CreateCalendar, responses((status = 200, body = CalendarView)))]
async fn create_calendar(app: App, Me(actor): Me, Json(body): Json<CreateCalendar>) -> Reply<CalendarView> {
    let create = move |tx: &mut _| {
        let calendar = actions::create_calendar(tx, &actor, body.unit, body.settings.clone())?;
        Ok(CalendarView::of(calendar, &actor))
    };
    app.write(create).await
}

/// One working calendar with its exceptions.
#[utoipa::path(get, path = "/calendars/{id}", responses((status = 200, body = CalendarView)), params(
    ("id" = CalendarId, Path),
))]
async fn find_calendar(app: App, Me(actor): Me, Path(id): Path<CalendarId>) -> Reply<CalendarView> {
    app.read(move |tx| Ok(CalendarView::of(actions::find_for(tx, &actor, id, "read")?, &actor))).await
}

/// Replace the name, time zone, region and weekly patterns of a calendar.
#[utoipa::path(put, path = "/calendars/{id}", request_body = CalendarSettings,
    responses((status = 200, body = CalendarView)),
    params(("id" = CalendarId, Path), ("If-Match" = String, Header, description = "The version that was read")),
)]
async fn update_calendar(
    app: App,
    Me(actor): Me,
    Path(id): Path<CalendarId>,
    IfMatch(version): IfMatch,
    Json(settings): Json<CalendarSettings>,
) -> Reply<CalendarView> {
    let update = move |tx: &mut _| {
        let calendar = actions::update_calendar(tx, &actor, id, version, settings.clone())?;
        Ok(CalendarView::of(calendar, &actor))
    };
    app.write(update).await
}

/// Decide for one date or several in a row: off, worked, or half a day off.
#[utoipa::path(post, path = "/calendars/{id}/exceptions", request_body = SetExceptions,
    responses((status = 200, body = CalendarView)), params(("id" = CalendarId, Path)),
)]
async fn create_calendar_exceptions(
    app: App,
    Me(actor): Me,
    Path(id): Path<CalendarId>,
    Json(intent): Json<SetExceptions>,
) -> Reply<CalendarView> {
    let set = move |tx: &mut _| {
        let calendar = actions::set_exceptions(tx, &actor, id, intent.clone())?;
        Ok(CalendarView::of(calendar, &actor))
    };
    app.write(set).await
}

/// Take the exception off a date.
#[utoipa::path(delete, path = "/calendars/{id}/exceptions/{date}", responses((status = 200, body = CalendarView)),
    params(("id" = CalendarId, Path), ("date" = String, Path)),
)]
async fn delete_calendar_exception(
    app: App,
    Me(actor): Me,
    Path((id, date)): Path<(CalendarId, Date)>,
) -> Reply<CalendarView> {
    let remove = move |tx: &mut _| {
        let calendar = actions::remove_exception(tx, &actor, id, date)?;
        Ok(CalendarView::of(calendar, &actor))
    };
    app.write(remove).await
}

/// From when to when, both included.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DateRange {
    #[param(value_type = String, format = Date)]
    from: Date,
    #[param(value_type = String, format = Date)]
    to: Date,
}

/// What a date is on a calendar, and why.
#[derive(Debug, Serialize, ToSchema)]
struct WorkingDayView {
    #[schema(value_type = String, format = Date)]
    date: Date,
    kind: WorkingDayKind,
    /// The name of the holiday, the make-up workday, or the half day off.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    half_off: Option<Half>,
    am: Vec<Hours>,
    pm: Vec<Hours>,
    /// In working days: "1", "0.5" or "0".
    days: String,
    /// False: the public holidays of that year are not known, and this may be wrong.
    known: bool,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WorkingDayKind {
    Workday,
    Rest,
    Holiday,
    MakeUp,
}

/// What each date of a range is on this calendar.
#[utoipa::path(get, path = "/calendars/{id}/days", responses((status = 200, body = Page<WorkingDayView>)),
    params(("id" = CalendarId, Path), DateRange),
)]
async fn list_calendar_days(
    app: App,
    Me(actor): Me,
    Path(id): Path<CalendarId>,
    Query(range): Query<DateRange>,
) -> Reply<Page<WorkingDayView>> {
    let list = move |tx: &mut _| {
        let unit = actions::find_for(tx, &actor, id, "read")?.unit;
        let calendars = snapshot::calendars(tx)?;
        days(calendars.nearest(&[unit]), range)
    };
    app.read(list).await
}

/// What each date of a range is for the one who asks, under his appointment.
#[utoipa::path(get, path = "/working_days", responses((status = 200, body = Page<WorkingDayView>)), params(DateRange))]
async fn list_working_days(app: App, Me(actor): Me, Query(range): Query<DateRange>) -> Reply<Page<WorkingDayView>> {
    app.read(move |tx| days(&*calendar_of(tx, actor.unit)?, range)).await
}

const MOST_DAYS: usize = 400;

fn days(calendar: &Calendar, range: DateRange) -> Result<Page<WorkingDayView>> {
    let dates = range.from.series(Span::new().days(1)).take_while(|date| *date <= range.to).take(MOST_DAYS + 1);
    let items: Vec<WorkingDayView> = dates.map(|date| WorkingDayView::of(calendar, date)).collect();
    if items.len() > MOST_DAYS {
        return Err(Error::Invalid(vec![FieldError::new("to", "worktime.entry_too_long").with("days", MOST_DAYS)]));
    }
    Ok(Page { items, next: None })
}

impl WorkingDayView {
    fn of(calendar: &Calendar, date: Date) -> Self {
        let plan = day(calendar, date);
        let (kind, name) = match plan.kind {
            DateKind::Workday => (WorkingDayKind::Workday, None),
            DateKind::Rest => (WorkingDayKind::Rest, None),
            DateKind::Holiday(name) => (WorkingDayKind::Holiday, Some(name)),
            DateKind::MakeUp(name) => (WorkingDayKind::MakeUp, Some(name)),
        };
        Self {
            date,
            kind,
            name: plan.half_off.map(|(_, name)| name).or(name).cloned(),
            half_off: plan.half_off.map(|(half, _)| half),
            am: plan.half(Half::Am).to_vec(),
            pm: plan.half(Half::Pm).to_vec(),
            days: plan.weight().to_string(),
            known: plan.known,
        }
    }
}

/// A year of public holidays as it is used.
#[derive(Debug, Serialize, ToSchema)]
struct HolidayYearView {
    #[serde(flatten)]
    year: HolidayYear,
    /// It came with the program and nobody has replaced it.
    shipped: bool,
    can: Can,
}

/// The years of public holidays that are known, by region and year.
#[utoipa::path(get, path = "/holiday_years", responses((status = 200, body = Page<HolidayYearView>)))]
async fn list_holiday_years(app: App, Me(actor): Me) -> Reply<Page<HolidayYearView>> {
    let list = move |tx: &mut _| {
        let years = snapshot::known_years(tx)?.into_values();
        let can = policy::may_with_years(&actor);
        let items = years.map(|year| HolidayYearView { shipped: shipped().contains(&year), year, can: can.clone() });
        Ok(Page { items: items.collect(), next: None })
    };
    app.read(list).await
}

/// A year of public holidays to take over: its entries, or a CSV text of them.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportYear {
    region: Region,
    year: i16,
    /// Where the facts come from: the notice, its number and date.
    source: String,
    #[serde(default)]
    entries: Vec<Entry>,
    /// Columns `from`, `to`, `kind` (`off`, `work`), `name`, `name_en`; the first line names them.
    #[serde(default)]
    csv: Option<String>,
}

/// What was taken over, and what looks doubtful about it.
#[derive(Debug, Serialize, ToSchema)]
struct ImportedYear {
    region: Region,
    year: i16,
    /// How many dates are off.
    off: usize,
    /// How many dates are worked to make up for them.
    work: usize,
    doubts: Vec<FieldError>,
}

/// Take over a year of public holidays, in place of what was known of that year.
#[utoipa::path(post, path = "/holiday_years", request_body = ImportYear, responses((status = 200, body = ImportedYear)))]
async fn create_holiday_year(app: App, Me(actor): Me, Json(body): Json<ImportYear>) -> Reply<ImportedYear> {
    let year = body.read()?;
    let import = move |tx: &mut _| {
        let doubts = actions::import_year(tx, &actor, year.clone())?;
        let count = |kind| year.entries.iter().filter(|entry| entry.kind == kind).map(Entry::len).sum();
        Ok(ImportedYear {
            region: year.region.clone(),
            year: year.year,
            off: count(PublicKind::Off),
            work: count(PublicKind::Work),
            doubts,
        })
    };
    app.write(import).await
}

impl ImportYear {
    fn read(self) -> Result<HolidayYear> {
        let entries = match self.csv {
            Some(_) if !self.entries.is_empty() => return Err(Error::invalid("csv", "worktime.csv_and_entries")),
            Some(csv) => entries_from_csv(&csv).map_err(Error::Invalid)?,
            None => self.entries,
        };
        Ok(HolidayYear { region: self.region, year: self.year, source: self.source, entries })
    }
}
