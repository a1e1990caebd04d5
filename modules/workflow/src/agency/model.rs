use std::collections::BTreeSet;

use hanlin_kernel::{Id, PersonId};
use hanlin_store::{FromRow, Json, Row};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::flows::FlowId;

pub type AgencyId = Id<Agency>;

/// 代理: one acts for another, in a period, in certain flows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agency {
    pub id: AgencyId,
    /// Whose work it is.
    pub principal: PersonId,
    pub agent: PersonId,
    pub valid_from: Timestamp,
    /// Exclusive.
    pub valid_to: Timestamp,
    #[serde(flatten)]
    pub scope: Scope,
    /// Hand in forms for him, and correct what comes back.
    pub may_start: bool,
    /// Do the tasks that wait for him.
    pub may_decide: bool,
    pub reason: String,
    pub given_by: PersonId,
    pub given_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<PersonId>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ended_because: String,
    pub version: u64,
}

/// In which flows: those that are named, and those of the categories that are named; nothing named: all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AgencyScope)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    #[schema(value_type = Vec<String>)]
    pub flows: BTreeSet<FlowId>,
    #[schema(value_type = Vec<String>)]
    pub categories: BTreeSet<String>,
}

impl Scope {
    pub(crate) fn is_everything(&self) -> bool {
        self.flows.is_empty() && self.categories.is_empty()
    }

    pub(crate) fn covers(&self, flow: FlowId, category: &str) -> bool {
        self.is_everything() || self.flows.contains(&flow) || self.categories.contains(category)
    }
}

/// How an agency stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AgencyStanding)]
pub enum Standing {
    /// It has not begun.
    Ahead,
    InForce,
    /// Its period is over, or it was ended.
    Over,
}

impl Agency {
    /// Until when it holds in fact.
    pub(crate) fn until(&self) -> Timestamp {
        self.ended_at.map_or(self.valid_to, |ended| ended.min(self.valid_to))
    }

    pub(crate) fn standing(&self, at: Timestamp) -> Standing {
        match self.until() {
            until if until <= at => Standing::Over,
            _ if self.valid_from > at => Standing::Ahead,
            _ => Standing::InForce,
        }
    }

    /// Do both hold at some instant?
    pub(crate) fn meets(&self, other: &Agency) -> bool {
        self.valid_from < other.until() && other.valid_from < self.until()
    }
}

impl FromRow for Agency {
    fn from_row(row: &Row) -> hanlin_kernel::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            principal: row.get("principal")?,
            agent: row.get("agent")?,
            valid_from: row.get("valid_from")?,
            valid_to: row.get("valid_to")?,
            scope: Scope { flows: row.get::<Json<_>>("flows")?.0, categories: row.get::<Json<_>>("categories")?.0 },
            may_start: row.get("may_start")?,
            may_decide: row.get("may_decide")?,
            reason: row.get("reason")?,
            given_by: row.get("given_by")?,
            given_at: row.get("given_at")?,
            ended_at: row.get("ended_at")?,
            ended_by: row.get("ended_by")?,
            ended_because: row.get("ended_because")?,
            version: row.get("version")?,
        })
    }
}
