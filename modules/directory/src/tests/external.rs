//! External organisations (ORG-24): they and the house keep apart.

use hanlin_kernel::{PersonId, PostId, Text, UnitId};
use hanlin_testkit::TestApp;

use super::{
    actions::code,
    store::{admin, sample},
};
use crate::{
    Appoint, ChangeDepartment, ChangeUnit, CreateDepartment, CreateUnit, JoinPerson, Leave, SetLeader,
    TransferAppointment, actions,
    cast::*,
    model::{LeadershipKind, Place, UnitKind},
    snapshot,
};

fn unit(parent: Option<UnitId>, kind: UnitKind) -> CreateUnit {
    CreateUnit {
        parent,
        code: None,
        kind,
        name: Text::zh("远帆供货商"),
        short_name: None,
        time_zone: None,
        position: 0,
        from: None,
    }
}

fn post(app: &TestApp) -> PostId {
    app.read(|tx| Ok(snapshot(tx)?.posts(tx.now())[0].id))
}

/// A supplier below the group, and somebody of his.
fn supplier(app: &TestApp) -> (UnitId, PersonId) {
    let post = post(app);
    app.write(move |tx| {
        let supplier = actions::create_unit(tx, &admin(), unit(Some(QINGLAN), UnitKind::External))?.id;
        let join = JoinPerson {
            name: "尤一帆".into(),
            employee_number: None,
            gender: None,
            mobile: None,
            office_phone: None,
            email: None,
            locale: Default::default(),
            rank: None,
            post,
            place: Place::Unit(supplier),
            from: None,
        };
        Ok((supplier, actions::join(tx, &admin(), join)?.id))
    })
}

// proves: ORG-24
#[test]
fn who_is_appointed_outside_is_external_also_when_he_has_left() {
    let app = sample();
    let (supplier, person) = supplier(&app);
    let is_external = |person| app.read(move |tx| Ok(snapshot(tx)?.is_external(person)));
    assert!(is_external(person) && !is_external(LIN_XIAO));
    let department = CreateDepartment {
        parent: Place::Unit(supplier),
        code: None,
        level: None,
        name: Text::zh("销售组"),
        position: 0,
        from: None,
    };
    let department = app.write(move |tx| actions::create_department(tx, &admin(), department.clone())).id;
    let outside = app.read(move |tx| Ok(snapshot(tx)?.is_external_place(Place::Department(department))));
    assert!(outside, "a department of theirs is theirs");
    app.clock.advance(jiff::SignedDuration::from_mins(1));
    app.write(move |tx| actions::leave(tx, &admin(), person, 1, Leave::default()));
    assert!(is_external(person), "a leaver stays what he was");
}

// proves: ORG-24
#[test]
fn who_is_from_outside_is_not_counted_among_the_people_of_the_house() {
    let app = sample();
    let counts = |place: Place| app.read(move |tx| Ok(snapshot(tx)?.headcount_below(place, tx.now())));
    let house = Place::Unit(QINGLAN);
    let before = counts(house);
    let (supplier, _) = supplier(&app);
    assert_eq!((counts(house), counts(Place::Unit(supplier))), (before, 1));
}

// proves: ORG-24
#[test]
fn nothing_crosses_to_an_external_unit() {
    let app = sample();
    let (supplier, person) = supplier(&app);
    let post = post(&app);
    let (there, here) = (Place::Unit(supplier), Place::Department(RD));
    let (held, own) = app.read(move |tx| {
        let (snapshot, now) = (snapshot(tx)?, tx.now());
        Ok((snapshot.appointments(person, now)[0].id, snapshot.appointments(LIN_XIAO, now)[0].id))
    });
    let refused = |what: &str, said: String| assert_eq!(said, "directory.external_apart", "{what}");
    let appoint = move |person, place| Appoint { person, post, place, main: false, from: None, to: None };
    let to = move |place| TransferAppointment { post, place, from: None };
    refused("in", code(app.try_write(move |tx| actions::appoint(tx, &admin(), appoint(person, here)))));
    refused("out", code(app.try_write(move |tx| actions::appoint(tx, &admin(), appoint(LIN_XIAO, there)))));
    refused("moved in", code(app.try_write(move |tx| actions::transfer(tx, &admin(), held, 1, to(here)))));
    refused("moved out", code(app.try_write(move |tx| actions::transfer(tx, &admin(), own, 1, to(there)))));
    let moved = ChangeDepartment { parent: Some(there), ..Default::default() };
    refused(
        "a department",
        code(app.try_write(move |tx| actions::change_department(tx, &admin(), RD, 1, moved.clone()))),
    );
    let moved = ChangeUnit { parent: Some(supplier), ..Default::default() };
    refused(
        "a unit",
        code(app.try_write(move |tx| actions::change_unit(tx, &admin(), QINGLAN_TRADE, 1, moved.clone()))),
    );
    let turned = ChangeUnit { kind: Some(UnitKind::External), ..Default::default() };
    refused(
        "its kind",
        code(app.try_write(move |tx| actions::change_unit(tx, &admin(), QINGLAN_TRADE, 1, turned.clone()))),
    );
    let turned = ChangeUnit { kind: Some(UnitKind::Branch), ..Default::default() };
    refused("back", code(app.try_write(move |tx| actions::change_unit(tx, &admin(), supplier, 1, turned.clone()))));
    let within = unit(Some(supplier), UnitKind::Branch);
    refused("inside", code(app.try_write(move |tx| actions::create_unit(tx, &admin(), within.clone()))));
    let leads = SetLeader { kind: LeadershipKind::Head, person: Some(person), from: None };
    refused("as head", code(app.try_write(move |tx| actions::set_leader(tx, &admin(), here, leads.clone()))));
    let goes = Leave { at: None, successor: Some(person) };
    refused("as successor", code(app.try_write(move |tx| actions::leave(tx, &admin(), LIN_XIAO, 1, goes))));
    let alone = CreateUnit { time_zone: Some("Asia/Shanghai".into()), ..unit(None, UnitKind::External) };
    let alone = code(app.try_write(move |tx| actions::create_unit(tx, &admin(), alone.clone())));
    assert_eq!(alone, "directory.external_alone");
    // What keeps to its side is done.
    app.write(move |tx| actions::create_unit(tx, &admin(), unit(Some(supplier), UnitKind::External)).map(drop));
    let leads = SetLeader { kind: LeadershipKind::Head, person: Some(person), from: None };
    app.write(move |tx| actions::set_leader(tx, &admin(), there, leads.clone()).map(drop));
}
