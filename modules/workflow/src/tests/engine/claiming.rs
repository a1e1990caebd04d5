//! 抢办: a pool of tasks, of which one holds the work alone.

use hanlin_kernel::PersonId;
use serde_json::json;

use super::{
    story::{Story, approve, flow, handle, people, post, with},
    world::*,
};
use crate::engine::{
    Acting, Command, Intent, Refusal, Status, Target, Values, Words,
    case::{TaskNo, Verdict},
    is_to_claim,
    model::AfterReturn,
};

const POOL: [PersonId; 3] = [CASHIER, SECOND_CASHIER, SECRETARY];

fn pool() -> Story {
    let pay = with(handle("pay", people(&POOL)), json!({ "quorum": "claim" }));
    let flow = flow(json!([approve("check", people(&[HR_MANAGER])), pay]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    story.approve(HR_MANAGER);
    story
}

fn claim(story: &mut Story, person: PersonId) -> Result<(), Refusal> {
    let task = task(story, person);
    story.run(person, Intent::Claim { task }).map(|_| ())
}

/// His last task, open or not.
fn task(story: &Story, person: PersonId) -> TaskNo {
    story.case.tasks.iter().rev().find(|task| task.person == person).expect("he has one").id
}

fn give_back(story: &mut Story, person: PersonId, words: &str) -> Result<(), Refusal> {
    let task = task(story, person);
    story.run(person, Intent::GiveBack { task, words: Words::new(words) }).map(|_| ())
}

fn complete(story: &mut Story, person: PersonId) -> Result<(), Refusal> {
    let task = task(story, person);
    let done = Intent::Complete { task, words: Words::new("已付"), values: Values::new() };
    story.run(person, done).map(|_| ())
}

fn at_hand(story: &Story) -> Vec<PersonId> {
    story.waiting().into_iter().map(|(person, _)| person).collect()
}

// proves: FLOW-07, FLOW-15
#[test]
fn whoever_claims_it_holds_it_alone_and_the_others_are_told_by_whom() {
    let mut story = pool();
    assert_eq!(at_hand(&story), POOL, "everybody sees it in the pool");
    assert_eq!(complete(&mut story, CASHIER), Err(Refusal::ClaimFirst), "nobody works on it unclaimed");
    claim(&mut story, CASHIER).expect("he is the first");
    assert_eq!(at_hand(&story), [CASHIER]);
    let taken = Err(Refusal::ClaimedBy { person: CASHIER });
    assert_eq!(claim(&mut story, SECOND_CASHIER), taken);
    assert_eq!(complete(&mut story, SECRETARY), taken);
    assert_eq!(claim(&mut story, CASHIER), Err(Refusal::NothingToClaim));
    complete(&mut story, CASHIER).expect("it is his now");
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-15, TRACE-09
#[test]
fn what_was_claimed_is_given_back_with_a_reason_and_another_takes_it() {
    let mut story = pool();
    assert_eq!(give_back(&mut story, CASHIER, "外出"), Err(Refusal::ClaimFirst));
    claim(&mut story, CASHIER).expect("the first");
    assert_eq!(give_back(&mut story, CASHIER, " "), Err(Refusal::OpinionRequired { min_length: 1 }));
    give_back(&mut story, CASHIER, "外出办事").expect("with a reason");
    assert_eq!(at_hand(&story), POOL);
    let said = story.case.opinions.last().expect("his reason");
    assert_eq!(
        (said.verdict, said.by, said.words.text.as_str()),
        (Verdict::GivenBack, Acting::person(CASHIER), "外出办事")
    );
    claim(&mut story, SECRETARY).expect("free again");
    complete(&mut story, SECRETARY).expect("hers");
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-15
#[test]
fn where_nobody_else_could_nothing_is_claimed() {
    let pay = with(handle("pay", post("hr_manager")), json!({ "quorum": "claim" }));
    let mut story = Story::submitted(flow(json!([pay])), World::new(), CLERK, json!({}));
    let alone = story.case.task(story.task_of(HR_MANAGER)).expect("his task").clone();
    assert!(!is_to_claim(story.flow.flow(), &story.case, &alone));
    assert_eq!(claim(&mut story, HR_MANAGER), Err(Refusal::NothingToClaim));
    assert_eq!(give_back(&mut story, HR_MANAGER, "不办"), Err(Refusal::NotClaimed));
    story.complete(HR_MANAGER, "已办");
}

// proves: FLOW-15, FLOW-22
#[test]
fn what_is_claimed_goes_on_with_whoever_takes_it_over_and_after_a_return() {
    let mut story = pool();
    claim(&mut story, CASHIER).expect("the first");
    let transfer = Intent::Transfer { task: task(&story, CASHIER), to: COLLEAGUE, words: Words::new("请代办") };
    story.run(CASHIER, transfer).expect("he holds it");
    assert_eq!(at_hand(&story), [COLLEAGUE], "she holds it as he did");
    story.return_to(COLLEAGUE, Target::Node("check".into()), AfterReturn::StraightBack);
    assert_eq!(at_hand(&story), [HR_MANAGER]);
    story.approve(HR_MANAGER);
    assert_eq!(at_hand(&story), [COLLEAGUE], "it comes back to whoever holds it");
    give_back(&mut story, COLLEAGUE, "由出纳办理").expect("the pool is still there");
    assert_eq!(at_hand(&story), [SECOND_CASHIER, SECRETARY, COLLEAGUE]);
}

// proves: FLOW-15
#[test]
fn taken_back_it_is_held_as_before_and_an_administrator_hands_it_over() {
    let pay = with(handle("pay", people(&POOL)), json!({ "quorum": "claim" }));
    let flow = flow(json!([pay, approve("check", people(&[HR_MANAGER]))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    claim(&mut story, CASHIER).expect("the first");
    complete(&mut story, CASHIER).expect("his");
    let back = Intent::TakeBack { task: task(&story, CASHIER), words: Words::default() };
    story.run(CASHIER, back).expect("nobody went on");
    assert_eq!(at_hand(&story), [CASHIER], "the others do not get it by that");
    assert_eq!(claim(&mut story, SECRETARY), Err(Refusal::ClaimedBy { person: CASHIER }));
    let over = Intent::HandOver { task: task(&story, CASHIER), to: COLLEAGUE, words: Words::new("休假") };
    story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), over)).expect("in service");
    assert_eq!(at_hand(&story), [COLLEAGUE]);
    story.complete(COLLEAGUE, "已付");
    assert_eq!(at_hand(&story), [HR_MANAGER]);
}
