use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::{Field, FieldType, Form, MAX_FIELDS, layout, settings};
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
    rules: BTreeMap<String, Rules>,
    order: Vec<usize>,
}

/// The expressions of one field.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rules {
    pub(super) required_when: Option<Checked>,
    pub(super) visible_when: Option<Checked>,
    pub(super) computed: Option<Checked>,
}

impl Problem {
    pub(super) fn new(place: &str, code: &str) -> Self {
        Self { place: place.to_owned(), code: code.to_owned(), args: Map::new(), expression: None }
    }

    pub(super) fn of_field(field: &Field, setting: &str, code: &str) -> Self {
        Self::new(&format!("fields.{}.{setting}", field.id), code)
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
        let env = self.env();
        let mut rules = BTreeMap::new();
        for field in &self.fields {
            rules.insert(field.id.clone(), rules_of(field, &env, &mut problems));
        }
        match (problems.is_empty(), order(&self, &rules)) {
            (true, Ok(order)) => Ok(CheckedForm { form: self, env, rules, order }),
            (_, Ok(_)) => Err(problems),
            (_, Err(circle)) => {
                problems.push(*circle);
                Err(problems)
            }
        }
    }

    /// The variables that its expressions, and a flow's conditions over it, may name: `form.<field>` and `initiator.…`.
    pub fn env(&self) -> Env {
        self.fields
            .iter()
            .fold(Env::initiator(), |env, field| env.with(&format!("form.{}", field.id), field.variable()))
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

    pub(super) fn rules(&self, field: &Field) -> &Rules {
        &self.rules[&field.id]
    }

    /// Fields, each after those that it is computed from or shown by.
    pub(super) fn in_order(&self) -> impl Iterator<Item = &Field> {
        self.order.iter().map(|index| &self.form.fields[*index])
    }
}

fn rules_of(field: &Field, env: &Env, problems: &mut Vec<Problem>) -> Rules {
    let mut read = |setting: &str, source: &Option<String>, wanted: &Type| -> Option<Checked> {
        let source = source.as_deref()?;
        let checked = Expr::parse(source).map_err(|error| vec![error]).and_then(|expr| expr.check_as(env, wanted));
        let told = |error: ExprError| Problem {
            expression: Some(error),
            ..Problem::of_field(field, setting, "forms.bad_expression")
        };
        checked.map_err(|errors| problems.extend(errors.into_iter().map(told))).ok()
    };
    let required_when = read("required_when", &field.required_when, &Type::Bool);
    let visible_when = read("visible_when", &field.visible_when, &Type::Bool);
    let computed = match computable(field.kind) {
        Some(ty) => read("computed", &field.computed, &ty),
        None => None,
    };
    if field.computed.is_some() && computable(field.kind).is_none() {
        problems.push(Problem::of_field(field, "computed", "forms.not_computable"));
    }
    Rules { required_when, visible_when, computed }
}

/// What an expression must give to fill the field.
fn computable(kind: FieldType) -> Option<Type> {
    match kind {
        FieldType::Text | FieldType::LongText => Some(Type::Text),
        FieldType::Number | FieldType::Money => Some(Type::Number),
        FieldType::Date => Some(Type::Date),
        _ => None,
    }
}

/// An order in which every field comes after what it is computed from and shown by; or the circle that forbids one.
fn order(form: &Form, rules: &BTreeMap<String, Rules>) -> Result<Vec<usize>, Box<Problem>> {
    let needs: Vec<BTreeSet<usize>> = form.fields.iter().map(|field| needed_by(form, &rules[&field.id])).collect();
    let mut order: Vec<usize> = Vec::new();
    let mut placed = vec![false; needs.len()];
    while order.len() < needs.len() {
        let ready = (0..needs.len()).find(|index| !placed[*index] && needs[*index].iter().all(|need| placed[*need]));
        let Some(next) = ready else {
            return Err(Box::new(circle(form, &needs, &placed)));
        };
        placed[next] = true;
        order.push(next);
    }
    Ok(order)
}

fn needed_by(form: &Form, rules: &Rules) -> BTreeSet<usize> {
    let read = [&rules.computed, &rules.visible_when].into_iter().flatten().flat_map(Checked::depends_on);
    let ids = read.filter_map(|path| path.strip_prefix("form."));
    ids.filter_map(|id| form.fields.iter().position(|field| field.id == id)).collect()
}

/// Follows unplaced needs until a field comes again.
fn circle(form: &Form, needs: &[BTreeSet<usize>], placed: &[bool]) -> Problem {
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
    let names: Vec<&str> = path.iter().map(|index| form.fields[*index].id.as_str()).collect();
    let place = format!("fields.{}", names.first().copied().unwrap_or_default());
    Problem::new(&place, "forms.circle").with("path", names.join(" → "))
}
