//! What counts as saying something, and what a bare 已阅 means.

use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, handle, person, with},
    world::*,
};
use crate::engine::{Intent, Refusal, Status, Target, Values, Words, case::Verdict};

fn world() -> World {
    let mut world = World::new();
    world.parameters.insert("opinion.empty_phrases", json!(["无", "好的", "。。。", "OK"]));
    world.parameters.insert("opinion.read_phrases", json!(["已阅", "read"]));
    world
}

fn at(node: Value, world: World) -> Story {
    Story::submitted(flow(json!([node])), world, CLERK, json!({}))
}

fn agree(story: &mut Story, words: &str) -> Result<(), Refusal> {
    let task = story.task_of(HR_MANAGER);
    let intent = Intent::Approve { task, words: Words::new(words), values: Values::new() };
    story.run(HR_MANAGER, intent).map(|_| ())
}

// proves: FLOW-16, FLOW-18
#[test]
fn a_phrase_that_says_nothing_is_no_opinion_however_it_is_written() {
    let review = || with(approve("check", person(HR_MANAGER)), json!({ "function": "form_review" }));
    for empty in ["无", " 无。", "好 的", "好的!", "…", "。。。。", "ok", "Ok."] {
        let mut story = at(review(), world());
        let refused = agree(&mut story, empty);
        assert_eq!(refused, Err(Refusal::EmptyPhrase { phrase: empty.trim().to_owned() }), "{empty}");
        assert_eq!(story.case.opinions.len(), 0);
        let task = story.task_of(HR_MANAGER);
        let back = Intent::ReturnTo { task, to: Target::First, then: None, words: Words::new(empty) };
        assert!(matches!(story.run(HR_MANAGER, back), Err(Refusal::EmptyPhrase { .. })), "nor is it a reason");
    }
    for said in ["无异议,情况属实", "好的,按此办理"] {
        agree(&mut at(review(), world()), said).expect("it says something");
    }
    agree(&mut at(approve("check", person(HR_MANAGER)), world()), "好的").expect("no words are needed here");
}

// proves: FLOW-16
#[test]
fn a_node_has_phrases_of_its_own_that_say_nothing() {
    let duty = json!({ "opinion": { "required": true, "forbidden": ["照办"] } });
    let mut story = at(with(approve("check", person(HR_MANAGER)), duty), world());
    for empty in ["照办。", "好的"] {
        assert!(matches!(agree(&mut story, empty), Err(Refusal::EmptyPhrase { .. })), "{empty}");
    }
    agree(&mut story, "同意照办").expect("more is said");
}

// proves: FLOW-17, FLOW-18
#[test]
fn what_a_bare_read_means_is_a_setting_by_company_and_kind_of_node() {
    let judged = "opinion.bare_read_where_judged";
    let elsewhere = "opinion.bare_read_elsewhere";
    let approval = json!({});
    let review = json!({ "function": "form_review" });
    let together = json!({ "function": "collaboration" });
    let own = json!({ "opinion": { "bare_read": "disagree" } });
    let silent = json!({ "operations": [] });
    let refused = Err(Refusal::BareRead);
    let wanted = Err(Refusal::OpinionRequired { min_length: 1 });
    let table = [
        (&approval, None, refused.clone()),
        (&review, None, refused.clone()),
        (&together, None, Ok(Status::Completed)),
        (&approval, Some((judged, "agree")), Ok(Status::Completed)),
        // Where agreeing needs words, agreeing by 已阅 gives none.
        (&review, Some((judged, "agree")), wanted),
        (&review, Some((judged, "note")), Ok(Status::Completed)),
        (&approval, Some((judged, "disagree")), Ok(Status::Rejected)),
        (&together, Some((elsewhere, "refuse")), refused.clone()),
        (&own, Some((judged, "agree")), Ok(Status::Rejected)),
        // It cannot count as what the node does not allow.
        (&silent, Some((judged, "disagree")), refused),
    ];
    for (node, rule, expected) in table {
        let mut world = world();
        if let Some((name, word)) = rule {
            world.parameters.insert(name, json!(word));
        }
        let mut story = at(with(approve("check", person(HR_MANAGER)), node.clone()), world);
        let came = agree(&mut story, "已阅。").map(|()| story.case.status);
        assert_eq!(came, expected, "{node} {rule:?}");
        if came == Ok(Status::Rejected) {
            let said = &story.case.opinions[0];
            assert_eq!((said.verdict, said.words.text.as_str()), (Verdict::Rejected, "已阅。"), "as he wrote it");
        }
    }
}

// proves: FLOW-17
#[test]
fn who_only_carries_something_out_may_note_that_he_read_it() {
    let mut story = at(handle("tell", person(HR_MANAGER)), world());
    story.complete(HR_MANAGER, "已阅");
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-18
#[test]
fn rejecting_with_a_bare_read_is_no_answer_either_unless_it_means_that() {
    for (meaning, refused) in [("refuse", true), ("disagree", false)] {
        let mut world = world();
        world.parameters.insert("opinion.bare_read_where_judged", json!(meaning));
        let mut story = at(approve("check", person(HR_MANAGER)), world);
        let task = story.task_of(HR_MANAGER);
        let answer = story.run(HR_MANAGER, Intent::Reject { task, words: Words::new("已阅") });
        assert_eq!(answer.err(), refused.then_some(Refusal::BareRead), "{meaning}");
    }
}

// proves: FLOW-18
#[test]
fn what_is_said_is_no_book() {
    let mut story = at(approve("check", person(HR_MANAGER)), world());
    let longest = "意".repeat(Words::LONGEST);
    let comment = |text: &str| Intent::Comment { words: Words::new(text) };
    for intent in [comment(&format!("{longest}见")), Intent::Withdraw { words: Words::new(format!("{longest}见")) }] {
        let refused = story.run(CLERK, intent);
        let Err(Refusal::InvalidValues { fields }) = refused else { panic!("{refused:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].code.as_str()), ("text", "forms.too_long"));
    }
    assert_eq!(story.case.opinions.len(), 0);
    story.run(CLERK, comment(&longest)).expect("it fits");
}
