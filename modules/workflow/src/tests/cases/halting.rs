use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, XU_JING, ZHAO_QING};
use serde_json::json;

use super::office::{Office, any_of_two};

// proves: FLOW-15, TRACE-01, TRACE-09
#[test]
fn an_administrator_stops_a_case_for_a_while_and_everybody_sees_it() {
    let office = Office::new();
    let mut flow = any_of_two();
    flow.id = "t-halt".into();
    let flow = office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, flow.clone(), "test"));
    let request = json!({ "flow": flow.to_string(), "confirmed": true, "values": { "text": "急" } });
    let case = office.submit(LIN_XIAO, request);
    let named = json!({ "text": "请管理员看", "mentions": [GAO_XIANG.to_string()] });
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/comments"), named).ok();
    let may = office.case(GAO_XIANG, &case)["can"].clone();
    assert!(may.as_array().unwrap().contains(&json!("halt")), "{may}");
    let halt = format!("/cases/{case}/halt");
    let refused = office.app.as_(LIN_XIAO).post(&halt, json!({ "text": "待核实" })).refused(409);
    assert_eq!(refused["code"], "workflow.not_administrator");
    office.app.as_(GAO_XIANG).post(&halt, json!({ "text": "金额待核实" })).ok();

    let task = office.task(ZHAO_QING);
    let approve = || office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/approval"), json!({ "text": "同意" }));
    let refused = approve().refused(409);
    assert_eq!((&refused["code"], &refused["args"]["reason"]), (&json!("workflow.stands_still"), &json!("金额待核实")));
    let his = office.case(ZHAO_QING, &case);
    assert_eq!((&his["stage"], &his["halt"]["by"]["person"]), (&json!("halted"), &json!(GAO_XIANG.to_string())));
    assert_eq!((&his["tasks"][0]["can"], &his["can"]), (&json!([]), &json!(["comment"])));
    assert_eq!(office.list(LIN_XIAO, "started")[0]["stage"], "halted");
    assert_eq!(office.app.as_(XU_JING).get("/tasks").ok()["items"][0]["halted"], true);
    for person in [LIN_XIAO, ZHAO_QING, XU_JING] {
        let told = office.app.as_(person).get("/notifications").ok();
        assert_eq!(told["items"][0]["code"], "workflow.notice.halted");
    }

    office.app.as_(GAO_XIANG).post(&format!("/cases/{case}/continuation"), json!({ "text": "已核实" })).ok();
    assert_eq!(office.app.as_(ZHAO_QING).get("/notifications").ok()["items"][0]["code"], "workflow.notice.continued");
    approve().ok();
    let view = office.case(LIN_XIAO, &case);
    assert_eq!((&view["status"], &view["halt"]), (&json!("completed"), &json!(null)));
    let kept = office.trace(&case);
    let of = |event: &str| kept.iter().find(|kept| kept["event"] == event).unwrap()["words"]["text"].clone();
    assert_eq!((of("halted"), of("continued")), (json!("金额待核实"), json!("已核实")));
}
