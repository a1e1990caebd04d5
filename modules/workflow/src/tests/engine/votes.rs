//! A number of several people is enough, and a rejection is a vote (FLOW-06, FLOW-07).

use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, handle, people, person, with},
    world::*,
};
use crate::engine::{
    Acting, Command, Intent, Refusal, SignerPlace, Status, Tally, Target, Values, Words,
    case::{Among, Closing, Verdict},
    model::{AfterReturn, Operation},
    predict_from, route,
};

const FIVE: [PersonId; 5] = [HR_MANAGER, VICE_MANAGER, CASHIER, SECRETARY, COLLEAGUE];

/// A case at five people, with these settings of their node.
fn vote(settings: Value) -> Story {
    let route = json!([with(approve("vote", people(&FIVE)), settings), approve("after", person(GENERAL_MANAGER))]);
    Story::submitted(flow(route), World::new(), CLERK, json!({}))
}

fn no() -> Words {
    Words::new("不赞成")
}

impl Story {
    fn reject(&mut self, person: PersonId) -> &mut Self {
        let task = self.task_of(person);
        self.run(person, Intent::Reject { task, words: no() }).expect("he may");
        self
    }

    fn tally(&self) -> Tally {
        let told = route(&self.flow, &self.case, &self.world).expect("a route");
        told.steps.iter().rev().find_map(|step| step.tally).expect("votes are counted")
    }

    fn is_after(&self) -> bool {
        self.waiting() == [(GENERAL_MANAGER, "after")]
    }
}

// proves: FLOW-06, FLOW-07
#[test]
fn so_many_are_enough_and_who_has_not_voted_is_no_longer_asked() {
    let mut story = vote(json!({ "quorum": { "at_least": 2 } }));
    story.approve(HR_MANAGER).reject(CASHIER);
    assert_eq!(story.tally(), Tally { needed: 2, yes: 1, no: 1, abstained: 0, open: 3 });
    let late = story.task_of(COLLEAGUE);
    let decisive = story.task_of(SECRETARY);
    story.approve(SECRETARY);
    assert!(story.is_after());
    let late = story.case.task(late).expect("his task");
    assert_eq!(late.closing(), Some(Closing::DecidedByOther { task: decisive }));
    story.approve(GENERAL_MANAGER);
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-06
#[test]
fn it_is_rejected_as_soon_as_too_few_are_left() {
    let mut story = vote(json!({ "quorum": { "at_least": 4 } }));
    story.reject(HR_MANAGER);
    assert_eq!(story.case.status, Status::Running, "four can still agree");
    let task = story.task_of(CASHIER);
    story.reject(CASHIER);
    assert_eq!(story.case.status, Status::Rejected);
    let open = story.case.tasks.iter().find(|task| task.person == COLLEAGUE).expect("his task");
    assert_eq!(open.closing(), Some(Closing::CaseRejected { task }));
}

// proves: FLOW-06
#[test]
fn percent_is_of_those_who_are_asked_and_rounded_up() {
    for (percent, enough) in [(1, 1), (20, 1), (21, 2), (60, 3), (61, 4), (100, 5)] {
        let story = vote(json!({ "quorum": { "percent": percent } }));
        assert_eq!(story.tally().needed, enough, "{percent} %");
    }
    let mut story = vote(json!({ "quorum": { "percent": 60 } }));
    story.approve(HR_MANAGER).approve(VICE_MANAGER).reject(CASHIER).reject(SECRETARY);
    assert_eq!(story.waiting(), [(COLLEAGUE, "vote")]);
    story.approve(COLLEAGUE);
    assert!(story.is_after());
}

// proves: FLOW-06
#[test]
fn more_than_there_are_means_all() {
    let mut story = vote(json!({ "quorum": { "at_least": 9 } }));
    assert_eq!(story.tally().needed, 5);
    for person in FIVE {
        story.approve(person);
    }
    assert!(story.is_after());
}

// proves: FLOW-06
#[test]
fn votes_weigh_what_the_flow_says() {
    let weighed = json!({
        "quorum": { "weight": 5 },
        "vote": { "weights": [
            { "who": person(VICE_MANAGER), "weight": 3 },
            { "who": people(&[VICE_MANAGER, HR_MANAGER]), "weight": 2 },
        ] },
    });
    let mut story = vote(weighed.clone());
    assert_eq!(story.tally(), Tally { needed: 5, open: 8, ..Tally::default() });
    story.approve(VICE_MANAGER).approve(HR_MANAGER);
    assert!(story.is_after(), "three and two");
    let mut story = vote(weighed);
    story.reject(VICE_MANAGER);
    assert_eq!(story.case.status, Status::Running, "the others weigh five");
    story.reject(COLLEAGUE);
    assert_eq!(story.case.status, Status::Rejected);
}

// proves: FLOW-06
#[test]
fn a_veto_ends_it_and_nothing_is_decided_before_it_can_no_longer_come() {
    let vetoed = json!({ "quorum": { "at_least": 2 }, "vote": { "veto": person(VICE_MANAGER) } });
    let mut story = vote(vetoed.clone());
    story.approve(HR_MANAGER).approve(CASHIER);
    assert!(!story.is_after(), "he can still say no");
    story.reject(VICE_MANAGER);
    assert_eq!(story.case.status, Status::Rejected);
    let mut story = vote(vetoed);
    story.approve(HR_MANAGER).approve(VICE_MANAGER);
    assert!(story.is_after());
}

// proves: FLOW-06, FLOW-07
#[test]
fn all_are_heard_where_the_flow_says_so() {
    for (rejections, status) in [(2, Status::Running), (3, Status::Rejected)] {
        let mut story = vote(json!({ "quorum": { "at_least": 3 }, "vote": { "until": "all_voted" } }));
        for (index, person) in FIVE.into_iter().enumerate() {
            assert_eq!(story.waiting().len(), 5 - index, "nobody is spared");
            if index < rejections {
                story.reject(person)
            } else {
                story.approve(person)
            };
        }
        assert_eq!(story.case.status, status);
    }
    // Also where all must agree: the rejections of all are collected.
    let mut story = vote(json!({ "vote": { "until": "all_voted" } }));
    story.reject(HR_MANAGER).approve(VICE_MANAGER).approve(CASHIER).approve(SECRETARY);
    assert_eq!(story.case.status, Status::Running);
    story.approve(COLLEAGUE);
    assert_eq!(story.case.status, Status::Rejected);
}

// proves: FLOW-06, FLOW-15
#[test]
fn who_abstains_is_for_neither_and_only_where_the_flow_lets_him() {
    let mut story = vote(json!({ "quorum": { "at_least": 4 }, "vote": { "abstain": true } }));
    let task = story.task_of(CASHIER);
    story.run(CASHIER, Intent::Abstain { task, words: Words::default() }).expect("he may");
    assert_eq!(story.case.opinions.last().map(|said| said.verdict), Some(Verdict::Abstained));
    assert_eq!(story.tally(), Tally { needed: 4, abstained: 1, open: 4, ..Tally::default() });
    let again = Intent::Approve { task, words: Words::default(), values: Values::new() };
    assert_eq!(story.run(CASHIER, again), Err(Refusal::TaskEnded));
    let task = story.task_of(SECRETARY);
    story.run(SECRETARY, Intent::Abstain { task, words: Words::default() }).expect("he may");
    assert_eq!(story.case.status, Status::Rejected, "four cannot agree any more");
    let mut story = vote(json!({ "quorum": { "at_least": 4 } }));
    let abstain = Intent::Abstain { task: story.task_of(CASHIER), words: Words::default() };
    assert_eq!(story.run(CASHIER, abstain), Err(Refusal::NotAllowed { operation: Operation::Abstain }));
}

// proves: FLOW-06, FLOW-15
#[test]
fn a_transfer_takes_the_vote_along() {
    let weighed = json!({
        "quorum": { "weight": 4 },
        "vote": { "weights": [{ "who": person(VICE_MANAGER), "weight": 3 }], "veto": person(VICE_MANAGER) },
    });
    let mut story = vote(weighed.clone());
    let task = story.task_of(VICE_MANAGER);
    story.run(VICE_MANAGER, Intent::Transfer { task, to: SALES_HEAD, words: no() }).expect("he may");
    assert_eq!(story.tally(), Tally { needed: 4, open: 7, ..Tally::default() }, "five votes as before");
    story.approve(SALES_HEAD).approve(CASHIER);
    assert!(story.is_after());
    let mut story = vote(weighed);
    let task = story.task_of(VICE_MANAGER);
    let hand_over = Intent::HandOver { task, to: SALES_HEAD, words: no() };
    story.command(Command::as_administrator(Acting::person(ADMINISTRATOR), hand_over)).expect("he may");
    story.reject(SALES_HEAD);
    assert_eq!(story.case.status, Status::Rejected, "the veto went along");
}

// proves: FLOW-06, FLOW-15, FLOW-19
#[test]
fn those_whom_a_voter_adds_are_a_part_of_his_vote() {
    let mut story = vote(json!({ "quorum": { "at_least": 2 } }));
    let add = |story: &mut Story, by, people: &[PersonId], place| {
        let (task, people) = (story.task_of(by), people.to_vec());
        let intent = Intent::AddSigner { task, people, place, among: Among::All, words: no() };
        story.run(by, intent).expect("he may");
    };
    add(&mut story, HR_MANAGER, &[SALES_HEAD, SECOND_CASHIER], SignerPlace::Beside);
    assert_eq!(story.tally().open, 5, "still five votes");
    story.approve(HR_MANAGER).approve(SALES_HEAD);
    assert_eq!(story.tally().yes, 0, "one of his has not agreed");
    let signer = story.task_of(SECOND_CASHIER);
    let mut removed = story.clone();
    story.reject(SECOND_CASHIER);
    assert_eq!(story.tally(), Tally { needed: 2, no: 1, open: 4, ..Tally::default() });
    let take_back = Intent::TakeBack { task: story.last_decision_of(HR_MANAGER), words: no() };
    assert_eq!(story.run(HR_MANAGER, take_back), Err(Refusal::WentOn));
    story.approve(CASHIER).approve(SECRETARY);
    assert!(story.is_after());
    // Without him, the vote is given.
    removed.approve(CASHIER);
    let task = removed.case.task(signer).and_then(|task| task.hangs).expect("he hangs on a task").on;
    assert_eq!(
        removed.run(HR_MANAGER, Intent::RemoveSigner { task, signer, words: no() }),
        Err(Refusal::TaskEnded),
        "he has decided himself"
    );
    add(&mut removed, SECRETARY, &[STRANGER], SignerPlace::Before);
    assert_eq!(removed.tally(), Tally { needed: 2, yes: 1, open: 4, ..Tally::default() });
}

impl Story {
    fn last_decision_of(&self, person: PersonId) -> crate::engine::case::TaskNo {
        let said =
            self.case.opinions.iter().rev().find(|said| said.by.person == person && said.verdict == Verdict::Approved);
        said.and_then(|said| said.task).expect("he decided")
    }
}

// proves: FLOW-06, FLOW-15
#[test]
fn a_rejection_by_one_who_is_asked_first_is_the_vote_of_who_asked_him() {
    let mut story = vote(json!({ "quorum": { "at_least": 3 } }));
    let task = story.task_of(HR_MANAGER);
    let people = vec![SALES_HEAD];
    let add = Intent::AddSigner { task, people, place: SignerPlace::Before, among: Among::All, words: no() };
    story.run(HR_MANAGER, add).expect("he may");
    let decisive = story.task_of(SALES_HEAD);
    story.reject(SALES_HEAD);
    assert_eq!(story.tally(), Tally { needed: 3, no: 1, open: 4, ..Tally::default() });
    let his = story.case.task(task).expect("his task");
    assert_eq!(his.closing(), Some(Closing::DecidedByOther { task: decisive }), "he is not asked any more");
}

// proves: FLOW-06, FLOW-15
#[test]
fn whose_vote_is_taken_back_opens_it_again_for_those_who_were_spared() {
    let mut story = vote(json!({ "quorum": { "at_least": 2 } }));
    story.approve(HR_MANAGER).approve(VICE_MANAGER);
    assert!(story.is_after());
    let task = story.last_decision_of(HR_MANAGER);
    story.run(HR_MANAGER, Intent::TakeBack { task, words: no() }).expect("nobody went on");
    assert_eq!(story.tally(), Tally { needed: 2, yes: 1, open: 4, ..Tally::default() });
    assert_eq!(story.waiting().len(), 4);
    story.reject(HR_MANAGER).approve(COLLEAGUE);
    assert!(story.is_after());
}

// proves: FLOW-06, FLOW-22
#[test]
fn who_returned_it_votes_when_it_comes_back_and_the_other_votes_stand() {
    let mut story = vote(json!({ "quorum": { "at_least": 3 } }));
    story.approve(HR_MANAGER).reject(VICE_MANAGER);
    story.return_to(CASHIER, Target::First, AfterReturn::StraightBack).resubmit(CLERK, json!({}));
    assert_eq!(story.tally(), Tally { needed: 3, yes: 1, no: 1, open: 3, ..Tally::default() });
    story.approve(CASHIER).approve(SECRETARY);
    assert!(story.is_after());
}

// proves: FLOW-05, FLOW-06
#[test]
fn who_agreed_just_before_has_voted_and_may_be_enough() {
    let ask = |settings: Value| {
        let first = approve("first", people(&[HR_MANAGER, CASHIER]));
        let flow = flow(json!([first, with(approve("vote", people(&FIVE)), settings)]));
        let mut story = Story::submitted(flow, World::new(), CLERK, json!({}));
        story.approve(HR_MANAGER).approve(CASHIER);
        story
    };
    let story = ask(json!({ "quorum": { "at_least": 2 } }));
    assert_eq!(story.case.status, Status::Completed, "two agreed just before");
    assert!(story.case.tasks.iter().skip(2).all(|task| task.opened_at.is_none() || task.closing().is_some()));
    let story = ask(json!({ "quorum": { "at_least": 3 } }));
    assert_eq!(story.tally(), Tally { needed: 3, yes: 2, open: 3, ..Tally::default() });
    let story = ask(json!({ "quorum": { "at_least": 2 }, "vote": { "veto": person(SECRETARY) } }));
    assert_eq!(story.waiting().len(), 3, "she can still say no");
}

// proves: FLOW-06, FLOW-11
#[test]
fn so_many_of_several_carry_it_out() {
    let pay = with(handle("pay", people(&FIVE)), json!({ "quorum": { "at_least": 2 } }));
    let mut story = Story::submitted(flow(json!([pay])), World::new(), CLERK, json!({}));
    story.complete(CASHIER, "已办").complete(COLLEAGUE, "已办");
    assert_eq!(story.case.status, Status::Completed);
}

// proves: FLOW-06, FLOW-38
#[test]
fn what_votes_come_to_is_foretold() {
    let mut story = vote(json!({ "quorum": { "at_least": 4 }, "vote": { "until": "all_voted" } }));
    let ahead = |story: &Story| {
        let told = predict_from(&story.flow, &story.case, &story.world).expect("a route");
        told.steps.iter().map(|step| step.node.clone()).collect::<Vec<_>>()
    };
    story.reject(HR_MANAGER);
    assert_eq!(ahead(&story), ["after"], "four can agree");
    story.reject(CASHIER);
    assert_eq!(ahead(&story), [""; 0], "it is lost, though not all have voted");
}
