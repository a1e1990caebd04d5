use super::{
    calls::named,
    who,
    yaml::{Doc, Entries},
};
use crate::engine::model::Act;

pub(super) fn act(node: &Act) -> Doc {
    let mut entries = Entries::default();
    entries.text("act", &node.key);
    entries.put("name", Doc::words(&node.name));
    entries.text("effect", &node.effect);
    if !node.with.is_empty() {
        entries.put("with", named(node.with.iter().map(|(parameter, value)| (parameter, &value.0)).collect()));
    }
    if !node.results.is_empty() {
        entries.put("results", named(node.results.iter().collect()));
    }
    entries.maybe("executor", node.executor.as_ref().map(who));
    entries.map()
}
