//! Forms with everything that a form can have.

use hanlin_forms::form::{Cell, Choice, Field, FieldType, Form, Format, Granularity, Layout, Register};
use proptest::{collection, option, prelude::*, sample::select};
use serde_json::{Value, json};

use super::roundtrip::{any_code, any_name, any_text};

fn any_field() -> impl Strategy<Value = Field> {
    use FieldType::*;
    let kinds = vec![
        Text, LongText, Number, Money, Date, Period, Choice, Choices, Person, Attachment, Switch, Rating, Image,
        Cascade, Serial, Department, Post, Unit, Address, Location, Case, Record,
    ];
    let kind = select([kinds, vec![Description, Handwriting]].concat());
    let option = (any_code(), any_name()).prop_map(|(id, label)| self::Choice { id, label, options: Vec::new() });
    let decimal =
        option::of((-99_999i64..99_999, 0u32..4).prop_map(|(digits, scale)| rust_decimal::Decimal::new(digits, scale)));
    let date = option::of((2000i16..2030, 1i8..13, 1i8..29).prop_map(|(y, m, d)| jiff::civil::date(y, m, d)));
    (
        (any_name(), kind, any::<[bool; 3]>(), option::of(any_text()), option::of(any_text()), option::of(any_text())),
        (option::of(any_name()), option::of(0u32..99), option::of(any_text()), decimal.clone(), decimal, date.clone()),
        (date, collection::vec(option, 0..3), option::of(any_name()), option::of(any_text()), option::of(0u32..9)),
        (
            option::of(select(vec![
                Format::Mobile,
                Format::Email,
                Format::Phone,
                Format::IdNumber,
                Format::Digits,
                Format::Letters,
            ])),
            option::of(select(vec![Granularity::Day, Granularity::HalfDay, Granularity::Hour])),
        ),
    )
        .prop_map(|(a, b, c, d)| {
            let (label, kind, [required, indexed, multiple], required_when, visible_when, computed) = a;
            let (hint, max_length, pattern, min, max, earliest) = b;
            let (latest, mut options, unit, currency, scale) = c;
            let (format, granularity) = d;
            options.dedup_by(|one, other| one.id == other.id);
            let mut seen = std::collections::BTreeSet::new();
            let pattern_of = pattern.clone();
            options.retain(|option| seen.insert(option.id.clone()));
            if let (Cascade, [first, below @ ..]) = (kind, options.as_mut_slice()) {
                first.options = below.to_vec();
            }
            let conditions =
                visible_when.iter().flat_map(|when| options.first().map(|one| (one.id.clone(), when.clone())));
            let options_when = conditions.collect();
            let (set, set_when) = (computed.clone(), visible_when.clone());
            Field {
                id: String::new(),
                label,
                kind,
                required,
                required_when,
                visible_when,
                computed,
                set,
                set_when,
                hint,
                indexed,
                max_length,
                format,
                pattern,
                min,
                max,
                scale,
                unit,
                currency,
                earliest,
                latest,
                granularity,
                options,
                options_when,
                multiple,
                max_count: max_length,
                series: pattern_of,
                text: (kind == Description).then(|| hanlin_kernel::Text::zh("说明")),
                grants_reading: kind == Case,
                of: (kind == Record).then(|| match multiple {
                    true => Register::Flow("suppliers".to_owned()),
                    false => Register::Kind("structure_order".to_owned()),
                }),
                show: if kind == Record { vec!["name".to_owned()] } else { Vec::new() },
                fill: (kind == Record && required).then(|| ("f0".to_owned(), "name".to_owned())).into_iter().collect(),
                precision: (kind == Address).then_some(hanlin_forms::form::Precision::City),
                among: (kind == Unit).then_some(hanlin_forms::form::Origin::External),
                ..Field::default()
            }
        })
}

fn any_cell() -> impl Strategy<Value = Cell> {
    let span = option::of(1u8..5).boxed();
    prop_oneof![
        (any_code(), span.clone()).prop_map(|(field, span)| Cell::Field { field, span }),
        (any_name(), span.clone()).prop_map(|(text, span)| Cell::Text { text, span }),
        (any_code(), any_name(), span).prop_map(|(opinions, label, span)| Cell::Opinions { opinions, label, span }),
    ]
}

pub(super) fn any_form() -> impl Strategy<Value = Form> {
    (
        collection::vec((any_field(), option::of(collection::vec(any_field(), 1..3))), 0..4),
        1u8..7,
        collection::vec(collection::vec(any_cell(), 0..4), 0..4),
        option::of(any_name()),
    )
        .prop_map(|(fields, columns, rows, declaration)| {
            let named = |(index, (mut field, columns)): (usize, (Field, Option<Vec<Field>>))| {
                field.id = format!("f{index}");
                if let Some(columns) = columns {
                    field.kind = FieldType::Table;
                    (field.min_rows, field.max_rows) = (field.scale, field.max_length);
                    let column = |(index, column)| Field { id: format!("c{index}"), ..column };
                    field.columns = columns.into_iter().enumerate().map(column).collect();
                }
                field
            };
            let fields = fields.into_iter().enumerate().map(named).collect();
            Form { fields, layout: Layout { columns, rows }, declaration }
        })
}

/// A value of the field's type, as a package has it.
pub(super) fn value_of(field: &Field, text: &str) -> Value {
    use FieldType::*;
    match field.kind {
        Choices | Person | Attachment | Image | Cascade | Department | Post | Unit | Case | Record | Handwriting => {
            json!([text, "b"])
        }
        FieldType::Address | FieldType::Location => json!({ "city": text }),
        FieldType::Switch => json!(true),
        FieldType::Table => {
            let cells = field.columns.iter().map(|column| (column.id.clone(), value_of(column, text)));
            json!([Value::Object(cells.collect()), {}])
        }
        FieldType::Period => json!({ "from": { "date": "2026-11-23", "half": "am" }, "to": { "date": "2026-11-24" } }),
        FieldType::Date => json!("2026-11-23"),
        _ => json!(text),
    }
}
