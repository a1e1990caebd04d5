//! Teams across departments: groups with a leader, a purpose and a period (ORG-25).

use hanlin_kernel::PersonId;
use hanlin_testkit::TestApp;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::store::sample;
use crate::{MANAGE, READ, cast::*};

fn app() -> TestApp {
    let app = sample();
    app.grant(GAO_XIANG, &[READ, MANAGE]);
    app.grant(LIN_XIAO, &[READ]);
    app.events();
    app
}

fn found(app: &TestApp, leader: PersonId, more: Value) -> Value {
    let mut team = json!({ "unit": QINGLAN, "code": "launch", "name": { "zh": "新品上市组" },
                           "team": { "leader": leader, "purpose": "新品上市" } });
    team.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.as_(GAO_XIANG).post("/groups", team).ok()
}

fn names(app: &TestApp, query: &str) -> Vec<String> {
    let listed = app.as_(LIN_XIAO).get(&format!("/groups{query}")).ok();
    listed["items"].as_array().unwrap().iter().map(|group| group["name"]["zh"].as_str().unwrap().to_owned()).collect()
}

// proves: ORG-25
#[test]
fn a_team_has_a_leader_members_of_several_departments_a_purpose_and_a_period() {
    let app = app();
    let (from, end) = (app.db.now(), app.db.now() + SignedDuration::from_hours(24 * 30));
    let team = found(&app, SONG_YANG, json!({ "to": end }));
    assert_eq!((&team["team"]["leader"]["name"], &team["team"]["purpose"]), (&json!("宋扬"), &json!("新品上市")));
    assert_eq!(
        (&team["members"], &team["unit_name"]["zh"]),
        (&json!(1), &json!("青岚集团（示例）")),
        "who leads belongs to it"
    );
    let members = format!("/groups/{}/members", team["id"].as_str().unwrap());
    app.as_(GAO_XIANG).post(&members, json!({ "person": LIN_XIAO })).ok();
    let week = from + SignedDuration::from_hours(24 * 7);
    app.as_(GAO_XIANG).post(&members, json!({ "person": TANG_FENG, "to": week })).ok();
    let beyond = json!({ "person": WU_TONG, "to": end + SignedDuration::from_hours(1) });
    assert_eq!(app.as_(GAO_XIANG).post(&members, beyond).refused(409)["code"], "directory.not_in_force");
    assert_eq!(names(&app, "?kind=team"), ["新品上市组"]);
    assert_eq!(names(&app, "?kind=group"), ["信息员"]);
    assert_eq!(names(&app, "").len(), 2, "a team is a group wherever groups are");
    let own = app.as_(LIN_XIAO).get("/profile/teams").ok();
    assert_eq!(own["items"][0]["name"]["zh"], "新品上市组");
    assert_eq!(
        app.as_(GAO_XIANG).get("/profile/teams").ok()["items"],
        json!([]),
        "the information officers are no team"
    );
    app.clock.advance(SignedDuration::from_hours(24 * 8));
    let count = |app: &TestApp| app.as_(LIN_XIAO).get(&members).ok()["items"].as_array().unwrap().len();
    assert_eq!(count(&app), 2, "one was in it for a week");
    app.clock.advance(SignedDuration::from_hours(24 * 30));
    assert_eq!(names(&app, "?kind=team"), Vec::<String>::new(), "its time is over");
    assert_eq!(app.as_(LIN_XIAO).get("/profile/teams").ok()["items"], json!([]));
}

// proves: ORG-25
#[test]
fn a_team_is_led_by_a_member_who_stays_until_another_leads() {
    let app = app();
    let gao = app.as_(GAO_XIANG);
    let team = found(&app, SONG_YANG, json!({}));
    let path = format!("/groups/{}", team["id"].as_str().unwrap());
    let gone = gao.delete(&format!("{path}/members/{SONG_YANG}")).refused(409);
    assert_eq!(gone["code"], "directory.leads_team");
    let change = |version: u64, body: Value| gao.clone().header("If-Match", version).patch(&path, body);
    assert_eq!(change(1, json!({ "purpose": " " })).refused(422)["fields"][0]["code"], "directory.purpose_missing");
    let after = change(1, json!({ "leader": LIN_XIAO, "purpose": "上市与推广" })).ok();
    assert_eq!(
        (&after["team"]["leader"]["name"], &after["members"]),
        (&json!("林晓"), &json!(2)),
        "she became a member"
    );
    gao.delete(&format!("{path}/members/{SONG_YANG}")).ok();
    let gone = change(2, json!({ "leader": CHENG_YUAN })).refused(409);
    assert_eq!(gone["code"], "directory.not_in_service");
    gao.clone().header("If-Match", 1).post(&format!("/people/{LIN_XIAO}/departure"), json!({})).ok();
    let left = gao.get("/groups?kind=team").ok();
    assert!(left["items"][0]["team"].get("leader").is_none(), "who led it has left: {left}");
    let plain = gao
        .clone()
        .header("If-Match", 1)
        .patch(&format!("/groups/{INFORMATION_OFFICERS}"), json!({ "leader": GAO_XIANG }));
    assert_eq!(plain.refused(409)["code"], "directory.not_a_team");
    assert!(app.events().contains(&"directory.group_changed".to_owned()));
}

#[test]
fn a_team_without_a_purpose_or_with_an_end_before_its_beginning_is_refused() {
    let app = app();
    let gao = app.as_(GAO_XIANG);
    let team = |purpose: &str, to: Option<jiff::Timestamp>| json!({ "unit": QINGLAN, "name": { "zh": "组" }, "to": to, "team": { "leader": LIN_XIAO, "purpose": purpose } });
    assert_eq!(gao.post("/groups", team("", None)).refused(422)["fields"][0]["field"], "purpose");
    let past = app.db.now() - SignedDuration::from_hours(1);
    assert_eq!(gao.post("/groups", team("用途", Some(past))).refused(409)["code"], "directory.ends_before_it_begins");
    assert_eq!(app.events(), Vec::<String>::new());
    app.as_(LIN_XIAO).post("/groups", team("用途", None)).refused(403);
}
