//! Branches that are walked at the same time (FLOW-06, FLOW-07): how they join, and what a rejection or a return in one
//! of them does.

use serde_json::{Value, json};

use super::{
    story::{Story, approve, copy, flow, person, with},
    world::*,
};
use crate::engine::{
    CheckedFlow, Intent, LaneState, Status, StepKind, Target, TaskState, When, Words,
    case::{Closing, End},
    model::AfterReturn::{StraightBack, WalkAgain},
    predict, return_targets, route,
};

fn lane(key: &str, route: Value) -> Value {
    json!({ "key": key, "name": { "zh": key }, "route": route })
}

fn parallel(key: &str, branches: Value) -> Value {
    json!({ "kind": "parallel", "key": key, "name": { "zh": key }, "branches": branches })
}

/// draft → ( sales: s1 → s2 | hr: h1 | money: m1 ) → last
fn departments(settings: Value) -> CheckedFlow {
    flow(json!([
        approve("draft", person(COLLEAGUE)),
        with(
            parallel(
                "sign",
                json!([
                    lane("sales", json!([approve("s1", person(SALES_HEAD)), approve("s2", person(VICE_MANAGER))])),
                    lane("hr", json!([approve("h1", person(HR_MANAGER))])),
                    lane("money", json!([approve("m1", person(CASHIER))])),
                ])
            ),
            settings
        ),
        approve("last", person(GENERAL_MANAGER)),
    ]))
}

fn signing(settings: Value) -> Story {
    let mut story = Story::submitted(departments(settings), World::new(), CLERK, json!({ "reason": "甲" }));
    story.approve(COLLEAGUE);
    story
}

fn reject(story: &mut Story, who: hanlin_kernel::PersonId) {
    let task = story.task_of(who);
    story.run(who, Intent::Reject { task, words: Words::new("不同意") }).expect("he may reject");
}

fn lanes_of(story: &Story, node: &str) -> Vec<(String, LaneState)> {
    let visit = story.case.activations.iter().rev().find(|visit| visit.node == node).expect("it was visited");
    visit.lanes.iter().map(|lane| (lane.branch.clone(), lane.state.clone())).collect()
}

// proves: FLOW-06, FLOW-07
#[test]
fn all_departments_are_asked_at_once_and_the_case_goes_on_when_the_last_has_signed() {
    let mut story = signing(json!({}));
    assert_eq!(story.waiting(), [(SALES_HEAD, "s1"), (HR_MANAGER, "h1"), (CASHIER, "m1")]);
    story.approve(CASHIER).approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(HR_MANAGER, "h1"), (VICE_MANAGER, "s2")]);
    story.approve(HR_MANAGER).approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "last")]);
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-06
#[test]
fn the_first_of_three_is_enough_and_the_tasks_of_the_others_end_with_the_reason_shown() {
    let mut story = signing(json!({ "join": "first" }));
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "last")]);
    let [(_, TaskState::Closed { how, by: None, .. })] = &story.states_at("m1")[..] else { panic!("it ended") };
    assert_eq!(*how, Closing::NotNeeded);
    let sales = story.case.activations.iter().find(|visit| visit.node == "s1").expect("it was visited");
    assert_eq!(sales.end(), Some(End::Dropped));
}

// proves: FLOW-06
#[test]
fn two_of_three_go_on_with_one_rejected_and_are_a_rejection_with_two() {
    let settings = json!({ "join": { "at_least": 2 }, "on_reject": "end_branch" });
    let mut story = signing(settings);
    reject(&mut story, SALES_HEAD);
    assert_eq!(story.waiting(), [(HR_MANAGER, "h1"), (CASHIER, "m1")]);
    let mut again = story.clone();
    story.approve(CASHIER).approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "last")]);
    reject(&mut again, CASHIER);
    assert_eq!(again.case.status, Status::Rejected, "one is left, and two are needed");
}

// proves: FLOW-06
#[test]
fn a_rejection_ends_the_case_or_its_branch_or_waits_for_the_others_as_the_node_says() {
    let mut ends_all = signing(json!({}));
    reject(&mut ends_all, HR_MANAGER);
    assert_eq!(ends_all.case.status, Status::Rejected);

    let mut ends_branch = signing(json!({ "on_reject": "end_branch" }));
    reject(&mut ends_branch, HR_MANAGER);
    ends_branch.approve(SALES_HEAD).approve(VICE_MANAGER).approve(CASHIER);
    assert_eq!(ends_branch.waiting(), [(GENERAL_MANAGER, "last")], "the others decided");

    let mut nobody_left = signing(json!({ "on_reject": "end_branch" }));
    for who in [HR_MANAGER, SALES_HEAD, CASHIER] {
        reject(&mut nobody_left, who);
    }
    assert_eq!(nobody_left.case.status, Status::Rejected);

    let mut collects = signing(json!({ "on_reject": "collect" }));
    reject(&mut collects, HR_MANAGER);
    collects.approve(SALES_HEAD).approve(VICE_MANAGER);
    assert_eq!(collects.waiting(), [(CASHIER, "m1")], "everyone is heard");
    collects.approve(CASHIER);
    assert_eq!(collects.case.status, Status::Rejected);
}

// proves: FLOW-07, FLOW-22
#[test]
fn straight_back_to_the_initiator_leaves_the_other_departments_at_work() {
    let mut story = signing(json!({}));
    story.return_to(HR_MANAGER, Target::First, StraightBack);
    assert_eq!(story.waiting(), [(SALES_HEAD, "s1"), (CASHIER, "m1"), (CLERK, "start")]);
    story.approve(CASHIER).approve(SALES_HEAD).approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [(CLERK, "start")], "the others finished meanwhile");
    story.resubmit(CLERK, json!({ "reason": "乙" }));
    assert_eq!(story.waiting(), [(HR_MANAGER, "h1")]);
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "last")]);
}

// proves: FLOW-07, FLOW-22
#[test]
fn two_departments_may_ask_the_initiator_at_once_and_both_get_it_back() {
    let mut story = signing(json!({}));
    story.return_to(HR_MANAGER, Target::First, StraightBack);
    story.return_to(CASHIER, Target::First, StraightBack);
    assert_eq!(story.waiting(), [(SALES_HEAD, "s1"), (CLERK, "start")], "he corrects it once");
    story.resubmit(CLERK, json!({ "reason": "乙" }));
    assert_eq!(story.waiting(), [(SALES_HEAD, "s1"), (HR_MANAGER, "h1"), (CASHIER, "m1")]);
}

// proves: FLOW-07, FLOW-22
#[test]
fn walking_again_from_before_the_branches_ends_what_is_under_way_in_all_of_them() {
    let mut story = signing(json!({}));
    story.approve(CASHIER);
    let returned = story.task_of(HR_MANAGER);
    story.return_to(HR_MANAGER, Target::Previous, WalkAgain);
    assert_eq!(story.waiting(), [(COLLEAGUE, "draft")]);
    let [(_, TaskState::Closed { how, .. })] = &story.states_at("s1")[..] else { panic!("it ended") };
    assert_eq!(*how, Closing::CaseReturned { task: returned });
    story.approve(COLLEAGUE);
    assert_eq!(story.waiting(), [(SALES_HEAD, "s1"), (HR_MANAGER, "h1"), (CASHIER, "m1")], "all sign again");
}

// proves: FLOW-22
#[test]
fn a_return_within_a_branch_concerns_that_branch_only() {
    let mut story = signing(json!({}));
    story.approve(CASHIER).approve(SALES_HEAD);
    story.return_to(VICE_MANAGER, Target::Previous, WalkAgain);
    assert_eq!(story.waiting(), [(HR_MANAGER, "h1"), (SALES_HEAD, "s1")]);
    assert_eq!(lanes_of(&story, "sign")[2], ("money".into(), LaneState::Walked));
}

// proves: FLOW-22
#[test]
fn a_branch_beside_is_walked_again_from_there_and_who_returned_it_waits_for_that_node() {
    let mut story = signing(json!({}));
    story.approve(SALES_HEAD).approve(VICE_MANAGER);
    assert_eq!(lanes_of(&story, "sign")[0].1, LaneState::Walked);
    let task = story.case.task(story.task_of(HR_MANAGER)).expect("his task").clone();
    assert_eq!(return_targets(story.flow.flow(), &story.case, &task), ["start", "draft", "s1", "s2"]);
    story.return_to(HR_MANAGER, Target::Node("s1".into()), WalkAgain);
    assert_eq!(story.waiting(), [(CASHIER, "m1"), (SALES_HEAD, "s1")]);
    assert_eq!(lanes_of(&story, "sign")[0].1, LaneState::Open);
    story.approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(CASHIER, "m1"), (HR_MANAGER, "h1"), (VICE_MANAGER, "s2")]);
    story.approve(HR_MANAGER).approve(CASHIER).approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "last")]);
}

// proves: FLOW-22
#[test]
fn from_behind_the_join_one_branch_is_opened_again_and_the_others_stay_as_they_ended() {
    let mut story = signing(json!({}));
    story.approve(SALES_HEAD).approve(VICE_MANAGER).approve(CASHIER).approve(HR_MANAGER);
    let mut straight = story.clone();
    story.return_to(GENERAL_MANAGER, Target::Node("s1".into()), WalkAgain);
    assert_eq!(story.waiting(), [(SALES_HEAD, "s1")]);
    let states: Vec<_> = lanes_of(&story, "sign").into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [LaneState::Open, LaneState::Walked, LaneState::Walked]);
    story.approve(SALES_HEAD).approve(VICE_MANAGER).approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);

    straight.return_to(GENERAL_MANAGER, Target::Node("h1".into()), StraightBack);
    straight.approve(HR_MANAGER).approve(GENERAL_MANAGER);
    assert_eq!(straight.case.status, Status::Completed);
}

// proves: FLOW-22
#[test]
fn a_return_waits_until_everyone_was_heard_where_the_node_says_so() {
    let mut story = signing(json!({ "on_return": "collect" }));
    story.return_to(HR_MANAGER, Target::First, WalkAgain);
    assert_eq!(story.waiting(), [(SALES_HEAD, "s1"), (CASHIER, "m1")]);
    story.return_to(CASHIER, Target::Node("draft".into()), WalkAgain);
    story.approve(SALES_HEAD).approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [(CLERK, "start")], "back to where the furthest return leads");
    story.resubmit(CLERK, json!({})).approve(COLLEAGUE);
    assert_eq!(story.waiting(), [(SALES_HEAD, "s1"), (HR_MANAGER, "h1"), (CASHIER, "m1")]);
}

// proves: FLOW-22
#[test]
fn collected_returns_come_straight_back_one_after_the_other() {
    let mut story = signing(json!({ "on_return": "collect" }));
    story.return_to(HR_MANAGER, Target::Node("draft".into()), StraightBack);
    story.return_to(CASHIER, Target::First, StraightBack);
    story.approve(SALES_HEAD).approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [(CLERK, "start")]);
    story.resubmit(CLERK, json!({}));
    assert_eq!(story.waiting(), [(CASHIER, "m1")]);
    story.approve(CASHIER);
    assert_eq!(story.waiting(), [(COLLEAGUE, "draft")]);
    story.approve(COLLEAGUE).approve(HR_MANAGER).approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-22
#[test]
fn who_waits_for_a_branch_beside_gets_it_back_when_that_branch_is_rejected() {
    let mut story = signing(json!({ "on_reject": "end_branch" }));
    story.approve(SALES_HEAD).return_to(HR_MANAGER, Target::Node("s1".into()), StraightBack);
    assert_eq!(story.waiting(), [(CASHIER, "m1"), (VICE_MANAGER, "s2"), (SALES_HEAD, "s1")]);
    reject(&mut story, VICE_MANAGER);
    assert_eq!(story.waiting(), [(CASHIER, "m1"), (HR_MANAGER, "h1")]);
}

fn nested() -> CheckedFlow {
    let inner = with(
        parallel(
            "inner",
            json!([
                lane("x", json!([approve("x1", person(CASHIER))])),
                lane("y", json!([approve("y1", person(SECRETARY)), copy("tell", person(COLLEAGUE))])),
            ]),
        ),
        json!({ "on_reject": "end_branch" }),
    );
    let outer = parallel(
        "outer",
        json!([
            lane("deep", json!([approve("a", person(SALES_HEAD)), inner, approve("b", person(VICE_MANAGER))])),
            lane("flat", json!([approve("c", person(HR_MANAGER))])),
        ]),
    );
    flow(json!([with(outer, json!({ "on_reject": "end_branch" })), approve("last", person(GENERAL_MANAGER))]))
}

// proves: FLOW-06, FLOW-22
#[test]
fn branches_stand_in_branches() {
    let mut story = Story::submitted(nested(), World::new(), CLERK, json!({}));
    story.approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(HR_MANAGER, "c"), (CASHIER, "x1"), (SECRETARY, "y1")]);
    let mut rejected = story.clone();
    story.approve(SECRETARY);
    story.return_to(CASHIER, Target::Node("a".into()), WalkAgain);
    assert_eq!(story.waiting(), [(HR_MANAGER, "c"), (SALES_HEAD, "a")], "the branch beside goes on");
    story.approve(SALES_HEAD).approve(CASHIER).approve(SECRETARY).approve(HR_MANAGER).approve(VICE_MANAGER);
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);

    reject(&mut rejected, CASHIER);
    reject(&mut rejected, SECRETARY);
    assert_eq!(rejected.waiting(), [(HR_MANAGER, "c")], "the inner branches failed, which ends the outer one");
    rejected.approve(HR_MANAGER).approve(GENERAL_MANAGER);
    assert_eq!(rejected.case.status, Status::Completed);
}

fn by_content() -> CheckedFlow {
    let when =
        |key: &str, when: &str, who| with(lane(key, json!([approve(key, person(who))])), json!({ "when": when }));
    flow(json!([
        {
            "kind": "inclusive", "key": "content", "name": { "zh": "按内容" },
            "branches": [
                when("money", "form.amount > 1000", CASHIER),
                when("time", "form.days > 3", HR_MANAGER),
            ],
            "otherwise": [approve("none", person(SECRETARY))],
        },
        approve("last", person(GENERAL_MANAGER)),
    ]))
}

// proves: FLOW-06
#[test]
fn every_branch_whose_condition_is_true_is_opened_else_the_other_one() {
    let asked = |given: Value| {
        let story = Story::submitted(by_content(), World::new(), CLERK, given);
        story.waiting().into_iter().map(|(_, node)| node.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(asked(json!({ "amount": "5000.00", "days": "5.0" })), ["money", "time"]);
    assert_eq!(asked(json!({ "amount": "5000.00", "days": "1.0" })), ["money"]);
    assert_eq!(asked(json!({ "amount": "5.00", "days": "1.0" })), ["none"]);
    assert_eq!(asked(json!({})), ["none"]);
}

// proves: FLOW-22
#[test]
fn it_does_not_come_straight_back_when_the_corrected_values_open_other_branches() {
    let given = json!({ "amount": "5000.00", "days": "1.0" });
    let mut story = Story::submitted(by_content(), World::new(), CLERK, given);
    story.approve(CASHIER).return_to(GENERAL_MANAGER, Target::First, StraightBack);
    story.resubmit(CLERK, json!({ "days": "5.0" }));
    assert_eq!(story.waiting(), [(CASHIER, "money"), (HR_MANAGER, "time")]);
}

// proves: FLOW-28, FLOW-38
#[test]
fn the_map_says_which_branch_each_step_stands_in_and_how_far_each_branch_is() {
    let story = signing(json!({ "join": { "at_least": 2 } }));
    let told = route(&story.flow, &story.case, &story.world).expect("a route");
    let sign = told.steps.iter().find(|step| step.node == "sign").expect("the node");
    assert_eq!((sign.kind, sign.when, sign.lanes.len()), (StepKind::Parallel, When::Present, 3));
    let step = told.steps.iter().find(|step| step.node == "h1").expect("its step");
    assert_eq!(step.within.iter().map(|lane| lane.branch.as_str()).collect::<Vec<_>>(), ["hr"]);
    let ahead: Vec<_> = told.ahead().map(|step| (step.node.as_str(), step.when)).collect();
    let present = [("s1", When::Present), ("h1", When::Present), ("m1", When::Present)];
    assert_eq!(ahead, [&present[..], &[("s2", When::Future), ("last", When::Future)]].concat());
}

// proves: FLOW-38
#[test]
fn ways_that_are_not_known_in_two_branches_are_told_without_telling_the_others_twice() {
    let by = |key: &str, field: &str, who| {
        json!({ "kind": "exclusive", "key": key, "name": { "zh": key },
                "branches": [{ "key": "yes", "name": { "zh": "是" }, "when": field,
                               "route": [approve(&format!("{key}_check"), person(who))] }] })
    };
    let branches = json!([
        lane("one", json!([by("size", "form.amount > 5", CASHIER)])),
        lane("two", json!([approve("sure", person(HR_MANAGER)), by("length", "form.days > 5", SECRETARY)])),
    ]);
    let flow = flow(json!([parallel("both", branches), approve("last", person(GENERAL_MANAGER))]));
    let world = World::new();
    let told = predict(&flow, &world.initiator(CLERK), &Default::default(), &Default::default(), &world).expect("told");
    let nodes = |route: &crate::engine::Route| route.steps.iter().map(|step| step.node.clone()).collect::<Vec<_>>();
    assert_eq!(nodes(&told), ["start", "both", "sure"]);
    let size = told.fork.expect("it depends");
    assert_eq!((size.node.as_str(), size.branches.len()), ("size", 2));
    assert_eq!(nodes(&size.branches[0].route), ["size_check"]);
    let length = size.branches[0].route.fork.as_ref().expect("it depends");
    assert_eq!(length.node, "length");
    assert_eq!(nodes(&length.branches[0].route), ["length_check", "last"]);
    assert_eq!(nodes(&length.branches[1].route), ["last"]);
}

// proves: FLOW-38
#[test]
fn a_way_that_was_not_known_when_the_branches_joined_is_told_as_open() {
    let size = json!({ "kind": "exclusive", "key": "size", "name": { "zh": "金额" },
        "branches": [{ "key": "large", "name": { "zh": "大额" }, "when": "form.amount > 5", "route": [] }] });
    let branches = json!([lane("one", json!([size])), lane("two", json!([approve("sure", person(HR_MANAGER))]))]);
    let flow = flow(json!([with(parallel("both", branches), json!({ "join": "first" }))]));
    let world = World::new();
    let told = predict(&flow, &world.initiator(CLERK), &Default::default(), &Default::default(), &world).expect("told");
    let open: Vec<_> = told.steps[1..].iter().map(|step| (step.node.as_str(), step.depends_on.join(","))).collect();
    assert_eq!(open, [("both", String::new()), ("size", "amount".into()), ("sure", String::new())]);
}
