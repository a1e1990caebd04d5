//! What whoever fills in may name in a field of related cases.

use hanlin_api::{App, Me, Path, Query, Reply, Routes, routes};
use hanlin_forms::form::{FieldType, Form};
use hanlin_kernel::{Error, Page, PageRequest, PersonId, Result};
use serde::Deserialize;
use utoipa::IntoParams;

use super::choosing::{self, CaseToName, Sought};
use crate::{
    agency,
    cases::{follow_ups, gallery, model::CaseId, store},
    flows::{self, FlowId},
};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.external(routes!(list_cases_to_name_of_flow, list_cases_to_name_of_case))
}

#[derive(Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AskedToName {
    /// Words that title, number or initiator (also in pinyin) hold.
    q: Option<String>,
    /// Only this one.
    #[param(value_type = Option<String>)]
    id: Option<CaseId>,
    /// Whose agent I am, where I fill it in for another (TIME-11).
    #[param(value_type = Option<String>)]
    on_behalf_of: Option<PersonId>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    limit: Option<u32>,
}

impl AskedToName {
    fn sought(self, not: Option<CaseId>) -> Sought {
        let Self { q, id, after, limit, on_behalf_of: _ } = self;
        Sought { q, id, not, page: PageRequest { after, limit } }
    }
}

/// The cases that I may name in a field of a form that I begin: those in which I, or for whom I begin it, take part, the latest
/// first (FORM-01). A page looks through so many; `next` says where to go on.
#[utoipa::path(get, path = "/flows/{id}/fields/{field}/cases", params(("id" = String, Path), ("field" = String, Path), AskedToName),
    responses((status = 200, body = Page<CaseToName>)))]
async fn list_cases_to_name_of_flow(
    app: App,
    Me(me): Me,
    Path((id, field)): Path<(FlowId, String)>,
    Query(asked): Query<AskedToName>,
) -> Reply<Page<CaseToName>> {
    app.read(move |tx| {
        let worn = agency::hats::to_start(tx, &me, asked.on_behalf_of, id)?;
        if worn.actor.external {
            gallery::card(tx, &worn.actor, id)?;
        }
        names_cases(flows::current(tx, id)?.checked.form().form(), &field)?;
        choosing::list(tx, &worn.actor, &asked.clone().sought(None))
    })
    .await
}

/// The same in a case that I may read, by the version that it runs on.
#[utoipa::path(get, path = "/cases/{id}/fields/{field}/cases", params(("id" = String, Path), ("field" = String, Path), AskedToName),
    responses((status = 200, body = Page<CaseToName>)))]
async fn list_cases_to_name_of_case(
    app: App,
    Me(me): Me,
    Path((id, field)): Path<(CaseId, String)>,
    Query(asked): Query<AskedToName>,
) -> Reply<Page<CaseToName>> {
    app.read(move |tx| {
        let case = store::find_to_read(tx, &me, id)?;
        let flow = follow_ups::flow_of(tx, &case)?;
        names_cases(flow.form().form(), &field)?;
        let actor = agency::hats::to_fill(tx, &me, &case)?;
        choosing::list(tx, &actor, &asked.clone().sought(Some(id)))
    })
    .await
}

fn names_cases(form: &Form, field: &str) -> Result<()> {
    let field = form.field(field).filter(|field| field.kind == FieldType::Case);
    field.map(|_| ()).ok_or(Error::NotFound)
}
