//! Who leads whom.

use hanlin_kernel::{AppointmentId, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Snapshot;
use crate::model::{Leadership, LeadershipKind, Place, as_of};

/// One step of a chain of heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadLink {
    pub person: PersonId,
    /// What he leads.
    pub place: Place,
    pub role: HeadRole,
}

/// As what somebody stands in a chain of heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadRole {
    /// 部门负责人
    DepartmentHead,
    /// 分管领导
    LeaderInCharge,
    /// Head of a unit: its general manager.
    UnitHead,
}

impl Snapshot {
    /// 负责人 of the place itself.
    pub fn head(&self, place: Place, at: Timestamp) -> Option<PersonId> {
        self.leadership(LeadershipKind::Head, place, at).map(|led| led.person)
    }

    /// In charge of this place itself by division of work.
    pub fn in_charge_of(&self, place: Place, at: Timestamp) -> Option<PersonId> {
        self.leadership(LeadershipKind::InCharge, place, at).map(|led| led.person)
    }

    /// 分管领导: in charge of the place by division of work, or of the nearest place above inside the same unit, the
    /// unit included; with that place.
    pub fn leader_in_charge(&self, place: Place, at: Timestamp) -> Option<HeadLink> {
        let unit = self.unit_of(place, at)?;
        let inside = self.ancestors(place, at).into_iter().take_while(|above| self.unit_of(*above, at) == Some(unit));
        inside.filter_map(|above| self.leadership(LeadershipKind::InCharge, above, at)).next().map(|led| HeadLink {
            person: led.person,
            place: led.place,
            role: HeadRole::LeaderInCharge,
        })
    }

    /// What a person leads then, as head or in charge.
    pub fn leads(&self, person: PersonId, at: Timestamp) -> Vec<&Leadership> {
        let ever = self.people.get(&person).map_or(&[][..], |known| known.leads.as_slice());
        let now = ever.iter().filter_map(|(kind, place)| self.leadership(*kind, *place, at));
        now.filter(|led| led.person == person).collect()
    }

    /// The heads upwards from a place: its own head, those of the departments above, the leader in charge, the head of
    /// the unit, then of the units above. Places without a head are passed over; who leads two places in a row stands
    /// once, at the lower.
    pub fn chain_of_heads(&self, place: Place, at: Timestamp) -> Vec<HeadLink> {
        let mut chain: Vec<HeadLink> = Vec::new();
        let mut asked_in_charge = false;
        let mut push = |link: Option<HeadLink>| {
            chain.extend(link.filter(|link| chain.last().is_none_or(|last| last.person != link.person)));
        };
        for above in self.ancestors(place, at) {
            if let Place::Unit(_) = above
                && !asked_in_charge
            {
                push(self.leader_in_charge(place, at));
                asked_in_charge = true;
            }
            push(self.head(above, at).map(|person| HeadLink { person, place: above, role: HeadRole::of(above) }));
        }
        chain
    }

    /// The heads upwards from a place and nobody else: who is also in charge of something on the way stands there as the
    /// head that he is. Places without a head are passed over; who heads two places in a row stands once.
    pub fn heads_upwards(&self, place: Place, at: Timestamp) -> Vec<HeadLink> {
        let link =
            |above| self.head(above, at).map(|person| HeadLink { person, place: above, role: HeadRole::of(above) });
        let mut heads: Vec<HeadLink> = self.ancestors(place, at).into_iter().filter_map(link).collect();
        heads.dedup_by_key(|link| link.person);
        heads
    }

    /// 直接上级 of a person, seen from an appointment of his, or from his main one: the nearest head upwards who is not
    /// himself and does not stand below him.
    pub fn superior(&self, person: PersonId, appointment: Option<AppointmentId>, at: Timestamp) -> Option<HeadLink> {
        self.superiors(person, appointment, at).into_iter().next()
    }

    /// The superior and those above him, the nearest first.
    pub fn superiors(&self, person: PersonId, appointment: Option<AppointmentId>, at: Timestamp) -> Vec<HeadLink> {
        let held = match appointment {
            Some(id) => self.appointment(id).filter(|held| held.person == person && held.validity.covers(at)),
            None => self.appointments(person, at).into_iter().next(),
        };
        let chain = held.map(|held| self.chain_of_heads(held.place, at)).unwrap_or_default();
        let above_himself = chain.iter().rposition(|link| link.person == person).map_or(0, |himself| himself + 1);
        chain[above_himself..].to_vec()
    }

    /// Of one who has left: whoever would be his superior now where he stood last, by his main appointment.
    pub fn superior_at_last(&self, person: PersonId, at: Timestamp) -> Option<HeadLink> {
        let begun = self.all_appointments(person).into_iter().filter(|held| held.validity.from <= at);
        let last = begun.max_by_key(|held| (held.validity.to, held.main))?;
        self.chain_of_heads(last.place, at).into_iter().find(|link| link.person != person)
    }

    fn leadership(&self, kind: LeadershipKind, place: Place, at: Timestamp) -> Option<&Leadership> {
        as_of(self.leaderships.get(&(kind, place))?, at)
    }
}

impl HeadRole {
    fn of(place: Place) -> Self {
        match place {
            Place::Unit(_) => Self::UnitHead,
            Place::Department(_) => Self::DepartmentHead,
        }
    }
}
