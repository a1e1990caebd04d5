use jiff::civil::DateTime;
use serde_json::Value as Json;

use super::yaml::{Doc, Entries};
use crate::{
    engine::Values,
    package::{
        model::{Act, Asked, Besides, Deed, Doing, Effected, Expect, Refused, ReturnTo, Seen, Signed, TestCase, Visit},
        words::{self, word},
    },
};

pub(super) fn case(case: &TestCase) -> Doc {
    let mut entries = Entries::default();
    entries.put("name", Doc::words(&case.name));
    if !case.proves.is_empty() {
        entries.put("proves", Doc::row(case.proves.iter().map(Doc::text)));
    }
    let time = |at: DateTime| Doc::text(at.strftime("%Y-%m-%d %H:%M:%S").to_string());
    entries.maybe("at", case.at.map(time));
    if !case.earlier.is_empty() {
        entries.put("earlier", Doc::one_or_row(case.earlier.iter().copied().map(time).collect()));
    }
    entries.text("initiator", &case.initiator);
    entries.maybe("post", case.post.as_ref().map(Doc::text));
    if !case.values.is_empty() {
        entries.put("values", values(&case.values));
    }
    if !case.records.is_empty() {
        let records = case.records.iter().map(|(name, has)| (name.clone(), values(has)));
        entries.put("records", Doc::Map(records.collect()));
    }
    if !case.choices.is_empty() {
        let choices = case.choices.iter().map(|(node, people)| (node.clone(), people_of(people)));
        entries.put("choices", Doc::Line(Box::new(Doc::Map(choices.collect()))));
    }
    if !case.fills.is_empty() {
        let fills = case.fills.iter().map(|(node, filled)| (node.clone(), values(filled)));
        entries.put("fills", Doc::Map(fills.collect()));
    }
    if !case.then.is_empty() {
        entries.put("then", Doc::List(case.then.iter().map(deed).collect()));
    }
    entries.put("expect", expect(&case.expect));
    entries.map()
}

fn people_of(people: &[String]) -> Doc {
    Doc::one_or_row(people.iter().map(Doc::text).collect())
}

fn values(values: &Values) -> Doc {
    let mut entries = Entries::default();
    for (field, value) in values {
        entries.put(field, self::value(value));
    }
    entries.line()
}

fn value(value: &Json) -> Doc {
    match value {
        Json::String(text) => Doc::text(text),
        // Rows of a table, or texts.
        Json::Array(parts) => {
            Doc::row(parts.iter().map(|part| part.as_object().map_or_else(|| self::value(part), values)))
        }
        // The parts of an address or of a position.
        Json::Object(parts) if !parts.contains_key("from") => values(parts),
        Json::Object(ends) => {
            let end = |name: &str| Doc::text(period_end(ends.get(name).unwrap_or(&Json::Null)));
            Doc::line([("from", end("from")), ("to", end("to"))])
        }
        Json::Null => Doc::Null,
        other => Doc::text(other.to_string()),
    }
}

/// `2026-11-23 am`
fn period_end(end: &Json) -> String {
    let part = |name: &str| end.get(name).and_then(Json::as_str);
    let rest = part("half").or(part("time")).map(|rest| format!(" {rest}")).unwrap_or_default();
    format!("{}{rest}", part("date").unwrap_or_default())
}

fn deed(deed: &Deed) -> Doc {
    let Deed::Act(act) = deed else { return Doc::text(word(words::BY_ITSELF, deed)) };
    let Act { by, does, at, words, values: filled, signed, refused } = &**act;
    let mut entries = Entries::default();
    entries.text("by", by);
    let (doing, to, then) = match does {
        Doing::Approve => ("approve", None, None),
        Doing::Reject => ("reject", None, None),
        Doing::Abstain => ("abstain", None, None),
        Doing::Complete => ("complete", None, None),
        Doing::Resubmit => ("resubmit", None, None),
        Doing::Withdraw => ("withdraw", None, None),
        Doing::Urge => ("urge", None, None),
        Doing::Comment => ("comment", None, None),
        Doing::Read => ("read", None, None),
        Doing::Return { to, then } => {
            let to = match to {
                ReturnTo::Previous => "previous",
                ReturnTo::Start => "start",
                ReturnTo::Node(key) => key,
            };
            ("return", Some(Doc::text(to)), then.map(|then| word(words::AFTER_RETURN, &then)))
        }
        Doing::HandOver { to } => ("hand_over", Some(Doc::text(to)), None),
        Doing::Besides(besides) => (word(words::VERB, &besides.verb), whom(besides), None),
    };
    entries.text("do", doing);
    entries.maybe("to", to);
    if let Doing::Besides(Besides { place, among, .. }) = does {
        entries.maybe("place", place.map(|place| Doc::text(word(words::PLACE, &place))));
        entries.maybe("among", among.map(|among| Doc::text(word(words::AMONG, &among))));
    }
    entries.maybe("then", then.map(Doc::text));
    entries.maybe("at", at.as_ref().map(Doc::text));
    entries.maybe("words", words.as_ref().map(Doc::text));
    if !filled.is_empty() {
        entries.put("values", values(filled));
    }
    if let Some(Signed { scan, by, on }) = signed {
        if !scan.is_empty() {
            entries.put("scan", Doc::one_or_row(scan.iter().map(Doc::text).collect()));
        }
        entries.maybe("signed_by", by.as_ref().map(Doc::text));
        entries.maybe("signed_on", on.map(|day| Doc::text(day.to_string())));
    }
    entries.maybe("refused", refused.as_ref().map(self::refused));
    entries.line()
}

/// The people, or where a jump leads.
fn whom(besides: &Besides) -> Option<Doc> {
    let named = besides.verb.names_people().then(|| people_of(&besides.people));
    named.or(besides.node.as_ref().map(Doc::text))
}

fn expect(expect: &Expect) -> Doc {
    let mut entries = Entries::default();
    match expect {
        Expect::Refused(refused) => entries.put("refused", self::refused(refused)),
        Expect::Route { visits, ends, waits_for, effects } => {
            entries.put("route", Doc::List(visits.iter().map(visit).collect()));
            entries.text("ends", word(words::STATUS, ends));
            if !waits_for.is_empty() {
                entries.put("waits_for", people_of(waits_for));
            }
            if !effects.is_empty() {
                entries.put("effects", Doc::List(effects.iter().map(effect).collect()));
            }
        }
    }
    entries.map()
}

fn effect(effect: &Effected) -> Doc {
    if effect.given.is_empty() {
        return Doc::text(&effect.effect);
    }
    let mut given = Entries::default();
    for (parameter, value) in &effect.given {
        given.text(parameter, value);
    }
    Doc::Map(vec![(effect.effect.clone(), given.line())])
}

fn refused(refused: &Refused) -> Doc {
    if refused.fields.is_empty() {
        return Doc::text(&refused.code);
    }
    let fields = Doc::row(refused.fields.iter().map(Doc::text));
    Doc::line([("code", Doc::text(&refused.code)), ("fields", fields)])
}

fn visit(visit: &Visit) -> Doc {
    let what = match &visit.what {
        Seen::Branch(branch) => Doc::text(branch),
        Seen::Branches(branches) => Doc::row(branches.iter().map(Doc::text)),
        Seen::People(people) => Doc::one_or_row(people.iter().map(asked).collect()),
    };
    Doc::Map(vec![(visit.node.clone(), Doc::Line(Box::new(what)))])
}

fn asked(asked: &Asked) -> Doc {
    match asked {
        Asked::Person(login) => Doc::text(login),
        Asked::Repeated(login) => Doc::line([("repeated", Doc::text(login))]),
    }
}
