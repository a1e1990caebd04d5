use hanlin_directory::cast::{LIN_XIAO, QINGLAN, WU_TONG, XU_JING, ZHAO_QING};
use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::office::Office;
use crate::engine;

/// Three vote, two are enough, all are heard, and nobody hears the others before.
fn flow() -> engine::Flow {
    let person = |person: PersonId| json!({ "rule": "person", "person": person.to_string() });
    serde_json::from_value(json!({
        "id": "t-vote",
        "name": { "zh": "表决", "en": "Vote" },
        "category": "test",
        "form": { "fields": [{ "id": "text", "label": { "zh": "事由" }, "type": "text" }],
                  "layout": { "columns": 4, "rows": [[{ "field": "text", "span": 4 }]] } },
        "route": [{
            "kind": "approve", "key": "vote", "name": { "zh": "表决" }, "quorum": { "at_least": 2 },
            "vote": { "until": "all_voted", "abstain": true }, "opinions": "after",
            "who": [person(ZHAO_QING), person(XU_JING), person(WU_TONG)]
        }]
    }))
    .unwrap()
}

pub(super) fn vote(office: &Office) -> String {
    let id = office.app.write(|tx| crate::import_and_publish(tx, QINGLAN, flow(), "test"));
    let request = json!({ "flow": id.to_string(), "confirmed": true, "values": { "text": "采购方案" } });
    office.submit(LIN_XIAO, request)
}

pub(super) fn says(office: &Office, person: PersonId, verb: &str, text: &str) {
    let task = office.task(person);
    office.app.as_(person).post(&format!("/tasks/{task}/{verb}"), json!({ "text": text })).ok();
}

/// Everything that is told to him about the case, in one text.
pub(super) fn told(office: &Office, person: PersonId, case: &str) -> String {
    let notices = office.app.as_(person).get("/notifications").ok();
    format!("{}{notices}", office.case(person, case))
}

// proves: FLOW-07, FLOW-06, PERM-17
#[test]
fn what_is_said_afterwards_is_told_to_nobody_before_by_no_way() {
    let office = Office::new();
    let case = vote(&office);
    let mut live = office.app.db.live().subscribe();
    says(&office, XU_JING, "rejection", "方案不可行");
    office.app.as_(XU_JING).post(&format!("/cases/{case}/comments"), json!({ "text": "预算也不够" })).ok();
    says(&office, ZHAO_QING, "abstention", "与我无关");
    for reader in [LIN_XIAO, ZHAO_QING, WU_TONG] {
        let told = told(&office, reader, &case);
        assert!(!told.contains("方案不可行") && !told.contains("预算也不够"), "{reader:?}: {told}");
        assert!(!told.contains("\"rejected\""), "{reader:?} is not told by a word: {told}");
    }
    assert!(told(&office, XU_JING, &case).contains("方案不可行"), "his own he sees");
    while let Ok(event) = live.try_recv() {
        assert!(
            !["workflow.rejected", "workflow.abstained", "workflow.commented"].contains(&event.kind.as_str()),
            "{event:?}"
        );
    }
    let step = &office.case(LIN_XIAO, &case)["route"]["steps"][1];
    assert_eq!(step["tally"], Value::Null);
    assert_eq!(step["people"][1]["state"]["how"]["code"], json!("undisclosed"));
    says(&office, WU_TONG, "approval", "同意采购");
    let view = office.case(LIN_XIAO, &case);
    assert_eq!(view["status"], json!("rejected"), "one of two");
    let tally = json!({ "needed": 2, "yes": 1, "no": 1, "abstained": 1, "open": 0 });
    assert_eq!(view["route"]["steps"][1]["tally"], tally);
    for words in ["方案不可行", "预算也不够", "与我无关", "同意采购"] {
        assert!(view.to_string().contains(words), "now it is told: {words}");
    }
}

// proves: FLOW-06, FLOW-15
#[test]
fn a_vote_is_offered_to_those_who_have_it_and_refused_to_others() {
    let office = Office::new();
    let case = vote(&office);
    let can = office.case(ZHAO_QING, &case)["tasks"][0]["can"].clone();
    assert!(can.as_array().unwrap().contains(&json!("abstain")));
    let task = office.task(ZHAO_QING);
    let abstain = |person| office.app.as_(person).post(&format!("/tasks/{task}/abstention"), json!({}));
    assert_eq!(abstain(LIN_XIAO).refused(409)["code"], json!("workflow.not_your_task"));
    abstain(ZHAO_QING).ok();
    assert_eq!(abstain(ZHAO_QING).refused(409)["code"], json!("workflow.task_ended"));
    // Where the flow says nothing of votes, nobody abstains.
    let leave = office.submit(LIN_XIAO, office.half_day());
    let task = office.task(ZHAO_QING);
    let refused = office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/abstention"), json!({})).refused(409);
    assert_eq!(refused["code"], json!("workflow.not_allowed"));
    assert_eq!(office.case(LIN_XIAO, &leave)["status"], json!("running"));
}
