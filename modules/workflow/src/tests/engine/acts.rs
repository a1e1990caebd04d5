//! A case does something in a module (FLOW-40, FLOW-11).

use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, handle, person, post, values, with},
    world::*,
};
use crate::engine::{
    Acting, Arrival, Awaiting, Command, EffectState, Intent, Made, Reason, Refusal, Status, StepKind, Target, Values,
    Words,
    case::{ActivationNo, Purpose},
    fits_results,
    model::AfterReturn,
    predict, route,
};

fn act(more: Value) -> Value {
    let node = json!({ "kind": "act", "key": "enter", "name": { "zh": "记入考勤" }, "effect": "attendance.leave" });
    with(node, more)
}

/// Decided by the HR manager, then done; then the cashier notes it.
fn story(node: Value, given: Value) -> Story {
    let flow = flow(json!([approve("check", person(HR_MANAGER)), node, handle("note", person(CASHIER))]));
    Story::submitted(flow, World::new(), CLERK, given)
}

fn decided(node: Value, given: Value) -> Story {
    let mut story = story(node, given);
    story.approve(HR_MANAGER);
    story
}

fn tell(story: &mut Story, arrival: Arrival) -> Result<(), Refusal> {
    let visit = story.case.due_effect().unwrap_or(ActivationNo(99));
    let intent = Intent::Arrived { activation: visit, arrival };
    story.command(Command::of_system(Acting::person(CLERK), intent)).map(drop)
}

fn done() -> Arrival {
    Arrival::Done { made: None, values: Values::new() }
}

fn refused() -> Arrival {
    Arrival::Refused { reason: Reason::new("workflow.effect_of_nothing") }
}

fn state(story: &Story) -> EffectState {
    let asked = story.case.activations.iter().rev().find_map(|visit| visit.awaiting.as_ref());
    match asked {
        Some(Awaiting::Effect { state, .. }) => state.clone(),
        other => panic!("{other:?}"),
    }
}

// proves: FLOW-40, FLOW-11
#[test]
fn it_is_asked_for_with_its_values_and_the_case_goes_on_when_it_is_done() {
    let node = act(json!({ "with": { "person": "initiator", "kind": "form.reason", "days": "form.days * 2" } }));
    let mut story = decided(node, json!({ "reason": "年假", "days": "1.5" }));
    let Some(Awaiting::Effect { effect, values: given, .. }) = &story.case.activations[2].awaiting else { panic!() };
    assert_eq!(effect, "attendance.leave");
    assert_eq!(*given, values(json!({ "person": [CLERK.to_string()], "kind": "年假", "days": "3" })));
    assert_eq!(story.waiting(), [], "nobody is asked while it happens");
    let made = Made { label: hanlin_kernel::Text::zh("第 1 号"), link: Some("/x/1".into()) };
    tell(&mut story, Arrival::Done { made: Some(made.clone()), values: Values::new() }).expect("it is done");
    assert_eq!(state(&story), EffectState::Done { made: Some(made) });
    assert_eq!(story.waiting(), [(CASHIER, "note")]);
}

// proves: FLOW-40
#[test]
fn what_it_hands_back_is_written_into_the_form_and_what_does_not_fit_is_told_before() {
    let node = act(json!({ "results": { "archive_number": "number", "amount": "sum" } }));
    let mut story = decided(node, json!({}));
    let visit = story.case.due_effect().expect("it is due");
    let unfit = values(json!({ "sum": "不少" }));
    let answer = fits_results(&story.flow, &story.case, visit, &unfit, &story.world);
    assert_eq!(answer.map_err(|reason| reason.code), Err("workflow.call_results_refused".into()));
    let back = values(json!({ "number": "A-7", "sum": "12.50" }));
    assert_eq!(fits_results(&story.flow, &story.case, visit, &back, &story.world), Ok(()));
    tell(&mut story, Arrival::Done { made: None, values: back }).expect("it is done");
    assert_eq!((&story.case.values["archive_number"], &story.case.values["amount"]), (&json!("A-7"), &json!("12.50")));
}

// proves: FLOW-40
#[test]
fn what_is_refused_is_asked_about_and_tried_again_or_seen_to_by_hand() {
    let node = || act(json!({ "executor": post("hr_manager") }));
    let mut story = decided(node(), json!({}));
    tell(&mut story, refused()).expect("it is refused");
    assert_eq!(story.waiting(), [(HR_MANAGER, "enter")]);
    assert_eq!(story.purposes(), [Purpose::Mend]);
    assert_eq!(story.case.opinions.len(), 1, "the decision stands");
    let task = story.task_of(HR_MANAGER);
    story.run(HR_MANAGER, Intent::TryAgain { task }).expect("he may");
    assert_eq!((state(&story), story.waiting()), (EffectState::Due, vec![]));
    tell(&mut story, refused()).expect("it is refused again");
    let task = story.task_of(HR_MANAGER);
    story.run(HR_MANAGER, Intent::TryAgain { task }).expect("he may");
    tell(&mut story, done()).expect("now it is done");
    assert_eq!(story.waiting(), [(CASHIER, "note")]);

    let mut story = decided(node(), json!({}));
    tell(&mut story, refused()).expect("it is refused");
    let task = story.task_of(HR_MANAGER);
    let silent = Intent::Complete { task, words: Words::default(), values: Values::new() };
    assert_eq!(story.run(HR_MANAGER, silent), Err(Refusal::OpinionRequired { min_length: 1 }));
    story.complete(HR_MANAGER, "已手工登记");
    assert_eq!((state(&story), story.waiting()), (EffectState::ByHand, vec![(CASHIER, "note")]));
}

// proves: FLOW-25, FLOW-40
#[test]
fn what_only_its_module_can_do_nobody_says_that_he_did() {
    let deletion = || act(json!({ "effect": "flows.delete_case", "executor": post("hr_manager") }));
    let asked = || {
        let mut story = decided(deletion(), json!({}));
        tell(&mut story, refused()).expect("it is refused");
        let task = story.task_of(HR_MANAGER);
        let by_hand = Intent::Complete { task, words: Words::new("已手工删除"), values: Values::new() };
        assert_eq!(story.run(HR_MANAGER, by_hand), Err(Refusal::NotByHand));
        story
    };
    let mut story = asked();
    let task = story.task_of(HR_MANAGER);
    story.run(HR_MANAGER, Intent::TryAgain { task }).expect("he may");
    tell(&mut story, done()).expect("now it is done");
    assert_eq!(story.waiting(), [(CASHIER, "note")]);

    // He leads it back, walked again from there; or ends it, in words.
    let mut story = asked();
    let task = story.task_of(HR_MANAGER);
    let back = |to, then| Intent::ReturnTo { task, to, then, words: Words::new("重新核对") };
    let nowhere = back(Target::Node("note".into()), None);
    assert_eq!(story.run(HR_MANAGER, nowhere), Err(Refusal::CannotReturnThere));
    story.run(HR_MANAGER, back(Target::Previous, Some(AfterReturn::StraightBack))).expect("he may");
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
    story.approve(HR_MANAGER);
    assert!(story.case.due_effect().is_some(), "it is asked for again");
    let mut story = asked();
    let task = story.task_of(HR_MANAGER);
    let end = |words| Intent::Terminate { task: Some(task), words };
    let silent = story.run(HR_MANAGER, end(Words::default()));
    assert_eq!(silent, Err(Refusal::OpinionRequired { min_length: 1 }));
    story.run(HR_MANAGER, end(Words::new("不予撤销"))).expect("he may");
    assert_eq!(story.case.status, Status::Terminated);

    // Where it can be seen to by hand, it stays so, and leads nowhere else.
    let mut story = decided(act(json!({ "executor": post("hr_manager") })), json!({}));
    tell(&mut story, refused()).expect("it is refused");
    let task = story.task_of(HR_MANAGER);
    let end = Intent::Terminate { task: Some(task), words: Words::new("不办了") };
    assert!(story.run(HR_MANAGER, end).is_err());
    story.complete(HR_MANAGER, "已手工登记");
}

fn moved(story: &mut Story, to: &str) -> Result<(), Refusal> {
    let jump = Intent::Jump { to: to.into(), words: Words::new("移到该步骤") };
    story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), jump)).map(drop)
}

// proves: FLOW-25, FLOW-40
#[test]
fn nobody_moves_a_case_past_what_only_its_module_can_do() {
    let deletion = act(json!({ "effect": "flows.delete_case", "executor": post("hr_manager") }));
    let mut story = decided(deletion.clone(), json!({}));
    tell(&mut story, refused()).expect("it is refused");
    let past = Refusal::WouldPassOver { node: hanlin_kernel::Text::zh("记入考勤") };
    assert_eq!(moved(&mut story, "note"), Err(past.clone()));
    assert_eq!(story.waiting(), [(HR_MANAGER, "enter")], "nothing changed");
    moved(&mut story, "check").expect("from there the walk comes to it again");
    story.approve(HR_MANAGER);
    tell(&mut story, done()).expect("now it is done");
    moved(&mut story, "check").expect("it was done");
    moved(&mut story, "note").expect("what was done is not passed over");

    // Nor once it was given back or moved back, nor before the case comes to it.
    let mut story = decided(deletion.clone(), json!({}));
    tell(&mut story, refused()).expect("it is refused");
    story.return_to(HR_MANAGER, Target::Previous, AfterReturn::WalkAgain);
    assert_eq!(moved(&mut story, "note"), Err(past.clone()));
    story.approve(HR_MANAGER);
    tell(&mut story, refused()).expect("it is refused");
    moved(&mut story, "check").expect("back he may move it");
    assert_eq!(moved(&mut story, "note"), Err(past.clone()));
    let mut fresh = self::story(deletion.clone(), json!({}));
    assert_eq!(moved(&mut fresh, "note"), Err(past.clone()));

    // Nor into the branch beside it, which never comes to it.
    let lane = |key: &str, node: Value| json!({ "key": key, "name": { "zh": key }, "route": [node] });
    let beside = json!({ "kind": "parallel", "key": "both", "name": { "zh": "both" }, "branches": [
        lane("one", deletion), lane("other", approve("other_check", person(CASHIER))) ] });
    let mut story = Story::submitted(flow(json!([beside])), World::new(), CLERK, json!({}));
    tell(&mut story, refused()).expect("it is refused");
    assert_eq!(moved(&mut story, "other_check"), Err(past));
    moved(&mut story, "start").expect("all of it is walked again");

    // In a branch that the form does not lead into, it is not on the way.
    let either = json!({ "kind": "exclusive", "key": "way", "name": { "zh": "way" }, "branches": [
        { "key": "deletes", "name": { "zh": "deletes" }, "when": "form.amount > 1000", "route": [
            act(json!({ "effect": "flows.delete_case" })) ] } ] });
    let route = json!([approve("check", person(HR_MANAGER)), either, handle("note", person(CASHIER))]);
    for (amount, is_past) in [("1.00", false), ("2000.00", true)] {
        let mut story = Story::submitted(flow(route.clone()), World::new(), CLERK, json!({ "amount": amount }));
        assert_eq!(moved(&mut story, "note").is_err(), is_past, "{amount}");
    }

    // What can be seen to by hand is moved past.
    let mut story = decided(act(json!({})), json!({}));
    tell(&mut story, refused()).expect("it is refused");
    moved(&mut story, "note").expect("an administrator may");
}

// proves: FLOW-40, FLOW-05
#[test]
fn without_an_executor_in_service_the_administrators_are_asked() {
    for executor in [json!(null), post("vacant")] {
        let mut story = decided(act(json!({ "executor": executor })), json!({}));
        tell(&mut story, refused()).expect("it is refused");
        assert_eq!(story.waiting(), [(ADMINISTRATOR, "enter")]);
    }
}

// proves: FLOW-40
#[test]
fn what_is_only_declared_is_recorded_and_the_case_goes_on() {
    let mut story = decided(act(json!({})), json!({}));
    tell(&mut story, Arrival::Declared).expect("it is recorded");
    assert_eq!((state(&story), story.waiting()), (EffectState::Declared, vec![(CASHIER, "note")]));
}

// proves: FLOW-40
#[test]
fn nobody_but_the_system_says_that_it_happened_and_it_happens_once() {
    let mut story = decided(act(json!({})), json!({}));
    let visit = story.case.due_effect().expect("it is due");
    let intent = || Intent::Arrived { activation: visit, arrival: done() };
    let by_hand = Command::as_administrator(Acting::person(ADMINISTRATOR), intent());
    assert_eq!(story.command(by_hand), Err(Refusal::NotTheSystem));
    let wrong = Intent::Arrived { activation: visit, arrival: Arrival::Time };
    let system = |intent| Command::of_system(Acting::person(CLERK), intent);
    assert_eq!(story.command(system(wrong)), Err(Refusal::NothingAwaited));
    story.command(system(intent())).expect("the system may");
    assert_eq!(story.command(system(intent())), Err(Refusal::NothingAwaited));
}

// proves: FLOW-40, FLOW-23
#[test]
fn a_decision_is_not_taken_back_once_its_effect_has_happened() {
    let operations = json!({ "operations": ["take_back", "return_to"] });
    let checked = with(approve("check", person(HR_MANAGER)), operations);
    let flow = flow(json!([checked, act(json!({})), handle("note", person(CASHIER))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    let task = story.task_of(HR_MANAGER);
    story.approve(HR_MANAGER);
    tell(&mut story, done()).expect("it is done");
    let back = Intent::TakeBack { task, words: Words::new("看错了") };
    assert_eq!(story.run(HR_MANAGER, back), Err(Refusal::WentOn));
    // A return walks over it again, and it happens again: whoever does it knows the case.
    story.return_to(CASHIER, Target::Node("check".into()), AfterReturn::WalkAgain);
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
    story.approve(HR_MANAGER);
    assert!(story.case.due_effect().is_some());
}

// proves: FLOW-28, FLOW-38, FLOW-40
#[test]
fn the_route_names_the_node_before_and_tells_afterwards_what_came_of_it() {
    let mut story = story(act(json!({})), json!({}));
    let foretold = predict(&story.flow, &story.case.initiator, &values(json!({})), &Default::default(), &story.world);
    let steps = foretold.expect("a route").steps;
    let ahead = steps.iter().find(|step| step.kind == StepKind::Act).expect("the node");
    let effect = |step: &crate::engine::Step| step.waits.as_ref().and_then(|waits| waits.effect.clone());
    assert_eq!(effect(ahead).map(|effect| (effect.effect, effect.state)), Some(("attendance.leave".into(), None)));
    story.approve(HR_MANAGER);
    tell(&mut story, Arrival::Declared).expect("it is recorded");
    let steps = route(&story.flow, &story.case, &story.world).expect("a route").steps;
    let there = steps.iter().find(|step| step.kind == StepKind::Act).expect("the node");
    assert_eq!(effect(there).and_then(|effect| effect.state), Some("declared".into()));
    story.complete(CASHIER, "已记");
    assert_eq!(story.case.status, Status::Completed);
}
