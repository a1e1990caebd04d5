//! 并行分支: nodes whose branches are walked at the same time, how they come together again, and how far each has come.

use hanlin_kernel::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{ActivationNo, TaskNo},
    model::{AfterReturn, Expr, Key, Node},
};

/// A node with branches that are walked at the same time. A branch with a condition is opened where it is true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lanes {
    pub key: Key,
    pub name: Text,
    pub branches: Vec<Lane>,
    /// Of an inclusive node: walked where no condition is true; it may be empty: go on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub otherwise: Vec<Node>,
    #[serde(default, skip_serializing_if = "Join::is_default")]
    pub join: Join,
    #[serde(default, skip_serializing_if = "OnReject::is_default")]
    pub on_reject: OnReject,
    #[serde(default, skip_serializing_if = "OnReturn::is_default")]
    pub on_return: OnReturn,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    pub key: Key,
    pub name: Text,
    /// Of an inclusive node. A condition that is null is not true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    #[serde(default)]
    #[schema(no_recursion)]
    pub route: Vec<Node>,
}

/// When the case goes on behind the branches. What is still open then is not needed any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// When all were walked to their end.
    #[default]
    All,
    /// When one was.
    First,
    /// When so many were; all that were opened, if those are fewer.
    AtLeast(u32),
}

/// What a rejection in a branch does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnReject {
    /// The case ends.
    #[default]
    EndCase,
    /// The branch ends and the others decide. If too few can still be walked to their end, it is a rejection here.
    EndBranch,
    /// All branches are waited for. If fewer than asked were walked to their end then, it is a rejection here.
    Collect,
}

/// When a return to a node before the branches happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnReturn {
    /// At once.
    #[default]
    AtOnce,
    /// When all branches have ended, so that everyone was heard. Of several, the one that goes back furthest.
    Collect,
}

impl Join {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl OnReject {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl OnReturn {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How far one branch has come, in one visit of its node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LaneWalk {
    pub branch: Key,
    #[serde(flatten)]
    pub state: LaneState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LaneState {
    Open,
    /// To its end.
    Walked,
    /// In that task.
    Rejected {
        task: TaskNo,
    },
    /// That suspended visit wishes to return it, when all branches have ended.
    Returned {
        from: ActivationNo,
        task: TaskNo,
        to: Key,
        then: AfterReturn,
    },
    /// It was not needed any more.
    Dropped,
}

impl LaneWalk {
    pub(crate) fn open(branch: impl Into<Key>) -> Self {
        Self { branch: branch.into(), state: LaneState::Open }
    }
}

impl LaneState {
    /// Is something still to come of it?
    pub(crate) fn is_pending(&self) -> bool {
        matches!(self, Self::Open | Self::Returned { .. })
    }
}

/// What comes of the branches as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Wait,
    GoOn,
    /// Too few can still be walked to their end.
    Rejected,
    /// All have ended, and some wish to return.
    Return,
}

impl Lanes {
    pub(crate) fn routes(&self) -> impl Iterator<Item = (&str, &[Node])> {
        self.branches.iter().map(|lane| (lane.key.as_str(), lane.route.as_slice()))
    }

    pub(crate) fn outcome(&self, lanes: &[LaneWalk]) -> Outcome {
        let count = |wanted: fn(&LaneState) -> bool| lanes.iter().filter(|lane| wanted(&lane.state)).count();
        let walked = count(|state| *state == LaneState::Walked);
        let open = count(|state| *state == LaneState::Open);
        let returned = count(|state| matches!(state, LaneState::Returned { .. }));
        let rejected = count(|state| matches!(state, LaneState::Rejected { .. }));
        // A branch that was not needed before is not asked for now: after an administrator moved the case into another.
        let asked = lanes.len() - count(|state| *state == LaneState::Dropped);
        let needed = match self.join {
            Join::First => 1,
            Join::AtLeast(least) => (least as usize).clamp(1, asked.max(1)),
            Join::All if self.on_reject == OnReject::Collect => asked.max(1),
            Join::All => (asked - rejected).max(1),
        };
        if self.on_reject == OnReject::Collect && open > 0 {
            Outcome::Wait
        } else if walked >= needed {
            Outcome::GoOn
        } else if walked + open + returned < needed {
            Outcome::Rejected
        } else if open == 0 {
            Outcome::Return
        } else {
            Outcome::Wait
        }
    }
}
