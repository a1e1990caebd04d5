use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CheckedForm, Field, check::Rules};
use crate::expr::Checked;

/// What a reader may do with a field at a node (FORM-05). Each includes the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// It is not even sent to him.
    Hidden,
    #[default]
    Read,
    Write,
    /// He must fill it before he submits.
    Required,
}

/// The rights over all fields of a form: one for those that are named, one for the rest. A column of a table is named
/// `items.price`; one that is not named is as its table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// Of fields that are not named.
    #[serde(default)]
    pub others: Right,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Right>,
}

impl Right {
    pub fn reads(self) -> bool {
        self >= Self::Read
    }

    pub fn writes(self) -> bool {
        self >= Self::Write
    }
}

impl Rights {
    /// The same for every field.
    pub fn all(right: Right) -> Self {
        Self { others: right, fields: BTreeMap::new() }
    }

    pub fn with(mut self, field: &str, right: Right) -> Self {
        self.fields.insert(field.to_owned(), right);
        self
    }

    pub fn of(&self, field: &str) -> Right {
        match (self.fields.get(field), field.split_once('.')) {
            (Some(right), _) => *right,
            // That a table must be filled in does not say that each of its cells must.
            (None, Some((table, _))) => self.of(table).min(Right::Write),
            (None, None) => self.others,
        }
    }

    pub(super) fn of_column(&self, table: &Field, column: &Field) -> Right {
        self.of(&table.key_of(column))
    }

    /// The same, and these are hidden, whatever else is said of them or of their columns.
    pub fn without<'k>(mut self, hidden: impl IntoIterator<Item = &'k str>) -> Self {
        for key in hidden {
            let columns = format!("{key}.");
            self.fields.retain(|named, _| !named.starts_with(&columns));
            self.fields.insert(key.to_owned(), Right::Hidden);
        }
        self
    }

    /// What somebody may who has both: of each field the larger right.
    pub fn join(&self, other: &Rights) -> Rights {
        let named = self.fields.keys().chain(other.fields.keys());
        Rights {
            others: self.others.max(other.others),
            fields: named.map(|field| (field.clone(), self.of(field).max(other.of(field)))).collect(),
        }
    }
}

impl CheckedForm {
    /// The same rights, where nothing is read that gives away what is hidden: what is computed or set from hidden fields
    /// alone is hidden too, unless it is named itself.
    pub fn closed(&self, rights: &Rights) -> Rights {
        let mut closed = rights.clone();
        for field in self.in_order() {
            for column in self.columns_in_order(field) {
                self.close(&mut closed, &field.key_of(column), self.rules_of_column(field, column), &field.id);
            }
            self.close(&mut closed, &field.id, self.rules(field), "");
        }
        closed
    }

    fn close(&self, rights: &mut Rights, key: &str, rules: &Rules, table: &str) {
        let told = rights.fields.contains_key(key);
        let source = rules.computed.as_ref().or(rules.set.as_ref().filter(|_| !rights.of(key).writes()));
        let Some(source) = source.filter(|_| !told) else { return };
        let read = keys_read(source, table);
        if !read.is_empty() && read.iter().all(|read| !rights.of(read).reads()) {
            rights.fields.insert(key.to_owned(), Right::Hidden);
        }
    }
}

/// The fields and columns that an expression reads, as rights name them. `table`: whose row it stands in.
pub(super) fn keys_read(source: &Checked, table: &str) -> Vec<String> {
    let key = |path: &String| match path.split_once('.')? {
        ("form", rest) => Some(rest.to_owned()),
        ("row", column) => Some(format!("{table}.{column}")),
        _ => None,
    };
    source.depends_on().iter().filter_map(key).collect()
}
