use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use hanlin_kernel::{Actor, Can, Error, FieldError, Id, Result, Text, UnitId};
use hanlin_store::{Key, OnConstraint, Tx, jobs};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    events::Event,
    model::{Flow, FlowId, FlowState, FlowVersion, FlowView, VersionId},
    store,
};
use crate::{
    MANAGE,
    cases::{self, Indexing},
    engine::{self, CheckedFlow},
    webhooks,
};

/// Why a flow cannot be done that to.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// It cannot be started: never published, or retired.
    FlowNotOpen,
    NeverPublished,
    AlreadyPublished {
        number: u32,
    },
    CodeTaken,
    /// Its older cases are found by all that is indexed.
    NothingToIndex,
}
hanlin_kernel::refusal!("workflow", Refusal);

/// A version that cases can run on.
pub(crate) struct Running {
    pub flow: Flow,
    pub version: VersionId,
    pub checked: Arc<CheckedFlow>,
}

/// Imports the content of a package as the next version of the flow of this unit; the version is a draft.
/// `source` is the package as it was written.
pub(crate) fn import(
    tx: &mut Tx,
    actor: &Actor,
    unit: UnitId,
    content: engine::Flow,
    source: &str,
) -> Result<FlowVersion> {
    if !actor.reaches(MANAGE, unit) {
        return Err(Error::forbidden(MANAGE));
    }
    import_into(tx, Some(actor), unit, content, source)
}

/// Imports and publishes, on the account of the system: for the command line and the sample.
pub fn import_and_publish(tx: &mut Tx, unit: UnitId, content: engine::Flow, source: &str) -> Result<FlowId> {
    let version = import_into(tx, None, unit, content, source)?;
    let flow = store::find_flow(tx, version.flow)?;
    let id = flow.id;
    if publish_in(tx, flow, &version)? {
        cases::index_all(tx, id)?;
    }
    Ok(version.flow)
}

/// Imports as a draft, on the account of the system: for the command line.
pub fn import_draft(tx: &mut Tx, unit: UnitId, content: engine::Flow, source: &str) -> Result<FlowId> {
    import_into(tx, None, unit, content, source).map(|version| version.flow)
}

/// The package of a flow as it was written, by its code: of the version that new cases run on, else of the latest.
/// Without a unit, of the first that has such a flow. For the command line: asks for no permission.
pub fn find_package(tx: &mut Tx, unit: Option<UnitId>, code: &str) -> Result<String> {
    let mut flows = store::list_flows(tx)?.into_iter();
    let wanted = |flow: &Flow| flow.code == code && unit.is_none_or(|unit| flow.unit == unit);
    let flow = flows.find(wanted).ok_or(Error::NotFound)?;
    let latest = store::list_versions(tx, flow.id)?.first().map(|version| version.id);
    store::source(tx, flow.current.or(latest).ok_or(Error::NotFound)?)
}

/// What the flows in use that ask this system are called.
pub(crate) fn asking(tx: &mut Tx, endpoint: &str) -> Result<Vec<Text>> {
    let mut names = Vec::new();
    for flow in store::list_flows(tx)?.into_iter().filter(|flow| flow.state == FlowState::Published) {
        if let Some(current) = flow.current
            && running(tx, current)?.flow().asks(endpoint)
        {
            names.push(flow.name);
        }
    }
    Ok(names)
}

fn import_into(
    tx: &mut Tx,
    actor: Option<&Actor>,
    unit: UnitId,
    content: engine::Flow,
    source: &str,
) -> Result<FlowVersion> {
    let json = serde_json::to_value(&content).map_err(Error::internal)?;
    let checked = content.checked().map_err(|flaws| {
        let flaw = |flaw| FieldError::new("text", "workflow.flawed").with("flaw", json_of(flaw));
        Error::Invalid(flaws.iter().map(flaw).collect())
    })?;
    let content = checked.flow();
    let flow = match store::find_by_code(tx, unit, &content.id)? {
        Some(flow) => flow,
        None => {
            let flow = Flow {
                id: Id::new(),
                unit,
                code: content.id.clone(),
                name: content.name.clone(),
                category: content.category.clone(),
                state: FlowState::Draft,
                current: None,
                core: false,
                version: 1,
            };
            store::insert_flow(tx, &flow).on_unique("workflow_flow_code", || Refusal::CodeTaken.into())?;
            flow
        }
    };
    let number = store::list_versions(tx, flow.id)?.first().map_or(1, |latest| latest.number + 1);
    let version = FlowVersion {
        id: Id::new(),
        flow: flow.id,
        number,
        state: FlowState::Draft,
        created_by: actor.map(|actor| actor.person),
        created_at: tx.now(),
        published_at: None,
    };
    store::insert_version(tx, &version, &json, source)?;
    let digest = Sha256::digest(json.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
    let Flow { id, code, .. } = flow;
    tx.record(Event::Imported { flow: id, unit, code, version: version.id, number, digest });
    Ok(version)
}

/// 发布: new cases run on this version from now on; running ones stay on theirs.
pub(crate) fn publish(tx: &mut Tx, actor: &Actor, id: VersionId) -> Result<FlowVersion> {
    let version = store::find_version(tx, id)?;
    let flow = find_for(tx, actor, version.flow)?;
    let content = checked(tx, id)?;
    webhooks::unknown_endpoints(tx, content.flow())?;
    let order = cases::IndexOrder { flow: flow.id };
    if publish_in(tx, flow, &version)? {
        jobs::start(tx, actor.person, cases::INDEX, &order)?;
    }
    store::find_version(tx, id)
}

/// Says whether fields are indexed from now on that were not before: the rows of its cases are to be written then.
fn publish_in(tx: &mut Tx, mut flow: Flow, version: &FlowVersion) -> Result<bool> {
    if flow.current == Some(version.id) && flow.state == FlowState::Published {
        return Err(Refusal::AlreadyPublished { number: version.number }.into());
    }
    let content = checked(tx, version.id)?;
    let before = flow.current;
    flow.current = Some(version.id);
    flow.state = FlowState::Published;
    flow.name = content.flow().name.clone();
    flow.category = content.flow().category.clone();
    store::save_flow(tx, &flow)?;
    store::publish_version(tx, version.id)?;
    tx.record(Event::Published { flow: flow.id, before, after: version.id, number: version.number });
    match before {
        Some(before) => {
            Ok(cases::indexes_anew(&*checked(tx, before)?, &content) || cases::lacks_lines(tx, version.flow)?)
        }
        None => Ok(false),
    }
}

/// 停用: nobody can start it any more; what runs goes on.
pub(crate) fn retire(tx: &mut Tx, actor: &Actor, id: FlowId) -> Result<Flow> {
    change_state(tx, actor, id, FlowState::Retired, |flow, before| Event::Retired { flow, before })
}

/// 恢复: it can be started again.
pub(crate) fn resume(tx: &mut Tx, actor: &Actor, id: FlowId) -> Result<Flow> {
    change_state(tx, actor, id, FlowState::Published, |flow, before| Event::Resumed { flow, before })
}

/// 核心流程: watched before the others at the desk of running cases, or no longer (FLOW-31).
pub(crate) fn mark_core(tx: &mut Tx, actor: &Actor, id: FlowId, core: bool) -> Result<Flow> {
    let mut flow = find_for(tx, actor, id)?;
    let before = std::mem::replace(&mut flow.core, core);
    if before != core {
        store::save_flow(tx, &flow)?;
        tx.record(Event::CoreMarked { flow: id, before, after: core });
    }
    store::find_flow(tx, id)
}

fn change_state(
    tx: &mut Tx,
    actor: &Actor,
    id: FlowId,
    to: FlowState,
    event: impl FnOnce(FlowId, FlowState) -> Event,
) -> Result<Flow> {
    let mut flow = find_for(tx, actor, id)?;
    if flow.current.is_none() {
        return Err(Refusal::NeverPublished.into());
    }
    let before = std::mem::replace(&mut flow.state, to);
    if before != to {
        store::save_flow(tx, &flow)?;
        tx.record(event(id, before));
    }
    store::find_flow(tx, id)
}

/// 补写: writes what older cases have in the indexed fields, where that was begun and stopped.
pub(crate) fn index_again(tx: &mut Tx, actor: &Actor, id: FlowId) -> Result<Indexing> {
    let flow = find_for(tx, actor, id)?;
    if indexing_of(tx, id)?.stopped {
        jobs::start(tx, actor.person, cases::INDEX, &cases::IndexOrder { flow: flow.id })?;
    }
    indexing_of(tx, id)
}

fn indexing_of(tx: &mut Tx, id: FlowId) -> Result<Indexing> {
    cases::unfinished_indexing(tx)?.remove(&id).ok_or_else(|| Refusal::NothingToIndex.into())
}

/// The flows whose unit he manages, with their versions.
pub(crate) fn list_for(tx: &mut Tx, actor: &Actor) -> Result<Vec<FlowView>> {
    let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    let mut indexing = cases::unfinished_indexing(tx)?;
    let mut views = Vec::new();
    for flow in store::list_flows(tx)? {
        let can = Can::none().when("manage", actor.reaches(MANAGE, flow.unit));
        if can.allows("manage") {
            let unit_name = directory.unit(flow.unit, at).map(|unit| unit.name.clone()).unwrap_or_default();
            let versions = store::list_versions(tx, flow.id)?;
            let running = store::count_running(tx, flow.id)?;
            let indexing = indexing.remove(&flow.id);
            views.push(FlowView { flow, unit_name, versions, running, indexing, can });
        }
    }
    Ok(views)
}

/// The package of a version, as it was written.
pub(crate) fn source_for(tx: &mut Tx, actor: &Actor, id: VersionId) -> Result<String> {
    let version = store::find_version(tx, id)?;
    find_for(tx, actor, version.flow)?;
    store::source(tx, id)
}

fn find_for(tx: &mut Tx, actor: &Actor, id: FlowId) -> Result<Flow> {
    let flow = store::find_flow(tx, id)?;
    if actor.reaches(MANAGE, flow.unit) { Ok(flow) } else { Err(Error::NotFound) }
}

/// What a new case of this flow runs on.
pub(crate) fn current(tx: &mut Tx, id: FlowId) -> Result<Running> {
    let flow = store::find_flow(tx, id)?;
    match (flow.state, flow.current) {
        (FlowState::Published, Some(version)) => Ok(Running { flow, version, checked: checked(tx, version)? }),
        _ => Err(Refusal::FlowNotOpen.into()),
    }
}

/// What a case runs on.
pub(crate) fn running(tx: &mut Tx, id: VersionId) -> Result<Arc<CheckedFlow>> {
    checked(tx, id)
}

/// The versions of a flow that cases run on.
pub(crate) fn published(tx: &mut Tx, id: FlowId) -> Result<Vec<Arc<CheckedFlow>>> {
    let versions = store::list_versions(tx, id)?.into_iter().filter(|version| version.published_at.is_some());
    versions.map(|version| checked(tx, version.id)).collect()
}

/// The key under which a flow is changed.
pub(crate) fn key(id: FlowId) -> Key {
    Key::of(id)
}

/// Checked versions by id. A version's content never changes, so nothing here ever goes stale.
#[derive(Default)]
struct Remembered(Mutex<HashMap<VersionId, Arc<CheckedFlow>>>);

fn checked(tx: &mut Tx, id: VersionId) -> Result<Arc<CheckedFlow>> {
    let remembered = tx.memo::<Remembered>();
    if let Some(known) = remembered.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
        return Ok(known.clone());
    }
    let content: engine::Flow = serde_json::from_value(store::content(tx, id)?).map_err(Error::internal)?;
    let checked = content.checked().map_err(|flaws| Error::internal(format!("version {id} is broken: {flaws:?}")))?;
    let checked = Arc::new(checked);
    remembered.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, checked.clone());
    Ok(checked)
}

fn json_of(flaw: &engine::Flaw) -> serde_json::Value {
    serde_json::to_value(flaw).expect("flaws are keys, codes and places")
}
