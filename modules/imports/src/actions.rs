//! The verbs: preview, match, order, tidy up. Long writing is done in small units beside the work of others.

use hanlin_directory::model::BatchId;
use hanlin_kernel::{Actor, Error, Id, PersonId, Result};
use hanlin_store::{Context, Db, Tx, jobs, jobs::Job, outbox::Delivered};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::{
    events::Event,
    job::{KIND, Order},
    model::{Counts, Field, Import, ImportId, Kept, Line, Sheet, State, Status, Table, Verdict},
    plan::{Organisation, Plan, plan},
    read::{Content, LARGEST_FILE},
    refusal::Refusal,
    store,
};

/// The timer under which an import is tidied up.
pub(crate) const TIDY: &str = "imports.tidy";
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// A job that said nothing for so long has died with its server.
const SILENT: SignedDuration = SignedDuration::from_mins(5);
/// How many rows are written in one unit.
const CHUNK: usize = 500;
/// What the one unit that puts an import in force may change of what exists, so that others wait seconds at most.
pub const MOST_CHANGES: u64 = 5_000;

/// The batch in which the people of an import are prepared.
pub(crate) fn batch(import: ImportId) -> BatchId {
    import.cast()
}

/// What is written down of a file that was read.
pub(crate) async fn preview(db: &Db, actor: &Actor, name: &str, contents: Vec<Content>) -> Result<ImportId> {
    let (id, owner, name) = (Id::new(), actor.person, name.to_owned());
    let context = Context::person(owner).background();
    db.write_as(context, move |tx| {
        let now = tx.now();
        let import = Import {
            id,
            owner,
            name: name.clone(),
            state: State::Previewed,
            tables: Vec::new(),
            counts: Counts::default(),
            digest: String::new(),
            job: None,
            created_at: now,
            expires_at: now + KEPT,
        };
        store::insert(tx, &import)?;
        tx.schedule(TIDY, &timer(id), import.expires_at, &json!({ "import": id }))
    })
    .await?;
    let (tables, rows) = split(contents);
    settle(db, actor, id, tables, rows).await?;
    Ok(id)
}

/// Plans with these tables and keeps rows and plan instead of what was kept before.
pub(crate) async fn settle(
    db: &Db,
    actor: &Actor,
    id: ImportId,
    tables: Vec<Table>,
    mut rows: Vec<Kept>,
) -> Result<()> {
    let context = || Context::person(actor.person).background();
    let organisation = db.read(organisation).await?;
    let (asking, planned_tables) = (actor.clone(), tables.clone());
    let work = move || {
        let plan = judge(&organisation, &asking, &planned_tables, &mut rows);
        (plan.counts(), plan.digest(), rows)
    };
    let (counts, digest, rows) = tokio::task::spawn_blocking(work).await.map_err(Error::internal)?;
    db.write_as(context(), move |tx| store::delete_rows(tx, id)).await?;
    for chunk in rows.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        db.write_as(context(), move |tx| store::insert_rows(tx, id, &chunk)).await?;
    }
    db.write_as(context(), move |tx| store::save_plan(tx, id, &tables, counts, &digest)).await
}

/// The organisation now, as plans ask for it.
pub(crate) fn organisation(tx: &mut Tx) -> Result<Organisation> {
    let at = Timestamp::from_millisecond(tx.now().as_millisecond()).map_err(Error::internal)?;
    let (rules, prepared) = (hanlin_rulebook::rules(tx)?, hanlin_directory::prepared(tx)?);
    Ok(Organisation::of(rules, at, &prepared))
}

fn split(contents: Vec<Content>) -> (Vec<Table>, Vec<Kept>) {
    let mut tables = Vec::new();
    let mut rows = Vec::new();
    for Content { table, rows: found } in contents {
        for (line, cells) in found {
            let number = rows.len() as u64;
            rows.push(Kept { number, sheet: table.name.clone(), line, cells, verdict: Verdict::default() });
        }
        tables.push(table);
    }
    (tables, rows)
}

/// Plans the rows of recognised tables, says each row its verdict, and adds what the file does not have.
pub(crate) fn judge(organisation: &Organisation, actor: &Actor, tables: &[Table], rows: &mut Vec<Kept>) -> Plan {
    let (mut lines, mut planned) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter_mut().enumerate() {
        match tables.iter().find(|table| table.name == row.sheet).and_then(|table| Some((table, table.sheet?))) {
            Some((table, sheet)) => {
                lines.push(line(table, sheet, row));
                planned.push(index);
            }
            None => row.verdict = Verdict { status: Status::Passed, ..Verdict::default() },
        }
    }
    let plan = plan(organisation, actor, &lines);
    for (index, verdict) in planned.into_iter().zip(&plan.verdicts) {
        rows[index].verdict = verdict.clone();
    }
    for gone in &plan.gone {
        let number = rows.len() as u64;
        let table = tables.iter().find(|table| table.sheet == Some(gone.sheet));
        let sheet = table.map(|table| table.name.clone()).unwrap_or_default();
        rows.push(Kept { number, sheet, line: 0, cells: Vec::new(), verdict: gone.verdict.clone() });
    }
    plan
}

fn line(table: &Table, sheet: Sheet, row: &Kept) -> Line {
    let told = table.columns.iter().zip(&row.cells);
    let cells = told.filter_map(|(field, cell)| Some(((*field)?, cell.clone()))).filter(|(_, cell)| !cell.is_empty());
    Line { sheet, line: row.line, cells: cells.collect() }
}

/// What a table and its columns are to be taken for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportMatching)]
pub struct Matching {
    /// The table, by its name.
    pub name: String,
    /// Absent: it is passed over.
    pub sheet: Option<Sheet>,
    /// For each column what it means; none at all: by the headings.
    #[serde(default)]
    pub columns: Vec<Option<Field>>,
}

/// The tables of an import as the user matches them.
pub(crate) fn rematch(import: &Import, wanted: &[Matching]) -> Result<Vec<Table>> {
    let mut tables = import.tables.clone();
    for Matching { name, sheet, columns } in wanted {
        let Some(table) = tables.iter_mut().find(|table| table.name == *name) else { return Err(Error::NotFound) };
        let columns = match sheet {
            None => vec![None; table.headings.len()],
            // Another table than before, and no word on its columns: by their headings.
            Some(sheet) if columns.is_empty() => sheet.columns(&table.headings),
            Some(sheet) => {
                sound(*sheet, name, columns)?;
                columns.iter().copied().chain(std::iter::repeat(None)).take(table.headings.len()).collect()
            }
        };
        (table.sheet, table.columns) = (*sheet, columns);
    }
    Ok(tables)
}

fn sound(sheet: Sheet, table: &str, columns: &[Option<Field>]) -> Result<(), Refusal> {
    for (index, field) in columns.iter().enumerate().filter_map(|(index, field)| Some((index, (*field)?))) {
        if columns[..index].contains(&Some(field)) || !sheet.fields().contains(&field) {
            return Err(Refusal::MatchedTwice { table: table.to_owned(), column: index as u64 + 1 });
        }
    }
    Ok(())
}

/// Records that a file was looked at.
pub(crate) fn record_preview(tx: &mut Tx, actor: &Actor, id: ImportId, bytes: &[u8]) -> Result<Import> {
    debug_assert!(bytes.len() as u64 <= LARGEST_FILE);
    let import = store::find_for(tx, actor, id)?;
    let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    tx.record(Event::Previewed { import: id, name: import.name.clone(), sha256, counts: import.counts });
    Ok(import)
}

/// Orders a preview to be carried out, as a job.
pub(crate) fn apply(tx: &mut Tx, actor: &Actor, id: ImportId, end_gone: bool) -> Result<Id<Job>> {
    let import = store::find_for(tx, actor, id)?;
    let Counts { new, changed, wrong, gone, .. } = import.counts;
    if wrong > 0 {
        return Err(Refusal::HasFaults { wrong }.into());
    }
    if new + changed == 0 && (gone == 0 || !end_gone) {
        return Err(Refusal::NothingToDo.into());
    }
    store::turn(tx, id, State::Previewed, State::Applying)?;
    let job = jobs::start(tx, actor.person, KIND, &Order::of(actor, id, end_gone))?;
    store::set_job(tx, id, job)?;
    let soon = tx.now() + SILENT * 2;
    tx.schedule(TIDY, &timer(id), soon, &json!({ "import": id }))?;
    tx.record(Event::Ordered { import: id, end_gone });
    Ok(job)
}

/// Asks a running import to stop.
pub(crate) fn cancel(tx: &mut Tx, actor: &Actor, id: ImportId) -> Result<()> {
    let import = store::find_for(tx, actor, id)?;
    match import.job {
        Some(job) => jobs::cancel(tx, actor.person, job),
        None => Err(Refusal::NotAPreview.into()),
    }
}

/// Notes that nothing of it will hold. What was prepared is taken back after this, bit by bit.
pub(crate) fn abandon(tx: &mut Tx, id: ImportId, state: State, why: &str) -> Result<()> {
    store::turn(tx, id, State::Applying, state)?;
    tx.record(Event::Abandoned { import: id, why: why.to_owned() });
    Ok(())
}

/// Takes back some of what was prepared; whether there may be more.
pub(crate) fn discard_some(tx: &mut Tx, id: ImportId) -> Result<bool> {
    hanlin_directory::discard(tx, batch(id), CHUNK as u64)
}

/// Some time after: finishes what a server that died left behind, and forgets what nobody needs any more.
pub(crate) fn tidy(tx: &mut Tx, due: &Delivered) -> Result<()> {
    let id: ImportId = serde_json::from_value(due.payload["import"].clone()).map_err(Error::internal)?;
    let (now, again) = (tx.now(), json!({ "import": id }));
    let Some(import) = store::find(tx, id)? else { return Ok(()) };
    if import.state == State::Applying {
        if works(tx, import.owner, import.job)? {
            return tx.schedule(TIDY, &timer(id), now + SILENT, &again);
        }
        abandon(tx, id, State::Failed, "store.job_lost")?;
    }
    if discard_unless_done(tx, &import)? {
        return tx.schedule(TIDY, &timer(id), now, &again);
    }
    if import.expires_at > now {
        return tx.schedule(TIDY, &timer(id), import.expires_at, &again);
    }
    store::delete(tx, id)
}

fn discard_unless_done(tx: &mut Tx, import: &Import) -> Result<bool> {
    if import.state == State::Done { Ok(false) } else { discard_some(tx, import.id) }
}

/// Is somebody at it, or will be?
fn works(tx: &mut Tx, owner: PersonId, job: Option<Id<Job>>) -> Result<bool> {
    let Some(job) = job else { return Ok(false) };
    let job = jobs::find_for(tx, owner, job)?;
    let alive = job.updated_at > tx.now() - SILENT;
    Ok(job.state == "queued" || (job.state == "running" && alive))
}

fn timer(id: ImportId) -> String {
    format!("imports/{id}")
}
