use hanlin_api::{
    App, IfMatch, Json, Me, Module, Path, Reply, Routes,
    http::{Body, Method},
    routes,
};
use hanlin_kernel::{Error, FieldError, Permission, PersonId};
use hanlin_store::params;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::ledger;
use crate::TestApp;

const BOOK: Permission = Permission("ledger.book");
const ANNA: PersonId = PersonId::fixed(1);
const BELA: PersonId = PersonId::fixed(2);

#[derive(Clone, Serialize, Deserialize, ToSchema)]
struct Line {
    amount: i64,
}

/// Add to the counter.
#[utoipa::path(post, path = "/lines/{id}", request_body = Line, responses((status = 200, body = Line)))]
async fn create_line(app: App, Me(_me): Me, Path(id): Path<i64>, Json(line): Json<Line>) -> Reply<Line> {
    app.write(move |tx| {
        if line.amount == 0 {
            return Err(Error::Invalid(vec![FieldError::new("amount", "ledger.zero").with("least", 1)]));
        }
        tx.exec("update ledger_line set amount = amount + $1 where id = $2", params![line.amount, id])?;
        let amount = tx.scalar("select amount from ledger_line where id = $1", params![id])?;
        Ok(Line { amount })
    })
    .await
}

/// What the counter shows.
#[utoipa::path(get, path = "/lines/{id}", responses((status = 200, body = Line)))]
async fn find_line(app: App, Path(id): Path<i64>) -> Reply<Line> {
    app.read(move |tx| Ok(Line { amount: tx.scalar("select amount from ledger_line where id = $1", params![id])? }))
        .await
}

/// Set the counter that was read.
#[utoipa::path(put, path = "/lines/{id}", request_body = Line, responses((status = 200, body = Line)))]
async fn update_line(app: App, Path(id): Path<i64>, IfMatch(seen): IfMatch, Json(line): Json<Line>) -> Reply<Line> {
    app.write(move |tx| {
        let sql = "update ledger_line set amount = $1 where id = $2 and amount = $3";
        let changed = tx.exec(sql, params![line.amount, id, seen])?;
        if changed == 0 { Err(Error::Stale) } else { Ok(line.clone()) }
    })
    .await
}

/// Falls over.
#[utoipa::path(get, path = "/panic", responses((status = 200, body = Line)))]
async fn find_panic(_app: App) -> Reply<Line> {
    panic!("secret detail of the panic")
}

fn app() -> TestApp {
    let routes = Routes::new().can(BOOK, routes!(create_line));
    let routes = routes.signed_in(routes!(find_line, update_line)).anyone(routes!(find_panic));
    let app = TestApp::new(vec![Module { routes, permissions: &[BOOK], ..ledger() }]);
    app.grant(ANNA, &[BOOK]);
    app
}

// proves: PERM-02
#[test]
fn the_door_lets_in_only_whom_the_guard_allows() {
    let app = app();
    assert_eq!(app.nobody().get("/lines/0").refused(401)["code"], "signed_out");
    assert_eq!(
        app.as_(BELA).post("/lines/0", json!({ "amount": 1 })).refused(403)["args"]["permission"],
        "ledger.book"
    );
    assert_eq!(app.as_(BELA).get("/lines/0").ok()["amount"], 0);
    assert_eq!(app.as_(ANNA).post("/lines/0", json!({ "amount": 1 })).ok()["amount"], 1);
}

#[test]
fn a_repeat_with_the_same_key_gets_the_first_answer() {
    let app = app();
    let anna = app.as_(ANNA).header("Idempotency-Key", "k1");
    assert_eq!(anna.post("/lines/0", json!({ "amount": 3 })).ok()["amount"], 3);
    let again = anna.post("/lines/0", json!({ "amount": 3 }));
    assert_eq!(again.headers["idempotent-replay"], "true");
    assert_eq!(again.ok()["amount"], 3);
    let other = anna.post("/lines/0", json!({ "amount": 4 })).refused(422);
    assert_eq!(other["fields"][0]["code"], "api.idempotency_key_reused");
    let fresh = app.as_(ANNA).header("Idempotency-Key", "k2");
    fresh.post("/lines/0", json!({ "amount": 0 })).refused(422);
    assert_eq!(app.as_(ANNA).get("/lines/0").ok()["amount"], 3, "one of them counted");
}

#[test]
fn a_refused_unit_keeps_no_answer() {
    let app = app();
    let anna = app.as_(ANNA).header("Idempotency-Key", "k1");
    anna.post("/lines/0", json!({ "amount": 0 })).refused(422);
    anna.post("/lines/0", json!({ "amount": 0 })).refused(422);
    let kept: i64 = app.read(|tx| tx.scalar("select count(*) from store_answer", &[]));
    assert_eq!(kept, 0);
}

#[test]
fn a_problem_names_its_code_its_words_and_its_request() {
    let app = app();
    let problem = app.as_(ANNA).header("Accept-Language", "en").get("/lines/77").refused(404);
    assert_eq!(problem["code"], "not_found");
    assert_eq!(problem["detail"], "It was not found, or you may not see it.");
    assert_eq!(problem["request_id"].as_str().map(str::len), Some(26));
    let problem = app.as_(ANNA).get("/no/such/path").refused(404);
    assert_eq!(problem["detail"], "没有找到，或您无权查看。");
    let unreadable = app.as_(ANNA).post("/lines/0", json!({ "amount": "many" })).refused(422);
    assert_eq!(unreadable["fields"][0]["code"], "api.unreadable");
}

// proves: SEC-02
#[test]
fn what_is_not_said_to_be_json_or_holds_what_no_text_holds_is_refused_at_the_door() {
    let app = app();
    // A repeat is known by what its body says: no other body passes for it by another name.
    let body = || Body::from(json!({ "amount": 1 }).to_string());
    let plain = app.as_(ANNA).header("Idempotency-Key", "k1").header("Content-Type", "text/plain");
    let refused = plain.send(Method::POST, "/lines/0", body(), false).refused(422);
    assert_eq!(refused["fields"][0]["code"], "api.json_expected");
    let charset = app.as_(ANNA).header("Content-Type", "application/json; charset=utf-8");
    charset.send(Method::POST, "/lines/0", body(), false).ok();
    let raw = |text: &str| app.as_(ANNA).send(Method::POST, "/lines/0", Body::from(text.to_owned()), true);
    let before = app.as_(ANNA).get("/lines/0").ok()["amount"].clone();
    for text in
        [r#"{"amount":1,"note":"a\u0000b"}"#, r#"{"amount":1,"note":"\\\u0000"}"#, "{\"amount\":1,\"note\":\"\0\"}"]
    {
        let refused = raw(text).refused(422);
        assert_eq!(refused["fields"][0]["code"], "api.unreadable", "{text}");
    }
    assert_eq!(app.as_(ANNA).get("/lines/0").ok()["amount"], before, "what is refused changes nothing");
    raw(r#"{"amount":1,"note":"\\u0000"}"#).ok();
    app.as_(ANNA).get("/lines/0%00").refused(404);
}

// proves: SEC-02
#[test]
fn what_is_too_large_and_a_version_that_nobody_read_are_named() {
    let app = app();
    let most = 2 * 1024 * 1024;
    for key in [None, Some("k2")] {
        let anna = key.map_or_else(|| app.as_(ANNA), |key| app.as_(ANNA).header("Idempotency-Key", key));
        let large = anna.post("/lines/0", json!({ "amount": 1, "note": "x".repeat(5 * most) })).refused(413);
        assert_eq!((&large["code"], &large["args"]["limit"]), (&json!("too_large"), &json!(most)));
    }
    let set = |version: &str| app.as_(ANNA).header("If-Match", version).put("/lines/0", json!({ "amount": 7 }));
    for version in ["18446744073709551615", "9223372036854775808", "-1", "x", ""] {
        assert_eq!(set(version).refused(422)["fields"][0]["code"], "api.if_match_required", "{version}");
    }
    set("9223372036854775807").refused(412);
}

#[test]
fn a_panic_is_an_internal_error_without_its_detail() {
    let app = app();
    let said = app.nobody().get("/panic");
    assert_eq!(said.status, 500);
    assert!(!said.text().contains("secret"), "{}", said.text());
    app.nobody().get("/healthz").ok();
}

// proves: SEC-02
#[test]
fn another_site_cannot_change_anything_with_our_cookie() {
    let app = app();
    let book = |name: &str, value: &str| {
        app.as_(ANNA)
            .header("Host", "oa.example.org")
            .header(name, value)
            .post("/lines/0", json!({ "amount": 1 }))
            .status
    };
    assert_eq!(book("Sec-Fetch-Site", "cross-site"), 403);
    assert_eq!(book("Sec-Fetch-Site", "same-site"), 403, "a sister domain is another site too");
    assert_eq!(book("Origin", "https://evil.example.net"), 403);
    assert_eq!(book("Origin", "null"), 403);
    assert_eq!(book("Origin", "https://oa.example.org"), 200);
    assert_eq!(book("Sec-Fetch-Site", "same-origin"), 200);
}

#[test]
fn a_body_above_the_limit_is_refused_by_its_size() {
    let app = app();
    let big = app.as_(ANNA).post("/lines/0", json!({ "amount": 1, "padding": "x".repeat(3_000_000) })).refused(413);
    assert_eq!(big["args"]["limit"], 2_097_152);
}
