use std::fs;

use super::house::{House, found};
use crate::{Code, Places};

const CASE: &str = "workflow/case/a";

fn restored(entries_after: bool) -> House {
    let house = House::new();
    for text in ["drafted", "submitted"] {
        house.note(CASE, text);
        house.seal();
    }
    if entries_after {
        house.note("workflow/case/b", "drafted");
    }
    house.back_up();
    for text in ["approved", "archived"] {
        house.note(CASE, text);
        house.seal();
    }
    house.put_back();
    house
}

// proves: TRACE-08
#[test]
fn a_restore_on_record_is_sound_and_stays_visible() {
    for entries_after in [false, true] {
        let house = restored(entries_after);
        assert!(!house.verify().is_sound());
        let seal = house.block_on(house.sealer.record_restore("backup of 2 March, disk failure")).unwrap();
        assert_eq!((seal.number, seal.restored_to), (5, Some(2)));
        house.note(CASE, "approved again");
        assert_eq!(house.seal().number, 6);
        for report in [house.verify(), house.verify_publicly()] {
            assert!(report.is_sound(), "{report}");
            assert_eq!((report.seals, report.last_seal), (4, Some(6)), "3 and 4 are lost, and said to be");
            let restores: Vec<_> =
                report.restores.iter().map(|restore| (restore.number, restore.restored_to)).collect();
            assert_eq!(restores, [(5, 2)]);
            assert!(report.to_string().contains("put back to seal 2"), "{report}");
        }
        let told = house.entries("trace/log/main");
        let note = r#"{"restored_to":2,"lost_until":4,"note":"backup of 2 March, disk failure"}"#;
        assert_eq!((told[0].kind.as_str(), told[0].payload.as_deref()), ("trace.restored", Some(note)));
    }
}

#[test]
fn a_restore_can_be_followed_by_another_further_back() {
    let house = House::new();
    house.note(CASE, "drafted");
    house.seal();
    house.back_up();
    for _ in 0..2 {
        house.note(CASE, "approved");
        house.seal();
        house.put_back();
        house.block_on(house.sealer.record_restore("again")).unwrap();
    }
    let report = house.verify();
    assert!(report.is_sound(), "{report}");
    assert_eq!(report.restores.len(), 2);
    assert_eq!(report.last_seal, Some(5));
}

/// The backup held entries that no seal covered, and nothing was sealed since.
#[test]
fn a_restore_that_lost_no_seal_is_recorded_too() {
    let house = House::with_history();
    house.back_up();
    house.note(CASE, "lost");
    house.put_back();
    let seal = house.block_on(house.sealer.record_restore("an hour ago")).unwrap();
    assert_eq!((seal.number, seal.restored_to), (3, Some(2)));
    assert!(house.verify().is_sound());
}

/// The machine failed between the database and the log, and the database that was put back has that seal.
#[test]
fn a_log_that_lags_is_completed_before_the_restore_is_recorded() {
    let house = House::with_history();
    let whole = fs::read_to_string(house.log().path()).unwrap();
    house.back_up();
    house.note(CASE, "lost");
    house.put_back();
    fs::write(house.log().path(), whole.lines().next().unwrap()).unwrap();
    let seal = house.block_on(house.sealer.record_restore("an hour ago")).unwrap();
    assert_eq!((seal.number, seal.restored_to), (3, Some(2)));
    assert!(fs::read_to_string(house.log().path()).unwrap().starts_with(&whole));
    assert!(house.verify().is_sound());
}

// proves: TRACE-08
#[test]
fn what_was_cut_away_before_the_seal_that_was_restored_to_is_found_all_the_same() {
    let house = restored(false);
    house.tamper(&format!("delete from trace_event where stream = '{CASE}' and seq = 1"));
    house.block_on(house.sealer.record_restore("a lie")).unwrap();
    assert_eq!(found(&house.verify()), [(Code::Gap, CASE, 2), (Code::LeafMissing, CASE, 1)]);
}

#[test]
fn another_database_is_not_taken_for_a_restored_one() {
    let house = restored(false);
    house.tamper("update trace_seal set entries = 9 where number = 2");
    let error = house.block_on(house.sealer.record_restore("a lie")).unwrap_err().to_string();
    assert!(error.contains("seal 2"), "{error}");
    assert!(house.entries("trace/log/main").is_empty());
}

#[test]
fn the_log_of_another_node_follows_a_restore() {
    let house = House::new();
    let places = Places { log: house.folder.path().join("second.log"), ..house.places.clone() };
    let second = house.another_node(&places).unwrap();
    house.block_on(second.seal_all()).unwrap();
    house.note(CASE, "drafted");
    house.seal();
    house.back_up();
    house.note(CASE, "approved");
    house.seal();
    house.block_on(second.seal_all()).unwrap();
    house.put_back();
    house.block_on(house.sealer.record_restore("disk failure")).unwrap();
    house.note(CASE, "approved");
    house.block_on(second.seal_all()).unwrap();
    house.block_on(house.sealer.seal_all()).unwrap();
    assert_eq!(fs::read(&places.log).unwrap(), fs::read(&house.places.log).unwrap());
    assert!(house.verify().is_sound());
}
