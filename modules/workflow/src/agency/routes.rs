use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_directory::{PersonName, Snapshot};
use hanlin_kernel::{Actor, Can, Error, Page, PersonId, Result, Text};
use hanlin_rulebook::catalogue;
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    actions::{self, End, Give},
    model::{Agency, AgencyId, Scope, Standing},
    policy, store,
};
use crate::{
    MANAGE, cases,
    flows::{self, FlowId},
};

/// Most agencies that an administrator's list shows.
const MOST: u32 = 500;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .signed_in(routes!(list_agencies, find_agency_choices, create_agency, create_agency_end))
        .can(MANAGE, routes!(list_managed_agencies))
}

/// 代理, as whoever it is about sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AgencyView {
    id: AgencyId,
    principal: PersonName,
    agent: PersonName,
    #[schema(value_type = String, format = DateTime)]
    valid_from: Timestamp,
    /// Exclusive.
    #[schema(value_type = String, format = DateTime)]
    valid_to: Timestamp,
    standing: Standing,
    scope: Scope,
    /// The flows that the scope names.
    flow_names: Vec<Text>,
    may_start: bool,
    may_decide: bool,
    reason: String,
    given_by: PersonName,
    #[schema(value_type = String, format = DateTime)]
    given_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by: Option<PersonName>,
    #[serde(skip_serializing_if = "String::is_empty")]
    ended_because: String,
    /// `end`.
    can: Can,
    /// For `If-Match`.
    version: u64,
}

/// My agencies.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Agencies {
    /// Who acts for me; the latest first.
    given: Vec<AgencyView>,
    /// For whom I act.
    received: Vec<AgencyView>,
    /// The longest period that the rules allow.
    longest_days: i64,
}

/// In which flows an agent can be named.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct AgencyChoices {
    flows: Vec<AgencyFlow>,
}

/// A flow that an agency can name.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct AgencyFlow {
    id: FlowId,
    name: Text,
    category: String,
}

#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// For whom an agent is to be named; absent: for me.
    #[param(value_type = Option<String>)]
    principal: Option<PersonId>,
}

fn views(tx: &mut Tx, actor: &Actor, agencies: &[Agency]) -> Result<Vec<AgencyView>> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let named = agencies.iter().any(|agency| !agency.scope.flows.is_empty());
    let flows = if named { flows::list_flows(tx)? } else { Vec::new() };
    let names = |scope: &Scope| {
        let named = flows.iter().filter(|flow| scope.flows.contains(&flow.id));
        named.map(|flow| flow.name.clone()).collect()
    };
    let view = |agency: &Agency| AgencyView {
        flow_names: names(&agency.scope),
        can: policy::may(actor, agency, &directory, now),
        ..plain(agency, &directory, now)
    };
    Ok(agencies.iter().map(view).collect())
}

fn plain(agency: &Agency, directory: &Snapshot, at: Timestamp) -> AgencyView {
    let name = |person| PersonName::of(person, directory);
    AgencyView {
        id: agency.id,
        principal: name(agency.principal),
        agent: name(agency.agent),
        valid_from: agency.valid_from,
        valid_to: agency.valid_to,
        standing: agency.standing(at),
        scope: agency.scope.clone(),
        flow_names: Vec::new(),
        may_start: agency.may_start,
        may_decide: agency.may_decide,
        reason: agency.reason.clone(),
        given_by: name(agency.given_by),
        given_at: agency.given_at,
        ended_at: agency.ended_at,
        ended_by: agency.ended_by.map(name),
        ended_because: agency.ended_because.clone(),
        can: Can::none(),
        version: agency.version,
    }
}

fn one(tx: &mut Tx, actor: &Actor, agency: Agency) -> Result<AgencyView> {
    views(tx, actor, &[agency])?.pop().ok_or(Error::NotFound)
}

/// Who acts for me, and for whom I act (TIME-11).
#[utoipa::path(get, path = "/agencies", responses((status = 200, body = Agencies)))]
async fn list_agencies(app: App, Me(me): Me) -> Reply<Agencies> {
    app.read(move |tx| {
        let (given, received) = match me.on_behalf_of {
            // A department's account has no agents: its people act for it anyway.
            Some(_) => (Vec::new(), Vec::new()),
            None => (store::list_of_principal(tx, me.person)?, store::list_of_agent(tx, me.person)?),
        };
        let longest = hanlin_rulebook::parameter(tx, me.unit, &catalogue::WORKFLOW_AGENCY_LONGEST_DAYS)?;
        let (given, received) = (views(tx, &me, &given)?, views(tx, &me, &received)?);
        Ok(Agencies { given, received, longest_days: longest.value })
    })
    .await
}

/// The agencies of the people where I administer flows, the latest first.
#[utoipa::path(get, path = "/managed_agencies", responses((status = 200, body = Page<AgencyView>)))]
async fn list_managed_agencies(app: App, Me(me): Me) -> Reply<Page<AgencyView>> {
    app.read(move |tx| {
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        let mut agencies = store::list_all(tx, MOST)?;
        agencies.retain(|agency| policy::administers(&me, agency.principal, &directory, now));
        Ok(Page { items: views(tx, &me, &agencies)?, next: None })
    })
    .await
}

/// The flows that somebody may start, or ever had a task in: what an agency of his can be limited to.
#[utoipa::path(get, path = "/agency_choices", params(Of), responses((status = 200, body = AgencyChoices)))]
async fn find_agency_choices(app: App, Me(me): Me, Query(of): Query<Of>) -> Reply<AgencyChoices> {
    app.read(move |tx| {
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        let principal = of.principal.unwrap_or_else(|| me.principal());
        if principal != me.principal() && !policy::administers(&me, principal, &directory, now) {
            return Err(Error::forbidden(MANAGE));
        }
        let startable = cases::startable(tx, &Actor::person(principal))?;
        let handled = store::list_handled_flows(tx, principal)?;
        let all = flows::list_flows(tx)?.into_iter();
        let his = all.filter(|flow| handled.contains(&flow.id) || startable.iter().any(|card| card.id == flow.id));
        let flows = his.map(|flow| AgencyFlow { id: flow.id, name: flow.name, category: flow.category });
        Ok(AgencyChoices { flows: flows.collect() })
    })
    .await
}

/// Name somebody who acts for me in a period; as an administrator, for another, with the reason.
#[utoipa::path(post, path = "/agencies", request_body = Give, responses((status = 200, body = AgencyView)))]
async fn create_agency(app: App, Me(me): Me, Json(intent): Json<Give>) -> Reply<AgencyView> {
    app.write(move |tx| {
        let agency = actions::give(tx, &me, intent.clone())?;
        one(tx, &me, agency)
    })
    .await
}

/// End an agency before its time.
#[utoipa::path(post, path = "/agencies/{id}/end", params(("id" = String, Path),
    ("If-Match" = String, Header, description = "The version that was read")),
    request_body = End, responses((status = 200, body = AgencyView)))]
async fn create_agency_end(
    app: App,
    Me(me): Me,
    Path(id): Path<AgencyId>,
    IfMatch(seen): IfMatch,
    Json(intent): Json<End>,
) -> Reply<AgencyView> {
    app.write(move |tx| {
        let agency = actions::end(tx, &me, id, seen, intent.clone())?;
        one(tx, &me, agency)
    })
    .await
}
