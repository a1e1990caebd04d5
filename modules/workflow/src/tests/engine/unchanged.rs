//! After a return, whoever agreed and reads nothing else than then is passed over; and what an administrator puts right.

use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::{
    story::{Story, approve, copy, flow, handle, people, person, values, with},
    world::*,
};
use crate::engine::{
    Acting, Command, Intent, Refusal, Status, Target, Values, Words,
    case::{Closing, Task, Verdict},
    changes_for,
    model::AfterReturn,
    predict_from,
};

fn at_hand(story: &Story) -> Vec<(PersonId, String)> {
    story.waiting().into_iter().map(|(person, node)| (person, node.to_owned())).collect()
}

/// Three check, the manager decides. The HR manager does not see the amount; for the cashier only the amount matters.
fn checked() -> Story {
    let hr = with(approve("personnel", person(HR_MANAGER)), json!({ "fields": { "amount": "hidden" } }));
    let cash = with(approve("finance", person(CASHIER)), json!({ "return": { "decides_on": ["amount"] } }));
    let told = copy("told", person(SECRETARY));
    let flow =
        flow(json!([hr, cash, told, handle("file", person(COLLEAGUE)), approve("decide", person(GENERAL_MANAGER))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({ "amount": "100.00", "reason": "出差" }));
    story.approve(HR_MANAGER).approve(CASHIER).complete(COLLEAGUE, "已归档");
    story
}

fn returned(then: AfterReturn) -> Story {
    let mut story = checked();
    story.return_to(GENERAL_MANAGER, Target::First, then);
    story
}

fn corrected(then: AfterReturn, changed: Value) -> Story {
    let mut story = returned(then);
    story.resubmit(CLERK, changed);
    story
}

fn last(story: &Story, person: PersonId) -> &Task {
    story.case.tasks.iter().rev().find(|task| task.person == person).expect("he has one")
}

// proves: FLOW-22, FORM-05
#[test]
fn whoever_reads_nothing_else_than_then_is_passed_over_and_it_says_by_which_decision() {
    let story = corrected(AfterReturn::SkipUnchanged, json!({ "amount": "200.00" }));
    assert_eq!(at_hand(&story), [(CASHIER, "finance".into())], "the amount is hidden from the HR manager");
    let earlier = story.case.tasks.iter().find(|task| task.person == HR_MANAGER).expect("her first").id;
    assert_eq!(last(&story, HR_MANAGER).closing(), Some(Closing::Unchanged { task: earlier }));
    let mut story = corrected(AfterReturn::SkipUnchanged, json!({ "reason": "参展" }));
    assert_eq!(at_hand(&story), [(HR_MANAGER, "personnel".into())], "she reads the reason");
    story.approve(HR_MANAGER);
    assert_eq!(at_hand(&story), [(COLLEAGUE, "file".into())], "for the cashier only the amount matters");
    assert_eq!(story.copied().len(), 2, "who has a copy gets one of what is new");
}

// proves: FLOW-22
#[test]
fn where_nothing_changed_it_is_as_straight_back_and_where_everything_did_as_walked_again() {
    let waits = |then, changed: Value| at_hand(&corrected(then, changed));
    let nothing = || json!({});
    assert_eq!(waits(AfterReturn::SkipUnchanged, nothing()), waits(AfterReturn::StraightBack, nothing()));
    let story = corrected(AfterReturn::SkipUnchanged, nothing());
    assert_eq!(story.copied(), [(SECRETARY, "told")], "and nobody gets the same copy twice");
    let everything = || json!({ "amount": "300.00", "reason": "参展", "note": "急" });
    let mut skipped = corrected(AfterReturn::SkipUnchanged, everything());
    let mut again = corrected(AfterReturn::WalkAgain, everything());
    for agrees in [HR_MANAGER, CASHIER] {
        assert_eq!(at_hand(&skipped), at_hand(&again));
        skipped.approve(agrees);
        again.approve(agrees);
    }
    assert_eq!(at_hand(&skipped), at_hand(&again));
}

// proves: FLOW-22, FLOW-38
#[test]
fn what_is_foretold_passes_over_the_same_people() {
    let mut story = returned(AfterReturn::SkipUnchanged);
    let told = predict_from(&story.flow, &story.case, &story.world).expect("it can be foretold");
    let asked = told.steps.iter().flat_map(|step| &step.people).filter(|person| person.state.is_none());
    let asked: Vec<PersonId> = asked.map(|person| person.person).collect();
    assert_eq!(asked, [GENERAL_MANAGER], "unless something is changed");
    story.resubmit(CLERK, json!({}));
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-22, FORM-05
#[test]
fn who_is_asked_again_sees_what_changed_as_far_as_he_may_read_it() {
    let story = corrected(AfterReturn::SkipUnchanged, json!({ "amount": "200.00", "reason": "参展" }));
    let told = |story: &Story, person: PersonId| {
        let changes = changes_for(story.flow.flow(), &story.case, last(story, person));
        changes.into_iter().map(|change| (change.field, change.before, change.after)).collect::<Vec<_>>()
    };
    assert_eq!(told(&story, HR_MANAGER), [("reason".to_owned(), json!("出差"), json!("参展"))]);
    let mut story = story;
    story.approve(HR_MANAGER);
    let amount = ("amount".to_owned(), json!("100.00"), json!("200.00"));
    assert_eq!(told(&story, CASHIER)[0], amount);
    // What was changed and changed back is no change.
    story.return_to(CASHIER, Target::First, AfterReturn::SkipUnchanged);
    story.resubmit(CLERK, json!({ "amount": "100.00", "reason": "出差" }));
    assert_eq!(at_hand(&story)[0].0, HR_MANAGER, "she had agreed to the other reason");
}

// proves: FLOW-22
#[test]
fn a_later_return_that_walks_again_forgets_what_an_earlier_one_kept() {
    let mut story = corrected(AfterReturn::SkipUnchanged, json!({ "reason": "参展" }));
    story.return_to(HR_MANAGER, Target::First, AfterReturn::WalkAgain);
    story.resubmit(CLERK, json!({}));
    story.approve(HR_MANAGER);
    assert_eq!(at_hand(&story), [(CASHIER, "finance".into())], "everybody decides again");
}

// proves: FLOW-22, FLOW-06
#[test]
fn of_several_at_a_node_only_those_are_asked_again_whom_it_concerns() {
    let both = with(approve("both", people(&[HR_MANAGER, CASHIER])), json!({ "quorum": "all" }));
    let flow = flow(json!([both, approve("decide", person(GENERAL_MANAGER))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({ "amount": "100.00" }));
    story.approve(HR_MANAGER);
    story.return_to(CASHIER, Target::First, AfterReturn::SkipUnchanged);
    story.resubmit(CLERK, json!({}));
    assert_eq!(at_hand(&story), [(CASHIER, "both".into())], "who returned it decides, who had agreed need not");
    story.approve(CASHIER).approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

fn repair(story: &mut Story, given: Value, words: &str) -> Result<(), Refusal> {
    let intent = Intent::Repair { values: values(given), words: Words::new(words) };
    story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), intent)).map(|_| ())
}

// proves: TRACE-01, TRACE-03, FORM-05
#[test]
fn an_administrator_puts_a_value_right_with_the_reason_and_what_stood_there_is_kept() {
    let mut story = checked();
    let said = story.case.opinions.clone();
    repair(&mut story, json!({ "amount": "120.00" }), "录入错误，见合同").expect("he may");
    assert_eq!(story.case.values["amount"], json!("120.00"));
    let kept = story.case.revisions.last().expect("it is kept");
    assert_eq!((&kept.changes[0].before, &kept.changes[0].after), (&json!("100.00"), &json!("120.00")));
    assert_eq!((kept.by, kept.repair.as_deref()), (Some(Acting::person(ADMINISTRATOR)), Some("录入错误，见合同")));
    assert_eq!(story.case.opinions[..said.len()], said, "nothing that was said is touched");
    assert_eq!(story.case.opinions.last().map(|said| said.verdict), Some(Verdict::Repaired));
    assert_eq!(at_hand(&story), [(GENERAL_MANAGER, "decide".into())], "it stands where it stood");
}

// proves: TRACE-01, TRACE-03
#[test]
fn what_may_not_be_put_right_is_refused_and_changes_nothing() {
    let mut story = checked();
    let before = story.case.clone();
    let by_whom = Intent::Repair { values: values(json!({ "amount": "1.00" })), words: Words::new("改") };
    assert_eq!(story.run(GENERAL_MANAGER, by_whom), Err(Refusal::NotAdministrator));
    assert_eq!(repair(&mut story, json!({ "amount": "1.00" }), ""), Err(Refusal::OpinionRequired { min_length: 1 }));
    assert_eq!(
        repair(&mut story, json!({ "salary": "1" }), "改"),
        Err(Refusal::NoSuchField { field: "salary".into() })
    );
    assert_eq!(repair(&mut story, json!({ "amount": "100.00" }), "改"), Err(Refusal::NothingRepaired));
    assert_eq!(repair(&mut story, json!({}), "改"), Err(Refusal::NothingRepaired));
    assert!(matches!(repair(&mut story, json!({ "amount": "很多" }), "改"), Err(Refusal::InvalidValues { .. })));
    assert_eq!(story.case, before);
    story.approve(GENERAL_MANAGER);
    assert_eq!(repair(&mut story, json!({ "amount": "1.00" }), "改"), Err(Refusal::AlreadyFinished));
}

// proves: FLOW-22, TRACE-01
#[test]
fn what_was_put_right_concerns_whoever_goes_by_it() {
    let mut story = returned(AfterReturn::SkipUnchanged);
    repair(&mut story, json!({ "amount": "120.00" }), "录入错误")
        .expect("he may, while it is back at the initiator too");
    story.resubmit(CLERK, json!({}));
    assert_eq!(at_hand(&story), [(CASHIER, "finance".into())]);
    let none = Intent::Approve { task: story.task_of(CASHIER), words: Words::default(), values: Values::new() };
    story.run(CASHIER, none).expect("he agrees to the new one");
}
