//! From one state of the organisation to the next: what changed is forgotten and taken anew, all else is shared.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use hanlin_kernel::{DepartmentId, GroupId, PersonId, PostId, RankId, UnitId};
use jiff::Timestamp;

use super::{Known, Map, Rows, Snapshot, counts::Turns};
use crate::model::{Appointment, Dated, Department, Group, Person, Place, Post, Rank, Service, Unit};

/// What has changed between two states. Appointments, leaderships and memberships are their person's.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Changed {
    pub units: BTreeSet<UnitId>,
    pub departments: BTreeSet<DepartmentId>,
    pub posts: BTreeSet<PostId>,
    pub ranks: BTreeSet<RankId>,
    pub groups: BTreeSet<GroupId>,
    pub people: BTreeSet<PersonId>,
}

/// Lists to which something came, so that they are to be put in order; and places where people came or went.
#[derive(Default)]
pub(super) struct Loose {
    below: HashSet<Place>,
    staffed: HashSet<Place>,
    departments: HashSet<String>,
    posts: HashSet<String>,
    ranks: HashSet<String>,
    groups: HashSet<String>,
}

impl Snapshot {
    /// The next state: these are now the rows of what changed.
    pub(crate) fn advance(&self, stamp: impl Into<String>, changed: &Changed, rows: Rows) -> Self {
        let mut next = Self { stamp: stamp.into(), terms: super::Terms::default(), ..self.clone() };
        let mut loose = Loose::default();
        next.forget_people(&changed.people, &mut loose);
        next.forget_places(changed);
        next.forget_names(changed);
        next.take(rows, changed, loose);
        next.hand_on_terms(&self.terms, changed);
        next
    }

    fn forget_people(&mut self, people: &BTreeSet<PersonId>, loose: &mut Loose) {
        for id in people {
            let Some(known) = self.people.remove(id) else { continue };
            if let Some(number) = &known.person.employee_number
                && self.codes.people.get(number) == Some(id)
            {
                self.codes.people.remove(number);
            }
            for held in &known.appointments {
                let Some(held) = self.appointments.remove(held) else { continue };
                self.forget_holder(&held);
                self.staff.take_out(&held.place, |other| *other == held.id);
                loose.staffed.insert(held.place);
            }
            for led in &known.leads {
                self.leaderships.take_out(led, |led| led.person == *id);
            }
            for group in &known.groups {
                self.members.take_out(group, |member| member.person == *id);
            }
        }
    }

    fn forget_holder(&mut self, held: &Appointment) {
        for unit in self.units_ever(held) {
            self.holders.take_out(&(held.post, unit), |other| *other == held.id);
        }
    }

    fn forget_places(&mut self, changed: &Changed) {
        for id in &changed.departments {
            for held in self.staff_ever(*id) {
                self.forget_holder(&held);
            }
            for period in self.departments.remove(id).unwrap_or_default() {
                self.below.take_out(&period.above(), |below| *below == Place::Department(*id));
                if let Some(code) = &period.code {
                    self.codes.departments.take_out(code, |other| other == id);
                }
            }
        }
        for id in &changed.units {
            for period in self.units.remove(id).unwrap_or_default() {
                if let Some(parent) = period.parent {
                    self.below.take_out(&Place::Unit(parent), |below| *below == Place::Unit(*id));
                    self.units_below.take_out(&parent, |below| below == id);
                }
                if let Some(code) = &period.code {
                    self.codes.units.remove(code);
                }
            }
            self.roots.retain(|root| root != id);
        }
    }

    fn forget_names(&mut self, changed: &Changed) {
        for id in &changed.posts {
            if let Some(post) = self.posts.remove(id) {
                self.codes.posts.take_out(&post.code, |other| other == id);
            }
        }
        for id in &changed.ranks {
            if let Some(rank) = self.ranks.remove(id) {
                self.codes.ranks.take_out(&rank.code, |other| other == id);
            }
        }
        for id in &changed.groups {
            if let Some(code) = self.groups.remove(id).and_then(|group| group.code) {
                self.codes.groups.take_out(&code, |other| other == id);
            }
        }
    }

    fn staff_ever(&self, department: DepartmentId) -> Vec<Appointment> {
        let ever = self.staff.list(&Place::Department(department)).iter();
        ever.filter_map(|id| self.appointments.get(id)).cloned().collect()
    }

    /// Takes rows of which nothing is known, and puts in order what they came to.
    pub(super) fn take(&mut self, rows: Rows, changed: &Changed, mut loose: Loose) {
        self.take_units(rows.units, &mut loose);
        self.take_departments(rows.departments, &mut loose);
        // Those who stay in a department that moved hold their posts in its new unit from then on.
        for held in changed.departments.iter().flat_map(|id| self.staff_ever(*id)).collect::<Vec<_>>() {
            self.take_holder(&held);
        }
        self.take_names(rows.posts, rows.ranks, rows.groups, &mut loose);
        let mut people = taken_in(rows.people, rows.service);
        for held in sorted(rows.appointments, order_of) {
            if let Some(known) = people.under_person(held.person) {
                if held.ever_holds() { known.appointments.push(held.id) } else { known.withdrawn.push(held.place) }
            }
            if held.ever_holds() {
                self.appointments.insert(held.id, held.clone());
                put(self.staff.under(held.place), held.id, |id| self.appointments.get(id).map(order_of));
                loose.staffed.insert(held.place);
                self.take_holder(&held);
            }
        }
        let leaderships = rows.leaderships.into_iter().filter(Dated::ever_holds).collect();
        for led in sorted(leaderships, |led| (led.validity.from, led.id)) {
            if let Some(known) = people.under_person(led.person) {
                add(&mut known.leads, (led.kind, led.place));
            }
            put(self.leaderships.under((led.kind, led.place)), led, |led| (led.validity.from, led.id));
        }
        let members = rows.members.into_iter().filter(Dated::ever_holds).collect();
        for member in sorted(members, |member| (member.person, member.validity.from, member.group)) {
            if let Some(known) = people.under_person(member.person) {
                add(&mut known.groups, member.group);
            }
            put(self.members.under(member.group), member, |member| (member.person, member.validity.from));
        }
        for known in people.0.into_values() {
            let (id, number) = (known.person.id, known.person.employee_number.clone());
            if let Some(number) = number {
                self.codes.people.insert(number, id);
            }
            self.people.insert(id, Arc::new(known));
        }
        self.put_in_order(loose);
    }

    fn take_units(&mut self, units: Vec<Unit>, loose: &mut Loose) {
        for unit in sorted(units, |unit| (unit.id, unit.validity.from)) {
            match unit.parent {
                Some(parent) => {
                    self.below.add(Place::Unit(parent), Place::Unit(unit.id));
                    self.units_below.add(parent, unit.id);
                    loose.below.insert(Place::Unit(parent));
                }
                None => add(&mut self.roots, unit.id),
            }
            if let Some(code) = &unit.code {
                self.codes.units.insert(code.clone(), unit.id);
            }
            self.units.under(unit.id).push(unit);
        }
    }

    fn take_departments(&mut self, departments: Vec<Department>, loose: &mut Loose) {
        for department in sorted(departments, |department| (department.id, department.validity.from)) {
            self.below.add(department.above(), Place::Department(department.id));
            loose.below.insert(department.above());
            if let Some(code) = &department.code {
                self.codes.departments.add(code.clone(), department.id);
                loose.departments.insert(code.clone());
            }
            self.departments.under(department.id).push(department);
        }
    }

    fn take_names(&mut self, posts: Vec<Post>, ranks: Vec<Rank>, groups: Vec<Group>, loose: &mut Loose) {
        for post in posts {
            self.codes.posts.add(post.code.clone(), post.id);
            loose.posts.insert(post.code.clone());
            self.posts.insert(post.id, post);
        }
        for rank in ranks {
            self.codes.ranks.add(rank.code.clone(), rank.id);
            loose.ranks.insert(rank.code.clone());
            self.ranks.insert(rank.id, rank);
        }
        for group in groups {
            if let Some(code) = &group.code {
                self.codes.groups.add(code.clone(), group.id);
                loose.groups.insert(code.clone());
            }
            self.groups.insert(group.id, group);
        }
    }

    fn take_holder(&mut self, held: &Appointment) {
        for unit in self.units_ever(held) {
            put(self.holders.under((held.post, unit)), held.id, |id| self.appointments.get(id).map(order_of));
        }
    }

    fn put_in_order(&mut self, loose: Loose) {
        self.roots.sort_by_cached_key(|root| {
            let periods = self.units.list(root).iter();
            let position = periods.filter(|unit| unit.parent.is_none()).map(|unit| unit.position).min();
            // Where "the first" is asked for, the organisation itself comes before the sample beside it.
            (*root == crate::SAMPLE, position, *root)
        });
        for place in loose.below {
            self.put_below_in_order(place);
        }
        for place in loose.staffed {
            let held = self.staff.list(&place).iter().filter_map(|id| self.appointments.get(id));
            match Turns::of(held.filter(|held| held.main)) {
                Some(turns) => self.turns.insert(place, turns),
                None => drop(self.turns.remove(&place)),
            }
        }
        for code in loose.departments {
            reorder(&mut self.codes.departments, &code, |id| {
                let named = self.departments.list(id).iter().filter(|period| period.code.as_ref() == Some(&code));
                (named.map(|period| period.position).min(), *id)
            });
        }
        for code in loose.posts {
            reorder(&mut self.codes.posts, &code, |id| (self.posts.get(id).map(|post| post.position), *id));
        }
        for code in loose.ranks {
            reorder(&mut self.codes.ranks, &code, |id| *id);
        }
        for code in loose.groups {
            reorder(&mut self.codes.groups, &code, |id| *id);
        }
    }

    /// Units before departments, each by the position it has below this place.
    fn put_below_in_order(&mut self, above: Place) {
        reorder(&mut self.below, &above, |below| {
            let position = match below {
                Place::Unit(unit) => {
                    let periods = self.units.list(unit).iter();
                    periods.filter(|unit| unit.parent.map(Place::Unit) == Some(above)).map(|unit| unit.position).min()
                }
                Place::Department(department) => {
                    let periods = self.departments.list(department).iter();
                    periods.filter(|period| period.above() == above).map(|period| period.position).min()
                }
            };
            (below.department().is_some(), position, *below)
        });
        if let Place::Unit(unit) = above {
            let units: Vec<UnitId> = self.below.list(&above).iter().filter_map(|below| below.unit()).collect();
            if units.is_empty() {
                self.units_below.remove(&unit);
            } else {
                self.units_below.insert(unit, units);
            }
        }
    }
}

/// Whoever is taken in, before all that hangs on him is known.
struct Newcomers(std::collections::HashMap<PersonId, Known>);

impl Newcomers {
    fn under_person(&mut self, id: PersonId) -> Option<&mut Known> {
        self.0.get_mut(&id)
    }
}

fn taken_in(people: Vec<Person>, service: Vec<Service>) -> Newcomers {
    let known = |person: Person| Known {
        person,
        service: Vec::new(),
        appointments: Vec::new(),
        leads: Vec::new(),
        groups: Vec::new(),
        withdrawn: Vec::new(),
    };
    let mut newcomers = Newcomers(people.into_iter().map(|person| (person.id, known(person))).collect());
    for period in sorted(service, |period| period.validity.from) {
        if let Some(known) = newcomers.under_person(period.person) {
            known.service.push(period);
        }
    }
    newcomers
}

/// The order in which appointments are shown: main ones first, then the older.
fn order_of(held: &Appointment) -> (bool, Timestamp, hanlin_kernel::AppointmentId) {
    (!held.main, held.validity.from, held.id)
}

fn sorted<T, K: Ord>(mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    rows.sort_by_key(key);
    rows
}

/// Puts one where it belongs in a list that is in order: one of thousands, who need not be looked at for that.
fn put<T, O: PartialOrd>(list: &mut Vec<T>, item: T, order: impl Fn(&T) -> O) {
    let own = order(&item);
    let at = match list.last() {
        Some(last) if order(last) > own => list.partition_point(|other| order(other) <= own),
        _ => list.len(),
    };
    list.insert(at, item);
}

fn reorder<K: Eq + std::hash::Hash + Clone, T: Clone, O: Ord>(
    lists: &mut Map<K, Vec<T>>,
    key: &K,
    order: impl Fn(&T) -> O,
) {
    if let Some(list) = lists.get_mut(key) {
        list.sort_by_cached_key(order);
    }
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
