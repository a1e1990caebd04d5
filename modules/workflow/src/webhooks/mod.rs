//! 接口: the other systems that flows ask, and who tell that something happened (FLOW-40, FLOW-11).
//!
//! ```text
//! Endpoint { name, url, flows }        registered by an administrator; a flow names it, and never an address
//!
//! decision ── unit ──► Delivery: waiting ── worker, outside every unit ──► answered ─► the case goes on
//!                                  │ tried again, ever later                sent ─► the other side answers by a request
//!                                  └ failed ─► somebody is asked
//! ```
//!
//! Requests are signed as Standard Webhooks has it, both ways. The secret of an endpoint is nowhere: it is computed from the
//! key that lies outside the database, and shown once.
//!
//! Invariants, each kept by the test named:
//! - Nothing goes out of a unit that is undone, nor while one runs (`it_goes_out_after_the_decision_and_the_answer_comes_into_the_form`).
//! - An answer counts once; one that nobody waits for changes nothing (`a_later_answer_counts_once_and_only_with_its_signature`).
//! - No request goes to an address of the house unless the configuration says so (`no_request_goes_into_the_house`).

mod actions;
mod address;
mod answers;
mod client;
mod events;
mod model;
mod outgoing;
mod routes;
mod signing;
mod store;
mod worker;

pub(crate) use actions::unknown_endpoints;
pub(crate) use model::Endpoint;
pub(crate) use outgoing::queue;
pub(crate) use routes::routes;
pub(crate) use store::{call_off, list_endpoints};
pub use worker::Webhooks;
