use std::{fmt, str::FromStr};

use hanlin_directory::PersonName;
use hanlin_kernel::{DepartmentId, Id, Text, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use utoipa::ToSchema;

use super::elapsed::Elapsed;
use crate::{
    engine::{self, Stage, Status, case::TaskNo},
    flows::{FlowId, VersionId},
};

/// Names a case in ids.
#[derive(Debug)]
pub enum CaseTag {}
pub type CaseId = Id<CaseTag>;

/// A task of a case: `<case>.<number>`, so that what waits at whom is always asked under the key of its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId {
    pub case: CaseId,
    pub no: TaskNo,
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.case, self.no.0)
    }
}

/// The text is not `<case>.<number>`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a task")]
pub struct NotATaskId;

impl FromStr for TaskId {
    type Err = NotATaskId;

    fn from_str(text: &str) -> Result<Self, NotATaskId> {
        let (case, no) = text.split_once('.').ok_or(NotATaskId)?;
        let no: u32 = no.parse().map_err(|_| NotATaskId)?;
        if no == 0 {
            return Err(NotATaskId);
        }
        Ok(Self { case: case.parse().map_err(|_| NotATaskId)?, no: TaskNo(no) })
    }
}

impl Serialize for TaskId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for TaskId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
impl utoipa::PartialSchema for TaskId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::String).into()
    }
}
impl ToSchema for TaskId {
    fn name() -> std::borrow::Cow<'static, str> {
        "TaskId".into()
    }
}

/// 事项, as it is stored: the engine's state and what lists need of it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredCase {
    pub id: CaseId,
    /// What people call it: day and eight signs.
    pub number: String,
    pub flow: FlowId,
    pub flow_version: VersionId,
    /// The flow that was made for this case alone: of what follows upon a completed one (FLOW-24).
    pub plan: Option<Box<engine::Flow>>,
    pub title: Text,
    pub search: String,
    pub facts: Vec<DecisiveFact>,
    pub unit: Option<UnitId>,
    pub department: Option<DepartmentId>,
    pub state: engine::Case,
    /// Raised with each change.
    pub version: u64,
    pub updated_at: Timestamp,
}

/// One of the two facts that decide a case, chosen by the flow's designer (the first indexed fields), as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DecisiveFact {
    pub label: Text,
    /// `text`, `number`, `money`, `date`, `days`, or `words` where the value is a text in the reader's language.
    pub kind: String,
    #[schema(value_type = Object)]
    pub value: Value,
}

/// 待我处理: a row of the inbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaskRow {
    pub id: TaskId,
    pub case_id: CaseId,
    pub number: String,
    pub title: Text,
    pub flow_name: Text,
    pub initiator: PersonName,
    pub facts: Vec<DecisiveFact>,
    pub node_name: Text,
    pub purpose: engine::case::Purpose,
    #[schema(value_type = String, format = DateTime)]
    pub arrived_at: Timestamp,
    /// How much working time has passed since, where its person works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waited: Option<Elapsed>,
    /// He has not opened it yet.
    pub unread: bool,
    /// He keeps it on hold (TIME-17).
    pub held: bool,
    /// It is this one's, for whom the reader acts (TIME-11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonName>,
    /// 抢办: it waits at others too, until one of them claims it.
    pub to_claim: bool,
    /// 纸质: it is signed on the printed form (FLOW-35).
    pub on_paper: bool,
    /// 挂起: its case stands still, and nothing is decided meanwhile.
    pub halted: bool,
}

/// A row of the lists of cases.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseRow {
    pub id: CaseId,
    pub number: String,
    pub title: Text,
    pub flow_name: Text,
    pub initiator: PersonName,
    pub facts: Vec<DecisiveFact>,
    pub status: Status,
    pub stage: Stage,
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// What the list is sorted by: when I acted, started it, or got the copy.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Of a copy: not read yet.
    pub unread: bool,
    /// Of a copy: reading is a duty.
    pub must_read: bool,
    /// It was completed, and other values were approved since (FLOW-24).
    pub amended: bool,
    /// Who has it now.
    pub waiting_for: Vec<PersonName>,
    /// Of what was done: who did it for me, as my agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_by: Option<PersonName>,
    /// Of what was done: for whom I did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_for: Option<PersonName>,
}
