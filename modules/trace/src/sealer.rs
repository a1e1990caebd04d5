//! Sealing: every ten seconds or thousand entries, a signed Merkle root over all that is new, chained to the seal
//! before, in the database and then in the log outside it.
//!
//! The database comes first: its transaction decides which node made the seal. Whatever it has and the log has not (a
//! crash in between, another node's seals) is added to the log before the next seal is made; a seal signs only what it
//! names, so its line can be written again at any time and is the same line. The other way round, a log that knows more
//! than the database, cannot come about lawfully but by a restore, which is recorded as such.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use hanlin_kernel::{Error, Result};
use hanlin_store::{Context, Db, Key};

use crate::{
    events::{LogRebuilt, Restored},
    keys::{Keys, Verifier},
    log::SealLog,
    merkle::Merkle,
    model::Seal,
    recorder::TraceRecorder,
    store::{self, Head, SealTaken},
};

const EVERY: Duration = Duration::from_secs(10);
/// So often the sealer looks whether very much was written meanwhile.
const LOOK: Duration = Duration::from_millis(500);
/// The most entries under one seal: what the sealer holds in memory, and what one unit of work writes.
const MOST: usize = 20_000;
/// Seals read at once when the log catches up.
const CHUNK: usize = 500;

/// Why nothing is sealed. Business goes on; entries wait.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error(
        "the seal log {} is not there, but the database has seals up to {seals}: put the file back; if it is lost, \
         or this is a new node, `hanlin audit rebuild-log` writes it again and records that", path.display()
    )]
    LogMissing { path: PathBuf, seals: u64 },
    #[error(
        "the seal log {} knows seals up to {log}, the database only up to {database}: the database was put back or cut \
         off; if that was a lawful restore, `hanlin audit record-restore` records it", path.display()
    )]
    LogAhead { path: PathBuf, log: u64, database: u64 },
    #[error(
        "seal {number} in the database is not what the seal log {} continues with: `hanlin audit verify` says more",
        path.display()
    )]
    Differs { path: PathBuf, number: u64 },
    #[error("the seal log {} has no seal; there is nothing to restore from", path.display())]
    NothingLost { path: PathBuf },
}

/// What makes seals on this node. Made by [`open`](crate::open).
pub struct Sealer {
    db: Db,
    keys: Arc<Keys>,
    verifier: Verifier,
    log: SealLog,
    recorder: Arc<TraceRecorder>,
}

impl Sealer {
    pub(crate) fn new(db: Db, keys: Arc<Keys>, log: SealLog, recorder: Arc<TraceRecorder>) -> Self {
        Self { db, verifier: keys.verifier(), keys, log, recorder }
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    pub fn log(&self) -> &SealLog {
        &self.log
    }

    /// Seals for ever: at once, then every ten seconds or thousand entries. May be aborted at any point: what a seal
    /// lacks then, the next look completes.
    pub async fn run(self: Arc<Self>) {
        self.run_every(EVERY).await;
    }

    /// The same with another interval.
    pub(crate) async fn run_every(self: Arc<Self>, every: Duration) {
        let mut told = String::new();
        loop {
            self.recorder.sealing();
            match self.seal_all().await {
                Ok(()) => told.clear(),
                Err(Error::Busy("store.closed")) => return,
                Err(error) => {
                    metrics::counter!("hanlin_trace_seal_failures").increment(1);
                    let error = error.to_string();
                    if error != told {
                        tracing::error!(error, "the trace could not be sealed");
                    }
                    told = error;
                }
            }
            let started = tokio::time::Instant::now();
            while started.elapsed() < every && !self.recorder.has_many() {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    /// Seals all that waits. Before the server closes the store, so that nothing stays unsealed.
    pub async fn seal_all(&self) -> Result<()> {
        while self.seal_once().await?.is_some_and(|seal| seal.entries == MOST as u64) {}
        Ok(())
    }

    /// Brings the log up to the database, then makes one seal over what waits; `None` if nothing waits, or another node
    /// was faster.
    pub async fn seal_once(&self) -> Result<Option<Seal>> {
        let last = self.catch_up(Missing::Refuse).await?;
        self.seal_after(last, None).await
    }

    /// Records that the database was lawfully put back: an entry in the trace, and a seal that says up to which number
    /// the log still holds. Until then the log is ahead and nothing is sealed. `note` says from what and why.
    pub async fn record_restore(&self, note: &str) -> Result<Seal> {
        let last = match self.catch_up(Missing::Refuse).await {
            Err(Error::Internal(cause)) if matches!(cause.downcast_ref(), Some(Trouble::LogAhead { .. })) => {
                self.in_log(SealLog::last).await?
            }
            caught_up => caught_up?,
        };
        let Some(last) = last else {
            return Err(Error::internal(Trouble::NothingLost { path: self.log.path().to_owned() }));
        };
        let kept = self.db.read(store::last_seal).await?;
        if let Some(kept) = &kept {
            let number = kept.number;
            if number <= last.number && self.in_log(move |log| log.find(number)).await?.as_ref() != Some(kept) {
                return Err(self.differs(number));
            }
        }
        let restored_to = kept.map_or(0, |seal| seal.number);
        let restored = Restored { restored_to, lost_until: last.number, note: note.to_owned() };
        self.db
            .write(move |tx| {
                tx.record(restored.clone());
                Ok(())
            })
            .await?;
        let sealed = self.seal_after(Some(last), Some(restored_to)).await?;
        sealed.ok_or_else(|| Error::internal("another node sealed while the restore was recorded: try again"))
    }

    /// Writes a lost log again from the database, on a new node too, and records that. A log that has seals is only
    /// continued.
    pub async fn rebuild_log(&self, note: &str) -> Result<()> {
        let last = self.catch_up(Missing::Rebuild).await?;
        let rebuilt = LogRebuilt { seals: last.map_or(0, |seal| seal.number), note: note.to_owned() };
        self.db
            .write(move |tx| {
                tx.record(rebuilt.clone());
                Ok(())
            })
            .await?;
        self.seal_all().await
    }

    /// Adds to the log what the database has and it has not; the last seal of both.
    async fn catch_up(&self, missing: Missing) -> Result<Option<Seal>> {
        let mut last = self.in_log(SealLog::last).await?;
        loop {
            let after = last.as_ref().map_or(0, |seal| seal.number);
            let (same, next, newest) = self
                .db
                .read(move |tx| {
                    let mut same = store::list_seals(tx, after.saturating_sub(1), 1)?;
                    same.retain(|seal| seal.number == after);
                    Ok((same.pop(), store::list_seals(tx, after, CHUNK)?, store::last_seal(tx)?))
                })
                .await?;
            let newest = newest.map_or(0, |seal| seal.number);
            if same.is_some() && same != last {
                return Err(self.differs(after));
            }
            if next.is_empty() && newest != after {
                return Err(self.ahead(after, newest));
            }
            if next.is_empty() {
                // Made before the first seal, so that a log which is not there later is known to be lost.
                if last.is_none() {
                    self.in_log(|log| log.append(&[])).await?;
                }
                return Ok(last);
            }
            // A log that was made and has nothing yet is that of a node which has not looked since the beginning.
            if last.is_none() && missing == Missing::Refuse && !self.log.path().exists() {
                return Err(Error::internal(Trouble::LogMissing { path: self.log.path().to_owned(), seals: newest }));
            }
            self.check_that_they_follow(last.as_ref(), &next)?;
            last = next.last().cloned();
            self.in_log(move |log| log.append(&next)).await?;
        }
    }

    fn check_that_they_follow(&self, last: Option<&Seal>, seals: &[Seal]) -> Result<()> {
        let mut previous = last.map_or_else(String::new, Seal::digest);
        for seal in seals {
            if seal.previous != previous || !self.verifier.signed(&seal.message(), &seal.signature) {
                return Err(self.differs(seal.number));
            }
            previous = seal.digest();
        }
        Ok(())
    }

    async fn seal_after(&self, last: Option<Seal>, restored_to: Option<u64>) -> Result<Option<Seal>> {
        let draft = self.draft().await?;
        if draft.ids.is_empty() {
            return Ok(None);
        }
        let seal = Seal {
            number: last.as_ref().map_or(0, |seal| seal.number) + 1,
            at: self.db.now(),
            root: draft.root(),
            previous: last.as_ref().map_or_else(String::new, Seal::digest),
            leaves: draft.leaves.len() as u64,
            entries: draft.ids.len() as u64,
            restored_to,
            algorithm: String::new(),
            signature: String::new(),
        }
        .signed_by(&self.keys);
        let before = restored_to.unwrap_or(seal.number - 1);
        if !self.save(seal.clone(), draft, before).await? {
            return Ok(None);
        }
        let line = seal.clone();
        self.in_log(move |log| log.append(&[line])).await?;
        Ok(Some(seal))
    }

    /// Whether this node was the one to make the seal that follows `before`.
    async fn save(&self, seal: Seal, draft: Draft, before: u64) -> Result<bool> {
        let context = Context::default().keys(&[Key::named("trace/seal")]).background();
        let saved = self.db.write_as(context, move |tx| {
            if store::last_seal(tx)?.map_or(0, |seal| seal.number) != before {
                return Ok(false);
            }
            store::save_seal(tx, &seal, &draft.leaves, &draft.ids).map(|()| true)
        });
        match saved.await {
            Err(Error::Internal(cause)) if cause.is::<SealTaken>() => Ok(false),
            saved => saved,
        }
    }

    /// What waits, in one snapshot. An entry that was not authenticated with our key gets no seal: somebody wrote it past
    /// the server. It stays, and `verify` names it.
    async fn draft(&self) -> Result<Draft> {
        let waiting = self.db.read(|tx| store::list_unsealed(tx, MOST)).await?;
        let mut draft = Draft::default();
        for entry in waiting {
            if !self.verifier.authenticates(&entry.hash, &entry.mac) {
                tracing::error!(stream = entry.stream, seq = entry.seq, "an entry of the trace is forged: not sealed");
                continue;
            }
            let head = draft.leaves.entry(entry.stream).or_default();
            if entry.seq > head.seq {
                *head = Head { seq: entry.seq, hash: entry.hash };
            }
            draft.ids.push(entry.id);
        }
        Ok(draft)
    }

    async fn in_log<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SealLog) -> Result<T, crate::log::LogError> + Send + 'static,
    ) -> Result<T> {
        let log = self.log.clone();
        let done = tokio::task::spawn_blocking(move || work(&log)).await;
        done.map_err(Error::internal)?.map_err(Error::internal)
    }

    fn differs(&self, number: u64) -> Error {
        Error::internal(Trouble::Differs { path: self.log.path().to_owned(), number })
    }

    fn ahead(&self, log: u64, database: u64) -> Error {
        Error::internal(Trouble::LogAhead { path: self.log.path().to_owned(), log, database })
    }
}

/// What to do when the log has nothing and the database has seals.
#[derive(Clone, Copy, PartialEq)]
enum Missing {
    Refuse,
    Rebuild,
}

#[derive(Default)]
struct Draft {
    leaves: BTreeMap<String, Head>,
    ids: Vec<String>,
}

impl Draft {
    fn root(&self) -> String {
        let mut merkle = Merkle::default();
        self.leaves.iter().for_each(|(stream, head)| merkle.add(stream, head.seq, &head.hash));
        merkle.root()
    }
}
