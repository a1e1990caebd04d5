//! Roles and grants through the API, and why somebody may what he may.

use hanlin_directory::cast::{GAO_XIANG, IT, JIANG_CHUAN, LIN_XIAO, QIN_YUE, QINGLAN, QINGLAN_TRADE, SALES, XU_JING};
use hanlin_testkit::As;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Office;

fn permission(name: &str, person: hanlin_kernel::PersonId, scope: &str) -> Value {
    json!({
        "what": { "kind": "permission", "name": name },
        "subject": { "kind": "person", "id": person }, "scope": scope, "reason": "岗位需要",
    })
}

fn permissions(browser: &As<'_>) -> Vec<String> {
    serde_json::from_value(browser.get("/session").ok()["permissions"].clone()).unwrap()
}

// proves: PERM-01
#[test]
fn the_three_base_roles_exist_and_more_are_defined_freely() {
    let office = Office::sample();
    let admin = office.browser("gaoxiang");
    let roles = admin.get("/roles").ok();
    let codes: Vec<&str> = roles.as_array().unwrap().iter().map(|role| role["code"].as_str().unwrap()).collect();
    assert_eq!(codes[..3], ["system_administrator", "department_administrator", "employee"]);
    let auditor = json!({
        "code": "auditor", "name": { "zh": "审计员", "en": "Auditor" }, "permissions": ["access.review"],
    });
    let role = admin.post("/roles", auditor.clone()).ok();
    assert_eq!(admin.post("/roles", auditor).refused(409)["code"], "access.role_code_taken");
    let employee = office.browser("linxiao");
    employee.get("/sign_in_log").refused(403);
    let grant = json!({
        "what": { "kind": "role", "name": role["id"] },
        "subject": { "kind": "person", "id": LIN_XIAO }, "scope": "all",
    });
    admin.post("/grants", grant).ok();
    employee.get("/sign_in_log").ok();
    let unknown = json!({ "code": "x", "name": { "zh": "某" }, "permissions": ["no.such"] });
    assert_eq!(admin.post("/roles", unknown).refused(422)["fields"][0]["code"], "access.permission_unknown");
}

#[test]
fn a_change_of_a_role_holds_at_once_for_everybody_who_has_it() {
    let office = Office::sample();
    let (admin, employee) = (office.browser("gaoxiang"), office.browser("linxiao"));
    let roles = admin.get("/roles").ok();
    let role = &roles[2];
    let path = format!("/roles/{}", role["id"].as_str().unwrap());
    let wider = json!({ "name": role["name"], "permissions": ["directory.read", "access.review"] });
    admin.clone().header("If-Match", 1).put(&path, wider.clone()).ok();
    assert_eq!(permissions(&employee), ["access.review", "directory.read"]);
    admin.clone().header("If-Match", 1).put(&path, wider.clone()).refused(412);
    let system = format!("/roles/{}", roles[0]["id"].as_str().unwrap());
    assert_eq!(admin.clone().header("If-Match", 1).put(&system, wider).refused(409)["code"], "access.built_in");
    let changed = &office.recorded("access.role_changed")[0];
    assert_eq!(changed["old"]["permissions"], json!(["directory.read"]));
}

// proves: PERM-01
#[test]
fn rights_go_to_people_groups_and_posts_for_a_while() {
    let office = Office::sample();
    let admin = office.browser("gaoxiang");
    let employee = office.browser("linxiao");
    let me = employee.get("/session").ok();
    let post = &me["appointments"][0]["post"]["id"];
    let grant = json!({
        "what": { "kind": "permission", "name": "access.review" },
        "subject": { "kind": "post", "id": post }, "scope": "department",
        "valid_to": "2026-03-03T01:00:00Z",
    });
    admin.post("/grants", grant).ok();
    assert_eq!(permissions(&employee), ["access.review", "directory.read"]);
    assert_eq!(permissions(&office.browser("wutong")), ["access.review", "directory.read"], "an engineer too");
    assert_eq!(permissions(&office.browser("zhaoqing")), ["directory.read"]);
    office.app.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(permissions(&office.browser("linxiao")), ["directory.read"]);
    let backwards = json!({
        "what": { "kind": "permission", "name": "access.review" },
        "subject": { "kind": "everyone" }, "scope": "own", "valid_to": "2026-03-01T00:00:00Z",
    });
    assert_eq!(office.browser("gaoxiang").post("/grants", backwards).refused(422)["fields"][0]["field"], "valid_to");
}

// proves: PERM-14
#[test]
fn a_right_that_is_withdrawn_is_gone_with_the_next_request() {
    let office = Office::sample();
    let (admin, employee) = (office.browser("gaoxiang"), office.browser("linxiao"));
    let grant = admin.post("/grants", permission("rulebook.manage", LIN_XIAO, "all")).id();
    employee.get("/rulebook_presets").ok();
    admin.delete(&format!("/grants/{grant}")).ok();
    employee.get("/rulebook_presets").refused(403);
    admin.delete(&format!("/grants/{grant}")).refused(404);
    assert_eq!(office.recorded("access.granted")[0]["new"]["reason"], "岗位需要");
    assert_eq!(office.recorded("access.grant_ended").len(), 1);
}

// proves: PERM-14
#[test]
fn ordinary_users_change_no_rights() {
    let office = Office::sample();
    let employee = office.browser("linxiao");
    employee.post("/grants", permission("access.manage", LIN_XIAO, "all")).refused(403);
    employee
        .post("/roles", json!({ "code": "x", "name": { "zh": "某" }, "permissions": ["access.manage"] }))
        .refused(403);
    employee.get("/grants").refused(403);
    assert_eq!(permissions(&employee), ["directory.read"]);
}

#[test]
fn nobody_grants_what_he_may_not_do_himself() {
    let office = Office::sample();
    let root = office.browser("gaoxiang");
    let mut delegated = permission("access.grant", QIN_YUE, "unit_and_below");
    delegated["place"] = json!({ "kind": "unit", "id": QINGLAN_TRADE });
    root.post("/grants", delegated).ok();
    let subsidiary = office.browser("qinyue");
    let over = |name: &str, scope: &str, place: Value| {
        let mut grant = permission(name, JIANG_CHUAN, scope);
        grant["place"] = place;
        subsidiary.post("/grants", grant)
    };
    let sales = json!({ "kind": "department", "id": SALES });
    over("access.manage", "department_and_below", sales.clone()).ok();
    let more = over("rulebook.manage", "unit", json!({ "kind": "unit", "id": QINGLAN_TRADE })).refused(409);
    assert_eq!(more["args"], json!({ "permission": "rulebook.manage" }));
    over("access.manage", "unit", json!({ "kind": "unit", "id": QINGLAN })).refused(403);
    over("access.manage", "department", json!({ "kind": "department", "id": IT })).refused(403);
    over("access.manage", "all", sales).refused(403);
    over("access.manage", "unit", Value::Null).refused(403);
    subsidiary
        .post("/roles", json!({ "code": "x", "name": { "zh": "某" }, "permissions": ["access.manage"] }))
        .refused(403);
    let shown = subsidiary.get("/grants").ok();
    assert!(shown.as_array().unwrap().iter().all(|grant| !grant["place"].is_null()), "those in reach only");
}

#[test]
fn the_last_administrator_stays() {
    let office = Office::sample();
    let admin = office.browser("gaoxiang");
    let grants = admin.get("/grants").ok();
    let own = grants.as_array().unwrap().iter().find(|grant| grant["subject_name"]["zh"] == "高翔").unwrap();
    let path = format!("/grants/{}", own["id"].as_str().unwrap());
    assert_eq!(admin.delete(&path).refused(409)["code"], "access.last_administrator");
    let second = json!({
        "what": own["what"], "subject": { "kind": "person", "id": XU_JING }, "scope": "all",
    });
    admin.post("/grants", second).ok();
    admin.delete(&path).ok();
    admin.get("/roles").refused(403);
    office.browser("xujing").get("/roles").ok();
}

// proves: PERM-17
#[test]
fn what_somebody_may_is_listed_with_the_reason() {
    let office = Office::sample();
    let listed = office.browser("gaoxiang").get(&format!("/people/{QIN_YUE}/permissions")).ok();
    let find = |name: &str| listed.as_array().unwrap().iter().find(|held| held["permission"] == name).unwrap().clone();
    let manages = find("access.manage");
    assert_eq!(manages["reach"]["everything"], false);
    assert_eq!(manages["reach"]["units"][0]["id"], QINGLAN_TRADE.to_string());
    assert_eq!(manages["because"][0]["role_name"]["zh"], "部门管理员");
    assert_eq!(manages["because"][0]["subject"], json!({ "kind": "person", "id": QIN_YUE }));
    assert_eq!(
        manages["because"][0]["place_name"]["zh"],
        "青岚贸易有限公司(示例)".replace('(', "（").replace(')', "）")
    );
    assert_eq!(find("directory.read")["because"].as_array().unwrap().len(), 2, "as employee and as administrator");
    office.browser("qinyue").get(&format!("/people/{QIN_YUE}/permissions")).ok();
    office.browser("qinyue").get(&format!("/people/{JIANG_CHUAN}/permissions")).ok();
    office.browser("qinyue").get(&format!("/people/{LIN_XIAO}/permissions")).refused(403);
    office.browser("linxiao").get(&format!("/people/{QIN_YUE}/permissions")).refused(403);
}

// proves: PERM-02
#[test]
fn an_employee_holds_what_everybody_holds_and_nothing_else() {
    let office = Office::sample();
    assert_eq!(permissions(&office.browser("linxiao")), ["directory.read"]);
    for path in ["/accounts", "/roles", "/grants", "/permissions", "/sign_in_log", "/rulebook_presets"] {
        office.browser("linxiao").get(path).refused(403);
    }
}

#[test]
fn who_may_do_this_there_is_found_by_the_same_grants() {
    let office = Office::sample();
    let with = |permission, unit| office.app.read(move |tx| crate::people_with(tx, permission, unit));
    assert_eq!(with(crate::MANAGE, QINGLAN), [GAO_XIANG]);
    assert_eq!(with(crate::MANAGE, QINGLAN_TRADE), [GAO_XIANG, QIN_YUE]);
    let readers = with(hanlin_directory::READ, QINGLAN);
    assert_eq!(readers, [GAO_XIANG, QIN_YUE], "whom it was granted by name, not everybody");
}
