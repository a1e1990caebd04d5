//! 调整令: dated orders by which personnel change the organisation (ORG-02…04, 10, 13).
//!
//! ```text
//! draft ──issue──► issued ──its time comes──► applied ──verify──► verified
//!   ▲ │               │                          │                  │
//!   │ └──withdraw─────┴──► withdrawn             └──counter-order───┴──► a draft that turns it back
//!   └──edit──── failed ◄── its time came and something stood in the way
//! ```
//!
//! An order is a list of [`Change`]s, each one of the directory's own actions. It is previewed by doing it and undoing
//! it (`Tx::rehearse`), so that what is shown and what happens cannot differ. What was done is kept with what turns it
//! back, which is what a counter-order is made of.
//!
//! Invariants, each kept by the test named:
//! - All of an order happens, or nothing (`an_order_that_fails_changes_nothing_and_tells_who_issued_it`).
//! - A preview changes nothing (`a_preview_shows_what_would_happen_and_changes_nothing`).
//! - A counter-order brings back what was (`a_counter_order_brings_back_what_was`).
//! - What needs attention is ticked before an order counts as verified
//!   (`an_order_is_verified_when_all_that_hangs_on_it_is_ticked`).
//! - A unit is registered, renamed and deregistered by an order that somebody else reviewed, where the rules ask for it
//!   (`an_order_on_a_unit_is_reviewed_by_somebody_who_did_not_draft_it`). Whoever reviews it may give it back instead; it is
//!   not issued before it was changed and reviewed (`an_order_that_was_given_back_is_changed_and_presented_again`).
//! - An approved transfer or resignation drafts its order, which somebody issues; where the rules ask for it, people move
//!   and leave by such an order only (`an_approved_transfer_drafts_an_order_that_moves_the_person_once_it_is_issued`,
//!   `where_the_rules_ask_for_a_flow_nobody_is_moved_without_one`).
//! - Nothing is left waiting at a leaver (`whoever_leaves_leaves_nothing_behind`).
//!
//! What it does not do: it owns no unit, department or person (`directory`), no task (`workflow`) and no grant
//! (`access`); it asks them.

mod actions;
mod apply;
mod chart;
mod consequences;
mod effects;
mod events;
mod hand_over;
mod model;
mod policy;
mod register;
mod registry;
mod routes;
mod rules;
mod store;
mod views;

#[cfg(test)]
mod tests;

pub use events::Event;
pub use model::{Change, Class, Order, OrderId, State, Target};
pub use policy::{HAND_OVER, ISSUE, READ, VERIFY};
pub use rules::Refusal;

use hanlin_api::Module;
use hanlin_store::Consumer;

/// What this module gives the composition root.
pub fn module() -> Module {
    Module {
        migrations: hanlin_store::migrations!("orders"; "0001_orders", "0002_review", "0003_return", "0004_origin", "0005_origin_title"),
        routes: routes::routes(),
        permissions: &[READ, ISSUE, VERIFY, HAND_OVER],
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        consumers: vec![
            Consumer::new("orders.apply", &[actions::APPLY], actions::apply_due),
            Consumer::new("orders.remind", &[actions::REMIND], actions::remind_overdue),
        ],
        forget: Some(store::forget),
        ports: effects::ports(),
        ..Module::named("orders")
    }
}
