//! Steps that open cases of another flow and wait for them.

use hanlin_kernel::PersonId;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    super::world::{ADMINISTRATOR, CLERK},
    model::Model,
    plan::{Outside, Step, step_at},
    seats::{Sitting, Work},
};
use crate::engine::Status;

#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// One for each whom the form names, who starts it; or one by the initiator.
    pub(super) for_each: bool,
    pub(super) waits: Waits,
    pub(super) if_bad: IfBad,
}

/// Which of the cases are waited for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Waits {
    All,
    First,
    /// They are only opened.
    Never,
}

/// What is done where one ends otherwise than completed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum IfBad {
    Ask,
    GoOn,
    End,
}

/// A case that is opened, or is to be.
#[derive(Clone, Debug)]
pub(super) struct Called {
    pub(super) starter: PersonId,
    pub(super) stands: Stands,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stands {
    Due,
    Running,
    Well,
    /// It ended, and not as it should.
    Badly,
    /// Nobody could open it, or what it handed back does not fit.
    Failed,
    /// Somebody saw to it, or it can be done without.
    Spared,
}

/// What comes of one of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum News {
    Opened,
    EndedWell,
    EndedBadly,
    Failed,
}

pub(super) fn call() -> impl Strategy<Value = Call> {
    let waits = prop_oneof![2 => Just(Waits::All), 1 => Just(Waits::First), 1 => Just(Waits::Never)];
    let if_bad = prop_oneof![2 => Just(IfBad::Ask), 1 => Just(IfBad::GoOn), 1 => Just(IfBad::End)];
    (any::<bool>(), waits, if_bad).prop_map(|(for_each, waits, if_bad)| Call { for_each, waits, if_bad })
}

pub(super) fn node(key: &str, call: Call) -> Value {
    let waits = match call.waits {
        Waits::All => "all",
        Waits::First => "first",
        Waits::Never => "none",
    };
    let if_bad = match call.if_bad {
        IfBad::Ask => "ask",
        IfBad::GoOn => "go_on",
        IfBad::End => "end",
    };
    let mut node = json!({ "kind": "call", "key": key, "name": { "zh": key }, "flow": "opinion", "wait": waits,
        "on_failure": if_bad });
    if call.for_each {
        node["each"] = json!("contact");
    }
    node
}

impl Called {
    pub(super) fn is_pending(&self) -> bool {
        matches!(self.stands, Stands::Due | Stands::Running)
    }

    fn went_wrong(&self) -> bool {
        matches!(self.stands, Stands::Badly | Stands::Failed)
    }

    pub(super) fn takes(&self, news: News) -> bool {
        match news {
            News::Opened => self.stands == Stands::Due,
            News::EndedWell | News::EndedBadly => self.stands == Stands::Running,
            News::Failed => self.is_pending(),
        }
    }
}

impl Model {
    pub(super) fn enter_call(&mut self, key: &str, call: Call) {
        let starters = if call.for_each { self.given.contact.clone() } else { vec![CLERK] };
        let called = |starter: PersonId| {
            let stands = if self.world.left.contains(&starter) { Stands::Failed } else { Stands::Due };
            Called { starter, stands }
        };
        let calls = starters.into_iter().map(called).collect();
        let sitting = Sitting::new(self.new_no(), super::plan::Asks::All, Vec::new());
        self.sits.insert(key.to_owned(), Sitting { outside: Some((Outside::Calls, false)), calls, ..sitting });
        self.weigh_calls(key);
    }

    pub(super) fn hear(&mut self, key: &str, which: usize, news: News) {
        self.sits.get_mut(key).expect("it waits").calls[which].stands = match news {
            News::Opened => Stands::Running,
            News::EndedWell => Stands::Well,
            News::EndedBadly => Stands::Badly,
            News::Failed => Stands::Failed,
        };
        self.weigh_calls(key);
    }

    /// Somebody saw to what went wrong.
    pub(super) fn spare(&mut self, key: &str) {
        let sitting = self.sits.get_mut(key).expect("it waits");
        sitting.seats.clear();
        sitting.calls.iter_mut().filter(|one| one.went_wrong()).for_each(|one| one.stands = Stands::Spared);
        self.weigh_calls(key);
    }

    /// It is tried once more, where its starter is there.
    pub(super) fn call_again(&mut self, key: &str) {
        let left = self.world.left.clone();
        let sitting = self.sits.get_mut(key).expect("it waits");
        sitting.seats.clear();
        let again = sitting.calls.iter_mut().filter(|one| one.went_wrong() && !left.contains(&one.starter));
        again.for_each(|one| one.stands = Stands::Due);
        self.weigh_calls(key);
    }

    fn weigh_calls(&mut self, key: &str) {
        let Step::Call(_, call) = *step_at(&self.plan, &self.path(key)) else { panic!("it opens cases") };
        let calls = &mut self.sits.get_mut(key).expect("it waits").calls;
        let bad = |one: &&mut Called| one.stands == Stands::Badly;
        if call.if_bad == IfBad::End && calls.iter_mut().any(|one| bad(&one)) {
            return self.end(Status::Terminated);
        }
        if call.if_bad == IfBad::GoOn {
            calls.iter_mut().filter(bad).for_each(|one| one.stands = Stands::Spared);
        }
        let wrong = calls.iter().any(Called::went_wrong);
        let over = !wrong && !calls.iter().any(Called::is_pending);
        let is_enough = match call.waits {
            Waits::All => over,
            Waits::First => over || calls.iter().any(|one| one.stands == Stands::Well),
            Waits::Never => !wrong && !calls.iter().any(|one| one.stands == Stands::Due),
        };
        if is_enough {
            return self.arrived(key);
        }
        if wrong && self.sits[key].seats.is_empty() {
            let seat = self.new_seat(ADMINISTRATOR, Work::Mend);
            self.sits.get_mut(key).expect("it waits").seats.push(seat);
        }
    }
}
