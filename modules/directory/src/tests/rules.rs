//! Tables without a database.

use hanlin_kernel::{Id, Text};
use jiff::Timestamp;

use crate::{
    cast::{HR, PLATFORM, PRODUCT, QINGLAN, QINGLAN_TRADE, RD, SALES},
    model::{Appointment, Dated, Place, Post, Validity, as_of},
    rules::{self, Ground, Refusal, Standing},
};

fn day(n: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + n * 86_400).unwrap()
}

fn days(from: i64, to: impl Into<Option<i64>>) -> Validity {
    Validity { from: day(from), to: to.into().map(day) }
}

#[derive(Clone, Debug, PartialEq)]
struct Period(Validity);

impl Dated for Period {
    fn validity(&self) -> Validity {
        self.0
    }
}

fn periods(list: &[(i64, Option<i64>)]) -> Vec<Period> {
    list.iter().map(|(from, to)| Period(days(*from, *to))).collect()
}

#[test]
fn an_end_is_exclusive_and_a_beginning_inclusive() {
    let validity = days(10, 20);
    assert!(
        validity.covers(day(10)) && validity.covers(day(19)) && !validity.covers(day(20)) && !validity.covers(day(9))
    );
    assert!(!validity.overlaps(&days(20, None)), "one may begin when the other ends");
    assert!(validity.overlaps(&days(19, None)));
    assert!(days(0, None).contains(&validity) && !validity.contains(&days(10, None)));
}

#[test]
fn the_period_of_an_instant_is_found_among_many() {
    let list = periods(&[(0, Some(5)), (5, Some(9)), (12, None)]);
    assert_eq!(as_of(&list, day(5)), Some(&list[1]));
    assert_eq!(as_of(&list, day(10)), None, "between two periods");
    assert_eq!(as_of(&list, day(-1)), None);
    assert_eq!(as_of(&list, day(99)), Some(&list[2]));
}

#[test]
fn periods_cover_only_without_a_gap() {
    let list = periods(&[(0, Some(5)), (5, Some(9)), (12, None)]);
    assert!(rules::covered(&list, days(0, 9)));
    assert!(rules::covered(&list, days(3, 7)));
    assert!(!rules::covered(&list, days(3, 13)), "nothing from 9 to 12");
    assert!(rules::covered(&list, days(12, None)));
    assert!(!rules::covered(&list, days(0, None)));
    assert!(!rules::covered(&periods(&[]), days(0, 1)));
}

#[test]
fn a_change_ends_what_is_and_never_rewrites_what_was() {
    let list = periods(&[(0, Some(5)), (5, None)]);
    assert_eq!(rules::succeed(&list, day(7)).unwrap().before, list[1]);
    assert!(rules::succeed(&list, day(5)).unwrap().in_place, "at its very beginning it is replaced");
    assert_eq!(rules::succeed(&list, day(3)), Err(Refusal::LaterChangePlanned { at: day(5) }));
    assert_eq!(rules::succeed(&periods(&[(0, Some(5))]), day(6)), Err(Refusal::NotInForce));
    assert_eq!(rules::end(&list, day(5)), Err(Refusal::EndsBeforeItBegins));
    assert_eq!(rules::end(&list, day(3)), Err(Refusal::LaterChangePlanned { at: day(5) }));
    assert_eq!(rules::end(&periods(&[(0, Some(5))]), day(9)), Err(Refusal::NotInForce), "ended already");
    assert_eq!(rules::end(&list, day(8)), Ok(list[1].clone()));
}

fn post() -> Post {
    Post {
        id: Id::fixed(3001),
        unit: QINGLAN,
        code: "engineer".to_owned(),
        name: Text::zh("工程师"),
        position: 1,
        validity: days(0, None),
        version: 1,
    }
}

fn appointment(id: u64, place: Place, main: bool, validity: Validity) -> Appointment {
    Appointment { id: Id::fixed(id), person: Id::fixed(5001), post: post().id, place, main, validity, version: 1 }
}

fn decide(new: &Appointment, held: &[Appointment], service: &[(i64, Option<i64>)]) -> Result<(), Refusal> {
    let (service, place, post) = (periods(service), periods(&[(0, Some(100))]), post());
    let ground = Ground {
        person: "林晓",
        service: &service,
        place: &place,
        units: &[QINGLAN_TRADE, QINGLAN],
        post: &post,
        held,
    };
    rules::appoint(new, &ground)
}

// proves: ORG-01
#[test]
fn two_main_appointments_at_once_are_refused() {
    let (here, there) = (Place::Department(PLATFORM), Place::Department(SALES));
    let held = [appointment(1, here, true, days(10, 20))];
    let served = [(0, None)];
    assert_eq!(
        decide(&appointment(2, there, true, days(19, 30)), &held, &served),
        Err(Refusal::TwoMainAppointments { since: day(10) })
    );
    assert_eq!(decide(&appointment(2, there, true, days(20, 30)), &held, &served), Ok(()), "one after the other");
    assert_eq!(decide(&appointment(2, there, false, days(12, 30)), &held, &served), Ok(()), "one main, one concurrent");
    assert_eq!(
        decide(&appointment(2, here, false, days(12, 30)), &held, &served),
        Err(Refusal::AppointedAlready { since: day(10) })
    );
}

#[test]
fn an_appointment_needs_person_place_and_post_for_all_of_its_time() {
    let here = Place::Department(PLATFORM);
    let served = [(0, None)];
    let refused =
        |validity, service: &[(i64, Option<i64>)]| decide(&appointment(2, here, true, validity), &[], service);
    assert_eq!(refused(days(10, 10), &served), Err(Refusal::EndsBeforeItBegins));
    assert_eq!(refused(days(10, 30), &[(0, Some(20))]), Err(Refusal::NotInService { person: "林晓".to_owned() }));
    assert_eq!(refused(days(10, None), &served), Err(Refusal::PlaceNotInForce), "the place ends on day 100");
    assert_eq!(refused(days(10, 90), &served), Ok(()));

    let (service, place) = (periods(&served), periods(&[(0, None)]));
    let abroad = Post { unit: QINGLAN, ..post() };
    let ground =
        Ground {
            person: "林晓", service: &service, place: &place, units: &[QINGLAN_TRADE], post: &abroad, held: &[]
        };
    let refused = rules::appoint(&appointment(2, here, true, days(1, 2)), &ground);
    assert_eq!(refused, Err(Refusal::PostOfAnotherUnit { post: Text::zh("工程师") }));
    let ended = Post { validity: days(0, 50), ..post() };
    let ground = Ground { units: &[QINGLAN], post: &ended, ..ground };
    let refused = rules::appoint(&appointment(2, here, true, days(1, 60)), &ground);
    assert_eq!(refused, Err(Refusal::PostNotInForce { post: Text::zh("工程师") }));
}

fn line(department: &[hanlin_kernel::DepartmentId], units: &[hanlin_kernel::UnitId]) -> Vec<Place> {
    let departments = department.iter().copied().map(Place::Department);
    departments.chain(units.iter().copied().map(Place::Unit)).collect()
}

#[test]
fn a_head_belongs_to_the_place_or_stands_above_or_below_it() {
    let group = [QINGLAN];
    let rd = line(&[RD, PRODUCT], &group);
    let refused = Err(Refusal::HeadFromElsewhere { person: "林晓".to_owned() });
    let head = |lines: &[Vec<Place>]| rules::head(&Standing { person: "林晓", lines, place: &rd });
    assert_eq!(head(&[line(&[RD, PRODUCT], &group)]), Ok(()));
    assert_eq!(head(&[line(&[PLATFORM, RD, PRODUCT], &group)]), Ok(()), "from a team in it");
    assert_eq!(head(&[line(&[PRODUCT], &group)]), Ok(()), "from above");
    assert_eq!(head(&[line(&[], &group)]), Ok(()), "directly from the unit");
    assert_eq!(head(&[line(&[HR], &group)]), refused);
    assert_eq!(head(&[]), refused);
    assert_eq!(head(&[line(&[HR], &group), line(&[RD, PRODUCT], &group)]), Ok(()), "by a concurrent appointment");
}

#[test]
fn a_leader_in_charge_comes_from_the_unit_or_above() {
    let east = line(&[SALES], &[QINGLAN_TRADE, QINGLAN]);
    let leader = |lines: &[Vec<Place>], place: &[Place]| {
        rules::leader_in_charge(&Standing { person: "林晓", lines, place }).is_ok()
    };
    assert!(leader(&[line(&[HR], &[QINGLAN])], &east), "from the group");
    assert!(leader(&[line(&[SALES], &[QINGLAN_TRADE, QINGLAN])], &east));
    assert!(!leader(&[line(&[SALES], &[QINGLAN_TRADE, QINGLAN])], &line(&[HR], &[QINGLAN])), "from a unit below");
}
