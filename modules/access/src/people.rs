//! The question turned round: who may do this there.

use std::collections::BTreeSet;

use hanlin_kernel::{Permission, PersonId, Result, UnitId};
use hanlin_store::Tx;

use crate::{
    model::{Grant, Role, Subject, What},
    resolve::{self, Asker},
    snapshot,
};

/// Every grant that holds now or is to hold, with the code and name of its role: what has to be looked at when people
/// or posts change (ORG-10).
pub fn list_grants_naming(tx: &mut Tx) -> Result<Vec<(Grant, Option<Role>)>> {
    let grants = snapshot::grants(tx)?;
    let mut all: Vec<Grant> = grants.all().cloned().collect();
    all.sort_by_key(|grant| grant.id);
    let role = |grant: &Grant| match &grant.what {
        What::Role(role) => grants.role(*role).cloned(),
        What::Permission(_) => None,
    };
    Ok(all.into_iter().map(|grant| (grant.clone(), role(&grant))).collect())
}

/// The people in service who hold this permission over this unit, in the order of their ids. What everybody holds
/// names nobody.
pub fn people_with(tx: &mut Tx, permission: Permission, unit: UnitId) -> Result<Vec<PersonId>> {
    let (directory, grants, at) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
    let wanted = BTreeSet::from([permission.0.to_owned()]);
    let mut candidates = BTreeSet::new();
    for grant in grants.all().filter(|grant| grant.covers(at)) {
        if !grants.permissions(&grant.what, &wanted).iter().any(|held| held == permission.0) {
            continue;
        }
        match grant.subject {
            Subject::Person(person) => drop(candidates.insert(person)),
            Subject::Group(group) => candidates.extend(directory.members(group, at)),
            Subject::Post(post) => {
                for unit in directory.units_upwards(unit, at) {
                    candidates.extend(directory.holders(&[post], unit, at));
                }
            }
            Subject::Everyone => {}
        }
    }
    let reaches = |person: &PersonId| {
        let asker = Asker { person: *person, acting: directory.main_appointment(*person, at), at };
        let reached = resolve::reached(asker, &grants, &wanted, &directory);
        directory.is_active(*person, at)
            && reached.iter().any(|one| {
                let over = one.scopes.all || one.scopes.units.contains(&unit);
                over && one.permissions.iter().any(|held| held == permission.0)
            })
    };
    Ok(candidates.into_iter().filter(reaches).collect())
}
