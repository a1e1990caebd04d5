//! Doing what an order says, by the directory's own actions, and noting what turns each step back.

use std::collections::BTreeMap;

use hanlin_directory::{
    self as directory, AddMember, Appoint, ChangeDepartment, ChangeUnit, CreateDepartment, CreateUnit, Leave,
    SetLeader, SetRank, TransferAppointment,
    model::{Appointment, LeadershipKind, Place},
};
use hanlin_kernel::{Actor, DepartmentId, Error, PersonId, Result, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;

use crate::model::{Act, Change, Problem, Target};

/// What came of doing one change.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// What turns it back, in the order in which that is done.
    pub inverse: Vec<Change>,
    /// Whose place, rank or service it changed.
    pub people: Vec<PersonId>,
}

/// The new places that earlier changes of the order made.
#[derive(Default)]
struct Made(BTreeMap<String, Place>);

/// All changes, one after the other, as of `at`. On a refusal: which change, and why; what was done before it is for
/// the caller to undo.
pub(crate) fn apply(
    tx: &mut Tx,
    actor: &Actor,
    changes: &[Change],
    at: Timestamp,
) -> Result<std::result::Result<Vec<Step>, Problem>> {
    let (mut made, mut steps) = (Made::default(), Vec::new());
    for (index, change) in changes.iter().enumerate() {
        match tx.savepoint(|tx| made.step(tx, actor, change, at)) {
            Ok(step) => steps.push(step),
            Err(error) => return problem_of(index, error).map(Err),
        }
    }
    Ok(Ok(steps))
}

/// What was done to units, in its order: a unit that was made is named by what closes it again.
pub(crate) fn acts(changes: &[Change], steps: &[Step]) -> Vec<(UnitId, Act)> {
    let act = |(change, step): (&Change, &Step)| match change {
        Change::CreateUnit { .. } => match step.inverse.first() {
            Some(Change::CloseUnit { unit }) => Some((*unit, Act::Registered)),
            _ => None,
        },
        Change::RenameUnit { unit, .. } => Some((*unit, Act::Renamed)),
        Change::MoveUnit { unit, .. } => Some((*unit, Act::Moved)),
        Change::CloseUnit { unit } => Some((*unit, Act::Closed)),
        Change::ReopenUnit { unit } => Some((*unit, Act::Reopened)),
        _ => None,
    };
    changes.iter().zip(steps).filter_map(act).collect()
}

/// What stands in the way, as something to be told; what is nobody's fault stays an error.
fn problem_of(index: usize, error: Error) -> Result<Problem> {
    match error {
        Error::Refused(refusal) => Ok(Problem::of(index, &refusal)),
        Error::NotFound | Error::Stale | Error::Forbidden(_) => {
            Ok(Problem { change: index, code: error.code().to_owned(), args: Default::default() })
        }
        Error::Invalid(faults) => match faults.into_iter().next() {
            Some(fault) => Ok(Problem { change: index, code: fault.code, args: fault.args }),
            None => Err(Error::internal("invalid, and nothing is wrong")),
        },
        other => Err(other),
    }
}

impl Made {
    fn place(&self, target: &Target) -> Result<Place> {
        match target {
            Target::Unit(unit) => Ok(Place::Unit(*unit)),
            Target::Department(department) => Ok(Place::Department(*department)),
            Target::New(key) => self.0.get(key).copied().ok_or(Error::NotFound),
        }
    }

    fn step(&mut self, tx: &mut Tx, actor: &Actor, change: &Change, at: Timestamp) -> Result<Step> {
        let from = Some(at);
        match change.clone() {
            Change::CreateDepartment { key, parent, name, code, level } => {
                let intent = CreateDepartment { parent: self.place(&parent)?, code, level, name, position: 0, from };
                let made = directory::create_department(tx, actor, intent)?;
                self.0.insert(key, Place::Department(made.id));
                Ok(step(vec![Change::CloseDepartment { department: made.id }]))
            }
            Change::RenameDepartment { department, name } => {
                let before = directory::department_at(tx, department, at)?;
                let intent = ChangeDepartment { name: Some(name), from, ..ChangeDepartment::default() };
                directory::change_department(tx, actor, department, before.version, intent)?;
                let back = Change::RenameDepartment { department, name: before.name };
                Ok(step(vec![back]))
            }
            Change::MoveDepartment { department, to } => {
                let to = self.place(&to)?;
                let back = move_department(tx, actor, department, to, at)?;
                Ok(step(vec![back]))
            }
            Change::MergeDepartment { department, into } => {
                let into = self.place(&into)?;
                merge(tx, actor, department, into, at)
            }
            Change::SplitDepartment { department, key, name, code, people, departments } => {
                let before = directory::department_at(tx, department, at)?;
                let level = before.level.clone();
                let intent =
                    CreateDepartment { parent: before.above(), code, level, name, position: before.position, from };
                let made = directory::create_department(tx, actor, intent)?.id;
                self.0.insert(key, Place::Department(made));
                split(tx, actor, department, made, (&people, &departments), at)
            }
            Change::CloseDepartment { department } => {
                let before = directory::department_at(tx, department, at)?;
                let mut inverse = vec![Change::ReopenDepartment { department }];
                inverse.extend(leaders_back(tx, Place::Department(department), at)?);
                directory::end_department(tx, actor, department, before.version, from)?;
                Ok(step(inverse))
            }
            Change::ReopenDepartment { department } => {
                let last = directory::last_department(tx, department)?;
                directory::reopen_department(tx, actor, department, last.version, from)?;
                Ok(step(vec![Change::CloseDepartment { department }]))
            }
            Change::CreateUnit { key, parent, kind, name, code } => {
                let (short_name, time_zone) = (None, None);
                let intent =
                    CreateUnit { parent: Some(parent), code, kind, name, short_name, time_zone, position: 0, from };
                let made = directory::create_unit(tx, actor, intent)?;
                self.0.insert(key, Place::Unit(made.id));
                Ok(step(vec![Change::CloseUnit { unit: made.id }]))
            }
            Change::RenameUnit { unit, name } => {
                let before = directory::unit_at(tx, unit, at)?;
                let intent = ChangeUnit { name: Some(name), from, ..ChangeUnit::default() };
                directory::change_unit(tx, actor, unit, before.version, intent)?;
                let back = Change::RenameUnit { unit, name: before.name };
                Ok(step(vec![back]))
            }
            Change::MoveUnit { unit, to } => move_unit(tx, actor, unit, to, at),
            Change::CloseUnit { unit } => {
                let before = directory::unit_at(tx, unit, at)?;
                let mut inverse = vec![Change::ReopenUnit { unit }];
                inverse.extend(leaders_back(tx, Place::Unit(unit), at)?);
                directory::end_unit(tx, actor, unit, before.version, from)?;
                Ok(step(inverse))
            }
            Change::ReopenUnit { unit } => {
                let last = directory::last_unit(tx, unit)?;
                directory::reopen_unit(tx, actor, unit, last.version, from)?;
                Ok(step(vec![Change::CloseUnit { unit }]))
            }
            Change::SetLeader { place, kind, person } => {
                let place = self.place(&place)?;
                let before = directory::leader_at(tx, kind, place, at)?;
                directory::set_leader(tx, actor, place, SetLeader { kind, person, from })?;
                let back = Change::SetLeader { place: place.into(), kind, person: before };
                Ok(Step { people: before.into_iter().chain(person).collect(), ..step(vec![back]) })
            }
            Change::Transfer { appointment, post, to } => {
                let held = directory::present_appointment(tx, appointment)?;
                let to = self.place(&to)?;
                let inverse = vec![transfer(tx, actor, &held, (post, to), at)?];
                Ok(Step { people: vec![held.person], ..step(inverse) })
            }
            Change::Appoint { person, post, to, main } => {
                let intent = Appoint { person, post, place: self.place(&to)?, main, from, to: None };
                let made = directory::appoint(tx, actor, intent)?;
                Ok(Step { people: vec![person], ..step(vec![Change::EndAppointment { appointment: made.id }]) })
            }
            Change::EndAppointment { appointment } => {
                let held = directory::present_appointment(tx, appointment)?;
                directory::end_appointment(tx, actor, appointment, held.version, from)?;
                Ok(Step { people: vec![held.person], ..step(vec![again(&held)]) })
            }
            Change::SetRank { person, rank } => {
                let before = directory::service_at(tx, person, at)?.and_then(|service| service.rank);
                let seen = directory::present_person(tx, person)?.version;
                directory::set_rank(tx, actor, person, seen, SetRank { rank, from })?;
                Ok(Step { people: vec![person], ..step(vec![Change::SetRank { person, rank: before }]) })
            }
            Change::Leave { person, successor } => leave(tx, actor, person, successor, at),
            Change::Rejoin { person, rank } => {
                let seen = directory::present_person(tx, person)?.version;
                directory::rejoin(tx, actor, person, seen, SetRank { rank, from })?;
                Ok(Step { people: vec![person], ..step(vec![Change::Leave { person, successor: None }]) })
            }
            Change::AddMember { group, person } => {
                directory::add_member(tx, actor, group, AddMember::since(person, from))?;
                Ok(Step { people: vec![person], ..step(Vec::new()) })
            }
        }
    }
}

fn step(inverse: Vec<Change>) -> Step {
    Step { inverse, people: Vec::new() }
}

/// The same post at the same place once more.
fn again(held: &Appointment) -> Change {
    Change::Appoint { person: held.person, post: held.post, to: held.place.into(), main: held.main }
}

/// The leaders that a place has, to be set again when it is opened again.
fn leaders_back(tx: &mut Tx, place: Place, at: Timestamp) -> Result<Vec<Change>> {
    let mut back = Vec::new();
    for kind in [LeadershipKind::Head, LeadershipKind::InCharge] {
        if let Some(person) = directory::leader_at(tx, kind, place, at)? {
            back.push(Change::SetLeader { place: place.into(), kind, person: Some(person) });
        }
    }
    Ok(back)
}

fn move_department(tx: &mut Tx, actor: &Actor, id: DepartmentId, to: Place, at: Timestamp) -> Result<Change> {
    let before = directory::department_at(tx, id, at)?;
    let intent = ChangeDepartment { parent: Some(to), from: Some(at), ..ChangeDepartment::default() };
    directory::change_department(tx, actor, id, before.version, intent)?;
    Ok(Change::MoveDepartment { department: id, to: before.above().into() })
}

fn move_unit(tx: &mut Tx, actor: &Actor, unit: UnitId, to: UnitId, at: Timestamp) -> Result<Step> {
    let before = directory::unit_at(tx, unit, at)?;
    let intent = ChangeUnit { parent: Some(to), from: Some(at), ..ChangeUnit::default() };
    directory::change_unit(tx, actor, unit, before.version, intent)?;
    Ok(step(before.parent.map(|above| Change::MoveUnit { unit, to: above }).into_iter().collect()))
}

/// Gives the change that brings him back.
fn transfer(
    tx: &mut Tx,
    actor: &Actor,
    held: &Appointment,
    to: (hanlin_kernel::PostId, Place),
    at: Timestamp,
) -> Result<Change> {
    let intent = TransferAppointment { post: to.0, place: to.1, from: Some(at) };
    let made = directory::transfer(tx, actor, held.id, held.version, intent)?;
    Ok(Change::Transfer { appointment: made.id, post: held.post, to: held.place.into() })
}

/// One who holds the same post at the place already keeps that, and what he has in the other department ends; was it
/// his main appointment, the one that he keeps is ended and the main one goes there.
fn bring(tx: &mut Tx, actor: &Actor, held: &Appointment, into: Place, at: Timestamp) -> Result<Vec<Change>> {
    let there = directory::appointments_at(tx, held.person, at)?;
    let Some(same) = there.into_iter().find(|other| other.place == into && other.post == held.post) else {
        return Ok(vec![transfer(tx, actor, held, (held.post, into), at)?]);
    };
    if held.main {
        directory::end_appointment(tx, actor, same.id, same.version, Some(at))?;
        return Ok(vec![transfer(tx, actor, held, (held.post, into), at)?, again(&same)]);
    }
    directory::end_appointment(tx, actor, held.id, held.version, Some(at))?;
    Ok(vec![again(held)])
}

fn merge(tx: &mut Tx, actor: &Actor, id: DepartmentId, into: Place, at: Timestamp) -> Result<Step> {
    directory::external::apart(tx, Place::Department(id), into)?;
    let before = directory::department_at(tx, id, at)?;
    let mut inverse = vec![Change::ReopenDepartment { department: id }];
    let (mut people, mut back) = (Vec::new(), leaders_back(tx, Place::Department(id), at)?);
    for child in directory::departments_in(tx, Place::Department(id), at)? {
        back.push(move_department(tx, actor, child, into, at)?);
    }
    let staff = directory::staff_at(tx, Place::Department(id), at)?;
    let mut brought = Vec::new();
    for held in staff {
        people.push(held.person);
        brought.extend(bring(tx, actor, &held, into, at)?);
    }
    let version = directory::last_department(tx, id)?.version;
    directory::end_department(tx, actor, id, version.max(before.version), Some(at))?;
    // People come back before they lead again.
    inverse.extend(brought);
    inverse.extend(back);
    Ok(Step { people, ..step(inverse) })
}

fn split(
    tx: &mut Tx,
    actor: &Actor,
    id: DepartmentId,
    made: DepartmentId,
    taken: (&[PersonId], &[DepartmentId]),
    at: Timestamp,
) -> Result<Step> {
    let mut inverse = Vec::new();
    for child in taken.1 {
        inverse.push(move_department(tx, actor, *child, Place::Department(made), at)?);
    }
    for held in directory::staff_at(tx, Place::Department(id), at)? {
        if taken.0.contains(&held.person) {
            inverse.push(transfer(tx, actor, &held, (held.post, Place::Department(made)), at)?);
        }
    }
    inverse.push(Change::CloseDepartment { department: made });
    Ok(Step { people: taken.0.to_vec(), ..step(inverse) })
}

/// He goes; what turns that back is his return with all that he had.
fn leave(tx: &mut Tx, actor: &Actor, person: PersonId, successor: Option<PersonId>, at: Timestamp) -> Result<Step> {
    let rank = directory::service_at(tx, person, at)?.and_then(|service| service.rank);
    let mut inverse = vec![Change::Rejoin { person, rank }];
    inverse.extend(directory::appointments_at(tx, person, at)?.iter().map(again));
    for led in directory::leads_at(tx, person, at)? {
        inverse.push(Change::SetLeader { place: led.place.into(), kind: led.kind, person: Some(person) });
    }
    for member in directory::memberships_at(tx, person, at)? {
        inverse.push(Change::AddMember { group: member.group, person });
    }
    let seen = directory::present_person(tx, person)?.version;
    directory::leave(tx, actor, person, seen, Leave { at: Some(at), successor })?;
    Ok(Step { people: vec![person], ..step(inverse) })
}
