//! Rights on the columns of a table: who may not write a column leaves its cells as they are, and who may not read it does
//! not get them.

use hanlin_kernel::FieldError;
use serde_json::Value as Json;

use super::{
    Field, Rights, Values,
    changes::same,
    validate::error,
    values::{is_empty, rows},
};

/// May he write any of it? Beside the table's own right, one on a column of it lets him.
pub(super) fn writes_rows(table: &Field, rights: &Rights) -> bool {
    rights.of(&table.id).writes() || table.columns.iter().any(|column| writes_cells(table, column, rights))
}

fn writes_cells(table: &Field, column: &Field, rights: &Rights) -> bool {
    !column.fills_itself() && rights.of_column(table, column).writes()
}

/// The rows that were sent, with the cells of columns that are not his as they are kept. Who may not write the table
/// itself adds and removes no row; nobody removes rows while others' cells stand in them.
pub(super) fn merge_rows(
    table: &Field,
    kept: Option<&Json>,
    sent: &Json,
    rights: &Rights,
) -> Result<Json, Vec<FieldError>> {
    if !writes_rows(table, rights) {
        return Err(vec![error(table, "forms.not_writable")]);
    }
    let protected: Vec<&Field> =
        table.columns.iter().filter(|column| !column.fills_itself() && !writes_cells(table, column, rights)).collect();
    let kept = kept.and_then(rows).unwrap_or_default();
    let adds_rows = rights.of(&table.id).writes();
    let sent = match rows(sent) {
        Some(sent) => sent,
        None if is_empty(Some(sent)) => Vec::new(),
        // Validation says what is wrong with it.
        None => return Ok(sent.clone()),
    };
    if !adds_rows && sent.len() != kept.len() {
        return Err(vec![error(table, "forms.rows_fixed")]);
    }
    let holds = |row: &&Values| protected.iter().any(|column| !is_empty(row.get(&column.id)));
    if sent.len() < kept.len() && kept.iter().any(holds) {
        return Err(vec![error(table, "forms.rows_protected")]);
    }
    let (mut merged, mut errors) = (Vec::new(), Vec::new());
    for (index, row) in sent.into_iter().enumerate() {
        let mut row = row.clone();
        for column in &protected {
            let own = kept.get(index).and_then(|kept| kept.get(&column.id));
            let (sent, shown) = (row.get(&column.id), rights.of_column(table, column).reads());
            let is_what_was_shown = is_empty(sent) || shown && same(sent, own);
            if !is_what_was_shown {
                let place = format!("values.{}.{}.{}", table.id, index + 1, column.id);
                errors.push(FieldError::new(place, "forms.not_writable"));
            }
            match own {
                Some(own) => row.insert(column.id.clone(), own.clone()),
                None => row.remove(&column.id),
            };
        }
        merged.push(Json::Object(row));
    }
    if errors.is_empty() { Ok(merged.into()) } else { Err(errors) }
}

/// A value as its reader gets it: of a table without the columns that are hidden from him.
pub(super) fn shown_rows(field: &Field, value: &Json, rights: &Rights) -> Json {
    let hidden: Vec<&Field> = field.columns.iter().filter(|column| !rights.of_column(field, column).reads()).collect();
    let Some(rows) = rows(value).filter(|_| !hidden.is_empty()) else { return value.clone() };
    let shown = |row: &Values| {
        let kept = row.iter().filter(|(id, _)| field.column(id).is_some() && !hidden.iter().any(|one| one.id == **id));
        Json::Object(kept.map(|(id, cell)| (id.clone(), cell.clone())).collect())
    };
    rows.into_iter().map(shown).collect()
}
