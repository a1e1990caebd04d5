//! A case as the steps of a plan at which people sit, how its branches stand, and what moves both.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::PersonId;

use super::{
    super::world::{ADMINISTRATOR, CLERK},
    plan::{Asks, Desk, Join, Lanes, Lies, OnReject, Outside, Path, Step, lies, path_of, step_at, steps_of},
    seats::{Asker, Outcome, Said, Seat, Sitting, Work},
};
use crate::engine::{Status, model::START};

/// How a branch stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lane {
    /// An administrator moved the case into another one: it was never entered.
    Absent,
    Open,
    Walked,
    Rejected,
    Dropped,
}

/// How the branches of a step stand, or stood when it was left.
#[derive(Clone, Debug)]
struct Stand {
    lanes: Vec<Lane>,
    left: bool,
}

pub(super) struct Model {
    pub(super) plan: Vec<Step>,
    is_large: bool,
    pub(super) end: Option<Status>,
    pub(super) is_halted: bool,
    /// Where people sit now.
    pub(super) sits: BTreeMap<String, Sitting>,
    /// Where they sat, on the walk that counts.
    pub(super) passed: BTreeMap<String, Sitting>,
    stands: BTreeMap<Path, Vec<Stand>>,
    /// What happened in modules and what other systems answered, with the number of its sitting: nobody undoes it.
    pub(super) effects: Vec<(String, usize)>,
    /// Who did something, where; and did he agree?
    pub(super) done: Vec<(String, usize, bool)>,
    next: usize,
}

impl Model {
    pub(super) fn submitted(plan: Vec<Step>, is_large: bool) -> Self {
        let mut model = Self {
            plan,
            is_large,
            end: None,
            is_halted: false,
            sits: BTreeMap::new(),
            passed: BTreeMap::new(),
            stands: BTreeMap::new(),
            effects: Vec::new(),
            done: Vec::new(),
            next: 0,
        };
        model.begin();
        model
    }

    pub(super) fn path(&self, key: &str) -> Path {
        if key == START { Path::new() } else { path_of(&self.plan, key).expect("a step") }
    }

    pub(super) fn desk(&self, key: &str) -> Option<Desk> {
        match step_at(&self.plan, &path_of(&self.plan, key)?) {
            Step::Desk(desk) => Some(desk.clone()),
            _ => None,
        }
    }

    pub(super) fn new_seat(&mut self, person: PersonId, work: Work) -> Seat {
        Seat::new(self.new_no(), person, work)
    }

    fn new_no(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    /// Who is waited for, where, to do what.
    pub(super) fn open(&self) -> Vec<(String, PersonId, Work)> {
        let here = self.sits.iter().filter(|(_, sitting)| !sitting.away);
        let each = here.flat_map(|(key, sitting)| {
            sitting.open().into_iter().map(move |(person, work)| (key.clone(), person, work))
        });
        let mut open: Vec<_> = each.collect();
        open.sort();
        open
    }

    /// Where no person is waited for, and has it not failed?
    pub(super) fn awaited(&self) -> Vec<(String, bool)> {
        let each = self.sits.iter().filter_map(|(key, sitting)| Some((key.clone(), !sitting.outside?.1)));
        each.collect()
    }

    fn sit(&mut self, key: &str, asked_by: Option<Asker>) {
        let (asks, people, work) = match self.desk(key) {
            Some(desk) => (desk.asks, desk.people, Work::Decide),
            None => (Asks::All, vec![CLERK], Work::Correct),
        };
        let no = self.new_no();
        let seats = people.into_iter().map(|person| self.new_seat(person, work)).collect();
        self.sits.insert(key.to_owned(), Sitting { asked_by, ..Sitting::new(no, asks, seats) });
    }

    fn begin(&mut self) {
        if !self.enter(&[], 0) {
            self.end(Status::Completed);
        }
    }

    pub(super) fn end(&mut self, status: Status) {
        self.sits.clear();
        self.is_halted = false;
        self.end = Some(status);
    }

    /// The steps of a branch from that one on. Is anybody waited for before its end?
    fn enter(&mut self, branch: &[usize], at: usize) -> bool {
        for (at, step) in steps_of(&self.plan.clone(), branch).iter().enumerate().skip(at) {
            let path = [branch, &[at]].concat();
            let waits = match step {
                Step::Copy(_) => false,
                Step::Outside(key, what) => {
                    let sitting = Sitting::new(self.new_no(), Asks::All, Vec::new());
                    self.sits.insert(key.clone(), Sitting { outside: Some((*what, false)), ..sitting });
                    true
                }
                Step::Desk(desk) => {
                    self.sit(&desk.key, None);
                    true
                }
                Step::Choose(..) => self.enter(&[path.as_slice(), &[usize::from(!self.is_large)]].concat(), 0),
                Step::Lanes(lanes) => self.enter_lanes(&path, lanes),
            };
            if waits {
                return true;
            }
        }
        false
    }

    /// The branches, one after the other, until enough were walked.
    fn enter_lanes(&mut self, path: &[usize], lanes: &Lanes) -> bool {
        let stand = Stand { lanes: vec![Lane::Open; lanes.lanes.len()], left: false };
        self.stands.entry(path.to_vec()).or_default().push(stand);
        for number in 0..lanes.lanes.len() {
            if self.enter(&[path, &[number]].concat(), 0) {
                continue;
            }
            let stand = self.last_stand(path);
            stand.lanes[number] = Lane::Walked;
            if joined(lanes, &stand.lanes) == Outcome::Walked {
                self.close(&|one| one.starts_with(path));
                return false;
            }
        }
        true
    }

    fn last_stand(&mut self, path: &[usize]) -> &mut Stand {
        self.stands.get_mut(path).and_then(|stands| stands.last_mut()).expect("it was entered")
    }

    /// What follows when a step is done.
    fn behind(&mut self, path: &[usize]) {
        let (at, branch) = path.split_last().expect("a step");
        if self.enter(branch, at + 1) {
            return;
        }
        let Some((number, around)) = branch.split_last() else { return self.end(Status::Completed) };
        match step_at(&self.plan, around) {
            Step::Lanes(_) => self.lane_ends(&around.to_vec(), *number, Lane::Walked),
            _ => self.behind(around),
        }
    }

    fn lane_ends(&mut self, path: &Path, number: usize, how: Lane) {
        let Step::Lanes(lanes) = step_at(&self.plan, path).clone() else { panic!("it has branches") };
        if how == Lane::Rejected {
            let branch = [path.as_slice(), &[number]].concat();
            self.close(&|one| one.starts_with(&branch));
        }
        let stands = self.stands.get_mut(path).expect("it was entered");
        let stand = stands.iter_mut().rev().find(|stand| stand.lanes[number] != Lane::Absent).expect("a branch");
        stand.lanes[number] = how;
        let left = stand.left;
        match joined(&lanes, &stand.lanes) {
            Outcome::Walked if !left => {
                self.close(&|one| one.starts_with(path));
                self.behind(path);
            }
            Outcome::Rejected => self.reject(path),
            _ => {}
        }
    }

    /// Of the branch around that step, or of the case where there is none.
    fn reject(&mut self, path: &[usize]) {
        let levels = (1..path.len().max(1)).rev().filter(|level| level % 2 == 1);
        let mut around = levels.filter_map(|level| match step_at(&self.plan, &path[..level]) {
            Step::Lanes(lanes) => Some((level, lanes.on_reject)),
            _ => None,
        });
        match around.next() {
            Some((level, OnReject::EndBranch | OnReject::Collect)) => {
                self.lane_ends(&path[..level].to_vec(), path[level], Lane::Rejected);
            }
            _ => self.end(Status::Rejected),
        }
    }

    /// Nobody sits there any more, and no branch is open there.
    fn close(&mut self, gone: &dyn Fn(&[usize]) -> bool) {
        let stands = self.stands.iter_mut().filter(|(path, _)| gone(path));
        let mut joined = Vec::new();
        for (path, stand) in stands.filter_map(|(path, stands)| Some((path, stands.last_mut()?))) {
            stand.left = true;
            stand.lanes.iter_mut().filter(|lane| **lane == Lane::Open).for_each(|lane| *lane = Lane::Dropped);
            joined.push(path.clone());
        }
        for (key, sitting) in &mut self.passed {
            let path = path_of(&self.plan, key).expect("a step");
            sitting.is_joined |= joined.iter().any(|around| path.starts_with(around));
        }
        let keys = self.sits.keys().filter(|key| *key != START && gone(&self.path(key))).cloned();
        let keys: Vec<String> = keys.collect();
        keys.into_iter().for_each(|key| self.forget(key));
    }

    /// With whatever was asked of others on its account.
    fn forget(&mut self, key: String) {
        let mut gone = vec![key];
        while let Some(key) = gone.pop() {
            self.sits.remove(&key);
            for (other, sitting) in &mut self.sits {
                sitting.also.retain(|one| *one != key);
                if let Some(asker) = sitting.asked_by.take_if(|asker| asker.from == key)
                    && asker.straight
                {
                    gone.push(other.clone());
                }
            }
        }
    }

    /// Is that step gone over again, when the walk goes over the other again?
    pub(super) fn follows(&self, step: &[usize], again: &[usize]) -> bool {
        matches!(lies(&self.plan, step, again), Lies::At | Lies::Behind | Lies::Instead)
    }

    fn forget_passed(&mut self, again: &str) {
        let again = self.path(again);
        let plan = self.plan.clone();
        let follows = |key: &str| {
            let path = path_of(&plan, key).expect("a step");
            again.is_empty() || matches!(lies(&plan, &path, &again), Lies::At | Lies::Behind | Lies::Instead)
        };
        self.passed.retain(|key, _| !follows(key));
    }

    /// Behind that step nothing counts any more.
    fn clear(&mut self, key: &str) {
        self.forget_passed(key);
        if key == START {
            return self.clear_all();
        }
        let (again, plan) = (self.path(key), self.plan.clone());
        self.close(&|one| matches!(lies(&plan, one, &again), Lies::At | Lies::Behind | Lies::Instead));
    }

    fn clear_all(&mut self) {
        self.close(&|_| true);
        self.sits.clear();
    }

    /// People sit there once more; the branches around it are open again, and those beside stand as they did.
    fn reopen(&mut self, key: &str, asked_by: Option<Asker>) {
        self.reopen_around(key);
        self.sit(key, asked_by);
    }

    fn reopen_around(&mut self, key: &str) {
        let path = self.path(key);
        for level in (1..path.len().max(1)).filter(|level| level % 2 == 1) {
            let Step::Lanes(lanes) = step_at(&self.plan, &path[..level]) else { continue };
            let (many, number) = (lanes.lanes.len(), path[level]);
            let stands = self.stands.entry(path[..level].to_vec()).or_default();
            if stands.last().is_none_or(|stand| stand.left) {
                let before = stands.iter().rev().find(|stand| stand.lanes[number] != Lane::Absent);
                let lanes = before.map_or(vec![Lane::Absent; many], |stand| stand.lanes.clone());
                stands.push(Stand { lanes, left: false });
            }
            stands.last_mut().expect("one is open").lanes[number] = Lane::Open;
        }
    }

    /// After somebody did something at a step.
    pub(super) fn weigh(&mut self, key: &str) {
        let Some(sitting) = self.sits.get_mut(key) else { return };
        sitting.tidy();
        match sitting.outcome() {
            Outcome::Waits => {}
            Outcome::Walked => self.leave(key),
            Outcome::Rejected => self.reject(&self.path(key)),
        }
    }

    /// What was awaited there came, or somebody saw to it.
    pub(super) fn arrived(&mut self, key: &str) {
        let sitting = &self.sits[key];
        if sitting.outside.is_some_and(|(what, _)| what != Outside::Event) {
            self.effects.push((key.to_owned(), sitting.no));
        }
        self.leave(key);
    }

    /// It did not: an administrator is asked.
    pub(super) fn failed(&mut self, key: &str) {
        let seat = self.new_seat(ADMINISTRATOR, Work::Mend);
        let sitting = self.sits.get_mut(key).expect("it is awaited");
        sitting.seats.push(seat);
        sitting.outside = sitting.outside.map(|(what, _)| (what, true));
    }

    pub(super) fn try_again(&mut self, key: &str) {
        let sitting = self.sits.get_mut(key).expect("it is awaited");
        sitting.seats.clear();
        sitting.outside = sitting.outside.map(|(what, _)| (what, false));
    }

    fn leave(&mut self, key: &str) {
        let mut sitting = self.sits.remove(key).expect("people sit there");
        sitting.seats.iter_mut().for_each(Seat::give_up);
        let straight = sitting.asked_by.take().is_some_and(|asker| asker.straight);
        if self.desk(key).is_some() {
            sitting.is_joined = self.is_left_around(key);
            self.passed.insert(key.to_owned(), sitting);
        }
        match straight {
            true => {}
            false if key == START => self.begin(),
            false => self.behind(&self.path(key)),
        }
    }

    /// Did the branches around it come together before?
    fn is_left_around(&self, key: &str) -> bool {
        let path = self.path(key);
        let around = (1..path.len()).filter(|level| level % 2 == 1).filter_map(|level| self.stands.get(&path[..level]));
        around.filter_map(|stands| stands.last()).any(|stand| stand.left)
    }

    /// Who waits for nothing any more has it before him again.
    pub(super) fn come_back(&mut self) {
        let awaited: BTreeSet<String> = self
            .sits
            .values()
            .flat_map(|sitting| sitting.asked_by.iter().map(|asker| &asker.from).chain(&sitting.also))
            .cloned()
            .collect();
        self.sits.iter_mut().filter(|(key, _)| !awaited.contains(*key)).for_each(|(_, sitting)| sitting.away = false);
    }

    pub(super) fn return_to(&mut self, from: &str, to: &str, straight: bool) {
        let is_beside = to != START && lies(&self.plan, &self.path(to), &self.path(from)) == Lies::Beside;
        let asker = |straight| Some(Asker { from: from.to_owned(), straight });
        if straight || is_beside {
            self.sits.get_mut(from).expect("people sit there").away = true;
        }
        if straight {
            self.passed.remove(to);
            match self.sits.get_mut(to) {
                Some(under_way) => under_way.also.push(from.to_owned()),
                None => self.sit(to, asker(true)),
            }
            return;
        }
        self.clear(to);
        let asked_by = asker(false).filter(|_| is_beside && self.sits.contains_key(from));
        self.reopen(to, asked_by);
    }

    pub(super) fn jump(&mut self, to: &str) {
        self.forget_passed(to);
        self.clear_all();
        self.reopen(to, None);
    }

    /// What he said at that seat is not said.
    pub(super) fn take_back(&mut self, key: &str, no: usize) {
        if let Some(mut sitting) = self.passed.remove(key) {
            self.clear(key);
            self.reopen_around(key);
            let spared = |seat: &&mut Seat| seat.said == Some(Said::NotAsked) && !seat.says_no();
            sitting.seats.iter_mut().filter(spared).for_each(|seat| seat.said = None);
            self.sits.insert(key.to_owned(), sitting);
        }
        self.sits.get_mut(key).expect("people sit there").seat(no).said = None;
    }
}

fn joined(lanes: &Lanes, stand: &[Lane]) -> Outcome {
    let count = |wanted| stand.iter().filter(|lane| **lane == wanted).count();
    let (open, walked, rejected) = (count(Lane::Open), count(Lane::Walked), count(Lane::Rejected));
    let asked = open + walked + rejected;
    let needed = match lanes.join {
        Join::First => 1,
        Join::AtLeast(least) => least.min(asked),
        Join::All if lanes.on_reject == OnReject::Collect => asked,
        Join::All => (asked - rejected).max(1),
    };
    if lanes.on_reject == OnReject::Collect && open > 0 {
        Outcome::Waits
    } else if walked >= needed {
        Outcome::Walked
    } else if walked + open < needed {
        Outcome::Rejected
    } else {
        Outcome::Waits
    }
}
