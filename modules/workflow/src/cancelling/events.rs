//! In the stream of the case that was cancelled, so that it tells the whole story: backed up, cancelled, restored.

use hanlin_kernel::{Audience, PersonId};
use serde::{Deserialize, Serialize};

use super::model::BackupId;
use crate::cases::{CaseId, stream};

/// It was backed up, and sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseBackedUp {
    pub case: CaseId,
    pub by_case: CaseId,
    pub backup: BackupId,
    pub digest: String,
    pub mac: String,
}

/// It was taken out of view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseCancelled {
    pub case: CaseId,
    pub number: String,
    pub by_case: CaseId,
    pub asked_by: PersonId,
    pub approved_by: Vec<PersonId>,
    pub backup: BackupId,
    pub digest: String,
    #[serde(skip)]
    pub people: Vec<PersonId>,
}

/// Its backup was taken out of the house.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupDownloaded {
    pub case: CaseId,
    pub backup: BackupId,
    pub digest: String,
}

/// It stands again as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseRestored {
    pub case: CaseId,
    pub backup: BackupId,
    pub digest: String,
    pub reason: String,
    #[serde(skip)]
    pub people: Vec<PersonId>,
}

fn told(people: &[PersonId]) -> Audience {
    if people.is_empty() { Audience::Nobody } else { Audience::People(people.to_vec()) }
}

impl hanlin_kernel::Event for CaseBackedUp {
    fn kind(&self) -> &'static str {
        "workflow.case_backed_up"
    }

    fn stream(&self) -> String {
        stream(self.case)
    }
}

impl hanlin_kernel::Event for CaseCancelled {
    fn kind(&self) -> &'static str {
        "workflow.case_cancelled"
    }

    fn stream(&self) -> String {
        stream(self.case)
    }

    fn audience(&self) -> Audience {
        told(&self.people)
    }
}

impl hanlin_kernel::Event for BackupDownloaded {
    fn kind(&self) -> &'static str {
        "workflow.backup_downloaded"
    }

    fn stream(&self) -> String {
        stream(self.case)
    }
}

impl hanlin_kernel::Event for CaseRestored {
    fn kind(&self) -> &'static str {
        "workflow.case_restored"
    }

    fn stream(&self) -> String {
        stream(self.case)
    }

    fn audience(&self) -> Audience {
        told(&self.people)
    }
}
