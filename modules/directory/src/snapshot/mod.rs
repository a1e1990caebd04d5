//! The organisation in memory, immutable, for questions asked AS OF an instant.
//!
//! Made once for each state of the directory and shared by the process, out of the state before where that is known: what
//! did not change is shared with it. Every question is a few look-ups in maps: the head of a department is found in well
//! under 20 µs at any size. Answers come in a fixed order.

mod advance;
mod cache;
mod counts;
mod heads;
mod people;
mod places;
mod shards;
mod terms;

use std::{collections::BTreeMap, sync::Arc};

use hanlin_kernel::{AppointmentId, DepartmentId, GroupId, PersonId, PostId, RankId, UnitId};

pub(crate) use advance::Changed;
pub use cache::snapshot;
pub use heads::{HeadLink, HeadRole};
pub use people::Holders;

use shards::Map;
use terms::Terms;

use crate::model::{
    Appointment, Department, Group, GroupMember, Leadership, LeadershipKind, Person, Place, Post, Rank, Service, Unit,
};

/// Every row of the directory: what a [`Snapshot`] is made of.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub units: Vec<Unit>,
    pub departments: Vec<Department>,
    pub posts: Vec<Post>,
    pub ranks: Vec<Rank>,
    pub people: Vec<Person>,
    pub service: Vec<Service>,
    pub appointments: Vec<Appointment>,
    pub leaderships: Vec<Leadership>,
    pub groups: Vec<Group>,
    pub members: Vec<GroupMember>,
}

/// The organisation as it was, is and is planned to be, at one state of the directory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    stamp: String,
    units: Map<UnitId, Vec<Unit>>,
    departments: Map<DepartmentId, Vec<Department>>,
    posts: Map<PostId, Post>,
    ranks: Map<RankId, Rank>,
    people: Map<PersonId, Arc<Known>>,
    appointments: Map<AppointmentId, Appointment>,
    leaderships: Map<(LeadershipKind, Place), Vec<Leadership>>,
    groups: Map<GroupId, Group>,
    members: Map<GroupId, Vec<GroupMember>>,
    roots: Vec<UnitId>,
    /// What hangs below a place at any time, in the order it is shown.
    below: Map<Place, Vec<Place>>,
    /// The units right below a unit at any time: what the scope of a request is made of, without a look at departments.
    units_below: Map<UnitId, Vec<UnitId>>,
    /// Who is appointed to a place at any time.
    staff: Map<Place, Vec<AppointmentId>>,
    /// When main appointments to a place begin and end.
    turns: Map<Place, counts::Turns>,
    /// Who holds a post in a unit, or in a department of it, at any time.
    holders: Map<(PostId, UnitId), Vec<AppointmentId>>,
    codes: Codes,
    terms: Terms,
}

/// A person with all that hangs on him.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    person: Person,
    service: Vec<Service>,
    /// In the order they are shown: main ones first, then the older.
    appointments: Vec<AppointmentId>,
    leads: Vec<(LeadershipKind, Place)>,
    groups: Vec<GroupId>,
    /// Where he was to be appointed and never was: it was withdrawn before it began.
    withdrawn: Vec<Place>,
}

/// What is named by a code. Several units may use one code for a post, department, rank or group of their own.
#[derive(Clone, Debug, Default, PartialEq)]
struct Codes {
    units: Map<String, UnitId>,
    departments: Map<String, Vec<DepartmentId>>,
    posts: Map<String, Vec<PostId>>,
    ranks: Map<String, Vec<RankId>>,
    groups: Map<String, Vec<GroupId>>,
    people: Map<String, PersonId>,
}

impl Snapshot {
    /// Puts the rows in order and indexes them.
    pub fn build(stamp: impl Into<String>, rows: Rows) -> Self {
        let mut made = Self { stamp: stamp.into(), ..Self::default() };
        made.take(rows, &Changed::default(), advance::Loose::default());
        made
    }

    /// Names this state of the directory; another state has another.
    pub fn stamp(&self) -> &str {
        &self.stamp
    }

    /// The units an appointment is in while it holds: more than one where its department moved.
    fn units_ever(&self, held: &Appointment) -> Vec<UnitId> {
        match held.place {
            Place::Unit(unit) => vec![unit],
            Place::Department(department) => {
                let periods = self.departments.list(&department);
                let during = periods.iter().filter(|period| period.validity.overlaps(&held.validity));
                let units: BTreeMap<UnitId, ()> = during.map(|period| (period.unit, ())).collect();
                units.into_keys().collect()
            }
        }
    }
}
