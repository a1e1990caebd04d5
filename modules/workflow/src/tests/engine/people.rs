//! Who handles a node: each rule, and the four hard cases.

use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::{
    story::{Story, approve, copy, flow, flow_with, handle, people, person, post, with},
    world::*,
};
use crate::engine::{
    Acting, Choices, Command, Intent, Refusal, Status, Target, Values, Why, Words,
    case::{Because, Closing, End, Purpose},
    model::AfterReturn,
    predict, route,
};

fn whom(who: Value, given: Value) -> Vec<PersonId> {
    let story = Story::submitted(flow(json!([approve("check", who)])), World::new(), CLERK, given);
    story.waiting().into_iter().map(|(person, _)| person).collect()
}

// proves: FLOW-02
#[test]
fn each_rule_finds_its_people() {
    let table = [
        (person(COLLEAGUE), vec![COLLEAGUE]),
        (post("hr_manager"), vec![HR_MANAGER]),
        (post("cashier"), vec![CASHIER, SECOND_CASHIER]),
        (json!([{ "rule": "group", "group": "board" }]), vec![GENERAL_MANAGER, VICE_MANAGER, HR_MANAGER]),
        (json!([{ "rule": "head" }]), vec![SALES_HEAD]),
        (json!([{ "rule": "head", "of": { "up": 1 } }]), vec![VICE_MANAGER]),
        (json!([{ "rule": "head", "of": { "level": "division" } }]), vec![VICE_MANAGER]),
        (json!([{ "rule": "head_chain", "until": { "heads": 2 } }]), vec![SALES_HEAD, VICE_MANAGER]),
        (json!([{ "rule": "head_chain", "until": "top" }]), vec![SALES_HEAD, VICE_MANAGER, GENERAL_MANAGER]),
        (json!([{ "rule": "superior" }]), vec![SALES_HEAD]),
        (json!([{ "rule": "in_charge" }]), vec![VICE_MANAGER]),
        (json!([{ "rule": "initiator" }]), vec![CLERK]),
        (json!([{ "rule": "field", "field": "contact" }]), vec![COLLEAGUE, SECRETARY]),
        // Several rules are joined, each person once.
        (json!([{ "rule": "head" }, { "rule": "superior" }, { "rule": "in_charge" }]), vec![SALES_HEAD, VICE_MANAGER]),
    ];
    for (who, expected) in table {
        let given = json!({ "contact": [COLLEAGUE, SECRETARY] });
        assert_eq!(whom(who.clone(), given), expected, "{who}");
    }
}

// proves: FLOW-02
#[test]
fn an_earlier_handler_is_asked_again_where_the_flow_says_so() {
    let route = json!([
        with(approve("first", post("cashier")), json!({ "quorum": "any" })),
        handle("pay", person(VICE_MANAGER)),
        approve("again", json!([{ "rule": "handler_of", "node": "first" }])),
    ]);
    let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({}));
    story.approve(SECOND_CASHIER).complete(VICE_MANAGER, "已付");
    assert_eq!(story.waiting(), [(SECOND_CASHIER, "again")]);
}

// proves: FLOW-08
#[test]
fn the_initiator_chooses_among_those_offered_and_as_many_as_needed() {
    let among = json!([{ "rule": "group", "group": "board" }]);
    let who = json!([{ "rule": "initiator_choice", "among": among, "min": 1, "max": 2 }]);
    let flow = flow(json!([approve("check", person(COLLEAGUE)), approve("decide", who)]));
    let mut story = Story::new(flow, World::new(), CLERK);
    let mut choose = |people: &[PersonId]| {
        let choices: Choices = [("decide".to_owned(), people.to_vec())].into();
        story.submit_with(json!({}), choices)
    };
    let missing = || Err(Refusal::ChoiceMissing { node: "decide".into(), min: 1, max: Some(2) });
    assert_eq!(choose(&[]), missing());
    assert_eq!(choose(&[GENERAL_MANAGER, VICE_MANAGER, HR_MANAGER]), missing());
    assert_eq!(choose(&[HR_MANAGER, HR_MANAGER]), missing());
    assert_eq!(choose(&[CASHIER]), Err(Refusal::ChoiceNotAllowed { node: "decide".into(), person: CASHIER }));
    choose(&[HR_MANAGER, VICE_MANAGER]).expect("two of the board");
    story.approve(COLLEAGUE);
    assert_eq!(story.waiting(), [(HR_MANAGER, "decide"), (VICE_MANAGER, "decide")]);
    let unknown = Story::new(story.flow.clone(), World::new(), CLERK)
        .submit_with(json!({}), [("check".to_owned(), vec![CLERK])].into());
    assert_eq!(unknown, Err(Refusal::NoSuchChoice { node: "check".into() }));
}

// proves: FLOW-08
#[test]
fn a_choice_is_only_needed_on_the_way_that_is_taken() {
    let choice = json!([{ "rule": "initiator_choice", "min": 1 }]);
    let route = json!([{
        "kind": "exclusive", "key": "size", "name": { "zh": "金额" },
        "branches": [{ "key": "big", "name": { "zh": "大" }, "when": "form.amount > 1000",
                       "route": [approve("chosen", choice)] }],
        "otherwise": [approve("usual", person(COLLEAGUE))],
    }]);
    let mut small = Story::new(flow(route.clone()), World::new(), CLERK);
    small.submit(json!({ "amount": "10.00" })).expect("nobody needs to be chosen");
    let mut big = Story::new(flow(route), World::new(), CLERK);
    let refused = big.submit(json!({ "amount": "1000.01" }));
    assert_eq!(refused, Err(Refusal::ChoiceMissing { node: "chosen".into(), min: 1, max: None }));
}

// proves: FLOW-04, ORG-23
#[test]
fn a_branch_depends_on_the_rank_of_the_initiator() {
    let route = json!([{
        "kind": "exclusive", "key": "rank", "name": { "zh": "职级" },
        "branches": [{ "key": "executive", "name": { "zh": "高管" }, "when": "initiator.rank_level >= 5",
                       "route": [approve("board", person(VICE_MANAGER))] }],
        "otherwise": [approve("head", person(SALES_HEAD))],
    }]);
    for (initiator, expected) in [(CLERK, SALES_HEAD), (GENERAL_MANAGER, VICE_MANAGER)] {
        let story = Story::submitted(flow(route.clone()), World::new(), initiator, json!({}));
        assert_eq!(story.waiting()[0].0, expected);
    }
}

#[test]
fn only_those_named_may_start() {
    let route = json!([approve("check", person(HR_MANAGER))]);
    let only = flow_with(route.clone(), json!({ "may_start": [{ "of": "person", "person": COLLEAGUE }] }));
    assert_eq!(Story::new(only.clone(), World::new(), CLERK).submit(json!({})), Err(Refusal::MayNotStart));
    Story::new(only, World::new(), COLLEAGUE).submit(json!({})).expect("he may");
    let sales = flow_with(route, json!({ "may_start": [{ "of": "department", "department": "sales" }] }));
    Story::new(sales, World::new(), CLERK).submit(json!({})).expect("his department may");
}

// proves: FLOW-05
#[test]
fn the_initiator_himself_is_skipped_or_raised_or_allowed_as_the_node_the_flow_or_the_rulebook_says() {
    let node = |setting: Value| with(approve("check", person(CLERK)), json!({ "people": setting }));
    let after = approve("after", person(HR_MANAGER));
    let ask = |route: Value, settings: Value, ruled: Option<&str>| {
        let mut world = World::new();
        ruled.map(|value| world.parameters.insert("workflow.on_initiator", json!(value)));
        let flow = flow_with(route, json!({ "settings": settings }));
        Story::submitted(flow, world, CLERK, json!({})).waiting()[0].0
    };
    let plain = json!([node(json!({})), after]);
    assert_eq!(ask(plain.clone(), json!({}), None), SALES_HEAD, "the safe default raises it");
    assert_eq!(ask(plain.clone(), json!({}), Some("skip")), HR_MANAGER, "the rulebook");
    assert_eq!(ask(plain.clone(), json!({}), Some("nonsense")), SALES_HEAD, "what the rulebook cannot mean");
    let allow = json!({ "people": { "on_initiator": "allow" } });
    assert_eq!(ask(plain, allow.clone(), Some("skip")), CLERK, "the flow before the rulebook");
    assert_eq!(ask(json!([node(json!({ "on_initiator": "skip" })), after]), allow, None), HR_MANAGER, "the node first");
}

// proves: FLOW-05
#[test]
fn who_is_raised_for_the_initiator_says_so() {
    let story = Story::submitted(flow(json!([approve("check", person(CLERK))])), World::new(), CLERK, json!({}));
    let task = story.case.open_tasks().next().expect("a task");
    assert_eq!(task.why, [Why::NamedPerson, Why::SuperiorOfInitiator { person: CLERK }]);
}

// proves: FLOW-05
#[test]
fn the_highest_has_no_superior_so_the_administrator_names_someone() {
    let story = Story::submitted(
        flow(json!([approve("check", post("general_manager"))])),
        World::new(),
        GENERAL_MANAGER,
        json!({}),
    );
    assert_eq!(story.waiting(), [(ADMINISTRATOR, "check")]);
    let because: Vec<_> = story.case.activations[1].left_out.iter().map(|one| one.because).collect();
    assert_eq!(because, [Because::NoSuperior, Because::NobodyFound]);
}

// proves: FLOW-05
#[test]
fn the_same_person_twice_running_is_asked_once_and_shown_as_automatic() {
    let route = json!([
        approve("first", json!([{ "rule": "head" }])),
        copy("tell", person(COLLEAGUE)),
        approve("second", json!([{ "rule": "superior" }])),
        approve("third", people(&[SALES_HEAD, HR_MANAGER])),
    ]);
    let mut story = Story::submitted(flow(route.clone()), World::new(), CLERK, json!({}));
    story.approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(HR_MANAGER, "third")]);
    let automatic: Vec<_> = story
        .case
        .tasks
        .iter()
        .filter_map(|task| match task.closing() {
            Some(Closing::Repeated { task: earlier }) => Some((task.id.0, earlier.0)),
            _ => None,
        })
        .collect();
    assert_eq!(automatic, [(2, 1), (3, 2)]);
    assert_eq!(story.case.opinions.len(), 1, "nobody signs twice without knowing");
    let again = flow_with(route, json!({ "settings": { "people": { "on_repeat": "ask" } } }));
    let mut story = Story::submitted(again, World::new(), CLERK, json!({}));
    story.approve(SALES_HEAD);
    assert_eq!(story.waiting(), [(SALES_HEAD, "second")]);
}

// proves: FLOW-05
#[test]
fn the_same_person_is_asked_again_after_another_or_where_he_must_write() {
    let between = json!([
        approve("first", person(HR_MANAGER)),
        approve("other", person(VICE_MANAGER)),
        approve("second", person(HR_MANAGER)),
    ]);
    let mut story = Story::submitted(flow(between), World::new(), CLERK, json!({}));
    story.approve(HR_MANAGER).approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [(HR_MANAGER, "second")]);
    for more in [json!({ "fields": { "archive_number": "required" } }), json!({ "opinion": { "required": true } })] {
        let route = json!([approve("first", person(HR_MANAGER)), with(approve("second", person(HR_MANAGER)), more),]);
        let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({}));
        story.approve(HR_MANAGER);
        assert_eq!(story.waiting(), [(HR_MANAGER, "second")]);
    }
    let executes = json!([approve("first", person(HR_MANAGER)), handle("second", person(HR_MANAGER))]);
    let mut story = Story::submitted(flow(executes), World::new(), CLERK, json!({}));
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(HR_MANAGER, "second")], "execution is never automatic");
}

// proves: FLOW-05
#[test]
fn who_left_is_replaced_by_his_successor_or_superior() {
    let route = json!([approve("check", person(HR_SPECIALIST))]);
    let mut world = World::new();
    world.leaves(HR_SPECIALIST);
    world.successors.insert(HR_SPECIALIST, COLLEAGUE);
    let story = Story::submitted(flow(route.clone()), world.clone(), CLERK, json!({}));
    assert_eq!(story.waiting(), [(COLLEAGUE, "check")]);
    let superior = json!({ "settings": { "people": { "on_left": "superior" } } });
    let story = Story::submitted(flow_with(route.clone(), superior), world.clone(), CLERK, json!({}));
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
    world.leaves(COLLEAGUE);
    let story = Story::submitted(flow(route), world, CLERK, json!({}));
    assert_eq!(story.waiting(), [(SALES_HEAD, "check")], "the successor left too: his superior");
    let why = &story.case.open_tasks().next().expect("a task").why;
    assert_eq!(
        why[..],
        [Why::NamedPerson, Why::SuccessorOf { person: HR_SPECIALIST }, Why::SuperiorOfOneWhoLeft { person: COLLEAGUE },]
    );
}

// proves: FLOW-02
#[test]
fn nobody_found_is_passed_over_or_named_by_the_administrator_or_refused_before_submitting() {
    let vacant = |on_nobody: &str| {
        let node = with(approve("vacant", post("vacant")), json!({ "people": { "on_nobody": on_nobody } }));
        flow(json!([approve("first", person(COLLEAGUE)), node]))
    };
    let mut passed = Story::submitted(vacant("skip"), World::new(), CLERK, json!({}));
    passed.approve(COLLEAGUE);
    assert_eq!(passed.case.status, Status::Completed);
    let visit = passed.case.activations.last().expect("it was visited");
    assert_eq!((visit.end(), visit.left_out[0].because), (Some(End::PassedOver), Because::NobodyFound));

    let refused = Story::new(vacant("block"), World::new(), CLERK).submit(json!({}));
    assert_eq!(refused, Err(Refusal::NobodyFound { node: "vacant".into() }));

    let mut named = Story::submitted(vacant("to_admin"), World::new(), CLERK, json!({}));
    named.approve(COLLEAGUE);
    assert_eq!((named.waiting(), named.purposes()), (vec![(ADMINISTRATOR, "vacant")], vec![Purpose::Assign]));
    let task = named.task_of(ADMINISTRATOR);
    let decide = Intent::Approve { task, words: Words::default(), values: Values::new() };
    assert_eq!(named.run(ADMINISTRATOR, decide), Err(Refusal::WrongPurpose), "he names, he does not decide");
    let hand_over = Intent::HandOver { task, to: SECRETARY, words: Words::new("空岗") };
    named.command(Command::as_administrator(Acting::person(ADMINISTRATOR), hand_over)).expect("he names someone");
    named.approve(SECRETARY);
    assert_eq!(named.case.status, Status::Completed);
}

#[test]
fn if_people_vanish_after_submitting_a_blocking_node_goes_to_the_administrator() {
    let node = with(approve("last", person(HR_MANAGER)), json!({ "people": { "on_nobody": "block" } }));
    let flow = flow(json!([approve("first", person(COLLEAGUE)), node]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    story.world.leaves(HR_MANAGER);
    story.world.superiors.remove(&HR_MANAGER);
    story.approve(COLLEAGUE);
    assert_eq!(story.waiting(), [(ADMINISTRATOR, "last")]);
}

#[test]
fn without_anybody_and_without_administrator_the_decision_is_refused_and_nothing_is_lost() {
    let flow = flow(json!([approve("first", person(COLLEAGUE)), approve("vacant", post("vacant"))]));
    let mut unattended = World::new();
    unattended.administrators.clear();
    let early = Story::new(flow.clone(), unattended, CLERK).submit(json!({}));
    assert_eq!(early, Err(Refusal::NoAdministrator { node: "vacant".into() }), "told before it is too late");
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    story.world.administrators.clear();
    let task = story.task_of(COLLEAGUE);
    let agree = Intent::Approve { task, words: Words::default(), values: Values::new() };
    assert_eq!(story.run(COLLEAGUE, agree), Err(Refusal::NoAdministrator { node: "vacant".into() }));
    assert_eq!(story.waiting(), [(COLLEAGUE, "first")]);
    let told = route(&story.flow, &story.case, &story.world).expect("the map still shows it");
    assert_eq!(told.steps.last().map(|step| (step.node.as_str(), step.people.len())), Some(("vacant", 0)));
}

#[test]
fn a_copy_to_nobody_is_no_hindrance() {
    let flow = flow(json!([copy("tell", post("vacant")), approve("check", person(COLLEAGUE))]));
    let story = Story::submitted(flow, World::new(), CLERK, json!({}));
    assert_eq!(story.waiting(), [(COLLEAGUE, "check")]);
}

#[test]
fn a_prediction_says_which_field_names_the_people_and_what_is_to_be_chosen() {
    let route = json!([
        approve("contact", json!([{ "rule": "field", "field": "contact" }])),
        approve("same", json!([{ "rule": "handler_of", "node": "contact" }])),
        approve("chosen", json!([{ "rule": "initiator_choice", "min": 2 }])),
    ]);
    let (flow, world) = (flow(route), World::new());
    let told = predict(&flow, &world.initiator(CLERK), &Values::new(), &Choices::new(), &world).expect("a route");
    let known: Vec<_> = told.steps[1..]
        .iter()
        .map(|step| (step.node.as_str(), step.depends_on.join(","), step.choose.map(|choose| choose.min)))
        .collect();
    assert_eq!(
        known,
        [("contact", "contact".into(), None), ("same", "contact".into(), None), ("chosen", String::new(), Some(2)),]
    );
}

// proves: FLOW-05
#[test]
fn a_secretary_who_files_for_another_does_not_approve_it_either() {
    let world = World::new();
    let mut story = Story::new(flow(json!([approve("check", person(SECRETARY))])), world, CLERK);
    story.draft.initiator.on_behalf_of = Some(COLLEAGUE);
    story.draft.initiator.person = SECRETARY;
    story.case = story.draft.clone();
    story.submit(json!({})).expect("she files it");
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "check")]);
    story.return_to(GENERAL_MANAGER, Target::First, AfterReturn::WalkAgain);
    let task = story.task_of(COLLEAGUE);
    let correct = |by| {
        let intent =
            Intent::Resubmit { task, values: Values::new(), choices: None, confirmed: true, words: Words::default() };
        story.clone().command(Command::new(by, intent)).map(|_| ())
    };
    assert_eq!(correct(Acting::person(SECRETARY)), Ok(()), "who filed it corrects it");
    assert_eq!(correct(Acting::for_another(SECRETARY, COLLEAGUE)), Ok(()), "or as his agent");
    assert_eq!(correct(Acting::person(COLLEAGUE)), Ok(()), "or he himself");
    assert_eq!(correct(Acting::person(CLERK)), Err(Refusal::NotYourTask));
}
