//! Votes counted a second time, and secrets looked for: what the property test asks of every state.

use super::{
    story::Story,
    world::{CASHIER, STRANGER},
};
use crate::engine::{
    TaskState,
    case::{Activation, ActivationNo, Closing, Purpose, Task},
    is_sealed,
    model::Quorum,
    route_for,
};

/// Counted anew, by what the tasks of the node's own people came to: enough agreed, and none of those who may veto it said no.
pub(super) fn voted_enough(story: &Story, visit: &Activation, quorum: Quorum) {
    let voters: Vec<&Task> = story
        .case
        .tasks_of(visit.id)
        .filter(|task| matches!(task.purpose, Purpose::Approve | Purpose::Handle) && task.hangs.is_none())
        .filter(|task| task.replaced_by.is_none() && task.closing() != Some(Closing::Returned))
        .collect();
    let weight = |task: &&Task| match quorum {
        Quorum::Weight(_) => task.ballot.map_or(1, |ballot| ballot.weight),
        _ => 1,
    };
    let all: u32 = voters.iter().map(weight).sum();
    let yes: u32 = voters.iter().filter(|task| task.closing().is_some_and(Closing::is_agreement)).map(weight).sum();
    let wanted = match quorum {
        Quorum::Any | Quorum::Claim => 1,
        Quorum::AtLeast(least) | Quorum::Weight(least) => least.min(all),
        Quorum::Percent(percent) => (all * percent).div_ceil(100),
        _ => all,
    };
    assert!(yes >= wanted, "{yes} of {all} agreed at {}, which asks {wanted}", visit.node);
    let vetoed =
        |task: &&Task| task.ballot.is_some_and(|ballot| ballot.veto) && task.closing() == Some(Closing::Rejected);
    assert!(!voters.iter().any(vetoed), "nobody vetoed it at {}", visit.node);
}

/// What is told to a reader tells nothing of sealed votes but his own, whatever came before.
pub(super) fn secrets_are_kept(story: &Story) {
    for reader in [STRANGER, CASHIER] {
        let told = route_for(&story.flow, &story.case, &[reader], &story.world).expect("it can be told");
        for step in told.steps.iter().filter(|step| step.activation.is_some_and(|visit| story.is_sealed(visit))) {
            assert!(step.tally.is_none());
            for person in step.people.iter().filter(|person| reader == STRANGER && person.person != STRANGER) {
                let Some(TaskState::Closed { how, .. }) = &person.state else { continue };
                let task = story.case.task(person.task.expect("a task")).expect("it exists");
                let is_his = story.case.tasks_of(task.activation).any(|task| task.person == STRANGER);
                assert!(
                    is_his || !matches!(how, Closing::Approved | Closing::Rejected | Closing::Abstained),
                    "{how:?}"
                );
            }
        }
    }
}

impl Story {
    fn is_sealed(&self, visit: ActivationNo) -> bool {
        is_sealed(self.flow.flow(), &self.case, visit)
    }
}
