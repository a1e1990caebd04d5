//! What the file does not have, of the units it speaks of. It is listed; whether it ends, the user says.

use std::collections::BTreeSet;

use hanlin_directory::{
    model::{Appointment, Department, Place, Post, Rank, Unit},
    policy::Home,
};
use hanlin_kernel::{DepartmentId, PersonId, PostId, RankId, UnitId};

use super::{End, Gone, Met, Planning, Step, called, set};
use crate::model::{Sheet, Status, Verdict};

impl Planning<'_> {
    /// People first, then departments from below, then posts and ranks, then units from below: in this order each is empty
    /// when it ends.
    pub(super) fn gone(&mut self) -> Vec<Gone> {
        let mut gone = Vec::new();
        let people = self.people_gone();
        for (person, version, about) in &people {
            gone.push(listed(Sheet::People, about.clone()));
            self.work.ends.push(End::Person(*person, *version));
        }
        let leaving = set(people.iter().map(|(person, ..)| *person));
        let held = self.held_by_others(&leaving);
        let departments = self.departments_gone(&held);
        for department in &departments {
            gone.push(listed(Sheet::Departments, label(&department.name.zh, department.code.as_deref())));
            self.work.ends.push(End::Department(department.id, department.version));
        }
        for post in self.posts_gone(&held) {
            gone.push(listed(Sheet::Posts, label(&post.name.zh, Some(&post.code))));
            self.work.ends.push(End::Post(post.id, post.version));
        }
        for rank in self.ranks_gone(&leaving) {
            gone.push(listed(Sheet::Ranks, label(&rank.name.zh, Some(&rank.code))));
            self.work.ends.push(End::Rank(rank.id, rank.version));
        }
        for unit in self.units_gone(&held, &set(departments.iter().map(|department| department.id))) {
            gone.push(listed(Sheet::Units, label(&unit.name.zh, unit.code.as_deref())));
            self.work.ends.push(End::Unit(unit.id, unit.version));
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

    /// Ranks that nobody who stays has.
    fn ranks_gone(&self, leaving: &BTreeSet<PersonId>) -> Vec<Rank> {
        let (snapshot, at) = (&self.organisation.snapshot, self.organisation.at);
        let staying = snapshot.people().filter(|person| !leaving.contains(&person.id));
        let had = staying.filter_map(|person| snapshot.service(person.id, at)?.rank);
        let newly = self.work.newcomers.iter().flat_map(|new| new.service.iter().filter_map(|service| service.rank));
        let set_now = self.work.steps.iter().filter_map(|step| match step {
            Step::Rank(_, _, set) | Step::Rejoin(_, _, set) => set.rank,
            _ => None,
        });
        let used: BTreeSet<RankId> = had.chain(newly).chain(set_now).collect();
        let unused = |rank: &&Rank| !used.contains(&rank.id) && !self.met.contains(&Met::Rank(rank.id));
        let here = |rank: &&Rank| self.speaks_of(Sheet::Ranks, rank.unit) && self.manages(Home::unit(rank.unit));
        self.organisation.ranks.values().filter(unused).filter(here).cloned().collect()
    }

    /// Units below one of the file that hold nothing and nobody any more, from below.
    fn units_gone(&self, held: &[Appointment], closed: &BTreeSet<DepartmentId>) -> Vec<Unit> {
        let newly = self.work.newcomers.iter().flat_map(|new| new.appointments.iter().map(|held| held.place));
        let moved = self.work.steps.iter().filter_map(|step| match step {
            Step::Transfer(_, _, to) => Some(to.place),
            Step::Appoint(to) => Some(to.place),
            _ => None,
        });
        let staffed = held.iter().map(|held| held.place).chain(newly).chain(moved).filter_map(Place::unit);
        let open = self.organisation.by_id.values().filter(|found| !closed.contains(&found.id)).map(|found| found.unit);
        let new = self.work.departments.iter().map(|department| department.unit);
        let named = self.met.iter().filter_map(|met| match met {
            Met::Unit(id) => Some(*id),
            _ => None,
        });
        let kept: BTreeSet<UnitId> = staffed
            .chain(open)
            .chain(new)
            .chain(named)
            .chain(self.work.units.iter().map(|unit| unit.id))
            .flat_map(|unit| self.units_upwards(unit))
            .collect();
        let below_named =
            |unit: UnitId| self.units_upwards(unit).iter().any(|above| self.speaks_of(Sheet::Units, *above));
        let mut gone: Vec<(usize, Unit)> = self
            .organisation
            .by_unit
            .values()
            .filter(|unit| !kept.contains(&unit.id) && below_named(unit.id) && self.manages(Home::unit(unit.id)))
            .map(|unit| (self.units_upwards(unit.id).len(), unit.clone()))
            .collect();
        gone.sort_by_key(|(depth, unit)| (std::cmp::Reverse(*depth), unit.id));
        gone.into_iter().map(|(_, unit)| unit).collect()
    }
}

fn listed(sheet: Sheet, about: String) -> Gone {
    Gone { sheet, verdict: Verdict { status: Status::Gone, about, ..Verdict::default() } }
}

fn label(name: &str, code: Option<&str>) -> String {
    code.map_or_else(|| name.to_owned(), |code| format!("{name} {code}"))
}
