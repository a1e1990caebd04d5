//! The first start.

use serde_json::{Value, json};

use super::{Office, cookie_in};
use crate::setup_token;

fn token(office: &Office) -> String {
    office.app.write(setup_token).expect("nobody has an account yet").reveal().to_owned()
}

fn request(token: &str) -> Value {
    json!({
        "token": token, "organisation": "明远集团（示例）", "name": "罗成", "login": "Admin.Luo",
        "password": "Teich+Reiher4/Q",
    })
}

#[test]
fn the_set_up_link_makes_the_first_administrator_once() {
    let office = Office::empty();
    assert_eq!(office.app.nobody().get("/setup").ok(), json!({ "needed": true, "sample": false }));
    let token = token(&office);
    let said = office.app.nobody().post("/setup", request(&token));
    let cookie = cookie_in(&said);
    let me = said.ok();
    assert_eq!(me["person"]["name"], "罗成");
    assert_eq!(me["appointments"][0]["unit"]["name"]["zh"], "明远集团（示例）");
    assert_eq!(
        (&me["login"], &me["must_change_password"], &me["sample"]),
        (&json!("admin.luo"), &json!(false), &json!(false))
    );
    let all: Vec<String> = office.access.permissions().iter().cloned().collect();
    assert_eq!(me["permissions"], json!(all));
    let browser = office.app.nobody().header("cookie", cookie.split(';').next().unwrap());
    browser.get("/accounts").ok();
    assert_eq!(office.app.nobody().get("/setup").ok(), json!({ "needed": false, "sample": false }));
    assert_eq!(office.app.nobody().post("/setup", request(&token)).refused(409)["code"], "access.already_set_up");
    assert!(office.app.write(setup_token).is_none(), "no other link is made");
    office.try_sign_in("admin.luo", "Teich+Reiher4/Q").ok();
}

#[test]
fn only_the_link_that_was_printed_last_sets_up() {
    let office = Office::empty();
    let refused = office.app.nobody().post("/setup", request("")).refused(409);
    assert_eq!(refused["code"], "access.wrong_setup_token", "none was printed yet");
    let (first, second) = (token(&office), token(&office));
    assert_eq!(office.app.nobody().post("/setup", request(&first)).refused(409)["code"], "access.wrong_setup_token");
    office.app.nobody().post("/setup", request(&second)).ok();
}

#[test]
fn the_first_administrator_has_a_strong_password() {
    let office = Office::empty();
    let mut weak = request(&token(&office));
    weak["password"] = json!("Teich+4");
    let refused = office.app.nobody().post("/setup", weak).refused(422);
    assert_eq!(refused["fields"][0]["code"], "access.password_too_short");
    assert_eq!(refused["fields"][0]["args"], json!({ "characters": 12 }));
    assert_eq!(office.app.nobody().get("/setup").ok()["needed"], true);
}

#[test]
fn two_who_have_the_link_make_one_organisation() {
    let office = Office::empty();
    let token = token(&office);
    let intent = || serde_json::from_value::<crate::SetUp>(request(&token)).unwrap();
    let from = hanlin_api::RequestInfo::default();
    let set_up = || crate::set_up(&office.app.db, &office.access, &from, intent());
    let (one, other) = office.app.block_on(async { tokio::join!(set_up(), set_up()) });
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert_eq!(office.app.read(|tx| tx.scalar::<i64>("select count(*) from access_account", &[])), 1);
}

// proves: SEC-01
#[test]
fn over_https_the_cookie_never_travels_in_the_clear() {
    let cookie_of = |office: Office| cookie_in(&office.app.nobody().post("/setup", request(&token(&office))));
    let secure = cookie_of(Office::reached_by(Some("https://oa.example")));
    assert!(secure.ends_with("; HttpOnly; SameSite=Strict; Secure"), "{secure}");
    let plain = cookie_of(Office::reached_by(Some("http://oa.example")));
    assert!(plain.ends_with("; HttpOnly; SameSite=Strict"), "{plain}");
}

#[test]
fn the_sample_is_known_as_one() {
    let office = Office::sample();
    assert!(office.app.read(crate::has_sample_accounts));
    assert_eq!(office.app.nobody().get("/setup").ok(), json!({ "needed": false, "sample": true }));
    let empty = Office::empty();
    assert!(!empty.app.read(crate::has_sample_accounts));
}
