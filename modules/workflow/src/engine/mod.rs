//! The flow engine: pure functions over a flow and a case. See `decide`.

pub mod form;
pub mod model;
