//! The language of conditions and computed fields: a small typed subset of CEL with exact decimals and three-valued null.
//!
//! [`Expr::parse`] → [`Expr::check`] against an [`Env`] → [`Checked::eval`] over a [`Scope`].
//! Everything that can go wrong goes wrong before evaluation, as [`ExprError`]s; evaluation is total and bounded.

mod analyse;
mod ast;
mod check;
mod error;
mod eval;
mod lexer;
mod number;
mod parser;
mod print;
mod samples;
mod suggest;
mod types;
mod value;

pub use analyse::{Analysis, Finding, Never, Overlap, Reason, Witness, analyse};
pub use ast::{Expr, Function, Kind, Node, Op, Span};
pub use check::{Checked, Code};
pub use error::{ExprError, Remedy};
pub use eval::{Foreseen, Scope};
pub(crate) use number::{clean, read as read_decimal, round_to as round};
pub use types::{Env, RefKind, Type, Variable};
pub(crate) use value::read_date;
pub use value::{PeriodValue, Value};

/// Longest source, in characters.
pub const MAX_SOURCE: usize = 4_000;
/// Deepest nesting.
pub const MAX_DEPTH: u16 = 64;
/// Most steps that one evaluation may take. Refused by the check, so that evaluation needs no limit.
pub const MAX_STEPS: usize = 10_000;
/// Longest list.
pub const MAX_LIST: usize = 1_000;
/// Longest text that an expression may make, in characters. A longer one is null.
pub const MAX_TEXT: usize = 100_000;
