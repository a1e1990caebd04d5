//! Who must approve what, by a table (FLOW-20).

use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow_with, person},
    world::*,
};
use crate::engine::{CheckedFlow, Choices, Status, Target, Why, model::AfterReturn, predict};

fn row(name: &str, when: Option<&str>, who: Value) -> Value {
    json!({ "name": { "zh": name }, "when": when, "who": who })
}

/// Small amounts are the head's, larger ones also the general manager's; from December on small is less.
fn matrix() -> CheckedFlow {
    let mut stricter = row("一百元以内", Some("form.amount <= 100"), person(SALES_HEAD));
    stricter["from"] = json!("2026-12-01");
    let mut before = row("一千元以内", Some("form.amount <= 1000"), person(SALES_HEAD));
    before["until"] = json!("2026-11-30");
    let rest = row(
        "其余",
        None,
        json!([{ "rule": "person", "person": SALES_HEAD }, { "rule": "post", "post": "general_manager" }]),
    );
    let route = json!([
        approve("decide", json!([{ "rule": "authority", "table": "spending" }])),
        approve("check", person(HR_MANAGER)),
    ]);
    let authority = json!({ "spending": [stricter, before, rest] });
    flow_with(route, json!({ "settings": { "authority": authority } }))
}

fn asked(world: World, amount: &str) -> Vec<hanlin_kernel::PersonId> {
    let story = Story::submitted(matrix(), world, CLERK, json!({ "amount": amount }));
    story.waiting().into_iter().map(|(person, _)| person).collect()
}

// proves: FLOW-20, FLOW-03
#[test]
fn the_first_row_that_fits_says_who_decides() {
    assert_eq!(asked(World::new(), "900.00"), [SALES_HEAD]);
    assert_eq!(asked(World::new(), "1000.01"), [SALES_HEAD, GENERAL_MANAGER]);
    let story = Story::submitted(matrix(), World::new(), CLERK, json!({ "amount": "900.00" }));
    let why = &story.case.task(story.task_of(SALES_HEAD)).expect("his task").why;
    let [Why::NamedPerson, Why::ByAuthority { matter }] = &why[..] else { panic!("{why:?}") };
    assert_eq!(matter.zh, "一千元以内");
}

// proves: FLOW-20
#[test]
fn a_row_holds_on_its_days_only() {
    let world = World::new();
    world.wait_minutes(60 * 24 * 8);
    assert_eq!(asked(world.clone(), "900.00"), [SALES_HEAD, GENERAL_MANAGER], "in December");
    assert_eq!(asked(world, "90.00"), [SALES_HEAD]);
}

// proves: FLOW-20, FLOW-38
#[test]
fn what_the_table_will_say_is_foretold_or_on_what_it_depends() {
    let (flow, world) = (matrix(), World::new());
    let told = |values: Value| {
        let values = super::story::values(values);
        let route = predict(&flow, &world.initiator(CLERK), &values, &Choices::new(), &world).expect("a route");
        let step = route.steps.into_iter().find(|step| step.node == "decide").expect("the step");
        (step.people.iter().map(|one| one.person).collect::<Vec<_>>(), step.depends_on)
    };
    assert_eq!(told(json!({ "amount": "5000.00" })), (vec![SALES_HEAD, GENERAL_MANAGER], vec![]));
    assert_eq!(told(json!({})), (vec![], vec!["amount".to_owned()]));
}

// proves: FLOW-20, FLOW-22
#[test]
fn who_corrects_it_into_another_row_asks_all_again() {
    let mut story = Story::submitted(matrix(), World::new(), CLERK, json!({ "amount": "900.00" }));
    story.approve(SALES_HEAD);
    story
        .return_to(HR_MANAGER, Target::First, AfterReturn::StraightBack)
        .resubmit(CLERK, json!({ "amount": "800.00" }));
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")], "the same row: straight back");
    story
        .return_to(HR_MANAGER, Target::First, AfterReturn::StraightBack)
        .resubmit(CLERK, json!({ "amount": "9000.00" }));
    assert_eq!(story.waiting(), [(SALES_HEAD, "decide"), (GENERAL_MANAGER, "decide")]);
    story.approve(SALES_HEAD).approve(GENERAL_MANAGER).approve(HR_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}
