//! Every refusal, event, permission and field error has its sentence in both languages.

use std::collections::BTreeSet;

use hanlin_kernel::{Event as _, Text};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::events::samples;
use crate::{MANAGE, READ, rules::Refusal};

fn refusals() -> Vec<Refusal> {
    let (at, name, text) = (Timestamp::UNIX_EPOCH, || "林晓".to_owned(), || Text::zh("会计"));
    vec![
        Refusal::EndsBeforeItBegins,
        Refusal::NotInForce,
        Refusal::StillInForce,
        Refusal::LaterChangePlanned { at },
        Refusal::CodeTaken { taken: name() },
        Refusal::Circular,
        Refusal::PlaceNotInForce,
        Refusal::ParentInAnotherUnit,
        Refusal::StillContains { places: 1 },
        Refusal::StillStaffed { people: 1 },
        Refusal::EmployeeNumberTaken { employee_number: name() },
        Refusal::MobileTaken { mobile: name() },
        Refusal::EmailTaken { email: name() },
        Refusal::NotInService { person: name() },
        Refusal::SampleThere,
        Refusal::SampleTaken { taken: name() },
        Refusal::SampleApart,
        Refusal::AlreadyInService { person: name() },
        Refusal::PostNotInForce { post: text() },
        Refusal::RankNotInForce { rank: text() },
        Refusal::PostOfAnotherUnit { post: text() },
        Refusal::TwoMainAppointments { since: at },
        Refusal::AppointedAlready { since: at },
        Refusal::HeadFromElsewhere { person: name() },
        Refusal::LeaderFromElsewhere { person: name() },
        Refusal::MemberAlready { person: name() },
        Refusal::NotAMember { person: name() },
        Refusal::NotATeam,
        Refusal::LeadsTeam { person: name() },
        Refusal::TimeZoneMissing,
        Refusal::TooManyCards { limit: 1 },
        Refusal::NotEmpty,
        Refusal::ExternalApart,
        Refusal::ExternalAlone,
    ]
}

/// Codes of the source's `"directory.…"` literals: field errors.
fn literals(source: &str) -> impl Iterator<Item = String> + '_ {
    source
        .split("\"directory.")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|code| format!("directory.{code}"))
}

#[test]
fn every_code_has_its_sentence_and_every_sentence_its_code() {
    let mut codes: BTreeSet<String> = samples().iter().map(|event| event.kind().to_owned()).collect();
    codes.extend([READ, MANAGE].map(|permission| permission.0.to_owned()));
    codes.extend(literals(include_str!("../check.rs")).chain(literals(include_str!("../store/lists.rs"))));
    let mut args: Vec<(String, Map<String, Value>)> = Vec::new();
    for refusal in refusals() {
        let hanlin_kernel::Error::Refused(refused) = refusal.into() else { panic!("a refusal is lifted") };
        codes.insert(refused.code.clone());
        args.push((refused.code, refused.args));
    }
    for catalog in [include_str!("../../locales/zh-CN.json"), include_str!("../../locales/en.json")] {
        let catalog: Map<String, Value> = serde_json::from_str(catalog).unwrap();
        assert_eq!(catalog.keys().cloned().collect::<BTreeSet<_>>(), codes);
        for (code, args) in &args {
            let sentence = catalog[code].as_str().unwrap();
            for place in sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                assert!(args.contains_key(place), "{code} has no {place}");
            }
        }
    }
}

#[test]
fn the_list_of_refusals_is_whole() {
    let source = include_str!("../rules.rs");
    let body = source.split("pub enum Refusal {").nth(1).unwrap().split("\n}").next().unwrap();
    let variant =
        |line: &&str| line.starts_with("    ") && line[4..].starts_with(|letter: char| letter.is_ascii_uppercase());
    assert_eq!(body.lines().filter(variant).count(), refusals().len());
}
