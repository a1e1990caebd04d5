use hanlin_directory::cast::{FANG_YUE, LIN_XIAO, XU_JING, ZHAO_QING, ZHOU_YUANHANG};
use hanlin_kernel::PageRequest;
use hanlin_testkit::START;
use serde_json::json;

use super::office::Office;
use crate::{cases::CaseId, engine};

// proves: F-01, FLOW-01, FLOW-02, FLOW-03, FLOW-12, FLOW-28, FLOW-38, TIME-04
#[test]
fn half_a_day_goes_to_supervisor_and_hr_and_is_copied_to_the_general_manager() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    assert_eq!(office.app.events(), ["workflow.submitted"]);

    let view = office.case(LIN_XIAO, &case);
    assert_eq!(view["values"]["period"]["days"], "0.5", "counted by the working calendar");
    assert_eq!(view["stage"], "submitted");
    let ahead: Vec<&str> =
        view["route"]["steps"].as_array().unwrap().iter().map(|s| s["when"].as_str().unwrap()).collect();
    assert!(ahead.starts_with(&["past", "present", "future"]), "{ahead:?}");

    assert_eq!(office.waiting(XU_JING), 0, "her turn has not come");
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    let view = office.case(LIN_XIAO, &case);
    assert_eq!(view["status"], "completed");
    assert_eq!(office.waiting(ZHOU_YUANHANG), 0);
    for person in [ZHOU_YUANHANG, FANG_YUE] {
        let copies = office.list(person, "copied");
        assert_eq!((copies.len(), &copies[0]["unread"]), (1, &json!(true)));
    }
    let opinions: Vec<&str> = view["opinions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|opinion| opinion["node_name"]["zh"].as_str().unwrap())
        .collect();
    assert_eq!(opinions.len(), 2, "{opinions:?}");
    assert_eq!(office.app.events(), ["workflow.approved", "workflow.approved"]);
}

// proves: F-01, FLOW-03
#[test]
fn three_days_go_on_to_the_general_manager() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.three_days());
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "running");
    office.approve(ZHOU_YUANHANG);
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "completed");
    assert_eq!(office.list(FANG_YUE, "copied").len(), 1);
    assert_eq!(office.list(ZHOU_YUANHANG, "copied").len(), 0, "he approved it, he needs no copy");
}

// proves: TRACE-01, TRACE-03
#[test]
fn the_trace_of_a_case_replays_to_its_state() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.three_days());
    let task = office.task(ZHAO_QING);
    let back = json!({ "to": "start", "then": "straight_back", "text": "请写明事由" });
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/return"), back).ok();
    let task = office.task(LIN_XIAO);
    let again = json!({ "values": { "reason": "家人就医" }, "confirmed": true });
    office.app.as_(LIN_XIAO).post(&format!("/tasks/{task}/resubmission"), again).ok();
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/comments"), json!({ "text": "已补充" })).ok();
    for person in [ZHAO_QING, XU_JING, ZHOU_YUANHANG] {
        office.approve(person);
    }
    let id: CaseId = case.parse().unwrap();
    let (entries, stored) = office.app.read(move |tx| {
        let page = hanlin_trace::list_stream(tx, &format!("workflow/case/{id}"), &PageRequest::default())?;
        let stored: hanlin_store::Json<engine::Case> =
            tx.scalar("select state from workflow_case where id = $1", hanlin_store::params![id])?;
        Ok((page.items, stored.0))
    });
    let events: Vec<engine::Event> = entries
        .iter()
        .flat_map(|entry| entry.payload.clone().unwrap()["events"].as_array().unwrap().clone())
        .map(|event| serde_json::from_value(event).unwrap())
        .collect();
    let draft = engine::Case::draft(stored.initiator.clone());
    assert_eq!(engine::replay(draft, &events), stored);
    assert!(entries.iter().all(|entry| entry.person.is_some()), "each entry names who did it");
    assert!(entries.iter().all(|entry| entry.at == START.parse().unwrap()), "by the server's clock");
}

// proves: FORM-13
#[test]
fn nothing_is_submitted_without_the_confirmation() {
    let office = Office::new();
    let mut request = office.half_day();
    request["confirmed"] = json!(false);
    let refused = office.app.as_(LIN_XIAO).post("/cases", request).refused(422);
    assert_eq!(refused["fields"][0]["field"], "confirmed");
    assert_eq!(office.waiting(ZHAO_QING), 0);
}

// proves: FORM-02
#[test]
fn what_is_wrong_stands_at_its_field() {
    let office = Office::new();
    let mut request = office.half_day();
    request["values"] = json!({ "kind": "holiday on the moon" });
    let refused = office.app.as_(LIN_XIAO).post("/cases", request).refused(422);
    let fields: Vec<&str> =
        refused["fields"].as_array().unwrap().iter().map(|wrong| wrong["field"].as_str().unwrap()).collect();
    for field in ["values.kind", "values.period", "values.reason"] {
        assert!(fields.contains(&field), "{field} is missing from {fields:?}");
    }
    let mut request = office.half_day();
    request["values"]["salary"] = json!("1");
    office.app.as_(LIN_XIAO).post("/cases", request).refused(422);
}

// proves: FLOW-28
#[test]
fn the_prediction_tells_the_way_and_on_what_it_depends() {
    let office = Office::new();
    let ask = |values| {
        let asked = json!({ "values": values });
        office.app.as_(LIN_XIAO).post(&format!("/flows/{}/prediction", office.leave), asked).ok()
    };
    let unknown = ask(json!({}));
    assert_eq!(unknown["route"]["fork"]["depends_on"], json!(["period"]));
    let ways: Vec<&str> = unknown["route"]["fork"]["branches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|way| way["branch"].as_str().unwrap())
        .collect();
    assert_eq!(ways, ["short", "long"], "the two conditions leave no third way");
    let known = ask(office.half_day()["values"].clone());
    assert!(known["route"]["fork"].is_null());
    assert_eq!(known["values"]["period"]["days"], "0.5");
    let people = known["people"].as_object().unwrap();
    let names: Vec<&str> = people.values().map(|person| person["name"].as_str().unwrap()).collect();
    for name in ["赵晴", "许静", "周远航", "方悦"] {
        assert!(names.contains(&name), "{name} is missing from {names:?}");
    }
    assert_eq!(office.app.events(), Vec::<String>::new(), "looking ahead does nothing");
}

// proves: TIME-14, TRACE-06
#[test]
fn opening_a_case_is_kept_for_each_person() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    assert_eq!(office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0]["unread"], true);
    office.app.as_(ZHAO_QING).post(&format!("/cases/{case}/reads"), json!({})).ok();
    assert_eq!(office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0]["unread"], false);
    assert_eq!(
        office.case(LIN_XIAO, &case)["seen"].as_array().map(Vec::len),
        Some(1),
        "the initiator sees that it was opened"
    );
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    let counts = office.app.as_(FANG_YUE).get("/counts").ok();
    assert_eq!((&counts["copied_unread"], &counts["notifications_unread"]), (&json!(1), &json!(1)));
    office.app.as_(FANG_YUE).post(&format!("/cases/{case}/reads"), json!({})).ok();
    office.app.as_(FANG_YUE).post(&format!("/cases/{case}/reads"), json!({})).ok();
    let counts = office.app.as_(FANG_YUE).get("/counts").ok();
    assert_eq!((&counts["copied_unread"], &counts["notifications_unread"]), (&json!(0), &json!(0)));
    let copies = office.case(LIN_XIAO, &case)["copies"].as_array().unwrap().clone();
    let read: Vec<bool> = copies.iter().map(|copy| !copy["read_at"].is_null()).collect();
    assert_eq!(read.iter().filter(|read| **read).count(), 1);
}
