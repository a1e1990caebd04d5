//! What stands now inside this unit of work, for those who plan on top of it: the snapshot would be loaded anew after
//! every change.

use hanlin_kernel::{AppointmentId, DepartmentId, PersonId, Result, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;

use crate::{
    model::{
        Appointment, Dated, Department, GroupMember, Leadership, LeadershipKind, Person, Place, Service, Unit, as_of,
    },
    rules::Refusal,
    store,
};

/// A unit as it is at `at`.
pub fn unit_at(tx: &mut Tx, id: UnitId, at: Timestamp) -> Result<Unit> {
    Ok(as_of(&store::find_unit(tx, id)?, at).cloned().ok_or(Refusal::NotInForce)?)
}

/// A department as it is at `at`.
pub fn department_at(tx: &mut Tx, id: DepartmentId, at: Timestamp) -> Result<Department> {
    Ok(as_of(&store::find_department(tx, id)?, at).cloned().ok_or(Refusal::NotInForce)?)
}

/// A department as it was last, closed or not.
pub fn last_department(tx: &mut Tx, id: DepartmentId) -> Result<Department> {
    Ok(store::find_department(tx, id)?.pop().ok_or(Refusal::NotInForce)?)
}

/// A unit as it was last, closed or not.
pub fn last_unit(tx: &mut Tx, id: UnitId) -> Result<Unit> {
    Ok(store::find_unit(tx, id)?.pop().ok_or(Refusal::NotInForce)?)
}

pub fn present_person(tx: &mut Tx, id: PersonId) -> Result<Person> {
    store::find_person(tx, id)
}

pub fn present_appointment(tx: &mut Tx, id: AppointmentId) -> Result<Appointment> {
    store::find_appointment(tx, id)
}

/// His service at `at`, if he serves then.
pub fn service_at(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<Option<Service>> {
    Ok(as_of(&store::list_service(tx, person)?, at).cloned())
}

/// The appointments a person has at `at`.
pub fn appointments_at(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<Vec<Appointment>> {
    present(store::list_appointments(tx, person)?, at)
}

/// What a person leads at `at`.
pub fn leads_at(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<Vec<Leadership>> {
    present(store::list_leaderships_of(tx, person)?, at)
}

/// The groups a person is in at `at`.
pub fn memberships_at(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<Vec<GroupMember>> {
    present(store::list_memberships_after(tx, person, at)?, at)
}

/// Who leads a place at `at`.
pub fn leader_at(tx: &mut Tx, kind: LeadershipKind, place: Place, at: Timestamp) -> Result<Option<PersonId>> {
    Ok(as_of(&store::list_leaderships(tx, kind, place)?, at).map(|led| led.person))
}

/// Who is appointed to the place itself at `at`.
pub fn staff_at(tx: &mut Tx, place: Place, at: Timestamp) -> Result<Vec<Appointment>> {
    present(store::list_staff(tx, place)?, at)
}

/// The departments right below a place at `at`.
pub fn departments_in(tx: &mut Tx, place: Place, at: Timestamp) -> Result<Vec<DepartmentId>> {
    store::list_departments_in(tx, place, at)
}

fn present<T: Dated>(ever: Vec<T>, at: Timestamp) -> Result<Vec<T>> {
    Ok(ever.into_iter().filter(|one| one.validity().covers(at)).collect())
}
