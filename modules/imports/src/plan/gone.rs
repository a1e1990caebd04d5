//! What the file does not have, of the units it speaks of. It is listed; whether it ends, the user says.

use std::collections::BTreeSet;

use hanlin_directory::{
    model::{Appointment, Department, Place, Post},
    policy::Home,
};
use hanlin_kernel::{DepartmentId, PersonId, PostId, UnitId};

use super::{End, Gone, Met, Planning, called, set};
use crate::model::{Sheet, Status, Verdict};

impl Planning<'_> {
    /// People first, then departments from below, then posts: in this order each is empty when it ends.
    pub(super) fn gone(&mut self) -> Vec<Gone> {
        let mut gone = Vec::new();
        let people = self.people_gone();
        for (person, version, about) in &people {
            gone.push(listed(Sheet::People, about.clone()));
            self.work.ends.push(End::Person(*person, *version));
        }
        let leaving = set(people.iter().map(|(person, ..)| *person));
        let held = self.held_by_others(&leaving);
        for department in self.departments_gone(&held) {
            gone.push(listed(Sheet::Departments, label(&department.name.zh, department.code.as_deref())));
            self.work.ends.push(End::Department(department.id, department.version));
        }
        for post in self.posts_gone(&held) {
            gone.push(listed(Sheet::Posts, label(&post.name.zh, Some(&post.code))));
            self.work.ends.push(End::Post(post.id, post.version));
        }
        gone
    }

    fn speaks_of(&self, sheet: Sheet, unit: UnitId) -> bool {
        self.named.contains(&(sheet, unit))
    }

    /// Those in service in these units; never the one who imports.
    fn people_gone(&self) -> Vec<(PersonId, u64, String)> {
        let (snapshot, at) = (&self.organisation.snapshot, self.organisation.at);
        let mut found: Vec<(PersonId, u64, String)> = Vec::new();
        let numbered = self.organisation.snapshot.people().filter(|person| {
            person.id != self.actor.person
                && !self.met.contains(&Met::Person(person.id))
                && snapshot.is_active(person.id, at)
        });
        for person in numbered {
            let Some(main) = snapshot.main_appointment(person.id, at) else { continue };
            let Some(home) = self.home(main.place) else { continue };
            if self.speaks_of(Sheet::People, home.unit) && self.manages(home) {
                found.push((person.id, person.version, called(person)));
            }
        }
        found.sort();
        found
    }

    /// The appointments of those who stay.
    fn held_by_others(&self, leaving: &BTreeSet<PersonId>) -> Vec<Appointment> {
        let (snapshot, at) = (&self.organisation.snapshot, self.organisation.at);
        let staying = snapshot.people().filter(|person| !leaving.contains(&person.id));
        staying.flat_map(|person| snapshot.appointments(person.id, at)).cloned().collect()
    }

    fn departments_gone(&self, held: &[Appointment]) -> Vec<Department> {
        let kept_places = held
            .iter()
            .map(|held| held.place)
            .chain(self.work.newcomers.iter().flat_map(|new| new.appointments.iter().map(|held| held.place)));
        let met = self.met.iter().filter_map(|met| match met {
            Met::Department(id) => Some(*id),
            _ => None,
        });
        let new = self.work.departments.iter().map(|department| department.id);
        let mut kept: BTreeSet<DepartmentId> = BTreeSet::new();
        for id in kept_places.filter_map(Place::department).chain(met).chain(new) {
            let up = |id: &DepartmentId| self.parents.get(id).copied().flatten();
            kept.extend(std::iter::successors(Some(id), up).take(self.parents.len() + 1));
        }
        let mut gone: Vec<(usize, Department)> = self
            .organisation
            .by_id
            .values()
            .filter(|found| self.speaks_of(Sheet::Departments, found.unit) && !kept.contains(&found.id))
            .filter(|found| self.manages(Home { unit: found.unit, department: Some(found.id) }))
            .map(|found| (self.depth(found.id), found.clone()))
            .collect();
        gone.sort_by_key(|(depth, found)| (std::cmp::Reverse(*depth), found.id));
        gone.into_iter().map(|(_, found)| found).collect()
    }

    fn posts_gone(&self, held: &[Appointment]) -> Vec<Post> {
        let newly = self.work.newcomers.iter().flat_map(|new| new.appointments.iter().map(|held| held.post));
        let used: BTreeSet<PostId> = held.iter().map(|held| held.post).chain(newly).collect();
        let unused = |post: &&Post| !used.contains(&post.id) && !self.met.contains(&Met::Post(post.id));
        let here = |post: &&Post| self.speaks_of(Sheet::Posts, post.unit) && self.manages(Home::unit(post.unit));
        self.organisation.posts.values().filter(unused).filter(here).cloned().collect()
    }
}

fn listed(sheet: Sheet, about: String) -> Gone {
    Gone { sheet, verdict: Verdict { status: Status::Gone, about, ..Verdict::default() } }
}

fn label(name: &str, code: Option<&str>) -> String {
    code.map_or_else(|| name.to_owned(), |code| format!("{name} {code}"))
}
