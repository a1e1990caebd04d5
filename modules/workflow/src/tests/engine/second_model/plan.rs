//! Plans drawn at random, and the same plan as a route that the engine walks.

use hanlin_kernel::PersonId;
use proptest::{collection::vec, prelude::*, sample::subsequence};
use serde_json::{Value, json};

use super::super::{story::people, world::*};

/// Step, branch, step, branch … down to a step.
pub(super) type Path = Vec<usize>;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Asks {
    All,
    Any,
    InTurn,
    AtLeast(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Join {
    All,
    First,
    AtLeast(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum OnReject {
    EndCase,
    EndBranch,
    Collect,
}

#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) key: String,
    pub(super) people: Vec<PersonId>,
    pub(super) asks: Asks,
    pub(super) executes: bool,
    /// One may agree there, refuse, return it and hand it on, and nothing else.
    pub(super) is_plain: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Lanes {
    pub(super) key: String,
    pub(super) lanes: Vec<Vec<Step>>,
    pub(super) join: Join,
    pub(super) on_reject: OnReject,
}

/// What a step waits for that waits for no person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outside {
    /// Something happens in a module.
    Effect,
    /// Another system answers.
    Answer,
    Event,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Desk(Desk),
    /// Passed over: readers are not waited for.
    Copy(String),
    /// It waits for no person.
    Outside(String, Outside),
    /// The first way for large amounts, the second for others.
    Choose(String, [Vec<Step>; 2]),
    Lanes(Lanes),
}

impl Step {
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Desk(desk) => &desk.key,
            Self::Lanes(lanes) => &lanes.key,
            Self::Copy(key) | Self::Outside(key, _) | Self::Choose(key, _) => key,
        }
    }

    pub(super) fn branches(&self) -> &[Vec<Step>] {
        match self {
            Self::Choose(_, ways) => ways,
            Self::Lanes(lanes) => &lanes.lanes,
            Self::Desk(_) | Self::Copy(_) | Self::Outside(..) => &[],
        }
    }
}

/// Whoever may stand in a step: not the initiator, whose own cases have rules of their own.
const HANDLERS: [PersonId; 7] =
    [GENERAL_MANAGER, VICE_MANAGER, HR_MANAGER, HR_SPECIALIST, SALES_HEAD, COLLEAGUE, CASHIER];

/// A plan whose keys are not given yet.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = String::new;
    let asks = prop_oneof![Just(Asks::All), Just(Asks::Any), Just(Asks::InTurn), (1..4usize).prop_map(Asks::AtLeast)];
    let desk = (subsequence(HANDLERS.to_vec(), 1..4), asks, any::<bool>(), 0..8u8).prop_map(
        move |(mut people, asks, reversed, kind)| {
            if reversed {
                people.reverse();
            }
            // Executing is not voted on.
            let executes = kind < 2 && !matches!(asks, Asks::AtLeast(_));
            Step::Desk(Desk { key: key(), people, asks, executes, is_plain: kind == 7 })
        },
    );
    let outside = prop_oneof![Just(Outside::Effect), Just(Outside::Answer), Just(Outside::Event)];
    let outside = outside.prop_map(move |outside| Step::Outside(key(), outside));
    let leaf = prop_oneof![10 => desk, 1 => Just(Step::Copy(key())), 1 => outside].boxed();
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
    vec(node, 1..5)
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
            Step::Copy(key) | Step::Outside(key, _) => *key = own,
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

/// The way to the step of that key.
pub(super) fn path_of(steps: &[Step], key: &str) -> Option<Path> {
    steps.iter().enumerate().find_map(|(at, step)| {
        if step.key() == key {
            return Some(vec![at]);
        }
        let mut branches = step.branches().iter().enumerate();
        branches.find_map(|(branch, steps)| Some([vec![at, branch], path_of(steps, key)?].concat()))
    })
}

pub(super) fn step_at<'p>(steps: &'p [Step], path: &[usize]) -> &'p Step {
    match path {
        [at] => &steps[*at],
        [at, branch, rest @ ..] => step_at(&steps[*at].branches()[*branch], rest),
        [] => panic!("the initiator's own step is none of the plan"),
    }
}

/// The steps of a branch, or of the whole plan.
pub(super) fn steps_of<'p>(steps: &'p [Step], branch: &[usize]) -> &'p [Step] {
    match branch {
        [] => steps,
        [at, branch, rest @ ..] => steps_of(&steps[*at].branches()[*branch], rest),
        [_] => panic!("that is a step"),
    }
}

/// Where a step lies, seen from another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lies {
    Before,
    At,
    Behind,
    /// In another branch, and both are walked.
    Beside,
    /// In another branch, of which only one is walked.
    Instead,
    Around,
}

pub(super) fn lies(plan: &[Step], one: &[usize], other: &[usize]) -> Lies {
    let parting = one.iter().zip(other).position(|(one, other)| one != other);
    match parting {
        None if one.len() < other.len() => Lies::Around,
        None => Lies::At,
        Some(level) if level % 2 == 1 => match step_at(plan, &one[..level]) {
            Step::Lanes(_) => Lies::Beside,
            _ => Lies::Instead,
        },
        Some(level) if one[level] < other[level] => Lies::Before,
        Some(_) => Lies::Behind,
    }
}

pub(super) fn route(steps: &[Step]) -> Value {
    steps.iter().map(node).collect()
}

fn desk(desk: &Desk) -> Value {
    let quorum = match desk.asks {
        Asks::All => json!("all"),
        Asks::Any => json!("any"),
        Asks::InTurn => json!("in_turn"),
        Asks::AtLeast(least) => json!({ "at_least": least }),
    };
    let kind = if desk.executes { "handle" } else { "approve" };
    let mut operations = vec!["return_to", "comment", "transfer"];
    operations.extend((!desk.executes).then_some("reject"));
    let more = ["add_signer", "remove_signer", "delegate", "consult", "hold", "take_back", "terminate"];
    operations.extend(more.iter().filter(|_| !desk.is_plain));
    json!({ "kind": kind, "key": desk.key, "name": { "zh": desk.key }, "who": people(&desk.people),
        "quorum": quorum, "operations": operations, "people": { "on_repeat": "ask" } })
}

fn node(step: &Step) -> Value {
    let branch = |key: String, steps: &[Step]| json!({ "key": key, "name": { "zh": "支" }, "route": route(steps) });
    match step {
        Step::Desk(one) => desk(one),
        Step::Copy(key) => {
            json!({ "kind": "copy", "key": key, "name": { "zh": key }, "who": people(&[SECRETARY]) })
        }
        Step::Outside(key, Outside::Effect) => {
            json!({ "kind": "act", "key": key, "name": { "zh": key }, "effect": "attendance.leave" })
        }
        Step::Outside(key, Outside::Answer) => {
            json!({ "kind": "webhook", "key": key, "name": { "zh": key }, "endpoint": "finance" })
        }
        Step::Outside(key, Outside::Event) => {
            let time =
                json!({ "kind": "event", "event": "contract.signed", "at_most": { "amount": 2, "unit": "days" } });
            json!({ "kind": "wait", "key": key, "name": { "zh": key }, "time": time })
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
