//! 封存: a backup is a text whose SHA-256 stands in the database and in the trace, under a MAC whose key is in neither. The
//! text names its attachments by their own digests, so that they are sealed with it.

use std::io::Read;

use hanlin_kernel::{Error, Result};
use hanlin_store::Tx;
use sha2::{Digest, Sha256};

use super::{
    model::{Backup, FORMAT, Seal},
    rules::Fault,
};

/// What the MAC is of, so that it stands for nothing else.
pub(super) const WHAT: &str = "case backup";

pub(super) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of what is read to its end.
pub(super) fn digest_of(mut content: impl Read) -> std::io::Result<String> {
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match content.read(&mut buffer)? {
            0 => return Ok(hex(&digest.finalize())),
            n => digest.update(&buffer[..n]),
        }
    }
}

/// The backup, if it is what it was when it was sealed: text, key, case and every attachment.
pub(super) fn verified(tx: &mut Tx, seal: &Seal) -> Result<Result<Backup, Fault>> {
    let text = match text(tx, seal)? {
        Ok(text) => text,
        Err(fault) => return Ok(Err(fault)),
    };
    let is_ours = hanlin_trace::is_authentic(tx, WHAT, &seal.digest, &seal.mac)?;
    let backup = match read(&text, seal, Some(is_ours)) {
        Ok(backup) => backup,
        Err(fault) => return Ok(Err(fault)),
    };
    for file in &backup.files {
        let found = match hanlin_files::open(tx, &file.sha256) {
            Ok(content) => digest_of(content).ok(),
            Err(Error::Busy(_)) => None,
            Err(other) => return Err(other),
        };
        let name = file.name.clone();
        match found {
            None => return Ok(Err(Fault::BackupFileMissing { name })),
            Some(found) if found != file.sha256 => return Ok(Err(Fault::BackupFileChanged { name })),
            Some(_) => {}
        }
    }
    Ok(Ok(backup))
}

/// The bytes of the sealed text, whatever they are now.
fn text(tx: &mut Tx, seal: &Seal) -> Result<Result<Vec<u8>, Fault>> {
    let found = hanlin_files::find(tx, seal.file).and_then(|_| hanlin_files::open(tx, &seal.digest));
    let mut content = match found {
        Ok(content) => content,
        Err(Error::NotFound | Error::Busy(_)) => return Ok(Err(Fault::BackupUnreadable)),
        Err(other) => return Err(other),
    };
    let mut bytes = Vec::new();
    Ok(content.read_to_end(&mut bytes).map(|_| bytes).map_err(|_| Fault::BackupUnreadable))
}

/// Holds a text against its seal; `is_ours`: whether our key made the seal, where that can be said.
pub(super) fn read(text: &[u8], seal: &Seal, is_ours: Option<bool>) -> Result<Backup, Fault> {
    if digest(text) != seal.digest {
        return Err(Fault::BackupOtherDigest);
    }
    if is_ours == Some(false) {
        return Err(Fault::BackupOtherSeal);
    }
    let backup: Backup = serde_json::from_slice(text).map_err(|_| Fault::BackupUnreadable)?;
    if backup.format != FORMAT {
        return Err(Fault::BackupUnreadable);
    }
    if backup.case != seal.case_id || backup.by_case != seal.by_case {
        return Err(Fault::BackupOtherCase);
    }
    Ok(backup)
}
