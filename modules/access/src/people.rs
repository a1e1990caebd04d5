//! The question turned round: who may do this there, and why.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Permission, PersonId, Result, Scopes, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;

use crate::{
    model::{Grant, GrantId, Role, Subject, What},
    resolve::{self, Asker, Reached},
    snapshot::{self, Grants},
    store,
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

/// Everybody in service who may do one of these at this place, in the order of their ids.
pub fn holders_of(tx: &mut Tx, permissions: &[String], place: Place) -> Result<Vec<PersonId>> {
    let (directory, grants, at) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
    let found = permissions.iter().flat_map(|permission| holders(permission, place, &grants, &directory, at));
    let people: BTreeSet<PersonId> = found.map(|holder| holder.person).collect();
    Ok(people.into_iter().collect())
}

/// Does this person hold the permission now over all of these places, under whichever of his appointments? What long
/// work asks that was ordered a while ago: somebody who left, or whose account was locked, holds nothing.
pub fn still_reaches(tx: &mut Tx, person: PersonId, permission: Permission, ordered: &Scopes) -> Result<bool> {
    let (directory, grants, at) = (hanlin_directory::snapshot(tx)?, snapshot::grants(tx)?, tx.now());
    let account = store::find_account_of(tx, person)?;
    if !directory.is_active(person, at) || account.is_none_or(|account| account.locked_at.is_some()) {
        return Ok(false);
    }
    let wanted = BTreeSet::from([permission.0.to_owned()]);
    let held =
        under_any(person, &grants, &wanted, &directory, at).into_iter().filter(|one| !one.permissions.is_empty());
    let held = held.fold(Scopes::default(), |joined, one| joined.join(&one.scopes));
    Ok(resolve::covers(&held, ordered, at, &directory))
}

/// One who may do something somewhere, by each of these grants.
#[derive(Clone, Debug)]
pub(crate) struct Holder<'a> {
    pub person: PersonId,
    pub because: Vec<Reached<'a>>,
}

/// Everybody in service who may do this at this place, under whichever of his appointments, and why (PERM-17). Pure.
pub(crate) fn holders<'a>(
    permission: &str,
    place: Place,
    grants: &'a Grants,
    directory: &Snapshot,
    at: Timestamp,
) -> Vec<Holder<'a>> {
    let wanted = BTreeSet::from([permission.to_owned()]);
    let mut people: Vec<PersonId> = directory.people().map(|person| person.id).collect();
    people.retain(|person| directory.is_active(*person, at));
    people.sort();
    let why = |person| {
        let mut because = under_any(person, grants, &wanted, directory, at);
        because
            .retain(|one| one.permissions.iter().any(|held| held == permission) && reaches(one, place, directory, at));
        Holder { person, because }
    };
    people.into_iter().map(why).filter(|holder| !holder.because.is_empty()).collect()
}

/// Every grant in force that reaches him under one of his appointments or another, over all that it reaches under any.
pub(crate) fn under_any<'a>(
    person: PersonId,
    grants: &'a Grants,
    all: &BTreeSet<String>,
    directory: &Snapshot,
    at: Timestamp,
) -> Vec<Reached<'a>> {
    let held = directory.appointments(person, at);
    let acting = held.iter().copied().map(Some).chain(held.is_empty().then_some(None));
    let mut joined: BTreeMap<GrantId, Reached<'a>> = BTreeMap::new();
    for acting in acting {
        for one in resolve::reached(Asker { person, acting, at }, grants, all, directory) {
            let scopes = joined.get(&one.grant.id).map(|known| known.scopes.clone()).unwrap_or_default();
            joined.insert(one.grant.id, Reached { scopes: scopes.join(&one.scopes), ..one });
        }
    }
    joined.into_values().collect()
}

fn reaches(reached: &Reached<'_>, place: Place, directory: &Snapshot, at: Timestamp) -> bool {
    let over_unit = directory.unit_of(place, at).is_some_and(|unit| reached.scopes.units.contains(&unit));
    let over_department = place.department().is_some_and(|department| reached.scopes.departments.contains(&department));
    reached.scopes.all || over_unit || over_department
}
