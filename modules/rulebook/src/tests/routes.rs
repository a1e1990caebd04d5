//! The promise at the boundary, on either engine.

use hanlin_api::Module;
use hanlin_directory::cast::{self, GAO_XIANG, JIANG_CHUAN, LIN_XIAO, QIN_YUE, QINGLAN, QINGLAN_TRADE};
use hanlin_kernel::{Actor, PersonId, Scopes, UnitId};
use hanlin_testkit::TestApp;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{MANAGE, catalogue, rules};

/// The sample organisation: Gao Xiang manages every rulebook, Qin Yue that of the subsidiary.
fn app() -> TestApp {
    let directory = Module { migrations: hanlin_directory::MIGRATIONS, ..Module::named("directory") };
    let app = TestApp::new(vec![directory, crate::module()]);
    app.write(cast::load_sample);
    belongs(&app, LIN_XIAO, QINGLAN);
    belongs(&app, JIANG_CHUAN, QINGLAN_TRADE);
    belongs(&app, GAO_XIANG, QINGLAN);
    belongs(&app, QIN_YUE, QINGLAN_TRADE);
    app.grant(GAO_XIANG, &[MANAGE]);
    app.grant_over(QIN_YUE, &[MANAGE], Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() });
    app.events();
    app
}

fn belongs(app: &TestApp, person: PersonId, unit: UnitId) {
    app.acting(Actor { unit: Some(unit), ..Actor::person(person) });
}

fn idle(unit: UnitId, number: &str, minutes: i64) -> Value {
    json!({
        "unit": unit, "number": number, "text": { "zh": "暂停工作须退出系统" },
        "policy": "session", "parameters": { "session.idle_minutes": minutes },
    })
}

fn effective(app: &TestApp, person: PersonId, name: &str) -> Value {
    let parameters = app.as_(person).get("/parameters").ok();
    let found = parameters.as_array().unwrap().iter().find(|parameter| parameter["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}"))["values"].clone()
}

// proves: RULE-21, ACC-15
#[test]
fn a_clause_of_the_group_holds_in_the_subsidiary_until_it_has_its_own() {
    let app = app();
    app.as_(GAO_XIANG).post("/clauses", idle(QINGLAN, "第十二条", 20)).ok();
    let values = effective(&app, JIANG_CHUAN, "session.idle_minutes");
    assert_eq!(values[0]["value"], 20);
    assert_eq!(values[0]["clause"]["number"], "第十二条");
    assert_eq!(values[0]["clause"]["unit"], QINGLAN.to_string());
    app.as_(QIN_YUE).post("/clauses", idle(QINGLAN_TRADE, "3.1", 10)).ok();
    assert_eq!(effective(&app, JIANG_CHUAN, "session.idle_minutes")[2]["value"], 10);
    assert_eq!(effective(&app, LIN_XIAO, "session.idle_minutes")[2]["value"], 20);
}

// proves: PERM-14
#[test]
fn only_who_manages_the_rulebook_of_a_unit_changes_it() {
    let app = app();
    let id = app.as_(GAO_XIANG).post("/clauses", idle(QINGLAN, "12", 20)).id();
    let path = format!("/clauses/{id}");
    app.as_(LIN_XIAO).post("/clauses", idle(QINGLAN, "13", 5)).refused(403);
    app.as_(LIN_XIAO).header("If-Match", 1).put(&path, idle(QINGLAN, "12", 5)).refused(403);
    app.as_(QIN_YUE).header("If-Match", 1).put(&path, idle(QINGLAN, "12", 5)).refused(403);
    app.as_(QIN_YUE).post("/rulebook_presets/001-A/load", json!({ "unit": QINGLAN })).refused(403);
    assert_eq!(app.as_(LIN_XIAO).get(&path).ok()["can"], json!(["read"]), "a rule is no secret to those it binds");
    assert_eq!(app.as_(GAO_XIANG).get(&path).ok()["can"], json!(["read", "change"]));
    assert_eq!(effective(&app, LIN_XIAO, "session.idle_minutes")[0]["value"], 20);
}

// proves: PERM-02
#[test]
fn what_a_neighbour_rules_for_itself_is_not_shown() {
    let app = app();
    let id = app.as_(QIN_YUE).post("/clauses", idle(QINGLAN_TRADE, "3.1", 10)).id();
    app.as_(LIN_XIAO).get(&format!("/clauses/{id}")).refused(404);
    app.as_(LIN_XIAO).get(&format!("/clauses?unit={QINGLAN_TRADE}")).refused(404);
    app.as_(LIN_XIAO).get(&format!("/parameters?unit={QINGLAN_TRADE}")).refused(404);
    assert_eq!(app.as_(LIN_XIAO).get("/clauses").ok()["items"], json!([]));
    assert_eq!(app.as_(JIANG_CHUAN).get("/clauses").ok()["items"][0]["id"], id);
    app.nobody().get("/clauses").refused(401);
}

// proves: PERM-14
#[test]
fn a_change_is_recorded_with_old_and_new_values() {
    let recorder = std::sync::Arc::new(Kept::default());
    let setup = hanlin_testkit::Setup { recorder: Some(recorder.clone()), ..Default::default() };
    let directory = Module { migrations: hanlin_directory::MIGRATIONS, ..Module::named("directory") };
    let app = TestApp::with(vec![directory, crate::module()], setup);
    app.write(cast::load_sample);
    app.grant(GAO_XIANG, &[MANAGE]);
    let id = app.as_(GAO_XIANG).post("/clauses", idle(QINGLAN, "12", 20)).id();
    app.as_(GAO_XIANG).header("If-Match", 1).put(&format!("/clauses/{id}"), idle(QINGLAN, "12", 10)).ok();
    let entries = recorder.0.lock().unwrap();
    let changed = entries.iter().find(|entry| entry.kind == "rulebook.clause_changed").unwrap();
    assert_eq!(changed.stream, format!("rulebook/clause/{id}"));
    assert_eq!(changed.person, Some(GAO_XIANG));
    assert_eq!(changed.payload["old"]["parameters"], json!({ "session.idle_minutes": 20 }));
    assert_eq!(changed.payload["new"]["parameters"], json!({ "session.idle_minutes": 10 }));
}

#[derive(Default)]
struct Kept(std::sync::Mutex<Vec<hanlin_kernel::Recorded>>);

impl hanlin_store::Recorder for Kept {
    fn record(&self, _tx: &mut hanlin_store::Tx, entries: &[hanlin_kernel::Recorded]) -> hanlin_kernel::Result<()> {
        self.0.lock().unwrap().extend_from_slice(entries);
        Ok(())
    }
}

#[test]
fn what_held_before_a_change_can_still_be_asked() {
    let app = app();
    let id = app.as_(GAO_XIANG).post("/clauses", idle(QINGLAN, "12", 20)).id();
    let before = app.db.now();
    app.clock.advance(SignedDuration::from_hours(24));
    app.as_(GAO_XIANG).header("If-Match", 1).put(&format!("/clauses/{id}"), idle(QINGLAN, "12", 10)).ok();
    let now = app.db.now();
    let held = app.read(move |tx| {
        let rules = rules(tx)?;
        Ok([before, now].map(|at| rules.parameter(Some(QINGLAN), at, &catalogue::SESSION_IDLE_MINUTES).value))
    });
    assert_eq!(held, [20, 10]);
    let history = app.as_(GAO_XIANG).get(&format!("/clauses/{id}")).ok();
    assert_eq!(history["versions"][0]["version"], 2);
    assert_eq!(history["versions"][1]["valid_to"], history["versions"][0]["valid_from"]);
}

#[test]
fn a_change_for_a_later_day_waits_for_it() {
    let app = app();
    let id = app.as_(GAO_XIANG).post("/clauses", idle(QINGLAN, "12", 20)).id();
    let mut planned = idle(QINGLAN, "12", 10);
    planned["valid_from"] = json!("2026-03-09T00:00:00Z");
    app.as_(GAO_XIANG).header("If-Match", 1).put(&format!("/clauses/{id}"), planned.clone()).ok();
    assert_eq!(effective(&app, LIN_XIAO, "session.idle_minutes")[0]["value"], 20);
    app.clock.set("2026-03-09T00:00:00Z".parse().unwrap());
    assert_eq!(effective(&app, LIN_XIAO, "session.idle_minutes")[0]["value"], 10);
    planned["valid_from"] = json!("2026-03-08T00:00:00Z");
    let refused = app.as_(GAO_XIANG).header("If-Match", 2).put(&format!("/clauses/{id}"), planned).refused(409);
    assert_eq!(refused["code"], "rulebook.retroactive");
}

#[test]
fn an_edit_of_a_version_that_is_no_more_is_refused() {
    let app = app();
    let path = format!("/clauses/{}", app.as_(GAO_XIANG).post("/clauses", idle(QINGLAN, "12", 20)).id());
    app.as_(GAO_XIANG).header("If-Match", 1).put(&path, idle(QINGLAN, "12", 10)).ok();
    app.as_(GAO_XIANG).header("If-Match", 1).put(&path, idle(QINGLAN, "12", 15)).refused(412);
    app.as_(GAO_XIANG).put(&path, idle(QINGLAN, "12", 15)).refused(422);
}

#[test]
fn two_clauses_of_a_unit_cannot_rule_the_same_thing() {
    let app = app();
    app.as_(GAO_XIANG).post("/clauses", idle(QINGLAN, "12", 20)).ok();
    let refused = app.as_(GAO_XIANG).post("/clauses", idle(QINGLAN, "13", 10)).refused(409);
    assert_eq!(refused["code"], "rulebook.parameter_taken");
    assert_eq!(refused["args"], json!({ "parameter": "session.idle_minutes", "number": "12" }));
    let longest = json!({
        "unit": QINGLAN, "number": "12", "text": { "zh": "条款" },
        "policy": "session", "parameters": { "session.longest_hours": 8 },
    });
    assert_eq!(app.as_(GAO_XIANG).post("/clauses", longest).refused(409)["code"], "rulebook.number_taken");
}

#[test]
fn what_is_wrong_with_a_clause_is_said_field_by_field() {
    let app = app();
    let mut clause = idle(QINGLAN, "12", 100_000);
    clause["text"] = json!({ "zh": "" });
    let refused = app.as_(GAO_XIANG).post("/clauses", clause).refused(422);
    assert_eq!(refused["fields"][0]["code"], "rulebook.text_missing");
    assert_eq!(refused["fields"][1]["field"], "parameters.session.idle_minutes");
    assert_eq!(refused["fields"][1]["args"], json!({ "min": 2, "max": 1440 }));
}

// proves: RULE-21
#[test]
fn a_mode_that_nothing_keeps_is_refused_and_not_ignored() {
    let app = app();
    let mut clause = idle(QINGLAN, "12", 30);
    clause["mode"] = json!("record");
    let refused = app.as_(GAO_XIANG).post("/clauses", clause.clone()).refused(422);
    assert_eq!(
        (&refused["fields"][0]["field"], &refused["fields"][0]["code"]),
        (&json!("mode"), &json!("rulebook.mode_not_of_parameter"))
    );
    clause["mode"] = json!("block");
    let kept = app.as_(GAO_XIANG).post("/clauses", clause).ok();
    assert_eq!(kept["modes"], json!(["block"]));
}

// proves: RULE-21, ACC-08, ACC-09
#[test]
fn a_documents_set_is_loaded_as_a_whole_and_single_values_changed() {
    let app = app();
    let admin = app.as_(GAO_XIANG);
    let load = |name: &str| admin.post(&format!("/rulebook_presets/{name}/load"), json!({ "unit": QINGLAN })).ok();
    assert_eq!(load("001-A"), json!({ "added": 3, "changed": 0 }));
    let lengths = effective(&app, LIN_XIAO, "password.min_length");
    assert_eq!([&lengths[0]["value"], &lengths[1]["value"], &lengths[2]["value"]], [6, 8, 11]);
    assert_eq!(effective(&app, LIN_XIAO, "password.composition")[0]["mode"], "warn");
    assert_eq!(load("001-A"), json!({ "added": 0, "changed": 0 }), "loading again changes nothing");

    let clauses = admin.get("/clauses").ok();
    let clause = &clauses["items"][0];
    let mut content = clause.clone();
    content["parameters"]["password.min_length"]["business"] = json!(9);
    content.as_object_mut().unwrap().remove("valid_from");
    let path = format!("/clauses/{}", clause["id"].as_str().unwrap());
    app.clock.advance(SignedDuration::from_mins(1));
    admin.clone().header("If-Match", clause["version"].clone()).put(&path, content).ok();
    assert_eq!(effective(&app, LIN_XIAO, "password.min_length")[0]["value"], 9);
    assert_eq!(load("001-A"), json!({ "added": 0, "changed": 1 }), "the document's value comes back");
    assert_eq!(effective(&app, LIN_XIAO, "password.min_length")[0]["value"], 6);
}

// proves: RULE-21 (the part that what a set would change is shown before it is loaded)
#[test]
fn what_a_set_would_change_is_shown_and_nothing_is_done() {
    let app = app();
    let admin = app.as_(GAO_XIANG);
    let preview =
        |name: &str| admin.post(&format!("/rulebook_presets/{name}/preview"), json!({ "unit": QINGLAN })).ok();
    let load = |name: &str| admin.post(&format!("/rulebook_presets/{name}/load"), json!({ "unit": QINGLAN })).ok();
    let kinds = |name: &str| -> Vec<String> {
        let changes = preview(name);
        changes.as_array().unwrap().iter().map(|change| change["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds("001-A"), ["added", "added", "added"]);
    assert_eq!(app.events(), [""; 0], "nothing is done");
    load("001-A");
    assert_eq!(kinds("001-A"), [""; 0], "loading it again would change nothing");
    app.clock.advance(SignedDuration::from_mins(1));
    let changes = preview("001-D");
    let first = &changes[0];
    assert_eq!((&first["kind"], &first["before"]), (&json!("added"), &Value::Null));
    let other: Vec<&str> =
        changes.as_array().unwrap()[1..].iter().map(|change| change["kind"].as_str().unwrap()).collect();
    assert_eq!(other.len(), 2, "{changes}");
    assert!(other.iter().all(|kind| ["gives_way", "ends"].contains(kind)), "{changes}");
    let composition = effective(&app, LIN_XIAO, "password.composition");
    assert_eq!(composition[0]["mode"], "warn", "what holds is still the first");
    load("001-D");
    assert_eq!(kinds("001-D"), [""; 0]);
    admin.post("/rulebook_presets/no-such/preview", json!({ "unit": QINGLAN })).refused(404);
    app.as_(LIN_XIAO).post("/rulebook_presets/001-A/preview", json!({ "unit": QINGLAN })).refused(403);
}

// proves: RULE-21
#[test]
fn loading_another_documents_set_makes_the_first_give_way_where_they_differ() {
    let app = app();
    let admin = app.as_(GAO_XIANG);
    let load = |name: &str| admin.post(&format!("/rulebook_presets/{name}/load"), json!({ "unit": QINGLAN })).ok();
    load("001-A");
    app.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(load("001-D"), json!({ "added": 1, "changed": 2 }), "composition and age were 001-A's");
    let composition = effective(&app, LIN_XIAO, "password.composition");
    assert_eq!((&composition[0]["value"], &composition[0]["mode"]), (&json!("required"), &json!("block")));
    let age = effective(&app, LIN_XIAO, "password.expires_days");
    assert_eq!((&age[0]["value"], &age[0]["clause"]["number"]), (&json!(90), &json!("001-D 二.1")));
    assert_eq!(effective(&app, LIN_XIAO, "password.min_length")[0]["value"], 6, "001-D says nothing on it");
    app.clock.advance(SignedDuration::from_mins(1));
    load("default");
    assert_eq!(effective(&app, LIN_XIAO, "password.min_length")[0]["value"], 8);
    assert!(app.events().ends_with(&["rulebook.preset_loaded".to_owned()]));
    admin.post("/rulebook_presets/no-such/load", json!({ "unit": QINGLAN })).refused(404);
    assert_eq!(admin.get("/rulebook_presets").ok().as_array().unwrap().len(), 9);
}
