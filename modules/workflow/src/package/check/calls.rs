//! Nodes that open cases of another flow. What that flow's form is, is known only where the case runs.

use hanlin_forms::{
    expr::Expr,
    form::{Field, FieldType},
};

use super::{Check, Problem};
use crate::engine::{
    EACH,
    model::{Call, CallWait},
};

impl Check<'_, '_, '_> {
    pub(super) fn call(&mut self, call: &Call) {
        self.each(call);
        self.handed_in(call);
        let path = format!("nodes.{}.results", call.key);
        if call.wait == CallWait::None && !call.results.is_empty() {
            self.say(Problem::at(self.place(&path), "results_not_waited_for"));
        }
        for id in call.results.keys() {
            let mark = self.place(&format!("{path}.{id}"));
            let text = |field: &Field| field.kind == FieldType::LongText;
            match self.flow.form.field(id) {
                None => self.unknown_field(mark, id),
                Some(field) if field.fills_itself() => {
                    self.say(Problem::at(mark, "computed_written").with("field", id.as_str()));
                }
                Some(field) if call.each.is_some() && !text(field) && !self.reader.unread.contains(id) => {
                    self.say(Problem::at(mark, "results_of_several").with("field", id.as_str()));
                }
                Some(_) => {}
            }
        }
    }

    /// One for each of what?
    fn each(&mut self, call: &Call) {
        let Some(each) = &call.each else { return };
        let mark = self.place(&format!("nodes.{}.each", call.key));
        match self.flow.form.field(each) {
            None => self.unknown_field(mark, each),
            Some(field) if matches!(field.kind, FieldType::Choice | FieldType::Choices) => self.departments(field),
            Some(field) if field.kind == FieldType::Person || self.reader.unread.contains(each) => {}
            Some(_) => self.say(Problem::at(mark, "not_people_or_departments").with("field", each.as_str())),
        }
    }

    fn handed_in(&mut self, call: &Call) {
        let env = self.flow.form.env();
        for (theirs, written) in &call.values {
            let path = format!("nodes.{}.values.{theirs}", call.key);
            let source = written.0.trim();
            if source == EACH {
                if call.each.is_none() {
                    self.say(Problem::at(self.place(&path), "each_of_nothing"));
                }
                continue;
            }
            if self.is_about_unread(source) {
                continue;
            }
            let alone = source.strip_prefix("form.").and_then(|id| self.flow.form.field(id));
            if alone.is_some_and(|field| {
                matches!(field.kind, FieldType::Attachment | FieldType::Image | FieldType::Handwriting)
            }) {
                self.say(Problem::at(self.place(&path), "attachment_handed_in"));
            }
            if alone.is_some() {
                continue;
            }
            let parsed = Expr::parse(&written.0).map_err(|error| vec![error]);
            if let Err(errors) = parsed.and_then(|expr| expr.check(&env)) {
                for error in errors {
                    let mark = self.reader.places.within(&path, self.reader.source, error.span.start as usize);
                    self.say(Problem::expression(mark, &error));
                }
            }
        }
    }
}
