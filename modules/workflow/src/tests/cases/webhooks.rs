//! Cases ask other systems over HTTP, and other systems answer and tell (FLOW-40, FLOW-11).

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, XU_JING, ZHAO_QING};
use hanlin_kernel::PersonId;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::Sha256;

use super::office::Office;
use crate::engine;

/// What another system says to one request.
#[derive(Clone, Debug)]
pub(super) enum Says {
    Json(u16, Value),
    Redirect,
    /// More than is read.
    Endless,
    /// Nothing, for longer than anybody waits.
    Silence,
}

/// One request, as the other system saw it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub id: String,
    pub timestamp: String,
    pub signature: String,
    pub body: String,
}

/// Another system, on this machine. Says the same for ever when it has said the rest.
pub(super) struct Other {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Other {
    pub fn saying(says: Vec<Says>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let kept = seen.clone();
        thread::spawn(move || {
            for (index, stream) in listener.incoming().enumerate() {
                let (says, kept) = (says[index.min(says.len() - 1)].clone(), kept.clone());
                thread::spawn(move || answer(stream.unwrap(), says, &kept));
            }
        });
        Self { url, seen }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, says: Says, seen: &Mutex<Vec<Seen>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
            break;
        }
        headers.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        let line = headers.iter().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    seen.lock().unwrap().push(Seen {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body: String::from_utf8(body).unwrap(),
    });
    let (status, extra, body) = match says {
        Says::Json(status, value) => (status, String::new(), value.to_string()),
        Says::Redirect => (302, "location: /elsewhere\r\n".to_owned(), String::new()),
        Says::Endless => (200, String::new(), format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20))),
        Says::Silence => {
            thread::sleep(Duration::from_secs(5));
            return;
        }
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\n{extra}content-length: {length}\r\nconnection: close\r\n\r\n");
    let _cut = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

fn person(person: PersonId) -> Value {
    json!([{ "rule": "person", "person": person.to_string() }])
}

/// Zhao Qing decides, then it is asked; Xu Jing executes.
fn flow(id: &str, node: Value) -> engine::Flow {
    serde_json::from_value(json!({
        "id": id,
        "name": { "zh": "付款", "en": "Payment" },
        "category": "test",
        "form": {
            "fields": [{ "id": "number", "label": { "zh": "合同号" }, "type": "text" },
                       { "id": "voucher", "label": { "zh": "凭证号" }, "type": "text" },
                       { "id": "amount", "label": { "zh": "金额" }, "type": "money" }],
            "layout": { "columns": 4, "rows": [[{ "field": "number", "span": 2 }, { "field": "amount", "span": 2 }],
                                               [{ "field": "voucher", "span": 4 }]] }
        },
        "route": [{ "kind": "approve", "key": "check", "name": { "zh": "审批" }, "who": person(ZHAO_QING) }, node],
    }))
    .unwrap()
}

pub(super) fn asking(more: Value) -> Value {
    let mut node = json!({ "kind": "webhook", "key": "ask", "name": { "zh": "通知财务" }, "endpoint": "finance",
        "send": { "number": "form.number", "sum": "form.amount" }, "results": { "voucher": "voucher", "amount": "sum" },
        "executor": person(XU_JING) });
    node.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    node
}

fn waiting(more: Value) -> Value {
    let mut time = json!({ "kind": "event", "event": "contract.signed", "about": "form.number" });
    time.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "kind": "wait", "key": "signed", "name": { "zh": "等合同签订" }, "time": time })
}

pub(super) fn publish(office: &Office, id: &str, node: Value) -> String {
    let flow = flow(id, node);
    office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, flow.clone(), "test")).to_string()
}

pub(super) fn submit(office: &Office, flow: &str, number: &str) -> String {
    let values = json!({ "number": number, "amount": "100" });
    let case = office.submit(LIN_XIAO, json!({ "flow": flow, "confirmed": true, "values": values }));
    office.approve(ZHAO_QING);
    case
}

/// Registers it as `finance`; gives its view with the secret.
pub(super) fn register(office: &Office, url: &str) -> Value {
    office
        .app
        .as_(GAO_XIANG)
        .post("/endpoints", json!({ "name": "finance", "url": url, "flows": ["t-ask"], "enabled": true }))
        .ok()
}

/// Asked of this system: office, and the case behind the decision.
fn asked(other: &Other, more: Value) -> (Office, String, Value) {
    let office = Office::new();
    let endpoint = register(&office, &other.url);
    let flow = publish(&office, "t-ask", asking(more));
    let case = submit(&office, &flow, "HT-7");
    (office, case, endpoint)
}

pub(super) fn send(office: &Office) -> usize {
    let webhooks = office.webhooks.clone();
    let sent = office.app.block_on(webhooks.send_due(&office.app.db)).unwrap();
    office.app.settle();
    sent
}

pub(super) fn signature(secret: &Value, id: &str, at: &str, body: &str) -> String {
    let key = STANDARD.decode(secret.as_str().unwrap().strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The other system says something by itself, signed at the clock's time.
pub(super) fn tell(office: &Office, path: &str, secret: &Value, id: &str, body: &Value) -> hanlin_testkit::Said {
    let at = office.app.read(|tx| Ok(tx.now().as_second())).to_string();
    let signed = signature(secret, id, &at, &body.to_string());
    let said = office.app.nobody().header("webhook-id", id).header("webhook-timestamp", at);
    said.header("webhook-signature", signed).post(path, body.clone())
}

pub(super) fn step(office: &Office, case: &str, node: &str) -> Value {
    let view = office.case(ZHAO_QING, case);
    let steps = view["route"]["steps"].as_array().unwrap();
    steps.iter().find(|step| step["node"] == json!(node)).unwrap()["waits"].clone()
}

// proves: FLOW-40, FLOW-11, TRACE-01
#[test]
fn it_goes_out_after_the_decision_and_the_answer_comes_into_the_form() {
    let other = Other::saying(vec![Says::Json(200, json!({ "voucher": "P-1", "sum": 99.5 }))]);
    let (office, case, endpoint) = asked(&other, json!({}));
    assert_eq!(other.seen().len(), 0, "nothing goes out of the unit");
    assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("running"));
    assert_eq!(send(&office), 1);
    let seen = &other.seen()[0];
    let sent: Value = serde_json::from_str(&seen.body).unwrap();
    assert_eq!(sent["data"]["values"], json!({ "number": "HT-7", "sum": "100.00" }));
    assert_eq!((&sent["data"]["case"], &sent["data"]["flow"]), (&json!(case), &json!("t-ask")));
    assert_eq!(seen.signature, signature(&endpoint["secret"], &seen.id, &seen.timestamp, &seen.body));
    let view = office.case(LIN_XIAO, &case);
    assert_eq!((&view["status"], &view["values"]["voucher"]), (&json!("completed"), &json!("P-1")));
    assert_eq!(view["values"]["amount"], json!("99.50"));
    assert_eq!(send(&office), 0);
    let kinds: Vec<Value> = office.trace(&case).iter().map(|event| event["event"].clone()).collect();
    assert!(kinds.contains(&json!("awaited")) && kinds.contains(&json!("arrived")));
}

// proves: FLOW-40
#[test]
fn it_is_tried_again_ever_later_and_then_somebody_is_asked() {
    let no = Says::Json(500, json!({}));
    let other = Other::saying(vec![no.clone(), no, Says::Json(200, json!({ "voucher": "P-2" }))]);
    let (office, case, _) = asked(&other, json!({}));
    send(&office);
    assert_eq!(send(&office), 0, "not at once");
    for wait in [13, 60] {
        office.app.clock.advance(SignedDuration::from_secs(wait));
        assert_eq!(send(&office), 1);
    }
    let seen = other.seen();
    assert!(seen.iter().all(|one| one.id == seen[0].id) && seen[2].timestamp > seen[0].timestamp, "{seen:?}");
    assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("completed"));

    let other = Other::saying(vec![Says::Json(503, json!({}))]);
    let (office, case, _) = asked(&other, json!({}));
    for _ in 0..8 {
        send(&office);
        office.app.clock.advance(SignedDuration::from_hours(2));
    }
    assert_eq!(other.seen().len(), 6, "as often as the rules say");
    let reason = step(&office, &case, "ask")["webhook"]["reason"].clone();
    assert_eq!((&reason["code"], &reason["args"]["status"]), (&json!("workflow.webhook_status"), &json!(503)));
    let task = office.task(XU_JING);
    office.app.as_(XU_JING).post(&format!("/tasks/{task}/retry"), json!({})).ok();
    send(&office);
    assert_eq!(other.seen().len(), 7);
    assert_ne!(other.seen()[6].id, other.seen()[5].id, "somebody asked anew");
}

// proves: FLOW-40
#[test]
fn what_no_second_try_would_mend_is_asked_about_at_once() {
    let wrong = [
        (Says::Redirect, "workflow.webhook_redirect"),
        (Says::Endless, "workflow.webhook_too_large"),
        (Says::Json(200, json!("ja")), "workflow.webhook_not_json"),
        (Says::Json(200, json!({ "sum": "viel" })), "workflow.call_results_refused"),
    ];
    for (says, code) in wrong {
        let other = Other::saying(vec![says]);
        let (office, case, _) = asked(&other, json!({}));
        send(&office);
        assert_eq!(step(&office, &case, "ask")["webhook"]["reason"]["code"], json!(code));
        assert_eq!((other.seen().len(), office.waiting(XU_JING)), (1, 1));
        let task = office.task(XU_JING);
        office.app.as_(XU_JING).post(&format!("/tasks/{task}/completion"), json!({ "text": "已电话确认" })).ok();
        assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("completed"));
    }
}

// proves: FLOW-40
#[test]
fn nobody_waits_for_a_silent_system_longer_than_the_rules_say() {
    let other = Other::saying(vec![Says::Silence]);
    let office = Office::new();
    office.app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let clause = json!({ "unit": QINGLAN, "number": "9.1", "text": { "zh": "请求最多等一秒" }, "policy": "workflow",
        "mode": "block", "parameters": { "workflow.webhook_timeout_seconds": 1 } });
    office.app.as_(GAO_XIANG).post("/clauses", clause).ok();
    register(&office, &other.url);
    let flow = publish(&office, "t-ask", asking(json!({})));
    let case = submit(&office, &flow, "HT-7");
    let began = std::time::Instant::now();
    send(&office);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!(step(&office, &case, "ask")["webhook"]["state"], json!("sending"));
    let id = endpoint_id(&office);
    let tries = office.app.as_(GAO_XIANG).get(&format!("/endpoints/{id}/deliveries")).ok();
    assert_eq!(tries["items"][0]["reason"], json!("workflow.webhook_timeout"));
}

pub(super) fn endpoint_id(office: &Office) -> String {
    let all = office.app.as_(GAO_XIANG).get("/endpoints").ok();
    all["items"][0]["id"].as_str().unwrap().to_owned()
}

// proves: FLOW-40
#[test]
fn a_later_answer_counts_once_and_only_with_its_signature() {
    let other = Other::saying(vec![Says::Json(202, json!({}))]);
    let (office, case, endpoint) = asked(&other, json!({ "answer": "later" }));
    send(&office);
    assert_eq!(step(&office, &case, "ask")["webhook"]["state"], json!("sent"));
    let sent: Value = serde_json::from_str(&other.seen()[0].body).unwrap();
    let path = sent["answer_to"].as_str().unwrap().to_owned();
    let answer = json!({ "voucher": "P-9" });
    let wrong = json!(format!("whsec_{}", STANDARD.encode([7; 32])));
    assert_eq!(tell(&office, &path, &wrong, "m-1", &answer).status, 403);
    assert_eq!(office.app.nobody().post(&path, answer.clone()).status, 403, "not signed at all");
    let at = (office.app.read(|tx| Ok(tx.now().as_second())) - 600).to_string();
    let old = office.app.nobody().header("webhook-id", "m-1").header("webhook-timestamp", &at);
    let old = old.header("webhook-signature", signature(&endpoint["secret"], "m-1", &at, &answer.to_string()));
    assert_eq!(old.post(&path, answer.clone()).status, 403, "recorded and sent again later");
    let huge = json!({ "voucher": "x".repeat(300 * 1024) });
    assert_eq!(tell(&office, &path, &endpoint["secret"], "m-1", &huge).status, 413);
    assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("running"));
    assert_eq!(tell(&office, &path, &endpoint["secret"], "m-1", &answer).ok(), json!({ "taken": "counted" }));
    let view = office.case(LIN_XIAO, &case);
    assert_eq!((&view["status"], &view["values"]["voucher"]), (&json!("completed"), &json!("P-9")));
    let again = tell(&office, &path, &endpoint["secret"], "m-2", &json!({ "voucher": "P-10" })).ok();
    assert_eq!(again, json!({ "taken": "not_awaited" }));
    assert_eq!(office.case(LIN_XIAO, &case)["values"]["voucher"], json!("P-9"));
}

// proves: FLOW-40, FLOW-23
#[test]
fn an_answer_finds_nobody_where_the_case_was_withdrawn_or_it_took_too_long() {
    let other = Other::saying(vec![Says::Json(202, json!({}))]);
    let (office, case, endpoint) = asked(&other, json!({ "answer": "later" }));
    send(&office);
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/withdrawal"), json!({ "text": "不办了" })).ok();
    let sent: Value = serde_json::from_str(&other.seen()[0].body).unwrap();
    let path = sent["answer_to"].as_str().unwrap().to_owned();
    assert_eq!(tell(&office, &path, &endpoint["secret"], "m", &json!({})).ok(), json!({ "taken": "not_awaited" }));
    // One that was not sent yet does not go out.
    let flow = office.case(LIN_XIAO, &case)["flow"].clone();
    let case = submit(&office, flow.as_str().unwrap_or_default(), "HT-8");
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/withdrawal"), json!({ "text": "不办了" })).ok();
    assert_eq!((send(&office), other.seen().len()), (0, 1));
    // Taken, and never answered.
    let case = submit(&office, flow.as_str().unwrap_or_default(), "HT-9");
    send(&office);
    office.app.clock.advance(SignedDuration::from_hours(24 * 31));
    office.app.settle();
    assert_eq!(step(&office, &case, "ask")["webhook"]["reason"]["code"], json!("workflow.webhook_no_answer"));
    assert_eq!(office.waiting(XU_JING), 1);
}

// proves: FLOW-40
#[test]
fn an_endpoint_is_asked_by_its_flows_only_and_its_secret_is_shown_once() {
    let other = Other::saying(vec![Says::Json(200, json!({}))]);
    let office = Office::new();
    let made = register(&office, &other.url);
    let (id, admin) = (made["id"].as_str().unwrap().to_owned(), office.app.as_(GAO_XIANG));
    let all = admin.get("/endpoints").ok();
    assert_eq!((all["items"].as_array().unwrap().len(), all["items"][0].get("secret")), (1, None));
    office.app.as_(LIN_XIAO).get("/endpoints").refused(403);
    let taken = admin.post("/endpoints", json!({ "name": "finance", "url": other.url, "enabled": true }));
    assert_eq!(taken.refused(409)["code"], json!("workflow.endpoint_name_taken"));
    for (url, code) in [("http://10.0.0.1/", 200), ("ftp://x.example/", 409), ("http://pay.example.com/", 200)] {
        let said = admin.post("/endpoints", json!({ "name": format!("n{}", url.len()), "url": url, "enabled": true }));
        assert_eq!(said.status, code, "{url}: the configuration lets it into the house");
    }
    let path = format!("/webhook-events/{id}");
    let told = json!({ "event": "contract.signed", "about": "HT-7" });
    assert_eq!(tell(&office, &path, &made["secret"], "m", &told).ok(), json!({ "taken": "kept" }));
    assert_eq!(tell(&office, &path, &made["secret"], "m", &told).ok(), json!({ "taken": "not_awaited" }));
    // It can be tried without a case.
    let trial = admin.post(&format!("/endpoints/{id}/trial"), json!({})).ok();
    send(&office);
    let tries = admin.get(&format!("/endpoints/{id}/deliveries")).ok();
    assert_eq!((&tries["items"][0]["id"], &tries["items"][0]["state"]), (&trial["id"], &json!("answered")));
    // A flow that is not among its own does not reach it.
    let flow = publish(&office, "t-other", asking(json!({})));
    let case = submit(&office, &flow, "HT-7");
    send(&office);
    assert_eq!(step(&office, &case, "ask")["webhook"]["reason"]["code"], json!("workflow.webhook_closed"));
    assert_eq!(other.seen().len(), 1);
}

// proves: FLOW-11
#[test]
fn a_case_goes_on_when_another_case_tells_what_it_waits_for() {
    let office = Office::new();
    let waits = publish(&office, "t-wait", waiting(json!({})));
    let tells = json!({ "kind": "act", "key": "tell", "name": { "zh": "告知" }, "effect": "flows.signal",
        "with": { "event": "\"contract.signed\"", "about": "form.number" } });
    let tells = publish(&office, "t-tell", tells);
    let (first, second) = (submit(&office, &waits, "HT-1"), submit(&office, &waits, "HT-2"));
    office.app.settle();
    let status = |case: &str| office.case(LIN_XIAO, case)["status"].clone();
    assert_eq!((status(&first), status(&second)), (json!("running"), json!("running")));
    submit(&office, &tells, "HT-2");
    office.app.settle();
    assert_eq!((status(&first), status(&second)), (json!("running"), json!("completed")));
    // What happened before anybody waited counts for the first who does, and once.
    submit(&office, &tells, "HT-3");
    let (early, later) = (submit(&office, &waits, "HT-3"), submit(&office, &waits, "HT-3"));
    office.app.settle();
    assert_eq!((status(&early), status(&later)), (json!("completed"), json!("running")));
    submit(&office, &tells, "HT-4");
    office.app.clock.advance(SignedDuration::from_hours(24 * 31));
    let stale = submit(&office, &waits, "HT-4");
    office.app.settle();
    assert_eq!(status(&stale), json!("running"), "it lies too far back");
}

// proves: FLOW-11, FLOW-40
#[test]
fn another_system_tells_what_a_case_waits_for_or_somebody_is_asked() {
    let other = Other::saying(vec![Says::Json(200, json!({}))]);
    let office = Office::new();
    let endpoint = register(&office, &other.url);
    let path = endpoint["events_to"].as_str().unwrap().to_owned();
    let limit = json!({ "at_most": { "amount": 2, "unit": "days" }, "executor": person(XU_JING) });
    let flow = publish(&office, "t-wait", waiting(limit));
    let case = submit(&office, &flow, "HT-1");
    let told = json!({ "event": "contract.signed", "about": "HT-1" });
    assert_eq!(tell(&office, &path, &endpoint["secret"], "m-1", &told).ok(), json!({ "taken": "counted" }));
    office.app.settle();
    assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("completed"));
    let case = submit(&office, &flow, "HT-1");
    office.app.clock.advance(SignedDuration::from_hours(48));
    office.app.settle();
    assert_eq!(step(&office, &case, "signed")["event"]["state"], json!("late"));
    let task = office.task(XU_JING);
    office.app.as_(XU_JING).post(&format!("/tasks/{task}/retry"), json!({})).ok();
    assert_eq!(
        (office.waiting(XU_JING), tell(&office, &path, &endpoint["secret"], "m-2", &told).ok()),
        (0, json!({ "taken": "counted" }))
    );
    office.app.settle();
    assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("completed"));
    let odd = json!({ "event": "Contract Signed" });
    assert_eq!(tell(&office, &path, &endpoint["secret"], "m-3", &odd).status, 409);
}
