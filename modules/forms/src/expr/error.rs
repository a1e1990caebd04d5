use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Span;

/// What is wrong with an expression, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExprError {
    /// The key of the sentence, `forms.expr.…`.
    pub code: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub args: Map<String, Value>,
    pub span: Span,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Box<Remedy>>,
}

/// What would put it right.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Remedy {
    /// The key of the sentence; its only argument is `replacement`.
    pub code: String,
    /// What to write in place of the span.
    pub replacement: String,
}

impl ExprError {
    pub(super) fn new(source: &str, span: Span, code: &str) -> Self {
        let (line, column) = span.place_in(source);
        Self { code: format!("forms.expr.{code}"), args: Map::new(), span, line, column, remedy: None }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    /// "Did you mean …?"
    pub(super) fn meant(mut self, replacement: Option<String>) -> Self {
        let remedy = |replacement| Remedy { code: "forms.expr.did_you_mean".into(), replacement };
        self.remedy = replacement.map(|replacement| Box::new(remedy(replacement)));
        self
    }

    /// "Write … instead."
    pub(super) fn write(mut self, replacement: impl Into<String>) -> Self {
        let remedy = Remedy { code: "forms.expr.write_instead".into(), replacement: replacement.into() };
        self.remedy = Some(Box::new(remedy));
        self
    }
}

/// For logs and command lines that have no words at hand.
impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.code)?;
        if !self.args.is_empty() {
            write!(f, " {}", Value::Object(self.args.clone()))?;
        }
        match &self.remedy {
            Some(remedy) => write!(f, " → {}", remedy.replacement),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ExprError {}
