//! What follows upon a completed case goes by those who approved it (FLOW-24).

use std::collections::BTreeSet;

use hanlin_kernel::PersonId;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    drawn::{flow as any_flow, given, world as any_world},
    foretold::all_agree,
    property::tries,
    story::{Story, approve, copy, flow_with, handle, people, person, values, with},
    world::*,
};
use crate::engine::{
    Acting, Case, CheckedFlow, Command, FOLLOWED, Flow, FollowUp, Intent, LaneState, REASON, Refusal, Status, Target,
    Why, Words, approvers,
    case::{Activation, Closing, End, Purpose, Task},
    changes_by, follow_up, goes_the_same_way,
    model::AfterReturn,
    values_of_follow_up,
};

const ID: &str = "01K00000000000000000000001";

fn allowing(route: Value, change: Value) -> CheckedFlow {
    flow_with(route, json!({ "settings": { "after_completion": { "revoke": true, "change": change } } }))
}

/// The follow-up upon a completed case, submitted.
fn followed(first: &Story, kind: FollowUp, given: Value) -> Story {
    let plan = follow_up(first.flow.flow(), &first.case, kind).expect("it may follow");
    let plan = plan.checked().expect("what is made is sound");
    let mut story = Story::new(plan, first.world.clone(), first.case.initiator.person);
    story.draft.values = values_of_follow_up(&first.case, ID);
    story.case = story.draft.clone();
    story.submit(given).expect("it can be asked for");
    story
}

fn why() -> Value {
    json!({ REASON: "行程取消" })
}

/// Whoever agreed there, in the order in which they did.
fn agreed(case: &Case) -> Vec<PersonId> {
    let agreed = |task: &&Task| matches!(task.closing(), Some(Closing::Approved | Closing::Repeated { .. }));
    let tasks = case.tasks.iter().filter(|task| task.purpose == Purpose::Approve);
    tasks.filter(agreed).map(|task| task.person).collect()
}

// proves: FLOW-24
#[test]
fn it_goes_to_those_who_approved_in_their_order_and_copies_to_those_who_got_copies() {
    let any = json!({ "quorum": "any" });
    let route = json!([
        with(approve("first", people(&[SALES_HEAD, HR_MANAGER])), any),
        { "kind": "exclusive", "key": "big", "name": { "zh": "额" }, "branches": [{
            "key": "b0", "name": { "zh": "大" }, "when": "form.amount > 100",
            "route": [approve("manager", person(GENERAL_MANAGER))],
        }], "otherwise": [approve("small", person(VICE_MANAGER))] },
        handle("pay", person(CASHIER)),
        copy("told", person(SECRETARY)),
    ]);
    let mut first = Story::submitted(allowing(route, json!([])), World::new(), CLERK, json!({ "amount": "900.00" }));
    first.approve(HR_MANAGER).approve(GENERAL_MANAGER).complete(CASHIER, "已付");
    assert_eq!(first.case.status, Status::Completed);
    assert_eq!(approvers(first.flow.flow(), &first.case), [HR_MANAGER, GENERAL_MANAGER]);

    let mut story = followed(&first, FollowUp::Revoke, why());
    assert_eq!(story.waiting(), [(HR_MANAGER, "first")], "the other of the two approved nothing");
    assert_eq!(story.case.open_tasks().next().map(|task| task.why.clone()), Some(vec![Why::TookPartBefore]));
    assert_eq!(story.case.values[FOLLOWED], json!([ID]));
    assert_eq!(story.case.values["amount"], "900.00");
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "manager")]);
    assert_eq!(story.copied(), [], "nobody is told before it is approved");
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.copied(), [(CASHIER, "pay"), (SECRETARY, "told")], "also who carried the first out");
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-24
#[test]
fn those_who_decided_side_by_side_are_asked_side_by_side() {
    let lane = |key: &str, who: PersonId| json!({ "key": key, "name": { "zh": key }, "route": [approve(&format!("at_{key}"), person(who))] });
    let route = json!([
        approve("first", person(SALES_HEAD)),
        { "kind": "parallel", "key": "both", "name": { "zh": "并" }, "join": { "at_least": 2 },
          "branches": [lane("a", HR_MANAGER), lane("b", VICE_MANAGER), lane("c", GENERAL_MANAGER)] },
    ]);
    let mut first = Story::submitted(allowing(route, json!([])), World::new(), CLERK, json!({}));
    first.approve(SALES_HEAD).approve(VICE_MANAGER).approve(GENERAL_MANAGER);
    let mut story = followed(&first, FollowUp::Revoke, why());
    story.approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "at_b"), (GENERAL_MANAGER, "at_c")]);
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Running, "both are needed, though two of three were enough before");
    story.approve(VICE_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-24, FLOW-22
#[test]
fn only_the_last_time_counts_and_added_signers_are_asked_too() {
    let route = json!([approve("first", person(SALES_HEAD)), approve("second", person(HR_MANAGER))]);
    let mut first = Story::submitted(allowing(route, json!([])), World::new(), CLERK, json!({}));
    first.approve(SALES_HEAD).return_to(HR_MANAGER, Target::First, AfterReturn::WalkAgain);
    first.resubmit(CLERK, json!({}));
    let task = first.task_of(SALES_HEAD);
    first
        .run(SALES_HEAD, Intent::Transfer { task, to: COLLEAGUE, words: Words::new("请代办") })
        .expect("it can be passed on");
    first.approve(COLLEAGUE);
    let (task, people) = (first.task_of(HR_MANAGER), vec![VICE_MANAGER]);
    let place = crate::engine::SignerPlace::Before;
    let among = crate::engine::case::Among::All;
    let add = Intent::AddSigner { task, people, place, among, words: Words::new("请先看") };
    first.run(HR_MANAGER, add).expect("he may add a signer");
    first.approve(VICE_MANAGER).approve(HR_MANAGER);
    assert_eq!(approvers(first.flow.flow(), &first.case), [COLLEAGUE, VICE_MANAGER, HR_MANAGER]);
    let mut story = followed(&first, FollowUp::Revoke, why());
    story.approve(COLLEAGUE);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "second")], "one after the other, as before");
}

// proves: FLOW-24, FLOW-05
#[test]
fn in_the_place_of_one_who_left_stands_whom_the_rules_of_today_name_and_why_is_kept() {
    let route = json!([approve("first", person(SALES_HEAD)), approve("second", person(HR_MANAGER))]);
    let mut first = Story::submitted(allowing(route, json!([])), World::new(), CLERK, json!({}));
    first.approve(SALES_HEAD).approve(HR_MANAGER);
    first.world.leaves(SALES_HEAD);
    first.world.successors.insert(SALES_HEAD, COLLEAGUE);
    let story = followed(&first, FollowUp::Revoke, why());
    assert_eq!(story.waiting(), [(COLLEAGUE, "first")]);
    let why_him = story.case.open_tasks().next().map(|task| task.why.clone());
    assert_eq!(why_him, Some(vec![Why::TookPartBefore, Why::SuccessorOf { person: SALES_HEAD }]));
}

// proves: FLOW-24, FORM-05
#[test]
fn a_change_writes_the_fields_that_the_flow_names_and_no_others() {
    let route = json!([approve("first", person(SALES_HEAD))]);
    let flow = allowing(route, json!(["note"]));
    let mut first = Story::submitted(flow, World::new(), CLERK, json!({ "note": "一", "reason": "家事" }));
    first.approve(SALES_HEAD);
    let plan = follow_up(first.flow.flow(), &first.case, FollowUp::Change).expect("it may").checked().expect("sound");
    let mut story = Story::new(plan, first.world.clone(), CLERK);
    story.draft.values = values_of_follow_up(&first.case, ID);
    story.case = story.draft.clone();
    let wrong = story.submit(json!({ REASON: "改", "note": "二", "reason": "公事" }));
    assert!(matches!(wrong, Err(Refusal::InvalidValues { ref fields }) if fields.len() == 1), "{wrong:?}");
    let silent = story.submit(json!({ "note": "二" }));
    assert!(matches!(silent, Err(Refusal::InvalidValues { .. })), "a reason is asked for: {silent:?}");
    let other = story.submit(json!({ REASON: "改", "note": "二", FOLLOWED: ["01K00000000000000000000002"] }));
    assert!(matches!(other, Err(Refusal::InvalidValues { .. })), "it stays with its case: {other:?}");
    story.submit(json!({ REASON: "改", "note": "二" })).expect("this may be written");
    let changes = changes_by(first.flow.flow(), &first.case.values, &story.case.values);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!((changes[0].before.clone(), changes[0].after.clone()), (json!("一"), json!("二")));

    let effect = Intent::TakeEffect { kind: FollowUp::Change, follow_up: ID.into(), changes };
    let opinions = first.case.opinions.clone();
    first.command(Command::of_system(Acting::person(CLERK), effect)).expect("it was approved");
    assert_eq!(first.case.values["note"], "二");
    assert_eq!(first.case.status, Status::Completed);
    assert_eq!(first.case.aftermath[0].changes[0].before, json!("一"), "the old value is kept");
    assert_eq!(first.case.opinions, opinions);
    let again = follow_up(first.flow.flow(), &first.case, FollowUp::Revoke);
    assert!(again.is_ok(), "it can be revoked after a change: {again:?}");
}

// proves: FLOW-24, FLOW-05
#[test]
fn a_change_that_would_have_gone_to_others_is_told_apart() {
    let route = json!([
        approve("first", person(SALES_HEAD)),
        { "kind": "exclusive", "key": "big", "name": { "zh": "额" }, "branches": [{
            "key": "b0", "name": { "zh": "大" }, "when": "form.amount > 100",
            "route": [approve("manager", person(GENERAL_MANAGER))],
        }], "otherwise": [] },
    ]);
    let flow = allowing(route, json!(["amount"]));
    let first = Story::submitted(flow, World::new(), CLERK, json!({ "amount": "50.00" }));
    let same = |amount: &str| {
        let changed = values(json!({ "amount": amount }));
        goes_the_same_way(&first.flow, &first.case, &changed, &first.world).expect("it can be foretold")
    };
    assert!(same("60.00"));
    assert!(!same("5000.00"), "the general manager would have had to be asked");
}

// proves: FLOW-24
#[test]
fn what_is_not_completed_not_allowed_or_approved_by_nobody_is_followed_by_nothing() {
    let route = || json!([approve("first", person(SALES_HEAD))]);
    let running = Story::submitted(allowing(route(), json!([])), World::new(), CLERK, json!({}));
    let asked = |story: &Story, kind| follow_up(story.flow.flow(), &story.case, kind).map(drop);
    assert_eq!(asked(&running, FollowUp::Revoke), Err(Refusal::NotCompleted));
    assert_eq!(asked(&running, FollowUp::Change), Err(Refusal::NoFollowUp { kind: FollowUp::Change }));

    let mut silent = Story::submitted(flow_with(route(), json!({})), World::new(), CLERK, json!({}));
    silent.approve(SALES_HEAD);
    assert_eq!(asked(&silent, FollowUp::Revoke), Err(Refusal::NoFollowUp { kind: FollowUp::Revoke }));

    let alone = allowing(json!([handle("pay", person(CASHIER))]), json!([]));
    let mut alone = Story::submitted(alone, World::new(), CLERK, json!({}));
    alone.complete(CASHIER, "已付");
    assert_eq!(asked(&alone, FollowUp::Revoke), Err(Refusal::NobodyApproved));

    let mut done = Story::submitted(allowing(route(), json!([])), World::new(), CLERK, json!({}));
    done.approve(SALES_HEAD);
    let effect = || Intent::TakeEffect { kind: FollowUp::Revoke, follow_up: ID.into(), changes: Vec::new() };
    let by_hand = done.command(Command::as_administrator(Acting::person(ADMINISTRATOR), effect()));
    assert_eq!(by_hand, Err(Refusal::NotTheSystem), "no request ever says so");
    done.command(Command::of_system(Acting::person(CLERK), effect())).expect("it was approved");
    assert_eq!(done.case.status, Status::Revoked);
    assert_eq!(asked(&done, FollowUp::Revoke), Err(Refusal::NotCompleted), "it is revoked once");
}

/// The same told another way: whose agreement stands at a visit that counts, in branches that were walked to their end.
fn whose_agreement_stands(flow: &Flow, case: &Case) -> BTreeSet<PersonId> {
    let walked = |visit: &Activation| {
        let mut inside = visit;
        while let Some(around) = inside.parent.and_then(|parent| case.activation(parent)) {
            let branch = flow.find(&inside.node).and_then(|place| place.inside).map(|(_, branch)| branch);
            let lane = branch.and_then(|branch| around.lanes.iter().find(|lane| lane.branch == branch));
            if around.superseded || lane.is_some_and(|lane| lane.state != LaneState::Walked) {
                return false;
            }
            inside = around;
        }
        true
    };
    let counts = |task: &&Task| {
        let visit = case.activation(task.activation).expect("a task belongs to a visit");
        visit.end() == Some(End::Approved) && !visit.superseded && walked(visit)
    };
    let agreed = |task: &&Task| matches!(task.closing(), Some(Closing::Approved | Closing::Repeated { .. }));
    let tasks = case.tasks.iter().filter(|task| task.purpose == Purpose::Approve);
    tasks.filter(agreed).filter(counts).map(|task| task.person).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    // proves: FLOW-24
    #[test]
    fn whoever_approved_approves_what_follows_and_nobody_else(
        flow in any_flow(),
        world in any_world(),
        given in given(),
        tries in tries(),
    ) {
        let mut first = Story::new(flow, world, CLERK);
        if first.submit(Value::Object(given)).is_err() {
            return Ok(());
        }
        for attempt in tries {
            let command = attempt.command(&first.case, &first.flow);
            drop(first.command(command));
        }
        let Some(mut first) = all_agree(&first).filter(|first| first.case.status == Status::Completed) else {
            return Ok(());
        };
        let approved = whose_agreement_stands(first.flow.flow(), &first.case);
        let told: BTreeSet<PersonId> = approvers(first.flow.flow(), &first.case).into_iter().collect();
        prop_assert_eq!(&told, &approved);
        // Nobody left: those who are asked are those who were.
        first.world.left.clear();
        if approved.is_empty() {
            let refused = follow_up(first.flow.flow(), &first.case, FollowUp::Revoke);
            prop_assert_eq!(refused.map(drop), Err(Refusal::NobodyApproved));
            return Ok(());
        }
        let story = all_agree(&followed(&first, FollowUp::Revoke, why())).expect("all can agree");
        prop_assert_eq!(story.case.status, Status::Completed);
        let asked: BTreeSet<PersonId> = agreed(&story.case).into_iter().collect();
        prop_assert_eq!(asked, approved);
    }
}
