//! Putting a value right, and what those see whom it concerns, over HTTP.

use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, LU_WENQING, XU_JING, ZHAO_QING};
use serde_json::{Value, json};

use super::office::{Office, publish};

const CONCERNS: &str = include_str!("../../../../../presets/patterns/only-whom-it-concerns.flow.yaml");

fn begun(office: &Office) -> String {
    let id = office.app.write(|tx| publish(tx, CONCERNS));
    let values = json!({ "amount": "800.00", "reason": "差旅" });
    let case = office.submit(LIN_XIAO, json!({ "flow": id.to_string(), "confirmed": true, "values": values }));
    let named = json!({ "text": "金额录错了", "mentions": [GAO_XIANG.to_string()] });
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/comments"), named).ok();
    case
}

// proves: TRACE-01, TRACE-03, TRACE-07, FORM-05
#[test]
fn what_was_put_right_is_shown_with_what_stood_there_to_whoever_may_read_the_field() {
    let office = Office::new();
    let case = begun(&office);
    let path = format!("/cases/{case}/repairs");
    let right = json!({ "values": { "amount": "780.00" }, "text": "以发票为准" });
    let refused = office.app.as_(ZHAO_QING).post(&path, right.clone()).refused(409);
    assert_eq!(refused["code"], "workflow.not_administrator");
    let gao = office.app.as_(GAO_XIANG);
    assert_eq!(
        gao.post(&path, json!({ "values": { "amount": "780.00" }, "text": " " })).refused(409)["code"],
        "workflow.opinion_required"
    );
    let wrong = gao.post(&path, json!({ "values": { "amount": "很多" }, "text": "改" })).refused(422);
    assert!(wrong.to_string().contains("amount"), "{wrong}");
    let empty = gao.post(&path, json!({ "values": { "amount": null }, "text": "改" })).refused(422);
    assert!(empty.to_string().contains("amount"), "what must be filled in stays filled in: {empty}");
    assert_eq!(office.case(LIN_XIAO, &case)["values"]["amount"], "800.00", "a refusal changes nothing");
    gao.post(&path, right).ok();

    let view = office.case(ZHAO_QING, &case);
    let repair = &view["repairs"][0];
    assert_eq!((&repair["person"], &repair["reason"]), (&json!(GAO_XIANG.to_string()), &json!("以发票为准")));
    assert_eq!(repair["changes"], json!([{ "field": "amount", "before": "800.00", "after": "780.00" }]));
    assert_eq!(office.app.as_(ZHAO_QING).get("/notifications").ok()["items"][0]["code"], "workflow.notice.repaired");
    let kept = office.trace(&case);
    let kept = kept.iter().find(|event| event["event"] == "repaired").expect("it is in the trace");
    assert_eq!((&kept["changes"][0]["before"], &kept["words"]["text"]), (&json!("800.00"), &json!("以发票为准")));
    office.approve(ZHAO_QING);
    let hers = office.case(XU_JING, &case);
    assert_eq!(hers.get("repairs"), None, "from the HR manager the amount is hidden: {hers}");
}

// proves: FLOW-22, FORM-05
#[test]
fn who_is_asked_again_is_shown_what_changed_and_whom_it_does_not_concern_is_passed_over() {
    let office = Office::new();
    let case = begun(&office);
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    let path = format!("/tasks/{}/return", office.task(LU_WENQING));
    office.app.as_(LU_WENQING).post(&path, json!({ "to": "start", "text": "金额与发票不符" })).ok();
    let again = format!("/tasks/{}/resubmission", office.task(LIN_XIAO));
    let corrected = json!({ "values": { "amount": "780.00" }, "confirmed": true });
    office.app.as_(LIN_XIAO).post(&again, corrected).ok();
    assert_eq!((office.waiting(ZHAO_QING), office.waiting(XU_JING)), (0, 0), "nothing changed for them");
    let view = office.case(LU_WENQING, &case);
    let changed = json!([{ "field": "amount", "before": "800.00", "after": "780.00" }]);
    assert_eq!(view["tasks"][0]["changes"], changed);
    let steps = view["route"]["steps"].as_array().expect("steps");
    let passed = steps.iter().filter(|step| step["people"][0]["state"]["how"]["code"] == "unchanged");
    assert_eq!(passed.map(|step| step["node"].clone()).collect::<Vec<Value>>(), ["supervisor", "personnel"]);
}
