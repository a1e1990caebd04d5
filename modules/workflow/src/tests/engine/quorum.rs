//! Several people at one node (FLOW-06).

use serde_json::json;

use super::{
    story::{Story, approve, flow, handle, people, post, with},
    world::*,
};
use crate::engine::{Intent, Refusal, Status, TaskState, Values, Words, case::Closing};

const THREE: [hanlin_kernel::PersonId; 3] = [HR_MANAGER, VICE_MANAGER, CASHIER];

// proves: FLOW-06
#[test]
fn all_are_asked_at_once_and_each_must_agree() {
    let flow = flow(json!([with(approve("check", people(&THREE)), json!({ "quorum": "all" }))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    assert_eq!(story.waiting().len(), 3);
    story.approve(CASHIER).approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "check")]);
    story.approve(VICE_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-06
#[test]
fn any_one_decides_and_the_tasks_of_the_others_end_with_the_reason_shown() {
    let flow = flow(json!([with(approve("check", people(&THREE)), json!({ "quorum": "any" }))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    let (decisive, late) = (story.task_of(VICE_MANAGER), story.task_of(CASHIER));
    story.approve(VICE_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
    let task = story.case.task(late).expect("his task");
    assert_eq!(task.closing(), Some(Closing::DecidedByOther { task: decisive }));
}

// proves: FLOW-06
#[test]
fn in_turn_the_next_is_asked_when_the_one_before_has_agreed() {
    let flow = flow(json!([with(approve("check", people(&THREE)), json!({ "quorum": "in_turn" }))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
    let waiting = story.case.tasks[1].id;
    let early = Intent::Approve { task: waiting, words: Words::default(), values: Values::new() };
    assert_eq!(story.run(VICE_MANAGER, early), Err(Refusal::NotYourTurn));
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "check")]);
    story.approve(VICE_MANAGER).approve(CASHIER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-05, FLOW-06
#[test]
fn who_approved_just_before_counts_in_each_kind_of_quorum() {
    let ask = |quorum: &str| {
        let second = with(approve("second", people(&THREE)), json!({ "quorum": quorum }));
        let flow = flow(json!([approve("first", people(&[HR_MANAGER])), second]));
        let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
        story.approve(HR_MANAGER);
        story.waiting().into_iter().map(|(person, _)| person).collect::<Vec<_>>()
    };
    assert_eq!(ask("all"), [VICE_MANAGER, CASHIER]);
    assert_eq!(ask("in_turn"), [VICE_MANAGER]);
    assert_eq!(ask("any"), [], "his approval is enough");
}

// proves: FLOW-11
#[test]
fn one_of_several_executes_and_notes_the_result() {
    let pay = with(handle("pay", post("cashier")), json!({ "result": { "required": true, "min_length": 2 } }));
    let flow = flow(json!([approve("check", people(&[HR_MANAGER])), pay]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    story.approve(HR_MANAGER);
    let task = story.task_of(CASHIER);
    let complete = |words: Words| Intent::Complete { task, words, values: Values::new() };
    assert_eq!(story.run(CASHIER, complete(Words::default())), Err(Refusal::OpinionRequired { min_length: 2 }));
    let approve = Intent::Approve { task, words: Words::default(), values: Values::new() };
    assert_eq!(story.run(CASHIER, approve), Err(Refusal::WrongPurpose));
    story.run(CASHIER, complete(Words::new("已付款"))).expect("he pays");
    assert_eq!(story.case.status, Status::Completed);
    assert_eq!(story.case.opinions.last().map(|opinion| opinion.words.text.as_str()), Some("已付款"));
}

#[test]
fn one_rejection_ends_the_case_and_all_its_tasks() {
    let flow = flow(json!([approve("check", people(&THREE)), approve("after", people(&[SECRETARY]))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    story.approve(HR_MANAGER);
    let task = story.task_of(CASHIER);
    story.run(CASHIER, Intent::Reject { task, words: Words::new("不符合规定") }).expect("he may");
    assert_eq!(story.case.status, Status::Rejected);
    let others = story.states_at("check");
    assert!(matches!(others[0].1, TaskState::Closed { how: Closing::Approved, .. }), "what was decided stays");
    assert!(matches!(others[1].1, TaskState::Closed { how: Closing::CaseRejected { .. }, .. }));
}

// proves: FLOW-06
#[test]
fn a_decision_counts_once() {
    let flow = flow(json!([approve("check", people(&THREE))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    let task = story.task_of(CASHIER);
    let agree = || Intent::Approve { task, words: Words::default(), values: Values::new() };
    story.run(CASHIER, agree()).expect("once");
    assert_eq!(story.run(CASHIER, agree()), Err(Refusal::TaskEnded));
    assert_eq!(story.case.opinions.len(), 1);
}
