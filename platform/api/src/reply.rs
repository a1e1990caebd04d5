use axum::{
    Json,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::problem::Failure;

/// What a handler returns.
pub type Reply<T> = Result<Answer<T>, Failure>;

/// A body, fresh or kept from the first time, and headers.
#[derive(Debug)]
pub struct Answer<T> {
    body: Body<T>,
    headers: HeaderMap,
}

#[derive(Debug)]
enum Body<T> {
    Fresh(T),
    /// The JSON of the first answer to the same idempotency key.
    Kept(String),
}

impl<T> From<T> for Answer<T> {
    fn from(body: T) -> Self {
        Self { body: Body::Fresh(body), headers: HeaderMap::new() }
    }
}

impl<T> Answer<T> {
    pub(crate) fn kept(json: String) -> Self {
        Self { body: Body::Kept(json), headers: HeaderMap::new() }
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// The body, unless it is a kept one.
    pub fn fresh(&self) -> Option<&T> {
        match &self.body {
            Body::Fresh(body) => Some(body),
            Body::Kept(_) => None,
        }
    }

    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Answer<U> {
        let body = match self.body {
            Body::Fresh(body) => Body::Fresh(make(body)),
            Body::Kept(json) => Body::Kept(json),
        };
        Answer { body, headers: self.headers }
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Body::Fresh(body) => Json(body).into_response(),
            Body::Kept(json) => {
                let mut response = ([(header::CONTENT_TYPE, "application/json")], json).into_response();
                response.headers_mut().insert("idempotent-replay", HeaderValue::from_static("true"));
                response
            }
        };
        response.headers_mut().extend(self.headers);
        response
    }
}
