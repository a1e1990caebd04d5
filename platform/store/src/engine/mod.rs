//! Where the two engines differ: connect, begin, bind, map errors. Everything above speaks one language.

pub(crate) mod gates;
mod link;
pub(crate) mod postgres;
mod readers;
mod shadow;
pub(crate) mod sqlite;

use hanlin_kernel::Result;

use crate::{row::Row, value::Value};

/// Asked by nearly every unit, for what the process remembers.
const REVISIONS: &str = "select name, token from store_revision";

/// A connection inside a transaction.
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    /// Beside the writer: what is written goes into private copies of the tables.
    Rehearsal(rusqlite::Connection),
    Postgres(Box<postgres::Session>),
}

macro_rules! both {
    ($self:ident, $sqlite:ident => $a:expr, $postgres:ident => $b:expr) => {
        match $self {
            Connection::Sqlite($sqlite) | Connection::Rehearsal($sqlite) => $a,
            Connection::Postgres($postgres) => $b,
        }
    };
}

impl Connection {
    pub fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        self.shadow(sql)?;
        both!(self, sqlite => sqlite::exec(sqlite, sql, params), postgres => postgres.exec(sql, params))
    }

    pub fn queue(&mut self, sql: &str, params: &[Value]) -> Result<()> {
        self.shadow(sql)?;
        both!(self, sqlite => sqlite::exec(sqlite, sql, params).map(drop), postgres => postgres.queue(sql, params))
    }

    pub fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        both!(self, sqlite => sqlite::rows(sqlite, sql, params), postgres => postgres.rows(sql, params))
    }

    /// The table of revisions, as this unit sees it.
    pub fn revisions(&mut self) -> Result<Vec<Row>> {
        both!(self, sqlite => sqlite::rows(sqlite, REVISIONS, &[]), postgres => postgres.revisions())
    }

    /// This unit changes one: what it has heard of them is old.
    pub fn forget_revisions(&mut self) {
        if let Connection::Postgres(session) = self {
            session.forget_revisions();
        }
    }

    fn shadow(&mut self, sql: &str) -> Result<()> {
        if let Connection::Rehearsal(connection) = self { shadow::of(connection, sql) } else { Ok(()) }
    }

    /// Several statements without parameters.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        both!(self, sqlite => sqlite::batch(sqlite, sql), postgres => postgres.batch(sql))
    }

    /// Sends what was queued and hears of its errors.
    pub fn flush(&mut self) -> Result<()> {
        both!(self, _sqlite => Ok(()), postgres => postgres.flush())
    }

    pub fn savepoint(&mut self, name: &str) -> Result<()> {
        self.step(&format!("savepoint {name}"))
    }

    pub fn release(&mut self, name: &str) -> Result<()> {
        self.step(&format!("release savepoint {name}"))
    }

    /// One statement of those that close and open brackets, parsed once.
    fn step(&mut self, sql: &str) -> Result<()> {
        both!(self, sqlite => sqlite::exec(sqlite, sql, &[]).map(drop), postgres => postgres.batch(sql))
    }

    /// Undoes all since the savepoint and forgets it. What was queued and not sent is dropped.
    pub fn rollback_to(&mut self, name: &str) -> Result<()> {
        if let Connection::Postgres(session) = self {
            session.drop_queued();
        }
        self.batch(&format!("rollback to savepoint {name}; release savepoint {name}"))
    }
}
