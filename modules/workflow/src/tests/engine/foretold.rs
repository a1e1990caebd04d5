//! What is predicted against what then happens.

use hanlin_kernel::PersonId;

use super::story::{Story, go_on};
use crate::engine::{
    Acting, Case, Command, Intent, Route, Status, StepKind, Values, When, Words, case::Purpose, is_to_claim,
    predict_from,
};

/// One visit, as far as it can be foretold.
pub(super) type Foretold = (String, Vec<PersonId>, Option<String>);

pub(super) fn foretold(route: &Route) -> Vec<Foretold> {
    let future = route.steps.iter().filter(|step| step.when == When::Future && !step.suspended);
    future
        .map(|step| {
            let people = step.people.iter().map(|person| person.person).collect();
            (step.node.clone(), people, step.branch.clone().filter(|_| step.kind == StepKind::Branch))
        })
        .collect()
}

pub(super) fn happened(case: &Case, known: usize) -> Vec<Foretold> {
    let visits = case.activations[known..].iter();
    visits
        .map(|visit| {
            let tasks = case.tasks_of(visit.id).map(|task| task.person);
            let copies = case.copies.iter().filter(|copy| copy.activation == visit.id).map(|copy| copy.person);
            (visit.node.clone(), tasks.chain(copies).collect(), visit.branch.clone())
        })
        .collect()
}

/// Everyone agrees, and nothing else changes. `None`: an administrator must name someone, which nobody can foretell.
pub(super) fn all_agree(story: &Story) -> Option<Story> {
    let mut story = story.clone();
    go_on(&mut story);
    loop {
        if let Some(visit) = story.case.due_effect() {
            story.arrive(visit).ok()?;
            continue;
        }
        let next = story.case.open_tasks().next().cloned();
        let Some(task) = next else {
            match story.case.hoped().map(|(visit, _)| visit) {
                None => return Some(story),
                Some(visit) => story.arrive(visit).ok()?,
            };
            continue;
        };
        let words = Words::new("同意");
        if is_to_claim(story.flow.flow(), &story.case, &task) {
            story.run(task.person, Intent::Claim { task: task.id }).expect("it is in the pool");
        }
        story.sign(task.id);
        let intent = match task.purpose {
            Purpose::Assign => return None,
            Purpose::Handle | Purpose::Mend => Intent::Complete { task: task.id, words, values: Values::new() },
            Purpose::Approve => Intent::Approve { task: task.id, words, values: Values::new() },
            Purpose::Advise => Intent::Advise { task: task.id, words, values: Values::new() },
            Purpose::Revise => {
                Intent::Resubmit { task: task.id, values: Values::new(), choices: None, confirmed: true, words }
            }
        };
        if story.command(Command::new(Acting::person(task.person), intent)).is_err() {
            return None;
        }
    }
}

pub(super) fn predicted_is_what_happens(story: &Story) {
    if story.case.status != Status::Running {
        return;
    }
    let known = story.case.activations.len();
    let told = predict_from(&story.flow, &story.case, &story.world).expect("it can be foretold");
    let unknown = told.fork.is_some() || told.steps.iter().any(|step| !step.depends_on.is_empty());
    if let (false, Some(end)) = (unknown, all_agree(story)) {
        assert_eq!(foretold(&told), happened(&end.case, known));
        assert!(end.case.status.is_finished());
    }
}
