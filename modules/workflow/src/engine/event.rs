//! What happened in a case. Events are the only way a case changes; each has a version and one golden sample.

use hanlin_kernel::PersonId;
use hanlin_rulebook::{Mode, Source};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    awaiting::{Arrival, Awaiting},
    case::{
        ActivationNo, Among, Because, Cause, Choices, Closing, CopyNo, End, Hanging, Hangs, LeftOut, OpinionNo,
        Purpose, Status, TaskNo, Values, Words,
    },
    facts::{Acting, Initiator, Why},
    form::Declaration,
    model::{AfterReturn, FieldId, Key},
    paper::SignedOnPaper,
    parallel::{LaneState, LaneWalk},
    vote::Ballot,
};

/// One thing that happened, when, and by whom; nobody: it followed by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Acting>,
    #[serde(flatten)]
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum What {
    /// The initiator submitted it and confirmed that it is accurate and complete (FORM-13).
    Submitted {
        initiator: Box<Initiator>,
        values: Values,
        choices: Choices,
        declaration: Declaration,
    },
    /// He corrected it after a return, and confirmed it again.
    Resubmitted {
        task: TaskNo,
        choices: Choices,
        declaration: Declaration,
        words: Words,
    },
    /// A handler wrote into the form: each field's value before and after.
    ValuesChanged {
        task: TaskNo,
        changes: Vec<Change>,
    },
    /// A node was visited.
    Opened {
        activation: ActivationNo,
        node: Key,
        parent: Option<ActivationNo>,
        round: u32,
        cause: Cause,
    },
    /// An exclusive node chose, for these values.
    BranchTaken {
        activation: ActivationNo,
        branch: Key,
        read: Values,
    },
    /// These branches are walked at the same time, for these values. Opened again by a return: the others as they ended.
    LanesOpened {
        activation: ActivationNo,
        lanes: Vec<LaneWalk>,
        read: Values,
    },
    /// One of them came to its end.
    LaneEnded {
        activation: ActivationNo,
        branch: Key,
        how: LaneState,
    },
    /// A return led into one that had ended.
    LaneReopened {
        activation: ActivationNo,
        branch: Key,
    },
    /// Someone was found and gets no task, or nobody was found.
    LeftOut {
        activation: ActivationNo,
        left_out: LeftOut,
    },
    /// A person got a task. `open`: he can do it now; else his turn comes later.
    TaskAssigned {
        task: TaskNo,
        activation: ActivationNo,
        person: PersonId,
        why: Vec<Why>,
        purpose: Purpose,
        turn: u32,
        open: bool,
        /// On whose task it hangs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hangs: Option<Hangs>,
        /// The task that it takes the place of: what hung on that one hangs on it now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<TaskNo>,
        /// What his vote counts, if that is not one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ballot: Option<Ballot>,
    },
    /// His turn has come.
    TaskStarted {
        task: TaskNo,
        person: PersonId,
    },
    Approved {
        task: TaskNo,
        words: Words,
    },
    Completed {
        task: TaskNo,
        words: Words,
    },
    /// He chose whom the case goes to later; it counts when he agrees.
    PeopleChosen {
        task: TaskNo,
        choices: Choices,
    },
    /// He printed the form to have it signed. `digest`: SHA-256 of its values.
    Printed {
        task: TaskNo,
        edition: u32,
        digest: String,
    },
    /// He recorded a signature on paper; it counts when he agrees.
    SignedOnPaper {
        task: TaskNo,
        paper: SignedOnPaper,
    },
    /// 自由流转: he said what he had to say, and who is next.
    PassedOn {
        task: TaskNo,
        people: Vec<PersonId>,
        among: Among,
        words: Words,
    },
    Rejected {
        task: TaskNo,
        words: Words,
    },
    /// 弃权
    Abstained {
        task: TaskNo,
        words: Words,
    },
    /// Returned to `to` (a node, or `start`).
    Returned {
        task: TaskNo,
        to: Key,
        then: AfterReturn,
        words: Words,
        /// Facts were checked and found wrong (FLOW-10).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        failed_review: bool,
    },
    /// 转办
    Transferred {
        task: TaskNo,
        to: PersonId,
        words: Words,
    },
    /// 委派: the task waits for the advice.
    Delegated {
        task: TaskNo,
        to: PersonId,
        words: Words,
    },
    /// 征询
    Consulted {
        task: TaskNo,
        people: Vec<PersonId>,
        words: Words,
    },
    Advised {
        task: TaskNo,
        words: Words,
    },
    /// 加签
    SignersAdded {
        task: TaskNo,
        people: Vec<PersonId>,
        place: Hanging,
        among: Among,
        words: Words,
    },
    /// 减签
    SignerRemoved {
        task: TaskNo,
        person: PersonId,
        words: Words,
    },
    /// It waits for those whom its holder asked.
    TaskParked {
        task: TaskNo,
    },
    /// 暂存待办
    Held {
        task: TaskNo,
        words: Words,
    },
    /// It is no longer on hold.
    HoldEnded {
        task: TaskNo,
    },
    /// 取回: the decision in this task counts no longer.
    TakenBack {
        task: TaskNo,
        words: Words,
    },
    /// The visit goes on as if the decision had not been made.
    Reopened {
        activation: ActivationNo,
    },
    /// 终止
    Terminated {
        task: Option<TaskNo>,
        words: Words,
    },
    /// 跳转: an administrator moved the case to this node.
    Moved {
        to: Key,
        words: Words,
    },
    /// The flow was not run as prescribed (FLOW-27).
    DeviationReported {
        activation: Option<ActivationNo>,
        words: Words,
    },
    /// A task ended by what happened elsewhere.
    TaskClosed {
        task: TaskNo,
        how: Closing,
    },
    HandedOver {
        task: TaskNo,
        to: PersonId,
        words: Words,
    },
    /// These visits no longer count: the walk goes over their nodes again.
    Superseded {
        activations: Vec<ActivationNo>,
        /// Who agreed there need not agree again where nothing changed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        kept: bool,
    },
    /// It waits until the returned case comes straight back.
    Suspended {
        activation: ActivationNo,
        /// It waits for that visit, which another had opened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<ActivationNo>,
    },
    Resumed {
        activation: ActivationNo,
    },
    /// The corrected values lead another way, so it does not come straight back: everything is walked again.
    StraightBackVoided {
        activation: ActivationNo,
        because: Voided,
    },
    Closed {
        activation: ActivationNo,
        end: End,
    },
    CopySent {
        copy: CopyNo,
        activation: ActivationNo,
        person: PersonId,
        why: Vec<Why>,
        must_read: bool,
    },
    CopyRead {
        copy: CopyNo,
    },
    Urged {
        tasks: Vec<TaskNo>,
        people: Vec<PersonId>,
        channel: String,
        words: Words,
    },
    Commented {
        activation: Option<ActivationNo>,
        words: Words,
    },
    Withdrawn {
        words: Words,
    },
    Finished {
        status: Status,
    },
    /// What was just done breaks a rule that warns or notes only. `asked`: the rule's value; `done`: what he did instead.
    RuleBroken {
        rule: String,
        mode: Mode,
        asked: Value,
        done: Value,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clause: Option<Source>,
    },
    /// 更正
    OpinionCorrected {
        opinion: OpinionNo,
        words: Words,
    },
    /// 抢办: he holds it alone.
    Claimed {
        task: TaskNo,
    },
    /// He claimed it, and others may again.
    GivenBack {
        task: TaskNo,
        words: Words,
    },
    /// 挂起
    Halted {
        words: Words,
    },
    /// 恢复
    Continued {
        words: Words,
    },
    /// The case waits at this visit for something other than a person.
    Awaited {
        activation: ActivationNo,
        awaiting: Awaiting,
    },
    /// It has come.
    Arrived {
        activation: ActivationNo,
        arrival: Arrival,
    },
    /// What came wrote into the form.
    ResultsTaken {
        activation: ActivationNo,
        changes: Vec<Change>,
    },
    /// The case goes on without these, which failed.
    CallsPassed {
        activation: ActivationNo,
        calls: Vec<u32>,
    },
    /// 重试. `starters`: who starts which of what failed.
    TriedAgain {
        task: TaskNo,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        starters: Vec<(u32, PersonId)>,
    },
    /// 修正: an administrator put right what stands in the form.
    Repaired {
        changes: Vec<Change>,
        words: Words,
    },
    /// Nobody waits for this case any more.
    CalledOff,
    /// 撤销: that case, which those who had approved this one approved, ended it after its completion.
    Revoked {
        follow_up: String,
    },
    /// 变更: that case gave it other values after its completion.
    Amended {
        follow_up: String,
        changes: Vec<Change>,
    },
}

/// One field's change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub field: FieldId,
    pub before: Value,
    pub after: Value,
}

/// Why a case does not come straight back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Voided {
    /// That node would now choose other branches.
    OtherBranch { node: Key },
    /// Someone else is now named in that field, by which a passed node found its people.
    OtherPeople { field: FieldId },
}

impl Event {
    /// `workflow.<what>`: stable for ever.
    pub fn kind(&self) -> &'static str {
        match self.what {
            What::Submitted { .. } => "workflow.submitted",
            What::Resubmitted { .. } => "workflow.resubmitted",
            What::ValuesChanged { .. } => "workflow.values_changed",
            What::Opened { .. } => "workflow.opened",
            What::BranchTaken { .. } => "workflow.branch_taken",
            What::LanesOpened { .. } => "workflow.lanes_opened",
            What::LaneEnded { .. } => "workflow.lane_ended",
            What::LaneReopened { .. } => "workflow.lane_reopened",
            What::LeftOut { .. } => "workflow.left_out",
            What::TaskAssigned { .. } => "workflow.task_assigned",
            What::TaskStarted { .. } => "workflow.task_started",
            What::Approved { .. } => "workflow.approved",
            What::Completed { .. } => "workflow.completed",
            What::PeopleChosen { .. } => "workflow.people_chosen",
            What::Printed { .. } => "workflow.printed",
            What::SignedOnPaper { .. } => "workflow.signed_on_paper",
            What::PassedOn { .. } => "workflow.passed_on",
            What::Rejected { .. } => "workflow.rejected",
            What::Abstained { .. } => "workflow.abstained",
            What::Returned { .. } => "workflow.returned",
            What::Transferred { .. } => "workflow.transferred",
            What::Delegated { .. } => "workflow.delegated",
            What::Consulted { .. } => "workflow.consulted",
            What::Advised { .. } => "workflow.advised",
            What::SignersAdded { .. } => "workflow.signers_added",
            What::SignerRemoved { .. } => "workflow.signer_removed",
            What::TaskParked { .. } => "workflow.task_parked",
            What::Held { .. } => "workflow.held",
            What::HoldEnded { .. } => "workflow.hold_ended",
            What::TakenBack { .. } => "workflow.taken_back",
            What::Reopened { .. } => "workflow.reopened",
            What::Terminated { .. } => "workflow.terminated",
            What::Moved { .. } => "workflow.moved",
            What::DeviationReported { .. } => "workflow.deviation_reported",
            What::TaskClosed { .. } => "workflow.task_closed",
            What::HandedOver { .. } => "workflow.handed_over",
            What::Superseded { .. } => "workflow.superseded",
            What::Suspended { .. } => "workflow.suspended",
            What::Resumed { .. } => "workflow.resumed",
            What::StraightBackVoided { .. } => "workflow.straight_back_voided",
            What::Closed { .. } => "workflow.closed",
            What::RuleBroken { .. } => "workflow.rule_broken",
            What::CopySent { .. } => "workflow.copy_sent",
            What::CopyRead { .. } => "workflow.copy_read",
            What::Urged { .. } => "workflow.urged",
            What::Commented { .. } => "workflow.commented",
            What::Withdrawn { .. } => "workflow.withdrawn",
            What::Finished { .. } => "workflow.finished",
            What::OpinionCorrected { .. } => "workflow.opinion_corrected",
            What::Claimed { .. } => "workflow.claimed",
            What::GivenBack { .. } => "workflow.given_back",
            What::Halted { .. } => "workflow.halted",
            What::Continued { .. } => "workflow.continued",
            What::Awaited { .. } => "workflow.awaited",
            What::Arrived { .. } => "workflow.arrived",
            What::ResultsTaken { .. } => "workflow.results_taken",
            What::CallsPassed { .. } => "workflow.calls_passed",
            What::TriedAgain { .. } => "workflow.tried_again",
            What::Repaired { .. } => "workflow.repaired",
            What::CalledOff => "workflow.called_off",
            What::Revoked { .. } => "workflow.revoked",
            What::Amended { .. } => "workflow.amended",
        }
    }

    /// Version of the payload's shape.
    pub fn version(&self) -> u16 {
        1
    }
}

impl LeftOut {
    pub(crate) fn nobody(because: Because) -> Self {
        Self { person: None, why: Vec::new(), because }
    }
}
