use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use futures_util::StreamExt;
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
        let is_json = is_json(request.headers());
        let bytes = read_body(request.into_body(), JSON_BYTES).await?;
        if bytes.is_empty() {
            return read_json(b"{}").map(Self).map_err(|what| unreadable("body", &what));
        }
        if !is_json {
            return Err(Error::invalid("Content-Type", "api.json_expected").into());
        }
        read_json(&bytes).map(Self).map_err(|what| unreadable("body", &what))
    }
}

/// The whole body, or that it is too large: said once it has come, since whoever still sends does not hear. Of one that is
/// far too large so much is let go by, and no more.
pub(crate) async fn read_body(body: Body, most: usize) -> Result<Bytes, Error> {
    const LET_GO_BY: usize = 32 * 1024 * 1024;
    let (mut read, mut length) = (Vec::new(), 0);
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Error::invalid("body", "api.cut"))?;
        length += chunk.len();
        if length <= most {
            read.extend_from_slice(&chunk);
        } else if length > LET_GO_BY {
            break;
        }
    }
    if length > most { Err(Error::TooLarge { limit: most as u64 }) } else { Ok(read.into()) }
}

/// Is the body said to be JSON? Only then its repeat is known again by what it says.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json"))
}

/// What JSON says, or why it cannot be read. The character U+0000 is in no text: PostgreSQL stores none that holds it.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    if holds_nul(bytes) {
        return Err(NUL.to_owned());
    }
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

const NUL: &str = "a text holds the character U+0000";

/// Is one of its texts written with `\u0000`? Behind an odd number of backslashes it is that character, else six others.
fn holds_nul(json: &[u8]) -> bool {
    let places = json.windows(5).enumerate().filter(|(_, window)| *window == b"u0000").map(|(place, _)| place);
    places.into_iter().any(|place| json[..place].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1)
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
        Ok(Self { headers: parts.headers, body: read_body(body, MOST).await? })
    }
}

/// The parameters of the path. One that does not read names nothing: 404.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Failure> {
        match axum::extract::Path::from_request_parts(parts, shared).await {
            Ok(axum::extract::Path(value)) if !parts.uri.path().contains("%00") => Ok(Self(value)),
            _ => Err(Error::NotFound.into()),
        }
    }
}

/// The query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _shared: &Shared) -> Result<Self, Failure> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(unreadable("query", NUL));
        }
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
        // Versions are counted in 63 bits: what does not fit is none that anybody read.
        let version = version.filter(|version: &u64| i64::try_from(*version).is_ok());
        version.map(Self).ok_or_else(|| Error::invalid("If-Match", "api.if_match_required").into())
    }
}

fn unreadable(place: &str, what: &str) -> Failure {
    let error = hanlin_kernel::FieldError::new(place, "api.unreadable").with("what", what.to_owned());
    Error::Invalid(vec![error]).into()
}
