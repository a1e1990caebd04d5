use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use hanlin_kernel::{Error, Recorded, Result};
use hanlin_store::{Recorder, Tx};

use crate::{
    chain::{ALGORITHM, Envelope, payload_digest, to_text},
    keys::Keys,
    model::Entry,
    store::{self, NewEntry},
};

/// So many new entries are sealed at once instead of at the next tick.
const MANY: usize = 1_000;

/// Writes the entries of each unit of work, at its end and in its transaction: one statement reads and locks the heads
/// of the streams it touches, three write.
#[derive(Default)]
pub struct TraceRecorder {
    keys: OnceLock<Arc<Keys>>,
    /// Entries since the sealer last looked. Those of a unit that fails are counted too: it looks a little early.
    written: AtomicUsize,
}

impl TraceRecorder {
    /// Records under these keys. Without keys, a recorder refuses until [`open`](crate::open) gave it some.
    pub fn with(keys: Arc<Keys>) -> Self {
        Self { keys: OnceLock::from(keys), ..Self::default() }
    }

    /// The first keys stay.
    pub(crate) fn unlock(&self, keys: Arc<Keys>) -> Arc<Keys> {
        self.keys.get_or_init(|| keys).clone()
    }

    /// The keys that it records under.
    pub(crate) fn keys(&self) -> Result<&Arc<Keys>> {
        self.keys.get().ok_or_else(|| Error::internal("the keys of the trace are asked for before it was opened"))
    }

    /// Is there so much to seal that it should not wait for the next tick?
    pub(crate) fn has_many(&self) -> bool {
        self.written.load(Ordering::Relaxed) >= MANY
    }

    pub(crate) fn sealing(&self) {
        self.written.store(0, Ordering::Relaxed);
    }
}

impl Recorder for TraceRecorder {
    fn record(&self, tx: &mut Tx, entries: &[Recorded]) -> Result<()> {
        let keys =
            self.keys.get().ok_or_else(|| Error::internal("something was recorded before the trace was opened"))?;
        let mut heads = store::claim_heads(tx, entries.iter().map(|entry| entry.stream.as_str()))?;
        let (at, chance) = (tx.now(), chance(entries.len())?);
        let mut written = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let head = heads
                .get_mut(entry.stream.as_str())
                .ok_or_else(|| Error::internal(format!("the database gave no head of {}", entry.stream)))?;
            let (salt, chance) = &chance[index];
            let id = Entry::id_at(at, index, *chance);
            let row = chain(keys, entry, id.to_string(), at.as_millisecond(), salt.clone(), head.seq + 1, &head.hash);
            (head.seq, head.hash) = (row.seq, row.hash.clone());
            written.push(row);
        }
        store::append(tx, &written)?;
        store::save_heads(tx, &heads)?;
        self.written.fetch_add(entries.len(), Ordering::Relaxed);
        Ok(())
    }
}

fn chain(keys: &Keys, entry: &Recorded, id: String, at: i64, salt: String, seq: i64, previous: &str) -> NewEntry {
    let payload = entry.payload.to_string();
    let digest = payload_digest(&salt, &payload);
    let (person, on_behalf_of) = (entry.person.map(|id| id.to_string()), entry.on_behalf_of.map(|id| id.to_string()));
    let hash = Envelope {
        algorithm: ALGORITHM,
        id: &id,
        stream: &entry.stream,
        seq,
        kind: entry.kind,
        version: i64::from(entry.version),
        at,
        person: person.as_deref(),
        on_behalf_of: on_behalf_of.as_deref(),
        digest: &digest,
        previous,
    }
    .hash();
    let mac = keys.mac(&hash);
    NewEntry {
        id,
        stream: entry.stream.clone(),
        seq,
        kind: entry.kind,
        version: entry.version,
        at,
        person,
        on_behalf_of,
        payload,
        salt,
        digest,
        previous: previous.to_owned(),
        hash,
        mac,
    }
}

/// A salt of 128 bits and 64 bits for the id, for each entry; one call for all.
fn chance(count: usize) -> Result<Vec<(String, u64)>> {
    let mut bytes = vec![0; count * 24];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(format!("no random bytes: {error}")))?;
    let each = |bytes: &[u8]| {
        let (salt, number) = bytes.split_at(16);
        (to_text(salt), u64::from_le_bytes(number.try_into().expect("24 less 16 are 8")))
    };
    Ok(bytes.chunks_exact(24).map(each).collect())
}
