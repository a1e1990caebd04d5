//! Holding the database against the key and the seal log. Three walks, each in chunks, each with memory for one chunk:
//! the log by itself, the seals and what they cover against the log, the entries against their chains, heads and seals.
//!
//! It may run while the server writes: entries and seals are only ever added, the database gets a seal before the log
//! does, and the log is read first.

mod seals;
mod streams;

use std::{collections::BTreeSet, fmt};

use hanlin_kernel::Result;
use hanlin_store::Db;
use jiff::Timestamp;
use serde::Serialize;

use crate::{keys::Verifier, log::SealLog};

/// So many findings are kept; the rest are counted.
const KEPT: usize = 1_000;
/// Rows of one chunk.
const CHUNK: usize = 1_000;

/// What was found to be wrong. Stable: the exit of a script may depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Entries are missing before this one.
    Gap,
    /// Two entries have the same place.
    Duplicate,
    /// The entry does not follow the one before it.
    BrokenLink,
    /// What the entry says of itself is not what it was written with.
    Changed,
    /// The payload is not what it was written with.
    PayloadChanged,
    /// The payload is gone, and nothing in the stream says why.
    PayloadRemoved,
    /// The entry was not authenticated with our key.
    Forged,
    /// The row does not read as an entry.
    Unreadable,
    /// The entries end before, or go beyond, what the head of the stream says.
    HeadDiffers,
    /// A stream of which a head or a seal knows has no entries.
    StreamLost,
    /// An entry was kept from being sealed, or one that waits for its seal is gone.
    QueueDiffers,
    /// An entry under a seal is gone.
    LeafMissing,
    /// An entry under a seal is not the one that was sealed.
    LeafDiffers,
    /// The entries that the database names under a seal are not those that were sealed.
    RootDiffers,
    /// A seal in the database is not the one in the log.
    SealChanged,
    /// The log has a seal that the database has not.
    SealMissing,
    /// The database has a seal that the log has not, and that does not continue it.
    SealUnknown,
    /// A line of the log is no seal, is not signed with our key, or does not follow the one before.
    LogBroken,
    /// There is no log, though there are seals.
    LogMissing,
    /// The log lacks seals that it should have had long since.
    LogShort,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    pub code: Code,
    /// The stream of the entry; empty where a seal or a line of the log is meant.
    pub stream: String,
    /// The place of the entry in its stream, else the number of the seal or of the line.
    pub seq: u64,
    pub detail: String,
}

/// A lawful restore that the log tells of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RestoreRecord {
    /// The seal that records it.
    pub number: u64,
    pub at: Timestamp,
    pub restored_to: u64,
}

/// What [`verify`] has seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Whether entries were also authenticated under the secret key, and not only held against the seals.
    pub with_mac_key: bool,
    pub entries: u64,
    pub streams: u64,
    pub seals: u64,
    pub last_seal: Option<u64>,
    pub last_seal_at: Option<Timestamp>,
    /// Entries after the last seal: what is proven of them rests on the database alone (and on the secret key, if given).
    pub unsealed: u64,
    /// Payloads that were lawfully removed.
    pub removed: u64,
    pub restores: Vec<RestoreRecord>,
    /// Good seals that the log does not have yet; the server adds them when it next seals.
    pub log_behind: u64,
    /// How many findings there are; at most 1,000 of them are in `findings`.
    pub found: u64,
    pub findings: Vec<Finding>,
    #[serde(skip)]
    known: BTreeSet<(Code, String, u64)>,
}

/// Checks everything, whatever it finds. An error means that the check itself could not be done.
///
/// With a [`Verifier`] of the public key alone, the entries up to the last seal are proven; with the keys, those after
/// it are authenticated too.
pub async fn verify(db: &Db, log: &SealLog, verifier: &Verifier) -> Result<Report> {
    let mut report = Report { with_mac_key: verifier.has_mac_key(), ..Report::default() };
    seals::check(db, log, verifier, &mut report).await?;
    streams::check(db, verifier, &mut report).await?;
    report.findings.sort();
    Ok(report)
}

impl Report {
    /// Nothing was found.
    pub fn is_sound(&self) -> bool {
        self.found == 0
    }

    fn find(&mut self, code: Code, stream: &str, seq: u64, detail: impl Into<String>) {
        if self.findings.len() == KEPT {
            self.found += 1;
        } else if self.known.insert((code, stream.to_owned(), seq)) {
            self.found += 1;
            self.findings.push(Finding { code, stream: stream.to_owned(), seq, detail: detail.into() });
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.stream.is_empty() { "seal log" } else { &self.stream };
        write!(f, "{}: {place} #{}: {}", self.code, self.seq, self.detail)
    }
}

/// As `hanlin audit verify` prints it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        if self.found > self.findings.len() as u64 {
            writeln!(f, "… and {} more findings", self.found - self.findings.len() as u64)?;
        }
        for restore in &self.restores {
            let RestoreRecord { number, at, restored_to } = restore;
            writeln!(f, "restore on record: at {at} the database was put back to seal {restored_to} (seal {number})")?;
        }
        if self.log_behind > 0 {
            writeln!(f, "the log lacks the last {} seals; the server adds them when it next seals", self.log_behind)?;
        }
        writeln!(
            f,
            "{} entries in {} streams, {} payloads lawfully removed, {} seals",
            self.entries, self.streams, self.removed, self.seals
        )?;
        match (self.last_seal, self.last_seal_at) {
            (Some(number), Some(at)) => {
                writeln!(f, "last seal: {number}, at {at}; {} entries after it", self.unsealed)?
            }
            _ => writeln!(f, "no seal yet; {} entries", self.unsealed)?,
        }
        if !self.with_mac_key {
            writeln!(f, "checked with the public key: of the entries after the last seal nothing is proven")?;
        }
        match self.found {
            0 => writeln!(f, "sound: 0 differences"),
            found => writeln!(f, "NOT SOUND: {found} differences"),
        }
    }
}
