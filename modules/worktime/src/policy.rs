use hanlin_kernel::{Actor, Can, Permission, UnitId};

/// To set calendars and their exceptions for units in reach; over everything: to import public holidays too.
pub const MANAGE: Permission = Permission("worktime.manage");

/// What the actor may do with the calendar of this unit. It is no secret within its reach, and unknown outside.
pub(crate) fn may(actor: &Actor, unit: UnitId) -> Can {
    let reached = actor.reaches(MANAGE, unit);
    Can::none().when("read", reached).when("change", reached)
}

/// What the actor may do with the years of public holidays.
pub(crate) fn may_with_years(actor: &Actor) -> Can {
    Can::none().when("read", true).when("replace", may_import(actor))
}

/// Public holidays hold for every unit of the region, so they are changed by whoever may do so everywhere.
pub(crate) fn may_import(actor: &Actor) -> bool {
    actor.reaches_all(MANAGE)
}
