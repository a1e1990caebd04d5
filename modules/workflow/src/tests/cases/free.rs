//! Naming who is next, and who is asked later, over HTTP.

use hanlin_directory::cast::{LIN_XIAO, LU_WENQING, WU_TONG, XU_JING, ZHAO_QING};
use serde_json::{Value, json};

use super::office::{Office, publish};

const FREE: &str = include_str!("../../../../../presets/patterns/free-route.flow.yaml");
const CHOSEN: &str = include_str!("../../../../../presets/patterns/chosen-on-the-way.flow.yaml");

fn begun(office: &Office, package: &'static str) -> String {
    let id = office.app.write(move |tx| publish(tx, package));
    office.submit(LIN_XIAO, json!({ "flow": id.to_string(), "confirmed": true, "values": { "subject": "来访接待" } }))
}

// proves: FLOW-21, FLOW-38, TRACE-01
#[test]
fn a_matter_is_passed_on_with_a_request_and_its_way_is_shown() {
    let office = Office::new();
    let case = begun(&office, FREE);
    let view = office.case(ZHAO_QING, &case);
    let task = &view["tasks"][0];
    assert!(task["can"].as_array().expect("verbs").contains(&json!("pass_on")), "{task}");
    assert_eq!((&task["next"]["candidates"], &task["next"]["steps_left"]), (&Value::Null, &json!(3)));
    let path = format!("/tasks/{}/passing_on", office.task(ZHAO_QING));
    let zhao = office.app.as_(ZHAO_QING);
    let to = [XU_JING.to_string(), LU_WENQING.to_string()];
    assert_eq!(zhao.post(&path, json!({ "people": to, "text": "" })).refused(409)["code"], "workflow.opinion_required");
    assert_eq!(
        zhao.post(&path, json!({ "people": [], "text": "请安排" })).refused(409)["code"],
        "workflow.nobody_named"
    );
    office.app.as_(WU_TONG).post(&path, json!({ "people": to, "text": "请安排" })).refused(404);
    let asked = json!({ "people": to, "among": "any", "text": "请安排会议室", "values": { "result": "待定" } });
    zhao.post(&path, asked).ok();

    let view = office.case(LU_WENQING, &case);
    let task = &view["tasks"][0];
    assert_eq!(task["requests"], json!([{ "person": ZHAO_QING.to_string(), "text": "请安排会议室" }]));
    assert_eq!(task["next"]["back_to"], json!([ZHAO_QING.to_string()]));
    assert_eq!(view["values"]["result"], "待定");
    let steps = view["route"]["steps"].as_array().expect("steps");
    let free = steps.iter().filter(|step| step["kind"] == "free").map(|step| step["when"].as_str().unwrap_or_default());
    assert_eq!(free.collect::<Vec<_>>(), ["past", "present"]);
    let done = format!("/tasks/{}/completion", office.task(LU_WENQING));
    office.app.as_(LU_WENQING).post(&done, json!({ "text": "已安排" })).ok();
    assert_eq!(office.waiting(XU_JING), 0, "one answer was enough");
    let trace = office.trace(&case);
    assert!(trace.iter().any(|entry| entry["event"] == "passed_on"), "{trace:?}");
}

// proves: FLOW-07, TRACE-01
#[test]
fn whoever_agrees_chooses_who_signs_later_in_the_same_request() {
    let office = Office::new();
    let case = begun(&office, CHOSEN);
    let view = office.case(XU_JING, &case);
    let choice = &view["tasks"][0]["choices"][0];
    assert_eq!((&choice["node"], &choice["min"], &choice["max"]), (&json!("countersign"), &json!(1), &json!(2)));
    let candidates = choice["candidates"].as_array().expect("the flow limits them");
    assert!(candidates.iter().any(|person| person["id"] == ZHAO_QING.to_string()), "{candidates:?}");
    let path = format!("/tasks/{}/approval", office.task(XU_JING));
    let xu = office.app.as_(XU_JING);
    assert_eq!(xu.post(&path, json!({ "text": "同意" })).refused(409)["code"], "workflow.choice_missing");
    let stranger = json!({ "text": "同意", "choices": { "countersign": [WU_TONG.to_string()] } });
    assert_eq!(xu.post(&path, stranger).refused(409)["code"], "workflow.choice_not_allowed");
    assert_eq!(office.waiting(XU_JING), 1, "a refusal changes nothing");
    let chosen = [ZHAO_QING.to_string(), LU_WENQING.to_string()];
    xu.post(&path, json!({ "text": "同意", "choices": { "countersign": chosen } })).ok();
    assert_eq!((office.waiting(ZHAO_QING), office.waiting(LU_WENQING)), (1, 1));
    let why = office.case(ZHAO_QING, &case)["tasks"][0]["why"][0].clone();
    assert_eq!(why, json!({ "code": "chosen_by", "person": XU_JING.to_string() }));
}
