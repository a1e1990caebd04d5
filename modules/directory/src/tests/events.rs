//! One sample of each event, as it is stored. What was written once must be readable for ever: a changed sample is a new
//! version of the event, and the old sample stays.

use expect_test::expect_file;
use hanlin_kernel::{Event as _, Id};
use serde_json::json;

use crate::{cast::*, events::Event, model::LeadershipKind, model::Place};

/// One of each.
pub(super) fn samples() -> Vec<Event> {
    let rows = rows();
    let at = "2026-03-02T01:00:00Z".parse().unwrap();
    let unit = rows.units[1].clone();
    let department = rows.departments[14].clone();
    let (post, rank, group) = (rows.posts[11].clone(), rows.ranks[0].clone(), rows.groups[0].clone());
    let (person, service) = (rows.people[20].clone(), rows.service[20].clone());
    let (appointment, led) = (rows.appointments[20].clone(), rows.leaderships[0].clone());
    vec![
        Event::UnitCreated { unit: unit.clone() },
        Event::UnitChanged { before: unit.clone(), after: unit },
        Event::UnitEnded { unit: QINGLAN_TRADE, at },
        Event::UnitReopened { unit: rows.units[1].clone() },
        Event::DepartmentCreated { department: department.clone() },
        Event::DepartmentChanged { before: department.clone(), after: department },
        Event::DepartmentEnded { department: SALES, at },
        Event::DepartmentReopened { department: rows.departments[14].clone() },
        Event::PostCreated { post: post.clone() },
        Event::PostChanged { before: post.clone(), after: post },
        Event::PostEnded { post: Id::fixed(3012), at },
        Event::RankCreated { rank: rank.clone() },
        Event::RankChanged { before: rank.clone(), after: rank },
        Event::RankEnded { rank: Id::fixed(4001), at },
        Event::PersonJoined { person: person.clone(), service },
        Event::PersonChanged { before: person.clone(), after: person },
        Event::PersonRanked { person: LIN_XIAO, before: None, after: Some(Id::fixed(4002)), from: at },
        Event::PersonLeft { person: LIN_XIAO, at, successor: Some(WU_TONG) },
        Event::Appointed { appointment: appointment.clone() },
        Event::AppointmentEnded { appointment, at },
        Event::LeaderSet {
            kind: LeadershipKind::Head,
            place: Place::Unit(QINGLAN),
            before: Some(led),
            after: Some(SHEN_RUOLAN),
            from: at,
        },
        Event::GroupCreated { group: group.clone() },
        Event::GroupChanged { before: group.clone(), after: group },
        Event::GroupCreated {
            group: crate::model::Group {
                team: Some(crate::model::Team { leader: SONG_YANG, purpose: "新品上市".into() }),
                ..rows.groups[0].clone()
            },
        },
        Event::GroupEnded { group: INFORMATION_OFFICERS, at },
        Event::MemberAdded { group: INFORMATION_OFFICERS, person: LIN_XIAO, from: at },
        Event::MemberRemoved { group: INFORMATION_OFFICERS, person: LIN_XIAO, at },
        Event::PersonPrepared {
            batch: Id::fixed(9001),
            person: rows.people[20].clone(),
            service: vec![rows.service[20].clone()],
            appointments: vec![rows.appointments[20].clone()],
        },
        Event::BatchAdmitted { batch: Id::fixed(9001), people: 2 },
        Event::BatchDiscarded { batch: Id::fixed(9001), people: vec![LIN_XIAO] },
        Event::SampleLoaded { units: 2, people: 31 },
        Event::OrganisationGenerated { seed: 7, units: 3, people: 204 },
    ]
}

#[test]
fn events_are_stored_as_they_always_were() {
    let stored: Vec<_> = samples()
        .iter()
        .map(|event| {
            json!({ "kind": event.kind(), "version": event.version(), "stream": event.stream(), "payload": event })
        })
        .collect();
    expect_file!["events.json"].assert_eq(&format!("{:#}\n", serde_json::Value::from(stored)));
}
