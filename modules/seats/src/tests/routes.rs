//! The promise at the boundary, on either engine.

use hanlin_directory::{MANAGE, READ, cast::*};
use hanlin_kernel::{Actor, Grant, PersonId, Scopes, UnitId};
use hanlin_testkit::{Said, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// 高翔 manages everything, 秦岳 the trading subsidiary; 林晓 reads everything.
fn app() -> TestApp {
    let app = TestApp::new(vec![hanlin_directory::module(), hanlin_rulebook::module(), crate::module()]);
    app.write(load_sample);
    let all = Scopes::everything();
    let grant = |permission: hanlin_kernel::Permission| Grant { permission: permission.0.into(), scopes: all.clone() };
    let grants = [READ, MANAGE, hanlin_rulebook::MANAGE].map(grant).to_vec();
    app.acting(Actor { unit: Some(QINGLAN), grants, ..Actor::person(GAO_XIANG) });
    app.grant(LIN_XIAO, &[READ]);
    let trade = Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() };
    app.grant_over(QIN_YUE, &[READ, MANAGE], trade);
    app.events();
    app
}

fn seat(kind: &str, person: PersonId) -> Value {
    json!({ "kind": kind, "person": person, "post": "综合部主任", "contact": "199-0000-0099" })
}

fn name(app: &TestApp, by: PersonId, unit: UnitId, seat: Value) -> Said {
    app.as_(by).post(&format!("/units/{unit}/seats"), seat)
}

/// How a unit stands with one kind of seat.
fn of_kind(app: &TestApp, unit: UnitId, kind: &str) -> Value {
    let seats = app.as_(GAO_XIANG).get(&format!("/units/{unit}/seats")).ok();
    seats["kinds"].as_array().unwrap().iter().find(|each| each["kind"] == kind).unwrap().clone()
}

/// The units with a vacant seat that somebody is shown.
fn vacant(app: &TestApp, by: PersonId) -> Vec<String> {
    let listed = app.as_(by).get("/seats?vacant=true").ok();
    listed["items"].as_array().unwrap().iter().map(|unit| unit["name"]["zh"].as_str().unwrap().to_owned()).collect()
}

const TRADE: &str = "青岚贸易有限公司（示例）";

// proves: ORG-19
#[test]
fn a_unit_whose_seats_are_all_given_is_not_among_the_vacant() {
    let app = app();
    assert!(vacant(&app, GAO_XIANG).contains(&TRADE.to_owned()), "nobody is named yet");
    let first = of_kind(&app, QINGLAN_TRADE, "leader");
    assert_eq!((&first["required"], &first["vacant"]), (&json!(1), &json!(1)));
    assert!(first["vacant_since"].is_string(), "since the unit is in use");
    for (kind, person) in [("leader", QIN_YUE), ("administrator", YU_MIN), ("operator", BAI_LU), ("operator", YU_MIN)] {
        name(&app, GAO_XIANG, QINGLAN_TRADE, seat(kind, person)).ok();
    }
    assert!(!vacant(&app, GAO_XIANG).contains(&TRADE.to_owned()));
    let operators = of_kind(&app, QINGLAN_TRADE, "operator");
    assert_eq!(operators["seats"].as_array().map(Vec::len), Some(2), "one is enough, more are welcome");
    assert_eq!(operators["seats"][0]["contact"], "199-0000-0099");
    assert_eq!(app.events(), ["seats.named"; 4]);
}

// proves: ORG-19
#[test]
fn a_change_is_registered_with_the_successors_name_post_and_contact() {
    let app = app();
    let blank = json!({ "kind": "leader", "person": QIN_YUE, "post": " ", "contact": "" });
    let refused = name(&app, GAO_XIANG, QINGLAN_TRADE, blank).refused(422);
    let fields: Vec<_> = refused["fields"].as_array().unwrap().iter().map(|each| each["field"].clone()).collect();
    assert_eq!(fields, ["post", "contact"], "the three fields of the registration are all asked for");
    assert_eq!(app.events(), Vec::<String>::new(), "and nothing was changed");
    let named = name(&app, GAO_XIANG, QINGLAN_TRADE, seat("leader", QIN_YUE)).ok();
    let before = named["ever"][0]["id"].clone();
    let taken = name(&app, GAO_XIANG, QINGLAN_TRADE, seat("leader", YU_MIN)).refused(409);
    assert_eq!((&taken["code"], &taken["args"]["most"]), (&json!("seats.seat_taken"), &json!(1)));
    let twice = name(&app, GAO_XIANG, QINGLAN_TRADE, {
        let mut again = seat("leader", QIN_YUE);
        again["instead_of"] = before.clone();
        again
    });
    assert_eq!(twice.refused(409)["code"], "seats.seated_already");
    app.clock.advance(SignedDuration::from_hours(24));
    let mut next = seat("leader", YU_MIN);
    next["post"] = json!("副总经理");
    next["instead_of"] = before;
    let after = name(&app, GAO_XIANG, QINGLAN_TRADE, next).ok();
    let (new, old) = (&after["ever"][0], &after["ever"][1]);
    assert_eq!((&new["person"]["name"], &new["post"]), (&json!("余敏"), &json!("副总经理")));
    assert_eq!((&old["person"]["name"], &old["ended_because"]), (&json!("秦岳"), &json!("succeeded")));
    assert_eq!(old["valid_to"], new["valid_from"], "one ends when the other begins");
    assert_eq!(of_kind(&app, QINGLAN_TRADE, "leader")["vacant"], 0);
    let elsewhere = seat("operator", LIN_XIAO);
    let mut elsewhere = elsewhere;
    elsewhere["instead_of"] = new["id"].clone();
    assert_eq!(name(&app, GAO_XIANG, QINGLAN_TRADE, elsewhere).refused(409)["code"], "seats.another_seat");
}

// proves: ORG-19
#[test]
fn a_leaver_vacates_his_seat_and_the_list_says_since_when() {
    let app = app();
    for kind in ["leader", "administrator", "operator"] {
        name(&app, GAO_XIANG, QINGLAN_TRADE, seat(kind, YU_MIN)).ok();
    }
    assert!(!vacant(&app, GAO_XIANG).contains(&TRADE.to_owned()));
    app.clock.advance(SignedDuration::from_hours(24));
    let gone_at = app.db.now();
    let leave = app.as_(GAO_XIANG).header("If-Match", 1);
    leave.post(&format!("/people/{YU_MIN}/departure"), json!({})).ok();
    assert!(vacant(&app, GAO_XIANG).contains(&TRADE.to_owned()), "at once, before any news came round");
    app.settle();
    app.clock.advance(SignedDuration::from_hours(24));
    let kind = of_kind(&app, QINGLAN_TRADE, "administrator");
    let since: jiff::Timestamp = kind["vacant_since"].as_str().unwrap().parse().unwrap();
    assert_eq!((since, &kind["vacant"]), (gone_at, &json!(1)));
    let ever = app.as_(GAO_XIANG).get(&format!("/units/{QINGLAN_TRADE}/seats")).ok();
    assert!(ever["ever"].as_array().unwrap().iter().all(|seat| seat["ended_because"] == "left"), "{ever}");
    assert_eq!(app.events().iter().filter(|event| *event == "seats.ended").count(), 3);
    let refused = name(&app, GAO_XIANG, QINGLAN_TRADE, seat("leader", YU_MIN)).refused(409);
    assert_eq!(refused["code"], "seats.not_in_service");
}

// proves: ORG-19, UNIT-05
#[test]
fn how_many_seats_a_unit_needs_is_a_clause() {
    let app = app();
    let parameters = json!({ "seat.operators": 2, "seat.leaders": 0 });
    let clause = json!({ "unit": QINGLAN_TRADE, "number": "9.1", "text": { "zh": "操作员两名" }, "policy": "seat", "parameters": parameters });
    app.as_(GAO_XIANG).post("/clauses", clause).ok();
    let operators = of_kind(&app, QINGLAN_TRADE, "operator");
    assert_eq!((&operators["required"], &operators["vacant"]), (&json!(2), &json!(2)));
    assert_eq!(operators["required_by"], "9.1");
    assert_eq!(of_kind(&app, QINGLAN_TRADE, "leader")["vacant"], 0, "this unit needs none");
    assert_eq!(of_kind(&app, QINGLAN, "operator")["required"], 1, "the rule is the subsidiary's own");
    name(&app, GAO_XIANG, QINGLAN_TRADE, seat("operator", BAI_LU)).ok();
    assert_eq!(of_kind(&app, QINGLAN_TRADE, "operator")["vacant"], 1);
}

// proves: ORG-19, PERM-03
#[test]
fn each_sees_and_fills_the_seats_of_his_units() {
    let app = app();
    assert_eq!(vacant(&app, QIN_YUE), [TRADE]);
    let all = app.as_(GAO_XIANG).get("/seats").ok();
    assert!(all["items"].as_array().unwrap().len() >= 3, "the administrator sees the whole subtree");
    app.as_(LIN_XIAO).get("/seats").refused(403);
    name(&app, QIN_YUE, QINGLAN_TRADE, seat("leader", QIN_YUE)).ok();
    name(&app, QIN_YUE, QINGLAN, seat("leader", QIN_YUE)).refused(404);
    app.as_(QIN_YUE).get(&format!("/units/{QINGLAN}/seats")).refused(404);
    let named = name(&app, GAO_XIANG, QINGLAN, seat("leader", ZHOU_YUANHANG)).ok();
    let path = format!("/seats/{}/end", named["ever"][0]["id"].as_str().unwrap());
    app.as_(QIN_YUE).post(&path, json!({})).refused(404);
    let ended = app.as_(GAO_XIANG).post(&path, json!({})).ok();
    assert_eq!(ended["ever"][0]["ended_because"], "given_up");
    assert_eq!(app.as_(GAO_XIANG).post(&path, json!({})).refused(409)["code"], "seats.seat_not_in_force");
}
