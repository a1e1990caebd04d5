//! Plans drawn at random, and the same plan as a route that the engine walks.

use hanlin_kernel::PersonId;
use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
};
use serde_json::{Value, json};

use super::{
    super::{story::people, world::*},
    calls::{self, Call, call},
};

/// Step, branch, step, branch … down to a step.
pub(super) type Path = Vec<usize>;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Asks {
    All,
    Any,
    InTurn,
    AtLeast(usize),
    /// Of a hundred who are asked.
    Percent(usize),
    /// So much, as their votes weigh.
    Weight(usize),
    /// Of those who are found one claims it, and has it alone.
    Claim,
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
    /// Whoever has it names who is next.
    pub(super) free: Option<Free>,
    /// Who says no has one vote among others.
    pub(super) vote: Option<Vote>,
}

/// How votes are taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Vote {
    pub(super) veto: Vec<PersonId>,
    /// Of others a vote weighs one.
    pub(super) weights: Vec<(PersonId, usize)>,
    pub(super) until_all_voted: bool,
    pub(super) abstain: bool,
}

/// How a step is passed on.
#[derive(Clone, Debug)]
pub(super) struct Free {
    /// So often.
    pub(super) most: usize,
    /// To these only; nobody here: to anybody.
    pub(super) among: Vec<PersonId>,
    /// And to whoever passed it on to him.
    pub(super) back: bool,
}

/// When a branch is opened, where not all are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Opens {
    Always,
    Never,
    ForLarge,
    ForSmall,
}

#[derive(Clone, Debug)]
pub(super) struct Lanes {
    pub(super) key: String,
    /// Where not all are opened: when each is; the last where no other is.
    pub(super) opens: Option<Vec<Opens>>,
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
    /// Cases of another flow end.
    Calls,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Desk(Desk),
    /// Passed over: readers are not waited for.
    Copy(String),
    /// It waits for no person.
    Outside(String, Outside),
    /// It opens cases of another flow.
    Call(String, Call),
    /// The first way for large amounts, the second for others.
    Choose(String, [Vec<Step>; 2]),
    Lanes(Lanes),
}

impl Step {
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Desk(desk) => &desk.key,
            Self::Lanes(lanes) => &lanes.key,
            Self::Copy(key) | Self::Outside(key, _) | Self::Call(key, _) | Self::Choose(key, _) => key,
        }
    }

    pub(super) fn branches(&self) -> &[Vec<Step>] {
        match self {
            Self::Choose(_, ways) => ways,
            Self::Lanes(lanes) => &lanes.lanes,
            Self::Desk(_) | Self::Copy(_) | Self::Outside(..) | Self::Call(..) => &[],
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

fn vote() -> impl Strategy<Value = Option<Vote>> {
    let weights = vec((select(&HANDLERS[..]), 1..5usize), 0..3);
    let each = (subsequence(HANDLERS.to_vec(), 0..3), weights, any::<bool>(), any::<bool>());
    let vote =
        each.prop_map(|(veto, weights, until_all_voted, abstain)| Vote { veto, weights, until_all_voted, abstain });
    prop::option::weighted(0.4, vote)
}

/// A plan whose keys are not given yet.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = String::new;
    let asks = prop_oneof![
        Just(Asks::All),
        Just(Asks::Any),
        Just(Asks::InTurn),
        Just(Asks::Claim),
        (1..4usize).prop_map(Asks::AtLeast),
        (1..101usize).prop_map(Asks::Percent),
        (1..8usize).prop_map(Asks::Weight)
    ];
    let on_paper = prop::bool::weighted(0.15);
    let free = (1..4usize, subsequence(HANDLERS.to_vec(), 0..4), any::<bool>());
    let free = free.prop_map(|(most, among, back)| Free { most, among, back });
    let desk = (who(), rules(), asks, 0..9u8, on_paper, free, vote());
    let desk = desk.prop_map(move |(who, rules, asks, kind, on_paper, free, vote)| {
        // Executing is not voted on, and what is passed on is not claimed either.
        let is_number = matches!(asks, Asks::AtLeast(_) | Asks::Percent(_) | Asks::Weight(_));
        let executes = kind < 3 && !is_number;
        let vote = vote.filter(|_| !executes && asks != Asks::Claim).or(is_number.then(Vote::default));
        let free = Some(free).filter(|_| executes && kind == 2 && asks != Asks::Claim);
        let on_paper = on_paper && free.is_none();
        Step::Desk(Desk { key: key(), who, rules, asks, executes, is_plain: kind == 8, on_paper, free, vote })
    });
    let outside = prop_oneof![
        Just(Outside::Effect),
        Just(Outside::Answer),
        Just(Outside::Later),
        Just(Outside::Event),
        Just(Outside::Time)
    ];
    let outside = outside.prop_map(move |outside| Step::Outside(key(), outside));
    let call = call().prop_map(move |call| Step::Call(key(), call));
    let leaf = prop_oneof![10 => desk, 1 => Just(Step::Copy(key())), 1 => outside, 1 => call].boxed();
    let node = leaf.prop_recursive(3, 16, 3, move |inner| {
        let route = || vec(inner.clone(), 0..3);
        let join = prop_oneof![Just(Join::All), Just(Join::First), (1..4usize).prop_map(Join::AtLeast)];
        let on_reject = prop_oneof![Just(OnReject::EndCase), Just(OnReject::EndBranch), Just(OnReject::Collect)];
        let opens = prop_oneof![
            1 => Just(Opens::Always),
            1 => Just(Opens::Never),
            2 => Just(Opens::ForLarge),
            2 => Just(Opens::ForSmall)
        ];
        let opens = (prop::bool::weighted(0.3), vec(opens, 3), route());
        prop_oneof![
            3 => inner.clone(),
            1 => (route(), route()).prop_map(move |(one, other)| Step::Choose(key(), [one, other])),
            3 => (vec(route(), 2..4), join, on_reject, any::<bool>(), opens).prop_map(
                move |(mut lanes, join, on_reject, collects_returns, (inclusive, mut opens, otherwise))| {
                    opens.truncate(lanes.len());
                    lanes.extend(Some(otherwise).filter(|_| inclusive));
                    let opens = Some(opens).filter(|_| inclusive);
                    Step::Lanes(Lanes { key: key(), opens, lanes, join, on_reject, collects_returns })
                }
            ),
        ]
    });
    vec(node, 1..5)
}

/// With what the keys of steps begin where whoever has it names who is next.
const FREE: &str = "free";

/// Gives every step its key, by its place, and notes those of desks.
pub(super) fn name(steps: &mut [Step], next: &mut u32, desks: &mut Vec<String>) {
    for step in steps {
        let is_free = matches!(step, Step::Desk(desk) if desk.free.is_some());
        let own = format!("{}{next}", if is_free { FREE } else { "n" });
        *next += 1;
        match step {
            Step::Desk(desk) => {
                desk.who.iter_mut().for_each(|seek| refer(seek, &desks[1..]));
                desks.push(own.clone());
                desk.key = own;
            }
            Step::Copy(key) | Step::Outside(key, _) | Step::Call(key, _) => *key = own,
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

/// The same with people who are named, whatever else is found, and nothing to claim or to pass on.
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
                desk.free = None;
                if desk.asks == Asks::Claim {
                    desk.asks = Asks::Any;
                }
            }
            Step::Copy(_) | Step::Outside(..) | Step::Call(..) => {}
            Step::Choose(_, ways) => ways.iter_mut().for_each(|steps| with_named_people(steps)),
            Step::Lanes(lanes) => lanes.lanes.iter_mut().for_each(|steps| with_named_people(steps)),
        }
    }
}

/// By its key, of those that come before.
fn refer(seek: &mut Seek, earlier: &[String]) {
    let (Seek::HandlerOf(named) | Seek::ChosenBy(named)) = &*seek else { return };
    let which: usize = named.parse().expect("a number");
    *seek = match (earlier.get(which % earlier.len().max(1)), &*seek) {
        (None, _) => Seek::Superior,
        // Where whoever has it names who is next, he chooses nobody for later steps.
        (Some(key), Seek::ChosenBy(_)) if !key.starts_with(FREE) => Seek::ChosenBy(key.clone()),
        (Some(key), _) => Seek::HandlerOf(key.clone()),
    };
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
        Asks::Claim => json!("claim"),
        Asks::Percent(percent) => json!({ "percent": percent }),
        Asks::Weight(weight) => json!({ "weight": weight }),
        Asks::AtLeast(least) => json!({ "at_least": least }),
    };
    let kind = if desk.executes { "handle" } else { "approve" };
    let mut operations = vec!["return_to", "comment", "transfer"];
    operations.extend((!desk.executes).then_some("reject"));
    let more = ["add_signer", "remove_signer", "delegate", "consult", "hold", "take_back", "terminate"];
    operations.extend(more.iter().filter(|_| !desk.is_plain));
    let who: Vec<Value> = desk.who.iter().map(rule).collect();
    if let Some(free) = &desk.free {
        return json!({ "kind": "free", "key": desk.key, "name": { "zh": desk.key }, "who": who, "quorum": quorum,
            "among": people(&free.among), "most_steps": free.most, "send_back": free.back, "operations": operations,
            "people": settings(desk.rules) });
    }
    let vote = desk.vote.as_ref().map(|vote| {
        let weighs = |(person, weight): &(PersonId, usize)| json!({ "who": people(&[*person]), "weight": weight });
        let until = if vote.until_all_voted { "all_voted" } else { "decided" };
        json!({ "veto": people(&vote.veto), "weights": vote.weights.iter().map(weighs).collect::<Vec<_>>(),
            "until": until, "abstain": vote.abstain })
    });
    let mut node = json!({ "kind": kind, "key": desk.key, "name": { "zh": desk.key }, "who": who,
        "quorum": quorum, "paper": desk.on_paper.then(|| json!({})), "operations": operations, "people": settings(desk.rules) });
    if let Some(vote) = vote {
        node["vote"] = vote;
    }
    node
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

fn condition(opens: Opens) -> &'static str {
    match opens {
        Opens::Always => "form.amount > 0",
        Opens::Never => "form.amount < 0",
        Opens::ForLarge => "form.amount > 1000",
        Opens::ForSmall => "form.amount <= 1000",
    }
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
        Step::Call(key, call) => calls::node(key, *call),
        Step::Outside(_, Outside::Calls) => panic!("a step of its own"),
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
            let mut branches: Vec<Value> = branches.collect();
            let mut node = json!({ "kind": "parallel", "key": lanes.key, "name": { "zh": lanes.key }, "join": join,
                "on_reject": on_reject, "on_return": if lanes.collects_returns { "collect" } else { "at_once" } });
            if let Some(opens) = &lanes.opens {
                let otherwise = branches.pop().expect("the last");
                (node["kind"], node["otherwise"]) = (json!("inclusive"), otherwise["route"].clone());
                branches.iter_mut().zip(opens).for_each(|(branch, opens)| branch["when"] = json!(condition(*opens)));
            }
            node["branches"] = json!(branches);
            node
        }
    }
}
