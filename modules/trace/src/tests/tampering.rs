//! Somebody owns the database, drops the guard and changes the past with the engine's own client. What is found?

use std::fs;

use super::house::{House, found};
use crate::{Code, Report};

const CASE: &str = "workflow/case/a";
const ACCOUNT: &str = "access/account/b";

/// Both the server's own check and that of an auditor with the public key.
fn both(house: &House) -> [Report; 2] {
    [house.verify(), house.verify_publicly()]
}

// proves: TRACE-08
#[test]
fn an_untouched_trace_is_sound() {
    let house = House::with_history();
    for report in both(&house) {
        assert!(report.is_sound(), "{report}");
        assert_eq!((report.entries, report.streams, report.seals, report.unsealed), (11, 4, 2, 3));
        assert_eq!((report.last_seal, report.log_behind, report.removed), (Some(2), 0, 0));
        assert!(report.to_string().contains("sound: 0 differences"), "{report}");
    }
}

// proves: TRACE-03, TRACE-08
#[test]
fn the_guard_keeps_mistakes_out() {
    let house = House::with_history();
    let mistakes = [
        "update trace_event set payload = '{}'",
        "update trace_event set payload = null, salt = null",
        "update trace_event set person = null where seq = 1",
        "delete from trace_event",
        "delete from trace_stream",
        "update trace_seal set at = 0",
        "delete from trace_seal",
        "update trace_leaf set seq = 0",
        "delete from trace_leaf",
    ];
    for mistake in mistakes {
        let said = house.try_tamper(mistake).expect_err(mistake);
        assert!(said.contains("never"), "{mistake}: {said}");
    }
    if !house.db.is_sqlite() {
        for table in ["trace_event", "trace_stream", "trace_seal", "trace_leaf", "trace_redaction"] {
            house.try_tamper(&format!("truncate {table}")).expect_err(table);
        }
    }
    assert!(house.verify().is_sound());
}

// proves: TRACE-03, TRACE-08
#[test]
fn a_changed_opinion_is_found_sealed_or_not() {
    for seq in [3, 6] {
        let house = House::with_history();
        house.drop_guard();
        house.tamper(&format!(
            "update trace_event set payload = '{{\"text\":\"rejected\"}}' where stream = '{CASE}' and seq = {seq}"
        ));
        for report in both(&house) {
            assert_eq!(found(&report), [(Code::PayloadChanged, CASE, seq)]);
        }
    }
}

// proves: TRACE-03, TRACE-08, TRACE-09
#[test]
fn another_person_time_kind_or_version_is_found() {
    for change in ["person = null", "on_behalf_of = person", "at = at + 1", "kind = 'test.other'", "version = 2"] {
        let house = House::with_history();
        house.drop_guard();
        house.tamper(&format!("update trace_event set {change} where stream = '{ACCOUNT}' and seq = 1"));
        for report in both(&house) {
            assert_eq!(found(&report), [(Code::Changed, ACCOUNT, 1)], "{change}");
        }
    }
}

// proves: TRACE-08
#[test]
fn an_entry_changed_with_its_own_hash_is_found() {
    let house = House::with_history();
    let mut entry = house.entries(CASE).remove(1);
    entry.payload = Some(r#"{"text":"rejected"}"#.to_owned());
    entry.digest = crate::chain::payload_digest(entry.salt.as_deref().unwrap(), entry.payload.as_deref().unwrap());
    entry.hash = entry.envelope().hash();
    house.drop_guard();
    house.tamper(&format!("delete from trace_event where id = '{}'; {}", entry.id, entry.insert()));
    assert_eq!(found(&house.verify()), [(Code::BrokenLink, CASE, 3), (Code::Forged, CASE, 2)]);
    assert_eq!(found(&house.verify_publicly()), [(Code::BrokenLink, CASE, 3)]);
}

/// He knows how the chain is made and writes it anew from there; he only lacks the key.
// proves: TRACE-08
#[test]
fn a_chain_computed_again_without_the_key_is_found() {
    let house = House::with_history();
    let mut entries = house.entries(CASE);
    entries[2].payload = Some(r#"{"text":"rejected"}"#.to_owned());
    house.drop_guard();
    house.forge(CASE, entries);
    let forged = [3, 4, 5, 6].map(|seq| (Code::Forged, CASE, seq));
    let sealed = [(Code::LeafDiffers, CASE, 3), (Code::LeafDiffers, CASE, 5)];
    assert_eq!(found(&house.verify()), [&forged[..], &sealed].concat());
    assert_eq!(found(&house.verify_publicly()), sealed, "the seals tell, without the key");
}

// proves: TRACE-08
#[test]
fn an_entry_inserted_in_the_middle_is_found() {
    let house = House::with_history();
    let mut entries = house.entries(CASE);
    let mut inserted = entries[1].clone();
    inserted.id = format!("{}zz", &inserted.id[..24]);
    inserted.payload = Some(r#"{"text":"consulted"}"#.to_owned());
    entries.insert(2, inserted);
    house.drop_guard();
    house.forge(CASE, entries);
    let sealed = [(Code::LeafDiffers, CASE, 3), (Code::LeafDiffers, CASE, 5)];
    let forged = [3, 4, 5, 6, 7].map(|seq| (Code::Forged, CASE, seq));
    assert_eq!(found(&house.verify()), [&forged[..], &sealed].concat());
    assert_eq!(found(&house.verify_publicly()), sealed);
}

// proves: TRACE-08
#[test]
fn an_entry_added_at_the_end_or_as_a_stream_of_its_own_is_found_and_never_sealed() {
    let house = House::with_history();
    let mut entries = house.entries(CASE);
    let mut added = entries[0].clone();
    added.id = "7zzzzzzzzzzzzzzzzzzzzzzzzz".to_owned();
    entries.push(added.clone());
    house.drop_guard();
    house.forge(CASE, entries);
    (added.id, added.stream) = ("7yyyyyyyyyyyyyyyyyyyyyyyyy".to_owned(), "workflow/case/z".to_owned());
    house.tamper(&format!("insert into trace_stream (stream, seq, hash) values ('{}', 1, '')", added.stream));
    house.forge("workflow/case/z", vec![added]);
    let both = [(Code::Forged, CASE, 7), (Code::Forged, "workflow/case/z", 1)];
    assert_eq!(found(&house.verify()), both);
    house.seal();
    let report = house.verify();
    assert_eq!(found(&report), both, "the seal did not make them right");
    assert_eq!(report.unsealed, 2);
}

// proves: TRACE-08
#[test]
fn an_entry_taken_out_of_the_middle_is_found() {
    let house = House::with_history();
    house.drop_guard();
    house.tamper(&format!("delete from trace_event where stream = '{CASE}' and seq = 2"));
    for report in both(&house) {
        assert_eq!(found(&report), [(Code::Gap, CASE, 3)]);
    }
}

// proves: TRACE-08
#[test]
fn an_entry_taken_out_and_the_gap_closed_is_found() {
    let house = House::with_history();
    let mut entries = house.entries(CASE);
    entries.remove(1);
    house.drop_guard();
    house.forge(CASE, entries);
    let forged = [2, 3, 4, 5].map(|seq| (Code::Forged, CASE, seq));
    let sealed = [(Code::LeafDiffers, CASE, 3), (Code::LeafDiffers, CASE, 5)];
    let queue = (Code::QueueDiffers, CASE, 5);
    let report = house.verify();
    for expected in forged.iter().chain(&sealed) {
        assert!(found(&report).contains(expected), "{expected:?} in {report}");
    }
    assert!(!found(&report).contains(&queue), "{report}");
    assert_eq!(found(&house.verify_publicly()), sealed);
}

// proves: TRACE-08
#[test]
fn entries_in_another_order_are_found() {
    let house = House::with_history();
    house.drop_guard();
    let swap =
        |from: i64, to: i64| format!("update trace_event set seq = {to} where stream = '{CASE}' and seq = {from};");
    house.tamper(&[swap(2, 99), swap(3, 2), swap(99, 3)].concat());
    for report in both(&house) {
        let found = found(&report);
        for seq in [2, 3] {
            assert!(found.contains(&(Code::Changed, CASE, seq)), "{report}");
            assert!(found.contains(&(Code::BrokenLink, CASE, seq)), "{report}");
        }
        assert!(found.contains(&(Code::LeafDiffers, CASE, 3)), "{report}");
    }
}

// proves: TRACE-08
#[test]
fn two_entries_at_one_place_are_found() {
    let house = House::with_history();
    house.drop_guard();
    house.tamper("drop index trace_event_stream");
    house.tamper(&format!("update trace_event set seq = 2 where stream = '{CASE}' and seq = 3"));
    let report = house.verify();
    for expected in [(Code::Duplicate, CASE, 2), (Code::Gap, CASE, 4), (Code::LeafMissing, CASE, 3)] {
        assert!(found(&report).contains(&expected), "{expected:?} in {report}");
    }
}

// proves: TRACE-08
#[test]
fn a_stream_cut_off_is_found() {
    let house = House::with_history();
    house.drop_guard();
    house.tamper(&format!("delete from trace_event where stream = '{CASE}' and seq > 4"));
    let report = house.verify();
    assert!(found(&report).contains(&(Code::HeadDiffers, CASE, 4)), "{report}");
    assert!(found(&report).contains(&(Code::LeafMissing, CASE, 5)), "{report}");

    // And with the head set back and the queue cleaned, so that the database is consistent in itself.
    let kept = house.entries(CASE);
    house.forge(CASE, kept);
    for report in both(&house) {
        assert_eq!(found(&report), [(Code::LeafMissing, CASE, 5)]);
    }
}

// proves: TRACE-08
#[test]
fn a_lost_stream_is_found() {
    let house = House::with_history();
    house.drop_guard();
    house.tamper(&format!("delete from trace_event where stream = '{ACCOUNT}'"));
    for report in both(&house) {
        let found = found(&report);
        assert!(found.contains(&(Code::StreamLost, ACCOUNT, 1)), "{report}");
        assert!(found.contains(&(Code::StreamLost, ACCOUNT, 2)), "{report}");
        assert!(found.iter().all(|(code, stream, _)| (*code, *stream) == (Code::StreamLost, ACCOUNT)), "{report}");
    }
}

/// Not a row is left that names the stream, and the roots in the database fit what is left.
// proves: TRACE-08
#[test]
fn a_stream_lost_with_every_trace_of_it_in_the_database_is_found() {
    let house = House::with_history();
    house.drop_guard();
    house.tamper(&format!(
        "delete from trace_event where stream = '{ACCOUNT}'; delete from trace_stream where stream = '{ACCOUNT}';
         delete from trace_leaf where stream = '{ACCOUNT}';
         delete from trace_unsealed where event not in (select id from trace_event)"
    ));
    for report in both(&house) {
        assert_eq!(found(&report), [(Code::RootDiffers, "", 1), (Code::RootDiffers, "", 2)]);
    }
    let leaves = house.entries(CASE);
    let mut merkle = crate::merkle::Merkle::default();
    merkle.add(CASE, 3, &leaves[2].hash);
    house.tamper(&format!("update trace_seal set root = '{}', leaves = 1 where number = 1", merkle.root()));
    for report in both(&house) {
        let changed = [(Code::RootDiffers, "", 1), (Code::RootDiffers, "", 2), (Code::SealChanged, "", 1)];
        assert_eq!(found(&report), changed);
    }
}

/// The whole database is exchanged for an older copy of itself, which is sound in itself.
// proves: TRACE-08
#[test]
fn an_older_copy_of_the_database_is_found_and_not_continued() {
    let house = House::new();
    house.note(CASE, "drafted");
    house.seal();
    house.back_up();
    house.note(CASE, "approved");
    house.seal();
    house.put_back();
    for report in both(&house) {
        let found = found(&report);
        assert!(found.contains(&(Code::SealMissing, "", 2)), "{report}");
        assert!(found.iter().all(|(code, ..)| matches!(code, Code::SealMissing | Code::RootDiffers)), "{report}");
    }
    house.note(CASE, "rejected");
    let error = house.block_on(house.sealer.seal_once()).unwrap_err().to_string();
    assert!(error.contains("record-restore") && error.contains("up to 2"), "{error}");
    assert_eq!(house.log().last().unwrap().unwrap().number, 2);
}

/// The threat model says so: what no seal covers yet rests on the database. The report says how much that is.
// proves: TRACE-08
#[test]
fn entries_cut_off_after_the_last_seal_are_not_found_but_counted_beforehand() {
    let house = House::with_history();
    assert_eq!(house.verify().unsealed, 3);
    let mut kept = house.entries(CASE);
    kept.pop();
    house.drop_guard();
    house.forge(CASE, kept);
    let report = house.verify();
    assert!(report.is_sound(), "{report}");
    assert_eq!(report.unsealed, 2);
    // Clumsier, it is found: the head or the queue still know of the entry.
    let id = &house.entries("rulebook/clause/c")[1].id;
    house.tamper(&format!("delete from trace_event where id = '{id}'"));
    let report = house.verify();
    assert_eq!(found(&report), [(Code::HeadDiffers, "rulebook/clause/c", 1), (Code::QueueDiffers, id.as_str(), 0)]);
}

// proves: TRACE-08
#[test]
fn an_entry_kept_from_its_seal_is_found() {
    let house = House::with_history();
    house.tamper("delete from trace_unsealed where event = (select max(event) from trace_unsealed)");
    assert_eq!(found(&house.verify()), [(Code::QueueDiffers, "directory/unit/d", 1)]);
}

// proves: TRACE-08
#[test]
fn a_seal_changed_removed_or_added_in_the_database_is_found() {
    let changes = [
        ("update trace_seal set at = at + 1 where number = 2", vec![(Code::SealChanged, "", 2)]),
        ("delete from trace_seal where number = 1", vec![(Code::SealMissing, "", 1)]),
        (
            "insert into trace_seal (number, at, root, previous, leaves, entries, algorithm, signature) \
             select 3, at, root, previous, leaves, entries, algorithm, signature from trace_seal where number = 2",
            vec![(Code::RootDiffers, "", 3), (Code::SealUnknown, "", 3)],
        ),
        (
            "insert into trace_leaf (seal, stream, seq, hash) values (9, 'workflow/case/a', 6, '')",
            vec![(Code::RootDiffers, CASE, 6)],
        ),
    ];
    for (change, expected) in changes {
        let house = House::with_history();
        house.drop_guard();
        house.tamper(change);
        for report in both(&house) {
            assert_eq!(found(&report), expected, "{change}");
        }
    }
}

// proves: TRACE-08
#[test]
fn a_changed_shortened_or_lost_log_is_found() {
    let house = House::with_history();
    let path = house.log().path().to_owned();
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();

    let changed = text.replacen("\"entries\":4", "\"entries\":5", 1);
    fs::write(&path, changed).unwrap();
    let report = house.verify();
    assert!(found(&report).contains(&(Code::LogBroken, "", 1)), "{report}");
    assert!(found(&report).contains(&(Code::SealChanged, "", 1)), "{report}");

    fs::write(&path, format!("{}\n", lines[1])).unwrap();
    let report = house.verify();
    assert!(found(&report).contains(&(Code::LogBroken, "", 1)), "{report}");
    assert!(found(&report).contains(&(Code::SealUnknown, "", 1)), "{report}");

    fs::write(&path, format!("{}\nnonsense\n{}\n", lines[0], lines[1])).unwrap();
    assert_eq!(found(&house.verify()), [(Code::LogBroken, "", 2)]);

    fs::write(&path, "").unwrap();
    let report = house.verify();
    assert_eq!((found(&report), report.log_behind), (vec![], 2), "a moment ago they were made");
    house.wait();
    assert_eq!(found(&house.verify()), [(Code::LogShort, "", 1)]);

    fs::remove_file(&path).unwrap();
    assert_eq!(found(&house.verify()), [(Code::LogMissing, "", 2)]);
}

/// He owns the database and the log, and signs with a key of his own.
// proves: TRACE-08
#[test]
fn seals_signed_with_another_key_are_found() {
    let house = House::with_history();
    let path = house.log().path().to_owned();
    let own = crate::Keys::generate().unwrap();
    let mut previous = String::new();
    let mut text = String::new();
    for mut seal in house.read(|tx| crate::store::list_seals(tx, 0, 10)) {
        seal.previous = previous;
        let seal = seal.signed_by(&own);
        previous = seal.digest();
        text += &(serde_json::to_string(&seal).unwrap() + "\n");
    }
    fs::write(&path, text).unwrap();
    let report = house.verify_publicly();
    for expected in [(Code::LogBroken, "", 1), (Code::LogBroken, "", 2), (Code::SealChanged, "", 1)] {
        assert!(found(&report).contains(&expected), "{report}");
    }
}

// proves: TRACE-08
#[test]
fn a_row_that_is_no_entry_does_not_stop_the_check() {
    let house = House::with_history();
    house.drop_guard();
    house.tamper(&format!("update trace_event set at = 9223372036854775807 where stream = '{ACCOUNT}' and seq = 1"));
    house.tamper(&format!("update trace_event set salt = null where stream = '{CASE}' and seq = 1"));
    if house.db.is_sqlite() {
        house.tamper("update trace_event set version = 'two' where stream = 'directory/unit/d'");
    }
    let report = house.verify();
    assert!(found(&report).contains(&(Code::Changed, ACCOUNT, 1)), "{report}");
    assert!(found(&report).contains(&(Code::PayloadChanged, CASE, 1)), "{report}");
    if house.db.is_sqlite() {
        assert!(found(&report).contains(&(Code::Unreadable, "directory/unit/d", 1)), "{report}");
    }
}

/// More entries than one chunk holds, with the change at its edge.
// proves: TRACE-08
#[test]
fn long_chains_are_checked_across_the_chunks() {
    let house = House::new();
    let work = |tx: &mut hanlin_store::Tx| {
        for _ in 0..500 {
            tx.record(super::house::Noted { stream: CASE, kind: "test.noted", text: "x".into() });
            tx.record(super::house::Noted { stream: ACCOUNT, kind: "test.noted", text: "x".into() });
        }
        Ok(())
    };
    for _ in 0..3 {
        house.block_on(house.db.write(work)).unwrap();
        house.seal();
    }
    let report = house.verify();
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.entries, report.streams, report.seals), (3000, 2, 3));
    house.drop_guard();
    house.tamper(&format!("delete from trace_event where stream = '{ACCOUNT}' and seq in (1000, 1001)"));
    assert_eq!(found(&house.verify()), [(Code::Gap, ACCOUNT, 1002), (Code::LeafMissing, ACCOUNT, 1000)]);
    house.tamper("update trace_event set person = 'nobody'");
    let report = house.verify();
    assert_eq!((report.found, report.findings.len()), (3000, 1000), "findings are counted, not hoarded");
}
