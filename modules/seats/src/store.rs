use hanlin_kernel::{PersonId, Result, UnitId};
use hanlin_store::{Leaving, OnConstraint, Tx, params};
use jiff::Timestamp;

use crate::{
    model::{Because, Kind, Seat, SeatId},
    rules::Refusal,
};

pub(crate) fn find(tx: &mut Tx, id: SeatId) -> Result<Seat> {
    tx.one("select * from seats_seat where id = $1", params![id])
}

/// All seats that a unit ever gave, the oldest first.
pub(crate) fn list_of_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<Seat>> {
    tx.all("select * from seats_seat where unit = $1 order by valid_from, id", params![unit])
}

/// All seats that were ever given, for the register of all units.
pub(crate) fn list_all(tx: &mut Tx) -> Result<Vec<Seat>> {
    tx.all("select * from seats_seat order by valid_from, id", &[])
}

pub(crate) fn list_of_kind(tx: &mut Tx, unit: UnitId, kind: Kind) -> Result<Vec<Seat>> {
    tx.all("select * from seats_seat where unit = $1 and kind = $2 order by valid_from, id", params![unit, kind])
}

/// The seats of a person that hold at that instant or later.
pub(crate) fn list_of_person(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<Vec<Seat>> {
    let sql = "select * from seats_seat where person = $1 and (valid_to is null or valid_to > $2) order by id";
    tx.all(sql, params![person, at])
}

pub(crate) fn insert(tx: &mut Tx, seat: &Seat, name: &str) -> Result<()> {
    tx.exec(
        "insert into seats_seat (id, unit, kind, person, post, contact, valid_from, valid_to, instead_of, registered_by, \
         registered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            seat.id,
            seat.unit,
            seat.kind,
            seat.person,
            seat.post,
            seat.contact,
            seat.validity.from,
            seat.validity.to,
            seat.instead_of,
            seat.registered_by,
            seat.registered_at,
        ],
    )
    .on_unique("seats_seat_held", || Refusal::SeatedAlready { person: name.to_owned() }.into())?;
    Ok(())
}

/// Ends a seat; one that has not begun ends when it would have begun.
pub(crate) fn end(tx: &mut Tx, seat: &Seat, at: Timestamp, because: Because) -> Result<()> {
    let at = at.max(seat.validity.from);
    tx.exec("update seats_seat set valid_to = $2, ended_because = $3 where id = $1", params![seat.id, at, because])?;
    Ok(())
}

/// Takes out the seats of the units that go.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let seats: Vec<SeatId> = Leaving::find(tx, "seats_seat", "unit", &leaving.units)?;
    Leaving::delete(tx, "seats_seat", "id", &seats)?;
    leaving.note("seats", &seats);
    Ok(())
}
