//! The case after an event. Total: an event that does not fit the case (which `decide` never makes) changes nothing.

use super::{
    act::note_effect,
    awaited_event::note_event,
    awaiting::Awaiting,
    call::{Called, note_arrival},
    case::{
        Activation, ActivationNo, ActivationState, Case, Choices, Closing, Copied, OnHold, Opinion, Purpose, Status,
        Task, TaskNo, TaskState, Urge, Values, Verdict, Words,
    },
    event::{Change, Event, What},
    follow_up::{Aftermath, FollowUp},
    free::PassedOn,
    halting::Halt,
    mend::{pass_failed, try_failed_again},
    paper::Printing,
    parallel::LaneState,
    revisions::{put, revise},
    webhook::note_answer,
};

/// The case after this event.
pub fn apply(mut case: Case, event: &Event) -> Case {
    change(&mut case, event);
    case
}

/// The case that these events made, from the beginning.
pub fn replay<'e>(draft: Case, events: impl IntoIterator<Item = &'e Event>) -> Case {
    events.into_iter().fold(draft, apply)
}

/// The same, in place.
pub(crate) fn change(case: &mut Case, event: &Event) {
    case.version += 1;
    match &event.what {
        What::Submitted { initiator, values, choices, .. } => {
            case.status = Status::Running;
            case.initiator = (**initiator).clone();
            case.values = values.clone();
            case.choices = choices.clone();
            case.submitted_at = Some(event.at);
        }
        What::Resubmitted { task, choices, words, .. } => {
            case.choices = choices.clone();
            done(case, event, *task, Closing::Resubmitted, Verdict::Resubmitted, words);
        }
        What::ValuesChanged { changes, .. } | What::ResultsTaken { changes, .. } => revise(case, event, changes, None),
        What::Repaired { changes, words } => {
            note(case, event, None, None, Verdict::Repaired, words);
            revise(case, event, changes, Some(words));
        }
        What::Opened { activation, node, parent, round, cause } => case.activations.push(Activation {
            id: *activation,
            node: node.clone(),
            parent: *parent,
            round: *round,
            cause: *cause,
            state: ActivationState::Active,
            superseded: false,
            kept: false,
            answered: false,
            branch: None,
            lanes: Vec::new(),
            read: Values::new(),
            suspended_with: None,
            suspended_until: None,
            left_out: Vec::new(),
            awaiting: None,
            passed_on: Vec::new(),
            opened_at: event.at,
            closed_at: None,
        }),
        What::BranchTaken { activation, branch, read } => on_activation(case, *activation, |activation| {
            activation.branch = Some(branch.clone());
            activation.read = read.clone();
        }),
        What::LanesOpened { activation, lanes, read } => on_activation(case, *activation, |activation| {
            activation.lanes = lanes.clone();
            activation.read = read.clone();
        }),
        What::LaneEnded { activation, branch, how } => on_lane(case, *activation, branch, how.clone()),
        What::LaneReopened { activation, branch } => on_lane(case, *activation, branch, LaneState::Open),
        What::LeftOut { activation, left_out } => {
            on_activation(case, *activation, |activation| activation.left_out.push(left_out.clone()));
        }
        What::TaskAssigned { task, activation, person, why, purpose, turn, open, hangs, replaces, ballot } => {
            if let Some(replaced) = replaces {
                hang_on(case, *replaced, *task);
            }
            // Whoever comes in the place of one who claimed it holds it as he did; not who only names somebody.
            let claimed = replaces.and_then(|replaced| case.task(replaced)?.claimed);
            let claimed = claimed.filter(|_| *purpose != Purpose::Assign);
            case.tasks.push(Task {
                id: *task,
                activation: *activation,
                person: *person,
                why: why.clone(),
                purpose: *purpose,
                turn: *turn,
                state: if *open { TaskState::Open } else { TaskState::Waiting },
                assigned_at: event.at,
                opened_at: open.then_some(event.at),
                hangs: *hangs,
                held: None,
                ballot: *ballot,
                replaced_by: None,
                claimed,
                chose: Choices::new(),
                paper: None,
                closed_in: 0,
            });
        }
        What::TaskStarted { task, .. } => on_task(case, *task, |task| {
            task.state = TaskState::Open;
            task.opened_at = Some(event.at);
        }),
        What::Approved { task, words } => done(case, event, *task, Closing::Approved, Verdict::Approved, words),
        What::Completed { task, words } => {
            done(case, event, *task, Closing::Completed, Verdict::Completed, words);
            pass_failed(case, *task);
        }
        What::PeopleChosen { task, choices } => on_task(case, *task, |task| task.chose = choices.clone()),
        What::Printed { edition, digest, .. } => {
            let printing = |by| Printing { edition: *edition, digest: digest.clone(), by, at: event.at };
            case.printings.extend(event.by.map(printing));
        }
        What::SignedOnPaper { task, paper } => on_task(case, *task, |task| task.paper = Some(paper.clone())),
        What::PassedOn { task, people, among, words } => {
            done(case, event, *task, Closing::PassedOn, Verdict::PassedOn, words);
            if let Some(visit) = case.task(*task).map(|task| task.activation) {
                let passed_on = PassedOn { task: *task, people: people.clone(), among: *among };
                on_activation(case, visit, |visit| visit.passed_on.push(passed_on));
            }
        }
        What::Rejected { task, words } => done(case, event, *task, Closing::Rejected, Verdict::Rejected, words),
        What::Abstained { task, words } => done(case, event, *task, Closing::Abstained, Verdict::Abstained, words),
        What::Returned { task, words, failed_review, .. } => {
            case.round += 1;
            let verdict = if *failed_review { Verdict::ReviewFailed } else { Verdict::Returned };
            done(case, event, *task, Closing::Returned, verdict, words);
        }
        What::Transferred { task, to, words } => {
            done(case, event, *task, Closing::Transferred { to: *to }, Verdict::Transferred, words);
        }
        What::Delegated { task, words, .. } => said(case, event, *task, Verdict::Delegated, words),
        What::Consulted { task, words, .. } => said(case, event, *task, Verdict::Consulted, words),
        What::Advised { task, words } => done(case, event, *task, Closing::Advised, Verdict::Advised, words),
        What::SignersAdded { task, words, .. } => said(case, event, *task, Verdict::SignersAdded, words),
        What::SignerRemoved { task, words, .. } => {
            done(case, event, *task, Closing::Removed, Verdict::SignerRemoved, words);
        }
        What::TaskParked { task } => on_task(case, *task, |task| task.state = TaskState::Waiting),
        What::Held { task, words } => {
            said(case, event, *task, Verdict::Held, words);
            let held = OnHold { since: event.at, reason: words.text.clone() };
            on_task(case, *task, |task| task.held = Some(held));
        }
        What::HoldEnded { task } => on_task(case, *task, |task| task.held = None),
        What::TakenBack { task, words } => {
            done(case, event, *task, Closing::TakenBack, Verdict::TakenBack, words);
            if let Some(visit) = case.task(*task).map(|task| task.activation) {
                on_activation(case, visit, |visit| visit.passed_on.retain(|sent| sent.task != *task));
            }
        }
        What::Reopened { activation } => on_activation(case, *activation, |activation| {
            activation.state = ActivationState::Active;
            activation.closed_at = None;
        }),
        What::Terminated { task, words } => match task {
            Some(task) => done(case, event, *task, Closing::CaseTerminated, Verdict::Terminated, words),
            None => note(case, event, None, None, Verdict::Terminated, words),
        },
        What::Moved { words, .. } => {
            case.round += 1;
            note(case, event, None, None, Verdict::Moved, words);
        }
        What::DeviationReported { activation, words } => {
            note(case, event, *activation, None, Verdict::DeviationReported, words);
        }
        What::TaskClosed { task, how } => close_task(case, event, *task, *how),
        What::HandedOver { task, to, words } => {
            done(case, event, *task, Closing::HandedOver { to: *to }, Verdict::HandedOver, words);
        }
        What::Superseded { activations, kept } => {
            for id in activations {
                on_activation(case, *id, |activation| {
                    activation.superseded = true;
                    activation.kept = *kept;
                });
            }
        }
        What::Suspended { activation, until } => suspend(case, *activation, *until),
        What::Resumed { activation } => resume(case, *activation),
        What::StraightBackVoided { .. } | What::RuleBroken { .. } => {}
        What::Closed { activation, end } => on_activation(case, *activation, |activation| {
            activation.state = ActivationState::Closed { end: *end };
            activation.suspended_with = None;
            activation.suspended_until = None;
            // What was not walked to its end by now is not needed any more.
            for lane in activation.lanes.iter_mut().filter(|lane| lane.state.is_pending()) {
                lane.state = LaneState::Dropped;
            }
            activation.closed_at = Some(event.at);
        }),
        What::CopySent { copy, activation, person, why, must_read } => case.copies.push(Copied {
            id: *copy,
            activation: *activation,
            person: *person,
            why: why.clone(),
            must_read: *must_read,
            sent_at: event.at,
            read_at: None,
        }),
        What::CopyRead { copy } => {
            if let Some(copy) = case.copies.get_mut(copy.index()) {
                copy.read_at = Some(event.at);
            }
        }
        What::Urged { tasks, channel, .. } => {
            case.urges.extend(event.by.map(|by| Urge {
                by,
                at: event.at,
                tasks: tasks.clone(),
                channel: channel.clone(),
            }));
        }
        What::Commented { activation, words } => {
            note(case, event, *activation, None, Verdict::Commented, words);
        }
        What::Withdrawn { words } => note(case, event, None, None, Verdict::Withdrawn, words),
        What::Finished { status } => {
            case.status = *status;
            case.finished_at = Some(event.at);
            case.halt = None;
        }
        What::Claimed { task } => on_task(case, *task, |task| task.claimed = Some(event.at)),
        What::GivenBack { task, words } => {
            said(case, event, *task, Verdict::GivenBack, words);
            on_task(case, *task, |task| task.claimed = None);
        }
        What::Halted { words } => {
            note(case, event, None, None, Verdict::Halted, words);
            let halt = |by| Halt { since: event.at, by, reason: words.text.clone() };
            case.halt = event.by.map(halt);
        }
        What::Continued { words } => {
            note(case, event, None, None, Verdict::Continued, words);
            case.halt = None;
        }
        What::OpinionCorrected { opinion, words } => {
            let of = case.opinion(*opinion).map(|said| (said.activation, said.task));
            if let (Some((activation, task)), Some(by)) = (of, event.by) {
                let (verdict, words, corrects) = (Verdict::Corrected, words.clone(), Some(*opinion));
                let (at, paper) = (event.at, None);
                case.opinions.push(Opinion { activation, task, by, verdict, words, at, corrects, paper });
            }
        }
        What::Awaited { activation, awaiting } => {
            on_activation(case, *activation, |activation| activation.awaiting = Some(awaiting.clone()));
        }
        What::Arrived { activation, arrival } => {
            on_calls(case, *activation, |calls| note_arrival(calls, arrival));
            note_effect(case, *activation, arrival);
            note_answer(case, *activation, arrival);
            note_event(case, *activation, arrival);
        }
        What::CallsPassed { activation, calls: passed } => on_calls(case, *activation, |calls| {
            calls.iter_mut().filter(|one| passed.contains(&one.no)).for_each(|one| one.passed = true);
        }),
        What::TriedAgain { task, starters } => {
            close_task(case, event, *task, Closing::TriedAgain);
            try_failed_again(case, *task, starters);
        }
        What::CalledOff => {}
        What::Revoked { follow_up } => {
            case.status = Status::Revoked;
            follow_upon(case, event, FollowUp::Revoke, follow_up, &[]);
        }
        What::Amended { follow_up, changes } => {
            put(case, changes);
            follow_upon(case, event, FollowUp::Change, follow_up, changes);
        }
    }
}

fn follow_upon(case: &mut Case, event: &Event, kind: FollowUp, by: &str, changes: &[Change]) {
    case.aftermath.push(Aftermath { kind, case: by.to_owned(), at: event.at, changes: changes.to_vec() });
}

/// Someone did his task, and said something.
fn done(case: &mut Case, event: &Event, task: TaskNo, how: Closing, verdict: Verdict, words: &Words) {
    close_task(case, event, task, how);
    let activation = case.task(task).map(|task| task.activation);
    note(case, event, activation, Some(task), verdict, words);
}

fn close_task(case: &mut Case, event: &Event, task: TaskNo, how: Closing) {
    let version = case.version;
    on_task(case, task, |task| {
        task.closed_in = version;
        task.state = TaskState::Closed { at: event.at, by: event.by, how };
        task.held = None;
    });
}

/// Someone said something at his task, which stays as it is.
fn said(case: &mut Case, event: &Event, task: TaskNo, verdict: Verdict, words: &Words) {
    let activation = case.task(task).map(|task| task.activation);
    note(case, event, activation, Some(task), verdict, words);
}

/// What hung on one task hangs on the one that takes its place.
fn hang_on(case: &mut Case, replaced: TaskNo, by: TaskNo) {
    on_task(case, replaced, |task| task.replaced_by = Some(by));
    for hangs in case.tasks.iter_mut().filter_map(|task| task.hangs.as_mut()).filter(|hangs| hangs.on == replaced) {
        hangs.on = by;
    }
}

/// Keeps what a person said. A bare agreement is kept too: it is his signature with time (TRACE-03).
fn note(
    case: &mut Case,
    event: &Event,
    activation: Option<ActivationNo>,
    task: Option<TaskNo>,
    verdict: Verdict,
    words: &Words,
) {
    let agreed = matches!(verdict, Verdict::Approved | Verdict::Completed);
    let paper = task.filter(|_| agreed).and_then(|task| case.task(task)?.paper.clone());
    if let Some(by) = event.by {
        case.opinions.push(Opinion {
            activation,
            task,
            by,
            verdict,
            words: words.clone(),
            at: event.at,
            corrects: None,
            paper,
        });
    }
}

fn suspend(case: &mut Case, id: ActivationNo, until: Option<ActivationNo>) {
    let values = case.values.clone();
    on_activation(case, id, |activation| {
        activation.state = ActivationState::Suspended;
        activation.suspended_with = Some(values);
        activation.suspended_until = until;
    });
    for task in case.tasks.iter_mut().filter(|task| task.activation == id && task.state == TaskState::Open) {
        task.state = TaskState::Suspended;
    }
}

fn resume(case: &mut Case, id: ActivationNo) {
    on_activation(case, id, |activation| {
        activation.state = ActivationState::Active;
        activation.suspended_with = None;
        activation.suspended_until = None;
    });
    for answer in case.activations.iter_mut().filter(|visit| visit.awaited_by() == Some(id)) {
        answer.answered = true;
    }
    for task in case.tasks.iter_mut().filter(|task| task.activation == id && task.state == TaskState::Suspended) {
        task.state = TaskState::Open;
    }
}

pub(super) fn on_activation(case: &mut Case, id: ActivationNo, change: impl FnOnce(&mut Activation)) {
    if let Some(activation) = case.activations.get_mut(id.index()) {
        change(activation);
    }
}

/// The cases that a visit waits for.
pub(super) fn on_calls(case: &mut Case, id: ActivationNo, change: impl FnOnce(&mut [Called])) {
    on_activation(case, id, |activation| {
        if let Some(Awaiting::Cases { calls, .. }) = &mut activation.awaiting {
            change(calls);
        }
    });
}

fn on_lane(case: &mut Case, id: ActivationNo, branch: &str, state: LaneState) {
    on_activation(case, id, |activation| {
        if let Some(lane) = activation.lanes.iter_mut().find(|lane| lane.branch == branch) {
            lane.state = state;
        }
    });
}

fn on_task(case: &mut Case, id: TaskNo, change: impl FnOnce(&mut Task)) {
    if let Some(task) = case.tasks.get_mut(id.index()) {
        change(task);
    }
}
