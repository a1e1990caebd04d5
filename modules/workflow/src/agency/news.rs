//! Who else is told of what happened in a case: agents of what comes to their principals, principals of what was done for
//! them.

use hanlin_kernel::{PersonId, Result};
use hanlin_notify::Notice;
use hanlin_store::Tx;

use super::hats::{self, Agent, Wearing};
use crate::{
    cases::{StoredCase, link},
    engine::{
        CheckedFlow, Event, What,
        case::{Task, TaskNo},
    },
};

/// The agents whose inbox a change of this case may change: of everybody who has or had a task in it.
pub(crate) fn told_of(tx: &mut Tx, case: &StoredCase) -> Result<Vec<Agent>> {
    let mut people: Vec<PersonId> = case.state.tasks.iter().map(|task| task.person).collect();
    people.sort();
    people.dedup();
    hats::agents_of(tx, &people)
}

pub(crate) fn tell(
    tx: &mut Tx,
    flow: &CheckedFlow,
    case: &StoredCase,
    worn: &Wearing,
    events: &[Event],
    agents: &[Agent],
) -> Result<()> {
    let directory = hanlin_directory::snapshot(tx)?;
    let notice = |code: &str| {
        Notice::new(&format!("workflow.notice.{code}"), link(case.id))
            .with("title", &case.title)
            .with("flow", &flow.flow().name)
            .with("number", &case.number)
    };
    if !agents.is_empty() {
        for task in events.iter().filter_map(opened).filter_map(|task| case.state.task(task)) {
            tell_agents(
                tx,
                case,
                task,
                agents,
                &notice("task_for").with("principal", directory.person_name(task.person)),
            )?;
        }
    }
    let said = events.iter().find(|event| event.by.is_some() && !matches!(event.what, What::ValuesChanged { .. }));
    if let Some((principal, said)) = worn.actor.on_behalf_of.zip(said).filter(|_| worn.as_agent) {
        let code = if matches!(said.what, What::Submitted { .. }) { "started_for_you" } else { "done_for_you" };
        let told = notice(code).with("agent", directory.person_name(worn.actor.person)).with("what", said.kind());
        hanlin_notify::tell(tx, &[principal], &told)?;
    }
    Ok(())
}

fn tell_agents(tx: &mut Tx, case: &StoredCase, task: &Task, agents: &[Agent], notice: &Notice) -> Result<()> {
    let people: Vec<PersonId> = hats::doers(tx, agents, case, task)?.into_iter().map(|each| each.agent).collect();
    hanlin_notify::tell(tx, &people, notice)
}

/// The task that somebody can do from this event on.
fn opened(event: &Event) -> Option<TaskNo> {
    match &event.what {
        What::TaskAssigned { task, open: true, .. } | What::TaskStarted { task, .. } => Some(*task),
        _ => None,
    }
}
