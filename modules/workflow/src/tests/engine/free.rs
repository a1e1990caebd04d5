//! 自由流转: whoever has it names who is next.

use hanlin_kernel::PersonId;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, people, person, with},
    world::*,
};
use crate::engine::{
    Case, CheckedFlow, Intent, Refusal, Status, StepKind, Target, Values, When, Words,
    case::{Among, Cause, End, TaskNo, Verdict},
    model::AfterReturn,
    nameable, route,
};

/// Free nodes for the property tests: without the ways of answering that such a node does not know.
pub(super) fn any(
    who: impl Strategy<Value = Vec<Value>>,
    quorum: impl Strategy<Value = Value>,
    people: impl Strategy<Value = Value>,
    then: impl Strategy<Value = Option<&'static str>>,
) -> impl Strategy<Value = Value> {
    (who, quorum, people, then).prop_map(|(who, quorum, people, then)| {
        let quorum = quorum.as_str().filter(|word| *word != "claim").unwrap_or("any").to_owned();
        json!({ "kind": "free", "who": who, "quorum": quorum, "most_steps": 3, "people": people,
            "return": { "then": then } })
    })
}

pub(super) fn is_free(flow: &CheckedFlow, case: &Case, task: TaskNo) -> bool {
    let visit = case.task(task).and_then(|task| case.activation(task.activation));
    visit.and_then(|visit| flow.flow().find(&visit.node)).is_some_and(|place| place.node.free().is_some())
}

/// To those of these who differ; how many must answer follows from the number of the task.
pub(super) fn pass_on(task: TaskNo, people: &[PersonId]) -> Intent {
    let mut people = people.to_vec();
    people.dedup();
    let among = [Among::All, Among::Any, Among::InTurn][task.0 as usize % 3];
    Intent::PassOn { task, people, among, words: Words::new("请办理"), values: Values::new() }
}

fn free(more: Value) -> Value {
    with(json!({ "kind": "free", "key": "talk", "name": { "zh": "自由流转" }, "who": [{ "rule": "initiator" }] }), more)
}

/// The clerk begins, and a free part stands between two approvals.
fn story(more: Value) -> Story {
    let flow =
        flow(json!([approve("check", person(HR_MANAGER)), free(more), approve("decide", person(GENERAL_MANAGER))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({ "reason": "急事" }));
    story.approve(HR_MANAGER);
    story
}

fn send(story: &mut Story, by: PersonId, to: &[PersonId], among: Among) -> Result<(), Refusal> {
    let task = story.task_of(by);
    let words = Words::new("请看一下");
    story.run(by, Intent::PassOn { task, people: to.to_vec(), among, words, values: Values::new() }).map(|_| ())
}

fn at_hand(story: &Story) -> Vec<PersonId> {
    story.waiting().into_iter().map(|(person, _)| person).collect()
}

// proves: FLOW-21, FLOW-38
#[test]
fn whoever_has_it_names_who_is_next_until_somebody_finishes_it() {
    let mut story = story(json!({}));
    assert_eq!(at_hand(&story), [CLERK], "it begins with whom the rule names, also the initiator");
    send(&mut story, CLERK, &[CASHIER], Among::All).expect("he may name anybody");
    send(&mut story, CASHIER, &[SECRETARY], Among::All).expect("so may whoever was named");
    assert_eq!(story.waiting(), [(SECRETARY, "talk")]);
    let map = route(&story.flow, &story.case, &story.world).expect("a route");
    let steps: Vec<_> = map.steps.iter().filter(|step| step.kind == StepKind::Free).collect();
    let who: Vec<_> = steps.iter().map(|step| (step.when, step.people[0].person)).collect();
    assert_eq!(who, [(When::Past, CLERK), (When::Past, CASHIER), (When::Present, SECRETARY)], "step by step");
    story.complete(SECRETARY, "办妥");
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);
    let said = story.case.opinions.iter().filter(|said| said.verdict == Verdict::PassedOn).count();
    assert_eq!(said, 2, "what each said is kept");
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-21, FLOW-07
#[test]
fn of_several_all_or_any_must_answer_as_whoever_named_them_chose() {
    let mut any = story(json!({}));
    send(&mut any, CLERK, &[CASHIER, SECRETARY], Among::Any).expect("he may");
    any.complete(SECRETARY, "我来办");
    assert_eq!(any.waiting(), [(GENERAL_MANAGER, "decide")], "one answer is enough");

    let mut all = story(json!({}));
    send(&mut all, CLERK, &[CASHIER, SECRETARY], Among::All).expect("he may");
    send(&mut all, SECRETARY, &[COLLEAGUE], Among::Any).expect("he names who is next");
    assert_eq!(at_hand(&all), [CASHIER], "the other is waited for first");
    send(&mut all, CASHIER, &[CLERK, COLLEAGUE], Among::Any).expect("so may he");
    assert_eq!(at_hand(&all), [COLLEAGUE, CLERK], "all whom any of them named are asked, each once");
    all.complete(COLLEAGUE, "好").complete(CLERK, "已阅知");
    assert_eq!(all.waiting(), [(GENERAL_MANAGER, "decide")]);

    let mut turn = story(json!({}));
    send(&mut turn, CLERK, &[CASHIER, SECRETARY], Among::InTurn).expect("he may");
    assert_eq!(at_hand(&turn), [CASHIER]);
    turn.complete(CASHIER, "第一");
    assert_eq!(at_hand(&turn), [SECRETARY]);
}

// proves: FLOW-21
#[test]
fn the_node_says_whom_one_may_name_and_how_often() {
    let among = people(&[CASHIER, SECRETARY]);
    let mut story = story(json!({ "among": among, "most_steps": 3 }));
    let refused = send(&mut story, CLERK, &[COLLEAGUE], Among::All);
    assert_eq!(refused, Err(Refusal::ChoiceNotAllowed { node: "talk".into(), person: COLLEAGUE }));
    assert_eq!(send(&mut story, CLERK, &[], Among::All), Err(Refusal::NobodyNamed));
    assert_eq!(send(&mut story, CLERK, &[CLERK], Among::All), Err(Refusal::Himself));
    send(&mut story, CLERK, &[CASHIER], Among::All).expect("he is among them");
    let task = story.case.task(story.task_of(CASHIER)).expect("his task").clone();
    let next = nameable(&story.flow, &story.case, &task, &story.world).expect("it is a free node");
    assert_eq!((next.people, next.back_to, next.steps_left), (Some(vec![CASHIER, SECRETARY]), vec![CLERK], 2));
    send(&mut story, CASHIER, &[CLERK], Among::All).expect("back to whoever sent it, who is not among them");
    send(&mut story, CLERK, &[SECRETARY], Among::All).expect("the third time");
    assert_eq!(send(&mut story, SECRETARY, &[CASHIER], Among::All), Err(Refusal::PassedOnEnough { most: 3 }));
    story.complete(SECRETARY, "办妥");
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);

    let mut strict = self::story(json!({ "among": people(&[CASHIER]), "send_back": false }));
    send(&mut strict, CLERK, &[CASHIER], Among::All).expect("he is among them");
    let refused = send(&mut strict, CASHIER, &[CLERK], Among::All);
    assert_eq!(refused, Err(Refusal::ChoiceNotAllowed { node: "talk".into(), person: CLERK }));
    let task = strict.task_of(CASHIER);
    let silent =
        Intent::PassOn { task, people: vec![CLERK], among: Among::All, words: Words::default(), values: Values::new() };
    assert_eq!(strict.run(CASHIER, silent), Err(Refusal::OpinionRequired { min_length: 1 }));
}

// proves: FLOW-21
#[test]
fn elsewhere_nobody_names_who_is_next() {
    let mut story =
        Story::submitted(flow(json!([approve("check", person(HR_MANAGER))])), World::new(), CLERK, json!({}));
    assert_eq!(send(&mut story, HR_MANAGER, &[CASHIER], Among::All), Err(Refusal::WrongPurpose));
}

// proves: FLOW-21, FLOW-15
#[test]
fn it_is_taken_back_as_long_as_nobody_went_on_from_it() {
    let mut story = story(json!({}));
    let first = story.task_of(CLERK);
    send(&mut story, CLERK, &[CASHIER], Among::All).expect("he may");
    story.run(CLERK, Intent::TakeBack { task: first, words: Words::default() }).expect("nobody went on");
    assert_eq!(story.waiting(), [(CLERK, "talk")]);
    send(&mut story, CLERK, &[SECRETARY], Among::All).expect("to another now");
    assert_eq!(at_hand(&story), [SECRETARY], "and not to the first as well");
    let sent = story.task_of(SECRETARY);
    send(&mut story, SECRETARY, &[CLERK], Among::All).expect("back");
    story.run(SECRETARY, Intent::TakeBack { task: sent, words: Words::default() }).expect("nobody went on");
    assert_eq!(at_hand(&story), [SECRETARY]);
    let first = story
        .case
        .tasks
        .iter()
        .find(|task| task.person == CLERK && task.closing().is_some_and(|how| how.is_agreement()));
    let first = first.expect("what he passed on").id;
    let late = story.run(CLERK, Intent::TakeBack { task: first, words: Words::default() });
    assert_eq!(late, Err(Refusal::WentOn), "somebody went on from it");
}

// proves: FLOW-21, FLOW-22
#[test]
fn a_return_into_it_begins_it_anew_and_one_out_of_it_ends_it() {
    let mut story = story(json!({}));
    send(&mut story, CLERK, &[CASHIER], Among::All).expect("he may");
    story.complete(CASHIER, "办妥");
    story.return_to(GENERAL_MANAGER, Target::Node("talk".into()), AfterReturn::StraightBack);
    assert_eq!(story.waiting(), [(CLERK, "talk")], "with whom it began");
    send(&mut story, CLERK, &[SECRETARY], Among::All).expect("he may name others now");
    assert_eq!(story.waiting(), [(SECRETARY, "talk")], "who sent it back still waits");
    story.complete(SECRETARY, "改好");
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")], "straight back when the last of them is done");

    story.return_to(GENERAL_MANAGER, Target::Node("talk".into()), AfterReturn::WalkAgain);
    send(&mut story, CLERK, &[CASHIER], Among::All).expect("he may");
    story.return_to(CASHIER, Target::Node("check".into()), AfterReturn::WalkAgain);
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
    let counting = story.case.activations.iter().filter(|visit| visit.node == "talk" && !visit.superseded).count();
    assert_eq!(counting, 0, "nothing of the free part counts any more");
    story.approve(HR_MANAGER).complete(CLERK, "不再流转").approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-21, FLOW-05
#[test]
fn whoever_left_meanwhile_is_replaced_as_everywhere() {
    let mut story = story(json!({}));
    send(&mut story, CLERK, &[CASHIER, SECRETARY], Among::All).expect("he may");
    send(&mut story, CASHIER, &[COLLEAGUE], Among::All).expect("he may");
    story.world.leaves(COLLEAGUE);
    story.world.successors.insert(COLLEAGUE, SECOND_CASHIER);
    story.complete(SECRETARY, "没有意见");
    assert_eq!(story.waiting(), [(SECOND_CASHIER, "talk")]);
    let visit = story.case.activations.last().expect("a visit");
    assert!(matches!(visit.cause, Cause::PassedOn { .. }));
    story.complete(SECOND_CASHIER, "办妥");
    assert!(
        story
            .case
            .activations
            .iter()
            .filter(|visit| visit.node == "talk")
            .all(|visit| visit.end() == Some(End::Handled))
    );
}

// proves: FLOW-21, FLOW-38
#[test]
fn the_next_rule_looks_at_whoever_had_it_last() {
    let flow = flow(json!([free(json!({})), approve("again", json!([{ "rule": "handler_of", "node": "talk" }]))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    send(&mut story, CLERK, &[CASHIER], Among::All).expect("he may");
    story.complete(CASHIER, "办妥");
    assert_eq!(story.waiting(), [(CASHIER, "again")]);
}
