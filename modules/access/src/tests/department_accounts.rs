//! Accounts of departments: acted for under one's own sign-in, by whom it belongs to, recorded under both names.

use hanlin_directory::cast::{LIN_XIAO, PLATFORM, RD, WU_TONG};
use hanlin_store::LiveEvent;
use hanlin_testkit::As;
use serde_json::{Value, json};

use super::Office;

/// Opens an account of a department, as the administrator.
fn opened(office: &Office, department: hanlin_kernel::DepartmentId, kind: &str, with_below: bool) -> Value {
    let body = json!({ "department": department, "kind": kind, "with_below": with_below });
    office.browser("gaoxiang").post("/department_accounts", body).ok()
}

fn take(browser: &As<'_>, account: &Value) -> hanlin_testkit::Said {
    browser.put("/session/acting_for", json!({ "account": account["id"] }))
}

// proves: ACC-03
#[test]
fn what_is_done_for_a_department_is_recorded_under_both_names() {
    let office = Office::sample();
    let account = opened(&office, PLATFORM, "public", false);
    assert_eq!(account["name"], "平台组公共用户");
    let browser = office.browser("linxiao");
    let own = browser.get("/session").ok();
    assert_eq!(own["may_act_for"][0]["id"], account["id"]);
    assert!(own.get("acting_for").is_none());
    let me = take(&browser, &account).ok();
    assert_eq!(me["acting_for"]["name"], "平台组公共用户");
    assert_eq!(me["person"]["id"], json!(LIN_XIAO), "it is still she who is signed in");
    assert_eq!(me["appointments"][0]["post"]["name"]["zh"], "公共用户");
    let recorded = |kind: &str| {
        let entries = office.trace.0.lock().unwrap();
        let found = entries.iter().find(|entry| entry.kind == kind).unwrap_or_else(|| panic!("no {kind}"));
        (found.person, found.on_behalf_of, found.payload.clone())
    };
    let (person, _, payload) = recorded("access.department_account_taken");
    assert_eq!((person, &payload["person"]), (Some(LIN_XIAO), &json!(LIN_XIAO)));
    assert_eq!(payload["principal"], account["person"]["id"]);
    let back = browser.delete("/session/acting_for").ok();
    assert!(back.get("acting_for").is_none());
    let (person, principal, _) = recorded("access.department_account_given_back");
    assert_eq!(person, Some(LIN_XIAO));
    assert_eq!(json!(principal), account["person"]["id"], "done while she acted for it: both names");
    assert!(browser.get("/session").ok().get("acting_for").is_none());
}

// proves: ACC-03
#[test]
fn a_public_account_is_for_people_of_the_department_only() {
    let office = Office::sample();
    let narrow = opened(&office, RD, "public", false);
    let (inside, below, outside) = (office.browser("chenmo"), office.browser("linxiao"), office.browser("suting"));
    take(&inside, &narrow).ok();
    assert_eq!(take(&below, &narrow).refused(409)["code"], "access.not_of_this_department");
    assert_eq!(take(&outside, &narrow).refused(409)["code"], "access.not_of_this_department");
    assert_eq!(outside.get("/session").ok()["may_act_for"], json!([]));
    let path = format!("/department_accounts/{}", narrow["id"].as_str().unwrap());
    let root = office.browser("gaoxiang");
    root.header("if-match", "1").put(&path, json!({ "with_below": true })).ok();
    take(&below, &narrow).ok();
    let listed = office.browser("gaoxiang").get("/department_accounts").ok();
    assert_eq!(listed[0]["acting"].as_array().unwrap().len(), 2, "who acts for it now is seen");
    office.browser("gaoxiang").header("if-match", "2").put(&path, json!({ "with_below": false })).ok();
    assert!(below.get("/session").ok().get("acting_for").is_none(), "what is no more allowed ends at once");
    assert!(inside.get("/session").ok()["acting_for"].is_object());
    office.browser("suting").get("/department_accounts").refused(403);
}

// proves: ACC-03
#[test]
fn the_heads_account_is_the_heads_only() {
    let office = Office::sample();
    let account = opened(&office, PLATFORM, "head", true);
    assert_eq!(account["with_below"], false);
    take(&office.browser("zhaoqing"), &account).ok();
    assert_eq!(take(&office.browser("linxiao"), &account).refused(409)["code"], "access.heads_only");
    let again = json!({ "department": PLATFORM, "kind": "head" });
    let refused = office.browser("gaoxiang").post("/department_accounts", again).refused(409);
    assert_eq!(refused["code"], "access.department_has_account");
}

// proves: ACC-03
#[test]
fn nobody_signs_in_with_a_departments_account() {
    let office = Office::sample();
    let account = opened(&office, PLATFORM, "public", false);
    let body = json!({ "person": account["person"]["id"], "login": "platform" });
    let refused = office.browser("gaoxiang").post("/accounts", body).refused(409);
    assert_eq!(refused["code"], "access.department_account_signs_nobody_in");
}

// proves: ACC-03
#[test]
fn who_left_the_department_acts_for_it_no_more() {
    let office = Office::sample();
    let account = opened(&office, PLATFORM, "public", false);
    let browser = office.browser("wutong");
    take(&browser, &account).ok();
    let moved = office.app.read(|tx| {
        let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
        let held = directory.main_appointment(WU_TONG, at).unwrap();
        Ok((held.id, held.version, held.post))
    });
    let path = format!("/appointments/{}/transfer", moved.0);
    let place = json!({ "kind": "department", "id": hanlin_directory::cast::IT });
    let root = office.browser("gaoxiang").header("if-match", moved.1);
    root.post(&path, json!({ "post": moved.2, "place": place })).ok();
    assert!(browser.get("/session").ok().get("acting_for").is_none(), "with the next request");
    assert!(office.recorded("access.department_account_given_back").is_empty());
    office.app.block_on(office.access.tend(&office.app.db)).unwrap();
    assert_eq!(office.recorded("access.department_account_given_back").len(), 1, "and it is on the record");
}

// proves: ACC-03
#[test]
fn what_was_taken_is_given_back_when_the_session_ends() {
    let office = Office::sample();
    let account = opened(&office, PLATFORM, "public", false);
    let browser = office.browser("linxiao");
    let session = browser.get("/sessions").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let mut live = office.app.db.live().subscribe();
    take(&browser, &account).ok();
    let mut told = std::iter::from_fn(|| live.try_recv().ok());
    let changed = told.find(|event: &LiveEvent| event.kind == "access.acting_changed");
    assert_eq!(changed.unwrap().stream, format!("access/session/{session}"), "its open windows ask anew who they are");
    assert_eq!(browser.delete("/session").status, 200);
    let given_back = office.recorded("access.department_account_given_back");
    assert_eq!((given_back.len(), &given_back[0]["session"]), (1, &json!(session)));
    assert!(office.browser("linxiao").get("/session").ok().get("acting_for").is_none());
}

// proves: ACC-03
#[test]
fn an_account_that_ended_is_nobodys() {
    let office = Office::sample();
    let account = opened(&office, PLATFORM, "public", false);
    let browser = office.browser("linxiao");
    take(&browser, &account).ok();
    let path = format!("/department_accounts/{}/end", account["id"].as_str().unwrap());
    office.app.clock.advance(jiff::SignedDuration::from_mins(1));
    office.browser("gaoxiang").header("if-match", "7").post(&path, json!({})).refused(412);
    office.browser("qinyue").header("if-match", "1").post(&path, json!({})).refused(404);
    assert_eq!(office.browser("gaoxiang").header("if-match", "1").post(&path, json!({})).status, 200);
    assert!(browser.get("/session").ok().get("acting_for").is_none());
    assert_eq!(take(&browser, &account).refused(409)["code"], "access.department_account_ended");
    opened(&office, PLATFORM, "public", false);
}
