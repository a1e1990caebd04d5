//! Secrets: made of the system's randomness, kept only as hashes, wiped from memory.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hanlin_kernel::{Error, Result};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A password on its way in: wiped when it is no longer needed, never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Whoever asks is careful with it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// 256 bits of the system's randomness, as text for a cookie or a link.
pub(crate) fn token() -> Result<Secret> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    getrandom::fill(bytes.as_mut()).map_err(no_randomness)?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_ref())))
}

/// What is kept of a token. It has 256 bits of randomness, so a fast hash is enough.
pub(crate) fn digest(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Letters and digits that are not taken for one another when read aloud or copied by hand.
const LEGIBLE: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A one-time password of this length.
pub(crate) fn one_time_password(length: usize) -> Result<Secret> {
    let mut text = Zeroizing::new(String::with_capacity(length));
    while text.len() < length {
        let mut byte = [0u8; 1];
        getrandom::fill(&mut byte).map_err(no_randomness)?;
        // The surplus of 256 over a multiple of the alphabet is thrown away: every letter is equally likely.
        let fair = 256 - 256 % LEGIBLE.len();
        if usize::from(byte[0]) < fair {
            text.push(char::from(LEGIBLE[usize::from(byte[0]) % LEGIBLE.len()]));
        }
    }
    Ok(Secret(text))
}

fn no_randomness(error: getrandom::Error) -> Error {
    Error::internal(format!("the system gives no randomness: {error}"))
}
