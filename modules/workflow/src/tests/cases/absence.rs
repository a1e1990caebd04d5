//! Who asks to be away names who acts for him meanwhile (TIME-12).

use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, WU_TONG, XU_JING, ZHAO_QING};
use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::office::{Office, publish};

const TRIP: &str = include_str!("../../../../../presets/003-f/f-02-business-trip.flow.yaml");

/// Three days in Hangzhou.
fn trip(flow: &str) -> Value {
    let period =
        json!({ "from": { "date": "2026-03-10", "half": "am" }, "to": { "date": "2026-03-12", "half": "pm" } });
    let values = json!({ "destination": "杭州", "period": period, "transport": "train", "purpose": "客户现场部署",
        "budget": "3200.00" });
    json!({ "flow": flow, "confirmed": true, "values": values })
}

fn publish_trip(office: &Office) -> String {
    office.app.write(|tx| publish(tx, TRIP)).to_string()
}

/// He does everything for her in this time, by her clock.
fn name_agent(office: &Office, principal: PersonId, agent: PersonId, from: &str, until: &str) -> Value {
    let at = |day: &str| format!("{day}T00:00:00+08:00");
    let agency = json!({ "agent": agent, "valid_from": at(from), "valid_to": at(until), "may_decide": true });
    office.app.as_(principal).post("/agencies", agency).ok()
}

fn only_warn(office: &Office) {
    office.app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let clause = json!({
        "unit": QINGLAN, "number": "4.4", "text": { "zh": "出差须授权代理人" }, "policy": "workflow", "mode": "warn",
        "parameters": { "workflow.absence_agent_days": 5 },
    });
    office.app.as_(GAO_XIANG).post("/clauses", clause).ok();
}

// proves: TIME-12
#[test]
fn a_trip_without_an_agent_for_all_of_it_is_refused_in_words_and_leaves_nothing() {
    let office = Office::new();
    let flow = publish_trip(&office);
    let asked = trip(&flow);
    let refused = office.app.as_(LIN_XIAO).post("/cases", asked.clone()).refused(422);
    let wanted = json!([{ "field": "values.period", "code": "workflow.absence_without_agent",
        "args": { "from": "2026-03-10", "until": "2026-03-12", "days": 5 } }]);
    assert_eq!(refused["fields"], wanted);
    assert!(office.list(LIN_XIAO, "started").is_empty());

    name_agent(&office, LIN_XIAO, WU_TONG, "2026-03-10", "2026-03-12");
    let path = format!("/flows/{flow}/prediction");
    let foretold = office.app.as_(LIN_XIAO).post(&path, json!({ "values": asked["values"] })).ok();
    assert_eq!(foretold["absence"]["covered"], false, "the last day is open");
    office.app.as_(LIN_XIAO).post("/cases", asked.clone()).refused(422);

    name_agent(&office, LIN_XIAO, XU_JING, "2026-03-12", "2026-03-13");
    let foretold = office.app.as_(LIN_XIAO).post(&path, json!({ "values": asked["values"] })).ok();
    assert_eq!((&foretold["absence"]["needed"], &foretold["absence"]["covered"]), (&json!(true), &json!(true)));
    let case = office.submit(LIN_XIAO, asked);
    let told = office.case(ZHAO_QING, &case);
    let agents: Vec<&Value> = told["absence"]["agents"].as_array().unwrap().iter().map(|one| &one["person"]).collect();
    assert_eq!(agents, [&json!(WU_TONG), &json!(XU_JING)], "whoever approves it sees who acts meanwhile");
    assert_eq!(told["people"][WU_TONG.to_string()]["name"], "吴桐");
    office.approve(ZHAO_QING);
}

// proves: TIME-12
#[test]
fn an_absence_is_long_from_as_many_working_days_as_the_rule_says() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.three_days());
    assert_eq!(office.case(ZHAO_QING, &case)["absence"]["needed"], false);
    let week = office.request(("2026-03-09", "am"), ("2026-03-13", "pm"));
    let refused = office.app.as_(LIN_XIAO).post("/cases", week.clone()).refused(422);
    assert_eq!(refused["fields"][0]["code"], "workflow.absence_without_agent");
    // A weekend is not counted: Friday to Monday are two days.
    office.submit(LIN_XIAO, office.request(("2026-03-13", "am"), ("2026-03-16", "pm")));
    name_agent(&office, LIN_XIAO, WU_TONG, "2026-03-09", "2026-03-14");
    office.submit(LIN_XIAO, week);
}

// proves: TIME-12
#[test]
fn it_is_not_approved_either_when_the_agent_is_no_longer_there() {
    let office = Office::new();
    let flow = publish_trip(&office);
    let agency = name_agent(&office, LIN_XIAO, WU_TONG, "2026-03-10", "2026-03-13");
    let case = office.submit(LIN_XIAO, trip(&flow));
    let end = format!("/agencies/{}/end", agency["id"].as_str().unwrap());
    office.app.as_(LIN_XIAO).header("If-Match", agency["version"].clone()).post(&end, json!({ "reason": "" })).ok();
    let task = office.task(ZHAO_QING);
    let approval = format!("/tasks/{task}/approval");
    let refused = office.app.as_(ZHAO_QING).post(&approval, json!({ "text": "同意" })).refused(409);
    assert_eq!(refused["code"], "workflow.no_agent_meanwhile");
    assert_eq!(office.case(ZHAO_QING, &case)["absence"]["agents"], json!([]));
    assert_eq!(office.waiting(ZHAO_QING), 1, "it still waits for her");
    name_agent(&office, LIN_XIAO, XU_JING, "2026-03-10", "2026-03-13");
    office.app.as_(ZHAO_QING).post(&approval, json!({ "text": "同意" })).ok();
}

// proves: TIME-12, RULE-21
#[test]
fn where_the_clause_only_warns_it_passes_and_both_are_told_and_noted() {
    let office = Office::new();
    let flow = publish_trip(&office);
    only_warn(&office);
    let done = office.app.as_(LIN_XIAO).post("/cases", trip(&flow)).ok();
    let warning = &done["warnings"][0];
    assert_eq!(warning["code"], "workflow.broken.workflow.absence_agent_days", "{done}");
    assert_eq!((&warning["args"]["clause"], &warning["args"]["from"]), (&json!("4.4"), &json!("2026-03-10")));
    let case = done["id"].as_str().unwrap();
    let told = office.case(ZHAO_QING, case);
    assert_eq!((&told["absence"]["covered"], &told["absence"]["refused"]), (&json!(false), &json!(false)));
    let task = office.task(ZHAO_QING);
    let approved = office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/approval"), json!({ "text": "同意" })).ok();
    assert_eq!(approved["warnings"][0]["code"], "workflow.broken.workflow.absence_agent_days");
    let noted = office.trace(case).iter().filter(|event| event["event"] == "rule_broken").count();
    assert_eq!(noted, 2, "once when it was asked for, once when it was approved");
}
