use std::io::{Read, Seek, SeekFrom};

use hanlin_api::{App, Failure, Json, Me, Path, Query, Reply, Routes, http::Response, routes};
use hanlin_files::Files;
use hanlin_kernel::{Error, Page, PageRequest, Result};
use hanlin_store::Key;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    CANCELLED, actions, archive,
    model::{BackupId, BackupReport, CancelledCase, Seal},
};
use crate::cases::{CaseId, Wanted};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .can(CANCELLED, routes!(list_cancelled_cases, find_backup_report, find_backup, create_restoration))
        // It names who asked and who agreed: people from outside are only told that the case was cancelled.
        .signed_in(routes!(find_cancellation))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Words that title, number or initiator (also in pinyin) hold.
    q: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    limit: Option<u32>,
}

/// 恢复
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Restoration {
    /// Why; always needed.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// The case that stands again.
#[derive(Debug, Serialize, ToSchema)]
struct RestoredCase {
    id: CaseId,
}

/// The cases that were cancelled in the units I look after, the latest first (FLOW-25).
#[utoipa::path(get, path = "/cancelled_cases", params(Asked), responses((status = 200, body = Page<CancelledCase>)))]
async fn list_cancelled_cases(app: App, Me(me): Me, Query(asked): Query<Asked>) -> Reply<Page<CancelledCase>> {
    let Asked { q, after, limit } = asked;
    let wanted = Wanted { q, flow: None, status: None, page: PageRequest { after, limit } };
    app.read(move |tx| actions::list(tx, &me, &wanted)).await
}

/// Hold a backup against its seal: text, key and every attachment.
#[utoipa::path(get, path = "/cancelled_cases/{id}/verification", params(("id" = String, Path)),
    responses((status = 200, body = BackupReport)))]
async fn find_backup_report(app: App, Me(me): Me, Path(id): Path<BackupId>) -> Reply<BackupReport> {
    app.read(move |tx| actions::verify(tx, &me, id)).await
}

/// The backup with its seal and attachments, as one file that can be checked anywhere. It leaves an entry in the trace.
#[utoipa::path(get, path = "/cancelled_cases/{id}/backup", params(("id" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip")))]
async fn find_backup(app: App, Me(me): Me, Path(id): Path<BackupId>) -> Result<Response, Failure> {
    let reader = me.clone();
    let (cancelled, seal) = app.db().read(move |tx| actions::find_for(tx, &reader, id)).await?;
    // Written before a byte of it leaves.
    app.write(move |tx| actions::note_download(tx, &me, id)).await?;
    let files = app.service::<Files>();
    let packed = tokio::task::spawn_blocking(move || pack(&files, &seal)).await.map_err(Error::internal)??;
    Ok(hanlin_files::download(&format!("{}.zip", cancelled.number), "application/zip", packed))
}

fn pack(files: &Files, seal: &Seal) -> Result<std::fs::File> {
    let mut text = Vec::new();
    files.blobs.read(&seal.digest)?.read_to_end(&mut text).map_err(Error::internal)?;
    let room = tempfile::tempfile().map_err(Error::internal)?;
    let mut packed = archive::write(room, &text, seal, |digest| files.blobs.read(digest)).map_err(Error::Internal)?;
    packed.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
    Ok(packed)
}

/// Put a cancelled case back as it was.
#[utoipa::path(post, path = "/cancelled_cases/{id}/restoration", params(("id" = String, Path)),
    request_body = Restoration, responses((status = 200, body = RestoredCase)))]
async fn create_restoration(
    app: App,
    Me(me): Me,
    Path(id): Path<BackupId>,
    Json(asked): Json<Restoration>,
) -> Reply<RestoredCase> {
    app.write_on(&[Key::of(id)], move |tx| Ok(RestoredCase { id: actions::restore(tx, &me, id, &asked.reason)? })).await
}

/// Why a case in which I took part is not there any more.
#[utoipa::path(get, path = "/cases/{id}/cancellation", params(("id" = String, Path)),
    responses((status = 200, body = CancelledCase)))]
async fn find_cancellation(app: App, Me(me): Me, Path(id): Path<CaseId>) -> Reply<CancelledCase> {
    app.read(move |tx| actions::find_of_case(tx, &me, id)).await
}
