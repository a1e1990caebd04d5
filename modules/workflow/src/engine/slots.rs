//! Who is still waited for at a node: its own people, and those whom they made take part (前加签, 后加签, 委派 …).
//!
//! Each of the node's own people has a *slot*. His agreement fills it once those who hang on his task have agreed too.

use std::collections::BTreeSet;

use hanlin_kernel::PersonId;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::case::{ActivationNo, Case, Closing, Purpose, Task, TaskNo, TaskState};

/// A task that a handler made others have hangs on his own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hangs {
    pub on: TaskNo,
    pub how: Hanging,
    /// How many of those who were asked together must do it.
    #[serde(default)]
    pub among: Among,
    /// The first task of those who were asked together.
    pub batch: TaskNo,
}

/// How a task hangs on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hanging {
    /// 前加签: the other waits until these are done.
    Before,
    /// 并加签: both at the same time; the other's agreement counts once these have agreed too.
    Beside,
    /// 后加签: these follow when the other has agreed.
    After,
    /// 委派: the other waits for the advice.
    Delegated,
    /// 征询: the other need not wait.
    Consulted,
}

impl Hanging {
    /// Does the other wait for them before he can decide?
    pub(crate) fn parks(self) -> bool {
        matches!(self, Self::Before | Self::Delegated)
    }

    /// Must they be done before the other's agreement counts?
    pub(crate) fn counts(self) -> bool {
        matches!(self, Self::Beside | Self::After)
    }
}

/// How many of several added signers must agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    #[default]
    All,
    Any,
    InTurn,
}

/// Those who were asked together.
#[derive(Clone, Debug)]
pub(crate) struct Batch<'c> {
    pub how: Hanging,
    pub among: Among,
    pub members: Vec<&'c Task>,
}

impl Case {
    /// The tasks that the node itself gave, without those that another took the place of.
    pub(crate) fn slots(&self, activation: ActivationNo) -> impl Iterator<Item = &Task> {
        self.tasks_of(activation).filter(|task| task.hangs.is_none())
    }

    /// Those who hang on this task, by those who were asked together.
    pub(crate) fn batches(&self, task: TaskNo) -> Vec<Batch<'_>> {
        let hanging = |other: &&Task| other.hangs.is_some_and(|hangs| hangs.on == task);
        let numbers: BTreeSet<TaskNo> =
            self.tasks.iter().filter(hanging).filter_map(|task| Some(task.hangs?.batch)).collect();
        let batch = |number: TaskNo| {
            let of_it = |hangs: super::case::Hangs| hangs.on == task && hangs.batch == number;
            let mut members: Vec<&Task> = self.tasks.iter().filter(|task| task.hangs.is_some_and(of_it)).collect();
            members.sort_by_key(|task| (task.turn, task.id));
            let hangs = members.first()?.hangs?;
            Some(Batch { how: hangs.how, among: hangs.among, members })
        };
        numbers.into_iter().filter_map(batch).collect()
    }

    /// Does its holder wait for those whom he asked?
    pub(crate) fn is_parked(&self, task: &Task) -> bool {
        self.batches(task.id).iter().any(|batch| batch.how.parks() && !self.is_batch_done(batch))
    }

    /// Has he agreed, and have those who hang on him?
    pub(crate) fn is_filled(&self, task: &Task) -> bool {
        task.closing().is_some_and(Closing::is_agreement) && !self.is_waited_for(task)
    }

    /// Is he, or are those who hang on him, still waited for? Who ended without a word is not.
    pub(crate) fn is_waited_for(&self, task: &Task) -> bool {
        !task.state.is_closed()
            || self.batches(task.id).iter().any(|batch| batch.how.counts() && !self.is_batch_done(batch))
    }

    pub(crate) fn is_batch_done(&self, batch: &Batch) -> bool {
        let enough = batch.among == Among::Any && batch.members.iter().any(|task| self.is_filled(task));
        enough || batch.members.iter().all(|task| !self.is_waited_for(task))
    }

    /// What follows next for those who hang on others' tasks at this visit.
    pub(crate) fn next_of_batches(&self, activation: ActivationNo) -> Option<BatchStep> {
        self.tasks_of(activation).find_map(|task| self.next_on(task))
    }

    fn next_on(&self, task: &Task) -> Option<BatchStep> {
        let agreed = task.closing().is_some_and(Closing::is_agreement);
        for batch in self.batches(task.id) {
            let is_over = if batch.how.counts() { self.is_batch_done(&batch) } else { task.state.is_closed() };
            let without = task.state.is_closed() && !agreed;
            let enough = self.is_batch_done(&batch);
            if is_over || without || enough {
                let decisive = batch.members.iter().find(|member| self.is_filled(member)).map_or(task.id, |one| one.id);
                let left =
                    batch.members.iter().flat_map(|member| std::iter::once(*member).chain(self.below(member.id)));
                if let Some(left) = left.into_iter().find(|left| !left.state.is_closed()) {
                    return Some(BatchStep::End(left.id, decisive));
                }
                continue;
            }
            let is_time = batch.how != Hanging::After || agreed;
            let next = batch.waiting().find(|next| self.may_start(&batch, next) && !self.is_parked(next));
            if let (true, Some(next)) = (is_time, next) {
                return Some(BatchStep::Start(next.id, next.person));
            }
        }
        // Those for whom he waited have answered.
        let asked = self.batches(task.id).iter().any(|batch| batch.how.parks());
        let is_free = task.purpose == Purpose::Assign || !self.is_held_by_another(task);
        let is_his = task.state == TaskState::Waiting && is_free;
        let is_back = asked && is_his && !self.is_parked(task);
        is_back.then_some(BatchStep::Start(task.id, task.person))
    }

    /// Whose turn it is: of those in turn the first who is still waited for.
    fn may_start(&self, batch: &Batch, task: &Task) -> bool {
        let first = || batch.members.iter().find(|other| self.is_waited_for(other));
        batch.among != Among::InTurn || first().is_some_and(|first| first.id == task.id)
    }

    /// Everyone who hangs on this task, and on those.
    pub(crate) fn below(&self, task: TaskNo) -> Vec<&Task> {
        let direct = self.tasks.iter().filter(|other| other.hangs.is_some_and(|hangs| hangs.on == task));
        direct.flat_map(|other| std::iter::once(other).chain(self.below(other.id))).collect()
    }
}

/// What follows for one who hangs on another's task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BatchStep {
    /// His turn has come.
    Start(TaskNo, PersonId),
    /// He is no longer needed: by what was done in that task.
    End(TaskNo, TaskNo),
}

impl Batch<'_> {
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Task> {
        self.members.iter().copied().filter(|task| task.state == TaskState::Waiting)
    }
}
