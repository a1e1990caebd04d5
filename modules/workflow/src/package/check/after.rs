//! What is asked of who is away, and what may follow upon a completed case.

use hanlin_forms::form::FieldType;

use super::Check;
use crate::{
    engine::{Absence, FOLLOWED, REASON, is_changeable},
    package::problem::Problem,
};

impl Check<'_, '_, '_> {
    /// From when to when somebody is away, as a period says it.
    pub(super) fn absence(&mut self) {
        let Some(Absence { field: id, .. }) = &self.flow.settings.absence else { return };
        let mark = self.place("settings.absence.field");
        match self.flow.form.field(id) {
            None => self.unknown_field(mark, id),
            Some(field) if field.kind != FieldType::Period && !self.reader.unread.contains(id) => {
                self.say(Problem::at(mark, "not_a_period_field").with("field", id.as_str()));
            }
            Some(_) => {}
        }
    }

    /// Fields that can be given other values, and room for those that a follow-up brings along.
    pub(super) fn after_completion(&mut self) {
        let after = &self.flow.settings.after_completion;
        if !after.revoke && after.change.is_empty() {
            if self.reader.places.has("settings.after_completion") {
                self.say(Problem::at(self.place("settings.after_completion"), "nothing_follows"));
            }
            return;
        }
        for id in [FOLLOWED, REASON].into_iter().filter(|id| self.flow.form.field(id).is_some()) {
            let mark = self.place(&format!("fields.{id}"));
            self.say(Problem::at(mark, "follow_up_field").with("field", id));
        }
        for id in &after.change {
            let mark = self.place(&format!("settings.after_completion.{id}"));
            match self.flow.form.field(id) {
                None => self.unknown_field(mark, id),
                Some(field) if !is_changeable(field) && !self.reader.unread.contains(id) => {
                    self.say(Problem::at(mark, "not_changeable").with("field", id.as_str()));
                }
                Some(_) => {}
            }
        }
    }
}
