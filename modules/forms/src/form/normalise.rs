use serde_json::{Map, Value as Json};

use super::{
    CheckedForm, Field, FieldType, Period, Shape, Values, places, table,
    values::{decimal, is_empty, strings},
};

impl CheckedForm {
    /// One way of writing for each value: trimmed texts, decimals with the field's places, lists without repetition,
    /// no empty values. What is not of its type stays as it is, for validation to tell. Doing it twice changes nothing.
    pub fn normalise(&self, values: &Values) -> Values {
        let each = values.iter().map(|(id, value)| match self.form().field(id) {
            Some(field) => (id.clone(), normal(field, value)),
            None => (id.clone(), value.clone()),
        });
        each.filter(|(_, value)| !is_empty(Some(value))).collect()
    }
}

pub(super) fn normal(field: &Field, value: &Json) -> Json {
    match field.kind.shape() {
        Shape::Switch | Shape::Nothing | Shape::Location => value.clone(),
        Shape::Address => places::normal_address(value),
        Shape::Text if field.kind == FieldType::LongText => text(value, |text| text.replace("\r\n", "\n")),
        Shape::Text => text(value, |text| one_line(field, text)),
        Shape::Number => number(field, value),
        Shape::Date | Shape::Option => text(value, |text| text),
        Shape::Period => period(field, value),
        Shape::Options | Shape::Ids(_) => list(field, value),
        Shape::Rows => table::normal_rows(field, value),
    }
}

fn text(value: &Json, then: impl FnOnce(String) -> String) -> Json {
    match value.as_str() {
        Some(text) => Json::String(trim(&then(trim(text).to_owned())).to_owned()),
        None => value.clone(),
    }
}

/// Named one by one, since languages differ in what they call white space.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n', '\u{a0}', '\u{3000}', '\u{feff}'])
}

fn one_line(field: &Field, text: String) -> String {
    let line = text.replace("\r\n", " ").replace(['\r', '\n'], " ");
    match field.format {
        Some(format) => format.normalise(line),
        None => line,
    }
}

fn number(field: &Field, value: &Json) -> Json {
    let trimmed = text(value, |text| text);
    match decimal(&trimmed) {
        Some(number) => Json::String(with_places(number.to_string(), field.scale().unwrap_or(0))),
        None => trimmed,
    }
}

/// Zeros up to the field's places. More places than it has stay, for validation to tell.
pub(super) fn with_places(mut number: String, places: u32) -> String {
    let has = number.split_once('.').map_or(0, |(_, part)| part.len());
    if has == 0 && places > 0 {
        number.push('.');
    }
    (has..places as usize).for_each(|_| number.push('0'));
    number
}

/// Only its ends, in one order; the working time in it is added by [`CheckedForm::compute`].
fn period(field: &Field, value: &Json) -> Json {
    let Some(period) = Period::of(field, value) else { return value.clone() };
    let mut object = Map::new();
    object.insert("from".into(), period.from.to_json());
    object.insert("to".into(), period.to.to_json());
    for amount in ["days", "hours"] {
        if let Some(number) = value.get(amount).and_then(decimal) {
            object.insert(amount.into(), number.to_string().into());
        }
    }
    Json::Object(object)
}

/// Each once: options in the order of the form, persons and files in the order in which they were given.
fn list(field: &Field, value: &Json) -> Json {
    let Some(parts) = strings(value) else { return value.clone() };
    let mut once: Vec<&str> = Vec::with_capacity(parts.len());
    for part in parts.into_iter().map(trim).filter(|part| !part.is_empty()) {
        if !once.contains(&part) {
            once.push(part);
        }
    }
    if field.kind == FieldType::Choices {
        let place = |id: &str| field.options.iter().position(|option| option.id == id).unwrap_or(field.options.len());
        once.sort_by_key(|id| place(id));
    }
    once.into()
}
