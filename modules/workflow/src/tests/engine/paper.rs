//! Steps that are signed on the printed form (FLOW-35).

use hanlin_kernel::PersonId;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    story::{self, Story, approve, flow, handle, person, values, with},
    world::*,
};
use crate::engine::{
    Acting, Choices, Command, Facts, Intent, Refusal, Signing, Status, Values, Words,
    case::{Closing, Verdict},
    is_on_paper, paper_desk, predict,
};

const SCAN: &str = "00000000000000000000000009";

/// The head of sales approves on paper.
fn on_paper() -> Value {
    with(approve("sign", person(SALES_HEAD)), json!({ "paper": {} }))
}

/// Personnel records the signature of the head or of the general manager.
fn recorded() -> Value {
    let signed_by =
        json!([{ "rule": "person", "person": SALES_HEAD }, { "rule": "person", "person": GENERAL_MANAGER }]);
    with(handle("record", person(HR_MANAGER)), json!({ "paper": { "signed_by": signed_by } }))
}

fn submitted(route: Value) -> Story {
    Story::submitted(flow(route), World::new(), CLERK, json!({ "reason": "探亲", "days": "5" }))
}

fn today(story: &Story) -> Date {
    story.world.day_of(story.world.now())
}

fn print(story: &mut Story, person: PersonId) -> Result<(), Refusal> {
    let task = story.task_of(person);
    story.run(person, Intent::Print { task }).map(|_| ())
}

fn sign(story: &mut Story, person: PersonId, signed_by: Option<PersonId>) -> Result<(), Refusal> {
    let signed_on = today(story);
    sign_on(story, person, signed_by, signed_on)
}

fn sign_on(story: &mut Story, person: PersonId, signed_by: Option<PersonId>, signed_on: Date) -> Result<(), Refusal> {
    let task = story.task_of(person);
    let signing = Signing { scan: vec![SCAN.into()], signed_on, signed_by };
    story.run(person, Intent::SignOnPaper { task, signing }).map(|_| ())
}

fn agree(story: &mut Story, person: PersonId) -> Result<(), Refusal> {
    let task = story.task_of(person);
    story.run(person, Intent::Approve { task, words: Words::default(), values: Values::new() }).map(|_| ())
}

fn repair(story: &mut Story, given: Value) {
    let intent = Intent::Repair { values: values(given), words: Words::new("写错了") };
    story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), intent)).expect("it is repaired");
}

// proves: FLOW-35
#[test]
fn a_step_on_paper_closes_with_the_scan_of_what_was_printed_and_the_day_of_the_signature() {
    let mut story = submitted(json!([on_paper()]));
    assert_eq!(agree(&mut story, SALES_HEAD), Err(Refusal::ScanMissing));
    assert_eq!(sign(&mut story, SALES_HEAD, None), Err(Refusal::NotPrinted));
    print(&mut story, SALES_HEAD).unwrap();
    assert_eq!(agree(&mut story, SALES_HEAD), Err(Refusal::ScanMissing), "printed is not signed");
    let task = story.task_of(SALES_HEAD);
    let empty = Signing { scan: Vec::new(), signed_on: today(&story), signed_by: None };
    assert_eq!(story.run(SALES_HEAD, Intent::SignOnPaper { task, signing: empty }), Err(Refusal::ScanMissing));
    let (from, until) = (today(&story), today(&story));
    for day in [from.yesterday().unwrap(), until.tomorrow().unwrap()] {
        let refused = Err(Refusal::SignedOnNoSuchDay { from, until });
        assert_eq!(
            sign_on(&mut story, SALES_HEAD, None, day),
            refused,
            "nobody signs what is not printed, or tomorrow"
        );
    }
    sign(&mut story, SALES_HEAD, None).unwrap();
    agree(&mut story, SALES_HEAD).unwrap();
    assert_eq!(story.case.status, Status::Completed);
    let said = story.case.opinions.last().unwrap();
    let paper = said.paper.as_ref().expect("the opinion bears it");
    assert_eq!((said.verdict, paper.signed_by, paper.signed_on), (Verdict::Approved, SALES_HEAD, until));
    assert_eq!((paper.scan.as_slice(), paper.edition), (&[SCAN.to_owned()][..], 1));
}

// proves: FLOW-35
#[test]
fn a_form_that_was_changed_since_it_was_printed_is_printed_and_signed_again() {
    let mut story = submitted(json!([on_paper()]));
    print(&mut story, SALES_HEAD).unwrap();
    repair(&mut story, json!({ "days": "6" }));
    assert_eq!(sign(&mut story, SALES_HEAD, None), Err(Refusal::PrintOutdated { edition: 1 }));
    print(&mut story, SALES_HEAD).unwrap();
    sign(&mut story, SALES_HEAD, None).unwrap();
    repair(&mut story, json!({ "days": "7" }));
    assert_eq!(agree(&mut story, SALES_HEAD), Err(Refusal::PrintOutdated { edition: 2 }), "also when it was signed");
    print(&mut story, SALES_HEAD).unwrap();
    assert_eq!(
        agree(&mut story, SALES_HEAD),
        Err(Refusal::PrintOutdated { edition: 2 }),
        "the new sheet is not signed"
    );
    sign(&mut story, SALES_HEAD, None).unwrap();
    agree(&mut story, SALES_HEAD).unwrap();
    assert_eq!(story.case.opinions.last().unwrap().paper.as_ref().map(|paper| paper.edition), Some(3));
}

// proves: FLOW-35
#[test]
fn the_same_sheet_printed_again_is_the_same_edition() {
    let mut story = submitted(json!([on_paper()]));
    print(&mut story, SALES_HEAD).unwrap();
    print(&mut story, SALES_HEAD).unwrap();
    let editions: Vec<u32> = story.case.printings.iter().map(|printing| printing.edition).collect();
    assert_eq!((editions.as_slice(), story.case.edition()), (&[1, 1][..], Some(1)));
    repair(&mut story, json!({ "days": "6" }));
    assert_eq!(story.case.edition(), None);
}

// proves: FLOW-35, TIME-11
#[test]
fn whoever_records_a_signature_names_whose_it_is() {
    let mut story = submitted(json!([recorded()]));
    print(&mut story, HR_MANAGER).unwrap();
    assert_eq!(sign(&mut story, HR_MANAGER, None), Err(Refusal::SignerMissing), "two may sign");
    for person in [HR_MANAGER, CASHIER] {
        assert_eq!(sign(&mut story, HR_MANAGER, Some(person)), Err(Refusal::MayNotSign { person }));
    }
    sign(&mut story, HR_MANAGER, Some(GENERAL_MANAGER)).unwrap();
    story.complete(HR_MANAGER, "已收");
    let said = story.case.opinions.last().unwrap();
    let names = (said.by, said.paper.as_ref().map(|paper| paper.signed_by));
    assert_eq!(names, (Acting::person(HR_MANAGER), Some(GENERAL_MANAGER)), "both names stand there");
}

// proves: FLOW-35
#[test]
fn rejecting_and_returning_need_no_sheet_and_a_later_visit_a_new_one() {
    let mut story = submitted(json!([on_paper()]));
    story.return_to(SALES_HEAD, crate::engine::Target::First, crate::engine::model::AfterReturn::WalkAgain);
    story.resubmit(CLERK, json!({}));
    story.sign(story.task_of(SALES_HEAD));
    story.return_to(SALES_HEAD, crate::engine::Target::First, crate::engine::model::AfterReturn::WalkAgain);
    story.resubmit(CLERK, json!({}));
    assert_eq!(agree(&mut story, SALES_HEAD), Err(Refusal::ScanMissing), "what was signed then was another visit");
    let task = story.task_of(SALES_HEAD);
    story.run(SALES_HEAD, Intent::Reject { task, words: Words::new("不符合规定") }).unwrap();
    assert_eq!(story.case.status, Status::Rejected);
}

// proves: FLOW-35, FLOW-05
#[test]
fn an_approval_just_before_does_not_stand_for_a_signature() {
    let mut story = submitted(json!([approve("first", person(SALES_HEAD)), on_paper()]));
    story.approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(SALES_HEAD, "sign")]);
}

// proves: FLOW-35, FLOW-05
#[test]
fn where_nobody_is_found_to_sign_nobody_is_found_for_the_step() {
    let vacant = json!({ "paper": { "signed_by": [{ "rule": "post", "post": "vacant" }] } });
    let mut story = submitted(json!([with(handle("record", person(HR_MANAGER)), vacant)]));
    assert_eq!(story.waiting(), [(ADMINISTRATOR, "record")]);
    let task = story.task_of(ADMINISTRATOR);
    let hand = Intent::HandOver { task, to: CASHIER, words: Words::new("请代办") };
    story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), hand)).unwrap();
    print(&mut story, CASHIER).unwrap();
    sign(&mut story, CASHIER, None).unwrap();
    story.complete(CASHIER, "已签");
    assert_eq!(story.case.opinions.last().unwrap().paper.as_ref().map(|paper| paper.signed_by), Some(CASHIER));
}

// proves: FLOW-35, FLOW-38
#[test]
fn the_route_says_what_is_done_on_paper_and_what_was_signed() {
    let world = World::new();
    let checked = flow(json!([on_paper(), approve("decide", person(GENERAL_MANAGER))]));
    let initiator = world.initiator(CLERK);
    let told = predict(&checked, &initiator, &Values::new(), &Choices::new(), &world).unwrap();
    assert_eq!(told.steps.iter().map(|step| step.on_paper).collect::<Vec<_>>(), [false, true, false]);
    let mut story = Story::submitted(checked, world, CLERK, json!({}));
    let task = story.case.task(story.task_of(SALES_HEAD)).unwrap().clone();
    assert!(is_on_paper(story.flow.flow(), &story.case, &task));
    let desk = paper_desk(&story.flow, &story.case, &task, &story.world).unwrap();
    assert_eq!((desk.edition, desk.is_current, desk.signers.len()), (None, false, 0));
    story.sign(task.id);
    let step = |story: &Story| crate::engine::route(&story.flow, &story.case, &story.world).unwrap().steps.remove(1);
    assert_eq!(step(&story).people[0].paper, None, "not before he has agreed");
    agree(&mut story, SALES_HEAD).unwrap();
    assert_eq!(step(&story).people[0].paper.as_ref().map(|paper| paper.signed_by), Some(SALES_HEAD));
    assert_eq!(story.case.task(task.id).unwrap().closing(), Some(Closing::Approved));
    let other = story.task_of(GENERAL_MANAGER);
    assert_eq!(story.run(GENERAL_MANAGER, Intent::Print { task: other }), Err(Refusal::NotOnPaper));
    assert!(story::ends(&story));
}

// proves: FLOW-35, FLOW-06
#[test]
fn a_sheet_at_a_sealed_step_is_told_when_the_step_is_decided() {
    let both = json!([{ "rule": "person", "person": SALES_HEAD }, { "rule": "person", "person": HR_MANAGER }]);
    let mut story = submitted(json!([with(approve("sign", both), json!({ "paper": {}, "opinions": "after" }))]));
    story.sign(story.task_of(SALES_HEAD));
    agree(&mut story, SALES_HEAD).unwrap();
    let told = |story: &Story, reader| {
        let route = crate::engine::route_for(&story.flow, &story.case, &[reader], &story.world).unwrap();
        route.steps[1].people[0].paper.is_some()
    };
    assert_eq!((told(&story, SALES_HEAD), told(&story, HR_MANAGER)), (true, false));
    story.sign(story.task_of(HR_MANAGER));
    agree(&mut story, HR_MANAGER).unwrap();
    assert!(told(&story, CLERK));
}
