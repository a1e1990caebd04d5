use hanlin_access::{Give, GrantId, Subject, What};
use hanlin_api::{
    App, Failure, Json, Me, Query, Reply, Routes,
    http::{HeaderValue, IntoResponse, Response, header},
    routes,
};
use hanlin_directory::model::Place;
use hanlin_kernel::{DepartmentId, Error, Page, PageRequest, Scope, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    export,
    list::{self, QueryFlow, QueryRow, Sought},
    reading,
    rights::permission_for,
};
use crate::{
    MANAGE,
    cases::lists::Wanted,
    flows::{self, FlowId},
};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .signed_in(routes!(list_query_flows, list_query_cases, export_query_cases))
        .can(hanlin_access::GRANT, routes!(create_query_grant))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AskedQuery {
    /// Words that title, number or initiator (also in pinyin) hold.
    q: Option<String>,
    /// Only cases of this flow.
    flow: Option<String>,
    /// running, completed, rejected or withdrawn.
    status: Option<String>,
    /// Begun in this department or below.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// Begun in this unit or below.
    #[param(value_type = Option<String>)]
    unit: Option<UnitId>,
    /// Submitted then or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Submitted before.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    limit: Option<u32>,
}

impl From<AskedQuery> for Sought {
    fn from(asked: AskedQuery) -> Self {
        let AskedQuery { q, flow, status, department, unit, from, before, after, limit } = asked;
        let wanted = Wanted { q, flow, status, page: PageRequest { after, limit } };
        Self { wanted, department, unit, from, before }
    }
}

/// The flows whose cases I may query.
#[utoipa::path(get, path = "/query_flows", responses((status = 200, body = Vec<QueryFlow>)))]
async fn list_query_flows(app: App, Me(me): Me) -> Reply<Vec<QueryFlow>> {
    app.read(move |tx| list::list_flows(tx, &me)).await
}

/// The cases that I may query, whether I take part in them or not; the youngest first (PERM-08).
#[utoipa::path(get, path = "/query_cases", params(AskedQuery), responses((status = 200, body = Page<QueryRow>)))]
async fn list_query_cases(app: App, Me(me): Me, Query(asked): Query<AskedQuery>) -> Reply<Page<QueryRow>> {
    let sought = Sought::from(asked);
    app.read(move |tx| list::cases(tx, &me, &sought)).await
}

/// The same as a table for a spreadsheet, all that is found.
#[utoipa::path(get, path = "/query_cases.csv", params(AskedQuery),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export_query_cases(app: App, Me(me): Me, Query(asked): Query<AskedQuery>) -> Result<Response, Failure> {
    let sought = Sought::from(asked);
    let (reader, asked) = (me.clone(), sought.clone());
    let find = move |tx: &mut Tx| {
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        let zone = me.unit.map_or(jiff::tz::TimeZone::UTC, |unit| directory.time_zone(unit, now));
        Ok((export::rows(tx, &me, &sought)?, zone))
    };
    let (rows, zone) = app.db().read(find).await?;
    // Written before the table goes out.
    let cases = rows.len();
    app.write(move |tx| reading::note_export(tx, &reader, &asked, cases)).await?;
    let table = export::csv(&rows, &zone, app.words(), app.locale());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=cases.csv")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, table).into_response())
}

/// 查询权: to whom the cases of a form are opened for reading, and over what.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = QueryGrantRequest)]
#[serde(deny_unknown_fields)]
struct QueryGrant {
    /// Absent: every form.
    flow: Option<FlowId>,
    subject: Subject,
    scope: Scope,
    /// Where the scope is measured from; absent: from where the holder is appointed.
    place: Option<Place>,
    /// Why he needs it.
    #[serde(default)]
    reason: String,
    /// Absent: from now on.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_from: Option<Timestamp>,
    /// Absent: until it is withdrawn.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_to: Option<Timestamp>,
}

/// The right that was given; it is listed and withdrawn with the others.
#[derive(Debug, Serialize, ToSchema)]
struct QueryGranted {
    id: GrantId,
}

/// Let somebody query the cases of a form over a scope. Who gives it administers flows over all of that scope, and may
/// grant there. It lets nobody start or decide anything.
#[utoipa::path(post, path = "/query_grants", request_body = QueryGrant, responses((status = 200, body = QueryGranted)))]
async fn create_query_grant(app: App, Me(me): Me, Json(asked): Json<QueryGrant>) -> Reply<QueryGranted> {
    app.write(move |tx| {
        let QueryGrant { flow, subject, scope, place, reason, valid_from, valid_to } = asked.clone();
        let about = match flow {
            Some(flow) => flows::find_flow(tx, flow).map_err(|_| Error::invalid("flow", "workflow.flow_unknown"))?.name,
            None => Text::new("全部流程", "All forms"),
        };
        let what = What::Permission(permission_for(flow));
        let give = Give { what, subject, scope, place, reason, valid_from, valid_to };
        let grant = hanlin_access::give_particular(tx, &me, give, about, MANAGE)?;
        Ok(QueryGranted { id: grant.id })
    })
    .await
}
