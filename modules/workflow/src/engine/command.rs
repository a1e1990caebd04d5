//! What someone wants to do with a case.

use hanlin_kernel::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{Choices, CopyNo, TaskNo, Values, Words},
    facts::Acting,
    model::{AfterReturn, Key},
};

#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    pub by: Acting,
    /// He administers this flow, as the caller has found out: may hand tasks over and urge.
    pub administrator: bool,
    pub intent: Intent,
}

impl Command {
    pub fn new(by: Acting, intent: Intent) -> Self {
        Self { by, administrator: false, intent }
    }

    pub fn as_administrator(by: Acting, intent: Intent) -> Self {
        Self { by, administrator: true, intent }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "intent", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Intent {
    /// 提交
    Submit {
        #[schema(value_type = Object)]
        values: Values,
        #[serde(default)]
        #[schema(value_type = HashMap<String, Vec<PersonId>>)]
        choices: Choices,
        /// He confirms that it is accurate and complete (FORM-13).
        #[serde(default)]
        confirmed: bool,
    },
    /// 重新提交, after a return. `values`: what he changed.
    Resubmit {
        task: TaskNo,
        #[serde(default)]
        #[schema(value_type = Object)]
        values: Values,
        /// Absent: as they were.
        #[serde(default)]
        #[schema(value_type = Option<HashMap<String, Vec<PersonId>>>)]
        choices: Option<Choices>,
        #[serde(default)]
        confirmed: bool,
        #[serde(default)]
        words: Words,
    },
    /// 同意. `values`: the fields he fills in at this node.
    Approve {
        task: TaskNo,
        #[serde(default)]
        words: Words,
        #[serde(default)]
        #[schema(value_type = Object)]
        values: Values,
    },
    /// 不同意: the case ends, or its branch, as the node around it says.
    Reject {
        task: TaskNo,
        #[serde(default)]
        words: Words,
    },
    /// 退回
    ReturnTo {
        task: TaskNo,
        to: Target,
        /// Absent: as the node says, else walked again.
        #[serde(default)]
        then: Option<AfterReturn>,
        #[serde(default)]
        words: Words,
    },
    /// 办结: the result of a handling node.
    Complete {
        task: TaskNo,
        #[serde(default)]
        words: Words,
        #[serde(default)]
        #[schema(value_type = Object)]
        values: Values,
    },
    /// 已阅, of a copy.
    Read { copy: CopyNo },
    /// 撤回, by the initiator.
    Withdraw {
        #[serde(default)]
        words: Words,
    },
    /// 催办
    Urge {
        /// How they are told: `app`, `mail`, `sms` …
        channel: String,
        #[serde(default)]
        words: Words,
    },
    /// 评论
    Comment { words: Words },
    /// An administrator gives the task to another: of one who left, or one that nobody was found for.
    HandOver {
        task: TaskNo,
        to: PersonId,
        #[serde(default)]
        words: Words,
    },
}

/// Where to return to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The last node before this one that people decided, else the initiator.
    Previous,
    /// The initiator.
    First,
    /// A node that was passed.
    Node(Key),
}
