//! How many of several people are enough, and how their votes are counted.

use super::people::who;
use crate::{
    engine::{
        Vote, Weighing,
        model::{Quorum, Who},
    },
    package::{
        problem::Problem,
        reader::{Keys, Reader},
        tree::Tree,
        words,
    },
};

/// `all`, `any`, `in_turn`, `claim`, `{ at_least: 2 }`, `{ percent: 60 }` or `{ weight: 5 }`.
pub(super) fn quorum(reader: &mut Reader, keys: &mut Keys, key: &str) -> Option<Quorum> {
    let tree = keys.take("quorum")?;
    reader.places.put(format!("nodes.{key}.quorum"), tree.at);
    if tree.scalar().is_some() {
        return reader.one_of(tree, words::QUORUM);
    }
    let mut keys = reader.map(tree, "quorum")?;
    let numbers = ["at_least", "percent", "weight"];
    let told: Vec<_> = numbers.into_iter().filter_map(|name| keys.take(name).map(|tree| (name, tree))).collect();
    keys.finish(reader);
    let [(name, number)] = told[..] else {
        reader.problems.push(Problem::at(tree.at, "one_of_keys").with("keys", numbers.join(", ")));
        return None;
    };
    let number = reader.parsed(number, "not_a_count")?;
    Some(match name {
        "at_least" => Quorum::AtLeast(number),
        "percent" => Quorum::Percent(number),
        _ => Quorum::Weight(number),
    })
}

/// `{ veto: …, weights: [{ who: …, weight: 3 }], until: all_voted, abstain: true }`
pub(super) fn vote(reader: &mut Reader, keys: &mut Keys, key: &str) -> Option<Vote> {
    let tree = keys.take("vote")?;
    let path = format!("nodes.{key}.vote");
    reader.places.put(path.as_str(), tree.at);
    let mut keys = reader.map(tree, "vote")?;
    let veto = keys.take("veto");
    if let Some(tree) = veto {
        reader.places.put(format!("{path}.veto"), tree.at);
    }
    let veto = veto.map(|tree| who(reader, tree)).unwrap_or_default();
    let weights = keys.take("weights").map(|tree| weights(reader, tree, &path)).unwrap_or_default();
    let until = keys.take("until").and_then(|tree| reader.one_of(tree, words::VOTE_UNTIL)).unwrap_or_default();
    let abstain = keys.take("abstain").and_then(|tree| reader.boolean(tree)).unwrap_or(false);
    keys.finish(reader);
    Some(Vote { veto, weights, until, abstain })
}

fn weights(reader: &mut Reader, tree: &Tree, path: &str) -> Vec<Weighing> {
    reader.places.put(format!("{path}.weights"), tree.at);
    let mut weights = Vec::new();
    for (index, tree) in reader.one_or_more(tree).into_iter().enumerate() {
        reader.places.put(format!("{path}.weights[{index}]"), tree.at);
        weights.extend(weighing(reader, tree));
    }
    weights
}

fn weighing(reader: &mut Reader, tree: &Tree) -> Option<Weighing> {
    let mut keys = reader.map(tree, "weighing")?;
    let people: Option<Who> = keys.need(reader, "who").map(|tree| who(reader, tree));
    let weight = keys.need(reader, "weight").and_then(|tree| reader.parsed(tree, "not_a_count"));
    keys.finish(reader);
    Some(Weighing { who: people?, weight: weight? })
}
