use hanlin_directory::cast::{FANG_YUE, GAO_XIANG, LIN_XIAO, WU_TONG, XU_JING, ZHAO_QING, ZHOU_YUANHANG};
use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::office::Office;

impl Office {
    /// Posts to the one open task of this person.
    fn at_task(&self, person: PersonId, what: &str, body: Value) -> Value {
        let task = self.task(person);
        self.app.as_(person).post(&format!("/tasks/{task}/{what}"), body).ok()
    }
}

// proves: FLOW-15, TRACE-09, TIME-14
#[test]
fn a_transferred_task_is_gone_here_told_there_and_the_other_decides() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.at_task(ZHAO_QING, "transfer", json!({ "to": WU_TONG.to_string(), "text": "由武桐审批" }));
    assert_eq!((office.waiting(ZHAO_QING), office.waiting(WU_TONG)), (0, 1));
    let told = office.app.as_(WU_TONG).get("/notifications").ok();
    assert_eq!(told["items"][0]["code"], "workflow.notice.task");
    let his = office.case(WU_TONG, &case);
    let why = his["tasks"][0]["why"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&why["code"], &why["person"]), (&json!("transferred_by"), &json!(ZHAO_QING.to_string())));
    let done = office.app.as_(ZHAO_QING).get("/cases?list=done").ok();
    assert_eq!(done["items"][0]["id"], json!(case), "whoever gave it on finds it again");
    office.approve(WU_TONG);
    assert_eq!(office.waiting(XU_JING), 1);
}

// proves: FLOW-15, TRACE-06
#[test]
fn a_signer_before_me_sees_the_case_decides_and_it_comes_back() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.app.as_(WU_TONG).get(&format!("/cases/{case}")).refused(404);
    let people = json!([WU_TONG.to_string()]);
    office.at_task(ZHAO_QING, "signers", json!({ "people": people, "place": "before", "text": "请先看" }));
    let mine = office.case(ZHAO_QING, &case);
    assert_eq!(mine["tasks"], json!([]));
    let asked = &mine["asked"][0];
    assert_eq!((&asked["person"], &asked["how"]), (&json!(WU_TONG.to_string()), &json!("before")));
    assert_eq!(asked["can"], json!(["remove_signer"]));
    office.approve(WU_TONG);
    assert_eq!(office.waiting(ZHAO_QING), 1);
    office.approve(ZHAO_QING);
    assert_eq!(office.waiting(XU_JING), 1);
}

// proves: FLOW-15, FLOW-16
#[test]
fn a_signer_is_removed_by_whoever_added_him_and_loses_the_task() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let people = json!([WU_TONG.to_string(), FANG_YUE.to_string()]);
    let body = json!({ "people": people, "place": "before", "among": "in_turn", "text": "请依次看" });
    office.at_task(ZHAO_QING, "signers", body);
    assert_eq!((office.waiting(WU_TONG), office.waiting(FANG_YUE)), (1, 0));
    let asked = office.case(ZHAO_QING, &case)["asked"].clone();
    for one in asked.as_array().unwrap() {
        let path = format!("/tasks/{}/signer_removal", one["task"].as_str().unwrap());
        let mut body = json!({ "signer": one["signer"] });
        let mute = office.app.as_(ZHAO_QING).post(&path, body.clone()).refused(409);
        assert_eq!(mute["code"], "workflow.opinion_required");
        body["text"] = json!("不必了");
        office.app.as_(WU_TONG).post(&path, body.clone()).refused(409);
        office.app.as_(ZHAO_QING).post(&path, body).ok();
    }
    assert_eq!((office.waiting(WU_TONG), office.waiting(ZHAO_QING)), (0, 1));
}

// proves: FLOW-26, FLOW-15
#[test]
fn the_initiator_answers_a_question_and_the_case_does_not_wait_for_it() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let body = json!({ "people": [LIN_XIAO.to_string()], "text": "工作交接给谁?" });
    office.at_task(ZHAO_QING, "consultation", body);
    assert_eq!((office.waiting(LIN_XIAO), office.waiting(ZHAO_QING)), (1, 1));
    let asked = office.case(LIN_XIAO, &case);
    assert_eq!((&asked["tasks"][0]["purpose"], &asked["tasks"][0]["can"]), (&json!("advise"), &json!(["advise"])));
    office.at_task(LIN_XIAO, "advice", json!({ "text": "交接给陈默" }));
    let said = office.case(ZHAO_QING, &case)["opinions"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&said["verdict"], &said["text"]), (&json!("advised"), &json!("交接给陈默")));
    office.approve(ZHAO_QING);
    assert_eq!(office.waiting(XU_JING), 1);
}

// proves: TIME-17
#[test]
fn what_is_on_hold_is_marked_in_the_inbox_with_its_reason_at_the_case() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.at_task(ZHAO_QING, "hold", json!({ "text": "等排班表" }));
    assert_eq!(office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0]["held"], true);
    assert_eq!(office.case(ZHAO_QING, &case)["tasks"][0]["held"]["reason"], "等排班表");
    office.at_task(ZHAO_QING, "hold_end", json!({}));
    assert_eq!(office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0]["held"], false);
    office.at_task(ZHAO_QING, "hold", json!({ "text": "再等一天" }));
    office.approve(ZHAO_QING);
    assert_eq!(office.waiting(XU_JING), 1, "deciding ends it");
}

// proves: FLOW-15, TRACE-01
#[test]
fn a_decision_is_taken_back_while_the_next_has_not_acted_and_stays_in_the_trace() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.approve(ZHAO_QING);
    let task = office.case(ZHAO_QING, &case)["to_take_back"].as_str().unwrap().to_owned();
    let path = format!("/tasks/{task}/take_back");
    office.app.as_(ZHAO_QING).post(&path, json!({ "text": "日期看错了" })).ok();
    assert_eq!((office.waiting(XU_JING), office.waiting(ZHAO_QING)), (0, 1));
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    office.app.as_(ZHAO_QING).post(&path, json!({})).refused(409);
    let kinds: Vec<String> =
        office.trace(&case).iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "approved").count(), 3);
    assert!(kinds.contains(&"taken_back".to_owned()) && kinds.contains(&"reopened".to_owned()), "{kinds:?}");
}

// proves: FLOW-12
#[test]
fn a_copy_on_the_way_opens_the_case_to_its_reader() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let path = format!("/cases/{case}/copies");
    office.app.as_(LIN_XIAO).post(&path, json!({ "people": [WU_TONG.to_string()] })).ok();
    assert_eq!(office.case(WU_TONG, &case)["id"], json!(case));
    let listed = office.app.as_(WU_TONG).get("/cases?list=copied").ok();
    assert_eq!(listed["items"][0]["unread"], true);
    let twice = office.app.as_(ZHAO_QING).post(&path, json!({ "people": [WU_TONG.to_string()] })).refused(409);
    assert_eq!(twice["code"], "workflow.already_copied");
    office.app.as_(LIN_XIAO).post(&path, json!({ "people": [] })).refused(409);
}

// proves: FLOW-27
#[test]
fn a_deviation_is_told_to_who_administers_the_flow() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.app.as_(ZHAO_QING).post(&format!("/cases/{case}/deviations"), json!({ "text": "未经部门会签" })).ok();
    let told = office.app.as_(GAO_XIANG).get("/notifications").ok();
    assert_eq!(told["items"][0]["code"], "workflow.notice.deviation");
    assert_eq!(told["items"][0]["args"]["text"], "未经部门会签");
}

// proves: FLOW-15, PERM-14
#[test]
fn only_an_administrator_moves_or_terminates_a_case_and_says_why() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    for path in ["move", "termination"] {
        let body = if path == "move" { json!({ "to": "start", "text": "x" }) } else { json!({ "text": "x" }) };
        office.app.as_(ZHAO_QING).post(&format!("/cases/{case}/{path}"), body).refused(409);
    }
    office.app.grant(ZHOU_YUANHANG, &[crate::MANAGE]);
    office
        .app
        .as_(LIN_XIAO)
        .post(&format!("/cases/{case}/copies"), json!({ "people": [ZHOU_YUANHANG.to_string()] }))
        .ok();
    let seen = office.case(ZHOU_YUANHANG, &case);
    assert_eq!(seen["destinations"][0]["node"], "start");
    let moved = format!("/cases/{case}/move");
    office.app.as_(ZHOU_YUANHANG).post(&moved, json!({ "to": "start", "text": "" })).refused(409);
    office.app.as_(ZHOU_YUANHANG).post(&moved, json!({ "to": "start", "text": "信息有误" })).ok();
    assert_eq!((office.waiting(ZHAO_QING), office.waiting(LIN_XIAO)), (0, 1));
    office.app.as_(ZHOU_YUANHANG).post(&format!("/cases/{case}/termination"), json!({ "text": "重复提交" })).ok();
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "terminated");
    let told = office.app.as_(LIN_XIAO).get("/notifications").ok();
    assert_eq!(told["items"][0]["code"], "workflow.notice.terminated");
}
