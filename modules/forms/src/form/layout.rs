//! The grid: every field once, no row wider than its columns.

use super::{Cell, Form, Problem};

pub(super) fn problems(form: &Form) -> Vec<Problem> {
    let layout = &form.layout;
    let mut found = Vec::new();
    if !(1..=12).contains(&layout.columns) {
        found.push(Problem::new("layout.columns", "forms.bad_columns"));
    }
    for (index, row) in layout.rows.iter().enumerate() {
        let place = format!("layout.rows[{index}]");
        let width: u32 = row.iter().map(|cell| u32::from(cell.span())).sum();
        if row.is_empty() || row.iter().any(|cell| cell.span() == 0) {
            found.push(Problem::new(&place, "forms.empty_cell"));
        }
        if width > u32::from(layout.columns) {
            found.push(Problem::new(&place, "forms.row_too_wide").with("width", width).with("columns", layout.columns));
        }
    }
    found.extend(strangers(form));
    found.extend(form.fields.iter().filter_map(|field| match places(form, &field.id) {
        0 => Some(Problem::of_field(field, "layout", "forms.not_in_layout")),
        1 => None,
        _ => Some(Problem::of_field(field, "layout", "forms.twice_in_layout")),
    }));
    found
}

/// Cells that name a field the form does not have.
fn strangers(form: &Form) -> Vec<Problem> {
    let cells = form.layout.rows.iter().enumerate().flat_map(|(index, row)| row.iter().map(move |cell| (index, cell)));
    let unknown = cells.filter_map(|(index, cell)| match cell {
        Cell::Field { field, .. } if form.field(field).is_none() => Some((index, field)),
        _ => None,
    });
    unknown
        .map(|(index, field)| {
            Problem::new(&format!("layout.rows[{index}]"), "forms.unknown_in_layout").with("name", field.as_str())
        })
        .collect()
}

fn places(form: &Form, id: &str) -> usize {
    form.layout.rows.iter().flatten().filter(|cell| matches!(cell, Cell::Field { field, .. } if field == id)).count()
}
