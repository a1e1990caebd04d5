//! The directory's SQL. Every function that writes makes a new stamp, so that no snapshot outlives a change.

mod bulk;
mod changes;
mod lists;
mod people;
mod places;
mod sample;
mod whole;

use hanlin_kernel::{Error, Result};
use hanlin_store::{FromRow, Row, Tx, params};

pub(crate) use bulk::*;
pub(crate) use changes::*;
pub(crate) use lists::*;
pub(crate) use people::*;
pub(crate) use places::*;
pub(crate) use sample::*;
pub(crate) use whole::insert_all;

use crate::snapshot::Rows;

const UNITS: &str = "select u.id, u.code, u.version, p.parent, p.kind, p.name, p.short_name, p.time_zone, p.position, \
     p.valid_from, p.valid_to from directory_unit u join directory_unit_period p on p.unit = u.id";

const DEPARTMENTS: &str = "select d.id, d.version, p.unit, p.parent, p.code, p.level, p.name, p.position, \
     p.valid_from, p.valid_to from directory_department d join directory_department_period p on p.department = d.id";

/// The whole directory, without those whom an import has only written down.
pub(crate) fn load(tx: &mut Tx) -> Result<Rows> {
    Ok(Rows {
        units: tx.all(UNITS, &[])?,
        departments: tx.all(DEPARTMENTS, &[])?,
        posts: tx.all("select * from directory_post", &[])?,
        ranks: tx.all("select * from directory_rank", &[])?,
        people: tx.all(
            "select * from directory_person p \
             where not exists (select 1 from directory_staged_service s where s.person = p.id)",
            &[],
        )?,
        service: tx.all("select * from directory_service_period", &[])?,
        appointments: tx.all("select * from directory_appointment", &[])?,
        leaderships: tx.all("select * from directory_leadership", &[])?,
        groups: tx.all("select * from directory_group", &[])?,
        members: tx.all("select * from directory_group_member", &[])?,
    })
}

/// Raises the version of a thing; [`Error::Stale`] if it was changed since it was read.
fn raise(tx: &mut Tx, table: &'static str, id: String, seen: u64, thing: Thing) -> Result<()> {
    let sql = format!("update {table} set version = version + 1 where id = $1 and version = $2");
    match tx.exec(&sql, params![id, seen])? {
        0 => Err(Error::Stale),
        _ => touch(tx, thing),
    }
}

/// The rows, or [`Error::NotFound`] where there is none.
fn some<T: FromRow>(rows: Vec<Row>) -> Result<Vec<T>> {
    if rows.is_empty() { Err(Error::NotFound) } else { rows.iter().map(T::from_row).collect() }
}
