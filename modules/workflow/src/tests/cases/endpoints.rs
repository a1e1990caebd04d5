//! What administrators do with other systems: new secrets, deletion, and packages that ask what is not registered (FLOW-40).

use std::{net::TcpListener, sync::Arc, thread};

use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, XU_JING, ZHAO_QING};
use jiff::SignedDuration;
use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};
use serde_json::{Value, json};

use super::{
    office::Office,
    webhooks::{Other, Says, asking, endpoint_id, publish, register, send, signature, step, submit, tell},
};

fn renew(office: &Office, endpoint: &Value) -> Value {
    let id = endpoint["id"].as_str().unwrap();
    let all = office.app.as_(GAO_XIANG).get("/endpoints").ok();
    let now = all["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(id)).unwrap();
    let version = now["version"].as_u64().unwrap();
    let admin = office.app.as_(GAO_XIANG).header("if-match", format!("\"{version}\""));
    admin.post(&format!("/endpoints/{id}/secret"), json!({})).ok()
}

fn hours(office: &Office, hours: u64) {
    office.app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let clause = json!({ "unit": QINGLAN, "number": "9.2", "text": { "zh": "更换密钥后原密钥并用的时间" },
        "policy": "workflow", "mode": "block", "parameters": { "workflow.webhook_old_secret_hours": hours } });
    office.app.as_(GAO_XIANG).post("/clauses", clause).ok();
}

// proves: FLOW-40
#[test]
fn for_a_while_both_secrets_count_and_what_goes_out_is_signed_with_both() {
    let other = Other::saying(vec![Says::Json(200, json!({}))]);
    let office = Office::new();
    let made = register(&office, &other.url);
    assert!(made.get("old_secret_until").is_none());
    let flow = publish(&office, "t-ask", asking(json!({})));
    let renewed = renew(&office, &made);
    assert_ne!(renewed["secret"], made["secret"]);
    assert_eq!(renewed["old_secret_until"], json!("2026-03-03T01:00:00Z"));
    let path = made["events_to"].as_str().unwrap().to_owned();
    let told = |secret: &Value, id: &str| {
        tell(&office, &path, secret, id, &json!({ "event": "contract.signed", "about": "HT-7" })).status
    };
    let signed = |secrets: &[&Value]| {
        submit(&office, &flow, "HT-7");
        send(&office);
        let seen = other.seen().pop().unwrap();
        let each = secrets.iter().map(|secret| signature(secret, &seen.id, &seen.timestamp, &seen.body));
        assert_eq!(seen.signature, each.collect::<Vec<_>>().join(" "));
    };
    let (old, new) = (&made["secret"], &renewed["secret"]);
    signed(&[new, old]);
    assert_eq!((told(old, "m-1"), told(new, "m-2")), (200, 200));
    // A message that was taken under one secret is the same under the other.
    let again = tell(&office, &path, new, "m-1", &json!({ "event": "contract.signed", "about": "HT-7" })).ok();
    assert_eq!(again, json!({ "taken": "not_awaited" }));
    office.app.clock.advance(SignedDuration::from_mins(24 * 60 - 1));
    assert_eq!((told(old, "m-3"), told(new, "m-4")), (200, 200));
    office.app.clock.advance(SignedDuration::from_mins(1));
    assert_eq!((told(old, "m-5"), told(new, "m-6")), (403, 200));
    signed(&[new]);
    // Whose secret got into wrong hands renews it twice: the first counts no longer at once.
    let second = renew(&office, &made);
    let third = renew(&office, &made);
    let counts = [new, &second["secret"], &third["secret"]].map(|secret| told(secret, &format!("n-{secret}")));
    assert_eq!(counts, [403, 200, 200]);
}

// proves: FLOW-40, RULE-01
#[test]
fn how_long_the_old_secret_counts_is_a_rule() {
    let other = Other::saying(vec![Says::Json(200, json!({}))]);
    let office = Office::new();
    hours(&office, 0);
    let made = register(&office, &other.url);
    let renewed = renew(&office, &made);
    assert!(renewed.get("old_secret_until").is_none());
    let path = made["events_to"].as_str().unwrap();
    let told = json!({ "event": "contract.signed", "about": "HT-7" });
    assert_eq!(tell(&office, path, &made["secret"], "m", &told).status, 403);
    assert_eq!(tell(&office, path, &renewed["secret"], "m", &told).status, 200);
}

// proves: FLOW-40, PERM-02, TRACE-01
#[test]
fn a_system_is_deleted_where_nothing_asks_it_and_whatever_does_is_named() {
    let other = Other::saying(vec![Says::Json(202, json!({}))]);
    let office = Office::new();
    let made = register(&office, &other.url);
    let flow = publish(&office, "t-ask", asking(json!({ "answer": "later" })));
    let case = submit(&office, &flow, "HT-7");
    send(&office);
    let path = format!("/endpoints/{}", made["id"].as_str().unwrap());
    office.app.as_(LIN_XIAO).header("if-match", "\"1\"").delete(&path).refused(403);
    let delete = || office.app.as_(GAO_XIANG).header("if-match", "\"1\"").delete(&path);
    let named = delete().refused(409);
    let called = json!({ "zh": "付款", "en": "Payment" });
    assert_eq!((&named["code"], &named["args"]["flows"]), (&json!("workflow.endpoint_named"), &called));
    // A version that does not ask it is published; the case stays on its own and waits for the answer.
    publish(
        &office,
        "t-ask",
        json!({ "kind": "handle", "key": "pay", "name": { "zh": "付款" },
        "who": [{ "rule": "person", "person": XU_JING.to_string() }] }),
    );
    let awaited = delete().refused(409);
    let number = office.case(LIN_XIAO, &case)["number"].clone();
    assert_eq!((&awaited["code"], &awaited["args"]["cases"]), (&json!("workflow.endpoint_awaited"), &number));
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/withdrawal"), json!({ "text": "不办了" })).ok();
    let stale = office.app.as_(GAO_XIANG).header("if-match", "\"7\"").delete(&path);
    assert_eq!(stale.status, 412);
    delete().ok();
    assert_eq!(office.app.as_(GAO_XIANG).get("/endpoints").ok()["items"], json!([]));
    assert_eq!(delete().status, 404, "once");
    let stream = format!("workflow/endpoint/{}", made["id"].as_str().unwrap());
    let page = hanlin_kernel::PageRequest { after: None, limit: Some(50) };
    let entries = office.app.read(move |tx| hanlin_trace::list_stream(tx, &stream, &page)).items;
    assert_eq!(entries.last().unwrap().kind, "workflow.endpoint_deleted");
    // What it says from now on is nobody's; one of the same name is another, with another secret.
    let told = json!({ "event": "contract.signed", "about": "HT-7" });
    let events_to = made["events_to"].as_str().unwrap();
    assert_eq!(tell(&office, events_to, &made["secret"], "m", &told).status, 404);
    let again = register(&office, &other.url);
    assert_eq!(tell(&office, again["events_to"].as_str().unwrap(), &made["secret"], "m", &told).status, 403);
}

const ASKING: &str = "hanlin: flow/1
id: t-asking
name: { zh: 付款 }
category: test
may_start: everyone
form:
  fields:
    number: { label: { zh: 合同号 }, type: text }
  layout: [number]
route:
  - approve: check
    name: { zh: 审批 }
    who: superior
  - webhook: ask
    name: { zh: 通知财务 }
    endpoint: finanse
    send: { number: form.number }
";

// proves: FLOW-40, FLOW-01
#[test]
fn a_package_that_asks_what_is_not_registered_is_imported_with_a_warning_at_its_line() {
    let office = Office::new();
    let admin = office.app.as_(GAO_XIANG);
    let told = |path: &str| {
        let said = admin.post(path, json!({ "text": ASKING, "unit": QINGLAN })).ok();
        let problems = said["problems"].as_array().unwrap().iter();
        let mut found = problems.filter(|one| one["code"].as_str().unwrap().contains("endpoint"));
        let first = found.next().cloned().unwrap_or(Value::Null);
        assert!(found.next().is_none());
        (first, said["version"].clone())
    };
    let (warning, version) = told("/flow_package_checks");
    assert_eq!(
        (&warning["code"], &warning["severity"]),
        (&json!("workflow.package.endpoint_unknown"), &json!("warning"))
    );
    assert_eq!((&warning["line"], &warning["column"], version), (&json!(16), &json!(15), Value::Null));
    // One of nearly this name: that is meant.
    admin.post("/endpoints", json!({ "name": "finance", "url": "https://f.example.com/", "enabled": true })).ok();
    let (warning, version) = told("/flow_packages");
    assert!(warning["remedy"]["en"].as_str().unwrap().contains("finance"), "{warning}");
    let id = version["id"].as_str().unwrap();
    let refused = admin.post(&format!("/flow_versions/{id}/publication"), json!({})).refused(409);
    assert_eq!(refused["code"], "workflow.endpoints_unknown");
    let closed = json!({ "name": "finanse", "url": "https://f.example.com/", "flows": ["t-other"], "enabled": true });
    let closed = admin.post("/endpoints", closed).ok();
    assert_eq!(told("/flow_package_checks").0["code"], "workflow.package.endpoint_closed");
    let open = json!({ "url": "https://f.example.com/", "flows": ["t-asking"], "enabled": true });
    let path = format!("/endpoints/{}", closed["id"].as_str().unwrap());
    office.app.as_(GAO_XIANG).header("if-match", "\"1\"").put(&path, open).ok();
    assert_eq!(told("/flow_package_checks").0, Value::Null);
    admin.post(&format!("/flow_versions/{id}/publication"), json!({})).ok();
}

/// Speaks TLS under a certificate that it made itself, and counts who tells it something.
fn impostor(heard: Arc<std::sync::atomic::AtomicUsize>) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let url = format!("https://{}/hook", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream.unwrap());
            let mut said = [0; 1024];
            if std::io::Read::read(&mut stream, &mut said).is_ok_and(|read| read > 0) {
                heard.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
        }
    });
    url
}

// proves: FLOW-40, SEC-01
#[test]
fn whose_certificate_proves_nothing_is_told_nothing_and_is_tried_again() {
    let heard: Arc<std::sync::atomic::AtomicUsize> = Arc::default();
    let office = Office::new();
    register(&office, &impostor(heard.clone()));
    let flow = publish(&office, "t-ask", asking(json!({})));
    let case = submit(&office, &flow, "HT-7");
    send(&office);
    assert_eq!(step(&office, &case, "ask")["webhook"]["state"], json!("sending"));
    let id = endpoint_id(&office);
    let tries = office.app.as_(GAO_XIANG).get(&format!("/endpoints/{id}/deliveries")).ok()["items"][0].clone();
    assert_eq!((&tries["reason"], &tries["tries"]), (&json!("workflow.webhook_untrusted"), &json!(1)));
    for _ in 0..6 {
        office.app.clock.advance(SignedDuration::from_hours(2));
        send(&office);
    }
    let reason = step(&office, &case, "ask")["webhook"]["reason"].clone();
    assert_eq!((&reason["code"], &reason["args"]["tries"]), (&json!("workflow.webhook_untrusted"), &json!(6)));
    assert_eq!((office.waiting(XU_JING), office.waiting(ZHAO_QING)), (1, 0));
    assert_eq!(heard.load(std::sync::atomic::Ordering::SeqCst), 0, "not a byte of the request");
}
