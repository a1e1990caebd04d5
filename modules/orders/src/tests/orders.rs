use std::{
    sync::{Mutex, mpsc},
    time::Duration,
};

use hanlin_directory::cast::*;
use hanlin_files::File;
use hanlin_kernel::{Actor, Error, Id};
use hanlin_store::Tx;
use hanlin_workflow::CASE;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::office::{Office, codes, node, path};

fn tomorrow(office: &Office) -> Timestamp {
    office.app.db.now() + SignedDuration::from_hours(24)
}

fn rename(name: &str) -> Value {
    json!({ "change": "rename_department", "department": DESIGN, "name": { "zh": name } })
}

fn appointment_of(office: &Office, person: hanlin_kernel::PersonId) -> String {
    office.app.as_(XU_JING).get(&format!("/people/{person}")).ok()["appointments"][0]["id"].as_str().unwrap().to_owned()
}

fn post(office: &Office, code: &'static str) -> String {
    office.app.read(move |tx| Ok(hanlin_directory::snapshot(tx)?.posts_by_code(code)[0].to_string()))
}

// proves: ORG-03, ORG-02
#[test]
fn a_preview_shows_what_would_happen_and_changes_nothing() {
    let office = Office::new();
    let (before, at) = (office.picture(), tomorrow(&office));
    let merge =
        json!({ "change": "merge_department", "department": DESIGN, "into": { "kind": "department", "id": RD } });
    let order = office.draft(json!([merge]), Some(at));
    assert_eq!(order["lines"][0]["code"], "orders.change.merge_department");
    let seen = office.preview(&order);
    assert_eq!(seen["problem"], Value::Null);
    let design = node(&seen["chart"]["before"], "设计部").expect("the closed department is shown");
    assert_eq!(design["marks"], json!(["closed"]));
    assert_eq!(node(&seen["chart"]["after"], "设计部"), None);
    let rd = node(&seen["chart"]["after"], "研发部").expect("where its people go");
    let names: Vec<_> = rd["only_here"].as_array().unwrap().iter().map(|person| &person["name"]).collect();
    assert!(names.contains(&&json!("夏天")), "{names:?}");
    assert_eq!(office.picture(), before);
    assert_eq!(office.app.events(), ["orders.drafted"], "nothing of a rehearsal is recorded");
}

/// Somebody writes and is not done: whoever looks at what an order would do does not wait for him.
// proves: OPS-09 (the part that looking at an order holds up nobody)
#[test]
fn a_preview_does_not_wait_for_who_writes() {
    let office = Office::new();
    let order = office.draft(json!([rename("体验设计部")]), None);
    let (begun, has_begun) = mpsc::channel();
    let (done, is_done) = mpsc::channel::<()>();
    let is_done = Mutex::new(is_done);
    let hold = move |tx: &mut Tx| {
        let now = tx.now();
        tx.schedule("orders.nothing", "orders/nothing", now, &Value::Null)?;
        begun.send(()).map_err(Error::internal)?;
        is_done.lock().unwrap().recv_timeout(Duration::from_secs(60)).map_err(Error::internal)
    };
    std::thread::scope(|threads| {
        let writing = threads.spawn(|| office.app.try_write(hold));
        has_begun.recv().unwrap();
        let seen = office.preview(&order);
        assert_eq!((&seen["problem"], &seen["chart"]["after"].is_null()), (&Value::Null, &false));
        done.send(()).unwrap();
        writing.join().unwrap().expect("the preview was over before");
    });
}

// proves: ORG-02, ORG-03
#[test]
fn an_order_takes_effect_at_its_time_by_itself_and_a_running_case_goes_on() {
    let office = Office::new();
    office.leave_request();
    let at = tomorrow(&office);
    let changes = json!([
        { "change": "create_department", "key": "lab", "parent": { "kind": "department", "id": PRODUCT },
          "name": { "zh": "创新中心", "en": "Innovation" }, "code": "lab" },
        { "change": "move_department", "department": PLATFORM, "to": { "kind": "new", "id": "lab" } },
        rename("体验设计部"),
    ]);
    let order = office.issue(&office.draft(changes, Some(at)));
    assert_eq!((&order["state"], &order["issued_by"]["name"]), (&json!("issued"), &json!("许静")));
    office.app.settle();
    assert_eq!(office.order(&order)["state"], "issued", "not before its time");
    office.app.clock.set(at);
    office.app.settle();
    let order = office.order(&order);
    assert_eq!((&order["state"], &order["applied_at"]), (&json!("applied"), &json!(at)));
    assert_eq!(codes(&order["checklist"], true), ["head_vacant"], "the new department needs a head");
    let names: Vec<Value> = office.picture().into_values().map(|place| place["name"].clone()).collect();
    assert!(names.contains(&json!("创新中心")) && names.contains(&json!("体验设计部")), "{names:?}");
    office.approve(ZHAO_QING);
    assert_eq!(office.waiting(XU_JING).len(), 1, "the case goes on through the moved team");
}

// proves: ORG-03
#[test]
fn a_counter_order_brings_back_what_was() {
    let office = Office::new();
    let before = office.picture();
    let (trade, engineer) = (json!({ "kind": "unit", "id": QINGLAN_TRADE }), post(&office, "engineer"));
    let changes = json!([
        { "change": "split_department", "department": FINANCE, "key": "audit", "name": { "zh": "审计部" },
          "people": [LU_WENQING], "departments": [TREASURY] },
        { "change": "set_leader", "place": { "kind": "new", "id": "audit" }, "as": "head", "person": LU_WENQING },
        { "change": "merge_department", "department": WAREHOUSE, "into": { "kind": "department", "id": PURCHASING } },
        { "change": "move_department", "department": PRODUCT, "to": trade },
        { "change": "rename_unit", "unit": QINGLAN_TRADE, "name": { "zh": "青岚国际" } },
        { "change": "transfer", "appointment": appointment_of(&office, XIA_TIAN), "post": engineer,
          "to": { "kind": "department", "id": IT } },
        { "change": "leave", "person": SONG_YANG, "successor": CHEN_MO },
    ]);
    let order = office.issue(&office.review(&office.draft(changes, None)));
    assert_eq!(order["state"], "applied", "without a time it takes effect at once");
    assert_ne!(office.picture(), before);
    office.app.clock.advance(SignedDuration::from_mins(5));
    let counter = office.app.as_(XU_JING).post(&path(&order, "/counter_order"), json!({ "title": "恢复原机构" })).ok();
    assert_eq!((&counter["state"], &counter["counter_of"]), (&json!("draft"), &order["id"]));
    let back = office.issue(&office.review(&counter));
    assert_eq!(back["state"], "applied", "{back}");
    assert_eq!(office.picture(), before);
}

// proves: ORG-02
#[test]
fn an_order_that_fails_changes_nothing_and_tells_who_issued_it() {
    let office = Office::new();
    let at = tomorrow(&office);
    let gone = json!({ "change": "end_appointment", "appointment": appointment_of(&office, XIA_TIAN) });
    let order = office.issue(&office.draft(json!([rename("体验设计部"), gone]), Some(at)));
    let version = office.app.as_(XU_JING).get(&format!("/people/{XIA_TIAN}")).ok()["version"].clone();
    let leave = office.app.as_(GAO_XIANG).header("If-Match", version);
    leave.post(&format!("/people/{XIA_TIAN}/departure"), json!({})).ok();
    let before = office.picture();
    office.app.clock.set(at);
    office.app.settle();
    let order = office.order(&order);
    assert_eq!((&order["state"], &order["problem"]["change"]), (&json!("failed"), &json!(1)));
    assert_eq!(order["problem"]["code"], "directory.not_in_force");
    assert_eq!(office.picture(), before, "not even the first change stands");
    assert!(office.told(XU_JING).contains(&"orders.notice.failed".to_owned()));
    let mut content = order["content"].clone();
    content["changes"] = json!([rename("体验设计部")]);
    content.as_object_mut().unwrap().remove("effective_at");
    let mended =
        office.app.as_(XU_JING).header("If-Match", order["version"].clone()).put(&path(&order, ""), content).ok();
    assert_eq!(office.issue(&mended)["state"], "applied");
}

// proves: ORG-13, ORG-10
#[test]
fn whoever_leaves_leaves_nothing_behind() {
    let office = Office::new();
    office.leave_request();
    let leave = json!({ "change": "leave", "person": ZHAO_QING, "successor": CHEN_MO });
    let draft = office.draft(json!([leave]), None);
    let seen = office.preview(&draft);
    assert!(codes(&seen["items"], false).contains(&"task_to_successor".to_owned()), "{seen}");
    let order = office.issue(&draft);
    assert_eq!(order["state"], "applied");
    assert_eq!(office.waiting(CHEN_MO).len(), 1, "the successor has the task");
    let left = office.app.as_(GAO_XIANG).get(&format!("/people/{ZHAO_QING}/holdings")).ok();
    assert_eq!(left["tasks"], json!([]));
    office.approve(CHEN_MO);
    assert_eq!(office.waiting(XU_JING).len(), 1, "the case goes on");
}

// proves: ORG-13
#[test]
fn a_successor_who_goes_too_passes_on_what_he_would_get() {
    let office = Office::new();
    office.leave_request();
    let leave = |person, successor| json!({ "change": "leave", "person": person, "successor": successor });
    let order = office.issue(&office.draft(json!([leave(ZHAO_QING, CHEN_MO), leave(CHEN_MO, SONG_YANG)]), None));
    assert_eq!(order["state"], "applied");
    assert_eq!(office.waiting(SONG_YANG).len(), 1);
}

// proves: ORG-13, ORG-10
#[test]
fn a_task_that_cannot_be_the_successors_stays_on_the_checklist() {
    let office = Office::new();
    office.leave_request();
    let leave = json!({ "change": "leave", "person": ZHAO_QING, "successor": LIN_XIAO });
    let order = office.issue(&office.draft(json!([leave]), None));
    assert_eq!(order["state"], "applied");
    assert!(codes(&order["checklist"], true).contains(&"task_of_leaver".to_owned()), "{}", order["checklist"]);
    assert!(!codes(&order["checklist"], false).contains(&"task_to_successor".to_owned()));
    let left = office.app.as_(GAO_XIANG).get(&format!("/people/{ZHAO_QING}/holdings")).ok();
    assert_eq!(left["tasks"].as_array().map(Vec::len), Some(1), "her own leave is not hers to decide");
}

// proves: ORG-10
#[test]
fn flows_that_lose_their_only_approver_are_listed_with_what_else_names_him() {
    let office = Office::new();
    let order = office.draft(json!([{ "change": "leave", "person": XU_JING }]), Some(tomorrow(&office)));
    let seen = office.preview(&order);
    let items = seen["items"].as_array().unwrap();
    let alone = items.iter().find(|item| item["code"] == "nobody_left").expect("the HR manager was the only one");
    assert_eq!(alone["args"]["post"]["zh"], "人事经理");
    assert_eq!(alone["args"]["before"], json!(["许静"]));
    assert!(codes(&seen["items"], true).contains(&"head_vacant".to_owned()), "{seen}");
    // Another holder of the post above keeps the flow alive: then it is told, and needs no one's attention.
    let appoint = json!({ "change": "appoint", "person": FANG_YUE, "post": post(&office, "hr_manager"),
                          "to": { "kind": "department", "id": HR } });
    let both = office.draft(json!([appoint, { "change": "leave", "person": XU_JING }]), Some(tomorrow(&office)));
    let seen = office.preview(&both);
    assert!(!codes(&seen["items"], false).contains(&"nobody_left".to_owned()));
    assert!(codes(&seen["items"], false).contains(&"others_decide".to_owned()), "{seen}");
}

// proves: ORG-02, ORG-04, ORG-10
#[test]
fn an_order_is_verified_when_all_that_hangs_on_it_is_ticked() {
    let office = Office::new();
    let clear = json!({ "change": "set_leader", "place": { "kind": "department", "id": DESIGN }, "as": "head" });
    let order = office.issue(&office.draft(json!([clear]), None));
    let verify = |order: &Value| {
        office
            .app
            .as_(GAO_XIANG)
            .header("If-Match", order["version"].clone())
            .post(&path(order, "/verification"), json!({}))
    };
    assert_eq!(verify(&order).refused(409)["code"], "orders.not_all_ticked");
    let items = order["checklist"].as_array().unwrap().iter().filter(|item| item["attention"] == true);
    for item in items {
        let tick = json!({ "item": item["key"], "ticked": true });
        office.app.as_(GAO_XIANG).post(&path(&order, "/ticks"), tick).ok();
    }
    let done = verify(&office.order(&order)).ok();
    assert_eq!((&done["state"], &done["verified_by"]["name"]), (&json!("verified"), &json!("高翔")));
    assert!(done["checklist"][0]["ticked_by_name"]["name"] == "高翔", "{done}");
    assert_eq!(verify(&done).refused(409)["code"], "orders.not_in_state");
}

// proves: ORG-04
#[test]
fn an_order_not_verified_in_time_is_overdue_and_reminds() {
    let office = Office::new();
    // Monday 2 March 2026 09:00 in the sample's first week: one working day is Tuesday.
    let order = office.issue(&office.draft(json!([rename("体验设计部")]), None));
    let due: Timestamp = order["due_at"].as_str().unwrap().parse().unwrap();
    let issued: Timestamp = order["issued_at"].as_str().unwrap().parse().unwrap();
    assert!(due > issued && due < issued + SignedDuration::from_hours(24 * 5), "{due}");
    office.app.clock.set(due + SignedDuration::from_mins(1));
    office.app.settle();
    assert!(office.told(XU_JING).contains(&"orders.notice.overdue".to_owned()));
    let listed = office.app.as_(GAO_XIANG).get("/orders").ok();
    assert_eq!(listed["items"][0]["overdue"], true);
    let authority =
        json!({ "unit": QINGLAN, "title": "权限调整", "class": "authority", "changes": [rename("设计部")] });
    let longer = office.issue(&office.app.as_(XU_JING).post("/orders", authority).ok());
    let span = |order: &Value| {
        let read = |name: &str| order[name].as_str().unwrap().parse::<Timestamp>().unwrap();
        read("due_at").duration_since(read("issued_at"))
    };
    assert!(span(&longer) > span(&order), "authority and duties have longer");
}

// proves: ORG-10, ORG-13
#[test]
fn a_leavers_own_cases_and_files_are_told_with_what_becomes_of_them() {
    let office = Office::new();
    let case = office.leave_request();
    let upload =
        |name: &str| office.app.as_(LIN_XIAO).post_bytes(&format!("/files?name={name}"), name.as_bytes().to_vec()).id();
    upload("loose.txt");
    let used: Id<File> = upload("used.txt").parse().unwrap();
    office.app.write(move |tx| hanlin_files::attach(tx, &Actor::person(LIN_XIAO), &[used], CASE, &case, "attachments"));
    let leave = json!({ "change": "leave", "person": LIN_XIAO, "successor": WU_TONG });
    let seen = office.preview(&office.draft(json!([leave]), None));
    for (code, attention) in [("cases_of_leaver", true), ("files_of_leaver", false), ("loose_files_of_leaver", false)] {
        let item = seen["items"].as_array().unwrap().iter().find(|item| item["code"] == code);
        let item = item.unwrap_or_else(|| panic!("{code} is not told: {seen}"));
        assert_eq!((&item["args"]["n"], &item["attention"]), (&json!(1), &json!(attention)), "{code}");
    }
    let transfer = json!({ "change": "transfer", "appointment": appointment_of(&office, LIN_XIAO),
                           "post": post(&office, "engineer"), "to": { "kind": "department", "id": IT } });
    let moved = office.preview(&office.draft(json!([transfer]), None));
    assert_eq!(moved["problem"], Value::Null);
    let left_behind = codes(&moved["items"], false).into_iter().find(|code| code.ends_with("of_leaver"));
    assert_eq!(left_behind, None, "who only moves takes all of it along");
}
