use std::collections::HashMap;

use hanlin_kernel::{Error, Result};
use hanlin_store::{FromRow, Json, Remembered, Row, Tx, params};
use serde_json::Value;

use super::model::{Flow, FlowCard, FlowId, FlowState, FlowVersion, VersionId};

impl FromRow for Flow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            code: row.get("code")?,
            name: row.get::<Json<_>>("name")?.0,
            category: row.get("category")?,
            state: state(row)?,
            current: row.get("current")?,
            core: row.get("core")?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for FlowVersion {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            flow: row.get("flow")?,
            number: row.get("number")?,
            state: state(row)?,
            created_by: row.get("created_by")?,
            created_at: row.get("created_at")?,
            published_at: row.get("published_at")?,
        })
    }
}

hanlin_store::from_row!(FlowCard { id, code, name: json, category, number });

fn state(row: &Row) -> Result<FlowState> {
    let name: String = row.get("state")?;
    FlowState::named(&name).ok_or_else(|| Error::internal(format!("`{name}` is not the state of a flow")))
}

/// Every flow there is: each decision asks for its own, and they change seldom. In the order of the gallery.
pub(crate) struct AllFlows {
    flows: Vec<Flow>,
    places: HashMap<FlowId, usize>,
}

impl Remembered for AllFlows {
    const NAME: &'static str = "workflow_flow";

    fn read(tx: &mut Tx) -> Result<Self> {
        let flows: Vec<Flow> = tx.all("select * from workflow_flow order by category, code, id", &[])?;
        let places = flows.iter().enumerate().map(|(place, flow)| (flow.id, place)).collect();
        Ok(Self { flows, places })
    }
}

pub(crate) fn insert_flow(tx: &mut Tx, flow: &Flow) -> Result<()> {
    let Flow { id, unit, code, name, category, state, current, core, version } = flow;
    tx.exec(
        "insert into workflow_flow (id, unit, code, name, category, state, current, core, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![id, unit, code, Json(name), category, state.name(), current, core, version],
    )?;
    tx.changed::<AllFlows>()
}

/// Saves what may change, unless someone else did meanwhile.
pub(crate) fn save_flow(tx: &mut Tx, flow: &Flow) -> Result<()> {
    let changed = tx.exec(
        "update workflow_flow set name = $2, category = $3, state = $4, current = $5, core = $6, \
         version = version + 1 where id = $1 and version = $7",
        params![flow.id, Json(&flow.name), flow.category, flow.state.name(), flow.current, flow.core, flow.version],
    )?;
    if changed == 0 { Err(Error::Stale) } else { tx.changed::<AllFlows>() }
}

pub(crate) fn find_flow(tx: &mut Tx, id: FlowId) -> Result<Flow> {
    let all = tx.remembered::<AllFlows>()?;
    all.places.get(&id).map(|place| all.flows[*place].clone()).ok_or(Error::NotFound)
}

pub(crate) fn find_by_code(tx: &mut Tx, unit: hanlin_kernel::UnitId, code: &str) -> Result<Option<Flow>> {
    let all = tx.remembered::<AllFlows>()?;
    Ok(all.flows.iter().find(|flow| flow.unit == unit && flow.code == code).cloned())
}

/// The flow of this code, of that unit or the nearest above it.
pub(crate) fn find_upwards(tx: &mut Tx, unit: hanlin_kernel::UnitId, code: &str) -> Result<Option<Flow>> {
    let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    for unit in directory.units_upwards(unit, at) {
        let found = find_by_code(tx, unit, code)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

pub(crate) fn list_flows(tx: &mut Tx) -> Result<Vec<Flow>> {
    Ok(tx.remembered::<AllFlows>()?.flows.clone())
}

/// What can be started somewhere, in the order of the gallery.
pub(crate) fn list_published(tx: &mut Tx) -> Result<Vec<(FlowCard, VersionId, hanlin_kernel::UnitId)>> {
    let rows = tx.rows(
        "select f.id, f.code, f.name, f.category, f.unit, f.current, v.number \
         from workflow_flow f join workflow_version v on v.id = f.current \
         where f.state = 'published' order by f.category, f.code, f.id",
        &[],
    )?;
    rows.iter().map(|row| Ok((FlowCard::from_row(row)?, row.get("current")?, row.get("unit")?))).collect()
}

pub(crate) fn insert_version(tx: &mut Tx, version: &FlowVersion, content: &Value, source: &str) -> Result<()> {
    let FlowVersion { id, flow, number, state, created_by, created_at, published_at } = version;
    tx.queue(
        "insert into workflow_version (id, flow, number, state, content, source, created_by, created_at, published_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![id, flow, number, state.name(), Json(content), source, created_by, created_at, published_at],
    )
}

pub(crate) fn find_version(tx: &mut Tx, id: VersionId) -> Result<FlowVersion> {
    tx.one(&version_sql("id = $1"), params![id])
}

pub(crate) fn list_versions(tx: &mut Tx, flow: FlowId) -> Result<Vec<FlowVersion>> {
    tx.all(&format!("{} order by number desc", version_sql("flow = $1")), params![flow])
}

fn version_sql(filter: &str) -> String {
    format!("select id, flow, number, state, created_by, created_at, published_at from workflow_version where {filter}")
}

pub(crate) fn publish_version(tx: &mut Tx, id: VersionId) -> Result<()> {
    let now = tx.now();
    tx.queue(
        "update workflow_version set state = 'published', published_at = coalesce(published_at, $2) where id = $1",
        params![id, now],
    )
}

pub(crate) fn content(tx: &mut Tx, id: VersionId) -> Result<Value> {
    tx.scalar::<Json<Value>>("select content from workflow_version where id = $1", params![id]).map(|json| json.0)
}

pub(crate) fn source(tx: &mut Tx, id: VersionId) -> Result<String> {
    tx.scalar("select source from workflow_version where id = $1", params![id])
}

/// The number of a version, its content, and the package it was made from.
pub(crate) fn as_published(tx: &mut Tx, id: VersionId) -> Result<(u32, Value, String)> {
    Ok((find_version(tx, id)?.number, content(tx, id)?, source(tx, id)?))
}

pub(crate) fn count_running(tx: &mut Tx, flow: FlowId) -> Result<u64> {
    tx.scalar("select count(*) from workflow_case where flow = $1 and status = 'running'", params![flow])
}
