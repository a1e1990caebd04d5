//! Using units: registered, renamed and deregistered by reviewed orders, and the register of them.

use hanlin_directory::cast::*;
use hanlin_kernel::UnitId;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::office::{Office, codes, path};

fn rename(name: &str) -> Value {
    json!({ "change": "rename_unit", "unit": QINGLAN_TRADE, "name": { "zh": name } })
}

fn found() -> Value {
    json!({ "change": "create_unit", "key": "south", "parent": QINGLAN, "kind": "outpost", "name": { "zh": "华南办事处" },
            "code": "south" })
}

fn entry(office: &Office, name: &str) -> Value {
    let listed = office.app.as_(GAO_XIANG).get("/unit_registry").ok();
    let found = listed["items"].as_array().unwrap().iter().find(|unit| unit["name"]["zh"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {listed}")).clone()
}

fn try_issue(office: &Office, order: &Value) -> hanlin_testkit::Said {
    let issue = office.app.as_(XU_JING).header("If-Match", order["version"].clone());
    issue.post(&path(order, "/issue"), json!({}))
}

fn try_review(office: &Office, by: hanlin_kernel::PersonId, order: &Value) -> hanlin_testkit::Said {
    let review = office.app.as_(by).header("If-Match", order["version"].clone());
    review.post(&path(order, "/review"), json!({}))
}

// proves: ORG-18
#[test]
fn an_order_on_a_unit_is_reviewed_by_somebody_who_did_not_draft_it() {
    let office = Office::new();
    office.app.grant(XU_JING, &[crate::VERIFY]);
    let order = office.draft(json!([rename("青岚国际")]), None);
    assert_eq!(order["awaits_review"], true);
    assert!(office.told(GAO_XIANG).contains(&"orders.notice.review".to_owned()));
    assert_eq!(try_issue(&office, &order).refused(409)["code"], "orders.not_reviewed");
    assert_eq!(try_review(&office, XU_JING, &order).refused(409)["code"], "orders.own_draft");
    let reviewed = office.review(&order);
    assert_eq!((&reviewed["awaits_review"], &reviewed["reviewed_by"]["name"]), (&json!(false), &json!("高翔")));
    assert_eq!(try_review(&office, GAO_XIANG, &reviewed).refused(409)["code"], "orders.nothing_to_review");
    // Another word in it, and what was approved is not what would be issued.
    let mut content = reviewed["content"].clone();
    content["changes"] = json!([rename("青岚环球")]);
    let edit = office.app.as_(XU_JING).header("If-Match", reviewed["version"].clone());
    let edited = edit.put(&path(&order, ""), content).ok();
    assert_eq!(edited["awaits_review"], true);
    assert_eq!(try_issue(&office, &edited).refused(409)["code"], "orders.not_reviewed");
    let issued = office.issue(&office.review(&edited));
    assert_eq!(issued["state"], "applied");
    let department = json!({ "change": "rename_department", "department": DESIGN, "name": { "zh": "体验设计部" } });
    let plain = office.draft(json!([department]), None);
    assert_eq!((&plain["awaits_review"], &office.issue(&plain)["state"]), (&json!(false), &json!("applied")));
}

fn give_back(office: &Office, by: hanlin_kernel::PersonId, order: &Value, reason: &str) -> hanlin_testkit::Said {
    let give_back = office.app.as_(by).header("If-Match", order["version"].clone());
    give_back.post(&path(order, "/return"), json!({ "reason": reason }))
}

fn can(order: &Value, verb: &str) -> bool {
    order["can"].as_array().unwrap().contains(&json!(verb))
}

// proves: ORG-18
#[test]
fn an_order_that_was_given_back_is_changed_and_presented_again() {
    let office = Office::new();
    let order = office.draft(json!([rename("青岚国际")]), None);
    assert!(can(&office.order(&order), "return") && !can(&order, "return"), "nobody gives back what he wrote");
    office.app.events();
    let missing = give_back(&office, GAO_XIANG, &order, "  ").refused(422);
    assert_eq!(missing["fields"][0]["code"], "orders.return_reason_missing");
    give_back(&office, GAO_XIANG, &order, &"长".repeat(2_001)).refused(422);
    give_back(&office, XU_JING, &order, "不妥").refused(403);
    assert_eq!(office.app.events(), [""; 0], "what was refused changes nothing");

    let returned = give_back(&office, GAO_XIANG, &order, "名称未经核准").ok();
    assert_eq!((&returned["is_returned"], &returned["awaits_review"]), (&json!(true), &json!(false)));
    assert_eq!(
        (&returned["returned"]["by"]["name"], &returned["returned"]["reason"]),
        (&json!("高翔"), &json!("名称未经核准"))
    );
    assert!(office.app.events().contains(&"orders.returned".to_owned()), "it is on record");
    assert!(office.told(XU_JING).contains(&"orders.notice.returned".to_owned()));
    assert!(!can(&returned, "review") && !can(&office.app.as_(XU_JING).get(&path(&order, "")).ok(), "issue"));
    for refused in [
        try_review(&office, GAO_XIANG, &returned),
        give_back(&office, GAO_XIANG, &returned, "再说一遍"),
        try_issue(&office, &returned),
    ] {
        let code = refused.refused(409)["code"].clone();
        assert!(["orders.given_back", "orders.not_reviewed"].contains(&code.as_str().unwrap()), "{code}");
    }

    let asked = office.told(GAO_XIANG).iter().filter(|code| *code == "orders.notice.review").count();
    let mut content = returned["content"].clone();
    content["changes"] = json!([rename("青岚环球")]);
    let edit = office.app.as_(XU_JING).header("If-Match", returned["version"].clone());
    let again = edit.put(&path(&order, ""), content).ok();
    assert_eq!((&again["awaits_review"], &again["is_returned"]), (&json!(true), &json!(false)));
    assert!(again["returned"]["answered_at"].is_string(), "what was said stays to be seen");
    let now = office.told(GAO_XIANG).iter().filter(|code| *code == "orders.notice.review").count();
    assert_eq!(now, asked + 1, "the reviewers are asked again");
    assert_eq!(office.issue(&office.review(&again))["state"], "applied");
}

// proves: ORG-18, UNIT-05
#[test]
fn a_returned_order_is_not_issued_where_no_review_is_asked_for() {
    let office = Office::new();
    office.app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let parameters = json!({ "order.unit_review": "none" });
    let clause = json!({ "unit": QINGLAN, "number": "3", "text": { "zh": "不复核" }, "policy": "order", "parameters": parameters });
    office.app.as_(GAO_XIANG).post("/clauses", clause).ok();
    let order = office.draft(json!([rename("青岚国际")]), None);
    let returned = give_back(&office, GAO_XIANG, &order, "再想想").ok();
    assert_eq!(try_issue(&office, &returned).refused(409)["code"], "orders.given_back");
}

// proves: ORG-18, UNIT-05
#[test]
fn whether_orders_on_units_are_reviewed_is_a_clause() {
    let office = Office::new();
    office.app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let parameters = json!({ "order.unit_review": "none" });
    let clause = json!({ "unit": QINGLAN, "number": "3", "text": { "zh": "不复核" }, "policy": "order", "parameters": parameters });
    office.app.as_(GAO_XIANG).post("/clauses", clause).ok();
    let order = office.draft(json!([rename("青岚国际")]), None);
    assert_eq!(order["awaits_review"], false);
    assert_eq!(office.issue(&order)["state"], "applied");
}

// proves: ORG-18, UNIT-02
#[test]
fn the_register_says_who_registered_renamed_and_closed_a_unit_and_by_which_order() {
    let office = Office::new();
    let old = entry(&office, "青岚贸易有限公司（示例）");
    assert_eq!(
        (&old["state"], old["registered"].get("order")),
        (&json!("in_use"), None),
        "entered before there were orders"
    );
    let made = office.issue(&office.review(&office.draft(json!([found(), rename("青岚国际")]), None)));
    let south = entry(&office, "华南办事处");
    assert_eq!((&south["state"], &south["registered"]["order"]), (&json!("in_use"), &made["id"]));
    assert_eq!(
        (&south["registered"]["issued_by"]["name"], &south["registered"]["reviewed_by"]["name"]),
        (&json!("许静"), &json!("高翔"))
    );
    assert_eq!(south["parent"]["zh"], "青岚集团（示例）");
    assert_eq!(south["seats"]["kinds"][0]["vacant"], 1, "it has named nobody yet");
    let renamed = entry(&office, "青岚国际");
    assert_eq!(renamed["former_names"][0]["name"]["zh"], "青岚贸易有限公司（示例）");
    assert_eq!(renamed["former_names"][0]["until"]["order"], made["id"]);
    office.app.clock.advance(SignedDuration::from_hours(24));
    let unit: UnitId = south["id"].as_str().unwrap().parse().unwrap();
    let close = json!([{ "change": "close_unit", "unit": unit }]);
    let closing = office.issue(&office.review(&office.draft(close, None)));
    let gone = entry(&office, "华南办事处");
    assert_eq!((&gone["state"], &gone["closed"]["order"]), (&json!("closed"), &closing["id"]));
    assert!(gone.get("seats").is_none() && gone["registered"]["order"] == made["id"], "{gone}");
    office.app.as_(FANG_YUE).get("/unit_registry").refused(403);
}

// proves: ORG-18, PERM-03
#[test]
fn the_register_shows_each_the_units_in_his_reach() {
    let office = Office::new();
    let trade = hanlin_kernel::Scopes { units: [QINGLAN_TRADE].into(), ..hanlin_kernel::Scopes::default() };
    office.app.grant_over(QIN_YUE, &[crate::READ], trade);
    let listed = office.app.as_(QIN_YUE).get("/unit_registry").ok();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    assert!(listed["items"][0].get("seats").is_none(), "seats are shown to those who keep them");
}

// proves: ORG-19 (only: an order that lets somebody go lists the seats he vacates)
#[test]
fn the_seats_of_one_who_goes_hang_on_the_order() {
    let office = Office::new();
    let seat = json!({ "kind": "leader", "person": SONG_YANG, "post": "产品中心总经理", "contact": "8001" });
    office.app.as_(GAO_XIANG).post(&format!("/units/{QINGLAN}/seats"), seat).ok();
    let order = office.draft(json!([{ "change": "leave", "person": SONG_YANG, "successor": CHEN_MO }]), None);
    let seen = office.preview(&order);
    let item = seen["items"].as_array().unwrap().iter().find(|item| item["code"] == "seat_of_leaver").expect("listed");
    assert_eq!((&item["args"]["seat"]["zh"], &item["attention"]), (&json!("主管领导"), &json!(true)));
    let issued = office.issue(&order);
    assert!(codes(&issued["checklist"], true).contains(&"seat_of_leaver".to_owned()));
    office.app.settle();
    let seats = office.app.as_(GAO_XIANG).get(&format!("/units/{QINGLAN}/seats")).ok();
    assert_eq!(seats["kinds"][0]["vacant"], 1);
    assert_eq!(seats["ever"][0]["ended_because"], "left");
}
