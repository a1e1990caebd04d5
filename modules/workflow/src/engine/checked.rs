//! A flow that can be run: its form and its conditions are checked once, when it is loaded, and not at each decision.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_forms::{
    expr::{Checked, Env, Expr, ExprError, Finding, analyse},
    form::{CheckedForm, Problem},
};
use serde::Serialize;

use super::{
    act::is_handed_as_it_is,
    model::{Branch, Exclusive, Expr as Condition, FieldId, Flow, Key, Node, OTHERWISE, START},
};

/// A flow whose form and conditions are sound. What a shell keeps in memory of each version.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedFlow {
    flow: Flow,
    form: CheckedForm,
    /// By node and branch.
    conditions: BTreeMap<(Key, Key), Checked>,
    /// Exclusive nodes whose conditions leave no case over, once what they read is filled in.
    complete: BTreeSet<Key>,
    /// By field: the fields that it is computed from or shown by.
    dependencies: BTreeMap<FieldId, BTreeSet<FieldId>>,
}

/// Why a flow cannot be run. The check of packages says more, and where; this is what the engine cannot do without.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Flaw {
    Form {
        problem: Problem,
    },
    Condition {
        node: Key,
        branch: Key,
        error: ExprError,
    },
    /// Two nodes, or two branches of a node, have this key.
    DuplicateKey {
        key: Key,
    },
    /// Not a letter followed by letters, digits and `_`, or a word that means something else.
    IllegalKey {
        key: Key,
    },
}

impl Flow {
    /// The flow, ready to run; or all that keeps it from running.
    pub fn checked(self) -> Result<CheckedFlow, Vec<Flaw>> {
        let mut flaws = key_flaws(&self);
        let form = self.form.clone().checked();
        if let Err(problems) = &form {
            flaws.extend(problems.iter().map(|problem| Flaw::Form { problem: problem.clone() }));
        }
        let env = self.form.env();
        let mut conditions = BTreeMap::new();
        for ((node, branch), when) in conditions_of(&self) {
            let parsed = Expr::parse(&when.0).map_err(|error| vec![error]);
            match parsed.and_then(|expr| expr.check_condition(&env)) {
                Ok(condition) => {
                    conditions.insert((node, branch), condition);
                }
                Err(errors) => flaws.extend(errors.into_iter().map(|error| Flaw::Condition {
                    node: node.clone(),
                    branch: branch.clone(),
                    error,
                })),
            }
        }
        // What is handed to another case or to a module is an expression of any type.
        for node in self.nodes() {
            let handed = node.handed().into_iter();
            for (name, written) in handed.filter(|(_, written)| !is_handed_as_it_is(node, &written.0)) {
                let parsed = Expr::parse(&written.0).map_err(|error| vec![error]);
                let (node, branch) = (node.key().to_owned(), name.to_owned());
                match parsed.and_then(|expr| expr.check(&env)) {
                    Ok(checked) => {
                        conditions.insert((node, branch), checked);
                    }
                    Err(errors) => flaws.extend(errors.into_iter().map(|error| Flaw::Condition {
                        node: node.clone(),
                        branch: branch.clone(),
                        error,
                    })),
                }
            }
        }
        match form {
            Ok(form) if flaws.is_empty() => {
                let dependencies = dependencies(&form);
                let complete = complete(&self, &conditions, &env);
                Ok(CheckedFlow { flow: self, form, conditions, complete, dependencies })
            }
            _ => Err(flaws),
        }
    }
}

impl CheckedFlow {
    pub fn flow(&self) -> &Flow {
        &self.flow
    }

    pub fn form(&self) -> &CheckedForm {
        &self.form
    }

    /// The fields that this field is computed from or shown by.
    pub(crate) fn depends_on(&self, field: &str) -> &BTreeSet<FieldId> {
        static NONE: BTreeSet<FieldId> = BTreeSet::new();
        self.dependencies.get(field).unwrap_or(&NONE)
    }

    /// Do this exclusive node's conditions leave no case over? Then a prediction need not speak of `otherwise`.
    pub(crate) fn is_complete(&self, node: &str) -> bool {
        self.complete.contains(node)
    }

    pub(crate) fn condition(&self, node: &str, branch: &str) -> Option<&Checked> {
        self.conditions.get(&(node.to_owned(), branch.to_owned()))
    }
}

fn complete(flow: &Flow, conditions: &BTreeMap<(Key, Key), Checked>, env: &Env) -> BTreeSet<Key> {
    let exclusives = flow.nodes().into_iter().filter_map(|node| match node {
        Node::Exclusive(exclusive) => Some(exclusive),
        _ => None,
    });
    let leaves_none = |exclusive: &&Exclusive| {
        let of_branch = |branch: &Branch| conditions.get(&(exclusive.key.clone(), branch.key.clone()));
        let all: Option<Vec<&Checked>> = exclusive.branches.iter().map(of_branch).collect();
        all.is_some_and(|all| analyse(&all, env).gap == Finding::No)
    };
    exclusives.filter(leaves_none).map(|exclusive| exclusive.key.clone()).collect()
}

fn conditions_of(flow: &Flow) -> Vec<((Key, Key), &Condition)> {
    let of_node = |node: &Node| {
        let key = node.key().to_owned();
        move |(branch, when): (&str, _)| ((key.clone(), branch.to_owned()), when)
    };
    let branches = flow.nodes().into_iter().flat_map(|node| node.conditions().into_iter().map(of_node(node)));
    branches.chain(flow.authority_conditions()).collect()
}

fn dependencies(form: &CheckedForm) -> BTreeMap<FieldId, BTreeSet<FieldId>> {
    form.form().fields.iter().map(|field| (field.id.clone(), form.depends_on(field))).collect()
}

fn key_flaws(flow: &Flow) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut look_at = |keys: Vec<&str>| {
        let mut seen = BTreeSet::new();
        for key in keys {
            if !is_key(key) {
                flaws.push(Flaw::IllegalKey { key: key.to_owned() });
            }
            if !seen.insert(key) {
                flaws.push(Flaw::DuplicateKey { key: key.to_owned() });
            }
        }
    };
    look_at(flow.nodes().into_iter().map(Node::key).collect());
    for node in flow.nodes() {
        match node {
            Node::Exclusive(node) => look_at(node.branches.iter().map(|branch| branch.key.as_str()).collect()),
            node => look_at(node.lanes().into_iter().flat_map(|node| node.routes()).map(|(key, _)| key).collect()),
        }
    }
    flaws
}

/// A letter, then letters, digits and `_`, all small; not a word that the engine uses itself.
pub fn is_key(key: &str) -> bool {
    let legal = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.chars().all(legal)
        && key.len() <= 40
        && ![START, OTHERWISE].contains(&key)
}
