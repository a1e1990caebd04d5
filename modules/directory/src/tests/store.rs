//! What was written is what is read, on the engine of this run.

use std::collections::HashSet;

use hanlin_kernel::{Actor, Grant, Scopes};
use hanlin_store::Tx;
use hanlin_testkit::TestApp;
use proptest::prelude::*;

use crate::{
    ChangeDepartment, CreateDepartment, MANAGE,
    cast::{self, *},
    change_department,
    closure::{Ancestor, Edge, Tree},
    create_department,
    model::Place,
    module, snapshot,
    snapshot::Snapshot,
    store,
};

/// The administrator of the sample organisation.
pub(super) fn admin() -> Actor {
    let grants =
        [crate::READ, MANAGE].map(|permission| Grant { permission: permission.0.into(), scopes: Scopes::everything() });
    Actor { grants: grants.to_vec(), ..Actor::person(GAO_XIANG) }
}

pub(super) fn sample() -> TestApp {
    let app = TestApp::new(vec![module()]);
    assert!(app.write(cast::load_sample));
    app
}

#[test]
fn the_sample_is_read_as_it_was_written() {
    let app = sample();
    assert_eq!(app.events(), ["directory.sample_loaded"]);
    let mut stored = app.read(store::load);
    let mut written = cast::rows();
    for rows in [&mut stored, &mut written] {
        rows.units.sort_by_key(|unit| unit.id);
        rows.departments.sort_by_key(|department| (department.id, department.validity.from));
        rows.posts.sort_by_key(|post| post.id);
        rows.ranks.sort_by_key(|rank| rank.id);
        rows.people.sort_by_key(|person| person.id);
        rows.service.sort_by_key(|service| service.person);
        rows.appointments.sort_by_key(|held| held.id);
        rows.leaderships.sort_by_key(|led| led.id);
        rows.members.sort_by_key(|member| member.person);
    }
    assert_eq!(stored.units, written.units);
    assert_eq!(stored.departments, written.departments);
    assert_eq!(stored.posts, written.posts);
    assert_eq!(stored.ranks, written.ranks);
    assert_eq!(stored.people, written.people);
    assert_eq!(stored.service, written.service);
    assert_eq!(stored.appointments, written.appointments);
    assert_eq!(stored.leaderships, written.leaderships);
    assert_eq!(stored.groups, written.groups);
    assert_eq!(stored.members, written.members);
    assert!(!app.write(cast::load_sample), "a second time there is nothing to do");
}

#[test]
fn a_snapshot_is_shared_until_something_changes() {
    let app = sample();
    let first = app.read(snapshot);
    let again = app.read(snapshot);
    assert!(std::sync::Arc::ptr_eq(&first, &again));
    app.write(|tx| {
        let intent = ChangeDepartment { name: Some(hanlin_kernel::Text::zh("平台一组")), ..Default::default() };
        change_department(tx, &admin(), PLATFORM, 1, intent)
    });
    let changed = app.read(snapshot);
    let name = |snapshot: &Snapshot| snapshot.name_of(Place::Department(PLATFORM), app.db.now()).unwrap().zh.clone();
    assert_eq!((name(&first).as_str(), name(&changed).as_str()), ("平台组", "平台一组"));
}

#[test]
fn a_change_that_is_rolled_back_leaves_no_snapshot_behind() {
    let app = sample();
    let failed = app.try_write(|tx| {
        let intent = ChangeDepartment { name: Some(hanlin_kernel::Text::zh("虚部门")), ..Default::default() };
        change_department(tx, &admin(), PLATFORM, 1, intent)?;
        let seen = snapshot(tx)?;
        assert_eq!(seen.name_of(Place::Department(PLATFORM), tx.now()).unwrap().zh, "虚部门", "its own change is seen");
        Err::<(), _>(hanlin_kernel::Error::Stale)
    });
    assert!(failed.is_err());
    let after = app.read(snapshot);
    assert_eq!(after.name_of(Place::Department(PLATFORM), app.db.now()).unwrap().zh, "平台组");
}

#[test]
fn two_databases_of_one_process_do_not_mix() {
    let (one, other) = (sample(), TestApp::new(vec![module()]));
    assert!(one.read(snapshot).person(LIN_XIAO).is_some());
    assert!(other.read(snapshot).person(LIN_XIAO).is_none());
}

/// The table as it is, and as the closure of all periods would be.
fn closures(tx: &mut Tx) -> hanlin_kernel::Result<(HashSet<Ancestor>, HashSet<Ancestor>)> {
    let rows = store::load(tx)?;
    let tree: Tree = rows.units.iter().map(Edge::from).chain(rows.departments.iter().map(Edge::from)).collect();
    let naive = tree.places().flat_map(|place| tree.ancestors(place).unwrap()).collect();
    Ok((store::list_closure(tx)?.into_iter().collect(), naive))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    // proves: ORG-03 (the part that the table of scopes follows every move)
    #[test]
    fn the_ancestor_table_is_the_closure(moves in prop::collection::vec((0usize..7, 0usize..9, 0i64..5), 1..14)) {
        let app = sample();
        let movable = [PLATFORM, RD, DESIGN, ACCOUNTING, SALES, SALES_EAST, PURCHASING];
        let mut targets: Vec<Place> = movable.map(Place::Department).to_vec();
        targets.extend([Place::Unit(QINGLAN), Place::Unit(QINGLAN_TRADE)]);
        let (mut done, mut refused) = (0, 0);
        for (which, target, later) in moves {
            let (id, parent) = (movable[which], targets[target]);
            let answer = app.try_write(move |tx| {
                let seen = store::find_department(tx, id)?.last().map_or(0, |last| last.version);
                let from = tx.now() + jiff::SignedDuration::from_hours(later * 24);
                let intent = ChangeDepartment { parent: Some(parent), from: Some(from), ..Default::default() };
                change_department(tx, &admin(), id, seen, intent)
            });
            match answer {
                Ok(_) => done += 1,
                Err(hanlin_kernel::Error::Refused(_)) => refused += 1,
                Err(other) => panic!("neither done nor refused: {other}"),
            }
            app.clock.advance(jiff::SignedDuration::from_hours(7));
            let (table, naive) = app.read(closures);
            prop_assert_eq!(table, naive, "after {} moves and {} refusals", done, refused);
        }
    }
}

#[test]
fn what_is_set_up_below_is_in_scope_at_once() {
    let app = sample();
    let made = app.write(|tx| {
        let intent = CreateDepartment {
            parent: Place::Department(PLATFORM),
            code: Some("tools".to_owned()),
            level: None,
            name: hanlin_kernel::Text::zh("工具小组"),
            position: 1,
            from: None,
        };
        create_department(tx, &admin(), intent)
    });
    let upwards = app.read(move |tx| {
        let now = tx.now();
        store::list_ancestors(tx, Place::Department(made.id), now)
    });
    let expected = [made.id, PLATFORM, RD, PRODUCT].map(Place::Department);
    assert_eq!(upwards, [&expected[..], &[Place::Unit(QINGLAN)]].concat());
    let snapshot = app.read(snapshot);
    assert_eq!(snapshot.ancestors(Place::Department(made.id), app.db.now()), upwards, "the snapshot says the same");
}
