use hanlin_kernel::{Actor, Can, Permission, UnitId};

/// To write clauses for units in reach, and to load presets for them.
pub const MANAGE: Permission = Permission("rulebook.manage");

/// What the actor may do with the clauses of a unit. A rule is no secret to those it binds: `binding` are the units
/// that he belongs to, with those above.
pub(crate) fn may(actor: &Actor, binding: &[UnitId], unit: UnitId) -> Can {
    let manages = actor.reaches(MANAGE, unit);
    Can::none().when("read", manages || binding.contains(&unit)).when("change", manages)
}
