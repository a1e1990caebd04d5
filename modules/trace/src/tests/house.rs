//! A database with a trace, its key and its log, on the engine that the environment names; and somebody with database
//! tools who wants to change the past.

use std::{path::Path, sync::Arc};

use hanlin_kernel::{Clock, Event, FixedClock, PersonId, Result};
use hanlin_store::{Context, Db, Location, Settings, Tx};
use hanlin_testkit::{START, TestDatabase};
use jiff::SignedDuration;
use serde::Serialize;

use crate::{
    Code, MIGRATIONS, Places, Report, Seal, SealLog, Sealer, TraceRecorder, Verifier,
    chain::{Envelope, payload_digest},
    keys::Keys,
    open, verify,
};

const TABLES: [&str; 6] =
    ["trace_event", "trace_stream", "trace_unsealed", "trace_seal", "trace_leaf", "trace_redaction"];

pub const LIN: PersonId = PersonId::fixed(1);
pub const ZHAO: PersonId = PersonId::fixed(2);

/// Something that happened.
#[derive(Clone, Serialize)]
pub struct Noted {
    #[serde(skip)]
    pub stream: &'static str,
    #[serde(skip)]
    pub kind: &'static str,
    pub text: String,
}

impl Event for Noted {
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn stream(&self) -> String {
        self.stream.to_owned()
    }
}

pub struct House {
    pub db: Db,
    pub clock: FixedClock,
    pub sealer: Arc<Sealer>,
    pub places: Places,
    pub runtime: Arc<tokio::runtime::Runtime>,
    pub folder: tempfile::TempDir,
    database: TestDatabase,
}

impl House {
    pub fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map(Arc::new).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let places = Places::in_folder(folder.path());
        let clock = FixedClock::at(START.parse().unwrap());
        let database = runtime.block_on(TestDatabase::new(MIGRATIONS));
        let (db, recorder) = Self::connect(&runtime, &database, &clock);
        let sealer = Arc::new(runtime.block_on(open(&db, &recorder, &places)).unwrap());
        Self { db, clock, sealer, places, runtime, folder, database }
    }

    /// A house with three matters: eight entries under two seals, three entries after them.
    pub fn with_history() -> Self {
        let house = Self::new();
        for text in ["drafted", "submitted", "approved"] {
            house.note("workflow/case/a", text);
        }
        house.note("access/account/b", "made");
        house.seal();
        for text in ["returned", "resubmitted"] {
            house.note("workflow/case/a", text);
        }
        house.note("access/account/b", "locked");
        house.note("rulebook/clause/c", "issued");
        house.seal();
        house.note("workflow/case/a", "archived");
        house.note("rulebook/clause/c", "changed");
        house.note("directory/unit/d", "founded");
        house
    }

    fn connect(
        runtime: &tokio::runtime::Runtime,
        database: &TestDatabase,
        clock: &FixedClock,
    ) -> (Db, Arc<TraceRecorder>) {
        let recorder = Arc::new(TraceRecorder::default());
        let settings = Settings { clock: Arc::new(clock.clone()), recorder: recorder.clone(), ..Settings::default() };
        (runtime.block_on(database.open(settings)), recorder)
    }

    /// Another process on the same database, with its own places.
    pub fn another_node(&self, places: &Places) -> Result<Sealer> {
        let (db, recorder) = Self::connect(&self.runtime, &self.database, &self.clock);
        self.runtime.block_on(open(&db, &recorder, places))
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// One entry of one unit of work, a second after the one before.
    pub fn note(&self, stream: &'static str, text: &str) {
        self.note_kind(stream, "test.noted", text);
    }

    pub fn note_kind(&self, stream: &'static str, kind: &'static str, text: &str) {
        self.note_as(Context::person(LIN), Noted { stream, kind, text: text.to_owned() });
    }

    pub fn note_as(&self, context: Context, noted: Noted) {
        self.clock.advance(SignedDuration::from_secs(1));
        let work = move |tx: &mut Tx| {
            tx.record(noted.clone());
            Ok(())
        };
        self.block_on(self.db.write_as(context, work)).unwrap();
    }

    pub fn read<T: Send + 'static>(&self, work: impl FnOnce(&mut Tx) -> Result<T> + Send + 'static) -> T {
        self.block_on(self.db.read(work)).unwrap()
    }

    pub fn seal(&self) -> Seal {
        self.block_on(self.sealer.seal_once()).unwrap().expect("something waits for a seal")
    }

    pub fn log(&self) -> &SealLog {
        self.sealer.log()
    }

    /// Long after: what was late in reaching the log is late.
    pub fn wait(&self) {
        self.clock.advance(SignedDuration::from_mins(10));
    }

    pub fn verify(&self) -> Report {
        self.verify_with(&self.sealer.keys().verifier())
    }

    /// As an auditor does who has the public key and nothing else.
    pub fn verify_publicly(&self) -> Report {
        self.verify_with(&Verifier::public(&self.sealer.keys().public_key()).unwrap())
    }

    pub fn verify_with(&self, verifier: &Verifier) -> Report {
        self.block_on(verify(&self.db, self.log(), verifier)).unwrap()
    }

    /// Runs statements as somebody does who owns the database: past the server, with the engine's own client.
    #[track_caller]
    pub fn tamper(&self, sql: &str) {
        self.try_tamper(sql).unwrap_or_else(|error| panic!("{error} in: {sql}"));
    }

    pub fn try_tamper(&self, sql: &str) -> Result<(), String> {
        match &self.database.location {
            Location::Sqlite(path) => tamper_sqlite(path, sql),
            Location::Postgres { url, .. } => self.block_on(async {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                let said = |error: tokio_postgres::Error| error.as_db_error().unwrap().message().to_owned();
                client.batch_execute(sql).await.map_err(said)
            }),
        }
    }

    /// Takes the guard away, as nothing keeps its owner from doing.
    pub fn drop_guard(&self) {
        if !self.db.is_sqlite() {
            return self.tamper(
                "drop function if exists trace_refuse() cascade; drop function if exists trace_removal() cascade;",
            );
        }
        let triggers = self.read(|tx| {
            tx.scalars::<String>("select name from sqlite_schema where type = 'trigger' and name like 'trace_%'", &[])
        });
        triggers.iter().for_each(|name| self.tamper(&format!("drop trigger {name}")));
    }

    /// Keeps the state of the database, as a backup does.
    pub fn back_up(&self) {
        TABLES.iter().for_each(|table| self.tamper(&format!("create table kept_{table} as select * from {table}")));
    }

    /// Puts the database back to the state that was kept. The key and the log are not in it.
    pub fn put_back(&self) {
        self.drop_guard();
        for table in TABLES {
            self.tamper(&format!("delete from {table}; insert into {table} select * from kept_{table}"));
        }
    }

    pub fn entries(&self, stream: &str) -> Vec<Written> {
        let stream = stream.to_owned();
        self.read(move |tx| {
            tx.all("select * from trace_event where stream = $1 order by seq", hanlin_store::params![stream])
        })
    }

    /// Writes a whole stream anew and consistent in itself, head and queue included: all that somebody can do who knows
    /// how the chain is made but has not the key.
    pub fn forge(&self, stream: &str, mut entries: Vec<Written>) {
        let own = Keys::generate().unwrap();
        let mut sql = format!("delete from trace_event where stream = '{stream}';");
        let mut previous = String::new();
        for (index, entry) in entries.iter_mut().enumerate() {
            entry.seq = index as i64 + 1;
            entry.digest = payload_digest(entry.salt.as_deref().unwrap(), entry.payload.as_deref().unwrap());
            let authentic = entry.previous == previous;
            entry.previous = previous;
            let hash = entry.envelope().hash();
            // What he left untouched keeps its right MAC.
            if !(authentic && hash == entry.hash) {
                entry.mac = own.mac(&hash);
            }
            entry.hash = hash;
            previous = entry.hash.clone();
            sql += &entry.insert();
        }
        sql += &format!(
            "update trace_stream set seq = {}, hash = '{previous}' where stream = '{stream}';
             delete from trace_unsealed where event not in (select id from trace_event);
             insert into trace_unsealed (event) select id from trace_event e where e.stream = '{stream}'
             and e.seq > coalesce((select max(l.seq) from trace_leaf l where l.stream = e.stream), 0)
             and not exists (select 1 from trace_unsealed u where u.event = e.id);",
            entries.len()
        );
        self.tamper(&sql);
    }
}

fn tamper_sqlite(path: &Path, sql: &str) -> Result<(), String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    connection.execute_batch(&format!("begin immediate; {sql}; commit")).map_err(|error| error.to_string())
}

impl Drop for House {
    fn drop(&mut self) {
        self.db.close();
    }
}

/// A row of the table, as whoever owns the database sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    pub id: String,
    pub stream: String,
    pub seq: i64,
    pub kind: String,
    pub version: i64,
    pub at: i64,
    pub person: Option<String>,
    pub on_behalf_of: Option<String>,
    pub payload: Option<String>,
    pub salt: Option<String>,
    pub digest: String,
    pub previous: String,
    pub hash: String,
    pub mac: String,
    pub algorithm: String,
}
hanlin_store::from_row!(Written {
    id,
    stream,
    seq,
    kind,
    version,
    at,
    person,
    on_behalf_of,
    payload,
    salt,
    digest,
    previous,
    hash,
    mac,
    algorithm
});

impl Written {
    pub fn envelope(&self) -> Envelope<'_> {
        Envelope {
            algorithm: &self.algorithm,
            id: &self.id,
            stream: &self.stream,
            seq: self.seq,
            kind: &self.kind,
            version: self.version,
            at: self.at,
            person: self.person.as_deref(),
            on_behalf_of: self.on_behalf_of.as_deref(),
            digest: &self.digest,
            previous: &self.previous,
        }
    }

    pub fn insert(&self) -> String {
        let text = |value: &Option<String>| value.as_ref().map_or("null".to_owned(), |value| format!("'{value}'"));
        format!(
            "insert into trace_event (id, stream, seq, kind, version, at, person, on_behalf_of, payload, salt, digest, \
             previous, hash, mac, algorithm) values ('{}', '{}', {}, '{}', {}, {}, {}, {}, {}, {}, '{}', '{}', '{}', \
             '{}', '{}');",
            self.id,
            self.stream,
            self.seq,
            self.kind,
            self.version,
            self.at,
            text(&self.person),
            text(&self.on_behalf_of),
            text(&self.payload),
            text(&self.salt),
            self.digest,
            self.previous,
            self.hash,
            self.mac,
            self.algorithm
        )
    }
}

/// What was found, without the words.
pub fn found(report: &Report) -> Vec<(Code, &str, u64)> {
    report.findings.iter().map(|finding| (finding.code, finding.stream.as_str(), finding.seq)).collect()
}

pub fn now(house: &House) -> jiff::Timestamp {
    house.clock.now()
}
