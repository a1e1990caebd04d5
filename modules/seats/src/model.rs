use hanlin_directory::model::Validity;
use hanlin_kernel::{Id, PersonId, Result, Text, UnitId};
use hanlin_rulebook::catalogue::{self, Parameter};
use hanlin_store::{FromRow, FromValue, Row, ToValue, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub type SeatId = Id<Seat>;

/// 席位: somebody named by a using unit, as it was registered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seat {
    pub id: SeatId,
    pub unit: UnitId,
    pub kind: Kind,
    pub person: PersonId,
    /// His post, in the words of the registration.
    pub post: String,
    /// How he is reached, in the words of the registration.
    pub contact: String,
    #[serde(flatten)]
    pub validity: Validity,
    /// The seat that this one follows.
    pub instead_of: Option<SeatId>,
    pub registered_by: Option<PersonId>,
    pub registered_at: Timestamp,
    pub ended_because: Option<Because>,
}

/// For what somebody is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SeatKind)]
pub enum Kind {
    /// 主管领导
    Leader,
    /// 专职管理员 (联络员)
    Administrator,
    /// 操作员
    Operator,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Leader, Self::Administrator, Self::Operator];

    pub fn word(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Administrator => "administrator",
            Self::Operator => "operator",
        }
    }

    /// As other modules' sentences name it.
    pub fn name(self) -> Text {
        match self {
            Self::Leader => Text::new("主管领导", "leader in charge"),
            Self::Administrator => Text::new("专职管理员", "administrator"),
            Self::Operator => Text::new("操作员", "operator"),
        }
    }

    /// How many of them a unit needs.
    pub(crate) fn required(self) -> &'static Parameter<usize> {
        match self {
            Self::Leader => &catalogue::SEAT_LEADERS,
            Self::Administrator => &catalogue::SEAT_ADMINISTRATORS,
            Self::Operator => &catalogue::SEAT_OPERATORS,
        }
    }

    /// A unit has as many leaders and administrators as the rules say, and operators as it likes beyond that.
    pub(crate) fn is_limited(self) -> bool {
        self != Self::Operator
    }
}

/// Why a seat ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SeatEnded)]
pub enum Because {
    /// Another was named instead.
    Succeeded,
    GivenUp,
    /// Its holder left the organisation.
    Left,
    UnitClosed,
}

impl Because {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Succeeded, "succeeded"),
        (Self::GivenUp, "given_up"),
        (Self::Left, "left"),
        (Self::UnitClosed, "unit_closed"),
    ];
}

impl ToValue for Kind {
    fn to_value(&self) -> Value {
        Value::Text(self.word().to_owned())
    }
}

impl FromValue for Kind {
    fn from_value(value: &Value) -> Result<Self, String> {
        let word = String::from_value(value)?;
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| format!("`{word}` is no kind of seat"))
    }
}

impl ToValue for Because {
    fn to_value(&self) -> Value {
        let word = Self::ALL.iter().find(|(because, _)| because == self).map_or("", |(_, word)| word);
        Value::Text(word.to_owned())
    }
}

impl FromValue for Because {
    fn from_value(value: &Value) -> Result<Self, String> {
        let word = String::from_value(value)?;
        let known = Self::ALL.iter().find(|(_, known)| *known == word);
        known.map(|(because, _)| *because).ok_or_else(|| format!("`{word}` is no reason why a seat ends"))
    }
}

impl FromRow for Seat {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            kind: row.get("kind")?,
            person: row.get("person")?,
            post: row.get("post")?,
            contact: row.get("contact")?,
            validity: Validity::from_row(row)?,
            instead_of: row.get("instead_of")?,
            registered_by: row.get("registered_by")?,
            registered_at: row.get("registered_at")?,
            ended_because: row.get("ended_because")?,
        })
    }
}
