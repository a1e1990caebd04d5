//! 草稿: saved as it is typed, its writer's alone. Nothing of it is checked until it is handed in.

use hanlin_kernel::{Actor, AppointmentId, Error, Id, Page, PersonId, Result, Text};
use hanlin_store::{FromRow, Json, Row, Tx, params};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{gallery, model::DecisiveFact, start};
use crate::{
    engine::{Choices, Values},
    flows::{self, FlowId, VersionId},
};

/// Most drafts of one person, and most bytes of one.
const MOST: u64 = 200;
const LARGEST: usize = 1024 * 1024;

/// What is typed so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    #[schema(value_type = Object)]
    pub values: Values,
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Vec<hanlin_kernel::PersonId>>)]
    pub choices: Choices,
    #[serde(default)]
    pub appointment: Option<AppointmentId>,
    /// For whom it is filled in, where the writer is his agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
}

/// 草稿
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Draft {
    pub id: Id<Draft>,
    pub flow: FlowId,
    pub flow_name: Text,
    /// What tells it from others of the same flow; none where the flow is no longer started.
    pub facts: Vec<DecisiveFact>,
    #[serde(flatten)]
    pub content: Content,
    pub version: u64,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A draft as it is stored, with the version of its flow that would be started now.
struct Stored {
    draft: Draft,
    current: Option<VersionId>,
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self> {
        let draft = Draft {
            id: row.get("id")?,
            flow: row.get("flow")?,
            flow_name: row.get::<Json<_>>("flow_name")?.0,
            facts: Vec::new(),
            content: row.get::<Json<_>>("content")?.0,
            version: row.get("version")?,
            updated_at: row.get("updated_at")?,
        };
        Ok(Self { draft, current: row.get("current")? })
    }
}

impl Stored {
    fn with_facts(self, tx: &mut Tx) -> Result<Draft> {
        let Some(version) = self.current else { return Ok(self.draft) };
        let flow = flows::running(tx, version)?;
        Ok(Draft { facts: start::draft_facts(&flow, &self.draft.content.values), ..self.draft })
    }
}

const SELECT: &str =
    "select d.*, f.name as flow_name, f.current from workflow_draft d join workflow_flow f on f.id = d.flow";

pub(crate) fn create(tx: &mut Tx, actor: &Actor, flow: FlowId, content: &Content) -> Result<Draft> {
    bounded(content)?;
    flows::find_flow(tx, flow)?;
    if actor.external {
        gallery::card(tx, actor, flow)?;
    }
    let kept: u64 = tx.scalar("select count(*) from workflow_draft where person = $1", params![actor.principal()])?;
    if kept >= MOST {
        return Err(Error::refused("workflow", &serde_json::json!({ "code": "too_many_drafts", "most": MOST })));
    }
    let (id, now) = (Id::<Draft>::new(), tx.now());
    tx.exec(
        "insert into workflow_draft (id, person, flow, content, version, updated_at) values ($1, $2, $3, $4, 1, $5)",
        params![id, actor.principal(), flow, Json(content), now],
    )?;
    find(tx, actor, id)
}

pub(crate) fn save(tx: &mut Tx, actor: &Actor, id: Id<Draft>, seen: u64, content: &Content) -> Result<Draft> {
    bounded(content)?;
    find(tx, actor, id)?;
    let now = tx.now();
    let changed = tx.exec(
        "update workflow_draft set content = $4, version = version + 1, updated_at = $5 \
         where id = $1 and person = $2 and version = $3",
        params![id, actor.principal(), seen, Json(content), now],
    )?;
    if changed == 0 { Err(Error::Stale) } else { find(tx, actor, id) }
}

pub(crate) fn discard(tx: &mut Tx, actor: &Actor, id: Id<Draft>) -> Result<()> {
    match tx.exec("delete from workflow_draft where id = $1 and person = $2", params![id, actor.principal()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

pub(crate) fn find(tx: &mut Tx, actor: &Actor, id: Id<Draft>) -> Result<Draft> {
    let stored: Stored =
        tx.one(&format!("{SELECT} where d.id = $1 and d.person = $2"), params![id, actor.principal()])?;
    stored.with_facts(tx)
}

/// Last touched first; there are never more than one page of them.
pub(crate) fn list(tx: &mut Tx, actor: &Actor) -> Result<Page<Draft>> {
    let sql = format!("{SELECT} where d.person = $1 order by d.updated_at desc, d.id desc limit $2");
    let stored: Vec<Stored> = tx.all(&sql, params![actor.principal(), MOST])?;
    let items = stored.into_iter().map(|stored| stored.with_facts(tx)).collect::<Result<_>>()?;
    Ok(Page { items, next: None })
}

fn bounded(content: &Content) -> Result<()> {
    let size = serde_json::to_string(content).map_err(Error::internal)?.len();
    if size > LARGEST { Err(Error::TooLarge { limit: LARGEST as u64 }) } else { Ok(()) }
}
