//! Why the engine says no. Each has a stable code, a sentence in `locales/`, and the arguments of that sentence.

use hanlin_kernel::{Error, FieldError, PersonId, Text};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{
    follow_up::FollowUp,
    model::{FieldId, Key, Operation},
};

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// It was submitted before.
    AlreadySubmitted,
    NotSubmitted,
    /// It is completed, rejected or withdrawn.
    AlreadyFinished,
    /// He is not among those who may start this flow.
    MayNotStart,
    /// He submitted it as often as he may in this period (FLOW-33).
    LimitReached {
        at_most: u32,
        used: u32,
        from: Date,
        until: Date,
        next: Date,
    },
    /// Only the initiator does this.
    NotTheInitiator,
    /// The form is not filled in as it must be, or not declared to be accurate (FORM-13).
    InvalidValues {
        fields: Vec<FieldError>,
    },
    NoSuchTask,
    /// The task is another's.
    NotYourTask,
    /// It was decided, or ended by what another did.
    TaskEnded,
    /// His turn has not come.
    NotYourTurn,
    /// He waits for those whom he asked first.
    WaitsForOthers,
    /// The case was returned to an earlier node and comes back later.
    TaskSuspended,
    /// This task asks for something else, for example handling and not approving.
    WrongPurpose,
    /// The node forbids it (FLOW-15).
    NotAllowed {
        operation: Operation,
    },
    /// Words are missing or too short (FLOW-16, FLOW-18).
    OpinionRequired {
        min_length: u32,
    },
    /// A comment without words and without attachments.
    NothingSaid,
    /// It cannot be returned there: not passed yet, or not allowed.
    CannotReturnThere,
    /// The initiator must choose people for this node (FLOW-08).
    ChoiceMissing {
        node: Key,
        min: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
    },
    /// This person is not among those to choose from.
    ChoiceNotAllowed {
        node: Key,
        person: PersonId,
    },
    /// The flow has no such node to choose people for.
    NoSuchChoice {
        node: Key,
    },
    /// Nobody would handle this node, and the flow says not to submit then.
    NobodyFound {
        node: Key,
    },
    /// Nobody would handle this node, and nobody administers this flow.
    NoAdministrator {
        node: Key,
    },
    /// The flow does not let him withdraw.
    MayNotWithdraw,
    /// It was urged just now (TIME-07).
    UrgedJustNow {
        again_at: Timestamp,
    },
    /// Nobody else is waited for.
    NobodyToUrge,
    MayNotUrge,
    /// He has no part in this case.
    NotTakingPart,
    NoSuchCopy,
    NotYourCopy,
    AlreadyRead,
    NotAdministrator,
    /// The one to take over is not in service.
    NotInService {
        person: PersonId,
    },
    /// He already has a task at this node.
    AlreadyHandling {
        person: PersonId,
    },
    /// He would decide his own case.
    OwnCase {
        person: PersonId,
    },
    /// It was passed on as often as its node allows.
    PassedOnEnough {
        most: u32,
    },
    /// The form has no such field.
    NoSuchField {
        field: FieldId,
    },
    /// Nobody writes into that field: it is counted or computed.
    FillsItself {
        field: FieldId,
    },
    /// Nothing would be otherwise.
    NothingRepaired,
    /// Nobody is named.
    NobodyNamed,
    /// More people than one operation takes.
    TooManyPeople {
        most: usize,
    },
    /// He cannot ask himself.
    Himself,
    /// The task is not that of someone whom he added.
    NotYourSigner,
    /// It was not decided in this task.
    NothingToTakeBack,
    /// Someone went on from it.
    WentOn,
    /// It is not on hold.
    NotOnHold,
    AlreadyOnHold,
    /// He has a copy already.
    AlreadyCopied {
        person: PersonId,
    },
    /// There is no such node to go to.
    NoSuchNode {
        node: Key,
    },
    /// The case stands at a node that its version does not have.
    BrokenVersion {
        node: Key,
    },
    /// This step is not done on paper.
    NotOnPaper,
    /// The form was not printed yet, so nobody can have signed it.
    NotPrinted,
    /// That printing shows the form as it was before it was changed (FLOW-35).
    PrintOutdated {
        edition: u32,
    },
    /// It closes with the scan of the signed sheet (FLOW-35).
    ScanMissing,
    /// Nobody signed before it was printed, or tomorrow.
    SignedOnNoSuchDay {
        from: Date,
        until: Date,
    },
    /// Several may sign here: whoever records it says whose signature it is.
    SignerMissing,
    /// The signature of this person is not asked for here.
    MayNotSign {
        person: PersonId,
    },
    /// What he wrote counts as nothing (FLOW-16).
    EmptyPhrase {
        phrase: String,
    },
    /// 已阅 alone is no answer here (FLOW-18).
    BareRead,
    /// No such opinion is in the case.
    NoSuchOpinion,
    /// It is another's.
    NotYourOpinion,
    AlreadyCorrected,
    /// This person takes no part, and the writer may not send copies here.
    MayNotMention {
        person: PersonId,
    },
    /// What is said here stays with who says it for now.
    NoMentionsHere,
    /// He must claim it first.
    ClaimFirst,
    /// Somebody else holds it.
    ClaimedBy {
        person: PersonId,
    },
    /// It is not in a pool.
    NothingToClaim,
    /// He holds nothing that others could take.
    NotClaimed,
    /// An administrator stopped the case for now.
    StandsStill {
        reason: String,
    },
    AlreadyHalted,
    NotHalted,
    /// One decision would take more automatic steps than the limit.
    TooManySteps {
        limit: usize,
    },
    /// Only the system says that something awaited has come.
    NotTheSystem,
    /// The flow does not let that follow upon a completed case (FLOW-24).
    NoFollowUp {
        kind: FollowUp,
    },
    /// Only upon a completed case something may follow.
    NotCompleted,
    /// Nobody approved it, so nobody could approve what follows upon it.
    NobodyApproved,
    /// A change that changes nothing.
    NothingChanged,
    /// Nobody acts for whoever asks to be away, and the rules want it (TIME-12).
    NoAgentMeanwhile {
        from: Date,
        until: Date,
        days: u64,
    },
    /// Changed so, it would have gone to others: it is revoked and handed in anew.
    OtherWay,
    /// That visit waits for nothing of the kind, or does so no longer.
    NothingAwaited,
    /// The time has not come.
    NotYet,
    /// Only its module does it: a person who says that he did says what is not so (FLOW-25).
    NotByHand,
    /// Moved there, the case would go on without a step that only its module can do (FLOW-25): its name.
    WouldPassOver {
        node: Text,
    },
}

impl From<Refusal> for Error {
    /// Values that do not fit become 422 with the fields; all else is a refusal of the rules, 409.
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::InvalidValues { fields } => Error::Invalid(fields),
            other => Error::refused("workflow", &other),
        }
    }
}
