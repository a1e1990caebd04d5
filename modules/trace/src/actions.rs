use std::{collections::BTreeSet, sync::Arc};

use hanlin_kernel::{Actor, Error, FieldError, Id, Page, PageRequest, Permission, Result};
use hanlin_store::{Row, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    events::Redacted,
    model::{Entry, Filter, Sealed},
    recorder::TraceRecorder,
    store,
};

/// Reading the whole trace, which names everything that anybody did.
pub const READ: Permission = Permission("trace.read");
/// Removing the payload of an entry where the law asks for it.
pub const REDACT: Permission = Permission("trace.redact");

/// Why the trace said no.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Its payload was removed before.
    AlreadyRemoved,
    /// What is said about the trace itself stays.
    OfTheTrace,
}
hanlin_kernel::refusal!("trace", Refusal);

/// The wish to remove a payload.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Redaction {
    /// Why the law asks for it; kept for ever beside the entry.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// What happened to one thing, from its beginning. The caller has made sure that the reader may see the thing.
pub fn list_stream(tx: &mut Tx, stream: &str, page: &PageRequest) -> Result<Page<Entry>> {
    let after = match &page.after {
        Some(after) => after.parse().map_err(|_| Error::invalid("after", "trace.bad_cursor"))?,
        None => 0,
    };
    let entries = store::list_stream(tx, stream, after, page.limit() + 1)?;
    Ok(Page::of(entries, page.limit(), |entry| entry.seq.to_string()))
}

/// The entries of a stream as they are kept, hashes and all: for a copy that is sealed. The caller has made sure that the
/// reader may see the thing.
pub fn copy_stream(tx: &mut Tx, stream: &str) -> Result<Vec<Row>> {
    store::copy_stream(tx, stream)
}

/// Authenticates a digest with the key of the trace; `what` says what it is of. Whoever opened the house handed the
/// recorder in.
pub fn authenticate(tx: &Tx, what: &str, digest: &str) -> Result<String> {
    Ok(recorder(tx)?.keys()?.authenticate(what, digest))
}

/// Was this digest authenticated so?
pub fn is_authentic(tx: &Tx, what: &str, digest: &str, mac: &str) -> Result<bool> {
    let verifier = recorder(tx)?.keys()?.verifier();
    Ok(verifier.authenticates_digest(what, digest, mac).unwrap_or(false))
}

fn recorder(tx: &Tx) -> Result<&Arc<TraceRecorder>> {
    let handed = tx.ports().of::<Arc<TraceRecorder>>().next();
    handed.ok_or_else(|| Error::internal("nobody handed in the recorder of the trace"))
}

/// The audit log: everything that matches, newest first. The trace knows no units, so only a reader without limit of
/// scope reads it as a whole.
pub fn list_for(tx: &mut Tx, actor: &Actor, filter: &Filter, page: &PageRequest) -> Result<Page<Entry>> {
    require_everywhere(actor, READ)?;
    let before = match &page.after {
        Some(after) => Some(after.parse().map_err(|_| Error::invalid("after", "trace.bad_cursor"))?),
        None => None,
    };
    let entries = store::list(tx, filter, before, page.limit() + 1)?;
    Ok(Page::of(entries, page.limit(), |entry| entry.id.to_string()))
}

pub fn find_for(tx: &mut Tx, actor: &Actor, id: Id<Entry>) -> Result<Entry> {
    require_everywhere(actor, READ)?;
    store::find(tx, id)
}

/// Marks entries as those of the sample, for good: by these ids of people and of things.
pub fn mark_sample(tx: &mut Tx, ids: &BTreeSet<String>) -> Result<()> {
    store::save_sample(tx, ids)
}

/// How far the trace is sealed.
pub fn find_sealed_for(tx: &mut Tx, actor: &Actor) -> Result<Sealed> {
    require_everywhere(actor, READ)?;
    let (unsealed, unsealed_since) = store::count_unsealed(tx)?;
    Ok(Sealed { last: store::last_seal(tx)?, unsealed, unsealed_since })
}

/// Removes the payload of an entry, for good, with the salt that would let it be guessed. The entry stays, its digest
/// stays, and an entry in the same stream says who removed it and why: that is what makes the removal lawful.
pub fn redact(tx: &mut Tx, actor: &Actor, id: Id<Entry>, intent: &Redaction) -> Result<Entry> {
    require_everywhere(actor, REDACT)?;
    let reason = intent.reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "trace.reason_missing"));
    }
    if reason.chars().count() > 500 {
        let field = FieldError::new("reason", "trace.reason_too_long").with("most", 500);
        return Err(Error::Invalid(vec![field]));
    }
    let entry = store::find(tx, id)?;
    if entry.payload.is_none() {
        return Err(Refusal::AlreadyRemoved.into());
    }
    if entry.kind.starts_with("trace.") {
        return Err(Refusal::OfTheTrace.into());
    }
    store::remove_payload(tx, id, reason)?;
    tx.record(Redacted { entry: id, seq: entry.seq, reason: reason.to_owned(), stream: entry.stream.clone() });
    Ok(Entry { payload: None, ..entry })
}

fn require_everywhere(actor: &Actor, permission: Permission) -> Result<()> {
    if actor.reaches_all(permission) { Ok(()) } else { Err(Error::forbidden(permission)) }
}
