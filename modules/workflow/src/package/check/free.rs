//! Nodes at which whoever has it names who is next.

use hanlin_forms::form::Right;

use super::{Check, Problem};
use crate::engine::{
    MOST_PASSINGS,
    model::{Free, Rule},
};

impl Check<'_, '_, '_> {
    /// With whom it begins, whom one may name, and that it comes to an end.
    pub(super) fn free(&mut self, free: &Free) {
        let path = format!("nodes.{}", free.key);
        self.rights(&format!("{path}.fields"), &free.fields, Right::Required);
        self.who(&free.key, &free.who);
        let mark = self.place(&format!("{path}.among"));
        if free.among.iter().any(Rule::is_choice) {
            self.say(Problem::at(mark, "choice_in_choice"));
        }
        free.among.iter().for_each(|rule| self.rule_at(mark, &free.key, rule));
        if free.most_steps == 0 || free.most_steps > MOST_PASSINGS {
            let mark = self.place(&format!("{path}.most_steps"));
            self.say(
                Problem::at(mark, "steps_out_of_range").with("most", MOST_PASSINGS).with("found", free.most_steps),
            );
        }
    }
}
