use hanlin_access::{Give, GrantId, Subject, What};
use hanlin_api::{
    App, Failure, Json, Me, Path, Query, Reply, Routes,
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
    fields::{self, QueryField, QueryFields},
    list::{self, QueryFlow, QueryRow, Sought},
    named::{self, AskedNames, QueryName},
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
        .signed_in(routes!(list_query_flows, list_query_fields, list_query_names, list_query_cases, export_query_cases))
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
    /// Conditions on indexed fields of the flow, as JSON: `[{"field": "amount", "from": "100", "to": "200"},
    /// {"field": "item", "prefix": "纸"}, {"field": "kind", "is": ["urgent"]}]`. All of them hold; those on columns of
    /// one table (`items.price`) in one of its rows.
    #[serde(rename = "where")]
    #[param(rename = "where")]
    conditions: Option<String>,
    /// An indexed field of the flow to put them in order by, the largest first with `-` before it; cases in which it is
    /// empty come last. Not a column of a table. Absent: the youngest first.
    sort: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    limit: Option<u32>,
}

impl TryFrom<AskedQuery> for Sought {
    type Error = Error;

    fn try_from(asked: AskedQuery) -> Result<Self, Error> {
        let AskedQuery { q, flow, status, department, unit, from, before, conditions, sort, after, limit } = asked;
        let wanted = Wanted { q, flow, status, page: PageRequest { after, limit } };
        let conditions = fields::conditions(conditions.as_deref())?;
        let sort = sort.filter(|sort| !sort.is_empty());
        Ok(Self { wanted, department, unit, from, before, conditions, sort })
    }
}

/// The flows whose cases I may query.
#[utoipa::path(get, path = "/query_flows", responses((status = 200, body = Vec<QueryFlow>)))]
async fn list_query_flows(app: App, Me(me): Me) -> Reply<Vec<QueryFlow>> {
    app.read(move |tx| list::list_flows(tx, &me)).await
}

/// The indexed fields of a flow whose cases I may query, as far as they are told to me: by them they can be found.
#[utoipa::path(get, path = "/query_flows/{id}/fields", params(("id" = String, Path)),
    responses((status = 200, body = QueryFields)))]
async fn list_query_fields(app: App, Me(me): Me, Path(id): Path<FlowId>) -> Reply<QueryFields> {
    app.read(move |tx| fields::list(tx, &me, id)).await
}

/// What an indexed field names in the cases of a flow that I may query, other cases or records, the latest first: by one of them
/// its cases can be found. A page looks through so many cases, `next` says where to go on; it may hold what another page has, or
/// nothing, and yet not be the last.
#[utoipa::path(get, path = "/query_flows/{id}/fields/{field}/names",
    params(("id" = String, Path), ("field" = String, Path), AskedNames), responses((status = 200, body = Page<QueryName>)))]
async fn list_query_names(
    app: App,
    Me(me): Me,
    Path((id, field)): Path<(FlowId, String)>,
    Query(asked): Query<AskedNames>,
) -> Reply<Page<QueryName>> {
    app.read(move |tx| named::list(tx, &me, id, &field, &asked)).await
}

/// The cases that I may query, whether I take part in them or not; the youngest first (PERM-08).
#[utoipa::path(get, path = "/query_cases", params(AskedQuery), responses((status = 200, body = Page<QueryRow>)))]
async fn list_query_cases(app: App, Me(me): Me, Query(asked): Query<AskedQuery>) -> Reply<Page<QueryRow>> {
    let sought = Sought::try_from(asked)?;
    app.read(move |tx| list::cases(tx, &me, &sought)).await
}

/// The same as a table for a spreadsheet, all that is found.
#[utoipa::path(get, path = "/query_cases.csv", params(AskedQuery),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export_query_cases(app: App, Me(me): Me, Query(asked): Query<AskedQuery>) -> Result<Response, Failure> {
    let sought = Sought::try_from(asked)?;
    let (reader, asked) = (me.clone(), sought.clone());
    let find = move |tx: &mut Tx| {
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        let zone = me.unit.map_or(jiff::tz::TimeZone::UTC, |unit| directory.time_zone(unit, now));
        let fields: Vec<QueryField> = list::fields_sought(tx, &me, &sought)?.into_iter().map(QueryField::of).collect();
        Ok((export::rows(tx, &me, &sought)?, fields, zone))
    };
    let (rows, fields, zone) = app.db().read(find).await?;
    // Written before the table goes out.
    let cases = rows.len();
    app.write(move |tx| reading::note_export(tx, &reader, &asked, cases)).await?;
    let table = export::csv(&rows, &fields, &zone, app.words(), app.locale());
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
