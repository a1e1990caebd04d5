//! 背靠背: at a node that says so, nobody learns what the others say there before the node is decided. Whoever stands
//! behind the same vote (he, those whom he made take part, whose place he took) hears one another.

use hanlin_kernel::PersonId;

use super::{
    case::{ActivationNo, Case, Closing, Opinion, Purpose, Task, TaskNo, TaskState, Verdict},
    checked::CheckedFlow,
    facts::Facts,
    model::{Flow, Opinions},
    predict::route,
    refusal::Refusal,
    route::Route,
};

/// May this reader be told what was said there? `readers`: himself, and those for whom he acts in this case.
pub fn may_hear(flow: &Flow, case: &Case, opinion: &Opinion, readers: &[PersonId]) -> bool {
    let Some(visit) = opinion.activation.filter(|visit| is_sealed(flow, case, *visit)) else { return true };
    // What sends the case away is for whom it is sent to; what was not run as prescribed is for everybody.
    let said = case.said_first(opinion);
    let leads_away = [Verdict::Returned, Verdict::ReviewFailed, Verdict::DeviationReported].contains(&said.verdict);
    let own = readers.contains(&opinion.by.person) || readers.contains(&opinion.by.principal());
    leads_away || own || opinion.task.is_some_and(|task| stands_behind(case, visit, task, readers))
}

/// Does what is said at this visit now stay with who says it?
pub fn is_sealed(flow: &Flow, case: &Case, visit: ActivationNo) -> bool {
    let Some(visit) = case.activation(visit).filter(|visit| visit.end().is_none()) else { return false };
    let desk = flow.find(&visit.node).and_then(|place| place.node.desk());
    desk.is_some_and(|desk| desk.opinions == Opinions::After)
}

/// Past, present and future of a case, as this reader may know it: also what is foretold does not tell how others voted.
pub fn route_for(
    checked: &CheckedFlow,
    case: &Case,
    readers: &[PersonId],
    facts: &dyn Facts,
) -> Result<Route, Refusal> {
    let flow = checked.flow();
    let hidden = |task: &Task| {
        let decides = matches!(task.purpose, Purpose::Approve | Purpose::Handle);
        decides
            && is_sealed(flow, case, task.activation)
            && task.closing().is_some_and(|how| how.is_heard() || matches!(how, Closing::DecidedByOther { .. }))
            && !matches!(task.closing(), Some(Closing::Repeated { .. } | Closing::Unchanged { .. }))
            && !stands_behind(case, task.activation, task.id, readers)
    };
    let secret: Vec<TaskNo> = case.tasks.iter().filter(|task| hidden(task)).map(|task| task.id).collect();
    if !case.activations.iter().any(|visit| is_sealed(flow, case, visit.id)) {
        return route(checked, case, facts);
    }
    let mut told = case.clone();
    for task in told.tasks.iter_mut().filter(|task| secret.contains(&task.id)) {
        if let TaskState::Closed { how, .. } = &mut task.state {
            *how = Closing::Approved;
        }
        task.paper = None;
    }
    let mut route = route(checked, &told, facts)?;
    for step in &mut route.steps {
        if step.activation.is_some_and(|visit| is_sealed(flow, case, visit)) {
            step.tally = None;
        }
        for person in step.people.iter_mut().filter(|person| person.task.is_some_and(|task| secret.contains(&task))) {
            if let Some(TaskState::Closed { how, .. }) = &mut person.state {
                *how = Closing::Undisclosed;
            }
        }
    }
    Ok(route)
}

/// Is one of the tasks behind the vote to which this task belongs his, or was it done by him?
fn stands_behind(case: &Case, visit: ActivationNo, task: TaskNo, readers: &[PersonId]) -> bool {
    let vote = vote_of(case, task);
    let is_his = |task: &Task| readers.iter().any(|reader| task.person == *reader || task.is_done_by(*reader));
    case.tasks_of(visit).any(|other| is_his(other) && vote_of(case, other.id) == vote)
}

/// The task at which this one's vote is cast in the end.
fn vote_of(case: &Case, task: TaskNo) -> TaskNo {
    let above = |task: &TaskNo| {
        let task = case.task(*task)?;
        task.replaced_by.or(task.hangs.map(|hangs| hangs.on))
    };
    std::iter::successors(Some(task), above).last().unwrap_or(task)
}
