//! 表单: what a form is made of, what may stand in it, and the small language of conditions and computed fields.
//!
//! A [`form::Form`] is data: typed fields, and a bordered grid that lays them out like the paper it replaces.
//! Values are one JSON object, field id → value. This crate decides about them and does nothing else:
//!
//! ```text
//!  what was sent ──► merge (field rights) ──► normalise ──► compute ──► validate (draft | submit) ──► kept
//!  what is kept  ──► redact (field rights) ──► what a reader gets
//! ```
//!
//! [`expr`] is the language: `form.amount > 5000 && initiator.rank_level < 3`. An expression is parsed, checked against
//! the form, and evaluated with exact decimals and three-valued logic; conditions can be analysed before a flow is
//! published (is there a value that no branch takes?). `docs/expressions.md` describes it for those who write it.
//!
//! Invariants:
//! - Everything is pure: no clock, no database, no network. Working time and today's date come in as arguments.
//! - No input panics or runs long: sources, nesting, lists, values and steps are bounded.
//! - What a reader may not see never leaves [`form::redact`]; what he may not write never passes [`form::merge`].
//! - The browser's twin (`web/src/modules/forms/lib/`) gives the same answers: both run `vectors/*.json`.
//!
//! Deliberately not here: whether a person or file that a value names exists (the caller asks `directory` and `files`),
//! how a form looks (`web`), which node gives which right (`workflow`).

pub mod expr;
pub mod form;

#[cfg(test)]
mod tests;
