//! 带入: a field takes what a related record has, when the record is chosen; by the same rule as what is set by others.

use serde_json::Value as Json;

use super::{
    CheckedForm, Facts, Field, FieldType, Form, Problem, Values, check::Fill, normalise::normal, values::is_empty,
};

/// Can a field of this kind be filled so? Not with what belongs to the case where it stands, nor with a choice of its own.
pub(super) fn can_be_filled(kind: FieldType) -> bool {
    use FieldType as Of;
    matches!(
        kind,
        Of::Text
            | Of::LongText
            | Of::Number
            | Of::Money
            | Of::Rating
            | Of::Date
            | Of::Switch
            | Of::Choice
            | Of::Choices
            | Of::Person
            | Of::Department
            | Of::Post
            | Of::Unit
            | Of::Address
    )
}

/// Does a field take what stands in a field like this one?
pub fn takes(field: &Field, theirs: &Field) -> bool {
    use FieldType as Of;
    match (field.kind, theirs.kind) {
        (Of::Text | Of::LongText, Of::Text | Of::LongText | Of::Serial) => true,
        (Of::Number | Of::Money | Of::Rating, Of::Number | Of::Money | Of::Rating) => true,
        (Of::Choice | Of::Choices, _) => {
            let has = |id: &str| field.options.iter().any(|option| option.id == id);
            field.kind == theirs.kind && theirs.options.iter().all(|option| has(&option.id))
        }
        (own, other) => own == other && can_be_filled(own),
    }
}

/// What is wrong with what related records fill.
pub(super) fn problems(form: &Form) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut filled: Vec<&str> = Vec::new();
    for field in &form.fields {
        for own in field.fill.keys() {
            let code = match form.field(own) {
                None => Some("forms.fill_unknown"),
                Some(own) if !can_be_filled(own.kind) => Some("forms.not_fillable"),
                Some(own) if own.computed.is_some() || own.set.is_some() => Some("forms.fill_and_set"),
                Some(_) if filled.contains(&own.as_str()) => Some("forms.filled_twice"),
                Some(_) => None,
            };
            filled.push(own);
            let place = format!("fill.{own}");
            found.extend(code.map(|code| Problem::of_field(field, &place, code).with("name", own.as_str())));
        }
    }
    found
}

/// Which field fills this one, and with what of it.
pub(super) fn of(form: &Form, field: &Field) -> Option<Fill> {
    form.fields.iter().find_map(|record| {
        let theirs = record.fill.get(&field.id)?.clone();
        Some(Fill { record: record.id.clone(), theirs })
    })
}

impl CheckedForm {
    /// What the record that is chosen has for this field. Nothing: none is chosen, or it has nothing there.
    pub(super) fn filled(&self, field: &Field, fill: &Fill, values: &Values, facts: Facts) -> Option<Json> {
        let record = self.form().field(&fill.record)?;
        let id = values.get(&fill.record)?.as_array()?.first()?.as_str()?;
        let value = normal(field, facts.records.value(record, id, &fill.theirs)?);
        (!is_empty(Some(&value))).then_some(value)
    }

    /// Is the record that is chosen known? What is not known fills nothing, and empties nothing.
    pub(super) fn knows_record(&self, fill: &Fill, values: &Values, facts: Facts) -> bool {
        let chosen =
            values.get(&fill.record).and_then(Json::as_array).and_then(|ids| ids.first()).and_then(Json::as_str);
        match (chosen, self.form().field(&fill.record)) {
            (Some(id), Some(record)) => facts.records.knows(record, id),
            _ => true,
        }
    }
}
