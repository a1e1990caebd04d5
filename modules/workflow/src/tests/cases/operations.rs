use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, WU_TONG, XU_JING, ZHAO_QING, ZHOU_YUANHANG};
use jiff::SignedDuration;
use serde_json::json;

use super::office::Office;

// proves: FLOW-22
#[test]
fn a_returned_case_is_corrected_and_goes_straight_back() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.three_days());
    office.approve(ZHAO_QING);
    let task = office.task(XU_JING);
    let path = format!("/tasks/{task}/return");
    let back = |text: &str| json!({ "to": "start", "then": "straight_back", "text": text });
    assert_eq!(office.app.as_(XU_JING).post(&path, back("")).refused(409)["code"], "workflow.opinion_required");
    office.app.as_(XU_JING).post(&path, back("请补充事由")).ok();
    assert_eq!(office.case(LIN_XIAO, &case)["stage"], "at_initiator");
    let task = office.task(LIN_XIAO);
    let again = json!({ "values": { "reason": "家人住院,需陪护" }, "confirmed": true });
    office.app.as_(LIN_XIAO).post(&format!("/tasks/{task}/resubmission"), again).ok();
    assert_eq!(office.waiting(ZHAO_QING), 0, "it goes straight back");
    office.approve(XU_JING);
    office.approve(ZHOU_YUANHANG);
    let view = office.case(LIN_XIAO, &case);
    assert_eq!((&view["status"], &view["values"]["reason"]), (&json!("completed"), &json!("家人住院,需陪护")));
}

// proves: FLOW-16
#[test]
fn rejecting_needs_words_and_ends_the_case() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let task = office.task(ZHAO_QING);
    let path = format!("/tasks/{task}/rejection");
    assert_eq!(office.app.as_(ZHAO_QING).post(&path, json!({})).refused(409)["code"], "workflow.opinion_required");
    office.app.as_(ZHAO_QING).post(&path, json!({ "text": "本周人手不足" })).ok();
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "rejected");
    let again = office.app.as_(ZHAO_QING).post(&path, json!({ "text": "再次" })).refused(409);
    assert_eq!(again["code"], "workflow.already_finished");
    let told = office.app.as_(LIN_XIAO).get("/notifications").ok();
    assert_eq!(told["items"][0]["code"], "workflow.notice.rejected");
}

// proves: FLOW-23
#[test]
fn the_initiator_withdraws_until_completion() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.approve(ZHAO_QING);
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/withdrawal"), json!({ "text": "计划有变" })).ok();
    assert_eq!(office.waiting(XU_JING), 0);
    let done = office.submit(LIN_XIAO, office.half_day());
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    let late = office.app.as_(LIN_XIAO).post(&format!("/cases/{done}/withdrawal"), json!({})).refused(409);
    assert_eq!(late["code"], "workflow.already_finished");
}

// proves: TIME-07
#[test]
fn urging_is_told_kept_and_not_repeated_at_once() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let path = format!("/cases/{case}/urges");
    office.app.as_(LIN_XIAO).post(&path, json!({ "text": "请尽快" })).ok();
    let told = office.app.as_(ZHAO_QING).get("/notifications").ok();
    assert_eq!(told["items"][0]["code"], "workflow.notice.urged");
    let again = office.app.as_(LIN_XIAO).post(&path, json!({})).refused(409);
    assert_eq!(again["code"], "workflow.urged_just_now");
    assert!(again["args"]["again_at"].is_string(), "{again}");
    office.app.clock.advance(SignedDuration::from_hours(30));
    office.app.as_(LIN_XIAO).post(&path, json!({})).ok();
    assert_eq!(office.case(LIN_XIAO, &case)["urges"].as_array().map(Vec::len), Some(2));
    office.app.as_(WU_TONG).post(&path, json!({})).refused(404);
}

// proves: RULE-21, TIME-07
#[test]
fn a_rule_that_warns_lets_pass_and_tells_and_one_that_notes_tells_nobody_and_both_are_in_the_trace() {
    let office = Office::new();
    office.app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let interval = |mode: &str| {
        json!({
            "unit": QINGLAN, "number": "第九条", "text": { "zh": "两次催办至少间隔一小时。" }, "policy": "workflow",
            "mode": mode, "parameters": { "workflow.urge_interval_minutes": 60 },
        })
    };
    let clause = office.app.as_(GAO_XIANG).post("/clauses", interval("warn")).ok();
    let case = office.submit(LIN_XIAO, office.half_day());
    let urge = || office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/urges"), json!({})).ok();
    assert_eq!(urge()["warnings"], serde_json::Value::Null);
    office.app.clock.advance(SignedDuration::from_mins(1));
    let warned = &urge()["warnings"][0];
    assert_eq!(warned["code"], "workflow.broken.workflow.urge_interval_minutes");
    assert_eq!((&warned["args"]["asked"], &warned["args"]["clause"]), (&json!(60), &json!("第九条")));

    let path = format!("/clauses/{}", clause["id"].as_str().unwrap());
    let mut noted = interval("record");
    for own in ["unit", "number", "policy"] {
        noted.as_object_mut().unwrap().remove(own);
    }
    noted["reason"] = json!("不再提醒");
    office.app.as_(GAO_XIANG).header("If-Match", clause["version"].clone()).put(&path, noted).ok();
    office.app.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(urge()["warnings"], serde_json::Value::Null);

    let told = office.trace(&case);
    let broken: Vec<_> = told.iter().filter(|event| event["event"] == "rule_broken").collect();
    assert_eq!(broken.iter().map(|event| &event["mode"]).collect::<Vec<_>>(), ["warn", "record"]);
    assert!(broken.iter().all(|event| event["clause"]["number"] == "第九条"), "{broken:?}");
}

#[test]
fn an_administrator_hands_over_what_is_stuck() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let task = office.task(ZHAO_QING);
    let path = format!("/tasks/{task}/hand_over");
    let to = json!({ "to": WU_TONG.to_string(), "text": "赵晴休假" });
    office.app.as_(GAO_XIANG).post(&path, to.clone()).refused(404);
    office.app.as_(LIN_XIAO).post(&path, to).refused(409);
    assert_eq!(office.case(LIN_XIAO, &case)["version"], 1);
}

// proves: FLOW-15, FLOW-19
#[test]
fn a_refusal_says_people_and_steps_by_name() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let path = format!("/tasks/{}/transfer", office.task(ZHAO_QING));
    let to = json!({ "to": LIN_XIAO.to_string(), "text": "请您决定" });
    let refused = office.app.as_(ZHAO_QING).post(&path, to).refused(409);
    assert_eq!((&refused["code"], &refused["args"]["person"]), (&json!("workflow.own_case"), &json!("林晓")));
    assert_eq!(office.case(LIN_XIAO, &case)["version"], 1);
}

// proves: FLOW-15
#[test]
fn what_each_may_do_is_said_in_the_answer() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let mine = office.case(LIN_XIAO, &case);
    assert_eq!(mine["can"], json!(["withdraw", "urge", "comment", "copy", "report_deviation"]));
    assert_eq!(mine["tasks"], json!([]));
    let his = office.case(ZHAO_QING, &case);
    assert_eq!(his["can"], json!(["comment", "copy", "report_deviation"]));
    let task = &his["tasks"][0];
    let operations = ["approve", "reject", "return", "transfer", "delegate", "consult", "add_signer", "hold"];
    assert_eq!(task["can"], json!(operations));
    assert_eq!(task["why"][0]["code"], "direct_superior");
    assert_eq!(task["return_targets"][0]["node"], "start");
}
