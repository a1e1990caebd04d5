//! HTTP in, HTTP out.

use futures_util::StreamExt;
use hanlin_api::{
    App, Failure, Json, Me, Path, Query, Reply, Routes,
    http::{Body, HeaderValue, IntoResponse, Request, Response, header},
    routes,
};
use hanlin_directory::{MANAGE, READ, snapshot};
use hanlin_kernel::{Error, Locale, Page, PageRequest, Result};
use hanlin_store::{
    Tx,
    jobs::{self, Job},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    actions::{self, Matching},
    model::{Change, Counts, Fault, Field, Import, ImportId, Kept, Sheet, State, Status, Table},
    read, store, write,
};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .can(MANAGE, routes!(create_import, find_import, update_import_matching, list_import_rows))
        .can(MANAGE, routes!(create_import_application, find_import_job, create_import_cancellation))
        .can(MANAGE, routes!(find_import_template))
        .can(READ, routes!(find_organisation_export))
}

/// An import: what was read, what it would do, how far it is.
#[derive(Debug, Serialize, ToSchema)]
struct ImportView {
    id: ImportId,
    name: String,
    state: State,
    tables: Vec<ImportTableView>,
    counts: Counts,
    /// What is read, but not carried out by this time, is forgotten.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
struct ImportTableView {
    #[serde(flatten)]
    table: Table,
    /// What its columns can mean.
    fields: Vec<Field>,
}

impl From<Import> for ImportView {
    fn from(import: Import) -> Self {
        let Import { id, name, state, tables, counts, expires_at, .. } = import;
        let view = |table: Table| ImportTableView {
            fields: table.sheet.map(|sheet| sheet.fields().to_vec()).unwrap_or_default(),
            table,
        };
        Self { id, name, state, tables: tables.into_iter().map(view).collect(), counts, expires_at }
    }
}

/// A row of the preview.
#[derive(Debug, Serialize, ToSchema)]
struct ImportRow {
    number: u64,
    /// The table it stands in.
    table: String,
    /// As the spreadsheet counts; 0 for what the file does not have.
    line: u32,
    status: Status,
    about: String,
    cells: Vec<String>,
    faults: Vec<Fault>,
    changes: Vec<Change>,
}

impl From<Kept> for ImportRow {
    fn from(row: Kept) -> Self {
        let Kept { number, sheet, line, cells, verdict } = row;
        let (status, about) = (verdict.status, verdict.about);
        Self { number, table: sheet, line, status, about, cells, faults: verdict.faults, changes: verdict.changes }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Upload {
    /// The file's name, with its ending.
    name: String,
}

/// Upload a workbook or CSV and see what it would do. The body is its bytes; nothing is changed yet.
#[utoipa::path(post, path = "/imports", params(Upload), responses((status = 200, body = ImportView)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"))]
async fn create_import(app: App, Me(actor): Me, Query(upload): Query<Upload>, request: Request) -> Reply<ImportView> {
    let name = upload.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "imports.name").into());
    }
    let bytes = receive(request.into_body()).await?;
    let (reading, called) = (bytes.clone(), name.clone());
    let contents = blocking(move || read::read(&called, &reading)).await?;
    let id = actions::preview(app.db(), &actor, &name, contents).await?;
    app.write(move |tx| Ok(actions::record_preview(tx, &actor, id, &bytes)?.into())).await
}

async fn receive(body: Body) -> Result<Vec<u8>> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Error::invalid("body", "imports.cut"))?;
        if (bytes.len() + chunk.len()) as u64 > read::LARGEST_FILE {
            return Err(Error::TooLarge { limit: read::LARGEST_FILE });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// An import of one's own.
#[utoipa::path(get, path = "/imports/{id}", params(("id" = ImportId, Path)), responses((status = 200, body = ImportView)))]
async fn find_import(app: App, Me(actor): Me, Path(id): Path<ImportId>) -> Reply<ImportView> {
    app.read(move |tx| Ok(store::find_for(tx, &actor, id)?.into())).await
}

/// What tables and columns are to be taken for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetImportMatching {
    tables: Vec<Matching>,
}

/// Match tables and columns by hand, and plan anew.
#[utoipa::path(put, path = "/imports/{id}/matching", params(("id" = ImportId, Path)), request_body = SetImportMatching,
    responses((status = 200, body = ImportView)))]
async fn update_import_matching(
    app: App,
    Me(actor): Me,
    Path(id): Path<ImportId>,
    Json(body): Json<SetImportMatching>,
) -> Reply<ImportView> {
    let asking = actor.clone();
    let found = app.db().read(move |tx| {
        let import = store::find_for(tx, &asking, id)?;
        if import.state != State::Previewed {
            return Err(crate::Refusal::NotAPreview.into());
        }
        Ok((actions::rematch(&import, &body.tables)?, store::list_file(tx, id)?))
    });
    let (tables, rows) = found.await?;
    actions::settle(app.db(), &actor, id, tables, rows).await?;
    app.read(move |tx| Ok(store::find_for(tx, &actor, id)?.into())).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Only rows of this kind.
    #[param(inline)]
    status: Option<Status>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200; 50 unless told.
    limit: Option<u32>,
}

/// The rows of a preview in their order, each with what it would do or what is wrong with it.
#[utoipa::path(get, path = "/imports/{id}/rows", params(("id" = ImportId, Path), Wanted),
    responses((status = 200, body = Page<ImportRow>)))]
async fn list_import_rows(
    app: App,
    Me(actor): Me,
    Path(id): Path<ImportId>,
    Query(wanted): Query<Wanted>,
) -> Reply<Page<ImportRow>> {
    let request = PageRequest { after: wanted.after, limit: wanted.limit };
    let list = move |tx: &mut Tx| {
        store::find_for(tx, &actor, id)?;
        Ok(store::list_rows(tx, id, wanted.status, &request)?.map(ImportRow::from))
    };
    app.read(list).await
}

/// How it is to be carried out.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplyImport {
    /// What exists and is not in the file ends.
    #[serde(default)]
    end_gone: bool,
}

/// Carry a preview out, as a whole or not at all.
#[utoipa::path(post, path = "/imports/{id}/application", params(("id" = ImportId, Path)), request_body = ApplyImport,
    responses((status = 200, body = ImportJobView)))]
async fn create_import_application(
    app: App,
    Me(actor): Me,
    Path(id): Path<ImportId>,
    Json(body): Json<ApplyImport>,
) -> Reply<ImportJobView> {
    let apply = move |tx: &mut Tx| {
        let job = actions::apply(tx, &actor, id, body.end_gone)?;
        Ok(ImportJobView::of(jobs::find_for(tx, actor.person, job)?))
    };
    app.write(apply).await
}

/// How far the carrying out is.
#[derive(Debug, Serialize, ToSchema)]
struct ImportJobView {
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    state: String,
    done: u64,
    /// 0 while it is not known.
    total: u64,
    /// Why it failed: the code of a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<ImportOutcome>,
}

/// What was done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ImportOutcome {
    /// People who are new.
    people: u64,
    /// What was set up, changed or ended beside.
    changes: u64,
    ended: u64,
}

impl ImportJobView {
    fn of(job: Job) -> Self {
        let result = job.result.and_then(|result| serde_json::from_value(result).ok());
        Self { state: job.state, done: job.done, total: job.total, error: job.error, result }
    }
}

/// How far an import is.
#[utoipa::path(get, path = "/imports/{id}/job", params(("id" = ImportId, Path)), responses((status = 200, body = ImportJobView)))]
async fn find_import_job(app: App, Me(actor): Me, Path(id): Path<ImportId>) -> Reply<ImportJobView> {
    let find = move |tx: &mut Tx| {
        let job = store::find_for(tx, &actor, id)?.job.ok_or(Error::NotFound)?;
        Ok(ImportJobView::of(jobs::find_for(tx, actor.person, job)?))
    };
    app.read(find).await
}

/// It was asked for.
#[derive(Debug, Serialize, ToSchema)]
struct ImportAsked {}

/// Stop a running import. What was prepared disappears.
#[utoipa::path(post, path = "/imports/{id}/cancellation", params(("id" = ImportId, Path)), responses((status = 200, body = ImportAsked)))]
async fn create_import_cancellation(app: App, Me(actor): Me, Path(id): Path<ImportId>) -> Reply<ImportAsked> {
    app.write(move |tx| actions::cancel(tx, &actor, id).map(|()| ImportAsked {})).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SpreadsheetForm {
    /// `zh-CN` or `en`: the language of the headings; that of the reader unless told.
    #[param(value_type = Option<String>)]
    locale: Option<Locale>,
    /// A CSV of this table; a workbook of all unless told.
    #[param(inline)]
    csv: Option<Sheet>,
}

/// The workbook to fill in: headings, explanations, lists to choose from.
#[utoipa::path(get, path = "/organisation/template", params(SpreadsheetForm),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn find_import_template(
    app: App,
    Me(actor): Me,
    Query(form): Query<SpreadsheetForm>,
) -> Result<Response, Failure> {
    let locale = form.locale.unwrap_or(app.locale());
    let (snapshot, at) = app.db().read(|tx| Ok((snapshot(tx)?, tx.now()))).await?;
    if let Some(sheet) = form.csv {
        let empty = write::Out { sheet, rows: Vec::new() };
        return Ok(file("template.csv", "text/csv; charset=utf-8", write::csv(&empty, locale)?));
    }
    let bytes = blocking(move || write::template(&snapshot, &actor, at, locale)).await?;
    Ok(file("template.xlsx", WORKBOOK, bytes))
}

/// The organisation as a workbook, or one table of it as CSV: what the reader may see, in a form that can come in again.
#[utoipa::path(get, path = "/organisation/export", params(SpreadsheetForm),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn find_organisation_export(
    app: App,
    Me(actor): Me,
    Query(form): Query<SpreadsheetForm>,
) -> Result<Response, Failure> {
    let locale = form.locale.unwrap_or(app.locale());
    let (snapshot, at) = app.db().read(|tx| Ok((snapshot(tx)?, tx.now()))).await?;
    let export = move || export(&write::organisation(&snapshot, &actor, at, locale), form.csv, locale);
    Ok(blocking(export).await?)
}

fn export(tables: &[write::Out], csv: Option<Sheet>, locale: Locale) -> Result<Response> {
    match tables.iter().find(|table| Some(table.sheet) == csv) {
        Some(table) => Ok(file("organisation.csv", "text/csv; charset=utf-8", write::csv(table, locale)?)),
        None => Ok(file("organisation.xlsx", WORKBOOK, write::workbook(tables, locale)?)),
    }
}

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).expect("a plain ASCII name");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, bytes).into_response()
}
