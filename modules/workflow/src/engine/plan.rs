//! Where things stand in a flow: nodes by key, what comes behind them, and which comes before which.

use super::model::{Flow, Node, START};

/// The way from the top of the flow to a node: index in the route, then branch and index in it, and so on.
/// Ordered as the route is read; [`START`] is before everything, a node is before what its branches hold.
pub type Position = Vec<usize>;

/// A node with its surroundings.
#[derive(Clone, Debug)]
pub struct Place<'f> {
    pub node: &'f Node,
    pub position: Position,
    /// The node and the branch it stands in.
    pub inside: Option<(&'f Node, &'f str)>,
    /// What comes behind it in the same route.
    pub next: Option<&'f Node>,
}

/// How one place lies to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    Same,
    /// It is in a branch of the other; everything is so of [`START`].
    Inside,
    /// The other is in a branch of it.
    Around,
    Before,
    Behind,
    /// In another branch of the same node, and both are walked.
    Beside,
    /// In another branch of the same node, of which only one is walked.
    Instead,
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

    /// How `one` lies to `other`.
    pub(crate) fn lie(&self, one: &str, other: &str) -> Option<Lie> {
        let (one, other) = (self.position(one)?, self.position(other)?);
        let Some(parting) = one.iter().zip(&other).position(|(one, other)| one != other) else {
            return Some(match one.len().cmp(&other.len()) {
                std::cmp::Ordering::Equal => Lie::Same,
                std::cmp::Ordering::Greater => Lie::Inside,
                std::cmp::Ordering::Less => Lie::Around,
            });
        };
        // At odd places of a position stands the branch.
        Some(match parting % 2 {
            0 if one[parting] < other[parting] => Lie::Before,
            0 => Lie::Behind,
            _ if self.at(&one[..parting])?.lanes().is_some() => Lie::Beside,
            _ => Lie::Instead,
        })
    }

    /// Is this node gone over again, when the walk goes over the target again?
    pub(crate) fn follows(&self, target: &str, node: &str) -> bool {
        matches!(self.lie(node, target), Some(Lie::Same | Lie::Inside | Lie::Behind | Lie::Instead))
    }

    fn at(&self, position: &[usize]) -> Option<&Node> {
        let (first, rest) = position.split_first()?;
        let mut node = self.route.get(*first)?;
        for step in rest.chunks_exact(2) {
            node = node.routes().get(step[0])?.1.get(step[1])?;
        }
        Some(node)
    }

    pub fn may_withdraw(&self) -> bool {
        self.settings.withdraw.unwrap_or(true)
    }
}

fn find<'f>(route: &'f [Node], key: &str, above: &[usize], inside: Option<(&'f Node, &'f str)>) -> Option<Place<'f>> {
    for (index, node) in route.iter().enumerate() {
        let position = [above, &[index]].concat();
        if node.key() == key {
            return Some(Place { node, position, inside, next: route.get(index + 1) });
        }
        for (branch, (name, inner)) in node.routes().into_iter().enumerate() {
            let found = find(inner, key, &[position.as_slice(), &[branch]].concat(), Some((node, name)));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}
