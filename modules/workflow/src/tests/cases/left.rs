//! Somebody leaves while cases run.

use hanlin_directory::cast::{CHEN_MO, GAO_XIANG, LIN_XIAO, TIAN_YU, XU_JING, ZHAO_QING};
use hanlin_kernel::PersonId;
use hanlin_testkit::START;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::office::Office;

fn leaves(office: &Office, person: PersonId, when: Value) {
    office.app.grant(GAO_XIANG, &[hanlin_directory::MANAGE]);
    let personnel = office.app.as_(GAO_XIANG).header("If-Match", 1);
    personnel.post(&format!("/people/{person}/departure"), when).ok();
    office.app.settle();
}

/// How many tasks wait at somebody, whether he can still look at them or not.
fn held(office: &Office, person: PersonId) -> usize {
    office.app.write(move |tx| crate::held_by(tx, person)).tasks.len()
}

/// To whom a task of this case was given last.
fn given_to(office: &Office, case: &str) -> PersonId {
    let events = office.trace(case);
    let given = events.iter().rfind(|event| event["event"] == "task_assigned").unwrap();
    given["person"].as_str().unwrap().parse().unwrap()
}

// proves: ORG-13, FLOW-05
#[test]
fn what_waits_at_one_who_leaves_goes_to_who_stands_in_for_him() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    assert_eq!(held(&office, ZHAO_QING), 1);
    leaves(&office, ZHAO_QING, json!({}));
    assert_eq!(held(&office, ZHAO_QING), 0, "nothing stays at who has left");
    assert_eq!(given_to(&office, &case), CHEN_MO, "his superior, though he stands nowhere himself any more");
    office.approve(CHEN_MO);
    assert_eq!(given_to(&office, &case), XU_JING, "the case goes on");
}

// proves: ORG-13, FLOW-05
#[test]
fn his_successor_has_it_where_one_was_named_and_is_told() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    leaves(&office, ZHAO_QING, json!({ "successor": TIAN_YU }));
    assert_eq!(given_to(&office, &case), TIAN_YU);
    let told = office.app.as_(TIAN_YU).get("/notifications").ok();
    assert_eq!(told["items"][0]["code"], "workflow.notice.task");
    let why = office.case(TIAN_YU, &case)["tasks"][0]["why"].clone();
    let code = why.as_array().and_then(|why| why.last()).map(|last| &last["code"]);
    assert_eq!(code, Some(&json!("successor_of")));
}

// proves: ORG-13
#[test]
fn who_leaves_later_keeps_what_waits_at_him_until_then() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let at = START.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24);
    leaves(&office, ZHAO_QING, json!({ "at": at }));
    assert_eq!((held(&office, ZHAO_QING), given_to(&office, &case)), (1, ZHAO_QING));
    office.app.clock.set(at + SignedDuration::from_secs(1));
    office.app.settle();
    assert_eq!(held(&office, ZHAO_QING), 0);
    assert_eq!(given_to(&office, &case), CHEN_MO);
}
