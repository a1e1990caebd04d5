//! How each type's value is written in JSON, and the reading of it.

use hanlin_kernel::Id;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{Field, Granularity, Named, Shape, places};
use crate::expr::{read_date, read_decimal};

/// The values of a form: field id → value. A field without a value is absent.
pub type Values = Map<String, Json>;

/// 期间, as a form has it. Both ends belong to it: Monday to Monday is one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    pub granularity: Granularity,
    pub from: PeriodEnd,
    pub to: PeriodEnd,
}

/// One end: a day, and with it the half (of `half_day`) or the minute (of `hour`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PeriodEnd {
    pub date: Date,
    pub half: Option<Half>,
    pub time: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    Am,
    Pm,
}

impl Period {
    /// Reads a period of the field's granularity. `None`: it is not one.
    pub fn of(field: &Field, json: &Json) -> Option<Self> {
        let granularity = field.granularity();
        let known = |key: &String| matches!(key.as_str(), "from" | "to" | "days" | "hours");
        if !json.as_object()?.keys().all(known) {
            return None;
        }
        Some(Self { granularity, from: end(granularity, &json["from"])?, to: end(granularity, &json["to"])? })
    }

    pub(super) fn is_reversed(&self) -> bool {
        match self.granularity {
            Granularity::Hour => self.from >= self.to,
            Granularity::Day | Granularity::HalfDay => self.from > self.to,
        }
    }
}

impl PeriodEnd {
    pub(super) fn to_json(self) -> Json {
        let mut object = Map::new();
        object.insert("date".into(), self.date.to_string().into());
        if let Some(half) = self.half {
            object.insert("half".into(), if half == Half::Am { "am" } else { "pm" }.into());
        }
        if let Some(time) = self.time {
            object.insert("time".into(), format!("{:02}:{:02}", time.hour(), time.minute()).into());
        }
        Json::Object(object)
    }
}

fn end(granularity: Granularity, json: &Json) -> Option<PeriodEnd> {
    let text = |key: &str| json.get(key).and_then(Json::as_str);
    let date = read_date(text("date")?)?;
    let (extra, half, time) = match granularity {
        Granularity::Day => (0, None, None),
        Granularity::HalfDay => (1, Some(half(text("half")?)?), None),
        Granularity::Hour => (1, None, Some(minute(text("time")?)?)),
    };
    (json.as_object()?.len() == 1 + extra).then_some(PeriodEnd { date, half, time })
}

fn half(text: &str) -> Option<Half> {
    match text {
        "am" => Some(Half::Am),
        "pm" => Some(Half::Pm),
        _ => None,
    }
}

/// `09:00`, and no other way.
fn minute(text: &str) -> Option<Time> {
    let shape = |(index, byte): (usize, u8)| if index == 2 { byte == b':' } else { byte.is_ascii_digit() };
    if text.len() != 5 || !text.bytes().enumerate().all(shape) {
        return None;
    }
    Time::new(text[..2].parse().ok()?, text[3..].parse().ok()?, 0, 0).ok()
}

/// Why a value is not one of its field's type: the code of the sentence.
pub(super) fn misshapen(field: &Field, json: &Json) -> Option<&'static str> {
    let ids = || strings(json).is_some_and(|ids| ids.iter().all(|id| id.parse::<Id<()>>().is_ok()));
    let (well, code) = match field.kind.shape() {
        Shape::Text => (json.is_string(), "forms.not_text"),
        Shape::Switch => (json.is_boolean(), "forms.not_switch"),
        Shape::Number => (decimal(json).is_some(), "forms.not_number"),
        Shape::Date => (date(json).is_some(), "forms.not_date"),
        Shape::Period => (Period::of(field, json).is_some(), "forms.not_period"),
        Shape::Option => (json.is_string(), "forms.not_choice"),
        Shape::Options => (strings(json).is_some(), "forms.not_choice"),
        Shape::Ids(Named::Person) => (ids(), "forms.not_persons"),
        Shape::Ids(Named::Department) => (ids(), "forms.not_departments"),
        Shape::Ids(Named::Post) => (ids(), "forms.not_posts"),
        Shape::Ids(Named::Unit) => (ids(), "forms.not_units"),
        Shape::Ids(Named::File) => (ids(), "forms.not_files"),
        Shape::Ids(Named::Case) => (ids(), "forms.not_cases"),
        Shape::Ids(Named::Record) => (ids(), "forms.not_records"),
        Shape::Rows => (rows(json).is_some(), "forms.not_rows"),
        Shape::Address => (places::is_address(json), "forms.not_address"),
        Shape::Location => (places::is_location(json), "forms.not_location"),
        Shape::Nothing => (false, "forms.takes_no_value"),
    };
    (!well).then_some(code)
}

pub(super) fn decimal(json: &Json) -> Option<Decimal> {
    read_decimal(json.as_str()?)
}

pub(super) fn date(json: &Json) -> Option<Date> {
    read_date(json.as_str()?)
}

pub(super) fn strings(json: &Json) -> Option<Vec<&str>> {
    json.as_array()?.iter().map(Json::as_str).collect()
}

/// The rows of a table: each, like a form, column id → value.
pub(super) fn rows(json: &Json) -> Option<Vec<&Values>> {
    json.as_array()?.iter().map(Json::as_object).collect()
}

/// Nothing was filled in.
pub(super) fn is_empty(json: Option<&Json>) -> bool {
    match json {
        None | Some(Json::Null) => true,
        Some(Json::String(text)) => text.is_empty(),
        Some(Json::Array(parts)) => parts.is_empty(),
        Some(_) => false,
    }
}
