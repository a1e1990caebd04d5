//! Who may do what to whom, as sets that the API can send and a test can print.

use hanlin_kernel::{Actor, Can, DepartmentId, Error, Permission, PersonId, Result, UnitId};
use jiff::Timestamp;

use crate::{
    model::{Place, Post},
    snapshot::Snapshot,
};

/// See people and the structure. Granted to everybody who signs in, over the whole installation, unless told otherwise.
pub const READ: Permission = Permission("directory.read");
/// Change people and the structure of the units in scope.
pub const MANAGE: Permission = Permission("directory.manage");

/// Where something is at home, for the question whose scope it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    pub unit: UnitId,
    pub department: Option<DepartmentId>,
}

impl Home {
    pub fn unit(unit: UnitId) -> Self {
        Self { unit, department: None }
    }

    fn in_reach(&self, actor: &Actor, permission: Permission) -> bool {
        match self.department {
            Some(department) => actor.reaches_department(permission, self.unit, department),
            None => actor.reaches(permission, self.unit),
        }
    }
}

/// What the actor may do with a place, a post, a rank or a group.
pub fn may(actor: &Actor, home: Home) -> Can {
    let manages = home.in_reach(actor, MANAGE);
    Can::none().when("read", manages || home.in_reach(actor, READ)).when("manage", manages)
}

/// What the actor may do with a person: in reach is who has an appointment in reach; one's own profile is one's own.
pub fn may_person(actor: &Actor, person: PersonId, homes: &[Home]) -> Can {
    let own = actor.person == person;
    let everywhere = |permission: Permission| actor.reaches_all(permission);
    let reached = |permission| everywhere(permission) || homes.iter().any(|home| home.in_reach(actor, permission));
    let manages = reached(MANAGE);
    Can::none()
        .when("read", own || manages || reached(READ))
        .when("update_profile", own || manages)
        .when("update", manages)
        .when("appoint", manages)
        .when("leave", manages)
}

/// May he see this person: himself, or one who is appointed in his reach then?
pub fn sees(actor: &Actor, person: PersonId, snapshot: &Snapshot, at: Timestamp) -> bool {
    reaches(actor, READ, person, snapshot, at) || actor.person == person
}

/// May he see this unit or department, and is it there then?
pub fn sees_place(actor: &Actor, place: Place, snapshot: &Snapshot, at: Timestamp) -> bool {
    let home = snapshot.unit_of(place, at).map(|unit| Home { unit, department: place.department() });
    home.is_some_and(|home| may(actor, home).allows("read"))
}

/// May he see this post, and is it in force then?
pub fn sees_post(actor: &Actor, post: &Post, snapshot: &Snapshot, at: Timestamp) -> bool {
    let applies = units_that_apply(snapshot, actor, at).is_none_or(|units| units.contains(&post.unit));
    post.validity.covers(at) && applies
}

/// The units whose posts, ranks and groups apply to what the actor may see: those in scope and those above them.
/// `None`: all.
pub(crate) fn units_that_apply(snapshot: &Snapshot, actor: &Actor, at: Timestamp) -> Option<Vec<UnitId>> {
    let scopes = actor.scope_of(READ);
    if scopes.all {
        return None;
    }
    let of_departments = scopes.departments.iter().filter_map(|department| snapshot.department(*department, at));
    let own = scopes.units.iter().copied().chain(of_departments.map(|department| department.unit)).chain(actor.unit);
    let mut units: Vec<UnitId> = own.flat_map(|unit| snapshot.units_upwards(unit, at)).collect();
    units.sort();
    units.dedup();
    Some(units)
}

/// Is the person appointed in reach of this permission then? Only one who reaches all reaches whoever has no appointment.
pub fn reaches(actor: &Actor, permission: Permission, person: PersonId, snapshot: &Snapshot, at: Timestamp) -> bool {
    let home = |place: Place| Some(Home { unit: snapshot.unit_of(place, at)?, department: place.department() });
    let held = snapshot.appointments(person, at).into_iter();
    actor.reaches_all(permission)
        || held.filter_map(|held| home(held.place)).any(|home| home.in_reach(actor, permission))
}

/// What he may not see is not there; what he may see and not do is forbidden.
pub(crate) fn require(can: &Can, verb: &str) -> Result<()> {
    can.require("read", Error::NotFound)?;
    can.require(verb, Error::forbidden(MANAGE))
}
