//! The closure of the tree through time: which places each place lies in, and when. Pure; the ancestor table is kept
//! equal to it, so that "and below" is an index look-up.

use std::collections::HashMap;

use crate::model::{Dated, Department, Place, Unit, Validity};

/// One period of a place: where it hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    pub node: Place,
    pub parent: Option<Place>,
    pub validity: Validity,
}

/// `node` lies in `ancestor`, `depth` steps below it (0: it is itself), in this period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ancestor {
    pub node: Place,
    pub ancestor: Place,
    pub depth: i64,
    pub validity: Validity,
}

/// A place that would lie inside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle(pub Place);

/// Every period of every place.
#[derive(Clone, Debug, Default)]
pub struct Tree(HashMap<Place, Vec<Edge>>);

impl Dated for Edge {
    fn validity(&self) -> Validity {
        self.validity
    }
}

impl From<&Unit> for Edge {
    fn from(unit: &Unit) -> Self {
        Self { node: Place::Unit(unit.id), parent: unit.parent.map(Place::Unit), validity: unit.validity }
    }
}

impl From<&Department> for Edge {
    fn from(department: &Department) -> Self {
        Self { node: Place::Department(department.id), parent: Some(department.above()), validity: department.validity }
    }
}

impl FromIterator<Edge> for Tree {
    fn from_iter<I: IntoIterator<Item = Edge>>(edges: I) -> Self {
        let mut tree = Self::default();
        tree.extend(edges);
        tree
    }
}

impl Extend<Edge> for Tree {
    fn extend<I: IntoIterator<Item = Edge>>(&mut self, edges: I) {
        for edge in edges {
            self.0.entry(edge.node).or_default().push(edge);
        }
    }
}

impl Tree {
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.0.keys().copied()
    }

    pub fn periods(&self, node: Place) -> &[Edge] {
        self.0.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Where a place lies at any time, itself included; adjacent periods of the same answer are one.
    pub fn ancestors(&self, node: Place) -> Result<Vec<Ancestor>, Cycle> {
        let mut found = Vec::new();
        for edge in self.periods(node) {
            self.climb(node, edge, edge.validity, &mut Vec::new(), &mut found)?;
        }
        found.sort_by_key(|row| (row.ancestor, row.depth, row.validity.from));
        found.dedup_by(|next, row| {
            let adjacent =
                row.ancestor == next.ancestor && row.depth == next.depth && row.validity.to == Some(next.validity.from);
            if adjacent {
                row.validity.to = next.validity.to;
            }
            adjacent
        });
        Ok(found)
    }

    /// Goes up from `edge` as long as `window` holds; `path` is what was passed.
    fn climb(
        &self,
        node: Place,
        edge: &Edge,
        window: Validity,
        path: &mut Vec<Place>,
        found: &mut Vec<Ancestor>,
    ) -> Result<(), Cycle> {
        if path.contains(&edge.node) {
            return Err(Cycle(edge.node));
        }
        found.push(Ancestor { node, ancestor: edge.node, depth: path.len() as i64, validity: window });
        let Some(parent) = edge.parent else { return Ok(()) };
        path.push(edge.node);
        for above in self.periods(parent) {
            if let Some(window) = window.meet(&above.validity) {
                self.climb(node, above, window, path, found)?;
            }
        }
        path.pop();
        Ok(())
    }
}
