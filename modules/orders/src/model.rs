//! The nouns: an order, its changes, and what hangs on them.

use hanlin_directory::model::{LeadershipKind, Place, UnitKind};
use hanlin_kernel::{AppointmentId, DepartmentId, Id, PersonId, PostId, RankId, RefusalCode, Text, UnitId};
use hanlin_store::{FromValue, ToValue, Value};
use hanlin_workflow::CaseId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use utoipa::ToSchema;

pub type OrderId = Id<Order>;

/// 调整令
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub id: OrderId,
    /// Whose personnel issue it.
    pub unit: UnitId,
    pub content: Content,
    pub state: State,
    /// Who wrote it last, where that was not who began it.
    pub edited_by: Option<PersonId>,
    /// Who approved it as it stands, before it was issued (ORG-18). Another word in it, and it is to be reviewed again.
    pub reviewed: Option<Done>,
    /// Who last gave it back to its author, and why (ORG-18).
    pub returned: Option<Returned>,
    /// When it was issued, and from then on kept.
    pub issued: Option<Done>,
    pub applied_at: Option<Timestamp>,
    pub verified: Option<Done>,
    /// By when it is to be verified (ORG-04); known once it is issued.
    pub due_at: Option<Timestamp>,
    /// What stood in the way when its time came.
    pub problem: Option<Problem>,
    /// What hangs on it, as found when it was issued and when it was applied.
    pub checklist: Vec<Item>,
    /// What turns it back, in the order in which that is done; known once it is applied.
    pub inverse: Vec<Change>,
    /// The order that this one turns back.
    pub counter_of: Option<OrderId>,
    /// The approved case that opened it.
    pub origin: Option<Origin>,
    pub created_by: PersonId,
    pub created_at: Timestamp,
    /// Raised with every change: guards against a stale screen.
    pub version: u64,
}

/// 来源: the case that opened an order (ORG-08).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Origin {
    pub case: CaseId,
    /// The node of its flow.
    pub node: String,
    /// What people call the case.
    pub number: String,
    /// Its title; absent where the order was opened before titles were kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Whom it is about: for nobody else does its approval stand.
    pub people: Vec<PersonId>,
}

/// What its author writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrderContent)]
pub struct Content {
    pub title: String,
    /// 依据: the decision or document it rests on.
    #[serde(default)]
    pub basis: String,
    #[serde(default)]
    pub class: Class,
    /// When it takes effect; absent: when it is issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub effective_at: Option<Timestamp>,
    /// Done one after the other.
    pub changes: Vec<Change>,
}

/// How long there is to adjust people and flows after it (ORG-04).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderClass)]
pub enum Class {
    #[default]
    Ordinary,
    /// It changes authority or duties.
    Authority,
}

/// Who did it, and when.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    pub by: PersonId,
    pub at: Timestamp,
}

/// 退回修改: a reviewer gave it back; it is presented again by being changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Returned {
    pub done: Done,
    pub reason: String,
    /// When its author presented it again; absent: it waits for that.
    pub answered_at: Option<Timestamp>,
}

impl Order {
    /// In English where it is still called as the case is that opened it: an author writes one title.
    pub(crate) fn title(&self) -> Text {
        let of_case = self.origin.as_ref().and_then(|origin| origin.title.as_ref());
        let unchanged = of_case.filter(|title| title.zh == self.content.title);
        unchanged.cloned().unwrap_or_else(|| Text::zh(&self.content.title))
    }

    /// Was it given back, and not changed since?
    pub(crate) fn is_returned(&self) -> bool {
        self.returned.as_ref().is_some_and(|returned| returned.answered_at.is_none())
    }
}

/// The change at fault, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderProblem)]
pub struct Problem {
    /// Its place in the list, from 0.
    pub change: usize,
    pub code: String,
    #[schema(value_type = Object)]
    pub args: Map<String, serde_json::Value>,
}

impl Problem {
    pub(crate) fn of(change: usize, refusal: &RefusalCode) -> Self {
        Self { change, code: refusal.code.clone(), args: refusal.args.clone() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderState)]
pub enum State {
    Draft,
    Issued,
    Applied,
    Verified,
    Failed,
    Withdrawn,
}

impl State {
    pub(crate) const ALL: [(Self, &'static str); 6] = [
        (Self::Draft, "draft"),
        (Self::Issued, "issued"),
        (Self::Applied, "applied"),
        (Self::Verified, "verified"),
        (Self::Failed, "failed"),
        (Self::Withdrawn, "withdrawn"),
    ];
}

impl ToValue for State {
    fn to_value(&self) -> Value {
        let word = Self::ALL.iter().find(|(state, _)| state == self).map_or("", |(_, word)| word);
        Value::Text(word.to_owned())
    }
}

impl FromValue for State {
    fn from_value(value: &Value) -> Result<Self, String> {
        let word = String::from_value(value)?;
        let known = Self::ALL.iter().find(|(_, known)| *known == word);
        known.map(|(state, _)| *state).ok_or_else(|| format!("`{word}` is no state of an order"))
    }
}

/// A place: one that exists, or one that an earlier change of the same order makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
#[schema(as = OrderTarget)]
pub enum Target {
    Unit(UnitId),
    Department(DepartmentId),
    /// The `key` of the change that makes it.
    New(String),
}

impl From<Place> for Target {
    fn from(place: Place) -> Self {
        match place {
            Place::Unit(unit) => Self::Unit(unit),
            Place::Department(department) => Self::Department(department),
        }
    }
}

/// One thing that an order does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = OrderChange)]
pub enum Change {
    /// 设立部门
    CreateDepartment {
        /// Names it in later changes of this order.
        key: String,
        parent: Target,
        name: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<String>,
    },
    /// 更名
    RenameDepartment {
        department: DepartmentId,
        name: Text,
    },
    /// 划转: with all that is in it.
    MoveDepartment {
        department: DepartmentId,
        to: Target,
    },
    /// 合并: its people, in their posts, and its departments go into another; then it closes.
    MergeDepartment {
        department: DepartmentId,
        into: Target,
    },
    /// 分立: a new department beside it takes some of its people, in their posts, and some of its departments.
    SplitDepartment {
        department: DepartmentId,
        key: String,
        name: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        #[serde(default)]
        people: Vec<PersonId>,
        #[serde(default)]
        departments: Vec<DepartmentId>,
    },
    /// 撤销: nothing and nobody may be in it then.
    CloseDepartment {
        department: DepartmentId,
    },
    /// 恢复
    ReopenDepartment {
        department: DepartmentId,
    },
    /// 登记使用单位
    CreateUnit {
        key: String,
        parent: UnitId,
        kind: UnitKind,
        name: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    RenameUnit {
        unit: UnitId,
        name: Text,
    },
    MoveUnit {
        unit: UnitId,
        to: UnitId,
    },
    /// 注销使用单位
    CloseUnit {
        unit: UnitId,
    },
    ReopenUnit {
        unit: UnitId,
    },
    /// 任免负责人或分管领导; nobody: the seat is vacant.
    SetLeader {
        place: Target,
        #[serde(rename = "as")]
        kind: LeadershipKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
    },
    /// 调岗
    Transfer {
        appointment: AppointmentId,
        post: PostId,
        to: Target,
    },
    /// 任职
    Appoint {
        person: PersonId,
        post: PostId,
        to: Target,
        #[serde(default)]
        main: bool,
    },
    /// 免职
    EndAppointment {
        appointment: AppointmentId,
    },
    /// 定级
    SetRank {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<RankId>,
    },
    /// 离职: what waits at him goes to the successor.
    Leave {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        successor: Option<PersonId>,
    },
    /// 复职
    Rejoin {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<RankId>,
    },
    /// Back into a group, after a leave was turned back.
    AddMember {
        #[schema(value_type = String)]
        group: hanlin_kernel::GroupId,
        person: PersonId,
    },
}

/// What an order did to a unit, for the register of units (ORG-18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UnitActKind)]
pub enum Act {
    Registered,
    Renamed,
    Moved,
    Closed,
    Reopened,
}

impl Act {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Registered, "registered"),
        (Self::Renamed, "renamed"),
        (Self::Moved, "moved"),
        (Self::Closed, "closed"),
        (Self::Reopened, "reopened"),
    ];
}

impl ToValue for Act {
    fn to_value(&self) -> Value {
        let word = Self::ALL.iter().find(|(act, _)| act == self).map_or("", |(_, word)| word);
        Value::Text(word.to_owned())
    }
}

impl FromValue for Act {
    fn from_value(value: &Value) -> Result<Self, String> {
        let word = String::from_value(value)?;
        let known = Self::ALL.iter().find(|(_, known)| *known == word);
        known.map(|(act, _)| *act).ok_or_else(|| format!("`{word}` is nothing that an order does to a unit"))
    }
}

/// Something that hangs on an order: found by comparing before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderItem)]
pub struct Item {
    /// The same as long as it is the same thing: what is ticked.
    pub key: String,
    /// The key of its sentence, under `orders.item.`.
    pub code: String,
    #[schema(value_type = Object)]
    pub args: Map<String, serde_json::Value>,
    /// Must somebody look at it before the order counts as verified?
    pub attention: bool,
    /// Who did, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticked_by: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ticked_at: Option<Timestamp>,
}

impl Item {
    pub(crate) fn new(code: &str, key: impl std::fmt::Display, attention: bool) -> Self {
        let key = format!("{code}:{key}");
        Self { key, code: code.to_owned(), args: Map::new(), attention, ticked_by: None, ticked_at: None }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("arguments are names, numbers and texts");
        self.args.insert(name.to_owned(), value);
        self
    }
}
