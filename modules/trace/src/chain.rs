//! What an entry commits to, as pure functions: the digest of its payload, and the hash that links it to the one before.
//!
//! Everything is hashed over one unambiguous encoding: each field with its length before it (u32, big endian), an
//! absent one as length `ffff ffff`, numbers as their decimal text. An auditor can do it again with any tool.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use sha2::{Digest, Sha256};

/// The family of functions that made an entry or a seal. `1`: SHA-256, HMAC-SHA-256, Ed25519.
/// Another family (SM3, SM2) gets another id; entries keep the one they were made with.
pub const ALGORITHM: &str = "1";

/// What an entry says about itself; all of it is under its hash.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Envelope<'a> {
    pub algorithm: &'a str,
    pub id: &'a str,
    pub stream: &'a str,
    pub seq: i64,
    pub kind: &'a str,
    pub version: i64,
    /// Unix milliseconds.
    pub at: i64,
    pub person: Option<&'a str>,
    pub on_behalf_of: Option<&'a str>,
    /// The digest of the salted payload, so that the payload itself can lawfully go.
    pub digest: &'a str,
    /// The hash of the entry before; empty for the first of its stream.
    pub previous: &'a str,
}

impl Envelope<'_> {
    pub fn hash(&self) -> String {
        Encoding::of("hanlin trace entry")
            .text(self.algorithm)
            .text(self.id)
            .text(self.stream)
            .number(self.seq)
            .text(self.previous)
            .text(self.kind)
            .number(self.version)
            .number(self.at)
            .maybe(self.person)
            .maybe(self.on_behalf_of)
            .text(self.digest)
            .digest()
    }
}

/// The digest of a payload. The salt keeps a short payload from being guessed once it was removed.
pub(crate) fn payload_digest(salt: &str, payload: &str) -> String {
    Encoding::of("hanlin trace payload").text(salt).text(payload).digest()
}

/// Fields one after the other, each with its length, after a word that says what the whole is.
pub(crate) struct Encoding(Vec<u8>);

impl Encoding {
    pub fn of(what: &str) -> Self {
        Self(Vec::with_capacity(512)).text(what)
    }

    pub fn text(mut self, text: &str) -> Self {
        let length = u32::try_from(text.len()).expect("a field is shorter than 4 GiB: requests are limited far below");
        self.0.extend(length.to_be_bytes());
        self.0.extend(text.as_bytes());
        self
    }

    pub fn maybe(mut self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => {
                self.0.extend(u32::MAX.to_be_bytes());
                self
            }
        }
    }

    pub fn number(self, number: i64) -> Self {
        self.text(&number.to_string())
    }

    pub fn bytes(self) -> Vec<u8> {
        self.0
    }

    pub fn digest(self) -> String {
        to_text(&Sha256::digest(self.0))
    }
}

/// Digests, MACs, keys and signatures are written in base64url without padding (RFC 4648 §5).
pub(crate) fn to_text(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

pub(crate) fn from_text<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64.decode(text).ok()?.try_into().ok()
}
