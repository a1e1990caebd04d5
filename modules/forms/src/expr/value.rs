use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Type, clean, number::read};

/// What an expression reads and gives. Serialised with its type, so that an event can keep the answer it was decided on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    Null,
    Bool(bool),
    Number(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// Also a reference, by its code, and a file, by its id.
    Text(String),
    Date(Date),
    Period(PeriodValue),
    List(Vec<Value>),
}

/// 期间: the days it spans and the working time in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodValue {
    pub from: Date,
    pub to: Date,
    /// Working days; `None` until the calendar was asked.
    #[serde(default, with = "rust_decimal::serde::str_option")]
    pub days: Option<Decimal>,
    /// Working hours; `None` until the calendar was asked.
    #[serde(default, with = "rust_decimal::serde::str_option")]
    pub hours: Option<Decimal>,
}

impl Value {
    pub fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into())
    }

    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<Decimal> {
        match self {
            Self::Number(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(value),
            _ => None,
        }
    }

    /// Reads a form's JSON as what the type says. What does not fit is null; an absent list is empty.
    pub fn from_json(ty: &Type, json: Option<&Json>) -> Self {
        let fitting = match ty {
            Type::Bool => json.and_then(Json::as_bool).map(Self::Bool),
            Type::Number => json.and_then(number).map(Self::Number),
            Type::Text | Type::Ref(_) | Type::File => json.and_then(Json::as_str).map(Self::text),
            // Of what stands in it nothing can be asked: that it is there is enough.
            Type::Record => json.filter(|json| json.is_string() || json.is_object()).map(|_| Self::text("…")),
            Type::Date => json.and_then(Json::as_str).and_then(read_date).map(Self::Date),
            Type::Period => json.and_then(period).map(Self::Period),
            Type::List(of) => Some(Self::List(
                json.and_then(Json::as_array)
                    .map(|parts| parts.iter().map(|part| Self::from_json(of, Some(part))).collect())
                    .unwrap_or_default(),
            )),
            Type::Row | Type::Null => None,
        };
        fitting.unwrap_or(Self::Null)
    }

    /// As a form's JSON has it: decimals and dates are strings.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => json!(value),
            Self::Number(value) => json!(value.normalize().to_string()),
            Self::Text(value) => json!(value),
            Self::Date(value) => json!(value.to_string()),
            Self::Period(period) => {
                let mut object =
                    json!({ "from": { "date": period.from.to_string() }, "to": { "date": period.to.to_string() } });
                for (name, amount) in [("days", period.days), ("hours", period.hours)] {
                    if let Some(amount) = amount {
                        object[name] = json!(amount.normalize().to_string());
                    }
                }
                object
            }
            Self::List(parts) => parts.iter().map(Self::to_json).collect(),
        }
    }

    pub(super) fn member(&self, member: &str) -> Self {
        let Self::Period(period) = self else { return Self::Null };
        let number = |amount: Option<Decimal>| amount.and_then(clean).map_or(Self::Null, Self::Number);
        match member {
            "days" => number(period.days),
            "hours" => number(period.hours),
            "from" => Self::Date(period.from),
            "to" => Self::Date(period.to),
            _ => Self::Null,
        }
    }
}

/// A date as forms write it, `2026-11-21`, and no other way.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    let shape = |(index, byte): (usize, u8)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) || text.starts_with("0000") {
        return None;
    }
    text.parse().ok()
}

fn number(json: &Json) -> Option<Decimal> {
    read(json.as_str()?)
}

fn period(json: &Json) -> Option<PeriodValue> {
    let day = |end: &str| json.get(end)?.get("date")?.as_str().and_then(read_date);
    let amount = |name: &str| json.get(name).and_then(number);
    Some(PeriodValue { from: day("from")?, to: day("to")?, days: amount("days"), hours: amount("hours") })
}
