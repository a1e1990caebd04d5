//! 部门账号: what a department signs with, and never a shared password (ACC-03).
//!
//! ```text
//! DepartmentAccount { department, head | public } ── known to flows as ──► Person, without an Account
//! Session ── acts for ──► DepartmentAccount        Actor { person: who acts, on_behalf_of: the account's person }
//! ```
//!
//! Whoever may acts for it under his own sign-in. While he does, what waits, what was begun and what he may do are the
//! account's; what is recorded names both. It ends when he gives it back, when his session ends, and at once when he
//! leaves the department: it is asked anew with every request (`who_left_the_department_acts_for_it_no_more`).

mod actions;
mod model;
mod routes;
mod rules;
mod store;

pub(crate) use actions::{act_for, acting_for, give_back, give_back_where_over, listed_for, principals};
pub use model::{DepartmentAccount, DepartmentAccountId};
pub(crate) use routes::{AccountNamed, routes};
pub(crate) use store::is_department_account;
