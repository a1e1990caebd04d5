//! What must be written, what is allowed, who may urge and comment, and what an administrator can do.

use hanlin_rulebook::Mode;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    story::{Story, approve, copy, flow, flow_with, handle, person, with},
    world::*,
};
use crate::engine::{
    Acting, Command, Event, Intent, Refusal, Status, Target, Values, What, Words, case::Verdict, may_operate,
    model::Operation,
};

fn agree(story: &Story, person: hanlin_kernel::PersonId, words: &str) -> Intent {
    Intent::Approve { task: story.task_of(person), words: Words::new(words), values: Values::new() }
}

// proves: FLOW-14, FLOW-18
#[test]
fn a_form_review_needs_a_written_opinion_and_an_approval_only_where_the_node_says() {
    let table = [
        (json!({}), 0),
        (json!({ "function": "form_review" }), 1),
        (json!({ "function": "form_review", "opinion": { "required": false } }), 0),
        (json!({ "opinion": { "required": true, "min_length": 4 } }), 4),
        (json!({ "opinion": { "min_length": 4 } }), 0),
    ];
    for (more, fewest) in table {
        let node = with(approve("check", person(HR_MANAGER)), more.clone());
        let mut story = Story::submitted(flow(json!([node])), World::new(), CLERK, json!({}));
        let bare = agree(&story, HR_MANAGER, " ");
        match story.run(HR_MANAGER, bare) {
            Ok(_) => assert_eq!(fewest, 0, "{more}"),
            Err(refusal) => {
                assert_eq!(refusal, Refusal::OpinionRequired { min_length: fewest }, "{more}");
                let enough = agree(&story, HR_MANAGER, &"同".repeat(fewest as usize));
                story.run(HR_MANAGER, enough).expect("long enough");
            }
        }
    }
}

// proves: FLOW-16, FLOW-18
#[test]
fn rejecting_always_needs_a_reason_of_the_length_the_node_asks_for() {
    let node = with(approve("check", person(HR_MANAGER)), json!({ "opinion": { "min_length": 3 } }));
    let mut story = Story::submitted(flow(json!([node])), World::new(), CLERK, json!({}));
    let task = story.task_of(HR_MANAGER);
    for words in ["", "不", "不同"] {
        let refused = story.run(HR_MANAGER, Intent::Reject { task, words: Words::new(words) });
        assert_eq!(refused, Err(Refusal::OpinionRequired { min_length: 3 }));
    }
    story.run(HR_MANAGER, Intent::Reject { task, words: Words::new("不同意") }).expect("a reason");
    assert_eq!(story.case.status, Status::Rejected);
}

// proves: FLOW-15
#[test]
fn each_operation_is_allowed_or_forbidden_by_node() {
    let node = |operations| with(approve("check", person(HR_MANAGER)), json!({ "operations": operations }));
    let mut story = Story::submitted(flow(json!([node(json!([]))])), World::new(), CLERK, json!({}));
    let task = story.task_of(HR_MANAGER);
    let words = || Words::new("理由");
    let refused = |operation| Err(Refusal::NotAllowed { operation });
    assert_eq!(story.run(HR_MANAGER, Intent::Reject { task, words: words() }), refused(Operation::Reject));
    let back = Intent::ReturnTo { task, to: Target::First, then: None, words: words() };
    assert_eq!(story.run(HR_MANAGER, back), refused(Operation::ReturnTo));
    assert_eq!(story.run(HR_MANAGER, Intent::Comment { words: words() }), refused(Operation::Comment));
    story.approve(HR_MANAGER);

    let usual = Story::submitted(flow(json!([handle("pay", person(CASHIER))])), World::new(), CLERK, json!({}));
    let task = usual.case.open_tasks().next().expect("a task");
    let may = |operation| may_operate(usual.flow.flow(), &usual.case, task, operation);
    assert!(!may(Operation::Reject) && may(Operation::ReturnTo) && may(Operation::Comment));
}

// proves: FLOW-23
#[test]
fn a_flow_can_forbid_withdrawing() {
    let route = json!([approve("check", person(HR_MANAGER))]);
    let flow = flow_with(route, json!({ "settings": { "withdraw": false } }));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    assert_eq!(story.run(CLERK, Intent::Withdraw { words: Words::default() }), Err(Refusal::MayNotWithdraw));
}

// proves: TIME-07
#[test]
fn an_urge_is_kept_with_time_channel_and_person_and_not_repeated_within_the_interval() {
    let mut world = World::new();
    world.parameters.insert("workflow.urge_interval_minutes", json!(30));
    let flow = flow(json!([approve("a", person(SALES_HEAD)), approve("b", person(HR_MANAGER))]));
    let mut story = Story::submitted(flow, world, CLERK, json!({}));
    let urge = || Intent::Urge { channel: "app".into(), words: Words::new("请尽快") };
    assert_eq!(story.run(STRANGER, urge()), Err(Refusal::MayNotUrge));
    assert_eq!(story.run(HR_MANAGER, urge()), Err(Refusal::MayNotUrge), "not before he handled it");
    let at = story.world.now.get();
    story.run(CLERK, urge()).expect("the initiator urges");
    let kept = &story.case.urges[0];
    assert_eq!((kept.by.person, kept.at, kept.channel.as_str()), (CLERK, at, "app"));
    assert_eq!(kept.tasks, [story.task_of(SALES_HEAD)]);
    let again_at = at + SignedDuration::from_mins(30);
    assert_eq!(story.run(CLERK, urge()), Err(Refusal::UrgedJustNow { again_at }));
    story.approve(SALES_HEAD);
    story.run(SALES_HEAD, urge()).expect("a previous handler urges the next, who was not urged yet");
    story.world.wait_minutes(30);
    let administrator = Command::as_administrator(Acting::person(ADMINISTRATOR), urge());
    story.command(administrator).expect("the administrator urges");
    assert_eq!(story.case.urges.len(), 3);
}

// proves: RULE-21, TIME-07
#[test]
fn an_urge_too_early_for_a_rule_that_warns_or_notes_is_sent_and_kept_with_the_rule() {
    for mode in [Mode::Warn, Mode::Record] {
        let mut world = World::new();
        world.parameters.insert("workflow.urge_interval_minutes", json!(30));
        world.modes.insert("workflow.urge_interval_minutes", mode);
        let route = json!([approve("a", person(SALES_HEAD)), approve("b", person(HR_MANAGER))]);
        let mut story = Story::submitted(flow(route), world, CLERK, json!({}));
        let urge = || Intent::Urge { channel: "app".into(), words: Words::default() };
        let first = story.run(CLERK, urge()).expect("the first breaks nothing");
        assert_eq!(first.len(), 1);
        let due = first[0].at + SignedDuration::from_mins(30);
        let again = story.run(CLERK, urge()).expect("it warns only");
        let broken = again.iter().map(|event| event.what.clone()).nth(1).expect("the rule is on the record");
        let asked = json!(30);
        let rule = "workflow.urge_interval_minutes".to_owned();
        assert_eq!(broken, What::RuleBroken { rule, mode, asked, done: json!({ "again_at": due }), clause: None });
        assert_eq!(again[1].by, Some(Acting::person(CLERK)));
        story.world.wait_minutes(30);
        assert_eq!(story.run(CLERK, urge()).expect("it is time").len(), 1);
    }
}

// proves: RULE-21, FLOW-16, FLOW-18
#[test]
fn an_opinion_too_short_for_a_rule_that_warns_is_accepted_and_noted_and_an_empty_one_still_refused() {
    let mut world = World::new();
    world.parameters.insert("opinion.min_length", json!(5));
    world.modes.insert("opinion.min_length", Mode::Warn);
    let node = |key| with(approve(key, person(HR_MANAGER)), json!({ "function": "form_review" }));
    let mut story = Story::submitted(flow(json!([node("check"), node("again")])), world, CLERK, json!({}));
    let says = |story: &Story, words: &str| agree(story, HR_MANAGER, words);
    let empty = says(&story, " ");
    assert_eq!(story.run(HR_MANAGER, empty), Err(Refusal::OpinionRequired { min_length: 1 }));
    let short = says(&story, "属实");
    let events = story.run(HR_MANAGER, short).expect("it warns only");
    let broken = |events: &[Event]| {
        let rules = events.iter().filter_map(|event| match &event.what {
            What::RuleBroken { rule, done, .. } => Some((rule.clone(), done.clone())),
            _ => None,
        });
        rules.collect::<Vec<_>>()
    };
    assert_eq!(broken(&events), [("opinion.min_length".to_owned(), json!({ "characters": 2 }))]);
    let long = says(&story, "内容属实同意");
    assert_eq!(broken(&story.run(HR_MANAGER, long).expect("long enough")), []);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: TIME-07
#[test]
fn nobody_urges_himself() {
    let flow = flow(json!([approve("a", person(SALES_HEAD))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    story.return_to(SALES_HEAD, Target::First, crate::engine::model::AfterReturn::WalkAgain);
    let urge = Intent::Urge { channel: "app".into(), words: Words::default() };
    assert_eq!(story.run(CLERK, urge), Err(Refusal::NobodyToUrge));
}

#[test]
fn those_who_take_part_comment_with_attachments_until_it_is_finished() {
    let flow = flow(json!([copy("tell", person(COLLEAGUE)), approve("a", person(SALES_HEAD))]));
    let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
    let file = Words { attachments: vec!["file".into()], ..Words::default() };
    let comment = |words: &Words| Intent::Comment { words: words.clone() };
    assert_eq!(story.run(STRANGER, comment(&file)), Err(Refusal::NotTakingPart));
    assert_eq!(story.run(CLERK, comment(&Words::new(" "))), Err(Refusal::NothingSaid));
    for person in [CLERK, COLLEAGUE, SALES_HEAD] {
        story.run(person, comment(&file)).expect("he takes part");
    }
    let kept = story.case.opinions.last().expect("kept");
    assert_eq!((kept.verdict, kept.words.attachments.len()), (Verdict::Commented, 1));
    assert_eq!(kept.activation, story.case.open_tasks().next().map(|task| task.activation), "at his node");
    story.approve(SALES_HEAD);
    assert_eq!(story.run(CLERK, comment(&file)), Err(Refusal::AlreadyFinished));
}

#[test]
fn an_administrator_hands_over_with_a_reason_to_someone_who_can_take_it() {
    let all = with(
        approve("check", json!([{ "rule": "group", "group": "board" }])),
        json!({ "quorum": "in_turn", "people": { "on_initiator": "superior" } }),
    );
    let mut story = Story::submitted(flow(json!([all])), World::new(), CLERK, json!({}));
    let task = story.task_of(GENERAL_MANAGER);
    let hand = |to, words: &str| Intent::HandOver { task, to, words: Words::new(words) };
    let as_administrator = |intent| Command::as_administrator(Acting::person(ADMINISTRATOR), intent);
    assert_eq!(story.run(ADMINISTRATOR, hand(SECRETARY, "休假")), Err(Refusal::NotAdministrator));
    let table = [
        (hand(SECRETARY, ""), Refusal::OpinionRequired { min_length: 1 }),
        (hand(VICE_MANAGER, "休假"), Refusal::AlreadyHandling { person: VICE_MANAGER }),
        (hand(CLERK, "休假"), Refusal::OwnCase { person: CLERK }),
    ];
    for (intent, refusal) in table {
        assert_eq!(story.command(as_administrator(intent)), Err(refusal));
    }
    story.world.leaves(COLLEAGUE);
    let gone = story.command(as_administrator(hand(COLLEAGUE, "休假")));
    assert_eq!(gone, Err(Refusal::NotInService { person: COLLEAGUE }));
    story.command(as_administrator(hand(SECRETARY, "休假"))).expect("she can take it");
    assert_eq!(story.waiting(), [(SECRETARY, "check")]);
    assert_eq!(story.case.opinions[0].words.text, "休假");
    let gone = story.run(GENERAL_MANAGER, Intent::Approve { task, words: Words::default(), values: Values::new() });
    assert_eq!(gone, Err(Refusal::TaskEnded));
    story.approve(SECRETARY);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "check")], "the turn goes on behind hers");
}

#[test]
fn an_agent_acts_for_his_principal_and_both_are_kept() {
    let mut story = Story::submitted(flow(json!([approve("a", person(SALES_HEAD))])), World::new(), CLERK, json!({}));
    let intent = agree(&story, SALES_HEAD, "同意");
    assert_eq!(story.run(SECRETARY, intent.clone()), Err(Refusal::NotYourTask));
    let acting = Acting::for_another(SECRETARY, SALES_HEAD);
    story.command(Command::new(acting, intent)).expect("she acts for him");
    assert_eq!(story.case.opinions[0].by, acting);
}

#[test]
fn a_flow_longer_than_the_limit_of_automatic_steps_is_refused() {
    let route: serde_json::Value = (0..=crate::engine::STEP_LIMIT).map(|n| copy(&format!("c{n}"), json!([]))).collect();
    let refused = Story::new(flow(route), World::new(), CLERK).submit(json!({}));
    assert_eq!(refused, Err(Refusal::TooManySteps { limit: crate::engine::STEP_LIMIT }));
}

#[test]
fn commands_that_do_not_fit_the_state_are_refused_and_change_nothing() {
    let mut story = Story::new(flow(json!([approve("a", person(SALES_HEAD))])), World::new(), CLERK);
    let withdraw = || Intent::Withdraw { words: Words::default() };
    assert_eq!(story.run(CLERK, withdraw()), Err(Refusal::NotSubmitted));
    let submit = || Intent::Submit { values: Values::new(), choices: Default::default(), confirmed: true };
    assert_eq!(story.run(COLLEAGUE, submit()), Err(Refusal::NotTheInitiator));
    story.submit(json!({})).expect("it is his");
    assert_eq!(story.run(CLERK, submit()), Err(Refusal::AlreadySubmitted));
    let before = story.case.clone();
    let nobody =
        Intent::Approve { task: crate::engine::case::TaskNo(99), words: Words::default(), values: Values::new() };
    assert_eq!(story.run(SALES_HEAD, nobody), Err(Refusal::NoSuchTask));
    assert_eq!(story.case, before);
}
