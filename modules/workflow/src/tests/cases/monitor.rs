//! The administrator's desk: running cases of his units, pushed without being read (FLOW-31).

use hanlin_directory::cast::{GAO_XIANG, JIANG_CHUAN, LIN_XIAO, QINGLAN_TRADE, WU_TONG, ZHAO_QING, ZHOU_YUANHANG};
use hanlin_kernel::{Actor, Grant, Scopes};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::office::Office;
use crate::MANAGE;

fn names<'a>(rows: &'a Value, key: &str) -> Vec<&'a str> {
    rows["items"].as_array().unwrap().iter().map(|row| row[key]["name"].as_str().unwrap()).collect()
}

// proves: FLOW-31
#[test]
fn the_administrator_sees_where_cases_stand_and_pushes_them_without_reading_them() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.app.clock.advance(SignedDuration::from_hours(30));
    office.submit(LIN_XIAO, office.three_days());
    let desk = |path: &str| office.app.as_(GAO_XIANG).get(path).ok();

    office.app.as_(GAO_XIANG).get(&format!("/cases/{case}")).refused(404);
    let flows = desk("/monitored_flows");
    assert_eq!((&flows[0]["running"], &flows[0]["without_handler"]), (&json!(2), &json!(0)));
    let all = desk("/monitored_cases");
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    let late = desk("/monitored_cases?hours=24");
    assert_eq!(late["items"].as_array().unwrap().len(), 1);
    let row = &late["items"][0];
    assert_eq!((&row["id"], &row["tasks"][0]["person"]["name"]), (&json!(case), &json!("赵晴")));
    assert!(!late.to_string().contains("家中有事"), "nothing of what is written in it");
    let next = desk("/monitored_cases?limit=1")["next"].as_str().unwrap().to_owned();
    let second = desk(&format!("/monitored_cases?limit=1&after={next}"));
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert_ne!(second["items"][0]["id"], row["id"]);

    let urges = format!("/monitored_cases/{case}/urges");
    office.app.as_(GAO_XIANG).post(&urges, json!({ "text": "请今天处理" })).ok();
    let said = office.case(LIN_XIAO, &case)["urges"][0].clone();
    assert_eq!(said["person"], json!(GAO_XIANG), "by his own name");
    let hand_over = |to, text: &str| {
        let body = json!({ "task": row["tasks"][0]["id"], "to": to, "text": text });
        office.app.as_(GAO_XIANG).post(&format!("/monitored_cases/{case}/hand_overs"), body)
    };
    hand_over(ZHOU_YUANHANG, "").refused(409);
    hand_over(ZHOU_YUANHANG, "赵晴出差").ok();
    assert_eq!((office.waiting(ZHAO_QING), office.waiting(ZHOU_YUANHANG)), (1, 1));
    let of_another = json!({ "task": row["tasks"][0]["id"], "to": WU_TONG, "text": "错" });
    let other = all["items"].as_array().unwrap().iter().find(|row| row["id"] != json!(case)).unwrap();
    let path = format!("/monitored_cases/{}/hand_overs", other["id"].as_str().unwrap());
    office.app.as_(GAO_XIANG).post(&path, of_another).refused(404);
}

// proves: FLOW-31, PERM-02
#[test]
fn the_desk_ends_at_the_units_that_somebody_administers() {
    let office = Office::new();
    let own = office.submit(LIN_XIAO, office.half_day());
    office.submit(JIANG_CHUAN, office.half_day());
    office.app.as_(WU_TONG).get("/monitored_cases").refused(403);
    let scopes = Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() };
    let grants = vec![Grant { permission: MANAGE.0.to_owned(), scopes }];
    office.app.acting(Actor { grants, ..Actor::person(WU_TONG) });
    let seen = office.app.as_(WU_TONG).get("/monitored_cases").ok();
    assert_eq!(names(&seen, "initiator"), ["江川"]);
    assert_eq!(office.app.as_(WU_TONG).get("/monitored_flows").ok()[0]["running"], 1);
    office.app.as_(WU_TONG).post(&format!("/monitored_cases/{own}/urges"), json!({})).refused(404);
}

// proves: FLOW-31, PERM-02
#[test]
fn a_flow_is_marked_as_core_and_the_desk_narrowed_to_such_flows() {
    let office = Office::new();
    office.submit(LIN_XIAO, office.half_day());
    let desk = |path: &str| office.app.as_(GAO_XIANG).get(path).ok();
    let rows = |path: &str| desk(path)["items"].as_array().unwrap().len();
    let flow = desk("/monitored_flows")[0]["flow"].as_str().unwrap().to_owned();
    assert_eq!((rows("/monitored_cases?core=true"), rows("/monitored_cases")), (0, 1), "nothing is core yet");

    let core = format!("/flows/{flow}/core");
    office.app.as_(LIN_XIAO).put(&core, json!({ "core": true })).refused(403);
    office.app.as_(GAO_XIANG).put(&core, json!({ "core": "yes" })).refused(422);
    let marked = office.app.as_(GAO_XIANG).put(&core, json!({ "core": true })).ok();
    assert_eq!(marked["core"], true);
    let again = office.app.as_(GAO_XIANG).put(&core, json!({ "core": true })).ok();
    assert_eq!(again["version"], marked["version"], "what is so already changes nothing");
    assert_eq!(rows("/monitored_cases?core=true"), 1);
    assert_eq!(desk("/monitored_cases")["items"][0]["core"], true);
    assert_eq!(desk("/monitored_flows")[0]["core"], true);
    let told = office.app.events().into_iter().filter(|kind| kind == "workflow.flow_core_marked").count();
    assert_eq!(told, 1);

    office.app.as_(GAO_XIANG).put(&core, json!({ "core": false })).ok();
    assert_eq!(rows("/monitored_cases?core=true"), 0);
}
