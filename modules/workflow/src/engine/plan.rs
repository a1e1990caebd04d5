//! Where things stand in a flow: nodes by key, what comes behind them, and which comes before which.

use super::model::{Exclusive, Flow, Key, Node, START};

/// The way from the top of the flow to a node: index in the route, then branch and index in it, and so on.
/// Ordered as the route is walked; [`START`] is before everything, a node is before what its branches hold.
pub type Position = Vec<usize>;

/// A node with its surroundings.
#[derive(Clone, Debug)]
pub struct Place<'f> {
    pub node: &'f Node,
    pub position: Position,
    /// The exclusive node and the branch it stands in.
    pub inside: Option<(&'f Exclusive, &'f str)>,
    /// What comes behind it in the same route.
    pub next: Option<&'f Node>,
}

impl Flow {
    /// The node of this key.
    pub fn find(&self, key: &str) -> Option<Place<'_>> {
        find(&self.route, key, &[], None)
    }

    /// All nodes, in the order of the route.
    pub fn nodes(&self) -> Vec<&Node> {
        fn collect<'f>(route: &'f [Node], into: &mut Vec<&'f Node>) {
            for node in route {
                into.push(node);
                node.routes().into_iter().for_each(|(_, inner)| collect(inner, into));
            }
        }
        let mut all = Vec::new();
        collect(&self.route, &mut all);
        all
    }

    /// Where a node stands; [`START`] is before all.
    pub(crate) fn position(&self, key: &str) -> Option<Position> {
        if key == START { Some(Position::new()) } else { self.find(key).map(|place| place.position) }
    }

    pub fn may_withdraw(&self) -> bool {
        self.settings.withdraw.unwrap_or(true)
    }
}

fn find<'f>(
    route: &'f [Node],
    key: &str,
    above: &[usize],
    inside: Option<(&'f Exclusive, &'f str)>,
) -> Option<Place<'f>> {
    for (index, node) in route.iter().enumerate() {
        let position = [above, &[index]].concat();
        if node.key() == key {
            return Some(Place { node, position, inside, next: route.get(index + 1) });
        }
        let Node::Exclusive(exclusive) = node else { continue };
        for (branch, (name, inner)) in node.routes().into_iter().enumerate() {
            let found = find(inner, key, &[position.as_slice(), &[branch]].concat(), Some((exclusive, name)));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

impl Exclusive {
    /// The route of this branch.
    pub(crate) fn branch_route(&self, branch: &Key) -> Option<&[Node]> {
        if branch == super::model::OTHERWISE {
            return Some(&self.otherwise);
        }
        self.branches.iter().find(|candidate| candidate.key == *branch).map(|branch| branch.route.as_slice())
    }
}
