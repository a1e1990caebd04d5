//! PostgreSQL: a pool, serializable units with counted, jittered tries, writes that are sent together.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use futures_util::{
    StreamExt,
    future::{join, join_all},
};
use hanlin_kernel::{Error, Result};
use postgres_types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use tokio::runtime::Handle;
use tokio_postgres::{AsyncMessage, Client, NoTls, Statement, error::SqlState};

use super::{
    Connection, REVISIONS,
    link::{Link, Links},
};
use crate::{
    error::{StoreError, is_conflict},
    failpoint,
    live::LiveEvent,
    row::Row,
    settings::Settings,
    tx::{Context, Key, Tx, Unit},
    value::Value,
};

/// How often a unit is tried before its conflict is told.
const TRIES: u32 = 20;
/// After so many it is tried without others of this node beside it: where many write at once and the machine is slow, each
/// would go on meeting some other, and none would be sure to come through.
const TRIES_BESIDE_OTHERS: u32 = 4;

/// So much news of one node goes to the others in one statement.
const NEWS_TOGETHER: usize = 128;

pub(crate) struct Postgres {
    links: Arc<Links>,
    alone: Arc<Alone>,
    runtime: Handle,
    settings: Arc<Settings>,
}

impl Postgres {
    pub async fn open(url: &str, settings: Arc<Settings>) -> Result<Self> {
        let mut config: tokio_postgres::Config =
            url.parse().map_err(|error| Error::internal(format!("the database URL is not understood: {error}")))?;
        config.application_name("hanlin");
        let links = Arc::new(Links::new(config.clone()));
        let postgres = Self { links: links.clone(), alone: Arc::default(), runtime: Handle::current(), settings };
        postgres.runtime.spawn_blocking(move || check_collation(&links)).await.map_err(panicked)??;
        postgres.listen(config);
        Ok(postgres)
    }

    pub async fn write<T, F>(&self, context: Context, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (links, settings) = (self.links.clone(), self.settings.clone());
        // Work in the background takes long and may be tried again at leisure: nobody waits for its end.
        let alone = if context.background { Arc::default() } else { self.alone.clone() };
        let unit = move || tried(&alone, || attempt(&links, &settings, &context, &mut work));
        self.runtime.spawn_blocking(unit).await.map_err(panicked)?
    }

    /// Runs work that writes in a transaction that is rolled back whatever comes of it. Not a serializable one: it never
    /// makes a unit that is kept run again.
    pub async fn rehearse<T, F>(&self, context: Context, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (links, settings) = (self.links.clone(), self.settings.clone());
        let unit = move || tried(&Alone::default(), || imagine(&links, &settings, &context, &mut work));
        self.runtime.spawn_blocking(unit).await.map_err(panicked)?
    }

    /// Runs a reader on the calling thread, in one snapshot.
    pub fn read<T>(&self, context: Context, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let session = Session::open(
            self.links.take()?,
            "begin isolation level repeatable read read only; set local statement_timeout = '30s'",
        );
        let mut tx = Tx {
            connection: Connection::Postgres(Box::new(session)),
            unit: Unit::new(&self.settings, context, true),
            settings: self.settings.clone(),
        };
        let answer = work(&mut tx).and_then(|value| tx.finish().map(|()| value));
        self.links.give(session_of(tx).0.abandon());
        answer
    }

    /// Passes this node's news to the others and hears theirs. Reconnects for ever; what is missed in between is
    /// read again by the clients anyway.
    fn listen(&self, config: tokio_postgres::Config) {
        let live = self.settings.live.clone();
        let node = hanlin_kernel::Id::<Postgres>::new().to_string();
        self.runtime.spawn(async move {
            loop {
                if let Err(error) = exchange_news(&config, &live, &node).await {
                    tracing::warn!(%error, "the news channel of the database broke; trying again");
                }
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        });
    }

    pub fn close(&self) {
        self.links.close();
    }
}

async fn exchange_news(
    config: &tokio_postgres::Config,
    live: &crate::live::Live,
    node: &str,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let (heard, mut hear) = tokio::sync::mpsc::unbounded_channel();
    let driver = tokio::spawn(async move {
        let mut messages = futures_util::stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(message) = messages.next().await {
            match message {
                Ok(AsyncMessage::Notification(notification)) => {
                    if heard.send(notification.payload().to_owned()).is_err() {
                        return;
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the news channel of the database broke");
                    return;
                }
            }
        }
    });
    // News may be lost; nobody waits for the disk because of them.
    client.batch_execute("set synchronous_commit = off; listen hanlin_live").await?;
    let mut own = live.subscribe_own();
    loop {
        tokio::select! {
            news = own.recv() => {
                let Ok(event) = news else { continue };
                let mut told = vec![letter(node, event)];
                while told.len() < NEWS_TOGETHER && let Ok(event) = own.try_recv() {
                    told.push(letter(node, event));
                }
                let each = "select pg_notify('hanlin_live', letter) from unnest($1::text[]) letter";
                client.execute(each, &[&told]).await?;
            }
            payload = hear.recv() => {
                let Some(payload) = payload else { driver.abort(); return Ok(()) };
                match serde_json::from_str::<(String, LiveEvent)>(&payload) {
                    Ok((sender, event)) if sender != node => live.heard(event),
                    Ok(_) => {}
                    Err(error) => tracing::warn!(%error, "news of another node were not understood"),
                }
            }
        }
    }
}

/// What one node tells the others. PostgreSQL takes at most 8,000 bytes: a longer audience becomes everyone, who then look
/// for themselves.
fn letter(node: &str, event: LiveEvent) -> String {
    let text = serde_json::to_string(&(node, &event)).expect("live events serialise");
    if text.len() < 7_900 {
        return text;
    }
    let event = LiveEvent { audience: hanlin_kernel::Audience::Everyone, ..event };
    serde_json::to_string(&(node, &event)).expect("live events serialise")
}

/// Text must sort by code point, as SQLite does.
fn check_collation(links: &Links) -> Result<()> {
    let mut link = links.take()?;
    let sql = "select datcollate, pg_encoding_to_char(encoding) from pg_database where datname = current_database()";
    let row = link.run(async |client| client.query_one(sql, &[]).await).map_err(|error| map(error, sql))?;
    links.give(link);
    let (collation, encoding): (String, String) = (row.get(0), row.get(1));
    if encoding == "UTF8" && matches!(collation.as_str(), "C" | "C.UTF-8" | "C.utf8" | "POSIX") {
        return Ok(());
    }
    Err(Error::internal(format!(
        "the database sorts text as {collation} ({encoding}); Hanlin needs code-point order. Create it with: \
         create database hanlin template template0 encoding 'UTF8' locale 'C.UTF-8'"
    )))
}

fn attempt<T, F>(links: &Links, settings: &Arc<Settings>, context: &Context, work: &mut F) -> Result<T>
where
    F: FnMut(&mut Tx) -> Result<T>,
{
    let mut keys = context.keys.clone();
    keys.sort();
    keys.dedup();
    let mut link = links.take()?;
    lock(&mut link, &keys)?;
    let session = Session::open(link, "begin isolation level serializable");
    let mut tx = unit(session, settings, context);
    let worked = caught(&mut tx, work).and_then(|value| tx.finish().map(|()| value));
    let (session, unit) = session_of(tx);
    let (mut link, closed) = match &worked {
        Ok(_) => session.commit(),
        Err(_) => (session.abandon(), Ok(())),
    };
    unlock(&mut link, &keys);
    links.give(link);
    // A unit may have made something else of the conflict it met: it is a conflict all the same.
    let worked = if unit.conflicted { Err(StoreError::Conflict.into()) } else { worked };
    let worked = worked.and_then(|value| closed.map(|()| value));
    if worked.is_ok() {
        failpoint::hit("after_commit");
        settings.committed(&unit);
    }
    worked
}

fn imagine<T, F>(links: &Links, settings: &Arc<Settings>, context: &Context, work: &mut F) -> Result<T>
where
    F: FnMut(&mut Tx) -> Result<T>,
{
    let opening = "begin isolation level repeatable read; set local statement_timeout = '30s'";
    let mut tx = unit(Session::open(links.take()?, opening), settings, context);
    let worked = caught(&mut tx, work).and_then(|value| tx.connection.flush().map(|()| value));
    let (session, unit) = session_of(tx);
    links.give(session.abandon());
    if unit.conflicted { Err(StoreError::Conflict.into()) } else { worked }
}

fn unit(session: Session, settings: &Arc<Settings>, context: &Context) -> Tx {
    Tx {
        connection: Connection::Postgres(Box::new(session)),
        unit: Unit::new(settings, context.clone(), false),
        settings: settings.clone(),
    }
}

fn caught<T>(tx: &mut Tx, work: &mut impl FnMut(&mut Tx) -> Result<T>) -> Result<T> {
    let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(tx)));
    worked.unwrap_or_else(|panic| Err(StoreError::Panicked(super::sqlite::panic_text(&*panic)).into()))
}

fn session_of(tx: Tx) -> (Session, Unit) {
    let Tx { connection: Connection::Postgres(session), unit, .. } = tx else {
        unreachable!("a unit keeps its connection")
    };
    (*session, unit)
}

/// Waits for each of the keys; they belong to the connection and outlive its transactions.
fn lock(link: &mut Link, keys: &[Key]) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let sql = locks("pg_advisory_lock", keys);
    link.run(async |client| client.batch_execute(&sql).await).map_err(|error| map(error, &sql))
}

fn unlock(link: &mut Link, keys: &[Key]) {
    if !keys.is_empty() {
        link.send_off(&locks("pg_advisory_unlock", keys));
    }
}

/// One statement for each, so that they are taken in this order.
fn locks(function: &str, keys: &[Key]) -> String {
    keys.iter().map(|key| format!("select {function}({});", key.0)).collect()
}

/// Held by many while each is tried beside the others, or by one that is tried alone.
type Alone = RwLock<()>;

/// Tries again what met another unit, after a pause; at last alone.
fn tried<T>(alone: &Alone, mut once: impl FnMut() -> Result<T>) -> Result<T> {
    for round in 0..TRIES {
        // It guards nothing that a panic could leave half done.
        let answer = if round < TRIES_BESIDE_OTHERS {
            let _beside = alone.read().unwrap_or_else(PoisonError::into_inner);
            once()
        } else {
            metrics::counter!("hanlin_store_tried_alone").increment(1);
            let _alone = alone.write().unwrap_or_else(PoisonError::into_inner);
            once()
        };
        match answer {
            Err(error) if is_conflict(&error) => {
                metrics::counter!("hanlin_store_conflicts").increment(1);
                std::thread::sleep(pause(round));
            }
            answer => return answer,
        }
    }
    metrics::counter!("hanlin_store_conflicts_told").increment(1);
    Err(Error::Busy("store.conflict"))
}

/// 1 ms doubling to 64 ms, each half fixed and half by chance.
fn pause(round: u32) -> Duration {
    let most = 1_000u64 << round.min(6);
    let mut bytes = [0u8; 8];
    // Without randomness the pause is merely not jittered.
    let chance = getrandom::fill(&mut bytes).map_or(0, |()| u64::from_le_bytes(bytes) % (most / 2 + 1));
    Duration::from_micros(most / 2 + chance)
}

fn panicked(error: tokio::task::JoinError) -> Error {
    StoreError::Panicked(error.to_string()).into()
}

/// A connection in a unit, with the writes that wait to be sent.
pub(crate) struct Session {
    link: Link,
    /// What opens the transaction, until it was sent with the first statement.
    opening: Option<&'static str>,
    queued: Vec<(Statement, Vec<Value>, String)>,
    revisions: Revisions,
}

/// What a unit has heard of the revisions.
enum Revisions {
    /// They are asked for with its first statement.
    Unasked,
    /// As they were when it began, and nobody in it has wanted them yet.
    Known(Vec<Row>),
    /// They were handed on, or this unit has changed one: whoever wants them asks.
    Gone,
}

impl Session {
    fn open(link: Link, opening: &'static str) -> Self {
        Self { link, opening: Some(opening), queued: Vec::new(), revisions: Revisions::Unasked }
    }

    pub fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        self.flush_with(async |client| client.execute_raw(&statement, params).await.map_err(|error| map(error, sql)))
    }

    pub fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let statement = self.prepare(sql)?;
        self.flush_with(async |client| ask(client, &statement, params, sql).await)
    }

    /// The revisions, which came with the first statement, unless this unit has changed one since or asks again.
    pub fn revisions(&mut self) -> Result<Vec<Row>> {
        if self.opening.is_some() {
            self.flush_with(async |_| Ok(()))?;
        }
        match std::mem::replace(&mut self.revisions, Revisions::Gone) {
            Revisions::Known(revisions) => Ok(revisions),
            Revisions::Unasked | Revisions::Gone => self.rows(REVISIONS, &[]),
        }
    }

    pub fn forget_revisions(&mut self) {
        self.revisions = Revisions::Gone;
    }

    pub fn queue(&mut self, sql: &str, params: &[Value]) -> Result<()> {
        let statement = self.prepare(sql)?;
        self.queued.push((statement, params.to_vec(), sql.to_owned()));
        Ok(())
    }

    pub fn batch(&mut self, sql: &str) -> Result<()> {
        self.flush_with(async |client| client.batch_execute(sql).await.map_err(|error| map(error, sql)))
    }

    pub fn flush(&mut self) -> Result<()> {
        if self.queued.is_empty() { Ok(()) } else { self.flush_with(async |_| Ok(())) }
    }

    pub fn drop_queued(&mut self) {
        self.queued.clear();
    }

    /// Ends the transaction with all that was done; durable when this is there.
    fn commit(mut self) -> (Link, Result<()>) {
        let nothing_done = self.opening.is_some() && self.queued.is_empty();
        let closed = if nothing_done { Ok(()) } else { self.batch("commit") };
        (self.link, closed)
    }

    /// Ends the transaction with nothing done. Nobody waits for that: who uses the connection next comes after it.
    fn abandon(mut self) -> Link {
        if self.opening.is_none() {
            self.link.send_off("rollback");
        }
        self.link
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement> {
        self.link.prepare(sql).map_err(|error| map(error, sql))
    }

    /// Sends what was queued, then the statement, without waiting in between; the answers come in the same order.
    fn flush_with<T>(&mut self, last: impl AsyncFnOnce(&Client) -> Result<T>) -> Result<T> {
        let (opening, queued) = (self.opening.take(), std::mem::take(&mut self.queued));
        // Before the schema is there, nobody has anything to remember.
        let wanted = opening.is_some() && matches!(self.revisions, Revisions::Unasked);
        let revisions = match wanted.then(|| self.link.prepare(REVISIONS)).transpose() {
            Ok(prepared) => prepared,
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => None,
            Err(error) => return Err(map(error, REVISIONS)),
        };
        let (revisions, done) = self.link.run(async |client| {
            let opened = async {
                let Some(sql) = opening else { return Ok(()) };
                client.batch_execute(sql).await.map_err(|error| map(error, sql))
            };
            let revisions = async {
                let Some(statement) = revisions else { return Ok(None) };
                ask(client, &statement, &[], REVISIONS).await.map(Some)
            };
            let before = queued.iter().map(|(statement, params, sql)| async move {
                client.execute_raw(statement, params).await.map(drop).map_err(|error| map(error, sql))
            });
            let both = join(join_all(before), last(client));
            let (opened, (revisions, (before, last))) = join(opened, join(revisions, both)).await;
            // The first refusal is the cause; those after it only say that the transaction is over.
            match opened.and(revisions) {
                Ok(revisions) => (revisions, before.into_iter().collect::<Result<()>>().and(last)),
                Err(error) => (None, Err(error)),
            }
        });
        if let Some(revisions) = revisions {
            self.revisions = Revisions::Known(revisions);
        }
        done
    }
}

async fn ask(client: &Client, statement: &Statement, params: &[Value], sql: &str) -> Result<Vec<Row>> {
    let columns: Arc<[String]> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let stream = client.query_raw(statement, params).await.map_err(|error| map(error, sql))?;
    let mut stream = std::pin::pin!(stream);
    let mut found = Vec::new();
    while let Some(row) = stream.next().await {
        let row = row.map_err(|error| map(error, sql))?;
        let values = (0..columns.len()).map(|index| row.try_get::<_, Value>(index));
        let values = values.collect::<Result<Vec<Value>, _>>().map_err(|error| map(error, sql))?;
        found.push(Row { columns: columns.clone(), values });
    }
    Ok(found)
}

impl ToSql for Value {
    /// Encodes itself to the type PostgreSQL says the parameter has.
    fn to_sql(&self, r#type: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, r#type) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Bool(flag), &Type::BOOL) => flag.to_sql(r#type, out),
            (Value::Bool(flag), _) => Value::Int(i64::from(*flag)).to_sql(r#type, out),
            (Value::Int(number), &Type::BOOL) => (*number != 0).to_sql(r#type, out),
            (Value::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(r#type, out),
            (Value::Int(number), &Type::INT2) => i16::try_from(*number)?.to_sql(r#type, out),
            (Value::Int(number), &Type::FLOAT8) => (*number as f64).to_sql(r#type, out),
            (Value::Int(number), &Type::INT8) => number.to_sql(r#type, out),
            (Value::Real(number), &Type::FLOAT8) => number.to_sql(r#type, out),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::NAME | &Type::BPCHAR) => text.to_sql(r#type, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(r#type, out),
            (value, r#type) => Err(format!("{value:?} does not fit a parameter of type {type}").into()),
        }
    }

    fn accepts(_type: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(r#type: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        match *r#type {
            Type::BOOL => bool::from_sql(r#type, raw).map(Value::Bool),
            Type::INT8 => i64::from_sql(r#type, raw).map(Value::Int),
            Type::INT4 => i32::from_sql(r#type, raw).map(|number| Value::Int(number.into())),
            Type::INT2 => i16::from_sql(r#type, raw).map(|number| Value::Int(number.into())),
            Type::FLOAT8 => f64::from_sql(r#type, raw).map(Value::Real),
            Type::BYTEA => Vec::<u8>::from_sql(r#type, raw).map(Value::Bytes),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR | Type::UNKNOWN => {
                String::from_sql(r#type, raw).map(Value::Text)
            }
            Type::VOID => Ok(Value::Null),
            ref other => Err(format!("a column of type {other} is not portable: cast it").into()),
        }
    }

    fn from_sql_null(_type: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(_type: &Type) -> bool {
        true
    }
}

fn map(error: tokio_postgres::Error, sql: &str) -> Error {
    let Some(said) = error.as_db_error() else {
        if error.is_closed() {
            return Error::Busy("store.unreachable");
        }
        return StoreError::Engine(format!("{error:?} in: {sql}")).into();
    };
    let name = || said.constraint().unwrap_or_default().to_owned();
    match said.code() {
        &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => StoreError::Conflict.into(),
        &SqlState::UNIQUE_VIOLATION => StoreError::Unique(name()).into(),
        &SqlState::FOREIGN_KEY_VIOLATION => StoreError::ForeignKey(name()).into(),
        &SqlState::CHECK_VIOLATION | &SqlState::NOT_NULL_VIOLATION => StoreError::Check(said.to_string()).into(),
        &SqlState::DISK_FULL => Error::Busy("store.disk_full"),
        &SqlState::READ_ONLY_SQL_TRANSACTION => Error::Busy("store.read_only"),
        &SqlState::QUERY_CANCELED => Error::Busy("store.too_slow"),
        &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => {
            Error::Busy("store.unreachable")
        }
        _ => StoreError::Engine(format!("{said} in: {sql}")).into(),
    }
}
