use std::collections::BTreeMap;

use hanlin_directory::PersonName;
use hanlin_files::File;
use hanlin_kernel::{Id, PersonId, Text, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    cases::CaseId,
    engine::Reason,
    flows::{FlowId, VersionId},
};

/// How a backup is written; another way gets another number, and both are read.
pub(super) const FORMAT: &str = "hanlin case backup/1";

pub(crate) type BackupId = Id<Backup>;

/// A row of a table as it stood there.
pub(super) type Line = BTreeMap<String, Value>;

/// 备份: a case with everything that is kept of it. Its attachments lie beside it, by their digests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Backup {
    pub format: String,
    pub case: CaseId,
    pub number: String,
    pub title: Text,
    /// The cancellation for which it was made.
    pub by_case: CaseId,
    pub made_at: Timestamp,
    pub made_by: Option<PersonId>,
    pub flow: FlowAsItWas,
    pub tables: BTreeMap<String, Vec<Line>>,
    pub files: Vec<FileInIt>,
    /// Its entries in the trace, with their hashes.
    pub trace: Vec<Line>,
}

/// Form and flow that the case ran on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowAsItWas {
    pub id: FlowId,
    pub code: String,
    pub version: VersionId,
    pub number: u32,
    pub content: Value,
    /// The package it was made from, as it was written.
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileInIt {
    pub id: Id<File>,
    pub name: String,
    pub size: u64,
    pub media_type: String,
    pub sha256: String,
}

/// 封存: what holds a backup to what it was when it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Seal {
    pub id: BackupId,
    #[serde(rename = "case")]
    pub case_id: CaseId,
    pub by_case: CaseId,
    pub file: Id<File>,
    /// SHA-256 of the backup, lower-case hex.
    pub digest: String,
    /// Over the digest, with the key of the trace.
    pub mac: String,
    pub size: u64,
    pub made_by: Option<PersonId>,
    pub made_at: Timestamp,
}
hanlin_store::from_row!(Seal { id, case_id, by_case, file, digest, mac, size, made_by, made_at });

impl Seal {
    /// Where the backup lies, in the folder of files.
    pub fn place(&self) -> String {
        format!("blobs/{}/{}", &self.digest[..2], self.digest)
    }
}

/// Somebody who agreed to a cancellation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Agreed {
    pub person: PersonId,
    pub node: Text,
    pub at: Timestamp,
}

/// 已撤销: what is left of a case that was cancelled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cancelled {
    pub id: BackupId,
    pub case: CaseId,
    pub number: String,
    pub title: Text,
    pub search: String,
    pub flow: FlowId,
    pub unit: Option<UnitId>,
    pub initiator: PersonId,
    pub people: Vec<PersonId>,
    pub by_case: CaseId,
    pub by_number: String,
    pub asked_by: PersonId,
    pub asked_at: Timestamp,
    pub approved_by: Vec<Agreed>,
    pub cancelled_by: Option<PersonId>,
    pub cancelled_at: Timestamp,
    pub restored: Option<Restored>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Restored {
    pub by: Option<PersonId>,
    pub at: Timestamp,
    pub because: String,
}

/// A cancelled case, for those who took part in it and for those who look after such cases.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct CancelledCase {
    #[schema(value_type = String)]
    pub id: BackupId,
    pub case: CaseId,
    pub number: String,
    pub title: Text,
    pub flow_name: Text,
    pub initiator: PersonName,
    pub asked_by: PersonName,
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    pub approved_by: Vec<AgreedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled_by: Option<PersonName>,
    #[schema(value_type = String, format = DateTime)]
    pub cancelled_at: Timestamp,
    /// The cancellation: opening it is asked by its own rights.
    pub by_case: CaseId,
    pub by_number: String,
    /// The case stands again since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restored: Option<RestoredView>,
    /// Where the backup is; told to those who look after such cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup: Option<BackupView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct AgreedView {
    pub person: PersonName,
    pub node: Text,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct RestoredView {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonName>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub because: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct BackupView {
    /// In the folder of files.
    pub place: String,
    /// SHA-256, lower-case hex.
    pub digest: String,
    /// Bytes, without the attachments.
    pub size: u64,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_by: Option<PersonName>,
}

/// Whether a backup is what it was when it was made.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct BackupReport {
    /// What is wrong with it; absent: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Reason>,
    /// How many attachments were held against their digests, and how many entries of the trace it holds.
    pub files: usize,
    pub entries: usize,
}
