use super::{
    super::words::{self, word},
    calls::named,
    who,
    yaml::{Doc, Entries},
};
use crate::engine::model::{AnswerWhen, Webhook};

pub(super) fn webhook(node: &Webhook) -> Doc {
    let mut entries = Entries::default();
    entries.text("webhook", &node.key);
    entries.put("name", Doc::words(&node.name));
    entries.text("endpoint", &node.endpoint);
    if !node.send.is_empty() {
        entries.put("send", named(node.send.iter().map(|(parameter, value)| (parameter, &value.0)).collect()));
    }
    if !node.results.is_empty() {
        entries.put("results", named(node.results.iter().collect()));
    }
    if node.answer != AnswerWhen::AtOnce {
        entries.text("answer", word(words::ANSWER, &node.answer));
    }
    entries.maybe("executor", node.executor.as_ref().map(who));
    entries.map()
}
