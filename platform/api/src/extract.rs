use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use hanlin_kernel::Error;
use serde::de::DeserializeOwned;

use crate::{app::Shared, problem::Failure};

/// The largest JSON body: forms hold at most 1 MB of values, flow packages less.
pub const JSON_BYTES: usize = 2 * 1024 * 1024;

/// A JSON body. What does not fit its type is named with the place.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _shared: &Shared) -> Result<Self, Failure> {
        let bytes = axum::body::to_bytes(request.into_body(), JSON_BYTES)
            .await
            .map_err(|_| Error::TooLarge { limit: JSON_BYTES as u64 })?;
        let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(bytes).map(Self).map_err(|error| unreadable("body", &error.to_string()))
    }
}

/// A request as it came, with so many bytes at most: what is signed is checked before it is read.
pub struct Raw<const MOST: usize> {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl<const MOST: usize> FromRequest<Shared> for Raw<MOST> {
    type Rejection = Failure;

    async fn from_request(request: Request, _shared: &Shared) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, MOST).await.map_err(|_| Error::TooLarge { limit: MOST as u64 })?;
        Ok(Self { headers: parts.headers, body })
    }
}

/// The parameters of the path. One that does not read names nothing: 404.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Failure> {
        match axum::extract::Path::from_request_parts(parts, shared).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::NotFound.into()),
        }
    }
}

/// The query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _shared: &Shared) -> Result<Self, Failure> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| unreadable("query", &error.to_string()))
    }
}

/// The version that the client read (`If-Match: "7"`); an edit of another is 412.
pub struct IfMatch(pub u64);

impl FromRequestParts<Shared> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _shared: &Shared) -> Result<Self, Failure> {
        let header = parts.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        let version = header.and_then(|value| value.trim().trim_matches('"').parse().ok());
        version.map(Self).ok_or_else(|| Error::invalid("If-Match", "api.if_match_required").into())
    }
}

fn unreadable(place: &str, what: &str) -> Failure {
    let error = hanlin_kernel::FieldError::new(place, "api.unreadable").with("what", what.to_owned());
    Error::Invalid(vec![error]).into()
}
