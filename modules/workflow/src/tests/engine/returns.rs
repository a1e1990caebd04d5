//! 退回 (FLOW-22): to whom, and how it goes on.

use serde_json::{Value, json};

use super::{
    story::{Story, approve, copy, flow, handle, people, person, with},
    world::*,
};
use crate::engine::{
    CheckedFlow, Intent, Refusal, Stage, Status, Target, When, Words,
    case::{Closing, TaskState},
    model::AfterReturn::{StraightBack, WalkAgain},
    return_targets, route,
};

/// a → b → c, by three people.
fn chain() -> CheckedFlow {
    flow(json!([
        approve("a", person(SALES_HEAD)),
        approve("b", person(HR_MANAGER)),
        approve("c", person(GENERAL_MANAGER)),
    ]))
}

fn at_c() -> Story {
    let mut story = Story::submitted(chain(), World::new(), CLERK, json!({ "reason": "甲" }));
    story.approve(SALES_HEAD).approve(HR_MANAGER);
    story
}

// proves: FLOW-22
#[test]
fn it_goes_back_to_the_previous_a_chosen_or_the_first_and_every_node_from_there_is_walked_again() {
    for (to, first, rest) in [
        (Target::Previous, (HR_MANAGER, "b"), vec![]),
        (Target::Node("a".into()), (SALES_HEAD, "a"), vec![(HR_MANAGER, "b")]),
        (Target::First, (CLERK, "start"), vec![(SALES_HEAD, "a"), (HR_MANAGER, "b")]),
    ] {
        let mut story = at_c();
        story.return_to(GENERAL_MANAGER, to, WalkAgain);
        assert_eq!(story.waiting(), [first]);
        assert_eq!(story.case.round, 1);
        if first.0 == CLERK {
            assert_eq!(story.case.stage(), Stage::AtInitiator);
            story.resubmit(CLERK, json!({ "reason": "乙" }));
            assert_eq!(story.case.values["reason"], "乙");
        } else {
            story.approve(first.0);
        }
        for next in rest {
            assert_eq!(story.waiting(), [next]);
            story.approve(next.0);
        }
        assert_eq!(story.waiting(), [(GENERAL_MANAGER, "c")]);
        story.approve(GENERAL_MANAGER);
        assert_eq!(story.case.status, Status::Completed);
    }
}

// proves: FLOW-22
#[test]
fn after_correction_it_goes_straight_back_to_who_returned_it() {
    for (to, corrects) in [(Target::Node("a".into()), SALES_HEAD), (Target::First, CLERK)] {
        let mut story = at_c();
        story.return_to(GENERAL_MANAGER, to, StraightBack);
        assert_eq!(story.waiting().len(), 1);
        if corrects == CLERK {
            story.resubmit(CLERK, json!({ "reason": "乙" }));
        } else {
            story.approve(corrects);
        }
        assert_eq!(story.waiting(), [(GENERAL_MANAGER, "c")], "nobody between is asked again");
        story.approve(GENERAL_MANAGER);
        assert_eq!(story.case.status, Status::Completed);
    }
}

// proves: FLOW-22
#[test]
fn straight_back_the_others_at_the_node_keep_their_tasks_and_decisions() {
    let both = with(approve("both", people(&[HR_MANAGER, VICE_MANAGER, GENERAL_MANAGER])), json!({ "quorum": "all" }));
    let flow = flow(json!([approve("a", person(SALES_HEAD)), both]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    story.approve(SALES_HEAD).approve(HR_MANAGER);
    story.return_to(VICE_MANAGER, Target::First, StraightBack);
    let suspended = story.case.tasks.iter().find(|task| task.person == GENERAL_MANAGER).expect("his task").clone();
    assert_eq!(suspended.state, TaskState::Suspended);
    let agree = Intent::Approve { task: suspended.id, words: Words::default(), values: Default::default() };
    assert_eq!(story.run(GENERAL_MANAGER, agree), Err(Refusal::TaskSuspended));
    story.resubmit(CLERK, json!({}));
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "both"), (VICE_MANAGER, "both")]);
    story.approve(GENERAL_MANAGER).approve(VICE_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

fn by_amount() -> CheckedFlow {
    flow(json!([
        approve("a", person(SALES_HEAD)),
        {
            "kind": "exclusive", "key": "size", "name": { "zh": "金额" },
            "branches": [{ "key": "big", "name": { "zh": "大" }, "when": "form.amount > 1000",
                           "route": [approve("big_check", person(VICE_MANAGER))] }],
            "otherwise": [approve("small_check", person(HR_MANAGER))],
        },
        approve("c", person(GENERAL_MANAGER)),
    ]))
}

// proves: FLOW-22
#[test]
fn it_does_not_come_straight_back_when_the_corrected_values_lead_another_way() {
    let mut story = Story::submitted(by_amount(), World::new(), CLERK, json!({ "amount": "900.00" }));
    story.approve(SALES_HEAD).approve(HR_MANAGER);
    story.return_to(GENERAL_MANAGER, Target::First, StraightBack);
    let mut same = story.clone();
    same.resubmit(CLERK, json!({ "amount": "950.00" }));
    assert_eq!(same.waiting(), [(GENERAL_MANAGER, "c")]);
    story.resubmit(CLERK, json!({ "amount": "9000.00" }));
    assert_eq!(story.waiting(), [(SALES_HEAD, "a")], "9000 was never approved by anyone");
    assert!(Story::happened(&story.events).contains(&"straight_back_voided"));
    story.approve(SALES_HEAD).approve(VICE_MANAGER).approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-22
#[test]
fn it_does_not_come_straight_back_past_other_people_named_in_the_form() {
    let contact = approve("contact", json!([{ "rule": "field", "field": "contact" }]));
    let flow = flow(json!([contact, approve("c", person(GENERAL_MANAGER))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({ "contact": [COLLEAGUE] }));
    story.approve(COLLEAGUE);
    story.return_to(GENERAL_MANAGER, Target::First, StraightBack);
    story.resubmit(CLERK, json!({ "contact": [CASHIER] }));
    assert_eq!(story.waiting(), [(CASHIER, "contact")]);
}

// proves: FLOW-22
#[test]
fn it_can_be_returned_into_a_branch_that_was_left_and_out_of_one() {
    let mut into = Story::submitted(by_amount(), World::new(), CLERK, json!({ "amount": "900.00" }));
    into.approve(SALES_HEAD).approve(HR_MANAGER);
    let mut straight = into.clone();
    into.return_to(GENERAL_MANAGER, Target::Previous, WalkAgain);
    assert_eq!(into.waiting(), [(HR_MANAGER, "small_check")]);
    into.approve(HR_MANAGER).approve(GENERAL_MANAGER);
    assert_eq!(into.case.status, Status::Completed);
    straight.return_to(GENERAL_MANAGER, Target::Node("small_check".into()), StraightBack);
    straight.approve(HR_MANAGER).approve(GENERAL_MANAGER);
    assert_eq!(straight.case.status, Status::Completed);

    let mut out_of = Story::submitted(by_amount(), World::new(), CLERK, json!({ "amount": "9000.00" }));
    out_of.approve(SALES_HEAD).return_to(VICE_MANAGER, Target::First, WalkAgain);
    out_of.resubmit(CLERK, json!({ "amount": "10.00" })).approve(SALES_HEAD);
    assert_eq!(out_of.waiting(), [(HR_MANAGER, "small_check")], "the branch is chosen anew");
}

// proves: FLOW-22
#[test]
fn a_returned_case_can_be_returned_further_and_comes_back_step_by_step() {
    let mut story = at_c();
    story.return_to(GENERAL_MANAGER, Target::Previous, StraightBack);
    story.return_to(HR_MANAGER, Target::Previous, StraightBack);
    assert_eq!(story.waiting(), [(SALES_HEAD, "a")]);
    let told = route(&story.flow, &story.case, &story.world).expect("a route");
    let ahead: Vec<_> = told.ahead().map(|step| (step.node.as_str(), step.suspended)).collect();
    assert_eq!(ahead, [("a", false), ("b", true), ("c", true)]);
    story.approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(HR_MANAGER, "b")]);
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "c")]);

    let mut mixed = at_c();
    mixed.return_to(GENERAL_MANAGER, Target::Previous, StraightBack);
    mixed.return_to(HR_MANAGER, Target::First, WalkAgain);
    mixed.resubmit(CLERK, json!({})).approve(SALES_HEAD).approve(HR_MANAGER).approve(GENERAL_MANAGER);
    assert_eq!(mixed.case.status, Status::Completed);
}

// proves: FLOW-05, FLOW-22
#[test]
fn an_approval_that_a_return_undid_does_not_count_as_just_given() {
    let route =
        json!([approve("a", person(HR_MANAGER)), approve("b", person(HR_MANAGER)), approve("c", person(CASHIER))]);
    let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({}));
    story.approve(HR_MANAGER).return_to(CASHIER, Target::First, WalkAgain);
    story.resubmit(CLERK, json!({}));
    assert_eq!(story.waiting(), [(HR_MANAGER, "a")]);
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(CASHIER, "c")]);
}

// proves: FLOW-05, FLOW-22
#[test]
fn an_approval_in_a_branch_that_is_no_longer_taken_does_not_count_as_just_given() {
    let route = json!([
        approve("a", person(SALES_HEAD)),
        {
            "kind": "exclusive", "key": "size", "name": { "zh": "金额" },
            "branches": [{ "key": "big", "name": { "zh": "大" }, "when": "form.amount > 1000",
                           "route": [approve("big_check", person(VICE_MANAGER))] }],
        },
        approve("b", person(VICE_MANAGER)),
        approve("c", person(GENERAL_MANAGER)),
    ]);
    let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({ "amount": "9000.00" }));
    story.approve(SALES_HEAD).approve(VICE_MANAGER);
    story.return_to(GENERAL_MANAGER, Target::First, WalkAgain);
    story.resubmit(CLERK, json!({ "amount": "10.00" })).approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "b")], "he approved another amount");
}

// proves: FLOW-22
#[test]
fn it_is_only_returned_where_it_was_and_where_the_node_allows() {
    let mut story = Story::submitted(
        flow(json!([
            with(approve("a", person(SALES_HEAD)), json!({ "operations": ["reject"] })),
            copy("tell", person(COLLEAGUE)),
            with(handle("b", person(HR_MANAGER)), json!({ "return": { "to": ["a"], "then": "straight_back" } })),
            approve("c", person(GENERAL_MANAGER)),
        ])),
        World::new(),
        CLERK,
        json!({}),
    );
    let back = |story: &Story, person, to: &str| {
        let task = story.task_of(person);
        Intent::ReturnTo { task, to: Target::Node(to.into()), then: Some(WalkAgain), words: Words::new("不行") }
    };
    let intent = back(&story, SALES_HEAD, "start");
    assert!(matches!(story.run(SALES_HEAD, intent), Err(Refusal::NotAllowed { .. })));
    story.approve(SALES_HEAD);
    for to in ["c", "tell", "start", "b", "nowhere"] {
        let intent = back(&story, HR_MANAGER, to);
        assert_eq!(story.run(HR_MANAGER, intent), Err(Refusal::CannotReturnThere), "{to}");
    }
    let mut wordless = back(&story, HR_MANAGER, "a");
    if let Intent::ReturnTo { words, .. } = &mut wordless {
        *words = Words::new("  ");
    }
    assert_eq!(story.run(HR_MANAGER, wordless), Err(Refusal::OpinionRequired { min_length: 1 }));
    let task = story.case.task(story.task_of(HR_MANAGER)).expect("his task");
    assert_eq!(return_targets(story.flow.flow(), &story.case, task), ["a"]);
    let intent = back(&story, HR_MANAGER, "a");
    story.run(HR_MANAGER, intent).expect("it may go there");
    story.approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(HR_MANAGER, "b")], "the node says straight back, whatever he asks for");
}

// proves: FLOW-22
#[test]
fn returning_ends_the_tasks_of_the_others_with_the_reason_shown() {
    let all = with(approve("both", people(&[HR_MANAGER, VICE_MANAGER])), json!({ "quorum": "all" }));
    let flow = flow(json!([approve("a", person(SALES_HEAD)), all]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    story.approve(SALES_HEAD);
    let returned = story.task_of(HR_MANAGER);
    story.return_to(HR_MANAGER, Target::Previous, WalkAgain);
    let other = story.case.tasks.iter().find(|task| task.person == VICE_MANAGER).expect("his task");
    assert_eq!(other.closing(), Some(Closing::CaseReturned { task: returned }));
}

#[test]
fn if_who_returned_it_left_meanwhile_another_takes_his_place() {
    let mut story = at_c();
    story.return_to(GENERAL_MANAGER, Target::Previous, StraightBack);
    story.world.leaves(GENERAL_MANAGER);
    let mut lost = story.clone();
    story.world.successors.insert(GENERAL_MANAGER, VICE_MANAGER);
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "c")]);
    lost.approve(HR_MANAGER);
    assert_eq!(lost.waiting(), [(ADMINISTRATOR, "c")]);
}

// proves: FLOW-38
#[test]
fn the_map_keeps_the_first_walk_and_marks_it() {
    let mut story = at_c();
    story.return_to(GENERAL_MANAGER, Target::Node("a".into()), WalkAgain);
    let told = route(&story.flow, &story.case, &story.world).expect("a route");
    let steps: Vec<_> =
        told.steps.iter().map(|step| (step.node.as_str(), step.when, step.round, step.superseded)).collect();
    assert_eq!(
        steps,
        [
            ("start", When::Past, 0, false),
            ("a", When::Past, 0, true),
            ("b", When::Past, 0, true),
            ("c", When::Past, 0, true),
            ("a", When::Present, 1, false),
            ("b", When::Future, 1, false),
            ("c", When::Future, 1, false),
        ]
    );
}

// proves: FORM-05, FLOW-22
#[test]
fn what_the_initiator_corrects_is_kept_with_the_value_before() {
    let mut story = at_c();
    story.return_to(GENERAL_MANAGER, Target::First, WalkAgain);
    story.resubmit(CLERK, json!({ "reason": "乙", "note": "补充" }));
    let change = story
        .events
        .iter()
        .find_map(|event| {
            let event = serde_json::to_value(event).expect("an event");
            (event["event"] == "values_changed").then(|| event["changes"].clone())
        })
        .expect("it changed");
    assert_eq!(
        change,
        json!([
            { "field": "reason", "before": "甲", "after": "乙" },
            { "field": "note", "before": Value::Null, "after": "补充" },
        ])
    );
}
