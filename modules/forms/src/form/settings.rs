//! A field's settings: what each is where it was not told, and whether they make sense.

use rust_decimal::Decimal;

use super::{
    Choice, Field, FieldType, Granularity, MAX_COLUMNS, MAX_ITEMS, MAX_LONG_TEXT, MAX_OPTIONS, MAX_ROWS, MAX_SCALE,
    MAX_STARS, MAX_STEPS, MAX_TEXT, NUMBER_LIMIT, Problem, Register, Series, formats::is_pattern,
};
use crate::expr::{Type, Variable};

impl Field {
    /// Most characters.
    pub fn max_length(&self) -> u32 {
        self.max_length.unwrap_or(self.longest())
    }

    /// Digits after the point, where the field fixes them.
    pub fn scale(&self) -> Option<u32> {
        self.scale.or(match self.kind {
            FieldType::Money => Some(2),
            FieldType::Rating => Some(0),
            _ => None,
        })
    }

    pub fn granularity(&self) -> Granularity {
        self.granularity.unwrap_or_default()
    }

    /// The smallest number that is handed in.
    pub fn min(&self) -> Option<Decimal> {
        if self.kind == FieldType::Rating { Some(Decimal::ONE) } else { self.min }
    }

    /// The largest number that is handed in.
    pub fn max(&self) -> Option<Decimal> {
        if self.kind == FieldType::Rating { self.max.or(Some(Decimal::from(5))) } else { self.max }
    }

    /// All options, those of a cascade at every step.
    pub fn all_options(&self) -> Vec<&Choice> {
        let mut found: Vec<&Choice> = Vec::new();
        let mut open: Vec<&Choice> = self.options.iter().rev().collect();
        while let Some(next) = open.pop() {
            found.push(next);
            open.extend(next.options.iter().rev());
        }
        found
    }

    /// ISO 4217.
    pub fn currency(&self) -> &str {
        self.currency.as_deref().unwrap_or("CNY")
    }

    /// Most options, persons or files.
    pub fn max_count(&self) -> usize {
        let told = self.max_count.map(|count| count as usize);
        match self.kind {
            FieldType::Handwriting => 1,
            FieldType::Person
            | FieldType::Department
            | FieldType::Post
            | FieldType::Unit
            | FieldType::Case
            | FieldType::Record
                if !self.multiple =>
            {
                1
            }
            FieldType::Choices => told.unwrap_or(self.options.len()).min(self.options.len()),
            _ => told.unwrap_or(20),
        }
    }

    /// Fewest rows that are handed in. An optional table may have none at all.
    pub fn min_rows(&self) -> usize {
        self.min_rows.unwrap_or(0) as usize
    }

    /// Most rows.
    pub fn max_rows(&self) -> usize {
        self.max_rows.unwrap_or(100) as usize
    }

    /// As expressions see it. Its analysis takes a required field to be filled.
    pub(super) fn variable(&self) -> Variable {
        let all_options = self.all_options();
        let options = || all_options.iter().map(|option| option.id.as_str());
        let variable = match self.kind {
            FieldType::Text | FieldType::LongText | FieldType::Serial => Variable::of(Type::Text),
            FieldType::Switch => return Variable::of(Type::Bool).always(),
            FieldType::Choice => Variable::of(Type::Text).with_options(options()),
            FieldType::Choices => {
                Variable::of(Type::list(Type::Text)).with_options(options()).at_most(self.max_count())
            }
            FieldType::Cascade => Variable::of(Type::list(Type::Text)).with_options(options()).at_most(MAX_STEPS),
            FieldType::Number | FieldType::Money | FieldType::Rating => {
                Variable { min: self.min(), max: self.max(), scale: self.scale(), ..Variable::of(Type::Number) }
            }
            FieldType::Date => Variable::of(Type::Date),
            FieldType::Period => Variable::of(Type::Period),
            FieldType::Person => {
                Variable::of(Type::list(Type::Ref(crate::expr::RefKind::Person))).at_most(self.max_count())
            }
            FieldType::Attachment | FieldType::Image | FieldType::Handwriting => {
                Variable::of(Type::list(Type::File)).at_most(self.max_count())
            }
            FieldType::Department | FieldType::Post | FieldType::Unit | FieldType::Case | FieldType::Record => {
                Variable::of(Type::list(Type::Record)).at_most(self.max_count())
            }
            FieldType::Address | FieldType::Location | FieldType::Description => Variable::of(Type::Record),
            FieldType::Table => Variable::of(Type::list(Type::Row)).at_most(self.max_rows()),
        };
        Variable { nullable: !self.required || self.visible_when.is_some(), ..variable }
    }

    /// Its columns as expressions outside of it see them: all cells of one, as a list. What is a list already
    /// (choices, persons) is read in its row only.
    pub(super) fn column_variables(&self) -> impl Iterator<Item = (String, Variable)> {
        self.columns.iter().filter_map(|column| {
            let cell = column.variable();
            let of_list = matches!(cell.ty, Type::List(_));
            let variable = Variable {
                ty: Type::list(cell.ty),
                nullable: self.variable().nullable,
                options: cell.options,
                ..Variable::of(Type::Null)
            };
            (!of_list).then(|| (format!("form.{}.{}", self.id, column.id), variable.at_most(self.max_rows())))
        })
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
    if field.set.is_some() && field.computed.is_some() {
        refuse("set", "forms.set_and_computed");
    }
    if field.set_when.is_some() && field.set.is_none() {
        refuse("set_when", "forms.set_when_alone");
    }
    found.extend(number_problems(field));
    found.extend(option_problems(field));
    found.extend(table_problems(field));
    found.extend(problems_of_kind(field));
    found
}

/// What single types ask for.
fn problems_of_kind(field: &Field) -> Vec<Problem> {
    let mut found = Vec::new();
    if field.kind == FieldType::Serial && field.series.as_deref().and_then(Series::read).is_none() {
        let problem = Problem::of_field(field, "series", "forms.bad_series");
        let known = "{yyyy}, {yy}, {mm}, {dd}, {unit}, {department}";
        found.push(problem.with("example", "BX-{yyyy}-{seq:4}").with("known", known));
    }
    let mut refuse = |setting: &str, code: &str| found.push(Problem::of_field(field, setting, code));
    match field.kind {
        FieldType::Serial => {
            if field.visible_when.is_some() {
                refuse("visible_when", "forms.serial_hidden");
            }
        }
        FieldType::Rating => {
            let stars = field.max().unwrap_or_default();
            if !stars.fract().is_zero() || stars < Decimal::TWO || stars > Decimal::from(MAX_STARS) {
                refuse("max", "forms.bad_stars");
            }
        }
        FieldType::Description => {
            if field.text.as_ref().is_none_or(|text| text.zh.trim().is_empty()) {
                refuse("text", "forms.no_text");
            }
        }
        FieldType::Record => {
            let register = match &field.of {
                Some(Register::Flow(name) | Register::Kind(name)) => name.as_str(),
                None => "",
            };
            if register.trim().is_empty() {
                refuse("of", "forms.no_register");
            }
            if field.show.is_empty() {
                refuse("show", "forms.nothing_shown");
            }
            if field.multiple && !field.fill.is_empty() {
                refuse("fill", "forms.fill_of_several");
            }
        }
        FieldType::Cascade => {
            if steps(&field.options) > MAX_STEPS {
                refuse("options", "forms.too_many_steps");
            }
        }
        _ => {
            if field.options.iter().any(|option| !option.options.is_empty()) {
                refuse("options", "forms.nested_options");
            }
        }
    }
    found
}

/// How often is chosen, at most.
fn steps(options: &[Choice]) -> usize {
    options.iter().map(|option| 1 + steps(&option.options)).max().unwrap_or(0)
}

fn table_problems(field: &Field) -> Vec<Problem> {
    if field.kind != FieldType::Table {
        return Vec::new();
    }
    let mut found: Vec<Problem> =
        field.columns.iter().flat_map(problems).map(|problem| problem.in_table(field)).collect();
    let mut refuse = |setting: &str, code: &str| found.push(Problem::of_field(field, setting, code));
    if field.columns.is_empty() {
        refuse("columns", "forms.no_columns");
    }
    if field.columns.len() > MAX_COLUMNS {
        refuse("columns", "forms.too_many_columns");
    }
    if field.max_rows() == 0 || field.max_rows() > MAX_ROWS as usize || field.min_rows() > field.max_rows() {
        refuse(if field.max_rows.is_some() { "max_rows" } else { "min_rows" }, "forms.bad_rows");
    }
    for (index, column) in field.columns.iter().enumerate() {
        let mut refuse = |setting: &str, code: &str| {
            let problem = Problem::of_field(column, setting, code).with("name", column.id.as_str());
            found.push(problem.in_table(field));
        };
        match column.kind {
            // Who may choose and see them, what they fill and what they were called is kept of a field, not of a row.
            FieldType::Case | FieldType::Record => refuse("type", "forms.related_in_table"),
            kind if !fits_a_cell(kind) => refuse("type", "forms.not_in_table"),
            _ => {}
        }
        if field.columns[..index].iter().any(|before| before.id == column.id) {
            refuse("id", "forms.duplicate_id");
        }
    }
    found
}

/// A cell has room for a line.
fn fits_a_cell(kind: FieldType) -> bool {
    !matches!(
        kind,
        FieldType::Period
            | FieldType::Attachment
            | FieldType::Image
            | FieldType::Table
            | FieldType::Serial
            | FieldType::Description
            | FieldType::Address
            | FieldType::Location
            | FieldType::Handwriting
    )
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
    let mut found = conditions_of_nothing(field);
    let mut refuse = |code: &str, option: &str| {
        found.push(Problem::of_field(field, "options", code).with("option", option));
    };
    let all = field.all_options();
    if matches!(field.kind, FieldType::Choice | FieldType::Choices | FieldType::Cascade) && all.is_empty() {
        refuse("forms.no_options", "");
    }
    if all.len() > MAX_OPTIONS {
        refuse("forms.too_many_options", "");
    }
    for (index, option) in all.iter().enumerate() {
        if !is_option_id(&option.id) {
            refuse("forms.bad_option_id", &option.id);
        }
        if option.label.zh.trim().is_empty() {
            refuse("forms.no_option_label", &option.id);
        }
        if all[..index].iter().any(|before| before.id == option.id) {
            refuse("forms.duplicate_option", &option.id);
        }
    }
    found
}

/// Conditions on options that the field does not have.
fn conditions_of_nothing(field: &Field) -> Vec<Problem> {
    let all = field.all_options();
    let has = |id: &String| all.iter().any(|option| option.id == *id);
    let lost = field.options_when.keys().filter(|id| !field.options.is_empty() && !has(id));
    lost.map(|id| Problem::of_field(field, "options_when", "forms.no_such_option").with("option", id.as_str()))
        .collect()
}

/// Settings of other types.
fn misplaced(field: &Field) -> Vec<Problem> {
    use FieldType::*;
    let settings: [(&str, bool, &[FieldType]); 30] = [
        ("max_length", field.max_length.is_some(), &[Text, LongText]),
        ("format", field.format.is_some(), &[Text]),
        ("pattern", field.pattern.is_some(), &[Text]),
        ("min", field.min.is_some(), &[Number, Money]),
        ("max", field.max.is_some(), &[Number, Money, Rating]),
        ("scale", field.scale.is_some(), &[Number, Money]),
        ("unit", field.unit.is_some(), &[Number]),
        ("currency", field.currency.is_some(), &[Money]),
        ("earliest", field.earliest.is_some(), &[Date]),
        ("latest", field.latest.is_some(), &[Date]),
        ("granularity", field.granularity.is_some(), &[Period]),
        ("options", !field.options.is_empty(), &[Choice, Choices, Cascade]),
        ("options_when", !field.options_when.is_empty(), &[Choice, Choices, Cascade]),
        ("multiple", field.multiple, &[Person, Department, Post, Unit, Case, Record]),
        ("of", field.of.is_some(), &[Record]),
        ("show", !field.show.is_empty(), &[Record]),
        ("fill", !field.fill.is_empty(), &[Record]),
        ("grants_reading", field.grants_reading, &[Case]),
        ("among", field.among.is_some(), &[Unit]),
        (
            "max_count",
            field.max_count.is_some(),
            &[Choices, Person, Attachment, Image, Department, Post, Unit, Case, Record],
        ),
        ("text", field.text.is_some(), &[Description]),
        ("precision", field.precision.is_some(), &[Address]),
        ("hint", field.hint.is_some() && field.kind == Description, &[]),
        ("columns", !field.columns.is_empty(), &[Table]),
        ("min_rows", field.min_rows.is_some(), &[Table]),
        ("max_rows", field.max_rows.is_some(), &[Table]),
        ("series", field.series.is_some(), &[Serial]),
        ("indexed", field.indexed && matches!(field.kind, Table | Description | Address | Location | Handwriting), &[]),
        ("required", field.required && matches!(field.kind, Switch | Serial | Description), &[]),
        ("required_when", field.required_when.is_some() && matches!(field.kind, Switch | Serial | Description), &[]),
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
