//! What a case does in modules: nobody does it in a rehearsal, and what was asked for is held against what was expected.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Failure, find_person, play::Play};
use crate::{
    engine::{
        Acting, Arrival, Awaiting, Command, Intent, Node, Refusal, Values,
        case::Activation,
        model::{Act, Key},
    },
    package::model::Effected,
};

impl Play<'_> {
    /// What effects hand back: what the script fills in at their nodes.
    pub(super) fn effects_give(&mut self) -> Result<BTreeMap<Key, Values>, Failure> {
        let flow = self.flow.flow();
        let acts: Vec<&Act> = flow.nodes().into_iter().filter_map(Node::act).collect();
        let mut all = BTreeMap::new();
        for act in acts {
            let ours = self.filled_at(&act.key)?;
            let theirs = act.results.iter().filter_map(|(own, theirs)| Some((theirs.clone(), ours.get(own)?.clone())));
            all.insert(act.key.clone(), theirs.collect());
        }
        Ok(all)
    }

    /// All that is due happens.
    pub(super) fn effects_happen(&mut self) -> Result<(), Refusal> {
        while let Some(visit) = self.case.due_effect() {
            let node = self.case.activation(visit).map(|visit| visit.node.clone()).unwrap_or_default();
            let values = self.given_back.get(&node).cloned().unwrap_or_default();
            let arrival = Arrival::Done { made: None, values };
            let by = Acting::person(self.case.initiator.person);
            self.decide(Command::of_system(by, Intent::Arrived { activation: visit, arrival }))?;
        }
        Ok(())
    }
}

/// Is this a visit at which the case did something in a module?
pub(super) fn is_at(play: &Play, visit: &Activation) -> bool {
    play.flow.flow().find(&visit.node).is_some_and(|place| place.node.act().is_some())
}

/// What was expected of effects, against what came.
pub(super) fn differ(wanted: &[Effected], play: &Play) -> Option<Failure> {
    let asked = play.case.activations.iter().filter_map(|visit| match &visit.awaiting {
        Some(Awaiting::Effect { effect, values, .. }) => Some((effect, values)),
        _ => None,
    });
    // Only what a case tells of the values is compared.
    let came: Vec<Effected> = asked
        .enumerate()
        .map(|(index, (effect, values))| {
            let told = wanted.get(index).map(|wanted| &wanted.given).into_iter().flatten();
            let given = told.map(|(name, text)| (name.clone(), alike(play, text, values.get(name))));
            Effected { effect: effect.clone(), given: given.collect() }
        })
        .collect();
    (came != wanted).then(|| Failure::new("other_effects", [("wanted", line(wanted)), ("came", line(&came))]))
}

/// What came, in the words of what was expected where it is the same person.
fn alike(play: &Play, wanted: &str, came: Option<&Json>) -> String {
    let came = came.map(|value| shown(play, value)).unwrap_or_default();
    let same = find_person(&play.house.directory, wanted).is_some_and(|person| play.house.login(person) == came);
    if same { wanted.to_owned() } else { came }
}

fn line(effects: &[Effected]) -> String {
    let one = |effect: &Effected| {
        let given: Vec<String> = effect.given.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        if given.is_empty() { effect.effect.clone() } else { format!("{} {{ {} }}", effect.effect, given.join(", ")) }
    };
    format!("[{}]", effects.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// A value as a case of a package writes it: people by their logins, departments, posts and units by their codes.
fn shown(play: &Play, value: &Json) -> String {
    match value {
        Json::String(text) => named(play, text),
        Json::Array(parts) => parts.iter().map(|part| shown(play, part)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn named(play: &Play, text: &str) -> String {
    let (directory, at) = (&play.house.directory, play.world.at);
    if let Some(person) = text.parse().ok().filter(|id| directory.person(*id).is_some()) {
        return play.house.login(person);
    }
    let department = text.parse().ok().and_then(|id| directory.department(id, at)).and_then(|found| found.code.clone());
    let post = || text.parse().ok().and_then(|id| directory.post(id)).map(|post| post.code.clone());
    let unit = || text.parse().ok().and_then(|id| directory.unit(id, at)).and_then(|unit| unit.code.clone());
    department.or_else(post).or_else(unit).unwrap_or_else(|| text.to_owned())
}
