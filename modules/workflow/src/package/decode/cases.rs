//! The test cases of a package.

use std::collections::BTreeMap;

use hanlin_forms::form::{Field, FieldType};
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::{
    engine::{
        Flow, Status, Values,
        model::{Key, Node, START},
    },
    package::{
        model::{
            Act, Asked, Besides, Deed, Doing, Effected, Expect, Login, Refused, ReturnTo, Seen, Signed, TestCase, Verb,
            Visit,
        },
        nearest::nearest,
        problem::Problem,
        reader::{Keys, Reader},
        tree::{Node as Shape, Tree},
        words,
    },
};

pub(super) fn cases(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Vec<TestCase> {
    reader.list(tree, "cases").iter().filter_map(|tree| case(reader, tree, flow)).collect()
}

fn case(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Option<TestCase> {
    let mut keys = reader.map(tree, "case")?;
    let name = keys.need(reader, "name").and_then(|tree| reader.text(tree));
    let proves = keys.take("proves").map(|tree| strings(reader, tree)).unwrap_or_default();
    let at = keys.take("at").and_then(|tree| reader.parsed(tree, "not_a_time"));
    let earlier = keys.take("earlier").map(|tree| reader.one_or_more(tree)).unwrap_or_default();
    let earlier = earlier.into_iter().filter_map(|tree| reader.parsed(tree, "not_a_time")).collect();
    let initiator = keys.need(reader, "initiator").and_then(|tree| reader.string(tree));
    let post = keys.take("post").and_then(|tree| reader.string(tree));
    let values = keys.take("values").map(|tree| values(reader, tree, flow)).unwrap_or_default();
    let records = keys.take("records").map(|tree| records(reader, tree, flow)).unwrap_or_default();
    let choices = keys.take("choices").map(|tree| by_node(reader, tree, flow, strings)).unwrap_or_default();
    let fill = |reader: &mut Reader, tree: &Tree| self::values(reader, tree, flow);
    let fills = keys.take("fills").map(|tree| by_node(reader, tree, flow, fill)).unwrap_or_default();
    let then = keys.take("then").map(|tree| deeds(reader, tree, flow)).unwrap_or_default();
    let expect = keys.need(reader, "expect").and_then(|tree| expect(reader, tree, flow));
    keys.finish(reader);
    Some(TestCase {
        name: name?,
        proves,
        at,
        earlier,
        initiator: initiator?,
        post,
        values,
        records,
        choices,
        fills,
        then,
        expect: expect?,
    })
}

/// What related records have in this case, by their names: `某某公司: { account: "6222" }`, each value as the field that it
/// fills is written.
fn records(reader: &mut Reader, tree: &Tree, flow: &Flow) -> BTreeMap<String, Values> {
    let mut filled: Vec<Field> = Vec::new();
    for (own, theirs) in flow.form.fields.iter().flat_map(|field| &field.fill) {
        let like = flow.form.field(own).map(|own| Field { id: theirs.clone(), ..own.clone() });
        filled.extend(like.filter(|_| filled.iter().all(|known| known.id != *theirs)));
    }
    let Some(keys) = reader.map(tree, "records") else { return BTreeMap::new() };
    keys.all().iter().map(|(word, tree)| (word.text.clone(), values_of(reader, tree, &filled))).collect()
}

fn strings(reader: &mut Reader, tree: &Tree) -> Vec<String> {
    let trees = reader.one_or_more(tree);
    trees.into_iter().filter_map(|tree| reader.string(tree)).collect()
}

/// A map whose keys are nodes.
fn by_node<T>(
    reader: &mut Reader,
    tree: &Tree,
    flow: &Flow,
    mut read: impl FnMut(&mut Reader, &Tree) -> T,
) -> BTreeMap<Key, T> {
    let Some(keys) = reader.map(tree, "by_node") else { return BTreeMap::new() };
    let mut all = BTreeMap::new();
    for (word, tree) in keys.all() {
        if flow.find(&word.text).is_none() {
            unknown_node(reader, word.at, &word.text, flow);
        }
        all.insert(word.text.clone(), read(reader, tree));
    }
    all
}

fn unknown_node(reader: &mut Reader, at: crate::package::Mark, key: &str, flow: &Flow) {
    if reader.lost_nodes {
        return;
    }
    let nodes = flow.nodes();
    let meant = nearest(key, nodes.iter().map(|node| node.key()));
    reader.problems.push(Problem::at(at, "unknown_node").with("node", key).meant(meant));
}

fn values(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Values {
    values_of(reader, tree, &flow.form.fields)
}

/// Of a form, or of one row of a table.
fn values_of(reader: &mut Reader, tree: &Tree, fields: &[Field]) -> Values {
    let Some(keys) = reader.map(tree, "values") else { return Values::new() };
    let mut values = Values::new();
    for (word, tree) in keys.all() {
        match fields.iter().find(|field| field.id == word.text) {
            Some(field) => {
                let value = value(reader, tree, field);
                values.extend(value.map(|value| (word.text.clone(), value)));
            }
            None => {
                let meant = nearest(&word.text, fields.iter().map(|field| field.id.as_str()));
                let problem = Problem::at(word.at, "unknown_field").with("field", word.text.as_str());
                reader.problems.push(problem.meant(meant));
            }
        }
    }
    values
}

/// A value as the form has it, with logins for persons and names for files.
fn value(reader: &mut Reader, tree: &Tree, field: &Field) -> Option<Json> {
    if tree.is_null() {
        return Some(Json::Null);
    }
    match field.kind {
        FieldType::Choices
        | FieldType::Person
        | FieldType::Attachment
        | FieldType::Image
        | FieldType::Cascade
        | FieldType::Department
        | FieldType::Post
        | FieldType::Unit
        | FieldType::Case
        | FieldType::Record
        | FieldType::Handwriting => Some(strings(reader, tree).into()),
        FieldType::Address | FieldType::Location => parts(reader, tree),
        FieldType::Switch => reader.boolean(tree).map(Json::Bool),
        FieldType::Period => period(reader, tree),
        FieldType::Table => {
            let rows = reader.list(tree, "rows").iter();
            Some(rows.map(|row| Json::Object(values_of(reader, row, &field.columns))).collect())
        }
        FieldType::Text
        | FieldType::LongText
        | FieldType::Number
        | FieldType::Money
        | FieldType::Date
        | FieldType::Rating
        | FieldType::Serial
        | FieldType::Description
        | FieldType::Choice => reader.string(tree).map(Json::String),
    }
}

/// `{ province: 浙江省, city: 杭州市, street: 文三路 1 号 }`, each part a text.
fn parts(reader: &mut Reader, tree: &Tree) -> Option<Json> {
    let keys = reader.map(tree, "values")?;
    let mut parts = Values::new();
    for (word, tree) in keys.all() {
        parts.extend(reader.string(tree).map(|part| (word.text.clone(), Json::from(part))));
    }
    Some(Json::Object(parts))
}

/// `{ from: 2026-11-23 am, to: 2026-11-24 pm }`
fn period(reader: &mut Reader, tree: &Tree) -> Option<Json> {
    let mut keys = reader.map(tree, "period")?;
    let from = keys.need(reader, "from").and_then(|tree| period_end(reader, tree));
    let to = keys.need(reader, "to").and_then(|tree| period_end(reader, tree));
    keys.finish(reader);
    Some(json!({ "from": from?, "to": to? }))
}

fn period_end(reader: &mut Reader, tree: &Tree) -> Option<Json> {
    let text = reader.string(tree)?;
    let (date, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let end = match (date.parse::<Date>(), rest.trim()) {
        (Err(_), _) => None,
        (Ok(_), "") => Some(json!({ "date": date })),
        (Ok(_), half @ ("am" | "pm")) => Some(json!({ "date": date, "half": half })),
        (Ok(_), time) => time.contains(':').then(|| json!({ "date": date, "time": time })),
    };
    if end.is_none() {
        reader.problems.push(Problem::at(tree.at, "bad_period_end").with("found", text.as_str()));
    }
    end
}

fn deeds(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Vec<Deed> {
    let trees = reader.one_or_more(tree);
    trees.into_iter().filter_map(|tree| deed(reader, tree, flow)).collect()
}

fn deed(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Option<Deed> {
    if tree.scalar().is_some() {
        let by_itself =
            words::BY_ITSELF.iter().enumerate().map(|(index, (word, _))| (*word, index)).collect::<Vec<_>>();
        return reader.one_of(tree, &by_itself).map(|index| words::BY_ITSELF[index].1.clone());
    }
    let mut keys = reader.map(tree, "deed")?;
    let by = keys.need(reader, "by").and_then(|tree| reader.string(tree));
    let doing = keys.need(reader, "do").and_then(|tree| doing(reader, &mut keys, tree, flow));
    let at = keys.take("at").and_then(|tree| node(reader, tree, flow));
    let words = keys.take("words").and_then(|tree| reader.string(tree));
    let values = keys.take("values").map(|tree| values(reader, tree, flow)).unwrap_or_default();
    let signed = signed(reader, &mut keys);
    let refused = keys.take("refused").and_then(|tree| refused(reader, tree));
    keys.finish(reader);
    Some(Deed::Act(Box::new(Act { by: by?, does: doing?, at, words, values, signed, refused })))
}

/// `scan: [signed.pdf], signed_by: zhao.qing, signed_on: 2026-11-24`, beside what he does.
fn signed(reader: &mut Reader, keys: &mut Keys) -> Option<Signed> {
    let by = keys.take("signed_by").and_then(|tree| reader.string(tree));
    let on = keys.take("signed_on").and_then(|tree| reader.parsed(tree, "not_a_date"));
    let scan = keys.take("scan").map(|tree| strings(reader, tree));
    (by.is_some() || on.is_some() || scan.is_some()).then(|| Signed { scan: scan.unwrap_or_default(), by, on })
}

fn doing(reader: &mut Reader, keys: &mut Keys, tree: &Tree, flow: &Flow) -> Option<Doing> {
    let plain = [
        ("approve", Some(Doing::Approve)),
        ("reject", Some(Doing::Reject)),
        ("abstain", Some(Doing::Abstain)),
        ("complete", Some(Doing::Complete)),
        ("resubmit", Some(Doing::Resubmit)),
        ("withdraw", Some(Doing::Withdraw)),
        ("urge", Some(Doing::Urge)),
        ("comment", Some(Doing::Comment)),
        ("read", Some(Doing::Read)),
        ("return", None),
        ("hand_over", None),
    ];
    let words = plain.iter().map(|(word, _)| *word).chain(words::VERB.iter().map(|(word, _)| *word));
    let known: Vec<(&str, usize)> = words.enumerate().map(|(index, word)| (word, index)).collect();
    let chosen = reader.one_of(tree, &known)?;
    let Some(plain) = plain.get(chosen) else {
        return Some(Doing::Besides(besides(reader, keys, words::VERB[chosen - plain.len()].1, flow)));
    };
    match plain {
        (_, Some(doing)) => Some(doing.clone()),
        ("return", None) => {
            let to = keys.take("to").and_then(|tree| target(reader, tree, flow)).unwrap_or(ReturnTo::Previous);
            let then = keys.take("then").and_then(|tree| reader.one_of(tree, words::AFTER_RETURN));
            Some(Doing::Return { to, then })
        }
        _ => keys.need(reader, "to").and_then(|tree| reader.string(tree)).map(|to| Doing::HandOver { to }),
    }
}

/// `{ do: transfer, to: zhao.qing }`, `{ do: add_signer, to: [a, b], place: beside, among: any }`, `{ do: jump, to: pay }`
fn besides(reader: &mut Reader, keys: &mut Keys, verb: Verb, flow: &Flow) -> Besides {
    let mut besides = Besides { verb, people: Vec::new(), node: None, place: None, among: None };
    if verb.names_people() {
        besides.people = keys.need(reader, "to").map(|tree| strings(reader, tree)).unwrap_or_default();
    }
    if verb == Verb::Jump {
        besides.node = keys.need(reader, "to").and_then(|tree| node(reader, tree, flow));
    }
    if verb == Verb::AddSigner {
        besides.place = keys.take("place").and_then(|tree| reader.one_of(tree, words::PLACE));
    }
    if matches!(verb, Verb::AddSigner | Verb::PassOn) {
        besides.among = keys.take("among").and_then(|tree| reader.one_of(tree, words::AMONG));
    }
    besides
}

fn target(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Option<ReturnTo> {
    Some(match reader.string(tree)?.as_str() {
        "previous" => ReturnTo::Previous,
        START => ReturnTo::Start,
        _ => ReturnTo::Node(node(reader, tree, flow)?),
    })
}

fn node(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Option<Key> {
    let key = reader.string(tree)?;
    if key != START && flow.find(&key).is_none() {
        unknown_node(reader, tree.at, &key, flow);
    }
    Some(key)
}

fn expect(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Option<Expect> {
    let mut keys = reader.map(tree, "expect")?;
    if let Some(tree) = keys.take("refused") {
        let refused = refused(reader, tree);
        keys.finish(reader);
        return refused.map(Expect::Refused);
    }
    let visits = keys.need(reader, "route").map(|tree| visits(reader, tree, flow));
    let ends = keys.need(reader, "ends").and_then(|tree| reader.one_of(tree, words::STATUS));
    let waits = keys.take("waits_for");
    let waits_for = waits.map(|tree| strings(reader, tree)).unwrap_or_default();
    let effects = keys.take("effects").map(|tree| effects(reader, tree)).unwrap_or_default();
    keys.finish(reader);
    if let (Some(tree), Some(true)) = (waits, ends.map(|ends| ends != Status::Running)) {
        reader.refuse(tree.at, "ended_waits");
    }
    Some(Expect::Route { visits: visits?, ends: ends?, waits_for, effects })
}

/// `[attendance.leave]`, or with what it was given: `[organisation.leave: { person: lin.xiao }]`.
fn effects(reader: &mut Reader, tree: &Tree) -> Vec<Effected> {
    let trees = reader.one_or_more(tree);
    trees.into_iter().filter_map(|tree| effect(reader, tree)).collect()
}

fn effect(reader: &mut Reader, tree: &Tree) -> Option<Effected> {
    if tree.scalar().is_some() {
        return reader.string(tree).map(|effect| Effected { effect, given: BTreeMap::new() });
    }
    let [(word, tree)] = reader.map(tree, "effect")?.all() else {
        reader.refuse(tree.at, "one_effect");
        return None;
    };
    let mut given = BTreeMap::new();
    for (parameter, tree) in reader.map(tree, "values")?.all() {
        given.extend(reader.string(tree).map(|text| (parameter.text.clone(), text)));
    }
    Some(Effected { effect: word.text.clone(), given })
}

fn refused(reader: &mut Reader, tree: &Tree) -> Option<Refused> {
    if tree.scalar().is_some() {
        return reader.string(tree).map(|code| Refused { code, fields: Vec::new() });
    }
    let mut keys = reader.map(tree, "refused")?;
    let code = keys.need(reader, "code").and_then(|tree| reader.string(tree));
    let fields = keys.take("fields").map(|tree| strings(reader, tree)).unwrap_or_default();
    keys.finish(reader);
    Some(Refused { code: code?, fields })
}

/// `- supervisor: zhao.qing` for each visit of a node, `- by_days: short` for each branch taken.
fn visits(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Vec<Visit> {
    reader.list(tree, "visits").iter().filter_map(|tree| visit(reader, tree, flow)).collect()
}

fn visit(reader: &mut Reader, tree: &Tree, flow: &Flow) -> Option<Visit> {
    let [(word, what)] = reader.map(tree, "visit")?.all() else {
        reader.refuse(tree.at, "one_visit");
        return None;
    };
    let place = flow.find(&word.text);
    if place.is_none() && word.text != START {
        unknown_node(reader, word.at, &word.text, flow);
        return None;
    }
    let what = match place.map(|place| place.node) {
        Some(Node::Exclusive(exclusive)) => {
            let known = exclusive.branches.iter().map(|branch| branch.key.as_str());
            let known: Vec<_> = known.chain([crate::engine::model::OTHERWISE]).map(|key| (key, key)).collect();
            Seen::Branch(reader.one_of(what, &known)?.to_owned())
        }
        Some(node @ (Node::Parallel(_) | Node::Inclusive(_))) => {
            let known: Vec<_> = node.routes().into_iter().map(|(key, _)| (key, key)).collect();
            let trees = reader.one_or_more(what);
            Seen::Branches(
                trees.into_iter().filter_map(|tree| reader.one_of(tree, &known)).map(str::to_owned).collect(),
            )
        }
        // What a case does in modules is told apart, since nobody is asked there.
        Some(Node::Act(_)) => {
            reader.refuse(word.at, "effect_in_route");
            return None;
        }
        _ if what.is_null() => Seen::People(Vec::new()),
        _ => {
            let trees = reader.one_or_more(what);
            Seen::People(trees.into_iter().filter_map(|tree| asked(reader, tree)).collect())
        }
    };
    Some(Visit { node: word.text.clone(), what })
}

/// `zhao.qing`, or `{ repeated: zhao.qing }`.
fn asked(reader: &mut Reader, tree: &Tree) -> Option<Asked> {
    if let Shape::Scalar(_) = tree.node {
        return reader.string(tree).map(Asked::Person);
    }
    let mut keys = reader.map(tree, "asked")?;
    let person: Option<Login> = keys.need(reader, "repeated").and_then(|tree| reader.string(tree));
    keys.finish(reader);
    person.map(Asked::Repeated)
}
