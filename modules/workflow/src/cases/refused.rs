//! What the engine refuses, told with the names of people and steps: an id says nothing to whoever reads the sentence.

use hanlin_directory::PersonName;
use hanlin_kernel::{Actor, Error, PersonId};
use serde_json::json;

use super::world::World;
use crate::engine::{CheckedFlow, Refusal};

/// Somebody from outside is told no name that he did not know (ORG-24).
pub(super) fn told(refusal: Refusal, actor: &Actor, flow: &CheckedFlow, world: &World) -> Error {
    let mut error = Error::from(refusal);
    let Error::Refused(refused) = &mut error else { return error };
    let id = |name: &str| refused.args.get(name).and_then(|id| id.as_str());
    let person = id("person").and_then(|id| id.parse::<PersonId>().ok()).filter(|_| !actor.external);
    let node = id("node").and_then(|key| flow.flow().find(key)).map(|place| place.node.name().clone());
    if let Some(person) = person {
        refused.args.insert("person".to_owned(), PersonName::of(person, &world.directory).name.into());
    }
    if let Some(node) = node {
        refused.args.insert("node".to_owned(), json!(node));
    }
    error
}
