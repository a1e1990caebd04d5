//! Graded delegation: who administers a part gives and defines there, of what he has himself, and nothing else.

use hanlin_directory::cast::{
    GAO_XIANG, IT, JIANG_CHUAN, LIN_XIAO, QIN_YUE, QINGLAN, QINGLAN_TRADE, SALES, SALES_EAST, XU_JING,
};
use hanlin_testkit::As;
use serde_json::{Value, json};

use super::Office;

fn unit(id: hanlin_kernel::UnitId) -> Value {
    json!({ "kind": "unit", "id": id })
}

fn department(id: hanlin_kernel::DepartmentId) -> Value {
    json!({ "kind": "department", "id": id })
}

fn grant(what: Value, person: hanlin_kernel::PersonId, scope: &str, place: Value) -> Value {
    json!({ "what": what, "subject": { "kind": "person", "id": person }, "scope": scope, "place": place })
}

fn permission(name: &str) -> Value {
    json!({ "kind": "permission", "name": name })
}

fn role_id(browser: &As<'_>, code: &str) -> String {
    let roles = browser.get("/roles").ok();
    let role = roles.as_array().unwrap().iter().find(|role| role["code"] == code).unwrap();
    role["id"].as_str().unwrap().to_owned()
}

fn role(code: &str, permissions: &[&str], place: Value) -> Value {
    json!({ "code": code, "name": { "zh": "某角色", "en": "Some role" }, "permissions": permissions, "place": place })
}

// proves: PERM-03
#[test]
fn an_administrator_of_a_part_gives_there_what_he_has() {
    let office = Office::sample();
    let part = office.browser("qinyue");
    let given = part.post("/grants", grant(permission("access.review"), JIANG_CHUAN, "unit", unit(QINGLAN_TRADE))).ok();
    assert_eq!((&given["granted_by"]["id"], &given["can"]), (&json!(QIN_YUE), &json!(["end"])));
    office.browser("jiangchuan").get("/sign_in_log").ok();
    part.delete(&format!("/grants/{}", given["id"].as_str().unwrap())).ok();
    office.browser("jiangchuan").get("/sign_in_log").refused(403);
}

// proves: PERM-03
#[test]
fn an_administrator_of_a_part_gives_nothing_elsewhere_and_to_nobody_elsewhere() {
    let office = Office::sample();
    let part = office.browser("qinyue");
    let review = || permission("access.review");
    for (scope, place) in
        [("unit", unit(QINGLAN)), ("department", department(IT)), ("all", Value::Null), ("unit", Value::Null)]
    {
        let refused = part.post("/grants", grant(review(), JIANG_CHUAN, scope, place)).refused(403);
        assert_eq!(refused["code"], "forbidden", "{scope}");
    }
    let outsider = part.post("/grants", grant(review(), LIN_XIAO, "unit", unit(QINGLAN_TRADE))).refused(409);
    assert_eq!(outsider["code"], "access.recipient_out_of_reach");
    let own = part.post("/grants", grant(review(), LIN_XIAO, "own", Value::Null)).refused(409);
    assert_eq!(own["code"], "access.recipient_out_of_reach");
    let everyone =
        json!({ "what": review(), "subject": { "kind": "everyone" }, "scope": "unit", "place": unit(QINGLAN_TRADE) });
    assert_eq!(part.post("/grants", everyone).refused(409)["code"], "access.recipient_out_of_reach");
    let more = part.post("/grants", grant(permission("rulebook.manage"), JIANG_CHUAN, "unit", unit(QINGLAN_TRADE)));
    assert_eq!(more.refused(409)["args"], json!({ "permission": "rulebook.manage" }));
    let malformed = part.post("/grants", grant(review(), JIANG_CHUAN, "department", unit(QINGLAN_TRADE))).refused(422);
    assert_eq!(malformed["fields"][0]["code"], "access.place_no_department");
    assert!(office.recorded("access.granted").is_empty(), "what is refused changes nothing");
}

// proves: PERM-03
#[test]
fn an_administrator_of_a_part_withdraws_only_there_and_nothing_beyond_him() {
    let office = Office::sample();
    let (root, part) = (office.browser("gaoxiang"), office.browser("qinyue"));
    let elsewhere =
        root.post("/grants", grant(permission("access.review"), LIN_XIAO, "department", department(IT))).id();
    let own = root.post("/grants", grant(permission("access.review"), LIN_XIAO, "own", Value::Null)).id();
    let beyond =
        root.post("/grants", grant(permission("rulebook.manage"), JIANG_CHUAN, "unit", unit(QINGLAN_TRADE))).id();
    part.delete(&format!("/grants/{elsewhere}")).refused(403);
    part.delete(&format!("/grants/{own}")).refused(403);
    assert_eq!(part.delete(&format!("/grants/{beyond}")).refused(409)["code"], "access.more_than_yourself");
    let listed = part.get("/grants").ok();
    let seen = listed.as_array().unwrap().iter().find(|grant| grant["id"] == json!(beyond)).unwrap();
    assert_eq!(seen["can"], json!([]), "he sees what is given in his part, and may not end it");
    assert!(listed.as_array().unwrap().iter().all(|grant| grant["id"] != json!(elsewhere)));
}

// proves: PERM-03
#[test]
fn who_may_grant_everywhere_still_gives_only_what_he_has() {
    let office = Office::sample();
    let root = office.browser("gaoxiang");
    root.post("/grants", grant(permission("access.grant"), XU_JING, "all", Value::Null)).ok();
    let giver = office.browser("xujing");
    let more = giver.post("/grants", grant(permission("rulebook.manage"), XU_JING, "all", Value::Null)).refused(409);
    assert_eq!(more["code"], "access.more_than_yourself");
    let administrator = json!({ "kind": "role", "name": role_id(&giver, "system_administrator") });
    giver.post("/grants", grant(administrator, XU_JING, "all", Value::Null)).refused(409);
    assert_eq!(
        giver.post("/roles", role("more", &["rulebook.manage"], Value::Null)).refused(409)["code"],
        "access.more_than_yourself"
    );
    let employee = format!("/roles/{}", role_id(&giver, "employee"));
    let wider = json!({ "name": { "zh": "普通用户" }, "permissions": ["directory.read", "rulebook.manage"] });
    assert_eq!(
        giver.clone().header("If-Match", 1).put(&employee, wider).refused(409)["code"],
        "access.more_than_yourself"
    );
    giver.post("/roles", role("givers", &["access.grant"], Value::Null)).ok();
}

// proves: PERM-01, PERM-03
#[test]
fn a_role_of_a_part_is_defined_given_changed_and_ended_there_only() {
    let office = Office::sample();
    let (root, part) = (office.browser("gaoxiang"), office.browser("qinyue"));
    part.post("/roles", role("whole", &["access.review"], Value::Null)).refused(403);
    part.post("/roles", role("parent", &["access.review"], unit(QINGLAN))).refused(403);
    let more = part.post("/roles", role("more", &["rulebook.manage"], unit(QINGLAN_TRADE))).refused(409);
    assert_eq!(more["code"], "access.more_than_yourself");
    let made = part.post("/roles", role("sales_auditor", &["access.review"], department(SALES))).ok();
    assert_eq!(made["can"], json!(["change", "end"]));
    let what = json!({ "kind": "role", "name": made["id"] });
    let elsewhere = root.post("/grants", grant(what.clone(), JIANG_CHUAN, "unit", unit(QINGLAN_TRADE))).refused(409);
    assert_eq!(elsewhere["code"], "access.role_of_elsewhere", "else who defines it would give more than he has");
    let given = part.post("/grants", grant(what, JIANG_CHUAN, "department", department(SALES_EAST))).id();
    let path = format!("/roles/{}", made["id"].as_str().unwrap());
    let changed = json!({ "name": made["name"], "permissions": ["access.review", "rulebook.manage"] });
    assert_eq!(
        part.clone().header("If-Match", 1).put(&path, changed).refused(409)["code"],
        "access.more_than_yourself"
    );
    let narrower = json!({ "name": made["name"], "permissions": ["directory.read"] });
    part.clone().header("If-Match", 1).put(&path, narrower).ok();
    assert_eq!(part.clone().header("If-Match", 2).delete(&path).refused(409)["code"], "access.role_in_use");
    part.delete(&format!("/grants/{given}")).ok();
    part.clone().header("If-Match", 1).delete(&path).refused(412);
    part.clone().header("If-Match", 2).delete(&path).ok();
    part.clone().header("If-Match", 3).delete(&path).refused(404);
    let gone = json!({ "kind": "role", "name": made["id"] });
    part.post("/grants", grant(gone, JIANG_CHUAN, "department", department(SALES))).refused(422);
    assert_eq!(office.recorded("access.role_ended")[0]["old"]["code"], "sales_auditor");
    let whole = format!("/roles/{}", role_id(&part, "account_administrator"));
    part.clone().header("If-Match", 1).delete(&whole).refused(403);
    assert_eq!(root.clone().header("If-Match", 1).delete(&whole).refused(409)["code"], "access.built_in");
}

// proves: PERM-04
#[test]
fn functional_administrators_ship_and_are_appointed_for_a_part() {
    let office = Office::sample();
    let root = office.browser("gaoxiang");
    let roles = root.get("/roles").ok();
    let codes: Vec<&str> = roles.as_array().unwrap().iter().map(|role| role["code"].as_str().unwrap()).collect();
    assert_eq!(
        codes[3..],
        [
            "personnel_administrator",
            "flow_administrator",
            "rulebook_administrator",
            "calendar_administrator",
            "account_administrator",
            "security_auditor"
        ]
    );
    let personnel = &roles[3]["permissions"];
    assert_eq!(
        personnel,
        &json!(["directory.read", "directory.manage", "orders.read", "orders.issue"]),
        "who drafts verifies nothing"
    );
    let personnel = json!({ "kind": "role", "name": role_id(&root, "personnel_administrator") });
    root.post("/grants", grant(personnel, JIANG_CHUAN, "department_and_below", department(SALES))).ok();
    let rights = office.browser("gaoxiang").get(&format!("/people/{JIANG_CHUAN}/permissions")).ok();
    let manages = rights.as_array().unwrap().iter().find(|held| held["permission"] == "directory.manage").unwrap();
    assert_eq!((&manages["reach"]["everything"], &manages["reach"]["units"]), (&json!(false), &json!([])));
    assert_eq!(manages["reach"]["departments"].as_array().unwrap().len(), 2, "sales and what is below it");
    office.browser("jiangchuan").get("/accounts").refused(403);
}

// proves: PERM-02
#[test]
fn an_employee_defines_and_ends_nothing() {
    let office = Office::sample();
    let employee = office.browser("linxiao");
    let admin = role_id(&office.browser("gaoxiang"), "employee");
    employee.clone().header("If-Match", 1).delete(&format!("/roles/{admin}")).refused(403);
    employee.post("/roles", role("x", &["directory.read"], Value::Null)).refused(403);
    employee.get(&format!("/permissions/access.manage/holders?unit={QINGLAN}")).refused(403);
    employee.get("/sign_in_review").refused(403);
    employee.get(&format!("/people/{GAO_XIANG}/permissions")).refused(403);
}
