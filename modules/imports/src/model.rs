//! The nouns of an import.

use std::collections::BTreeMap;

use hanlin_kernel::{Error, Id, PersonId, Result};
use hanlin_store::{FromRow, FromValue, Json, Row as Stored, ToValue, Value, jobs::Job};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use utoipa::ToSchema;

pub type ImportId = Id<Import>;

/// What a table of the file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportSheet)]
pub enum Sheet {
    /// 单位
    Units,
    /// 部门
    Departments,
    /// 岗位
    Posts,
    /// 职级
    Ranks,
    /// 人员
    People,
}

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportField)]
pub enum Field {
    Unit,
    Code,
    Parent,
    Name,
    NameEn,
    ShortName,
    Kind,
    TimeZone,
    /// Of a department: what flows call its height. Of a rank: how high it stands, as a number.
    Level,
    EmployeeNumber,
    Mobile,
    Email,
    OfficePhone,
    Gender,
    Department,
    Post,
    Rank,
    Main,
    Head,
    JoinedOn,
}

/// A table as it was read, and what its columns were taken for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportTable)]
pub struct Table {
    /// The name of the worksheet; of a CSV, that of the file.
    pub name: String,
    /// Absent: it was not recognised, and is passed over.
    pub sheet: Option<Sheet>,
    pub headings: Vec<String>,
    /// What each column means; absent: it is passed over.
    pub columns: Vec<Option<Field>>,
    pub rows: u64,
}

/// One row with the meaning of its cells. Blank cells are not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub sheet: Sheet,
    /// As the spreadsheet counts: the heading is usually 1.
    pub line: u32,
    pub cells: BTreeMap<Field, String>,
}

/// What a row would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportStatus)]
pub enum Status {
    New,
    Changed,
    #[default]
    Unchanged,
    Wrong,
    /// It exists and the file does not have it.
    Gone,
    /// Its table was not recognised.
    Passed,
}

/// What is wrong with a row, at which cell; the sentence of the code says what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportFault)]
pub struct Fault {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    pub code: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub args: Map<String, serde_json::Value>,
}

/// A field that would be another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportChange)]
pub struct Change {
    pub field: Field,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// What was found out about a row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    #[serde(skip)]
    pub status: Status,
    /// Whom or what the row is about.
    pub about: String,
    pub faults: Vec<Fault>,
    pub changes: Vec<Change>,
}

/// How many rows there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportCounts)]
pub struct Counts {
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub wrong: u64,
    pub gone: u64,
}

impl Counts {
    pub fn of(statuses: impl Iterator<Item = Status>) -> Self {
        let mut counts = Self::default();
        for status in statuses {
            *match status {
                Status::New => &mut counts.new,
                Status::Changed => &mut counts.changed,
                Status::Unchanged => &mut counts.unchanged,
                Status::Wrong => &mut counts.wrong,
                Status::Gone => &mut counts.gone,
                Status::Passed => continue,
            } += 1;
        }
        counts
    }
}

/// 导入: a file that was read, what it would do, and how far that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    pub id: ImportId,
    pub owner: PersonId,
    pub name: String,
    pub state: State,
    pub tables: Vec<Table>,
    pub counts: Counts,
    pub digest: String,
    pub job: Option<Id<Job>>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportState)]
pub enum State {
    Previewed,
    Applying,
    Done,
    Cancelled,
    Failed,
}

/// A row as it is kept: what it says and what was found out about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub number: u64,
    /// The name of its table.
    pub sheet: String,
    pub line: u32,
    pub cells: Vec<String>,
    pub verdict: Verdict,
}

/// A word of a closed list, stored by the name serde gives it.
macro_rules! word {
    ($($type:ty),*) => { $(
        impl ToValue for $type {
            fn to_value(&self) -> Value {
                let word = serde_json::to_value(self).expect("a variant without data is a word");
                Value::Text(word.as_str().expect("a variant without data is a word").to_owned())
            }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self, String> {
                let word = serde_json::Value::String(String::from_value(value)?);
                serde_json::from_value(word).map_err(|error| error.to_string())
            }
        }
    )* };
}
word!(State, Status);

impl FromRow for Import {
    fn from_row(row: &Stored) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            owner: row.get("owner")?,
            name: row.get("name")?,
            state: row.get("state")?,
            tables: row.get::<Json<_>>("tables")?.0,
            counts: row.get::<Json<_>>("counts")?.0,
            digest: row.get("digest")?,
            job: row.get("job")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

impl FromRow for Kept {
    fn from_row(row: &Stored) -> Result<Self> {
        let verdict: Verdict = row.get::<Json<_>>("verdict")?.0;
        let line: u64 = row.get("line")?;
        Ok(Self {
            number: row.get("number")?,
            sheet: row.get("sheet")?,
            line: u32::try_from(line).map_err(Error::internal)?,
            cells: row.get::<Json<_>>("cells")?.0,
            verdict: Verdict { status: row.get("status")?, ..verdict },
        })
    }
}
