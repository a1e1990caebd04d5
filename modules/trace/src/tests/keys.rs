use std::{fs, os::unix::fs::PermissionsExt};

use hanlin_kernel::Error;

use super::house::House;
use crate::{KeyError, Keys, OpenError, Places, Verifier};

fn open_error(error: &Error) -> &OpenError {
    let Error::Internal(cause) = error else { panic!("{error}") };
    cause.downcast_ref().unwrap_or_else(|| panic!("{cause}"))
}

// proves: TRACE-08
#[test]
fn the_key_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.key");
    assert!(Keys::load(&path).unwrap().is_none());
    let made = Keys::create(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let read = Keys::load(&path).unwrap().unwrap();
    assert_eq!(read.public_key(), made.public_key());
    assert_eq!(read.mac("hash"), made.mac("hash"));
    assert!(matches!(Keys::create(&path), Err(KeyError::Unwritable { .. })), "a key is never written over");
    assert_eq!(Keys::load(&path).unwrap().unwrap().public_key(), made.public_key());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-made is left");
}

#[test]
fn a_damaged_key_file_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.key");
    Keys::create(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let other = Keys::generate().unwrap().public_key();
    let own = Keys::load(&path).unwrap().unwrap().public_key();
    for damaged in ["", "{}", &text[..text.len() / 2], &text.replace(&own, &other)] {
        fs::write(&path, damaged).unwrap();
        let said = match Keys::load(&path) {
            Err(error @ KeyError::Damaged { .. }) => error.to_string(),
            other => panic!("{damaged:?} was taken as a key: {:?}", other.map(|keys| keys.is_some())),
        };
        assert!(said.contains("trace.key") && said.contains("copy"), "{said}");
    }
}

// proves: TRACE-08
#[test]
fn a_database_with_a_trace_does_not_open_without_its_key_or_with_another() {
    let house = House::with_history();
    let moved = house.folder.path().join("moved");
    fs::rename(&house.places.key, &moved).unwrap();
    let missing = house.another_node(&house.places).err().unwrap();
    assert!(matches!(open_error(&missing), OpenError::KeyMissing { .. }), "{missing}");
    assert!(!house.places.key.exists(), "no other key is made in its place");

    let places = Places { key: house.folder.path().join("other.key"), ..house.places.clone() };
    Keys::create(&places.key).unwrap();
    let other = house.another_node(&places).err().unwrap();
    assert!(matches!(open_error(&other), OpenError::OtherKey { .. }), "{other}");

    let places = Places { key: moved, ..house.places.clone() };
    house.another_node(&places).expect("the key may lie elsewhere");
}

#[test]
fn two_nodes_that_start_at_once_with_keys_of_their_own_do_not_both_write() {
    let house = House::new();
    let places = Places::in_folder(tempfile::tempdir().unwrap().path());
    fs::create_dir_all(places.key.parent().unwrap()).unwrap();
    let error = house.another_node(&places).err().unwrap();
    assert!(matches!(open_error(&error), OpenError::KeyMissing { .. }), "{error}");
}

#[test]
fn a_public_key_is_read_as_it_is_printed() {
    let keys = Keys::generate().unwrap();
    assert!(Verifier::public(&format!(" {}\n", keys.public_key())).is_some());
    for wrong in ["", "abc", "AAAA AAAA"] {
        assert!(Verifier::public(wrong).is_none(), "{wrong}");
    }
}
