//! What a handler does besides deciding: others take part, or he thinks again (FLOW-15).

use hanlin_kernel::PersonId;
use serde_json::json;

use super::{
    story::{Story, approve, flow, handle, people, with},
    world::*,
};
use crate::engine::{
    Acting, Command, Intent, Refusal, SignerPlace, Status, TaskState, Values, Words,
    case::{Among, Closing, Hanging, Purpose, TaskNo, Verdict},
    facts::Why,
    model::Operation,
};

fn words() -> Words {
    Words::new("请一并审阅")
}

/// A case at the vice manager's, then at the general manager's.
fn at_the_vice_manager() -> Story {
    let route = json!([approve("check", people(&[VICE_MANAGER])), approve("decide", people(&[GENERAL_MANAGER]))]);
    Story::submitted(flow(route), World::new(), CLERK, json!({}))
}

impl Story {
    fn add(&mut self, by: PersonId, signers: &[PersonId], place: SignerPlace, among: Among) -> &mut Self {
        let intent =
            Intent::AddSigner { task: self.task_of(by), people: signers.to_vec(), place, among, words: words() };
        self.run(by, intent).unwrap_or_else(|refusal| panic!("{by:?} may add: {refusal:?}"));
        self
    }

    fn advise(&mut self, by: PersonId) -> &mut Self {
        let intent =
            Intent::Advise { task: self.task_of(by), words: Words::new("我看可以"), values: Values::new() };
        self.run(by, intent).unwrap_or_else(|refusal| panic!("{by:?} may advise: {refusal:?}"));
        self
    }

    /// The last task of this person, open or not.
    fn last_task_of(&self, person: PersonId) -> TaskNo {
        self.case.tasks.iter().rev().find(|task| task.person == person).expect("a task").id
    }

    fn holders(&self) -> Vec<PersonId> {
        self.waiting().into_iter().map(|(person, _)| person).collect()
    }
}

// proves: FLOW-15, TRACE-09
#[test]
fn what_is_transferred_is_the_other_ones_to_decide_and_the_reason_shows_from_whom() {
    let mut story = at_the_vice_manager();
    let task = story.task_of(VICE_MANAGER);
    story.run(VICE_MANAGER, Intent::Transfer { task, to: HR_MANAGER, words: words() }).expect("he may");
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
    let given = story.case.task(story.task_of(HR_MANAGER)).expect("his task");
    assert_eq!(given.why.last(), Some(&Why::TransferredBy { person: VICE_MANAGER }));
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);
}

// proves: FLOW-15, FLOW-16
#[test]
fn a_transfer_needs_a_reason_someone_in_service_and_not_the_initiator() {
    let mut story = at_the_vice_manager();
    story.world.leaves(CASHIER);
    let task = story.task_of(VICE_MANAGER);
    let mut to = |to, words| story.run(VICE_MANAGER, Intent::Transfer { task, to, words });
    assert_eq!(to(HR_MANAGER, Words::default()), Err(Refusal::OpinionRequired { min_length: 1 }));
    assert_eq!(to(CASHIER, words()), Err(Refusal::NotInService { person: CASHIER }));
    assert_eq!(to(CLERK, words()), Err(Refusal::OwnCase { person: CLERK }));
    assert_eq!(to(VICE_MANAGER, words()), Err(Refusal::Himself));
    let route = json!([with(approve("check", people(&[VICE_MANAGER])), json!({ "operations": ["reject"] }))]);
    let mut strict = Story::submitted(flow(route), World::new(), CLERK, json!({}));
    let task = strict.task_of(VICE_MANAGER);
    let refused = strict.run(VICE_MANAGER, Intent::Transfer { task, to: HR_MANAGER, words: words() });
    assert_eq!(refused, Err(Refusal::NotAllowed { operation: Operation::Transfer }));
}

// proves: FLOW-15
#[test]
fn what_is_delegated_comes_back_with_the_advice() {
    let mut story = at_the_vice_manager();
    let task = story.task_of(VICE_MANAGER);
    story.run(VICE_MANAGER, Intent::Delegate { task, to: HR_MANAGER, words: words() }).expect("he may");
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
    assert_eq!(story.purposes(), [Purpose::Advise]);
    let early = Intent::Approve { task, words: words(), values: Values::new() };
    assert_eq!(story.run(VICE_MANAGER, early), Err(Refusal::WaitsForOthers));
    let mute = Intent::Advise { task: story.task_of(HR_MANAGER), words: Words::default(), values: Values::new() };
    assert_eq!(story.run(HR_MANAGER, mute), Err(Refusal::OpinionRequired { min_length: 1 }));
    story.advise(HR_MANAGER);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "check")]);
    story.approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);
}

// proves: FLOW-26
#[test]
fn a_question_to_the_initiator_does_not_stop_the_case_and_ends_with_the_decision() {
    let mut story = at_the_vice_manager();
    let task = story.task_of(VICE_MANAGER);
    let ask = |people: Vec<PersonId>| Intent::Consult { task, people, words: Words::new("为何不提前申请?") };
    story.run(VICE_MANAGER, ask(vec![CLERK, HR_MANAGER])).expect("he may");
    assert_eq!(story.holders(), [VICE_MANAGER, CLERK, HR_MANAGER]);
    story.advise(CLERK);
    let last = story.case.opinions.last().expect("his answer");
    assert_eq!((last.by.person, last.verdict), (CLERK, Verdict::Advised));
    let unanswered = story.task_of(HR_MANAGER);
    story.approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);
    let how = story.case.task(unanswered).expect("the task").closing();
    assert_eq!(how, Some(Closing::DecidedByOther { task }));
}

// proves: FLOW-15, FLOW-19
#[test]
fn a_signer_before_me_decides_first() {
    let mut story = at_the_vice_manager();
    story.add(VICE_MANAGER, &[HR_MANAGER, CASHIER], SignerPlace::Before, Among::All);
    assert_eq!(story.holders(), [HR_MANAGER, CASHIER]);
    story.approve(HR_MANAGER);
    assert_eq!(story.holders(), [CASHIER]);
    story.approve(CASHIER);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "check")]);
    story.approve(VICE_MANAGER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);
}

// proves: FLOW-15
#[test]
fn a_signer_after_me_is_asked_when_i_agreed_and_the_node_waits_for_him() {
    let mut story = at_the_vice_manager();
    story.add(VICE_MANAGER, &[HR_MANAGER, CASHIER], SignerPlace::After, Among::InTurn);
    assert_eq!(story.holders(), [VICE_MANAGER]);
    story.approve(VICE_MANAGER);
    assert_eq!(story.holders(), [HR_MANAGER]);
    story.approve(HR_MANAGER);
    assert_eq!(story.holders(), [CASHIER]);
    story.approve(CASHIER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);
}

// proves: FLOW-06, FLOW-15
#[test]
fn signers_beside_me_decide_with_me_one_of_them_being_enough() {
    let mut story = at_the_vice_manager();
    story.add(VICE_MANAGER, &[HR_MANAGER, CASHIER], SignerPlace::Beside, Among::Any);
    assert_eq!(story.holders(), [VICE_MANAGER, HR_MANAGER, CASHIER]);
    story.approve(VICE_MANAGER);
    assert_eq!(story.holders(), [HR_MANAGER, CASHIER], "the node waits for one of them");
    story.approve(CASHIER);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);
}

// proves: FLOW-15
#[test]
fn an_added_signer_adds_others_transfers_and_rejects_like_any_other() {
    let mut story = at_the_vice_manager();
    story.add(VICE_MANAGER, &[HR_MANAGER], SignerPlace::Before, Among::All);
    story.add(HR_MANAGER, &[CASHIER], SignerPlace::Before, Among::All);
    assert_eq!(story.holders(), [CASHIER]);
    let task = story.task_of(CASHIER);
    story.run(CASHIER, Intent::Transfer { task, to: SECOND_CASHIER, words: words() }).expect("he may");
    story.approve(SECOND_CASHIER);
    assert_eq!(story.holders(), [HR_MANAGER], "whoever took it over answers to the same");
    let task = story.task_of(HR_MANAGER);
    story.run(HR_MANAGER, Intent::Reject { task, words: words() }).expect("he may");
    assert_eq!(story.case.status, Status::Rejected);
}

// proves: FLOW-06, FLOW-15
#[test]
fn where_one_is_enough_another_need_not_wait_for_signers_that_a_colleague_added() {
    let any = with(approve("check", people(&[VICE_MANAGER, HR_MANAGER])), json!({ "quorum": "any" }));
    let mut story = Story::submitted(flow(json!([any])), World::new(), CLERK, json!({}));
    story.add(VICE_MANAGER, &[CASHIER], SignerPlace::After, Among::All);
    story.approve(VICE_MANAGER);
    assert_eq!(story.holders(), [HR_MANAGER, CASHIER], "his agreement counts with theirs only");
    story.approve(HR_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-15, FLOW-16
#[test]
fn whom_he_added_he_removes_with_a_reason_and_nobody_else() {
    let mut story = at_the_vice_manager();
    story.add(VICE_MANAGER, &[HR_MANAGER], SignerPlace::Before, Among::All);
    story.add(HR_MANAGER, &[CASHIER], SignerPlace::Before, Among::All);
    let (mine, his, signer) =
        (story.last_task_of(VICE_MANAGER), story.last_task_of(HR_MANAGER), story.task_of(CASHIER));
    let remove = |task, signer, words| Intent::RemoveSigner { task, signer, words };
    assert_eq!(story.run(VICE_MANAGER, remove(mine, signer, words())), Err(Refusal::NotYourSigner));
    assert_eq!(story.run(VICE_MANAGER, remove(his, signer, words())), Err(Refusal::NotYourTask));
    let mute = story.run(VICE_MANAGER, remove(mine, his, Words::default()));
    assert_eq!(mute, Err(Refusal::OpinionRequired { min_length: 1 }));
    story.run(VICE_MANAGER, remove(mine, his, words())).expect("whom he added he removes");
    assert_eq!(story.waiting(), [(VICE_MANAGER, "check")], "and those whom that one had added");
    assert_eq!(story.case.task(his).and_then(|task| task.closing()), Some(Closing::Removed));
}

// proves: FLOW-15, FLOW-22
#[test]
fn what_an_added_signer_returned_comes_straight_back_to_him_and_then_to_me() {
    let mut story = at_the_vice_manager();
    story.add(VICE_MANAGER, &[HR_MANAGER], SignerPlace::Before, Among::All);
    story.return_to(HR_MANAGER, crate::engine::Target::First, crate::engine::model::AfterReturn::StraightBack);
    story.resubmit(CLERK, json!({ "reason": "已补充" }));
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
    story.approve(HR_MANAGER);
    assert_eq!(story.waiting(), [(VICE_MANAGER, "check")]);
}

// proves: FLOW-15, FLOW-22
#[test]
fn while_a_signer_waits_for_his_return_nobody_removes_the_others() {
    let mut story = at_the_vice_manager();
    story.add(VICE_MANAGER, &[HR_MANAGER, CASHIER], SignerPlace::Before, Among::All);
    let (mine, cashier) = (story.last_task_of(VICE_MANAGER), story.task_of(CASHIER));
    story.return_to(HR_MANAGER, crate::engine::Target::First, crate::engine::model::AfterReturn::StraightBack);
    let remove = Intent::RemoveSigner { task: mine, signer: cashier, words: words() };
    assert_eq!(story.run(VICE_MANAGER, remove.clone()), Err(Refusal::TaskSuspended));
    story.resubmit(CLERK, json!({ "reason": "已补充" }));
    story.run(VICE_MANAGER, remove).expect("it is under way again");
    assert_eq!(story.waiting(), [(HR_MANAGER, "check")]);
}

// proves: TIME-17, FLOW-15
#[test]
fn what_is_on_hold_stays_his_with_the_reason_until_he_goes_on() {
    let mut story = at_the_vice_manager();
    let task = story.task_of(VICE_MANAGER);
    let mute = story.run(VICE_MANAGER, Intent::Hold { task, words: Words::default() });
    assert_eq!(mute, Err(Refusal::OpinionRequired { min_length: 1 }));
    assert_eq!(story.run(VICE_MANAGER, Intent::EndHold { task }), Err(Refusal::NotOnHold));
    story.run(VICE_MANAGER, Intent::Hold { task, words: Words::new("等预算批复") }).expect("he may");
    let again = story.run(VICE_MANAGER, Intent::Hold { task, words: words() });
    assert_eq!(again, Err(Refusal::AlreadyOnHold));
    let held = story.case.task(task).and_then(|task| task.held.clone()).expect("on hold");
    assert_eq!(held.reason, "等预算批复");
    story.approve(VICE_MANAGER);
    assert_eq!(story.case.task(task).and_then(|task| task.held.clone()), None);
    assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);
}

// proves: FLOW-15, TRACE-03
#[test]
fn a_decision_is_taken_back_until_someone_went_on_from_it() {
    let mut story = at_the_vice_manager();
    let task = story.task_of(VICE_MANAGER);
    story.approve(VICE_MANAGER);
    let back = Intent::TakeBack { task, words: Words::new("看错了金额") };
    assert_eq!(story.run(GENERAL_MANAGER, back.clone()), Err(Refusal::NotYourTask));
    story.run(VICE_MANAGER, back.clone()).expect("nobody went on");
    assert_eq!(story.waiting(), [(VICE_MANAGER, "check")]);
    assert_eq!(story.case.opinions.len(), 2, "what he said before stays to be seen");
    assert_eq!(story.run(VICE_MANAGER, back), Err(Refusal::NothingToTakeBack), "only once");
    let again = story.task_of(VICE_MANAGER);
    story.approve(VICE_MANAGER).approve(GENERAL_MANAGER);
    let late = story.run(VICE_MANAGER, Intent::TakeBack { task: again, words: words() });
    assert_eq!(late, Err(Refusal::AlreadyFinished));
}

// proves: FLOW-15
#[test]
fn who_acted_on_it_keeps_it_from_being_taken_back_and_a_colleague_at_the_same_node_does_not() {
    let both = approve("check", people(&[VICE_MANAGER, HR_MANAGER]));
    let route = json!([both, approve("decide", people(&[GENERAL_MANAGER])), approve("last", people(&[SECRETARY]))]);
    let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({}));
    let task = story.task_of(VICE_MANAGER);
    story.approve(VICE_MANAGER).approve(HR_MANAGER);
    let mut early = story.clone();
    early.run(VICE_MANAGER, Intent::TakeBack { task, words: words() }).expect("nobody went on");
    assert_eq!(early.waiting(), [(VICE_MANAGER, "check")], "the colleague's agreement stands");
    story.approve(GENERAL_MANAGER);
    let late = story.run(VICE_MANAGER, Intent::TakeBack { task, words: words() });
    assert_eq!(late, Err(Refusal::WentOn));
}

// proves: FLOW-06, FLOW-15
#[test]
fn taking_back_asks_those_again_whom_the_decision_made_superfluous() {
    for (quorum, after) in [("any", vec![HR_MANAGER, VICE_MANAGER]), ("in_turn", vec![VICE_MANAGER])] {
        let node = with(approve("check", people(&[VICE_MANAGER, HR_MANAGER])), json!({ "quorum": quorum }));
        let route = json!([node, approve("decide", people(&[GENERAL_MANAGER]))]);
        let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({}));
        let task = story.task_of(VICE_MANAGER);
        story.approve(VICE_MANAGER);
        story.run(VICE_MANAGER, Intent::TakeBack { task, words: words() }).expect("nobody went on");
        let mut holders = story.holders();
        holders.sort();
        let mut expected = after;
        expected.sort();
        assert_eq!(holders, expected, "{quorum}");
        story.approve(VICE_MANAGER);
        if quorum == "in_turn" {
            story.approve(HR_MANAGER);
        }
        assert_eq!(story.waiting(), [(GENERAL_MANAGER, "decide")]);
    }
}

// proves: FLOW-10
#[test]
fn a_failed_review_returns_the_form_and_says_so() {
    let review = with(approve("check", people(&[CASHIER])), json!({ "function": "form_review" }));
    let mut story = Story::submitted(flow(json!([review])), World::new(), CLERK, json!({}));
    let task = story.task_of(CASHIER);
    story.run(CASHIER, Intent::FailReview { task, words: Words::new("发票与金额不符") }).expect("he may");
    assert_eq!(story.waiting(), [(CLERK, "start")]);
    assert_eq!(story.case.opinions.last().map(|said| said.verdict), Some(Verdict::ReviewFailed));
    let mut other = at_the_vice_manager();
    let task = other.task_of(VICE_MANAGER);
    let refused = other.run(VICE_MANAGER, Intent::FailReview { task, words: words() });
    assert_eq!(refused, Err(Refusal::NotAllowed { operation: Operation::FailReview }));
}

// proves: FLOW-12, TRACE-09
#[test]
fn who_takes_part_sends_copies_on_the_way_once_to_each() {
    let mut story = at_the_vice_manager();
    let copy = |people: &[PersonId]| Intent::Copy { people: people.to_vec(), words: Words::default() };
    story.run(VICE_MANAGER, copy(&[SECRETARY, CASHIER])).expect("he may");
    assert_eq!(story.copied(), [(SECRETARY, "check"), (CASHIER, "check")]);
    let again = story.run(CLERK, copy(&[CASHIER]));
    assert_eq!(again, Err(Refusal::AlreadyCopied { person: CASHIER }));
    assert_eq!(story.run(STRANGER, copy(&[HR_MANAGER])), Err(Refusal::NotTakingPart));
    assert_eq!(story.run(CLERK, copy(&[])), Err(Refusal::NobodyNamed));
}

// proves: FLOW-15
#[test]
fn a_case_is_terminated_by_an_administrator_or_where_the_node_allows_it() {
    let mut story = at_the_vice_manager();
    let task = story.task_of(VICE_MANAGER);
    let by_holder = Intent::Terminate { task: Some(task), words: words() };
    let refused = story.run(VICE_MANAGER, by_holder.clone());
    assert_eq!(refused, Err(Refusal::NotAllowed { operation: Operation::Terminate }));
    let end = Intent::Terminate { task: None, words: words() };
    assert_eq!(story.run(CLERK, end.clone()), Err(Refusal::NotAdministrator));
    story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), end)).expect("he may");
    assert_eq!(story.case.status, Status::Terminated);
    let route = json!([with(approve("check", people(&[VICE_MANAGER])), json!({ "operations": ["terminate"] }))]);
    let mut open = Story::submitted(flow(route), World::new(), CLERK, json!({}));
    open.run(VICE_MANAGER, by_holder).expect("his node allows it");
    assert_eq!(open.case.status, Status::Terminated);
}

// proves: FLOW-15
#[test]
fn an_administrator_moves_a_case_forwards_and_back_into_a_branch_and_to_the_initiator() {
    let inner = approve("inner", people(&[HR_MANAGER]));
    let branch = json!({ "kind": "exclusive", "key": "way", "name": { "zh": "way" }, "branches": [
        { "key": "long", "name": { "zh": "long" }, "when": "form.amount > 1000", "route": [inner] },
    ] });
    let route = json!([approve("first", people(&[VICE_MANAGER])), branch, handle("pay", people(&[CASHIER]))]);
    let mut story = Story::submitted(flow(route), World::new(), CLERK, json!({ "amount": "5.00" }));
    let mut jump = |to: &str| {
        let intent = Intent::Jump { to: to.to_owned(), words: words() };
        story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), intent)).expect("he may");
        story.waiting().into_iter().map(|(person, node)| (person, node.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(jump("pay"), [(CASHIER, "pay".to_owned())]);
    assert_eq!(jump("inner"), [(HR_MANAGER, "inner".to_owned())]);
    assert_eq!(jump("start"), [(CLERK, "start".to_owned())]);
    assert_eq!(jump("first"), [(VICE_MANAGER, "first".to_owned())]);
    let nowhere = Intent::Jump { to: "way".into(), words: words() };
    let refused = story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), nowhere));
    assert_eq!(refused, Err(Refusal::NoSuchNode { node: "way".into() }));
    let by_handler = Intent::Jump { to: "pay".into(), words: words() };
    assert_eq!(story.run(VICE_MANAGER, by_handler), Err(Refusal::NotAdministrator));
}

// proves: FLOW-27
#[test]
fn who_takes_part_reports_that_the_flow_was_not_run_as_prescribed() {
    let mut story = at_the_vice_manager();
    let report = |text: &str| Intent::ReportDeviation { words: Words::new(text) };
    story.run(VICE_MANAGER, report("部门会签未做")).expect("he may");
    assert_eq!(story.case.opinions.last().map(|said| said.verdict), Some(Verdict::DeviationReported));
    assert_eq!(story.run(STRANGER, report("与我无关")), Err(Refusal::NotTakingPart));
    assert_eq!(story.run(VICE_MANAGER, report(" ")), Err(Refusal::NothingSaid));
}

#[test]
fn a_task_that_hangs_says_on_what() {
    let mut story = at_the_vice_manager();
    let mine = story.task_of(VICE_MANAGER);
    story.add(VICE_MANAGER, &[HR_MANAGER], SignerPlace::Before, Among::All);
    let signer = story.case.task(story.task_of(HR_MANAGER)).expect("his task");
    assert_eq!(signer.hangs.map(|hangs| (hangs.on, hangs.how)), Some((mine, Hanging::Before)));
    assert_eq!(signer.why, [Why::AskedBy { person: VICE_MANAGER, how: Hanging::Before }]);
    assert_eq!(story.case.task(mine).map(|task| task.state.clone()), Some(TaskState::Waiting));
}
