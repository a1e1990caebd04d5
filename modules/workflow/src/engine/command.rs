//! What someone wants to do with a case.

use hanlin_kernel::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    awaiting::Arrival,
    case::{ActivationNo, Among, Choices, CopyNo, Hanging, OpinionNo, TaskNo, Values, Words},
    event::Change,
    facts::Acting,
    follow_up::FollowUp,
    model::{AfterReturn, Key},
    paper::Signing,
};

#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    pub by: Acting,
    /// He administers this flow, as the caller has found out: may hand tasks over and urge.
    pub administrator: bool,
    /// What was awaited has come, as the system has found out: no request ever says so.
    pub system: bool,
    pub intent: Intent,
}

impl Command {
    pub fn new(by: Acting, intent: Intent) -> Self {
        Self { by, administrator: false, system: false, intent }
    }

    pub fn as_administrator(by: Acting, intent: Intent) -> Self {
        Self { by, administrator: true, system: false, intent }
    }

    /// What comes from outside follows by itself: `by` is only whose case it is.
    pub fn of_system(by: Acting, intent: Intent) -> Self {
        Self { by, administrator: false, system: true, intent }
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
    /// 不同意: the case ends, or its branch, as the node around it says; where votes are counted, it is one.
    Reject {
        task: TaskNo,
        #[serde(default)]
        words: Words,
    },
    /// 弃权, where the node's vote allows it.
    Abstain {
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
    /// He chooses whom the case goes to at later nodes (FLOW-07), before he agrees.
    Choose {
        task: TaskNo,
        #[schema(value_type = HashMap<String, Vec<PersonId>>)]
        choices: Choices,
    },
    /// He prints the form, to have it signed on paper (FLOW-35).
    Print { task: TaskNo },
    /// It was signed on paper: recorded before he agrees.
    SignOnPaper { task: TaskNo, signing: Signing },
    /// 自由流转: he names who is next; how many of them must answer.
    PassOn {
        task: TaskNo,
        people: Vec<PersonId>,
        #[serde(default)]
        among: Among,
        /// What he says, and what he asks of them.
        words: Words,
        #[serde(default)]
        #[schema(value_type = Object)]
        values: Values,
    },
    /// 审核不通过: back to the initiator for correction (FLOW-10).
    FailReview {
        task: TaskNo,
        #[serde(default)]
        words: Words,
    },
    /// 转办
    Transfer {
        task: TaskNo,
        to: PersonId,
        #[serde(default)]
        words: Words,
    },
    /// 委派
    Delegate {
        task: TaskNo,
        to: PersonId,
        #[serde(default)]
        words: Words,
    },
    /// 征询; a question to the initiator too (FLOW-26).
    Consult { task: TaskNo, people: Vec<PersonId>, words: Words },
    /// The answer of one who was asked, or to whom it was delegated: then also with fields that he fills in.
    Advise {
        task: TaskNo,
        words: Words,
        #[serde(default)]
        #[schema(value_type = Object)]
        values: Values,
    },
    /// 加签
    AddSigner {
        task: TaskNo,
        people: Vec<PersonId>,
        place: SignerPlace,
        #[serde(default)]
        among: Among,
        #[serde(default)]
        words: Words,
    },
    /// 减签: `signer` is the task of one whom he added.
    RemoveSigner {
        task: TaskNo,
        signer: TaskNo,
        #[serde(default)]
        words: Words,
    },
    /// 暂存待办 (TIME-17)
    Hold { task: TaskNo, words: Words },
    /// It goes on.
    EndHold { task: TaskNo },
    /// 取回: his decision in this task, as long as nobody went on from it.
    TakeBack {
        task: TaskNo,
        #[serde(default)]
        words: Words,
    },
    /// 抄送, on the way.
    Copy {
        people: Vec<PersonId>,
        #[serde(default)]
        words: Words,
    },
    /// 终止: by the holder of this task, or by an administrator without one.
    Terminate {
        #[serde(default)]
        task: Option<TaskNo>,
        words: Words,
    },
    /// 跳转: an administrator moves the case to that node.
    Jump { to: Key, words: Words },
    /// The flow was not run as prescribed (FLOW-27).
    ReportDeviation { words: Words },
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
    /// 更正: what he said stays, and these words stand beside it (TRACE-03).
    CorrectOpinion { opinion: OpinionNo, words: Words },
    /// 抢办
    Claim { task: TaskNo },
    /// What he claimed is for everybody again.
    GiveBack { task: TaskNo, words: Words },
    /// 挂起, by an administrator.
    Halt { words: Words },
    /// It goes on where it stood.
    GoOn { words: Words },
    /// What a visit waited for has come; only the system says so.
    Arrived { activation: ActivationNo, arrival: Arrival },
    /// 重试: what failed at a step that people do not do is tried again.
    TryAgain { task: TaskNo },
    /// 修正: an administrator puts right what stands in these fields.
    Repair {
        #[schema(value_type = Object)]
        values: Values,
        words: Words,
    },
    /// Nobody waits for this case any more; only the system says so.
    CallOff,
    /// Somebody has left: what waits at him goes to who stands in for him; only the system says so.
    Relieve,
    /// A follow-up upon this case was approved; only the system says so.
    TakeEffect {
        kind: FollowUp,
        follow_up: String,
        #[schema(value_type = Vec<Object>)]
        changes: Vec<Change>,
    },
}

impl Intent {
    /// What he fills in with it.
    pub(crate) fn values(&self) -> Option<&Values> {
        match self {
            Self::Submit { values, .. }
            | Self::Resubmit { values, .. }
            | Self::Approve { values, .. }
            | Self::Complete { values, .. }
            | Self::PassOn { values, .. }
            | Self::Advise { values, .. }
            | Self::Repair { values, .. } => Some(values),
            Self::Arrived { arrival: Arrival::Ended { values, .. } | Arrival::Answered { values }, .. } => Some(values),
            _ => None,
        }
    }
}

/// Where added signers stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignerPlace {
    Before,
    Beside,
    After,
}

impl From<SignerPlace> for Hanging {
    fn from(place: SignerPlace) -> Self {
        match place {
            SignerPlace::Before => Self::Before,
            SignerPlace::Beside => Self::Beside,
            SignerPlace::After => Self::After,
        }
    }
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
