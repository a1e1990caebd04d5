//! A case asks another system, and waits for events (FLOW-40, FLOW-11).

use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, handle, person, post, values, with},
    world::*,
};
use crate::engine::{
    Acting, Arrival, Awaiting, Command, EventState, Intent, Reason, Refusal, Status, StepKind, Target, Values,
    WebhookState, Words,
    case::{ActivationNo, Purpose},
    model::AfterReturn,
    predict, route,
};

fn ask(more: Value) -> Value {
    let node = json!({ "kind": "webhook", "key": "ask", "name": { "zh": "通知财务" }, "endpoint": "finance",
        "send": { "why": "form.reason", "days": "form.days * 2" } });
    with(node, more)
}

fn event(more: Value) -> Value {
    let time = with(json!({ "kind": "event", "event": "contract.signed" }), more);
    json!({ "kind": "wait", "key": "signed", "name": { "zh": "等合同签订" }, "time": time })
}

/// Decided by the HR manager, then asked; then the cashier notes it.
fn decided(node: Value) -> Story {
    let operations = json!({ "operations": ["take_back", "return_to"] });
    let checked = with(approve("check", person(HR_MANAGER)), operations);
    let flow = flow(json!([checked, node, handle("note", person(CASHIER))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({ "reason": "年假", "days": "1.5" }));
    story.approve(HR_MANAGER);
    story
}

fn visit(story: &Story) -> ActivationNo {
    story.case.awaited().next().map_or(ActivationNo(99), |(visit, _)| visit)
}

fn tell(story: &mut Story, arrival: Arrival) -> Result<(), Refusal> {
    let intent = Intent::Arrived { activation: visit(story), arrival };
    story.command(Command::of_system(Acting::person(CLERK), intent)).map(drop)
}

fn answered(answer: Value) -> Arrival {
    Arrival::Answered { values: values(answer) }
}

fn unanswered() -> Arrival {
    Arrival::Unanswered { reason: Reason::new("workflow.webhook_timeout") }
}

fn awaiting(story: &Story) -> Awaiting {
    story.case.activations.iter().rev().find_map(|visit| visit.awaiting.clone()).expect("something is awaited")
}

fn state(story: &Story) -> WebhookState {
    match awaiting(story) {
        Awaiting::Webhook { state, .. } => state,
        other => panic!("{other:?}"),
    }
}

fn event_state(story: &Story) -> EventState {
    match awaiting(story) {
        Awaiting::Event { state, .. } => state,
        other => panic!("{other:?}"),
    }
}

// proves: FLOW-40, FLOW-11
#[test]
fn it_asks_with_its_values_and_goes_on_with_the_answer() {
    let mut story = decided(ask(json!({ "results": { "archive_number": "number", "amount": "sum" } })));
    let Awaiting::Webhook { endpoint, values: sent, later, state: stands } = awaiting(&story) else { panic!() };
    assert_eq!((endpoint.as_str(), later, stands), ("finance", false, WebhookState::Sending));
    assert_eq!(sent, values(json!({ "why": "年假", "days": "3" })));
    assert_eq!(story.waiting(), [], "nobody is asked meanwhile");
    tell(&mut story, answered(json!({ "number": "A-7", "sum": 12.5, "more": [] }))).expect("it is awaited");
    assert_eq!((&story.case.values["archive_number"], &story.case.values["amount"]), (&json!("A-7"), &json!("12.50")));
    assert_eq!((state(&story), story.waiting()), (WebhookState::Answered, vec![(CASHIER, "note")]));
}

// proves: FLOW-40
#[test]
fn what_gets_no_answer_or_a_wrong_one_is_tried_again_or_seen_to_by_hand() {
    let node = || ask(json!({ "executor": post("hr_manager"), "results": { "amount": "sum" } }));
    let mut story = decided(node());
    tell(&mut story, unanswered()).expect("it is awaited");
    assert_eq!((story.waiting(), story.purposes()), (vec![(HR_MANAGER, "ask")], vec![Purpose::Mend]));
    assert_eq!(tell(&mut story, answered(json!({}))), Err(Refusal::NothingAwaited), "it comes too late");
    let task = story.task_of(HR_MANAGER);
    story.run(HR_MANAGER, Intent::TryAgain { task }).expect("he may");
    assert_eq!((state(&story), story.waiting()), (WebhookState::Sending, vec![]));
    tell(&mut story, answered(json!({ "sum": "不少" }))).expect("it is awaited");
    let WebhookState::Failed { reason } = state(&story) else { panic!("{:?}", state(&story)) };
    assert_eq!(reason.code, "workflow.call_results_refused");
    story.complete(HR_MANAGER, "已电话确认");
    assert_eq!((state(&story), story.waiting()), (WebhookState::ByHand, vec![(CASHIER, "note")]));

    let mut story = decided(ask(json!({})));
    tell(&mut story, unanswered()).expect("it is awaited");
    assert_eq!(story.waiting(), [(ADMINISTRATOR, "ask")], "without an executor, the administrators");
}

// proves: FLOW-40
#[test]
fn who_answers_later_says_first_that_it_was_taken() {
    let mut story = decided(ask(json!({ "answer": "later" })));
    tell(&mut story, Arrival::Sent).expect("it is awaited");
    assert_eq!((state(&story), story.waiting()), (WebhookState::Sent, vec![]));
    assert_eq!(tell(&mut story, Arrival::Sent), Err(Refusal::NothingAwaited));
    let by_hand = Intent::Arrived { activation: visit(&story), arrival: answered(json!({})) };
    let by_hand = Command::as_administrator(Acting::person(ADMINISTRATOR), by_hand);
    assert_eq!(story.command(by_hand), Err(Refusal::NotTheSystem));
    tell(&mut story, answered(json!({}))).expect("it is awaited");
    assert_eq!(tell(&mut story, answered(json!({}))), Err(Refusal::NothingAwaited), "it counts once");
    assert_eq!(story.waiting(), [(CASHIER, "note")]);
    // The answer may be there before the word that it was taken.
    let mut story = decided(ask(json!({ "answer": "later" })));
    tell(&mut story, answered(json!({}))).expect("it is awaited");
    assert_eq!(tell(&mut story, Arrival::Sent), Err(Refusal::NothingAwaited));
    // Who answers at once does not say that he will.
    let mut story = decided(ask(json!({})));
    assert_eq!(tell(&mut story, Arrival::Sent), Err(Refusal::NothingAwaited));
}

// proves: FLOW-40, FLOW-23
#[test]
fn a_decision_is_taken_back_until_the_answer_is_there() {
    let mut story = decided(ask(json!({})));
    let task = story.case.tasks[0].id;
    let back = || Intent::TakeBack { task, words: Words::new("看错了") };
    story.run(HR_MANAGER, back()).expect("nobody answered yet");
    assert_eq!(tell(&mut story, answered(json!({}))), Err(Refusal::NothingAwaited));
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);

    let mut story = decided(ask(json!({})));
    tell(&mut story, answered(json!({}))).expect("it is awaited");
    assert_eq!(story.run(HR_MANAGER, back()), Err(Refusal::WentOn));
    story.return_to(CASHIER, Target::Node("check".into()), AfterReturn::WalkAgain);
    story.approve(HR_MANAGER);
    assert_eq!(state(&story), WebhookState::Sending, "walked again, it is asked again");
}

// proves: FLOW-11
#[test]
fn it_waits_for_an_event_about_its_value() {
    let mut story = decided(event(json!({ "about": "form.reason" })));
    let Awaiting::Event { event, about, until, .. } = awaiting(&story) else { panic!() };
    assert_eq!((event.as_str(), about.as_deref(), until), ("contract.signed", Some("年假"), None));
    assert_eq!(tell(&mut story, Arrival::Time), Err(Refusal::NothingAwaited), "it may take as long as it takes");
    tell(&mut story, Arrival::Event { from: Some("case/1".into()) }).expect("it is awaited");
    assert_eq!((event_state(&story), story.waiting()), (EventState::Come, vec![(CASHIER, "note")]));
}

// proves: FLOW-11, FLOW-05
#[test]
fn what_does_not_come_in_time_is_asked_about_or_gone_on_without() {
    let limit = json!({ "at_most": { "amount": 2, "unit": "days" }, "executor": post("hr_manager") });
    let mut story = decided(event(limit.clone()));
    assert_eq!(tell(&mut story, Arrival::Time), Err(Refusal::NotYet));
    let wait = |story: &Story| {
        let Awaiting::Event { until: Some(until), .. } = awaiting(story) else { panic!() };
        story.world.now.set(until);
        until
    };
    let first = wait(&story);
    tell(&mut story, Arrival::Time).expect("its time is over");
    assert_eq!(story.waiting(), [(HR_MANAGER, "signed")]);
    let task = story.task_of(HR_MANAGER);
    story.run(HR_MANAGER, Intent::TryAgain { task }).expect("he may");
    assert_eq!((event_state(&story), story.waiting()), (EventState::Waiting, vec![]));
    assert!(wait(&story) > first, "it is waited for once more as long");
    tell(&mut story, Arrival::Time).expect("its time is over");
    // While somebody is asked it may still come.
    tell(&mut story, Arrival::Event { from: None }).expect("it is awaited");
    assert_eq!(story.waiting(), [(CASHIER, "note")]);

    let mut story = decided(event(limit.clone()));
    wait(&story);
    tell(&mut story, Arrival::Time).expect("its time is over");
    story.complete(HR_MANAGER, "合同不再签订");
    assert_eq!((event_state(&story), story.waiting()), (EventState::Without, vec![(CASHIER, "note")]));

    let mut story = decided(event(with(limit, json!({ "then": "go_on" }))));
    wait(&story);
    tell(&mut story, Arrival::Time).expect("its time is over");
    assert_eq!(story.waiting(), [(CASHIER, "note")]);
}

// proves: FLOW-28, FLOW-38, FLOW-40
#[test]
fn the_route_tells_what_is_waited_for() {
    let story = decided(ask(json!({})));
    let foretold = predict(&story.flow, &story.case.initiator, &Values::new(), &Default::default(), &story.world);
    let steps = foretold.expect("a route").steps;
    let ahead = steps.iter().find(|step| step.kind == StepKind::Webhook).expect("the node");
    let webhook = ahead.waits.as_ref().and_then(|waits| waits.webhook.clone()).expect("it says whom it asks");
    assert_eq!((webhook.endpoint.as_str(), webhook.state), ("finance", None));
    let mut story = story;
    tell(&mut story, unanswered()).expect("it is awaited");
    let steps = route(&story.flow, &story.case, &story.world).expect("a route").steps;
    let there = steps.iter().find(|step| step.kind == StepKind::Webhook).expect("the node");
    let webhook = there.waits.as_ref().and_then(|waits| waits.webhook.clone()).expect("it says how it stands");
    assert_eq!(webhook.reason.map(|reason| reason.code), Some("workflow.webhook_timeout".into()));
    let mut story = decided(event(json!({ "about": "form.reason" })));
    let steps = route(&story.flow, &story.case, &story.world).expect("a route").steps;
    let there = steps.iter().find(|step| step.node == "signed").expect("the node");
    let event = there.waits.as_ref().and_then(|waits| waits.event.clone()).expect("it says for what");
    assert_eq!((event.event.as_str(), event.about.as_deref()), ("contract.signed", Some("年假")));
    tell(&mut story, Arrival::Event { from: None }).expect("it is awaited");
    story.complete(CASHIER, "已记");
    assert_eq!(story.case.status, Status::Completed);
}
