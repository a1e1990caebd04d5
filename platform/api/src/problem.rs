use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hanlin_kernel::{Error, FieldError};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Reasons of their own: they are the code, where else a permission is an argument.
const REASONS: [&str; 2] = ["access.must_change_password", "access.external"];

/// How a request that was not done is answered (RFC 9457). Branch on `code`; the sentence for it, with `args` filled
/// in, is `detail`, in the reader's language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`: the code says it all.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: &'static str,
    pub status: u16,
    pub detail: String,
    /// Stable, for example `workflow.task_closed`.
    pub code: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub args: Map<String, Value>,
    /// What is wrong with which field, when the input is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Names this request in the server's log.
    pub request_id: String,
}

/// An error on its way out of a handler.
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    /// The body without sentence and request id, which [`crate::observe`] adds: it knows the reader and the request.
    fn into_response(self) -> Response {
        let problem = Problem::of(&self.0);
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&problem)).into_response();
        if let Error::TooMany { seconds } = self.0 {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Error::Internal(cause) = &self.0 {
            response.extensions_mut().insert(Cause(chain(cause.as_ref())));
        }
        response.extensions_mut().insert(problem);
        response
    }
}

/// The whole chain of an internal error: logged once, at the edge, never sent.
#[derive(Clone)]
pub(crate) struct Cause(pub String);

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

impl Problem {
    fn of(error: &Error) -> Self {
        let mut args = Map::new();
        let mut fields = Vec::new();
        let mut code = error.code().to_owned();
        match error {
            Error::Refused(refusal) => args = refusal.args.clone(),
            Error::Invalid(wrong) => fields = wrong.clone(),
            Error::TooLarge { limit } => {
                args.insert("limit".into(), (*limit).into());
            }
            Error::TooMany { seconds } => {
                args.insert("seconds".into(), (*seconds).into());
            }
            Error::Forbidden(what) if REASONS.contains(&what.as_str()) || what.starts_with("api.") => {
                code = what.clone();
            }
            Error::Forbidden(permission) => {
                args.insert("permission".into(), permission.clone().into());
            }
            _ => {}
        }
        Self {
            kind: "about:blank",
            title: title(error.status()),
            status: error.status(),
            detail: String::new(),
            code,
            args,
            fields,
            request_id: String::new(),
        }
    }
}

fn title(status: u16) -> &'static str {
    match status {
        401 => "Not signed in",
        403 => "Forbidden",
        404 => "Not found",
        409 => "Refused",
        412 => "Changed since it was read",
        413 => "Too large",
        422 => "Invalid input",
        429 => "Too many tries",
        503 => "Not now",
        _ => "Internal error",
    }
}
