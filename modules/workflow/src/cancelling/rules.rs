//! What may be cancelled, and when a backup says what the case says. Pure.

use serde::Serialize;

use super::model::Backup;

/// Why a case is not backed up, not deleted or not restored.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// The form names no case.
    NothingToCancel,
    AlreadyCancelled {
        number: String,
    },
    CancelsItself,
    NotFinished {
        number: String,
    },
    /// 考勤、人事: what its flow lets people revoke or change goes that way.
    RevokedInstead {
        number: String,
    },
    /// It says what became of another case.
    FollowUpStays {
        number: String,
    },
    SubCaseRunning {
        number: String,
    },
    /// One at a time, here too.
    FollowUpRunning {
        number: String,
    },
    NotItsInitiator {
        number: String,
    },
    NotBackedUp {
        number: String,
    },
    /// Somebody did something in it since it was backed up.
    ChangedSince {
        number: String,
    },
    AlreadyRestored {
        number: String,
    },
    /// It hangs on another case that is cancelled too.
    RestoreFirst {
        number: String,
    },
    /// For who took part in a case that is not there any more.
    CaseIsCancelled {
        number: String,
    },
}
hanlin_kernel::refusal!("workflow", Refusal);

/// What is wrong with a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Fault {
    #[error("the backup is not there, or cannot be read")]
    BackupUnreadable,
    #[error("the backup is not the one that was sealed: its SHA-256 is another")]
    BackupOtherDigest,
    #[error("the seal was not made with the key of this installation")]
    BackupOtherSeal,
    #[error("it is the backup of another case")]
    BackupOtherCase,
    #[error("the attachment {name} is missing")]
    BackupFileMissing { name: String },
    #[error("the attachment {name} was changed")]
    BackupFileChanged { name: String },
}
hanlin_kernel::refusal!("workflow", Fault);

/// What is asked of a case before it is cancelled.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Standing {
    pub number: String,
    pub is_finished: bool,
    /// It is the cancellation itself.
    pub is_itself: bool,
    /// It was begun by whoever asks.
    pub is_own: bool,
    /// Its flow lets people revoke or change it (FLOW-24).
    pub is_revocable: bool,
    /// It follows upon another.
    pub is_follow_up: bool,
    /// The numbers of what it opened and of what follows upon it, where that runs.
    pub running_call: Option<String>,
    pub running_follow_up: Option<String>,
}

/// May it be cancelled?
pub(super) fn may_be_cancelled(standing: &Standing) -> Result<(), Refusal> {
    let number = standing.number.clone();
    match standing {
        Standing { is_itself: true, .. } => Err(Refusal::CancelsItself),
        Standing { is_finished: false, .. } => Err(Refusal::NotFinished { number }),
        Standing { is_follow_up: true, .. } => Err(Refusal::FollowUpStays { number }),
        // Before what can be revoked: only that has follow-ups, and one that runs is the way already.
        Standing { running_follow_up: Some(number), .. } => Err(Refusal::FollowUpRunning { number: number.clone() }),
        Standing { is_revocable: true, .. } => Err(Refusal::RevokedInstead { number }),
        Standing { running_call: Some(number), .. } => Err(Refusal::SubCaseRunning { number: number.clone() }),
        Standing { is_own: false, .. } => Err(Refusal::NotItsInitiator { number }),
        _ => Ok(()),
    }
}

/// Who read it by a right to query it says nothing of the case and stays in the trace; requests to other systems are taken
/// out some time after.
const BESIDE: [&str; 2] = ["workflow_query_read", "workflow_delivery"];

/// Does the backup say what the case says now? Of the trace, that nothing which it holds is otherwise: the entry about the
/// backup came after it, and readers may have come.
pub(super) fn is_of_now(kept: &Backup, now: &Backup) -> bool {
    let tables = |of: &Backup| {
        let said = of.tables.iter().filter(|(table, _)| !BESIDE.contains(&table.as_str()));
        said.map(|(table, lines)| (table.clone(), lines.clone())).collect::<Vec<_>>()
    };
    let chain = |of: &Backup| of.trace.iter().map(|line| line.get("hash").cloned()).collect::<Vec<_>>();
    kept.case == now.case
        && kept.flow.version == now.flow.version
        && kept.files == now.files
        && tables(kept) == tables(now)
        && chain(now).starts_with(&chain(kept))
}
