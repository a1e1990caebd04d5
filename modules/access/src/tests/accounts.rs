//! Opening, resetting, locking; the initial password; changing one's own.

use hanlin_directory::{
    cast::{CHENG_YUAN, JIANG_CHUAN, QINGLAN},
    model::Place,
};
use hanlin_store::params;
use jiff::SignedDuration;
use serde_json::json;

use super::Office;
use crate::SAMPLE_PASSWORD;

const NEW: &str = "Teich+Reiher4";

fn reset(office: &Office, admin: &str, login: &str) -> String {
    let browser = office.browser(admin);
    let id = office.account_id(&browser, login);
    let opened = browser.post(&format!("/accounts/{id}/password_reset"), json!({})).ok();
    opened["one_time_password"].as_str().unwrap().to_owned()
}

// proves: ACC-07, ACC-13
#[test]
fn the_initial_password_opens_nothing_but_its_change() {
    let office = Office::sample();
    let once = reset(&office, "gaoxiang", "linxiao");
    assert_eq!(once.chars().count(), 14);
    let browser = office.browser_with("linxiao", &once);
    assert_eq!(browser.get("/session").ok()["must_change_password"], true);
    assert_eq!(browser.get("/sessions").refused(403)["code"], "access.must_change_password");
    assert_eq!(browser.get("/clauses").refused(403)["code"], "access.must_change_password");
    let same = browser.post("/password", json!({ "current": once, "new": once })).refused(422);
    let codes: Vec<&str> = same["fields"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"access.password_too_uniform") || codes.contains(&"access.password_used_before"));
    browser.post("/password", json!({ "current": once, "new": NEW })).ok();
    assert_eq!(browser.get("/session").ok()["must_change_password"], false);
    browser.get("/sessions").ok();
    office.try_sign_in("linxiao", &once).refused(409);
    office.try_sign_in("linxiao", NEW).ok();
}

// proves: ACC-13
#[test]
fn a_one_time_password_is_good_for_some_days_only() {
    let office = Office::sample();
    let once = reset(&office, "gaoxiang", "linxiao");
    office.app.clock.advance(SignedDuration::from_hours(72));
    let refused = office.try_sign_in("linxiao", &once).refused(409);
    assert_eq!(refused["code"], "access.one_time_expired");
}

// proves: ACC-13
#[test]
fn a_one_time_password_is_used_once() {
    let office = Office::sample();
    let once = reset(&office, "gaoxiang", "linxiao");
    let browser = office.browser_with("linxiao", &once);
    office.app.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(office.try_sign_in("linxiao", &once).refused(409)["code"], "access.one_time_expired");
    assert_eq!(browser.get("/session").ok()["must_change_password"], true, "who came in first goes on");
    browser.post("/password", json!({ "current": once, "new": NEW })).ok();
    office.try_sign_in("linxiao", NEW).ok();
}

#[test]
fn whoever_has_the_machine_lets_an_administrator_in_again() {
    let office = Office::sample();
    let admin = office.browser("gaoxiang");
    let once = office.app.block_on(crate::recover(&office.app.db, &office.access, "GaoXiang")).unwrap();
    admin.get("/session").refused(401);
    let browser = office.browser_with("gaoxiang", once.reveal());
    assert_eq!(browser.get("/session").ok()["must_change_password"], true);
    assert!(office.app.block_on(crate::recover(&office.app.db, &office.access, "nobody")).is_err());
}

// proves: ACC-12
#[test]
fn changing_ones_password_ends_all_other_sessions() {
    let office = Office::sample();
    let (desk, stolen) = (office.browser("linxiao"), office.browser("linxiao"));
    desk.post("/password", json!({ "current": SAMPLE_PASSWORD, "new": NEW })).ok();
    stolen.get("/session").refused(401);
    desk.get("/session").ok();
    office.try_sign_in("linxiao", SAMPLE_PASSWORD).refused(409);
    assert_eq!(office.recorded("access.session_ended")[0]["reason"], "password_changed");
    assert_eq!(office.recorded("access.password_changed").len(), 1);
}

// proves: ACC-08, ACC-09, ACC-10
#[test]
fn a_weak_new_password_is_refused_with_every_reason() {
    let office = Office::sample();
    let browser = office.browser("linxiao");
    let refused = browser.post("/password", json!({ "current": SAMPLE_PASSWORD, "new": "123456" })).refused(422);
    let codes: Vec<&str> = refused["fields"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    let expected = ["too_short", "too_uniform", "common", "consecutive"].map(|code| format!("access.password_{code}"));
    assert_eq!(codes, expected);
    assert_eq!(refused["fields"][0]["args"], json!({ "characters": 8 }));
}

// proves: RULE-21, ACC-08
#[test]
fn a_password_too_short_for_a_rule_that_warns_is_told_and_for_one_that_notes_is_only_noted() {
    let office = Office::sample();
    let (admin, browser) = (office.browser("gaoxiang"), office.browser("linxiao"));
    let clause = |mode: &str| {
        json!({
            "unit": QINGLAN, "number": "第七条", "text": { "zh": "口令不少于二十位。" }, "policy": "password",
            "mode": mode, "parameters": { "password.min_length": 20 },
        })
    };
    let kept = admin.post("/clauses", clause("warn")).ok();
    office.app.clock.advance(SignedDuration::from_mins(1));
    let told = browser.post("/password", json!({ "current": SAMPLE_PASSWORD, "new": NEW })).ok();
    let codes = [&told["warnings"][0]["code"], &told["warnings"][0]["args"]["characters"]];
    assert_eq!(codes, [&json!("access.password_too_short"), &json!(20)]);
    let mut noted = clause("record");
    for own in ["unit", "number", "policy"] {
        noted.as_object_mut().unwrap().remove(own);
    }
    noted["reason"] = json!("不再提醒");
    let path = format!("/clauses/{}", kept["id"].as_str().unwrap());
    admin.header("If-Match", kept["version"].clone()).put(&path, noted).ok();
    office.app.clock.advance(SignedDuration::from_mins(1));
    let silent = browser.post("/password", json!({ "current": NEW, "new": "Kiefer+Amsel-91" })).ok();
    assert_eq!(silent, json!({}));
    let noted: Vec<_> =
        office.recorded("access.password_changed").into_iter().map(|kept| kept["noted"].clone()).collect();
    assert_eq!(noted, [json!(["access.password_too_short"]), json!(["access.password_too_short"])]);
}

#[test]
fn an_old_password_does_not_come_back() {
    let office = Office::sample();
    let browser = office.browser("linxiao");
    let change = |current: &str, new: &str| browser.post("/password", json!({ "current": current, "new": new }));
    let passwords: Vec<String> =
        ["Amsel", "Buche", "Clown", "Dachs", "Eiche"].map(|word| format!("{word}+Teich4")).into();
    let mut current = SAMPLE_PASSWORD.to_owned();
    for password in &passwords {
        office.app.clock.advance(SignedDuration::from_mins(1));
        change(&current, password).ok();
        current = password.clone();
    }
    for earlier in &passwords[..4] {
        let refused = change(&current, earlier).refused(422);
        assert_eq!(refused["fields"][0]["code"], "access.password_used_before", "{earlier}");
    }
    assert_eq!(change(&current, &current).refused(422)["fields"][0]["code"], "access.password_used_before");
    change(&current, SAMPLE_PASSWORD).ok();
}

// proves: SEC-02
#[test]
fn a_session_left_open_is_no_place_to_guess_the_password() {
    let office = Office::sample();
    let browser = office.browser("linxiao");
    for _ in 0..5 {
        let refused = browser.post("/password", json!({ "current": "Nicht-Richtig-9", "new": NEW })).refused(409);
        assert_eq!(refused["code"], "access.wrong_password");
    }
    browser.post("/password", json!({ "current": SAMPLE_PASSWORD, "new": NEW })).refused(429);
}

// proves: ACC-11
#[test]
fn a_password_grows_too_old_after_a_reminder() {
    let office = Office::sample();
    let days = |days: i64| office.app.clock.advance(SignedDuration::from_hours(24 * days));
    assert!(office.browser("linxiao").get("/session").ok()["password_expires_at"].is_null());
    days(83);
    let me = office.browser("linxiao").get("/session").ok();
    assert_eq!(
        (&me["password_expires_at"], &me["must_change_password"]),
        (&json!("2026-05-31T01:00:00Z"), &json!(false))
    );
    days(7);
    let browser = office.browser("linxiao");
    assert_eq!(browser.get("/session").ok()["must_change_password"], true);
    browser.get("/sessions").refused(403);
    browser.post("/password", json!({ "current": SAMPLE_PASSWORD, "new": NEW })).ok();
    browser.get("/sessions").ok();
}

#[test]
fn a_locked_account_is_closed_until_it_is_unlocked() {
    let office = Office::sample();
    let (admin, employee) = (office.browser("gaoxiang"), office.browser("linxiao"));
    let id = office.account_id(&admin, "linxiao");
    let locked = admin.post(&format!("/accounts/{id}/lock"), json!({ "reason": "手机遗失" })).ok();
    assert_eq!(locked["lock_reason"], "手机遗失");
    assert_eq!(locked["can"], json!(["read", "reset", "change", "unlock"]));
    employee.get("/session").refused(401);
    assert_eq!(office.try_sign_in("linxiao", SAMPLE_PASSWORD).refused(409)["code"], "access.locked");
    let wrong = office.try_sign_in("linxiao", "Nicht-Richtig-9").refused(409);
    assert_eq!(wrong["code"], "access.wrong_credentials", "whether it is locked is told to its owner only");
    admin.post(&format!("/accounts/{id}/unlock"), json!({})).ok();
    office.try_sign_in("linxiao", SAMPLE_PASSWORD).ok();
    assert_eq!(office.recorded("access.account_locked")[0]["reason"], "手机遗失");
}

#[test]
fn an_administrator_opens_again_what_failures_closed() {
    let office = Office::sample();
    for _ in 0..5 {
        office.try_sign_in("linxiao", "Nicht-Richtig-9").refused(409);
    }
    let admin = office.browser("gaoxiang");
    let id = office.account_id(&admin, "linxiao");
    assert_eq!(admin.get(&format!("/accounts/{id}")).ok()["blocked_until"], "2026-03-02T01:15:00Z");
    admin.post(&format!("/accounts/{id}/unlock"), json!({})).ok();
    office.try_sign_in("linxiao", SAMPLE_PASSWORD).ok();
}

// proves: ACC-01
#[test]
fn a_person_has_one_account_under_a_login_of_its_own() {
    let office = Office::sample();
    let admin = office.browser("gaoxiang");
    let open = |person, login: &str| admin.post("/accounts", json!({ "person": person, "login": login }));
    assert_eq!(open(JIANG_CHUAN, "another").refused(409)["code"], "access.person_has_account");
    assert_eq!(open(CHENG_YUAN, "LinXiao").refused(409)["code"], "access.login_taken");
    assert_eq!(open(CHENG_YUAN, "a b").refused(422)["fields"][0]["code"], "access.login_malformed");
    let opened = open(CHENG_YUAN, "Cheng.Yuan").ok();
    assert_eq!((&opened["login"], &opened["must_change_password"]), (&json!("cheng.yuan"), &json!(true)));
    assert_eq!(opened["one_time_password"].as_str().unwrap().len(), 14);
}

// proves: ACC-12
#[test]
fn a_one_time_password_is_shown_once_also_where_the_request_is_repeated() {
    let office = Office::sample();
    let admin = office.browser("gaoxiang");
    let request = || {
        let body = json!({ "person": CHENG_YUAN, "login": "chengyuan" });
        admin.clone().header("idempotency-key", "open-cheng-yuan").post("/accounts", body).ok()
    };
    let first = request();
    assert!(first["one_time_password"].is_string());
    let repeat = request();
    assert_eq!(repeat["id"], first["id"], "it was opened once");
    assert!(repeat["one_time_password"].is_null());
}

#[test]
fn an_account_changes_its_class() {
    let office = Office::sample();
    let admin = office.browser("gaoxiang");
    let id = office.account_id(&admin, "linxiao");
    let path = format!("/accounts/{id}/class");
    let changed = admin.clone().header("If-Match", 1).put(&path, json!({ "class": "key" })).ok();
    assert_eq!((&changed["class"], &changed["version"]), (&json!("key"), &json!(2)));
    admin.clone().header("If-Match", 1).put(&path, json!({ "class": "business" })).refused(412);
    assert_eq!(office.recorded("access.class_changed")[0]["old"], "business");
}

// proves: PERM-02
#[test]
fn accounts_are_managed_only_in_reach() {
    let office = Office::sample();
    office.browser("linxiao").get("/accounts").refused(403);
    let subsidiary = office.browser("qinyue");
    let list = subsidiary.get("/accounts").ok();
    let logins: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|account| account["login"].as_str().unwrap()).collect();
    assert_eq!(logins, ["bailu", "jiangchuan", "liangbo", "qinyue", "yumin"]);
    let outside = office.account_id(&office.browser("gaoxiang"), "linxiao");
    subsidiary.get(&format!("/accounts/{outside}")).refused(404);
    subsidiary.post(&format!("/accounts/{outside}/password_reset"), json!({})).refused(404);
    let inside = office.account_id(&subsidiary, "jiangchuan");
    subsidiary.post(&format!("/accounts/{inside}/password_reset"), json!({})).ok();
    let own = office.account_id(&subsidiary, "qinyue");
    subsidiary.post(&format!("/accounts/{own}/password_reset"), json!({})).refused(403);
}

// proves: PERM-14
#[test]
fn nobody_manages_an_account_that_can_do_more() {
    let office = Office::sample();
    let root = office.browser("gaoxiang");
    let everywhere = json!({
        "what": { "kind": "permission", "name": "rulebook.manage" },
        "subject": { "kind": "person", "id": JIANG_CHUAN }, "scope": "all",
    });
    root.post("/grants", everywhere).ok();
    let subsidiary = office.browser("qinyue");
    let id = office.account_id(&subsidiary, "jiangchuan");
    for act in ["password_reset", "lock", "unlock"] {
        let refused = subsidiary.post(&format!("/accounts/{id}/{act}"), json!({})).refused(409);
        assert_eq!(refused["code"], "access.more_than_yourself", "{act}");
        assert_eq!(refused["args"], json!({ "permission": "rulebook.manage" }));
    }
    let system =
        subsidiary.clone().header("If-Match", 1).put(&format!("/accounts/{id}/class"), json!({ "class": "system" }));
    assert_eq!(system.refused(409)["code"], "access.more_than_yourself");
}

// proves: ACC-01
#[test]
fn accounts_are_searched_by_login_name_and_pinyin_in_reach() {
    let office = Office::sample();
    let logins = |browser: &str, query: &str| {
        let list = office.browser(browser).get(&format!("/accounts?{query}")).ok();
        let items = list["items"].as_array().unwrap().clone();
        items.iter().map(|account| account["login"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for q in ["linxi", "LinXiao", "%E6%9E%97%E6%99%93", "lin%20xiao"] {
        assert_eq!(logins("gaoxiang", &format!("q={q}")), ["linxiao"], "{q}");
    }
    assert!(logins("qinyue", "q=linxiao").is_empty(), "out of reach is not found");
    assert!(logins("gaoxiang", "q=%25").is_empty(), "a sign is a sign");
    assert!(logins("gaoxiang", "locked=true").is_empty());
    let admin = office.browser("gaoxiang");
    let id = office.account_id(&admin, "linxiao");
    admin.post(&format!("/accounts/{id}/lock"), json!({})).ok();
    assert_eq!(logins("gaoxiang", "locked=true"), ["linxiao"]);
}

#[test]
fn everybody_of_a_generated_organisation_can_sign_in_and_reaches_his_own() {
    let office = Office::generated(7, 300);
    let accounts = office.app.read(|tx| tx.scalar::<i64>("select cast(count(*) as bigint) from access_account", &[]));
    assert_eq!(accounts, 300, "those in service, and nobody else");
    let (login, heads) = office.app.read(|tx| {
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        let group = directory.roots(now)[0].id;
        let units = directory.units_and_below(group, now).into_iter().skip(1);
        let heads = units.filter_map(|unit| Some((unit, directory.head(Place::Unit(unit), now)?))).collect::<Vec<_>>();
        let chief = directory.holders(directory.posts_by_code("system_administrator"), group, now);
        let chief = chief.first().copied().or(directory.head(Place::Unit(group), now)).unwrap();
        let login: String = tx.scalar("select login from access_account where person = $1", params![chief])?;
        Ok((login, heads))
    });
    let admin = office.browser(&login);
    assert_eq!(admin.get("/session").ok()["person"]["id"].as_str().map(str::len), Some(26));
    admin.get("/accounts?limit=1").ok();
    assert!(!heads.is_empty());
    for (unit, head) in heads {
        let actor = office.app.read({
            let access = office.access.clone();
            move |tx| access.actor(tx, head, None)
        });
        assert!(actor.reaches(hanlin_directory::MANAGE, unit), "the head of a unit administers it");
    }
    let again = office.app.try_write(|tx| crate::load_generated(tx, "no password is ever right"));
    assert!(again.is_err(), "only where there is no account");
}
