//! The keys of the trace: one secret under which entries are authenticated, one with which seals are signed.
//! They live in a file outside the database, so that whoever owns the database alone cannot write its past anew.

use std::{
    fs, io,
    io::Write,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    chain::{ALGORITHM, Encoding, from_text, to_text},
    disk,
};

/// What can authenticate entries and sign seals. Kept in memory while the server runs.
pub struct Keys {
    mac: Hmac<Sha256>,
    signing: SigningKey,
}

/// What can check them. With the public key alone everything sealed is proven; with the whole key file the entries
/// after the last seal are authenticated too.
#[derive(Clone)]
pub struct Verifier {
    mac: Option<Hmac<Sha256>>,
    public: VerifyingKey,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key of the trace cannot be read from {}: {cause}", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("the key of the trace cannot be written to {}: {cause}", path.display())]
    Unwritable { path: PathBuf, cause: io::Error },
    #[error("{} is not a key file of the trace: {what}; put the file back from its copy", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("the machine gave no random bytes: {0}")]
    NoRandomness(String),
}

#[derive(Serialize, Deserialize)]
struct KeyFile {
    note: String,
    algorithm: String,
    public: String,
    mac: String,
    signing: String,
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        self.mac.zeroize();
        self.signing.zeroize();
    }
}

const NOTE: &str =
    "The key of the audit trail. Keep a copy in a safe place; never put it into the database or its backups.";

impl Keys {
    /// Fresh keys that exist in memory only: for tests.
    pub fn generate() -> Result<Self, KeyError> {
        let (mac, signing) = (random()?, random()?);
        Ok(Self::of(&mac, &signing))
    }

    fn of(mac: &[u8; 32], signing: &[u8; 32]) -> Self {
        Self { mac: hmac(mac), signing: SigningKey::from_bytes(signing) }
    }

    /// The keys in this file; `None` if there is no such file.
    pub fn load(path: &Path) -> Result<Option<Self>, KeyError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(KeyError::Unreadable { path: path.to_owned(), cause }),
        };
        let damaged = |what: &str| KeyError::Damaged { path: path.to_owned(), what: what.to_owned() };
        let file: KeyFile = serde_json::from_str(&text).map_err(|error| damaged(&error.to_string()))?;
        if file.algorithm != ALGORITHM {
            return Err(damaged(&format!("its algorithm is {}, and this version knows {ALGORITHM}", file.algorithm)));
        }
        let secret = |text: &str| from_text::<32>(text).map(Zeroizing::new);
        let (Some(mac), Some(signing)) = (secret(&file.mac), secret(&file.signing)) else {
            return Err(damaged("a key in it is not 32 bytes in base64url"));
        };
        let keys = Self::of(&mac, &signing);
        if keys.public_key() != file.public {
            return Err(damaged("its public key does not belong to its signing key"));
        }
        if fs::metadata(path).is_ok_and(|file| file.mode() & 0o007 != 0) {
            tracing::warn!(path = %path.display(), "everyone on this machine can read the key of the trace: chmod 600");
        }
        Ok(Some(keys))
    }

    /// Fresh keys, in a new file that only its owner reads, on the disk when this returns. Never writes over a file.
    pub fn create(path: &Path) -> Result<Self, KeyError> {
        let unwritable = |cause| KeyError::Unwritable { path: path.to_owned(), cause };
        let (mac, signing) = (random()?, random()?);
        let keys = Self::of(&mac, &signing);
        let file = KeyFile {
            note: NOTE.to_owned(),
            algorithm: ALGORITHM.to_owned(),
            public: keys.public_key(),
            mac: to_text(&*mac),
            signing: to_text(&*signing),
        };
        let text = Zeroizing::new(serde_json::to_string_pretty(&file).expect("texts serialise") + "\n");
        // Whole or not at all: written beside it, synced, then linked to its name, which fails where a file stands.
        let beside = path.with_extension("key.new");
        if let Err(error) = fs::remove_file(&beside)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(unwritable(error));
        }
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(unwritable)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        let linked = written.and_then(|()| fs::hard_link(&beside, path));
        fs::remove_file(&beside).map_err(unwritable)?;
        linked.map_err(unwritable)?;
        disk::sync_folder_of(path).map_err(unwritable)?;
        Ok(keys)
    }

    /// The key that everyone may have, in base64url: with it anyone can check the seals.
    pub fn public_key(&self) -> String {
        to_text(self.signing.verifying_key().as_bytes())
    }

    pub fn verifier(&self) -> Verifier {
        Verifier { mac: Some(self.mac.clone()), public: self.signing.verifying_key() }
    }

    /// A key of its own for something else that must not lie in the database, told apart by its name. No entry's hash has
    /// a `/` in it, so that none of these is the MAC of an entry.
    pub fn derive(&self, what: &str) -> Zeroizing<[u8; 32]> {
        let tag = self.mac.clone().chain_update("derived/").chain_update(what);
        Zeroizing::new(tag.finalize().into_bytes().into())
    }

    pub(crate) fn mac(&self, hash: &str) -> String {
        to_text(&tag(&self.mac, hash).finalize().into_bytes())
    }

    /// Authenticates a digest that is not one of an entry: `what` says what it is of, so that none stands for another.
    pub(crate) fn authenticate(&self, what: &str, digest: &str) -> String {
        to_text(&other_tag(&self.mac, what, digest).finalize().into_bytes())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> String {
        to_text(&self.signing.sign(message).to_bytes())
    }
}

impl Verifier {
    /// Checks with the public key alone, given as [`Keys::public_key`] prints it.
    pub fn public(text: &str) -> Option<Self> {
        let public = VerifyingKey::from_bytes(&from_text(text.trim())?).ok()?;
        Some(Self { mac: None, public })
    }

    /// Does it have the secret under which entries are authenticated?
    pub fn has_mac_key(&self) -> bool {
        self.mac.is_some()
    }

    /// Was this hash authenticated with our key? Without the key, nothing can be said against it.
    pub(crate) fn authenticates(&self, hash: &str, mac: &str) -> bool {
        let Some(key) = &self.mac else { return true };
        from_text::<32>(mac).is_some_and(|bytes| tag(key, hash).verify_slice(&bytes).is_ok())
    }

    /// Was this digest, which is not one of an entry, authenticated with our key? Nothing: without the key it cannot be
    /// said.
    pub fn authenticates_digest(&self, what: &str, digest: &str, mac: &str) -> Option<bool> {
        let key = self.mac.as_ref()?;
        let same = |bytes: [u8; 32]| other_tag(key, what, digest).verify_slice(&bytes).is_ok();
        Some(from_text::<32>(mac).is_some_and(same))
    }

    pub(crate) fn signed(&self, message: &[u8], signature: &str) -> bool {
        from_text::<64>(signature)
            .is_some_and(|bytes| self.public.verify_strict(message, &Signature::from_bytes(&bytes)).is_ok())
    }
}

fn random() -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).map_err(|error| KeyError::NoRandomness(error.to_string()))?;
    Ok(bytes)
}

fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn tag(key: &Hmac<Sha256>, hash: &str) -> Hmac<Sha256> {
    key.clone().chain_update(Encoding::of("hanlin trace mac").text(hash).bytes())
}

fn other_tag(key: &Hmac<Sha256>, what: &str, digest: &str) -> Hmac<Sha256> {
    key.clone().chain_update(Encoding::of("hanlin digest mac").text(what).text(digest).bytes())
}
