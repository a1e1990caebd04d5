//! The root over the leaves of a seal: the tree of RFC 9162 §2.1, computed with memory for its height only.

use sha2::{Digest, Sha256};

use crate::chain::{Encoding, to_text};

/// One leaf after the other, then the root.
#[derive(Default)]
pub(crate) struct Merkle {
    /// Roots of full subtrees, the tallest first; their sizes are the bits of `count`.
    peaks: Vec<[u8; 32]>,
    count: u64,
}

impl Merkle {
    pub fn add(&mut self, stream: &str, seq: i64, hash: &str) {
        let leaf = Encoding::of("hanlin trace leaf").text(stream).number(seq).text(hash).bytes();
        let mut node: [u8; 32] = Sha256::new().chain_update([0]).chain_update(leaf).finalize().into();
        let mut size = self.count;
        while size & 1 == 1 {
            node = parent(&self.peaks.pop().expect("each bit of the count has its peak"), &node);
            size >>= 1;
        }
        self.peaks.push(node);
        self.count += 1;
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn root(&self) -> String {
        let root = self.peaks.iter().rev().copied().reduce(|right, left| parent(&left, &right));
        to_text(&root.unwrap_or_else(|| Sha256::digest(b"").into()))
    }
}

fn parent(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}
