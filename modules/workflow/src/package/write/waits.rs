use super::{
    super::words::{self, word},
    who,
    yaml::{Doc, Entries},
};
use crate::engine::model::{EventWait, OnLate, SpanUnit, Wait, WaitTime};

pub(super) fn wait(node: &Wait) -> Doc {
    let mut entries = Entries::default();
    entries.text("wait", &node.key);
    entries.put("name", Doc::words(&node.name));
    match &node.time {
        WaitTime::For { span } => entries.put("for", amount(word(words::SPAN_UNIT, &span.unit), span.amount)),
        WaitTime::Until { field, shift, working, at } => {
            let mut until = Entries::default();
            until.text("field", field);
            if *shift != 0 {
                let unit = if *working { SpanUnit::WorkingDays } else { SpanUnit::Days };
                let days = amount(word(words::SPAN_UNIT, &unit), shift.unsigned_abs());
                until.put(if *shift > 0 { "plus" } else { "minus" }, days);
            }
            until.maybe("at", at.map(|at| Doc::text(at.strftime("%H:%M").to_string())));
            entries.put("until", until.line());
        }
        WaitTime::Event(event) => entries.put("event", self::event(event)),
    }
    entries.map()
}

fn event(event: &EventWait) -> Doc {
    let mut entries = Entries::default();
    entries.text("named", &event.event);
    entries.maybe("about", event.about.as_ref().map(|about| Doc::text(&about.0)));
    entries.maybe("at_most", event.at_most.map(|span| amount(word(words::SPAN_UNIT, &span.unit), span.amount)));
    if event.then != OnLate::Ask {
        entries.text("then", word(words::ON_LATE, &event.then));
    }
    entries.maybe("executor", event.executor.as_ref().map(who));
    entries.map()
}

fn amount(unit: &'static str, amount: u32) -> Doc {
    Doc::line([(unit, Doc::text(amount.to_string()))])
}
