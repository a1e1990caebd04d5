//! 办理时选人: whoever handles a node chooses whom the case goes to later (FLOW-07).

use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, person, with},
    world::*,
};
use crate::engine::{
    Choices, Intent, Refusal, Status, Target, Values, Why, Words, candidates_in, model::AfterReturn, predict_from,
    to_choose,
};

const AMONG: [PersonId; 3] = [SALES_HEAD, CASHIER, SECRETARY];

/// The HR manager checks and chooses one or two who sign.
fn chosen(more: Value) -> Story {
    let among = super::story::people(&AMONG);
    let rule = json!([{ "rule": "chosen_by", "node": "check", "among": among, "min": 1, "max": 2 }]);
    let sign = with(approve("sign", rule), json!({ "function": "countersign" }));
    let flow = flow(json!([with(approve("check", person(HR_MANAGER)), more), sign]));
    Story::submitted(flow, World::new(), CLERK, json!({}))
}

fn choose(story: &mut Story, by: PersonId, people: &[PersonId]) -> Result<(), Refusal> {
    let task = story.task_of(by);
    let choices: Choices = [("sign".to_owned(), people.to_vec())].into();
    story.run(by, Intent::Choose { task, choices }).map(|_| ())
}

fn agree(story: &mut Story, by: PersonId) -> Result<(), Refusal> {
    let task = story.task_of(by);
    story.run(by, Intent::Approve { task, words: Words::default(), values: Values::new() }).map(|_| ())
}

// proves: FLOW-07
#[test]
fn who_handles_it_chooses_and_the_countersign_closes_when_all_have_answered() {
    let mut story = chosen(json!({}));
    let task = story.case.task(story.task_of(HR_MANAGER)).expect("her task").clone();
    let offered: Vec<_> =
        to_choose(story.flow.flow(), &story.case, &task).iter().map(|one| one.node.to_owned()).collect();
    assert_eq!(offered, ["sign"]);
    let candidates = candidates_in(&story.flow, &story.case, "sign", &story.world).expect("the flow limits them");
    assert_eq!(candidates, AMONG);
    let missing = Refusal::ChoiceMissing { node: "sign".into(), min: 1, max: Some(2) };
    assert_eq!(agree(&mut story, HR_MANAGER), Err(missing.clone()), "first she chooses");
    assert_eq!(choose(&mut story, HR_MANAGER, &AMONG), Err(missing.clone()), "three are too many");
    assert_eq!(choose(&mut story, HR_MANAGER, &[]), Err(missing));
    let stranger = Refusal::ChoiceNotAllowed { node: "sign".into(), person: COLLEAGUE };
    assert_eq!(choose(&mut story, HR_MANAGER, &[COLLEAGUE]), Err(stranger));
    choose(&mut story, HR_MANAGER, &[CASHIER, SECRETARY]).expect("two of them");
    agree(&mut story, HR_MANAGER).expect("she has chosen");
    assert_eq!(story.waiting(), [(CASHIER, "sign"), (SECRETARY, "sign")]);
    let why = &story.case.task(story.task_of(CASHIER)).expect("a task").why;
    assert_eq!(*why, [Why::ChosenBy { person: HR_MANAGER }]);
    story.approve(CASHIER);
    assert_eq!(story.case.status, Status::Running, "the other is waited for");
    story.approve(SECRETARY);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-07, FLOW-38
#[test]
fn what_is_foretold_says_who_will_choose_until_it_is_known() {
    let mut story = chosen(json!({}));
    let sign = |story: &Story| {
        let told = predict_from(&story.flow, &story.case, &story.world).expect("it can be foretold");
        told.steps.into_iter().find(|step| step.node == "sign").expect("it comes")
    };
    assert_eq!(sign(&story).chosen_by.as_deref(), Some("check"));
    choose(&mut story, HR_MANAGER, &[CASHIER]).expect("one of them");
    let told = sign(&story);
    assert_eq!((told.chosen_by, told.people[0].person), (None, CASHIER));
}

// proves: FLOW-07, FLOW-15, FLOW-22
#[test]
fn what_is_taken_back_or_walked_again_is_chosen_again() {
    let mut story = chosen(json!({}));
    choose(&mut story, HR_MANAGER, &[CASHIER]).expect("one of them");
    let task = story.task_of(HR_MANAGER);
    story.approve(HR_MANAGER);
    story.run(HR_MANAGER, Intent::TakeBack { task, words: Words::default() }).expect("nobody went on");
    assert!(matches!(agree(&mut story, HR_MANAGER), Err(Refusal::ChoiceMissing { .. })), "the choice went with it");
    choose(&mut story, HR_MANAGER, &[SECRETARY]).expect("another");
    story.approve(HR_MANAGER);
    story.return_to(SECRETARY, Target::Node("check".into()), AfterReturn::WalkAgain);
    choose(&mut story, HR_MANAGER, &[SALES_HEAD]).expect("and another");
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(SALES_HEAD, "sign")]);
}

// proves: FLOW-07
#[test]
fn of_several_who_agree_each_chooses_and_all_whom_they_chose_sign() {
    let mut story = chosen(json!({ "who": super::story::people(&[HR_MANAGER, GENERAL_MANAGER]) }));
    choose(&mut story, HR_MANAGER, &[CASHIER]).expect("one of them");
    story.approve(HR_MANAGER);
    choose(&mut story, GENERAL_MANAGER, &[CASHIER, SECRETARY]).expect("two of them");
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.waiting(), [(CASHIER, "sign"), (SECRETARY, "sign")], "each once");
}

// proves: FLOW-07
#[test]
fn whoever_does_not_have_to_choose_cannot() {
    let mut story = chosen(json!({}));
    choose(&mut story, HR_MANAGER, &[CASHIER]).expect("one of them");
    story.approve(HR_MANAGER);
    let refused = choose(&mut story, CASHIER, &[SECRETARY]);
    assert_eq!(refused, Err(Refusal::NoSuchChoice { node: "sign".into() }));
}
