//! 谁: how a flow says who handles a node (FLOW-02).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    model::{FieldId, Key},
    reference::{GroupRef, PersonRef, PostRef, RankRef, UnitRef},
};

/// 谁: one rule, or several whose people are joined in order, each person once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Who(pub Vec<Rule>);

/// How people are found (FLOW-02). Organisation questions are answered by `Facts` as of the moment a node opens; the
/// answer is stored with the task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Rule {
    /// A named person.
    Person { person: PersonRef },
    /// All holders of a post in the initiator's unit or the nearest unit above that has one, unless a unit is named.
    Post {
        post: PostRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<UnitRef>,
    },
    /// All members of a group.
    Group { group: GroupRef },
    /// 部门负责人 of a department the initiator belongs to.
    Head {
        #[serde(default, skip_serializing_if = "DepartmentLevel::is_own")]
        of: DepartmentLevel,
    },
    /// 逐级: heads upwards from the initiator's department, nearest first; with quorum `in_turn` level by level.
    HeadChain { until: Until },
    /// 直接上级 of the initiator.
    Superior,
    /// 分管领导 of the initiator's department, by division of work.
    InCharge,
    /// The initiator himself; `on_initiator` does not apply.
    Initiator,
    /// 自选: the initiator chooses when submitting (FLOW-08).
    InitiatorChoice {
        /// Among whom; nobody named = anyone in service.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        among: Vec<Rule>,
        #[serde(default = "one")]
        min: u32,
        /// Absent: as many as he likes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
    },
    /// Whoever decides that earlier node chooses, when he agrees there (FLOW-07).
    ChosenBy {
        node: Key,
        /// Among whom; nobody named = anyone of the house in service.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        among: Vec<Rule>,
        #[serde(default = "one")]
        min: u32,
        /// Absent: as many as he likes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
    },
    /// The people in a person field of the form.
    Field { field: FieldId },
    /// Whoever decided an earlier node of this case.
    HandlerOf { node: Key },
    /// The head of the department of whoever decided just before, each one's; of the first node, the initiator's. Who heads
    /// it himself has his superior.
    HeadOfPrevious {
        #[serde(default, skip_serializing_if = "DepartmentLevel::is_own")]
        of: DepartmentLevel,
    },
    /// 逐级: heads upwards from whoever decided just before, himself left out.
    ChainFromPrevious { until: Until },
    /// Everyone of this rank or a higher one in the initiator's unit, unless a unit is named (FLOW-13).
    Rank {
        at_least: RankRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<UnitRef>,
    },
    /// The heads of the departments that are chosen in this field: one of departments, or a choice whose options are their
    /// codes (FLOW-07).
    HeadsInField { field: FieldId },
    /// 核决权限: whom that table of the flow says for these values, on this day (FLOW-20).
    Authority { table: Key },
    /// 负载均衡: of all whom these find, the one with the fewest open tasks; of several, the first.
    LoadBalance { among: Vec<Rule> },
}

impl Rule {
    /// This rule and those within it.
    pub fn each(&self) -> Vec<&Rule> {
        match self {
            Self::InitiatorChoice { among, .. } | Self::ChosenBy { among, .. } | Self::LoadBalance { among } => {
                std::iter::once(self).chain(among.iter().flat_map(Self::each)).collect()
            }
            _ => vec![self],
        }
    }

    /// Are they chosen by somebody on the way, or before it?
    pub(crate) fn is_choice(&self) -> bool {
        matches!(self, Self::InitiatorChoice { .. } | Self::ChosenBy { .. })
    }

    /// The field by which it finds people.
    pub(crate) fn field(&self) -> Option<&FieldId> {
        match self {
            Self::Field { field } | Self::HeadsInField { field } => Some(field),
            _ => None,
        }
    }
}

fn one() -> u32 {
    1
}

/// Which department on the way up from the initiator's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DepartmentLevel {
    /// His own.
    #[default]
    Own,
    /// So many departments above his own, 1 = the next above.
    Up(u8),
    /// The nearest one upwards whose level bears this code, for example `division`.
    Level(String),
}

impl DepartmentLevel {
    fn is_own(&self) -> bool {
        *self == Self::Own
    }
}

/// Where a chain of heads ends; the last one is included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// So many heads.
    Heads(u8),
    /// The department whose level bears this code.
    Level(String),
    /// The first head of this rank or a higher one.
    Rank(RankRef),
    /// The top of the unit.
    Top,
}
