//! Rules that begin elsewhere than at the initiator (FLOW-02, FLOW-07, FLOW-09, FLOW-13).

use serde_json::{Value, json};

use super::{
    story::{Story, approve, copy, flow, handle, people, person},
    world::*,
};
use crate::engine::{Choices, Status, Via, What, Why, access, predict};

fn rule(rule: Value) -> Value {
    json!([rule])
}

fn why(story: &Story, who: hanlin_kernel::PersonId) -> Vec<Why> {
    story.case.task(story.task_of(who)).expect("his task").why.clone()
}

// proves: FLOW-02
#[test]
fn from_whoever_decided_before_it_goes_to_his_head_or_superior() {
    let previous = || rule(json!({ "rule": "head_of_previous" }));
    let route = json!([
        approve("first", previous()),
        approve("second", previous()),
        handle("note", person(COLLEAGUE)),
        approve("third", previous()),
    ]);
    let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({}));
    assert_eq!(story.waiting(), [(SALES_HEAD, "first")], "of the first node, the initiator's");
    story.approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "second")], "he heads his department himself");
    assert_eq!(why(&story, VICE_MANAGER), [Why::SuperiorOfPrevious { person: SALES_HEAD }]);
    story.approve(VICE_MANAGER).complete(COLLEAGUE, "已记录");
    assert_eq!(story.waiting(), [(SALES_HEAD, "third")], "who carried it out counts as well");
    let reasons = why(&story, SALES_HEAD);
    assert!(matches!(&reasons[..], [Why::HeadOfPrevious { person, .. }] if *person == COLLEAGUE), "{reasons:?}");
}

// proves: FLOW-02, FLOW-06
#[test]
fn a_chain_from_whoever_decided_before_leaves_himself_out() {
    let chain = rule(json!({ "rule": "chain_from_previous", "until": { "heads": 2 } }));
    let second = super::story::with(approve("chain", chain), json!({ "quorum": "in_turn" }));
    let route = json!([approve("first", person(SALES_HEAD)), second]);
    let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({}));
    story.approve(SALES_HEAD);
    let asked: Vec<_> = story.states_at("chain").into_iter().map(|(person, _)| person).collect();
    assert_eq!(asked, [VICE_MANAGER, GENERAL_MANAGER]);
    let reasons = why(&story, VICE_MANAGER);
    let [Why::HeadInChainFromPrevious { person, position, .. }] = &reasons[..] else { panic!("{reasons:?}") };
    assert_eq!((*person, *position), (SALES_HEAD, 1));
}

// proves: FLOW-02, FLOW-38
#[test]
fn whose_head_it_will_be_is_not_told_before_it_is_known_who_decides_before() {
    let route = json!([
        approve("first", rule(json!({ "rule": "field", "field": "contact" }))),
        approve("second", rule(json!({ "rule": "head_of_previous" }))),
    ]);
    let (flow, world) = (flow(route), World::new());
    let told = predict(&flow, &world.initiator(CLERK), &Default::default(), &Choices::new(), &world).expect("a route");
    let second = told.steps.iter().find(|step| step.node == "second").expect("the step");
    assert_eq!(second.depends_on, ["contact"]);
    assert!(second.people.is_empty());
}

// proves: FLOW-07
#[test]
fn the_heads_of_all_chosen_departments_are_asked_each_in_a_task_of_his_own() {
    let heads = rule(json!({ "rule": "heads_in_field", "field": "departments" }));
    let route = || json!([approve("sign", heads.clone())]);
    let given = json!({ "departments": ["sales", "personnel"] });
    let mut story = Story::submitted(flow(route()), World::new(), CLERK, given);
    assert_eq!(story.waiting(), [(SALES_HEAD, "sign"), (HR_MANAGER, "sign")]);
    let reasons = why(&story, HR_MANAGER);
    let [Why::HeadOfChosenDepartment { field, .. }] = &reasons[..] else { panic!("{reasons:?}") };
    assert_eq!(field, "departments");
    story.approve(HR_MANAGER);
    assert_eq!(story.case.status, Status::Running, "it closes when all have answered");
    story.approve(SALES_HEAD);
    assert_eq!(story.case.status, Status::Completed);
    // Nobody heads the archive: the administrator names someone.
    let story = Story::submitted(flow(route()), World::new(), CLERK, json!({ "departments": ["archive"] }));
    assert_eq!(story.waiting(), [(ADMINISTRATOR, "sign")]);
}

// proves: FLOW-02
#[test]
fn of_all_who_are_found_the_one_with_the_fewest_tasks_is_asked() {
    let balance = rule(json!({ "rule": "load_balance", "among": people(&[CASHIER, SECOND_CASHIER, SECRETARY]) }));
    let route = || json!([handle("pay", balance.clone())]);
    let story = Story::submitted(flow(route()), World::new(), CLERK, json!({}));
    assert_eq!(story.waiting(), [(CASHIER, "pay")], "of several, the first");
    let mut world = World::new();
    world.loads = [(CASHIER, 7), (SECOND_CASHIER, 2), (SECRETARY, 3)].into();
    let story = Story::submitted(flow(route()), world.clone(), CLERK, json!({}));
    assert_eq!(story.waiting(), [(SECOND_CASHIER, "pay")]);
    assert_eq!(why(&story, SECOND_CASHIER), [Why::NamedPerson, Why::FewestOpenTasks { tasks: 2 }]);
    world.leaves(SECOND_CASHIER);
    world.superiors.remove(&SECOND_CASHIER);
    let story = Story::submitted(flow(route()), world, CLERK, json!({}));
    assert_eq!(story.waiting(), [(SECRETARY, "pay")], "who left is not asked");
}

// proves: FLOW-13, FLOW-12
#[test]
fn everyone_of_a_rank_gets_a_copy() {
    let copy = copy("inform", rule(json!({ "rule": "rank", "at_least": "vice_president" })));
    let story = Story::submitted(flow(json!([copy])), World::new(), CLERK, json!({}));
    assert_eq!(story.copied(), [(GENERAL_MANAGER, "inform"), (VICE_MANAGER, "inform")]);
    assert!(matches!(story.case.copies[0].why[..], [Why::RankInUnit { .. }]));
}

// proves: FLOW-09
#[test]
fn who_is_named_in_the_form_confirms_before_superiors_see_it() {
    let route = json!([
        approve("confirm", rule(json!({ "rule": "field", "field": "contact" }))),
        approve("decide", rule(json!({ "rule": "superior" }))),
    ]);
    let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({ "contact": [COLLEAGUE] }));
    let seen_by = |story: &Story| {
        let events = story.events.iter();
        events.flat_map(|event| access(&story.case, event)).map(|(person, _)| person).collect::<Vec<_>>()
    };
    assert_eq!(seen_by(&story), [CLERK, COLLEAGUE]);
    assert!(
        !story
            .events
            .iter()
            .any(|event| matches!(&event.what, What::TaskAssigned { person, .. } if *person == SALES_HEAD))
    );
    story.approve(COLLEAGUE);
    assert_eq!(access(&story.case, story.events.last().expect("an event")), [(SALES_HEAD, Via::Handler)]);
    assert_eq!(seen_by(&story), [CLERK, COLLEAGUE, SALES_HEAD]);
}
