use hanlin_kernel::refusal;
use serde::Serialize;

/// Why a file is not read, or not carried out. Each sentence says what to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Neither a workbook nor text.
    NotASpreadsheet,
    /// The binary format before 2007, or a workbook with a password: both look alike from outside.
    OldOrLocked,
    Empty,
    /// Neither UTF-8 nor GB18030.
    EncodingUnknown,
    /// It is small and would get large.
    UnpacksTooLarge {
        limit_mb: u64,
    },
    TooManyRows {
        rows: u64,
        limit: u64,
    },
    TooManyColumns {
        table: String,
        limit: u64,
    },
    /// No table has headings that are known.
    NothingRecognised,
    /// A column was given a meaning twice, or one that its table does not have.
    MatchedTwice {
        table: String,
        column: u64,
    },
    HasFaults {
        wrong: u64,
    },
    NothingToDo,
    /// It was carried out, or is being carried out.
    NotAPreview,
    /// The organisation was changed since the preview, so that the file would do something else.
    ChangedSince,
    /// Whoever ordered it may not do it any more.
    RightsTaken,
    TooManyChanges {
        changes: u64,
        limit: u64,
    },
}
refusal!("imports", Refusal);
