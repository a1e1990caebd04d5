//! The words of the format for the engine's choices, for reading and writing alike.

use hanlin_forms::form::{FieldType, Format, Granularity, Origin, Precision, Right};

use crate::engine::{
    BareRead, SignerPlace, Status,
    case::Among,
    model::{
        AfterReturn, AnswerWhen, CallBy, CallWait, Function, OnFailure, OnInitiator, OnLate, OnLeft, OnNobody,
        OnReject, OnRepeat, OnReturn, Operation, Opinions, Per, Quorum, SpanUnit, VoteUntil,
    },
};

use super::model::{Deed, Verb};

/// Each choice with its word.
pub(super) type Table<T> = &'static [(&'static str, T)];

pub(super) const ON_NOBODY: Table<OnNobody> =
    &[("skip", OnNobody::Skip), ("to_admin", OnNobody::ToAdmin), ("block", OnNobody::Block)];
pub(super) const ON_INITIATOR: Table<OnInitiator> =
    &[("skip", OnInitiator::Skip), ("superior", OnInitiator::Superior), ("allow", OnInitiator::Allow)];
pub(super) const ANSWER: Table<AnswerWhen> = &[("at_once", AnswerWhen::AtOnce), ("later", AnswerWhen::Later)];
pub(super) const ON_LATE: Table<OnLate> = &[("ask", OnLate::Ask), ("go_on", OnLate::GoOn)];
pub(super) const ON_REPEAT: Table<OnRepeat> = &[("skip", OnRepeat::Skip), ("ask", OnRepeat::Ask)];
pub(super) const ON_LEFT: Table<OnLeft> = &[("successor", OnLeft::Successor), ("superior", OnLeft::Superior)];
pub(super) const ON_REJECT: Table<OnReject> =
    &[("end_case", OnReject::EndCase), ("end_branch", OnReject::EndBranch), ("collect", OnReject::Collect)];
pub(super) const ON_RETURN: Table<OnReturn> = &[("at_once", OnReturn::AtOnce), ("collect", OnReturn::Collect)];
pub(super) const QUORUM: Table<Quorum> =
    &[("all", Quorum::All), ("any", Quorum::Any), ("in_turn", Quorum::InTurn), ("claim", Quorum::Claim)];
pub(super) const OPINIONS: Table<Opinions> = &[("at_once", Opinions::AtOnce), ("after", Opinions::After)];
pub(super) const VOTE_UNTIL: Table<VoteUntil> = &[("decided", VoteUntil::Decided), ("all_voted", VoteUntil::AllVoted)];
pub(super) const FUNCTION: Table<Function> = &[
    ("approval", Function::Approval),
    ("form_review", Function::FormReview),
    ("collaboration", Function::Collaboration),
    ("countersign", Function::Countersign),
];
pub(super) const OPERATION: Table<Operation> = &[
    ("reject", Operation::Reject),
    ("return", Operation::ReturnTo),
    ("comment", Operation::Comment),
    ("transfer", Operation::Transfer),
    ("delegate", Operation::Delegate),
    ("consult", Operation::Consult),
    ("add_signer", Operation::AddSigner),
    ("remove_signer", Operation::RemoveSigner),
    ("hold", Operation::Hold),
    ("copy", Operation::Copy),
    ("take_back", Operation::TakeBack),
    ("fail_review", Operation::FailReview),
    ("terminate", Operation::Terminate),
];
pub(super) const BARE_READ: Table<BareRead> = &[
    ("refuse", BareRead::Refuse),
    ("disagree", BareRead::Disagree),
    ("agree", BareRead::Agree),
    ("note", BareRead::Note),
];
pub(super) const AFTER_RETURN: Table<AfterReturn> = &[
    ("walk_again", AfterReturn::WalkAgain),
    ("straight_back", AfterReturn::StraightBack),
    ("skip_unchanged", AfterReturn::SkipUnchanged),
];
pub(super) const RIGHT: Table<Right> =
    &[("hidden", Right::Hidden), ("read", Right::Read), ("write", Right::Write), ("required", Right::Required)];
pub(super) const PER: Table<Per> =
    &[("day", Per::Day), ("week", Per::Week), ("month", Per::Month), ("quarter", Per::Quarter), ("year", Per::Year)];
pub(super) const CALL_BY: Table<CallBy> = &[("each", CallBy::Each), ("initiator", CallBy::Initiator)];
pub(super) const CALL_WAIT: Table<CallWait> =
    &[("all", CallWait::All), ("first", CallWait::First), ("none", CallWait::None)];
pub(super) const ON_FAILURE: Table<OnFailure> =
    &[("ask", OnFailure::Ask), ("go_on", OnFailure::GoOn), ("end", OnFailure::End)];
pub(super) const SPAN_UNIT: Table<SpanUnit> = &[
    ("days", SpanUnit::Days),
    ("hours", SpanUnit::Hours),
    ("working_days", SpanUnit::WorkingDays),
    ("working_hours", SpanUnit::WorkingHours),
];
pub(super) const SPAN_OF_DAYS: Table<SpanUnit> = &[("days", SpanUnit::Days), ("working_days", SpanUnit::WorkingDays)];
pub(super) const STATUS: Table<Status> = &[
    ("completed", Status::Completed),
    ("rejected", Status::Rejected),
    ("withdrawn", Status::Withdrawn),
    ("terminated", Status::Terminated),
    ("running", Status::Running),
];
pub(super) const FIELD_TYPE: Table<FieldType> = &[
    ("text", FieldType::Text),
    ("long_text", FieldType::LongText),
    ("number", FieldType::Number),
    ("money", FieldType::Money),
    ("date", FieldType::Date),
    ("period", FieldType::Period),
    ("choice", FieldType::Choice),
    ("choices", FieldType::Choices),
    ("person", FieldType::Person),
    ("attachment", FieldType::Attachment),
    ("table", FieldType::Table),
    ("switch", FieldType::Switch),
    ("rating", FieldType::Rating),
    ("image", FieldType::Image),
    ("cascade", FieldType::Cascade),
    ("serial", FieldType::Serial),
    ("department", FieldType::Department),
    ("post", FieldType::Post),
    ("unit", FieldType::Unit),
    ("description", FieldType::Description),
    ("address", FieldType::Address),
    ("location", FieldType::Location),
    ("case", FieldType::Case),
    ("record", FieldType::Record),
    ("handwriting", FieldType::Handwriting),
];
pub(super) const ORIGIN: Table<Origin> = &[("house", Origin::House), ("external", Origin::External)];
pub(super) const PRECISION: Table<Precision> = &[
    ("province", Precision::Province),
    ("city", Precision::City),
    ("district", Precision::District),
    ("street", Precision::Street),
];
pub(super) const FORMAT_OF_TEXT: Table<Format> = &[
    ("mobile", Format::Mobile),
    ("email", Format::Email),
    ("phone", Format::Phone),
    ("id_number", Format::IdNumber),
    ("digits", Format::Digits),
    ("letters", Format::Letters),
];
pub(super) const GRANULARITY: Table<Granularity> =
    &[("day", Granularity::Day), ("half_day", Granularity::HalfDay), ("hour", Granularity::Hour)];

/// What happens in a test without anybody doing it.
pub(super) const BY_ITSELF: Table<Deed> = &[
    ("everyone_agrees", Deed::EveryoneAgrees),
    ("time_passes", Deed::TimePasses),
    ("answers", Deed::Answers),
    ("no_answer", Deed::NoAnswer),
    ("event_comes", Deed::EventComes),
];
pub(super) const VERB: Table<Verb> = &[
    ("transfer", Verb::Transfer),
    ("delegate", Verb::Delegate),
    ("consult", Verb::Consult),
    ("advise", Verb::Advise),
    ("add_signer", Verb::AddSigner),
    ("remove_signer", Verb::RemoveSigner),
    ("pass_on", Verb::PassOn),
    ("copy", Verb::Copy),
    ("take_back", Verb::TakeBack),
    ("hold", Verb::Hold),
    ("end_hold", Verb::EndHold),
    ("fail_review", Verb::FailReview),
    ("terminate", Verb::Terminate),
    ("jump", Verb::Jump),
    ("claim", Verb::Claim),
    ("give_back", Verb::GiveBack),
    ("suspend", Verb::Suspend),
    ("go_on", Verb::GoOn),
    ("print", Verb::Print),
];
pub(super) const PLACE: Table<SignerPlace> =
    &[("before", SignerPlace::Before), ("beside", SignerPlace::Beside), ("after", SignerPlace::After)];
pub(super) const AMONG: Table<Among> = &[("all", Among::All), ("any", Among::Any), ("in_turn", Among::InTurn)];

/// The word of a choice.
pub(super) fn word<T: PartialEq>(table: Table<T>, value: &T) -> &'static str {
    table.iter().find(|(_, known)| known == value).map_or("", |(word, _)| word)
}
