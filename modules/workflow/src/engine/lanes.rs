//! 并行分支: how branches that are walked at the same time are opened, come to their ends, and join.
//!
//! Each open branch has one visit at its front, which is active, or suspended until a return comes back. When the node
//! joins, whatever is still open in its branches ends with it.

use std::collections::BTreeSet;

use super::{
    case::{Activation, ActivationNo, ActivationState, Cause, Closing, End, Status, TaskNo, Values},
    event::What,
    form::{self, Answer},
    model::{FieldId, Key, Lanes, Node, OTHERWISE, OnReject, OnReturn},
    parallel::{LaneState, LaneWalk, Outcome},
    people::Pending,
    plan::{Lie, Place},
    refusal::Refusal,
    walk::{Next, Run},
};

/// Which branches these values open.
pub(crate) struct Opened {
    pub branches: Vec<Key>,
    pub read: Values,
    /// In a prediction: the fields that some of them depend on.
    pub depends_on: BTreeSet<FieldId>,
}

impl<'a> Run<'a> {
    /// Opens the branches, one after the other.
    pub(crate) fn open_lanes(&mut self, id: ActivationNo, node: &'a Node) -> Result<Option<Next>, Refusal> {
        let Opened { branches, read, depends_on } = self.opened(node)?;
        if let (false, Some(assume)) = (depends_on.is_empty(), &mut self.assume) {
            assume.pending.insert(id, Pending { fields: depends_on, ..Pending::default() });
        }
        let lanes = branches.iter().map(LaneWalk::open).collect();
        self.follow(What::LanesOpened { activation: id, lanes, read });
        self.queue.extend(branches.into_iter().rev().map(|branch| Next::Lane(id, branch)));
        Ok(None)
    }

    /// Which branches these values open, and what was read for it. A prediction opens those, too, that are not known yet.
    pub(crate) fn opened(&self, node: &Node) -> Result<Opened, Refusal> {
        let undecided = |field: &str| self.is_undecided(field);
        let mut opened = Opened { branches: Vec::new(), read: Values::new(), depends_on: BTreeSet::new() };
        let conditions = node.conditions();
        for (branch, _) in node.lanes().into_iter().flat_map(Lanes::routes) {
            let answer = if conditions.iter().any(|(key, _)| *key == branch) {
                let condition = self.checked.condition(node.key(), branch);
                let condition = condition.ok_or_else(|| Refusal::BrokenVersion { node: node.key().to_owned() })?;
                form::condition(self.checked, &self.case, condition, &undecided, &mut opened.read)
            } else {
                Answer::True
            };
            match answer {
                Answer::NotTrue => continue,
                Answer::True => {}
                Answer::DependsOn(fields) => opened.depends_on.extend(fields),
            }
            opened.branches.push(branch.to_owned());
        }
        if opened.branches.is_empty() {
            opened.branches.push(OTHERWISE.to_owned());
        }
        Ok(opened)
    }

    /// The first step of a branch, unless the branches were joined without it.
    pub(crate) fn enter_lane(&mut self, id: ActivationNo, branch: &str) -> Result<Option<Next>, Refusal> {
        let visit = &self.case.activations[id.index()];
        let is_open = visit.lane(branch).is_some_and(|lane| lane.state == LaneState::Open);
        if !visit.is_active() || !is_open {
            return Ok(None);
        }
        let place = self.place(&visit.node.clone())?;
        match place.node.route_of(branch).and_then(<[Node]>::first) {
            Some(first) => Ok(Some(Next::Open(first.key().to_owned(), Cause::Reached))),
            None => self.end_lane(id, branch.to_owned(), LaneState::Walked),
        }
    }

    /// Behind the last node of a branch.
    pub(crate) fn behind_lane(&mut self, around: &Node, branch: &str) -> Result<Option<Next>, Refusal> {
        match self.visit_around(around.key(), branch, true) {
            Some(id) => self.end_lane(id, branch.to_owned(), LaneState::Walked),
            None => Ok(Some(Next::Behind(around.key().to_owned()))),
        }
    }

    pub(crate) fn end_lane(&mut self, id: ActivationNo, branch: Key, how: LaneState) -> Result<Option<Next>, Refusal> {
        self.follow(What::LaneEnded { activation: id, branch, how });
        let visit = &self.case.activations[id.index()];
        let place = self.place(&visit.node.clone())?;
        let visit = &self.case.activations[id.index()];
        let Some(lanes) = place.node.lanes() else { return Ok(None) };
        let is_left = visit.end().is_some();
        match lanes.outcome(&visit.lanes) {
            Outcome::Wait => Ok(None),
            // A return came straight into branches that were joined: who returned it resumes.
            Outcome::GoOn if is_left => Ok(None),
            Outcome::GoOn => {
                self.close_inside(id, None, Closing::NotNeeded, End::Dropped);
                Ok(Some(self.close(id, End::Walked)))
            }
            Outcome::Rejected => {
                let rejected = visit.lanes.iter().rev().find_map(|lane| match lane.state {
                    LaneState::Rejected { task } => Some(task),
                    _ => None,
                });
                let task = rejected.ok_or_else(|| Refusal::BrokenVersion { node: place.node.key().to_owned() })?;
                self.reject_at(id, task)
            }
            Outcome::Return => self.return_collected(id),
        }
    }

    /// A rejection at this visit: of the case, or of the branch it stands in.
    pub(crate) fn reject_at(&mut self, id: ActivationNo, task: TaskNo) -> Result<Option<Next>, Refusal> {
        let around = self.lane_of(id);
        let setting = around.as_ref().and_then(|(around, _)| self.lanes_at(*around)).map(|lanes| lanes.on_reject);
        match (around, setting) {
            (Some((around, branch)), Some(OnReject::EndBranch | OnReject::Collect)) => {
                let place = self.place(&self.case.activations[around.index()].node.clone())?;
                let how = Closing::BranchRejected { task };
                self.close_inside(around, Some((&place, &branch)), how, End::Rejected);
                self.end_lane(around, branch, LaneState::Rejected { task })
            }
            _ => {
                self.end_case(Status::Rejected, End::Rejected, Closing::CaseRejected { task });
                Ok(None)
            }
        }
    }

    /// The branch of a node with branches walked at the same time, in which this visit stands.
    pub(crate) fn lane_of(&self, id: ActivationNo) -> Option<(ActivationNo, Key)> {
        let visit = &self.case.activations[id.index()];
        let (_, branch) = self.flow.find(&visit.node)?.inside?;
        let around = visit.parent?;
        match self.lanes_at(around) {
            // They may have been left and opened again since.
            Some(lanes) => {
                let now = self.visit_around(&lanes.key, branch, true).unwrap_or(around);
                Some((now, branch.to_owned()))
            }
            None => self.lane_of(around),
        }
    }

    fn lanes_at(&self, id: ActivationNo) -> Option<&'a Lanes> {
        self.flow.find(&self.case.activations[id.index()].node)?.node.lanes()
    }

    /// The branch whose node waits for all branches before a return to that target happens.
    fn collecting(&self, id: ActivationNo, to: &str) -> Option<(ActivationNo, Key)> {
        let (around, branch) = self.lane_of(id)?;
        let visit = &self.case.activations[around.index()];
        let collects = self.lanes_at(around)?.on_return == OnReturn::Collect;
        let leads_out = self.flow.lie(to, &visit.node) != Some(Lie::Inside);
        (collects && leads_out && visit.is_active()).then_some((around, branch))
    }

    /// If the return to that target must wait until all branches have ended: notes the wish. `None`: it happens now.
    pub(crate) fn collect_return(
        &mut self,
        at: ActivationNo,
        wish: &LaneState,
    ) -> Result<Option<Option<Next>>, Refusal> {
        let LaneState::Returned { from, to, .. } = wish else { return Ok(None) };
        // Who only answers a return himself stands at the front of no branch.
        if self.case.activations[from.index()].awaited_by().is_some() {
            return Ok(None);
        }
        let Some((around, branch)) = self.collecting(at, to) else { return Ok(None) };
        self.suspend(*from, None);
        self.end_lane(around, branch, wish.clone()).map(Some)
    }

    /// All branches have ended: the return that leads back furthest happens.
    fn return_collected(&mut self, id: ActivationNo) -> Result<Option<Next>, Refusal> {
        let lanes = &self.case.activations[id.index()].lanes;
        let wishes = lanes.iter().filter_map(|lane| match &lane.state {
            LaneState::Returned { to, .. } => Some((self.flow.position(to)?, lane.state.clone())),
            _ => None,
        });
        let furthest = wishes.min_by(|(one, _), (other, _)| one.cmp(other)).map(|(_, wish)| wish);
        let Some(wish) = furthest else { return Ok(None) };
        match self.collect_return(id, &wish)? {
            Some(next) => Ok(next),
            None => self.depart(&wish),
        }
    }

    /// The wish of a branch comes true: the branch is under way again.
    pub(crate) fn reopen_wishing(&mut self, from: ActivationNo) {
        let wishing = self.case.activations.iter().filter(|visit| visit.is_active()).flat_map(|visit| {
            let his =
                |lane: &&LaneWalk| matches!(lane.state, LaneState::Returned { from: wisher, .. } if wisher == from);
            visit.lanes.iter().filter(his).map(|lane| (visit.id, lane.branch.clone()))
        });
        for (activation, branch) in wishing.collect::<Vec<_>>() {
            self.follow(What::LaneReopened { activation, branch });
        }
    }

    /// Does a branch wait with this return until all have ended?
    fn is_collected(&self, id: ActivationNo) -> bool {
        let his = |lane: &LaneWalk| matches!(lane.state, LaneState::Returned { from, .. } if from == id);
        self.case.activations.iter().any(|visit| visit.is_active() && visit.lanes.iter().any(his))
    }

    /// A suspended visit that nothing leads back to any more, since what it waited for ended otherwise.
    pub(crate) fn forsaken(&self) -> Option<ActivationNo> {
        let under_way = |visit: &Activation| visit.end().is_none();
        let suspended = self.case.activations.iter().filter(|visit| visit.state == ActivationState::Suspended);
        let mut forsaken = suspended.filter(|visit| {
            let awaited =
                self.case.activations.iter().any(|other| under_way(other) && other.awaited_by() == Some(visit.id));
            let until = visit.suspended_until.is_some_and(|until| self.case.goes_on_from(until));
            !awaited && !until && !self.is_collected(visit.id)
        });
        forsaken.next().map(|visit| visit.id)
    }

    /// Ends everything that is under way in this visit's branches; or in one of them only.
    fn close_inside(&mut self, id: ActivationNo, lane: Option<(&Place, &str)>, how: Closing, end: End) {
        let around = &self.case.activations[id.index()].node;
        let inside = |visit: &Activation| {
            self.flow.lie(&visit.node, around) == Some(Lie::Inside)
                && lane.is_none_or(|(place, branch)| self.is_in_branch(visit, place, branch))
        };
        let visits = self.case.activations.iter().filter(|visit| visit.end().is_none() && inside(visit));
        let visits = visits.map(|visit| visit.id).collect();
        self.close_all(visits, None, how, end);
    }

    fn is_in_branch(&self, visit: &Activation, place: &Place, branch: &str) -> bool {
        let index = place.node.routes().iter().position(|(key, _)| *key == branch);
        let position = self.flow.position(&visit.node).unwrap_or_default();
        position.get(place.position.len()).copied() == index
    }

    /// Ends these visits with their tasks, and what only answers a return from them.
    pub(crate) fn close_all(
        &mut self,
        mut visits: BTreeSet<ActivationNo>,
        keep: Option<ActivationNo>,
        how: Closing,
        end: End,
    ) -> BTreeSet<ActivationNo> {
        loop {
            let answers = self.case.activations.iter().filter(|visit| {
                let asked = visit.back_to().is_some_and(|from| visits.contains(&from));
                visit.end().is_none() && asked && !visits.contains(&visit.id) && Some(visit.id) != keep
            });
            let more: Vec<_> = answers.map(|visit| visit.id).collect();
            if more.is_empty() {
                break;
            }
            visits.extend(more);
        }
        for id in visits.iter().rev() {
            if self.case.activations[id.index()].end().is_some() {
                continue;
            }
            let open: Vec<_> =
                self.case.tasks_of(*id).filter(|task| !task.state.is_closed()).map(|task| task.id).collect();
            for task in open {
                self.follow(What::TaskClosed { task, how });
            }
            self.follow(What::Closed { activation: *id, end });
        }
        visits
    }

    /// The last visit of this node of which that branch was taken or opened.
    pub(crate) fn visit_around(&self, key: &str, branch: &str, only_active: bool) -> Option<ActivationNo> {
        let of_branch = |visit: &Activation| visit.branch.as_deref() == Some(branch) || visit.lane(branch).is_some();
        let mut visits = self.case.activations.iter().rev();
        visits
            .find(|visit| visit.node == key && of_branch(visit) && (!only_active || visit.is_active()))
            .map(|visit| visit.id)
    }

    /// A return led into this branch.
    pub(crate) fn reopen_lane(&mut self, id: ActivationNo, branch: &str) {
        let ended = self.case.activations[id.index()].lane(branch).is_some_and(|lane| lane.state != LaneState::Open);
        if ended {
            self.follow(What::LaneReopened { activation: id, branch: branch.to_owned() });
        }
    }

    /// A return leads into a branch that an administrator, who moved the case into another one, had left out.
    pub(crate) fn add_lane(&mut self, around: &Node, branch: &str) -> Option<ActivationNo> {
        let lanes = around.lanes()?;
        let visit = self.case.activations.iter().rev().find(|visit| visit.node == lanes.key && visit.is_active())?;
        let (activation, read) = (visit.id, visit.read.clone());
        let lanes = [visit.lanes.clone(), vec![LaneWalk::open(branch)]].concat();
        self.follow(What::LanesOpened { activation, lanes, read });
        Some(activation)
    }

    /// The branches of a node that is opened again for one of them: the others as they ended.
    pub(crate) fn lanes_again(&self, before: Option<ActivationNo>, branch: &str) -> (Vec<LaneWalk>, Values) {
        let Some(before) = before.map(|id| &self.case.activations[id.index()]) else {
            return (vec![LaneWalk::open(branch)], Values::new());
        };
        let as_ended = |lane: &LaneWalk| if lane.branch == branch { LaneWalk::open(branch) } else { lane.clone() };
        (before.lanes.iter().map(as_ended).collect(), before.read.clone())
    }
}
