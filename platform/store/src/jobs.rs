//! Long work that people watch and may cancel: an import, an export, a re-index. Runs outside units of work and
//! does its writing in small ones.

use std::{collections::BTreeMap, sync::Arc};

use hanlin_kernel::{Error, Id, PersonId, Result};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Payload;

use crate::{
    db::Db,
    params,
    tx::{Context, Tx},
    value::Json,
};

/// 后台任务
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Job {
    pub id: Id<Job>,
    pub kind: String,
    pub owner: PersonId,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    pub done: u64,
    /// 0 while it is not known.
    pub total: u64,
    pub input: Payload,
    pub result: Option<Payload>,
    pub error: Option<String>,
    pub cancel: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A job from which nothing was heard for so long was lost with its node.
const SILENT: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

impl Job {
    /// Does it wait, or run on a node that lives?
    pub fn is_under_way(&self, now: Timestamp) -> bool {
        match self.state.as_str() {
            "queued" => true,
            "running" => self.updated_at >= now - SILENT,
            _ => false,
        }
    }
}

impl crate::FromRow for Job {
    fn from_row(row: &crate::Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            owner: row.get("owner")?,
            state: row.get("state")?,
            done: row.get("done")?,
            total: row.get("total")?,
            input: row.get::<Json<Payload>>("input")?.0,
            result: row.get::<Option<Json<Payload>>>("result")?.map(|json| json.0),
            error: row.get("error")?,
            cancel: row.get("cancel")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// What a running job may do: read and write through the database, tell how far it is, learn that it was cancelled.
pub struct Running {
    pub db: Db,
    pub job: Job,
    runtime: tokio::runtime::Handle,
}

impl Running {
    /// Tells how far the work is. An error when somebody cancelled it: let it rise.
    pub fn progress(&self, done: u64, total: u64) -> Result<()> {
        let id = self.job.id;
        let cancelled = self.write(move |tx| {
            let now = tx.now();
            tx.exec(
                "update store_job set done = $2, total = $3, updated_at = $4 where id = $1",
                params![id, done, total, now],
            )?;
            tx.scalar::<bool>("select cancel from store_job where id = $1", params![id])
        })?;
        if cancelled { Err(Error::Busy("store.cancelled")) } else { Ok(()) }
    }

    /// A background unit on the owner's account.
    pub fn write<T: Send + 'static>(&self, work: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        let context = Context { person: Some(self.job.owner), background: true, ..Context::default() };
        self.runtime.block_on(self.db.write_as(context, work))
    }

    pub fn read<T: Send + 'static>(&self, work: impl FnOnce(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        self.runtime.block_on(self.db.read(work))
    }
}

type Work = Arc<dyn Fn(&Running) -> Result<Payload> + Send + Sync>;

/// The kinds of jobs this binary can do.
#[derive(Clone, Default)]
pub struct Kinds(BTreeMap<&'static str, Work>);

impl Kinds {
    pub fn with(
        mut self,
        kind: &'static str,
        work: impl Fn(&Running) -> Result<Payload> + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(kind, Arc::new(work));
        self
    }

    pub fn join(mut self, other: Kinds) -> Self {
        self.0.extend(other.0);
        self
    }
}

/// Puts a job into the queue, in the unit of the request that asks for it.
pub fn start(tx: &mut Tx, owner: PersonId, kind: &str, input: &impl Serialize) -> Result<Id<Job>> {
    let (id, now) = (Id::new(), tx.now());
    tx.exec(
        "insert into store_job (id, kind, owner, state, done, total, input, cancel, created_at, updated_at) \
         values ($1, $2, $3, 'queued', 0, 0, $4, false, $5, $5)",
        params![id, kind, owner, Json(input), now],
    )?;
    tx.unit.scheduled = true;
    Ok(id)
}

/// The owner's jobs, newest first.
pub fn list_for(tx: &mut Tx, owner: PersonId) -> Result<Vec<Job>> {
    tx.all("select * from store_job where owner = $1 order by id desc limit 50", params![owner])
}

pub fn find_for(tx: &mut Tx, owner: PersonId, id: Id<Job>) -> Result<Job> {
    tx.one("select * from store_job where id = $1 and owner = $2", params![id, owner])
}

/// Jobs of a kind, whoever asked for them, the newest first.
pub fn list_of(tx: &mut Tx, kind: &str) -> Result<Vec<Job>> {
    tx.all("select * from store_job where kind = $1 order by id desc limit 1000", params![kind])
}

/// Asks a job to stop; it stops where it next tells its progress.
pub fn cancel(tx: &mut Tx, owner: PersonId, id: Id<Job>) -> Result<()> {
    let changed = tx.exec(
        "update store_job set cancel = true where id = $1 and owner = $2 and state in ('queued', 'running')",
        params![id, owner],
    )?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Runs waiting jobs one after the other, for ever. A job whose node died is failed after five silent minutes.
pub async fn run(db: Db, kinds: Kinds) {
    loop {
        match run_next(&db, &kinds).await {
            Ok(true) => continue,
            Ok(false) => tokio::time::sleep(std::time::Duration::from_millis(500)).await,
            Err(Error::Busy("store.closed")) => return,
            Err(error) => {
                tracing::error!(%error, "the job queue could not be read");
                tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            }
        }
    }
}

/// Runs one waiting job; whether there was one.
pub async fn run_next(db: &Db, kinds: &Kinds) -> Result<bool> {
    let waiting = "select id from store_job where state = 'queued' order by id limit 1";
    if db.read(move |tx| tx.maybe_scalar::<Id<Job>>(waiting, &[])).await?.is_none() {
        return Ok(false);
    }
    let claimed = db
        .write_as(Context::default().background(), move |tx| {
            let now = tx.now();
            let silent = now - SILENT;
            tx.exec(
                "update store_job set state = 'failed', error = 'store.job_lost', updated_at = $1 \
                 where state = 'running' and updated_at < $2",
                params![now, silent],
            )?;
            let Some(job) =
                tx.maybe::<Job>("select * from store_job where state = 'queued' order by id limit 1", &[])?
            else {
                return Ok(None);
            };
            let sql = "update store_job set state = 'running', updated_at = $2 where id = $1 and state = 'queued'";
            let mine = tx.exec(sql, params![job.id, now])? == 1;
            Ok(mine.then_some(job))
        })
        .await?;
    let Some(job) = claimed else { return Ok(true) };
    let (id, work) = (job.id, kinds.0.get(job.kind.as_str()).cloned());
    let running = Running { db: db.clone(), job, runtime: tokio::runtime::Handle::current() };
    let outcome = match work {
        None => Err(Error::Busy("store.job_unknown")),
        Some(work) => tokio::task::spawn_blocking(move || work(&running))
            .await
            .unwrap_or_else(|panic| Err(Error::internal(panic.to_string()))),
    };
    let (state, result, error) = match outcome {
        Ok(result) => ("done", Some(result), None),
        Err(Error::Busy("store.cancelled")) => ("cancelled", None, None),
        Err(error) => {
            tracing::error!(job = %id, %error, "a job failed");
            ("failed", None, Some(error.code().to_owned()))
        }
    };
    db.write_as(Context::default().background(), move |tx| {
        let now = tx.now();
        tx.exec(
            "update store_job set state = $2, result = $3, error = $4, updated_at = $5 where id = $1",
            params![id, state, result.as_ref().map(Json), error, now],
        )
    })
    .await?;
    Ok(true)
}
