//! A snapshot that was brought up to date is the one that would be loaded: with random rows, and after real changes.

use std::collections::BTreeSet;

use hanlin_kernel::{Id, PersonId, Text};
use hanlin_store::Tx;
use jiff::SignedDuration;
use proptest::prelude::*;

use super::{
    pure::snapshot::{large, organisation, person},
    store::{admin, sample},
};
use crate::{
    Appoint, ChangeDepartment, ChangePerson, CreateDepartment, JoinPerson, Leave, Newcomer, SetLeader, SetRank,
    actions,
    cast::*,
    model::{Appointment, BatchId, LeadershipKind, Person, Place, Service, Validity},
    names,
    snapshot::{Changed, Rows, Snapshot, snapshot},
    store,
};

/// Which rows of an organisation change: of these people, departments, units, posts and the group.
fn changed() -> impl Strategy<Value = Changed> {
    let some = |range: std::ops::Range<u64>| prop::collection::btree_set(range, 0..4);
    (some(500..508), some(100..106), some(1..4), some(300..303), any::<bool>()).prop_map(
        |(people, departments, units, posts, group)| Changed {
            units: units.into_iter().map(Id::fixed).collect(),
            departments: departments.into_iter().map(Id::fixed).collect(),
            posts: posts.into_iter().map(Id::fixed).collect(),
            ranks: BTreeSet::new(),
            groups: group.then(|| Id::fixed(800)).into_iter().collect(),
            people: people.into_iter().map(Id::fixed).collect(),
        },
    )
}

/// The rows of what is in `changed`, or those of all else.
fn part(mut rows: Rows, changed: &Changed, inside: bool) -> Rows {
    rows.units.retain(|row| changed.units.contains(&row.id) == inside);
    rows.departments.retain(|row| changed.departments.contains(&row.id) == inside);
    rows.posts.retain(|row| changed.posts.contains(&row.id) == inside);
    rows.groups.retain(|row| changed.groups.contains(&row.id) == inside);
    rows.people.retain(|row| changed.people.contains(&row.id) == inside);
    rows.service.retain(|row| changed.people.contains(&row.person) == inside);
    rows.appointments.retain(|row| changed.people.contains(&row.person) == inside);
    rows.leaderships.retain(|row| changed.people.contains(&row.person) == inside);
    rows.members.retain(|row| changed.people.contains(&row.person) == inside);
    rows
}

/// Another organisation of the same people and places, whose ties are other ties.
fn later(mut rows: Rows, n: usize) -> Rows {
    let n = (1 + n as u64) * 1_000;
    rows.appointments.iter_mut().for_each(|held| held.id = Id::from_u128(held.id.as_u128() + u128::from(n)));
    rows.leaderships.iter_mut().for_each(|led| led.id = Id::from_u128(led.id.as_u128() + u128::from(n)));
    rows.people.iter_mut().for_each(|person| person.name = format!("改{n}"));
    rows.posts.iter_mut().for_each(|post| post.position += (n as i64 / 1_000) * i64::from(post.code == "p0"));
    rows
}

fn joined(mut one: Rows, other: Rows) -> Rows {
    one.units.extend(other.units);
    one.departments.extend(other.departments);
    one.posts.extend(other.posts);
    one.groups.extend(other.groups);
    one.people.extend(other.people);
    one.service.extend(other.service);
    one.appointments.extend(other.appointments);
    one.leaderships.extend(other.leaderships);
    one.members.extend(other.members);
    one
}

fn named(snapshot: &Snapshot, text: &str) -> BTreeSet<(PersonId, bool)> {
    snapshot.named(text).collect()
}

proptest! {
    // proves: ORG-01 (the part that what is in memory follows every change)
    #[test]
    fn what_is_brought_up_to_date_is_what_would_be_loaded(
        first in organisation(),
        steps in prop::collection::vec((organisation(), changed()), 1..5),
    ) {
        let mut rows = first;
        let mut kept = Snapshot::build("same", rows.clone());
        kept.make_searchable();
        for (n, (next, changed)) in steps.into_iter().enumerate() {
            let now = part(later(next, n), &changed, true);
            rows = joined(part(rows, &changed, false), now.clone());
            kept = kept.advance("same", &changed, now);
            let loaded = Snapshot::build("same", rows.clone());
            prop_assert_eq!(&kept, &loaded);
            for text in ["r", "ren", "g", "改", "e1", "e9", "改1000"] {
                prop_assert_eq!(named(&kept, text), named(&loaded, text), "{}", text);
            }
        }
        prop_assert!(kept.person(person(0)).is_some());
    }
}

/// Is what this unit of work sees what it would load?
fn agrees(tx: &mut Tx) -> hanlin_kernel::Result<bool> {
    let kept = snapshot(tx)?;
    Ok(*kept == Snapshot::build(kept.stamp(), store::load(tx)?))
}

/// One of many things that may be done to the sample organisation; some are refused.
fn act(tx: &mut Tx, what: usize, who: usize, place: usize, later: i64) -> hanlin_kernel::Result<()> {
    let people = [LIN_XIAO, WU_TONG, ZHAO_QING, XU_JING, JIANG_CHUAN];
    let places = [PLATFORM, RD, DESIGN, ACCOUNTING, SALES_EAST].map(Place::Department);
    let (who, place, actor) = (people[who], places[place], admin());
    let from = Some(tx.now() + SignedDuration::from_hours(later * 24));
    let version = store::find_person(tx, who)?.version;
    let held = store::list_appointments(tx, who)?;
    let post = held.first().map_or(Id::fixed(1), |held| held.post);
    match what {
        0 => {
            let name = Text::zh(format!("小组{later}"));
            let code = Some(format!("c{}", tx.now().as_millisecond()));
            let new = CreateDepartment { parent: place, code, level: None, name, position: later, from };
            actions::create_department(tx, &actor, new).map(drop)
        }
        1 => {
            let id = places[later as usize].department().unwrap();
            let seen = store::find_department(tx, id)?.last().map_or(0, |last| last.version);
            let change = ChangeDepartment { parent: Some(place), position: Some(later), from, ..Default::default() };
            actions::change_department(tx, &actor, id, seen, change).map(drop)
        }
        2 => {
            let name = Some(format!("改名{later}"));
            actions::change_person(tx, &actor, who, version, ChangePerson { name, ..Default::default() }).map(drop)
        }
        3 => actions::appoint(tx, &actor, Appoint { person: who, post, place, main: false, from, to: None }).map(drop),
        4 => actions::leave(tx, &actor, who, version, Leave { at: from, successor: None }),
        5 => actions::rejoin(tx, &actor, who, version, SetRank { rank: None, from }).map(drop),
        6 => {
            let leader = SetLeader { kind: LeadershipKind::Head, person: Some(who), from };
            actions::set_leader(tx, &actor, place, leader).map(drop)
        }
        7 => {
            let last = held.last().ok_or(hanlin_kernel::Error::NotFound)?;
            actions::end_appointment(tx, &actor, last.id, last.version, from).map(drop)
        }
        8 => {
            let new = serde_json::json!({ "name": "新人", "post": post, "place": place, "employee_number": tx.now().to_string() });
            let new: JoinPerson = serde_json::from_value(new).unwrap();
            actions::join(tx, &actor, new).map(drop)
        }
        _ => {
            let batch: BatchId = Id::new();
            let newcomer = newcomer(tx, post, place);
            actions::prepare(tx, batch, &[newcomer])?;
            if later == 0 { actions::admit(tx, &actor, batch).map(drop) } else { Ok(()) }
        }
    }
}

fn newcomer(tx: &Tx, post: hanlin_kernel::PostId, place: Place) -> Newcomer {
    let card = actions::Card { name: "成批".to_owned(), ..Default::default() };
    let person: Person = card.person(hanlin_kernel::Locale::ZhCn);
    let validity = Validity::since(tx.now());
    let service = Service { person: person.id, rank: None, successor: None, validity };
    let held = Appointment { id: Id::new(), person: person.id, post, place, main: true, validity, version: 1 };
    Newcomer { person, service: vec![service], appointments: vec![held] }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn after_any_changes_everybody_sees_what_he_would_load(
        acts in prop::collection::vec((0usize..10, 0usize..5, 0usize..5, 0i64..4, 0u8..4), 1..20),
    ) {
        let app = sample();
        let begun = app.read(snapshot);
        let mut done = 0;
        for (what, who, place, later, fate) in acts {
            let answer = app.try_write(move |tx| {
                act(tx, what, who, place, later)?;
                assert!(fate == 1 || agrees(tx)?, "what it changed itself is seen");
                // Some are undone after they were seen.
                if fate == 0 { Err(hanlin_kernel::Error::Stale) } else { Ok(()) }
            });
            done += usize::from(answer.is_ok());
            app.clock.advance(SignedDuration::from_hours(5));
            prop_assert!(app.read(agrees), "after {} changes", done);
        }
        prop_assert_eq!(&*begun, &Snapshot::build(begun.stamp(), crate::cast::rows()), "the first has not changed");
    }
}

#[test]
fn who_knows_a_state_too_long_past_loads_everything() {
    let app = sample();
    app.read(snapshot);
    for n in 0..3 {
        app.write(move |tx| {
            let name = Some(format!("某某{n}"));
            actions::change_person(tx, &admin(), LIN_XIAO, n + 1, ChangePerson { name, ..Default::default() })
        });
    }
    app.write(|tx| tx.exec("delete from directory_change where number < 3", &[]));
    assert!(app.read(agrees));
    assert_eq!(app.read(snapshot).person_name(LIN_XIAO), "某某2");
    assert_eq!(names::sort_key("某某"), "mou mou");
}

#[test]
fn whom_an_import_has_only_written_down_is_nobody_yet() {
    let app = sample();
    let batch: BatchId = Id::new();
    let person = app.write(move |tx| {
        let post = store::list_appointments(tx, LIN_XIAO)?[0].post;
        let newcomer = newcomer(tx, post, Place::Department(RD));
        actions::prepare(tx, batch, std::slice::from_ref(&newcomer))?;
        let name = Some("林小".to_owned());
        actions::change_person(tx, &admin(), LIN_XIAO, 1, ChangePerson { name, ..Default::default() })?;
        Ok(newcomer.person.id)
    });
    assert!(app.read(snapshot).person(person).is_none());
    app.write(move |tx| actions::admit(tx, &admin(), batch));
    assert!(app.read(snapshot).person(person).is_some());
    assert!(app.read(agrees));
}

#[test]
fn one_change_among_fifty_thousand_costs_a_fraction_of_loading_them() {
    let (rows, begin) = (large(), std::time::Instant::now());
    let whole = Snapshot::build("large", rows.clone());
    let built = begin.elapsed();
    let changed =
        Changed { people: [Id::fixed(100_007)].into(), departments: [Id::fixed(10_003)].into(), ..Changed::default() };
    let now = part(rows, &changed, true);
    // The best of some: other tests run beside it.
    let tries = (0..5).map(|_| {
        let (now, begin) = (now.clone(), std::time::Instant::now());
        let next = whole.advance("large", &changed, now);
        let advanced = begin.elapsed();
        assert_eq!(next, whole, "nothing was different, and nothing is");
        advanced
    });
    let advanced = tries.min().unwrap();
    assert!(advanced * 10 < built, "{advanced:?} for two changes, {built:?} for everything");
}
