//! What is generated is an organisation that the directory itself would have let somebody make.

use std::collections::{BTreeSet, HashMap, HashSet};

use expect_test::expect;
use hanlin_kernel::{PersonId, UnitId};
use hanlin_testkit::TestApp;
use proptest::prelude::*;

use crate::{
    closure::{Edge, Tree},
    generator::{self, generate, load_generated},
    model::{Dated, Department, LeadershipKind, Place, UnitKind},
    module,
    rules::{self, Ground, Standing},
    snapshot,
    snapshot::{Rows, Snapshot},
    store,
};

/// Everything of one person or place, in order of time.
fn periods<K: std::hash::Hash + Eq, T: Dated + Clone>(rows: &[T], key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut of: HashMap<K, Vec<T>> = HashMap::new();
    for row in rows {
        of.entry(key(row)).or_default().push(row.clone());
    }
    of.values_mut().for_each(|list| list.sort_by_key(|row| row.validity().from));
    of
}

fn unique<'a>(what: &str, values: impl Iterator<Item = Option<&'a String>>) {
    let mut known = HashSet::new();
    for value in values {
        let value = value.unwrap_or_else(|| panic!("everybody has {what}"));
        assert!(known.insert(value), "{what} {value} is there twice");
    }
}

/// Panics with the first rule that is broken.
pub(super) fn keeps_every_rule(rows: &Rows) {
    unique("employee number", rows.people.iter().map(|person| person.employee_number.as_ref()));
    unique("mobile", rows.people.iter().map(|person| person.mobile.as_ref()));
    unique("e-mail", rows.people.iter().map(|person| person.email.as_ref()));
    let snapshot = Snapshot::build("generated", rows.clone());
    places_hang_together(rows);
    appointments_are_allowed(rows, &snapshot);
    leaders_belong(rows, &snapshot);
    for member in &rows.members {
        let service = rows.service.iter().filter(|service| service.person == member.person).cloned();
        let mut service: Vec<_> = service.collect();
        service.sort_by_key(|service| service.validity.from);
        assert!(rules::covered(&service, member.validity), "a member serves while he is one");
    }
}

/// No circle, no place outside the time of the one above, no two of one code in a unit, no gap in a place's periods.
fn places_hang_together(rows: &Rows) {
    let tree: Tree = rows.units.iter().map(Edge::from).chain(rows.departments.iter().map(Edge::from)).collect();
    let units = periods(&rows.units, |unit| unit.id);
    let departments = periods(&rows.departments, |department| department.id);
    for place in tree.places() {
        tree.ancestors(place).unwrap_or_else(|circle| panic!("{circle:?}"));
        let mut edges = tree.periods(place).to_vec();
        edges.sort_by_key(|edge| edge.validity.from);
        for two in edges.windows(2) {
            assert_eq!(two[0].validity.to, Some(two[1].validity.from), "one period follows the other");
        }
        for edge in tree.periods(place) {
            assert!(edge.validity.to.is_none_or(|to| edge.validity.from < to));
            match edge.parent {
                Some(Place::Unit(above)) => assert!(rules::covered(&units[&above], edge.validity)),
                Some(Place::Department(above)) => {
                    assert!(rules::covered(&departments[&above], edge.validity));
                    assert_eq!(unit_of(&departments[&above]), unit_of(&departments[&edge.node.department().unwrap()]));
                }
                None => assert!(edge.node.unit().is_some()),
            }
        }
    }
    let open = rows.departments.iter().filter(|department| department.validity.to.is_none());
    let codes: Vec<_> = open.map(|department| (department.unit, department.code.clone())).collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "a code names one department of a unit");
}

fn unit_of(periods: &[Department]) -> UnitId {
    periods[0].unit
}

fn appointments_are_allowed(rows: &Rows, snapshot: &Snapshot) {
    let service = periods(&rows.service, |service| service.person);
    let held = periods(&rows.appointments, |held| held.person);
    let departments = periods(&rows.departments, |department| department.id);
    assert_eq!(service.len(), rows.people.len(), "everybody serves at some time");
    for list in service.values() {
        for two in list.windows(2) {
            assert!(!two[0].validity.overlaps(&two[1].validity));
        }
    }
    for (person, list) in &held {
        for (n, one) in list.iter().enumerate() {
            let department = one.place.department().unwrap();
            let ground = Ground {
                person: "",
                service: &service[person],
                place: &departments[&department],
                units: &snapshot.units_upwards(unit_of(&departments[&department]), one.validity.from),
                post: snapshot.post(one.post).unwrap(),
                held: &list[..n],
            };
            rules::appoint(one, &ground).unwrap_or_else(|refusal| panic!("{refusal:?} of {one:?}"));
        }
    }
    for person in service.keys() {
        let main = held.get(person).into_iter().flatten().filter(|held| held.main).cloned().collect::<Vec<_>>();
        for period in &service[person] {
            assert!(rules::covered(&main, period.validity), "who serves has a main appointment all the time");
        }
    }
}

fn leaders_belong(rows: &Rows, snapshot: &Snapshot) {
    let led = periods(&rows.leaderships, |led| (led.kind, led.place));
    for ((kind, place), list) in &led {
        for two in list.windows(2) {
            assert!(!two[0].validity.overlaps(&two[1].validity), "one {kind:?} at a time");
        }
        for one in list {
            let at = one.validity.from;
            let held = snapshot.appointments(one.person, at);
            let lines: Vec<_> = held.iter().map(|held| snapshot.ancestors(held.place, at)).collect();
            let standing = Standing { person: "", lines: &lines, place: &snapshot.ancestors(*place, at) };
            let allowed = match kind {
                LeadershipKind::Head => rules::head(&standing),
                LeadershipKind::InCharge => rules::leader_in_charge(&standing),
            };
            allowed.unwrap_or_else(|refusal| panic!("{refusal:?} of {one:?}"));
        }
    }
}

fn in_service(rows: &Rows) -> BTreeSet<PersonId> {
    let today = generator::today();
    rows.service.iter().filter(|service| service.validity.covers(today)).map(|service| service.person).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    // proves: ORG-01 (the part that what is generated for measuring is an organisation)
    #[test]
    fn what_is_generated_keeps_every_rule(seed in any::<u64>(), people in 20usize..900) {
        let rows = generate(seed, people);
        keeps_every_rule(&rows);
        prop_assert_eq!(in_service(&rows).len(), people);
    }
}

#[test]
fn fifty_thousand_are_an_organisation_of_every_kind() {
    let rows = generate(1, 50_000);
    assert_eq!(in_service(&rows).len(), 50_000);
    places_hang_together(&rows);
    unique("mobile", rows.people.iter().map(|person| person.mobile.as_ref()));
    unique("e-mail", rows.people.iter().map(|person| person.email.as_ref()));
    for kind in [UnitKind::Group, UnitKind::Subsidiary, UnitKind::Branch, UnitKind::Outpost] {
        assert!(rows.units.iter().any(|unit| unit.kind == kind), "there is a {kind:?}");
    }
    let snapshot = Snapshot::build("large", rows.clone());
    let at = generator::today();
    let deepest = rows.departments.iter().map(|department| snapshot.departments_upwards(department.id, at).len());
    assert!(deepest.max() >= Some(4), "departments lie at least four deep");
    let rows_of = |main: bool| rows.appointments.iter().filter(|held| held.main == main).count();
    assert!(rows_of(false) > 500, "some have a second place");
    assert!(rows.appointments.iter().any(|held| held.validity.to.is_some_and(|to| to < at)), "there is a past");
    assert!(rows.appointments.iter().any(|held| held.validity.from > at), "and a future");
    assert!(rows.people.iter().all(|person| person.mobile.as_ref().unwrap().starts_with("154")));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let bytes = |seed| format!("{:?}", generate(seed, 300));
    assert_eq!(bytes(7), bytes(7));
    assert_ne!(bytes(7), bytes(8));
    let rows = generate(7, 300);
    let first = rows.people.iter().take(3).map(|person| format!("{} {}", person.name, person.sort_key));
    let counts =
        format!("{} units, {} departments, {} people", rows.units.len(), rows.departments.len(), rows.people.len());
    expect![[r#"
        吴桂桂 wu gui gui
        姚梅月 yao mei yue
        余芳梅 yu fang mei
        6 units, 88 departments, 314 people"#]]
    .assert_eq(&first.chain([counts]).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_generated_organisation_is_read_as_it_was_written() {
    let app = TestApp::new(vec![module()]);
    let rows = generate(3, 400);
    let written = rows.clone();
    app.write(move |tx| load_generated(tx, 3, &rows));
    assert_eq!(app.events(), ["directory.organisation_generated"]);
    let stored = app.read(snapshot);
    let made = Snapshot::build("made", written.clone());
    let at = generator::today();
    for person in &written.people {
        assert_eq!(stored.person(person.id), made.person(person.id));
        assert_eq!(stored.superiors(person.id, None, at), made.superiors(person.id, None, at));
        assert_eq!(stored.appointments(person.id, at), made.appointments(person.id, at));
        assert_eq!(stored.groups_of(person.id, at), made.groups_of(person.id, at));
    }
    let tree: Tree = written.units.iter().map(Edge::from).chain(written.departments.iter().map(Edge::from)).collect();
    let closure: HashSet<_> = tree.places().flat_map(|place| tree.ancestors(place).unwrap()).collect();
    assert_eq!(app.read(store::list_closure).into_iter().collect::<HashSet<_>>(), closure);
}

#[test]
fn an_organisation_is_generated_only_where_there_is_none() {
    let app = super::store::sample();
    app.events();
    let refused = app.try_write(|tx| load_generated(tx, 1, &generate(1, 20)));
    assert!(format!("{refused:?}").contains("not_empty"), "{refused:?}");
    assert_eq!(app.events(), Vec::<String>::new());
}
