//! Nodes at which whoever has it names who is next.

use hanlin_kernel::Text;

use super::{
    people::{people_settings, who},
    route::{duty, fields_of, operations, return_rule, who_of},
};
use crate::{
    engine::model::{Free, Key, Quorum},
    package::{
        reader::{Keys, Reader},
        words,
    },
};

pub(super) fn free(reader: &mut Reader, keys: &mut Keys, key: Key, name: Text) -> Free {
    let who_there = who_of(reader, keys, &key);
    let quorum = keys.take("quorum").and_then(|tree| reader.one_of(tree, words::AMONG));
    let among_tree = keys.take("among");
    let steps_tree = keys.take("most_steps");
    for (setting, tree) in [("among", among_tree), ("most_steps", steps_tree)] {
        if let Some(tree) = tree {
            reader.places.put(format!("nodes.{key}.{setting}"), tree.at);
        }
    }
    Free {
        who: who_there,
        quorum: quorum.map_or(Quorum::Any, Quorum::from),
        among: among_tree.map(|tree| who(reader, tree).0).unwrap_or_default(),
        most_steps: steps_tree.and_then(|tree| reader.parsed(tree, "not_a_count")).unwrap_or(Free::DEFAULT_STEPS),
        send_back: keys.take("send_back").and_then(|tree| reader.boolean(tree)).unwrap_or(true),
        operations: keys.take("operations").map(|tree| operations(reader, tree)),
        opinion: keys.take("opinion").map(|tree| duty(reader, tree)).unwrap_or_default(),
        fields: fields_of(reader, keys, &key),
        return_rule: keys.take("return").map(|tree| return_rule(reader, tree, &key)).unwrap_or_default(),
        people: keys.take("people").map(|tree| people_settings(reader, tree)).unwrap_or_default(),
        key,
        name,
    }
}
