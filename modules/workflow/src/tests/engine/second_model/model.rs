//! A case as a place in a tree of steps, and what moves it.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::PersonId;

use super::super::world::CLERK;
use crate::engine::{Status, model::START};

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
}

#[derive(Clone, Debug)]
pub(super) struct Lanes {
    pub(super) key: String,
    pub(super) lanes: Vec<Vec<Step>>,
    pub(super) join: Join,
    pub(super) on_reject: OnReject,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Desk(Desk),
    /// Passed over: readers are not waited for.
    Copy(String),
    /// Done at once, in a module.
    Act(String),
    /// The first way for large amounts, the second for others.
    Choose(String, [Vec<Step>; 2]),
    Lanes(Lanes),
}

/// How far a sequence of steps has come.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    pub(super) at: usize,
    pub(super) here: Here,
}

#[derive(Clone, Debug)]
pub(super) enum Here {
    Desk(Vec<(PersonId, Option<bool>)>),
    Inside(usize, Box<Walk>),
    Lanes(Vec<LaneAt>),
}

#[derive(Clone, Debug)]
pub(super) enum LaneAt {
    Unentered,
    Open(Box<Walk>),
    Walked,
    Rejected,
    Dropped,
}

/// What comes of a command at one level of the tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Moved {
    Waits,
    Walked,
    /// Of the branch, or of the case where there is none around.
    Rejected,
    CaseEnds,
}

#[derive(Clone, Debug)]
pub(super) enum Matter {
    AtInitiator,
    UnderWay(Walk),
    Ended(Status),
}

pub(super) struct Model {
    pub(super) plan: Vec<Step>,
    pub(super) is_large: bool,
    pub(super) matter: Matter,
    /// How the branches of each node ended when it was walked last.
    pub(super) memory: BTreeMap<String, Vec<LaneAt>>,
    /// Steps that people decided, on the walk that counts.
    pub(super) passed: BTreeSet<String>,
}

impl Model {
    pub(super) fn submitted(plan: Vec<Step>, is_large: bool) -> Self {
        let matter = Matter::AtInitiator;
        let mut model = Self { plan, is_large, matter, memory: BTreeMap::new(), passed: BTreeSet::new() };
        model.begin();
        model
    }

    pub(super) fn begin(&mut self) {
        let plan = self.plan.clone();
        self.matter = match self.from(&plan, 0) {
            Some(walk) => Matter::UnderWay(walk),
            None => Matter::Ended(Status::Completed),
        };
    }

    /// The walk from this step on; `None`: nobody is waited for until the end of the sequence.
    pub(super) fn from(&mut self, steps: &[Step], at: usize) -> Option<Walk> {
        let mut rest = (at..).zip(&steps[at.min(steps.len())..]);
        rest.find_map(|(at, step)| {
            let here = match step {
                Step::Copy(_) | Step::Act(_) => None,
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
    pub(super) fn open(&mut self, lanes: &Lanes) -> Option<Vec<LaneAt>> {
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
    pub(super) fn remember(&mut self, lanes: &Lanes, stand: &[LaneAt]) {
        let ended = |lane: &LaneAt| if is_open(lane) { LaneAt::Dropped } else { lane.clone() };
        self.memory.insert(lanes.key.clone(), stand.iter().map(ended).collect());
    }

    /// Somebody answers at the step at the end of the path.
    pub(super) fn answer(
        &mut self,
        walk: &mut Walk,
        steps: &[Step],
        path: &[usize],
        person: PersonId,
        agrees: bool,
    ) -> Moved {
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
    pub(super) fn back(&mut self, steps: &[Step], path: &[usize], walk: Option<&Walk>) -> Walk {
        let at = path[0];
        let inside = walk.filter(|walk| walk.at == at).map(|walk| &walk.here);
        let here = match &steps[at] {
            Step::Desk(desk) => fresh(desk),
            Step::Copy(_) | Step::Act(_) => panic!("nobody decides there"),
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
    pub(super) fn open_tasks(&self) -> Vec<(String, PersonId)> {
        let mut open = Vec::new();
        match &self.matter {
            Matter::AtInitiator => open.push((START.to_owned(), CLERK)),
            Matter::UnderWay(walk) => waiting(walk, &self.plan, &mut open),
            Matter::Ended(_) => {}
        }
        open.sort();
        open
    }

    pub(super) fn desk(&self, key: &str) -> Option<(Vec<usize>, Desk)> {
        find(&self.plan, key)
    }

    pub(super) fn decide(&mut self, key: &str, person: PersonId, agrees: bool) {
        let (path, _) = self.desk(key).expect("a step");
        let plan = self.plan.clone();
        let Matter::UnderWay(mut walk) = self.matter.clone() else { panic!("it is under way") };
        self.matter = match self.answer(&mut walk, &plan, &path, person, agrees) {
            Moved::Waits => Matter::UnderWay(walk),
            Moved::Walked => Matter::Ended(Status::Completed),
            Moved::Rejected | Moved::CaseEnds => Matter::Ended(Status::Rejected),
        };
    }

    pub(super) fn return_to(&mut self, target: &str) {
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

    pub(super) fn hand_on(&mut self, key: &str, from: PersonId, to: PersonId) {
        let (path, _) = self.desk(key).expect("a step");
        if let Matter::UnderWay(walk) = &mut self.matter {
            let slots = answers_at(walk, &path);
            slots.iter_mut().find(|(one, answer)| *one == from && answer.is_none()).expect("he holds it").0 = to;
        }
    }
}

pub(super) fn fresh(desk: &Desk) -> Here {
    Here::Desk(desk.people.iter().map(|person| (*person, None)).collect())
}

pub(super) fn is_open(lane: &LaneAt) -> bool {
    matches!(lane, LaneAt::Unentered | LaneAt::Open(_))
}

pub(super) fn decided(desk: &Desk, answers: &[(PersonId, Option<bool>)]) -> Moved {
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

pub(super) fn joined(lanes: &Lanes, stand: &[LaneAt]) -> Moved {
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

pub(super) fn waiting(walk: &Walk, steps: &[Step], open: &mut Vec<(String, PersonId)>) {
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

pub(super) fn answers_at<'a>(walk: &'a mut Walk, path: &[usize]) -> &'a mut Vec<(PersonId, Option<bool>)> {
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
pub(super) fn find(steps: &[Step], key: &str) -> Option<(Vec<usize>, Desk)> {
    let branches = |step: &Step| match step {
        Step::Choose(_, ways) => ways.to_vec(),
        Step::Lanes(lanes) => lanes.lanes.clone(),
        Step::Desk(_) | Step::Copy(_) | Step::Act(_) => Vec::new(),
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
pub(super) enum Lies {
    Before,
    At,
    Behind,
    /// In another branch.
    Beside,
}

/// Where a step lies, seen from another.
pub(super) fn lies(plan: &[Step], key: &str, from: &str) -> Lies {
    let path = |key: &str| find(plan, key).expect("a step").0;
    let (one, other) = (path(key), path(from));
    match one.iter().zip(&other).position(|(one, other)| one != other) {
        None => Lies::At,
        Some(level) if level % 2 == 1 => Lies::Beside,
        Some(level) if one[level] < other[level] => Lies::Before,
        Some(_) => Lies::Behind,
    }
}
