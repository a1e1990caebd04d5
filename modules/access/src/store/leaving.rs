use std::collections::BTreeSet;

use hanlin_kernel::{DepartmentId, GroupId, PersonId, PostId, Result, UnitId};
use hanlin_store::{Leaving, Tx};

use super::grants::touch;
use crate::model::{Account, AccountId, GrantId, RoleId, SessionId};

/// The accounts of these people.
pub(crate) fn list_accounts_of(tx: &mut Tx, people: &BTreeSet<PersonId>) -> Result<Vec<Account>> {
    let people: Vec<PersonId> = people.iter().copied().collect();
    tx.all_in("select * from access_account where person in ({in}) order by id", &[], &people)
}

/// Deletes what is kept of those who go and of their places, what refers to something before what it refers to.
pub(crate) fn delete_leaving(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let (people, units) = (leaving.people.clone(), leaving.units.clone());
    let departments = leaving.departments.clone();
    let accounts: Vec<AccountId> = Leaving::find(tx, "access_account", "person", &people)?;
    let sessions: Vec<SessionId> = Leaving::find(tx, "access_session", "account", &accounts)?;
    leaving.note("sessions", &sessions);
    for table in ["access_session", "access_password"] {
        Leaving::delete(tx, table, "account", &accounts)?;
    }
    Leaving::delete(tx, "access_department_account", "department", &departments)?;
    Leaving::delete(tx, "access_sign_in", "person", &people)?;
    Leaving::delete(tx, "access_sign_in_review", "reviewer", &people)?;
    for table in ["access_sign_in", "access_sign_in_review"] {
        Leaving::delete(tx, table, "unit", &units)?;
        Leaving::delete(tx, table, "department", &departments)?;
    }
    delete_grants(tx, leaving, &people, &units, &departments)?;
    Leaving::delete(tx, "access_account", "id", &accounts)?;
    touch(tx)
}

/// What was granted to those who go, by whatever name, or over their places; and the roles of those places.
fn delete_grants(
    tx: &mut Tx,
    leaving: &mut Leaving,
    people: &BTreeSet<PersonId>,
    units: &BTreeSet<UnitId>,
    departments: &BTreeSet<DepartmentId>,
) -> Result<()> {
    let mut roles: Vec<RoleId> = Leaving::find(tx, "access_role", "unit", units)?;
    roles.extend(Leaving::find::<RoleId>(tx, "access_role", "department", departments)?);
    let mut grants: BTreeSet<GrantId> = BTreeSet::new();
    grants.extend(Leaving::find::<GrantId>(tx, "access_grant", "subject", people)?);
    let (groups, posts) = hanlin_directory::sample_subjects(tx)?;
    grants.extend(Leaving::find::<GrantId>(tx, "access_grant", "subject", &groups as &BTreeSet<GroupId>)?);
    grants.extend(Leaving::find::<GrantId>(tx, "access_grant", "subject", &posts as &BTreeSet<PostId>)?);
    grants.extend(Leaving::find::<GrantId>(tx, "access_grant", "unit", units)?);
    grants.extend(Leaving::find::<GrantId>(tx, "access_grant", "department", departments)?);
    grants.extend(Leaving::find::<GrantId>(tx, "access_grant", "role", &roles)?);
    Leaving::delete(tx, "access_grant", "id", &grants)?;
    Leaving::delete(tx, "access_role", "id", &roles)?;
    leaving.note("grants", &grants);
    leaving.note("roles", &roles);
    Ok(())
}
