//! People: in service, in posts, in groups, of a rank.

use hanlin_kernel::{AppointmentId, GroupId, PersonId, PostId, RankId, UnitId};
use jiff::Timestamp;

use super::Snapshot;
use crate::model::{Appointment, Group, Person, Place, Post, Rank, Service, as_of};

/// The holders of a post and the unit they were found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holders {
    pub unit: UnitId,
    pub post: PostId,
    pub people: Vec<PersonId>,
}

impl Snapshot {
    /// Whoever is or was in service, or will be.
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id).map(|known| &known.person)
    }

    /// Everybody known, in no order.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values().map(|known| &known.person)
    }

    /// The name, or the id where nobody of that id is known.
    pub fn person_name(&self, id: PersonId) -> String {
        self.person(id).map_or_else(|| id.to_string(), |person| person.name.clone())
    }

    /// The person of this employee number.
    pub fn person_by_code(&self, code: &str) -> Option<PersonId> {
        self.codes.people.get(code).copied()
    }

    /// Is he in service?
    pub fn is_active(&self, person: PersonId, at: Timestamp) -> bool {
        self.service(person, at).is_some()
    }

    /// A person, and whether he is in service: by one look, for lists of thousands.
    pub(crate) fn person_and_service(&self, person: PersonId, at: Timestamp) -> Option<(&Person, bool)> {
        let known = self.people.get(&person)?;
        Some((&known.person, as_of(&known.service, at).is_some()))
    }

    pub fn service(&self, person: PersonId, at: Timestamp) -> Option<&Service> {
        as_of(&self.people.get(&person)?.service, at)
    }

    /// Who was named to take over from a person whose service has ended.
    pub fn successor(&self, person: PersonId, at: Timestamp) -> Option<PersonId> {
        let service = &self.people.get(&person)?.service;
        let begun = service.iter().rev().find(|period| period.validity.from <= at)?;
        begun.successor.filter(|_| !begun.validity.covers(at))
    }

    pub fn rank(&self, id: RankId) -> Option<&Rank> {
        self.ranks.get(&id)
    }

    pub fn ranks(&self, at: Timestamp) -> Vec<&Rank> {
        let mut ranks: Vec<&Rank> = self.ranks.values().filter(|rank| rank.validity.covers(at)).collect();
        ranks.sort_by_key(|rank| (rank.level, rank.id));
        ranks
    }

    /// The rank of this code as the unit, or the nearest unit above it that has one, defines it.
    pub fn rank_by_code(&self, code: &str, unit: UnitId, at: Timestamp) -> Option<&Rank> {
        let named = self.codes.ranks.get(code)?;
        self.units_upwards(unit, at).into_iter().find_map(|unit| {
            named.iter().filter_map(|id| self.rank(*id)).find(|rank| rank.unit == unit && rank.validity.covers(at))
        })
    }

    pub fn rank_of(&self, person: PersonId, at: Timestamp) -> Option<&Rank> {
        self.rank(self.service(person, at)?.rank?)
    }

    /// Height of the rank: more is higher (ORG-23).
    pub fn rank_level(&self, person: PersonId, at: Timestamp) -> Option<i64> {
        self.rank_of(person, at).map(|rank| rank.level)
    }

    pub fn appointment(&self, id: AppointmentId) -> Option<&Appointment> {
        self.appointments.get(&id)
    }

    /// The appointments a person has then, the main one first, then the older.
    pub fn appointments(&self, person: PersonId, at: Timestamp) -> Vec<&Appointment> {
        let held = self.people.get(&person).map_or(&[][..], |known| known.appointments.as_slice());
        let known = held.iter().filter_map(|id| self.appointments.get(id));
        known.filter(|held| held.validity.covers(at)).collect()
    }

    /// All appointments a person has, had or is to have.
    pub fn all_appointments(&self, person: PersonId) -> Vec<&Appointment> {
        let held = self.people.get(&person).map_or(&[][..], |known| known.appointments.as_slice());
        held.iter().filter_map(|id| self.appointments.get(id)).collect()
    }

    pub fn main_appointment(&self, person: PersonId, at: Timestamp) -> Option<&Appointment> {
        self.appointments(person, at).into_iter().next().filter(|held| held.main)
    }

    /// Who is appointed to the place itself.
    pub fn staff(&self, place: Place, at: Timestamp) -> Vec<&Appointment> {
        let ever = self.staff.get(&place).map_or(&[][..], Vec::as_slice);
        ever.iter().filter_map(|id| self.appointments.get(id)).filter(|held| held.validity.covers(at)).collect()
    }

    /// Everybody appointed to the place or below it, once each.
    pub fn people_in_and_below(&self, place: Place, at: Timestamp) -> Vec<PersonId> {
        let places = self.and_below(place, at).into_iter();
        let mut people: Vec<PersonId> =
            places.flat_map(|place| self.staff(place, at)).map(|held| held.person).collect();
        people.sort();
        people.dedup();
        people
    }

    pub fn post(&self, id: PostId) -> Option<&Post> {
        self.posts.get(&id)
    }

    /// The posts in force then, in the order they are shown.
    pub fn posts(&self, at: Timestamp) -> Vec<&Post> {
        let mut posts: Vec<&Post> = self.posts.values().filter(|post| post.validity.covers(at)).collect();
        posts.sort_by_key(|post| (post.position, post.id));
        posts
    }

    /// Every post of this code, of whichever unit: what [`holders`](Self::holders) takes.
    pub fn posts_by_code(&self, code: &str) -> &[PostId] {
        self.codes.posts.get(code).map_or(&[], Vec::as_slice)
    }

    /// Appointments to one of these posts, wherever it is held, in no order.
    pub(crate) fn appointed_to(&self, posts: &[PostId], at: Timestamp) -> impl Iterator<Item = &Appointment> {
        let units = self.units.keys();
        let held = units.flat_map(move |unit| posts.iter().flat_map(move |post| self.holders.list(&(*post, *unit))));
        held.filter_map(|id| self.appointments.get(id)).filter(move |held| held.validity.covers(at))
    }

    /// Wherever a person is, was or is to be appointed, or was to be and never was.
    pub(crate) fn places_ever(&self, person: PersonId) -> impl Iterator<Item = Place> {
        let known = self.people.get(&person).into_iter();
        known.flat_map(|known| {
            let held = known.appointments.iter().filter_map(|id| self.appointments.get(id)).map(|held| held.place);
            held.chain(known.withdrawn.iter().copied())
        })
    }

    /// Who holds one of these posts in the unit or a department of it: main appointments first, once each.
    pub fn holders(&self, posts: &[PostId], unit: UnitId, at: Timestamp) -> Vec<PersonId> {
        self.holdings(posts, unit, at).into_iter().map(|held| held.person).fold(Vec::new(), |mut once, person| {
            if !once.contains(&person) {
                once.push(person);
            }
            once
        })
    }

    /// Who holds one of these posts in the unit, or in the nearest unit above where somebody does.
    pub fn nearest_holders(&self, posts: &[PostId], unit: UnitId, at: Timestamp) -> Option<Holders> {
        self.units_upwards(unit, at).into_iter().find_map(|unit| {
            let post = self.holdings(posts, unit, at).first()?.post;
            Some(Holders { unit, post, people: self.holders(posts, unit, at) })
        })
    }

    fn holdings(&self, posts: &[PostId], unit: UnitId, at: Timestamp) -> Vec<&Appointment> {
        let ever = posts.iter().filter_map(|post| self.holders.get(&(*post, unit))).flatten();
        let held = ever.filter_map(|id| self.appointments.get(id)).filter(|held| held.validity.covers(at));
        let mut here: Vec<&Appointment> = held.filter(|held| self.unit_of(held.place, at) == Some(unit)).collect();
        here.sort_by_key(|held| (!held.main, held.validity.from, held.id));
        here
    }

    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(&id)
    }

    /// Every group of this code, of whichever unit.
    pub fn groups_by_code(&self, code: &str) -> &[GroupId] {
        self.codes.groups.get(code).map_or(&[], Vec::as_slice)
    }

    /// The group of this code as the unit, or the nearest unit above it that has one, defines it.
    pub fn group_by_code(&self, code: &str, unit: UnitId, at: Timestamp) -> Option<&Group> {
        let named = self.codes.groups.get(code)?;
        self.units_upwards(unit, at).into_iter().find_map(|unit| {
            named.iter().filter_map(|id| self.group(*id)).find(|group| group.unit == unit && group.validity.covers(at))
        })
    }

    /// The members of a group, once each.
    pub fn members(&self, group: GroupId, at: Timestamp) -> Vec<PersonId> {
        if !self.group(group).is_some_and(|group| group.validity.covers(at)) {
            return Vec::new();
        }
        let ever = self.members.get(&group).map_or(&[][..], Vec::as_slice);
        ever.iter().filter(|member| member.validity.covers(at)).map(|member| member.person).collect()
    }

    /// Who leads a team then: nobody if it is none, or if who led it has left.
    pub fn team_leader(&self, group: GroupId, at: Timestamp) -> Option<PersonId> {
        let leader = self.group(group)?.team.as_ref()?.leader;
        self.members(group, at).contains(&leader).then_some(leader)
    }

    /// The groups a person is in.
    pub fn groups_of(&self, person: PersonId, at: Timestamp) -> Vec<GroupId> {
        let ever = self.people.get(&person).map_or(&[][..], |known| known.groups.as_slice());
        ever.iter().copied().filter(|group| self.members(*group, at).contains(&person)).collect()
    }
}
