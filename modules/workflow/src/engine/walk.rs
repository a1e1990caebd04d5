//! The walk through a flow: what follows by itself once something happened. One decision makes all automatic steps, up
//! to a limit, so that a case never rests where nobody is waited for.
//!
//! Deciding and predicting are the same walk: a prediction only adds what it does not know yet ([`Assume`]).

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::PersonId;

use super::{
    apply::change,
    case::{
        ActivationNo, ActivationState, Because, Case, Cause, Closing, CopyNo, End, Hangs, LeftOut, Purpose, Status,
        TaskNo, TaskState, Values,
    },
    checked::CheckedFlow,
    choices::choosable_at,
    desk::{Desk, PeopleRules},
    event::{Event, What},
    facts::{Acting, Chosen, Facts, Why},
    form::{self, Answer},
    model::{Exclusive, FieldId, Flow, Key, Node, OTHERWISE, OnNobody, OnRepeat, PeopleSettings, Quorum, START},
    people::{Found, Pending},
    plan::Place,
    refusal::Refusal,
    slots::BatchStep,
    vote::{Ballot, Outcome},
};

/// Most automatic steps in one decision.
pub const STEP_LIMIT: usize = 1_000;

/// One decision in the making: the case so far, and the events that led there.
#[derive(Clone)]
pub(crate) struct Run<'a> {
    pub flow: &'a Flow,
    pub checked: &'a CheckedFlow,
    pub facts: &'a dyn Facts,
    pub case: Case,
    pub events: Vec<Event>,
    pub assume: Option<Assume>,
    /// Branches that are opened when the walk rests in those before them; the next is the last.
    pub queue: Vec<Next>,
    steps: usize,
}

/// What makes a run a prediction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assume {
    /// Fields whose values are not known yet.
    pub undecided: BTreeSet<FieldId>,
    /// Visits whose people are not known yet.
    pub pending: BTreeMap<ActivationNo, Pending>,
    /// Exclusive nodes whose choice is not known yet: the walk stands there.
    pub forks: Vec<OpenFork>,
}

#[derive(Clone, Debug)]
pub(crate) struct OpenFork {
    pub activation: ActivationNo,
    pub fields: BTreeSet<FieldId>,
    /// The branches that may still be taken.
    pub branches: Vec<Key>,
}

/// What comes next.
#[derive(Clone, Debug)]
pub(crate) enum Next {
    Open(Key, Cause),
    /// Into this branch of a node whose branches are walked at the same time.
    Lane(ActivationNo, Key),
    /// This suspended visit waits for nothing any more.
    Resume(ActivationNo),
    /// This visit is done.
    After(ActivationNo),
    /// What follows behind this node in its route.
    Behind(Key),
    Finish,
}

impl<'a> Run<'a> {
    pub(crate) fn new(checked: &'a CheckedFlow, facts: &'a dyn Facts, case: Case) -> Self {
        Self {
            flow: checked.flow(),
            checked,
            facts,
            case,
            events: Vec::new(),
            assume: None,
            queue: Vec::new(),
            steps: 0,
        }
    }

    pub(crate) fn is_prediction(&self) -> bool {
        self.assume.is_some()
    }

    pub(crate) fn is_undecided(&self, field: &str) -> bool {
        self.assume.as_ref().is_some_and(|assume| assume.undecided.contains(field))
    }

    /// What the last visit of that node waits for, in a prediction.
    pub(crate) fn pending_at(&self, node: &str) -> Option<Pending> {
        let visit = self.case.activations.iter().rev().find(|activation| activation.node == node)?;
        self.assume.as_ref()?.pending.get(&visit.id).cloned()
    }

    /// Something that a person did.
    pub(crate) fn act(&mut self, by: Acting, what: What) {
        self.push(Some(by), what);
    }

    /// Something that follows by itself.
    pub(crate) fn follow(&mut self, what: What) {
        self.push(None, what);
    }

    fn push(&mut self, by: Option<Acting>, what: What) {
        let event = Event { at: self.facts.now(), by, what };
        change(&mut self.case, &event);
        self.events.push(event);
    }

    /// Another decision begins: its automatic steps are counted anew.
    pub(crate) fn begin_decision(&mut self) {
        self.steps = 0;
    }

    /// Walks on until someone is waited for or the case is finished.
    pub(crate) fn go_on(&mut self, first: Option<Next>) -> Result<(), Refusal> {
        let mut next = first;
        loop {
            let forsaken = |run: &Self| run.forsaken().map(Next::Resume);
            let Some(step) = next.or_else(|| self.queue.pop()).or_else(|| forsaken(self)) else { return Ok(()) };
            self.steps += 1;
            if self.steps > STEP_LIMIT {
                return Err(Refusal::TooManySteps { limit: STEP_LIMIT });
            }
            next = match step {
                Next::Open(key, cause) => self.open(&key, cause)?,
                Next::After(activation) => self.after(activation)?,
                Next::Behind(key) => self.behind(&key)?,
                Next::Lane(activation, branch) => self.enter_lane(activation, &branch)?,
                Next::Resume(activation) => self.resume(activation)?,
                Next::Finish => {
                    self.follow(What::Finished { status: Status::Completed });
                    None
                }
            };
        }
    }

    pub(crate) fn place(&self, key: &str) -> Result<Place<'a>, Refusal> {
        self.flow.find(key).ok_or_else(|| Refusal::BrokenVersion { node: key.to_owned() })
    }

    pub(crate) fn desk(&self, key: &str) -> Result<Desk<'a>, Refusal> {
        self.place(key)?.node.desk().ok_or_else(|| Refusal::BrokenVersion { node: key.to_owned() })
    }

    fn open(&mut self, key: &str, cause: Cause) -> Result<Option<Next>, Refusal> {
        if key == START {
            return self.open_start(cause);
        }
        let place = self.place(key)?;
        let parent = match cause {
            Cause::PassedOn { from, .. } => self.case.activations[from.index()].parent,
            _ => self.parent_of(&place, cause)?,
        };
        let id = self.visit(key, parent, cause);
        match place.node {
            Node::Exclusive(exclusive) => self.choose(id, place.node, exclusive),
            Node::Parallel(_) | Node::Inclusive(_) => self.open_lanes(id, place.node),
            Node::Copy(copying) => {
                let rules = PeopleRules::of(PeopleSettings::default(), self.flow, self.facts);
                let found = self.people(key, &copying.who, rules);
                let found = self.not_copied_again(id, found);
                self.send_copies(id, found, copying.must_read);
                Ok(Some(self.close(id, End::Copied)))
            }
            Node::Wait(_) | Node::Call(_) | Node::Act(_) | Node::Webhook(_) if self.has_come_before(id) => {
                Ok(Some(self.close(id, End::Arrived)))
            }
            Node::Wait(wait) => Ok(self.open_wait(id, wait)),
            Node::Call(call) => self.open_call(id, call),
            Node::Act(act) => {
                self.open_act(id, act);
                Ok(None)
            }
            Node::Webhook(webhook) => {
                self.open_webhook(id, webhook);
                Ok(None)
            }
            Node::Approve(_) | Node::Handle(_) | Node::Free(_) => {
                let desk = self.desk_at(id)?;
                self.assign(id, desk)
            }
        }
    }

    fn visit(&mut self, key: &str, parent: Option<ActivationNo>, cause: Cause) -> ActivationNo {
        let activation = ActivationNo::after(self.case.activations.len());
        let round = self.case.round;
        self.follow(What::Opened { activation, node: key.to_owned(), parent, round, cause });
        activation
    }

    pub(crate) fn close(&mut self, activation: ActivationNo, end: End) -> Next {
        self.follow(What::Closed { activation, end });
        Next::After(activation)
    }

    /// The visit of the node around this place. After a return into a branch that was left, it is opened again, unless the
    /// walk comes straight back from there.
    fn parent_of(&mut self, place: &Place<'a>, cause: Cause) -> Result<Option<ActivationNo>, Refusal> {
        let Some((around, branch)) = place.inside else { return Ok(None) };
        let back = matches!(cause, Cause::Returned { back: true, .. });
        if let Some(active) = self.visit_around(around.key(), branch, true) {
            if !back {
                self.reopen_lane(active, branch);
            }
            return Ok(Some(active));
        }
        let before = self.visit_around(around.key(), branch, false);
        if back {
            return Ok(before);
        }
        if let Some(active) = self.add_lane(around, branch) {
            return Ok(Some(active));
        }
        let outer = self.place(around.key())?;
        let parent = self.parent_of(&outer, Cause::Around)?;
        self.supersede_node(around.key());
        let id = self.visit(around.key(), parent, Cause::Around);
        if around.lanes().is_some() {
            let (lanes, read) = self.lanes_again(before, branch);
            self.follow(What::LanesOpened { activation: id, lanes, read });
        } else {
            self.follow(What::BranchTaken { activation: id, branch: branch.to_owned(), read: Values::new() });
        }
        Ok(Some(id))
    }

    /// The visits of this node no longer count.
    pub(crate) fn supersede_node(&mut self, key: &str) {
        let counting = |visit: &&super::case::Activation| visit.node == key && !visit.superseded;
        let activations: Vec<_> = self.case.activations.iter().filter(counting).map(|visit| visit.id).collect();
        if !activations.is_empty() {
            self.follow(What::Superseded { activations, kept: false });
        }
    }

    fn choose(&mut self, id: ActivationNo, node: &Node, exclusive: &Exclusive) -> Result<Option<Next>, Refusal> {
        match self.choice(exclusive)? {
            Choice::Branch(branch, read) => {
                self.follow(What::BranchTaken { activation: id, branch: branch.clone(), read });
                Ok(Some(self.enter_branch(id, node, &branch)))
            }
            Choice::DependsOn(fields, branches) => {
                if let Some(assume) = &mut self.assume {
                    assume.forks.push(OpenFork { activation: id, fields, branches });
                }
                Ok(None)
            }
        }
    }

    /// The first step in a branch that was taken.
    pub(crate) fn enter_branch(&mut self, id: ActivationNo, node: &Node, branch: &str) -> Next {
        match node.route_of(branch).and_then(<[Node]>::first) {
            Some(first) => Next::Open(first.key().to_owned(), Cause::Reached),
            None => self.close(id, End::Walked),
        }
    }

    /// Which branch these values lead to, and the values that were read for it.
    pub(crate) fn choice(&self, exclusive: &Exclusive) -> Result<Choice, Refusal> {
        let undecided = |field: &str| self.is_undecided(field);
        let mut read = Values::new();
        let mut fields = BTreeSet::new();
        let mut possible = Vec::new();
        for branch in &exclusive.branches {
            let condition = self
                .checked
                .condition(&exclusive.key, &branch.key)
                .ok_or_else(|| Refusal::BrokenVersion { node: exclusive.key.clone() })?;
            let answer = form::condition(self.checked, &self.case, condition, &undecided, &mut read);
            match answer {
                Answer::True if possible.is_empty() => return Ok(Choice::Branch(branch.key.clone(), read)),
                Answer::True => {
                    possible.push(branch.key.clone());
                    return Ok(Choice::DependsOn(fields, possible));
                }
                Answer::NotTrue => {}
                Answer::DependsOn(more) => {
                    fields.extend(more);
                    possible.push(branch.key.clone());
                }
            }
        }
        if possible.is_empty() {
            return Ok(Choice::Branch(OTHERWISE.to_owned(), read));
        }
        // Where the conditions leave no case over, `otherwise` is not a way that anything could go.
        if self.checked.is_complete(&exclusive.key) {
            if let [only] = possible.as_slice() {
                return Ok(Choice::Branch(only.clone(), read));
            }
        } else {
            possible.push(OTHERWISE.to_owned());
        }
        Ok(Choice::DependsOn(fields, possible))
    }

    /// Where the walk goes when a visit is done: straight back to who returned the case, or on.
    fn after(&mut self, id: ActivationNo) -> Result<Option<Next>, Refusal> {
        let visit = self.case.activations[id.index()].clone();
        if let Some(next) = self.passed_on(&visit) {
            return Ok(Some(next));
        }
        if let Some(next) = self.straight_back(&visit)? {
            return Ok(next);
        }
        if let Some(from) = self.waiting_beside(&visit) {
            self.queue.push(Next::Behind(visit.node));
            return self.resume(from);
        }
        if visit.node == START {
            return Ok(Some(match self.flow.route.first() {
                Some(first) => Next::Open(first.key().to_owned(), Cause::Reached),
                None => Next::Finish,
            }));
        }
        Ok(Some(Next::Behind(visit.node)))
    }

    fn behind(&mut self, key: &str) -> Result<Option<Next>, Refusal> {
        let place = self.place(key)?;
        if let Some(next) = place.next {
            return Ok(Some(Next::Open(next.key().to_owned(), Cause::Reached)));
        }
        let Some((around, branch)) = place.inside else { return Ok(Some(Next::Finish)) };
        if around.lanes().is_some() {
            return self.behind_lane(around, branch);
        }
        let mut visits = self.case.activations.iter().rev();
        let around_visit = visits.find(|visit| visit.node == around.key() && visit.is_active()).map(|visit| visit.id);
        Ok(Some(match around_visit {
            Some(visit) => self.close(visit, End::Walked),
            None => Next::Behind(around.key().to_owned()),
        }))
    }

    fn send_copies(&mut self, activation: ActivationNo, found: Found, must_read: bool) {
        self.note_left_out(activation, &found);
        for Chosen { person, why } in found.chosen {
            let copy = CopyNo::after(self.case.copies.len());
            self.follow(What::CopySent { copy, activation, person, why, must_read });
        }
        if let (Some(pending), Some(assume)) = (found.pending, &mut self.assume) {
            assume.pending.insert(activation, pending);
        }
    }

    fn note_left_out(&mut self, activation: ActivationNo, found: &Found) {
        for left_out in &found.left_out {
            self.follow(What::LeftOut { activation, left_out: left_out.clone() });
        }
    }

    /// Gives the people of a node their tasks; or the administrators, where nobody is found.
    fn assign(&mut self, id: ActivationNo, desk: Desk<'a>) -> Result<Option<Next>, Refusal> {
        let rules = desk.people_rules(self.flow, self.facts);
        let found = self.named_for(id, rules).unwrap_or_else(|| self.people(desk.key, desk.who, rules));
        let found = self.if_signed(found, desk, rules);
        self.note_left_out(id, &found);
        if let (Some(pending), Some(assume)) = (&found.pending, &mut self.assume) {
            assume.pending.insert(id, pending.clone());
        }
        if found.chosen.is_empty() {
            if found.pending.is_some() || found.is_excused() {
                return Ok(Some(self.close(id, End::PassedOver)));
            }
            self.follow(What::LeftOut { activation: id, left_out: LeftOut::nobody(Because::NobodyFound) });
            return match rules.on_nobody {
                OnNobody::Skip => Ok(Some(self.close(id, End::PassedOver))),
                OnNobody::ToAdmin | OnNobody::Block => self.ask_administrators(id, desk.key),
            };
        }
        self.give_tasks(id, desk, found.chosen, rules);
        self.settle(id, desk)
    }

    fn give_tasks(&mut self, id: ActivationNo, desk: Desk<'a>, chosen: Vec<Chosen>, rules: PeopleRules) {
        let ballots = self.ballots(desk, &chosen, rules);
        let chooses = !choosable_at(self.flow, desk.key).is_empty();
        let counts = rules.on_repeat == OnRepeat::Skip && desk.takes_repeats() && !chooses;
        let before =
            if counts { self.approved_just_before(&self.case.activations[id.index()]) } else { BTreeMap::new() };
        let unchanged = self.unchanged_at(id);
        let counts_here = |person: &PersonId| {
            let kept = unchanged.get(person).map(|task| Closing::Unchanged { task: *task });
            kept.or(before.get(person).map(|task| Closing::Repeated { task: *task }))
        };
        let repeats: Vec<_> = chosen.iter().map(|one| counts_here(&one.person)).zip(ballots).collect();
        let first_asked = repeats.iter().position(|(repeat, _)| repeat.is_none());
        let settled = desk.is_settled_by(&repeats);
        for (index, (Chosen { person, why }, (repeat, ballot))) in chosen.into_iter().zip(repeats).enumerate() {
            let his_turn = desk.quorum != Quorum::InTurn || Some(index) == first_asked;
            let open = repeat.is_none() && his_turn && !settled;
            let (purpose, turn) = (desk.purpose, index as u32 + 1);
            let task = self.give(id, NewTask { person, why, purpose, turn, open, hangs: None, replaces: None, ballot });
            if let Some(how) = repeat {
                self.follow(What::TaskClosed { task, how });
            }
        }
    }

    pub(crate) fn give_task(
        &mut self,
        activation: ActivationNo,
        person: PersonId,
        why: Vec<Why>,
        purpose: Purpose,
        turn: u32,
        open: bool,
    ) -> TaskNo {
        self.give(activation, NewTask { person, why, purpose, turn, open, hangs: None, replaces: None, ballot: None })
    }

    pub(crate) fn give(&mut self, activation: ActivationNo, new: NewTask) -> TaskNo {
        let task = TaskNo::after(self.case.tasks.len());
        let NewTask { person, why, purpose, turn, open, hangs, replaces, ballot } = new;
        self.follow(What::TaskAssigned { task, activation, person, why, purpose, turn, open, hangs, replaces, ballot });
        task
    }

    /// Nobody is found: the administrators of the flow name someone.
    pub(crate) fn ask_administrators(&mut self, id: ActivationNo, key: &str) -> Result<Option<Next>, Refusal> {
        let mut administrators = self.facts.administrators();
        administrators.retain(|person| self.facts.is_active(*person));
        if administrators.is_empty() {
            let Some(assume) = &mut self.assume else { return Err(Refusal::NoAdministrator { node: key.to_owned() }) };
            assume.pending.entry(id).or_default().nobody = true;
            return Ok(Some(self.close(id, End::PassedOver)));
        }
        for (index, person) in administrators.into_iter().enumerate() {
            self.give_task(id, person, vec![Why::Administrator], Purpose::Assign, index as u32 + 1, true);
        }
        Ok(None)
    }

    /// Is the node decided? Then the tasks that are left end; else whoever is next gets his turn.
    pub(crate) fn settle(&mut self, id: ActivationNo, desk: Desk<'a>) -> Result<Option<Next>, Refusal> {
        if desk.votes() {
            self.end_lost_votes(id);
        }
        while let Some(step) = self.case.next_of_batches(id) {
            match step {
                BatchStep::Start(task, person) => self.follow(What::TaskStarted { task, person }),
                BatchStep::End(task, decisive) => {
                    self.follow(What::TaskClosed { task, how: Closing::DecidedByOther { task: decisive } });
                }
            }
        }
        let filled = self.case.slots(id).find(|slot| self.case.is_filled(slot)).map(|slot| slot.id);
        let waited: Vec<_> = self.case.slots(id).filter(|slot| self.case.is_waited_for(slot)).cloned().collect();
        let outcome = match desk.votes() {
            true => desk.outcome(&self.case, id),
            false if waited.is_empty() || desk.quorum.is_one() && filled.is_some() => Outcome::Agreed,
            false => Outcome::Wait,
        };
        let decisive = self.case.last_vote(id).filter(|_| desk.votes()).or(filled);
        if let (Outcome::Rejected, Some(task)) = (outcome, decisive) {
            return self.reject_at(id, task);
        }
        if outcome == Outcome::Agreed {
            let left: Vec<_> = self.case.tasks_of(id).filter(|task| !task.state.is_closed()).cloned().collect();
            for task in left {
                let decisive = decisive.or(task.hangs.map(|hangs| hangs.on)).unwrap_or(task.id);
                self.follow(What::TaskClosed { task: task.id, how: Closing::DecidedByOther { task: decisive } });
            }
            return Ok(Some(self.close(id, desk.end())));
        }
        let is_idle = |slot: &super::case::Task| slot.state == TaskState::Waiting && !self.case.is_parked(slot);
        // What nobody has claimed is before all of them.
        let is_free = desk.quorum == Quorum::Claim && self.case.holder(id).is_none();
        let next = match waited.iter().all(is_idle) {
            _ if is_free => waited.iter().filter(|slot| is_idle(slot)).collect(),
            true => Vec::from_iter(waited.iter().min_by_key(|slot| slot.turn)),
            false => Vec::new(),
        };
        let next: Vec<_> = next.into_iter().map(|slot| (slot.id, slot.person)).collect();
        for (task, person) in next {
            self.follow(What::TaskStarted { task, person });
        }
        Ok(None)
    }

    /// The case ends before its route does: everything open ends with it.
    pub(crate) fn end_case(&mut self, status: Status, end: End, how: Closing) {
        let open: Vec<_> = self.case.tasks.iter().filter(|task| !task.state.is_closed()).map(|task| task.id).collect();
        for task in open {
            self.follow(What::TaskClosed { task, how });
        }
        let visits: Vec<_> = self
            .case
            .activations
            .iter()
            .rev()
            .filter(|visit| !matches!(visit.state, ActivationState::Closed { .. }))
            .map(|visit| visit.id)
            .collect();
        for activation in visits {
            self.follow(What::Closed { activation, end });
        }
        self.follow(What::Finished { status });
    }
}

/// A task to give.
#[derive(Clone, Debug)]
pub(crate) struct NewTask {
    pub person: PersonId,
    pub why: Vec<Why>,
    pub purpose: Purpose,
    pub turn: u32,
    /// He can do it now; else his turn comes.
    pub open: bool,
    pub hangs: Option<Hangs>,
    /// The task that this one takes the place of.
    pub replaces: Option<TaskNo>,
    pub ballot: Option<Ballot>,
}

impl NewTask {
    /// The same for another.
    pub(crate) fn like(task: &super::case::Task, person: PersonId) -> Self {
        Self {
            person,
            why: task.why.clone(),
            purpose: task.purpose,
            turn: task.turn,
            open: task.state == TaskState::Open,
            hangs: task.hangs,
            replaces: None,
            ballot: task.ballot,
        }
    }
}

/// What an exclusive node says.
pub(crate) enum Choice {
    Branch(Key, Values),
    /// In a prediction: the fields it depends on, and the branches that may be taken.
    DependsOn(BTreeSet<FieldId>, Vec<Key>),
}
