//! What will happen, if everyone agrees and nothing else changes. It is the walk itself, over a case that nobody keeps:
//! there is no second interpreter.

use std::collections::BTreeSet;

use super::{
    case::Cause,
    case::{ActivationNo, Case, Choices, Closing, End, Purpose, Status, Task, Values},
    checked::CheckedFlow,
    choices::choosable,
    event::What,
    facts::{Facts, Initiator},
    form::{self, Declaration},
    model::{FieldId, Flow, Key, Node, OnNobody, START},
    refusal::Refusal,
    rights::start_rights,
    route::{Alternative, Fork, Route, When, step, steps_so_far},
    walk::{Assume, Next, OpenFork, Run},
};

/// Most ways that one prediction tells.
const MOST_WAYS: usize = 32;

/// The route before submitting. Fields without a value count as not filled in yet: where the way or the people depend
/// on them, the answer says on which.
pub fn predict(
    flow: &CheckedFlow,
    initiator: &Initiator,
    values: &Values,
    choices: &Choices,
    facts: &dyn Facts,
) -> Result<Route, Refusal> {
    let draft = Case::draft(initiator.clone());
    let values = form::foresee(flow, initiator, values, facts);
    // A cell is left open for whom a later node lets fill it in; every other field may still be filled in here.
    let undecided =
        form::undecided(flow, initiator, &values, &|key| !key.contains('.') || is_filled_later(flow.flow(), key));
    let mut run = Run::new(flow, facts, draft);
    run.assume = Some(Assume { undecided, ..Assume::default() });
    run.suppose(What::Submitted {
        initiator: Box::new(initiator.clone()),
        values,
        choices: choices.clone(),
        declaration: run.supposed_declaration(),
    });
    let start = run.open_start(Cause::Submitted)?;
    run.go_on(start)?;
    let mut route = foresee(run, &mut MOST_WAYS.clone())?.route(0);
    for step in route.steps.iter_mut().filter(|step| step.node == START) {
        step.when = When::Present;
        step.end = None;
    }
    Ok(route)
}

/// Past, present and future of a case.
pub fn route(flow: &CheckedFlow, case: &Case, facts: &dyn Facts) -> Result<Route, Refusal> {
    if case.status == Status::Draft {
        return predict(flow, &case.initiator, &case.values, &case.choices, facts);
    }
    let mut steps = steps_so_far(flow.flow(), case);
    if case.status.is_finished() {
        return Ok(Route { steps, fork: None });
    }
    let future = predict_from(flow, case, facts)?;
    steps.extend(future.steps);
    Ok(Route { steps, fork: future.fork })
}

/// The rest of a running case: what comes after what is present.
pub fn predict_from(flow: &CheckedFlow, case: &Case, facts: &dyn Facts) -> Result<Route, Refusal> {
    let mut run = Run::new(flow, facts, case.clone());
    run.assume = Some(Assume { undecided: still_to_fill(flow, case), ..Assume::default() });
    Ok(foresee(run, &mut MOST_WAYS.clone())?.route(case.activations.len()))
}

/// Refuses to submit a case that would miss people on its way: chosen ones, or any at a node that blocks then, or any at
/// all while nobody administers the flow.
pub(crate) fn check_ahead(now: &Run, next: Option<Next>) -> Result<(), Refusal> {
    let blocks = |key: &str| {
        let desk = now.flow.find(key).and_then(|place| place.node.desk());
        desk.is_some_and(|desk| desk.people_rules(now.flow, now.facts).on_nobody == OnNobody::Block)
    };
    let attended = now.facts.administrators().into_iter().any(|person| now.facts.is_active(person));
    if attended && choosable(now.flow).is_empty() && !now.flow.nodes().iter().any(|node| blocks(node.key())) {
        return Ok(());
    }
    let known = now.case.activations.len();
    let mut run = now.clone();
    run.assume = Some(Assume::default());
    run.go_on(next)?;
    let end = foresee(run, &mut MOST_WAYS.clone())?.run;
    for visit in &end.case.activations[known..] {
        let pending = end.pending_at(&visit.node).unwrap_or_default();
        if let Some((min, max)) = pending.choose {
            return Err(Refusal::ChoiceMissing { node: visit.node.clone(), min, max });
        }
        let nobody = pending.nobody || end.case.tasks_of(visit.id).any(|task| task.purpose == Purpose::Assign);
        if nobody && blocks(&visit.node) {
            return Err(Refusal::NobodyFound { node: visit.node.clone() });
        }
        if pending.nobody {
            return Err(Refusal::NoAdministrator { node: visit.node.clone() });
        }
    }
    Ok(())
}

/// A walk to its end, or to where it forks.
struct Foreseen<'a> {
    run: Run<'a>,
    fork: Option<(OpenFork, Vec<(Key, Foreseen<'a>)>)>,
    /// Where the walk stands since the way is not known: told by their forks and not as steps.
    standing: Vec<ActivationNo>,
    more: bool,
}

fn foresee<'a>(mut run: Run<'a>, ways: &mut usize) -> Result<Foreseen<'a>, Refusal> {
    loop {
        // An effect happens in the unit of the decision that leads there, before anybody can do anything.
        if let Some(visit) = run.case.due_effect() {
            run.suppose_arrived(visit)?;
            continue;
        }
        // All that is known in branches beside comes first, so that no way tells it again.
        let open = run.case.open_tasks().next().cloned();
        if let Some(task) = open {
            run.suppose_done(task)?;
            continue;
        }
        // In real life, too, what others do counts before what comes by itself.
        if let Some((visit, _)) = run.case.hoped() {
            run.suppose_arrived(visit)?;
            continue;
        }
        let forks = run.assume.as_mut().map(|assume| &mut assume.forks).filter(|forks| !forks.is_empty());
        let Some(fork) = forks.map(|forks| forks.remove(0)) else {
            return Ok(Foreseen { run, fork: None, standing: Vec::new(), more: false });
        };
        if run.case.activation(fork.activation).is_some_and(|visit| visit.is_active()) {
            return fork_off(run, fork, ways);
        }
        // The branches around it came together first, in this telling of it. What its way would have been stays open.
        if let Some(assume) = &mut run.assume {
            assume.pending.entry(fork.activation).or_default().fields.extend(fork.fields);
        }
    }
}

fn fork_off<'a>(run: Run<'a>, fork: OpenFork, ways: &mut usize) -> Result<Foreseen<'a>, Refusal> {
    let others = run.assume.iter().flat_map(|assume| &assume.forks);
    let standing = others.chain([&fork]).map(|fork| fork.activation).collect();
    let mut alternatives = Vec::new();
    for branch in &fork.branches {
        if *ways == 0 {
            break;
        }
        *ways -= 1;
        let mut way = run.clone();
        way.take(&fork, branch)?;
        alternatives.push((branch.clone(), foresee(way, ways)?));
    }
    let more = alternatives.len() < fork.branches.len();
    Ok(Foreseen { run, fork: Some((fork, alternatives)), standing, more })
}

impl<'a> Run<'a> {
    /// The walk with this task done as its node hopes.
    fn suppose_done(&mut self, task: Task) -> Result<(), Refusal> {
        self.begin_decision();
        let key = self.case.activations[task.activation.index()].node.clone();
        let next = if key == START {
            let choices = self.case.choices.clone();
            self.suppose(What::Resubmitted {
                task: task.id,
                choices,
                declaration: self.supposed_declaration(),
                words: Default::default(),
            });
            self.close_others(&task);
            Some(self.close(task.activation, End::Submitted))
        } else if task.purpose == Purpose::Mend {
            self.suppose(What::Completed { task: task.id, words: Default::default() });
            self.close_questions(task.activation, Some(task.id));
            self.weigh(task.activation)?
        } else {
            let desk = self.desk_at(task.activation)?;
            let words = Default::default();
            self.suppose(match task.purpose {
                Purpose::Advise => What::Advised { task: task.id, words },
                _ => What::Approved { task: task.id, words },
            });
            if task.purpose == Purpose::Assign {
                self.close_others(&task);
            }
            self.settle(task.activation, desk)?
        };
        self.go_on(next)
    }

    fn supposed_declaration(&self) -> Declaration {
        Declaration { statement: self.flow.form.statement() }
    }

    fn close_others(&mut self, task: &Task) {
        let open = |other: &&Task| !other.state.is_closed() && other.purpose == Purpose::Assign;
        let spared = |other: &&Task| self.case.is_in_place_of_another(other);
        let others = self.case.tasks_of(task.activation).filter(open).filter(|other| !spared(other));
        let others: Vec<_> = others.map(|other| other.id).collect();
        for other in others {
            self.suppose(What::TaskClosed { task: other, how: Closing::DecidedByOther { task: task.id } });
        }
    }

    /// The walk with this branch of the fork taken.
    fn take(&mut self, fork: &OpenFork, branch: &Key) -> Result<(), Refusal> {
        let key = self.case.activations[fork.activation.index()].node.clone();
        let node = self.place(&key)?.node;
        self.suppose(What::BranchTaken { activation: fork.activation, branch: branch.clone(), read: Values::new() });
        let next = self.enter_branch(fork.activation, node, branch);
        self.go_on(Some(next))
    }
}

impl Foreseen<'_> {
    /// As a route, without the first `known` visits.
    fn route(&self, known: usize) -> Route {
        let (flow, case) = (self.run.flow, &self.run.case);
        let steps = case.activations[known..]
            .iter()
            .filter(|visit| !self.standing.contains(&visit.id))
            .map(|visit| {
                let pending = self.run.assume.as_ref().and_then(|assume| assume.pending.get(&visit.id));
                step(flow, case, visit, When::Future, pending)
            })
            .collect();
        let fork = self.fork.as_ref().and_then(|(fork, ways)| self.fork(fork, ways));
        Route { steps, fork }
    }

    fn fork(&self, fork: &OpenFork, ways: &[(Key, Foreseen)]) -> Option<Fork> {
        let known = self.run.case.activations.len();
        let key = &self.run.case.activation(fork.activation)?.node;
        let node = self.run.flow.find(key)?.node;
        let branches = ways.iter().map(|(branch, way)| Alternative {
            branch: branch.clone(),
            name: node.branch_name(branch).cloned(),
            route: way.route(known),
        });
        Some(Fork {
            node: key.clone(),
            name: node.name().clone(),
            depends_on: fork.fields.iter().cloned().collect(),
            branches: branches.collect(),
            more: self.more,
        })
    }
}

/// Does a node let its people fill in this column?
fn is_filled_later(flow: &Flow, key: &str) -> bool {
    let mut desks = flow.nodes().into_iter().filter_map(Node::desk);
    desks.any(|desk| desk.fields.get(key).is_some_and(|right| right.writes()))
}

/// Empty fields that someone may still fill in on the way.
fn still_to_fill(checked: &CheckedFlow, case: &Case) -> BTreeSet<FieldId> {
    let flow = checked.flow();
    let active = case.activations.iter().filter(|visit| visit.is_active() && !visit.is_branching());
    let Some(here) = active.filter_map(|visit| flow.position(&visit.node)).min() else { return BTreeSet::new() };
    let ahead = |node: &&Node| flow.position(node.key()).is_some_and(|position| position >= here);
    let desks: Vec<_> = flow.nodes().into_iter().filter(ahead).filter_map(Node::desk).collect();
    let calls: Vec<_> = flow.nodes().into_iter().filter(ahead).filter_map(Node::call).collect();
    let acts: Vec<_> = flow.nodes().into_iter().filter(ahead).filter_map(Node::act).collect();
    let at_start = here.is_empty().then(|| start_rights(flow));
    let writable = |field: &str| {
        let at_start = at_start.as_ref().filter(|_| !field.contains('.'));
        desks.iter().any(|desk| desk.fields.get(field).is_some_and(|right| right.writes()))
            || at_start.is_some_and(|rights| rights.of(field).writes())
            || calls.iter().any(|call| call.results.contains_key(field))
            || acts.iter().any(|act| act.results.contains_key(field))
    };
    form::undecided(checked, &case.initiator, &case.values, &writable)
}
