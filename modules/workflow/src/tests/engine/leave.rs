//! F-01: leave at company 003-f. Up to a day: supervisor, HR manager; the general manager and the HR specialist get
//! copies. More than a day: supervisor, HR manager, general manager; the HR specialist gets a copy.

use serde_json::{Value, json};

use super::{
    story::{Story, approve, copy, form, post},
    world::{CLERK, COLLEAGUE, GENERAL_MANAGER, HR_MANAGER, HR_SPECIALIST, SALES_HEAD, World},
};
use crate::engine::{
    Access, CheckedFlow, Choices, Flow, Intent, Refusal, Stage, Status, StepKind, Values, Via, When, Why, Words,
    access, apply, predict, route,
};

pub(crate) fn leave() -> CheckedFlow {
    let supervisor = approve("supervisor", json!([{ "rule": "head" }]));
    let hr = approve("hr_manager", post("hr_manager"));
    let short = [copy(
        "copy_short",
        json!([
            { "rule": "post", "post": "general_manager" },
            { "rule": "post", "post": "hr_specialist" },
        ]),
    )];
    let long = [approve("general_manager", post("general_manager")), copy("copy_long", post("hr_specialist"))];
    let flow: Flow = serde_json::from_value(json!({
        "id": "f-01-leave",
        "name": { "zh": "请假", "en": "Leave" },
        "category": "personnel",
        "form": form(json!([
                { "id": "kind", "label": { "zh": "类别" }, "type": "choice", "required": true, "options": [
                    { "id": "annual", "label": { "zh": "年假" } },
                    { "id": "sick", "label": { "zh": "病假" } },
                ] },
                { "id": "period", "label": { "zh": "时间" }, "type": "period", "granularity": "half_day",
                  "required": true },
                { "id": "reason", "label": { "zh": "事由" }, "type": "long_text", "required": true },
        ])),
        "route": [supervisor, hr, {
            "kind": "exclusive",
            "key": "length",
            "name": { "zh": "天数", "en": "Length" },
            "branches": [
                { "key": "short", "name": { "zh": "一天以内" }, "when": "form.period.days <= 1", "route": short },
            ],
            "otherwise": long,
        }],
    }))
    .expect("a flow");
    flow.checked().expect("a sound flow")
}

pub(crate) fn request(from: &str, to: &str) -> Value {
    let end = |end: &str| {
        let (date, half) = end.split_once(' ').expect("a date and a half");
        json!({ "date": date, "half": half })
    };
    json!({ "kind": "annual", "period": { "from": end(from), "to": end(to) }, "reason": "家事" })
}

// proves: FLOW-02, FLOW-03, FLOW-12, FLOW-37
#[test]
fn half_a_day_goes_to_two_and_is_copied_to_the_general_manager() {
    let mut story = Story::new(leave(), World::new(), CLERK);
    assert_eq!(story.case.stage(), Stage::Draft);
    story.submit(request("2026-11-24 am", "2026-11-24 am")).expect("it can be submitted");
    assert_eq!(story.case.values["period"]["days"], "0.5", "the calendar was asked");
    assert_eq!(story.case.stage(), Stage::Submitted);
    assert_eq!(story.waiting(), [(SALES_HEAD, "supervisor")]);
    story.approve(SALES_HEAD);
    assert_eq!(story.case.stage(), Stage::InHandling);
    assert_eq!(story.waiting(), [(HR_MANAGER, "hr_manager")]);
    story.approve(HR_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
    assert_eq!(story.copied(), [(GENERAL_MANAGER, "copy_short"), (HR_SPECIALIST, "copy_short")]);
    let branch = story.case.activations.iter().find(|visit| visit.node == "length").expect("it was visited");
    assert_eq!(branch.branch.as_deref(), Some("short"));
    assert_eq!(branch.read["form.period"]["days"], "0.5", "what the choice depended on is kept");
    assert_eq!(story.case.stage(), Stage::Closed);
}

// proves: FLOW-02, FLOW-03, FLOW-12
#[test]
fn three_days_go_to_the_general_manager_too() {
    let mut story = Story::submitted(leave(), World::new(), CLERK, request("2026-11-24 am", "2026-11-26 pm"));
    story.approve(SALES_HEAD).approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "general_manager")]);
    assert_eq!(story.copied(), []);
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
    assert_eq!(story.copied(), [(HR_SPECIALIST, "copy_long")]);
}

// proves: FLOW-12
#[test]
fn a_copy_is_marked_as_read_once_by_its_reader_also_after_completion() {
    let mut story = Story::submitted(leave(), World::new(), CLERK, request("2026-11-24 am", "2026-11-24 pm"));
    story.approve(SALES_HEAD).approve(HR_MANAGER);
    let copy = story.copy_of(HR_SPECIALIST);
    assert_eq!(story.run(COLLEAGUE, Intent::Read { copy }), Err(Refusal::NotYourCopy));
    story.run(HR_SPECIALIST, Intent::Read { copy }).expect("he reads it");
    assert!(story.case.copy(copy).expect("a copy").read_at.is_some());
    assert_eq!(story.run(HR_SPECIALIST, Intent::Read { copy }), Err(Refusal::AlreadyRead));
}

// proves: TRACE-03
#[test]
fn every_task_says_why_it_reached_its_person_and_every_agreement_is_kept_with_time() {
    let mut story = Story::submitted(leave(), World::new(), CLERK, request("2026-11-24 am", "2026-11-24 pm"));
    let task = story.case.open_tasks().next().expect("a task");
    assert!(matches!(task.why[..], [Why::HeadOfOwnDepartment { .. }]), "{:?}", task.why);
    let at = story.world.now.get();
    story.approve(SALES_HEAD);
    let opinion = story.case.opinions.last().expect("his signature");
    assert_eq!((opinion.by.person, opinion.at), (SALES_HEAD, at));
    let task = story.case.open_tasks().next().expect("a task");
    assert!(matches!(task.why[..], [Why::PostInUnitAbove { .. }]), "{:?}", task.why);
}

// proves: FLOW-28, FLOW-38
#[test]
fn before_submitting_the_route_forks_where_the_period_decides() {
    let (flow, world) = (leave(), World::new());
    let told = predict(&flow, &world.initiator(CLERK), &Values::new(), &Choices::new(), &world).expect("a route");
    let nodes: Vec<_> = told.steps.iter().map(|step| (step.node.as_str(), step.when)).collect();
    assert_eq!(nodes, [("start", When::Present), ("supervisor", When::Future), ("hr_manager", When::Future)]);
    assert_eq!(told.steps[1].people[0].person, SALES_HEAD);
    let fork = told.fork.expect("it depends");
    assert_eq!((fork.node.as_str(), fork.depends_on.as_slice()), ("length", ["period".to_owned()].as_slice()));
    let ways: Vec<Vec<_>> = fork
        .branches
        .iter()
        .map(|way| way.route.steps.iter().map(|step| (step.node.as_str(), step.kind)).collect())
        .collect();
    assert_eq!(
        ways,
        [
            vec![("copy_short", StepKind::Copy)],
            vec![("general_manager", StepKind::Approve), ("copy_long", StepKind::Copy)],
        ]
    );
}

// proves: FLOW-28, FLOW-38
#[test]
fn the_map_of_a_running_case_shows_past_present_and_future() {
    let mut story = Story::submitted(leave(), World::new(), CLERK, request("2026-11-24 am", "2026-11-26 pm"));
    story.approve(SALES_HEAD);
    let told = route(&story.flow, &story.case, &story.world).expect("a route");
    let steps: Vec<_> = told.steps.iter().map(|step| (step.node.as_str(), step.when, step.people.len())).collect();
    assert_eq!(
        steps,
        [
            ("start", When::Past, 1),
            ("supervisor", When::Past, 1),
            ("hr_manager", When::Present, 1),
            ("length", When::Future, 0),
            ("general_manager", When::Future, 1),
            ("copy_long", When::Future, 1),
        ]
    );
    assert_eq!(told.fork, None);
    assert_eq!(told.steps[4].people[0].person, GENERAL_MANAGER);
    assert!(told.steps[1].closed_at.is_some() && told.steps[2].opened_at.is_some(), "elapsed time can be told");
    assert_eq!(told.steps[3].branch.as_deref(), Some("otherwise"));
}

// proves: FORM-13
#[test]
fn nothing_is_submitted_without_the_declaration_which_is_kept_with_its_words() {
    let mut story = Story::new(leave(), World::new(), CLERK);
    let Value::Object(values) = request("2026-11-24 am", "2026-11-24 am") else { panic!("an object") };
    let submit = |confirmed| Intent::Submit { values: values.clone(), choices: Choices::new(), confirmed };
    let refused = story.run(CLERK, submit(false));
    assert!(
        matches!(&refused, Err(Refusal::InvalidValues { fields }) if fields[0].field == "confirmed"),
        "{refused:?}"
    );
    let events = story.run(CLERK, submit(true)).expect("it can be submitted");
    let kept = serde_json::to_value(&events[0]).expect("an event");
    assert_eq!(kept["declaration"]["statement"]["zh"], "本人确认所填内容真实、准确、完整。");
}

// proves: FORM-02
#[test]
fn a_required_field_left_empty_is_told_by_name() {
    let mut story = Story::new(leave(), World::new(), CLERK);
    let Err(Refusal::InvalidValues { fields }) = story.submit(json!({ "kind": "annual", "reason": "家事" })) else {
        panic!("the period is missing")
    };
    assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["values.period"]);
    assert!(story.events.is_empty());
}

#[test]
fn access_comes_with_the_task_and_the_copy_and_not_before() {
    let mut story = Story::submitted(leave(), World::new(), CLERK, request("2026-11-24 am", "2026-11-24 am"));
    story.approve(SALES_HEAD).approve(HR_MANAGER);
    let mut case = story.draft.clone();
    let mut gained: Access = Vec::new();
    for event in &story.events {
        case = apply(case, event);
        gained.extend(access(&case, event));
    }
    assert_eq!(
        gained,
        [
            (CLERK, Via::Initiator),
            (SALES_HEAD, Via::Handler),
            (HR_MANAGER, Via::Handler),
            (GENERAL_MANAGER, Via::Copy),
            (HR_SPECIALIST, Via::Copy),
        ]
    );
}

// proves: FLOW-23
#[test]
fn the_initiator_withdraws_until_completion_and_nobody_else_does() {
    let mut story = Story::submitted(leave(), World::new(), CLERK, request("2026-11-24 am", "2026-11-24 am"));
    let withdraw = || Intent::Withdraw { words: Words::new("改期") };
    assert_eq!(story.run(SALES_HEAD, withdraw()), Err(Refusal::NotTheInitiator));
    let mut other = story.clone();
    story.run(CLERK, withdraw()).expect("it is his");
    assert_eq!(story.case.status, Status::Withdrawn);
    other.approve(SALES_HEAD).approve(HR_MANAGER);
    assert_eq!(other.run(CLERK, withdraw()), Err(Refusal::AlreadyFinished));
}
