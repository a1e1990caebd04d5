//! 代理: one acts for another, in a period, in certain flows (TIME-11).
//!
//! ```text
//! Agency { principal, agent, period, scope, start and / or decide }     ahead ─► in force ─► over (also ended early)
//!
//! the agent's inbox = what waits for him + what waits for his principals, each marked "for X"
//! Actor { person: the agent, on_behalf_of: the principal }              every record names both
//! ```
//!
//! [`hats`] is the one place that says as whom somebody acts; lists, cases, attachments and every command ask there.
//!
//! Invariants, each kept by the test named:
//! - An agent does what his principal could do, within period and scope, and nothing else of his
//!   (`an_agent_does_the_tasks_of_his_principal_under_both_names`).
//! - He decides nothing in a case that he began or handed in (`an_agent_decides_nothing_in_his_own_case`).
//! - The instant it is over, nothing of it is his any more (`when_the_period_is_over_nothing_is_left`).
//! - Of agent and principal who decide at once, one decides and the other is told by whom
//!   (`of_agent_and_principal_one_decides_and_the_other_is_told_by_whom`).
//! - Nobody acts for himself at the end of a chain (`no_circle_ever`).

mod actions;
mod events;
pub(crate) mod hats;
mod model;
mod news;
mod policy;
mod routes;
pub(crate) mod rules;
mod store;

pub(crate) use actions::{TURN, acting_for, turn};
pub(crate) use hats::{Hats, Wearing};
pub(crate) use news::{tell, told_of};
pub(crate) use routes::routes;
pub(crate) use store::{StandingAgencies, note_look};
