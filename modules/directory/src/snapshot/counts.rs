//! How many people are where: from instants that are sorted once, so that a place is counted by two searches.

use hanlin_kernel::PersonId;
use jiff::Timestamp;

use super::Snapshot;
use crate::model::{Appointment, Place};

/// When main appointments to a place begin and end, each in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Turns {
    begin: Vec<Timestamp>,
    end: Vec<Timestamp>,
}

impl Turns {
    /// Of these appointments, if there are any.
    pub(super) fn of<'a>(held: impl Iterator<Item = &'a Appointment>) -> Option<Self> {
        let mut turns = Self::default();
        for held in held {
            turns.begin.push(held.validity.from);
            turns.end.extend(held.validity.to);
        }
        turns.begin.sort_unstable();
        turns.end.sort_unstable();
        (!turns.begin.is_empty()).then_some(turns)
    }

    fn count(&self, at: Timestamp) -> u64 {
        let until = |instants: &[Timestamp]| instants.partition_point(|instant| *instant <= at);
        (until(&self.begin) - until(&self.end)) as u64
    }
}

impl Snapshot {
    /// How many have their main appointment in the place itself.
    pub fn headcount(&self, place: Place, at: Timestamp) -> u64 {
        self.turns.get(&place).map_or(0, |turns| turns.count(at))
    }

    /// How many have their main appointment in the place or below it; of external organisations that hang below a unit of
    /// the house nobody is counted (ORG-24).
    pub fn headcount_below(&self, place: Place, at: Timestamp) -> u64 {
        let outside = self.is_external_place(place);
        let counted = self.and_below(place, at).into_iter().filter(|below| outside || !self.is_external_place(*below));
        counted.map(|place| self.headcount(place, at)).sum()
    }

    /// Who reports to a person directly: whoever's superior he is, by pinyin.
    pub fn reports(&self, person: PersonId, at: Timestamp) -> Vec<PersonId> {
        let mut near: Vec<PersonId> =
            self.leads(person, at).into_iter().flat_map(|led| self.nearest_below(person, led.place, at)).collect();
        near.sort();
        near.dedup();
        let reports =
            |candidate: PersonId| self.superior(candidate, None, at).is_some_and(|link| link.person == person);
        near.retain(|candidate| *candidate != person && self.is_active(*candidate, at) && reports(*candidate));
        near.sort_by_cached_key(|id| (self.person(*id).map(|person| person.sort_key.clone()), *id));
        near
    }

    /// Whoever can have his superior in a leader of the place: those in it and leaders of what is right below, as far
    /// down as no other head stands between.
    fn nearest_below(&self, leader: PersonId, place: Place, at: Timestamp) -> Vec<PersonId> {
        let (mut found, mut next) = (Vec::new(), vec![place]);
        while let Some(place) = next.pop() {
            found.extend(self.staff(place, at).into_iter().map(|held| held.person));
            for child in self.children(place, at) {
                let head = self.head(child, at);
                found.extend(head);
                found.extend(self.leader_in_charge(child, at).map(|link| link.person));
                if head.is_none_or(|head| head == leader) {
                    next.push(child);
                } else {
                    // A head may sit in what he heads, beside others who stand above him elsewhere.
                    found.extend(self.staff(child, at).into_iter().map(|held| held.person));
                }
            }
        }
        found
    }
}
