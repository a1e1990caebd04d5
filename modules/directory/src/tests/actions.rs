//! The verbs against the sample organisation: what they change, what they refuse, what they leave as it was.

use hanlin_kernel::{Actor, DepartmentId, Error, Grant, Id, PersonId, Result, Scopes, Text};
use hanlin_testkit::TestApp;
use jiff::{SignedDuration, Timestamp};

use super::store::{admin, sample};
use crate::{
    AddMember, Appoint, ChangeDepartment, ChangePerson, ChangeUnit, CreateDepartment, CreateUnit, JoinPerson, Leave,
    MANAGE, SetLeader, SetRank, Snapshot, TransferAppointment, actions,
    cast::*,
    model::{LeadershipKind, Place, UnitKind},
    snapshot,
};

pub(super) fn code(answer: Result<impl std::fmt::Debug>) -> String {
    answer.expect_err("this is refused").code().to_owned()
}

fn later(app: &TestApp, days: i64) -> Timestamp {
    app.db.now() + SignedDuration::from_hours(24 * days)
}

fn seen(app: &TestApp) -> std::sync::Arc<Snapshot> {
    app.read(snapshot)
}

fn version_of(app: &TestApp, person: PersonId) -> u64 {
    seen(app).person(person).unwrap().version
}

/// Manages the subsidiary only.
fn trade_manager() -> Actor {
    let scopes = Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() };
    let grants =
        [crate::READ, MANAGE].map(|permission| Grant { permission: permission.0.into(), scopes: scopes.clone() });
    Actor { grants: grants.to_vec(), ..Actor::person(QIN_YUE) }
}

fn renamed(name: &str) -> ChangeDepartment {
    ChangeDepartment { name: Some(Text::zh(name)), ..Default::default() }
}

fn moved(parent: Place) -> ChangeDepartment {
    ChangeDepartment { parent: Some(parent), ..Default::default() }
}

// proves: ORG-03 (the part that a dated change takes effect by itself and the past stays)
#[test]
fn a_planned_rename_takes_effect_by_itself() {
    let app = sample();
    let from = later(&app, 30);
    app.write(move |tx| {
        actions::change_department(tx, &admin(), SALES, 1, ChangeDepartment { from: Some(from), ..renamed("营销部") })
    });
    let name = || seen(&app).name_of(Place::Department(SALES), app.db.now()).unwrap().zh.clone();
    assert_eq!(name(), "销售部");
    app.clock.set(from);
    assert_eq!(name(), "营销部");
    let planned_twice = app.try_write(move |tx| {
        let before = from - SignedDuration::from_hours(1);
        actions::change_department(tx, &admin(), SALES, 2, ChangeDepartment { from: Some(before), ..renamed("商务部") })
    });
    assert_eq!(code(planned_twice), "directory.later_change_planned", "a plan is not overtaken unseen");
}

// proves: ORG-03 (the part that what names a department keeps naming it after a move)
#[test]
fn a_department_moves_with_all_that_is_in_it() {
    let app = sample();
    let from = later(&app, 1);
    app.write(move |tx| {
        let intent = ChangeDepartment { from: Some(from), ..moved(Place::Unit(QINGLAN_TRADE)) };
        actions::change_department(tx, &admin(), PRODUCT, 1, intent)
    });
    app.clock.set(from);
    let now = seen(&app);
    assert_eq!(now.department(PLATFORM, from).unwrap().unit, QINGLAN_TRADE, "what is below goes along");
    assert_eq!(now.department(RD, from).unwrap().name.zh, "研发部", "and keeps its name");
    let engineers = now.posts_by_code("engineer");
    assert_eq!(now.holders(engineers, QINGLAN_TRADE, from), [LIN_XIAO, WU_TONG]);
    assert_eq!(now.holders(engineers, QINGLAN, from), []);
    let before = from - SignedDuration::from_millis(1);
    assert_eq!(now.holders(engineers, QINGLAN, before), [LIN_XIAO, WU_TONG], "a moment before it was so");
    let chain: Vec<PersonId> =
        now.chain_of_heads(Place::Department(PLATFORM), from).iter().map(|link| link.person).collect();
    assert_eq!(chain, [ZHAO_QING, CHEN_MO, SONG_YANG, SHEN_RUOLAN, QIN_YUE, ZHOU_YUANHANG]);
}

#[test]
fn a_department_cannot_lie_in_itself() {
    let app = sample();
    let answer =
        app.try_write(|tx| actions::change_department(tx, &admin(), PRODUCT, 1, moved(Place::Department(PLATFORM))));
    assert_eq!(code(answer), "directory.circular");
    let unchanged = seen(&app).department(PRODUCT, app.db.now()).unwrap().clone();
    assert_eq!((unchanged.parent, unchanged.version), (None, 1), "nothing of a refused move stays");
    let itself = app.try_write(|tx| actions::change_department(tx, &admin(), RD, 1, moved(Place::Department(RD))));
    assert_eq!(code(itself), "directory.circular");
}

#[test]
fn what_is_in_use_does_not_close() {
    let app = sample();
    let close = |id: DepartmentId| app.try_write(move |tx| actions::end_department(tx, &admin(), id, 1, None));
    assert_eq!(code(close(PRODUCT)), "directory.still_contains");
    assert_eq!(code(close(PLATFORM)), "directory.still_staffed");
    let posts = app.read(|tx| Ok(snapshot(tx)?.posts_by_code("cashier").to_vec()));
    assert_eq!(
        code(app.try_write(move |tx| actions::end_post(tx, &admin(), posts[0], 1, None))),
        "directory.still_staffed"
    );
}

#[test]
fn an_empty_department_closes_and_its_name_stays() {
    let app = sample();
    let made = app.write(|tx| {
        let intent = CreateDepartment {
            parent: Place::Unit(QINGLAN_TRADE),
            code: Some("temporary".into()),
            level: None,
            name: Text::zh("筹备组"),
            position: 9,
            from: None,
        };
        actions::create_department(tx, &admin(), intent)
    });
    app.write(move |tx| {
        let head = SetLeader { kind: LeadershipKind::Head, person: Some(QIN_YUE), from: None };
        actions::set_leader(tx, &admin(), Place::Department(made.id), head)
    });
    let at = later(&app, 10);
    app.write(move |tx| actions::end_department(tx, &admin(), made.id, 1, Some(at)));
    app.clock.set(at);
    let now = seen(&app);
    let place = Place::Department(made.id);
    assert_eq!((now.department(made.id, at), now.head(place, at)), (None, None));
    assert_eq!(now.name_of(place, at).unwrap().zh, "筹备组");
    assert_eq!(now.ancestors(place, at), []);
    let again = app.try_write(move |tx| actions::end_department(tx, &admin(), made.id, 2, None));
    assert_eq!(code(again), "directory.not_in_force");
}

#[test]
fn a_code_is_used_once_in_a_unit() {
    let app = sample();
    let create = |parent: Place| {
        app.try_write(move |tx| {
            let intent = CreateDepartment {
                parent,
                code: Some("hr".into()),
                level: None,
                name: Text::zh("人事科"),
                position: 1,
                from: None,
            };
            actions::create_department(tx, &admin(), intent)
        })
    };
    assert_eq!(code(create(Place::Department(ADMIN))), "directory.code_taken");
    assert!(create(Place::Unit(QINGLAN_TRADE)).is_ok(), "another unit may use it");
}

fn newcomer(name: &str, mobile: Option<&str>, snapshot: &Snapshot) -> JoinPerson {
    JoinPerson {
        name: name.to_owned(),
        employee_number: None,
        gender: None,
        mobile: mobile.map(str::to_owned),
        office_phone: None,
        email: None,
        locale: Default::default(),
        rank: snapshot
            .rank_of(LIN_XIAO, snapshot.main_appointment(LIN_XIAO, Timestamp::MAX).unwrap().validity.from)
            .map(|rank| rank.id),
        post: snapshot.posts_by_code("engineer")[0],
        place: Place::Department(PLATFORM),
        from: None,
    }
}

// proves: ORG-06 (the part that one mobile number is one person), ORG-07 (the part that nobody is taken in twice)
#[test]
fn one_mobile_number_is_one_person() {
    let app = sample();
    let intent = newcomer("单小飞", Some("19900000021"), &seen(&app));
    let answer = app.try_write(move |tx| actions::join(tx, &admin(), intent.clone()));
    assert_eq!(code(answer), "directory.mobile_taken");
    let intent = newcomer("程远", Some("19900000031"), &seen(&app));
    let answer = app.try_write(move |tx| actions::join(tx, &admin(), intent.clone()));
    assert_eq!(code(answer), "directory.mobile_taken", "one who left keeps his number, so he is known again");
}

// proves: ORG-01 (the part that a person is placed by a main appointment)
#[test]
fn who_joins_is_placed_ranked_and_found() {
    let app = sample();
    let intent = newcomer("单小飞", Some("19900000777"), &seen(&app));
    let person = app.write(move |tx| actions::join(tx, &admin(), intent.clone()));
    assert_eq!(app.events(), ["directory.sample_loaded", "directory.person_joined", "directory.appointed"]);
    assert_eq!(person.sort_key, "shan xiao fei");
    let (now, at) = (seen(&app), app.db.now());
    assert_eq!(now.superior(person.id, None, at).unwrap().person, ZHAO_QING);
    assert_eq!(now.rank_level(person.id, at), Some(10));
    let before = at - SignedDuration::from_hours(1);
    assert!(!now.is_active(person.id, before), "an hour ago he was not there");
}

// proves: ORG-13
#[test]
fn over_one_who_left_stands_whoever_leads_now_where_he_was_last() {
    let app = sample();
    app.write(|tx| actions::leave(tx, &admin(), ZHAO_QING, 1, Leave::default()));
    let (now, at) = (seen(&app), app.db.now());
    assert_eq!(now.superior(ZHAO_QING, None, at), None, "he stands nowhere");
    assert_eq!(now.superior_at_last(ZHAO_QING, at).map(|link| link.person), Some(CHEN_MO));
}

// proves: ORG-13 (the part of the directory: no post, leadership or membership stays with one who left)
#[test]
fn who_leaves_holds_nothing_any_more() {
    let app = sample();
    let at = later(&app, 5);
    for successor in [GAO_XIANG, CHENG_YUAN] {
        let intent = Leave { at: Some(at), successor: Some(successor) };
        let answer = app.try_write(move |tx| actions::leave(tx, &admin(), GAO_XIANG, 1, intent));
        assert_eq!(code(answer), "directory.not_in_service", "neither himself nor one who left takes over");
    }
    app.write(move |tx| actions::leave(tx, &admin(), GAO_XIANG, 1, Leave { at: Some(at), successor: Some(TIAN_YU) }));
    let now = seen(&app);
    assert_eq!((now.successor(GAO_XIANG, app.db.now()), now.successor(GAO_XIANG, at)), (None, Some(TIAN_YU)));
    let a_moment_before = at - SignedDuration::from_millis(1);
    for (instant, there) in [(a_moment_before, true), (at, false)] {
        assert_eq!(now.is_active(GAO_XIANG, instant), there);
        assert_eq!(!now.appointments(GAO_XIANG, instant).is_empty(), there);
        assert_eq!(now.head(Place::Department(IT), instant) == Some(GAO_XIANG), there);
        assert_eq!(now.members(INFORMATION_OFFICERS, instant).contains(&GAO_XIANG), there);
    }
    assert_eq!(now.person_name(GAO_XIANG), "高翔");
    let again =
        app.try_write(move |tx| actions::leave(tx, &admin(), GAO_XIANG, 2, Leave { at: Some(at), successor: None }));
    assert_eq!(code(again), "directory.not_in_force");
}

#[test]
fn who_comes_back_is_the_same_person() {
    let app = sample();
    let rank = SetRank { rank: None, from: None };
    let answer = app.try_write(|tx| actions::rejoin(tx, &admin(), LIN_XIAO, 1, SetRank { rank: None, from: None }));
    assert_eq!(code(answer), "directory.already_in_service");
    app.write(move |tx| actions::rejoin(tx, &admin(), CHENG_YUAN, 1, rank.clone()));
    let post = seen(&app).posts_by_code("engineer")[0];
    app.write(move |tx| {
        let place = Place::Department(RD);
        actions::appoint(tx, &admin(), Appoint { person: CHENG_YUAN, post, place, main: true, from: None, to: None })
    });
    let now = seen(&app);
    assert!(now.is_active(CHENG_YUAN, app.db.now()));
    let between: Timestamp = "2025-10-01T00:00:00Z".parse().unwrap();
    assert!(!now.is_active(CHENG_YUAN, between), "the time in between stays");
}

#[test]
fn a_second_main_appointment_is_a_transfer_or_nothing() {
    let app = sample();
    let held = seen(&app).main_appointment(LIN_XIAO, app.db.now()).unwrap().clone();
    let post = held.post;
    let answer = app.try_write(move |tx| {
        let place = Place::Department(DESIGN);
        actions::appoint(tx, &admin(), Appoint { person: LIN_XIAO, post, place, main: true, from: None, to: None })
    });
    assert_eq!(code(answer), "directory.two_main_appointments");
    let from = later(&app, 3);
    app.write(move |tx| {
        let intent = TransferAppointment { post, place: Place::Department(DESIGN), from: Some(from) };
        actions::transfer(tx, &admin(), held.id, 1, intent)
    });
    let now = seen(&app);
    let place = |at| now.main_appointment(LIN_XIAO, at).unwrap().place;
    assert_eq!(place(app.db.now()), Place::Department(PLATFORM));
    assert_eq!(place(from), Place::Department(DESIGN));
}

#[test]
fn an_appointment_that_has_not_begun_is_withdrawn() {
    let app = sample();
    let (post, from) = (seen(&app).posts_by_code("designer")[0], later(&app, 20));
    let held = app.write(move |tx| {
        let place = Place::Department(DESIGN);
        let intent = Appoint { person: LIN_XIAO, post, place, main: false, from: Some(from), to: None };
        actions::appoint(tx, &admin(), intent)
    });
    assert_eq!(seen(&app).appointments(LIN_XIAO, from).len(), 2);
    app.write(move |tx| actions::end_appointment(tx, &admin(), held.id, 1, None));
    assert_eq!(seen(&app).appointments(LIN_XIAO, from).len(), 1);
    assert_eq!(seen(&app).appointment(held.id), None, "it never held");
    let again = app.try_write(move |tx| actions::end_appointment(tx, &admin(), held.id, 2, None));
    assert_eq!(code(again), "directory.not_in_force");
    let anew = app.try_write(move |tx| {
        let place = Place::Department(DESIGN);
        let intent = Appoint { person: LIN_XIAO, post, place, main: false, from: Some(from), to: None };
        actions::appoint(tx, &admin(), intent)
    });
    assert!(anew.is_ok(), "what was withdrawn is in nobody's way");
}

// proves: ORG-01 (the part of heads and leaders in charge)
#[test]
fn a_head_follows_another_and_comes_from_the_place() {
    let app = sample();
    let set = |kind, place, person, from| {
        app.try_write(move |tx| actions::set_leader(tx, &admin(), place, SetLeader { kind, person, from }))
    };
    let (head, in_charge) = (LeadershipKind::Head, LeadershipKind::InCharge);
    let platform = Place::Department(PLATFORM);
    assert_eq!(code(set(head, platform, Some(FANG_YUE), None)), "directory.head_from_elsewhere");
    assert_eq!(code(set(head, platform, Some(CHENG_YUAN), None)), "directory.not_in_service");
    assert_eq!(code(set(in_charge, platform, Some(QIN_YUE), None)), "directory.leader_from_elsewhere");
    let from = later(&app, 7);
    set(head, platform, Some(WU_TONG), Some(from)).unwrap();
    let now = seen(&app);
    assert_eq!((now.head(platform, app.db.now()), now.head(platform, from)), (Some(ZHAO_QING), Some(WU_TONG)));
    assert_eq!(code(set(head, platform, None, None)), "directory.later_change_planned");
    set(in_charge, platform, Some(HAN_LIQUN), None).unwrap();
    let leader = seen(&app).leader_in_charge(platform, app.db.now()).unwrap();
    assert_eq!((leader.person, leader.place), (HAN_LIQUN, platform), "the nearest one applies");
}

// proves: ORG-23
#[test]
fn a_promotion_is_dated() {
    let app = sample();
    let rank = seen(&app).rank_by_code("supervisor", QINGLAN, app.db.now()).unwrap().id;
    let from = later(&app, 30);
    app.write(move |tx| actions::set_rank(tx, &admin(), LIN_XIAO, 1, SetRank { rank: Some(rank), from: Some(from) }));
    let now = seen(&app);
    assert_eq!((now.rank_level(LIN_XIAO, app.db.now()), now.rank_level(LIN_XIAO, from)), (Some(10), Some(20)));
}

#[test]
fn somebody_else_was_faster() {
    let app = sample();
    app.write(|tx| actions::change_department(tx, &admin(), SALES, 1, renamed("营销部")));
    let answer = app.try_write(|tx| actions::change_department(tx, &admin(), SALES, 1, renamed("商务部")));
    assert!(matches!(answer, Err(Error::Stale)));
    let answer = app.try_write(|tx| actions::change_person(tx, &admin(), LIN_XIAO, 7, ChangePerson::default()));
    assert!(matches!(answer, Err(Error::Stale)));
}

// proves: PERM-03 (the part that who manages a unit changes nothing beside or above it)
#[test]
fn who_manages_a_unit_manages_no_other() {
    let app = sample();
    let own = app.try_write(|tx| actions::change_department(tx, &trade_manager(), SALES, 1, renamed("营销部")));
    assert!(own.is_ok());
    let other = app.try_write(|tx| actions::change_department(tx, &trade_manager(), RD, 1, renamed("研究院")));
    assert!(matches!(other, Err(Error::NotFound)), "what he may not see is not there");
    let out = app
        .try_write(|tx| actions::change_department(tx, &trade_manager(), SALES, 2, moved(Place::Department(PRODUCT))));
    assert!(matches!(out, Err(Error::NotFound)), "nor may he move his own into it");
    let version = version_of(&app, LIN_XIAO);
    let person = app.try_write(move |tx| {
        let intent = ChangePerson { name: Some("林小".into()), ..Default::default() };
        actions::change_person(tx, &trade_manager(), LIN_XIAO, version, intent)
    });
    assert!(matches!(person, Err(Error::NotFound)));
    let unit = app.try_write(|tx| {
        let intent = CreateUnit {
            parent: None,
            code: None,
            kind: UnitKind::Group,
            name: Text::zh("另一集团（示例）"),
            short_name: None,
            time_zone: Some("Asia/Shanghai".into()),
            position: 1,
            from: None,
        };
        actions::create_unit(tx, &trade_manager(), intent)
    });
    assert!(matches!(unit, Err(Error::Forbidden(_))), "a tree of its own needs everything");
}

#[test]
fn everybody_keeps_his_own_profile_and_no_more() {
    let app = sample();
    let lin = Actor::person(LIN_XIAO);
    let by = lin.clone();
    let changed = app.write(move |tx| {
        let intent = ChangePerson { office_phone: Some(Some("021-00000000-8999".into())), ..Default::default() };
        actions::change_person(tx, &by, LIN_XIAO, 1, intent)
    });
    assert_eq!(changed.office_phone.as_deref(), Some("021-00000000-8999"));
    let by = lin.clone();
    let name = app.try_write(move |tx| {
        let intent = ChangePerson { name: Some("林大".into()), ..Default::default() };
        actions::change_person(tx, &by, LIN_XIAO, 2, intent)
    });
    assert!(matches!(name, Err(Error::Forbidden(_))));
    let other = app.try_write(move |tx| {
        let intent = ChangePerson { email: Some(None), ..Default::default() };
        actions::change_person(tx, &lin, WU_TONG, 1, intent)
    });
    assert!(matches!(other, Err(Error::NotFound)), "without a grant nobody sees another");
}

#[test]
fn what_is_typed_wrongly_is_named_by_field() {
    let app = sample();
    let mut intent = newcomer(" ", Some("call me"), &seen(&app));
    intent.email = Some("nobody".into());
    intent.employee_number = Some("1 2".into());
    let Err(Error::Invalid(fields)) = app.try_write(move |tx| actions::join(tx, &admin(), intent.clone())) else {
        panic!("it is invalid")
    };
    let wrong: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    assert_eq!(
        wrong,
        [
            ("name", "directory.name_missing"),
            ("employee_number", "directory.not_a_number"),
            ("mobile", "directory.not_a_phone"),
            ("email", "directory.not_an_email"),
        ]
    );
}

#[test]
fn a_unit_is_founded_moved_and_closed() {
    let app = sample();
    let create = |parent, zone: Option<&str>| {
        let zone = zone.map(str::to_owned);
        app.try_write(move |tx| {
            let intent = CreateUnit {
                parent,
                code: None,
                kind: UnitKind::Outpost,
                name: Text::zh("西部办事处（示例）"),
                short_name: None,
                time_zone: zone.clone(),
                position: 3,
                from: None,
            };
            actions::create_unit(tx, &admin(), intent)
        })
    };
    assert_eq!(code(create(None, None)), "directory.time_zone_missing");
    assert_eq!(code(create(Some(QINGLAN), Some("Asia/Nowhere"))), "invalid");
    let unit = create(Some(QINGLAN), Some("Asia/Urumqi")).unwrap();
    let zone = |id| seen(&app).time_zone(id, app.db.now()).iana_name().unwrap_or_default().to_owned();
    assert_eq!((zone(unit.id), zone(QINGLAN_TRADE)), ("Asia/Urumqi".into(), "Asia/Shanghai".into()));
    app.write(move |tx| {
        let intent = ChangeUnit { parent: Some(QINGLAN_TRADE), ..Default::default() };
        actions::change_unit(tx, &admin(), unit.id, 1, intent)
    });
    app.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(seen(&app).units_upwards(unit.id, app.db.now()), [unit.id, QINGLAN_TRADE, QINGLAN]);
    let into_itself = app.try_write(move |tx| {
        let intent = ChangeUnit { parent: Some(unit.id), ..Default::default() };
        actions::change_unit(tx, &admin(), QINGLAN_TRADE, 1, intent)
    });
    assert_eq!(code(into_itself), "directory.circular");
    app.write(move |tx| actions::end_unit(tx, &admin(), unit.id, 2, None));
    assert_eq!(seen(&app).unit(unit.id, app.db.now()), None);
}

#[test]
fn groups_take_and_let_go() {
    let app = sample();
    let group = INFORMATION_OFFICERS;
    let twice = app.try_write(move |tx| actions::add_member(tx, &admin(), group, AddMember::since(WU_TONG, None)));
    assert_eq!(code(twice), "directory.member_already");
    let left = app.try_write(move |tx| actions::add_member(tx, &admin(), group, AddMember::since(CHENG_YUAN, None)));
    assert_eq!(code(left), "directory.not_in_service");
    app.write(move |tx| actions::remove_member(tx, &admin(), group, WU_TONG, None));
    let never = app.try_write(move |tx| actions::remove_member(tx, &admin(), group, WU_TONG, None));
    assert_eq!(code(never), "directory.not_a_member");
    app.write(move |tx| actions::add_member(tx, &admin(), group, AddMember::since(WU_TONG, None)));
    assert!(seen(&app).members(group, app.db.now()).contains(&WU_TONG), "he may come back the same instant");
    let nobody =
        app.try_write(move |tx| actions::add_member(tx, &admin(), group, AddMember::since(Id::fixed(99), None)));
    assert!(matches!(nobody, Err(Error::NotFound)));
}
