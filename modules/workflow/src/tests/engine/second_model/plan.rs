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

/// How people are found.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Seek {
    Person(PersonId),
    Post(&'static str),
    /// Of the initiator's department, or so many above it.
    Head(usize),
    Chain(usize),
    Superior,
    Initiator,
    /// Named in the form.
    Field,
    /// Chosen by the initiator.
    Choice,
    /// Whoever agreed at that earlier step; while the plan has no keys, the so-and-so-many-th.
    HandlerOf(String),
    /// Chosen by those who agreed there.
    ChosenBy(String),
    HeadOfPrevious,
}

/// What is done where people are found who cannot be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rules {
    pub(super) on_initiator: OnInitiator,
    /// Where nobody is found, the step is passed over.
    pub(super) nobody_is_fine: bool,
    pub(super) repeats_count: bool,
    /// In the place of one who left stands his superior, also where a successor was named.
    pub(super) left_by_superior: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum OnInitiator {
    Skip,
    Superior,
    Allow,
}

#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) key: String,
    pub(super) who: Vec<Seek>,
    pub(super) rules: Rules,
    pub(super) asks: Asks,
    pub(super) executes: bool,
    /// One may agree there, refuse, return it and hand it on, and nothing else.
    pub(super) is_plain: bool,
    /// It is signed on the printed form.
    pub(super) on_paper: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Lanes {
    pub(super) key: String,
    pub(super) lanes: Vec<Vec<Step>>,
    pub(super) join: Join,
    pub(super) on_reject: OnReject,
    /// A return out of them waits until all have come to an end.
    pub(super) collects_returns: bool,
}

/// What a step waits for that waits for no person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outside {
    /// Something happens in a module.
    Effect,
    /// Another system answers.
    Answer,
    /// It takes the request, and answers later.
    Later,
    Event,
    Time,
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

fn seek() -> impl Strategy<Value = Seek> {
    let post = prop_oneof![Just("cashier"), Just("hr_manager"), Just("vacant")];
    prop_oneof![
        2 => post.prop_map(Seek::Post),
        2 => (0..4usize).prop_map(Seek::Head),
        2 => (1..4usize).prop_map(Seek::Chain),
        1 => Just(Seek::Superior),
        1 => Just(Seek::Initiator),
        1 => Just(Seek::Person(CLERK)),
        2 => Just(Seek::Field),
        2 => Just(Seek::Choice),
        2 => (0..9u8).prop_map(|earlier| Seek::HandlerOf(earlier.to_string())),
        2 => (0..9u8).prop_map(|earlier| Seek::ChosenBy(earlier.to_string())),
        3 => Just(Seek::HeadOfPrevious),
    ]
}

fn who() -> impl Strategy<Value = Vec<Seek>> {
    let named = (subsequence(HANDLERS.to_vec(), 1..4), any::<bool>()).prop_map(|(mut people, reversed)| {
        if reversed {
            people.reverse();
        }
        people.into_iter().map(Seek::Person).collect()
    });
    let mixed = (vec(seek(), 1..3), subsequence(HANDLERS.to_vec(), 0..2));
    let mixed =
        mixed.prop_map(|(seeks, people)| seeks.into_iter().chain(people.into_iter().map(Seek::Person)).collect());
    prop_oneof![3 => named, 2 => mixed]
}

fn rules() -> impl Strategy<Value = Rules> {
    let on_initiator =
        prop_oneof![1 => Just(OnInitiator::Skip), 2 => Just(OnInitiator::Superior), 1 => Just(OnInitiator::Allow)];
    let each = (on_initiator, any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.3));
    each.prop_map(|(on_initiator, nobody_is_fine, repeats_count, left_by_superior)| Rules {
        on_initiator,
        nobody_is_fine,
        repeats_count,
        left_by_superior,
    })
}

/// A plan whose keys are not given yet.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = String::new;
    let asks = prop_oneof![Just(Asks::All), Just(Asks::Any), Just(Asks::InTurn), (1..4usize).prop_map(Asks::AtLeast)];
    let on_paper = prop::bool::weighted(0.15);
    let desk = (who(), rules(), asks, 0..8u8, on_paper).prop_map(move |(who, rules, asks, kind, on_paper)| {
        // Executing is not voted on.
        let executes = kind < 2 && !matches!(asks, Asks::AtLeast(_));
        Step::Desk(Desk { key: key(), who, rules, asks, executes, is_plain: kind == 7, on_paper })
    });
    let outside = prop_oneof![
        Just(Outside::Effect),
        Just(Outside::Answer),
        Just(Outside::Later),
        Just(Outside::Event),
        Just(Outside::Time)
    ];
    let outside = outside.prop_map(move |outside| Step::Outside(key(), outside));
    let leaf = prop_oneof![10 => desk, 1 => Just(Step::Copy(key())), 1 => outside].boxed();
    let node = leaf.prop_recursive(3, 16, 3, move |inner| {
        let route = || vec(inner.clone(), 0..3);
        let join = prop_oneof![Just(Join::All), Just(Join::First), (1..4usize).prop_map(Join::AtLeast)];
        let on_reject = prop_oneof![Just(OnReject::EndCase), Just(OnReject::EndBranch), Just(OnReject::Collect)];
        prop_oneof![
            3 => inner.clone(),
            1 => (route(), route()).prop_map(move |(one, other)| Step::Choose(key(), [one, other])),
            3 => (vec(route(), 2..4), join, on_reject, any::<bool>()).prop_map(
                move |(lanes, join, on_reject, collects_returns)| {
                    Step::Lanes(Lanes { key: key(), lanes, join, on_reject, collects_returns })
                }
            ),
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
                desk.who.iter_mut().for_each(|seek| refer(seek, &desks[1..]));
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

/// The same with people who are named, whatever else is found.
pub(super) fn with_named_people(steps: &mut [Step]) {
    for step in steps {
        match step {
            Step::Desk(desk) => {
                desk.who.retain(|seek| matches!(seek, Seek::Person(person) if *person != CLERK));
                if desk.who.is_empty() {
                    desk.who.push(Seek::Person(VICE_MANAGER));
                }
                desk.rules.repeats_count = false;
                desk.on_paper = false;
            }
            Step::Copy(_) | Step::Outside(..) => {}
            Step::Choose(_, ways) => ways.iter_mut().for_each(|steps| with_named_people(steps)),
            Step::Lanes(lanes) => lanes.lanes.iter_mut().for_each(|steps| with_named_people(steps)),
        }
    }
}

/// By its key, of those that come before.
fn refer(seek: &mut Seek, earlier: &[String]) {
    let (Seek::HandlerOf(named) | Seek::ChosenBy(named)) = seek else { return };
    let which: usize = named.parse().expect("a number");
    match earlier.get(which % earlier.len().max(1)) {
        Some(key) => *named = key.clone(),
        None => *seek = Seek::Superior,
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
    let who: Vec<Value> = desk.who.iter().map(rule).collect();
    json!({ "kind": kind, "key": desk.key, "name": { "zh": desk.key }, "who": who,
        "quorum": quorum, "paper": desk.on_paper.then(|| json!({})), "operations": operations, "people": settings(desk.rules) })
}

fn rule(seek: &Seek) -> Value {
    match seek {
        Seek::Person(person) => json!({ "rule": "person", "person": person }),
        Seek::Post(post) => json!({ "rule": "post", "post": post }),
        Seek::Head(0) => json!({ "rule": "head" }),
        Seek::Head(level) => json!({ "rule": "head", "of": { "up": level } }),
        Seek::Chain(many) => json!({ "rule": "head_chain", "until": { "heads": many } }),
        Seek::Superior => json!({ "rule": "superior" }),
        Seek::Initiator => json!({ "rule": "initiator" }),
        Seek::Field => json!({ "rule": "field", "field": "contact" }),
        Seek::Choice => json!({ "rule": "initiator_choice" }),
        Seek::HandlerOf(node) => json!({ "rule": "handler_of", "node": node }),
        Seek::ChosenBy(node) => json!({ "rule": "chosen_by", "node": node }),
        Seek::HeadOfPrevious => json!({ "rule": "head_of_previous" }),
    }
}

fn settings(rules: Rules) -> Value {
    let on_initiator = match rules.on_initiator {
        OnInitiator::Skip => "skip",
        OnInitiator::Superior => "superior",
        OnInitiator::Allow => "allow",
    };
    json!({ "on_nobody": if rules.nobody_is_fine { "skip" } else { "to_admin" }, "on_initiator": on_initiator,
        "on_repeat": if rules.repeats_count { "skip" } else { "ask" },
        "on_left": if rules.left_by_superior { "superior" } else { "successor" } })
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
        Step::Outside(key, Outside::Later) => {
            json!({ "kind": "webhook", "key": key, "name": { "zh": key }, "endpoint": "finance", "answer": "later" })
        }
        Step::Outside(key, Outside::Time) => {
            let time = json!({ "kind": "for", "span": { "amount": 3, "unit": "days" } });
            json!({ "kind": "wait", "key": key, "name": { "zh": key }, "time": time })
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
                "on_reject": on_reject, "on_return": if lanes.collects_returns { "collect" } else { "at_once" },
                "branches": branches.collect::<Vec<_>>() })
        }
    }
}
