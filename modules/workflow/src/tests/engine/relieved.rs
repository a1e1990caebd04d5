//! Somebody leaves, and what waits at him goes to who stands in for him.

use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, people, person, with},
    world::*,
};
use crate::engine::{
    Acting, Command, Event, Intent, Refusal, SignerPlace, Status, Words,
    case::{Among, Purpose},
};

fn started(route: Value) -> Story {
    Story::submitted(flow(route), World::new(), CLERK, json!({}))
}

fn words() -> Words {
    Words::new("意见")
}

impl Story {
    /// He leaves, and the system says so.
    fn loses(&mut self, person: PersonId) -> &mut Self {
        self.world.leaves(person);
        self.relieved().expect("the system may");
        self
    }

    fn relieved(&mut self) -> Result<Vec<Event>, Refusal> {
        self.command(Command::of_system(Acting::person(CLERK), Intent::Relieve))
    }

    fn names(&mut self, to: PersonId) -> &mut Self {
        let intent = Intent::HandOver { task: self.task_of(ADMINISTRATOR), to, words: words() };
        let command = Command::as_administrator(Acting::person(ADMINISTRATOR), intent);
        self.command(command).expect("he may");
        self
    }
}

// proves: FLOW-05, ORG-13
#[test]
fn what_he_has_goes_to_his_successor_or_superior_as_the_flow_says() {
    let node =
        |on_left: &str| with(approve("check", person(HR_SPECIALIST)), json!({ "people": { "on_left": on_left } }));
    for (on_left, to) in [("successor", CASHIER), ("superior", HR_MANAGER)] {
        let mut story = started(json!([node(on_left)]));
        story.world.successors.insert(HR_SPECIALIST, CASHIER);
        story.loses(HR_SPECIALIST);
        assert_eq!(story.waiting(), [(to, "check")]);
        story.approve(to);
        assert_eq!(story.case.status, Status::Completed);
    }
}

// proves: FLOW-05, ORG-13
#[test]
fn only_the_system_says_so_and_nothing_happens_where_nobody_has_left() {
    let mut story = started(json!([approve("check", person(HR_SPECIALIST))]));
    assert_eq!(story.relieved(), Ok(Vec::new()));
    let asked = Command::as_administrator(Acting::person(ADMINISTRATOR), Intent::Relieve);
    assert_eq!(story.command(asked), Err(Refusal::NotTheSystem));
}

// proves: FLOW-05, FLOW-06, ORG-13
#[test]
fn of_two_votes_none_is_lost_where_one_superior_stands_in_for_both() {
    let node =
        with(approve("check", people(&[SALES_HEAD, CASHIER, HR_MANAGER])), json!({ "quorum": { "at_least": 3 } }));
    let mut story = started(json!([node]));
    story.world.leaves(SALES_HEAD);
    story.loses(CASHIER);
    let mut waiting = story.waiting();
    waiting.sort();
    assert_eq!(waiting, [(VICE_MANAGER, "check"), (HR_MANAGER, "check"), (ADMINISTRATOR, "check")]);
    story.approve(VICE_MANAGER).approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(ADMINISTRATOR, "check")], "his vote is still to come");
    story.names(SECRETARY).approve(SECRETARY);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-05, ORG-13
#[test]
fn each_for_whom_nobody_stands_in_is_named_by_himself() {
    let mut story = started(json!([approve("check", people(&[GENERAL_MANAGER, ADMINISTRATOR, SECRETARY]))]));
    story.world.superiors.remove(&SECRETARY);
    story.world.leaves(GENERAL_MANAGER);
    story.loses(SECRETARY);
    assert_eq!(story.purposes(), [Purpose::Approve, Purpose::Assign, Purpose::Assign]);
    let first = story.case.open_tasks().find(|task| task.purpose == Purpose::Assign).map(|task| task.id);
    let intent = Intent::HandOver { task: first.expect("one"), to: CASHIER, words: words() };
    story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), intent)).expect("he may");
    assert_eq!(story.purposes(), [Purpose::Approve, Purpose::Assign, Purpose::Approve]);
}

// proves: FLOW-05, FLOW-15, ORG-13
#[test]
fn the_last_signer_who_leaves_is_replaced_and_whoever_asked_him_waits_on() {
    let mut story = started(json!([approve("check", person(VICE_MANAGER))]));
    let (task, place, among) = (story.task_of(VICE_MANAGER), SignerPlace::Before, Among::All);
    let intent = Intent::AddSigner { task, people: vec![HR_SPECIALIST], place, among, words: words() };
    story.run(VICE_MANAGER, intent).expect("he may");
    story.loses(HR_SPECIALIST);
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
    story.approve(HR_MANAGER).approve(VICE_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-15, ORG-13
#[test]
fn advice_that_was_asked_of_one_who_leaves_is_waited_for_no_longer_where_his_superior_asked_for_it() {
    let mut story = started(json!([approve("check", person(HR_MANAGER))]));
    let intent = Intent::Delegate { task: story.task_of(HR_MANAGER), to: HR_SPECIALIST, words: words() };
    story.run(HR_MANAGER, intent).expect("he may");
    story.loses(HR_SPECIALIST);
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
}

// proves: FLOW-05, FLOW-22, ORG-13
#[test]
fn nobody_comes_to_decide_his_own_case_by_standing_in() {
    let mut story = started(json!([approve("check", person(COLLEAGUE))]));
    story.world.superiors.insert(COLLEAGUE, CLERK);
    story.loses(COLLEAGUE);
    assert_eq!(story.waiting(), [(SALES_HEAD, "check")], "but his superior");
}

// proves: FLOW-05, FLOW-06, ORG-13
#[test]
fn who_is_named_for_a_pool_waits_while_another_holds_it() {
    let pool = people(&[GENERAL_MANAGER, HR_SPECIALIST, CASHIER]);
    let mut story = started(json!([with(approve("check", pool), json!({ "quorum": "claim" }))]));
    story.loses(GENERAL_MANAGER);
    story.run(HR_SPECIALIST, Intent::Claim { task: story.task_of(HR_SPECIALIST) }).expect("it is in the pool");
    story.names(SECRETARY);
    assert_eq!(story.waiting(), [(HR_SPECIALIST, "check")]);
    let back = Intent::GiveBack { task: story.task_of(HR_SPECIALIST), words: words() };
    story.run(HR_SPECIALIST, back).expect("he holds it");
    assert_eq!(story.waiting(), [(HR_SPECIALIST, "check"), (CASHIER, "check"), (SECRETARY, "check")]);
}
