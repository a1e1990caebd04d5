//! 联动: a field takes the value of an expression whenever something changes that the expression reads. What somebody puts
//! there by hand stays until then.

use serde_json::Value as Json;

use super::{
    CheckedForm, Field, Initiator, Values,
    check::Rules,
    table::RowScope,
    values::{is_empty, rows},
};
use crate::expr::{Checked, Scope};

/// What was there before, to tell what changed and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Since<'v> {
    /// The values before, computed. None: the form is new, and whatever can be set is set.
    pub before: Option<&'v Values>,
    /// What was sent: an empty value in it was taken out by hand.
    pub sent: &'v Values,
}

impl CheckedForm {
    /// The values before a change, where there were any: what the form gives itself does not make it an old one.
    pub(super) fn known_before<'v>(&self, old: &'v Values) -> Option<&'v Values> {
        let filled_in = |id: &String| self.form().field(id).is_some_and(|field| !field.fills_itself());
        old.keys().any(filled_in).then_some(old)
    }

    /// Is the field to be set now?
    pub(super) fn is_due(&self, field: &Field, values: &Values, since: Since, initiator: &Initiator) -> bool {
        let rules = self.rules(field);
        let now = self.scope(values, initiator);
        let none = Values::new();
        let before = since.before.unwrap_or(&none);
        let then = self.scope(before, initiator);
        let by_hand = value_of(values, field) != value_of(before, field) || is_taken_out(since.sent, before, field);
        let record = rules.fill.as_ref().map(|fill| &fill.record);
        let chosen = |values: &'_ Values| record.and_then(|id| values.get(id)).cloned();
        let is_other = record.is_some() && chosen(values) != chosen(before);
        let changed = since.before.is_none() || is_other || changed(rules, &then, &now);
        changed && !by_hand && holds(&rules.set_when, &now)
    }

    /// Is the cell to be set now? A row that stood there before stays as it is, wherever it stands now.
    pub(super) fn is_cell_due(&self, column: &Field, index: usize, now: &RowScope, since: Since) -> bool {
        let RowScope { table, row, form } = *now;
        let rules = self.rules_of_column(table, column);
        let none = Values::new();
        let before = since.before.unwrap_or(&none);
        let form_then = self.scope(before, form.initiator);
        let rows_then = before.get(&table.id).and_then(rows).unwrap_or_default();
        let stood = |then: &&Values| {
            let scope = RowScope { form: form_then, table, row: then };
            value_of(then, column) == value_of(row, column) && !changed(rules, &scope, now)
        };
        if rows_then.iter().any(stood) {
            return false;
        }
        let own = rows_then.get(index).copied().unwrap_or(&none);
        let sent = since.sent.get(&table.id).and_then(rows).and_then(|rows| rows.get(index).copied());
        let by_hand =
            value_of(row, column) != value_of(own, column) || sent.is_some_and(|sent| is_taken_out(sent, own, column));
        !by_hand && holds(&rules.set_when, now)
    }
}

/// Does it read something that is not as it was? Also where it was not part of the form before.
fn changed(rules: &Rules, then: &dyn Scope, now: &dyn Scope) -> bool {
    let read = [&rules.set, &rules.set_when].into_iter().flatten().flat_map(Checked::depends_on);
    let differs = |path: &String| then.get(path) != now.get(path);
    read.into_iter().any(differs) || !holds(&rules.visible_when, then)
}

/// A condition that is not there holds.
fn holds(condition: &Option<Checked>, scope: &dyn Scope) -> bool {
    condition.as_ref().is_none_or(|condition| condition.holds(scope))
}

fn value_of<'v>(values: &'v Values, field: &Field) -> Option<&'v Json> {
    values.get(&field.id).filter(|value| !is_empty(Some(value)))
}

/// Sent as empty: by hand where it was not so before, or where the form is new.
fn is_taken_out(sent: &Values, before: &Values, field: &Field) -> bool {
    sent.contains_key(&field.id) && is_empty(sent.get(&field.id)) && value_of(before, field).is_none()
}
