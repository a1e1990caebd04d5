//! The promise at the boundary, on either engine.

use hanlin_directory::{MANAGE, READ, cast::*};
use hanlin_kernel::{Actor, Grant, Scopes};
use hanlin_testkit::{As, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// 高翔 manages everything, 秦岳 the subsidiary; 林晓 reads everything.
fn app() -> TestApp {
    let modules = [
        hanlin_directory::module(),
        hanlin_rulebook::module(),
        hanlin_access::module(),
        hanlin_notify::module(Vec::new()),
        crate::module(),
    ];
    let app = TestApp::new(modules.into());
    app.write(load_sample);
    let grant = |permission: hanlin_kernel::Permission, scopes: &Scopes| Grant {
        permission: permission.0.into(),
        scopes: scopes.clone(),
    };
    let all = Scopes::everything();
    let manager = [READ, MANAGE, hanlin_rulebook::MANAGE].map(|permission| grant(permission, &all)).to_vec();
    app.acting(Actor { unit: Some(QINGLAN), grants: manager, ..Actor::person(GAO_XIANG) });
    app.grant(LIN_XIAO, &[READ]);
    let trade = Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() };
    app.grant_over(QIN_YUE, &[READ, MANAGE], trade);
    app.events();
    app
}

fn rule(app: &TestApp, unit: hanlin_kernel::UnitId, number: &str, parameters: Value) {
    let clause = json!({ "unit": unit, "number": number, "text": { "zh": "资料须完整" }, "policy": "profile", "parameters": parameters });
    app.as_(GAO_XIANG).post("/clauses", clause).ok();
    app.events();
}

fn change(by: &As<'_>, person: hanlin_kernel::PersonId, version: u64, body: Value) -> hanlin_testkit::Said {
    by.clone().header("If-Match", version).patch(&format!("/people/{person}"), body)
}

#[test]
fn an_edit_names_the_version_it_is_based_on() {
    let app = app();
    let path = format!("/people/{LIN_XIAO}");
    let gao = app.as_(GAO_XIANG);
    let body = json!({ "name": "林晓晓", "email": null });
    gao.patch(&path, body.clone()).refused(422);
    let changed = gao.clone().header("If-Match", "\"1\"").patch(&path, body.clone()).ok();
    assert_eq!((&changed["name"], changed.get("email"), &changed["version"]), (&json!("林晓晓"), None, &json!(2)));
    gao.clone().header("If-Match", "\"1\"").patch(&path, body).refused(412);
    assert_eq!(gao.get("/people?q=lxx").ok()["items"][0]["name"], "林晓晓", "found under the new name at once");
    assert_eq!(app.events(), ["directory.person_changed"]);
}

// proves: ORG-07, ORG-22 (only: everybody completes his own profile)
#[test]
fn a_new_number_keeps_the_person_and_one_that_somebody_has_is_refused() {
    let app = app();
    let lin = app.as_(LIN_XIAO);
    let taken = change(&lin, LIN_XIAO, 1, json!({ "mobile": "+86 199-0000-0022" })).refused(409);
    assert_eq!((&taken["code"], &taken["args"]["mobile"]), (&json!("directory.mobile_taken"), &json!("19900000022")));
    assert_eq!(lin.get("/profile").ok()["version"], 1, "nothing has changed");
    let before = lin.get(&format!("/people/{LIN_XIAO}")).ok();
    let after =
        change(&lin, LIN_XIAO, 1, json!({ "mobile": "199 1111 1111", "office_phone": "021-00000000-8777" })).ok();
    assert_eq!((&after["phone"], &after["office_phone"]), (&json!("19911111111"), &json!("021-00000000-8777")));
    assert_eq!((&after["id"], &after["appointments"]), (&before["id"], &before["appointments"]), "the same person");
    assert_eq!(app.events(), ["directory.person_changed"], "with what was before and after");
    change(&lin, LIN_XIAO, 2, json!({ "name": "林小小" })).refused(403);
    change(&lin, WU_TONG, 1, json!({ "mobile": "19922222222" })).refused(403);
    change(&app.as_(QIN_YUE), LIN_XIAO, 2, json!({ "mobile": "19922222222" })).refused(404);
    let freed = change(&app.as_(GAO_XIANG), WU_TONG, 1, json!({ "mobile": "19900000021" })).ok();
    assert_eq!(freed["phone"], "19900000021", "the old number is nobody's any more");
}

// proves: ORG-22 (only: company domain only), UNIT-05
#[test]
fn a_mailbox_elsewhere_is_refused_in_words() {
    let app = app();
    rule(&app, QINGLAN, "第五条", json!({ "profile.email_domains": ["qinglan.example"] }));
    rule(&app, QINGLAN_TRADE, "3.2", json!({ "profile.email_domains": ["trade.example"] }));
    let gao = app.as_(GAO_XIANG);
    let refused = change(&app.as_(LIN_XIAO), LIN_XIAO, 1, json!({ "email": "lin@elsewhere.example" })).refused(422);
    assert_eq!(refused["fields"][0]["code"], "rulebook.foreign_mailbox");
    assert_eq!(refused["fields"][0]["args"]["domains"], "qinglan.example");
    change(&gao, LIN_XIAO, 1, json!({ "email": "lin@elsewhere.example" })).refused(422);
    change(&gao, BAI_LU, 1, json!({ "email": "bai@qinglan.example" })).refused(422);
    change(&gao, BAI_LU, 1, json!({ "email": "bai@trade.example" })).ok();
    change(&app.as_(LIN_XIAO), LIN_XIAO, 1, json!({ "email": "lin@hr.qinglan.example" })).ok();
    let profile = app.as_(BAI_LU).get("/profile").ok();
    assert_eq!(profile["email_domains_by"]["number"], "3.2", "the rule of her own unit is shown");
    assert_eq!(profile["email_domains_by"]["unit"]["zh"], "青岚贸易有限公司（示例）");
    assert!(profile.get("required_by").is_none(), "nobody decided what is required");
    app.nobody().get("/profile").refused(401);
}

// proves: ORG-22 (only: company domain only), ORG-06
#[test]
fn a_newcomers_mailbox_is_held_to_the_rule_of_the_unit_he_begins_in() {
    let app = app();
    rule(&app, QINGLAN, "第五条", json!({ "profile.email_domains": ["qinglan.example"] }));
    let gao = app.as_(GAO_XIANG);
    let post = gao.get("/posts").ok()["items"][0]["id"].clone();
    let join = |mailbox: &str| {
        let place = json!({ "kind": "department", "id": HR });
        gao.post("/people", json!({ "name": "新人甲", "email": mailbox, "post": post, "place": place }))
    };
    let refused = join("xinren@elsewhere.example").refused(422);
    assert_eq!(refused["fields"][0]["code"], "rulebook.foreign_mailbox");
    assert_eq!(app.events(), [""; 0], "nobody has joined");
    assert_eq!(join("xinren@qinglan.example").ok()["email"], "xinren@qinglan.example");
    app.as_(LIN_XIAO).post("/people", json!({})).refused(403);
}

// proves: ORG-22
#[test]
fn what_is_missing_is_measured_by_person_and_by_department() {
    let app = app();
    let gao = app.as_(GAO_XIANG);
    rule(&app, QINGLAN, "第五条", json!({ "profile.required": ["mobile", "office_phone"] }));
    assert_eq!(gao.get("/completeness").ok()["percent"], 100, "all of the sample have both");
    change(&gao, LIN_XIAO, 1, json!({ "office_phone": null })).ok();
    let all = gao.get("/completeness").ok();
    assert_eq!((&all["people"], &all["complete"], &all["percent"]), (&json!(153), &json!(152), &json!(99)));
    assert_eq!(all["places"][0]["name"]["zh"], "平台组", "the least complete first");
    let lacking = gao.get("/completeness/people").ok();
    assert_eq!(
        (&lacking["items"][0]["name"], &lacking["items"][0]["missing"]),
        (&json!("林晓"), &json!(["office_phone"]))
    );
    assert_eq!(lacking["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(gao.get(&format!("/completeness?department={HR}")).ok()["percent"], 100);
    assert_eq!(app.as_(LIN_XIAO).get("/profile").ok()["missing"], json!(["office_phone"]));
    app.as_(LIN_XIAO).get("/completeness").refused(403);
}

#[test]
fn who_manages_one_unit_measures_that_unit() {
    let app = app();
    rule(&app, QINGLAN, "第五条", json!({ "profile.email_domains": ["nowhere.example"] }));
    let qin = app.as_(QIN_YUE);
    let all = qin.get("/completeness").ok();
    let lacking = qin.get("/completeness/people?limit=2").ok();
    assert_eq!((&all["people"], &all["complete"]), (&json!(5), &json!(0)), "the mailboxes of the sample are elsewhere");
    assert_eq!(lacking["items"].as_array().map(Vec::len), Some(2));
    let next = lacking["next"].as_str().unwrap();
    let rest = qin.get(&format!("/completeness/people?limit=200&after={next}")).ok();
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(qin.get("/completeness/people?after=x").refused(422)["fields"][0]["code"], "contacts.bad_cursor");
    assert_eq!(qin.post("/completeness/chases", json!({})).ok(), json!({ "told": 5, "already": 0 }));
}

// proves: ORG-22 (only: completeness is chased)
#[test]
fn nobody_is_asked_twice_a_day() {
    let app = app();
    let gao = app.as_(GAO_XIANG);
    assert_eq!(gao.post("/completeness/chases", json!({})).ok()["told"], 0, "nobody lacks anything");
    assert_eq!(app.events(), Vec::<String>::new());
    change(&gao, LIN_XIAO, 1, json!({ "office_phone": null, "email": null })).ok();
    change(&gao, BAI_LU, 1, json!({ "mobile": null })).ok();
    let place = json!({ "place": { "kind": "unit", "id": QINGLAN_TRADE } });
    assert_eq!(gao.post("/completeness/chases", place).ok(), json!({ "told": 1, "already": 0 }));
    assert_eq!(gao.post("/completeness/chases", json!({})).ok(), json!({ "told": 1, "already": 1 }));
    assert_eq!(gao.post("/completeness/chases", json!({})).ok(), json!({ "told": 0, "already": 2 }));
    let told = app.as_(LIN_XIAO).get("/notifications").ok();
    assert_eq!(told["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["items"][0]["code"], "contacts.notice.incomplete");
    assert_eq!(
        told["items"][0]["args"]["missing"],
        json!({ "zh": "办公电话、单位邮箱", "en": "office phone, company mailbox" })
    );
    app.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(gao.post("/completeness/chases", json!({})).ok(), json!({ "told": 2, "already": 0 }));
    assert!(gao.get("/completeness/people").ok()["items"][0]["asked_at"].is_string());
    app.as_(LIN_XIAO).post("/completeness/chases", json!({})).refused(403);
}
