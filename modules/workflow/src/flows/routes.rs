use hanlin_api::{App, Failure, Json, Me, Path, Reply, Routes, routes};
use hanlin_kernel::{Error, Page, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    actions,
    model::{Flow, FlowId, FlowVersion, FlowView, VersionId},
};
use crate::{
    MANAGE,
    cases::Indexing,
    package::{self, Installation, Problem},
};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.can(
        MANAGE,
        routes!(
            list_managed_flows,
            create_flow_package_check,
            create_flow_package,
            find_flow_package,
            create_flow_publication,
            create_flow_retirement,
            create_flow_resumption,
            update_flow_core,
            create_flow_indexing
        ),
    )
}

/// A package to check or import.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PackageText {
    /// The YAML text of the package.
    text: String,
    /// The unit that will own the flow; absent: one's own.
    #[serde(default)]
    unit: Option<UnitId>,
}

/// Is a flow watched before the others?
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CoreMark {
    core: bool,
}

/// What was found in a package: an error keeps it from being imported, a warning does not.
#[derive(Serialize, ToSchema)]
struct PackageChecked {
    problems: Vec<Problem>,
    /// The version that was made, if it was imported.
    version: Option<FlowVersion>,
}

/// A package as it was written.
#[derive(Serialize, ToSchema)]
struct PackageSource {
    text: String,
}

/// The flows I manage, with their versions.
#[utoipa::path(get, path = "/managed_flows", responses((status = 200, body = Page<FlowView>)))]
async fn list_managed_flows(app: App, Me(me): Me) -> Reply<Page<FlowView>> {
    app.read(move |tx| Ok(Page { items: actions::list_for(tx, &me)?, next: None })).await
}

/// Check a package without importing it.
#[utoipa::path(post, path = "/flow_package_checks", request_body = PackageText, responses((status = 200, body = PackageChecked)))]
async fn create_flow_package_check(app: App, Me(_me): Me, Json(package): Json<PackageText>) -> Reply<PackageChecked> {
    app.read(move |tx| {
        let problems = match package::read_for(&package.text, &Installation::of(tx)?) {
            Ok((_, warnings)) => warnings,
            Err(problems) => problems,
        };
        Ok(PackageChecked { problems, version: None })
    })
    .await
}

/// Import a package as the next version of its flow, as a draft. With errors nothing is imported and they are answered.
#[utoipa::path(post, path = "/flow_packages", request_body = PackageText, responses((status = 200, body = PackageChecked)))]
async fn create_flow_package(app: App, Me(me): Me, Json(package): Json<PackageText>) -> Reply<PackageChecked> {
    let unit = package.unit.or(me.unit).ok_or_else(|| Failure(Error::invalid("unit", "workflow.unit_missing")))?;
    let text = package.text.clone();
    // Read before the unit of work: a long file must not keep others waiting.
    let examined = app.db().read(move |tx| Ok(package::read_for(&text, &Installation::of(tx)?))).await?;
    app.write(move |tx| match examined.clone() {
        Err(problems) => Ok(PackageChecked { problems, version: None }),
        Ok((read, problems)) => {
            let version = actions::import(tx, &me, unit, read.flow, &package.text)?;
            Ok(PackageChecked { problems, version: Some(version) })
        }
    })
    .await
}

/// The package of a version, as it was written.
#[utoipa::path(get, path = "/flow_versions/{id}/package", params(("id" = String, Path)), responses((status = 200, body = PackageSource)))]
async fn find_flow_package(app: App, Me(me): Me, Path(id): Path<VersionId>) -> Reply<PackageSource> {
    app.read(move |tx| Ok(PackageSource { text: actions::source_for(tx, &me, id)? })).await
}

/// Publish a version: new cases run on it.
#[utoipa::path(post, path = "/flow_versions/{id}/publication", params(("id" = String, Path)), responses((status = 200, body = FlowVersion)))]
async fn create_flow_publication(app: App, Me(me): Me, Path(id): Path<VersionId>) -> Reply<FlowVersion> {
    app.write(move |tx| actions::publish(tx, &me, id)).await
}

/// Retire a flow: nobody can start it; what runs goes on.
#[utoipa::path(post, path = "/flows/{id}/retirement", params(("id" = String, Path)), responses((status = 200, body = Flow)))]
async fn create_flow_retirement(app: App, Me(me): Me, Path(id): Path<FlowId>) -> Reply<Flow> {
    app.write_on(&[actions::key(id)], move |tx| actions::retire(tx, &me, id)).await
}

/// Let a retired flow be started again.
#[utoipa::path(post, path = "/flows/{id}/resumption", params(("id" = String, Path)), responses((status = 200, body = Flow)))]
async fn create_flow_resumption(app: App, Me(me): Me, Path(id): Path<FlowId>) -> Reply<Flow> {
    app.write_on(&[actions::key(id)], move |tx| actions::resume(tx, &me, id)).await
}

/// Watch a flow before the others at the desk of running cases, or no longer.
#[utoipa::path(put, path = "/flows/{id}/core", params(("id" = String, Path)), request_body = CoreMark,
    responses((status = 200, body = Flow)))]
async fn update_flow_core(app: App, Me(me): Me, Path(id): Path<FlowId>, Json(mark): Json<CoreMark>) -> Reply<Flow> {
    app.write_on(&[actions::key(id)], move |tx| actions::mark_core(tx, &me, id, mark.core)).await
}

/// Write what older cases have in the indexed fields once more, where that stopped; how far it is.
#[utoipa::path(post, path = "/flows/{id}/indexing", params(("id" = String, Path)), responses((status = 200, body = Indexing)))]
async fn create_flow_indexing(app: App, Me(me): Me, Path(id): Path<FlowId>) -> Reply<Indexing> {
    app.write_on(&[actions::key(id)], move |tx| actions::index_again(tx, &me, id)).await
}
