use hanlin_kernel::{Id, PersonId, Result};
use hanlin_store::{Leaving, Tx, from_row, params};
use jiff::Timestamp;

use crate::model::File;

from_row!(File { id, name, size, media_type, sha256, uploader, at });

pub(crate) struct Attachment {
    pub kind: String,
    pub thing: String,
}
from_row!(Attachment { kind, thing });

pub(crate) fn insert(tx: &mut Tx, file: &File) -> Result<()> {
    let File { id, name, size, media_type, sha256, uploader, at } = file;
    tx.queue(
        "insert into files_file (id, sha256, name, size, media_type, uploader, at) values ($1, $2, $3, $4, $5, $6, $7)",
        params![id, sha256, name, size, media_type, uploader, at],
    )
}

pub(crate) fn find(tx: &mut Tx, id: Id<File>) -> Result<File> {
    tx.one("select * from files_file where id = $1", params![id])
}

pub(crate) fn attachments(tx: &mut Tx, id: Id<File>) -> Result<Vec<Attachment>> {
    tx.all("select kind, thing from files_attachment where file = $1 order by kind, thing", params![id])
}

pub(crate) fn attach(tx: &mut Tx, id: Id<File>, kind: &str, thing: &str) -> Result<()> {
    let now = tx.now();
    tx.queue(
        "insert into files_attachment (file, kind, thing, at) values ($1, $2, $3, $4) \
         on conflict (file, kind, thing) do nothing",
        params![id, kind, thing, now],
    )
}

pub(crate) fn list_of(tx: &mut Tx, kind: &str, thing: &str) -> Result<Vec<File>> {
    tx.all(
        "select f.* from files_attachment a join files_file f on f.id = a.file \
         where a.kind = $1 and a.thing = $2 order by f.id",
        params![kind, thing],
    )
}

/// Bytes of all files of a thing together.
pub(crate) fn size_of(tx: &mut Tx, kind: &str, thing: &str) -> Result<u64> {
    tx.scalar(
        "select cast(coalesce(sum(f.size), 0) as bigint) from files_attachment a join files_file f on f.id = a.file \
         where a.kind = $1 and a.thing = $2",
        params![kind, thing],
    )
}

/// How many of a person's uploads belong to something.
pub(crate) fn count_attached(tx: &mut Tx, uploader: PersonId) -> Result<u64> {
    tx.scalar(
        "select cast(count(*) as bigint) from files_file where uploader = $1 \
         and exists (select 1 from files_attachment where files_attachment.file = files_file.id)",
        params![uploader],
    )
}

pub(crate) fn count_uploads(tx: &mut Tx, uploader: PersonId) -> Result<u64> {
    tx.scalar("select cast(count(*) as bigint) from files_file where uploader = $1", params![uploader])
}

/// Files that have belonged to nothing since before this instant.
pub(crate) fn delete_unattached(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec(
        "delete from files_file where at < $1 \
         and not exists (select 1 from files_attachment where files_attachment.file = files_file.id)",
        params![before],
    )
}

/// Which of these contents some file has.
pub(crate) fn named(tx: &mut Tx, digests: &[String]) -> Result<Vec<String>> {
    let rows: Vec<hanlin_store::Row> =
        tx.all_in("select distinct sha256 from files_file where sha256 in ({in})", &[], digests)?;
    rows.iter().map(|row| row.get("sha256")).collect()
}

/// Takes out the files of those who go and of what goes with them. Contents that no file has any more are swept.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let gone: Vec<String> = leaving.ids().iter().cloned().collect();
    let mut files = Vec::new();
    let rows: Vec<hanlin_store::Row> =
        tx.all_in("select distinct file from files_attachment where thing in ({in}) order by file", &[], &gone)?;
    for row in &rows {
        files.push(row.get::<Id<File>>("file")?);
    }
    Leaving::delete(tx, "files_attachment", "thing", &gone)?;
    files.extend(Leaving::find::<Id<File>>(tx, "files_file", "uploader", &leaving.people)?);
    Leaving::delete(tx, "files_attachment", "file", &files)?;
    Leaving::delete(tx, "files_file", "id", &files)?;
    leaving.note("files", &files);
    Ok(())
}
