//! A case that rests until its time has come (FLOW-11).

use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, people, person, with},
    world::*,
};
use crate::engine::{
    Acting, Arrival, Command, Intent, Refusal, Status, StepKind, Target, When, Words,
    case::{ActivationNo, End},
    model::AfterReturn,
    predict, route,
};

fn wait(time: Value) -> Value {
    json!({ "kind": "wait", "key": "rest", "name": { "zh": "公示期" }, "time": time })
}

fn days(amount: u32, unit: &str) -> Value {
    wait(json!({ "kind": "for", "span": { "amount": amount, "unit": unit } }))
}

fn until(shift: i32, working: bool, at: Option<&str>) -> Value {
    wait(json!({ "kind": "until", "field": "day", "shift": shift, "working": working, "at": at }))
}

/// A wait between two approvals.
fn resting(node: Value, given: Value) -> Story {
    let flow = flow(json!([approve("first", person(SALES_HEAD)), node, approve("last", person(HR_MANAGER))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, given);
    story.approve(SALES_HEAD);
    story
}

fn system(visit: ActivationNo) -> Command {
    Command::of_system(Acting::person(CLERK), Intent::Arrived { activation: visit, arrival: Arrival::Time })
}

fn until_when(story: &Story) -> String {
    let told = route(&story.flow, &story.case, &story.world).expect("a route");
    let step = told.steps.into_iter().find(|step| step.node == "rest" && step.when == When::Present);
    let step = step.expect("it rests");
    assert_eq!(step.kind, StepKind::Wait);
    step.waits.and_then(|waits| waits.until).expect("until when is known").to_string()
}

// proves: FLOW-11, FLOW-28
#[test]
fn a_case_rests_until_its_time_has_come_and_the_route_says_until_when() {
    for (node, wanted) in [
        // Submitted on Monday the 23rd of November 2026, nine in Shanghai.
        (days(3, "hours"), "2026-11-23T04:01:00Z"),
        (days(2, "days"), "2026-11-25T01:01:00Z"),
        (days(5, "working_days"), "2026-11-30T01:01:00Z"),
        (days(16, "working_hours"), "2026-11-25T01:01:00Z"),
        (until(0, false, None), "2026-11-26T16:00:00Z"),
        (until(0, false, Some("09:30:00")), "2026-11-27T01:30:00Z"),
        (until(1, false, None), "2026-11-27T16:00:00Z"),
        // Friday the 27th: the working day after it is Monday.
        (until(1, true, Some("09:00:00")), "2026-11-30T01:00:00Z"),
        (until(-2, true, Some("09:00:00")), "2026-11-25T01:00:00Z"),
    ] {
        let mut story = resting(node.clone(), json!({ "day": "2026-11-27" }));
        assert_eq!(until_when(&story), wanted, "{node}");
        assert_eq!(story.waiting(), []);
        let (visit, _) = story.case.awaited().next().expect("it waits");
        let before = story.case.clone();
        assert_eq!(story.command(system(visit)), Err(Refusal::NotYet));
        assert_eq!(story.case, before);
        let events = story.arrive(visit).expect("its time has come");
        assert_eq!(Story::happened(&events)[..2], ["arrived", "closed"]);
        assert!(events.iter().all(|event| event.by.is_none()), "nobody did it");
        assert_eq!(story.waiting(), [(HR_MANAGER, "last")]);
        assert_eq!(story.command(system(visit)), Err(Refusal::NothingAwaited), "it comes once");
        story.approve(HR_MANAGER);
        assert_eq!(story.case.status, Status::Completed);
    }
}

// proves: FLOW-11
#[test]
fn a_time_that_has_passed_is_no_wait_and_without_a_day_there_is_none() {
    let story = resting(until(0, false, None), json!({ "day": "2026-11-20" }));
    assert_eq!(story.waiting(), [(HR_MANAGER, "last")]);
    assert_eq!(story.case.activations[2].end(), Some(End::Arrived));
    let story = resting(until(0, false, None), json!({}));
    assert_eq!(story.waiting(), [(HR_MANAGER, "last")]);
    assert_eq!(story.case.activations[2].end(), Some(End::PassedOver));
}

// proves: FLOW-11
#[test]
fn nobody_but_the_system_says_that_the_time_has_come() {
    let mut story = resting(days(2, "days"), json!({}));
    story.world.wait_minutes(60 * 24 * 3);
    let (visit, _) = story.case.awaited().next().expect("it waits");
    let intent = Intent::Arrived { activation: visit, arrival: Arrival::Time };
    for command in [
        Command::new(Acting::person(CLERK), intent.clone()),
        Command::as_administrator(Acting::person(ADMINISTRATOR), intent),
    ] {
        assert_eq!(story.command(command), Err(Refusal::NotTheSystem));
    }
}

// proves: FLOW-22, FLOW-23
#[test]
fn who_withdraws_moves_on_or_takes_back_ends_the_waiting() {
    let mut withdrawn = resting(days(2, "days"), json!({}));
    withdrawn.run(CLERK, Intent::Withdraw { words: Words::default() }).expect("he may");
    assert_eq!(withdrawn.case.status, Status::Withdrawn);

    let mut moved = resting(days(2, "days"), json!({}));
    let jump = Intent::Jump { to: "last".into(), words: Words::new("不必再等") };
    moved.command(Command::as_administrator(Acting::person(ADMINISTRATOR), jump)).expect("an administrator may");
    assert_eq!(moved.waiting(), [(HR_MANAGER, "last")]);
    assert_eq!(moved.case.awaited().count(), 0);

    let mut back = resting(days(2, "days"), json!({}));
    let task = back.case.tasks[0].id;
    back.run(SALES_HEAD, Intent::TakeBack { task, words: Words::default() }).expect("nobody went on from it");
    assert_eq!(back.waiting(), [(SALES_HEAD, "first")]);
    assert_eq!(back.case.awaited().count(), 0);
    back.approve(SALES_HEAD);
    assert_eq!(back.case.awaited().count(), 1, "it waits anew");
}

// proves: FLOW-03, FLOW-22
#[test]
fn a_branch_rests_while_the_other_goes_on_and_a_return_ends_its_waiting() {
    let lanes = json!({ "kind": "parallel", "key": "both", "name": { "zh": "并行" }, "branches": [
        { "key": "one", "name": { "zh": "甲" }, "route": [days(2, "days")] },
        { "key": "two", "name": { "zh": "乙" }, "route": [approve("sign", person(VICE_MANAGER))] },
    ] });
    let flow = flow(json!([lanes, approve("last", person(HR_MANAGER))]));
    let mut story = Story::submitted(flow.clone(), World::new(), CLERK, json!({}));
    assert_eq!(story.waiting(), [(VICE_MANAGER, "sign")]);
    story.approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [], "the other branch still rests");
    story.time_passes();
    assert_eq!(story.waiting(), [(HR_MANAGER, "last")]);

    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    let (visit, _) = story.case.awaited().next().expect("it waits");
    story.return_to(VICE_MANAGER, Target::First, AfterReturn::WalkAgain);
    assert_eq!(story.command(system(visit)), Err(Refusal::NothingAwaited));
    assert_eq!(story.waiting(), [(CLERK, "start")]);
    story.resubmit(CLERK, json!({}));
    assert_eq!(story.case.awaited().count(), 1);
}

// proves: FLOW-38
#[test]
fn a_wait_that_is_still_to_come_is_foretold() {
    let flow = flow(json!([
        with(approve("first", people(&[SALES_HEAD])), json!({ "fields": { "day": "write" } })),
        until(1, false, None),
        wait_again(),
    ]));
    let world = World::new();
    let initiator = world.initiator(CLERK);
    let told = |given: Value| {
        predict(&flow, &initiator, given.as_object().expect("values"), &Default::default(), &world).expect("a route")
    };
    let known = told(json!({ "day": "2026-11-27" }));
    let rest = known.steps.iter().find(|step| step.node == "rest").expect("it is told");
    let until = rest.waits.as_ref().and_then(|waits| waits.until);
    assert_eq!(until.map(|at| at.to_string()).as_deref(), Some("2026-11-27T16:00:00Z"));
    let span = known.steps.last().and_then(|step| step.waits.clone()).expect("it is told");
    assert_eq!((span.until, span.span.map(|span| span.amount)), (None, Some(3)), "from when the case comes there");
    let open = told(json!({}));
    let rest = open.steps.iter().find(|step| step.node == "rest").expect("it is told");
    assert_eq!(rest.depends_on, ["day"]);
    assert_eq!(rest.waits.as_ref().and_then(|waits| waits.until), None);
}

fn wait_again() -> Value {
    with(days(3, "days"), json!({ "key": "rest_again" }))
}
