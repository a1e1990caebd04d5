use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{CheckedForm, Field, FieldType, Form, MAX_SCALE, Period, Since, Values, normalise::with_places, table};
use crate::expr::{Checked, Scope, Type, Value};

/// Working time, from the initiator's calendar.
pub trait Durations {
    /// Working days and hours in a period. `None`: the calendar cannot tell (it does not reach that far).
    fn between(&self, period: &Period) -> Option<(Decimal, Decimal)>;
}

/// What related records have that fill other fields.
pub trait Records {
    /// Is this record of that field known?
    fn knows(&self, field: &Field, id: &str) -> bool;

    /// What it has under this name of its register.
    fn value(&self, field: &Field, id: &str, name: &str) -> Option<&Json>;
}

/// Where none is known: nothing is filled by one.
pub struct NoRecords;

impl Records for NoRecords {
    fn knows(&self, _field: &Field, _id: &str) -> bool {
        false
    }

    fn value(&self, _field: &Field, _id: &str, _name: &str) -> Option<&Json> {
        None
    }
}

/// What a form's rules read that is not in the form.
#[derive(Clone, Copy)]
pub struct Facts<'f> {
    pub initiator: &'f Initiator,
    pub durations: &'f dyn Durations,
    pub records: &'f dyn Records,
}

/// Whoever starts the case, under the appointment he acts in (FLOW-36): what `initiator.…` reads.
/// Things of the organisation by their codes, the person by his id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initiator {
    pub person: String,
    pub name: String,
    pub unit: String,
    pub department: String,
    pub post: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_level: Option<i64>,
}

/// Values of a form and facts of its initiator, for expressions to read. Absent values are null, absent lists empty.
#[derive(Clone, Copy)]
pub struct FormScope<'s> {
    pub form: &'s CheckedForm,
    pub values: &'s Values,
    pub initiator: &'s Initiator,
}

impl Scope for FormScope<'_> {
    fn get(&self, path: &str) -> Value {
        if let Some(what) = path.strip_prefix("initiator.") {
            return self.initiator.get(what);
        }
        match (path.strip_prefix("form."), self.form.env().get(path)) {
            (Some(id), Some(variable)) => match id.split_once('.') {
                Some((table, column)) => {
                    Value::from_json(&variable.ty, Some(&table::cells(self.values.get(table), column)))
                }
                None => read(&variable.ty, self.values.get(id)),
            },
            _ => Value::Null,
        }
    }
}

/// What stands in a field. A switch that nobody touched is off.
pub(super) fn read(ty: &Type, json: Option<&Json>) -> Value {
    match (ty, json) {
        (Type::Bool, None) => Value::Bool(false),
        _ => Value::from_json(ty, json),
    }
}

impl Initiator {
    fn get(&self, what: &str) -> Value {
        let filled = |text: &str| if text.is_empty() { Value::Null } else { Value::text(text) };
        match what {
            "person" => filled(&self.person),
            "name" => filled(&self.name),
            "unit" => filled(&self.unit),
            "department" => filled(&self.department),
            "post" => filled(&self.post),
            "rank" => self.rank.as_deref().map_or(Value::Null, filled),
            "rank_level" => self.rank_level.map_or(Value::Null, |level| Value::Number(level.into())),
            _ => Value::Null,
        }
    }
}

impl CheckedForm {
    pub fn scope<'s>(&'s self, values: &'s Values, initiator: &'s Initiator) -> FormScope<'s> {
        FormScope { form: self, values, initiator }
    }

    /// Takes out what is not part of the form (`visible_when`), asks the calendar for periods, computes computed fields.
    /// Expects normal values and gives normal values.
    pub fn compute(&self, values: &Values, facts: Facts) -> Values {
        self.derive(values, None, facts)
    }

    /// The same of values that were changed, with what is set by others (联动).
    pub fn follow(&self, values: &Values, since: Since, facts: Facts) -> Values {
        self.derive(values, Some(since), facts)
    }

    fn derive(&self, values: &Values, since: Option<Since>, facts: Facts) -> Values {
        let mut values = values.clone();
        for field in self.in_order() {
            let rules = self.rules(field);
            if !self.holds(&rules.visible_when, &values, facts.initiator) {
                values.remove(&field.id);
            } else if let Some(computed) = &rules.computed {
                let value = computed.eval(&self.scope(&values, facts.initiator));
                put(&mut values, &field.id, as_value(field, &value));
            } else if let Some(set) = &rules.set {
                if since.is_some_and(|since| self.is_due(field, &values, since, facts.initiator)) {
                    let value = set.eval(&self.scope(&values, facts.initiator));
                    put(&mut values, &field.id, as_value(field, &value));
                }
            } else if let Some(fill) = &rules.fill {
                let is_due = |since| self.is_due(field, &values, since, facts.initiator);
                if since.is_some_and(is_due) && self.knows_record(fill, &values, facts) {
                    let value = self.filled(field, fill, &values, facts);
                    put(&mut values, &field.id, value);
                }
            } else if field.kind == FieldType::Period {
                let measured = values.get(&field.id).and_then(|value| measured(field, value, facts.durations));
                measured.into_iter().for_each(|period| put(&mut values, &field.id, Some(period)));
            } else if field.kind == FieldType::Table {
                let computed = self.compute_rows(field, &values, since, facts.initiator);
                computed.into_iter().for_each(|rows| put(&mut values, &field.id, Some(rows)));
            }
        }
        values
    }

    /// The fields that are part of the form with these values. Expects computed values.
    pub fn visible(&self, values: &Values, initiator: &Initiator) -> BTreeSet<&str> {
        let shown = |field: &&Field| self.holds(&self.rules(field).visible_when, values, initiator);
        self.form().fields.iter().filter(shown).map(|field| field.id.as_str()).collect()
    }

    /// Must the field be filled in, by whoever may write it? Expects computed values.
    pub fn is_required(&self, field: &Field, values: &Values, initiator: &Initiator) -> bool {
        field.required
            || self.rules(field).required_when.is_some() && {
                self.holds(&self.rules(field).required_when, values, initiator)
            }
    }

    /// Values of fields marked "indexed", typed, for rows that are filtered and summed. Nothing of empty fields.
    pub fn indexed<'s>(&'s self, values: &'s Values) -> impl Iterator<Item = (&'s Field, Value)> {
        let fields = self.form().fields.iter().filter(|field| field.indexed);
        fields.filter_map(|field| {
            let variable = self.env().get(&format!("form.{}", field.id))?;
            Some((field, Value::from_json(&variable.ty, Some(values.get(&field.id)?))))
        })
    }

    /// A condition that is not there holds.
    pub(super) fn holds(&self, condition: &Option<Checked>, values: &Values, initiator: &Initiator) -> bool {
        condition.as_ref().is_none_or(|condition| condition.holds(&self.scope(values, initiator)))
    }
}

impl Form {
    /// The field that a variable path reads: `amount` of `form.amount`, `items` of `form.items.price`, nothing of
    /// `initiator.unit`.
    pub fn field_of_path<'p>(&self, path: &'p str) -> Option<&'p str> {
        let id = path.strip_prefix("form.")?.split('.').next()?;
        self.field(id).is_some().then_some(id)
    }
}

pub(super) fn put(values: &mut Values, id: &str, value: Option<Json>) {
    match value {
        Some(value) => values.insert(id.to_owned(), value),
        None => values.remove(id),
    };
}

/// What an expression gave, as the field writes it: numbers rounded to its places. Nothing where it has no value.
pub(super) fn as_value(field: &Field, value: &Value) -> Option<Json> {
    match value {
        Value::Null => None,
        Value::Text(text) if text.is_empty() => None,
        Value::Number(number) => {
            let places = field.scale().unwrap_or(MAX_SCALE);
            let rounded = crate::expr::round(*number, places)?;
            Some(Json::String(with_places(rounded.to_string(), field.scale().unwrap_or(0))))
        }
        other => Some(other.to_json()),
    }
}

/// The period with the working time in it.
fn measured(field: &Field, value: &Json, durations: &dyn Durations) -> Option<Json> {
    let period = Period::of(field, value)?;
    let mut object = Map::new();
    object.insert("from".into(), period.from.to_json());
    object.insert("to".into(), period.to.to_json());
    if let Some((days, hours)) = if period.is_reversed() { None } else { durations.between(&period) } {
        object.insert("days".into(), days.normalize().to_string().into());
        object.insert("hours".into(), hours.normalize().to_string().into());
    }
    Some(Json::Object(object))
}
