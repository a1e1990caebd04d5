use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    chain::{Encoding, Envelope, payload_digest, to_text},
    merkle::Merkle,
    model::Entry,
};

fn envelope() -> Envelope<'static> {
    Envelope {
        algorithm: "1",
        id: "01kbcd00000000000000000001",
        stream: "workflow/case/1",
        seq: 2,
        kind: "workflow.approved",
        version: 1,
        at: 1_772_413_200_000,
        person: Some("01kbcd00000000000000000002"),
        on_behalf_of: None,
        digest: "digest",
        previous: "previous",
    }
}

/// The expected texts were computed with another program (Python's hashlib) from the words in `chain.rs`: whoever has
/// the data can do it again in ten years.
// proves: TRACE-08
#[test]
fn the_encoding_of_entries_never_changes() {
    assert_eq!(envelope().hash(), "vyv8QWSvRET3OtjPZQb-Ra6wxshWyyeuf95DWV8WOps");
    assert_eq!(payload_digest("salt", "{\"text\":\"同意\"}"), "o3Y266cTWIyHzFxWdVIFJ44ZGRoBEhYgn4bcaOfQQCw");
}

#[test]
fn every_field_is_under_the_hash() {
    let base = envelope();
    let others = [
        Envelope { algorithm: "2", ..base },
        Envelope { id: "x", ..base },
        Envelope { stream: "x", ..base },
        Envelope { seq: 3, ..base },
        Envelope { kind: "x", ..base },
        Envelope { version: 2, ..base },
        Envelope { at: 0, ..base },
        Envelope { person: None, ..base },
        Envelope { on_behalf_of: Some(""), ..base },
        Envelope { digest: "x", ..base },
        Envelope { previous: "", ..base },
    ];
    let mut hashes: Vec<String> = others.iter().map(Envelope::hash).chain([base.hash()]).collect();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 12);
}

/// The tree of RFC 9162 §2.1.1, written down as the standard does.
fn root_by_the_book(leaves: &[Vec<u8>]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest(b"").into(),
        [leaf] => Sha256::new().chain_update([0]).chain_update(leaf).finalize().into(),
        _ => {
            let split = 1 << (leaves.len() - 1).ilog2();
            let (left, right) = (root_by_the_book(&leaves[..split]), root_by_the_book(&leaves[split..]));
            Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
        }
    }
}

proptest! {
    // proves: TRACE-08
    #[test]
    fn the_root_is_that_of_the_standard(count in 0usize..70) {
        let mut merkle = Merkle::default();
        let mut leaves = Vec::new();
        for number in 0..count {
            let (stream, hash) = (format!("stream/{number}"), format!("hash {number}"));
            merkle.add(&stream, number as i64, &hash);
            leaves.push(Encoding::of("hanlin trace leaf").text(&stream).number(number as i64).text(&hash).bytes());
        }
        prop_assert_eq!(merkle.root(), to_text(&root_by_the_book(&leaves)));
        prop_assert_eq!(merkle.count(), count as u64);
    }

    #[test]
    fn no_two_lists_of_fields_have_the_same_encoding(a in ".{0,4}", b in ".{0,4}", c in ".{0,4}", d in ".{0,4}") {
        let one = Encoding::of("x").text(&a).text(&b).bytes();
        let other = Encoding::of("x").text(&c).text(&d).bytes();
        prop_assert_eq!(one == other, (a, b) == (c, d));
    }

    #[test]
    fn ids_are_in_the_order_of_time_and_within_a_unit(
        at in 0i64..4_000_000_000_000, later in 1i64..1000, first in 0usize..4095, chance in any::<u64>(), other in any::<u64>()
    ) {
        let instant = |ms| jiff::Timestamp::from_millisecond(ms).unwrap();
        let id = Entry::id_at(instant(at), first, chance);
        prop_assert!(id < Entry::id_at(instant(at), first + 1, other));
        prop_assert!(Entry::id_at(instant(at), 4095, chance) < Entry::id_at(instant(at + later), 0, other));
        prop_assert!(id.as_u128() >= Entry::first_id_at(instant(at)));
        prop_assert!(id.as_u128() < Entry::first_id_at(instant(at + 1)));
        prop_assert_eq!((id.as_u128() >> 76) & 0xf, 7, "a UUIDv7");
    }
}
