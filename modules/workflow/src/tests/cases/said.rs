//! Words of people over HTTP: what says nothing, what is put right, and whom they name.

use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, WU_TONG, ZHAO_QING};
use serde_json::json;

use super::office::Office;

// proves: FLOW-16, FLOW-17, FLOW-18
#[test]
fn a_bare_read_is_refused_in_words_and_counts_as_the_clause_of_the_unit_says() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let mine = &office.case(ZHAO_QING, &case)["tasks"][0];
    assert_eq!(mine["bare_read"], "refuse");
    assert!(mine["read_phrases"].as_array().unwrap().contains(&json!("已阅")), "{mine}");
    let path = format!("/tasks/{}/approval", office.task(ZHAO_QING));
    let answer = office.app.as_(ZHAO_QING).post(&path, json!({ "text": "已阅。" })).refused(409);
    assert_eq!(answer["code"], "workflow.bare_read");
    let reject = format!("/tasks/{}/rejection", office.task(ZHAO_QING));
    let answer = office.app.as_(ZHAO_QING).post(&reject, json!({ "text": "好 的。" })).refused(409);
    assert_eq!((&answer["code"], &answer["args"]["phrase"]), (&json!("workflow.empty_phrase"), &json!("好 的。")));
    assert_eq!(office.case(LIN_XIAO, &case)["version"], 1, "nothing is changed");

    office.app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let clause = json!({
        "unit": QINGLAN, "number": "第十条", "text": { "zh": "只写“已阅”视为不同意。" }, "policy": "opinion",
        "mode": "block", "parameters": { "opinion.bare_read_where_judged": "disagree" },
    });
    office.app.as_(GAO_XIANG).post("/clauses", clause).ok();
    office.app.as_(ZHAO_QING).post(&path, json!({ "text": "已阅。" })).ok();
    let view = office.case(LIN_XIAO, &case);
    assert_eq!((&view["status"], &view["opinions"][0]["verdict"]), (&json!("rejected"), &json!("rejected")));
}

// proves: TRACE-01, TRACE-03
#[test]
fn an_opinion_is_put_right_by_a_new_entry_that_the_trace_has_too() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let task = office.task(ZHAO_QING);
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/approval"), json!({ "text": "同意,共一天" })).ok();
    let said = &office.case(ZHAO_QING, &case)["opinions"][0];
    assert_eq!((&said["no"], &said["can"]), (&json!(1), &json!(["correct"])));
    assert_eq!(office.case(LIN_XIAO, &case)["opinions"][0]["can"], json!([]));
    let path = format!("/cases/{case}/corrections");
    let right = json!({ "opinion": 1, "text": "同意,共半天" });
    let stranger = office.app.as_(LIN_XIAO).post(&path, right.clone()).refused(409);
    assert_eq!(stranger["code"], "workflow.not_your_opinion");
    office.app.as_(WU_TONG).post(&path, right.clone()).refused(404);
    office.app.as_(ZHAO_QING).post(&path, right.clone()).ok();
    let opinions = office.case(LIN_XIAO, &case)["opinions"].clone();
    assert_eq!((&opinions[0]["text"], &opinions[0]["corrected_by"]), (&json!("同意,共一天"), &json!(2)));
    assert_eq!((&opinions[1]["text"], &opinions[1]["corrects"]), (&json!("同意,共半天"), &json!(1)));
    assert_eq!(opinions[1]["verdict"], "approved", "the verdict stays");
    let again = office.app.as_(ZHAO_QING).post(&path, right).refused(409);
    assert_eq!(again["code"], "workflow.already_corrected");
    let told = office.app.as_(LIN_XIAO).get("/notifications").ok();
    assert_eq!(told["items"][0]["code"], "workflow.notice.corrected");
    let kept = office.trace(&case);
    assert!(kept.iter().any(|event| event["event"] == "opinion_corrected" && event["opinion"] == 1), "{kept:?}");
}

// proves: FLOW-15
#[test]
fn who_is_named_is_told_and_who_took_no_part_gets_a_copy_with_the_reason() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let path = format!("/cases/{case}/comments");
    office.app.as_(WU_TONG).get(&format!("/cases/{case}")).refused(404);
    let named = json!({ "text": "请看一下", "mentions": [WU_TONG.to_string(), ZHAO_QING.to_string()] });
    office.app.as_(LIN_XIAO).post(&path, named).ok();
    for person in [WU_TONG, ZHAO_QING] {
        let told = office.app.as_(person).get("/notifications").ok();
        assert_eq!(told["items"][0]["code"], "workflow.notice.mentioned");
        let about: Vec<_> = told["items"].as_array().unwrap().iter().map(|item| item["code"].clone()).collect();
        assert!(!about.contains(&json!("workflow.notice.commented")), "once is enough: {about:?}");
    }
    let view = office.case(WU_TONG, &case);
    assert_eq!(
        (&view["copies"][0]["why"][0]["code"], &view["opinions"][0]["mentions"][0]),
        (&json!("mentioned_by"), &json!(WU_TONG.to_string()))
    );
    let nobody = json!({ "text": "请看", "mentions": [hanlin_kernel::PersonId::fixed(424242).to_string()] });
    let answer = office.app.as_(LIN_XIAO).post(&path, nobody).refused(409);
    assert_eq!(answer["code"], "workflow.not_in_service");
}
