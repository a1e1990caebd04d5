use hanlin_kernel::{Actor, Error, FieldError, Id, PersonId, Result};
use hanlin_rulebook::catalogue::{UPLOAD_LARGEST_BYTES, UPLOAD_MOST_BYTES_PER_CASE};
use hanlin_store::Tx;

use crate::{
    blobs::{Blobs, Kept},
    kinds,
    model::{File, Files, Uploads},
    store::{self, Attachment},
};

/// Names bytes that are already in the store; they are the uploader's alone until they are attached.
pub(crate) fn register(tx: &mut Tx, actor: &Actor, name: &str, kept: &Kept) -> Result<File> {
    let name = kinds::clean_name(name).ok_or_else(|| Error::invalid("name", "files.name"))?;
    let file = File {
        id: Id::new(),
        media_type: kinds::media_type(&kept.head, &name).to_owned(),
        name,
        size: kept.size,
        sha256: kept.sha256.clone(),
        uploader: actor.person,
        at: tx.now(),
    };
    store::insert(tx, &file)?;
    Ok(file)
}

/// The file, for one who may open it: its uploader while it belongs to nothing, then whom its owners let. With it, the
/// thing whose owner wants to write down that it was opened.
pub(crate) fn find_for(tx: &mut Tx, files: &Files, actor: &Actor, id: Id<File>) -> Result<(File, Option<Attachment>)> {
    let file = store::find(tx, id)?;
    let attachments = store::attachments(tx, id)?;
    if file.uploader == actor.person && attachments.is_empty() {
        return Ok((file, None));
    }
    let mut unnoted = None;
    for attachment in attachments {
        let Some(owner) = files.owner(&attachment.kind) else { continue };
        if !owner.may_open(tx, actor, &attachment.thing, id)? {
            continue;
        }
        if !owner.is_unnoted(tx, actor, &attachment.thing)? {
            return Ok((file, None));
        }
        unnoted = Some(attachment);
    }
    unnoted.map(|attachment| (file, Some(attachment))).ok_or(Error::NotFound)
}

/// Has the owner of the thing write down that it was opened.
pub(crate) fn note(tx: &mut Tx, files: &Files, actor: &Actor, opened: &Attachment) -> Result<()> {
    files.owner(&opened.kind).map_or(Ok(()), |owner| owner.note(tx, actor, &opened.thing))
}

/// Are these his own uploads, or already part of this thing? What a form says of attachments is checked with this;
/// `field` is named in the error.
pub fn check_attachable(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[Id<File>],
    kind: &str,
    thing: &str,
    field: &str,
) -> Result<Vec<File>> {
    let mut found = Vec::new();
    for id in ids {
        let unknown = || Error::Invalid(vec![FieldError::new(field, "files.unknown").with("id", id.to_string())]);
        let file = store::find(tx, *id).map_err(|error| match error {
            Error::NotFound => unknown(),
            other => other,
        })?;
        let attachments = store::attachments(tx, *id)?;
        let here = attachments.iter().any(|attachment| attachment.kind == kind && attachment.thing == thing);
        if !here && file.uploader != actor.person {
            return Err(unknown());
        }
        found.push(file);
    }
    Ok(found)
}

/// Makes uploads part of a thing, in the unit that makes the thing.
pub fn attach(tx: &mut Tx, actor: &Actor, ids: &[Id<File>], kind: &str, thing: &str, field: &str) -> Result<()> {
    check_attachable(tx, actor, ids, kind, thing, field)?;
    if ids.is_empty() {
        return Ok(());
    }
    ids.iter().try_for_each(|id| store::attach(tx, *id, kind, thing))?;
    require_room(tx, actor, kind, thing, field)
}

/// Keeps what the house itself wrote, in the unit that names it: small texts only, since the unit waits for the disk. The
/// bytes are synced before the row is written; where the unit fails, they are swept.
pub fn keep(tx: &mut Tx, uploader: PersonId, name: &str, media_type: &str, bytes: &[u8]) -> Result<File> {
    let blobs = blobs(tx)?;
    let mut receiving = blobs.receive(bytes.len() as u64)?;
    receiving.write(bytes)?;
    let Kept { sha256, size, .. } = blobs.keep(receiving)?;
    let (name, media_type, at) = (name.to_owned(), media_type.to_owned(), tx.now());
    let file = File { id: Id::new(), name, size, media_type, sha256, uploader, at };
    store::insert(tx, &file)?;
    Ok(file)
}

/// These files also belong to that thing from now on, whoever uploaded them: they stay as long as it does.
pub fn hold(tx: &mut Tx, ids: &[Id<File>], kind: &str, thing: &str) -> Result<()> {
    ids.iter().try_for_each(|id| store::attach(tx, *id, kind, thing))
}

/// A file by its id, whoever asks. Who asks has made sure that he may.
pub fn find(tx: &mut Tx, id: Id<File>) -> Result<File> {
    store::find(tx, id)
}

/// Its bytes.
pub fn open(tx: &Tx, sha256: &str) -> Result<std::fs::File> {
    blobs(tx)?.read(sha256)
}

/// Where the bytes are: whoever opened the house handed it in.
fn blobs(tx: &Tx) -> Result<Blobs> {
    let handed = tx.ports().of::<Blobs>().next();
    handed.cloned().ok_or_else(|| Error::internal("nobody handed in the store of contents"))
}

/// What belongs to a thing, oldest first. The caller has decided who may see the thing.
pub fn list_of(tx: &mut Tx, kind: &str, thing: &str) -> Result<Vec<File>> {
    store::list_of(tx, kind, thing)
}

/// What a person uploaded, for those who part with him.
pub fn uploads_of(tx: &mut Tx, person: PersonId) -> Result<Uploads> {
    let attached = store::count_attached(tx, person)?;
    Ok(Uploads { attached, loose: store::count_uploads(tx, person)? - attached })
}

/// The most bytes this person may upload at once, by the rulebook of his unit (RULE-23).
pub(crate) fn upload_limit(tx: &mut Tx, actor: &Actor) -> Result<u64> {
    hanlin_rulebook::parameter(tx, actor.unit, &UPLOAD_LARGEST_BYTES).map(|found| found.value)
}

/// All files of one thing together stay within the rulebook's limit (RULE-23).
fn require_room(tx: &mut Tx, actor: &Actor, kind: &str, thing: &str, field: &str) -> Result<()> {
    let limit = hanlin_rulebook::parameter(tx, actor.unit, &UPLOAD_MOST_BYTES_PER_CASE)?.value;
    let size = store::size_of(tx, kind, thing)?;
    if size > limit {
        return Err(Error::Invalid(vec![FieldError::new(field, "files.too_much").with("limit", limit)]));
    }
    Ok(())
}
