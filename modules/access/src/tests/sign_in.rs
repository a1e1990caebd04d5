//! Signing in, and being kept out.

use hanlin_api::RequestInfo;
use hanlin_directory::cast::{CHENG_YUAN, LIN_XIAO, QINGLAN};
use hanlin_kernel::{Error, Id, Locale};
use hanlin_rulebook::Class;
use jiff::SignedDuration;
use serde_json::json;

use super::{Office, cookie_in, secret_in};
use crate::{Account, SAMPLE_PASSWORD, Secret, SignIn, store};

const WRONG: &str = "Nicht-Richtig-9";

// proves: ACC-01
#[test]
fn whoever_signs_in_learns_who_he_is_and_what_he_may() {
    let office = Office::sample();
    let said = office.try_sign_in(" LinXiao ", SAMPLE_PASSWORD);
    let cookie = cookie_in(&said);
    let me = said.ok();
    assert_eq!(me["person"], json!({ "id": LIN_XIAO, "name": "林晓" }));
    assert_eq!((&me["login"], &me["class"]), (&json!("linxiao"), &json!("business")));
    assert_eq!(me["appointments"][0]["unit"]["id"], QINGLAN.to_string());
    assert_eq!(me["appointments"][0]["department"]["name"]["zh"], "平台组");
    assert_eq!(me["appointments"][0]["post"]["name"]["zh"], "工程师");
    assert_eq!(me["appointment"], me["appointments"][0]["id"]);
    assert_eq!(me["permissions"], json!(["directory.read"]));
    assert_eq!((&me["must_change_password"], &me["sample"]), (&json!(false), &json!(true)));
    assert_eq!(me["idle_minutes"], 30);
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    let again = office.app.nobody().header("cookie", cookie.split(';').next().unwrap()).get("/session").ok();
    assert_eq!(again, me);
    assert_eq!(office.app.events(), ["access.signed_in"]);
}

#[test]
fn a_wrong_password_and_an_unknown_login_sound_the_same() {
    let office = Office::sample();
    let wrong = office.try_sign_in("linxiao", WRONG).refused(409);
    let unknown = office.try_sign_in("nobody", WRONG).refused(409);
    assert_eq!(wrong["code"], "access.wrong_credentials");
    assert_eq!((&wrong["code"], &wrong["detail"]), (&unknown["code"], &unknown["detail"]));
    office.app.nobody().get("/session").refused(401);
}

// proves: SEC-02
#[test]
fn too_many_failures_close_an_account_for_a_while() {
    let office = Office::sample();
    for _ in 0..5 {
        office.try_sign_in("linxiao", WRONG).refused(409);
    }
    let said = office.try_sign_in("linxiao", SAMPLE_PASSWORD);
    assert_eq!(said.headers["retry-after"], "900");
    assert_eq!(said.refused(429)["args"], json!({ "seconds": 900 }), "the right password does not help now");
    office.try_sign_in("wutong", SAMPLE_PASSWORD).ok();
    assert_eq!(office.recorded("access.account_blocked").len(), 1);
    office.app.clock.advance(SignedDuration::from_mins(15));
    office.try_sign_in("linxiao", SAMPLE_PASSWORD).ok();
}

// proves: SEC-02
#[test]
fn a_login_that_nobody_has_is_closed_the_same_way() {
    let office = Office::sample();
    for _ in 0..5 {
        office.try_sign_in("nobody", WRONG).refused(409);
    }
    office.try_sign_in("nobody", WRONG).refused(429);
}

#[test]
fn a_right_password_forgives_the_failures_before() {
    let office = Office::sample();
    for _ in 0..3 {
        for _ in 0..4 {
            office.try_sign_in("linxiao", WRONG).refused(409);
        }
        office.try_sign_in("linxiao", SAMPLE_PASSWORD).ok();
    }
}

// proves: SEC-02
#[test]
fn guesses_that_come_at_once_are_all_counted() {
    let office = Office::sample();
    let guess = || crate::sign_in(&office.app.db, &office.access, guesser(), attempt("linxiao", WRONG));
    let answers = office.app.block_on(async {
        tokio::join!(guess(), guess(), guess(), guess(), guess(), guess(), guess(), guess(), guess(), guess())
    });
    let answers =
        [answers.0, answers.1, answers.2, answers.3, answers.4, answers.5, answers.6, answers.7, answers.8, answers.9];
    let looked_at = answers.iter().filter(|answer| matches!(answer, Err(Error::Refused(_)))).count();
    let turned_away = answers.iter().filter(|answer| matches!(answer, Err(Error::TooMany { .. }))).count();
    assert_eq!((looked_at, turned_away), (5, 5));
    assert_eq!(office.recorded("access.account_blocked").len(), 1, "told once");
}

// proves: SEC-02
#[test]
fn an_address_that_tries_many_logins_has_to_wait() {
    let office = Office::sample();
    let from = |address: &'static str, login: String, password: &'static str| {
        let info = RequestInfo { address: address.to_owned(), ..RequestInfo::default() };
        let attempt = attempt(&login, password);
        office.app.block_on(async { crate::sign_in(&office.app.db, &office.access, &info, attempt).await })
    };
    for number in 0..30 {
        let answer = from("192.0.2.7", format!("guess{number}"), WRONG);
        assert!(matches!(answer, Err(Error::Refused(_))), "{number}: {answer:?}");
    }
    let waits = from("192.0.2.7", "linxiao".into(), SAMPLE_PASSWORD);
    assert!(matches!(waits, Err(Error::TooMany { seconds: 900 })), "{waits:?}");
    assert!(from("192.0.2.8", "linxiao".into(), SAMPLE_PASSWORD).is_ok(), "another address");
}

#[test]
fn a_right_sign_in_does_not_wash_an_address_clean() {
    let office = Office::sample();
    let from = RequestInfo { address: "192.0.2.7".into(), ..RequestInfo::default() };
    let sign_in = |login: &str, password| {
        let attempt = attempt(login, password);
        office.app.block_on(async { crate::sign_in(&office.app.db, &office.access, &from, attempt).await })
    };
    for number in 0..29 {
        assert!(sign_in(&format!("guess{number}"), WRONG).is_err());
    }
    assert!(sign_in("linxiao", SAMPLE_PASSWORD).is_ok());
    assert!(matches!(sign_in("guess29", WRONG), Err(Error::Refused(_))));
    assert!(matches!(sign_in("linxiao", SAMPLE_PASSWORD), Err(Error::TooMany { .. })));
}

#[test]
fn whoever_left_does_not_come_in_with_his_old_password() {
    let office = Office::sample();
    let hash = office.app.block_on(office.access.hashing().hash(Secret::new(SAMPLE_PASSWORD))).unwrap();
    office.app.write(move |tx| {
        let now = tx.now();
        let account = Account {
            id: Id::new(),
            person: CHENG_YUAN,
            login: "chengyuan".into(),
            class: Class::Business,
            password_hash: hash.clone(),
            password_changed_at: now,
            one_time_until: None,
            locked_at: None,
            lock_reason: None,
            locale: Locale::ZhCn,
            sample: true,
            public_password: true,
            version: 1,
            created_at: now,
        };
        store::insert_account(tx, &account)
    });
    let refused = office.try_sign_in("chengyuan", SAMPLE_PASSWORD).refused(409);
    assert_eq!(refused["code"], "access.not_in_service");
    assert_eq!(office.try_sign_in("chengyuan", WRONG).refused(409)["code"], "access.wrong_credentials");
}

// proves: ACC-17
#[test]
fn every_attempt_is_logged_and_shown_to_its_owner_and_to_reviewers_in_reach() {
    let office = Office::sample();
    office.try_sign_in("jiangchuan", WRONG).refused(409);
    office.try_sign_in("nobody", WRONG).refused(409);
    let owner = office.browser("jiangchuan");
    let own = owner.get("/sign_ins").ok();
    let results = |log: &serde_json::Value| -> Vec<String> {
        let items = log["items"].as_array().unwrap().iter();
        items.map(|row| format!("{} {}", row["login"].as_str().unwrap(), row["result"].as_str().unwrap())).collect()
    };
    assert_eq!(results(&own), ["jiangchuan signed_in", "jiangchuan wrong_password"]);
    assert_eq!((&own["items"][0]["succeeded"], &own["items"][1]["succeeded"]), (&json!(true), &json!(false)));
    office.browser("linxiao").get("/sign_in_log").refused(403);
    let subsidiary = office.browser("qinyue").get("/sign_in_log?failed=true").ok();
    assert_eq!(results(&subsidiary), ["jiangchuan wrong_password"]);
    let everything = office.browser("gaoxiang").get("/sign_in_log?failed=true").ok();
    assert_eq!(results(&everything), ["nobody unknown_login", "jiangchuan wrong_password"]);
    let paged = office.browser("gaoxiang").get("/sign_in_log?failed=true&limit=1").ok();
    let next = paged["next"].as_str().unwrap();
    let rest = office.browser("gaoxiang").get(&format!("/sign_in_log?failed=true&after={next}")).ok();
    assert_eq!(results(&rest), ["jiangchuan wrong_password"]);
}

// proves: SEC-02
#[test]
fn a_page_of_another_site_signs_nobody_in_and_changes_nothing() {
    let office = Office::sample();
    let credentials = json!({ "login": "linxiao", "password": SAMPLE_PASSWORD });
    let foreign = office.app.nobody().header("sec-fetch-site", "cross-site");
    assert_eq!(foreign.post("/sessions", credentials).refused(403)["code"], "api.cross_site");
    let browser = office.browser("linxiao");
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let refused =
            browser.clone().header(name, value).header("host", "oa.example").post("/sessions/end_others", json!({}));
        assert_eq!(refused.refused(403)["code"], "api.cross_site", "{name}");
    }
    browser.get("/session").ok();
}

// proves: SEC-02
#[test]
fn a_secret_that_was_planted_is_not_taken_over() {
    let office = Office::sample();
    let planted = "planted-by-somebody-else";
    let said = office
        .app
        .nobody()
        .header("cookie", format!("hanlin_session={planted}"))
        .post("/sessions", json!({ "login": "linxiao", "password": SAMPLE_PASSWORD }));
    assert_ne!(secret_in(&said), planted);
    office.app.nobody().header("cookie", format!("hanlin_session={planted}")).get("/session").refused(401);
}

#[test]
fn a_browser_that_signs_in_anew_leaves_no_session_behind() {
    let office = Office::sample();
    let first = office.browser("linxiao");
    let said = first.post("/sessions", json!({ "login": "wutong", "password": SAMPLE_PASSWORD }));
    assert_ne!(secret_in(&said), "");
    first.get("/session").refused(401);
    assert_eq!(office.recorded("access.session_ended")[0]["reason"], "replaced");
}

fn attempt(login: &str, password: &str) -> SignIn {
    SignIn { login: login.to_owned(), password: Secret::new(password) }
}

fn guesser() -> &'static RequestInfo {
    static FROM: std::sync::LazyLock<RequestInfo> = std::sync::LazyLock::new(RequestInfo::default);
    &FROM
}
