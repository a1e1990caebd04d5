//! 抢办: everybody who was found sees it, and whoever claims it holds it alone until he gives it back.

use hanlin_kernel::PersonId;

use super::{
    case::{ActivationNo, Case, Purpose, Task, TaskNo, TaskState, Words},
    decide::require_words,
    event::What,
    facts::Acting,
    model::{Flow, Quorum},
    refusal::Refusal,
    walk::Run,
};

/// Must this task be claimed before its holder can do anything with it? Not where nobody else could.
pub fn is_to_claim(flow: &Flow, case: &Case, task: &Task) -> bool {
    let desk = case.activation(task.activation).and_then(|visit| flow.find(&visit.node)?.node.desk());
    let pooled = desk.is_some_and(|desk| desk.quorum == Quorum::Claim);
    pooled && task.state == TaskState::Open && task.claimed.is_none() && is_seat(task) && case.others_in_pool(task) > 0
}

/// One of those whom the node itself found.
fn is_seat(task: &Task) -> bool {
    task.hangs.is_none() && matches!(task.purpose, Purpose::Approve | Purpose::Handle)
}

impl Case {
    /// How many others could do it in his place.
    pub fn others_in_pool(&self, task: &Task) -> usize {
        let could = |other: &&Task| other.id != task.id && is_seat(other) && !other.state.is_closed();
        self.slots(task.activation).filter(could).count()
    }

    /// Who holds it alone, be it that others have to answer after him.
    pub(crate) fn holder(&self, visit: ActivationNo) -> Option<&Task> {
        self.slots(visit).find(|slot| slot.claimed.is_some() && self.is_waited_for(slot))
    }

    /// Does another hold alone what this one could do as well?
    pub(crate) fn is_held_by_another(&self, task: &Task) -> bool {
        task.hangs.is_none() && self.holder(task.activation).is_some_and(|holder| holder.id != task.id)
    }

    /// Who holds what this task waits for.
    pub(crate) fn claimed_by(&self, task: &Task) -> Option<PersonId> {
        self.holder(task.activation).map(|holder| holder.person).filter(|_| is_seat(task))
    }
}

impl Run<'_> {
    pub(crate) fn claim(&mut self, by: Acting, task: TaskNo) -> Result<(), Refusal> {
        let found = self.case.task(task).ok_or(Refusal::NoSuchTask)?.clone();
        if self.case.is_his(&found, by.principal()) && is_to_claim(self.flow, &self.case, &found) {
            self.act(by, What::Claimed { task });
            let others = self.case.slots(found.activation);
            let others = others.filter(|other| other.id != task && other.state == TaskState::Open && is_seat(other));
            for other in others.map(|other| other.id).collect::<Vec<_>>() {
                self.follow(What::TaskParked { task: other });
            }
            return Ok(());
        }
        self.own_task(by, task)?;
        Err(Refusal::NothingToClaim)
    }

    pub(crate) fn give_back(&mut self, by: Acting, task: TaskNo, words: Words) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        if task.claimed.is_none() || self.case.others_in_pool(&task) == 0 {
            return Err(Refusal::NotClaimed);
        }
        let desk = self.desk_of(&task)?;
        let short = require_words(&words, desk.words_otherwise(self.facts))?;
        if task.held.is_some() {
            self.act(by, What::HoldEnded { task: task.id });
        }
        self.act(by, What::GivenBack { task: task.id, words });
        self.note_short(by, short);
        let next = self.settle(task.activation, desk)?;
        self.go_on(next)
    }
}
