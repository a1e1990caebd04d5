//! Flows, their versions, and the cases that run through them.

pub mod engine;

#[cfg(test)]
mod tests;
