//! Who may act for a department's account. Pure.

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::PersonId;
use jiff::Timestamp;

use super::model::{DepartmentAccount, Kind};
use crate::model::Refusal;

/// The head's is its head's only; the public one is for whoever is appointed in the department, or below it where that
/// is allowed. For one that ended nobody acts.
pub(crate) fn may_act_for(
    account: &DepartmentAccount,
    person: PersonId,
    directory: &Snapshot,
    at: Timestamp,
) -> Result<(), Refusal> {
    let department = Place::Department(account.department);
    if account.ended_at.is_some() || !directory.is_active(account.person, at) {
        return Err(Refusal::DepartmentAccountEnded);
    }
    match account.kind {
        Kind::Head if directory.head(department, at) == Some(person) => Ok(()),
        Kind::Head => Err(Refusal::HeadsOnly),
        Kind::Public => {
            let inside = |place| place == department || account.with_below && directory.lies_in(place, department, at);
            let belongs = directory.appointments(person, at).iter().any(|held| inside(held.place));
            if belongs && directory.is_active(person, at) { Ok(()) } else { Err(Refusal::NotOfThisDepartment) }
        }
    }
}
