//! Nodes that ask another system, and nodes that wait for an event. Which endpoints there are is known only where the flow
//! is published.

use hanlin_forms::{expr::Expr, form::FieldType};

use super::{Check, Problem};
use crate::engine::{
    LONGEST_WAIT, is_event_name, is_key,
    model::{EventWait, Expr as Written, Rule, Webhook, Who},
};

impl Check<'_, '_, '_> {
    pub(super) fn webhook(&mut self, webhook: &Webhook) {
        let path = format!("nodes.{}", webhook.key);
        if let Some(executor) = &webhook.executor {
            self.executor(&webhook.key, executor);
        }
        if !webhook.endpoint.is_empty() && !is_key(&webhook.endpoint) {
            let problem = Problem::at(self.place(&format!("{path}.endpoint")), "bad_endpoint");
            self.say(problem.with("endpoint", webhook.endpoint.as_str()));
        }
        for (name, written) in &webhook.send {
            self.sent(&format!("{path}.send.{name}"), written);
        }
        for id in webhook.results.keys() {
            let mark = self.place(&format!("{path}.results.{id}"));
            match self.flow.form.field(id) {
                None => self.unknown_field(mark, id),
                Some(field) if field.fills_itself() => {
                    self.say(Problem::at(mark, "computed_written").with("field", id.as_str()));
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn event_wait(&mut self, key: &str, event: &EventWait) {
        let path = format!("nodes.{key}");
        if !is_event_name(&event.event) {
            let mark = self.place(&format!("{path}.time"));
            self.say(Problem::at(mark, "bad_event").with("event", event.event.as_str()));
        }
        if let Some(about) = &event.about {
            self.sent(&format!("{path}.about"), about);
        }
        match event.at_most.map(|span| span.amount) {
            Some(0) => self.say(Problem::at(self.place(&format!("{path}.time")), "wait_of_none")),
            Some(found) if found > LONGEST_WAIT => {
                let mark = self.place(&format!("{path}.time"));
                self.say(Problem::at(mark, "wait_too_long").with("limit", LONGEST_WAIT).with("found", found));
            }
            _ => {}
        }
        if let Some(executor) = &event.executor {
            self.executor(key, executor);
        }
    }

    /// Whoever is asked where it fails is not chosen by the initiator.
    pub(super) fn executor(&mut self, key: &str, executor: &Who) {
        if executor.0.iter().any(|rule| matches!(rule, Rule::InitiatorChoice { .. })) {
            self.say(Problem::at(self.place(&format!("nodes.{key}.who")), "executor_chosen"));
        }
        self.who(key, executor);
    }

    /// An expression of any type, or a field alone that is no file.
    fn sent(&mut self, path: &str, written: &Written) {
        let source = written.0.trim();
        if self.is_about_unread(source) {
            return;
        }
        let alone = source.strip_prefix("form.").and_then(|id| self.flow.form.field(id));
        if alone.is_some_and(|field| {
            matches!(field.kind, FieldType::Attachment | FieldType::Image | FieldType::Handwriting)
        }) {
            self.say(Problem::at(self.place(path), "attachment_sent"));
        }
        if alone.is_some() {
            return;
        }
        let parsed = Expr::parse(&written.0).map_err(|error| vec![error]);
        if let Err(errors) = parsed.and_then(|expr| expr.check(&self.flow.form.env())) {
            for error in errors {
                let mark = self.reader.places.within(path, self.reader.source, error.span.start as usize);
                self.say(Problem::expression(mark, &error));
            }
        }
    }
}
