//! `readers: { visible_to: [initiator, { node: personnel }], hidden_from: [{ post: clerk }] }`, at a field or a column.

use super::starter;
use crate::{
    engine::model::{Reader as Who, Readers},
    package::{
        problem::Problem,
        reader::Reader,
        tree::{Node as Shape, Tree},
    },
};

pub(super) fn readers(reader: &mut Reader, tree: &Tree) -> Readers {
    let Some(mut keys) = reader.map(tree, "readers") else { return Readers::default() };
    let (visible_to, hidden_from) = (keys.take("visible_to"), keys.take("hidden_from"));
    if visible_to.is_none() && hidden_from.is_none() {
        let problem = Problem::at(tree.at, "one_of_keys").with("keys", "visible_to, hidden_from");
        reader.problems.push(problem);
    }
    keys.finish(reader);
    let mut all = |tree: Option<&Tree>| -> Vec<Who> {
        let trees = tree.map(|tree| reader.one_or_more(tree)).unwrap_or_default();
        trees.into_iter().filter_map(|tree| one(reader, tree)).collect()
    };
    Readers { visible_to: all(visible_to), hidden_from: all(hidden_from) }
}

/// `initiator`, `copies`, `{ node: personnel }`, or whoever may be named under `may_start`.
fn one(reader: &mut Reader, tree: &Tree) -> Option<Who> {
    match tree.scalar().map(|scalar| scalar.text.as_str()) {
        Some("initiator") => return Some(Who::Initiator),
        Some("copies") => return Some(Who::Copies),
        _ => {}
    }
    let names_a_node = matches!(&tree.node, Shape::Map(entries) if entries.iter().any(|(word, _)| word.text == "node"));
    if !names_a_node {
        return starter(reader, tree).map(|of| Who::One { of });
    }
    let mut keys = reader.map(tree, "reader")?;
    let named = keys.need(reader, "node");
    keys.finish(reader);
    let node = reader.string(named?)?;
    reader.places.put(format!("readers.{node}"), tree.at);
    Some(Who::Handler { node })
}
