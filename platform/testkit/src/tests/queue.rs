use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use hanlin_kernel::{Error, Event, Id, PersonId};
use hanlin_store::{Consumer, jobs, outbox, params};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::ledger;
use crate::TestApp;

#[derive(Serialize, Deserialize)]
struct Booked {
    amount: i64,
}

impl Event for Booked {
    fn kind(&self) -> &'static str {
        "ledger.booked"
    }
    fn stream(&self) -> String {
        "ledger/line/0".into()
    }
}

fn add(name: &'static str, kinds: &'static [&'static str]) -> Consumer {
    Consumer::new(name, kinds, |tx, delivered| {
        let Booked { amount } = delivered.read()?;
        tx.exec("update ledger_line set amount = amount + $1 where id = 0", params![amount]).map(drop)
    })
}

fn amount(app: &TestApp) -> i64 {
    app.read(|tx| tx.scalar("select amount from ledger_line where id = 0", &[]))
}

#[test]
fn each_consumer_hears_of_an_event_once() {
    let consumers = vec![add("first", &["ledger.booked"]), add("second", &["ledger.booked"])];
    let app = TestApp::new(vec![hanlin_api::Module { consumers, ..ledger() }]);
    app.write(|tx| {
        tx.record(Booked { amount: 5 });
        Ok(())
    });
    assert_eq!(app.events(), ["ledger.booked"]);
    assert_eq!(app.settle(), 1);
    assert_eq!(app.settle(), 0);
    assert_eq!(amount(&app), 10);
}

#[test]
fn a_refused_unit_records_nothing() {
    let app = TestApp::new(vec![hanlin_api::Module { consumers: vec![add("one", &["ledger.booked"])], ..ledger() }]);
    let refused = app.try_write(|tx| {
        tx.record(Booked { amount: 5 });
        Err::<(), _>(Error::NotFound)
    });
    assert!(refused.is_err());
    assert_eq!(app.settle(), 0);
}

#[test]
fn a_failing_consumer_is_tried_again_alone() {
    let broken = Arc::new(AtomicBool::new(true));
    let failing = {
        let broken = broken.clone();
        Consumer::new("failing", &["ledger.booked"], move |tx, _| {
            tx.exec("update ledger_line set amount = amount + 100 where id = 0", &[])?;
            if broken.load(Ordering::SeqCst) { panic!("not today") } else { Ok(()) }
        })
    };
    let consumers = vec![add("sound", &["ledger.booked"]), failing];
    let app = TestApp::new(vec![hanlin_api::Module { consumers, ..ledger() }]);
    app.write(|tx| {
        tx.record(Booked { amount: 1 });
        Ok(())
    });
    app.settle();
    assert_eq!(amount(&app), 1, "the sound one is done, the failing one left nothing");
    broken.store(false, Ordering::SeqCst);
    assert_eq!(app.settle(), 0, "it waits before it tries again");
    app.clock.advance(SignedDuration::from_secs(3));
    assert_eq!(app.settle(), 1);
    assert_eq!(amount(&app), 101);
}

#[test]
fn what_fails_for_ever_waits_for_an_administrator() {
    let failing = Consumer::new("failing", &["ledger.booked"], |_, _| Err(Error::NotFound));
    let app = TestApp::new(vec![hanlin_api::Module { consumers: vec![failing], ..ledger() }]);
    app.write(|tx| {
        tx.record(Booked { amount: 1 });
        Ok(())
    });
    for _ in 0..20 {
        app.settle();
        app.clock.advance(SignedDuration::from_hours(2));
    }
    let given_up = app.read(|tx| outbox::list_given_up(tx, 10));
    assert_eq!(given_up.len(), 1);
    assert_eq!(given_up[0].error.as_deref(), Some("failing: not found"));
    let id = given_up[0].id;
    app.write(move |tx| outbox::try_again(tx, id));
    assert_eq!(app.settle(), 1);
}

#[test]
fn a_timer_fires_when_the_clock_reaches_it_and_can_be_moved_or_taken_out() {
    let app = TestApp::new(vec![hanlin_api::Module { consumers: vec![add("timer", &["ledger.timer"])], ..ledger() }]);
    app.write(|tx| {
        let now = tx.now();
        let payload = serde_json::json!({ "amount": 1 });
        tx.schedule("ledger.timer", "a", now + SignedDuration::from_hours(1), &payload)?;
        tx.schedule("ledger.timer", "b", now + SignedDuration::from_hours(1), &payload)?;
        tx.schedule("ledger.timer", "c", now + SignedDuration::from_hours(1), &payload)?;
        tx.schedule("ledger.timer", "b", now + SignedDuration::from_hours(9), &payload)?;
        tx.unschedule("c")
    });
    assert_eq!(app.settle(), 0);
    app.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(app.settle(), 1);
    app.clock.advance(SignedDuration::from_hours(8));
    assert_eq!(app.settle(), 1);
    assert_eq!(amount(&app), 2);
}

#[test]
fn a_consumer_that_sets_its_own_timer_anew_keeps_it() {
    let often = Consumer::new("often", &["ledger.timer"], |tx, delivered| {
        let Booked { amount } = delivered.read()?;
        tx.exec("update ledger_line set amount = amount + $1 where id = 0", params![amount])?;
        let again = tx.now() + SignedDuration::from_hours(1);
        tx.schedule("ledger.timer", &delivered.stream, again, &serde_json::json!({ "amount": amount * 10 }))
    });
    let app = TestApp::new(vec![hanlin_api::Module { consumers: vec![often], ..ledger() }]);
    app.write(|tx| {
        let now = tx.now();
        tx.schedule("ledger.timer", "often", now, &serde_json::json!({ "amount": 1 }))
    });
    for expected in [1, 11, 111] {
        assert_eq!(app.settle(), 1);
        assert_eq!(amount(&app), expected);
        assert_eq!(app.settle(), 0, "not before its time");
        app.clock.advance(SignedDuration::from_hours(1));
    }
}

#[test]
fn what_a_failing_consumer_is_owed_outlasts_the_timer_that_another_set_anew() {
    let broken = Arc::new(AtomicBool::new(true));
    let failing = {
        let broken = broken.clone();
        Consumer::new("failing", &["ledger.timer"], move |tx, _| {
            tx.exec("update ledger_line set amount = amount + 100 where id = 0", &[])?;
            if broken.load(Ordering::SeqCst) { Err(Error::NotFound) } else { Ok(()) }
        })
    };
    let moving = Consumer::new("moving", &["ledger.timer"], |tx, delivered| {
        tx.exec("update ledger_line set amount = amount + 1 where id = 0", &[])?;
        let later = tx.now() + SignedDuration::from_hours(1);
        tx.schedule("ledger.timer", &delivered.stream, later, &delivered.payload)
    });
    let app = TestApp::new(vec![hanlin_api::Module { consumers: vec![moving, failing], ..ledger() }]);
    app.write(|tx| {
        let now = tx.now();
        tx.schedule("ledger.timer", "t", now, &serde_json::json!({}))
    });
    app.settle();
    assert_eq!(amount(&app), 1);
    broken.store(false, Ordering::SeqCst);
    app.clock.advance(SignedDuration::from_secs(3));
    app.settle();
    assert_eq!(amount(&app), 101, "the failing one alone is tried again");
    app.clock.advance(SignedDuration::from_hours(1));
    app.settle();
    assert_eq!(amount(&app), 202, "and the timer fires when it was set to");
}

#[test]
fn a_timer_taken_out_by_what_was_delivered_just_before_it_does_not_fire() {
    let out = Consumer::new("out", &["ledger.first"], |tx, _| tx.unschedule("second"));
    let consumers = vec![out, add("second", &["ledger.second"])];
    let app = TestApp::new(vec![hanlin_api::Module { consumers, ..ledger() }]);
    app.write(|tx| {
        let now = tx.now();
        tx.schedule(
            "ledger.second",
            "second",
            now + SignedDuration::from_secs(1),
            &serde_json::json!({ "amount": 1 }),
        )?;
        tx.schedule("ledger.first", "first", now, &serde_json::json!({}))
    });
    app.clock.advance(SignedDuration::from_secs(2));
    app.settle();
    assert_eq!(amount(&app), 0);
}

#[test]
fn a_job_tells_its_progress_and_stops_when_cancelled() {
    let steps = Arc::new(AtomicU32::new(0));
    let app = TestApp::new(vec![ledger()]);
    let kinds = {
        let (db, steps) = (app.db.clone(), steps.clone());
        jobs::Kinds::default().with("count", move |running| {
            for step in 1..=3 {
                steps.store(step, Ordering::SeqCst);
                if running.job.input["cancel_at"] == step {
                    let (owner, id) = (running.job.owner, running.job.id);
                    running.write(move |tx| jobs::cancel(tx, owner, id))?;
                }
                running.progress(step.into(), 3)?;
            }
            let _same_database = &db;
            Ok(serde_json::json!({ "counted": 3 }))
        })
    };
    let owner = PersonId::fixed(1);
    let start = |input: serde_json::Value| {
        let id = app.write(move |tx| jobs::start(tx, owner, "count", &input));
        assert!(app.block_on(jobs::run_next(&app.db, &kinds)).unwrap());
        app.read(move |tx| jobs::find_for(tx, owner, id))
    };
    let done = start(serde_json::json!({}));
    assert_eq!((done.state.as_str(), done.done, done.total), ("done", 3, 3));
    assert_eq!(done.result, Some(serde_json::json!({ "counted": 3 })));
    let cancelled = start(serde_json::json!({ "cancel_at": 2 }));
    assert_eq!(cancelled.state, "cancelled");
    assert_eq!(steps.load(Ordering::SeqCst), 2);
    let theirs =
        app.block_on(app.db.read(move |tx| jobs::find_for(tx, PersonId::fixed(2), Id::from_u128(done.id.as_u128()))));
    assert!(matches!(theirs, Err(Error::NotFound)), "a job is its owner's");
}
