//! The nouns: clauses, what they say, and the values of parameters.

use std::{collections::BTreeMap, fmt};

use hanlin_kernel::{Error, Id, Text, UnitId};
use hanlin_store::{FromValue, ToValue, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub type ClauseId = Id<Clause>;

/// 条款: one rule of an organisation, in its own words, with the parameters that the system follows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clause {
    pub id: ClauseId,
    /// The unit that owns it; it holds for the units below that have no clause of their own on the same parameter.
    pub unit: UnitId,
    /// What the organisation calls it: 第十一条. Unique in its unit.
    pub number: String,
    /// The preset it was loaded from; absent: written by the unit.
    pub preset: Option<String>,
    pub version: u64,
    pub provision: Provision,
}

/// What a clause says from one instant to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Provision {
    /// The rule in the organisation's own words.
    pub text: Text,
    pub policy: Policy,
    #[serde(default)]
    pub mode: Mode,
    pub parameters: Parameters,
    /// From when (inclusive) to when (exclusive) it holds.
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_to: Option<Timestamp>,
}

impl Provision {
    pub fn covers(&self, at: Timestamp) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| at < to)
    }
}

/// Parameter → value. What a clause does not name, it leaves to the units above.
pub type Parameters = BTreeMap<String, Given>;

/// A word of a closed list, stored by the name serde gives it.
macro_rules! word {
    ($type:ty { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $type {
            /// All of them, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),*];
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
            pub fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
        impl ToValue for $type {
            fn to_value(&self) -> Value {
                Value::Text(self.as_str().to_owned())
            }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self, String> {
                let word = String::from_value(value)?;
                Self::of_word(&word).ok_or_else(|| format!("`{word}` is none of {:?}", Self::WORDS))
            }
        }
    };
}

/// What kind of thing a clause rules: it may set the parameters of this policy and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClausePolicy)]
pub enum Policy {
    /// 口令
    Password,
    /// 登录
    SignIn,
    /// 会话
    Session,
    /// 上传
    Upload,
    /// 流程
    Workflow,
    /// 意见
    Opinion,
    /// 组织调整
    Order,
    /// 个人资料
    Profile,
    /// 席位
    Seat,
}
word!(Policy {
    Password = "password",
    SignIn = "sign_in",
    Session = "session",
    Upload = "upload",
    Workflow = "workflow",
    Opinion = "opinion",
    Order = "order",
    Profile = "profile",
    Seat = "seat",
});

/// What happens when somebody breaks the rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClauseMode)]
pub enum Mode {
    /// It is not done.
    #[default]
    Block,
    /// It is done, and he is told.
    Warn,
    /// It is done and noted.
    Record,
}
word!(Mode { Block = "block", Warn = "warn", Record = "record" });

/// The class of an account, for rules that differ between them (ACC-02).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountClass)]
pub enum Class {
    /// 业务用户
    #[default]
    Business,
    /// 关键用户: approves.
    Key,
    /// 系统管理用户
    System,
}
word!(Class { Business = "business", Key = "key", System = "system" });

impl Class {
    pub const ALL: [Self; 3] = [Self::Business, Self::Key, Self::System];
}

/// One value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ParameterSetting)]
pub enum Setting {
    Flag(bool),
    Whole(i64),
    Word(String),
    Words(Vec<String>),
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => flag.fmt(f),
            Self::Whole(number) => number.fmt(f),
            Self::Word(word) => f.write_str(word),
            Self::Words(words) => f.write_str(&words.join(", ")),
        }
    }
}

/// What a clause gives a parameter: one value, or one for each class of accounts that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ParameterGiven)]
pub enum Given {
    All(Setting),
    ByClass(BTreeMap<Class, Setting>),
}

impl Given {
    pub fn whole(number: i64) -> Self {
        Self::All(Setting::Whole(number))
    }

    pub fn word(word: &str) -> Self {
        Self::All(Setting::Word(word.to_owned()))
    }

    /// The value for this class, if it gives one.
    pub fn of(&self, class: Class) -> Option<&Setting> {
        match self {
            Self::All(setting) => Some(setting),
            Self::ByClass(by_class) => by_class.get(&class),
        }
    }
}

hanlin_kernel::refusal!("rulebook", Refusal);

/// Why a change of the rulebook is not done.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Another clause of the unit has this number.
    NumberTaken { number: String },
    /// Another clause of the unit sets the same parameter for the same class at the same time.
    ParameterTaken { parameter: String, number: String },
    /// A rule cannot come into force, change or end before now: what was decided under it stays explained.
    Retroactive,
}

impl Refusal {
    pub(crate) fn into_error(self) -> Error {
        self.into()
    }
}
