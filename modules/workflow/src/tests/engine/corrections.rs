//! What was said is never changed: it is put right by a new entry.

use serde_json::json;

use super::{
    story::{Story, approve, flow, person, with},
    world::*,
};
use crate::engine::{
    Acting, Command, Intent, Refusal, Words,
    case::{OpinionNo, Verdict},
    may_hear,
};

fn correct(opinion: u32, words: &str) -> Intent {
    Intent::CorrectOpinion { opinion: OpinionNo(opinion), words: Words::new(words) }
}

fn decided() -> Story {
    let route = json!([approve("a", person(SALES_HEAD)), approve("b", person(HR_MANAGER))]);
    let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({}));
    let agree = Intent::Approve {
        task: story.task_of(SALES_HEAD),
        words: Words::new("同意,共四天"),
        values: Default::default(),
    };
    story.run(SALES_HEAD, agree).expect("his task");
    story
}

// proves: TRACE-03, TRACE-01
#[test]
fn a_correction_stands_beside_what_it_corrects_and_the_verdict_stays() {
    let mut story = decided();
    let before = story.case.opinions.clone();
    let waiting = story.waiting().len();
    story.run(SALES_HEAD, correct(1, "同意,共三天")).expect("it is his");
    assert_eq!(story.case.opinions[..1], before, "the old words stay");
    let [old, new] = &story.case.opinions[..] else { panic!("two entries") };
    assert_eq!((new.verdict, new.corrects), (Verdict::Corrected, Some(OpinionNo(1))));
    assert_eq!((new.activation, new.task, new.by), (old.activation, old.task, Acting::person(SALES_HEAD)));
    assert_eq!(story.case.said_first(new).verdict, Verdict::Approved);
    assert_eq!(story.case.correction_of(OpinionNo(1)), Some(OpinionNo(2)));
    assert_eq!(story.waiting().len(), waiting, "nothing else happens");
    story.run(SALES_HEAD, correct(2, "同意,共三天半")).expect("the newest one is corrected");
    assert_eq!(story.run(SALES_HEAD, correct(1, "同意")), Err(Refusal::AlreadyCorrected));
    assert_eq!(story.case.said_first(&story.case.opinions[2]).verdict, Verdict::Approved);
}

// proves: TRACE-03
#[test]
fn only_its_writer_corrects_it_with_words_and_while_the_case_runs() {
    let mut story = decided();
    assert_eq!(story.run(HR_MANAGER, correct(1, "不同意")), Err(Refusal::NotYourOpinion));
    let administrator = Command::as_administrator(Acting::person(ADMINISTRATOR), correct(1, "改"));
    assert_eq!(story.command(administrator), Err(Refusal::NotYourOpinion));
    assert_eq!(story.run(SALES_HEAD, correct(9, "改")), Err(Refusal::NoSuchOpinion));
    assert_eq!(story.run(SALES_HEAD, correct(0, "改")), Err(Refusal::NoSuchOpinion));
    assert_eq!(story.run(SALES_HEAD, correct(1, " ")), Err(Refusal::OpinionRequired { min_length: 1 }));
    let agent = Acting::for_another(SECRETARY, SALES_HEAD);
    story.command(Command::new(agent, correct(1, "共三天"))).expect("she acts for him, and both names are kept");
    assert_eq!(story.case.opinions[1].by, agent);
    story.approve(HR_MANAGER);
    assert_eq!(story.run(HR_MANAGER, correct(3, "改")), Err(Refusal::AlreadyFinished));
}

// proves: TRACE-03, FLOW-06
#[test]
fn a_correction_is_kept_back_as_long_as_what_it_corrects() {
    let board = json!([{ "rule": "group", "group": "board" }]);
    let node = with(approve("vote", board), json!({ "quorum": { "at_least": 3 }, "opinions": "after" }));
    let mut story = Story::submitted(flow(json!([node])), World::new(), CLERK, json!({}));
    let agree =
        Intent::Approve { task: story.task_of(HR_MANAGER), words: Words::new("同意"), values: Default::default() };
    story.run(HR_MANAGER, agree).expect("his vote");
    story.run(HR_MANAGER, correct(1, "同意,但需补充材料")).expect("his own");
    let hears = |story: &Story, reader| {
        story.case.opinions.iter().filter(|said| may_hear(story.flow.flow(), &story.case, said, &[reader])).count()
    };
    assert_eq!((hears(&story, HR_MANAGER), hears(&story, VICE_MANAGER), hears(&story, CLERK)), (2, 0, 0));
    story.approve(VICE_MANAGER).approve(GENERAL_MANAGER);
    assert_eq!(hears(&story, CLERK), 4, "told when it is decided");
}
