use std::{
    any::{Any, TypeId},
    collections::{HashMap, HashSet},
    sync::Arc,
};

use hanlin_kernel::{Audience, Error, Event, Id, PersonId, Recorded, Result};
use jiff::Timestamp;

use crate::{
    engine::Connection,
    error::{StoreError, is_conflict},
    live::LiveEvent,
    outbox,
    row::{FromRow, Row},
    settings::{Ports, Settings},
    value::{FromValue, ToValue, Value},
};

/// One unit of work: the connection, the time it began, who acts, what it recorded. Nothing else.
pub struct Tx {
    pub(crate) connection: Connection,
    pub(crate) settings: Arc<Settings>,
    pub(crate) unit: Unit,
}

/// What belongs to one unit and is forgotten with it.
pub(crate) struct Unit {
    pub now: Timestamp,
    pub context: Context,
    pub recorded: Vec<Recorded>,
    pub announced: Vec<LiveEvent>,
    pub scheduled: bool,
    pub poisoned: bool,
    /// Another unit was met: this one is to be run again, whatever it made of the error.
    pub conflicted: bool,
    pub read_only: bool,
    /// What was read once and holds until the end, or until a statement of this unit names its table.
    read_once: HashMap<TypeId, Once>,
    /// Whose revision this unit has changed, and nobody in it has asked for the revisions since.
    pub unread: HashSet<&'static str>,
}

struct Once {
    table: &'static str,
    value: Box<dyn Any + Send>,
}

/// What a unit reads once: all that it is made of stands in one table, which is changed by statements that name it.
pub trait ReadOnce: Clone + Send + 'static {
    const TABLE: &'static str;

    fn read(tx: &mut Tx) -> Result<Self>;
}

/// On whose account a unit runs.
#[derive(Clone, Debug, Default)]
pub struct Context {
    pub person: Option<PersonId>,
    pub on_behalf_of: Option<PersonId>,
    /// Hot things this unit changes; on PostgreSQL one waits for the other instead of failing and trying again.
    pub keys: Vec<Key>,
    /// Background work gives way to people.
    pub background: bool,
    /// It may hold the writer as long as it takes: a command about an installation that nobody else uses.
    pub alone: bool,
}

/// The name of a hot thing: a case, a number series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub i64);

impl Key {
    pub fn of<T: ?Sized>(id: Id<T>) -> Self {
        Self((id.as_u128() as u64 ^ (id.as_u128() >> 64) as u64) as i64)
    }

    pub fn named(name: &str) -> Self {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(name.as_bytes());
        Self(i64::from_be_bytes(digest[..8].try_into().expect("a SHA-256 digest has 32 bytes")))
    }
}

impl Context {
    pub fn person(person: PersonId) -> Self {
        Self { person: Some(person), ..Self::default() }
    }

    pub fn keys(mut self, keys: &[Key]) -> Self {
        self.keys = keys.to_vec();
        self
    }

    pub fn background(mut self) -> Self {
        self.background = true;
        self
    }

    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }
}

impl Tx {
    /// The instant the unit began; the same for all that it does.
    pub fn now(&self) -> Timestamp {
        self.unit.now
    }

    /// Runs a statement that returns no rows; how many it changed.
    pub fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        self.begin_statement(sql)?;
        let result = self.connection.exec(sql, params);
        self.note(result)
    }

    /// Like [`exec`](Self::exec) for a write whose result nobody asks for: PostgreSQL gets such writes together,
    /// in order, with the next statement or the commit. Its error fails the unit there.
    pub fn queue(&mut self, sql: &str, params: &[Value]) -> Result<()> {
        self.begin_statement(sql)?;
        let result = self.connection.queue(sql, params);
        self.note(result)
    }

    pub fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.begin_statement(sql)?;
        let result = self.connection.rows(sql, params);
        self.note(result)
    }

    pub fn all<T: FromRow>(&mut self, sql: &str, params: &[Value]) -> Result<Vec<T>> {
        self.rows(sql, params)?.iter().map(T::from_row).collect()
    }

    pub fn maybe<T: FromRow>(&mut self, sql: &str, params: &[Value]) -> Result<Option<T>> {
        self.rows(sql, params)?.first().map(T::from_row).transpose()
    }

    /// The row, or [`Error::NotFound`].
    pub fn one<T: FromRow>(&mut self, sql: &str, params: &[Value]) -> Result<T> {
        self.maybe(sql, params)?.ok_or(Error::NotFound)
    }

    /// The only column of the only row (a count, a sum, an id), or [`Error::NotFound`].
    pub fn scalar<T: FromValue>(&mut self, sql: &str, params: &[Value]) -> Result<T> {
        self.maybe_scalar(sql, params)?.ok_or(Error::NotFound)
    }

    pub fn maybe_scalar<T: FromValue>(&mut self, sql: &str, params: &[Value]) -> Result<Option<T>> {
        self.rows(sql, params)?.first().map(Row::first).transpose()
    }

    pub fn scalars<T: FromValue>(&mut self, sql: &str, params: &[Value]) -> Result<Vec<T>> {
        self.rows(sql, params)?.iter().map(Row::first).collect()
    }

    /// Replaces `{in}` in the text by the list, in slices of 500, and joins the rows (order holds only within a slice).
    pub fn all_in<T: FromRow>(&mut self, sql: &str, params: &[Value], list: &[impl ToValue]) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        for slice in list.chunks(500) {
            let places: Vec<String> = (1..=slice.len()).map(|n| format!("${}", params.len() + n)).collect();
            let mut all: Vec<Value> = params.to_vec();
            all.extend(slice.iter().map(ToValue::to_value));
            rows.extend(self.all(&sql.replace("{in}", &places.join(", ")), &all)?);
        }
        Ok(rows)
    }

    /// Writes the trace entry and the outbox row in the transaction of the change, at its end.
    pub fn record(&mut self, event: impl Event) {
        let payload = serde_json::to_value(&event).expect("events serialise: string keys, no failing impls");
        self.unit.recorded.push(Recorded {
            kind: event.kind(),
            version: event.version(),
            stream: event.stream(),
            payload,
            audience: event.audience(),
            person: self.unit.context.person,
            on_behalf_of: self.unit.context.on_behalf_of,
        });
    }

    /// From here on what this unit records is done for this person (代理), by whoever the unit runs for.
    pub fn act_for(&mut self, principal: PersonId) {
        self.unit.context.on_behalf_of = Some(principal);
    }

    /// Tells open screens of something that is no event of its own (a notification that follows from one).
    pub fn announce(&mut self, kind: &str, stream: &str, audience: Audience) {
        self.unit.announced.push(LiveEvent { kind: kind.to_owned(), stream: stream.to_owned(), audience });
    }

    /// Puts a timer into the queue: at `run_at` the consumers of `kind` get `payload`. A timer with the same key is replaced.
    pub fn schedule(&mut self, kind: &str, key: &str, run_at: Timestamp, payload: &serde_json::Value) -> Result<()> {
        self.unit.scheduled = true;
        outbox::schedule(self, kind, key, run_at, payload)
    }

    /// Takes a timer out of the queue; it is no error if there is none.
    pub fn unschedule(&mut self, key: &str) -> Result<()> {
        outbox::unschedule(self, key)
    }

    /// Does the work as a part that can fail alone: on an error, what it did and recorded is undone and the unit goes on.
    pub fn savepoint<T>(&mut self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.alive()?;
        self.connection.savepoint("part")?;
        // What changes in here needs a revision of its own: that from before stays when this is undone.
        self.unit.unread.clear();
        let (recorded, announced) = (self.unit.recorded.len(), self.unit.announced.len());
        match work(self) {
            Ok(value) => {
                self.connection.release("part")?;
                Ok(value)
            }
            Err(error) => {
                self.unit.recorded.truncate(recorded);
                self.unit.announced.truncate(announced);
                self.unit.read_once.clear();
                self.unit.unread.clear();
                let back = self.connection.rollback_to("part");
                self.unit.poisoned = back.is_err();
                back?;
                Err(error)
            }
        }
    }

    /// Does the work to see what comes of it, and undoes it: nothing of it is kept, recorded or told. What it read while
    /// at it is as true as if it had been done.
    pub fn rehearse<T>(&mut self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let mut seen = None;
        let undone = self.savepoint(|tx| {
            seen = Some(work(tx)?);
            tx.connection.flush()?;
            Err::<(), _>(Error::internal("a rehearsal is undone"))
        });
        match (undone, seen) {
            (_, Some(seen)) if !self.unit.poisoned => Ok(seen),
            (Err(error), _) => Err(error),
            (Ok(()), _) => unreachable!("a rehearsal always ends in an error"),
        }
    }

    /// On whose account this unit runs.
    pub fn context(&self) -> &Context {
        &self.unit.context
    }

    /// Reads something the first time it is asked for in this unit: what others change is not seen before its end. Once the
    /// unit itself changes its table, it is read again.
    pub fn read_once<T: ReadOnce>(&mut self) -> Result<T> {
        let known = self.unit.read_once.get(&TypeId::of::<T>()).and_then(|known| known.value.downcast_ref::<T>());
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let value = T::read(self)?;
        let once = Once { table: T::TABLE, value: Box::new(value.clone()) };
        self.unit.read_once.insert(TypeId::of::<T>(), once);
        Ok(value)
    }

    /// The revisions of all that is remembered. On PostgreSQL they came with the first statement of the unit.
    pub(crate) fn revisions(&mut self) -> Result<Vec<Row>> {
        self.alive()?;
        self.unit.unread.clear();
        let read = self.connection.revisions();
        self.note(read)
    }

    /// A statement that is not only a question makes old what was read from the tables that it names.
    fn begin_statement(&mut self, sql: &str) -> Result<()> {
        self.alive()?;
        if !sql.starts_with("select ") {
            self.unit.read_once.retain(|_, once| !sql.contains(once.table));
        }
        Ok(())
    }

    /// What this process remembers of this database under this type: a cache, checked by whoever keeps it.
    pub fn memo<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.settings.memos.of()
    }

    /// What higher modules handed in for this type.
    pub fn ports(&self) -> &Ports {
        &self.settings.ports
    }

    /// Whether any consumer of this process wants events or timers of this kind.
    pub fn wants(&self, kind: &str) -> bool {
        self.settings.wanted.contains(kind)
    }

    /// Which engine this is. For the seams of `store` and the few migrations and checks that differ; rules never ask.
    pub fn is_sqlite(&self) -> bool {
        !matches!(self.connection, Connection::Postgres(_))
    }

    fn alive(&self) -> Result<()> {
        if self.unit.poisoned { Err(StoreError::Poisoned.into()) } else { Ok(()) }
    }

    fn note<T>(&mut self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result {
            self.unit.poisoned = true;
            self.unit.conflicted |= is_conflict(error);
        }
        result
    }

    /// Hands what was recorded to the trace and the outbox. Called once, after the unit's own work. What is queued by it goes
    /// with the commit.
    pub(crate) fn finish(&mut self) -> Result<()> {
        let recorded = std::mem::take(&mut self.unit.recorded);
        if !recorded.is_empty() {
            if self.unit.read_only {
                return Err(Error::internal("a read recorded an event"));
            }
            let settings = self.settings.clone();
            settings.recorder.record(self, &recorded)?;
            outbox::append(self, &recorded)?;
        }
        self.unit.recorded = recorded;
        Ok(())
    }
}

impl Unit {
    pub fn new(settings: &Settings, context: Context, read_only: bool) -> Self {
        Self {
            now: settings.clock.now(),
            context,
            recorded: Vec::new(),
            announced: Vec::new(),
            scheduled: false,
            poisoned: false,
            conflicted: false,
            read_only,
            read_once: HashMap::new(),
            unread: HashSet::new(),
        }
    }
}
