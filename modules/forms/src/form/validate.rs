use hanlin_kernel::FieldError;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{
    CheckedForm, Choice, Facts, Field, FieldType, Form, MAX_BYTES, MAX_SCALE, NUMBER_LIMIT, Period, Right, Rights,
    Shape, Values,
    cells::writes_rows,
    check::Rules,
    formats::follows,
    places,
    values::{date, decimal, is_empty, misshapen, strings},
};
use crate::expr::Scope;

/// How strictly values are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Kept to go on later: of the right types and sizes, no more.
    Draft,
    /// Handed in: complete and within all limits (FORM-02, FORM-04).
    Submit,
}

impl CheckedForm {
    /// Everything wrong with the values, for somebody with these rights: he is asked to fill and mend only what he
    /// may write. Expects normal and computed values. `field` of an error is `values.<id>`, or `values` for all together.
    pub fn validate(&self, values: &Values, rights: &Rights, mode: Mode, facts: Facts) -> Vec<FieldError> {
        let mut errors = unknown(self.form(), values);
        errors.extend(too_big(values));
        for field in &self.form().fields {
            let right = rights.of(&field.id);
            match values.get(&field.id).filter(|value| !is_empty(Some(value))) {
                Some(value) if field.kind == FieldType::Table && writes_rows(field, rights) => {
                    errors.extend(self.wrong_rows(field, value, values, rights, mode, facts));
                }
                Some(value) if right.writes() || field.computed.is_some() || field.set.is_some() => {
                    let scope = self.scope(values, facts.initiator);
                    errors.extend(wrong(field, self.rules(field), value, mode, &scope));
                }
                None if mode == Mode::Submit && self.must_fill(field, right, values, facts) => {
                    errors.push(error(field, "forms.required"));
                }
                _ => {}
            }
        }
        errors
    }

    fn must_fill(&self, field: &Field, right: Right, values: &Values, facts: Facts) -> bool {
        right.writes()
            && !field.fills_itself()
            && field.kind != FieldType::Switch
            && self.holds(&self.rules(field).visible_when, values, facts.initiator)
            && (right == Right::Required || self.is_required(field, values, facts.initiator))
    }
}

pub(super) fn error(field: &Field, code: &str) -> FieldError {
    FieldError::new(format!("values.{}", field.id), code)
}

/// Keys that the form has no field for.
pub(super) fn unknown(form: &Form, values: &Values) -> Vec<FieldError> {
    let strangers = values.keys().filter(|id| form.field(id).is_none());
    strangers.map(|id| FieldError::new("values", "forms.unknown_field").with("name", id.as_str())).collect()
}

fn too_big(values: &Values) -> Option<FieldError> {
    let bytes = serde_json::to_string(values).map_or(usize::MAX, |text| text.len());
    (bytes > MAX_BYTES).then(|| FieldError::new("values", "forms.too_big").with("limit", MAX_BYTES))
}

/// The first thing wrong with a value that is there.
pub(super) fn wrong(field: &Field, rules: &Rules, value: &Json, mode: Mode, scope: &dyn Scope) -> Option<FieldError> {
    if let Some(code) = misshapen(field, value) {
        return Some(error(field, code));
    }
    let in_form = too_large(field, value);
    if mode == Mode::Draft {
        return in_form;
    }
    in_form.or_else(|| not_offered(field, rules, value, scope)).or_else(|| out_of_bounds(field, value))
}

/// An option that other fields do not let one choose now.
fn not_offered(field: &Field, rules: &Rules, value: &Json, scope: &dyn Scope) -> Option<FieldError> {
    if rules.options_when.is_empty() {
        return None;
    }
    let chosen = value.as_str().map(|one| vec![one]).or_else(|| strings(value))?;
    let all = field.all_options();
    let offered = |id: &&str| all.iter().any(|option| option.id == **id && is_offered(option, rules, scope));
    (!chosen.iter().all(offered)).then(|| error(field, "forms.option_not_offered"))
}

/// Does its condition hold, and leads it somewhere? A step of a cascade below which nothing can be chosen cannot either.
fn is_offered(option: &Choice, rules: &Rules, scope: &dyn Scope) -> bool {
    let holds = rules.options_when.get(&option.id).is_none_or(|condition| condition.holds(scope));
    holds && (option.options.is_empty() || option.options.iter().any(|below| is_offered(below, rules, scope)))
}

/// Limits of storage: they hold for drafts too.
fn too_large(field: &Field, value: &Json) -> Option<FieldError> {
    match field.kind.shape() {
        Shape::Text => {
            let (length, limit) = (value.as_str()?.chars().count(), field.max_length() as usize);
            (length > limit).then(|| error(field, "forms.too_long").with("limit", limit).with("length", length))
        }
        Shape::Number => {
            let number = decimal(value)?;
            let places = field.scale().unwrap_or(MAX_SCALE);
            if number.abs() >= Decimal::from(NUMBER_LIMIT) {
                return Some(error(field, "forms.too_many_digits").with("limit", NUMBER_LIMIT.to_string()));
            }
            (number.scale() > places).then(|| error(field, "forms.too_precise").with("limit", places))
        }
        Shape::Option => unknown_option(field, &[value.as_str()?]),
        Shape::Options if field.kind == FieldType::Cascade => unknown_step(field, &strings(value)?),
        Shape::Options => {
            let chosen = strings(value)?;
            unknown_option(field, &chosen).or_else(|| too_many(field, chosen.len()))
        }
        Shape::Ids(_) => too_many(field, strings(value)?.len()),
        Shape::Address => places::too_long_address(field, value),
        Shape::Date | Shape::Period | Shape::Rows | Shape::Switch | Shape::Nothing | Shape::Location => None,
    }
}

fn unknown_option(field: &Field, chosen: &[&str]) -> Option<FieldError> {
    let stranger = chosen.iter().find(|id| !field.options.iter().any(|option| option.id == **id))?;
    Some(error(field, "forms.unknown_option").with("option", *stranger))
}

/// The first step of a cascade that does not lie below the one before.
fn unknown_step(field: &Field, way: &[&str]) -> Option<FieldError> {
    let mut options = &field.options;
    for id in way {
        match options.iter().find(|option| option.id == **id) {
            Some(option) => options = &option.options,
            None => return Some(error(field, "forms.unknown_option").with("option", *id)),
        }
    }
    None
}

/// More could be chosen below.
fn stops_early(field: &Field, way: &[&str]) -> bool {
    let last = way.last().and_then(|last| field.all_options().into_iter().find(|option| option.id == *last));
    last.is_some_and(|option| !option.options.is_empty())
}

fn too_many(field: &Field, count: usize) -> Option<FieldError> {
    let limit = field.max_count();
    (count > limit).then(|| error(field, "forms.too_many").with("limit", limit).with("count", count))
}

/// Limits of the matter: they hold for what is handed in.
fn out_of_bounds(field: &Field, value: &Json) -> Option<FieldError> {
    match field.kind {
        FieldType::Text => badly_written(field, value.as_str()?),
        FieldType::Address => places::wrong_address(field, value),
        FieldType::Cascade => stops_early(field, &strings(value)?).then(|| error(field, "forms.choose_further")),
        FieldType::Number | FieldType::Money | FieldType::Rating => {
            let number = decimal(value)?;
            let below = field.min().filter(|min| number < *min).map(|min| ("forms.too_small", min));
            let above = field.max().filter(|max| number > *max).map(|max| ("forms.too_large", max));
            below.or(above).map(|(code, limit)| error(field, code).with("limit", limit.normalize().to_string()))
        }
        FieldType::Date => {
            let date = date(value)?;
            let before = field.earliest.filter(|earliest| date < *earliest).map(|limit| ("forms.too_early", limit));
            let after = field.latest.filter(|latest| date > *latest).map(|limit| ("forms.too_late", limit));
            before.or(after).map(|(code, limit)| error(field, code).with("limit", limit.to_string()))
        }
        FieldType::Period => {
            Period::of(field, value).filter(Period::is_reversed).map(|_| error(field, "forms.period_reversed"))
        }
        _ => None,
    }
}

fn badly_written(field: &Field, text: &str) -> Option<FieldError> {
    if let Some(format) = field.format.filter(|format| !format.accepts(text)) {
        return Some(error(field, format.code()));
    }
    let pattern = field.pattern.as_deref().filter(|pattern| !follows(pattern, text))?;
    Some(error(field, "forms.wrong_pattern").with("pattern", pattern))
}
