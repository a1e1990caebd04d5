//! A case opens cases of another flow and waits for them (FLOW-39).

use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, person, values, with},
    world::*,
};
use crate::engine::{
    Acting, Arrival, Awaiting, Called, CalledState, Command, Intent, Reason, Refusal, Status, Target, Words,
    case::{ActivationNo, Purpose},
    model::AfterReturn,
};

fn call(more: Value) -> Value {
    let node = json!({ "kind": "call", "key": "ask", "name": { "zh": "征求意见" }, "flow": "opinion" });
    with(node, more)
}

fn calling(node: Value, given: Value) -> Story {
    let flow = flow(json!([node, approve("last", person(HR_MANAGER))]));
    Story::submitted(flow, World::new(), CLERK, given)
}

fn departments() -> Value {
    json!({ "each": "departments", "values": { "department": "each", "subject": "form.reason" },
            "results": { "note": "opinion" } })
}

fn called(story: &Story) -> Vec<Called> {
    story.case.activations[1]
        .awaiting
        .iter()
        .flat_map(|awaiting| match awaiting {
            Awaiting::Cases { calls, .. } => calls.clone(),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn tell(story: &mut Story, arrival: Arrival) -> Result<(), Refusal> {
    let intent = Intent::Arrived { activation: ActivationNo(2), arrival };
    story.command(Command::of_system(Acting::person(CLERK), intent)).map(drop)
}

fn open(story: &mut Story, no: u32) {
    tell(story, Arrival::Opened { call: no, case: format!("case-{no}") }).expect("it is opened");
}

fn end(story: &mut Story, no: u32, status: Status, handed_back: Value) {
    let (case, values) = (format!("case-{no}"), values(handed_back));
    tell(story, Arrival::Ended { call: no, case, status, values }).expect("it ends");
}

fn refused(story: &mut Story, no: u32) {
    tell(story, Arrival::Failed { call: no, reason: Reason::new("workflow.call_incomplete") }).expect("it fails");
}

// proves: FLOW-39
#[test]
fn each_department_gets_a_case_started_by_its_head_and_all_are_waited_for() {
    let mut story = calling(call(departments()), json!({ "departments": ["sales", "personnel"], "reason": "新制度" }));
    let calls = called(&story);
    assert_eq!(calls.iter().map(|one| one.by).collect::<Vec<_>>(), [Some(SALES_HEAD), Some(HR_MANAGER)]);
    assert_eq!(calls[0].values, values(json!({ "department": "sales", "subject": "新制度" })));
    assert_eq!(story.waiting(), []);
    open(&mut story, 1);
    open(&mut story, 2);
    end(&mut story, 2, Status::Completed, json!({ "opinion": "同意" }));
    assert_eq!(story.waiting(), [], "the other is still waited for");
    end(&mut story, 1, Status::Completed, json!({ "opinion": "无意见" }));
    assert_eq!(story.waiting(), [(HR_MANAGER, "last")]);
    assert_eq!(
        story.case.values["note"],
        json!("同意 无意见"),
        "each adds its own; in a text of one line, a blank between"
    );
    story.approve(HR_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-39
#[test]
fn one_case_is_started_by_the_initiator_and_its_result_comes_back() {
    let node = call(json!({ "values": { "much": "form.amount * 2" }, "results": { "amount": "approved" } }));
    let mut story = calling(node, json!({ "amount": "50.00" }));
    assert_eq!(called(&story)[0].by, Some(CLERK));
    assert_eq!(called(&story)[0].values.len(), 1);
    open(&mut story, 1);
    end(&mut story, 1, Status::Completed, json!({ "approved": "40.00" }));
    assert_eq!(story.case.values["amount"], json!("40.00"));
    assert_eq!(story.waiting(), [(HR_MANAGER, "last")]);
}

// proves: FLOW-39
#[test]
fn the_first_is_enough_or_none_is_waited_for_where_the_node_says_so() {
    let given = || json!({ "departments": ["sales", "personnel"] });
    let mut first = calling(call(with(departments(), json!({ "wait": "first" }))), given());
    open(&mut first, 1);
    open(&mut first, 2);
    end(&mut first, 2, Status::Completed, json!({}));
    assert_eq!(first.waiting(), [(HR_MANAGER, "last")]);
    let late = Arrival::Ended { call: 1, case: "case-1".into(), status: Status::Completed, values: values(json!({})) };
    assert_eq!(tell(&mut first, late), Err(Refusal::NothingAwaited));

    let mut none = calling(call(json!({ "each": "departments", "wait": "none" })), given());
    open(&mut none, 1);
    assert_eq!(none.waiting(), []);
    open(&mut none, 2);
    assert_eq!(none.waiting(), [(HR_MANAGER, "last")]);
}

// proves: FLOW-39, FLOW-05
#[test]
fn what_cannot_be_opened_is_asked_about_and_breaks_nothing() {
    let mut story = calling(call(departments()), json!({ "departments": ["archive"] }));
    assert!(matches!(called(&story)[0].state, CalledState::Failed { .. }), "nobody heads it");
    assert_eq!(story.waiting(), [(ADMINISTRATOR, "ask")]);
    assert_eq!(story.purposes(), [Purpose::Mend]);
    let task = story.task_of(ADMINISTRATOR);
    // Tried again while nothing was mended, it is asked about again.
    story.run(ADMINISTRATOR, Intent::TryAgain { task }).expect("he may");
    let task = story.task_of(ADMINISTRATOR);
    let silent = Intent::Complete { task, words: Words::default(), values: values(json!({})) };
    assert_eq!(story.run(ADMINISTRATOR, silent), Err(Refusal::OpinionRequired { min_length: 1 }));
    story.complete(ADMINISTRATOR, "档案室已当面答复");
    assert_eq!(story.waiting(), [(HR_MANAGER, "last")]);

    let mut story = calling(call(json!({})), json!({}));
    refused(&mut story, 1);
    let task = story.task_of(ADMINISTRATOR);
    story.run(ADMINISTRATOR, Intent::TryAgain { task }).expect("he may");
    assert_eq!(called(&story)[0].state, CalledState::Opening);
    assert_eq!(story.waiting(), []);
    open(&mut story, 1);
    end(&mut story, 1, Status::Completed, json!({}));
    assert_eq!(story.waiting(), [(HR_MANAGER, "last")]);
}

// proves: FLOW-39
#[test]
fn a_case_that_ends_badly_is_asked_about_passed_over_or_ends_this_one() {
    let ended = |on_failure: &str, status: Status| {
        let mut story = calling(call(json!({ "on_failure": on_failure })), json!({}));
        open(&mut story, 1);
        end(&mut story, 1, status, json!({}));
        story
    };
    for status in [Status::Rejected, Status::Withdrawn, Status::Terminated] {
        assert_eq!(ended("ask", status).waiting(), [(ADMINISTRATOR, "ask")]);
        assert_eq!(ended("go_on", status).waiting(), [(HR_MANAGER, "last")]);
        assert_eq!(ended("end", status).case.status, Status::Terminated);
    }
}

// proves: FLOW-39
#[test]
fn a_result_that_does_not_fit_is_asked_about() {
    let mut story = calling(call(json!({ "results": { "amount": "answer" } })), json!({ "amount": "50.00" }));
    open(&mut story, 1);
    end(&mut story, 1, Status::Completed, json!({ "answer": "不少" }));
    assert_eq!(story.case.values["amount"], json!("50.00"));
    assert_eq!(story.waiting(), [(ADMINISTRATOR, "ask")]);
    let CalledState::Failed { case, reason } = &called(&story)[0].state else { panic!("it failed") };
    assert_eq!((case.as_deref(), reason.code.as_str()), (Some("case-1"), "workflow.call_results_refused"));
}

// proves: FLOW-22, FLOW-23, FLOW-39
#[test]
fn a_return_and_a_withdrawal_end_the_waiting() {
    let mut story = calling(call(json!({})), json!({}));
    open(&mut story, 1);
    story.run(CLERK, Intent::Withdraw { words: Words::default() }).expect("he may");
    let late = Arrival::Ended { call: 1, case: "case-1".into(), status: Status::Completed, values: values(json!({})) };
    assert_eq!(tell(&mut story, late), Err(Refusal::AlreadyFinished));

    let lanes = json!({ "kind": "parallel", "key": "both", "name": { "zh": "并行" }, "branches": [
        { "key": "one", "name": { "zh": "甲" }, "route": [call(json!({}))] },
        { "key": "two", "name": { "zh": "乙" }, "route": [approve("sign", person(VICE_MANAGER))] },
    ] });
    let mut story = Story::submitted(flow(json!([lanes])), World::new(), CLERK, json!({}));
    assert_eq!(story.case.awaited().count(), 1);
    story.return_to(VICE_MANAGER, Target::First, AfterReturn::WalkAgain);
    assert_eq!(story.case.awaited().count(), 0);
}

// proves: FLOW-39
#[test]
fn nobody_but_the_system_opens_ends_or_calls_off() {
    let mut story = calling(call(json!({})), json!({}));
    let opened =
        Intent::Arrived { activation: ActivationNo(2), arrival: Arrival::Opened { call: 1, case: "case-1".into() } };
    for intent in [opened, Intent::CallOff] {
        let command = Command::as_administrator(Acting::person(ADMINISTRATOR), intent);
        assert_eq!(story.command(command), Err(Refusal::NotTheSystem));
    }
    story.command(Command::of_system(Acting::person(CLERK), Intent::CallOff)).expect("the system may");
    assert_eq!(story.case.status, Status::Withdrawn);
}
