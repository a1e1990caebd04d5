use std::collections::BTreeMap;

use hanlin_kernel::Result;
use hanlin_store::{Db, Row, params};

use super::{CHUNK, Code, Report};
use crate::{
    chain::{Envelope, payload_digest},
    events::REDACTED,
    keys::Verifier,
};

/// Entries in the order of their chains, each with what the head, the seals and the queue say of it.
const ENTRIES: &str = "select e.id, e.stream, e.seq, e.kind, e.version, e.at, e.person, e.on_behalf_of, e.payload, e.salt, \
     e.digest, e.previous, e.hash, e.mac, e.algorithm, h.seq as head_seq, h.hash as head_hash, \
     (select max(l.seq) from trace_leaf l where l.stream = e.stream) as sealed, u.event as queued \
     from trace_event e left join trace_stream h on h.stream = e.stream and h.stream >= $1 \
     left join trace_unsealed u on u.event = e.id \
     where (e.stream, e.seq, e.id) > ($1, $2, $3) order by e.stream, e.seq, e.id limit $4";

const LOST_STREAMS: &str = "select h.stream, h.seq from trace_stream h where h.stream > $1 \
     and not exists (select 1 from trace_event e where e.stream = h.stream) order by h.stream limit $2";

const LOST_QUEUED: &str = "select u.event from trace_unsealed u where u.event > $1 \
     and not exists (select 1 from trace_event e where e.id = u.event) order by u.event limit $2";

pub(super) async fn check(db: &Db, verifier: &Verifier, report: &mut Report) -> Result<()> {
    let mut walk = Walk { verifier, report, stream: None };
    let mut after = (String::new(), i64::MIN, String::new());
    loop {
        let place = after.clone();
        let rows = db.read(move |tx| tx.rows(ENTRIES, params![place.0, place.1, place.2, CHUNK])).await?;
        for row in &rows {
            walk.step(row);
        }
        match rows.last() {
            Some(last) if rows.len() == CHUNK => {
                // A place that does not read as one would have the walk stand still.
                after = (last.get("stream")?, last.get("seq")?, last.get("id")?);
            }
            _ => break,
        }
    }
    walk.end_of_stream();
    lost(db, LOST_STREAMS, walk.report, |report, row| {
        let (stream, seq): (String, u64) = (row.get("stream")?, row.get("seq")?);
        report.find(Code::StreamLost, &stream, seq, "its head is there, its entries are not");
        Ok(stream)
    })
    .await?;
    lost(db, LOST_QUEUED, walk.report, |report, row| {
        let id: String = row.get("event")?;
        report.find(Code::QueueDiffers, &id, 0, "an entry that waited for its seal is gone");
        Ok(id)
    })
    .await
}

/// Reads what should have no rows, in chunks; each row gives the place to go on from.
async fn lost(
    db: &Db,
    sql: &'static str,
    report: &mut Report,
    each: impl Fn(&mut Report, &Row) -> Result<String>,
) -> Result<()> {
    let mut after = String::new();
    loop {
        let place = after.clone();
        let rows = db.read(move |tx| tx.rows(sql, params![place, CHUNK])).await?;
        for row in &rows {
            after = each(report, row)?;
        }
        if rows.len() < CHUNK {
            return Ok(());
        }
    }
}

/// Goes along the chains, one entry at a time.
struct Walk<'a> {
    verifier: &'a Verifier,
    report: &'a mut Report,
    stream: Option<Stream>,
}

/// The stream that the walk is in.
struct Stream {
    name: String,
    seq: i64,
    hash: String,
    head: Option<(i64, String)>,
    /// Entries without a payload for which no record was met yet.
    removed: BTreeMap<String, i64>,
}

struct Found {
    id: String,
    stream: String,
    seq: i64,
    kind: String,
    version: i64,
    at: i64,
    person: Option<String>,
    on_behalf_of: Option<String>,
    payload: Option<String>,
    salt: Option<String>,
    digest: String,
    previous: String,
    hash: String,
    mac: String,
    algorithm: String,
    head_seq: Option<i64>,
    head_hash: Option<String>,
    sealed: Option<i64>,
    queued: Option<String>,
}
hanlin_store::from_row!(Found {
    id,
    stream,
    seq,
    kind,
    version,
    at,
    person,
    on_behalf_of,
    payload,
    salt,
    digest,
    previous,
    hash,
    mac,
    algorithm,
    head_seq,
    head_hash,
    sealed,
    queued
});

impl Walk<'_> {
    fn step(&mut self, row: &Row) {
        self.report.entries += 1;
        let entry = match <Found as hanlin_store::FromRow>::from_row(row) {
            Ok(entry) => entry,
            Err(error) => {
                let stream: String = row.get("stream").unwrap_or_default();
                let seq: i64 = row.get("seq").unwrap_or_default();
                return self.find(Code::Unreadable, &stream, seq, error.to_string());
            }
        };
        if self.stream.as_ref().is_none_or(|stream| stream.name != entry.stream) {
            self.end_of_stream();
            self.report.streams += 1;
            self.stream = Some(Stream {
                name: entry.stream.clone(),
                seq: 0,
                hash: String::new(),
                head: None,
                removed: BTreeMap::new(),
            });
        }
        self.check_place(&entry);
        self.check_entry(&entry);
        self.check_payload(&entry);
        self.check_queue(&entry);
        let stream = self.stream.as_mut().expect("just set");
        (stream.seq, stream.hash) = (entry.seq, entry.hash);
        stream.head = entry.head_seq.zip(entry.head_hash);
    }

    fn check_place(&mut self, entry: &Found) {
        let stream = self.stream.as_ref().expect("a step sets it");
        let (expected, previous) = (stream.seq + 1, &stream.hash);
        if entry.seq == stream.seq {
            self.find(Code::Duplicate, &entry.stream, entry.seq, "two entries have this place");
        } else if entry.seq != expected {
            let missing = format!("entries {expected} to {} are missing before it", entry.seq.saturating_sub(1));
            self.find(Code::Gap, &entry.stream, entry.seq, missing);
        } else if entry.previous != *previous {
            self.find(Code::BrokenLink, &entry.stream, entry.seq, "it does not follow the entry before it");
        }
    }

    fn check_entry(&mut self, entry: &Found) {
        let hash = Envelope {
            algorithm: &entry.algorithm,
            id: &entry.id,
            stream: &entry.stream,
            seq: entry.seq,
            kind: &entry.kind,
            version: entry.version,
            at: entry.at,
            person: entry.person.as_deref(),
            on_behalf_of: entry.on_behalf_of.as_deref(),
            digest: &entry.digest,
            previous: &entry.previous,
        }
        .hash();
        if hash != entry.hash {
            self.find(Code::Changed, &entry.stream, entry.seq, "what it says is not what it was written with");
        }
        if !self.verifier.authenticates(&entry.hash, &entry.mac) {
            self.find(Code::Forged, &entry.stream, entry.seq, "it was not written with the key of this trace");
        }
    }

    fn check_payload(&mut self, entry: &Found) {
        let stream = self.stream.as_mut().expect("a step sets it");
        match (&entry.payload, &entry.salt) {
            (Some(payload), Some(salt)) => {
                if entry.kind == REDACTED
                    && let Some(removed) = removed_entry(payload)
                    && stream.removed.remove(&removed).is_some()
                {
                    self.report.removed += 1;
                }
                if payload_digest(salt, payload) != entry.digest {
                    let detail = "its payload is not what it was written with";
                    self.find(Code::PayloadChanged, &entry.stream, entry.seq, detail);
                }
            }
            (None, None) => {
                stream.removed.insert(entry.id.clone(), entry.seq);
            }
            _ => self.find(Code::PayloadChanged, &entry.stream, entry.seq, "payload or salt was taken away alone"),
        }
    }

    /// What no seal covers must wait for one, or it would never be covered.
    fn check_queue(&mut self, entry: &Found) {
        let is_sealed = entry.sealed.is_some_and(|sealed| entry.seq <= sealed);
        if !is_sealed {
            self.report.unsealed += 1;
        }
        if !is_sealed && entry.queued.is_none() {
            self.find(Code::QueueDiffers, &entry.stream, entry.seq, "it has no seal and waits for none");
        }
    }

    fn end_of_stream(&mut self) {
        let Some(stream) = self.stream.take() else { return };
        for seq in stream.removed.values() {
            self.find(Code::PayloadRemoved, &stream.name, *seq, "its payload is gone, and no entry says why");
        }
        match stream.head {
            Some((seq, hash)) if seq == stream.seq && hash == stream.hash => {}
            Some((seq, _)) => {
                let detail = format!("the entries end here, the head of the stream says {seq}");
                self.find(Code::HeadDiffers, &stream.name, stream.seq, detail);
            }
            None => self.find(Code::HeadDiffers, &stream.name, stream.seq, "the stream has no head"),
        }
    }

    fn find(&mut self, code: Code, stream: &str, seq: i64, detail: impl Into<String>) {
        self.report.find(code, stream, u64::try_from(seq).unwrap_or_default(), detail);
    }
}

fn removed_entry(payload: &str) -> Option<String> {
    let payload: serde_json::Value = serde_json::from_str(payload).ok()?;
    payload.get("entry")?.as_str().map(str::to_owned)
}
