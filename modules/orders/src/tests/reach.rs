use hanlin_directory::cast::*;
use hanlin_kernel::Scopes;
use jiff::SignedDuration;
use serde_json::json;

use super::office::{OUTSIDER, Office, path};

fn rename() -> serde_json::Value {
    json!([{ "change": "rename_department", "department": DESIGN, "name": { "zh": "体验设计部" } }])
}

// proves: ORG-02, PERM-02, PERM-03
#[test]
fn orders_are_issued_by_personnel_for_their_units_and_for_what_they_manage() {
    let office = Office::new();
    let order = office.draft(rename(), None);
    office.app.as_(OUTSIDER).get("/orders").refused(403);
    let trade = Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() };
    office.app.grant_over(QIN_YUE, &[crate::READ, crate::ISSUE, hanlin_directory::MANAGE], trade);
    assert_eq!(office.app.as_(QIN_YUE).get("/orders").ok()["items"], json!([]));
    office.app.as_(QIN_YUE).get(&path(&order, "")).refused(404);
    let own = json!({ "unit": QINGLAN_TRADE, "title": "越权", "changes": rename() });
    let own = office.app.as_(QIN_YUE).post("/orders", own).ok();
    let seen = office.app.as_(QIN_YUE).post(&path(&own, "/preview"), json!({})).ok();
    assert_eq!(seen["problem"]["change"], 0, "what he does not manage he cannot order: {seen}");
    let issue =
        office.app.as_(QIN_YUE).header("If-Match", own["version"].clone()).post(&path(&own, "/issue"), json!({}));
    assert_eq!(issue.refused(409)["code"], "orders.change_refused");
    let verify = office.app.as_(XU_JING).header("If-Match", 1).post(&path(&order, "/verification"), json!({}));
    verify.refused(403);
}

#[test]
fn what_is_wrong_with_an_order_is_said_field_by_field() {
    let office = Office::new();
    let bad = json!({
        "unit": QINGLAN, "title": " ",
        "changes": [{ "change": "move_department", "department": DESIGN, "to": { "kind": "new", "id": "x" } }],
    });
    let refused = office.app.as_(XU_JING).post("/orders", bad).refused(422);
    let codes: Vec<_> = refused["fields"].as_array().unwrap().iter().map(|field| field["code"].clone()).collect();
    assert_eq!(codes, ["orders.title_missing", "orders.key_unknown"]);
    let past = office.app.db.now() - SignedDuration::from_hours(1);
    let late = office.draft(rename(), Some(past));
    let issue =
        office.app.as_(XU_JING).header("If-Match", late["version"].clone()).post(&path(&late, "/issue"), json!({}));
    assert_eq!(issue.refused(409)["code"], "orders.effective_in_the_past");
}

// proves: ORG-02
#[test]
fn a_withdrawn_order_does_nothing_at_its_time() {
    let office = Office::new();
    let at = office.app.db.now() + SignedDuration::from_hours(1);
    let order = office.issue(&office.draft(rename(), Some(at)));
    let before = office.picture();
    let withdraw = office.app.as_(XU_JING).header("If-Match", order["version"].clone());
    assert_eq!(withdraw.post(&path(&order, "/withdrawal"), json!({})).ok()["state"], "withdrawn");
    office.app.clock.set(at + SignedDuration::from_hours(1));
    office.app.settle();
    assert_eq!(office.picture(), before);
    let stale = office.app.as_(XU_JING).header("If-Match", order["version"].clone());
    stale.post(&path(&order, "/issue"), json!({})).refused(412);
}

// proves: ORG-13
#[test]
fn all_that_waits_at_somebody_is_listed_and_given_to_another_in_one_action() {
    let office = Office::new();
    office.leave_request();
    office.leave_request();
    let at = format!("/people/{ZHAO_QING}/holdings");
    office.app.as_(OUTSIDER).get(&at).refused(403);
    let held = office.app.as_(GAO_XIANG).get(&at).ok();
    assert_eq!(held["tasks"].as_array().map(Vec::len), Some(2));
    assert_eq!(held["tasks"][0]["initiator"]["name"], "林晓");
    let give = |to, reason: &str| {
        let body = json!({ "successor": to, "reason": reason });
        office.app.as_(GAO_XIANG).post(&format!("/people/{ZHAO_QING}/hand_over"), body)
    };
    assert_eq!(give(CHEN_MO, " ").refused(422)["fields"][0]["code"], "orders.reason_missing");
    assert_eq!(give(ZHAO_QING, "休假").refused(409)["code"], "orders.no_successor");
    // It is her own leave: it cannot be hers to decide, and stays to be given to somebody else.
    let own = give(LIN_XIAO, "离职").ok();
    assert_eq!((&own["handed_over"], own["left"].as_array().map(Vec::len)), (&json!(0), Some(2)));
    assert_eq!(own["left"][0]["code"], "workflow.own_case");
    assert_eq!(give(CHEN_MO, "离职").ok()["handed_over"], 2);
    assert_eq!(office.waiting(CHEN_MO).len(), 2);
    assert!(office.app.events().contains(&"orders.handed_over".to_owned()));
}
