//! Nodes that do something in a module: by the catalogue of effects, before anybody runs into them.

use hanlin_forms::expr::Expr;

use super::{Check, Problem};
use crate::{
    effects::{Kind, Known, catalogue},
    engine::{INITIATOR, model::Act},
    package::nearest::nearest,
};

impl Check<'_, '_, '_> {
    pub(super) fn act(&mut self, act: &Act) {
        if let Some(executor) = &act.executor {
            self.executor(&act.key, executor);
        }
        let mark = self.place(&format!("nodes.{}.effect", act.key));
        let Some(known) = catalogue().get(&act.effect) else {
            if !act.effect.is_empty() {
                let meant = nearest(&act.effect, catalogue().keys().map(String::as_str));
                self.say(Problem::at(mark, "unknown_effect").with("effect", act.effect.as_str()).meant(meant));
            }
            return;
        };
        for (name, _) in known.parameters.iter().filter(|(name, one)| one.needed && !act.with.contains_key(*name)) {
            let problem = Problem::at(mark, "parameter_missing").with("effect", act.effect.as_str());
            self.say(problem.with("parameter", name.as_str()));
        }
        self.given(act, known);
        self.handed_back(act, known);
    }

    /// Is each parameter known, and given what it takes?
    fn given(&mut self, act: &Act, known: &Known) {
        let env = self.flow.form.env();
        for (name, written) in &act.with {
            let path = format!("nodes.{}.with.{name}", act.key);
            let mark = self.place(&path);
            let Some(parameter) = known.parameters.get(name) else {
                let names: Vec<&str> = known.parameters.keys().map(String::as_str).collect();
                let problem = Problem::at(mark, "unknown_parameter").with("effect", act.effect.as_str());
                let problem = problem.with("parameter", name.as_str()).with("known", names.join(", "));
                self.say(problem.meant(nearest(name, names.iter().copied())));
                continue;
            };
            let source = written.0.trim();
            if self.is_about_unread(source) {
                continue;
            }
            let alone = source.strip_prefix("form.").and_then(|id| self.flow.form.field(id));
            let fits = match (source, alone) {
                (INITIATOR, _) => parameter.takes == Kind::Person,
                (_, Some(field)) => parameter.takes.takes_field(field),
                _ => {
                    let parsed = Expr::parse(&written.0).map_err(|error| vec![error]);
                    match parsed.and_then(|expr| expr.check(&env)) {
                        Ok(checked) => parameter.takes.takes_type(checked.ty()),
                        Err(errors) => {
                            for error in errors {
                                let source = self.reader.source;
                                let mark = self.reader.places.within(&path, source, error.span.start as usize);
                                self.say(Problem::expression(mark, &error));
                            }
                            continue;
                        }
                    }
                }
            };
            if !fits {
                let takes = format!("workflow.package.takes.{}", parameter.takes.word());
                self.say(Problem::at(mark, "parameter_unfit").with("parameter", name.as_str()).with("takes", takes));
            }
        }
    }

    /// Does each result go into a field that takes it?
    fn handed_back(&mut self, act: &Act, known: &Known) {
        for (id, from) in &act.results {
            let mark = self.place(&format!("nodes.{}.results.{id}", act.key));
            let Some(kind) = known.results.get(from) else {
                let names: Vec<&str> = known.results.keys().map(String::as_str).collect();
                let problem = Problem::at(mark, "unknown_result").with("effect", act.effect.as_str());
                self.say(problem.with("result", from.as_str()).with("known", names.join(", ")));
                continue;
            };
            match self.flow.form.field(id) {
                None => self.unknown_field(mark, id),
                Some(field) if field.fills_itself() => {
                    self.say(Problem::at(mark, "computed_written").with("field", id.as_str()));
                }
                Some(field) if !kind.takes_field(field) && !self.reader.unread.contains(id) => {
                    let holds = format!("workflow.package.takes.{}", kind.word());
                    self.say(Problem::at(mark, "result_unfit").with("field", id.as_str()).with("holds", holds));
                }
                Some(_) => {}
            }
        }
    }
}
