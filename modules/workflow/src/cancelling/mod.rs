//! 审批撤销 (FLOW-25): finished cases that are taken out of view, after people agreed to it and the case was backed up.
//!
//! ```text
//! finished case ─ flows.back_up_case ─► sealed backup ─ flows.delete_case ─► cancelled ─ restore ─► the case as it was
//!                  (both are effects of the flow "approval cancellation")
//! ```
//!
//! The rows of a cancelled case leave every table of this module, so that no list, search or count can show it by mistake,
//! and so that putting it back proves the backup. Its entries in the trace stay: they are in no table of ours.
//!
//! Invariants
//! - Nothing is deleted without a backup of that case, made for the same cancellation, whose seal holds and which says what
//!   the case says now (`nothing_is_deleted_without_a_backup_that_holds`).
//! - What is restored is what was there, row by row (`a_restored_case_is_what_it_was_row_by_row`).
//! - Every table with rows of a case is in its backup (`every_table_of_a_case_is_in_its_backup`).

mod actions;
mod archive;
mod events;
mod model;
mod package;
mod routes;
mod rules;
mod seal;
mod store;

pub(crate) use actions::{effects, instead_of, named};
pub use archive::{ArchiveReport, check_archive};
pub(crate) use package::TABLES;
pub(crate) use routes::routes;
pub use rules::Fault;
pub(crate) use store::forget;

use hanlin_kernel::Permission;

/// See which cases were cancelled, check and download their backups, and restore them.
pub const CANCELLED: Permission = Permission("workflow.cancelled");

/// The kind of thing that a backup's files belong to. No owner answers for it: they are had as a package only.
const BACKUP: &str = "workflow.backup";
