//! The engine against a second model that knows nothing of events, visits or tasks: a case is a place in a tree of steps, and
//! a command moves it. It is deliberately simple, and leaves out what would make it another engine: people who are found
//! by rules, forms, signers who are added, returns into a branch beside and straight back. Within what it knows both must
//! allow the same commands, wait for the same people at the same nodes, and end alike.

mod model;
mod plan;

use hanlin_kernel::PersonId;
use proptest::{collection::vec, prelude::*};
use serde_json::json;

use self::{
    model::{Lies, Matter, Model, answers_at, lies},
    plan::{name, route, steps},
};
use super::{
    story::{Story, flow_with, values},
    world::*,
};
use crate::engine::{
    Acting, Choices, Command, Intent, Status, Target, Values, Words,
    case::{Purpose, TaskNo},
    model::{AfterReturn, START},
};

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
        let (key, person) = awaited.filter(|_| !self.what.is_multiple_of(8)).unwrap_or(anybody);
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

/// What is due is done in the unit of the decision that led there.
fn effects_happen(story: &mut Story) {
    while let Some(visit) = story.case.due_effect() {
        story.arrive(visit).expect("it is due");
    }
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
        effects_happen(&mut story);
        let mut model = Model::submitted(plan, is_large);
        let mut done = vec![format!("{:#?}", model.plan)];
        agree(&story, &model, &done);
        for (what, which, who) in tries {
            let attempt = Try { what, which, who }.read(&model, &keys);
            let Some(is_allowed) = attempt.is_allowed(&model) else { continue };
            let answer = story.command(attempt.command(&story));
            effects_happen(&mut story);
            done.push(format!("{attempt:?}"));
            prop_assert_eq!(answer.is_ok(), is_allowed, "{:?} after {:#?}", answer.err(), done);
            if is_allowed {
                attempt.do_it(&mut model);
            }
            agree(&story, &model, &done);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 1_000, ..ProptestConfig::default() })]

    // proves: FLOW-22
    #[test]
    fn passing_over_whom_no_change_concerns_is_straight_back_where_nothing_changed_and_walked_again_where_all_did(
        mut plan in steps(),
        is_large in any::<bool>(),
        agreeing in vec(0..50usize, 0..16),
        returner in 0..50usize,
    ) {
        name(&mut plan, &mut 0, &mut vec![START.to_owned()]);
        let amount = if is_large { "5000.00" } else { "50.00" };
        let mut story = Story::new(flow_with(route(&plan), json!({})), World::new(), CLERK);
        let given = values(json!({ "amount": amount }));
        let submit = Intent::Submit { values: given, choices: Choices::new(), confirmed: true };
        story.command(Command::new(Acting::person(CLERK), submit)).expect("it can be submitted");
        effects_happen(&mut story);
        for which in agreeing {
            agree_once(&mut story, which);
        }
        let corrected = |then: AfterReturn, changed: serde_json::Value| {
            let mut story = story.clone();
            let open: Vec<_> = story.case.open_tasks().map(|task| task.person).collect();
            let person = *open.get(returner % open.len().max(1))?;
            story.return_to(person, Target::First, then).resubmit(CLERK, changed);
            effects_happen(&mut story);
            Some(story)
        };
        let everything = || json!({ "note": "都变了" });
        let ways = [
            (corrected(AfterReturn::StraightBack, json!({})), corrected(AfterReturn::SkipUnchanged, json!({}))),
            (corrected(AfterReturn::WalkAgain, everything()), corrected(AfterReturn::SkipUnchanged, everything())),
        ];
        for (one, other) in ways {
            let (Some(mut one), Some(mut other)) = (one, other) else { continue };
            loop {
                prop_assert_eq!(open_tasks(&one), open_tasks(&other));
                prop_assert_eq!(one.case.status, other.case.status);
                if one.case.status != Status::Running {
                    break;
                }
                prop_assert!(!open_tasks(&one).is_empty(), "it waits for nobody");
                agree_once(&mut one, 0);
                agree_once(&mut other, 0);
            }
        }
    }
}

/// One of those who are waited for agrees: the so-and-so-many-th by node and person.
fn agree_once(story: &mut Story, which: usize) {
    let open = open_tasks(story);
    let Some((_, person)) = open.get(which % open.len().max(1)).cloned() else { return };
    let node = |task: &&crate::engine::case::Task| story.node_of(task) == open[which % open.len()].0;
    let task = story.case.open_tasks().filter(|task| task.person == person).find(node).expect("it is open").clone();
    let (task, words, none) = (task.id, Words::new("意见"), Values::new());
    let intent = match story.case.task(task).map(|task| task.purpose) {
        Some(Purpose::Handle) => Intent::Complete { task, words, values: none },
        _ => Intent::Approve { task, words, values: none },
    };
    story.run(person, intent).expect("he may");
    effects_happen(story);
}
