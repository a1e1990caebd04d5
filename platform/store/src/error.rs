use hanlin_kernel::{Error, Result};

/// What an engine said, where a module may want to branch on it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique index or primary key (`<table>_pkey`) of this name was violated.
    #[error("unique constraint `{0}` violated")]
    Unique(String),
    /// A foreign key was violated. SQLite does not say which.
    #[error("foreign key violated: {0}")]
    ForeignKey(String),
    /// A check or not-null constraint was violated.
    #[error("constraint violated: {0}")]
    Check(String),
    /// Two units of work met; run again. Seen outside the store only when all tries were used up.
    #[error("conflict between units of work")]
    Conflict,
    /// An earlier statement of this unit failed: nothing more can be done in it.
    #[error("an earlier statement of this unit of work failed")]
    Poisoned,
    /// A panic inside the unit; it was rolled back, its neighbours were not.
    #[error("a unit of work panicked: {0}")]
    Panicked(String),
    #[error("{0}")]
    Engine(String),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::internal(error)
    }
}

/// Turns a violated constraint into the module's refusal, at the call.
pub trait OnConstraint<T> {
    /// `tx.exec(…).on_unique("documents_number", || Refusal::NumberTaken.into())`
    fn on_unique(self, index: &str, refuse: impl FnOnce() -> Error) -> Result<T>;
    fn on_foreign_key(self, refuse: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnConstraint<T> for Result<T> {
    fn on_unique(self, index: &str, refuse: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|error| match store_error(&error) {
            Some(StoreError::Unique(name)) if name == index => refuse(),
            _ => error,
        })
    }

    fn on_foreign_key(self, refuse: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|error| match store_error(&error) {
            Some(StoreError::ForeignKey(_)) => refuse(),
            _ => error,
        })
    }
}

/// The engine's word inside an error, if it is one.
pub fn store_error(error: &Error) -> Option<&StoreError> {
    match error {
        Error::Internal(cause) => cause.downcast_ref(),
        _ => None,
    }
}

pub(crate) fn is_conflict(error: &Error) -> bool {
    matches!(store_error(error), Some(StoreError::Conflict))
}
