use hanlin_kernel::{FieldError, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Form;

/// What was declared on submitting: that the entries are accurate and complete (FORM-13). Kept with the submission,
/// because whoever submits is liable for errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Declaration {
    /// The words as they were shown.
    pub statement: Text,
}

impl Form {
    /// The sentence to show beside the box that must be ticked.
    pub fn statement(&self) -> Text {
        self.declaration.clone().unwrap_or_else(|| {
            Text::new(
                "本人确认所填内容真实、准确、完整。",
                "I confirm that the entries are true, accurate and complete.",
            )
        })
    }

    /// Nothing is submitted without the declaration.
    pub fn declare(&self, confirmed: bool) -> Result<Declaration, FieldError> {
        match confirmed {
            true => Ok(Declaration { statement: self.statement() }),
            false => Err(FieldError::new("confirmed", "forms.not_confirmed")),
        }
    }
}
