//! 明细表: rows whose columns are fields. Each row is taken as a small form of its own: normalised, computed, validated.
//! Errors name the row as people count it, and the column: `values.items.3.amount` is the third row's.

use hanlin_kernel::FieldError;
use serde_json::Value as Json;

use super::{
    CheckedForm, Facts, Field, FieldType, FormScope, Initiator, Mode, Right, Rights, Since, Values,
    compute::{as_value, put, read},
    normalise::normal,
    validate::wrong,
    values::{is_empty, misshapen, rows},
};
use crate::expr::{Checked, Scope, Value};

/// What expressions of one row read: its cells as `row.…`, and all that the form reads.
#[derive(Clone, Copy)]
pub(super) struct RowScope<'s> {
    pub(super) form: FormScope<'s>,
    pub(super) table: &'s Field,
    pub(super) row: &'s Values,
}

impl Scope for RowScope<'_> {
    fn get(&self, path: &str) -> Value {
        match path.strip_prefix("row.") {
            Some(id) => {
                self.table.column(id).map_or(Value::Null, |column| read(&column.variable().ty, self.row.get(id)))
            }
            None => self.form.get(path),
        }
    }
}

impl CheckedForm {
    /// Rows with their computed cells, less the cells that are not part of their row. Nothing where there are no rows.
    pub(super) fn compute_rows(
        &self,
        table: &Field,
        values: &Values,
        since: Option<Since>,
        initiator: &Initiator,
    ) -> Option<Json> {
        let kept = rows(values.get(&table.id)?)?;
        let form = self.scope(values, initiator);
        let computed = kept.into_iter().enumerate().map(|(index, row)| {
            let row = self.compute_row(RowScope { form, table, row }, index, since);
            Json::Object(row)
        });
        Some(computed.collect())
    }

    fn compute_row(&self, RowScope { form, table, row }: RowScope, index: usize, since: Option<Since>) -> Values {
        let mut row = row.clone();
        for column in self.columns_in_order(table) {
            let rules = self.rules_of_column(table, column);
            let scope = RowScope { form, table, row: &row };
            if !holds(&rules.visible_when, &scope) {
                row.remove(&column.id);
            } else if let Some(computed) = &rules.computed {
                let value = as_value(column, &computed.eval(&scope));
                put(&mut row, &column.id, value);
            } else if let Some(set) = &rules.set
                && since.is_some_and(|since| self.is_cell_due(column, index, &scope, since))
            {
                let value = as_value(column, &set.eval(&scope));
                put(&mut row, &column.id, value);
            }
        }
        row
    }

    /// Everything wrong with a table that is there.
    pub(super) fn wrong_rows(
        &self,
        table: &Field,
        value: &Json,
        values: &Values,
        rights: &Rights,
        mode: Mode,
        facts: Facts,
    ) -> Vec<FieldError> {
        let of_table = |code: &str| FieldError::new(format!("values.{}", table.id), code);
        let Some(rows) = rows(value) else {
            return misshapen(table, value).map(of_table).into_iter().collect();
        };
        let (count, most, least) = (rows.len(), table.max_rows(), table.min_rows());
        if count > most {
            return vec![of_table("forms.too_many_rows").with("limit", most).with("count", count)];
        }
        let mut errors = Vec::new();
        if mode == Mode::Submit && count < least {
            errors.push(of_table("forms.too_few_rows").with("limit", least).with("count", count));
        }
        for (index, row) in rows.into_iter().enumerate() {
            let scope = RowScope { form: self.scope(values, facts.initiator), table, row };
            errors.extend(self.wrong_row(&scope, index + 1, rights, mode));
        }
        errors
    }

    fn wrong_row(&self, scope: &RowScope, number: usize, rights: &Rights, mode: Mode) -> Vec<FieldError> {
        let RowScope { table, row, .. } = *scope;
        let of_row = |code: &str| FieldError::new(format!("values.{}.{number}", table.id), code);
        let stranger = row.keys().find(|id| table.column(id).is_none());
        if let Some(name) = stranger {
            return vec![of_row("forms.unknown_field").with("name", name.as_str())];
        }
        if mode == Mode::Submit && is_blank(table, row) {
            return vec![of_row("forms.blank_row")];
        }
        let of_cell = |column: &Field, error: FieldError| FieldError {
            field: format!("values.{}.{number}.{}", table.id, column.id),
            ..error
        };
        let each = table.columns.iter().filter_map(|column| {
            let right = rights.of_column(table, column);
            let found = match row.get(&column.id).filter(|value| !is_empty(Some(value))) {
                Some(value) if right.writes() || column.computed.is_some() || column.set.is_some() => {
                    wrong(column, self.rules_of_column(table, column), value, mode, scope)
                }
                None if mode == Mode::Submit && self.must_fill_cell(column, right, scope) => {
                    Some(FieldError::new("", "forms.required"))
                }
                _ => None,
            };
            found.map(|error| of_cell(column, error))
        });
        each.collect()
    }

    fn must_fill_cell(&self, column: &Field, right: Right, scope: &RowScope) -> bool {
        let rules = self.rules_of_column(scope.table, column);
        let asked = column.required || rules.required_when.is_some() && holds(&rules.required_when, scope);
        let required = right.writes() && (asked || right == Right::Required);
        !column.fills_itself() && column.kind != FieldType::Switch && required && holds(&rules.visible_when, scope)
    }
}

/// A condition that is not there holds.
fn holds(condition: &Option<Checked>, scope: &RowScope) -> bool {
    condition.as_ref().is_none_or(|condition| condition.holds(scope))
}

/// All cells of one column, with null where a row has none.
pub(super) fn cells(table: Option<&Json>, column: &str) -> Json {
    let rows = table.and_then(Json::as_array).into_iter().flatten();
    rows.map(|row| row.get(column).cloned().unwrap_or_default()).collect()
}

/// Each cell as its column writes it, without empty ones and without what is computed anyway; empty rows at the end go.
/// Those between others stay, so that the third row remains the third.
pub(super) fn normal_rows(table: &Field, value: &Json) -> Json {
    let Some(rows) = rows(value) else { return value.clone() };
    let mut normal: Vec<Values> = rows.into_iter().map(|row| normal_row(table, row)).collect();
    while normal.last().is_some_and(Values::is_empty) {
        normal.pop();
    }
    normal.into_iter().map(Json::Object).collect()
}

fn normal_row(table: &Field, row: &Values) -> Values {
    let each = row.iter().filter_map(|(id, value)| match table.column(id) {
        Some(column) if column.computed.is_some() => None,
        Some(column) => Some((id.clone(), normal(column, value))),
        None => Some((id.clone(), value.clone())),
    });
    each.filter(|(_, value)| !is_empty(Some(value))).collect()
}

/// Nothing in it but what is computed.
fn is_blank(table: &Field, row: &Values) -> bool {
    table.columns.iter().filter(|column| column.computed.is_none()).all(|column| is_empty(row.get(&column.id)))
}
