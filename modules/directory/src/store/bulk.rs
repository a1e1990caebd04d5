//! Many people at once: written down in small units, admitted in one statement each for service and appointments.

use hanlin_kernel::{PersonId, Result};
use hanlin_store::{FromRow, Row, Tx, params};

use super::{Thing, people::insert_card, places::place_columns, touch};
use crate::model::{Appointment, BatchId, Person, Place, Service};

/// Writes a person down who is nowhere met before his batch is admitted. No snapshot knows him, so none grows old.
pub(crate) fn insert_prepared(
    tx: &mut Tx,
    batch: BatchId,
    person: &Person,
    service: &[Service],
    appointments: &[Appointment],
) -> Result<()> {
    insert_card(tx, person)?;
    for period in service {
        tx.queue(
            "insert into directory_staged_service (batch, person, rank, valid_from, valid_to) \
             values ($1, $2, $3, $4, $5)",
            params![batch, period.person, period.rank, period.validity.from, period.validity.to],
        )?;
    }
    for held in appointments {
        let (unit, department) = place_columns(held.place);
        tx.queue(
            "insert into directory_staged_appointment (batch, id, person, post, unit, department, main, valid_from) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![batch, held.id, held.person, held.post, unit, department, held.main, held.validity.from],
        )?;
    }
    Ok(())
}

/// From now on what was prepared holds. How many people it is.
pub(crate) fn admit(tx: &mut Tx, batch: BatchId) -> Result<u64> {
    let people = tx.scalar(
        "select cast(count(distinct person) as bigint) from directory_staged_service where batch = $1",
        params![batch],
    )?;
    tx.exec(
        "insert into directory_service_period (person, rank, successor, valid_from, valid_to) \
         select person, rank, null, valid_from, valid_to from directory_staged_service where batch = $1",
        params![batch],
    )?;
    tx.exec(
        "insert into directory_appointment (id, person, post, unit, department, main, version, valid_from, valid_to) \
         select id, person, post, unit, department, main, 1, valid_from, null from directory_staged_appointment \
         where batch = $1",
        params![batch],
    )?;
    tx.exec("delete from directory_staged_service where batch = $1", params![batch])?;
    tx.exec("delete from directory_staged_appointment where batch = $1", params![batch])?;
    touch(tx, Thing::Whole)?;
    Ok(people)
}

/// Where the people of a batch are to be placed, each place once.
pub(crate) fn list_prepared_places(tx: &mut Tx, batch: BatchId) -> Result<Vec<Place>> {
    let sql = "select distinct unit, department from directory_staged_appointment where batch = $1";
    Ok(tx.all::<Prepared>(sql, params![batch])?.into_iter().map(|row| row.0).collect())
}

struct Prepared(Place);

impl FromRow for Prepared {
    fn from_row(row: &Row) -> Result<Self> {
        Place::from_row(row).map(Self)
    }
}

/// Some of those whom the batch wrote down, at most `limit`.
pub(crate) fn list_prepared(tx: &mut Tx, batch: BatchId, limit: u64) -> Result<Vec<PersonId>> {
    tx.scalars(
        "select distinct person from directory_staged_service where batch = $1 order by person limit $2",
        params![batch, limit],
    )
}

/// Everybody whom any batch wrote down and did not admit yet.
pub(crate) fn list_all_prepared(tx: &mut Tx) -> Result<Vec<PersonId>> {
    tx.scalars("select distinct person from directory_staged_service", &[])
}

/// Takes back one who was written down: he never served, so nothing names him.
pub(crate) fn delete_prepared(tx: &mut Tx, batch: BatchId, person: PersonId) -> Result<()> {
    tx.queue("delete from directory_staged_service where batch = $1 and person = $2", params![batch, person])?;
    tx.queue("delete from directory_staged_appointment where batch = $1 and person = $2", params![batch, person])?;
    tx.queue("delete from directory_person where id = $1", params![person])
}
