//! A backup as a file that leaves the house: a zip of the sealed text, its seal, and its attachments by their digests. An
//! auditor checks it without the house.

use std::{
    collections::BTreeSet,
    fmt,
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use hanlin_trace::Verifier;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    model::{Backup, Seal},
    rules::Fault,
    seal,
};

const TEXT: &str = "case.json";
const SEAL: &str = "seal.json";

/// What came of checking a package.
#[derive(Debug)]
pub struct ArchiveReport {
    pub number: String,
    pub digest: String,
    pub files: usize,
    pub entries: usize,
    /// Whether its seal was made with the key at hand; absent: there is no key here.
    pub is_ours: Option<bool>,
}

impl fmt::Display for ArchiveReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, digest, files, entries, is_ours } = self;
        writeln!(f, "case {number}: {entries} entries of the trace, {files} attachments")?;
        writeln!(f, "SHA-256 {digest}: as sealed")?;
        match is_ours {
            Some(_) => writeln!(f, "the seal was made with the key of this installation"),
            None => {
                writeln!(f, "without the key, who made the seal is not checked: compare the SHA-256 with the trace")
            }
        }
    }
}

/// Writes the package: `content` opens what lies under a digest.
pub(super) fn write(
    to: File,
    text: &[u8],
    seal: &Seal,
    content: impl Fn(&str) -> hanlin_kernel::Result<File>,
) -> Result<File, Box<dyn std::error::Error + Send + Sync>> {
    let backup: Backup = serde_json::from_slice(text)?;
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(to).set_auto_large_file();
    zip.start_file(TEXT, plain)?;
    zip.write_all(text)?;
    zip.start_file(SEAL, plain)?;
    zip.write_all(&serde_json::to_vec_pretty(seal)?)?;
    let digests: BTreeSet<&str> = backup.files.iter().map(|file| file.sha256.as_str()).collect();
    for digest in digests {
        zip.start_file(path(digest), plain)?;
        io::copy(&mut content(digest)?, &mut zip)?;
    }
    Ok(zip.finish()?)
}

fn path(digest: &str) -> String {
    format!("files/{digest}")
}

/// Checks a downloaded package: text, seal, case and every attachment.
pub fn check_archive(path: &Path, verifier: Option<&Verifier>) -> Result<ArchiveReport, Fault> {
    let unreadable = |_| Fault::BackupUnreadable;
    let file = File::open(path).map_err(unreadable)?;
    let mut zip = ZipArchive::new(file).map_err(|_| Fault::BackupUnreadable)?;
    let text = part(&mut zip, TEXT)?;
    let seal: Seal = serde_json::from_slice(&part(&mut zip, SEAL)?).map_err(|_| Fault::BackupUnreadable)?;
    let is_ours = verifier.and_then(|key| key.authenticates_digest(seal::WHAT, &seal.digest, &seal.mac));
    let backup = seal::read(&text, &seal, is_ours)?;
    for file in &backup.files {
        let name = file.name.clone();
        let found = zip.by_name(&self::path(&file.sha256)).ok().and_then(|content| seal::digest_of(content).ok());
        match found {
            None => return Err(Fault::BackupFileMissing { name }),
            Some(found) if found != file.sha256 => return Err(Fault::BackupFileChanged { name }),
            Some(_) => {}
        }
    }
    let (files, entries) = (backup.files.len(), backup.trace.len());
    Ok(ArchiveReport { number: backup.number, digest: seal.digest, files, entries, is_ours })
}

fn part(zip: &mut ZipArchive<File>, name: &str) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let read = zip.by_name(name).ok().and_then(|mut part| part.read_to_end(&mut bytes).ok());
    read.map(|_| bytes).ok_or(Fault::BackupUnreadable)
}
