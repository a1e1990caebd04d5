//! What the second model found: each a case of its own.

use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, handle, people, person, with},
    world::*,
};
use crate::engine::{
    Acting, Command, Event, Intent, Refusal, SignerPlace, Status, Target, Words,
    case::{Among, Purpose, Task, TaskNo},
    model::AfterReturn::{StraightBack, WalkAgain},
};

fn words() -> Words {
    Words::new("意见")
}

fn parallel(key: &str, branches: &[(&str, Value)], more: Value) -> Value {
    let each = branches.iter().map(|(key, route)| json!({ "key": key, "name": { "zh": key }, "route": route }));
    let node = json!({ "kind": "parallel", "key": key, "name": { "zh": key }, "branches": each.collect::<Vec<_>>() });
    with(node, more)
}

fn started(route: Value) -> Story {
    Story::submitted(flow(route), World::new(), CLERK, json!({}))
}

impl Story {
    fn asks(&mut self, by: PersonId, signers: &[PersonId], place: SignerPlace, among: Among) -> &mut Self {
        let intent =
            Intent::AddSigner { task: self.task_of(by), people: signers.to_vec(), place, among, words: words() };
        self.run(by, intent).unwrap_or_else(|refusal| panic!("{by:?} may add: {refusal:?}"));
        self
    }

    fn takes_back(&mut self, by: PersonId) -> Result<Vec<Event>, Refusal> {
        let task = self.case.opinions.iter().rev().find(|said| said.by.person == by).and_then(|said| said.task);
        self.run(by, Intent::TakeBack { task: task.expect("he said something"), words: words() })
    }

    fn rejects(&mut self, by: PersonId) -> &mut Self {
        let task = self.task_of(by);
        self.run(by, Intent::Reject { task, words: words() }).expect("he may reject");
        self
    }

    fn administers(&mut self, intent: Intent) -> Result<Vec<Event>, Refusal> {
        self.command(Command::as_administrator(Acting::person(ADMINISTRATOR), intent))
    }

    fn moved(&mut self, to: &str) -> &mut Self {
        self.administers(Intent::Jump { to: to.into(), words: words() }).expect("he may");
        self
    }

    fn waited_for(&self) -> Vec<(PersonId, &str)> {
        let mut waiting = self.waiting();
        waiting.sort();
        waiting
    }
}

// proves: FLOW-15
#[test]
fn whoever_put_a_signer_before_himself_waits_again_when_that_one_takes_back_what_he_said() {
    let mut story = started(json!([approve("check", people(&[VICE_MANAGER, HR_MANAGER]))]));
    story.asks(VICE_MANAGER, &[CASHIER], SignerPlace::Before, Among::All).approve(CASHIER);
    assert_eq!(story.waited_for(), [(VICE_MANAGER, "check"), (HR_MANAGER, "check")]);
    let mut late = story.clone();
    story.takes_back(CASHIER).expect("nobody went on");
    assert_eq!(story.waited_for(), [(HR_MANAGER, "check"), (CASHIER, "check")]);
    story.approve(CASHIER);
    assert_eq!(story.waited_for(), [(VICE_MANAGER, "check"), (HR_MANAGER, "check")]);
    late.approve(VICE_MANAGER);
    assert_eq!(late.takes_back(CASHIER), Err(Refusal::WentOn), "he agreed upon it");
}

// proves: FLOW-06, FLOW-15
#[test]
fn whose_turn_comes_after_one_beside_whom_others_sign_waits_when_one_of_those_takes_it_back() {
    let node = with(approve("check", people(&[VICE_MANAGER, HR_MANAGER])), json!({ "quorum": "in_turn" }));
    let mut story = started(json!([node]));
    story.asks(VICE_MANAGER, &[SECRETARY, CASHIER], SignerPlace::Beside, Among::All);
    story.approve(SECRETARY).approve(CASHIER).approve(VICE_MANAGER);
    assert_eq!(story.waited_for(), [(HR_MANAGER, "check")]);
    story.takes_back(CASHIER).expect("nobody went on");
    assert_eq!(story.waited_for(), [(CASHIER, "check")]);
    story.approve(CASHIER);
    assert_eq!(story.waited_for(), [(HR_MANAGER, "check")]);
}

// proves: FLOW-15
#[test]
fn of_signers_in_turn_the_next_waits_for_those_whom_the_one_before_him_asked_to_follow() {
    let mut story = started(json!([approve("check", person(VICE_MANAGER))]));
    story.asks(VICE_MANAGER, &[SECRETARY, CASHIER], SignerPlace::Before, Among::InTurn);
    story.asks(SECRETARY, &[HR_MANAGER], SignerPlace::After, Among::All).approve(SECRETARY);
    assert_eq!(story.waited_for(), [(HR_MANAGER, "check")]);
    story.approve(HR_MANAGER);
    assert_eq!(story.waited_for(), [(CASHIER, "check")]);
}

// proves: FLOW-06, FLOW-15
#[test]
fn a_branch_that_a_colleague_refused_is_not_opened_again_by_taking_back_an_agreement() {
    let both = approve("check", people(&[VICE_MANAGER, HR_MANAGER]));
    let branches = [("one", json!([both])), ("other", json!([approve("beside", person(CASHIER))]))];
    let mut story = started(json!([parallel("sign", &branches, json!({ "on_reject": "end_branch" }))]));
    story.approve(VICE_MANAGER).rejects(HR_MANAGER);
    assert_eq!(story.takes_back(VICE_MANAGER), Err(Refusal::WentOn));
    assert_eq!(story.waited_for(), [(CASHIER, "beside")]);
}

// proves: FLOW-15
#[test]
fn a_step_from_which_an_administrator_moved_the_case_is_not_decided_by_who_takes_his_agreement_back() {
    let both = approve("check", people(&[VICE_MANAGER, HR_MANAGER]));
    let mut story = started(json!([both, approve("last", person(GENERAL_MANAGER))]));
    story.approve(VICE_MANAGER).moved("last");
    assert_eq!(story.takes_back(VICE_MANAGER), Err(Refusal::WentOn));
    assert_eq!(story.waited_for(), [(GENERAL_MANAGER, "last")]);
}

// proves: FLOW-06, FLOW-15
#[test]
fn who_was_superfluous_by_what_an_added_signer_said_is_asked_again_when_that_is_taken_back() {
    let node = with(approve("check", people(&[VICE_MANAGER, HR_MANAGER])), json!({ "quorum": "any" }));
    let mut story = started(json!([node, approve("last", person(GENERAL_MANAGER))]));
    story.asks(VICE_MANAGER, &[CASHIER], SignerPlace::Beside, Among::All).approve(VICE_MANAGER).approve(CASHIER);
    assert_eq!(story.waited_for(), [(GENERAL_MANAGER, "last")]);
    story.takes_back(CASHIER).expect("nobody went on");
    assert_eq!(story.waited_for(), [(HR_MANAGER, "check"), (CASHIER, "check")]);
}

// proves: FLOW-15, FLOW-22
#[test]
fn what_is_taken_back_before_the_step_is_decided_does_not_end_what_waits_for_that_step() {
    let route = json!([
        approve("a", people(&[VICE_MANAGER, HR_MANAGER])),
        approve("b", people(&[GENERAL_MANAGER, SALES_HEAD])),
    ]);
    let mut story = started(route);
    story.approve(VICE_MANAGER).approve(HR_MANAGER).approve(SALES_HEAD);
    story.return_to(GENERAL_MANAGER, Target::Node("a".into()), StraightBack).approve(VICE_MANAGER);
    story.takes_back(VICE_MANAGER).expect("nobody went on");
    story.approve(VICE_MANAGER).approve(HR_MANAGER);
    assert_eq!(story.waited_for(), [(GENERAL_MANAGER, "b")], "what his colleague said there stands");
}

// proves: FLOW-22
#[test]
fn of_two_who_return_it_one_after_the_other_each_has_it_before_him_again() {
    let mut story = started(json!([approve("check", people(&[VICE_MANAGER, HR_MANAGER]))]));
    for person in [HR_MANAGER, VICE_MANAGER] {
        story.return_to(person, Target::First, StraightBack).resubmit(CLERK, json!({}));
        assert_eq!(story.waited_for(), [(VICE_MANAGER, "check"), (HR_MANAGER, "check")]);
    }
    story.approve(HR_MANAGER).approve(VICE_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-22
#[test]
fn nobody_elses_task_is_handed_to_who_returned_the_case_and_has_it_before_him_soon() {
    let node = with(approve("check", people(&[VICE_MANAGER, HR_MANAGER])), json!({ "quorum": "in_turn" }));
    let mut story = started(json!([node]));
    let waiting = story.case.tasks.iter().find(|task| task.person == HR_MANAGER).map_or(TaskNo(0), |task| task.id);
    story.return_to(VICE_MANAGER, Target::First, StraightBack);
    let to = VICE_MANAGER;
    let refused = story.administers(Intent::HandOver { task: waiting, to, words: words() });
    assert_eq!(refused, Err(Refusal::AlreadyHandling { person: to }));
    story.resubmit(CLERK, json!({})).approve(VICE_MANAGER).approve(HR_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-15, FLOW-22
#[test]
fn a_return_leads_from_the_branch_into_which_the_case_was_moved_into_one_that_had_been_left_out() {
    let branches =
        [("one", json!([approve("s1", person(SALES_HEAD))])), ("other", json!([approve("h1", person(HR_MANAGER))]))];
    let mut story = started(json!([
        approve("a", person(COLLEAGUE)),
        parallel("sign", &branches, json!({})),
        approve("z", person(CASHIER))
    ]));
    story.moved("h1").approve(HR_MANAGER);
    assert_eq!(story.waited_for(), [(CASHIER, "z")]);
    story.moved("s1").return_to(SALES_HEAD, Target::Node("h1".into()), WalkAgain);
    assert_eq!(story.waited_for(), [(HR_MANAGER, "h1")]);
    story.approve(HR_MANAGER);
    assert_eq!(story.waited_for(), [(SALES_HEAD, "s1")]);
    story.approve(SALES_HEAD);
    assert_eq!(story.waited_for(), [(CASHIER, "z")]);
    story.approve(CASHIER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-15, FLOW-22
#[test]
fn a_return_comes_straight_back_to_where_an_administrator_moved_the_case_if_nothing_was_corrected() {
    let way = json!({ "kind": "exclusive", "key": "way", "name": { "zh": "way" }, "branches": [
        { "key": "long", "name": { "zh": "long" }, "when": "form.amount > 1000",
          "route": [approve("inner", person(HR_MANAGER))] },
    ] });
    let mut story = started(json!([way, approve("last", person(GENERAL_MANAGER))]));
    story.moved("inner").return_to(HR_MANAGER, Target::First, StraightBack);
    let mut changed = story.clone();
    story.resubmit(CLERK, json!({}));
    assert_eq!(story.waited_for(), [(HR_MANAGER, "inner")]);
    changed.resubmit(CLERK, json!({ "amount": "10.00" }));
    assert_eq!(changed.waited_for(), [(HR_MANAGER, "inner")], "the values led elsewhere before as well");
}

// proves: FLOW-15, FLOW-22
#[test]
fn who_is_also_asked_for_advice_has_before_him_again_what_he_returned() {
    let mut story = started(json!([approve("check", people(&[VICE_MANAGER, HR_MANAGER]))]));
    story.approve(VICE_MANAGER);
    let task = story.task_of(HR_MANAGER);
    story.run(HR_MANAGER, Intent::Consult { task, people: vec![VICE_MANAGER], words: words() }).expect("he may");
    story.takes_back(VICE_MANAGER).expect("nobody went on");
    let is_his = |task: &&Task| task.purpose == Purpose::Approve && task.person == VICE_MANAGER;
    let task = story.case.open_tasks().find(is_his).expect("it is his again").id;
    let then = Some(StraightBack);
    story.run(VICE_MANAGER, Intent::ReturnTo { task, to: Target::First, then, words: words() }).expect("he may");
    story.resubmit(CLERK, json!({}));
    let waiting = [(VICE_MANAGER, "check"), (VICE_MANAGER, "check"), (HR_MANAGER, "check")];
    assert_eq!(story.waited_for(), waiting, "for his advice, and for his decision");
}

// proves: FLOW-06, FLOW-22
#[test]
fn a_rejection_of_what_was_returned_from_a_branch_opened_again_ends_that_branch() {
    let inner = [("x", json!([approve("x1", person(SALES_HEAD))])), ("y", json!([approve("y1", person(COLLEAGUE))]))];
    let one =
        json!([parallel("inner", &inner, json!({ "on_reject": "collect" })), approve("behind", person(HR_MANAGER))]);
    let outer = [("one", one), ("other", json!([approve("beside", person(VICE_MANAGER))]))];
    let outer = parallel("outer", &outer, json!({ "on_reject": "end_branch" }));
    let mut story = started(json!([outer, approve("last", person(GENERAL_MANAGER))]));
    story.approve(SALES_HEAD).approve(COLLEAGUE).approve(HR_MANAGER).approve(VICE_MANAGER);
    story.return_to(GENERAL_MANAGER, Target::Node("behind".into()), WalkAgain);
    story.return_to(HR_MANAGER, Target::Node("x1".into()), StraightBack).rejects(SALES_HEAD);
    assert_eq!(story.waited_for(), [(GENERAL_MANAGER, "last")], "the other branch is enough");
}

// proves: FLOW-05, FLOW-22, ORG-13
#[test]
fn nothing_that_waited_for_a_return_comes_back_to_who_has_left_meanwhile() {
    let mut story = started(json!([approve("check", people(&[VICE_MANAGER, HR_SPECIALIST]))]));
    story.return_to(VICE_MANAGER, Target::First, StraightBack);
    story.world.leaves(HR_SPECIALIST);
    story.resubmit(CLERK, json!({}));
    assert_eq!(story.waited_for(), [(VICE_MANAGER, "check"), (HR_MANAGER, "check")], "his superior has it");
    story.approve(VICE_MANAGER).approve(HR_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-05, FLOW-22, ORG-13
#[test]
fn the_vote_of_who_returned_it_and_left_is_not_lost_where_his_superior_has_one_of_his_own() {
    let mut story = started(json!([approve("check", people(&[VICE_MANAGER, GENERAL_MANAGER]))]));
    story.return_to(VICE_MANAGER, Target::First, StraightBack);
    story.world.leaves(VICE_MANAGER);
    story.resubmit(CLERK, json!({}));
    assert_eq!(story.waited_for(), [(GENERAL_MANAGER, "check"), (ADMINISTRATOR, "check")]);
    let task = story.task_of(ADMINISTRATOR);
    story.administers(Intent::HandOver { task, to: HR_MANAGER, words: words() }).expect("he names somebody else");
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.waited_for(), [(HR_MANAGER, "check")]);
}

// proves: FLOW-05, FLOW-15, ORG-13
#[test]
fn who_was_superfluous_and_has_left_is_not_asked_again_when_an_agreement_is_taken_back() {
    let node = with(approve("check", people(&[VICE_MANAGER, HR_SPECIALIST])), json!({ "quorum": "any" }));
    let mut story = started(json!([node, approve("last", person(GENERAL_MANAGER))]));
    story.approve(VICE_MANAGER);
    story.world.leaves(HR_SPECIALIST);
    story.takes_back(VICE_MANAGER).expect("nobody went on");
    assert_eq!(story.waited_for(), [(VICE_MANAGER, "check"), (HR_MANAGER, "check")]);
}

// proves: FLOW-05, FLOW-15, ORG-13
#[test]
fn nobody_is_asked_twice_where_a_colleague_who_is_asked_again_stands_in_for_one_who_left() {
    let node = with(approve("check", people(&[VICE_MANAGER, HR_SPECIALIST, HR_MANAGER])), json!({ "quorum": "any" }));
    let mut story = started(json!([node, approve("last", person(GENERAL_MANAGER))]));
    story.approve(VICE_MANAGER);
    story.world.leaves(HR_SPECIALIST);
    story.takes_back(VICE_MANAGER).expect("nobody went on");
    let waiting = [(VICE_MANAGER, "check"), (HR_MANAGER, "check"), (ADMINISTRATOR, "check")];
    assert_eq!(story.waited_for(), waiting, "somebody else is named");
}

// proves: FLOW-15, FLOW-22
#[test]
fn what_came_straight_back_into_a_branch_that_was_left_is_taken_back_as_long_as_others_are_asked_there() {
    let three = people(&[VICE_MANAGER, HR_MANAGER, HR_SPECIALIST]);
    let voted = with(approve("x", three), json!({ "quorum": { "at_least": 2 } }));
    let beside = json!([approve("y", person(SALES_HEAD))]);
    let both = parallel("both", &[("a", json!([voted])), ("b", beside)], json!({}));
    let mut story = started(json!([both, approve("last", person(GENERAL_MANAGER))]));
    story.approve(VICE_MANAGER).approve(HR_MANAGER).approve(SALES_HEAD);
    story.return_to(GENERAL_MANAGER, Target::Node("x".into()), StraightBack).approve(HR_MANAGER);
    story.takes_back(HR_MANAGER).expect("nobody behind did anything");
    assert_eq!(story.waited_for(), [(VICE_MANAGER, "x"), (HR_MANAGER, "x"), (HR_SPECIALIST, "x")]);
    story.approve(HR_MANAGER).approve(HR_SPECIALIST);
    assert_eq!(story.waited_for(), [(GENERAL_MANAGER, "last")]);
    assert_eq!(story.takes_back(HR_SPECIALIST), Err(Refusal::WentOn), "now the branches came together");
}

/// Somebody in one branch returned it to the other, which answered; then whoever answered takes that back.
fn answered_and_taken_back() -> Story {
    let (one, other) = (handle("x", person(SALES_HEAD)), handle("y", person(HR_SPECIALIST)));
    let mut story = started(json!([parallel("both", &[("a", json!([one])), ("b", json!([other]))], json!({}))]));
    story.complete(HR_SPECIALIST, "已办").return_to(SALES_HEAD, Target::Node("y".into()), StraightBack);
    story.complete(HR_SPECIALIST, "已补");
    story.takes_back(HR_SPECIALIST).expect("nobody behind did anything");
    assert_eq!(story.waited_for(), [(HR_SPECIALIST, "y"), (SALES_HEAD, "x")]);
    story
}

// proves: FLOW-15, FLOW-22, FLOW-23
#[test]
fn what_answered_a_return_and_is_taken_back_is_not_ended_with_who_had_returned_it() {
    let mut story = answered_and_taken_back();
    story.complete(SALES_HEAD, "已办").return_to(HR_SPECIALIST, Target::Node("x".into()), WalkAgain);
    story.complete(SALES_HEAD, "再办");
    assert_eq!(story.waited_for(), [(HR_SPECIALIST, "y")], "he has it before him again");
    story.complete(HR_SPECIALIST, "已办");
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-15, FLOW-22, FLOW-23
#[test]
fn what_answered_a_return_and_is_taken_back_does_not_answer_a_later_one() {
    let mut story = answered_and_taken_back();
    story.return_to(SALES_HEAD, Target::First, StraightBack).complete(HR_SPECIALIST, "已办");
    assert_eq!(story.waited_for(), [(CLERK, "start")], "the one who returned it waits for the initiator");
    story.resubmit(CLERK, json!({}));
    assert_eq!(story.waited_for(), [(SALES_HEAD, "x")]);
    story.complete(SALES_HEAD, "已办");
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-05, ORG-13
#[test]
fn neither_who_has_left_does_anything_nor_anybody_for_him() {
    let mut story = started(json!([approve("check", person(VICE_MANAGER))]));
    let task = story.task_of(VICE_MANAGER);
    story.world.leaves(VICE_MANAGER);
    let agree = || Intent::Approve { task, words: words(), values: Default::default() };
    let refused = || Err(Refusal::NotInService { person: VICE_MANAGER });
    assert_eq!(story.run(VICE_MANAGER, agree()), refused());
    let for_him = Acting::for_another(CASHIER, VICE_MANAGER);
    assert_eq!(story.command(Command::new(for_him, agree())), refused());
    let by_him = Acting::for_another(VICE_MANAGER, CLERK);
    assert_eq!(story.command(Command::new(by_him, Intent::Withdraw { words: words() })), refused());
}

/// A pool of these, of whom the first has claimed it.
fn claimed(pool: &[PersonId]) -> Story {
    let mut story = started(json!([with(handle("pay", people(pool)), json!({ "quorum": "claim" }))]));
    story.claims(pool[0]).expect("he is the first");
    story
}

impl Story {
    fn claims(&mut self, by: PersonId) -> Result<Vec<Event>, Refusal> {
        self.run(by, Intent::Claim { task: self.task_of(by) })
    }

    fn gives_back(&mut self, by: PersonId) -> Result<Vec<Event>, Refusal> {
        self.run(by, Intent::GiveBack { task: self.task_of(by), words: words() })
    }

    fn parts_from(&mut self, person: PersonId) -> &mut Self {
        self.world.leaves(person);
        self.command(Command::of_system(Acting::person(CLERK), Intent::Relieve)).expect("the system says so");
        self
    }
}

// proves: FLOW-05, FLOW-15, ORG-13
#[test]
fn what_was_claimed_by_one_who_left_is_there_for_the_others_again_where_nobody_stands_in_for_him() {
    let mut story = claimed(&[CASHIER, SECOND_CASHIER, VICE_MANAGER]);
    story.parts_from(CASHIER);
    let waiting = [(VICE_MANAGER, "pay"), (SECOND_CASHIER, "pay"), (ADMINISTRATOR, "pay")];
    assert_eq!(story.waited_for(), waiting, "his superior has a part of his own");
    story.claims(SECOND_CASHIER).expect("nobody holds it");
    assert_eq!(story.waited_for(), [(SECOND_CASHIER, "pay"), (ADMINISTRATOR, "pay")]);
}

// proves: FLOW-05, FLOW-15, ORG-13
#[test]
fn somebody_is_named_at_once_for_one_who_left_while_another_holds_what_both_could_do() {
    let mut story = claimed(&[CASHIER, SECOND_CASHIER, VICE_MANAGER]);
    story.parts_from(SECOND_CASHIER);
    assert_eq!(story.waited_for(), [(CASHIER, "pay"), (ADMINISTRATOR, "pay")]);
    story.gives_back(CASHIER).expect("another could do it");
    assert_eq!(story.waited_for(), [(VICE_MANAGER, "pay"), (CASHIER, "pay"), (ADMINISTRATOR, "pay")]);
}

// proves: FLOW-15
#[test]
fn what_is_given_back_is_on_hold_no_longer() {
    let mut story = claimed(&[CASHIER, SECOND_CASHIER]);
    story.run(CASHIER, Intent::Hold { task: story.task_of(CASHIER), words: words() }).expect("he holds it");
    story.gives_back(CASHIER).expect("another could do it");
    assert!(story.case.open_tasks().all(|task| task.held.is_none()));
}

// proves: FLOW-15
#[test]
fn who_waited_for_a_signer_of_his_has_nothing_before_him_where_another_claimed_it_meanwhile() {
    let pool = with(handle("pay", people(&[VICE_MANAGER, SECOND_CASHIER])), json!({ "quorum": "claim" }));
    let mut story = started(json!([pool]));
    story.parts_from(SECOND_CASHIER).asks(VICE_MANAGER, &[HR_MANAGER], SignerPlace::Before, Among::All);
    let task = story.task_of(ADMINISTRATOR);
    story.administers(Intent::HandOver { task, to: COLLEAGUE, words: words() }).expect("he names somebody");
    story.claims(COLLEAGUE).expect("nobody holds it");
    story.complete(HR_MANAGER, "已核");
    assert_eq!(story.waited_for(), [(COLLEAGUE, "pay")]);
}

fn free(key: &str, who: Value) -> Value {
    json!({ "kind": "free", "key": key, "name": { "zh": key }, "who": who, "people": { "on_nobody": "skip" } })
}

impl Story {
    fn passes_on(&mut self, by: PersonId, people: &[PersonId]) -> &mut Self {
        let (task, people, values) = (self.task_of(by), people.to_vec(), Default::default());
        let intent = Intent::PassOn { task, people, among: Among::All, words: words(), values };
        self.run(by, intent).expect("he may name them");
        self
    }
}

// proves: FLOW-21, FLOW-22
#[test]
fn who_returned_it_to_a_free_step_beside_waits_until_nobody_has_it_there_any_more() {
    let branches =
        [("a", json!([free("talk", person(CASHIER))])), ("b", json!([approve("check", person(VICE_MANAGER))]))];
    let mut story = started(json!([parallel("both", &branches, json!({}))]));
    story.passes_on(CASHIER, &[SECRETARY]);
    story.return_to(VICE_MANAGER, Target::Node("talk".into()), StraightBack).passes_on(SECRETARY, &[COLLEAGUE]);
    assert_eq!(story.waited_for(), [(COLLEAGUE, "talk")]);
    story.complete(COLLEAGUE, "已办");
    assert_eq!(story.waited_for(), [(VICE_MANAGER, "check")]);
}

// proves: FLOW-21, FLOW-38
#[test]
fn where_nobody_is_left_of_those_to_whom_it_was_passed_on_whoever_had_it_before_handled_it() {
    let again = approve("again", json!([{ "rule": "handler_of", "node": "talk" }]));
    let mut story = started(json!([free("talk", person(VICE_MANAGER)), again]));
    story.passes_on(VICE_MANAGER, &[CASHIER, SECRETARY]).passes_on(CASHIER, &[STRANGER]).parts_from(STRANGER);
    story.complete(SECRETARY, "已办");
    assert_eq!(story.waited_for(), [(CASHIER, "again"), (SECRETARY, "again")]);
}

// proves: FLOW-05, FLOW-15, ORG-13
#[test]
fn the_no_of_a_signer_whom_one_who_left_had_added_is_still_a_vote() {
    let three = people(&[VICE_MANAGER, GENERAL_MANAGER, HR_MANAGER]);
    let mut story = started(json!([with(approve("check", three), json!({ "quorum": { "at_least": 3 } }))]));
    story.asks(GENERAL_MANAGER, &[SECRETARY], SignerPlace::Before, Among::All);
    story.parts_from(GENERAL_MANAGER);
    story.rejects(SECRETARY);
    assert_eq!(story.case.status, Status::Rejected, "all three would have to agree");
}
