//! 纸质办理, over HTTP: the form is printed, signed by hand, and comes back as a scan (FLOW-35).

use hanlin_api::{App, Me, Path, Reply, Routes, routes};
use hanlin_directory::PersonName;
use hanlin_kernel::{Actor, Error, FieldError, Result};
use hanlin_rulebook::catalogue::UPLOAD_SCAN_TYPES;
use hanlin_store::Tx;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    CASE,
    actions::{act, file_ids},
    lists,
    model::{CaseId, TaskId},
    operations::intend,
    routes::Done,
    world::World,
};
use crate::engine::{self, CheckedFlow, Event, Intent, Signing, What, case::Task};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.external(routes!(create_printing))
}

/// What the holder of a task that is done on paper must know.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PaperView {
    /// Whose signature it may be; nobody: his own.
    pub signers: Vec<PersonName>,
    /// Which printing of the form was the last; none: it was not printed yet.
    pub edition: Option<u32>,
    /// The form is still what was printed: who signs it signs what stands here.
    pub is_current: bool,
    /// The first day that the signature can bear.
    #[schema(value_type = Option<String>, format = Date)]
    pub earliest: Option<Date>,
    /// What a scan may be (RULE-23): `pdf`, `jpeg` …
    pub types: Vec<String>,
}

pub(super) fn view(flow: &CheckedFlow, case: &engine::Case, task: &Task, world: &World) -> Option<PaperView> {
    let engine::PaperDesk { signers, edition, is_current, earliest } = engine::paper_desk(flow, case, task, world)?;
    let signers = signers.into_iter().map(|person| lists::name(&world.directory, person)).collect();
    Some(PaperView { signers, edition, is_current, earliest, types: types(world) })
}

/// Scans become part of the case, if they are what the rulebook lets them be.
pub(super) fn attach(tx: &mut Tx, actor: &Actor, world: &World, id: CaseId, events: &[Event]) -> Result<()> {
    let scans = events.iter().filter_map(|event| match &event.what {
        What::SignedOnPaper { paper, .. } => Some(&paper.scan),
        _ => None,
    });
    for scan in scans {
        let (ids, thing) = (file_ids(Some(&scan.clone().into()), "scan")?, id.to_string());
        hanlin_files::attach(tx, actor, &ids, CASE, &thing, "scan")?;
        let types = types(world);
        let is_scan = |media_type: &str| types.iter().any(|kind| media_type.rsplit('/').next() == Some(kind));
        let files = hanlin_files::check_attachable(tx, actor, &ids, CASE, &thing, "scan")?;
        if let Some(file) = files.iter().find(|file| !is_scan(&file.media_type)) {
            let error = FieldError::new("scan", "workflow.not_a_scan").with("name", file.name.as_str());
            return Err(Error::Invalid(vec![error.with("types", types.join(", "))]));
        }
    }
    Ok(())
}

fn types(world: &World) -> Vec<String> {
    world.rules.parameter(world.unit, world.at, &UPLOAD_SCAN_TYPES).value
}

/// In the same unit: where he may not agree then, nothing is recorded.
pub(super) fn sign(tx: &mut Tx, me: &Actor, id: TaskId, signing: &Option<Signing>) -> Result<()> {
    if let Some(signing) = signing.clone() {
        act(tx, me, id.case, Intent::SignOnPaper { task: id.no, signing })?;
    }
    Ok(())
}

/// I print the form, to have it signed on paper: from now on a change of it is noticed.
#[utoipa::path(post, path = "/tasks/{id}/printing", params(("id" = String, Path)), responses((status = 200, body = Done)))]
async fn create_printing(app: App, Me(me): Me, Path(id): Path<TaskId>) -> Reply<Done> {
    intend(app, me, id.case, Intent::Print { task: id.no }).await
}
