//! The shell around the modules: extractors, guards, replies, problems, live updates, OpenAPI.
//! The only crate that names axum.
//!
//! A handler has no rule: it parses, calls one action in one unit of work, and presents. Each operation is registered
//! with the guard that stands at its door; there is no way to register one without.

mod app;
mod assets;
mod auth;
mod build;
mod extract;
mod idempotency;
mod live;
mod module;
mod observe;
mod problem;
mod reply;
mod routes;
mod words;

pub use app::{App, Config, Services, Shared};
pub use assets::{Asset, Assets};
pub use auth::{Authenticator, COOKIE, Me, RequestInfo, Session};
pub use build::{build, openapi};
pub use extract::{IfMatch, Json, Path, Query, Raw, read_json};
pub use idempotency::forget_old_answers;
pub use module::{Forget, Module};
pub use observe::page_of_metrics;
pub use problem::{Failure, Problem};
pub use reply::{Answer, Reply};
pub use routes::{Guard, Operation, Routes};
pub use words::Words;

/// What macros and the few modules that stream bytes need of axum.
pub mod http {
    pub use axum::{
        body::{Body, Bytes},
        extract::Request,
        http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
        response::{IntoResponse, Response},
    };

    /// A request to send into the router: for tests.
    pub fn request() -> axum::http::request::Builder {
        axum::http::Request::builder()
    }

    /// The whole of a body, up to 64 MiB: for tests.
    pub async fn to_bytes(body: Body) -> Result<Bytes, axum::Error> {
        axum::body::to_bytes(body, 64 * 1024 * 1024).await
    }
}

#[doc(hidden)]
pub use utoipa_axum::paste as __paste;
