//! Writing beside the writer, on SQLite: before a rehearsal writes into a table, a private copy of it is put in front of it.
//!
//! A name without its schema means the temporary table where there is one. So a statement that is to change something
//! changes the copy, and reads that follow see it, while the file is only read. The copy has the constraints and indexes of
//! the table, and so have those that its foreign keys point to: what would be refused is refused here too, by the same
//! name. Only tables that are written are copied, and all of it is gone with the connection.

use hanlin_kernel::Result;
use rusqlite::Connection;

use super::sqlite::{batch, rows};
use crate::{row::Row, value::Value};

/// Puts a copy in front of the table that this statement writes, if it writes one.
pub(super) fn of(connection: &Connection, sql: &str) -> Result<()> {
    match written(sql) {
        Some(table) => copy(connection, table, &mut Vec::new()),
        None => Ok(()),
    }
}

/// The table that a statement writes. Whatever is not seen here is refused by the engine: the file is opened for reading.
fn written(sql: &str) -> Option<&str> {
    let mut words = sql.split_ascii_whitespace();
    let table = match (words.next()?, words.next()?) {
        ("insert", "into") | ("delete", "from") => words.next()?,
        ("update", table) => table,
        _ => return None,
    };
    table.split('(').next()
}

/// Copies a table, those that its foreign keys point to first. `begun` keeps two that point to each other from going round.
fn copy(connection: &Connection, table: &str, begun: &mut Vec<String>) -> Result<()> {
    let name = [Value::Text(table.to_owned())];
    let there = "select name from temp.sqlite_schema where type = 'table' and name = $1";
    if begun.iter().any(|other| other == table) || !rows(connection, there, &name)?.is_empty() {
        return Ok(());
    }
    begun.push(table.to_owned());
    for parent in texts(connection, "select distinct \"table\" from pragma_foreign_key_list($1)", &name)? {
        copy(connection, &parent, begun)?;
    }
    let of_table = "select sql from main.sqlite_schema where type = 'table' and name = $1";
    let of_indexes =
        "select sql from main.sqlite_schema where type = 'index' and tbl_name = $1 and sql is not null order by name";
    for made in texts(connection, of_table, &name)? {
        batch(connection, &made.replacen("CREATE TABLE ", "CREATE TEMP TABLE ", 1))?;
        batch(connection, &format!("insert into temp.{table} select * from main.{table}"))?;
    }
    for made in texts(connection, of_indexes, &name)? {
        batch(connection, &made.replacen("INDEX ", "INDEX temp.", 1))?;
    }
    Ok(())
}

fn texts(connection: &Connection, sql: &str, params: &[Value]) -> Result<Vec<String>> {
    rows(connection, sql, params)?.iter().map(Row::first).collect()
}
