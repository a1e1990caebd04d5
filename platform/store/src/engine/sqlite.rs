//! SQLite: one writer thread that commits waiting units together, a pool of readers, checkpoints off the writer's path.

use std::{
    any::Any,
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use hanlin_kernel::{Error, Result};
use rusqlite::{ErrorCode, OpenFlags, config::DbConfig, ffi, types::ValueRef};
use tokio::sync::oneshot;

use super::{Connection, readers::Readers};
use crate::{
    error::StoreError,
    failpoint,
    row::Row,
    settings::Settings,
    tx::{Context, Tx, Unit},
    value::Value,
};

/// A group ends when this many units are in it or it has lasted [`GROUP_TIME`].
const GROUP_UNITS: usize = 128;
const GROUP_TIME: Duration = Duration::from_millis(15);
/// A unit may hold the writer this long; then it is cut off and told so.
const UNIT_TIME: Duration = Duration::from_secs(10);
/// A reader may hold its snapshot this long: a long reader keeps the log from being checkpointed.
const READ_TIME: Duration = Duration::from_secs(30);
/// With more pages than this in the log it is begun anew: 16 MiB of pages of 4 KiB.
const LOG_PAGES: i64 = 4096;
/// So long the writer waits for readers of the log to end before it writes on behind them.
const LOG_WAIT: Duration = Duration::from_millis(20);
/// After so long without a unit the writer gives back the pages and statements that it keeps.
const IDLE: Duration = Duration::from_mins(1);
/// So long one connection waits for the lock of another, where one is met at all.
const BUSY: Duration = Duration::from_secs(5);
/// More waiting units than this are refused at once.
const WAITING: usize = 4096;

pub(crate) type Answer = Result<Box<dyn Any + Send>>;
/// A unit of work that may be run again when its group was lost.
pub(crate) type Work = Box<dyn FnMut(&mut Tx) -> Answer + Send>;

struct Waiting {
    context: Context,
    work: Work,
    reply: oneshot::Sender<Answer>,
}

#[derive(Default)]
struct Lanes {
    people: VecDeque<Waiting>,
    background: VecDeque<Waiting>,
    closed: bool,
    /// The log has grown long: to be begun anew as soon as no group is open.
    long_log: bool,
}

pub(crate) struct Sqlite {
    path: PathBuf,
    lanes: Arc<(Mutex<Lanes>, Condvar)>,
    readers: Arc<Readers>,
    settings: Arc<Settings>,
    threads: Mutex<Vec<thread::JoinHandle<()>>>,
}

impl Sqlite {
    pub fn open(path: &Path, settings: Arc<Settings>) -> Result<Self> {
        let connection = connect(path, false)?;
        let lanes = Arc::new((Mutex::new(Lanes::default()), Condvar::new()));
        let writer = {
            let (lanes, settings) = (lanes.clone(), settings.clone());
            thread::Builder::new()
                .name("writer".into())
                .spawn(move || Writer { lanes, settings, connection: Some(connection) }.run())
                .map_err(Error::internal)?
        };
        let readers = Arc::new(Readers::of(path));
        let checkpointer = {
            let (lanes, readers, connection) = (lanes.clone(), readers.clone(), connect(path, false)?);
            thread::Builder::new()
                .name("checkpointer".into())
                .spawn(move || keep_house(&lanes, &readers, &connection))
                .map_err(Error::internal)?
        };
        Ok(Self { path: path.to_owned(), lanes, readers, settings, threads: Mutex::new(vec![writer, checkpointer]) })
    }

    /// Hands a unit to the writer. The answer comes after the commit that holds it, refusals too.
    pub fn submit(&self, context: Context, work: Work) -> Result<oneshot::Receiver<Answer>> {
        let (reply, answer) = oneshot::channel();
        let (lanes, wake) = &*self.lanes;
        let mut lanes = lanes.lock().expect("the writer's lanes are never held across a panic");
        if lanes.closed {
            return Err(Error::Busy("store.closed"));
        }
        let lane = if context.background { &mut lanes.background } else { &mut lanes.people };
        if lane.len() >= WAITING {
            metrics::counter!("hanlin_store_refused_busy").increment(1);
            return Err(Error::Busy("store.busy"));
        }
        lane.push_back(Waiting { context, work, reply });
        wake.notify_one();
        Ok(answer)
    }

    /// Runs a reader on the calling thread, in one snapshot.
    pub fn read<T>(&self, context: Context, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let mut connection = self.readers.take()?;
        limit(&mut connection, READ_TIME);
        batch(&connection, "begin")?;
        let mut tx = Tx {
            connection: Connection::Sqlite(connection),
            settings: self.settings.clone(),
            unit: Unit::new(&self.settings, context, true),
        };
        let answer = work(&mut tx).and_then(|value| tx.finish().map(|()| value));
        let Connection::Sqlite(connection) = tx.connection else { unreachable!("a unit keeps its connection") };
        batch(&connection, "rollback")?;
        self.readers.put(connection);
        answer
    }

    /// Runs work that writes beside the writer, in one snapshot, on a connection with which all that it wrote goes.
    pub fn rehearse<T>(&self, context: Context, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let mut connection = connect(&self.path, true)?;
        limit(&mut connection, READ_TIME);
        batch(&connection, "begin")?;
        let unit = Unit::new(&self.settings, context, false);
        work(&mut Tx { connection: Connection::Rehearsal(connection), settings: self.settings.clone(), unit })
    }

    /// Ends the writer after what waits is done.
    pub fn close(&self) {
        let (lanes, wake) = &*self.lanes;
        lanes.lock().expect("the writer's lanes are never held across a panic").closed = true;
        wake.notify_all();
        let threads = std::mem::take(&mut *self.threads.lock().expect("never held across a panic"));
        for thread in threads {
            thread.thread().unpark();
            if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                tracing::error!("a store thread ended by a panic");
            }
        }
    }
}

struct Writer {
    lanes: Arc<(Mutex<Lanes>, Condvar)>,
    settings: Arc<Settings>,
    connection: Option<rusqlite::Connection>,
}

/// A unit that was run in the open group and waits for its commit.
struct Done {
    waiting: Waiting,
    answer: Answer,
    unit: Unit,
}

impl Writer {
    fn run(mut self) {
        while let Some(first) = self.next(true) {
            self.group(VecDeque::from([first]), GROUP_UNITS);
            if self.log_is_long() {
                self.begin_log_anew();
            }
        }
    }

    fn log_is_long(&self) -> bool {
        let lanes = &mut *self.lanes.0.lock().expect("the writer's lanes are never held across a panic");
        std::mem::take(&mut lanes.long_log)
    }

    /// While units follow each other, whoever copies the log into the database never gets to its end, and only at its end
    /// can it be begun anew. Here nobody writes, and little is left to copy.
    fn begin_log_anew(&self) {
        let connection = self.connection.as_ref().expect("put back after each unit");
        let anew = connection.busy_timeout(LOG_WAIT).and_then(|()| checkpoint(connection, "restart"));
        if let Err(error) = anew.map(drop).and(connection.busy_timeout(BUSY)) {
            tracing::warn!(%error, "the write-ahead log could not be begun anew");
        }
    }

    /// The next waiting unit, people before background; `None` when the store closes (or, not waiting, when idle).
    fn next(&self, wait: bool) -> Option<Waiting> {
        let (lanes, wake) = &*self.lanes;
        let mut lanes = lanes.lock().expect("the writer's lanes are never held across a panic");
        let mut resting = false;
        loop {
            if let Some(unit) = lanes.people.pop_front() {
                return Some(unit);
            }
            if let Some(unit) = lanes.background.pop_front() {
                return Some(unit);
            }
            if !wait || lanes.closed {
                return None;
            }
            if resting {
                lanes = wake.wait(lanes).expect("the writer's lanes are never held across a panic");
                continue;
            }
            let waited = wake.wait_timeout(lanes, IDLE).expect("the writer's lanes are never held across a panic");
            lanes = waited.0;
            resting = waited.1.timed_out();
            if resting {
                self.give_back();
            }
        }
    }

    /// Of what the connection keeps, nothing is needed while nobody writes.
    fn give_back(&self) {
        let connection = self.connection.as_ref().expect("put back after each unit");
        connection.flush_prepared_statement_cache();
        if let Err(error) = batch(connection, "pragma shrink_memory") {
            tracing::warn!(%error, "the writer's memory could not be given back");
        }
    }

    /// Runs units as savepoints of one transaction and commits them together. Where an error rolls back the whole
    /// group, the one that met it is answered with it and the innocent ones are run again.
    fn group(&mut self, mut units: VecDeque<Waiting>, most: usize) {
        let started = Instant::now();
        if let Err(error) = self.begin() {
            tracing::error!(%error, "no transaction could be begun");
            for unit in units {
                answer(unit, Err(Error::Busy(if let Error::Busy(code) = error { code } else { "store.io" })));
            }
            return;
        }
        let mut done: Vec<Done> = Vec::new();
        while let Some(mut waiting) = units.pop_front() {
            let (outcome, unit) = self.unit(&mut waiting);
            let lost = self.connection.as_ref().is_none_or(|connection| connection.is_autocommit());
            if lost {
                let outcome = outcome.and(Err(Error::Busy("store.io")));
                answer(waiting, outcome);
                metrics::counter!("hanlin_store_groups_lost").increment(1);
                let again: VecDeque<Waiting> = done.into_iter().map(|done| done.waiting).chain(units).collect();
                if !again.is_empty() {
                    self.group(again, most);
                }
                return;
            }
            done.push(Done { waiting, answer: outcome, unit });
            if units.is_empty()
                && done.len() < most
                && started.elapsed() < GROUP_TIME
                && let Some(next) = self.next(false)
            {
                units.push_back(next);
            }
        }
        match self.commit() {
            Ok(()) => self.reply(done),
            Err(error) if done.len() == 1 => {
                let only = done.pop().expect("just counted");
                answer(only.waiting, only.answer.and(Err(error)));
            }
            // The commit as a whole failed (a full disk, say): each alone may still fit.
            Err(_) => {
                for one in done {
                    self.group(VecDeque::from([one.waiting]), 1);
                }
            }
        }
    }

    fn begin(&mut self) -> Result<()> {
        let connection = self.connection.as_ref().expect("put back after each unit");
        exec(connection, "begin immediate", &[]).map(drop)
    }

    fn commit(&mut self) -> Result<()> {
        let connection = self.connection.as_mut().expect("put back after each unit");
        limit(connection, Duration::MAX);
        let committed = exec(connection, "commit", &[]).map(drop);
        if committed.is_err() && !connection.is_autocommit() {
            batch(connection, "rollback")?;
        }
        committed
    }

    fn unit(&mut self, waiting: &mut Waiting) -> (Answer, Unit) {
        let mut connection = self.connection.take().expect("put back after each unit");
        limit(&mut connection, if waiting.context.alone { Duration::MAX } else { UNIT_TIME });
        let mut tx = Tx {
            connection: Connection::Sqlite(connection),
            settings: self.settings.clone(),
            unit: Unit::new(&self.settings, waiting.context.clone(), false),
        };
        let outcome = tx.connection.savepoint("unit").and_then(|()| {
            let worked = catch_unwind(AssertUnwindSafe(|| (waiting.work)(&mut tx)));
            let worked = worked.unwrap_or_else(|panic| Err(StoreError::Panicked(panic_text(&*panic)).into()));
            worked.and_then(|value| tx.finish().map(|()| value))
        });
        let Connection::Sqlite(connection) = tx.connection else { unreachable!("a unit keeps its connection") };
        let closed = match &outcome {
            _ if connection.is_autocommit() => Ok(()),
            Ok(_) => exec(&connection, "release savepoint unit", &[]).map(drop),
            Err(_) => batch(&connection, "rollback to savepoint unit; release savepoint unit"),
        };
        self.connection = Some(connection);
        (outcome.and_then(|value| closed.map(|()| value)), tx.unit)
    }

    fn reply(&self, done: Vec<Done>) {
        failpoint::hit("after_commit");
        metrics::histogram!("hanlin_store_group_units").record(done.len() as f64);
        for done in done {
            if done.answer.is_ok() {
                self.settings.committed(&done.unit);
            }
            answer(done.waiting, done.answer);
        }
    }
}

fn answer(waiting: Waiting, outcome: Answer) {
    // The one who asked may have gone away; the work is done all the same.
    let _gone = waiting.reply.send(outcome);
}

pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

/// Copies the log into the database twice a second, cuts it short when the store closes, and closes readers that nobody
/// needs.
fn keep_house(lanes: &(Mutex<Lanes>, Condvar), readers: &Readers, connection: &rusqlite::Connection) {
    loop {
        thread::park_timeout(Duration::from_millis(500));
        let closed = lanes.0.lock().expect("the writer's lanes are never held across a panic").closed;
        let mode = if closed { "truncate" } else { "passive" };
        match checkpoint(connection, mode) {
            Ok(pages) => {
                metrics::gauge!("hanlin_store_wal_pages").set(pages as f64);
                if pages > LOG_PAGES {
                    lanes.0.lock().expect("the writer's lanes are never held across a panic").long_log = true;
                }
            }
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be checkpointed"),
        }
        if closed {
            return;
        }
        readers.close_idle(Instant::now());
    }
}

/// How many pages the log held when the checkpoint began.
fn checkpoint(connection: &rusqlite::Connection, mode: &str) -> rusqlite::Result<i64> {
    connection.query_row(&format!("pragma wal_checkpoint({mode})"), [], |row| row.get(1))
}

pub(super) fn connect(path: &Path, read_only: bool) -> Result<rusqlite::Connection> {
    let flags = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    };
    let connection = rusqlite::Connection::open_with_flags(path, flags).map_err(engine_error)?;
    connection.set_prepared_statement_cache_capacity(512);
    // Without it a statement is prepared again whenever a value is bound that its plan may hang on: at each request.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(engine_error)?;
    let synchronous = failpoint::sqlite_synchronous();
    let common = "pragma foreign_keys = on; pragma temp_store = memory; pragma mmap_size = 0;";
    batch(&connection, common)?;
    connection.busy_timeout(BUSY).map_err(engine_error)?;
    // Each reader has a cache of its own, which it must read again after every commit of the writer.
    batch(&connection, if read_only { "pragma cache_size = -4000" } else { "pragma cache_size = -16000" })?;
    if !read_only {
        let writer = format!(
            "pragma journal_mode = wal; pragma synchronous = {synchronous}; pragma wal_autocheckpoint = 0; \
             pragma journal_size_limit = 67108864;"
        );
        batch(&connection, &writer)?;
    }
    Ok(connection)
}

/// Interrupts whatever runs longer than `time` on this connection.
fn limit(connection: &mut rusqlite::Connection, time: Duration) {
    let handler: Option<Box<dyn FnMut() -> bool + Send>> = Instant::now()
        .checked_add(time)
        .map(|end| Box::new(move || Instant::now() > end) as Box<dyn FnMut() -> bool + Send>);
    if let Err(error) = connection.progress_handler(20_000, handler) {
        tracing::warn!(%error, "the time limit of a unit could not be set");
    }
}

pub(crate) fn exec(connection: &rusqlite::Connection, sql: &str, params: &[Value]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| explain(error, sql))?;
    bind(&mut statement, sql, params)?;
    statement.raw_execute().map(|changed| changed as u64).map_err(|error| map(connection, error, sql))
}

pub(crate) fn rows(connection: &rusqlite::Connection, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| explain(error, sql))?;
    bind(&mut statement, sql, params)?;
    let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
    let mut found = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| map(connection, error, sql))? {
        let values = (0..columns.len()).map(|index| row.get_ref(index).map(own)).collect::<Result<Vec<Value>, _>>();
        found.push(Row { columns: columns.clone(), values: values.map_err(engine_error)? });
    }
    Ok(found)
}

pub(crate) fn batch(connection: &rusqlite::Connection, sql: &str) -> Result<()> {
    connection.execute_batch(sql).map_err(|error| map(connection, error, sql))
}

/// SQLite counts the parameters `$n` by first appearance.
fn bind(statement: &mut rusqlite::CachedStatement, sql: &str, params: &[Value]) -> Result<()> {
    let count = statement.parameter_count();
    let in_order = count_in_order(sql) == Some(count);
    for place in 1..=count {
        // A name is looked for among all of them: with the hundreds of parameters of an import that takes long.
        let number = if in_order { Some(place) } else { statement.parameter_name(place).and_then(number_of) };
        let value = number
            .and_then(|number| params.get(number - 1))
            .ok_or_else(|| Error::internal(format!("parameter {place} of a statement was not given: {sql}")))?;
        match value {
            Value::Null => statement.raw_bind_parameter(place, rusqlite::types::Null),
            Value::Bool(flag) => statement.raw_bind_parameter(place, flag),
            Value::Int(number) => statement.raw_bind_parameter(place, number),
            Value::Real(number) => statement.raw_bind_parameter(place, number),
            Value::Text(text) => statement.raw_bind_parameter(place, text),
            Value::Bytes(bytes) => statement.raw_bind_parameter(place, bytes),
        }
        .map_err(engine_error)?;
    }
    Ok(())
}

/// The number of `$n`.
fn number_of(name: &str) -> Option<usize> {
    name.strip_prefix('$')?.parse().ok().filter(|number| *number > 0)
}

/// How many parameters the text names, where each first stands behind those of lower numbers and none is left out: then
/// SQLite gives them the same numbers.
fn count_in_order(sql: &str) -> Option<usize> {
    let mut count = 0;
    let outside_quotes = sql.split('\'').step_by(2);
    for rest in outside_quotes.flat_map(|part| part.match_indices('$').map(move |(at, _)| &part[at + 1..])) {
        let digits = rest.bytes().take_while(u8::is_ascii_digit);
        let number = digits.fold(0, |number: usize, digit| number.saturating_mul(10) + usize::from(digit - b'0'));
        match number {
            0 => return None,
            known if known <= count => {}
            next if next == count + 1 => count = next,
            _ => return None,
        }
    }
    Some(count)
}

fn own(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(words(text)),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

/// What is no UTF-8, which only another program can have written, is shown as far as it can be.
fn words(text: &[u8]) -> String {
    std::str::from_utf8(text).map_or_else(|_| String::from_utf8_lossy(text).into_owned(), str::to_owned)
}

fn engine_error(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Busy("store.disk_full"),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            tracing::error!(%error, "the database cannot be written");
            Error::Busy("store.read_only")
        }
        Some(ErrorCode::SystemIoFailure) => {
            tracing::error!(%error, "the disk failed");
            Error::Busy("store.io")
        }
        Some(ErrorCode::OperationInterrupted) => Error::Busy("store.too_slow"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy("store.busy"),
        _ => StoreError::Engine(error.to_string()).into(),
    }
}

fn explain(error: rusqlite::Error, sql: &str) -> Error {
    StoreError::Engine(format!("{error} in: {sql}")).into()
}

fn map(connection: &rusqlite::Connection, error: rusqlite::Error, sql: &str) -> Error {
    let (Some(ErrorCode::ConstraintViolation), Some(code)) = (error.sqlite_error_code(), error.sqlite_error()) else {
        return match error.sqlite_error_code() {
            Some(ErrorCode::Unknown) | None => explain(error, sql),
            Some(_) => engine_error(error),
        };
    };
    let message = error.to_string();
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            StoreError::Unique(index_name(connection, &message).unwrap_or(message))
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::ForeignKey(message),
        _ => StoreError::Check(message),
    }
    .into()
}

/// SQLite names the columns (`UNIQUE constraint failed: t.a, t.b`), PostgreSQL the index: we look the index up,
/// and call a primary key `<table>_pkey` as PostgreSQL does.
fn index_name(connection: &rusqlite::Connection, message: &str) -> Option<String> {
    let columns = message.split_once("failed: ")?.1;
    if let Some(name) = columns.strip_prefix("index '") {
        return Some(name.trim_end_matches('\'').to_owned());
    }
    let table = columns.split_once('.')?.0;
    let wanted: Vec<&str> = columns.split(", ").filter_map(|column| column.split_once('.').map(|c| c.1)).collect();
    let mut indexes = connection.prepare("select name, origin from pragma_index_list($1) where \"unique\"").ok()?;
    let named: Vec<(String, String)> =
        indexes.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).ok()?.filter_map(Result::ok).collect();
    for (name, origin) in named {
        let mut info = connection.prepare("select name from pragma_index_info($1) order by seqno").ok()?;
        let found: Vec<String> = info.query_map([&name], |row| row.get(0)).ok()?.filter_map(Result::ok).collect();
        if found == wanted {
            return Some(if origin == "pk" { format!("{table}_pkey") } else { name });
        }
    }
    Some(format!("{table}_pkey"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // proves: OPS-09
    #[test]
    fn parameters_are_bound_by_their_number_in_whatever_order_they_stand() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let three = [Value::Int(1), Value::Int(2), Value::Int(3)];
        let asked = |sql: &str| -> Vec<Value> {
            let row = rows(&connection, sql, &three).unwrap().remove(0);
            row.values
        };
        let [one, two, three_] = three.clone();
        assert_eq!(asked("select $1, $2, $3, $2"), [one.clone(), two.clone(), three_.clone(), two.clone()]);
        assert_eq!(asked("select $3, $1"), [three_.clone(), one.clone()]);
        assert_eq!(asked("select $1, $3, $2"), [one.clone(), three_.clone(), two.clone()]);
        let quoted = asked("select $1, '$2', 'it''s $2', $3, $2");
        assert_eq!(quoted[3..], [three_, two]);
        assert!(rows(&connection, "select $4", &three).is_err());
        assert!(rows(&connection, "select $0", &three).is_err());
        for (sql, count) in [("select 1", Some(0)), ("$1 $2 $1 $10", None), ("$2", None), ("$1 '$7' $2", Some(2))] {
            assert_eq!(count_in_order(sql), count, "{sql}");
        }
    }
}
