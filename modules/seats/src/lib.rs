//! 席位: whom each using unit names for the work on the platform: a leader in charge, a dedicated administrator or
//! liaison, operators (ORG-19).
//!
//! ```text
//! Rulebook ── seat.leaders, seat.administrators, seat.operators ──► how many of each kind a unit needs
//! Seat (unit, kind, person, post, contact) ── name, or name instead of ──► in force ── end ──► ended, and still known
//!                                                                              └─ its holder leaves, the unit closes
//! Standing of a unit = required − held, short since when ──► the list of vacant seats, over one's units
//! ```
//!
//! A seat is no right and no post: flows name posts, grants give rights. It says who answers for a unit's use of the
//! platform and how he is reached, and it is registered with these words so that the register tells what was true then.
//!
//! Invariants, each kept by the test named:
//! - A seat counts only while its holder serves and its unit is in use, also before news of it has come round
//!   (`a_leaver_vacates_his_seat_and_the_list_says_since_when`).
//! - Who follows is registered with name, post and contact, and who was before stays known
//!   (`a_change_is_registered_with_the_successors_name_post_and_contact`).
//! - How many a unit needs is a rule (`how_many_seats_a_unit_needs_is_a_clause`).
//! - An administrator sees and fills the seats of the units he manages (`each_sees_and_fills_the_seats_of_his_units`).

mod actions;
mod events;
mod model;
mod routes;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use actions::{EndSeat, NameSeat, end, held_by, name, standings, standings_ever};
pub use events::Event;
pub use model::{Kind, Seat, SeatId};
pub use routes::{UnitSeats, seats_of};
pub use rules::{Refusal, Standing};

use hanlin_api::Module;
use hanlin_store::{Consumer, migrations};

/// What this module gives the composition root.
pub fn module() -> Module {
    Module {
        migrations: migrations!("seats"; "0001_seats"),
        routes: routes::routes(),
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        forget: Some(store::forget),
        consumers: vec![
            Consumer::new("seats.leave", &["directory.person_left"], actions::leave_with_holder),
            Consumer::new("seats.close", &["directory.unit_ended"], actions::close_with_unit),
        ],
        ..Module::named("seats")
    }
}
