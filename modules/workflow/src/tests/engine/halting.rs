//! 挂起: a case stands still, and goes on where it stood.

use serde_json::json;

use super::{
    story::{Story, approve, flow, person},
    world::*,
};
use crate::engine::{
    Acting, Command, Intent, Refusal, Stage, Status, Target, Values, Words,
    case::{TaskNo, Verdict},
};

fn administrator(intent: Intent) -> Command {
    Command::as_administrator(Acting::person(ADMINISTRATOR), intent)
}

fn halt(words: &str) -> Intent {
    Intent::Halt { words: Words::new(words) }
}

fn go_on() -> Intent {
    Intent::GoOn { words: Words::new("已核实") }
}

fn submitted() -> Story {
    let route = json!([approve("a", person(SALES_HEAD)), approve("b", person(HR_MANAGER))]);
    Story::submitted(flow(route), World::new(), CLERK, json!({}))
}

// proves: FLOW-15, TRACE-09
#[test]
fn while_it_stands_still_nothing_is_decided_and_it_goes_on_where_it_stood() {
    let mut story = submitted();
    assert_eq!(story.run(SALES_HEAD, halt("待核实")), Err(Refusal::NotAdministrator));
    assert_eq!(story.command(administrator(halt(" "))), Err(Refusal::OpinionRequired { min_length: 1 }));
    assert_eq!(story.command(administrator(go_on())), Err(Refusal::NotHalted));
    story.command(administrator(halt("金额待核实"))).expect("with a reason");
    assert_eq!(story.case.stage(), Stage::Halted);
    let kept = story.case.halt.clone().expect("who, when and why");
    assert_eq!((kept.by, kept.reason.as_str()), (Acting::person(ADMINISTRATOR), "金额待核实"));
    let task = TaskNo(2);
    let words = || Words::new("理由");
    let waits = [
        Intent::Approve { task, words: words(), values: Values::new() },
        Intent::Reject { task, words: words() },
        Intent::ReturnTo { task, to: Target::First, then: None, words: words() },
        Intent::Transfer { task, to: COLLEAGUE, words: words() },
        Intent::Hold { task, words: words() },
    ];
    let before = story.case.clone();
    let refused = Err(Refusal::StandsStill { reason: "金额待核实".into() });
    for intent in waits {
        assert_eq!(story.run(SALES_HEAD, intent), refused);
    }
    for intent in [Intent::Withdraw { words: words() }, Intent::Urge { channel: "app".into(), words: words() }] {
        assert_eq!(story.run(CLERK, intent), refused);
    }
    assert_eq!(story.command(administrator(halt("再次"))), Err(Refusal::AlreadyHalted));
    assert_eq!(story.case, before, "what is refused changes nothing");
    story.run(SALES_HEAD, Intent::Comment { words: words() }).expect("it is talked about");
    story.command(administrator(go_on())).expect("by an administrator");
    assert_eq!((story.case.halt.as_ref(), story.case.stage()), (None, Stage::Submitted));
    let verdicts: Vec<_> = story.case.opinions.iter().map(|said| said.verdict).collect();
    assert_eq!(verdicts, [Verdict::Halted, Verdict::Commented, Verdict::Continued], "each with its reason");
    story.approve(SALES_HEAD).approve(HR_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-15
#[test]
fn what_stands_still_is_handed_over_and_ended_by_an_administrator_only() {
    let mut story = submitted();
    story.command(administrator(halt("待核实"))).expect("with a reason");
    let over = Intent::HandOver { task: story.task_of(SALES_HEAD), to: COLLEAGUE, words: Words::new("已离岗") };
    story.command(administrator(over)).expect("he may");
    assert_eq!(story.waiting(), [(COLLEAGUE, "a")]);
    let end = |task| Intent::Terminate { task, words: Words::new("不再需要") };
    let mine = end(Some(story.task_of(COLLEAGUE)));
    assert_eq!(story.run(COLLEAGUE, mine), Err(Refusal::StandsStill { reason: "待核实".into() }));
    story.command(administrator(end(None))).expect("for good");
    assert_eq!((story.case.status, story.case.stage()), (Status::Terminated, Stage::Closed));
}
