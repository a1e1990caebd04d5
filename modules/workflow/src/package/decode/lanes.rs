//! Nodes whose branches are walked at the same time.

use std::collections::BTreeSet;

use hanlin_kernel::Text;

use super::route::{Taken, branch_key};
use crate::{
    engine::model::{Expr, Join, Key, Lane, Lanes},
    package::{
        reader::{Keys, Reader},
        tree::Tree,
        words,
    },
};

/// How deep it stands, and whether its branches have conditions.
type Shape = (usize, bool);

impl Taken {
    pub(super) fn lanes(
        &mut self,
        reader: &mut Reader,
        keys: &mut Keys,
        key: Key,
        name: Option<Text>,
        shape: Shape,
    ) -> Lanes {
        let (depth, inclusive) = shape;
        let branches = keys.need(reader, "branches");
        let mut seen = BTreeSet::new();
        let branches: Vec<Lane> = branches
            .map(|tree| {
                if reader.list(tree, "branches").is_empty() {
                    reader.refuse(tree.at, "no_branches");
                }
                let items = reader.one_or_more(tree);
                items.into_iter().filter_map(|tree| self.lane(reader, tree, &key, &mut seen, shape)).collect()
            })
            .unwrap_or_default();
        let otherwise = if inclusive { keys.need(reader, "otherwise") } else { None };
        let otherwise = otherwise.map(|tree| self.route(reader, tree, depth + 1)).unwrap_or_default();
        let mut setting = |name: &'static str| {
            let tree = keys.take(name);
            reader.places.put(format!("nodes.{key}.{name}"), tree.map_or(keys.at, |tree| tree.at));
            tree
        };
        let (join_tree, on_reject, on_return) = (setting("join"), setting("on_reject"), setting("on_return"));
        let join_tree = join_tree.map(|tree| join(reader, tree));
        Lanes {
            name: name.unwrap_or_else(super::side_by_side),
            branches,
            otherwise,
            join: join_tree.unwrap_or_default(),
            on_reject: on_reject.and_then(|tree| reader.one_of(tree, words::ON_REJECT)).unwrap_or_default(),
            on_return: on_return.and_then(|tree| reader.one_of(tree, words::ON_RETURN)).unwrap_or_default(),
            key,
        }
    }

    pub(super) fn lane(
        &mut self,
        reader: &mut Reader,
        tree: &Tree,
        node: &str,
        seen: &mut BTreeSet<Key>,
        shape: Shape,
    ) -> Option<Lane> {
        self.branches += 1;
        let (depth, inclusive) = shape;
        let mut keys = reader.map(tree, "branch")?;
        let key_tree = keys.need(reader, "branch");
        let name = keys.need(reader, "name").and_then(|tree| reader.text(tree));
        let when_tree = if inclusive { keys.need(reader, "when") } else { None };
        let when = when_tree.and_then(|tree| reader.string(tree));
        let route = keys.need(reader, "route").map(|tree| self.route(reader, tree, depth + 1));
        keys.finish(reader);
        let key = branch_key(reader, key_tree, node, seen);
        if let Some(tree) = when_tree {
            reader.places.put_scalar(&format!("nodes.{node}.branches.{key}.when"), tree);
        }
        Some(Lane {
            key,
            name: name.unwrap_or_default(),
            when: inclusive.then(|| Expr(when.unwrap_or_default())),
            route: route.unwrap_or_default(),
        })
    }
}

/// `all`, `first`, or `{ at_least: 2 }`.
fn join(reader: &mut Reader, tree: &Tree) -> Join {
    if tree.scalar().is_some() {
        return reader.one_of(tree, &[("all", Join::All), ("first", Join::First)]).unwrap_or_default();
    }
    let Some(mut keys) = reader.map(tree, "join") else { return Join::default() };
    let least = keys.need(reader, "at_least").and_then(|tree| reader.parsed(tree, "not_a_count"));
    keys.finish(reader);
    least.map(Join::AtLeast).unwrap_or_default()
}
