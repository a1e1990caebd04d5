use hanlin_kernel::{DepartmentId, Id, PersonId};
use hanlin_store::{FromValue, ToValue, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub type DepartmentAccountId = Id<DepartmentAccount>;

/// 部门账号
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DepartmentAccount {
    pub id: DepartmentAccountId,
    pub department: DepartmentId,
    pub kind: Kind,
    /// As whom tasks, cases and grants know it. This person has no account of his own.
    pub person: PersonId,
    /// The staff of the departments below may act for it too.
    pub with_below: bool,
    pub opened_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    pub version: u64,
}
hanlin_store::from_row!(DepartmentAccount { id, department, kind, person, with_below, opened_at, ended_at, version });

/// Whose a department's account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DepartmentAccountKind)]
pub enum Kind {
    /// 部门负责人账号: its head's only.
    Head,
    /// 部门公共用户: shared by its staff.
    Public,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Public => "public",
        }
    }

    /// The code of the post it holds, by which flows address it.
    pub(crate) fn post_code(self) -> &'static str {
        match self {
            Self::Head => "department-head-account",
            Self::Public => "department-public-account",
        }
    }
}

impl ToValue for Kind {
    fn to_value(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}

impl FromValue for Kind {
    fn from_value(value: &Value) -> Result<Self, String> {
        match String::from_value(value)?.as_str() {
            "head" => Ok(Self::Head),
            "public" => Ok(Self::Public),
            other => Err(format!("`{other}` is no kind of department account")),
        }
    }
}
