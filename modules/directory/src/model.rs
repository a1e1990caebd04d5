//! The nouns of an organisation, each with the period it holds in.

use hanlin_kernel::{
    AppointmentId, DepartmentId, Error, GroupId, Id, Locale, PersonId, PostId, RankId, Result, Text, UnitId,
};
use hanlin_store::{FromRow, FromValue, Json, Row, ToValue, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// From when (inclusive) to when (exclusive) a fact holds; without an end it holds until further notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Validity {
    #[serde(rename = "valid_from")]
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[serde(rename = "valid_to", default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
}

impl Validity {
    pub fn since(from: Timestamp) -> Self {
        Self { from, to: None }
    }

    pub fn between(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to: Some(to) }
    }

    pub fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }

    pub fn overlaps(&self, other: &Validity) -> bool {
        self.meet(other).is_some()
    }

    /// Does this hold at every instant at which the other does?
    pub fn contains(&self, other: &Validity) -> bool {
        self.meet(other) == Some(*other)
    }

    /// When both hold, if ever.
    pub fn meet(&self, other: &Validity) -> Option<Validity> {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(one), Some(another)) => Some(one.min(another)),
            (one, another) => one.or(another),
        };
        to.is_none_or(|to| from < to).then_some(Validity { from, to })
    }
}

/// Something that holds in a period.
pub trait Dated {
    fn validity(&self) -> Validity;

    /// False for what was withdrawn before it began: it ends when it would have begun.
    fn ever_holds(&self) -> bool {
        self.validity().to != Some(self.validity().from)
    }
}

/// The one of a thing's periods that holds at an instant. The periods are in order and do not overlap.
pub fn as_of<T: Dated>(periods: &[T], at: Timestamp) -> Option<&T> {
    let later = periods.partition_point(|period| period.validity().from <= at);
    periods[..later].last().filter(|period| period.validity().covers(at))
}

/// A place in the organisation: a unit, or a department in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Place {
    Unit(UnitId),
    Department(DepartmentId),
}

impl Place {
    pub fn unit(self) -> Option<UnitId> {
        match self {
            Self::Unit(unit) => Some(unit),
            Self::Department(_) => None,
        }
    }

    pub fn department(self) -> Option<DepartmentId> {
        match self {
            Self::Unit(_) => None,
            Self::Department(department) => Some(department),
        }
    }

    /// `unit` or `department`, as the ancestor table says.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Unit(_) => "unit",
            Self::Department(_) => "department",
        }
    }

    /// The id without its type: units and departments never share one.
    pub fn node(self) -> String {
        match self {
            Self::Unit(unit) => unit.to_string(),
            Self::Department(department) => department.to_string(),
        }
    }

    pub(crate) fn of_node(kind: &str, node: &str) -> Result<Self> {
        let wrong = |_| Error::internal(format!("`{node}` is no {kind}"));
        match kind {
            "unit" => node.parse().map(Self::Unit).map_err(wrong),
            "department" => node.parse().map(Self::Department).map_err(wrong),
            other => Err(Error::internal(format!("`{other}` is neither unit nor department"))),
        }
    }

    pub(crate) fn from_row(row: &Row) -> Result<Self> {
        match (row.get::<Option<UnitId>>("unit")?, row.get::<Option<DepartmentId>>("department")?) {
            (Some(unit), None) => Ok(Self::Unit(unit)),
            (None, Some(department)) => Ok(Self::Department(department)),
            both => Err(Error::internal(format!("a place is a unit or a department, not {both:?}"))),
        }
    }
}

/// A word of a closed list, stored by the name serde gives it.
macro_rules! word {
    ($type:ty { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $type {
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
        impl ToValue for $type {
            fn to_value(&self) -> Value {
                Value::Text(self.as_str().to_owned())
            }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self, String> {
                match String::from_value(value)?.as_str() {
                    $($word => Ok(Self::$variant),)*
                    other => Err(format!("`{other}` is none of {:?}", [$($word),*])),
                }
            }
        }
    };
}

/// What a unit is to its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 集团
    Group,
    /// 子公司
    Subsidiary,
    /// 分公司
    Branch,
    /// 驻外机构
    Outpost,
    /// 外部单位: a supplier, customer or partner, whose people take part and see nothing of the house (ORG-24).
    External,
}
word!(UnitKind {
    Group = "group",
    Subsidiary = "subsidiary",
    Branch = "branch",
    Outpost = "outpost",
    External = "external"
});

/// 单位, as it is in one period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unit {
    pub id: UnitId,
    /// Names it in flows and files; the same for ever.
    pub code: Option<String>,
    pub parent: Option<UnitId>,
    pub kind: UnitKind,
    pub name: Text,
    pub short_name: Option<Text>,
    /// IANA name; absent: that of the unit above.
    pub time_zone: Option<String>,
    /// Its place among its neighbours.
    pub position: i64,
    #[serde(flatten)]
    pub validity: Validity,
    pub version: u64,
}

/// 部门, as it is in one period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Department {
    pub id: DepartmentId,
    pub unit: UnitId,
    /// The department it is part of; absent: directly in the unit.
    pub parent: Option<DepartmentId>,
    /// Names it in flows, within its unit.
    pub code: Option<String>,
    /// What a department of this height is called here, for flows that go "up to the division head": `division`.
    pub level: Option<String>,
    pub name: Text,
    pub position: i64,
    #[serde(flatten)]
    pub validity: Validity,
    pub version: u64,
}

impl Department {
    /// The place right above it.
    pub fn above(&self) -> Place {
        self.parent.map_or(Place::Unit(self.unit), Place::Department)
    }
}

/// 岗位: what flows name (会计, 印章保管员). Defined by a unit for itself and the units below it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Post {
    pub id: PostId,
    pub unit: UnitId,
    pub code: String,
    pub name: Text,
    pub position: i64,
    #[serde(flatten)]
    pub validity: Validity,
    pub version: u64,
}

/// 职级: how high people stand, for routes and rules that depend on it (ORG-23).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rank {
    pub id: RankId,
    pub unit: UnitId,
    pub code: String,
    pub name: Text,
    /// More is higher.
    pub level: i64,
    #[serde(flatten)]
    pub validity: Validity,
    pub version: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    Female,
    Male,
}
word!(Gender { Female = "female", Male = "male" });

/// 人员. Whether and as what he serves is said by his [`Service`] periods.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    /// Pinyin of the name: what lists are sorted by.
    pub sort_key: String,
    /// First letters of the pinyin.
    pub initials: String,
    pub employee_number: Option<String>,
    pub gender: Option<Gender>,
    pub mobile: Option<String>,
    pub office_phone: Option<String>,
    pub email: Option<String>,
    pub locale: Locale,
    pub version: u64,
}

/// 在职: a person serves in this period, with this rank. Outside all of his periods he has not joined, or has left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Service {
    pub person: PersonId,
    pub rank: Option<RankId>,
    /// Who takes over what waits at him when this service has ended.
    pub successor: Option<PersonId>,
    #[serde(flatten)]
    pub validity: Validity,
}

/// 任职: a person in a post at a place. 主岗 when `main`, else 兼岗.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Appointment {
    pub id: AppointmentId,
    pub person: PersonId,
    pub post: PostId,
    pub place: Place,
    pub main: bool,
    #[serde(flatten)]
    pub validity: Validity,
    pub version: u64,
}

/// As what somebody leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadershipKind {
    /// 负责人 (部门主管): heads it.
    Head,
    /// 分管领导: in charge of it by division of work.
    InCharge,
}
word!(LeadershipKind { Head = "head", InCharge = "in_charge" });

/// Who leads a unit or department, as its head or by division of work. One of each kind at a time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leadership {
    pub id: Id<Leadership>,
    #[serde(rename = "as")]
    pub kind: LeadershipKind,
    pub place: Place,
    pub person: PersonId,
    #[serde(flatten)]
    pub validity: Validity,
}

/// 人员组: a named set of people, defined by a unit for itself and the units below it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    pub id: GroupId,
    pub unit: UnitId,
    pub code: Option<String>,
    pub name: Text,
    /// Absent: it is only a set of people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<Team>,
    #[serde(flatten)]
    pub validity: Validity,
    pub version: u64,
}

/// 团队: what makes a group one that works on something together, across departments (ORG-25).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Team {
    /// One of its members.
    pub leader: PersonId,
    pub purpose: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupMember {
    pub group: GroupId,
    pub person: PersonId,
    #[serde(flatten)]
    pub validity: Validity,
}

/// 批次: many people who are written down one after the other and begin to serve in one instant, or not at all.
#[derive(Clone, Copy, Debug)]
pub struct Batch;

pub type BatchId = Id<Batch>;

macro_rules! dated {
    ($($type:ty),*) => { $(impl Dated for $type {
        fn validity(&self) -> Validity {
            self.validity
        }
    })* };
}
dated!(Unit, Department, Post, Rank, Service, Appointment, Leadership, Group, GroupMember);

impl FromRow for Validity {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { from: row.get("valid_from")?, to: row.get("valid_to")? })
    }
}

impl FromRow for Unit {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            code: row.get("code")?,
            parent: row.get("parent")?,
            kind: row.get("kind")?,
            name: row.get::<Json<_>>("name")?.0,
            short_name: row.get::<Option<Json<_>>>("short_name")?.map(|json| json.0),
            time_zone: row.get("time_zone")?,
            position: row.get("position")?,
            validity: Validity::from_row(row)?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for Department {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            parent: row.get("parent")?,
            code: row.get("code")?,
            level: row.get("level")?,
            name: row.get::<Json<_>>("name")?.0,
            position: row.get("position")?,
            validity: Validity::from_row(row)?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for Post {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            code: row.get("code")?,
            name: row.get::<Json<_>>("name")?.0,
            position: row.get("position")?,
            validity: Validity::from_row(row)?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for Rank {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            code: row.get("code")?,
            name: row.get::<Json<_>>("name")?.0,
            level: row.get("level")?,
            validity: Validity::from_row(row)?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for Person {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            sort_key: row.get("sort_key")?,
            initials: row.get("initials")?,
            employee_number: row.get("employee_number")?,
            gender: row.get("gender")?,
            mobile: row.get("mobile")?,
            office_phone: row.get("office_phone")?,
            email: row.get("email")?,
            locale: read_locale(&row.get::<String>("locale")?)?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for Service {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            person: row.get("person")?,
            rank: row.get("rank")?,
            successor: row.get("successor")?,
            validity: Validity::from_row(row)?,
        })
    }
}

impl FromRow for Appointment {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            person: row.get("person")?,
            post: row.get("post")?,
            place: Place::from_row(row)?,
            main: row.get("main")?,
            validity: Validity::from_row(row)?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for Leadership {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            place: Place::from_row(row)?,
            person: row.get("person")?,
            validity: Validity::from_row(row)?,
        })
    }
}

impl FromRow for Group {
    fn from_row(row: &Row) -> Result<Self> {
        let team = |leader| -> Result<Team> {
            Ok(Team { leader, purpose: row.get::<Option<String>>("purpose")?.unwrap_or_default() })
        };
        Ok(Self {
            team: row.get::<Option<PersonId>>("leader")?.map(team).transpose()?,
            id: row.get("id")?,
            unit: row.get("unit")?,
            code: row.get("code")?,
            name: row.get::<Json<_>>("name")?.0,
            validity: Validity::from_row(row)?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for GroupMember {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { group: row.get("group_id")?, person: row.get("person")?, validity: Validity::from_row(row)? })
    }
}

/// How a locale is stored: by the name it has in the API.
pub(crate) fn locale_word(locale: Locale) -> &'static str {
    match locale {
        Locale::ZhCn => "zh-CN",
        Locale::En => "en",
    }
}

fn read_locale(word: &str) -> Result<Locale> {
    match word {
        "zh-CN" => Ok(Locale::ZhCn),
        "en" => Ok(Locale::En),
        other => Err(Error::internal(format!("`{other}` is no locale"))),
    }
}
