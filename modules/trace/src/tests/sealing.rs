use std::{collections::BTreeSet, fs, sync::Arc, time::Duration};

use super::house::{House, found};
use crate::{Code, Places, Sealer};

const CASE: &str = "workflow/case/a";

// proves: TRACE-08
#[test]
fn a_seal_covers_what_is_new_and_nothing_new_makes_no_seal() {
    let house = House::with_history();
    let third = house.seal();
    assert_eq!((third.number, third.leaves, third.entries), (3, 3, 3));
    assert!(house.block_on(house.sealer.seal_once()).unwrap().is_none());
    assert_eq!(house.verify().unsealed, 0);
}

/// The machine stops after the database has the seal and before the log has.
// proves: TRACE-08
#[test]
fn a_seal_that_the_log_missed_in_a_crash_is_added_as_the_same_line() {
    for history in [1, 2, 3] {
        let house = House::new();
        let mut before = None;
        for _ in 0..history {
            house.note(CASE, "approved");
            before = fs::read(house.log().path()).ok();
            house.seal();
        }
        let whole = fs::read(house.log().path()).unwrap();
        fs::write(house.log().path(), before.unwrap_or_default()).unwrap();
        house.wait();
        let report = house.verify();
        assert!(report.is_sound(), "{report}");
        assert_eq!(report.log_behind, 1);
        let restarted = house.another_node(&house.places).unwrap();
        assert!(house.block_on(restarted.seal_once()).unwrap().is_none(), "nothing new");
        assert_eq!(fs::read(house.log().path()).unwrap(), whole);
    }
}

fn node(house: &House, name: &str) -> (Sealer, Places) {
    let places = Places { log: house.folder.path().join(name), ..house.places.clone() };
    (house.another_node(&places).unwrap(), places)
}

// proves: TRACE-08
#[test]
fn several_nodes_seal_one_after_the_other_and_each_log_gets_all() {
    let house = House::new();
    let (second, second_places) = node(&house, "second.log");
    let (second, first) = (Arc::new(second), house.sealer.clone());
    // Each looks once before anything is sealed, as a server does when it starts.
    house.block_on(first.seal_all()).unwrap();
    house.block_on(second.seal_all()).unwrap();
    house.note(CASE, "drafted");
    house.block_on(async {
        for round in 0..10 {
            let (first, second, db) = (first.clone(), second.clone(), house.db.clone());
            let noting = tokio::spawn(async move {
                for _ in 0..5 {
                    db.write(move |tx| {
                        tx.record(super::house::Noted { stream: CASE, kind: "test.noted", text: round.to_string() });
                        Ok(())
                    })
                    .await
                    .unwrap();
                }
            });
            let (one, other) = tokio::join!(
                tokio::spawn(async move { first.seal_once().await }),
                tokio::spawn(async move { second.seal_once().await })
            );
            let _seals = (one.unwrap().unwrap(), other.unwrap().unwrap());
            noting.await.unwrap();
        }
        first.seal_all().await.unwrap();
        second.seal_all().await.unwrap();
        first.seal_all().await.unwrap();
    });
    let report = house.verify();
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.entries, report.unsealed), (51, 0));
    assert!(report.seals >= 2, "{report}");
    assert_eq!(fs::read(&house.places.log).unwrap(), fs::read(&second_places.log).unwrap());
}

#[test]
fn nodes_that_share_one_log_write_each_line_once() {
    let house = House::new();
    let second = house.another_node(&house.places).unwrap();
    for _ in 0..3 {
        house.note(CASE, "approved");
        house.seal();
        house.note(CASE, "returned");
        house.block_on(second.seal_once()).unwrap().unwrap();
    }
    assert_eq!(fs::read_to_string(house.log().path()).unwrap().lines().count(), 6);
    assert!(house.verify().is_sound());
}

// proves: TRACE-08
#[test]
fn a_log_that_is_not_where_it_should_be_is_not_begun_anew() {
    let house = House::with_history();
    let (elsewhere, places) = node(&house, "elsewhere.log");
    let error = house.block_on(elsewhere.seal_once()).unwrap_err().to_string();
    assert!(error.contains("rebuild-log") && error.contains("elsewhere.log"), "{error}");
    assert!(!places.log.exists());

    house.block_on(elsewhere.rebuild_log("a second node")).unwrap();
    house.block_on(house.sealer.seal_all()).unwrap();
    assert_eq!(fs::read(&places.log).unwrap(), fs::read(&house.places.log).unwrap());
    let told = house.entries("trace/log/main");
    assert_eq!(told[0].payload.as_deref(), Some(r#"{"seals":2,"note":"a second node"}"#));
    assert!(house.verify().is_sound());
}

#[test]
fn a_log_is_not_rebuilt_from_a_database_whose_seals_are_not_signed() {
    let house = House::with_history();
    house.drop_guard();
    house.tamper("update trace_seal set entries = 9 where number = 2");
    let (elsewhere, places) = node(&house, "elsewhere.log");
    let error = house.block_on(elsewhere.rebuild_log("lost")).unwrap_err().to_string();
    assert!(error.contains("seal 2"), "{error}");
    assert!(!places.log.exists());
}

/// An opponent changes the newest seal, hoping that the next one is built upon it.
// proves: TRACE-08
#[test]
fn nothing_is_sealed_upon_a_changed_seal() {
    let house = House::with_history();
    house.drop_guard();
    house.tamper("update trace_seal set entries = 9 where number = 2");
    let error = house.block_on(house.sealer.seal_once()).unwrap_err().to_string();
    assert!(error.contains("seal 2"), "{error}");
    assert_eq!(found(&house.verify()), [(Code::SealChanged, "", 2)]);
}

#[test]
fn a_folder_that_cannot_be_written_stops_sealing_and_nothing_else() {
    let house = House::with_history();
    let places = Places { log: house.folder.path().join("no/such/folder/seals.log"), ..house.places.clone() };
    let sealer = house.another_node(&places).unwrap();
    house.block_on(sealer.seal_once()).unwrap_err();
    house.note(CASE, "business goes on");
    assert_eq!(house.verify().unsealed, 4);
}

/// A thousand entries ring the bell: nobody waits ten seconds for their seal.
#[test]
fn many_entries_are_sealed_at_once() {
    let house = House::new();
    // Nothing but the bell can make a seal in this test.
    let running = house.runtime.spawn(house.sealer.clone().run_every(Duration::from_secs(3600)));
    let work = |tx: &mut hanlin_store::Tx| {
        for _ in 0..1000 {
            tx.record(super::house::Noted { stream: CASE, kind: "test.noted", text: "x".into() });
        }
        Ok(())
    };
    // On a machine that has much to do, the first look may come only after the first thousand: then the second rings.
    let sealed = (0..60).any(|_| {
        house.block_on(house.db.write(work)).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        house.read(crate::store::last_seal).is_some()
    });
    assert!(sealed, "sixty thousand entries rang no bell");
    running.abort();
}

#[test]
fn each_seal_has_its_own_number_and_names_the_one_before() {
    let house = House::new();
    let mut seals = Vec::new();
    for _ in 0..5 {
        house.note(CASE, "approved");
        seals.push(house.seal());
    }
    let numbers: BTreeSet<u64> = seals.iter().map(|seal| seal.number).collect();
    assert_eq!(numbers, (1..=5).collect());
    for pair in seals.windows(2) {
        assert_eq!(pair[1].previous, pair[0].digest());
    }
}
