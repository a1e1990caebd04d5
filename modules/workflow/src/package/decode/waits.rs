//! Nodes that wait for a time, or for an event.

use hanlin_kernel::Text;
use jiff::civil::Time;

use super::people::who;
use crate::{
    engine::model::{EventWait, Expr, Key, Span, SpanUnit, Wait, WaitTime},
    package::{
        problem::Problem,
        reader::{Keys, Reader},
        tree::Tree,
        words,
    },
};

/// `until: { field: day, plus: { working_days: 2 }, at: "09:00" }`, `for: { days: 3 }`, or `event: { name: … }`.
pub(super) fn wait(reader: &mut Reader, keys: &mut Keys, key: Key, name: Text) -> Wait {
    let (until_tree, for_tree, event_tree) = (keys.take("until"), keys.take("for"), keys.take("event"));
    let path = format!("nodes.{key}.time");
    reader.places.put(path.as_str(), until_tree.or(for_tree).or(event_tree).map_or(keys.at, |tree| tree.at));
    let time = match (until_tree, for_tree, event_tree) {
        (Some(tree), None, None) => until(reader, tree, &path),
        (None, None, Some(tree)) => event(reader, tree, &format!("nodes.{key}")),
        (None, Some(tree), None) => span(reader, tree, words::SPAN_UNIT).map(|span| WaitTime::For { span }),
        _ => {
            let at = keys.at;
            reader.problems.push(Problem::at(at, "one_of_keys").with("keys", "until, for, event"));
            None
        }
    };
    // What could not be read was told of, and is no further mistake.
    let time = time.unwrap_or(WaitTime::For { span: Span { amount: 1, unit: SpanUnit::Days } });
    Wait { key, name, time }
}

fn until(reader: &mut Reader, tree: &Tree, path: &str) -> Option<WaitTime> {
    let mut keys = reader.map(tree, "until")?;
    let field_tree = keys.need(reader, "field");
    reader.places.put(format!("{path}.field"), field_tree.map_or(keys.at, |tree| tree.at));
    let field = field_tree.and_then(|tree| reader.string(tree));
    let (plus, minus) = (keys.take("plus"), keys.take("minus"));
    if let (Some(_), Some(second)) = (plus, minus) {
        reader.problems.push(Problem::at(second.at, "one_of_keys").with("keys", "plus, minus"));
    }
    let days = plus.or(minus).and_then(|tree| span(reader, tree, words::SPAN_OF_DAYS));
    let sign = if plus.is_some() { 1 } else { -1 };
    let at = keys.take("at").and_then(|tree| clock_time(reader, tree));
    keys.finish(reader);
    let shift = days.map_or(0, |days| sign * i32::try_from(days.amount).unwrap_or(i32::MAX));
    let working = days.is_some_and(|days| days.unit == SpanUnit::WorkingDays);
    Some(WaitTime::Until { field: field?, shift, working, at })
}

/// `event: { named: contract.signed, about: form.number, at_most: { days: 30 }, then: go_on, executor: … }`
fn event(reader: &mut Reader, tree: &Tree, path: &str) -> Option<WaitTime> {
    let mut keys = reader.map(tree, "event")?;
    let event = keys.need(reader, "named").and_then(|tree| reader.string(tree));
    let about = keys.take("about").and_then(|tree| {
        reader.places.put_scalar(&format!("{path}.about"), tree);
        reader.string(tree).map(Expr)
    });
    let at_most = keys.take("at_most").and_then(|tree| span(reader, tree, words::SPAN_UNIT));
    let then = keys.take("then").and_then(|tree| reader.one_of(tree, words::ON_LATE)).unwrap_or_default();
    let executor = keys.take("executor").map(|tree| {
        reader.places.put(format!("{path}.who"), tree.at);
        who(reader, tree)
    });
    keys.finish(reader);
    Some(WaitTime::Event(Box::new(EventWait { event: event?, about, at_most, then, executor })))
}

/// To the minute: nobody names a second, and the file does not keep it.
fn clock_time(reader: &mut Reader, tree: &Tree) -> Option<Time> {
    let time: Option<Time> = reader.parsed(tree, "not_a_clock_time");
    if let Some(odd) = time.filter(|time| time.with().second(0).subsec_nanosecond(0).build().ok() != Some(*time)) {
        reader.problems.push(Problem::at(tree.at, "not_a_clock_time").with("found", odd.to_string()));
    }
    time
}

/// One entry: a unit and how many.
fn span(reader: &mut Reader, tree: &Tree, known: words::Table<SpanUnit>) -> Option<Span> {
    let mut keys = reader.map(tree, "span")?;
    let told: Vec<_> = known.iter().filter_map(|(word, unit)| keys.take(word).map(|tree| (*unit, tree))).collect();
    let at = keys.at;
    keys.finish(reader);
    let [(unit, amount)] = told[..] else {
        let names: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        reader.problems.push(Problem::at(at, "one_of_keys").with("keys", names.join(", ")));
        return None;
    };
    reader.parsed(amount, "not_a_count").map(|amount| Span { amount, unit })
}
