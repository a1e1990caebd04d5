//! The seam to forms: what the engine needs of them, in one place.

use std::collections::BTreeSet;

use hanlin_forms::{
    expr::{Checked, Foreseen, Scope, Value},
    form::{Durations, Facts as FormFacts, Field, FieldType, Mode, Period, Records, Series, Since},
};
use hanlin_kernel::{FieldError, PersonId};
use jiff::civil::Date;
use rust_decimal::Decimal;

pub use hanlin_forms::form::{Declaration, Form, Initiator as Described, Right, Rights};

use super::{
    case::{Case, Values},
    checked::CheckedFlow,
    facts::{Facts, Initiator},
    model::FieldId,
    refusal::Refusal,
};

/// What a condition says.
pub(crate) enum Answer {
    True,
    /// False or null.
    NotTrue,
    DependsOn(BTreeSet<FieldId>),
}

/// The working calendar of the initiator, as forms ask it.
struct Calendar<'f> {
    facts: &'f dyn Facts,
    initiator: &'f Initiator,
}

impl Records for Calendar<'_> {
    fn knows(&self, _field: &Field, id: &str) -> bool {
        self.facts.record(id).is_some()
    }

    fn value(&self, _field: &Field, id: &str, name: &str) -> Option<&serde_json::Value> {
        self.facts.record(id)?.get(name)
    }
}

impl Durations for Calendar<'_> {
    fn between(&self, period: &Period) -> Option<(Decimal, Decimal)> {
        self.facts.working_time(period, self.initiator).map(|time| (time.days, time.hours))
    }
}

/// What a condition says about this case, while `undecided` fields may still take any value. What it read is put
/// into `read`, by its path.
pub(crate) fn condition(
    flow: &CheckedFlow,
    case: &Case,
    condition: &Checked,
    undecided: &dyn Fn(&str) -> bool,
    read: &mut Values,
) -> Answer {
    let form = flow.form();
    let scope = form.scope(&case.values, &case.initiator.described);
    for path in condition.depends_on() {
        let value = match path.strip_prefix("form.").filter(|id| form.form().field(id).is_some()) {
            Some(field) => case.values.get(field).cloned().unwrap_or_default(),
            // Of the initiator, or all cells of a table's column.
            None => scope.get(path).to_json(),
        };
        read.insert(path.clone(), value);
    }
    let field = |path: &str| form.form().field_of_path(path).map(str::to_owned);
    match condition.foresee(&scope, &|path| field(path).is_some_and(|field| undecided(&field))) {
        Foreseen::Value(Value::Bool(true)) => Answer::True,
        Foreseen::Value(_) => Answer::NotTrue,
        Foreseen::DependsOn(paths) => Answer::DependsOn(paths.iter().filter_map(|path| field(path)).collect()),
    }
}

/// The case's values with what someone fills in, within his rights; refused where it is wrong or incomplete.
pub(crate) fn fill(
    flow: &CheckedFlow,
    case: &Case,
    patch: &Values,
    rights: &Rights,
    facts: &dyn Facts,
) -> Result<Values, Refusal> {
    let calendar = Calendar { facts, initiator: &case.initiator };
    let facts = FormFacts { initiator: &case.initiator.described, durations: &calendar, records: &calendar };
    flow.form()
        .accept(&case.values, patch, rights, Mode::Submit, facts)
        .map_err(|fields| Refusal::InvalidValues { fields })
}

/// The case's values with what came from elsewhere; refused where that does not fit the form.
pub(crate) fn take_over(
    flow: &CheckedFlow,
    case: &Case,
    patch: &Values,
    rights: &Rights,
    facts: &dyn Facts,
) -> Result<Values, Vec<FieldError>> {
    let calendar = Calendar { facts, initiator: &case.initiator };
    let facts = FormFacts { initiator: &case.initiator.described, durations: &calendar, records: &calendar };
    // What others still have to fill in is not asked for now.
    flow.form().accept(&case.values, patch, rights, Mode::Draft, facts)
}

/// Values that are not handed in yet, as the form would take them: computed, but not checked.
pub(crate) fn foresee(flow: &CheckedFlow, initiator: &Initiator, values: &Values, facts: &dyn Facts) -> Values {
    let calendar = Calendar { facts, initiator };
    let facts = FormFacts { initiator: &initiator.described, durations: &calendar, records: &calendar };
    let since = Since { before: None, sent: values };
    flow.form().follow(&flow.form().normalise(values), since, facts)
}

/// Fields whose values are not known yet: empty ones that may still be filled in, and what is computed from such fields
/// or shown by them. A field that is not part of the form with these values is known to be empty.
pub(crate) fn undecided(
    flow: &CheckedFlow,
    initiator: &Initiator,
    values: &Values,
    may_be_filled: &dyn Fn(&str) -> bool,
) -> BTreeSet<FieldId> {
    let form = flow.form();
    let visible = form.visible(values, &initiator.described);
    let mut undecided = BTreeSet::new();
    loop {
        let before = undecided.len();
        for field in &form.form().fields {
            let depends = flow.depends_on(&field.id).iter().any(|other| undecided.contains(other));
            let open = !field.fills_itself() && !values.contains_key(&field.id) && may_be_filled(&field.id);
            if depends || (open || cells_are_open(field, values, may_be_filled)) && visible.contains(field.id.as_str())
            {
                undecided.insert(field.id.clone());
            }
        }
        if undecided.len() == before {
            return undecided;
        }
    }
}

/// A table in which some row lacks a cell that may still be filled in.
fn cells_are_open(table: &Field, values: &Values, may_be_filled: &dyn Fn(&str) -> bool) -> bool {
    let rows = || values.get(&table.id).and_then(serde_json::Value::as_array).into_iter().flatten();
    let mut open = table.columns.iter().filter(|column| !column.fills_itself() && may_be_filled(&table.key_of(column)));
    open.any(|column| rows().any(|row| row.get(&column.id).is_none()))
}

/// Its serial numbers, for who submits it on this day. `count` gives the next count of a series of a field.
pub(crate) fn serial_numbers<E>(
    flow: &CheckedFlow,
    initiator: &Initiator,
    day: Date,
    mut count: impl FnMut(&str, &str) -> Result<u64, E>,
) -> Result<Values, E> {
    let mut numbers = Values::new();
    for field in flow.form().form().fields.iter().filter(|field| field.kind == FieldType::Serial) {
        let Some(series) = field.series.as_deref().and_then(Series::read) else { continue };
        let next = count(&field.id, &series.of(day, &initiator.described))?;
        numbers.insert(field.id.clone(), series.number(day, &initiator.described, next).into());
    }
    Ok(numbers)
}

/// The options that are chosen in a field.
pub(crate) fn options(values: &Values, field: &str) -> Vec<String> {
    match values.get(field) {
        Some(serde_json::Value::String(one)) => vec![one.clone()],
        Some(serde_json::Value::Array(all)) => all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

/// The people in a person field.
pub(crate) fn people(values: &Values, field: &str) -> Vec<PersonId> {
    let listed = values.get(field).and_then(serde_json::Value::as_array);
    listed.into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok()).collect()
}
