//! Sessions: their clocks, their list, their end.

use hanlin_directory::cast::{QINGLAN_TRADE, SALES_EAST};
use hanlin_store::LiveEvent;
use jiff::SignedDuration;
use serde_json::json;

use super::{Office, cookie_in, secret_in};
use crate::SAMPLE_PASSWORD;

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

// proves: ACC-15
#[test]
fn a_session_ends_when_nothing_was_done_in_it_for_long_enough() {
    let office = Office::sample();
    let browser = office.browser("linxiao");
    for _ in 0..4 {
        office.app.clock.advance(minutes(29));
        browser.get("/session").ok();
    }
    office.app.clock.advance(minutes(30));
    browser.get("/session").refused(401);
}

// proves: ACC-02, ACC-15
#[test]
fn administrators_have_less_time_and_a_rule_of_the_unit_changes_it_at_once() {
    let office = Office::sample();
    let (admin, employee) = (office.browser("gaoxiang"), office.browser("linxiao"));
    let clause = json!({
        "unit": hanlin_directory::cast::QINGLAN, "number": "12", "text": { "zh": "暂停工作须退出" },
        "policy": "session", "parameters": { "session.idle_minutes": { "business": 5 } },
    });
    admin.post("/clauses", clause).ok();
    assert_eq!(employee.get("/session").ok()["idle_minutes"], 5);
    office.app.clock.advance(minutes(5));
    employee.get("/session").refused(401);
    admin.get("/session").ok();
    office.app.clock.advance(minutes(15));
    admin.get("/session").refused(401);
}

#[test]
fn a_session_ends_after_a_day_however_busy() {
    let office = Office::sample();
    let browser = office.browser("linxiao");
    for _ in 0..(12 * 60 / 20 - 1) {
        office.app.clock.advance(minutes(20));
        browser.get("/session").ok();
    }
    office.app.clock.advance(minutes(20));
    browser.get("/session").refused(401);
}

#[test]
fn the_idle_clock_is_written_by_the_round_and_holds_for_other_nodes() {
    let office = Office::sample();
    let browser = office.browser("linxiao");
    office.app.clock.advance(minutes(20));
    browser.get("/session").ok();
    let written = || office.app.read(|tx| tx.scalar::<jiff::Timestamp>("select seen_at from access_session", &[]));
    let before = written();
    office.app.block_on(office.access.tend(&office.app.db)).unwrap();
    assert_eq!(written(), before + minutes(20));
    office.app.clock.advance(minutes(20));
    browser.get("/session").ok();
}

// proves: ACC-15
#[test]
fn the_round_ends_what_is_over_and_closes_its_live_line() {
    let office = Office::sample();
    let browser = office.browser("linxiao");
    let session = browser.get("/sessions").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let mut live = office.app.db.live().subscribe();
    office.app.clock.advance(minutes(31));
    office.app.block_on(office.access.tend(&office.app.db)).unwrap();
    let LiveEvent { kind, stream, .. } = live.try_recv().unwrap();
    assert_eq!((kind.as_str(), stream), ("access.session_ended", format!("access/session/{session}")));
    assert_eq!(office.recorded("access.session_ended")[0]["reason"], "idle");
}

// proves: ACC-12
#[test]
fn ones_sessions_are_listed_and_ended_one_by_one_or_all_others() {
    let office = Office::sample();
    let (desk, phone, tablet) = (office.browser("linxiao"), office.browser("linxiao"), office.browser("linxiao"));
    let other = office.browser("wutong");
    let sessions = desk.get("/sessions").ok();
    let items = sessions["items"].as_array().unwrap();
    let current: Vec<bool> = items.iter().map(|session| session["current"].as_bool().unwrap()).collect();
    assert_eq!(current, [false, false, true], "the youngest first");
    let tablets = items[0]["id"].as_str().unwrap();
    other.delete(&format!("/sessions/{tablets}")).refused(404);
    desk.delete(&format!("/sessions/{tablets}")).ok();
    tablet.get("/session").refused(401);
    phone.get("/session").ok();
    assert_eq!(desk.post("/sessions/end_others", json!({})).ok(), json!({ "ended": 1 }));
    phone.get("/session").refused(401);
    desk.get("/session").ok();
    other.get("/session").ok();
}

// proves: ACC-20
#[test]
fn after_signing_out_nothing_is_left_on_a_shared_terminal() {
    let office = Office::sample();
    let browser = office.browser("linxiao");
    let said = browser.delete("/session");
    assert_eq!(said.status, 200);
    assert_eq!(cookie_in(&said), "hanlin_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    assert_eq!(said.headers["cache-control"], "no-store", "the browser keeps no answer");
    browser.get("/session").refused(401);
    let cookie = cookie_in(&office.try_sign_in("linxiao", SAMPLE_PASSWORD));
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires"), "gone with the browser: {cookie}");
}

// proves: FLOW-36
#[test]
fn whoever_has_two_appointments_chooses_under_which_he_acts() {
    let office = Office::sample();
    let browser = office.browser("liangbo");
    let me = browser.get("/session").ok();
    let [main, side] = [&me["appointments"][0], &me["appointments"][1]];
    assert_eq!((&main["main"], &side["main"]), (&json!(true), &json!(false)));
    assert_eq!(me["appointment"], main["id"]);
    let chosen = browser.put("/session/appointment", json!({ "appointment": side["id"] })).ok();
    assert_eq!(chosen["appointment"], side["id"]);
    assert_eq!(browser.get("/session").ok()["appointment"], side["id"]);
    assert_eq!(side["unit"]["id"], QINGLAN_TRADE.to_string());
    let another = office.browser("jiangchuan").get("/session").ok();
    assert_eq!(another["appointments"][0]["department"]["id"], SALES_EAST.to_string());
    let theirs = &another["appointment"];
    let refused = browser.put("/session/appointment", json!({ "appointment": theirs })).refused(409);
    assert_eq!(refused["code"], "access.not_your_appointment");
}

#[test]
fn the_language_is_remembered_with_the_account() {
    let office = Office::sample();
    let browser = office.browser("linxiao");
    assert_eq!(browser.put("/session/locale", json!({ "locale": "en" })).ok()["locale"], "en");
    assert_eq!(office.browser("linxiao").get("/session").ok()["locale"], "en");
    browser.put("/session/locale", json!({ "locale": "fr" })).refused(422);
}

#[test]
fn the_secret_serves_as_bearer_for_programs() {
    let office = Office::sample();
    let secret = secret_in(&office.try_sign_in("linxiao", SAMPLE_PASSWORD));
    office.app.nobody().header("authorization", format!("Bearer {secret}")).get("/session").ok();
    office.app.nobody().header("authorization", format!("Bearer {secret}x")).get("/session").refused(401);
}
