//! Nodes that wait for something other than a person.

use hanlin_forms::form::FieldType;

use super::{Check, Problem};
use crate::engine::{
    LONGEST_WAIT,
    model::{Wait, WaitTime},
};

impl Check<'_, '_, '_> {
    /// A wait that ends, and not before it began.
    pub(super) fn wait(&mut self, wait: &Wait) {
        let path = format!("nodes.{}.time", wait.key);
        let mark = self.place(&path);
        let longest = |found: u32| Problem::at(mark, "wait_too_long").with("limit", LONGEST_WAIT).with("found", found);
        match &wait.time {
            WaitTime::For { span } if span.amount == 0 => self.say(Problem::at(mark, "wait_of_none")),
            WaitTime::For { span } if span.amount > LONGEST_WAIT => self.say(longest(span.amount)),
            WaitTime::For { .. } => {}
            WaitTime::Event(event) => self.event_wait(&wait.key, event),
            WaitTime::Until { field, shift, .. } => {
                if shift.unsigned_abs() > LONGEST_WAIT {
                    self.say(longest(shift.unsigned_abs()));
                }
                let mark = self.place(&format!("{path}.field"));
                match self.flow.form.field(field) {
                    None => self.unknown_field(mark, field),
                    Some(known) if known.kind != FieldType::Date && !self.reader.unread.contains(field) => {
                        self.say(Problem::at(mark, "not_a_date_field").with("field", field.as_str()));
                    }
                    Some(_) => {}
                }
            }
        }
    }
}
