//! Many at once: prepared, admitted, discarded.

use hanlin_kernel::{Actor, Error, Grant, Id, Locale, Scopes, Text};
use hanlin_testkit::TestApp;

use super::store::{admin, sample};
use crate::{
    Card, MANAGE, Newcomer, actions,
    cast::*,
    model::{Appointment, BatchId, Department, Place, Service, Validity},
    snapshot, store,
};

const BATCH: BatchId = Id::fixed(9001);

fn newcomer(app: &TestApp, number: u32, place: Place) -> Newcomer {
    let since = Validity::since(app.db.now());
    let card = Card { name: format!("示例{number}"), employee_number: Some(format!("N{number}")), ..Card::default() };
    let person = card.person(Locale::default());
    let service = vec![Service { person: person.id, rank: None, successor: None, validity: since }];
    let post = cast_post(app);
    let held = Appointment { id: Id::new(), person: person.id, post, place, main: true, validity: since, version: 1 };
    Newcomer { person, service, appointments: vec![held] }
}

fn cast_post(app: &TestApp) -> hanlin_kernel::PostId {
    app.read(|tx| Ok(snapshot(tx)?.posts_by_code("engineer")[0]))
}

// proves: ORG-01 (the part that many people come at once, or none of them)
#[test]
fn what_is_prepared_begins_in_one_instant() {
    let app = sample();
    let people: Vec<Newcomer> = (0..3).map(|number| newcomer(&app, number, Place::Department(IT))).collect();
    let ids: Vec<_> = people.iter().map(|new| new.person.id).collect();
    let stamp = app.read(store::stamp);
    app.write(move |tx| actions::prepare(tx, BATCH, &people));
    assert_eq!(app.read(store::stamp), stamp, "nobody has to read the organisation again");
    let asked = ids.clone();
    let serving = move |app: &TestApp| {
        let asked = asked.clone();
        app.read(move |tx| {
            let (snapshot, now) = (snapshot(tx)?, tx.now());
            Ok(asked.iter().filter(|person| snapshot.is_active(**person, now)).count())
        })
    };
    assert_eq!(serving(&app), 0);
    assert_eq!(app.read(actions::prepared).len(), 3);
    let trade = Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() };
    let stranger =
        Actor { grants: vec![Grant { permission: MANAGE.0.into(), scopes: trade }], ..Actor::person(QIN_YUE) };
    assert!(app.try_write(move |tx| actions::admit(tx, &stranger, BATCH)).is_err());
    assert_eq!(app.write(|tx| actions::admit(tx, &admin(), BATCH)), 3);
    assert_eq!(serving(&app), 3);
    assert!(app.read(actions::prepared).is_empty());
    let old = stamp.clone();
    assert!(matches!(app.try_write(move |tx| actions::unchanged_since(tx, &old)), Err(Error::Stale)));
}

#[test]
fn what_is_discarded_was_never_there() {
    let app = sample();
    let before = app.read(store::load);
    let people: Vec<Newcomer> = (0..3).map(|number| newcomer(&app, number, Place::Department(IT))).collect();
    app.write(move |tx| actions::prepare(tx, BATCH, &people));
    assert!(app.write(|tx| actions::discard(tx, BATCH, 2)), "there may be more");
    assert!(!app.write(|tx| actions::discard(tx, BATCH, 2)));
    let after = app.read(store::load);
    assert_eq!((after.people.len(), after.service.len()), (before.people.len(), before.service.len()));
    assert!(!app.write(|tx| actions::discard(tx, BATCH, 2)));
}

// proves: UNIT-02 (the part that departments are set up together, without effect on others)
#[test]
fn departments_come_together_with_their_closure() {
    let app = sample();
    let since = Validity::since(app.db.now());
    let make = |number: u64, parent: Option<hanlin_kernel::DepartmentId>| Department {
        id: Id::fixed(number),
        unit: QINGLAN,
        parent,
        code: Some(format!("new-{number}")),
        level: None,
        name: Text::zh("新部门"),
        position: 0,
        validity: since,
        version: 1,
    };
    let (above, below) = (make(7001, Some(RD)), make(7002, Some(Id::fixed(7001))));
    let chain = vec![above.clone(), below.clone()];
    app.write(move |tx| actions::create_departments(tx, &admin(), &chain));
    let now = app.db.now();
    let ancestors = app.read(move |tx| store::list_ancestors(tx, Place::Department(below.id), now));
    let expected = [below.id, above.id, RD, PRODUCT].map(Place::Department);
    assert_eq!(ancestors[..4], expected);
    assert_eq!(ancestors[4..], [Place::Unit(QINGLAN)]);
}
