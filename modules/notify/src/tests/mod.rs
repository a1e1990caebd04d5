use std::sync::{Arc, Mutex};

use hanlin_kernel::{PersonId, Result};
use hanlin_store::Tx;
use hanlin_testkit::TestApp;
use serde_json::json;

use crate::{Channel, Notice, Outgoing, module, read_about, tell};

const ANNA: PersonId = PersonId::fixed(1);
const BELA: PersonId = PersonId::fixed(2);

fn notice() -> Notice {
    Notice::new("workflow.notice.task", "/cases/1").with("title", "请假")
}

// proves: TIME-14, TRACE-06
#[test]
fn each_person_is_told_once_and_reading_is_kept_per_person() {
    let app = TestApp::new(vec![module(Vec::new())]);
    app.write(|tx| tell(tx, &[ANNA, BELA, ANNA], &notice()));
    let told = app.as_(ANNA).get("/notifications").ok();
    assert_eq!(told["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["items"][0]["args"]["title"], "请假");
    assert!(told["items"][0]["read_at"].is_null());
    let id = told["items"][0]["id"].as_str().unwrap().to_owned();
    app.as_(BELA).post(&format!("/notifications/{id}/read"), json!({})).refused(404);
    assert_eq!(app.as_(ANNA).post(&format!("/notifications/{id}/read"), json!({})).ok()["unread"], 0);
    let unread = app.as_(BELA).get("/notifications?unread=true").ok();
    assert_eq!(unread["items"].as_array().map(Vec::len), Some(1), "his own is still unread");
}

#[test]
fn nobody_is_told_of_his_own_act() {
    let app = TestApp::new(vec![module(Vec::new())]);
    app.write_as(ANNA, |tx| tell(tx, &[ANNA, BELA], &notice())).unwrap();
    assert_eq!(app.as_(ANNA).get("/notifications").ok()["items"], json!([]));
    assert_eq!(app.as_(BELA).get("/notifications").ok()["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn opening_a_page_reads_what_leads_to_it() {
    let app = TestApp::new(vec![module(Vec::new())]);
    app.write(|tx| tell(tx, &[ANNA], &notice()));
    app.write(|tx| tell(tx, &[ANNA], &Notice::new("workflow.notice.task", "/cases/2")));
    app.write(|tx| read_about(tx, ANNA, "/cases/1"));
    let unread = app.as_(ANNA).get("/notifications?unread=true").ok();
    assert_eq!(unread["items"][0]["link"], "/cases/2");
    assert_eq!(unread["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_long_list_is_read_in_pages_newest_first() {
    let app = TestApp::new(vec![module(Vec::new())]);
    for number in 0..5 {
        app.write(move |tx| tell(tx, &[ANNA], &Notice::new("x", format!("/cases/{number}"))));
    }
    let first = app.as_(ANNA).get("/notifications?limit=3").ok();
    let links = |page: &serde_json::Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|item| item["link"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(links(&first), ["/cases/4", "/cases/3", "/cases/2"]);
    let next = first["next"].as_str().unwrap();
    let second = app.as_(ANNA).get(&format!("/notifications?limit=3&after={next}")).ok();
    assert_eq!(links(&second), ["/cases/1", "/cases/0"]);
    assert!(second["next"].is_null());
}

/// A channel that keeps what it was given, failing the first time.
#[derive(Default)]
struct Paper(Mutex<(u32, Vec<String>)>);

impl Channel for Paper {
    fn name(&self) -> &'static str {
        "paper"
    }
    fn by_default(&self, code: &str) -> bool {
        code != "quiet"
    }
    fn send(&self, _tx: &mut Tx, outgoing: &Outgoing) -> Result<()> {
        let mut kept = self.0.lock().unwrap();
        kept.0 += 1;
        if kept.0 == 1 {
            return Err(hanlin_kernel::Error::Busy("store.busy"));
        }
        kept.1.push(format!("{} {}", outgoing.person, outgoing.link));
        Ok(())
    }
}

// proves: TIME-06, INT-04
#[test]
fn a_channel_gets_what_its_reader_wants_and_is_tried_again() {
    let paper = Arc::new(Paper::default());
    let app = TestApp::new(vec![module(vec![paper.clone()])]);
    app.as_(BELA).put("/notification_preferences", json!({ "channel": "paper", "code": "loud", "wanted": false })).ok();
    app.write(|tx| tell(tx, &[ANNA, BELA], &Notice::new("loud", "/cases/1")));
    app.write(|tx| tell(tx, &[ANNA], &Notice::new("quiet", "/cases/2")));
    app.settle();
    app.clock.advance(jiff::SignedDuration::from_secs(5));
    app.settle();
    assert_eq!(paper.0.lock().unwrap().1, [format!("{ANNA} /cases/1")]);
}
