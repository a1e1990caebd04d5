use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::{Field, FieldType, Form, MAX_FIELDS, fill, layout, settings};
use crate::expr::{Checked, Env, Expr, ExprError, Type};

/// What is wrong with a form, and where.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = FormProblem)]
pub struct Problem {
    /// `fields.amount.max`, `layout.rows[2]`
    pub place: String,
    /// The key of the sentence.
    pub code: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub args: Map<String, Json>,
    /// Where `code` is `forms.bad_expression`: what is wrong in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<ExprError>,
}

/// A form without problems: its expressions are typed, and the order is known in which they are evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedForm {
    form: Form,
    env: Env,
    /// By field, and by `table.column`.
    rules: BTreeMap<String, Rules>,
    order: Vec<usize>,
    /// By table.
    column_order: BTreeMap<String, Vec<usize>>,
}

/// The expressions of one field. Whatever one of them reads comes before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rules {
    pub(super) required_when: Option<Checked>,
    pub(super) visible_when: Option<Checked>,
    pub(super) computed: Option<Checked>,
    pub(super) set: Option<Checked>,
    pub(super) set_when: Option<Checked>,
    /// By option.
    pub(super) options_when: BTreeMap<String, Checked>,
    pub(super) fill: Option<Fill>,
}

/// A related record that fills a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fill {
    /// The field that names it.
    pub(super) record: String,
    /// What of it, as its register calls that.
    pub(super) theirs: String,
}

impl Problem {
    pub(super) fn new(place: &str, code: &str) -> Self {
        Self { place: place.to_owned(), code: code.to_owned(), args: Map::new(), expression: None }
    }

    pub(super) fn of_field(field: &Field, setting: &str, code: &str) -> Self {
        Self::new(&format!("fields.{}.{setting}", field.id), code)
    }

    /// The same of a column of this table: `fields.amount.max` becomes `fields.items.columns.amount.max`.
    pub(super) fn in_table(mut self, table: &Field) -> Self {
        if let Some(rest) = self.place.strip_prefix("fields.") {
            self.place = format!("fields.{}.columns.{rest}", table.id);
        }
        self
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

impl Form {
    /// Everything that is wrong with it; nothing where it can be used.
    pub fn check(&self) -> Vec<Problem> {
        self.clone().checked().err().unwrap_or_default()
    }

    /// The form, ready to take values; or all that is wrong with it.
    pub fn checked(self) -> Result<CheckedForm, Vec<Problem>> {
        let mut problems: Vec<Problem> = self.fields.iter().flat_map(settings::problems).collect();
        problems.extend(self.problems_between_fields());
        problems.extend(layout::problems(&self));
        problems.extend(fill::problems(&self));
        let env = self.env();
        let mut rules = BTreeMap::new();
        let mut column_order = BTreeMap::new();
        for field in &self.fields {
            let of_field = Rules { fill: fill::of(&self, field), ..rules_of(field, &env, &mut problems) };
            rules.insert(field.id.clone(), of_field);
            let row_env = env_of_row(field, &env);
            let mut found = Vec::new();
            for column in &field.columns {
                rules.insert(field.key_of(column), rules_of(column, &row_env, &mut found));
            }
            problems.extend(found.into_iter().map(|problem| problem.in_table(field)));
            match order(&field.columns, &needs_in_row(field, &rules)) {
                Ok(order) => {
                    column_order.insert(field.id.clone(), order);
                }
                Err(circle) => problems.push(circle.in_table(field)),
            }
        }
        match order(&self.fields, &needs_in_form(&self, &rules)) {
            Ok(order) if problems.is_empty() => Ok(CheckedForm { form: self, env, rules, order, column_order }),
            Ok(_) => Err(problems),
            Err(circle) => {
                problems.push(*circle);
                Err(problems)
            }
        }
    }

    /// The variables that its expressions, and a flow's conditions over it, may name: `form.<field>` and `initiator.…`.
    pub fn env(&self) -> Env {
        let add = |env: Env, field: &Field| {
            let env = env.with(&format!("form.{}", field.id), field.variable());
            field.column_variables().fold(env, |env, (path, variable)| env.with(&path, variable))
        };
        self.fields.iter().filter(|field| field.kind != FieldType::Description).fold(Env::initiator(), add)
    }

    fn problems_between_fields(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.fields.is_empty() {
            found.push(Problem::new("fields", "forms.no_fields"));
        }
        if self.fields.len() > MAX_FIELDS {
            found.push(Problem::new("fields", "forms.too_many_fields").with("limit", MAX_FIELDS));
        }
        let mut seen = BTreeSet::new();
        let repeated = self.fields.iter().filter(|field| !seen.insert(&field.id));
        found.extend(
            repeated.map(|field| Problem::of_field(field, "id", "forms.duplicate_id").with("name", field.id.as_str())),
        );
        found
    }
}

impl CheckedForm {
    pub fn form(&self) -> &Form {
        &self.form
    }

    pub fn env(&self) -> &Env {
        &self.env
    }

    /// The fields that this field is computed from, set by or shown by; of a table also those that its rows read.
    pub fn depends_on(&self, field: &Field) -> BTreeSet<String> {
        let paths = paths_read(field, &self.rules);
        let read = paths.into_iter().filter_map(|path| self.form.field_of_path(path)).map(str::to_owned);
        read.chain(self.rules(field).fill.as_ref().map(|fill| fill.record.clone())).collect()
    }

    pub(super) fn rules(&self, field: &Field) -> &Rules {
        &self.rules[&field.id]
    }

    pub(super) fn rules_of_column(&self, table: &Field, column: &Field) -> &Rules {
        &self.rules[&table.key_of(column)]
    }

    /// By field, or by `table.column`.
    pub(super) fn rules_of_key(&self, key: &str) -> Option<&Rules> {
        self.rules.get(key)
    }

    /// Columns of a table, each after those of its row that it is computed from or shown by.
    pub(super) fn columns_in_order<'t>(&'t self, table: &'t Field) -> impl Iterator<Item = &'t Field> {
        self.column_order[&table.id].iter().map(|index| &table.columns[*index])
    }

    /// Fields, each after those that it is computed from or shown by.
    pub(super) fn in_order(&self) -> impl Iterator<Item = &Field> {
        self.order.iter().map(|index| &self.form.fields[*index])
    }
}

fn rules_of(field: &Field, env: &Env, problems: &mut Vec<Problem>) -> Rules {
    let mut read_text = |setting: &str, source: &str, wanted: &Type| -> Option<Checked> {
        let checked = Expr::parse(source).map_err(|error| vec![error]).and_then(|expr| expr.check_as(env, wanted));
        let told = |error: ExprError| Problem {
            expression: Some(error),
            ..Problem::of_field(field, setting, "forms.bad_expression")
        };
        checked.map_err(|errors| problems.extend(errors.into_iter().map(told))).ok()
    };
    let mut options_when = BTreeMap::new();
    for (option, source) in &field.options_when {
        let condition = read_text(&format!("options_when.{option}"), source, &Type::Bool);
        options_when.extend(condition.map(|condition| (option.clone(), condition)));
    }
    let mut read = |setting: &str, source: &Option<String>, wanted: &Type| -> Option<Checked> {
        read_text(setting, source.as_deref()?, wanted)
    };
    let required_when = read("required_when", &field.required_when, &Type::Bool);
    let visible_when = read("visible_when", &field.visible_when, &Type::Bool);
    let computed = match computable(field.kind) {
        Some(ty) => read("computed", &field.computed, &ty),
        None => None,
    };
    let set = match settable(field.kind) {
        Some(ty) => read("set", &field.set, &ty),
        None => None,
    };
    let set_when = read("set_when", &field.set_when, &Type::Bool);
    if field.computed.is_some() && computable(field.kind).is_none() {
        problems.push(Problem::of_field(field, "computed", "forms.not_computable"));
    }
    if field.set.is_some() && settable(field.kind).is_none() {
        problems.push(Problem::of_field(field, "set", "forms.not_settable"));
    }
    Rules { required_when, visible_when, computed, set, set_when, options_when, fill: None }
}

/// What an expression must give to fill the field.
fn computable(kind: FieldType) -> Option<Type> {
    match kind {
        FieldType::Text | FieldType::LongText => Some(Type::Text),
        FieldType::Number | FieldType::Money | FieldType::Rating => Some(Type::Number),
        FieldType::Date => Some(Type::Date),
        _ => None,
    }
}

/// What an expression must give to set the field.
fn settable(kind: FieldType) -> Option<Type> {
    match kind {
        FieldType::Choice => Some(Type::Text),
        FieldType::Switch => Some(Type::Bool),
        other => computable(other),
    }
}

/// What expressions of a row may name: what all may, and its own cells.
fn env_of_row(table: &Field, env: &Env) -> Env {
    let add = |env: Env, column: &Field| env.with(&format!("row.{}", column.id), column.variable());
    table.columns.iter().fold(env.clone(), add)
}

/// For each field, the fields that it is computed from or shown by; of a table also those that its rows read.
fn needs_in_form(form: &Form, rules: &BTreeMap<String, Rules>) -> Vec<BTreeSet<usize>> {
    let needs = |field: &Field| {
        let ids = paths_read(field, rules).into_iter().filter_map(|path| form.field_of_path(path));
        let filled_by = rules[&field.id].fill.as_ref().map(|fill| fill.record.as_str());
        ids.chain(filled_by).filter_map(|id| form.fields.iter().position(|field| field.id == id)).collect()
    };
    form.fields.iter().map(needs).collect()
}

fn needs_in_row(table: &Field, rules: &BTreeMap<String, Rules>) -> Vec<BTreeSet<usize>> {
    let needs = |column: &Field| {
        let ids = read_by(&rules[&table.key_of(column)]).filter_map(|path| path.strip_prefix("row."));
        ids.filter_map(|id| table.columns.iter().position(|column| column.id == id)).collect()
    };
    table.columns.iter().map(needs).collect()
}

fn paths_read<'r>(field: &Field, rules: &'r BTreeMap<String, Rules>) -> Vec<&'r str> {
    let columns = field.columns.iter().map(|column| field.key_of(column));
    columns.chain([field.id.clone()]).flat_map(|key| read_by(&rules[&key])).collect()
}

fn read_by(rules: &Rules) -> impl Iterator<Item = &str> {
    let read = [&rules.computed, &rules.visible_when, &rules.set, &rules.set_when].into_iter().flatten();
    read.flat_map(Checked::depends_on).map(String::as_str)
}

/// An order in which every field comes after what it is computed from and shown by; or the circle that forbids one.
fn order(fields: &[Field], needs: &[BTreeSet<usize>]) -> Result<Vec<usize>, Box<Problem>> {
    let mut order: Vec<usize> = Vec::new();
    let mut placed = vec![false; needs.len()];
    while order.len() < needs.len() {
        let ready = (0..needs.len()).find(|index| !placed[*index] && needs[*index].iter().all(|need| placed[*need]));
        let Some(next) = ready else {
            return Err(Box::new(circle(fields, needs, &placed)));
        };
        placed[next] = true;
        order.push(next);
    }
    Ok(order)
}

/// Follows unplaced needs until a field comes again.
fn circle(fields: &[Field], needs: &[BTreeSet<usize>], placed: &[bool]) -> Problem {
    let unplaced = |index: &usize| !placed[*index];
    let mut path: Vec<usize> = (0..needs.len()).find(unplaced).into_iter().collect();
    while let Some(next) = path.last().and_then(|last| needs[*last].iter().copied().find(unplaced)) {
        let again = path.iter().position(|passed| *passed == next);
        path.push(next);
        if let Some(start) = again {
            path.drain(..start);
            break;
        }
    }
    let names: Vec<&str> = path.iter().map(|index| fields[*index].id.as_str()).collect();
    let place = format!("fields.{}", names.first().copied().unwrap_or_default());
    Problem::new(&place, "forms.circle").with("path", names.join(" → "))
}
