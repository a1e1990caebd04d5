//! Every code that the engine can say has its sentence in both languages, made of arguments that it really has.

use std::collections::BTreeSet;

use hanlin_kernel::{Id, Text};
use serde::Serialize;
use serde_json::{Map, Value};

use super::golden::samples;
use crate::engine::{
    FollowUp, Named, Refusal, Why,
    case::{Because, Closing, Hanging, TaskNo},
    model::Operation,
};

const CATALOGS: [(&str, &str); 2] =
    [("zh-CN", include_str!("../../../locales/zh-CN.json")), ("en", include_str!("../../../locales/en.json"))];

/// The sentence of this code must exist and ask only for these arguments.
fn said(code: &str, args: &Map<String, Value>) {
    for (locale, catalog) in CATALOGS {
        let catalog: Map<String, Value> = serde_json::from_str(catalog).expect("a catalog");
        let sentence = catalog.get(code).and_then(Value::as_str).unwrap_or_else(|| panic!("{locale}: no {code}"));
        for part in sentence.split('{').skip(1) {
            let name = part.split('}').next().unwrap_or_default();
            assert!(args.contains_key(name), "{locale}: {code} has no {name}");
        }
    }
}

/// The sentence of something with a code and arguments.
fn said_tagged(prefix: &str, thing: &impl Serialize) -> String {
    let Ok(Value::Object(args)) = serde_json::to_value(thing) else { panic!("not an object") };
    let code = args["code"].as_str().expect("a code").to_owned();
    said(&format!("{prefix}{code}"), &args);
    code
}

/// The names of the variants of an enum, as its source has them, in the way that serde writes them.
fn variants(source: &str, name: &str) -> BTreeSet<String> {
    let body = source.split(&format!("pub enum {name} {{\n")).nth(1).expect("the enum").split("\n}").next();
    let starts = |line: &&str| line.starts_with("    ") && line[4..].starts_with(|first: char| first.is_uppercase());
    let word = |line: &str| {
        let name: String = line.trim().chars().take_while(char::is_ascii_alphanumeric).collect();
        name.chars().fold(String::new(), |mut snake, letter| {
            if letter.is_uppercase() && !snake.is_empty() {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
            snake
        })
    };
    body.expect("its variants").lines().filter(starts).map(word).collect()
}

fn named() -> Named {
    Named { id: "x".into(), name: Text::zh("某") }
}

#[test]
fn every_refusal_has_its_sentence() {
    let node = || "check".to_owned();
    let person = Id::fixed(1);
    let day = jiff::civil::date(2026, 11, 23);
    let refusals = [
        Refusal::AlreadySubmitted,
        Refusal::NotSubmitted,
        Refusal::AlreadyFinished,
        Refusal::MayNotStart,
        Refusal::LimitReached { at_most: 2, used: 2, from: day, until: day, next: day },
        Refusal::NotTheInitiator,
        Refusal::NoSuchTask,
        Refusal::NotYourTask,
        Refusal::TaskEnded,
        Refusal::NotYourTurn,
        Refusal::TaskSuspended,
        Refusal::WrongPurpose,
        Refusal::NotAllowed { operation: Operation::Reject },
        Refusal::OpinionRequired { min_length: 1 },
        Refusal::NothingSaid,
        Refusal::CannotReturnThere,
        Refusal::ChoiceMissing { node: node(), min: 1, max: None },
        Refusal::ChoiceNotAllowed { node: node(), person },
        Refusal::NoSuchChoice { node: node() },
        Refusal::NobodyFound { node: node() },
        Refusal::NoAdministrator { node: node() },
        Refusal::MayNotWithdraw,
        Refusal::UrgedJustNow { again_at: jiff::Timestamp::UNIX_EPOCH },
        Refusal::NobodyToUrge,
        Refusal::MayNotUrge,
        Refusal::NotTakingPart,
        Refusal::NoSuchCopy,
        Refusal::NotYourCopy,
        Refusal::AlreadyRead,
        Refusal::NotAdministrator,
        Refusal::NotInService { person },
        Refusal::AlreadyHandling { person },
        Refusal::OwnCase { person },
        Refusal::WaitsForOthers,
        Refusal::NotOnPaper,
        Refusal::NotPrinted,
        Refusal::PrintOutdated { edition: 1 },
        Refusal::ScanMissing,
        Refusal::SignedOnNoSuchDay { from: day, until: day },
        Refusal::SignerMissing,
        Refusal::MayNotSign { person },
        Refusal::PassedOnEnough { most: 1 },
        Refusal::NobodyNamed,
        Refusal::NoSuchField { field: "amount".into() },
        Refusal::FillsItself { field: "amount".into() },
        Refusal::NothingRepaired,
        Refusal::TooManyPeople { most: 1 },
        Refusal::Himself,
        Refusal::NotYourSigner,
        Refusal::NothingToTakeBack,
        Refusal::WentOn,
        Refusal::NotOnHold,
        Refusal::AlreadyOnHold,
        Refusal::AlreadyCopied { person },
        Refusal::NoSuchNode { node: node() },
        Refusal::EmptyPhrase { phrase: "好的".into() },
        Refusal::BareRead,
        Refusal::NoSuchOpinion,
        Refusal::NotYourOpinion,
        Refusal::AlreadyCorrected,
        Refusal::MayNotMention { person },
        Refusal::NoMentionsHere,
        Refusal::ClaimFirst,
        Refusal::StandsStill { reason: "待核实".into() },
        Refusal::AlreadyHalted,
        Refusal::NotHalted,
        Refusal::ClaimedBy { person },
        Refusal::NothingToClaim,
        Refusal::NotClaimed,
        Refusal::BrokenVersion { node: node() },
        Refusal::TooManySteps { limit: 1 },
        Refusal::WouldPassOver { node: Text::zh("备份") },
        Refusal::NotTheSystem,
        Refusal::NoFollowUp { kind: FollowUp::Revoke },
        Refusal::NotCompleted,
        Refusal::NobodyApproved,
        Refusal::NothingChanged,
        Refusal::OtherWay,
        Refusal::NoAgentMeanwhile {
            from: jiff::civil::date(2026, 11, 23),
            until: jiff::civil::date(2026, 11, 27),
            days: 5,
        },
        Refusal::NothingAwaited,
        Refusal::NotByHand,
        Refusal::NotYet,
    ];
    let mut told: BTreeSet<String> = refusals.iter().map(|refusal| said_tagged("workflow.", refusal)).collect();
    // It becomes a 422 with the sentences of its fields.
    told.insert("invalid_values".into());
    assert_eq!(told, variants(include_str!("../../engine/refusal.rs"), "Refusal"));
}

#[test]
fn every_reason_why_has_its_sentence() {
    let person = Id::fixed(1);
    let (post, unit, department, group) = (named(), named(), named(), named());
    let whys = [
        Why::NamedPerson,
        Why::TookPartBefore,
        Why::PostInOwnUnit { post: post.clone(), unit: unit.clone() },
        Why::PostInUnitAbove { post: post.clone(), unit: unit.clone() },
        Why::PostInNamedUnit { post, unit },
        Why::GroupMember { group },
        Why::HeadOfOwnDepartment { department: department.clone() },
        Why::HeadOfDepartmentAbove { department: department.clone() },
        Why::HeadInChain { department: department.clone(), position: 1 },
        Why::DirectSuperior,
        Why::LeaderInCharge { department },
        Why::Initiator,
        Why::ChosenByInitiator,
        Why::ChosenBy { person },
        Why::NamedInForm { field: "contact".into() },
        Why::HandlerOfNode { node: "check".into() },
        Why::SuccessorOf { person },
        Why::SuperiorOfOneWhoLeft { person },
        Why::SuperiorOfInitiator { person },
        Why::Administrator,
        Why::HandedOver { from: person, by: person },
        Why::ReturnedToInitiator { from: "check".into() },
        Why::CameBack,
        Why::TransferredBy { person },
        Why::PassedOnBy { person },
        Why::AskedBy { person, how: Hanging::Before },
        Why::CopiedBy { person },
        Why::TookBack,
        Why::MovedByAdministrator,
        Why::HeadOfPrevious { person, department: named() },
        Why::SuperiorOfPrevious { person },
        Why::HeadInChainFromPrevious { person, department: named(), position: 1 },
        Why::RankInUnit { rank: named(), unit: named() },
        Why::HeadOfChosenDepartment { field: "departments".into(), department: named() },
        Why::ByAuthority { matter: Text::zh("小额") },
        Why::FewestOpenTasks { tasks: 2 },
        Why::MentionedBy { person },
    ];
    let told: BTreeSet<String> = whys.iter().map(|why| said_tagged("workflow.why.", why)).collect();
    assert_eq!(told, variants(include_str!("../../engine/facts.rs"), "Why"));
}

#[test]
fn every_event_has_its_sentence() {
    for event in samples() {
        let Ok(Value::Object(args)) = serde_json::to_value(&event) else { panic!("not an object") };
        said(event.kind(), &args);
    }
}

#[test]
fn every_other_word_has_its_sentence() {
    let case = include_str!("../../engine/case.rs");
    let model = include_str!("../../engine/model.rs");
    let plain = [
        ("status", variants(case, "Status")),
        ("stage", variants(case, "Stage")),
        ("end", variants(case, "End")),
        ("purpose", variants(case, "Purpose")),
        ("verdict", variants(include_str!("../../engine/opinion.rs"), "Verdict")),
        ("left_out", variants(case, "Because")),
        ("via", variants(include_str!("../../engine/access.rs"), "Via")),
        ("function", variants(model, "Function")),
        ("operation", variants(model, "Operation")),
    ];
    for (group, codes) in plain {
        assert!(codes.len() > 1, "{group}");
        codes.iter().for_each(|code| said(&format!("workflow.{group}.{code}"), &Map::new()));
    }
    let with_args = [
        ("closing", variants(case, "Closing"), vec!["task", "to"]),
        ("quorum", variants(model, "Quorum"), vec!["at_least", "percent", "weight"]),
        ("voided", variants(include_str!("../../engine/event.rs"), "Voided"), vec!["node", "field"]),
        ("flaw", variants(include_str!("../../engine/checked.rs"), "Flaw"), vec!["node", "branch", "key"]),
    ];
    for (group, codes, args) in with_args {
        let args = args.into_iter().map(|name| (name.to_owned(), Value::Null)).collect();
        codes.iter().for_each(|code| said(&format!("workflow.{group}.{code}"), &args));
    }
    assert_eq!(serde_json::to_value(Because::NoSuperior).expect("a word"), "no_superior");
    assert_eq!(said_tagged("workflow.closing.", &Closing::Repeated { task: TaskNo(1) }), "repeated");
}
