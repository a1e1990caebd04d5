use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::Permission;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can keep a request from being done. Each variant says which HTTP status it becomes;
/// codes are the keys of the sentences in `locales/`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 404. It does not exist, or the actor may not know that it does.
    #[error("not found")]
    NotFound,
    /// 403. The actor may see it and may not do this. Names the permission or verb that was missing.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// 401. Nobody is signed in, or the session has ended.
    #[error("not signed in")]
    SignedOut,
    /// 422. The input is wrong: one entry for each field, with a code for its sentence.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<FieldError>),
    /// 409. The rules say no. The code is `module.reason`, the sentence is made from `args`.
    #[error("refused: {} {}", .0.code, Value::Object(.0.args.clone()))]
    Refused(RefusalCode),
    /// 412. The thing was changed since the actor read it.
    #[error("stale version")]
    Stale,
    /// 413. More bytes than the limit, which is given.
    #[error("larger than {limit} bytes")]
    TooLarge { limit: u64 },
    /// 429. Too many tries; how many seconds to wait.
    #[error("too many tries, wait {seconds} s")]
    TooMany { seconds: u64 },
    /// 503. Not now: too much work is waiting, or the store cannot write. The code names why.
    #[error("busy: {0}")]
    Busy(&'static str),
    /// 500. A fault of ours or of the machine. The chain is logged once at the edge and never sent.
    #[error(transparent)]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// A refusal lifted from a module's `Refusal` enum.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusalCode {
    pub code: String,
    pub args: Map<String, Value>,
}

/// What is wrong with one field. `field` is its path (`values.days`), `code` the key of the sentence.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldError {
    pub field: String,
    pub code: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub args: Map<String, Value>,
}

impl FieldError {
    pub fn new(field: impl Into<String>, code: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), args: Map::new() }
    }

    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

impl Error {
    pub fn forbidden(permission: Permission) -> Self {
        Self::Forbidden(permission.0.to_owned())
    }

    pub fn invalid(field: impl Into<String>, code: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, code)])
    }

    /// Lifts a module's refusal: a serde enum with `#[serde(tag = "code", rename_all = "snake_case")]`.
    pub fn refused(module: &str, refusal: &impl Serialize) -> Self {
        match serde_json::to_value(refusal) {
            Ok(Value::Object(mut args)) => {
                let reason = args.remove("code").and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
                Self::Refused(RefusalCode { code: format!("{module}.{reason}"), args })
            }
            other => Self::internal(format!("a refusal of {module} is not a tagged object: {other:?}")),
        }
    }

    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// The stable code: what clients branch on and what words are looked up by.
    pub fn code(&self) -> &str {
        match self {
            Self::NotFound => "not_found",
            Self::Forbidden(_) => "forbidden",
            Self::SignedOut => "signed_out",
            Self::Invalid(_) => "invalid",
            Self::Refused(refusal) => &refusal.code,
            Self::Stale => "stale",
            Self::TooLarge { .. } => "too_large",
            Self::TooMany { .. } => "too_many",
            Self::Busy(code) => code,
            Self::Internal(_) => "internal",
        }
    }

    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Forbidden(_) => 403,
            Self::SignedOut => 401,
            Self::Invalid(_) => 422,
            Self::Refused(_) => 409,
            Self::Stale => 412,
            Self::TooLarge { .. } => 413,
            Self::TooMany { .. } => 429,
            Self::Busy(_) => 503,
            Self::Internal(_) => 500,
        }
    }
}

/// Implements `From<Refusal> for Error` for a module's refusal enum.
#[macro_export]
macro_rules! refusal {
    ($module:literal, $refusal:ty) => {
        impl From<$refusal> for $crate::Error {
            fn from(refusal: $refusal) -> Self {
                Self::refused($module, &refusal)
            }
        }
    };
}
