//! A field's settings: what each is where it was not told, and whether they make sense.

use rust_decimal::Decimal;

use super::{
    Field, FieldType, Granularity, MAX_ITEMS, MAX_LONG_TEXT, MAX_OPTIONS, MAX_SCALE, MAX_TEXT, NUMBER_LIMIT, Problem,
    formats::is_pattern,
};
use crate::expr::{Type, Variable};

impl Field {
    /// Most characters.
    pub fn max_length(&self) -> u32 {
        self.max_length.unwrap_or(self.longest())
    }

    /// Digits after the point, where the field fixes them.
    pub fn scale(&self) -> Option<u32> {
        self.scale.or((self.kind == FieldType::Money).then_some(2))
    }

    pub fn granularity(&self) -> Granularity {
        self.granularity.unwrap_or_default()
    }

    /// ISO 4217.
    pub fn currency(&self) -> &str {
        self.currency.as_deref().unwrap_or("CNY")
    }

    /// Most options, persons or files.
    pub fn max_count(&self) -> usize {
        let told = self.max_count.map(|count| count as usize);
        match self.kind {
            FieldType::Person if !self.multiple => 1,
            FieldType::Choices => told.unwrap_or(self.options.len()).min(self.options.len()),
            _ => told.unwrap_or(20),
        }
    }

    /// As expressions see it. Its analysis takes a required field to be filled.
    pub(super) fn variable(&self) -> Variable {
        let options = || self.options.iter().map(|option| option.id.as_str());
        let variable = match self.kind {
            FieldType::Text | FieldType::LongText => Variable::of(Type::Text),
            FieldType::Choice => Variable::of(Type::Text).with_options(options()),
            FieldType::Choices => {
                Variable::of(Type::list(Type::Text)).with_options(options()).at_most(self.max_count())
            }
            FieldType::Number | FieldType::Money => {
                Variable { min: self.min, max: self.max, scale: self.scale(), ..Variable::of(Type::Number) }
            }
            FieldType::Date => Variable::of(Type::Date),
            FieldType::Period => Variable::of(Type::Period),
            FieldType::Person => {
                Variable::of(Type::list(Type::Ref(crate::expr::RefKind::Person))).at_most(self.max_count())
            }
            FieldType::Attachment => Variable::of(Type::list(Type::File)).at_most(self.max_count()),
        };
        Variable { nullable: !self.required || self.visible_when.is_some(), ..variable }
    }

    fn longest(&self) -> u32 {
        if self.kind == FieldType::LongText { MAX_LONG_TEXT } else { MAX_TEXT }
    }
}

/// Everything wrong with one field that can be seen from the field alone.
pub(super) fn problems(field: &Field) -> Vec<Problem> {
    let mut found = misplaced(field);
    let mut refuse = |setting: &str, code: &str| found.push(Problem::of_field(field, setting, code));
    if !is_id(&field.id) {
        refuse("id", "forms.bad_id");
    }
    if field.label.zh.trim().is_empty() {
        refuse("label", "forms.no_label");
    }
    if field.max_length.is_some_and(|length| length == 0 || length > field.longest()) {
        refuse("max_length", "forms.bad_max_length");
    }
    if field.pattern.as_deref().is_some_and(|pattern| !is_pattern(pattern)) {
        refuse("pattern", "forms.bad_pattern");
    }
    if field
        .currency
        .as_deref()
        .is_some_and(|code| code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        refuse("currency", "forms.bad_currency");
    }
    if field.max_count.is_some_and(|count| count == 0 || count > MAX_ITEMS) {
        refuse("max_count", "forms.bad_max_count");
    }
    if matches!((field.earliest, field.latest), (Some(earliest), Some(latest)) if earliest > latest) {
        refuse("latest", "forms.bounds_reversed");
    }
    if field.computed.is_some() && (field.required || field.required_when.is_some()) {
        refuse("computed", "forms.computed_and_required");
    }
    found.extend(number_problems(field));
    found.extend(option_problems(field));
    found
}

fn number_problems(field: &Field) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut refuse = |setting: &str, code: &str| found.push(Problem::of_field(field, setting, code));
    if field.scale.is_some_and(|scale| scale > MAX_SCALE) {
        refuse("scale", "forms.bad_scale");
    }
    for (setting, bound) in [("min", field.min), ("max", field.max)] {
        let Some(bound) = bound else { continue };
        if bound.abs() >= Decimal::from(NUMBER_LIMIT) {
            refuse(setting, "forms.bound_too_large");
        }
        if field.scale().is_some_and(|scale| bound.normalize().scale() > scale) {
            refuse(setting, "forms.bound_too_precise");
        }
    }
    if matches!((field.min, field.max), (Some(min), Some(max)) if min > max) {
        refuse("max", "forms.bounds_reversed");
    }
    found
}

fn option_problems(field: &Field) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut refuse = |code: &str, option: &str| {
        found.push(Problem::of_field(field, "options", code).with("option", option));
    };
    if matches!(field.kind, FieldType::Choice | FieldType::Choices) && field.options.is_empty() {
        refuse("forms.no_options", "");
    }
    if field.options.len() > MAX_OPTIONS {
        refuse("forms.too_many_options", "");
    }
    for (index, option) in field.options.iter().enumerate() {
        if !is_option_id(&option.id) {
            refuse("forms.bad_option_id", &option.id);
        }
        if option.label.zh.trim().is_empty() {
            refuse("forms.no_option_label", &option.id);
        }
        if field.options[..index].iter().any(|before| before.id == option.id) {
            refuse("forms.duplicate_option", &option.id);
        }
    }
    found
}

/// Settings of other types.
fn misplaced(field: &Field) -> Vec<Problem> {
    use FieldType::*;
    let settings: [(&str, bool, &[FieldType]); 14] = [
        ("max_length", field.max_length.is_some(), &[Text, LongText]),
        ("format", field.format.is_some(), &[Text]),
        ("pattern", field.pattern.is_some(), &[Text]),
        ("min", field.min.is_some(), &[Number, Money]),
        ("max", field.max.is_some(), &[Number, Money]),
        ("scale", field.scale.is_some(), &[Number, Money]),
        ("unit", field.unit.is_some(), &[Number]),
        ("currency", field.currency.is_some(), &[Money]),
        ("earliest", field.earliest.is_some(), &[Date]),
        ("latest", field.latest.is_some(), &[Date]),
        ("granularity", field.granularity.is_some(), &[Period]),
        ("options", !field.options.is_empty(), &[Choice, Choices]),
        ("multiple", field.multiple, &[Person]),
        ("max_count", field.max_count.is_some(), &[Choices, Person, Attachment]),
    ];
    let wrong = settings.into_iter().filter(|(_, told, types)| *told && !types.contains(&field.kind));
    wrong
        .map(|(setting, ..)| Problem::of_field(field, setting, "forms.misplaced_setting").with("setting", setting))
        .collect()
}

/// Names that expressions can write: a small letter, then small letters, digits and `_`, at most 40.
pub(super) fn is_id(text: &str) -> bool {
    let words = ["true", "false", "null", "in", "and", "or", "not"];
    text.starts_with(|letter: char| letter.is_ascii_lowercase())
        && text.len() <= 40
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !words.contains(&text)
}

fn is_option_id(text: &str) -> bool {
    (1..=60).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}
