//! The closure against a naive recomputation, at random.

use std::collections::HashMap;

use hanlin_kernel::Id;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::{
    closure::{Ancestor, Edge, Tree},
    model::{Place, Validity},
};

const PLACES: u64 = 9;
const DAYS: i64 = 12;

fn place(n: u64) -> Place {
    if n == 0 { Place::Unit(Id::fixed(1)) } else { Place::Department(Id::fixed(100 + n)) }
}

fn day(n: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + n * 86_400).unwrap()
}

/// The parents of each day, per place: what a sequence of moves made of a tree. A move that would close a circle on
/// some later day is left out.
fn moved(moves: &[(u64, u64, i64)]) -> Vec<HashMap<u64, u64>> {
    let mut by_day: Vec<HashMap<u64, u64>> = vec![(1..PLACES).map(|n| (n, 0)).collect(); DAYS as usize];
    for &(node, parent, from) in moves {
        let later = from as usize..;
        let circle = |parents: &HashMap<u64, u64>| {
            std::iter::successors(Some(parent), |n| parents.get(n).copied()).any(|n| n == node)
        };
        if node != 0 && !by_day[later.clone()].iter().any(circle) {
            for parents in &mut by_day[later] {
                parents.insert(node, parent);
            }
        }
    }
    by_day
}

/// The same as periods; the last one is open.
fn edges(by_day: &[HashMap<u64, u64>]) -> Vec<Edge> {
    let mut edges = vec![Edge { node: place(0), parent: None, validity: Validity::since(day(0)) }];
    for n in 1..PLACES {
        let mut from = 0;
        for today in 1..=by_day.len() {
            let parent = by_day[from][&n];
            if today == by_day.len() || by_day[today][&n] != parent {
                let to = (today < by_day.len()).then(|| day(today as i64));
                edges.push(Edge {
                    node: place(n),
                    parent: Some(place(parent)),
                    validity: Validity { from: day(from as i64), to },
                });
                from = today;
            }
        }
    }
    edges
}

fn at(rows: &[Ancestor], node: Place, instant: Timestamp) -> Vec<(Place, i64)> {
    let mut found: Vec<(Place, i64)> = rows
        .iter()
        .filter(|row| row.node == node && row.validity.covers(instant))
        .map(|row| (row.ancestor, row.depth))
        .collect();
    found.sort_by_key(|(_, depth)| *depth);
    found
}

proptest! {
    // proves: ORG-03 (the part that scopes follow every move, at every instant)
    #[test]
    fn the_closure_is_the_way_up_at_every_instant(
        moves in prop::collection::vec((1..PLACES, 0..PLACES, 0..DAYS), 0..40)
    ) {
        let by_day = moved(&moves);
        let tree: Tree = edges(&by_day).into_iter().collect();
        for n in 0..PLACES {
            let rows = tree.ancestors(place(n)).unwrap();
            for (today, parents) in by_day.iter().enumerate() {
                let naive: Vec<(Place, i64)> = std::iter::successors(Some(n), |n| parents.get(n).copied())
                    .zip(0..)
                    .map(|(n, depth)| (place(n), depth))
                    .collect();
                prop_assert_eq!(at(&rows, place(n), day(today as i64)), naive);
            }
        }
    }
}

#[test]
fn a_circle_is_named() {
    let edge =
        |node, parent| Edge { node: place(node), parent: Some(place(parent)), validity: Validity::since(day(0)) };
    let tree: Tree = [edge(1, 2), edge(2, 3), edge(3, 1)].into_iter().collect();
    assert_eq!(tree.ancestors(place(1)).unwrap_err().0, place(1));
}

#[test]
fn two_may_lie_in_each_other_one_after_the_other() {
    let edge = |node, parent: Option<u64>, validity| Edge { node: place(node), parent: parent.map(place), validity };
    let (first, then) = (Validity::between(day(0), day(5)), Validity::since(day(5)));
    let tree: Tree = [edge(1, Some(2), first), edge(2, None, first), edge(2, Some(1), then), edge(1, None, then)]
        .into_iter()
        .collect();
    assert_eq!(at(&tree.ancestors(place(1)).unwrap(), place(1), day(2)), [(place(1), 0), (place(2), 1)]);
    assert_eq!(at(&tree.ancestors(place(2)).unwrap(), place(2), day(7)), [(place(2), 0), (place(1), 1)]);
}
