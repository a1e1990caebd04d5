//! Nodes that do something in a module.

use hanlin_kernel::Text;

use super::{calls::named, people::who};
use crate::{
    engine::model::{Act, Expr, Key},
    package::reader::{Keys, Reader},
};

pub(super) fn act(reader: &mut Reader, keys: &mut Keys, key: Key, name: Text) -> Act {
    let path = format!("nodes.{key}");
    let at = keys.at;
    let effect_tree = keys.need(reader, "effect");
    reader.places.put(format!("{path}.effect"), effect_tree.map_or(at, |tree| tree.at));
    let effect = effect_tree.and_then(|tree| reader.string(tree)).unwrap_or_default();
    let with = keys.take("with").map(|tree| named(reader, tree, &format!("{path}.with"))).unwrap_or_default();
    let with = with.into_iter().map(|(parameter, source)| (parameter, Expr(source))).collect();
    let results = keys.take("results").map(|tree| named(reader, tree, &format!("{path}.results"))).unwrap_or_default();
    let executor = keys.take("executor").map(|tree| {
        reader.places.put(format!("{path}.who"), tree.at);
        who(reader, tree)
    });
    Act { key, name, effect, with, results, executor }
}
