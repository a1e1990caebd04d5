//! Completed cases are revoked and changed by those who approved them (FLOW-24).

use hanlin_directory::cast::{FANG_YUE, LIN_XIAO, WU_TONG, XU_JING, ZHAO_QING, ZHOU_YUANHANG};
use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::office::Office;

/// Half a day of leave that both have approved.
fn completed(office: &Office) -> String {
    let case = office.submit(LIN_XIAO, office.half_day());
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "completed");
    case
}

fn revoking() -> Value {
    json!({ "kind": "revoke", "confirmed": true, "values": { "follow_up_reason": "行程取消" } })
}

fn changing(values: Value) -> Value {
    let mut values = values;
    values["follow_up_reason"] = json!("日期写错");
    json!({ "kind": "change", "confirmed": true, "values": values })
}

fn on(day: &str) -> Value {
    json!({ "period": { "from": { "date": day, "half": "am" }, "to": { "date": day, "half": "am" } } })
}

fn ask(office: &Office, person: PersonId, case: &str, body: Value) -> String {
    office.app.as_(person).post(&format!("/cases/{case}/follow_ups"), body).id()
}

fn refused(office: &Office, person: PersonId, case: &str, body: Value) -> Value {
    office.app.as_(person).post(&format!("/cases/{case}/follow_ups"), body).refused(409)["code"].clone()
}

fn kinds(trace: &[Value]) -> Vec<&str> {
    trace.iter().filter_map(|event| event["event"].as_str()).collect()
}

// proves: FLOW-24, TRACE-01
#[test]
fn a_revocation_goes_to_those_who_approved_and_then_the_case_counts_no_longer() {
    let office = Office::new();
    let case = completed(&office);
    let before = office.case(LIN_XIAO, &case);
    assert_eq!(before["can"], json!(["revoke", "change"]));
    assert_eq!(office.case(ZHAO_QING, &case)["can"], json!([]), "only its initiator asks for it");
    let start = office.app.as_(LIN_XIAO).get(&format!("/cases/{case}/follow_up?kind=revoke")).ok();
    let steps = start["route"]["steps"].as_array().unwrap();
    let people: Vec<&Value> =
        steps.iter().filter(|step| step["kind"] == "approve").map(|step| &step["people"]).collect();
    assert_eq!(people.len(), 2, "{steps:?}");
    assert_eq!(start["rights"]["fields"]["period"], "read");

    assert!(start.get("standing").is_none(), "it has done nothing in modules");

    let follow_up = ask(&office, LIN_XIAO, &case, revoking());
    let asked = office.case(LIN_XIAO, &follow_up);
    assert_ne!(asked["number"], before["number"], "it has a number of its own");
    assert_eq!(asked["title"]["zh"], "撤销：请假申请 · 林晓");
    assert_eq!(asked["values"]["follow_up_of"], json!([case]));
    assert_eq!(asked["cases"][&case]["readable"], true);
    let told = office.case(LIN_XIAO, &case);
    assert_eq!(told["status"], "completed", "it counts until they have agreed");
    assert_eq!(told["follow_ups"][0]["case"]["id"], json!(follow_up));
    assert_eq!(told["follow_ups"][0]["reason"], "行程取消");
    assert_eq!(told["can"], json!([]), "one at a time");
    assert_eq!(refused(&office, LIN_XIAO, &case, revoking()), "workflow.follow_up_open");

    office.approve(ZHAO_QING);
    assert_eq!(office.waiting(XU_JING), 1);
    office.approve(XU_JING);
    let told = office.case(ZHAO_QING, &case);
    assert_eq!((&told["status"], &told["stage"]), (&json!("revoked"), &json!("closed")));
    assert_eq!(told["opinions"], before["opinions"], "what was said stays as it was said");
    assert_eq!(told["values"], before["values"]);
    assert_eq!(told["follow_ups"][0]["took_effect"], true);
    assert_eq!(kinds(&office.trace(&case)).last(), Some(&"revoked"));
    assert_eq!(
        office.trace(&case).last().unwrap()["follow_up"],
        json!(follow_up),
        "the trace names the case that did it"
    );
    assert!(kinds(&office.trace(&follow_up)).contains(&"finished"));
    for copied in [ZHOU_YUANHANG, FANG_YUE] {
        assert_eq!(office.list(copied, "copied").len(), 2, "who got a copy of the first hears of the second");
    }
    let revoked = office.app.as_(LIN_XIAO).get("/cases?list=started&status=revoked").ok();
    assert_eq!(revoked["items"].as_array().unwrap().len(), 1, "lists show it and find it");
    assert_eq!(office.case(LIN_XIAO, &case)["can"], json!([]), "it is revoked once");
    assert_eq!(refused(&office, LIN_XIAO, &case, revoking()), "workflow.not_completed");
}

// proves: FLOW-24
#[test]
fn what_is_rejected_or_withdrawn_leaves_the_case_as_it_was_and_can_be_asked_again() {
    let office = Office::new();
    let case = completed(&office);
    let first = ask(&office, LIN_XIAO, &case, revoking());
    let task = office.task(ZHAO_QING);
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/rejection"), json!({ "text": "已安排人手" })).ok();
    assert_eq!(office.case(LIN_XIAO, &first)["status"], "rejected");
    let second = ask(&office, LIN_XIAO, &case, revoking());
    office.app.as_(LIN_XIAO).post(&format!("/cases/{second}/withdrawal"), json!({})).ok();
    let told = office.case(LIN_XIAO, &case);
    assert_eq!(told["status"], "completed");
    assert_eq!(told["can"], json!(["revoke", "change"]));
    let effects: Vec<&Value> = told["follow_ups"].as_array().unwrap().iter().map(|one| &one["took_effect"]).collect();
    assert_eq!(effects, [&json!(false), &json!(false)]);
    assert!(!kinds(&office.trace(&case)).contains(&"revoked"));
}

// proves: FLOW-24, TRACE-01, TRACE-03
#[test]
fn a_change_gives_new_values_and_keeps_the_old_ones_beside_them() {
    let office = Office::new();
    let case = completed(&office);
    let before = office.case(LIN_XIAO, &case);
    let follow_up = ask(&office, LIN_XIAO, &case, changing(on("2026-03-06")));
    assert_eq!(office.case(LIN_XIAO, &case)["values"], before["values"], "they hold when they are approved");
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    let told = office.case(ZHAO_QING, &case);
    assert_eq!(told["status"], "completed");
    assert_eq!(told["values"]["period"]["from"]["date"], "2026-03-06", "the new values are the valid ones");
    let change = &told["follow_ups"][0]["changes"][0];
    assert_eq!(change["field"], "period");
    assert_eq!(change["before"]["from"]["date"], "2026-03-05");
    assert_eq!(change["after"]["from"]["date"], "2026-03-06");
    assert_eq!(told["opinions"], before["opinions"]);
    assert_eq!(office.trace(&case).last().unwrap()["event"], "amended");
    let rows = office.list(LIN_XIAO, "started");
    let row = rows.iter().find(|row| row["id"] == json!(case)).unwrap();
    assert_eq!(row["amended"], true);
    assert_eq!(rows.iter().find(|row| row["id"] == json!(follow_up)).unwrap()["amended"], false);
    // After a change it can be revoked, with the values that hold now.
    let revocation = ask(&office, LIN_XIAO, &case, revoking());
    assert_eq!(office.case(LIN_XIAO, &revocation)["values"]["period"]["from"]["date"], "2026-03-06");
}

// proves: FLOW-24, FORM-05
#[test]
fn what_changes_nothing_goes_elsewhere_or_is_not_to_be_changed_is_refused_and_leaves_nothing() {
    let office = Office::new();
    let case = completed(&office);
    assert_eq!(refused(&office, LIN_XIAO, &case, changing(on("2026-03-05"))), "workflow.nothing_changed");
    let longer = json!({ "period": { "from": { "date": "2026-03-04", "half": "am" },
        "to": { "date": "2026-03-06", "half": "pm" } } });
    let other_way = refused(&office, LIN_XIAO, &case, changing(longer));
    assert_eq!(other_way, "workflow.other_way", "three days go to the general manager, who approved nothing");
    let path = format!("/cases/{case}/follow_ups");
    let kind = changing(json!({ "kind": "annual" }));
    let wrong = office.app.as_(LIN_XIAO).post(&path, kind).refused(422);
    assert_eq!(wrong["fields"], json!([{ "field": "values.kind", "code": "forms.not_writable" }]));
    let silent = json!({ "kind": "revoke", "confirmed": true, "values": {} });
    let wrong = office.app.as_(LIN_XIAO).post(&path, silent).refused(422);
    assert_eq!(wrong["fields"][0]["field"], "values.follow_up_reason");
    let unconfirmed = json!({ "kind": "revoke", "values": { "follow_up_reason": "行程取消" } });
    assert_eq!(office.app.as_(LIN_XIAO).post(&path, unconfirmed).status, 422);

    assert_eq!(refused(&office, ZHAO_QING, &case, revoking()), "workflow.not_the_initiator");
    assert_eq!(office.app.as_(WU_TONG).post(&path, revoking()).status, 404, "who may not see it is told nothing");
    let running = office.submit(LIN_XIAO, office.half_day());
    assert_eq!(refused(&office, LIN_XIAO, &running, revoking()), "workflow.not_completed");
    let told = office.case(LIN_XIAO, &case);
    assert_eq!(told["follow_ups"], json!([]));
    assert_eq!(office.list(LIN_XIAO, "started").len(), 2, "what was refused left no case behind");
}

// proves: FLOW-24, TIME-11
#[test]
fn an_agent_who_may_start_asks_for_it_under_both_names() {
    let office = Office::new();
    let case = completed(&office);
    let now = office.app.read(|tx| Ok(tx.now()));
    let until = now + jiff::SignedDuration::from_hours(48);
    let agency = json!({ "agent": ZHAO_QING, "valid_from": now, "valid_to": until, "reason": "出差",
        "may_start": true, "may_decide": false });
    office.app.as_(LIN_XIAO).post("/agencies", agency).ok();
    assert_eq!(office.case(ZHAO_QING, &case)["can"], json!(["revoke", "change"]));
    let follow_up = ask(&office, ZHAO_QING, &case, revoking());
    let initiator = &office.case(LIN_XIAO, &follow_up)["initiator"];
    assert_eq!(initiator["person"], json!(ZHAO_QING));
    assert_eq!(initiator["on_behalf_of"], json!(LIN_XIAO));
    // She decides nothing in what she handed in herself: her own superior does.
    assert_eq!(office.waiting(ZHAO_QING), 0);
}
