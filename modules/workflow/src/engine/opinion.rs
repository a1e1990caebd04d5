//! 意见: what people say in a case.

use hanlin_kernel::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{ActivationNo, OpinionNo, TaskNo},
    facts::Acting,
    paper::SignedOnPaper,
};

/// 意见. Never changed once given (TRACE-03): time by the server, person by the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    /// None: a comment on the whole case.
    pub activation: Option<ActivationNo>,
    pub task: Option<TaskNo>,
    pub by: Acting,
    pub verdict: Verdict,
    #[serde(flatten)]
    pub words: Words,
    pub at: Timestamp,
    /// The entry that this one puts right, which stays as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<OpinionNo>,
    /// It was given on paper, and this was recorded with it (FLOW-35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<SignedOnPaper>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approved,
    Rejected,
    Abstained,
    Returned,
    Completed,
    /// He named who is next.
    PassedOn,
    Resubmitted,
    Withdrawn,
    Commented,
    HandedOver,
    Transferred,
    Delegated,
    Consulted,
    Advised,
    SignersAdded,
    SignerRemoved,
    Held,
    TakenBack,
    ReviewFailed,
    Terminated,
    Moved,
    /// The flow was not run as prescribed (FLOW-27).
    DeviationReported,
    /// What he said before, put right.
    Corrected,
    /// He had claimed it, and others may again.
    GivenBack,
    /// An administrator put right what stands in the form.
    Repaired,
    Halted,
    /// It was halted, and goes on.
    Continued,
}

/// What someone writes, with the ids of the files he attaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Words {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
    /// @: whom it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
}

impl Words {
    /// Most characters: they stay with the case, and are read with it.
    pub const LONGEST: usize = 20_000;

    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Characters that say something.
    pub fn length(&self) -> usize {
        self.text.trim().chars().count()
    }

    pub fn is_empty(&self) -> bool {
        self.length() == 0 && self.attachments.is_empty()
    }
}
