//! What the values of a case name of the directory: departments, posts and units. They are kept by id, chosen among what
//! whoever fills in may see, and shown by the names that they had when the case was handed in.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_directory::{Snapshot, model::Place, policy};
use hanlin_forms::form::{Field, FieldType, Form, Origin};
use hanlin_kernel::{Actor, Error, FieldError, Result, Text};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde_json::Value;

use crate::engine::Values;

/// Refuses what was chosen anew and is not there, or not for his eyes. What stood there before may stay: who mends a
/// form is not asked about the choices of others.
pub(super) fn check(tx: &mut Tx, actor: &Actor, form: &Form, before: &Values, after: &Values) -> Result<()> {
    if !form.fields.iter().any(names) {
        return Ok(());
    }
    let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    let may_choose = |field: &Field, id: &str| match field.kind {
        FieldType::Post => {
            let post = id.parse().ok().and_then(|id| directory.post(id));
            post.is_some_and(|post| policy::sees_post(actor, post, &directory, at))
        }
        _ => directory
            .place(id)
            .is_some_and(|place| fits(field, place, &directory) && policy::sees_place(actor, place, &directory, at)),
    };
    let known: BTreeSet<&str> = named(form, before).into_iter().map(|(_, _, id)| id).collect();
    let strangers =
        named(form, after).into_iter().filter(|(_, field, id)| !known.contains(id) && !may_choose(field, id));
    let errors: Vec<FieldError> =
        strangers.map(|(place, ..)| FieldError::new(place, "workflow.not_to_choose")).collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// The names of everything that the values name so, as of the day it was handed in; of what is younger, as of now.
pub(super) fn names_of(
    form: &Form,
    values: &Values,
    directory: &Snapshot,
    submitted: Timestamp,
) -> BTreeMap<String, Text> {
    let each = named(form, values).into_iter();
    each.filter_map(|(_, field, id)| Some((id.to_owned(), name_of(field.kind, id, directory, submitted)?))).collect()
}

/// What a department, post or unit was called then.
pub(super) fn name_of(kind: FieldType, id: &str, directory: &Snapshot, at: Timestamp) -> Option<Text> {
    match kind {
        FieldType::Post => directory.post(id.parse().ok()?).map(|post| post.name.clone()),
        _ => directory.name_of(directory.place(id)?, at).cloned(),
    }
}

fn fits(field: &Field, place: Place, directory: &Snapshot) -> bool {
    let external = directory.is_external_place(place);
    match (field.kind, place) {
        (FieldType::Department, Place::Department(_)) => true,
        (FieldType::Unit, Place::Unit(_)) => match field.among {
            None => true,
            Some(Origin::House) => !external,
            Some(Origin::External) => external,
        },
        _ => false,
    }
}

/// Is it a field of this kind, or a table with a column of it?
fn names(field: &Field) -> bool {
    matches!(field.kind, FieldType::Department | FieldType::Post | FieldType::Unit) || field.columns.iter().any(names)
}

/// Each id with its field and the place that a refusal names.
fn named<'v>(form: &'v Form, values: &'v Values) -> Vec<(String, &'v Field, &'v str)> {
    let mut found = Vec::new();
    for field in form.fields.iter().filter(|field| names(field)) {
        let Some(value) = values.get(&field.id) else { continue };
        let place = format!("values.{}", field.id);
        if field.kind != FieldType::Table {
            found.extend(ids(value).map(|id| (place.clone(), field, id)));
            continue;
        }
        for (row, number) in value.as_array().into_iter().flatten().zip(1..) {
            for column in field.columns.iter().filter(|column| names(column)) {
                let cell = row.get(&column.id).into_iter().flat_map(ids);
                found.extend(cell.map(|id| (format!("{place}.{number}.{}", column.id), column, id)));
            }
        }
    }
    found
}

fn ids(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}
