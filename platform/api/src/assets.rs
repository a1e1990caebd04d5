//! The web client, compressed when the binary was built and served from memory.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

/// One file of the client: plain bytes and, where smaller, brotli and gzip.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// `/assets/main-Ab3.js`
    pub path: &'static str,
    pub media_type: &'static str,
    pub etag: &'static str,
    pub plain: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

/// All files of the client. `/index.html` answers every page's address.
#[derive(Clone)]
pub struct Assets(Arc<Vec<Asset>>);

impl Assets {
    pub fn new(assets: &[Asset]) -> Self {
        Self(Arc::new(assets.to_vec()))
    }

    pub(crate) fn serve(&self, request: &Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return StatusCode::METHOD_NOT_ALLOWED.into_response();
        }
        let path = request.uri().path();
        let file = self.0.iter().find(|asset| asset.path == path);
        // Only a page's address falls back to the client; a file that is missing is missing.
        let page = || self.0.iter().find(|asset| asset.path == "/index.html" && !path.contains('.'));
        match file.or_else(page) {
            Some(asset) => answer(asset, request),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

fn answer(asset: &Asset, request: &Request) -> Response {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Vite puts a digest of the content into the names of these.
    let cache = if asset.path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if header(header::IF_NONE_MATCH) == asset.etag {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let accepted = header(header::ACCEPT_ENCODING);
        let (encoding, bytes) = match (asset.brotli, asset.gzip) {
            (Some(bytes), _) if accepted.contains("br") => (Some("br"), bytes),
            (_, Some(bytes)) if accepted.contains("gzip") => (Some("gzip"), bytes),
            _ => (None, asset.plain),
        };
        let mut response = bytes.into_response();
        if let Some(encoding) = encoding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, HeaderValue::from_static(asset.etag));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}
