//! The SQL of the trace. Statements that take many rows come in sizes of powers of two, so that few texts are prepared.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::{Error, Id, Result};
use hanlin_store::{OnConstraint, Row, ToValue, Tx, Value, from_row, params};
use jiff::Timestamp;

use crate::model::{Entry, Filter, Seal};

/// Where a stream stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Head {
    pub seq: i64,
    /// The hash of the last entry; empty before the first.
    pub hash: String,
}

/// An entry as it is written.
pub(crate) struct NewEntry {
    pub id: String,
    pub stream: String,
    pub seq: i64,
    pub kind: &'static str,
    pub version: u16,
    pub at: i64,
    pub person: Option<String>,
    pub on_behalf_of: Option<String>,
    pub payload: String,
    pub salt: String,
    pub digest: String,
    pub previous: String,
    pub hash: String,
    pub mac: String,
}

/// Takes the heads of these streams for this unit, in the order of their names, and makes those that are new.
///
/// An upsert instead of a read: on PostgreSQL a read that finds nothing would remember the place in the index, and any
/// two units that begin a stream at once would then be in conflict.
pub(crate) fn claim_heads<'a>(
    tx: &mut Tx,
    streams: impl IntoIterator<Item = &'a str>,
) -> Result<BTreeMap<String, Head>> {
    let mut heads: BTreeMap<String, Head> =
        streams.into_iter().map(|stream| (stream.to_owned(), Head::default())).collect();
    let names: Vec<String> = heads.keys().cloned().collect();
    for names in portions(&names, 64) {
        let sql = format!(
            "insert into trace_stream (stream, seq, hash) values {} \
             on conflict (stream) do update set seq = trace_stream.seq returning stream, seq, hash",
            places(names.len(), 1).replace(')', ", 0, '')")
        );
        let names: Vec<Value> = names.iter().map(ToValue::to_value).collect();
        for row in tx.rows(&sql, &names)? {
            heads.insert(row.get("stream")?, Head { seq: row.get("seq")?, hash: row.get("hash")? });
        }
    }
    Ok(heads)
}

pub(crate) fn append(tx: &mut Tx, entries: &[NewEntry]) -> Result<()> {
    for entries in portions(entries, 16) {
        let sql = format!(
            "insert into trace_event (id, stream, seq, kind, version, at, person, on_behalf_of, payload, salt, digest, \
             previous, hash, mac, algorithm) values {}",
            places(entries.len(), 15)
        );
        let mut values = Vec::with_capacity(entries.len() * 15);
        for entry in entries {
            values.extend_from_slice(params![
                entry.id,
                entry.stream,
                entry.seq,
                entry.kind,
                entry.version,
                entry.at,
                entry.person,
                entry.on_behalf_of,
                entry.payload,
                entry.salt,
                entry.digest,
                entry.previous,
                entry.hash,
                entry.mac,
                crate::chain::ALGORITHM
            ]);
        }
        tx.queue(&sql, &values)?;
        let ids: Vec<Value> = entries.iter().map(|entry| entry.id.to_value()).collect();
        tx.queue(&format!("insert into trace_unsealed (event) values {}", places(entries.len(), 1)), &ids)?;
    }
    Ok(())
}

pub(crate) fn save_heads(tx: &mut Tx, heads: &BTreeMap<String, Head>) -> Result<()> {
    let heads: Vec<(&String, &Head)> = heads.iter().collect();
    for heads in portions(&heads, 64) {
        let sql = format!(
            "insert into trace_stream (stream, seq, hash) values {} \
             on conflict (stream) do update set seq = excluded.seq, hash = excluded.hash",
            places(heads.len(), 3)
        );
        let mut values = Vec::with_capacity(heads.len() * 3);
        for (stream, head) in heads {
            values.extend_from_slice(params![stream, head.seq, head.hash]);
        }
        tx.queue(&sql, &values)?;
    }
    Ok(())
}

pub(crate) fn find(tx: &mut Tx, id: Id<Entry>) -> Result<Entry> {
    let mut found: Vec<Entry> = tx.all("select * from trace_event where id = $1", params![id])?;
    recognise(tx, &mut found)?;
    found.pop().ok_or(Error::NotFound)
}

/// A stream from its beginning, after this place.
pub(crate) fn list_stream(tx: &mut Tx, stream: &str, after: i64, most: usize) -> Result<Vec<Entry>> {
    let mut entries = tx.all(
        "select * from trace_event where stream = $1 and seq > $2 order by seq limit $3",
        params![stream, after, most],
    )?;
    recognise(tx, &mut entries)?;
    Ok(entries)
}

/// A stream as it is kept.
pub(crate) fn copy_stream(tx: &mut Tx, stream: &str) -> Result<Vec<Row>> {
    tx.rows("select * from trace_event where stream = $1 order by seq", params![stream])
}

/// The newest entries first, before this id. Every way through it runs along an index: by kind and id, by person and
/// id, by stream, or by id, which is time.
pub(crate) fn list(tx: &mut Tx, filter: &Filter, before: Option<Id<Entry>>, most: usize) -> Result<Vec<Entry>> {
    let kinds = match &filter.kind {
        Some(prefix) if !prefix.is_empty() => list_kinds(tx, prefix)?.into_iter().map(Some).collect(),
        _ => vec![None],
    };
    let mut entries = Vec::new();
    for kind in kinds {
        entries.extend(list_kind(tx, kind, filter, before, most)?);
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    entries.truncate(most);
    recognise(tx, &mut entries)?;
    Ok(entries)
}

/// Marks the entries of the sample: whoever acted is of it, or what they are about.
fn recognise(tx: &mut Tx, entries: &mut [Entry]) -> Result<()> {
    let named = entries.iter().flat_map(names);
    let named: Vec<String> = named.collect::<BTreeSet<String>>().into_iter().collect();
    let rows: Vec<Row> = tx.all_in("select id from trace_sample where id in ({in}) order by id", &[], &named)?;
    let known = rows.iter().map(|row| row.get("id")).collect::<Result<BTreeSet<String>>>()?;
    for entry in entries {
        entry.sample = names(entry).any(|name| known.contains(&name));
    }
    Ok(())
}

/// Who acted, and what a stream is about: the last part of its name.
fn names(entry: &Entry) -> impl Iterator<Item = String> + use<> {
    let about = entry.stream.rsplit('/').next().map(str::to_owned);
    entry.person.map(|person| person.to_string()).into_iter().chain(about)
}

/// Remembers for good that these ids are of the sample.
pub(crate) fn save_sample(tx: &mut Tx, ids: &BTreeSet<String>) -> Result<()> {
    let ids: Vec<&String> = ids.iter().collect();
    for ids in portions(&ids, 256) {
        let sql = format!("insert into trace_sample (id) values {} on conflict (id) do nothing", places(ids.len(), 1));
        let values: Vec<Value> = ids.iter().map(ToValue::to_value).collect();
        tx.queue(&sql, &values)?;
    }
    Ok(())
}

fn list_kind(
    tx: &mut Tx,
    kind: Option<String>,
    filter: &Filter,
    before: Option<Id<Entry>>,
    most: usize,
) -> Result<Vec<Entry>> {
    let until = filter.until.map(|until| Id::<Entry>::from_u128(Entry::first_id_at(until)));
    let from = filter.from.map(|from| Id::<Entry>::from_u128(Entry::first_id_at(from)));
    let before = [before, until].into_iter().flatten().min();
    let conditions = [
        ("kind =", kind.to_value()),
        ("person =", filter.person.to_value()),
        ("stream =", filter.stream.to_value()),
        ("id <", before.to_value()),
        ("id >=", from.to_value()),
    ];
    let mut sql = "select * from trace_event where true".to_owned();
    let mut values = Vec::new();
    for (condition, value) in conditions.into_iter().filter(|(_, value)| *value != Value::Null) {
        values.push(value);
        sql += &format!(" and {condition} ${}", values.len());
    }
    values.push(most.to_value());
    sql += &format!(" order by id desc limit ${}", values.len());
    tx.all(&sql, &values)
}

/// The kinds that begin so, found by leaps along the index: they are few, their entries many.
fn list_kinds(tx: &mut Tx, prefix: &str) -> Result<Vec<String>> {
    let end = format!("{prefix}\u{10ffff}");
    let mut kinds: Vec<String> = Vec::new();
    let mut sql = "select min(kind) from trace_event where kind >= $1 and kind < $2";
    loop {
        let last = kinds.last().map_or(prefix, String::as_str);
        match tx.scalar::<Option<String>>(sql, params![last, end])? {
            Some(kind) => kinds.push(kind),
            None => return Ok(kinds),
        }
        sql = "select min(kind) from trace_event where kind > $1 and kind < $2";
    }
}

/// Takes the payload and its salt away. The guard wants the reason first.
pub(crate) fn remove_payload(tx: &mut Tx, id: Id<Entry>, reason: &str) -> Result<()> {
    let (now, person) = (tx.now(), tx.context().person);
    tx.exec(
        "insert into trace_redaction (event, at, person, reason) values ($1, $2, $3, $4)",
        params![id, now, person, reason],
    )?;
    tx.exec("update trace_event set payload = null, salt = null where id = $1", params![id])?;
    Ok(())
}

/// An entry that waits for its seal.
pub(crate) struct Waiting {
    pub id: String,
    pub stream: String,
    pub seq: i64,
    pub hash: String,
    pub mac: String,
}
from_row!(Waiting { id, stream, seq, hash, mac });

pub(crate) fn list_unsealed(tx: &mut Tx, most: usize) -> Result<Vec<Waiting>> {
    tx.all(
        "select e.id, e.stream, e.seq, e.hash, e.mac from trace_unsealed u join trace_event e on e.id = u.event \
         order by u.event limit $1",
        params![most],
    )
}

/// How many entries wait, and since when the oldest of them.
pub(crate) fn count_unsealed(tx: &mut Tx) -> Result<(u64, Option<Timestamp>)> {
    let count = tx.scalar("select count(*) from trace_unsealed", &[])?;
    let oldest = tx.maybe_scalar(
        "select e.at from trace_unsealed u join trace_event e on e.id = u.event order by u.event limit 1",
        &[],
    )?;
    Ok((count, oldest))
}

pub(crate) fn last_seal(tx: &mut Tx) -> Result<Option<Seal>> {
    tx.maybe("select * from trace_seal order by number desc limit 1", &[])
}

pub(crate) fn list_seals(tx: &mut Tx, after: u64, most: usize) -> Result<Vec<Seal>> {
    tx.all("select * from trace_seal where number > $1 order by number limit $2", params![after, most])
}

/// Writes a seal with what it covers. [`SealTaken`] if another node was faster.
pub(crate) fn save_seal(tx: &mut Tx, seal: &Seal, leaves: &BTreeMap<String, Head>, ids: &[String]) -> Result<()> {
    tx.exec(
        "insert into trace_seal (number, at, root, previous, leaves, entries, restored_to, algorithm, signature) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            seal.number,
            seal.at,
            seal.root,
            seal.previous,
            seal.leaves,
            seal.entries,
            seal.restored_to,
            seal.algorithm,
            seal.signature
        ],
    )
    .on_unique("trace_seal_pkey", || Error::internal(SealTaken))?;
    let leaves: Vec<(&String, &Head)> = leaves.iter().collect();
    for leaves in portions(&leaves, 128) {
        let sql = format!("insert into trace_leaf (seal, stream, seq, hash) values {}", places(leaves.len(), 4));
        let mut values = Vec::with_capacity(leaves.len() * 4);
        for (stream, head) in leaves {
            values.extend_from_slice(params![seal.number, stream, head.seq, head.hash]);
        }
        tx.queue(&sql, &values)?;
    }
    for ids in portions(ids, 512) {
        let sql =
            format!("delete from trace_unsealed where event in ({})", places(ids.len(), 1).replace(['(', ')'], ""));
        let ids: Vec<Value> = ids.iter().map(ToValue::to_value).collect();
        tx.queue(&sql, &ids)?;
    }
    Ok(())
}

/// Another node has made the seal with this number.
#[derive(Debug, thiserror::Error)]
#[error("another node has made this seal")]
pub(crate) struct SealTaken;

pub(crate) fn find_public_keys(tx: &mut Tx) -> Result<Vec<String>> {
    tx.scalars("select public_key from trace_key order by at", &[])
}

pub(crate) fn save_public_key(tx: &mut Tx, public_key: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into trace_key (public_key, algorithm, at) values ($1, $2, $3)",
        params![public_key, crate::chain::ALGORITHM, now],
    )?;
    Ok(())
}

/// Slices whose lengths are powers of two, `most` (itself one) first.
fn portions<T>(mut rows: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = most.min(1 << rows.len().checked_ilog2()?);
        let (portion, rest) = rows.split_at(length);
        rows = rest;
        Some(portion)
    })
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn places(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
