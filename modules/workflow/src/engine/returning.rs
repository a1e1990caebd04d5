//! 退回: back to an earlier node or the initiator, and how the case goes on from there (FLOW-22).
//!
//! A return opens a new, linked visit of the target. *Walked again*: all visits behind the target no longer count and
//! the walk goes over their nodes once more. *Straight back*: the returning node is suspended, and resumes when the
//! target is done, unless what was corrected leads another way (another branch, or other people named in the form):
//! then nobody's approval of the old values may stand, and it is walked again.
//!
//! *Passing over whom no change concerns* walks again, too, but what was agreed to counts where nothing that its people go
//! by has changed ([`super::revisions`]).
//!
//! From a branch that is walked at the same time as others: to a node before all of them, walking again ends what is
//! under way in the others too, and straight back leaves them alone. To a node in a branch beside, that branch is walked
//! again from there, and who returned it waits until that node is done. What a return waits for may end otherwise, by a
//! rejection in its branch or a return further back: then the suspended visit resumes at once.

use super::{
    case::{Activation, ActivationNo, ActivationState, Case, Cause, Closing, End, Purpose, Task, Values},
    command::Target,
    desk::PeopleRules,
    event::{Voided, What},
    facts::{Chosen, Why},
    form,
    mend::may_see_to_it,
    model::{AfterReturn, FieldId, Flow, Key, Node, PeopleSettings, Rule, START},
    parallel::LaneState,
    plan::{Lie, Position},
    refusal::Refusal,
    walk::{Choice, Next, Run},
};

/// The nodes to which the holder of this task may return the case, in the order of the route; [`START`] first, if
/// it is the initiator's turn then.
pub fn return_targets(flow: &Flow, case: &Case, task: &Task) -> Vec<Key> {
    let Some(here) = case.activation(task.activation) else { return Vec::new() };
    let desk = flow.find(&here.node).and_then(|place| place.node.desk());
    if desk.is_none() && may_see_to_it(case, task) {
        return Vec::new();
    }
    let allowed = desk.and_then(|desk| desk.return_rule.to.as_ref());
    let mut passed: Vec<(Position, &Key)> = case
        .activations
        .iter()
        .filter(|visit| !visit.superseded && visit.node != START && was_decided(case, visit))
        .filter(|visit| matches!(flow.lie(&visit.node, &here.node), Some(Lie::Before | Lie::Beside)))
        .filter_map(|visit| Some((flow.position(&visit.node)?, &visit.node)))
        .collect();
    passed.sort();
    passed.dedup();
    let targets = [START.to_owned()].into_iter().chain(passed.into_iter().map(|(_, key)| key.clone()));
    targets.filter(|key| allowed.is_none_or(|allowed| allowed.contains(key))).collect()
}

/// Did a person decide there?
fn was_decided(case: &Case, visit: &Activation) -> bool {
    matches!(visit.end(), Some(End::Approved | End::Handled))
        && case
            .tasks_of(visit.id)
            .any(|task| matches!(task.closing(), Some(Closing::Approved | Closing::Completed | Closing::PassedOn)))
}

impl<'a> Run<'a> {
    /// The key that a target means, if it may be returned there.
    pub(crate) fn target_of(&self, task: &Task, target: &Target) -> Result<Key, Refusal> {
        let targets = return_targets(self.flow, &self.case, task);
        let here = self.node_of(task)?;
        let is_before = |key: &&Key| self.flow.follows(key, here);
        let wanted = match target {
            Target::Previous => targets.iter().rev().find(is_before).cloned(),
            Target::First => Some(START.to_owned()),
            Target::Node(key) => Some(key.clone()),
        };
        wanted.filter(|key| targets.contains(key)).ok_or(Refusal::CannotReturnThere)
    }

    /// After `task` returned the case: what comes next, at once or when the branches beside have ended.
    pub(crate) fn go_back(&mut self, task: &Task, to: Key, then: AfterReturn) -> Result<Option<Next>, Refusal> {
        let wish = LaneState::Returned { from: task.activation, task: task.id, to, then };
        match self.collect_return(task.activation, &wish)? {
            Some(next) => Ok(next),
            None => self.depart(&wish),
        }
    }

    /// Closes or suspends what stands behind the target. Gives the visit to open.
    pub(crate) fn depart(&mut self, wish: &LaneState) -> Result<Option<Next>, Refusal> {
        let LaneState::Returned { from, task, to, then } = wish.clone() else { return Ok(None) };
        self.reopen_wishing(from);
        let here = self.case.activations[from.index()].node.clone();
        let kept = then == AfterReturn::SkipUnchanged;
        let cause = match then {
            AfterReturn::StraightBack => {
                // The initiator may be correcting it for another branch already: then both wait for him.
                let under_way = |visit: &&Activation| visit.node == to && visit.end().is_none() && !visit.superseded;
                let until = self.case.activations.iter().find(under_way).map(|visit| visit.id);
                self.suspend(from, until);
                if until.is_some() {
                    return Ok(None);
                }
                self.supersede_node(&to);
                Cause::Returned { from, back: true }
            }
            _ if self.flow.lie(&to, &here) == Some(Lie::Beside) => {
                self.suspend(from, None);
                self.clear(&to, None, Closing::CaseReturned { task }, End::Returned, kept);
                Cause::ReturnedBeside { from }
            }
            AfterReturn::WalkAgain | AfterReturn::SkipUnchanged => {
                self.clear(&to, None, Closing::CaseReturned { task }, End::Returned, kept);
                Cause::Returned { from, back: false }
            }
        };
        Ok(Some(Next::Open(to, cause)))
    }

    pub(crate) fn suspend(&mut self, activation: ActivationNo, until: Option<ActivationNo>) {
        let visit = &self.case.activations[activation.index()];
        if visit.is_active() || until.is_some() {
            self.follow(What::Suspended { activation, until });
        }
    }

    /// Closes every visit of this node and of all that follows it, and supersedes them; `keep` is spared.
    pub(crate) fn clear_from(&mut self, key: &str, keep: Option<ActivationNo>, how: Closing, end: End) {
        self.clear(key, keep, how, end, false);
    }

    /// `kept`: who agreed there need not agree again where nothing changed. Else nobody's agreement behind counts any more,
    /// not even what an earlier return had kept.
    fn clear(&mut self, key: &str, keep: Option<ActivationNo>, how: Closing, end: End, kept: bool) {
        let forgotten = self.case.activations.iter();
        let forgotten = forgotten.filter(|visit| !kept && visit.kept && self.flow.follows(key, &visit.node));
        let forgotten: Vec<ActivationNo> = forgotten.map(|visit| visit.id).collect();
        let following = self
            .case
            .activations
            .iter()
            .filter(|visit| !visit.superseded && Some(visit.id) != keep && self.flow.follows(key, &visit.node))
            // What led to the visit that is spared, at the same node, is spared with it.
            .filter(|visit| keep.is_none_or(|keep| visit.node != key || keep < visit.id));
        let cleared = following.map(|visit| visit.id).collect();
        let cleared = self.close_all(cleared, keep, how, end);
        let activations: Vec<ActivationNo> = forgotten.into_iter().chain(cleared).collect();
        if !activations.is_empty() {
            self.follow(What::Superseded { activations, kept });
        }
    }

    /// Ends every visit that is under way, wherever it stands.
    pub(crate) fn clear_active(&mut self, how: Closing, end: End) {
        let under_way = |visit: &&Activation| visit.end().is_none();
        let visits = self.case.activations.iter().filter(under_way).map(|visit| visit.id).collect();
        self.close_all(visits, None, how, end);
    }

    /// The initiator's turn again.
    pub(crate) fn open_start(&mut self, cause: Cause) -> Result<Option<Next>, Refusal> {
        let id = ActivationNo::after(self.case.activations.len());
        let round = self.case.round;
        self.follow(What::Opened { activation: id, node: START.to_owned(), parent: None, round, cause });
        let why = match cause {
            Cause::Returned { from, .. } => {
                Why::ReturnedToInitiator { from: self.case.activations[from.index()].node.clone() }
            }
            Cause::Jumped => Why::MovedByAdministrator,
            _ => return Ok(Some(self.close(id, End::Submitted))),
        };
        let rules = PeopleRules::of(PeopleSettings::default(), self.flow, self.facts);
        let initiator = Chosen::new(self.case.initiator.principal(), why);
        match self.in_service(initiator, rules.on_left) {
            Some(Chosen { person, why }) => {
                self.give_task(id, person, why, Purpose::Revise, 1, true);
                Ok(None)
            }
            None => self.ask_administrators(id, START),
        }
    }

    /// If this visit answers a return that comes straight back: the suspended visit resumes. `None`: the walk goes on.
    pub(crate) fn straight_back(&mut self, visit: &Activation) -> Result<Option<Option<Next>>, Refusal> {
        let Some(from) = visit.back_to() else { return Ok(None) };
        if self.case.activations[from.index()].state != ActivationState::Suspended {
            return Ok(None);
        }
        // What was corrected in a branch beside is for its own walk to answer for.
        if self.flow.follows(&visit.node, &self.case.activations[from.index()].node)
            && let Some(because) = self.led_elsewhere(from)?
        {
            self.follow(What::StraightBackVoided { activation: from, because });
            self.clear_from(&visit.node, Some(visit.id), Closing::WalkedAgain, End::Returned);
            return Ok(None);
        }
        self.resume(from).map(Some)
    }

    /// The suspended visit in a branch beside, if this visit answers its return.
    pub(crate) fn waiting_beside(&self, visit: &Activation) -> Option<ActivationNo> {
        let from = visit.awaited_by().filter(|_| visit.back_to().is_none())?;
        (self.case.activations[from.index()].state == ActivationState::Suspended).then_some(from)
    }

    pub(crate) fn resume(&mut self, id: ActivationNo) -> Result<Option<Next>, Refusal> {
        self.follow(What::Resumed { activation: id });
        let desk = self.desk_at(id)?;
        let returner =
            self.case.tasks_of(id).filter(|task| task.comes_back()).max_by_key(|task| task.closed_in).cloned();
        if let Some(returner) = returner {
            self.ask_again(&returner, Some(Why::CameBack), true)?;
        }
        // Others here may have left since.
        self.relieve_at(id)?;
        self.settle(id, desk)
    }

    /// Do the values now lead another way to the suspended visit than they did?
    fn led_elsewhere(&self, suspended: ActivationNo) -> Result<Option<Voided>, Refusal> {
        let suspended = &self.case.activations[suspended.index()];
        let then = suspended.suspended_with.clone().unwrap_or_default();
        // An administrator may have moved the case elsewhere than the values lead: that is no correction.
        let mut before = self.clone();
        before.case.values = then.clone();
        for visit in self.case.activations.iter().filter(|visit| !visit.superseded && visit.node != START) {
            if matches!(self.flow.lie(&visit.node, &suspended.node), Some(Lie::Behind | Lie::Inside)) {
                continue;
            }
            let place = self.place(&visit.node)?;
            match (place.node, &visit.branch) {
                (Node::Exclusive(exclusive), Some(taken)) => {
                    let of_old = before.choice(exclusive)?;
                    match (self.choice(exclusive)?, of_old) {
                        (Choice::Branch(now, _), Choice::Branch(then, _)) if now == then => {}
                        (Choice::Branch(now, _), _) if now != *taken => {
                            return Ok(Some(Voided::OtherBranch { node: visit.node.clone() }));
                        }
                        (Choice::Branch(..) | Choice::DependsOn(..), _) => {}
                    }
                }
                (Node::Parallel(_) | Node::Inclusive(_), _) => {
                    let (opened, of_old) = (self.opened(place.node)?, before.opened(place.node)?);
                    let stood = visit.lanes.iter().map(|lane| &lane.branch);
                    let led_there = opened.branches == of_old.branches || stood.eq(&opened.branches);
                    if opened.depends_on.is_empty() && !led_there {
                        return Ok(Some(Voided::OtherBranch { node: visit.node.clone() }));
                    }
                }
                (node, _) => {
                    if let Some(field) = self.other_people(node, &then) {
                        return Ok(Some(Voided::OtherPeople { field }));
                    }
                }
            }
        }
        Ok(None)
    }

    /// A field by which this node finds its people, if others are named there now.
    fn other_people(&self, node: &Node, then: &Values) -> Option<FieldId> {
        let who = &node.desk()?.who.0;
        let by_table = who.iter().flat_map(Rule::each).find_map(|rule| match rule {
            Rule::Authority { table } => self.other_authority(table, then),
            _ => None,
        });
        if by_table.is_some() {
            return by_table;
        }
        let mut fields = who.iter().flat_map(Rule::each).filter_map(Rule::field);
        let named = |values: &Values, field: &str| form::options(values, field);
        fields.find(|field| named(then, field) != named(&self.case.values, field)).cloned()
    }
}
