//! What happens around every request: an id, a log line, metrics, the sentence of a problem, headers of caution.

use std::time::Instant;

use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hanlin_kernel::{Error, Id};

use crate::{
    app::{Shared, accepted_locale},
    problem::{Cause, Failure, Problem},
};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) async fn observe(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = Id::<Problem>::new().to_string();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("other", |path| path.as_str()).to_owned();
    let (parts, body) = request.into_parts();
    let locale = accepted_locale(&parts);
    let response = if known_host(&shared, &parts.headers) {
        next.run(Request::from_parts(parts, body)).await
    } else {
        Failure(Error::Forbidden("api.unknown_host".into())).into_response()
    };
    let mut response = worded(&shared, response, locale, &id);
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    metrics::histogram!("hanlin_http_seconds", "route" => route.clone(), "method" => method.to_string())
        .record(seconds);
    metrics::counter!("hanlin_http_requests", "route" => route.clone(), "status" => status.to_string()).increment(1);
    match response.extensions().get::<Cause>() {
        Some(cause) => tracing::error!(request = id, %method, route, status, cause = cause.0, "request failed"),
        None => tracing::debug!(request = id, %method, route, status, ms = seconds * 1e3, "request"),
    }
    cautious(&mut response, &id);
    response
}

/// The page `/metrics`, for a listener of its own: it knows no passwords.
pub fn page_of_metrics(render: impl Fn() -> String + Clone + Send + Sync + 'static) -> axum::Router {
    let text = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    axum::Router::new().route("/metrics", axum::routing::get(move || std::future::ready((text, render()))))
}

fn worded(shared: &Shared, response: Response, locale: hanlin_kernel::Locale, id: &str) -> Response {
    let Some(problem) = response.extensions().get::<Problem>() else { return response };
    let mut problem = problem.clone();
    problem.detail = shared.words().say(locale, &problem.code, &problem.args);
    problem.request_id = id.to_owned();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    let body = Json(problem).into_response().into_body();
    Response::from_parts(parts, body)
}

/// A sample server is for this machine: a page of another name that was made to point here gets nothing.
fn known_host(shared: &Shared, headers: &axum::http::HeaderMap) -> bool {
    let known = &shared.config().hosts;
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.contains(']') { host } else { name });
    known.is_empty() || known.iter().any(|allowed| allowed == name)
}

fn cautious(response: &mut Response, id: &str) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
         frame-ancestors 'self'; object-src 'none'; base-uri 'none'; form-action 'self'",
    ));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
