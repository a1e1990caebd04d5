//! The queue: events for consumers and timers, one mechanism and one clock. Effect and done-mark commit together,
//! so inside the database each consumer's effect happens exactly once.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use hanlin_kernel::{Error, Id, PersonId, Recorded, Result};
use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Payload;

use crate::{
    db::Db,
    error::is_conflict,
    params,
    tx::{Context, Tx},
    value::Json,
};

/// After this many failures a delivery waits for an administrator.
const ATTEMPTS: u32 = 12;
const BATCH: u32 = 32;

/// An event or a timer as a consumer gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    pub id: Id<Delivered>,
    pub kind: String,
    pub version: u16,
    pub stream: String,
    pub payload: Payload,
    pub person: Option<PersonId>,
    pub on_behalf_of: Option<PersonId>,
    pub at: Timestamp,
    attempts: u32,
    done: String,
    /// Only of timers.
    timer_key: Option<String>,
}

impl Delivered {
    /// The payload as the event type it was recorded from.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_value(self.payload.clone())
            .map_err(|error| Error::internal(format!("an event of kind {} does not read: {error}", self.kind)))
    }
}

type Consume = Arc<dyn Fn(&mut Tx, &Delivered) -> Result<()> + Send + Sync>;

/// One that wants to hear of some kinds of events or timers.
#[derive(Clone)]
pub struct Consumer {
    /// Stable: it marks what was done.
    pub name: &'static str,
    pub kinds: &'static [&'static str],
    pub consume: Consume,
}

impl Consumer {
    pub fn new(
        name: &'static str,
        kinds: &'static [&'static str],
        consume: impl Fn(&mut Tx, &Delivered) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self { name, kinds, consume: Arc::new(consume) }
    }
}

/// The kinds that any of these consumers wants, for [`Settings::wanted`](crate::Settings).
pub fn wanted(consumers: &[Consumer]) -> BTreeSet<&'static str> {
    consumers.iter().flat_map(|consumer| consumer.kinds.iter().copied()).collect()
}

pub(crate) fn append(tx: &mut Tx, recorded: &[Recorded]) -> Result<()> {
    let settings = tx.settings.clone();
    let now = tx.now();
    for entry in recorded.iter().filter(|entry| settings.wanted.contains(entry.kind)) {
        tx.queue(
            "insert into store_outbox (id, kind, version, stream, payload, person, on_behalf_of, at, run_at, attempts, done) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0, '')",
            params![
                Id::<Delivered>::new(),
                entry.kind,
                entry.version,
                entry.stream,
                Json(&entry.payload),
                entry.person,
                entry.on_behalf_of,
                now
            ],
        )?;
    }
    Ok(())
}

/// A timer that is set again is another one: a consumer that sets its own timer anew while it is delivered keeps it, since
/// what is taken out afterwards is the delivery that he was given.
pub(crate) fn schedule(tx: &mut Tx, kind: &str, key: &str, run_at: Timestamp, payload: &impl Serialize) -> Result<()> {
    let (now, person) = (tx.now(), tx.context().person);
    tx.queue(
        "insert into store_outbox (id, kind, version, stream, payload, person, at, run_at, timer_key, attempts, done) \
         values ($1, $2, 1, $3, $4, $5, $6, $7, $3, 0, '') \
         on conflict (timer_key) do update set id = excluded.id, kind = excluded.kind, payload = excluded.payload, \
         person = excluded.person, at = excluded.at, run_at = excluded.run_at, attempts = 0, error = null, done = ''",
        params![Id::<Delivered>::new(), kind, key, Json(payload), person, now, run_at],
    )
}

pub(crate) fn unschedule(tx: &mut Tx, key: &str) -> Result<()> {
    tx.queue("delete from store_outbox where timer_key = $1", params![key])
}

/// Delivers what is due until nothing is; how many were delivered. Tests call it; the server runs [`dispatch`].
pub async fn deliver_due(db: &Db, consumers: &[Consumer]) -> Result<usize> {
    let mut delivered = 0;
    loop {
        match batch(db, consumers, BATCH).await {
            Ok(0) => return Ok(delivered),
            Ok(count) => delivered += count,
            // One of them upset the whole unit: find it alone, and put it off.
            Err(error) => {
                tracing::warn!(%error, "a batch of deliveries failed");
                if let Err(error) = batch(db, consumers, 1).await {
                    put_off_first(db, error.to_string()).await?;
                }
            }
        }
    }
}

/// Delivers for ever: when something is queued, when a timer is due, and once a second for what other nodes left.
pub async fn dispatch(db: Db, consumers: Vec<Consumer>) {
    loop {
        let queued = db.settings().queued.clone();
        let rung = queued.notified();
        if let Err(error) = deliver_due(&db, &consumers).await {
            if matches!(error, Error::Busy("store.closed")) {
                return;
            }
            tracing::error!(%error, "the queue could not be read");
        }
        // A second is also the longest a timer is late, and how soon another node's leftovers are found.
        let _either = tokio::time::timeout(Duration::from_secs(1), rung).await;
    }
}

async fn batch(db: &Db, consumers: &[Consumer], most: u32) -> Result<usize> {
    let due = db
        .read(|tx| {
            let now = tx.now();
            tx.maybe_scalar::<i64>("select 1 from store_outbox where run_at <= $1 limit 1", params![now])
        })
        .await?;
    if due.is_none() {
        return Ok(0);
    }
    let consumers = consumers.to_vec();
    db.write_as(Context::default().background(), move |tx| {
        let claimed = claim(tx, most)?;
        for delivered in &claimed {
            if still_wanted(tx, delivered)? {
                deliver(tx, &consumers, delivered)?;
            }
        }
        Ok(claimed.len())
    })
    .await
}

/// Takes what is due for this unit; on PostgreSQL other nodes skip it until the unit ends.
fn claim(tx: &mut Tx, most: u32) -> Result<Vec<Delivered>> {
    let now = tx.now();
    let sql = "select id, kind, version, stream, payload, person, on_behalf_of, at, attempts, done, \
               timer_key from store_outbox where run_at <= $1 order by run_at, id limit $2";
    if tx.is_sqlite() {
        tx.all(sql, params![now, most])
    } else {
        tx.all(&format!("{sql} for update skip locked"), params![now, most])
    }
}

crate::from_row!(Delivered {
    id,
    kind,
    version,
    stream,
    payload: json,
    person,
    on_behalf_of,
    at,
    attempts,
    done,
    timer_key
});

/// A timer may be moved or taken out by what was delivered just before it.
fn still_wanted(tx: &mut Tx, delivered: &Delivered) -> Result<bool> {
    if delivered.timer_key.is_none() {
        return Ok(true);
    }
    let sql = "select id from store_outbox where id = $1";
    Ok(tx.maybe_scalar::<Id<Delivered>>(sql, params![delivered.id])?.is_some())
}

fn deliver(tx: &mut Tx, consumers: &[Consumer], delivered: &Delivered) -> Result<()> {
    let mut done: Vec<&str> = delivered.done.split_whitespace().collect();
    let mut failure = None;
    let mine = std::mem::replace(
        &mut tx.unit.context,
        Context { person: delivered.person, on_behalf_of: delivered.on_behalf_of, ..Context::default() },
    );
    for consumer in consumers.iter().filter(|consumer| consumer.kinds.contains(&delivered.kind.as_str())) {
        if done.contains(&consumer.name) {
            continue;
        }
        let effect = |tx: &mut Tx| {
            catch_unwind(AssertUnwindSafe(|| (consumer.consume)(tx, delivered)))
                .unwrap_or_else(|_| Err(Error::internal("it panicked")))
        };
        match tx.savepoint(effect) {
            Ok(()) => done.push(consumer.name),
            Err(error) if is_conflict(&error) => return Err(error),
            Err(error) => {
                tracing::warn!(consumer = consumer.name, kind = delivered.kind, %error, "a consumer failed");
                metrics::counter!("hanlin_outbox_failures", "consumer" => consumer.name).increment(1);
                failure = Some(format!("{}: {error}", consumer.name));
            }
        }
    }
    tx.unit.context = mine;
    match failure {
        None => tx.queue("delete from store_outbox where id = $1", params![delivered.id]),
        Some(error) => {
            let done = done.join(" ");
            if put_off(tx, delivered.id, delivered.attempts + 1, &error, &done)? == 0 {
                keep_apart(tx, delivered, &error, &done)?;
            }
            Ok(())
        }
    }
}

/// Tries again after 2, 4, 8 … seconds, an hour at most; in the end it waits for an administrator.
fn put_off(tx: &mut Tx, id: Id<Delivered>, attempts: u32, error: &str, done: &str) -> Result<u64> {
    let run_at = again_at(tx.now(), attempts);
    let error: String = error.chars().take(2_000).collect();
    tx.exec(
        "update store_outbox set attempts = $2, error = $3, run_at = $4, done = $5 where id = $1",
        params![id, attempts, error, run_at, done],
    )
}

fn again_at(now: Timestamp, attempts: u32) -> Option<Timestamp> {
    let wait = SignedDuration::from_secs((1i64 << attempts.min(12)).min(3600));
    (attempts < ATTEMPTS).then(|| now + wait)
}

/// One consumer set the timer anew or took it out, another failed: what that one is owed waits without the timer's key.
fn keep_apart(tx: &mut Tx, delivered: &Delivered, error: &str, done: &str) -> Result<()> {
    let (id, attempts) = (Id::<Delivered>::new(), delivered.attempts + 1);
    let run_at = again_at(tx.now(), attempts);
    let error: String = error.chars().take(2_000).collect();
    tx.queue(
        "insert into store_outbox (id, kind, version, stream, payload, person, on_behalf_of, at, run_at, attempts, \
         error, done) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            id,
            delivered.kind,
            delivered.version,
            delivered.stream,
            Json(&delivered.payload),
            delivered.person,
            delivered.on_behalf_of,
            delivered.at,
            run_at,
            attempts,
            error,
            done,
        ],
    )
}

async fn put_off_first(db: &Db, error: String) -> Result<()> {
    db.write_as(Context::default().background(), move |tx| match claim(tx, 1)?.first() {
        Some(first) => put_off(tx, first.id, first.attempts + 1, &error, &first.done).map(drop),
        None => Ok(()),
    })
    .await
}

/// A delivery that was given up, as the administrator sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GivenUp {
    pub id: Id<Delivered>,
    pub kind: String,
    pub stream: String,
    pub at: Timestamp,
    pub attempts: u32,
    pub error: Option<String>,
}
crate::from_row!(GivenUp { id, kind, stream, at, attempts, error });

/// What waits for an administrator, oldest first.
pub fn list_given_up(tx: &mut Tx, most: u32) -> Result<Vec<GivenUp>> {
    tx.all(
        "select id, kind, stream, at, attempts, error from store_outbox where run_at is null order by id limit $1",
        params![most],
    )
}

/// Lets a delivery that was given up be tried again.
pub fn try_again(tx: &mut Tx, id: Id<Delivered>) -> Result<()> {
    let now = tx.now();
    tx.unit.scheduled = true;
    match tx.exec("update store_outbox set run_at = $2, attempts = 0 where id = $1", params![id, now])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
