//! The form as one reader is told it: which options he is offered may follow from fields that he does not read.

use std::collections::BTreeSet;

use super::{CheckedForm, Field, Form, Initiator, Rights, Values, check::Rules, rights::keys_read};
use crate::expr::Checked;

impl CheckedForm {
    /// The form for a reader with these rights. Where a condition of an option reads what he does not, its outcome stands in
    /// its place: that is what the refusal of the option would tell him, and no more. Where the outcome also follows from
    /// what he may still change, the option is offered, and the server says when it is handed in. Expects computed values.
    pub fn told(&self, values: &Values, rights: &Rights, initiator: &Initiator) -> Form {
        let outcome = |condition: &Checked, table: &str| -> Option<bool> {
            let read = keys_read(condition, table);
            if read.iter().all(|key| self.is_told(key, rights)) {
                return None;
            }
            let of_row = read.iter().any(|key| !table.is_empty() && key.starts_with(&format!("{table}.")));
            let may_change = self.inputs(read).iter().any(|key| rights.of(key).writes());
            Some(of_row || may_change || condition.holds(&self.scope(values, initiator)))
        };
        let told = |field: &mut Field, rules: &Rules, table: &str| {
            for (option, condition) in &rules.options_when {
                if let Some(offered) = outcome(condition, table) {
                    field.options_when.insert(option.clone(), offered.to_string());
                }
            }
        };
        let mut form = self.form().clone();
        for (field, known) in form.fields.iter_mut().zip(&self.form().fields) {
            for (column, known_column) in field.columns.iter_mut().zip(&known.columns) {
                told(column, self.rules_of_column(known, known_column), &known.id);
            }
            told(field, self.rules(known), "");
        }
        form
    }

    /// Does he read it, or can it be computed from what he reads?
    fn is_told(&self, key: &str, rights: &Rights) -> bool {
        let computed = self.rules_of_key(key).and_then(|rules| rules.computed.as_ref());
        rights.of(key).reads()
            || computed
                .is_some_and(|source| keys_read(source, table_of(key)).iter().all(|key| self.is_told(key, rights)))
    }

    /// These, and all that they are computed from, set by and shown by.
    fn inputs(&self, keys: Vec<String>) -> BTreeSet<String> {
        let (mut all, mut next) = (BTreeSet::new(), keys);
        while let Some(key) = next.pop() {
            if let Some(rules) = self.rules_of_key(&key).filter(|_| !all.contains(&key)) {
                let sources = [&rules.computed, &rules.set, &rules.set_when, &rules.visible_when];
                next.extend(sources.into_iter().flatten().flat_map(|source| keys_read(source, table_of(&key))));
            }
            all.insert(key);
        }
        all
    }
}

/// The table of a column's key.
fn table_of(key: &str) -> &str {
    key.split_once('.').map_or("", |(table, _)| table)
}
