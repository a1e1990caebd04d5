use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, XU_JING, ZHAO_QING};
use hanlin_kernel::PersonId;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::office::Office;
use crate::engine;

/// Published for two days between two decisions.
fn flow() -> engine::Flow {
    let person = |person: PersonId| json!([{ "rule": "person", "person": person.to_string() }]);
    serde_json::from_value(json!({
        "id": "t-wait",
        "name": { "zh": "公示", "en": "Public notice" },
        "category": "test",
        "form": { "fields": [{ "id": "text", "label": { "zh": "事由" }, "type": "text" }],
                  "layout": { "columns": 4, "rows": [[{ "field": "text", "span": 4 }]] } },
        "route": [
            { "kind": "approve", "key": "first", "name": { "zh": "审批" }, "who": person(ZHAO_QING) },
            { "kind": "wait", "key": "notice", "name": { "zh": "公示期" },
              "time": { "kind": "for", "span": { "amount": 2, "unit": "days" } } },
            { "kind": "handle", "key": "last", "name": { "zh": "办理" }, "who": person(XU_JING) },
        ],
    }))
    .unwrap()
}

fn resting(office: &Office) -> String {
    let id = office.app.write(|tx| crate::import_and_publish(tx, QINGLAN, flow(), "test"));
    let request = json!({ "flow": id.to_string(), "confirmed": true, "values": { "text": "评优名单" } });
    let case = office.submit(LIN_XIAO, request);
    office.approve(ZHAO_QING);
    case
}

fn timers(office: &Office) -> i64 {
    office
        .app
        .read(|tx| tx.scalar("select cast(count(*) as bigint) from store_outbox where kind = 'workflow.time_due'", &[]))
}

// proves: FLOW-11, FLOW-28, TRACE-01
#[test]
fn a_case_goes_on_by_itself_when_its_time_has_come() {
    let office = Office::new();
    let case = resting(&office);
    let view = office.case(LIN_XIAO, &case);
    assert_eq!(view["route"]["steps"][2]["waits"]["until"], json!("2026-03-04T01:00:00Z"));
    assert_eq!(view["tasks"], json!([]));
    office.app.settle();
    assert_eq!(office.waiting(XU_JING), 0, "its time has not come");
    office.app.clock.advance(SignedDuration::from_hours(48));
    office.app.settle();
    assert_eq!(office.waiting(XU_JING), 1);
    assert_eq!(timers(&office), 0);
    let events = office.trace(&case);
    let arrived = events.iter().find(|event| event["event"] == json!("arrived")).expect("it is in the trace");
    assert_eq!(arrived["by"], Value::Null, "nobody did it");
    let told = office.app.as_(XU_JING).get("/notifications").ok();
    assert!(told.to_string().contains("workflow.notice.task"), "who is next is told: {told}");
    office.app.settle();
    assert_eq!(office.waiting(XU_JING), 1, "it comes once");
}

// proves: FLOW-23
#[test]
fn what_is_withdrawn_or_moved_on_waits_for_nothing_any_more() {
    let office = Office::new();
    let case = resting(&office);
    assert_eq!(timers(&office), 1);
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/withdrawal"), json!({ "text": "不办了" })).ok();
    assert_eq!(timers(&office), 0);
    office.app.clock.advance(SignedDuration::from_hours(72));
    office.app.settle();
    assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("withdrawn"));

    let case = resting(&office);
    // An administrator comes to a case by taking part in it.
    let copy = json!({ "people": [GAO_XIANG.to_string()], "text": "请提前办理" });
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/copies"), copy).ok();
    let moved = json!({ "to": "last", "text": "不必再等" });
    office.app.as_(GAO_XIANG).post(&format!("/cases/{case}/move"), moved).ok();
    assert_eq!(timers(&office), 0);
    assert_eq!(office.waiting(XU_JING), 1);
}
