//! Whom the words name.

use hanlin_kernel::PersonId;
use serde_json::json;

use super::{
    story::{Story, approve, flow, person, with},
    world::*,
};
use crate::engine::{Acting, Command, Intent, Refusal, What, Why, Words};

fn naming(people: &[PersonId]) -> Words {
    Words { mentions: people.to_vec(), ..Words::new("请看") }
}

fn comment(people: &[PersonId]) -> Intent {
    Intent::Comment { words: naming(people) }
}

fn story(operations: serde_json::Value) -> Story {
    let route = json!([
        with(approve("a", person(SALES_HEAD)), json!({ "operations": operations })),
        approve("b", person(HR_MANAGER)),
    ]);
    Story::submitted(flow(route), World::new(), CLERK, json!({}))
}

// proves: FLOW-15
#[test]
fn who_takes_part_is_named_and_who_does_not_gets_a_copy_from_those_who_may_copy() {
    let mut story = story(json!(["comment", "copy"]));
    let events = story.run(SALES_HEAD, comment(&[CLERK])).expect("the initiator takes part");
    assert_eq!(Story::happened(&events), ["commented"]);
    let events = story.run(SALES_HEAD, comment(&[COLLEAGUE, CLERK, COLLEAGUE])).expect("he may copy");
    assert_eq!(Story::happened(&events), ["commented", "copy_sent"]);
    let [copy] = &story.case.copies[..] else { panic!("one copy") };
    assert_eq!((copy.person, &copy.why[..]), (COLLEAGUE, &[Why::MentionedBy { person: SALES_HEAD }][..]));
    let again = story.run(SALES_HEAD, comment(&[COLLEAGUE])).expect("he has his copy");
    assert_eq!(Story::happened(&again), ["commented"]);
    assert_eq!(story.case.opinions[1].words.mentions, [COLLEAGUE, CLERK, COLLEAGUE], "as written");
}

// proves: FLOW-15
#[test]
fn words_of_a_decision_name_people_too_and_who_gets_a_task_by_it_gets_no_copy() {
    let mut story = story(json!(["copy"]));
    let task = story.task_of(SALES_HEAD);
    let agree = Intent::Approve { task, words: naming(&[HR_MANAGER, COLLEAGUE]), values: Default::default() };
    let events = story.run(SALES_HEAD, agree).expect("he may copy");
    let copied: Vec<_> = events
        .iter()
        .filter_map(|event| match event.what {
            What::CopySent { person, .. } => Some(person),
            _ => None,
        })
        .collect();
    assert_eq!(copied, [COLLEAGUE]);
}

// proves: FLOW-15
#[test]
fn who_may_not_copy_names_only_those_who_take_part() {
    let mut story = story(json!(["comment"]));
    let refused = Err(Refusal::MayNotMention { person: COLLEAGUE });
    assert_eq!(story.run(SALES_HEAD, comment(&[CLERK, COLLEAGUE])), refused);
    assert!(story.case.opinions.is_empty() && story.case.copies.is_empty(), "nothing is changed");
    story.run(CLERK, comment(&[COLLEAGUE])).expect("the initiator may copy");
    story.world.leaves(SECRETARY);
    assert_eq!(story.run(CLERK, comment(&[SECRETARY])), Err(Refusal::NotInService { person: SECRETARY }));
    let administrator = Command::as_administrator(Acting::person(ADMINISTRATOR), comment(&[CASHIER]));
    story.command(administrator).expect("so may the administrator");
    let crowd = (1000..1051).map(hanlin_kernel::Id::fixed).collect::<Vec<_>>();
    assert_eq!(story.run(CLERK, comment(&crowd)), Err(Refusal::TooManyPeople { most: 50 }));
}

// proves: FLOW-06
#[test]
fn nobody_is_named_in_what_is_kept_back() {
    let board = json!([{ "rule": "group", "group": "board" }]);
    let node = with(approve("vote", board), json!({ "quorum": { "at_least": 3 }, "opinions": "after" }));
    let mut story = Story::submitted(flow(json!([node])), World::new(), CLERK, json!({}));
    assert_eq!(story.run(HR_MANAGER, comment(&[CLERK])), Err(Refusal::NoMentionsHere));
    story.run(CLERK, comment(&[HR_MANAGER])).expect("he stands outside the vote");
}
