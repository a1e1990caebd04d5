//! What an administrator does with endpoints. Each is one unit of work: find for the actor, decide, save, record.

use hanlin_kernel::{Actor, Error, Id, Locale, Result, Text};
use hanlin_rulebook::catalogue;
use hanlin_store::{OnConstraint, Tx};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    address,
    events::Event,
    model::{Delivery, Endpoint, EndpointId},
    outgoing, store,
};
use crate::{
    MANAGE, cases,
    engine::{self, is_key},
    flows,
};

/// Most flows that one endpoint names.
const MOST_FLOWS: usize = 200;
/// Most deliveries that are shown.
const SHOWN: u32 = 50;
/// Most that a refusal names.
const NAMED: usize = 5;

/// Why an endpoint cannot be so.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// Another has this name.
    EndpointNameTaken,
    /// Flows in use name it.
    EndpointNamed { flows: Text },
    /// Cases run on flows that name it.
    EndpointAwaited { cases: String },
    /// A flow that is to be published names endpoints that are not registered here, or are not for it.
    EndpointsUnknown { names: String },
}
hanlin_kernel::refusal!("workflow", Refusal);

/// An endpoint, as it is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = EndpointRegistration)]
#[serde(deny_unknown_fields)]
pub(super) struct Register {
    /// What flows say: small letters, digits and `_`. It stays as it is.
    pub name: String,
    #[serde(flatten)]
    pub settings: Settings,
}

/// What can be changed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = EndpointSettings)]
pub(super) struct Settings {
    pub url: String,
    /// The ids of the flows that may ask it; none named: all.
    #[serde(default)]
    pub flows: Vec<String>,
    pub enabled: bool,
}

/// Endpoints belong to the whole house, and so does whoever administers them.
fn require(actor: &Actor) -> Result<()> {
    if actor.reaches_all(MANAGE) { Ok(()) } else { Err(Error::forbidden(MANAGE)) }
}

pub(super) fn list_for(tx: &mut Tx, actor: &Actor) -> Result<Vec<Endpoint>> {
    require(actor)?;
    store::list_endpoints(tx)
}

pub(super) fn deliveries_for(tx: &mut Tx, actor: &Actor, id: EndpointId) -> Result<Vec<Delivery>> {
    let endpoint = find_for(tx, actor, id)?;
    store::list_deliveries(tx, &endpoint.name, SHOWN)
}

fn find_for(tx: &mut Tx, actor: &Actor, id: EndpointId) -> Result<Endpoint> {
    require(actor)?;
    store::find_endpoint(tx, id)
}

/// 登记接口
pub(super) fn register(tx: &mut Tx, actor: &Actor, inside: bool, intent: Register) -> Result<Endpoint> {
    require(actor)?;
    if !is_key(&intent.name) {
        return Err(Error::invalid("name", "workflow.endpoint_name"));
    }
    let Settings { url, flows, enabled } = admitted(intent.settings, inside)?;
    let (id, now) = (Id::new(), tx.now());
    let endpoint = Endpoint {
        id,
        name: intent.name,
        url,
        flows,
        enabled,
        renewed: 0,
        old_until: None,
        version: 1,
        created_at: now,
        changed_at: now,
    };
    let taken = || Refusal::EndpointNameTaken.into();
    store::insert_endpoint(tx, &endpoint).on_unique("workflow_endpoint_name", taken)?;
    tx.record(Event::Registered { endpoint: endpoint.clone() });
    Ok(endpoint)
}

pub(super) fn change(
    tx: &mut Tx,
    actor: &Actor,
    inside: bool,
    id: EndpointId,
    seen: u64,
    settings: Settings,
) -> Result<Endpoint> {
    let before = find_seen(tx, actor, id, seen)?;
    let Settings { url, flows, enabled } = admitted(settings, inside)?;
    let after = Endpoint { url, flows, enabled, changed_at: tx.now(), ..before.clone() };
    store::save_endpoint(tx, &after)?;
    tx.record(Event::Changed { before, after });
    store::find_endpoint(tx, id)
}

/// 更换密钥: the one before counts for as long as the rules say, those before it no longer.
pub(super) fn renew_secret(tx: &mut Tx, actor: &Actor, id: EndpointId, seen: u64) -> Result<Endpoint> {
    let mut endpoint = find_seen(tx, actor, id, seen)?;
    let hours = hanlin_rulebook::parameter(tx, None, &catalogue::WORKFLOW_WEBHOOK_OLD_SECRET_HOURS)?.value;
    let now = tx.now();
    endpoint.renewed += 1;
    endpoint.old_until = (hours > 0).then(|| now + SignedDuration::from_hours(hours));
    endpoint.changed_at = now;
    store::save_endpoint(tx, &endpoint)?;
    let (renewed, old_until) = (endpoint.renewed, endpoint.old_until);
    tx.record(Event::SecretRenewed { endpoint: id, renewed, old_until });
    store::find_endpoint(tx, id)
}

/// 删除接口: only where nothing asks it any more. What becomes of one that cases may still come to is not left to chance.
pub(super) fn delete(tx: &mut Tx, actor: &Actor, id: EndpointId, seen: u64) -> Result<()> {
    let endpoint = find_seen(tx, actor, id, seen)?;
    let (flows, cases) = (flows::asking(tx, &endpoint.name)?, cases::may_ask(tx, &endpoint.name)?);
    if !flows.is_empty() {
        return Err(Refusal::EndpointNamed { flows: called(&flows) }.into());
    }
    if !cases.is_empty() {
        return Err(Refusal::EndpointAwaited { cases: listed(&cases) }.into());
    }
    store::delete_endpoint(tx, &endpoint)?;
    tx.record(Event::Deleted { endpoint });
    Ok(())
}

/// The first of them, as a sentence has them.
fn listed(names: &[String]) -> String {
    match names.get(NAMED..) {
        Some([_, ..]) => format!("{} …", names[..NAMED].join(", ")),
        _ => names.join(", "),
    }
}

/// The same of what has names in both languages.
fn called(names: &[Text]) -> Text {
    let of = |locale| listed(&names.iter().map(|name| name.in_locale(locale).to_owned()).collect::<Vec<_>>());
    Text { zh: of(Locale::ZhCn), en: Some(of(Locale::En)) }
}

/// 试一试: sends it a request that is about nothing, once.
pub(super) fn try_it(tx: &mut Tx, actor: &Actor, id: EndpointId) -> Result<Delivery> {
    let endpoint = find_for(tx, actor, id)?;
    let data = json!({ "endpoint": endpoint.name });
    let delivery = outgoing::waiting(tx, Id::new(), &endpoint.name, "endpoint.tried", &data);
    store::insert_delivery(tx, &delivery)?;
    tx.record(Event::Tried { endpoint: id });
    Ok(delivery)
}

fn find_seen(tx: &mut Tx, actor: &Actor, id: EndpointId, seen: u64) -> Result<Endpoint> {
    let endpoint = find_for(tx, actor, id)?;
    if endpoint.version == seen { Ok(endpoint) } else { Err(Error::Stale) }
}

fn admitted(mut settings: Settings, inside: bool) -> Result<Settings> {
    settings.url = settings.url.trim().to_owned();
    address::admit(&settings.url, inside)?;
    settings.flows.sort();
    settings.flows.dedup();
    if settings.flows.len() > MOST_FLOWS || settings.flows.iter().any(|flow| flow.is_empty() || flow.len() > 80) {
        return Err(Error::invalid("flows", "workflow.endpoint_flows"));
    }
    Ok(settings)
}

/// Refuses a flow that names endpoints which are not here, or not for it.
pub(crate) fn unknown_endpoints(tx: &mut Tx, flow: &engine::Flow) -> Result<()> {
    let mut unknown = Vec::new();
    for name in flow.nodes().into_iter().filter_map(|node| node.webhook()).map(|webhook| &webhook.endpoint) {
        let known = store::find_by_name(tx, name)?;
        if !known.is_some_and(|endpoint| endpoint.serves(&flow.id)) && !unknown.contains(name) {
            unknown.push(name.clone());
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(Refusal::EndpointsUnknown { names: unknown.join(", ") }.into()) }
}
