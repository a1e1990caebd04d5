//! Whatever a file says: a plan is the same each time, keeps what an organisation must be, and never falls over.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_directory::model::Place;
use proptest::prelude::*;

use crate::{
    model::{Field, Line, Sheet, Status},
    plan::plan,
    tests::{admin, sample},
};

fn cell(field: Field) -> BoxedStrategy<String> {
    let from = |words: &'static [&'static str]| prop::sample::select(words).prop_map(str::to_owned).boxed();
    match field {
        Field::Unit => from(&["", "qinglan", "qinglan-trade", "NOWHERE"]),
        Field::Code | Field::Department | Field::Parent => {
            from(&["", "-", "a", "b", "c", "rd", "it", "platform", "product", "sales", "no good"])
        }
        Field::Kind => from(&["", "集团", "branch", "?"]),
        Field::TimeZone => from(&["", "Asia/Shanghai", "-"]),
        Field::Level => from(&["", "-", "staff", "10", "x"]),
        Field::Post => from(&["", "engineer", "a", "b", "designer"]),
        Field::EmployeeNumber => from(&["", "N1", "N2", "N3", "N4"]),
        Field::Mobile => from(&["", "13900000001", "139 0000 0001", "13900000002", "-", "x"]),
        Field::Name => from(&["", "示例甲", "示例乙", "示例丙"]),
        Field::Main | Field::Head => from(&["", "是", "否", "maybe"]),
        Field::JoinedOn => from(&["", "2020-01-01", "2030-01-01", "0000-00-00", "２０２０"]),
        _ => from(&["", "-", "staff", "x@example.org", "男"]),
    }
}

fn line() -> impl Strategy<Value = Line> {
    prop::sample::select(&Sheet::ALL[..]).prop_flat_map(|sheet| {
        let cells: Vec<_> = sheet.fields().iter().map(|field| (Just(*field), cell(*field))).collect();
        cells.prop_map(move |cells| {
            let cells: BTreeMap<Field, String> = cells.into_iter().filter(|(_, cell)| !cell.is_empty()).collect();
            Line { sheet, line: 0, cells }
        })
    })
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(line(), 0..24).prop_map(|mut lines| {
        for (number, line) in (2..).zip(&mut lines) {
            line.line = number;
        }
        lines
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    // proves: ORG-01 (the part that a person has one main post, whatever a file says)
    #[test]
    fn a_plan_keeps_what_an_organisation_must_be(lines in lines()) {
        let organisation = sample();
        let made = plan(&organisation, &admin(), &lines);
        prop_assert_eq!(made.verdicts.len(), lines.len());
        prop_assert_eq!(made.digest(), plan(&organisation, &admin(), &lines).digest());
        for verdict in &made.verdicts {
            prop_assert_eq!(verdict.status == Status::Wrong, !verdict.faults.is_empty());
        }
        if made.counts().wrong > 0 {
            return Ok(());
        }
        let new: BTreeSet<_> = made.work.departments.iter().map(|department| department.id).collect();
        let mut above: BTreeSet<_> = organisation.by_id.keys().copied().collect();
        for department in &made.work.departments {
            prop_assert!(department.parent.is_none_or(|parent| above.contains(&parent)), "above before below");
            above.insert(department.id);
        }
        let mut founded: BTreeSet<_> = organisation.by_unit.keys().copied().collect();
        for unit in &made.work.units {
            prop_assert!(unit.parent.is_none_or(|parent| founded.contains(&parent)), "above before below");
            prop_assert!(unit.parent.is_some() || unit.time_zone.is_some(), "the top of a tree says its time zone");
            founded.insert(unit.id);
        }
        let mut mobiles = BTreeSet::new();
        for newcomer in &made.work.newcomers {
            prop_assert_eq!(newcomer.appointments.iter().filter(|held| held.main).count(), 1);
            prop_assert!(newcomer.service.windows(2).all(|two| two[0].validity.to == Some(two[1].validity.from)));
            for held in &newcomer.appointments {
                prop_assert!(newcomer.service.last().unwrap().validity.to.is_none());
                prop_assert!(newcomer.service[0].validity.from <= held.validity.from);
                if let Place::Department(id) = held.place {
                    prop_assert!(new.contains(&id) || organisation.by_id.contains_key(&id));
                }
            }
            let mobile = newcomer.person.mobile.as_deref().map(hanlin_directory::names::fold);
            prop_assert!(mobile.is_none_or(|mobile| mobiles.insert(mobile)), "one mobile number is one person");
        }
    }
}
