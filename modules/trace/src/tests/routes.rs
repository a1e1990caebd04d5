use std::sync::Arc;

use hanlin_kernel::PersonId;
use hanlin_testkit::{Setup, TestApp};
use serde_json::json;

use super::house::Noted;
use crate::{Keys, READ, REDACT, TraceRecorder, module};

const AUDITOR: PersonId = PersonId::fixed(1);
const OFFICER: PersonId = PersonId::fixed(2);
const CLERK: PersonId = PersonId::fixed(3);

fn app() -> TestApp {
    let recorder = Arc::new(TraceRecorder::with(Arc::new(Keys::generate().unwrap())));
    let app = TestApp::with(vec![module()], Setup { recorder: Some(recorder), ..Setup::default() });
    app.grant(AUDITOR, &[READ]);
    app.grant(OFFICER, &[READ, REDACT]);
    let noted = |tx: &mut hanlin_store::Tx| {
        tx.record(Noted { stream: "workflow/case/a", kind: "workflow.approved", text: "同意".into() });
        Ok(())
    };
    app.write_as(CLERK, noted).unwrap();
    app
}

// proves: TRACE-07
#[test]
fn an_auditor_reads_the_trace_and_how_far_it_is_sealed() {
    let app = app();
    let page = app.as_(AUDITOR).get("/trace?kind=workflow.").ok();
    let entry = &page["items"][0];
    assert_eq!(entry["payload"], json!({"text": "同意"}));
    assert_eq!((&entry["person"], &entry["stream"]), (&json!(CLERK), &json!("workflow/case/a")));
    assert_eq!(entry["at"], "2026-03-02T01:00:00Z");
    let id = entry["id"].as_str().unwrap();
    assert_eq!(&app.as_(AUDITOR).get(&format!("/trace/{id}")).ok(), entry);
    let sealed = app.as_(AUDITOR).get("/trace_seals").ok();
    assert_eq!(sealed, json!({"last": null, "unsealed": 1, "unsealed_since": "2026-03-02T01:00:00Z"}));
    assert_eq!(app.as_(AUDITOR).get("/trace?from=2026-03-02T02:00:00Z").ok()["items"], json!([]));
}

// proves: TRACE-07
#[test]
fn others_do_not() {
    let app = app();
    let id = app.as_(AUDITOR).get("/trace").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    for path in ["/trace", &format!("/trace/{id}"), "/trace_seals"] {
        app.nobody().get(path).refused(401);
        app.as_(CLERK).get(path).refused(403);
    }
    app.as_(AUDITOR).get("/trace/7zzzzzzzzzzzzzzzzzzzzzzzzz").refused(404);
    app.as_(AUDITOR).get("/trace?after=x").refused(422);
}

#[test]
fn an_officer_removes_a_payload_and_an_auditor_cannot() {
    let app = app();
    let id = app.as_(AUDITOR).get("/trace").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/trace/{id}/redaction");
    app.as_(AUDITOR).post(&path, json!({"reason": "x"})).refused(403);
    let entry = app.as_(OFFICER).post(&path, json!({"reason": "依本人请求删除"})).ok();
    assert_eq!(entry["payload"], json!(null));
    let refusal = app.as_(OFFICER).post(&path, json!({"reason": "again"})).refused(409);
    assert_eq!(refusal["code"], "trace.already_removed");
    let kinds: Vec<String> = app.events();
    assert_eq!(kinds, ["workflow.approved", "trace.redacted"]);
}
