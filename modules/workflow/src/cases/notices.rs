//! Who is told of what happened in a case.

use hanlin_kernel::{PersonId, Result};
use hanlin_notify::Notice;
use hanlin_store::Tx;

use super::{
    actions::{link, words_of},
    follow_ups,
    model::StoredCase,
};
use crate::{
    MANAGE,
    engine::{
        self, Case, CheckedFlow, Event, Flow, Status, What, Why,
        case::{Purpose, TaskNo},
    },
};

pub(crate) fn tell(tx: &mut Tx, flow: &CheckedFlow, case: &StoredCase, events: &[Event]) -> Result<()> {
    let notice = |code: &str| {
        Notice::new(&format!("workflow.notice.{code}"), link(case.id))
            .with("title", &case.title)
            .with("flow", &flow.flow().name)
            .with("number", &case.number)
    };
    let initiator = case.state.initiator.principal();
    for event in events {
        let named = words_of(event).map(|words| words.mentions.as_slice()).unwrap_or_default();
        if let Some(words) = words_of(event).filter(|_| !named.is_empty()) {
            hanlin_notify::tell(tx, named, &notice("mentioned").with("text", &words.text))?;
        }
        match &event.what {
            What::TaskAssigned { task, person, open: true, .. } | What::TaskStarted { task, person } => {
                hanlin_notify::tell(tx, &[*person], &notice(code_of(case, *task)))?;
            }
            // He was told that he is named.
            What::CopySent { why, .. } if matches!(why[..], [Why::MentionedBy { .. }]) => {}
            What::CopySent { person, .. } => hanlin_notify::tell(tx, &[*person], &notice("copied"))?,
            What::Urged { people, words, .. } => {
                hanlin_notify::tell(tx, people, &notice("urged").with("text", &words.text))?;
            }
            What::Commented { words, .. } if !is_secret(flow.flow(), &case.state, event) => {
                let unnamed: Vec<_> = others(case).into_iter().filter(|person| !named.contains(person)).collect();
                hanlin_notify::tell(tx, &unnamed, &notice("commented").with("text", &words.text))?;
            }
            What::OpinionCorrected { words, .. } if !is_secret(flow.flow(), &case.state, event) => {
                let unnamed: Vec<_> = others(case).into_iter().filter(|person| !named.contains(person)).collect();
                hanlin_notify::tell(tx, &unnamed, &notice("corrected").with("text", &words.text))?;
            }
            What::Halted { words } | What::Continued { words } => {
                let code = if matches!(event.what, What::Halted { .. }) { "halted" } else { "continued" };
                hanlin_notify::tell(tx, &others(case), &notice(code).with("text", &words.text))?;
            }
            What::Repaired { words, .. } => {
                hanlin_notify::tell(tx, &others(case), &notice("repaired").with("text", &words.text))?;
            }
            What::HandedOver { to, .. } => hanlin_notify::tell(tx, &[*to], &notice("task"))?,
            What::Finished { status: Status::Completed } => {
                hanlin_notify::tell(tx, &[initiator], &notice("completed"))?
            }
            What::Finished { status: Status::Terminated } => {
                hanlin_notify::tell(tx, &[initiator], &notice("terminated"))?;
            }
            What::Revoked { .. } | What::Amended { .. } => {
                let code = if matches!(event.what, What::Revoked { .. }) { "revoked" } else { "amended" };
                let people = follow_ups::concerned(tx, case)?;
                hanlin_notify::tell(tx, &people, &notice(code))?;
            }
            What::DeviationReported { words, .. } => {
                let administrators = match case.unit {
                    Some(unit) => hanlin_access::people_with(tx, MANAGE, unit)?,
                    None => Vec::new(),
                };
                hanlin_notify::tell(tx, &administrators, &notice("deviation").with("text", &words.text))?;
            }
            What::Finished { status: Status::Rejected } => hanlin_notify::tell(tx, &[initiator], &notice("rejected"))?,
            _ => {}
        }
    }
    Ok(())
}

/// Is something among this that others learn only when its node is decided?
pub(crate) fn is_kept_back(flow: &Flow, after: &Case, events: &[Event]) -> bool {
    events.iter().any(|event| is_secret(flow, after, event))
}

fn is_secret(flow: &Flow, after: &Case, event: &Event) -> bool {
    let task = match &event.what {
        What::Approved { task, .. }
        | What::Completed { task, .. }
        | What::PassedOn { task, .. }
        | What::PeopleChosen { task, .. }
        | What::Printed { task, .. }
        | What::SignedOnPaper { task, .. }
        | What::Rejected { task, .. }
        | What::Abstained { task, .. }
        | What::Advised { task, .. }
        | What::TakenBack { task, .. } => *task,
        What::OpinionCorrected { opinion, .. } => {
            let visit = after.opinion(*opinion).and_then(|said| said.activation);
            return visit.is_some_and(|visit| engine::is_sealed(flow, after, visit));
        }
        What::Commented { activation: Some(visit), .. } => return engine::is_sealed(flow, after, *visit),
        _ => return false,
    };
    after.task(task).is_some_and(|task| engine::is_sealed(flow, after, task.activation))
}

/// What is asked of him, in the word that says so.
fn code_of(case: &StoredCase, task: TaskNo) -> &'static str {
    match case.state.task(task).map(|task| task.purpose) {
        Some(Purpose::Revise) => "returned",
        Some(Purpose::Assign) => "assign",
        Some(Purpose::Advise) => "advice",
        Some(Purpose::Mend) => "mend",
        _ => "task",
    }
}

/// Who is at work on it now, and whose matter it is.
fn others(case: &StoredCase) -> Vec<PersonId> {
    let open = case.state.open_tasks().map(|task| task.person);
    std::iter::once(case.state.initiator.principal()).chain(open).collect()
}
