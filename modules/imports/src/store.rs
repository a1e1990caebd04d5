//! The imports' SQL. What is one's own only he finds.

use hanlin_kernel::{Actor, Error, Id, Page, PageRequest, Result};
use hanlin_store::{Json, Leaving, Tx, jobs::Job, params};

use crate::{
    model::{Counts, Import, ImportId, Kept, State, Status, Table},
    refusal::Refusal,
};

pub(crate) fn insert(tx: &mut Tx, import: &Import) -> Result<()> {
    tx.exec(
        "insert into imports_import (id, owner, name, state, tables, counts, digest, created_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            import.id,
            import.owner,
            import.name,
            import.state,
            Json(&import.tables),
            Json(&import.counts),
            import.digest,
            import.created_at,
            import.expires_at,
        ],
    )?;
    Ok(())
}

/// What one uploaded oneself and what is not forgotten yet.
pub(crate) fn find_for(tx: &mut Tx, actor: &Actor, id: ImportId) -> Result<Import> {
    let now = tx.now();
    tx.one(
        "select * from imports_import where id = $1 and owner = $2 and expires_at > $3",
        params![id, actor.person, now],
    )
}

pub(crate) fn find(tx: &mut Tx, id: ImportId) -> Result<Option<Import>> {
    tx.maybe("select * from imports_import where id = $1", params![id])
}

pub(crate) fn save_plan(tx: &mut Tx, id: ImportId, tables: &[Table], counts: Counts, digest: &str) -> Result<()> {
    tx.exec(
        "update imports_import set tables = $2, counts = $3, digest = $4 where id = $1",
        params![id, Json(tables), Json(&counts), digest],
    )?;
    Ok(())
}

/// Goes from one state to another; refused where it is in a third by now.
pub(crate) fn turn(tx: &mut Tx, id: ImportId, from: State, to: State) -> Result<()> {
    let turned = tx.exec("update imports_import set state = $3 where id = $1 and state = $2", params![id, from, to])?;
    if turned == 1 { Ok(()) } else { Err(Refusal::NotAPreview.into()) }
}

pub(crate) fn set_job(tx: &mut Tx, id: ImportId, job: Id<Job>) -> Result<()> {
    tx.exec("update imports_import set job = $2 where id = $1", params![id, job])?;
    Ok(())
}

pub(crate) fn insert_rows(tx: &mut Tx, id: ImportId, rows: &[Kept]) -> Result<()> {
    for row in rows {
        tx.queue(
            "insert into imports_row (import, number, sheet, line, cells, status, verdict) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            params![
                id,
                row.number,
                row.sheet,
                u64::from(row.line),
                Json(&row.cells),
                row.verdict.status,
                Json(&row.verdict),
            ],
        )?;
    }
    Ok(())
}

pub(crate) fn delete_rows(tx: &mut Tx, id: ImportId) -> Result<()> {
    tx.exec("delete from imports_row where import = $1", params![id])?;
    Ok(())
}

pub(crate) fn delete(tx: &mut Tx, id: ImportId) -> Result<()> {
    delete_rows(tx, id)?;
    tx.exec("delete from imports_import where id = $1", params![id])?;
    Ok(())
}

/// The rows of the file in their order, without what it does not have.
pub(crate) fn list_file(tx: &mut Tx, id: ImportId) -> Result<Vec<Kept>> {
    tx.all("select * from imports_row where import = $1 and status <> $2 order by number", params![id, Status::Gone])
}

/// Rows for people to look at, of one kind or of all.
pub(crate) fn list_rows(
    tx: &mut Tx,
    id: ImportId,
    status: Option<Status>,
    request: &PageRequest,
) -> Result<Page<Kept>> {
    let after: i64 = match &request.after {
        None => -1,
        Some(after) => after.parse().map_err(|_| Error::invalid("after", "imports.bad_cursor"))?,
    };
    let limit = request.limit() as u64 + 1;
    let rows: Vec<Kept> = match status {
        Some(status) => tx.all(
            "select * from imports_row where import = $1 and status = $2 and number > $3 order by number limit $4",
            params![id, status, after, limit],
        )?,
        None => tx.all(
            "select * from imports_row where import = $1 and number > $2 order by number limit $3",
            params![id, after, limit],
        )?,
    };
    Ok(Page::of(rows, request.limit(), |row| row.number.to_string()))
}

/// Takes out the imports of those who go.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let imports: Vec<ImportId> = Leaving::find(tx, "imports_import", "owner", &leaving.people)?;
    Leaving::delete(tx, "imports_row", "import", &imports)?;
    Leaving::delete(tx, "imports_import", "id", &imports)?;
    leaving.note("imports", &imports);
    Ok(())
}
