//! The snapshot's indexed answers against a naive recomputation over the rows, at random organisations and instants.

use std::collections::BTreeSet;

use hanlin_kernel::{Id, Locale, PersonId, PostId, Text, UnitId};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::{
    model::{
        Appointment, Dated, Department, Group, GroupMember, Leadership, LeadershipKind, Person, Place, Post, Service,
        Unit, UnitKind, Validity,
    },
    snapshot::{Rows, Snapshot},
};

const UNITS: u64 = 3;
const DEPARTMENTS: u64 = 6;
const PEOPLE: u64 = 8;
const POSTS: u64 = 3;
const DAYS: i64 = 10;

fn day(n: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + n * 86_400).unwrap()
}

fn validity() -> impl Strategy<Value = Validity> {
    (0..DAYS, prop::option::of(1..DAYS))
        .prop_map(|(from, length)| Validity { from: day(from), to: length.map(|length| day(from + length)) })
}

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        (0..UNITS).prop_map(|n| Place::Unit(Id::fixed(1 + n))),
        (0..DEPARTMENTS).prop_map(|n| Place::Department(Id::fixed(100 + n))),
    ]
}

pub(crate) fn person(n: u64) -> PersonId {
    Id::fixed(500 + n)
}

fn unit(n: u64) -> Unit {
    Unit {
        id: Id::fixed(1 + n),
        code: Some(format!("u{n}")),
        parent: n.checked_sub(1).map(|above| Id::fixed(1 + above)),
        kind: UnitKind::Subsidiary,
        name: Text::zh(format!("单位{n}")),
        short_name: None,
        time_zone: None,
        position: 0,
        validity: Validity::since(day(0)),
        version: 1,
    }
}

/// Two periods: one with the parents drawn first, one with those drawn then. A department lies in one of a lower number
/// or in a unit, so there is no circle.
fn department(n: u64, above: [(u64, u64); 2], change: i64) -> [Department; 2] {
    let period = |(unit, parent): (u64, u64), validity| Department {
        id: Id::fixed(100 + n),
        unit: Id::fixed(1 + unit),
        parent: (parent < n).then(|| Id::fixed(100 + parent)),
        code: Some(format!("d{}", (n + parent) % 3)),
        level: None,
        name: Text::zh(format!("部门{n}")),
        position: (parent * 5 % 4) as i64,
        validity,
        version: 1,
    };
    [period(above[0], Validity::between(day(0), day(change))), period(above[1], Validity::since(day(change)))]
}

prop_compose! {
    pub(crate) fn organisation()(
        above in prop::collection::vec(([(0..UNITS, 0..DEPARTMENTS), (0..UNITS, 0..DEPARTMENTS)], 1..DAYS), DEPARTMENTS as usize),
        served in prop::collection::vec(validity(), PEOPLE as usize),
        held in prop::collection::vec((0..PEOPLE, 0..POSTS, place(), any::<bool>(), validity()), 0..30),
        led in prop::collection::vec((any::<bool>(), place(), 0..PEOPLE, 1..DAYS), 0..12),
        members in prop::collection::vec((0..PEOPLE, validity()), 0..6),
    ) -> Rows {
        let departments = (0..).zip(above).flat_map(|(n, (above, change))| department(n, above, change));
        let posts = (0..POSTS).map(|n| Post {
            id: Id::fixed(300 + n), unit: Id::fixed(1), code: format!("p{}", n % 2), name: Text::zh("岗位"),
            position: 0, validity: Validity::since(day(0)), version: 1,
        });
        let people = (0..PEOPLE).map(|n| Person {
            id: person(n), name: format!("人{n}"), sort_key: format!("ren{n}"), initials: "r".into(),
            employee_number: Some(format!("e{n}")), gender: None, mobile: None, office_phone: None, email: None,
            locale: Locale::ZhCn, version: 1,
        });
        let appointments = (0..).zip(held).map(|(n, (who, post, place, main, validity))| Appointment {
            id: Id::fixed(600 + n), person: person(who), post: Id::fixed(300 + post), place, main, validity, version: 1,
        });
        // One of a kind at a time: the first to lead a place leads it until the end of a day, the next from then on.
        let mut taken = BTreeSet::new();
        let leaderships = (0..).zip(led).filter_map(|(n, (head, place, who, until))| {
            let kind = if head { LeadershipKind::Head } else { LeadershipKind::InCharge };
            taken.insert((kind, place)).then(|| Leadership {
                id: Id::fixed(700 + n), kind, place, person: person(who), validity: Validity::between(day(0), day(until)),
            })
        }).collect();
        let group = Group {
            id: Id::fixed(800), unit: Id::fixed(1), code: Some("g".into()), name: Text::zh("组"), team: None,
            validity: Validity::since(day(0)), version: 1,
        };
        Rows {
            units: (0..UNITS).map(unit).collect(),
            departments: departments.collect(),
            posts: posts.collect(),
            ranks: Vec::new(),
            people: people.collect(),
            service: (0..).zip(served).map(|(n, validity)| Service { person: person(n), rank: None, successor: None, validity }).collect(),
            appointments: appointments.collect(),
            leaderships,
            members: members.into_iter()
                .map(|(who, validity)| GroupMember { group: group.id, person: person(who), validity }).collect(),
            groups: vec![group],
        }
    }
}

/// Answers by looking at every row, each time.
struct Naive<'a>(&'a Rows, Timestamp);

impl Naive<'_> {
    fn now<'a, T: Dated>(&self, rows: &'a [T]) -> impl Iterator<Item = &'a T> + use<'a, T> {
        let at = self.1;
        rows.iter().filter(move |row| row.validity().covers(at))
    }

    fn above(&self, place: Place) -> Option<Place> {
        match place {
            Place::Unit(id) => self.now(&self.0.units).find(|unit| unit.id == id)?.parent.map(Place::Unit),
            Place::Department(id) => Some(self.now(&self.0.departments).find(|row| row.id == id)?.above()),
        }
    }

    fn upwards(&self, place: Place) -> Vec<Place> {
        std::iter::successors(Some(place), |place| self.above(*place)).collect()
    }

    /// A department's row says its unit; the tests' departments may hang elsewhere, as a damaged table would have it.
    fn unit_of(&self, place: Place) -> UnitId {
        match place {
            Place::Unit(unit) => unit,
            Place::Department(id) => self.now(&self.0.departments).find(|row| row.id == id).unwrap().unit,
        }
    }

    fn leader(&self, kind: LeadershipKind, place: Place) -> Option<PersonId> {
        self.now(&self.0.leaderships).find(|led| led.kind == kind && led.place == place).map(|led| led.person)
    }

    fn holders(&self, posts: &[PostId], unit: UnitId) -> BTreeSet<PersonId> {
        let held = self.now(&self.0.appointments);
        held.filter(|held| posts.contains(&held.post) && self.unit_of(held.place) == unit)
            .map(|held| held.person)
            .collect()
    }

    fn chain(&self, place: Place) -> Vec<PersonId> {
        let unit = self.unit_of(place);
        let upwards = self.upwards(place);
        let mut chain = Vec::new();
        for (index, above) in upwards.iter().enumerate() {
            let first_unit = above.unit().is_some() && upwards[..index].iter().all(|below| below.unit().is_none());
            if first_unit {
                let inside = upwards.iter().take_while(|above| self.unit_of(**above) == unit);
                chain.extend(inside.filter_map(|place| self.leader(LeadershipKind::InCharge, *place)).next());
            }
            chain.extend(self.leader(LeadershipKind::Head, *above));
        }
        chain.dedup();
        chain
    }
}

proptest! {
    // proves: ORG-01 (the part that posts, heads and leaders are found as of any instant)
    #[test]
    fn indexed_answers_are_what_looking_at_every_row_gives(rows in organisation(), today in 0..DAYS + 3) {
        let at = day(today);
        let snapshot = Snapshot::build("test", rows.clone());
        let naive = Naive(&rows, at);
        let departments = (0..DEPARTMENTS).map(|n| Place::Department(Id::fixed(100 + n)));
        let units = (0..UNITS).map(|n| Place::Unit(Id::fixed(1 + n)));
        let places: Vec<Place> = departments.chain(units).collect();
        for &place in &places {
            prop_assert_eq!(snapshot.ancestors(place, at), naive.upwards(place));
            prop_assert_eq!(snapshot.head(place, at), naive.leader(LeadershipKind::Head, place));
            let chain: Vec<PersonId> = snapshot.chain_of_heads(place, at).iter().map(|link| link.person).collect();
            prop_assert_eq!(chain, naive.chain(place));
            let below: BTreeSet<Place> = snapshot.and_below(place, at).into_iter().collect();
            let expected: BTreeSet<Place> =
                places.iter().copied().filter(|other| naive.upwards(*other).contains(&place)).collect();
            prop_assert_eq!(below, expected);
        }
        for n in 0..UNITS {
            let unit = Id::fixed(1 + n);
            let named = snapshot.posts_by_code("p0").to_vec();
            prop_assert_eq!(named.len(), 2, "two posts share the code");
            let found: BTreeSet<PersonId> = snapshot.holders(&named, unit, at).into_iter().collect();
            prop_assert_eq!(&found, &naive.holders(&named, unit));
            let nearest = naive.upwards(Place::Unit(unit)).into_iter().filter_map(Place::unit)
                .find(|unit| !naive.holders(&named, *unit).is_empty());
            prop_assert_eq!(snapshot.nearest_holders(&named, unit, at).map(|holders| holders.unit), nearest);
        }
        for n in 0..PEOPLE {
            let who = person(n);
            let served = naive.now(&rows.service).any(|service| service.person == who);
            prop_assert_eq!(snapshot.is_active(who, at), served);
            let held: BTreeSet<_> = naive.now(&rows.appointments).filter(|held| held.person == who).map(|held| held.id).collect();
            let found: BTreeSet<_> = snapshot.appointments(who, at).iter().map(|held| held.id).collect();
            prop_assert_eq!(found, held);
            let leads = naive.now(&rows.leaderships).filter(|led| led.person == who).count();
            prop_assert_eq!(snapshot.leads(who, at).len(), leads);
            let superior = snapshot.superior(who, None, at).map(|link| link.person);
            prop_assert_ne!(superior, Some(who), "nobody is his own superior");
        }
        let members: BTreeSet<PersonId> = naive.now(&rows.members).map(|member| member.person).collect();
        let found: BTreeSet<PersonId> = snapshot.members(Id::fixed(800), at).into_iter().collect();
        prop_assert_eq!(found, members);
    }
}

/// Fifty thousand people in five thousand departments, ten deep.
pub(crate) fn large() -> Rows {
    let since = Validity::since(day(0));
    let departments = (0..5000u64).map(|n| Department {
        id: Id::fixed(10_000 + n),
        unit: Id::fixed(1),
        parent: (n % 10 != 0).then(|| Id::fixed(10_000 + n - 1)),
        code: None,
        level: None,
        name: Text::zh("部门"),
        position: n as i64,
        validity: since,
        version: 1,
    });
    let of = |n: u64| Place::Department(Id::fixed(10_000 + n / 10));
    let people = || (0..50_000u64).map(|n| (n, Id::fixed(100_000 + n)));
    Rows {
        units: vec![unit(0)],
        departments: departments.collect(),
        people: people()
            .map(|(_, id)| Person {
                id,
                name: "某人".into(),
                sort_key: "mou ren".into(),
                initials: "mr".into(),
                employee_number: None,
                gender: None,
                mobile: None,
                office_phone: None,
                email: None,
                locale: Locale::ZhCn,
                version: 1,
            })
            .collect(),
        service: people().map(|(_, person)| Service { person, rank: None, successor: None, validity: since }).collect(),
        appointments: people()
            .map(|(n, person)| Appointment {
                id: Id::fixed(200_000 + n),
                person,
                post: Id::fixed(300 + n % 10),
                place: of(n),
                main: true,
                validity: since,
                version: 1,
            })
            .collect(),
        leaderships: people()
            .filter(|(n, _)| n % 10 == 0)
            .map(|(n, person)| Leadership {
                id: Id::fixed(400_000 + n),
                kind: LeadershipKind::Head,
                place: of(n),
                person,
                validity: since,
            })
            .collect(),
        ..Rows::default()
    }
}

#[test]
fn the_way_to_a_head_does_not_grow_with_the_organisation() {
    let snapshot = Snapshot::build("large", large());
    let at = day(1);
    let asked = std::time::Instant::now();
    for n in (0..50_000).step_by(5) {
        let who: PersonId = Id::fixed(100_000 + n);
        let chain = snapshot.superiors(who, None, at);
        assert!(!chain.is_empty() || n % 100 == 0, "only the heads at the top have nobody above");
    }
    let each = asked.elapsed() / 10_000;
    // A whole chain ten departments deep; 20 µs for one head in a release build leave room for both in this one.
    assert!(each < std::time::Duration::from_micros(500), "{each:?} for each chain of superiors");
}
