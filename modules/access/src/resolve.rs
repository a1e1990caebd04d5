//! From what was granted to what an actor may: scopes become sets of units and departments. Pure.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_directory::{
    SAMPLE, Snapshot,
    model::{Appointment, Place},
};
use hanlin_kernel::{Grant as Held, PersonId, Scope, Scopes};
use jiff::Timestamp;

use crate::{
    model::{Grant, Subject},
    snapshot::Grants,
};

/// Who asks: a person under one of his appointments, at an instant.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    pub person: PersonId,
    /// The appointment under which he acts.
    pub acting: Option<&'a Appointment>,
    pub at: Timestamp,
}

/// One grant that reaches somebody, measured out.
#[derive(Clone, Debug)]
pub struct Reached<'a> {
    pub grant: &'a Grant,
    pub permissions: Vec<String>,
    pub scopes: Scopes,
}

/// All that he may, one entry a permission.
pub fn held(asker: Asker<'_>, grants: &Grants, all: &BTreeSet<String>, directory: &Snapshot) -> Vec<Held> {
    let mut joined: BTreeMap<String, Scopes> = BTreeMap::new();
    for reached in reached(asker, grants, all, directory) {
        for permission in reached.permissions {
            let scopes = joined.remove(&permission).unwrap_or_default().join(&reached.scopes);
            joined.insert(permission, scopes);
        }
    }
    joined.into_iter().map(|(permission, scopes)| Held { permission, scopes }).collect()
}

/// Every grant in force that reaches him: why he may what he may (PERM-17). None reaches a person of an external
/// organisation, whoever it is to: not even what everybody has (ORG-24).
pub fn reached<'a>(
    asker: Asker<'_>,
    grants: &'a Grants,
    all: &BTreeSet<String>,
    directory: &Snapshot,
) -> Vec<Reached<'a>> {
    if directory.is_external(asker.person) {
        return Vec::new();
    }
    let appointments = directory.appointments(asker.person, asker.at);
    let mut subjects = vec![Subject::Everyone, Subject::Person(asker.person)];
    subjects.extend(directory.groups_of(asker.person, asker.at).into_iter().map(Subject::Group));
    let mut posts: Vec<Subject> = appointments.iter().map(|held| Subject::Post(held.post)).collect();
    posts.sort();
    posts.dedup();
    subjects.extend(posts);
    let found = subjects.into_iter().flat_map(|subject| grants.to(subject)).filter(|grant| grant.covers(asker.at));
    found
        .map(|grant| {
            let from = measured_from(grant, asker.acting, &appointments).into_iter();
            let scopes = match own_side(asker, directory) {
                Some(side) if (grant.subject, grant.scope) == (Subject::Everyone, Scope::All) => side,
                _ => from.fold(own(grant.scope), |joined, place| {
                    joined.join(&scopes(grant.scope, place, asker.at, directory))
                }),
            };
            Reached { grant, permissions: grants.permissions(&grant.what, all), scopes }
        })
        .collect()
}

/// What everybody may everywhere, he may on his side, where a sample is loaded beside an organisation: neither sees the
/// other's people unless he was granted it by name.
fn own_side(asker: Asker<'_>, directory: &Snapshot) -> Option<Scopes> {
    if !directory.has_sample_beside(asker.at) {
        return None;
    }
    let in_sample = directory.is_sample(asker.person);
    let roots = directory.roots(asker.at).into_iter().filter(|root| (root.id == SAMPLE) == in_sample);
    let units = roots.flat_map(|root| directory.units_and_below(root.id, asker.at)).collect();
    Some(Scopes { units, own: true, ..Scopes::default() })
}

/// Where a scope is measured from: the place that the grant names; for a post, each place where he holds it; else
/// where he is appointed as he acts.
fn measured_from(grant: &Grant, acting: Option<&Appointment>, appointments: &[&Appointment]) -> Vec<Place> {
    match (grant.place, grant.subject) {
        (Some(place), _) => vec![place],
        (None, Subject::Post(post)) => {
            appointments.iter().filter(|held| held.post == post).map(|held| held.place).collect()
        }
        (None, _) => acting.map(|held| held.place).into_iter().collect(),
    }
}

/// What a scope holds wherever it is measured from: what is one's own, or everything.
fn own(scope: Scope) -> Scopes {
    Scopes { all: scope == Scope::All, own: true, ..Scopes::default() }
}

/// The units and departments of a scope, seen from a place.
pub fn scopes(scope: Scope, from: Place, at: Timestamp, directory: &Snapshot) -> Scopes {
    let mut scopes = own(scope);
    match scope {
        Scope::Own | Scope::All => {}
        Scope::Department => scopes.departments.extend(from.department()),
        Scope::DepartmentAndBelow => {
            let below = from.department().map(|department| directory.departments_and_below(department, at));
            scopes.departments.extend(below.unwrap_or_default());
        }
        Scope::Unit => scopes.units.extend(directory.unit_of(from, at)),
        Scope::UnitAndBelow => {
            let below = directory.unit_of(from, at).map(|unit| directory.units_and_below(unit, at));
            scopes.units.extend(below.unwrap_or_default());
        }
    }
    scopes
}

/// Does whoever holds `more` reach all that `less` reaches?
pub fn covers(more: &Scopes, less: &Scopes, at: Timestamp, directory: &Snapshot) -> bool {
    let reaches_department = |department| {
        more.departments.contains(&department)
            || directory.department(department, at).is_some_and(|known| more.units.contains(&known.unit))
    };
    more.all
        || !less.all
            && less.units.is_subset(&more.units)
            && less.departments.iter().all(|department| reaches_department(*department))
}
