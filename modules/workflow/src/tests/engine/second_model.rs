//! The engine against a second model that knows nothing of events, visits or tasks: a case is a place in a tree of steps, and
//! a command moves it. It is deliberately simple, and leaves out what would make it another engine: people who are found
//! by rules, forms, signers who are added, returns into a branch beside and straight back. Within what it knows both must
//! allow the same commands, wait for the same people at the same nodes, and end alike.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::PersonId;
use proptest::{collection::vec, prelude::*, sample::subsequence};
use serde_json::{Value, json};

use super::{
    story::{Story, flow_with, people, values},
    world::*,
};
use crate::engine::{
    Acting, Choices, Command, Intent, Status, Target, Values, Words,
    case::{Purpose, TaskNo},
    model::START,
};

/// Whoever may stand in a step: not the initiator, whose own cases have rules of their own.
const HANDLERS: [PersonId; 7] =
    [GENERAL_MANAGER, VICE_MANAGER, HR_MANAGER, HR_SPECIALIST, SALES_HEAD, COLLEAGUE, CASHIER];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Asks {
    All,
    Any,
    InTurn,
    AtLeast(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Join {
    All,
    First,
    AtLeast(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum OnReject {
    EndCase,
    EndBranch,
    Collect,
}

#[derive(Clone, Debug)]
struct Desk {
    key: String,
    people: Vec<PersonId>,
    asks: Asks,
    executes: bool,
}

#[derive(Clone, Debug)]
struct Lanes {
    key: String,
    lanes: Vec<Vec<Step>>,
    join: Join,
    on_reject: OnReject,
}

#[derive(Clone, Debug)]
enum Step {
    Desk(Desk),
    /// Passed over: readers are not waited for.
    Copy(String),
    /// The first way for large amounts, the second for others.
    Choose(String, [Vec<Step>; 2]),
    Lanes(Lanes),
}

/// How far a sequence of steps has come.
#[derive(Clone, Debug)]
struct Walk {
    at: usize,
    here: Here,
}

#[derive(Clone, Debug)]
enum Here {
    Desk(Vec<(PersonId, Option<bool>)>),
    Inside(usize, Box<Walk>),
    Lanes(Vec<LaneAt>),
}

#[derive(Clone, Debug)]
enum LaneAt {
    Unentered,
    Open(Box<Walk>),
    Walked,
    Rejected,
    Dropped,
}

/// What comes of a command at one level of the tree.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moved {
    Waits,
    Walked,
    /// Of the branch, or of the case where there is none around.
    Rejected,
    CaseEnds,
}

#[derive(Clone, Debug)]
enum Matter {
    AtInitiator,
    UnderWay(Walk),
    Ended(Status),
}

struct Model {
    plan: Vec<Step>,
    is_large: bool,
    matter: Matter,
    /// How the branches of each node ended when it was walked last.
    memory: BTreeMap<String, Vec<LaneAt>>,
    /// Steps that people decided, on the walk that counts.
    passed: BTreeSet<String>,
}

impl Model {
    fn submitted(plan: Vec<Step>, is_large: bool) -> Self {
        let matter = Matter::AtInitiator;
        let mut model = Self { plan, is_large, matter, memory: BTreeMap::new(), passed: BTreeSet::new() };
        model.begin();
        model
    }

    fn begin(&mut self) {
        let plan = self.plan.clone();
        self.matter = match self.from(&plan, 0) {
            Some(walk) => Matter::UnderWay(walk),
            None => Matter::Ended(Status::Completed),
        };
    }

    /// The walk from this step on; `None`: nobody is waited for until the end of the sequence.
    fn from(&mut self, steps: &[Step], at: usize) -> Option<Walk> {
        let mut rest = (at..).zip(&steps[at.min(steps.len())..]);
        rest.find_map(|(at, step)| {
            let here = match step {
                Step::Copy(_) => None,
                Step::Desk(desk) => Some(fresh(desk)),
                Step::Choose(_, ways) => {
                    let way = usize::from(!self.is_large);
                    self.from(&ways[way], 0).map(|walk| Here::Inside(way, Box::new(walk)))
                }
                Step::Lanes(lanes) => self.open(lanes).map(Here::Lanes),
            };
            here.map(|here| Walk { at, here })
        })
    }

    /// The branches, entered one after the other; `None`: they have joined before anybody is waited for.
    fn open(&mut self, lanes: &Lanes) -> Option<Vec<LaneAt>> {
        let mut stand = vec![LaneAt::Unentered; lanes.lanes.len()];
        for (number, steps) in lanes.lanes.iter().enumerate() {
            match self.from(steps, 0) {
                Some(walk) => stand[number] = LaneAt::Open(Box::new(walk)),
                None => {
                    stand[number] = LaneAt::Walked;
                    if joined(lanes, &stand) == Moved::Walked {
                        self.remember(lanes, &stand);
                        return None;
                    }
                }
            }
        }
        self.remember(lanes, &stand);
        Some(stand)
    }

    /// How the branches would have ended if they were left now: whatever is open then is not needed any more.
    fn remember(&mut self, lanes: &Lanes, stand: &[LaneAt]) {
        let ended = |lane: &LaneAt| if is_open(lane) { LaneAt::Dropped } else { lane.clone() };
        self.memory.insert(lanes.key.clone(), stand.iter().map(ended).collect());
    }

    /// Somebody answers at the step at the end of the path.
    fn answer(&mut self, walk: &mut Walk, steps: &[Step], path: &[usize], person: PersonId, agrees: bool) -> Moved {
        let moved = match (&steps[walk.at], &mut walk.here) {
            (Step::Desk(desk), Here::Desk(answers)) => {
                let his = answers.iter_mut().find(|(one, answer)| *one == person && answer.is_none());
                his.expect("he was waited for").1 = Some(agrees);
                let moved = decided(desk, answers);
                if moved == Moved::Walked {
                    self.passed.insert(desk.key.clone());
                }
                moved
            }
            (Step::Choose(_, ways), Here::Inside(way, inner)) => {
                self.answer(inner, &ways[*way], &path[2..], person, agrees)
            }
            (Step::Lanes(lanes), Here::Lanes(stand)) => {
                let number = path[1];
                let LaneAt::Open(inner) = &mut stand[number] else { panic!("the branch is open") };
                let end = match self.answer(inner, &lanes.lanes[number], &path[2..], person, agrees) {
                    Moved::Walked => LaneAt::Walked,
                    Moved::Rejected if lanes.on_reject == OnReject::EndCase => return Moved::CaseEnds,
                    Moved::Rejected => LaneAt::Rejected,
                    other => return other,
                };
                stand[number] = end;
                self.remember(lanes, stand);
                joined(lanes, stand)
            }
            other => panic!("a walk and its plan differ: {other:?}"),
        };
        match moved {
            Moved::Walked => match self.from(steps, walk.at + 1) {
                Some(next) => {
                    *walk = next;
                    Moved::Waits
                }
                None => Moved::Walked,
            },
            other => other,
        }
    }

    /// The walk stands at that step again, and behind it nothing counts.
    fn back(&mut self, steps: &[Step], path: &[usize], walk: Option<&Walk>) -> Walk {
        let at = path[0];
        let inside = walk.filter(|walk| walk.at == at).map(|walk| &walk.here);
        let here = match &steps[at] {
            Step::Desk(desk) => fresh(desk),
            Step::Copy(_) => panic!("nobody decides a copy"),
            Step::Choose(_, ways) => {
                let inner = match inside {
                    Some(Here::Inside(_, inner)) => Some(&**inner),
                    _ => None,
                };
                Here::Inside(path[1], Box::new(self.back(&ways[path[1]], &path[2..], inner)))
            }
            Step::Lanes(lanes) => {
                let (mut stand, inner) = match inside {
                    Some(Here::Lanes(stand)) => (stand.clone(), Some(stand[path[1]].clone())),
                    _ => (self.memory[&lanes.key].clone(), None),
                };
                let inner = match &inner {
                    Some(LaneAt::Open(inner)) => Some(&**inner),
                    _ => None,
                };
                stand[path[1]] = LaneAt::Open(Box::new(self.back(&lanes.lanes[path[1]], &path[2..], inner)));
                self.remember(lanes, &stand);
                Here::Lanes(stand)
            }
        };
        Walk { at, here }
    }

    /// Who is waited for, where.
    fn open_tasks(&self) -> Vec<(String, PersonId)> {
        let mut open = Vec::new();
        match &self.matter {
            Matter::AtInitiator => open.push((START.to_owned(), CLERK)),
            Matter::UnderWay(walk) => waiting(walk, &self.plan, &mut open),
            Matter::Ended(_) => {}
        }
        open.sort();
        open
    }

    fn desk(&self, key: &str) -> Option<(Vec<usize>, Desk)> {
        find(&self.plan, key)
    }

    fn decide(&mut self, key: &str, person: PersonId, agrees: bool) {
        let (path, _) = self.desk(key).expect("a step");
        let plan = self.plan.clone();
        let Matter::UnderWay(mut walk) = self.matter.clone() else { panic!("it is under way") };
        self.matter = match self.answer(&mut walk, &plan, &path, person, agrees) {
            Moved::Waits => Matter::UnderWay(walk),
            Moved::Walked => Matter::Ended(Status::Completed),
            Moved::Rejected | Moved::CaseEnds => Matter::Ended(Status::Rejected),
        };
    }

    fn return_to(&mut self, target: &str) {
        if target == START {
            self.passed.clear();
            self.matter = Matter::AtInitiator;
            return;
        }
        let (path, _) = self.desk(target).expect("a step");
        let plan = self.plan.clone();
        let Matter::UnderWay(walk) = self.matter.clone() else { panic!("it is under way") };
        self.matter = Matter::UnderWay(self.back(&plan, &path, Some(&walk)));
        let counts = |key: &String| !matches!(lies(&plan, key, target), Lies::At | Lies::Behind);
        self.passed.retain(counts);
    }

    fn hand_on(&mut self, key: &str, from: PersonId, to: PersonId) {
        let (path, _) = self.desk(key).expect("a step");
        if let Matter::UnderWay(walk) = &mut self.matter {
            let slots = answers_at(walk, &path);
            slots.iter_mut().find(|(one, answer)| *one == from && answer.is_none()).expect("he holds it").0 = to;
        }
    }
}

fn fresh(desk: &Desk) -> Here {
    Here::Desk(desk.people.iter().map(|person| (*person, None)).collect())
}

fn is_open(lane: &LaneAt) -> bool {
    matches!(lane, LaneAt::Unentered | LaneAt::Open(_))
}

fn decided(desk: &Desk, answers: &[(PersonId, Option<bool>)]) -> Moved {
    let count = |wanted| answers.iter().filter(|(_, answer)| *answer == Some(wanted)).count();
    let (agreed, refused) = (count(true), count(false));
    let needed = match desk.asks {
        Asks::All | Asks::InTurn => answers.len(),
        Asks::Any => 1,
        Asks::AtLeast(least) => least.min(answers.len()),
    };
    let counted = matches!(desk.asks, Asks::AtLeast(_));
    if agreed >= needed {
        Moved::Walked
    } else if refused > 0 && (!counted || answers.len() - refused < needed) {
        Moved::Rejected
    } else {
        Moved::Waits
    }
}

fn joined(lanes: &Lanes, stand: &[LaneAt]) -> Moved {
    let count = |wanted: fn(&LaneAt) -> bool| stand.iter().filter(|lane| wanted(lane)).count();
    let (open, walked) = (count(is_open), count(|lane| matches!(lane, LaneAt::Walked)));
    let rejected = count(|lane| matches!(lane, LaneAt::Rejected));
    let asked = open + walked + rejected;
    let needed = match lanes.join {
        Join::First => 1,
        Join::AtLeast(least) => least.min(asked),
        Join::All if lanes.on_reject == OnReject::Collect => asked,
        Join::All => (asked - rejected).max(1),
    };
    if lanes.on_reject == OnReject::Collect && open > 0 {
        Moved::Waits
    } else if walked >= needed {
        Moved::Walked
    } else if walked + open < needed {
        Moved::Rejected
    } else {
        Moved::Waits
    }
}

fn waiting(walk: &Walk, steps: &[Step], open: &mut Vec<(String, PersonId)>) {
    match (&steps[walk.at], &walk.here) {
        (Step::Desk(desk), Here::Desk(answers)) => {
            let mut unanswered = answers.iter().filter(|(_, answer)| answer.is_none());
            let most = if desk.asks == Asks::InTurn { 1 } else { answers.len() };
            open.extend(unanswered.by_ref().take(most).map(|(person, _)| (desk.key.clone(), *person)));
        }
        (Step::Choose(_, ways), Here::Inside(way, inner)) => waiting(inner, &ways[*way], open),
        (Step::Lanes(lanes), Here::Lanes(stand)) => {
            for (steps, lane) in lanes.lanes.iter().zip(stand) {
                if let LaneAt::Open(inner) = lane {
                    waiting(inner, steps, open);
                }
            }
        }
        other => panic!("a walk and its plan differ: {other:?}"),
    }
}

fn answers_at<'a>(walk: &'a mut Walk, path: &[usize]) -> &'a mut Vec<(PersonId, Option<bool>)> {
    match &mut walk.here {
        Here::Desk(answers) => answers,
        Here::Inside(_, inner) => answers_at(inner, &path[2..]),
        Here::Lanes(stand) => match &mut stand[path[1]] {
            LaneAt::Open(inner) => answers_at(inner, &path[2..]),
            other => panic!("the branch is open: {other:?}"),
        },
    }
}

/// Step, branch, step, branch … down to the step of that key.
fn find(steps: &[Step], key: &str) -> Option<(Vec<usize>, Desk)> {
    let branches = |step: &Step| match step {
        Step::Choose(_, ways) => ways.to_vec(),
        Step::Lanes(lanes) => lanes.lanes.clone(),
        Step::Desk(_) | Step::Copy(_) => Vec::new(),
    };
    steps.iter().enumerate().find_map(|(at, step)| match step {
        Step::Desk(desk) if desk.key == key => Some((vec![at], desk.clone())),
        _ => branches(step).iter().enumerate().find_map(|(branch, steps)| {
            let (path, desk) = find(steps, key)?;
            Some(([vec![at, branch], path].concat(), desk))
        }),
    })
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Lies {
    Before,
    At,
    Behind,
    /// In another branch.
    Beside,
}

/// Where a step lies, seen from another.
fn lies(plan: &[Step], key: &str, from: &str) -> Lies {
    let path = |key: &str| find(plan, key).expect("a step").0;
    let (one, other) = (path(key), path(from));
    match one.iter().zip(&other).position(|(one, other)| one != other) {
        None => Lies::At,
        Some(level) if level % 2 == 1 => Lies::Beside,
        Some(level) if one[level] < other[level] => Lies::Before,
        Some(_) => Lies::Behind,
    }
}

/// What somebody tries, as numbers to be read against the state.
#[derive(Clone, Debug)]
struct Try {
    what: u8,
    which: usize,
    who: usize,
}

#[derive(Debug)]
enum Deed {
    Agree,
    Reject,
    Return(String),
    Transfer(PersonId),
    Withdraw,
}

/// Somebody does something at a step.
#[derive(Debug)]
struct Attempt {
    person: PersonId,
    key: String,
    deed: Deed,
}

impl Try {
    /// Mostly by somebody who is waited for, sometimes by anybody anywhere.
    fn read(&self, model: &Model, keys: &[String]) -> Attempt {
        let open = model.open_tasks();
        let anybody = (keys[self.which % keys.len()].clone(), EVERYONE[self.who]);
        let awaited = open.get(self.which % open.len().max(1)).cloned();
        let (key, person) = awaited.filter(|_| self.what % 8 != 0).unwrap_or(anybody);
        let target = || keys[(self.which / 7 + self.who) % keys.len()].clone();
        let deed = match self.what {
            0..=19 => Deed::Agree,
            20..=25 => Deed::Return(target()),
            26..=30 => Deed::Reject,
            31..=34 => Deed::Transfer(EVERYONE[self.who]),
            _ => Deed::Withdraw,
        };
        Attempt { person, key, deed }
    }
}

impl Attempt {
    /// Does the model allow it? `None`: it does not know.
    fn is_allowed(&self, model: &Model) -> Option<bool> {
        let awaited = model.open_tasks().contains(&(self.key.clone(), self.person));
        let desk = model.desk(&self.key).map(|(_, desk)| desk);
        match &self.deed {
            Deed::Withdraw => Some(!matches!(model.matter, Matter::Ended(_)) && self.person == CLERK),
            _ if !awaited => Some(false),
            Deed::Agree => Some(true),
            Deed::Reject => Some(desk.is_some_and(|desk| !desk.executes)),
            Deed::Return(_) if desk.is_none() => Some(false),
            Deed::Return(target) if target == START => Some(true),
            Deed::Return(target) => match lies(&model.plan, target, &self.key) {
                Lies::Before => Some(model.passed.contains(target)),
                Lies::At | Lies::Behind => Some(false),
                Lies::Beside => None,
            },
            Deed::Transfer(_) if desk.is_none() => Some(false),
            Deed::Transfer(to) => {
                let (path, _) = model.desk(&self.key)?;
                let Matter::UnderWay(mut walk) = model.matter.clone() else { return None };
                // Whoever stands there already, or submitted it, has rules of his own.
                let is_new = answers_at(&mut walk, &path).iter().all(|(one, _)| one != to) && *to != CLERK;
                is_new.then_some(true)
            }
        }
    }

    fn do_it(&self, model: &mut Model) {
        match &self.deed {
            Deed::Agree if self.key == START => model.begin(),
            Deed::Agree => model.decide(&self.key, self.person, true),
            Deed::Reject => model.decide(&self.key, self.person, false),
            Deed::Return(target) => model.return_to(target),
            Deed::Transfer(to) => model.hand_on(&self.key, self.person, *to),
            Deed::Withdraw => model.matter = Matter::Ended(Status::Withdrawn),
        }
    }

    fn command(&self, story: &Story) -> Command {
        let case = &story.case;
        let node = |task: &&crate::engine::case::Task| {
            case.activation(task.activation).is_some_and(|visit| visit.node == self.key) && task.person == self.person
        };
        let task = case.tasks.iter().rev().find(node);
        let id = task.map_or(TaskNo(10_000), |task| task.id);
        let words = Words::new("意见");
        let executes = task.is_some_and(|task| task.purpose == Purpose::Handle);
        let intent = match &self.deed {
            Deed::Agree if self.key == START => {
                Intent::Resubmit { task: id, values: Values::new(), choices: None, confirmed: true, words }
            }
            Deed::Agree if executes => Intent::Complete { task: id, words, values: Values::new() },
            Deed::Agree => Intent::Approve { task: id, words, values: Values::new() },
            Deed::Reject => Intent::Reject { task: id, words },
            Deed::Return(target) => {
                let to = if target == START { Target::First } else { Target::Node(target.clone()) };
                Intent::ReturnTo { task: id, to, then: None, words }
            }
            Deed::Transfer(to) => Intent::Transfer { task: id, to: *to, words },
            Deed::Withdraw => Intent::Withdraw { words },
        };
        Command::new(Acting::person(self.person), intent)
    }
}

/// A plan whose keys are not given yet.
fn steps() -> impl Strategy<Value = Vec<Step>> {
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
    vec(node, 1..5)
}

/// Gives every step its key, by its place, and notes those of desks.
fn name(steps: &mut [Step], next: &mut u32, desks: &mut Vec<String>) {
    for step in steps {
        let own = format!("n{next}");
        *next += 1;
        match step {
            Step::Desk(desk) => {
                desks.push(own.clone());
                desk.key = own;
            }
            Step::Copy(key) => *key = own,
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

fn route(steps: &[Step]) -> Value {
    steps.iter().map(node).collect()
}

fn node(step: &Step) -> Value {
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

fn open_tasks(story: &Story) -> Vec<(String, PersonId)> {
    let case = &story.case;
    let node = |task: &crate::engine::case::Task| case.activation(task.activation).expect("a visit").node.clone();
    let mut open: Vec<_> = case.open_tasks().map(|task| (node(task), task.person)).collect();
    open.sort();
    open
}

fn agree(story: &Story, model: &Model, done: &[String]) {
    let status = match &model.matter {
        Matter::Ended(status) => *status,
        Matter::AtInitiator | Matter::UnderWay(_) => Status::Running,
    };
    assert_eq!(story.case.status, status, "after {done:#?}");
    assert_eq!(open_tasks(story), model.open_tasks(), "after {done:#?}");
}

/// A thousand at least: one costs some milliseconds.
fn cases() -> u32 {
    ProptestConfig::default().cases.max(1_000)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 4_000, cases: cases(), ..ProptestConfig::default() })]

    // proves: FLOW-03, FLOW-06, FLOW-07, FLOW-15, FLOW-22, FLOW-23
    #[test]
    fn a_second_simple_model_goes_the_same_way(
        mut plan in steps(),
        is_large in any::<bool>(),
        tries in vec((0..36u8, 0..500usize, 0..EVERYONE.len()), 0..40),
    ) {
        let mut keys = vec![START.to_owned()];
        name(&mut plan, &mut 0, &mut keys);
        let flow = flow_with(route(&plan), json!({}));
        let mut story = Story::new(flow, World::new(), CLERK);
        let amount = if is_large { "5000.00" } else { "50.00" };
        let given = values(json!({ "amount": amount }));
        let submit = Intent::Submit { values: given, choices: Choices::new(), confirmed: true };
        story.command(Command::new(Acting::person(CLERK), submit)).expect("it can be submitted");
        let mut model = Model::submitted(plan, is_large);
        let mut done = vec![format!("{:#?}", model.plan)];
        agree(&story, &model, &done);
        for (what, which, who) in tries {
            let attempt = Try { what, which, who }.read(&model, &keys);
            let Some(is_allowed) = attempt.is_allowed(&model) else { continue };
            let answer = story.command(attempt.command(&story));
            done.push(format!("{attempt:?}"));
            prop_assert_eq!(answer.is_ok(), is_allowed, "{:?} after {:#?}", answer.err(), done);
            if is_allowed {
                attempt.do_it(&mut model);
            }
            agree(&story, &model, &done);
        }
    }
}
