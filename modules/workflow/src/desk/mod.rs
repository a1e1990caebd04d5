//! 常用语, 常用筛选: what each keeps ready for his work, wherever he signs in (FLOW-18).
//!
//! Like drafts these are nobody else's business: they are in no trace, and a department's account has its own. What all say
//! in an organisation, and how many of one's own one may keep, is in the rulebook.
//!
//! - What one keeps is there on every device, and nobody else's (`what_one_keeps_ready_is_there_on_every_device`).
//! - Of two devices the second is told that the first was faster (`of_two_devices_the_second_is_told`).

mod actions;
mod model;
mod routes;
mod rules;
mod store;

pub(crate) use routes::routes;
#[cfg(test)]
pub(crate) use {
    model::{SavedFilter, Sifted},
    rules::{admit_filters, admit_phrases},
};
