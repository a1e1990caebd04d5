//! Nodes that open cases of another flow.

use std::collections::BTreeMap;

use hanlin_kernel::Text;

use crate::{
    engine::model::{Call, Expr, FieldId, Key},
    package::{
        reader::{Keys, Reader},
        tree::Tree,
        words,
    },
};

pub(super) fn call(reader: &mut Reader, keys: &mut Keys, key: Key, name: Text) -> Call {
    let path = format!("nodes.{key}");
    let at = keys.at;
    let placed = |reader: &mut Reader, setting: &'static str, tree: Option<&Tree>| {
        reader.places.put(format!("{path}.{setting}"), tree.map_or(at, |tree| tree.at));
    };
    let flow_tree = keys.need(reader, "flow");
    placed(reader, "flow", flow_tree);
    let each_tree = keys.take("each");
    placed(reader, "each", each_tree);
    let flow = flow_tree.and_then(|tree| reader.string(tree)).unwrap_or_default();
    let each = each_tree.and_then(|tree| reader.string(tree));
    let by = keys.take("by").and_then(|tree| reader.one_of(tree, words::CALL_BY)).unwrap_or_default();
    let values = keys.take("values").map(|tree| named(reader, tree, &format!("{path}.values"))).unwrap_or_default();
    let values = values.into_iter().map(|(field, source)| (field, Expr(source))).collect();
    let results = keys.take("results").map(|tree| named(reader, tree, &format!("{path}.results"))).unwrap_or_default();
    let wait = keys.take("wait_for").and_then(|tree| reader.one_of(tree, words::CALL_WAIT)).unwrap_or_default();
    let on_failure =
        keys.take("on_failure").and_then(|tree| reader.one_of(tree, words::ON_FAILURE)).unwrap_or_default();
    Call { key, name, flow, each, by, values, results, wait, on_failure }
}

/// Field → text.
pub(super) fn named(reader: &mut Reader, tree: &Tree, path: &str) -> BTreeMap<FieldId, String> {
    let Some(keys) = reader.map(tree, "values") else { return BTreeMap::new() };
    let mut all = BTreeMap::new();
    for (word, tree) in keys.all() {
        reader.places.put_scalar(&format!("{path}.{}", word.text), tree);
        if let Some(text) = reader.string(tree) {
            all.insert(word.text.clone(), text);
        }
    }
    all
}
