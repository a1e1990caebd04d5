use std::collections::BTreeSet;

use hanlin_kernel::{Error, Event};
use hanlin_store::{Context, Key, Tx, params};
use serde_json::json;

use super::house::{House, LIN, Noted, ZHAO, now};
use crate::{TraceRecorder, list_stream};

fn noted(stream: &'static str, text: &str) -> Noted {
    Noted { stream, kind: "test.noted", text: text.to_owned() }
}

// proves: TRACE-01, TRACE-03
#[test]
fn an_entry_says_who_what_and_when_by_the_server_s_clock() {
    let house = House::new();
    house.note("workflow/case/a", "同意");
    let page = house.read(|tx| list_stream(tx, "workflow/case/a", &Default::default()));
    let entry = &page.items[0];
    assert_eq!((entry.seq, entry.kind.as_str(), entry.version), (1, "test.noted", 1));
    assert_eq!((entry.person, entry.on_behalf_of, entry.at), (Some(LIN), None, now(&house)));
    assert_eq!(entry.payload, Some(json!({"text": "同意"})));
}

// proves: TRACE-09
#[test]
fn whoever_acts_for_another_stands_beside_him() {
    let house = House::new();
    let context = Context { person: Some(LIN), on_behalf_of: Some(ZHAO), ..Context::default() };
    house.note_as(context, noted("workflow/case/a", "approved"));
    let entry = house.read(|tx| list_stream(tx, "workflow/case/a", &Default::default())).items.remove(0);
    assert_eq!((entry.person, entry.on_behalf_of), (Some(LIN), Some(ZHAO)));
    house.drop_guard();
    house.tamper("update trace_event set on_behalf_of = null");
    assert_eq!(house.verify().found, 1, "the second name is under the hash too");
}

// proves: TRACE-01
#[test]
fn no_change_without_its_entry_and_no_entry_without_its_change() {
    let house = House::new();
    let work = |tx: &mut Tx| -> hanlin_kernel::Result<()> {
        tx.record(noted("workflow/case/a", "approved"));
        Err(Error::invalid("opinion", "test.missing"))
    };
    house.block_on(house.db.write(work)).unwrap_err();
    let parts = |tx: &mut Tx| {
        tx.record(noted("workflow/case/a", "kept"));
        let lost = tx.savepoint(|tx| -> hanlin_kernel::Result<()> {
            tx.record(noted("workflow/case/a", "lost"));
            Err(Error::NotFound)
        });
        assert!(lost.is_err());
        Ok(())
    };
    house.block_on(house.db.write(parts)).unwrap();
    let texts: Vec<_> = house.entries("workflow/case/a").into_iter().map(|entry| entry.payload.unwrap()).collect();
    assert_eq!(texts, [r#"{"text":"kept"}"#]);
    assert!(house.verify().is_sound());
}

/// An event as modules make them, of many streams in one unit of work.
#[derive(Clone, serde::Serialize)]
struct Moved(u32, String);

impl Event for Moved {
    fn kind(&self) -> &'static str {
        "test.moved"
    }
    fn stream(&self) -> String {
        self.1.clone()
    }
}

// proves: TRACE-01, TRACE-08
#[test]
fn a_unit_with_many_entries_continues_many_chains() {
    let house = House::new();
    for _ in 0..2 {
        let work = |tx: &mut Tx| {
            for number in 0..150 {
                tx.record(Moved(number, format!("test/thing/{}", number % 70)));
            }
            Ok(())
        };
        house.block_on(house.db.write(work)).unwrap();
    }
    house.seal();
    let report = house.verify();
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.entries, report.streams, report.unsealed), (300, 70, 0));
    let first = house.entries("test/thing/3");
    assert_eq!(first.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
}

// proves: TRACE-01, TRACE-08
#[test]
fn many_at_once_in_one_stream_and_in_new_ones_leave_whole_chains() {
    let house = House::new();
    let work = |worker: u32, round: u32| {
        let db = house.db.clone();
        async move {
            let context = Context::person(LIN).keys(&[Key::named("test/thing/hot")]);
            let work = move |tx: &mut Tx| {
                tx.record(Moved(round, "test/thing/hot".to_owned()));
                tx.record(Moved(round, format!("test/thing/{worker}-{round}")));
                Ok(())
            };
            db.write_as(context, work).await
        }
    };
    house.block_on(async {
        let workers = (0..8).map(|worker| {
            let rounds: Vec<_> = (0..10).map(|round| work(worker, round)).collect();
            tokio::spawn(async move {
                for round in rounds {
                    round.await.unwrap();
                }
            })
        });
        for worker in workers.collect::<Vec<_>>() {
            worker.await.unwrap();
        }
    });
    house.seal();
    let report = house.verify();
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.entries, report.streams), (160, 81));
    assert_eq!(house.entries("test/thing/hot").len(), 80);
}

#[test]
fn payloads_with_the_same_words_have_different_digests() {
    let house = House::new();
    house.note("workflow/case/a", "同意");
    house.note("workflow/case/a", "同意");
    let digests: BTreeSet<String> = house.entries("workflow/case/a").into_iter().map(|entry| entry.digest).collect();
    assert_eq!(digests.len(), 2, "or a removed payload could be guessed");
}

#[test]
fn a_recorder_without_its_key_refuses_the_whole_unit() {
    let house = House::new();
    let settings =
        hanlin_store::Settings { recorder: std::sync::Arc::new(TraceRecorder::default()), ..Default::default() };
    let folder = tempfile::tempdir().unwrap();
    let location = hanlin_store::Location::Sqlite(folder.path().join("other.db"));
    let db = house.block_on(hanlin_store::Db::open(&location, settings)).unwrap();
    house.block_on(db.migrate(crate::MIGRATIONS)).unwrap();
    let work = |tx: &mut Tx| {
        tx.exec("insert into trace_redaction (event, at, reason) values ('x', 1, 'x')", params![])?;
        tx.record(noted("workflow/case/a", "approved"));
        Ok(())
    };
    house.block_on(db.write(work)).unwrap_err();
    let left = db.read(|tx| tx.scalar::<u64>("select count(*) from trace_redaction", &[]));
    assert_eq!(house.block_on(left).unwrap(), 0);
    db.close();
}
