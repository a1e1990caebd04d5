//! 流程: flows, their versions, and the cases that run through them.
//!
//! ```text
//! package (YAML) ─ check ─► Flow ─ import ─► version: draft ─ publish ─► published ─ … ─► retired
//!                                                             │ start
//! draft ─ submit ─► case: running ◄─ decide ─► completed | rejected | withdrawn
//!                   └ tasks · opinions · copies · access      finished ─ approval cancellation ─► cancelled
//! ```
//!
//! [`engine`] decides, purely; [`package`] reads what an organisation writes; `flows` keeps flows and versions; `cases`
//! keeps cases and is the only one that calls the engine with real facts; `cancelling` takes finished ones out of view;
//! `webhooks` asks other systems.
//!
//! Invariants
//! - A case runs on the version it was begun on. A published version never changes.
//! - Each command is one unit of work and one trace entry with all engine events; replaying them gives the stored state
//!   (`the_trace_of_a_case_replays_to_its_state`).
//! - `workflow_access` is the one source of who takes part in a case and may see it for that; beside it stands a right to
//!   query a form's cases (`who_may_query_a_form_reads_its_cases_and_does_nothing_with_them`).
//! - A case is changed under its own key: two who decide at once are asked one after the other.
//!
//! What it does not do: it knows no department heads (`directory`), no holidays (`worktime`) and no numbers that an
//! organisation may set (`rulebook`); it asks them.

mod agency;
mod cancelling;
mod cases;
mod desk;
mod effects;
pub mod engine;
mod flows;
mod leaving;
pub mod package;
mod registers;
#[cfg(test)]
mod tests;
mod webhooks;

pub use cancelling::{ArchiveReport, CANCELLED, Fault, check_archive};
pub use cases::{
    CASE, CaseFiles, CaseId, HandOverAll, Held, HeldTask, NotHandedOver, TaskId, World, hand_over_all, held_by,
    initiator_of, is_completed, is_revoked, may_read,
};
pub use effects::{Asked, Effect, Kind, Known, MadeBy, Opens, Outcome, Parameter, Standing, Undo, catalogue};
pub use engine::Made;
pub use flows::{FlowId, Mention, Named, VersionId, find_package, import_and_publish, import_draft, mentions};
pub use leaving::{count_sample, guests_of_sample};
pub use registers::{Record, Register, RegisterColumn};
pub use webhooks::Webhooks;

use hanlin_api::{Module, Routes};
use hanlin_kernel::Permission;
use hanlin_store::{Consumer, Migration, jobs};

/// Import, publish and retire the flows of the units in scope; hand over tasks of cases one may see.
pub const MANAGE: Permission = Permission("workflow.manage");

pub const MIGRATIONS: &[Migration] = hanlin_store::migrations!(
    "workflow"; "0001_workflow", "0002_room" differs, "0003_hold", "0004_query", "0005_query_read", "0006_series",
    "0007_monitor", "0008_agency", "0009_link", "0010_claim", "0011_call", "0012_effect",
    "0013_follow_up", "0014_value", "0015_cancellation", "0016_webhook", "0017_paper", "0018_desk", "0019_old_secret",
    "0020_empty_value" differs, "0021_core", "0022_record", "0023_line", "0024_naming"
);

pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        routes: webhooks::routes(desk::routes(cancelling::routes(agency::routes(flows::routes(cases::routes(
            Routes::new(),
        )))))),
        permissions: &[MANAGE, CANCELLED],
        words: (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json")),
        consumers: vec![
            Consumer::new("workflow.time", &[cases::TIME], cases::time_due),
            Consumer::new("workflow.call", &[cases::OPEN], cases::open_due),
            Consumer::new("workflow.ended", &[cases::ENDED], cases::ended),
            Consumer::new("workflow.call_off", &[cases::CALL_OFF], cases::call_off),
            Consumer::new("workflow.event", &[cases::EVENT], cases::event_due),
            Consumer::new("workflow.left", &["directory.person_left"], cases::left),
            Consumer::new("workflow.left_by_now", &[cases::LEFT], cases::left_by_now),
            Consumer::new("workflow.relieve", &[cases::RELIEVE], cases::relieve),
            Consumer::new("workflow.agency", &[agency::TURN], agency::turn),
        ],
        jobs: jobs::Kinds::default().with(cases::INDEX, cases::index),
        forget: Some(leaving::forget),
        ports: cancelling::effects().with(cases::SIGNAL),
        ..Module::named("workflow")
    }
}
