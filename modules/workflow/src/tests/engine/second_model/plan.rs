//! Plans drawn at random, and the same plan as a route that the engine walks.

use hanlin_kernel::PersonId;
use proptest::{collection::vec, prelude::*, sample::subsequence};
use serde_json::{Value, json};

use super::{
    super::{story::people, world::*},
    model::{Asks, Desk, Join, Lanes, OnReject, Step},
};

/// Whoever may stand in a step: not the initiator, whose own cases have rules of their own.
const HANDLERS: [PersonId; 7] =
    [GENERAL_MANAGER, VICE_MANAGER, HR_MANAGER, HR_SPECIALIST, SALES_HEAD, COLLEAGUE, CASHIER];

/// A plan whose keys are not given yet.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = String::new;
    let asks = prop_oneof![Just(Asks::All), Just(Asks::Any), Just(Asks::InTurn), (1..4usize).prop_map(Asks::AtLeast)];
    let desk = (subsequence(HANDLERS.to_vec(), 1..4), asks, any::<bool>(), 0..4u8).prop_map(
        move |(mut people, asks, reversed, kind)| {
            if reversed {
                people.reverse();
            }
            // Executing is not voted on.
            let executes = kind == 0 && !matches!(asks, Asks::AtLeast(_));
            Step::Desk(Desk { key: key(), people, asks, executes })
        },
    );
    let leaf = prop_oneof![6 => desk, 1 => Just(Step::Copy(key()))].boxed();
    let node = leaf.prop_recursive(3, 16, 3, move |inner| {
        let route = || vec(inner.clone(), 0..3);
        let join = prop_oneof![Just(Join::All), Just(Join::First), (1..4usize).prop_map(Join::AtLeast)];
        let on_reject = prop_oneof![Just(OnReject::EndCase), Just(OnReject::EndBranch), Just(OnReject::Collect)];
        prop_oneof![
            3 => inner.clone(),
            1 => (route(), route()).prop_map(move |(one, other)| Step::Choose(key(), [one, other])),
            3 => (vec(route(), 2..4), join, on_reject)
                .prop_map(move |(lanes, join, on_reject)| Step::Lanes(Lanes { key: key(), lanes, join, on_reject })),
        ]
    });
    // What happens in a module asks nobody; in branches beside others it would matter when it happens.
    let step = prop_oneof![6 => node, 1 => Just(Step::Act(String::new()))];
    vec(step, 1..5)
}

/// Gives every step its key, by its place, and notes those of desks.
pub(super) fn name(steps: &mut [Step], next: &mut u32, desks: &mut Vec<String>) {
    for step in steps {
        let own = format!("n{next}");
        *next += 1;
        match step {
            Step::Desk(desk) => {
                desks.push(own.clone());
                desk.key = own;
            }
            Step::Copy(key) | Step::Act(key) => *key = own,
            Step::Choose(key, ways) => {
                *key = own;
                ways.iter_mut().for_each(|steps| name(steps, next, desks));
            }
            Step::Lanes(lanes) => {
                lanes.key = own;
                lanes.lanes.iter_mut().for_each(|steps| name(steps, next, desks));
            }
        }
    }
}

pub(super) fn route(steps: &[Step]) -> Value {
    steps.iter().map(node).collect()
}

pub(super) fn node(step: &Step) -> Value {
    let branch = |key: String, steps: &[Step]| json!({ "key": key, "name": { "zh": "支" }, "route": route(steps) });
    match step {
        Step::Desk(desk) => {
            let quorum = match desk.asks {
                Asks::All => json!("all"),
                Asks::Any => json!("any"),
                Asks::InTurn => json!("in_turn"),
                Asks::AtLeast(least) => json!({ "at_least": least }),
            };
            let kind = if desk.executes { "handle" } else { "approve" };
            let mut operations = vec!["return_to", "comment", "transfer"];
            operations.extend((!desk.executes).then_some("reject"));
            json!({ "kind": kind, "key": desk.key, "name": { "zh": desk.key }, "who": people(&desk.people),
                "quorum": quorum, "operations": operations, "people": { "on_repeat": "ask" } })
        }
        Step::Copy(key) => {
            json!({ "kind": "copy", "key": key, "name": { "zh": key }, "who": people(&[SECRETARY]) })
        }
        // Another system that is asked, and an event, are waited for as an effect is, and end as it does: they are left to
        // the property of all flows.
        Step::Act(key) => {
            json!({ "kind": "act", "key": key, "name": { "zh": key }, "effect": "attendance.leave" })
        }
        Step::Choose(key, [large, others]) => {
            let mut large = branch("large".into(), large);
            large["when"] = json!("form.amount > 1000");
            json!({ "kind": "exclusive", "key": key, "name": { "zh": key }, "branches": [large],
                "otherwise": route(others) })
        }
        Step::Lanes(lanes) => {
            let join = match lanes.join {
                Join::All => json!("all"),
                Join::First => json!("first"),
                Join::AtLeast(least) => json!({ "at_least": least }),
            };
            let on_reject = match lanes.on_reject {
                OnReject::EndCase => "end_case",
                OnReject::EndBranch => "end_branch",
                OnReject::Collect => "collect",
            };
            let branches = lanes.lanes.iter().enumerate().map(|(number, steps)| branch(format!("l{number}"), steps));
            json!({ "kind": "parallel", "key": lanes.key, "name": { "zh": lanes.key }, "join": join,
                "on_reject": on_reject, "branches": branches.collect::<Vec<_>>() })
        }
    }
}
