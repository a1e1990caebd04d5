use std::{fs, io::Write};

use super::house::House;
use crate::{LogError, Seal, SealLog};

fn seals(house: &House) -> Vec<Seal> {
    house.read(|tx| crate::store::list_seals(tx, 0, 100))
}

// proves: TRACE-08
#[test]
fn each_seal_is_a_line_of_the_log_with_the_same_words_as_in_the_database() {
    let house = House::with_history();
    let text = fs::read_to_string(house.log().path()).unwrap();
    let lines: Vec<Seal> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, seals(&house));
    assert_eq!(
        lines.iter().map(|seal| (seal.number, seal.leaves, seal.entries)).collect::<Vec<_>>(),
        [(1, 2, 4), (2, 3, 4)]
    );
}

/// A power failure between the first byte of a line and its last.
#[test]
fn a_torn_line_is_completed() {
    let house = House::with_history();
    let path = house.log().path().to_owned();
    let whole = fs::read(&path).unwrap();
    for cut in [1, 20, whole.len() / 2 - 1] {
        fs::write(&path, &whole[..whole.len() - cut]).unwrap();
        assert_eq!(house.log().last().unwrap().unwrap().number, 1);
        let report = house.verify();
        assert!(report.is_sound(), "cut {cut}: {report}");
        assert_eq!(report.log_behind, 1);
        let seal = seals(&house).pop().unwrap();
        house.log().append(&[seal]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
}

#[test]
fn something_else_at_the_end_of_the_log_stays_and_is_found() {
    let house = House::with_history();
    let whole = fs::read_to_string(house.log().path()).unwrap();
    fs::write(house.log().path(), format!("{whole}{{\"number\":")).unwrap();
    assert!(house.verify().is_sound(), "it may still become a line");
    fs::write(house.log().path(), format!("{whole}\u{0}\u{0}")).unwrap();
    house.seal();
    let report = house.verify();
    assert_eq!(
        report.findings.iter().map(|finding| (finding.code, finding.seq)).collect::<Vec<_>>(),
        [(crate::Code::LogBroken, 3)]
    );
    assert_eq!(report.last_seal, Some(3));
}

#[test]
fn the_log_takes_a_seal_once_and_only_the_next() {
    let house = House::with_history();
    let both = seals(&house);
    let before = fs::read(house.log().path()).unwrap();
    house.log().append(&both).unwrap();
    assert_eq!(fs::read(house.log().path()).unwrap(), before, "it had both");

    let other = SealLog::at(house.folder.path().join("other.log"));
    assert!(matches!(other.append(&both[1..]), Err(LogError::NotTheNext { .. })));
    other.append(&both).unwrap();
    assert_eq!(fs::read(other.path()).unwrap(), before);
}

#[test]
fn a_log_whose_last_line_is_no_seal_is_not_continued() {
    let house = House::with_history();
    let mut file = fs::OpenOptions::new().append(true).open(house.log().path()).unwrap();
    file.write_all(b"hello\n").unwrap();
    assert!(matches!(house.log().last(), Err(LogError::Damaged { .. })));
    let error = house.block_on(house.sealer.seal_once()).unwrap_err().to_string();
    assert!(error.contains("seals.log"), "{error}");
}
