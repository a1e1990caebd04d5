//! How branches that are walked at the same time are opened, end, come together, and are left by returns.

use super::{
    model::Model,
    plan::{Join, Lanes, Lies, OnReject, Opens, Path, Step, lies, path_of, step_at},
    seats::{Asker, Outcome},
};
use crate::engine::{Status, model::START};

/// How a branch stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lane {
    /// An administrator moved the case into another one, or its condition does not hold: it was never entered.
    Absent,
    Open,
    Walked,
    Rejected,
    Dropped,
    /// Somebody in it wishes to return it: which of the model's wishes.
    Wishes(usize),
}

/// A return that waits until all branches have come to an end.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    from: String,
    to: String,
    straight: bool,
}

/// How the branches of a step stand, or stood when it was left.
#[derive(Clone, Debug)]
pub(super) struct Stand {
    pub(super) lanes: Vec<Lane>,
    pub(super) left: bool,
}

/// What was closed counts on the walk, or is gone over again.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Counts {
    Still,
    NoMore,
}

impl Model {
    /// The branches, one after the other, until enough were walked.
    pub(super) fn enter_lanes(&mut self, path: &[usize], lanes: &Lanes) -> bool {
        let opened = self.opened(lanes);
        let stand = |opened: &bool| if *opened { Lane::Open } else { Lane::Absent };
        let stand = Stand { lanes: opened.iter().map(stand).collect(), left: false };
        self.stands.entry(path.to_vec()).or_default().push(stand);
        for number in (0..opened.len()).filter(|number| opened[*number]) {
            if self.enter(&[path, &[number]].concat(), 0) {
                continue;
            }
            let stand = self.last_stand(path);
            stand.lanes[number] = Lane::Walked;
            if joined(lanes, &stand.lanes) == Outcome::Walked {
                self.close(&|one| one.starts_with(path), Counts::Still);
                return false;
            }
        }
        true
    }

    fn opened(&self, lanes: &Lanes) -> Vec<bool> {
        let Some(opens) = &lanes.opens else { return vec![true; lanes.lanes.len()] };
        let is_open = |opens: &Opens| match opens {
            Opens::Always => true,
            Opens::Never => false,
            Opens::ForLarge => self.given.is_large,
            Opens::ForSmall => !self.given.is_large,
        };
        let opened: Vec<bool> = opens.iter().map(is_open).collect();
        let otherwise = !opened.contains(&true);
        opened.into_iter().chain([otherwise]).collect()
    }

    pub(super) fn last_stand(&mut self, path: &[usize]) -> &mut Stand {
        self.stands.get_mut(path).and_then(|stands| stands.last_mut()).expect("it was entered")
    }

    pub(super) fn lane_ends(&mut self, path: &Path, number: usize, how: Lane) {
        let Step::Lanes(lanes) = step_at(&self.plan, path).clone() else { panic!("it has branches") };
        if how == Lane::Rejected {
            let branch = [path.as_slice(), &[number]].concat();
            self.close(&|one| one.starts_with(&branch), Counts::Still);
        }
        let stands = self.stands.get_mut(path).expect("it was entered");
        let stand = stands.iter_mut().rev().find(|stand| stand.lanes[number] != Lane::Absent).expect("a branch");
        stand.lanes[number] = how;
        let left = stand.left;
        match joined(&lanes, &stand.lanes) {
            Outcome::Walked if !left => {
                self.close(&|one| one.starts_with(path), Counts::Still);
                self.behind(path);
            }
            Outcome::Rejected => self.reject(path),
            Outcome::Waits if !stand.lanes.contains(&Lane::Open) => self.collected(path),
            _ => {}
        }
    }

    /// The branch around that step whose returns to that other one wait.
    pub(super) fn collecting(&self, path: &[usize], to: &str) -> Option<(Path, usize)> {
        let levels = (1..path.len().max(1)).rev().filter(|level| level % 2 == 1);
        let mut around = levels.filter_map(|level| match step_at(&self.plan, &path[..level]) {
            Step::Lanes(lanes) => Some((level, lanes.collects_returns)),
            _ => None,
        });
        let level = around.next().and_then(|(level, collects)| collects.then_some(level))?;
        let (around, number) = (path[..level].to_vec(), path[level]);
        let stand = self.stands.get(&around)?.last()?;
        let goes_on = !stand.left && stand.lanes[number] != Lane::Absent;
        (goes_on && !self.path(to).starts_with(&around)).then_some((around, number))
    }

    /// All branches have come to an end: the return that leads back furthest happens.
    pub(super) fn collected(&mut self, path: &Path) {
        let lanes = self.last_stand(path).lanes.clone();
        let wishes = lanes.into_iter().filter_map(|lane| if let Lane::Wishes(wish) = lane { Some(wish) } else { None });
        let Some(furthest) = wishes.min_by_key(|wish| self.path(&self.wishes[*wish].to)) else { return };
        let wish = self.wishes[furthest].clone();
        match self.collecting(path, &wish.to) {
            Some((around, number)) => self.lane_ends(&around, number, Lane::Wishes(furthest)),
            None => self.depart(&wish),
        }
    }

    pub(super) fn is_wishing(&self, key: &str) -> bool {
        let open = self.stands.values().filter_map(|stands| stands.last()).filter(|stand| !stand.left);
        let wishes = |lane: &Lane| matches!(lane, Lane::Wishes(wish) if self.wishes[*wish].from == key);
        open.into_iter().any(|stand| stand.lanes.iter().any(wishes))
    }

    /// Of the branch around that step, or of the case where there is none.
    pub(super) fn reject(&mut self, path: &[usize]) {
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
    pub(super) fn close(&mut self, gone: &dyn Fn(&[usize]) -> bool, counts: Counts) {
        let stands = self.stands.iter_mut().filter(|(path, _)| gone(path));
        let mut joined = Vec::new();
        for (path, stand) in stands.filter_map(|(path, stands)| Some((path, stands.last_mut()?))) {
            stand.left = true;
            let pending = |lane: &&mut Lane| matches!(lane, Lane::Open | Lane::Wishes(_));
            stand.lanes.iter_mut().filter(pending).for_each(|lane| *lane = Lane::Dropped);
            joined.push(path.clone());
        }
        for (key, sitting) in self.passed.iter_mut().chain(&mut self.sits).filter(|(key, _)| *key != START) {
            let path = path_of(&self.plan, key).expect("a step");
            if joined.iter().any(|around| path.starts_with(around)) {
                sitting.join();
            }
        }
        let keys = self.sits.keys().filter(|key| *key != START && gone(&self.path(key))).cloned();
        let keys: Vec<String> = keys.collect();
        keys.into_iter().for_each(|key| self.forget(key, counts));
    }

    pub(super) fn reopen_around(&mut self, key: &str) {
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

    /// Did the branches around it come together before?
    pub(super) fn is_left_around(&self, key: &str) -> bool {
        let path = self.path(key);
        let around = (1..path.len()).filter(|level| level % 2 == 1).filter_map(|level| self.stands.get(&path[..level]));
        around.filter_map(|stands| stands.last()).any(|stand| stand.left)
    }

    /// At once, or when the branches beside have come to an end.
    pub(super) fn return_to(&mut self, from: &str, to: &str, straight: bool) {
        let wish = Wish { from: from.to_owned(), to: to.to_owned(), straight };
        let collecting = self.collecting(&self.path(from), to).filter(|_| !self.sits[from].answers);
        match collecting {
            Some((around, number)) => {
                self.sits.get_mut(from).expect("people sit there").away = true;
                self.wishes.push(wish);
                self.lane_ends(&around, number, Lane::Wishes(self.wishes.len() - 1));
            }
            None => self.depart(&wish),
        }
    }

    pub(super) fn depart(&mut self, wish: &Wish) {
        let Wish { from, to, straight } = wish.clone();
        let (from, to) = (from.as_str(), to.as_str());
        let his: Vec<usize> = (0..self.wishes.len()).filter(|one| self.wishes[*one].from == from).collect();
        for stand in self.stands.values_mut().filter_map(|stands| stands.last_mut()).filter(|stand| !stand.left) {
            let wished = stand.lanes.iter_mut().filter(|lane| his.iter().any(|wish| **lane == Lane::Wishes(*wish)));
            wished.for_each(|lane| *lane = Lane::Open);
        }
        let is_beside = to != START && lies(&self.plan, &self.path(to), &self.path(from)) == Lies::Beside;
        let asker = |straight| Some(Asker { from: from.to_owned(), straight });
        if straight || is_beside {
            self.sits.get_mut(from).expect("people sit there").away = true;
        }
        if straight {
            match self.sits.get_mut(to) {
                Some(under_way) => under_way.also.push(from.to_owned()),
                None => {
                    self.passed.remove(to);
                    self.sit(to, asker(true));
                }
            }
            return;
        }
        self.clear(to);
        let asked_by = asker(false).filter(|_| is_beside && self.sits.contains_key(from));
        self.reopen(to, asked_by);
        if let (true, Some(sitting)) = (is_beside, self.sits.get_mut(to)) {
            sitting.answers = true;
        }
    }
}

fn joined(lanes: &Lanes, stand: &[Lane]) -> Outcome {
    let count = |wanted| stand.iter().filter(|lane| **lane == wanted).count();
    let (open, walked, rejected) = (count(Lane::Open), count(Lane::Walked), count(Lane::Rejected));
    let wishing = stand.iter().filter(|lane| matches!(lane, Lane::Wishes(_))).count();
    let asked = open + walked + rejected + wishing;
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
    } else if walked + open + wishing < needed {
        Outcome::Rejected
    } else {
        Outcome::Waits
    }
}
