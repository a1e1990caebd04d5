use std::collections::BTreeMap;

use super::{
    super::words::{self, word},
    yaml::{Doc, Entries},
};
use crate::engine::model::{Call, CallBy, CallWait, FieldId, OnFailure};

pub(super) fn call(node: &Call) -> Doc {
    let mut entries = Entries::default();
    entries.text("call", &node.key);
    entries.put("name", Doc::words(&node.name));
    entries.text("flow", &node.flow);
    entries.maybe("each", node.each.as_ref().map(Doc::text));
    if node.by != CallBy::Each {
        entries.text("by", word(words::CALL_BY, &node.by));
    }
    if !node.values.is_empty() {
        entries.put("values", named(node.values.iter().map(|(field, value)| (field, &value.0)).collect()));
    }
    if !node.results.is_empty() {
        entries.put("results", named(node.results.iter().collect()));
    }
    if node.wait != CallWait::All {
        entries.text("wait_for", word(words::CALL_WAIT, &node.wait));
    }
    if node.on_failure != OnFailure::Ask {
        entries.text("on_failure", word(words::ON_FAILURE, &node.on_failure));
    }
    entries.map()
}

pub(super) fn named(all: BTreeMap<&FieldId, &String>) -> Doc {
    let mut entries = Entries::default();
    for (field, text) in all {
        entries.text(field, text);
    }
    entries.line()
}
