//! Who gains the right to see a case, and by what: the one source of `workflow_access`.

use hanlin_kernel::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{Case, Purpose, Task, TaskState},
    event::{Event, What},
};

/// By what someone may see a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Initiator,
    Handler,
    /// An administrator who must name a handler.
    Administrator,
    Copy,
    /// Did something in it as the agent of one who takes part (代理).
    Agent,
}

/// People and by what each may see a case.
pub type Access = Vec<(PersonId, Via)>;

/// Who may see the case from this event on. Someone whose turn has not come sees it when it comes. Nobody loses access
/// by an event. `after`: the case with the event applied.
pub fn access(after: &Case, event: &Event) -> Access {
    match &event.what {
        What::Submitted { initiator, .. } => {
            let filer = (initiator.person != initiator.principal()).then_some((initiator.person, Via::Initiator));
            [(initiator.principal(), Via::Initiator)].into_iter().chain(filer).collect()
        }
        What::TaskAssigned { person, purpose, open: true, .. } => vec![(*person, via(*purpose))],
        What::TaskStarted { task, person } => {
            let purpose = after.task(*task).map_or(Purpose::Approve, |task| task.purpose);
            vec![(*person, via(purpose))]
        }
        What::CopySent { person, .. } => vec![(*person, Via::Copy)],
        _ => Vec::new(),
    }
}

/// Is the person its initiator, or has he an open task in it? Then he may see it, and [`access`] said so when it began.
pub(crate) fn is_concerned(case: &Case, person: PersonId) -> bool {
    let is_his = |task: &Task| task.person == person && task.state == TaskState::Open;
    case.initiator.principal() == person || case.initiator.person == person || case.tasks.iter().any(is_his)
}

fn via(purpose: Purpose) -> Via {
    match purpose {
        Purpose::Assign | Purpose::Mend => Via::Administrator,
        Purpose::Approve | Purpose::Handle | Purpose::Revise | Purpose::Advise => Via::Handler,
    }
}
