//! One sample of each event, as it is stored. What was written once must be readable for ever: a changed sample is a new
//! version of the event, and the old sample stays.

use std::collections::BTreeSet;

use expect_test::expect_file;
use hanlin_kernel::{DepartmentId, Id, Text};
use hanlin_rulebook::{Mode, Source};
use jiff::civil::date;
use serde_json::json;

use super::{
    story::values,
    world::{ADMINISTRATOR, CASHIER, CLERK, COLLEAGUE, GENERAL_MANAGER, HR_MANAGER, SALES_HEAD, SECRETARY, World},
};
use crate::engine::{
    Acting, Arrival, Awaiting, Change, Event, LaneState, LaneWalk, Named, SignedOnPaper, Status, Voided, What, Why,
    Words,
    case::{ActivationNo, Among, Because, Cause, Closing, CopyNo, End, Hanging, LeftOut, OpinionNo, Purpose, TaskNo},
    form::Declaration,
    model::AfterReturn,
};

/// One of each, in the order in which a case may meet them.
pub(crate) fn samples() -> Vec<Event> {
    let words = || Words { attachments: vec!["00000000000000000000000009".into()], ..Words::new("请补充材料") };
    let person = |person| Some(Acting::person(person));
    let declaration = || Declaration { statement: Text::new("属实", "It is true") };
    let chosen = || [("decide".to_owned(), vec![COLLEAGUE])].into();
    let visit = ActivationNo(2);
    let task = TaskNo(1);
    let why = vec![
        Why::HeadOfOwnDepartment {
            department: Named { id: DepartmentId::fixed(110).to_string(), name: Text::new("销售部", "Sales") },
        },
        Why::SuperiorOfInitiator { person: CLERK },
    ];
    let whats = vec![
        (
            person(CLERK),
            What::Submitted {
                initiator: Box::new(World::new().initiator(CLERK)),
                values: values(json!({ "amount": "900.00", "reason": "家事" })),
                choices: chosen(),
                declaration: declaration(),
            },
        ),
        (person(CLERK), What::Resubmitted { task, choices: chosen(), declaration: declaration(), words: words() }),
        (
            person(CLERK),
            What::ValuesChanged {
                task,
                changes: vec![Change { field: "amount".into(), before: json!("900.00"), after: json!(null) }],
            },
        ),
        (
            None,
            What::Opened {
                activation: visit,
                node: "supervisor".into(),
                parent: Some(ActivationNo(1)),
                round: 1,
                cause: Cause::Returned { from: ActivationNo(5), back: true },
            },
        ),
        (
            None,
            What::BranchTaken {
                activation: visit,
                branch: "short".into(),
                read: values(json!({ "form.amount": "900.00", "initiator.rank_level": "1" })),
            },
        ),
        (
            None,
            What::LanesOpened {
                activation: visit,
                lanes: vec![
                    LaneWalk { branch: "finance".into(), state: LaneState::Open },
                    LaneWalk { branch: "legal".into(), state: LaneState::Rejected { task } },
                ],
                read: values(json!({ "form.amount": "900.00" })),
            },
        ),
        (
            None,
            What::LaneEnded {
                activation: visit,
                branch: "legal".into(),
                how: LaneState::Returned {
                    from: ActivationNo(4),
                    task,
                    to: "start".into(),
                    then: AfterReturn::StraightBack,
                },
            },
        ),
        (None, What::LaneReopened { activation: visit, branch: "legal".into() }),
        (
            None,
            What::LeftOut {
                activation: visit,
                left_out: LeftOut { person: Some(CLERK), why: vec![Why::NamedPerson], because: Because::IsInitiator },
            },
        ),
        (
            None,
            What::TaskAssigned {
                task,
                activation: visit,
                person: SALES_HEAD,
                why: why.clone(),
                purpose: Purpose::Approve,
                turn: 1,
                open: true,
                hangs: None,
                replaces: None,
                ballot: None,
            },
        ),
        (None, What::TaskStarted { task, person: SALES_HEAD }),
        (Some(Acting::for_another(SECRETARY, SALES_HEAD)), What::Approved { task, words: words() }),
        (person(COLLEAGUE), What::Completed { task, words: words() }),
        (person(HR_MANAGER), What::Rejected { task, words: words() }),
        (person(HR_MANAGER), What::Abstained { task, words: words() }),
        (
            person(HR_MANAGER),
            What::Returned {
                task,
                to: "start".into(),
                then: AfterReturn::StraightBack,
                words: words(),
                failed_review: false,
            },
        ),
        (
            person(ADMINISTRATOR),
            What::Repaired {
                changes: vec![Change { field: "amount".into(), before: json!("900.00"), after: json!("90.00") }],
                words: words(),
            },
        ),
        (person(HR_MANAGER), What::PeopleChosen { task, choices: chosen() }),
        (person(HR_MANAGER), What::Printed { task, edition: 2, digest: "a1".repeat(32) }),
        (
            person(HR_MANAGER),
            What::SignedOnPaper {
                task,
                paper: SignedOnPaper {
                    signed_by: GENERAL_MANAGER,
                    signed_on: date(2026, 11, 24),
                    scan: vec!["00000000000000000000000009".into()],
                    edition: 2,
                },
            },
        ),
        (
            person(HR_MANAGER),
            What::PassedOn { task, people: vec![SECRETARY, CASHIER], among: Among::Any, words: words() },
        ),
        (person(HR_MANAGER), What::Transferred { task, to: SECRETARY, words: words() }),
        (person(HR_MANAGER), What::Delegated { task, to: SECRETARY, words: words() }),
        (person(HR_MANAGER), What::Consulted { task, people: vec![CLERK], words: words() }),
        (person(SECRETARY), What::Advised { task, words: words() }),
        (
            person(HR_MANAGER),
            What::SignersAdded {
                task,
                people: vec![CASHIER],
                place: Hanging::After,
                among: Among::InTurn,
                words: words(),
            },
        ),
        (person(HR_MANAGER), What::SignerRemoved { task, person: CASHIER, words: words() }),
        (None, What::TaskParked { task }),
        (person(HR_MANAGER), What::Held { task, words: words() }),
        (person(HR_MANAGER), What::HoldEnded { task }),
        (person(HR_MANAGER), What::TakenBack { task, words: words() }),
        (None, What::Reopened { activation: visit }),
        (person(ADMINISTRATOR), What::Terminated { task: None, words: words() }),
        (person(ADMINISTRATOR), What::Moved { to: "pay".into(), words: words() }),
        (person(HR_MANAGER), What::DeviationReported { activation: Some(visit), words: words() }),
        (None, What::TaskClosed { task, how: Closing::DecidedByOther { task: TaskNo(2) } }),
        (person(ADMINISTRATOR), What::HandedOver { task, to: SECRETARY, words: words() }),
        (None, What::Superseded { activations: vec![ActivationNo(2), ActivationNo(3)], kept: false }),
        (None, What::Suspended { activation: visit, until: None }),
        (None, What::Resumed { activation: visit }),
        (None, What::StraightBackVoided { activation: visit, because: Voided::OtherBranch { node: "length".into() } }),
        (None, What::Closed { activation: visit, end: End::Approved }),
        (None, What::CopySent { copy: CopyNo(1), activation: visit, person: GENERAL_MANAGER, why, must_read: true }),
        (person(GENERAL_MANAGER), What::CopyRead { copy: CopyNo(1) }),
        (
            person(CLERK),
            What::Urged { tasks: vec![task], people: vec![SALES_HEAD], channel: "app".into(), words: words() },
        ),
        (person(CLERK), What::Commented { activation: Some(visit), words: words() }),
        (person(CLERK), What::Withdrawn { words: words() }),
        (None, What::Finished { status: Status::Completed }),
        (
            person(HR_MANAGER),
            What::RuleBroken {
                rule: "opinion.min_length".into(),
                mode: Mode::Warn,
                asked: json!(5),
                done: json!({ "characters": 2 }),
                clause: Some(Source { clause: Id::fixed(7), unit: Id::fixed(8), number: "12".into(), version: 1 }),
            },
        ),
        (person(ADMINISTRATOR), What::Halted { words: words() }),
        (person(ADMINISTRATOR), What::Continued { words: words() }),
        (person(HR_MANAGER), What::Claimed { task }),
        (person(HR_MANAGER), What::GivenBack { task, words: words() }),
        (
            person(HR_MANAGER),
            What::OpinionCorrected {
                opinion: OpinionNo(1),
                words: Words { mentions: vec![COLLEAGUE], ..Words::new("应为三天") },
            },
        ),
        (
            None,
            What::Awaited {
                activation: visit,
                awaiting: Awaiting::Time { until: "2026-11-30T01:00:00Z".parse().expect("an instant") },
            },
        ),
        (None, What::Arrived { activation: visit, arrival: Arrival::Time }),
        (
            None,
            What::ResultsTaken {
                activation: visit,
                changes: vec![Change { field: "note".into(), before: json!(null), after: json!("无异议") }],
            },
        ),
        (None, What::CallsPassed { activation: visit, calls: vec![2] }),
        (person(ADMINISTRATOR), What::TriedAgain { task, starters: vec![(1, SALES_HEAD)] }),
        (None, What::CalledOff),
        (None, What::Revoked { follow_up: "01K00000000000000000000001".into() }),
        (
            None,
            What::Amended {
                follow_up: "01K00000000000000000000001".into(),
                changes: vec![Change { field: "amount".into(), before: json!("900.00"), after: json!("90.00") }],
            },
        ),
    ];
    let at = "2026-11-23T01:00:00Z".parse().expect("an instant");
    whats.into_iter().map(|(by, what)| Event { at, by, what }).collect()
}

#[test]
fn every_event_is_written_as_its_sample_and_read_from_it() {
    for event in samples() {
        let name = event.kind().trim_start_matches("workflow.");
        let path = format!("../golden/{name}.v{}.json", event.version());
        let written = serde_json::to_string_pretty(&event).expect("an event can be written") + "\n";
        expect_file![path].assert_eq(&written);
        assert_eq!(serde_json::from_str::<Event>(&written).expect("its sample can be read"), event);
    }
}

#[test]
fn every_kind_of_event_has_one_sample_and_no_sample_is_left_behind() {
    let kinds: BTreeSet<String> = samples()
        .iter()
        .map(|event| format!("{}.v{}.json", &event.kind()["workflow.".len()..], event.version()))
        .collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/golden");
    let kept: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the samples")
        .map(|entry| entry.expect("a sample").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(kinds, kept);
    // The source is asked, so that a new event cannot be forgotten here.
    let source = include_str!("../../engine/event.rs");
    let known: BTreeSet<&str> = source.split('"').filter(|part| part.starts_with("workflow.")).collect();
    let sampled: BTreeSet<&str> = samples().iter().map(Event::kind).collect();
    assert_eq!(known, sampled);
}
