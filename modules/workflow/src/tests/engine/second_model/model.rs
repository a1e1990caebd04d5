//! A case as the steps of a plan at which people sit, and what moves them.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::PersonId;

use super::{
    super::world::{ADMINISTRATOR, CLERK, World},
    calls::Called,
    house::{Found, in_service},
    lanes::{Counts, Lane, Stand, Wish},
    plan::{Asks, Desk, Lies, Outside, Path, Step, lies, path_of, step_at, steps_of},
    seats::{Asker, Outcome, Said, Seat, Sitting, Work},
};
use crate::engine::{Status, model::START};

/// What is given with a case.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) is_large: bool,
    /// Named in the form.
    pub(super) contact: Vec<PersonId>,
    /// Chosen by the initiator, wherever he chooses.
    pub(super) chosen: Vec<PersonId>,
}

/// Somebody did something at a seat.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) key: String,
    pub(super) sitting: usize,
    pub(super) seat: usize,
    pub(super) agreed: bool,
}

pub(super) struct Model {
    pub(super) plan: Vec<Step>,
    pub(super) world: World,
    pub(super) given: Given,
    pub(super) end: Option<Status>,
    pub(super) is_halted: bool,
    /// Where people sit now.
    pub(super) sits: BTreeMap<String, Sitting>,
    /// Where they sat, on the walk that counts.
    pub(super) passed: BTreeMap<String, Sitting>,
    /// Where they ever agreed, the last time at the end.
    pub(super) agreed: BTreeMap<String, Vec<Sitting>>,
    pub(super) stands: BTreeMap<Path, Vec<Stand>>,
    /// What happened in modules and what other systems answered, with the number of its sitting: nobody undoes it.
    pub(super) effects: Vec<(String, usize)>,
    pub(super) wishes: Vec<Wish>,
    /// Which state of the form counts, and which was printed last.
    pub(super) form: usize,
    pub(super) printed: Option<usize>,
    pub(super) done: Vec<Done>,
    next: usize,
}

impl Model {
    pub(super) fn submitted(plan: Vec<Step>, world: World, given: Given) -> Self {
        let mut model = Self {
            plan,
            world,
            given,
            end: None,
            is_halted: false,
            sits: BTreeMap::new(),
            passed: BTreeMap::new(),
            agreed: BTreeMap::new(),
            stands: BTreeMap::new(),
            effects: Vec::new(),
            wishes: Vec::new(),
            form: 0,
            printed: None,
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

    pub(super) fn new_no(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    /// Who is waited for, where, to do what.
    pub(super) fn open(&self) -> Vec<(String, PersonId, Work)> {
        let here = self.sits.iter().filter(|(_, sitting)| !sitting.away);
        let each = here.flat_map(|(key, sitting)| {
            sitting.open().into_iter().map(move |seat| (key.clone(), seat.person, seat.work))
        });
        let mut open: Vec<_> = each.collect();
        open.sort();
        open
    }

    /// Where no person is waited for, and has it not failed?
    pub(super) fn awaited(&self) -> Vec<(String, bool)> {
        let comes = |sitting: &Sitting| match sitting.outside? {
            (Outside::Calls, _) => Some(sitting.calls.iter().any(Called::is_pending)),
            (_, failed) => Some(!failed),
        };
        let each = self.sits.iter().filter_map(|(key, sitting)| Some((key.clone(), comes(sitting)?)));
        each.collect()
    }

    /// People come to sit there. Is anybody waited for?
    pub(super) fn sit(&mut self, key: &str, asked_by: Option<Asker>) -> bool {
        let no = self.new_no();
        let (asks, vote, seats) = match self.desk(key) {
            Some(desk) => (desk.asks, desk.vote.clone(), self.seats_at(&desk)),
            None => (Asks::All, None, vec![self.initiators_seat()]),
        };
        let answers = asked_by.is_some();
        let sitting = Sitting { asked_by, answers, vote, ..Sitting::new(no, asks, seats) };
        if sitting.seats.is_empty() {
            self.passed.insert(key.to_owned(), sitting);
            return false;
        }
        let is_decided = sitting.outcome() == Outcome::Walked;
        self.sits.insert(key.to_owned(), sitting);
        if is_decided {
            self.decided(key);
        }
        !is_decided
    }

    fn seats_at(&mut self, desk: &Desk) -> Vec<Seat> {
        let repeating = self.repeating(desk);
        let seat = |model: &mut Self, person| {
            let repeated = repeating.contains(&person);
            let said = repeated.then_some(Said::Yes);
            let (weight, vetoes) = model.ballot(desk, person);
            Seat { said, repeated, weight, vetoes, ..model.new_seat(person, Work::Decide) }
        };
        match self.find(desk) {
            Found::People(people) => people.into_iter().map(|person| seat(self, person)).collect(),
            Found::Nobody if !desk.rules.nobody_is_fine => vec![self.new_seat(ADMINISTRATOR, Work::Assign)],
            Found::Nobody | Found::Excused => Vec::new(),
        }
    }

    fn initiators_seat(&mut self) -> Seat {
        match in_service(&self.world, CLERK, false) {
            Some(person) => self.new_seat(person, Work::Correct),
            None => self.new_seat(ADMINISTRATOR, Work::Assign),
        }
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
    pub(super) fn enter(&mut self, branch: &[usize], at: usize) -> bool {
        for (at, step) in steps_of(&self.plan.clone(), branch).iter().enumerate().skip(at) {
            let path = [branch, &[at]].concat();
            let waits = match step {
                Step::Copy(_) => false,
                Step::Outside(key, what) => {
                    let sitting = Sitting::new(self.new_no(), Asks::All, Vec::new());
                    self.sits.insert(key.clone(), Sitting { outside: Some((*what, false)), ..sitting });
                    true
                }
                Step::Call(key, call) => {
                    self.enter_call(key, *call);
                    true
                }
                Step::Desk(desk) => self.sit(&desk.key, None),
                Step::Choose(..) => self.enter(&[path.as_slice(), &[usize::from(!self.given.is_large)]].concat(), 0),
                Step::Lanes(lanes) => self.enter_lanes(&path, lanes),
            };
            if waits {
                return true;
            }
        }
        false
    }

    /// What follows when a step is done.
    pub(super) fn behind(&mut self, path: &[usize]) {
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

    /// With whatever was asked of others on its account.
    pub(super) fn forget(&mut self, key: String, counts: Counts) {
        let mut gone = vec![key];
        while let Some(key) = gone.pop() {
            let was = self.sits.remove(&key).filter(|_| counts == Counts::Still && key != START);
            if let Some(sitting) = was.filter(|sitting| sitting.outside.is_none()) {
                self.passed.insert(key.clone(), sitting);
            }
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
    pub(super) fn clear(&mut self, key: &str) {
        self.forget_passed(key);
        if key == START {
            return self.clear_all(Counts::NoMore);
        }
        let (again, plan) = (self.path(key), self.plan.clone());
        self.close(&|one| matches!(lies(&plan, one, &again), Lies::At | Lies::Behind | Lies::Instead), Counts::NoMore);
    }

    fn clear_all(&mut self, counts: Counts) {
        self.close(&|_| true, counts);
        self.sits.clear();
    }

    /// People sit there once more; the branches around it are open again, and those beside stand as they did.
    pub(super) fn reopen(&mut self, key: &str, asked_by: Option<Asker>) {
        self.reopen_around(key);
        if !self.sit(key, asked_by) {
            self.behind(&self.path(key));
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
        if sitting.outside.is_some_and(|(what, _)| !matches!(what, Outside::Event | Outside::Time | Outside::Calls)) {
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
        if matches!(self.sits[key].outside, Some((Outside::Calls, _))) {
            return self.call_again(key);
        }
        let sitting = self.sits.get_mut(key).expect("it is awaited");
        sitting.seats.clear();
        sitting.taken = false;
        sitting.outside = sitting.outside.map(|(what, _)| (what, false));
    }

    fn leave(&mut self, key: &str) {
        if self.pass_on(key) {
            return;
        }
        let straight = self.decided(key).is_some_and(|asker| asker.straight);
        match straight {
            true => {}
            false if key == START => self.begin(),
            false => self.behind(&self.path(key)),
        }
    }

    /// It is over there, as it should be. Gives who asked for it.
    fn decided(&mut self, key: &str) -> Option<Asker> {
        let mut sitting = self.sits.remove(key).expect("people sit there");
        sitting.seats.iter_mut().for_each(Seat::give_up);
        let asker = sitting.asked_by.take();
        if self.desk(key).is_some() {
            sitting.is_joined = self.is_left_around(key);
            sitting.ended_well = true;
            self.agreed.entry(key.to_owned()).or_default().push(sitting.clone());
            self.passed.insert(key.to_owned(), sitting);
        }
        asker
    }

    /// Who waits for nothing any more has it before him again.
    pub(super) fn come_back(&mut self) {
        let awaited: BTreeSet<String> = self
            .sits
            .values()
            .flat_map(|sitting| sitting.asked_by.iter().map(|asker| &asker.from).chain(&sitting.also))
            .cloned()
            .collect();
        let back = self.sits.iter().filter(|(key, sitting)| sitting.away && !awaited.contains(*key));
        let back = back.filter(|(key, _)| !self.is_wishing(key));
        let back: Vec<String> = back.map(|(key, _)| key.clone()).collect();
        for key in back {
            let since = self.new_no();
            let sitting = self.sits.get_mut(&key).expect("people sit there");
            sitting.away = false;
            // He first, whatever became of the others.
            if let Some(no) = sitting.returner.take() {
                let seat = sitting.seat(no);
                seat.since = since;
                if self.world.left.contains(&seat.person) {
                    self.relieve_seat(&key, no);
                }
            }
            self.relieve(&key);
        }
    }

    pub(super) fn jump(&mut self, to: &str) {
        self.clear(to);
        self.clear_all(Counts::Still);
        self.reopen(to, None);
    }

    /// What he said at that seat is not said.
    pub(super) fn take_back(&mut self, key: &str, no: usize) {
        let mut again = vec![no];
        let here = self.sits.get(key).is_some_and(|now| now.of_line(no).is_some_and(|one| one.no == now.no));
        if !here {
            // Who asked for it still does, unless it was done already.
            let now = self.sits.get(key).cloned();
            let last = now.as_ref().or(self.passed.get(key)).expect("it was decided");
            let mut sitting = last.of_line(no).expect("he sits there").clone();
            self.agreed.get_mut(key).expect("it was decided").pop();
            self.clear(key);
            self.reopen_around(key);
            let is_spared = |seat: &&mut Seat| seat.said == Some(Said::NotAsked) && !seat.says_no();
            let mut spared: Vec<&mut Seat> = sitting.seats.iter_mut().filter(is_spared).collect();
            spared.sort_by_key(|seat| seat.since);
            again.extend(spared.iter().map(|seat| seat.no));
            (sitting.ended_well, sitting.answers) = (false, now.as_ref().is_some_and(|now| now.answers));
            if let Some(now) = now {
                (sitting.asked_by, sitting.also) = (now.asked_by, now.also);
            }
            self.sits.insert(key.to_owned(), sitting);
        }
        for no in again {
            let since = self.new_no();
            let seat = self.sits.get_mut(key).expect("people sit there").seat(no);
            (seat.said, seat.since) = (None, since);
            seat.anew();
        }
    }
}
