//! Fields: hidden, read, write, required (FORM-05).

use serde_json::json;

use super::{
    story::{Story, approve, copy, flow_with, handle, person, values, with},
    world::*,
};
use crate::engine::{Intent, Refusal, Right, Status, Words, rights};

fn story() -> Story {
    let check = with(approve("check", person(SALES_HEAD)), json!({ "fields": { "amount": "hidden" } }));
    let file = with(
        handle("file", person(HR_MANAGER)),
        json!({ "fields": { "archive_number": "required", "note": "write" } }),
    );
    let tell = with(copy("tell", person(COLLEAGUE)), json!({ "fields": { "amount": "hidden" } }));
    let flow = flow_with(
        json!([check, tell, file]),
        json!({ "settings": { "start_fields": { "archive_number": "hidden", "note": "read" } } }),
    );
    Story::new(flow, World::new(), CLERK)
}

// proves: FORM-05
#[test]
fn each_reader_has_his_rights_by_his_part_in_the_case() {
    let mut story = story();
    let of = |story: &Story, reader, field: &str, task| {
        rights(&story.flow, &story.case, reader, task, &story.world).of(field)
    };
    assert_eq!(of(&story, CLERK, "reason", None), Right::Write, "the draft is his");
    assert_eq!(of(&story, CLERK, "archive_number", None), Right::Hidden);
    assert_eq!(of(&story, SALES_HEAD, "reason", None), Right::Hidden, "not before he has a part");
    story.submit(json!({ "reason": "甲", "amount": "5.00" })).expect("it can be submitted");
    assert_eq!(of(&story, CLERK, "reason", None), Right::Read);
    let task = Some(story.task_of(SALES_HEAD));
    assert_eq!(of(&story, SALES_HEAD, "reason", task), Right::Read);
    assert_eq!(of(&story, SALES_HEAD, "amount", task), Right::Hidden);
    assert_eq!(of(&story, CLERK, "amount", task), Right::Read, "another's task gives him nothing");
    story.approve(SALES_HEAD);
    assert_eq!(of(&story, SALES_HEAD, "amount", None), Right::Hidden, "hidden stays hidden afterwards");
    assert_eq!(of(&story, COLLEAGUE, "amount", None), Right::Hidden);
    assert_eq!(of(&story, COLLEAGUE, "reason", None), Right::Read);
    let task = Some(story.task_of(HR_MANAGER));
    assert_eq!(of(&story, HR_MANAGER, "archive_number", task), Right::Required);
    assert_eq!(of(&story, HR_MANAGER, "archive_number", None), Right::Read, "only through the task");
    assert_eq!(of(&story, HR_MANAGER, "note", task), Right::Write);
}

// proves: FORM-05
#[test]
fn only_what_a_handler_may_write_is_taken_and_what_he_must_write_is_demanded() {
    let mut story = story();
    let refused = story.submit(json!({ "archive_number": "A-1" }));
    assert!(matches!(refused, Err(Refusal::InvalidValues { .. })), "{refused:?}");
    story.submit(json!({ "reason": "甲" })).expect("it can be submitted");
    story.approve(SALES_HEAD);
    let task = story.task_of(HR_MANAGER);
    let mut complete = |given: serde_json::Value| {
        story.run(HR_MANAGER, Intent::Complete { task, words: Words::default(), values: values(given) }).map(|_| ())
    };
    let field = |result: Result<(), Refusal>| match result {
        Err(Refusal::InvalidValues { fields }) => (fields[0].field.clone(), fields[0].code.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(field(complete(json!({}))), ("values.archive_number".into(), "forms.required".into()));
    let foreign = complete(json!({ "archive_number": "A-1", "reason": "乙" }));
    assert_eq!(field(foreign), ("values.reason".into(), "forms.not_writable".into()));
    complete(json!({ "archive_number": "A-1" })).expect("his own field");
    assert_eq!(story.case.values["archive_number"], "A-1");
    assert_eq!(story.case.values["reason"], "甲");
    assert_eq!(story.case.status, Status::Completed);
}
