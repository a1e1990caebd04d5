use super::{closing, duty, opening, operations, quorum, rule, yaml::Doc};
use crate::engine::model::{Free, Quorum};

pub(super) fn free(node: &Free) -> Doc {
    let mut entries = opening("free", &node.key, &node.name, &node.who);
    if node.quorum != Quorum::Any {
        entries.put("quorum", quorum(node.quorum));
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
    closing(entries, &node.fields, &node.return_rule, &node.people)
}
