//! 地址、定位: where something is, as people write it and as a device tells it. Both are objects whose parts are texts.

use hanlin_kernel::FieldError;
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use super::{Field, MAX_SCALE, Precision, normalise::trim, validate::error, values::decimal};
use crate::expr::read_date;

/// The parts of an address, in order, with the most characters of each.
const PARTS: [(&str, usize); 5] = [("province", 40), ("city", 40), ("district", 40), ("street", 200), ("postcode", 6)];
const LOCATION: [&str; 4] = ["latitude", "longitude", "accuracy", "taken_at"];
/// Metres. Further off, a device knows nothing.
const LEAST_EXACT: i64 = 10_000_000;

/// Its parts in one order, trimmed, without empty ones. Nothing where none is left.
pub(super) fn normal_address(value: &Json) -> Json {
    let Some(parts) = value.as_object().filter(|_| is_address(value)) else { return value.clone() };
    let mut normal = Map::new();
    for (part, _) in PARTS {
        let text = parts.get(part).and_then(Json::as_str).map(trim).unwrap_or_default();
        if !text.is_empty() {
            normal.insert(part.into(), text.into());
        }
    }
    if normal.is_empty() { Json::Null } else { Json::Object(normal) }
}

pub(super) fn is_address(value: &Json) -> bool {
    let known = |(name, part): (&String, &Json)| PARTS.iter().any(|(known, _)| known == name) && part.is_string();
    value.as_object().is_some_and(|parts| parts.iter().all(known))
}

pub(super) fn too_long_address(field: &Field, value: &Json) -> Option<FieldError> {
    PARTS.iter().find_map(|(part, limit)| {
        let length = value.get(part)?.as_str()?.chars().count();
        let over = length > *limit;
        over.then(|| error(field, "forms.address_too_long").with("limit", *limit).with("length", length))
    })
}

/// What an address of this precision lacks, or a postcode that is none. Some cities have no districts: none is asked for.
pub(super) fn wrong_address(field: &Field, value: &Json) -> Option<FieldError> {
    let precision = field.precision.unwrap_or_default();
    let lacks = |part: &str| value.get(part).is_none();
    let has_no_city = lacks("province") || precision >= Precision::City && lacks("city");
    if has_no_city {
        return Some(error(field, "forms.address_without_city"));
    }
    if precision == Precision::Street && lacks("street") {
        return Some(error(field, "forms.address_without_street"));
    }
    let postcode = value.get("postcode")?.as_str()?;
    let well = postcode.len() == 6 && postcode.bytes().all(|byte| byte.is_ascii_digit());
    (!well).then(|| error(field, "forms.bad_postcode"))
}

/// Degrees with at most six places, metres, and an instant in universal time: `2026-11-23T01:30:00Z`.
pub(super) fn is_location(value: &Json) -> bool {
    let Some(parts) = value.as_object() else { return false };
    let number = |name: &str| parts.get(name).and_then(decimal).filter(|number| number.scale() <= MAX_SCALE);
    let within = |name: &str, from: i64, to: i64| {
        number(name).is_some_and(|number| number >= Decimal::from(from) && number <= Decimal::from(to))
    };
    parts.len() == LOCATION.len()
        && within("latitude", -90, 90)
        && within("longitude", -180, 180)
        && within("accuracy", 0, LEAST_EXACT)
        && parts.get("taken_at").and_then(Json::as_str).is_some_and(is_instant)
}

fn is_instant(text: &str) -> bool {
    let Some((date, time)) = text.strip_suffix('Z').and_then(|text| text.split_once('T')) else { return false };
    let parts: Vec<&str> = time.split(':').collect();
    let below = |part: &str, limit: u8| {
        part.len() == 2
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u8>().is_ok_and(|number| number < limit)
    };
    let well = matches!(parts[..], [hour, minute, second] if below(hour, 24) && below(minute, 60) && below(second, 60));
    well && read_date(date).is_some()
}
