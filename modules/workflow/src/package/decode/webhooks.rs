//! Nodes that ask another system.

use hanlin_kernel::Text;

use super::{calls::named, people::who};
use crate::{
    engine::model::{Expr, Key, Webhook},
    package::{
        reader::{Keys, Reader},
        words,
    },
};

pub(super) fn webhook(reader: &mut Reader, keys: &mut Keys, key: Key, name: Text) -> Webhook {
    let path = format!("nodes.{key}");
    let at = keys.at;
    let endpoint_tree = keys.need(reader, "endpoint");
    reader.places.put(format!("{path}.endpoint"), endpoint_tree.map_or(at, |tree| tree.at));
    let endpoint = endpoint_tree.and_then(|tree| reader.string(tree)).unwrap_or_default();
    let send = keys.take("send").map(|tree| named(reader, tree, &format!("{path}.send"))).unwrap_or_default();
    let send = send.into_iter().map(|(parameter, source)| (parameter, Expr(source))).collect();
    let results = keys.take("results").map(|tree| named(reader, tree, &format!("{path}.results"))).unwrap_or_default();
    let answer = keys.take("answer").and_then(|tree| reader.one_of(tree, words::ANSWER)).unwrap_or_default();
    let executor = keys.take("executor").map(|tree| {
        reader.places.put(format!("{path}.who"), tree.at);
        who(reader, tree)
    });
    Webhook { key, name, endpoint, send, results, answer, executor }
}
