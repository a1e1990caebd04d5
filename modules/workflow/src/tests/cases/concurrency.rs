use hanlin_directory::cast::{LIN_XIAO, QINGLAN, XU_JING, ZHAO_QING};
use hanlin_kernel::{Actor, PersonId, Result};
use hanlin_store::{Context, Key};
use serde_json::json;

use super::office::{Office, any_of_two, one_of_two};
use crate::{
    cases::{CaseId, act},
    engine::{Intent, Words, case::TaskNo},
};

fn decide_at_once(office: &Office, case: CaseId, intents: Vec<(PersonId, Intent)>) -> Vec<Result<()>> {
    office.app.block_on(async {
        let units = intents.into_iter().map(|(person, intent)| {
            let db = office.app.db.clone();
            let context = Context::person(person).keys(&[Key::of(case)]);
            tokio::spawn(async move {
                db.write_as(context, move |tx| act(tx, &Actor::person(person), case, intent.clone()).map(|_| ())).await
            })
        });
        let mut answers = Vec::new();
        for unit in units.collect::<Vec<_>>() {
            answers.push(unit.await.unwrap());
        }
        answers
    })
}

fn approve(task: u32) -> Intent {
    Intent::Approve { task: TaskNo(task), words: Words::new("同意"), values: Default::default() }
}

fn submitted(office: &Office) -> CaseId {
    let flow = office.app.write(|tx| crate::import_and_publish(tx, QINGLAN, any_of_two(), "test"));
    let request = json!({ "flow": flow.to_string(), "confirmed": true, "values": { "text": "急" } });
    office.submit(LIN_XIAO, request).parse().unwrap()
}

fn one_won(answers: &[Result<()>]) {
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    let refused = answers.iter().find_map(|answer| answer.as_ref().err()).unwrap();
    assert!(refused.code().starts_with("workflow."), "{refused}");
}

// proves: FLOW-06
#[test]
fn of_two_who_decide_at_once_one_decides_and_one_is_told() {
    for _ in 0..5 {
        let office = Office::new();
        let case = submitted(&office);
        let answers = decide_at_once(&office, case, vec![(ZHAO_QING, approve(1)), (XU_JING, approve(2))]);
        one_won(&answers);
        let view = office.case(LIN_XIAO, &case.to_string());
        assert_eq!((&view["status"], &view["opinions"].as_array().map(Vec::len)), (&json!("completed"), &Some(1)));
    }
}

// proves: FLOW-07, FLOW-15
#[test]
fn of_two_who_claim_at_once_one_holds_it_and_the_other_is_told_by_whom() {
    for _ in 0..5 {
        let office = Office::new();
        let flow = office.app.write(|tx| crate::import_and_publish(tx, QINGLAN, one_of_two("claim"), "test"));
        let request = json!({ "flow": flow.to_string(), "confirmed": true, "values": { "text": "急" } });
        let case: CaseId = office.submit(LIN_XIAO, request).parse().unwrap();
        let rows = office.app.as_(XU_JING).get("/tasks").ok();
        assert_eq!(rows["items"][0]["to_claim"], true);
        assert_eq!(office.case(ZHAO_QING, &case.to_string())["tasks"][0]["can"], json!(["claim"]));
        let claim = |task| Intent::Claim { task: TaskNo(task) };
        let answers = decide_at_once(&office, case, vec![(ZHAO_QING, claim(1)), (XU_JING, claim(2))]);
        one_won(&answers);
        let refused = answers.iter().find_map(|answer| answer.as_ref().err()).unwrap();
        assert_eq!(refused.code(), "workflow.claimed_by");
        let (holder, other) = if answers[0].is_ok() { (ZHAO_QING, XU_JING) } else { (XU_JING, ZHAO_QING) };
        assert_eq!((office.waiting(holder), office.waiting(other)), (1, 0));
        let task = office.task(holder);
        assert!(!office.app.as_(holder).get("/tasks").ok()["items"][0]["to_claim"].as_bool().unwrap());
        let path = format!("/tasks/{task}/return_to_pool");
        assert_eq!(office.app.as_(holder).post(&path, json!({})).refused(409)["code"], "workflow.opinion_required");
        office.app.as_(holder).post(&path, json!({ "text": "外出办事" })).ok();
        assert_eq!((office.waiting(holder), office.waiting(other)), (1, 1), "both may claim it again");
        let task = office.task(other);
        office.app.as_(other).post(&format!("/tasks/{task}/claim"), json!({})).ok();
        office.approve(other);
        assert_eq!(office.case(LIN_XIAO, &case.to_string())["status"], "completed");
    }
}

// proves: FLOW-22, FLOW-23
#[test]
fn approving_and_withdrawing_at_once_leave_one_truth() {
    for _ in 0..5 {
        let office = Office::new();
        let case = submitted(&office);
        let withdraw = Intent::Withdraw { words: Words::default() };
        let answers = decide_at_once(&office, case, vec![(ZHAO_QING, approve(1)), (LIN_XIAO, withdraw)]);
        one_won(&answers);
        let status = office.case(LIN_XIAO, &case.to_string())["status"].clone();
        assert!(status == "completed" || status == "withdrawn", "{status}");
        assert_eq!(office.waiting(ZHAO_QING) + office.waiting(XU_JING), 0, "no task is left in a finished case");
    }
}

#[test]
fn the_same_decision_sent_twice_counts_once() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let task = office.task(ZHAO_QING);
    let zhao = office.app.as_(ZHAO_QING).header("Idempotency-Key", "tap");
    for _ in 0..2 {
        zhao.post(&format!("/tasks/{task}/approval"), json!({ "text": "同意" })).ok();
    }
    assert_eq!(office.case(LIN_XIAO, &case)["opinions"].as_array().map(Vec::len), Some(1));
    let request = office.half_day();
    let lin = office.app.as_(LIN_XIAO).header("Idempotency-Key", "double click");
    assert_eq!(lin.post("/cases", request.clone()).id(), lin.post("/cases", request).id());
    assert_eq!(office.list(LIN_XIAO, "started").len(), 2);
}
