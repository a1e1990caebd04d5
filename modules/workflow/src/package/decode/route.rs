//! The route: a list of nodes, each named by its kind and key, exclusive ones with further routes in them.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_forms::form::Right;
use hanlin_kernel::Text;

use super::{
    calls, effects, free, paper,
    people::{people_settings, who},
    vote, waits, webhooks,
};
use crate::{
    engine::{
        is_key,
        model::{
            AfterReturn, Approve, Branch, Copying, Exclusive, Expr, FieldId, Function, Handle, Key, Lane, Node,
            Operation, OpinionDuty, Opinions, Paper, PeopleSettings, Quorum, ReturnRule, Who,
        },
    },
    package::{
        MAX_BRANCHES, MAX_DEPTH, MAX_NODES,
        nearest::nearest,
        problem::{Mark, Problem},
        reader::{Keys, Reader},
        tree::Tree,
        words,
    },
};

const KINDS: [&str; 11] =
    ["approve", "handle", "copy", "exclusive", "parallel", "inclusive", "wait", "call", "free", "act", "webhook"];

pub(super) fn route(reader: &mut Reader, tree: &Tree) -> Vec<Node> {
    let mut taken = Taken::default();
    let nodes = taken.route(reader, tree, 1);
    if nodes.is_empty() && taken.keys.is_empty() {
        reader.refuse(tree.at, "empty_route");
        reader.lost_nodes = true;
    }
    let mut too_many = |found: usize, limit: usize, code: &str| {
        if found > limit {
            reader.problems.push(Problem::at(tree.at, code).with("limit", limit).with("found", found));
        }
        found > limit
    };
    let nodes_too_many = too_many(taken.count, MAX_NODES, "too_many_nodes");
    let branches_too_many = too_many(taken.branches, MAX_BRANCHES, "too_many_branches");
    if nodes_too_many || branches_too_many {
        // Looking closer at all of them would take long and tell nothing.
        reader.lost_nodes = true;
        return Vec::new();
    }
    nodes
}

/// Keys that nodes have taken, and how many nodes and branches there are.
#[derive(Default)]
pub(super) struct Taken {
    keys: BTreeMap<Key, Mark>,
    count: usize,
    pub(super) branches: usize,
}

impl Taken {
    pub(super) fn route(&mut self, reader: &mut Reader, tree: &Tree, depth: usize) -> Vec<Node> {
        if depth > MAX_DEPTH {
            reader.problems.push(Problem::at(tree.at, "too_deep").with("limit", MAX_DEPTH));
            return Vec::new();
        }
        let mut nodes = Vec::new();
        for tree in reader.list(tree, "route") {
            let node = self.node(reader, tree, depth);
            reader.lost_nodes |= node.is_none();
            nodes.extend(node);
        }
        nodes
    }

    fn node(&mut self, reader: &mut Reader, tree: &Tree, depth: usize) -> Option<Node> {
        self.count += 1;
        let mut keys = reader.map(tree, "node")?;
        let told: Vec<_> = KINDS.into_iter().filter_map(|kind| keys.take(kind).map(|tree| (kind, tree))).collect();
        let [(kind, key_tree)] = told[..] else {
            return refuse_kind(reader, keys, told.len());
        };
        let key = self.key(reader, key_tree).unwrap_or_default();
        reader.places.put(format!("nodes.{key}"), keys.mark(kind).unwrap_or(keys.at));
        let named = !["exclusive", "parallel", "inclusive"].contains(&kind);
        let name = if named { keys.need(reader, "name") } else { keys.take("name") };
        let name = name.and_then(|tree| reader.text(tree));
        let node = match kind {
            "approve" => Node::Approve(Box::new(approve(reader, &mut keys, key, name.unwrap_or_default()))),
            "handle" => Node::Handle(Box::new(handle(reader, &mut keys, key, name.unwrap_or_default()))),
            "copy" => Node::Copy(copy(reader, &mut keys, key, name.unwrap_or_default())),
            "call" => Node::Call(Box::new(calls::call(reader, &mut keys, key, name.unwrap_or_default()))),
            "free" => Node::Free(Box::new(free::free(reader, &mut keys, key, name.unwrap_or_default()))),
            "act" => Node::Act(Box::new(effects::act(reader, &mut keys, key, name.unwrap_or_default()))),
            "webhook" => Node::Webhook(Box::new(webhooks::webhook(reader, &mut keys, key, name.unwrap_or_default()))),
            "wait" => Node::Wait(waits::wait(reader, &mut keys, key, name.unwrap_or_default())),
            "parallel" => Node::Parallel(self.lanes(reader, &mut keys, key, name, (depth, false))),
            "inclusive" => Node::Inclusive(self.lanes(reader, &mut keys, key, name, (depth, true))),
            _ => {
                let name = name.unwrap_or_else(super::branching);
                Node::Exclusive(self.exclusive(reader, &mut keys, key, name, depth))
            }
        };
        keys.finish(reader);
        Some(node)
    }

    fn key(&mut self, reader: &mut Reader, tree: &Tree) -> Option<Key> {
        let key = reader.string(tree)?;
        if !is_key(&key) {
            reader.problems.push(Problem::at(tree.at, "illegal_key").with("key", key.as_str()));
        }
        match self.keys.get(&key) {
            Some(first) => {
                let problem = Problem::at(tree.at, "duplicate_node").with("key", key.as_str());
                reader.problems.push(problem.with("line", first.line));
            }
            None => {
                self.keys.insert(key.clone(), tree.at);
            }
        }
        Some(key)
    }

    fn exclusive(&mut self, reader: &mut Reader, keys: &mut Keys, key: Key, name: Text, depth: usize) -> Exclusive {
        let branches = keys.need(reader, "branches");
        let mut seen = BTreeSet::new();
        let branches = branches.map(|tree| {
            if reader.list(tree, "branches").is_empty() {
                reader.refuse(tree.at, "no_branches");
            }
            let items = reader.one_or_more(tree);
            items.into_iter().filter_map(|tree| self.branch(reader, tree, &key, &mut seen, depth)).collect()
        });
        let otherwise = keys.take("otherwise");
        if let Some(mark) = keys.mark("otherwise") {
            reader.places.put(format!("nodes.{key}.otherwise"), mark);
        }
        let otherwise = otherwise.map(|tree| self.route(reader, tree, depth + 1)).unwrap_or_default();
        Exclusive { key, name, branches: branches.unwrap_or_default(), otherwise }
    }

    fn branch(
        &mut self,
        reader: &mut Reader,
        tree: &Tree,
        node: &str,
        seen: &mut BTreeSet<Key>,
        depth: usize,
    ) -> Option<Branch> {
        let Lane { key, name, when, route } = self.lane(reader, tree, node, seen, (depth, true))?;
        Some(Branch { key, name, when: when.unwrap_or_else(|| Expr(String::new())), route })
    }
}

pub(super) fn branch_key(reader: &mut Reader, tree: Option<&Tree>, node: &str, seen: &mut BTreeSet<Key>) -> Key {
    let key = tree.and_then(|tree| reader.string(tree)).unwrap_or_default();
    if let Some(tree) = tree {
        if !is_key(&key) {
            reader.problems.push(Problem::at(tree.at, "illegal_key").with("key", key.as_str()));
        }
        if !seen.insert(key.clone()) {
            reader.problems.push(Problem::at(tree.at, "duplicate_branch").with("key", key.as_str()));
        }
        reader.places.put(format!("nodes.{node}.branches.{key}"), tree.at);
    }
    key
}

/// No kind is told, or several are.
fn refuse_kind(reader: &mut Reader, mut keys: Keys, told: usize) -> Option<Node> {
    for key in [
        "name",
        "who",
        "branches",
        "otherwise",
        "join",
        "on_reject",
        "on_return",
        "quorum",
        "fields",
        "until",
        "for",
        "flow",
        "among",
        "effect",
        "with",
        "executor",
        "paper",
    ] {
        keys.take(key);
    }
    let at = keys.at;
    let before = reader.problems.len();
    keys.finish(reader);
    // A kind with a typo was told of as an unknown key already.
    let typo = reader.problems[before..].iter().any(|problem| {
        let key = problem.args.get("key").and_then(serde_json::Value::as_str);
        key.is_some_and(|key| nearest(key, KINDS).is_some())
    });
    if told > 1 || !typo {
        let code = if told > 1 { "several_kinds" } else { "no_kind" };
        reader.problems.push(Problem::at(at, code).with("kinds", KINDS.join(", ")));
    }
    None
}

/// What approving and handling nodes both have.
struct Desk {
    who: Who,
    quorum: Option<Quorum>,
    paper: Option<Paper>,
    opinions: Opinions,
    operations: Option<BTreeSet<Operation>>,
    fields: BTreeMap<FieldId, Right>,
    return_rule: ReturnRule,
    people: PeopleSettings,
}

fn desk(reader: &mut Reader, keys: &mut Keys, key: &str) -> Desk {
    Desk {
        who: who_of(reader, keys, key),
        quorum: vote::quorum(reader, keys, key),
        paper: paper::paper(reader, keys, key),
        opinions: keys.take("opinions").and_then(|tree| reader.one_of(tree, words::OPINIONS)).unwrap_or_default(),
        operations: keys.take("operations").map(|tree| operations(reader, tree)),
        fields: fields_of(reader, keys, key),
        return_rule: keys.take("return").map(|tree| return_rule(reader, tree, key)).unwrap_or_default(),
        people: keys.take("people").map(|tree| people_settings(reader, tree)).unwrap_or_default(),
    }
}

fn approve(reader: &mut Reader, keys: &mut Keys, key: Key, name: Text) -> Approve {
    let Desk { who, quorum, paper, opinions, operations, fields, return_rule, people } = desk(reader, keys, &key);
    let vote = vote::vote(reader, keys, &key);
    let function = keys.take("function").and_then(|tree| reader.one_of(tree, words::FUNCTION));
    let opinion = keys.take("opinion").map(|tree| duty(reader, tree)).unwrap_or_default();
    Approve {
        key,
        name,
        function: function.unwrap_or(Function::Approval),
        who,
        quorum: quorum.unwrap_or_default(),
        vote,
        paper,
        opinions,
        operations,
        opinion,
        fields,
        return_rule,
        people,
    }
}

fn handle(reader: &mut Reader, keys: &mut Keys, key: Key, name: Text) -> Handle {
    let Desk { who, quorum, paper, opinions, operations, fields, return_rule, people } = desk(reader, keys, &key);
    let result = keys.take("result").map(|tree| duty(reader, tree)).unwrap_or_default();
    let quorum = quorum.unwrap_or(Quorum::Any);
    Handle { key, name, who, quorum, paper, opinions, operations, result, fields, return_rule, people }
}

fn copy(reader: &mut Reader, keys: &mut Keys, key: Key, name: Text) -> Copying {
    let who = who_of(reader, keys, &key);
    let must_read = keys.take("must_read").and_then(|tree| reader.boolean(tree)).unwrap_or(false);
    let fields = fields_of(reader, keys, &key);
    Copying { key, name, who, must_read, fields }
}

pub(super) fn who_of(reader: &mut Reader, keys: &mut Keys, key: &str) -> Who {
    let tree = keys.need(reader, "who");
    if let Some(tree) = tree {
        reader.places.put(format!("nodes.{key}.who"), tree.at);
    }
    tree.map(|tree| who(reader, tree)).unwrap_or_default()
}

pub(super) fn fields_of(reader: &mut Reader, keys: &mut Keys, key: &str) -> BTreeMap<FieldId, Right> {
    let path = format!("nodes.{key}.fields");
    keys.take("fields").map(|tree| rights(reader, tree, &path)).unwrap_or_default()
}

/// Field → right.
pub(super) fn rights(reader: &mut Reader, tree: &Tree, path: &str) -> BTreeMap<FieldId, Right> {
    let Some(keys) = reader.map(tree, "rights") else { return BTreeMap::new() };
    let mut rights = BTreeMap::new();
    for (word, tree) in keys.all() {
        reader.places.put(format!("{path}.{}", word.text), word.at);
        if let Some(right) = reader.one_of(tree, words::RIGHT) {
            rights.insert(word.text.clone(), right);
        }
    }
    rights
}

pub(super) fn operations(reader: &mut Reader, tree: &Tree) -> BTreeSet<Operation> {
    let items = reader.list(tree, "operations");
    items.iter().filter_map(|tree| reader.one_of(tree, words::OPERATION)).collect()
}

/// `required`, `optional`, or `{ required: true, min_length: 10, forbidden: [照办], bare_read: agree }`.
pub(super) fn duty(reader: &mut Reader, tree: &Tree) -> OpinionDuty {
    if tree.scalar().is_some() {
        let required = reader.one_of(tree, &[("required", true), ("optional", false)]);
        return OpinionDuty { required, ..OpinionDuty::default() };
    }
    let Some(mut keys) = reader.map(tree, "opinion") else { return OpinionDuty::default() };
    let required = keys.take("required").and_then(|tree| reader.boolean(tree));
    let min_length = keys.take("min_length").and_then(|tree| reader.parsed(tree, "not_a_count"));
    let forbidden = keys.take("forbidden").map(|tree| strings(reader, tree)).unwrap_or_default();
    let bare_read = keys.take("bare_read").and_then(|tree| reader.one_of(tree, words::BARE_READ));
    keys.finish(reader);
    OpinionDuty { required, min_length, forbidden, bare_read }
}

fn strings(reader: &mut Reader, tree: &Tree) -> Vec<String> {
    let trees = reader.one_or_more(tree);
    trees.into_iter().filter_map(|tree| reader.string(tree)).collect()
}

/// `{ to: [start, supervisor], then: straight_back }`
pub(super) fn return_rule(reader: &mut Reader, tree: &Tree, key: &str) -> ReturnRule {
    let Some(mut keys) = reader.map(tree, "return") else { return ReturnRule::default() };
    let to = keys.take("to").map(|tree| {
        let targets = reader.one_or_more(tree);
        let mut names = BTreeSet::new();
        for tree in targets {
            if let Some(name) = reader.string(tree) {
                reader.places.put(format!("nodes.{key}.return.{name}"), tree.at);
                names.insert(name);
            }
        }
        names
    });
    let then: Option<AfterReturn> = keys.take("then").and_then(|tree| reader.one_of(tree, words::AFTER_RETURN));
    let decides_on = keys.take("decides_on").map(|tree| {
        let mut fields = BTreeSet::new();
        for tree in reader.one_or_more(tree) {
            if let Some(field) = reader.string(tree) {
                reader.places.put(format!("nodes.{key}.decides_on.{field}"), tree.at);
                fields.insert(field);
            }
        }
        fields
    });
    keys.finish(reader);
    ReturnRule { to, then, decides_on }
}
