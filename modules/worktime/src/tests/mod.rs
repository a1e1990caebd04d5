mod dst;
mod events;
mod official_days;
mod periods;
mod pure;
mod refusals;
mod routes;
mod years;

use std::{str::FromStr, sync::Arc};

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use rust_decimal::Decimal;

use crate::{Calendar, PublicHolidays, shipped};

/// Monday to Friday, 08:30–12:00 and 13:30–18:00, Chinese time, with the official days of 2024 to 2026.
fn standard() -> Calendar {
    Calendar::standard(Arc::new(PublicHolidays::of(shipped())))
}

/// The standard hours elsewhere, without public holidays.
fn standard_in(zone: &str) -> Calendar {
    Calendar { zone: TimeZone::get(zone).unwrap(), public: None, ..standard() }
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// An instant by its reading on the calendar's clock: `2026-02-13 15:00`.
fn at(calendar: &Calendar, reading: &str) -> Timestamp {
    calendar.zone.to_timestamp(DateTime::from_str(&reading.replace(' ', "T")).unwrap()).unwrap()
}

/// The reading of the calendar's clock at an instant.
fn reading(calendar: &Calendar, at: Timestamp) -> String {
    calendar.zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}
