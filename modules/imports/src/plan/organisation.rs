//! The organisation as a plan asks for it: by codes and numbers, exactly where they stand.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use hanlin_directory::{
    Snapshot,
    model::{Department, Place, Post, Rank, Unit},
    names::fold,
};
use hanlin_kernel::{DepartmentId, PersonId, UnitId};
use hanlin_rulebook::Rules;
use jiff::Timestamp;

use crate::keys::Keys;

pub struct Organisation {
    pub snapshot: Arc<Snapshot>,
    pub at: Timestamp,
    pub by_unit: BTreeMap<UnitId, Unit>,
    pub departments: BTreeMap<(UnitId, String), Department>,
    pub by_id: HashMap<DepartmentId, Department>,
    pub(crate) keys: Keys,
    pub posts: BTreeMap<(UnitId, String), Post>,
    pub ranks: BTreeMap<(UnitId, String), Rank>,
    pub by_number: HashMap<String, PersonId>,
    pub by_mobile: HashMap<String, PersonId>,
    pub by_email: HashMap<String, PersonId>,
    /// What says which mailboxes people may have.
    pub rules: Rules,
}

impl Organisation {
    /// As it is at an instant, without those whom an import has only prepared.
    pub fn of(rules: Rules, at: Timestamp, prepared: &BTreeSet<PersonId>) -> Self {
        let snapshot = rules.directory.clone();
        let roots: Vec<Place> = snapshot.roots(at).into_iter().map(|unit| Place::Unit(unit.id)).collect();
        let places: Vec<Place> = roots.into_iter().flat_map(|root| snapshot.and_below(root, at)).collect();
        let found: Vec<Department> =
            places.iter().filter_map(|place| snapshot.department(place.department()?, at)).cloned().collect();
        let people = || snapshot.people().filter(|person| !prepared.contains(&person.id));
        let number = |person: &hanlin_directory::model::Person| person.employee_number.clone();
        let by_number = people().filter_map(|person| Some((number(person)?, person.id))).collect();
        let by_mobile = people().filter_map(|person| Some((fold(person.mobile.as_deref()?), person.id))).collect();
        let by_email = people().filter_map(|person| Some((fold(person.email.as_deref()?), person.id))).collect();
        let posts = snapshot.posts(at).into_iter().map(|post| ((post.unit, post.code.clone()), post.clone())).collect();
        let ranks = snapshot.ranks(at).into_iter().map(|rank| ((rank.unit, rank.code.clone()), rank.clone())).collect();
        let keys = Keys::of(&snapshot, at);
        Self {
            at,
            by_unit: places
                .iter()
                .filter_map(|place| Some((place.unit()?, snapshot.unit(place.unit()?, at)?.clone())))
                .collect(),
            departments: found
                .iter()
                .filter_map(|department| Some(((department.unit, keys.department(department.id)?), department.clone())))
                .collect(),
            by_id: found.into_iter().map(|department| (department.id, department)).collect(),
            keys,
            posts,
            ranks,
            by_number,
            by_mobile,
            by_email,
            snapshot,
            rules,
        }
    }

    /// What people call a place in the file: the keys of its unit and department.
    pub fn place_keys(&self, place: Place) -> (Option<String>, Option<String>) {
        match place {
            Place::Unit(unit) => (self.keys.unit(unit), None),
            Place::Department(department) => {
                let found = self.by_id.get(&department);
                (found.and_then(|found| self.keys.unit(found.unit)), self.keys.department(department))
            }
        }
    }

    pub fn post_code(&self, post: hanlin_kernel::PostId) -> Option<String> {
        self.snapshot.post(post).map(|post| post.code.clone())
    }
}
