//! 事项: the state of one running flow. Tasks, opinions and what was read belong to an activation; nothing is keyed by
//! a node alone, since a return visits a node again.

use std::collections::BTreeMap;

use hanlin_kernel::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    awaiting::Awaiting,
    facts::{Acting, Initiator, Why},
    follow_up::Aftermath,
    free::{Answers, PassedOn},
    halting::Halt,
    model::Key,
    paper::{Printing, SignedOnPaper},
    parallel::LaneWalk,
    revisions::Revision,
    vote::Ballot,
};

pub use super::{
    opinion::{Opinion, Verdict, Words},
    slots::{Among, Hanging, Hangs},
};

/// Field id → value, as forms describe them.
pub type Values = Map<String, Value>;
/// Node → whom the initiator chose there (FLOW-08).
pub type Choices = BTreeMap<Key, Vec<PersonId>>;

/// Numbers count from 1 within one case, in order of creation.
macro_rules! number {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            pub(crate) fn index(self) -> usize {
                self.0 as usize - 1
            }
            /// The number after those that exist.
            pub(crate) fn after(count: usize) -> Self {
                Self(count as u32 + 1)
            }
        }
    };
}
number! {
    /// Which activation of the case.
    ActivationNo
}
number! {
    /// Which task of the case.
    TaskNo
}
number! {
    /// Which copy of the case.
    CopyNo
}
number! {
    /// Which opinion of the case.
    OpinionNo
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// How many events made it.
    pub version: u64,
    pub status: Status,
    /// How often it was returned.
    pub round: u32,
    pub initiator: Initiator,
    pub values: Values,
    pub choices: Choices,
    pub activations: Vec<Activation>,
    pub tasks: Vec<Task>,
    pub opinions: Vec<Opinion>,
    pub copies: Vec<Copied>,
    pub urges: Vec<Urge>,
    pub submitted_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// What was written into the form after it was handed in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<Revision>,
    /// 挂起: it stands still for now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halt: Option<Halt>,
    /// What followed upon it when it was completed, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aftermath: Vec<Aftermath>,
    /// When the form was printed to be signed, in its order (FLOW-35).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub printings: Vec<Printing>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    Running,
    /// Walked to its end.
    Completed,
    Rejected,
    Withdrawn,
    /// Ended for good by a handler who may, or by an administrator.
    Terminated,
    /// 已撤销: it was completed, and those who had approved it approved that it counts no longer.
    Revoked,
}

impl Status {
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Completed | Self::Rejected | Self::Withdrawn | Self::Terminated | Self::Revoked)
    }
}

/// Where the case is in its life (FLOW-37, without review and archive, which other modules know).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Draft,
    /// Submitted, and nobody has decided yet.
    Submitted,
    InHandling,
    /// Back at the initiator for correction.
    AtInitiator,
    Closed,
    /// 挂起: an administrator stopped it for a while.
    Halted,
}

/// One visit of a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activation {
    pub id: ActivationNo,
    /// The node's key, or [`super::model::START`].
    pub node: Key,
    /// The visit of the node whose branch it stands in.
    pub parent: Option<ActivationNo>,
    pub round: u32,
    pub cause: Cause,
    pub state: ActivationState,
    /// A later return made the walk go over this node again: it no longer counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub superseded: bool,
    /// Superseded, but who agreed here need not agree again where nothing changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
    /// It answered the return that led to it: who waited for it has it before him again. Taken back, it answers nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub answered: bool,
    /// Of an exclusive node: the branch that was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<Key>,
    /// Of a node whose branches are walked at the same time: each that was opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<LaneWalk>,
    /// The values that the choice of the branch depended on.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub read: Values,
    /// While suspended: the values as they were then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_with: Option<Values>,
    /// While suspended: it also waits for that visit, which another had opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_until: Option<ActivationNo>,
    /// Who was found and did not get a task, and why not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// What it waits for, or waited for, other than a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaiting: Option<Awaiting>,
    /// Of a free node: whom its handlers named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_on: Vec<PassedOn>,
    pub opened_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
}

/// Why a node was visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    Submitted,
    /// The walk came to it.
    Reached,
    /// It was returned from there. `back`: when it is done, that suspended activation resumes.
    Returned {
        from: ActivationNo,
        back: bool,
    },
    /// It was returned from there, a branch that is walked at the same time. That suspended visit resumes when this is
    /// done, and the walk goes on behind this as well.
    ReturnedBeside {
        from: ActivationNo,
    },
    /// A node with branches, opened again around a node in one of them that a return led to.
    Around,
    /// An administrator moved the case here.
    Jumped,
    /// Whoever had it at that visit of the same node named who is next (自由流转).
    PassedOn {
        from: ActivationNo,
        /// How many of those who were named must answer.
        among: Among,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<Answers>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ActivationState {
    Active,
    Suspended,
    Closed { end: End },
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The initiator handed it in.
    Submitted,
    Approved,
    Handled,
    Copied,
    /// The branch was walked to its end.
    Walked,
    /// Nobody had to do anything here; `left_out` says why.
    PassedOver,
    Rejected,
    Returned,
    Withdrawn,
    Terminated,
    /// A decision before it was taken back.
    TakenBack,
    /// An administrator moved the case elsewhere.
    Jumped,
    /// The branches beside it were enough.
    Dropped,
    /// What it waited for has come.
    Arrived,
}

/// A person who was found and gets no task, or nobody at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeftOut {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Why>,
    pub because: Because,
}

/// Why someone was left out; worded by `workflow.left_out.<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// No rule found anyone.
    NobodyFound,
    /// He is the initiator, who does not decide his own case.
    IsInitiator,
    /// He is the initiator, and there is no superior to decide in his place.
    NoSuperior,
    /// He left, and neither successor nor superior was found.
    Left,
}

/// 待办: one person's work item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskNo,
    pub activation: ActivationNo,
    pub person: PersonId,
    pub why: Vec<Why>,
    pub purpose: Purpose,
    /// His place in the order of the node, from 1.
    pub turn: u32,
    pub state: TaskState,
    pub assigned_at: Timestamp,
    /// Since when he could do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// The task of whoever asked for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hangs: Option<Hangs>,
    /// 暂存待办: he put it on hold (TIME-17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<OnHold>,
    /// What his vote counts, if that is not one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ballot: Option<Ballot>,
    /// The task that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<TaskNo>,
    /// 抢办: since when he holds it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Timestamp>,
    /// Whom he chose for nodes behind this one.
    #[serde(default, skip_serializing_if = "Choices::is_empty")]
    pub chose: Choices,
    /// The signature on paper that he recorded (FLOW-35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<SignedOnPaper>,
    /// The version of the case when it ended; 0: it has not, or that was not kept yet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub closed_in: u64,
}

fn is_zero(version: &u64) -> bool {
    *version == 0
}

/// On hold: since when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnHold {
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    pub reason: String,
}

/// What is asked of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    Approve,
    Handle,
    /// The initiator corrects what was returned to him.
    Revise,
    /// The administrator names who handles it.
    Assign,
    /// Someone who must decide asks for advice.
    Advise,
    /// A step that people do not do failed: he mends what was wrong, or sees to it by hand.
    Mend,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskState {
    /// His turn has not come.
    Waiting,
    Open,
    /// Its activation is suspended.
    Suspended,
    Closed {
        at: Timestamp,
        /// Who did it; nobody: it ended by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Acting>,
        how: Closing,
    },
}

impl TaskState {
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }
}

/// How a task ended; worded by `workflow.closing.<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Closing {
    Approved,
    Rejected,
    /// He voted for neither.
    Abstained,
    /// He decided, and it is not told how before the node is decided. Never stored.
    Undisclosed,
    Returned,
    Completed,
    /// He named who is next (自由流转).
    PassedOn,
    Resubmitted,
    /// He approved just before, in that task, which counts here too (FLOW-05).
    Repeated {
        task: TaskNo,
    },
    /// He agreed in that task, and nothing that he goes by has changed since.
    Unchanged {
        task: TaskNo,
    },
    /// Another's decision was enough: the holder of that task.
    DecidedByOther {
        task: TaskNo,
    },
    HandedOver {
        to: PersonId,
    },
    Transferred {
        to: PersonId,
    },
    Advised,
    /// Whoever added him no longer needs him.
    Removed,
    /// He took his decision back, and has it before him once more.
    TakenBack,
    /// Another took back the decision that had led here, in that task.
    BasisTakenBack {
        task: TaskNo,
    },
    /// The case was rejected in that task.
    CaseRejected {
        task: TaskNo,
    },
    /// The case was returned in that task.
    CaseReturned {
        task: TaskNo,
    },
    CaseWithdrawn,
    CaseTerminated,
    /// An administrator moved the case elsewhere.
    CaseMoved,
    /// Its branch was rejected in that task.
    BranchRejected {
        task: TaskNo,
    },
    /// The branches beside it were enough.
    NotNeeded,
    /// The corrected values lead another way, so that the walk goes over this node again.
    WalkedAgain,
    /// He had what failed tried again.
    TriedAgain,
    /// What he was asked about came right without him.
    Settled,
}

impl Closing {
    /// Counts as agreement for the node's quorum.
    pub fn is_agreement(self) -> bool {
        let own = matches!(self, Self::Approved | Self::Completed | Self::PassedOn);
        own || matches!(self, Self::Repeated { .. } | Self::Unchanged { .. })
    }

    /// He had his say at the node.
    pub(crate) fn is_heard(self) -> bool {
        self.is_agreement() || matches!(self, Self::Rejected | Self::Abstained)
    }
}

/// 抄送: one person's copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Copied {
    pub id: CopyNo,
    pub activation: ActivationNo,
    pub person: PersonId,
    pub why: Vec<Why>,
    pub must_read: bool,
    pub sent_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
}

/// 催办: evidence of who urged whom, when and how (TIME-07).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Urge {
    pub by: Acting,
    pub at: Timestamp,
    pub tasks: Vec<TaskNo>,
    pub channel: String,
}

impl Case {
    /// A case that was not submitted yet.
    pub fn draft(initiator: Initiator) -> Self {
        Self {
            version: 0,
            status: Status::Draft,
            round: 0,
            initiator,
            values: Values::new(),
            choices: Choices::new(),
            activations: Vec::new(),
            tasks: Vec::new(),
            opinions: Vec::new(),
            copies: Vec::new(),
            urges: Vec::new(),
            submitted_at: None,
            finished_at: None,
            revisions: Vec::new(),
            halt: None,
            aftermath: Vec::new(),
            printings: Vec::new(),
        }
    }

    pub fn activation(&self, id: ActivationNo) -> Option<&Activation> {
        self.activations.get((id.0 as usize).checked_sub(1)?)
    }

    pub fn task(&self, id: TaskNo) -> Option<&Task> {
        self.tasks.get((id.0 as usize).checked_sub(1)?)
    }

    pub fn copy(&self, id: CopyNo) -> Option<&Copied> {
        self.copies.get((id.0 as usize).checked_sub(1)?)
    }

    /// Is it his task? What was returned for correction belongs to whoever filed it and to whom it is about.
    pub fn is_his(&self, task: &Task, person: PersonId) -> bool {
        task.person == person || task.purpose == Purpose::Revise && self.initiator.is(person)
    }

    /// The tasks that someone can do now.
    pub fn open_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.state == TaskState::Open)
    }

    /// Is this task at hand, or parked for others at its visit? Not while the visit waits for a return to come back.
    pub fn is_under_way(&self, task: &Task) -> bool {
        let is_active = self.activation(task.activation).is_some_and(Activation::is_active);
        is_active && matches!(task.state, TaskState::Open | TaskState::Waiting)
    }

    pub fn tasks_of(&self, activation: ActivationNo) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(move |task| task.activation == activation)
    }

    pub fn stage(&self) -> Stage {
        match self.status {
            Status::Draft => Stage::Draft,
            Status::Running if self.halt.is_some() => Stage::Halted,
            Status::Running if self.open_tasks().any(|task| task.purpose == Purpose::Revise) => Stage::AtInitiator,
            Status::Running if self.tasks.iter().any(|task| task.state.is_closed()) => Stage::InHandling,
            Status::Running => Stage::Submitted,
            Status::Completed | Status::Rejected | Status::Withdrawn | Status::Terminated | Status::Revoked => {
                Stage::Closed
            }
        }
    }
}

impl Activation {
    pub fn is_active(&self) -> bool {
        self.state == ActivationState::Active
    }

    pub(crate) fn is_suspended(&self) -> bool {
        self.state == ActivationState::Suspended
    }

    pub fn end(&self) -> Option<End> {
        match self.state {
            ActivationState::Closed { end } => Some(end),
            ActivationState::Active | ActivationState::Suspended => None,
        }
    }

    /// Does it only hold branches?
    pub fn is_branching(&self) -> bool {
        self.branch.is_some() || !self.lanes.is_empty()
    }

    pub(crate) fn lane(&self, branch: &str) -> Option<&LaneWalk> {
        self.lanes.iter().find(|lane| lane.branch == branch)
    }
}

impl Task {
    /// Did he do it, for himself or for the one whose it was?
    pub fn is_done_by(&self, person: PersonId) -> bool {
        let of_its_person = |by: &Acting| by.person == person && by.principal() == self.person;
        matches!(&self.state, TaskState::Closed { by: Some(by), .. } if of_its_person(by))
    }

    /// Did he return it from here, and was not given it again yet?
    pub(crate) fn comes_back(&self) -> bool {
        self.closing() == Some(Closing::Returned) && self.replaced_by.is_none()
    }

    pub fn closing(&self) -> Option<Closing> {
        match self.state {
            TaskState::Closed { how, .. } => Some(how),
            _ => None,
        }
    }
}
