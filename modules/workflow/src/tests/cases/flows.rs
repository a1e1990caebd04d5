use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, XU_JING, ZHAO_QING};
use serde_json::{Value, json};

use super::office::{LEAVE, Office};

fn import(office: &Office, text: &str) -> Value {
    office.app.as_(GAO_XIANG).post("/flow_packages", json!({ "text": text })).ok()
}

// proves: FORM-11, FLOW-01
#[test]
fn a_running_case_stays_on_the_version_it_was_begun_on() {
    let office = Office::new();
    let old = office.submit(LIN_XIAO, office.three_days());
    let changed = LEAVE.replace("zh: 请假申请", "zh: 休假申请");
    assert_ne!(changed, LEAVE);
    let imported = import(&office, &changed);
    assert_eq!(imported["version"]["number"], 2, "{imported}");
    assert_eq!(
        office.app.as_(LIN_XIAO).get("/flows").ok()["items"][0]["name"]["zh"],
        "请假申请",
        "a draft changes nothing"
    );
    let version = imported["version"]["id"].as_str().unwrap();
    office.app.as_(GAO_XIANG).post(&format!("/flow_versions/{version}/publication"), json!({})).ok();
    assert_eq!(office.app.as_(LIN_XIAO).get("/flows").ok()["items"][0]["number"], 2);
    assert_eq!(office.case(LIN_XIAO, &old)["flow_name"]["zh"], "请假申请");
    let new = office.submit(LIN_XIAO, office.half_day());
    assert_eq!(office.case(LIN_XIAO, &new)["flow_name"]["zh"], "休假申请");
    assert_eq!(office.app.events()[1..3], ["workflow.flow_imported", "workflow.flow_published"]);
}

// proves: FLOW-01
#[test]
fn a_retired_flow_is_not_started_and_what_runs_goes_on() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let gao = office.app.as_(GAO_XIANG);
    gao.post(&format!("/flows/{}/retirement", office.leave), json!({})).ok();
    assert_eq!(office.app.as_(LIN_XIAO).get("/flows").ok()["items"], json!([]));
    let refused = office.app.as_(LIN_XIAO).post("/cases", office.half_day()).refused(409);
    assert_eq!(refused["code"], "workflow.flow_not_open");
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "completed");
    gao.post(&format!("/flows/{}/resumption", office.leave), json!({})).ok();
    office.submit(LIN_XIAO, office.half_day());
}

#[test]
fn a_broken_package_changes_nothing_and_says_where() {
    let office = Office::new();
    let broken = import(&office, &LEAVE.replace("form.period.days", "form.perod.days"));
    assert!(broken["version"].is_null());
    let problem = &broken["problems"][0];
    assert!(problem["line"].as_u64().unwrap() > 1, "{problem}");
    assert!(problem["message"]["en"].as_str().unwrap().contains("perod"), "{problem}");
    assert_eq!(office.app.events(), Vec::<String>::new());
}

// proves: PERM-14, FORM-01
#[test]
fn only_who_manages_flows_imports_publishes_and_retires() {
    let office = Office::new();
    let lin = office.app.as_(LIN_XIAO);
    lin.post("/flow_packages", json!({ "text": LEAVE })).refused(403);
    lin.post(&format!("/flows/{}/retirement", office.leave), json!({})).refused(403);
    lin.get("/managed_flows").refused(403);
    let managed = office.app.as_(GAO_XIANG).get("/managed_flows").ok();
    assert_eq!(managed["items"][0]["code"], "f-01-leave");
    let version = managed["items"][0]["versions"][0]["id"].as_str().unwrap().to_owned();
    let package = office.app.as_(GAO_XIANG).get(&format!("/flow_versions/{version}/package")).ok();
    assert_eq!(package["text"], LEAVE, "as it was written");
}

// proves: PERM-11
#[test]
fn who_may_not_start_a_flow_does_not_see_it() {
    let office = Office::new();
    let mut flow = super::office::any_of_two();
    flow.may_start = vec![serde_json::from_value(json!({ "of": "post", "post": "hr_manager" })).unwrap()];
    let id = office
        .app
        .write(move |tx| crate::import_and_publish(tx, hanlin_directory::cast::QINGLAN, flow.clone(), "test"));
    let codes = |person| -> Vec<String> {
        let cards = office.app.as_(person).get("/flows").ok();
        cards["items"].as_array().unwrap().iter().map(|card| card["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(LIN_XIAO), ["f-01-leave"]);
    assert_eq!(codes(XU_JING), ["f-01-leave", "t-any"]);
    office.app.as_(LIN_XIAO).get(&format!("/flows/{id}/start")).refused(404);
    let request = json!({ "flow": id.to_string(), "confirmed": true, "values": { "text": "x" } });
    assert_eq!(office.app.as_(LIN_XIAO).post("/cases", request).refused(409)["code"], "workflow.may_not_start");
}
