//! What somebody may do and why; who may do this there and why.

use hanlin_directory::cast::*;
use serde_json::{Value, json};

use super::Office;

fn named(found: &Value) -> Vec<&str> {
    found["holders"].as_array().unwrap().iter().map(|holder| holder["person"]["name"].as_str().unwrap()).collect()
}

// proves: PERM-17
#[test]
fn who_may_do_this_here_is_listed_with_the_chain_of_each() {
    let office = Office::sample();
    let root = office.browser("gaoxiang");
    let path = format!("/permissions/access.manage/holders?unit={QINGLAN_TRADE}");
    let found = root.get(&path).ok();
    assert_eq!(named(&found), ["高翔", "秦岳"]);
    let chain = &found["holders"][1]["because"][0];
    assert_eq!(chain["role_name"]["zh"], "部门管理员");
    assert_eq!(chain["reach"]["units"][0]["id"], json!(QINGLAN_TRADE));
    assert_eq!(chain["reach"]["everything"], false);
    let grant = json!({
        "what": { "kind": "permission", "name": "access.manage" },
        "subject": { "kind": "group", "id": INFORMATION_OFFICERS }, "scope": "department",
        "place": { "kind": "department", "id": SALES }, "reason": "联络员", "valid_to": "2026-06-01T00:00:00Z",
    });
    root.post("/grants", grant).ok();
    let sales = root.get(&format!("/permissions/access.manage/holders?department={SALES}")).ok();
    let member =
        sales["holders"].as_array().unwrap().iter().find(|holder| holder["because"][0]["subject"]["kind"] == "group");
    let chain = &member.unwrap()["because"][0];
    assert_eq!((&chain["granted_by"]["name"], &chain["reason"]), (&json!("高翔"), &json!("联络员")));
    assert!(chain["valid_to"].is_string());
    assert_eq!(named(&root.get(&path).ok()), ["高翔", "秦岳"], "over the department is not over the unit");
}

// proves: PERM-17
#[test]
fn who_may_do_this_here_is_told_to_who_reviews_here_only() {
    let office = Office::sample();
    let part = office.browser("qinyue");
    part.get(&format!("/permissions/access.manage/holders?unit={QINGLAN_TRADE}")).ok();
    part.get(&format!("/permissions/access.manage/holders?department={SALES}")).ok();
    part.get(&format!("/permissions/access.manage/holders?unit={QINGLAN}")).refused(403);
    let unknown = part.get(&format!("/permissions/no.such/holders?unit={QINGLAN_TRADE}")).refused(422);
    assert_eq!(unknown["fields"][0]["code"], "access.permission_nowhere");
    let nowhere = part.get("/permissions/access.manage/holders").refused(422);
    assert_eq!(nowhere["fields"][0]["code"], "access.place_unknown");
}
