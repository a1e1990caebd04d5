use futures_util::StreamExt;
use hanlin_api::{
    App, Failure, Me, Path, Query, Reply, Routes,
    http::{Body, HeaderMap, HeaderValue, IntoResponse, Request, Response, StatusCode, header},
    routes,
};
use hanlin_kernel::{Error, Id, Result};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use utoipa::IntoParams;

use crate::{
    actions,
    blobs::Kept,
    kinds,
    model::{File, Files},
    thumbnail,
};

pub(crate) fn routes() -> Routes {
    Routes::new().external(routes!(create_file, find_file, find_file_thumbnail))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Upload {
    /// The file's name, with its ending.
    name: String,
}

/// Upload a file: the body is its bytes.
#[utoipa::path(post, path = "/files", params(Upload), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 200, body = File)))]
async fn create_file(app: App, Me(me): Me, Query(upload): Query<Upload>, request: Request) -> Reply<File> {
    if kinds::clean_name(&upload.name).is_none() {
        return Err(Error::invalid("name", "files.name").into());
    }
    let asking = me.clone();
    let limit = app.db().read(move |tx| actions::upload_limit(tx, &asking)).await?;
    if announced(request.headers()) > limit {
        return Err(Error::TooLarge { limit }.into());
    }
    let kept = receive(&app, request.into_body(), limit).await?;
    app.write(move |tx| actions::register(tx, &me, &upload.name, &kept)).await
}

fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// Takes the stream into the store. A cut request leaves nothing.
async fn receive(app: &App, body: Body, limit: u64) -> Result<Kept> {
    let files = app.service::<Files>();
    let mut receiving = files.blobs.receive(limit)?;
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Error::invalid("body", "files.cut"))?;
        receiving = blocking(move || receiving.write(&chunk).map(|()| receiving)).await?;
    }
    blocking(move || files.blobs.keep(receiving)).await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Download {
    /// Save it, even if the browser could show it.
    #[serde(default)]
    save: bool,
}

/// The bytes of a file; a part of them with `Range`.
#[utoipa::path(get, path = "/files/{id}", params(("id" = String, Path), Download), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn find_file(
    app: App,
    Me(me): Me,
    Path(id): Path<Id<File>>,
    Query(download): Query<Download>,
    request: Request,
) -> Result<Response, Failure> {
    let file = find(&app, me, id).await?;
    let files = app.service::<Files>();
    let sha256 = file.sha256.clone();
    let content = blocking(move || files.blobs.read(&sha256)).await?;
    let mut content = tokio::fs::File::from_std(content);
    let mut headers = described(&file, download.save);
    let (status, start, length) = match range(request.headers(), file.size) {
        None => (StatusCode::OK, 0, file.size),
        Some(Ok((start, length))) => {
            let part = format!("bytes {start}-{}/{}", start + length - 1, file.size);
            headers.insert(header::CONTENT_RANGE, value(&part));
            (StatusCode::PARTIAL_CONTENT, start, length)
        }
        Some(Err(())) => {
            let whole = [(header::CONTENT_RANGE, value(&format!("bytes */{}", file.size)))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, whole).into_response());
        }
    };
    content.seek(std::io::SeekFrom::Start(start)).await.map_err(crate::blobs::disk)?;
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let stream = tokio_util::io::ReaderStream::with_capacity(content.take(length), 64 * 1024);
    Ok((status, headers, Body::from_stream(stream)).into_response())
}

/// A small picture of a picture.
#[utoipa::path(get, path = "/files/{id}/thumbnail", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "image/png")))]
async fn find_file_thumbnail(app: App, Me(me): Me, Path(id): Path<Id<File>>) -> Result<Response, Failure> {
    let file = find(&app, me, id).await?;
    if !file.has_thumbnail() {
        return Err(Error::NotFound.into());
    }
    let files = app.service::<Files>();
    let picture = blocking(move || thumbnail::of(&files.blobs, &file.sha256)).await?;
    let stream = tokio_util::io::ReaderStream::new(tokio::fs::File::from_std(picture));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400")),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}

/// The answer that saves this content under that name. It is nobody's attachment, and is not kept on the way.
pub fn download(name: &str, media_type: &'static str, content: std::fs::File) -> Response {
    let stream = tokio_util::io::ReaderStream::with_capacity(tokio::fs::File::from_std(content), 64 * 1024);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, value(&format!("attachment; filename*=UTF-8''{}", percent(name)))),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, Body::from_stream(stream)).into_response()
}

async fn find(app: &App, me: hanlin_kernel::Actor, id: Id<File>) -> Result<File, Failure> {
    let (files, reader) = (app.service::<Files>(), me.clone());
    let (file, unnoted) = app.db().read(move |tx| actions::find_for(tx, &files, &reader, id)).await?;
    if let Some(opened) = unnoted {
        // Written before he gets a byte of it.
        let files = app.service::<Files>();
        app.write(move |tx| actions::note(tx, &files, &me, &opened)).await?;
    }
    Ok(file)
}

/// Shown in place only if a browser runs nothing of it; in any case without rights of our pages.
fn described(file: &File, save: bool) -> HeaderMap {
    let shown = kinds::is_shown(&file.media_type) && !save;
    let mut headers = HeaderMap::new();
    let kind = match file.media_type.as_str() {
        "text/plain" => "text/plain; charset=utf-8",
        kind => kind,
    };
    headers.insert(header::CONTENT_TYPE, value(kind));
    let disposition = if shown { "inline" } else { "attachment" };
    headers.insert(
        header::CONTENT_DISPOSITION,
        value(&format!("{disposition}; filename*=UTF-8''{}", percent(&file.name))),
    );
    // A PDF viewer is blocked by `sandbox`; it has no script of ours to reach, being another document type.
    let policy = if file.media_type == "application/pdf" {
        "default-src 'none'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'"
    } else {
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, value(policy));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, value(&format!("\"{}\"", file.sha256)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("types, digests and percent-encoded names are plain ASCII")
}

/// RFC 5987: everything but letters, digits and a few marks as %XX.
fn percent(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// One range of bytes: start and length. Several ranges are answered with the whole; one outside is an error.
fn range(headers: &HeaderMap, size: u64) -> Option<Result<(u64, u64), ()>> {
    let asked = headers.get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    if asked.contains(',') {
        return None;
    }
    let (from, to) = asked.split_once('-')?;
    let within = match (from.trim().parse::<u64>().ok(), to.trim().parse::<u64>().ok()) {
        (Some(from), to) => (from, to.unwrap_or(u64::MAX).min(size.saturating_sub(1))),
        (None, Some(last)) => (size.saturating_sub(last), size.saturating_sub(1)),
        (None, None) => return None,
    };
    let (from, to) = within;
    Some(if from < size && from <= to { Ok((from, to - from + 1)) } else { Err(()) })
}
