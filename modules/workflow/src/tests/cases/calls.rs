use hanlin_directory::cast::{CHEN_MO, GAO_XIANG, LIN_XIAO, QINGLAN, XU_JING, ZHAO_QING};
use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::office::Office;
use crate::engine;

fn person(person: PersonId) -> Value {
    json!([{ "rule": "person", "person": person.to_string() }])
}

fn flow(id: &str, fields: Value, route: Value) -> engine::Flow {
    let rows: Vec<Value> =
        fields.as_array().unwrap().iter().map(|field| json!([{ "field": field["id"], "span": 4 }])).collect();
    serde_json::from_value(json!({
        "id": id,
        "name": { "zh": id, "en": id },
        "category": "test",
        "form": { "fields": fields, "layout": { "columns": 4, "rows": rows } },
        "route": route,
    }))
    .unwrap()
}

/// Opinions of colleagues on a plan, each in a case of its own that Zhao Qing decides.
fn asking(office: &Office, more: Value, people: &[PersonId]) -> String {
    let child = flow(
        "t-opinion",
        json!([
            { "id": "subject", "label": { "zh": "事由" }, "type": "text", "required": true },
            { "id": "opinion", "label": { "zh": "意见" }, "type": "text" },
        ]),
        json!([{ "kind": "approve", "key": "check", "name": { "zh": "审核" }, "who": person(ZHAO_QING),
                 "fields": { "opinion": "required" } }]),
    );
    let mut call = json!({ "kind": "call", "key": "ask", "name": { "zh": "征求意见" }, "flow": "t-opinion",
        "each": "people", "values": { "subject": "form.text" }, "results": { "summary": "opinion" } });
    call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let parent = flow(
        "t-plan",
        json!([
            { "id": "text", "label": { "zh": "方案" }, "type": "text" },
            { "id": "people", "label": { "zh": "征求" }, "type": "person", "multiple": true },
            { "id": "summary", "label": { "zh": "汇总" }, "type": "long_text" },
        ]),
        json!([call, { "kind": "handle", "key": "last", "name": { "zh": "汇总办理" }, "who": person(XU_JING) }]),
    );
    let id = office.app.write(move |tx| {
        crate::import_and_publish(tx, QINGLAN, child.clone(), "test")?;
        crate::import_and_publish(tx, QINGLAN, parent.clone(), "test")
    });
    let people: Vec<String> = people.iter().map(PersonId::to_string).collect();
    let values = json!({ "text": "办公区调整", "people": people });
    let case = office.submit(LIN_XIAO, json!({ "flow": id.to_string(), "confirmed": true, "values": values }));
    office.app.settle();
    case
}

fn tasks(office: &Office, person: PersonId) -> Vec<Value> {
    office.app.as_(person).get("/tasks").ok()["items"].as_array().unwrap().clone()
}

fn approve_all(office: &Office, opinion: &str) {
    for task in tasks(office, ZHAO_QING) {
        let id = task["id"].as_str().unwrap();
        let body = json!({ "text": "同意", "values": { "opinion": opinion } });
        office.app.as_(ZHAO_QING).post(&format!("/tasks/{id}/approval"), body).ok();
    }
    office.app.settle();
}

// proves: FLOW-39, FLOW-28, TRACE-01
#[test]
fn a_case_opens_cases_waits_for_them_and_takes_their_results() {
    let office = Office::new();
    let case = asking(&office, json!({}), &[CHEN_MO, LIN_XIAO]);
    assert_eq!(tasks(&office, ZHAO_QING).len(), 2);
    let view = office.case(LIN_XIAO, &case);
    let called = view["called"].as_array().unwrap();
    assert_eq!(called.len(), 2);
    assert!(called.iter().all(|one| one["status"] == json!("running")));
    // His own he opens; that of his colleague he is told of, and does not read.
    assert_eq!((&called[0]["may_open"], &called[1]["may_open"]), (&json!(false), &json!(true)));
    let child = called[1]["case"].as_str().unwrap().to_owned();
    assert_eq!(office.case(LIN_XIAO, &child)["called_by"]["case"], json!(case));
    office.app.as_(LIN_XIAO).get(&format!("/cases/{}", called[0]["case"].as_str().unwrap())).refused(404);
    assert_eq!(office.waiting(XU_JING), 0);
    approve_all(&office, "无意见");
    assert_eq!(office.waiting(XU_JING), 1);
    let view = office.case(LIN_XIAO, &case);
    assert_eq!(view["values"]["summary"], json!("无意见\n无意见"));
    let kinds: Vec<Value> = office.trace(&case).iter().map(|event| event["event"].clone()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == json!("arrived")).count(), 4);
}

// proves: FLOW-39, FLOW-23
#[test]
fn withdrawing_the_case_withdraws_those_that_it_opened() {
    let office = Office::new();
    let case = asking(&office, json!({}), &[CHEN_MO]);
    let child = office.case(LIN_XIAO, &case)["called"][0]["case"].as_str().unwrap().to_owned();
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/withdrawal"), json!({ "text": "不办了" })).ok();
    office.app.settle();
    assert_eq!(office.case(CHEN_MO, &child)["status"], json!("withdrawn"));
    assert_eq!(office.waiting(ZHAO_QING), 0);
}

// proves: FLOW-39
#[test]
fn what_the_other_form_refuses_is_asked_about_in_words_and_can_be_seen_to() {
    let office = Office::new();
    // What the other form demands is not handed in.
    let case = asking(&office, json!({ "values": {} }), &[LIN_XIAO]);
    assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("running"));
    let told = office.case(GAO_XIANG, &case);
    assert_eq!(told["tasks"][0]["purpose"], json!("mend"));
    assert_eq!(told["called"][0]["reason"]["code"], json!("workflow.call_incomplete"));
    assert_eq!(told["called"][0]["reason"]["fields"][0]["field"], json!("values.subject"));
    let task = told["tasks"][0]["id"].as_str().unwrap().to_owned();
    office.app.as_(LIN_XIAO).post(&format!("/tasks/{task}/retry"), json!({})).refused(409);
    office.app.as_(GAO_XIANG).post(&format!("/tasks/{task}/retry"), json!({})).ok();
    office.app.settle();
    let again = office.case(GAO_XIANG, &case)["tasks"][0]["id"].as_str().unwrap().to_owned();
    assert_ne!(again, task, "it failed again, and is asked about again");
    let silent = office.app.as_(GAO_XIANG).post(&format!("/tasks/{again}/completion"), json!({ "text": "" }));
    assert_eq!(silent.refused(409)["code"], json!("workflow.opinion_required"));
    office.app.as_(GAO_XIANG).post(&format!("/tasks/{again}/completion"), json!({ "text": "已当面征求" })).ok();
    assert_eq!(office.waiting(XU_JING), 1);
}

// proves: FLOW-39
#[test]
fn a_flow_that_does_not_exist_or_calls_itself_for_ever_breaks_nothing() {
    let office = Office::new();
    let case = asking(&office, json!({ "flow": "t-nowhere" }), &[LIN_XIAO]);
    let told = office.case(GAO_XIANG, &case);
    assert_eq!(told["called"][0]["reason"]["code"], json!("workflow.call_no_flow"));
    let case = asking(&office, json!({ "flow": "t-plan", "values": { "people": "form.people" } }), &[LIN_XIAO]);
    let mut depth = 0;
    let mut deepest = office.case(LIN_XIAO, &case);
    while let Some(child) = deepest["called"][0]["case"].as_str().map(str::to_owned) {
        depth += 1;
        deepest = office.case(LIN_XIAO, &child);
    }
    assert_eq!(depth, 8, "the ninth would be too deep");
    assert_eq!(deepest["called"][0]["reason"]["code"], json!("workflow.call_too_deep"));
}

// proves: FLOW-39
#[test]
fn a_case_that_is_rejected_ends_the_other_where_the_node_says_so() {
    let office = Office::new();
    let case = asking(&office, json!({ "on_failure": "end" }), &[CHEN_MO]);
    let task = office.task(ZHAO_QING);
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/rejection"), json!({ "text": "不可行" })).ok();
    office.app.settle();
    assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("terminated"));
}
