use super::{
    super::words::{self, word},
    duty, operations, people, return_rule, rights, rule, who,
    yaml::{Doc, Entries},
};
use crate::engine::model::{Free, Quorum};

pub(super) fn free(node: &Free) -> Doc {
    let mut entries = Entries::default();
    entries.text("free", &node.key);
    entries.put("name", Doc::words(&node.name));
    entries.put("who", who(&node.who));
    if node.quorum != Quorum::Any {
        entries.text("quorum", word(words::QUORUM, &node.quorum));
    }
    if !node.among.is_empty() {
        entries.put("among", Doc::one_or_row(node.among.iter().map(rule).collect()));
    }
    if node.most_steps != Free::DEFAULT_STEPS {
        entries.text("most_steps", node.most_steps.to_string());
    }
    if !node.send_back {
        entries.text("send_back", "false");
    }
    entries.maybe("operations", operations(node.operations.as_ref()));
    entries.maybe("opinion", duty(&node.opinion));
    entries.maybe("fields", rights(&node.fields));
    entries.maybe("return", return_rule(&node.return_rule));
    entries.maybe("people", people(&node.people));
    entries.map()
}
