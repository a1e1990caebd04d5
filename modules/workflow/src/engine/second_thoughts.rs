//! Not yet, not so, or no longer: 暂存待办, 取回, 终止, 跳转, and that the flow was not run as prescribed.

use super::{
    case::{
        Activation, ActivationNo, ActivationState, Among, Case, Cause, Closing, End, Hanging, Opinion, Purpose, Status,
        Task, TaskNo, TaskState, Verdict, Words,
    },
    decide::require_words,
    desk::{Desk, Wanted},
    event::What,
    facts::{Acting, Why},
    model::{Flow, Key, Operation, Quorum, START},
    refusal::Refusal,
    walk::{Next, Run},
};

impl Run<'_> {
    pub(crate) fn hold(&mut self, by: Acting, task: TaskNo, words: Words) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        let desk = self.desk_of(&task)?;
        self.allow(&desk, &task, Operation::Hold)?;
        if task.held.is_some() {
            return Err(Refusal::AlreadyOnHold);
        }
        let short = require_words(&words, desk.words_for(Operation::Hold, self.facts))?;
        self.act(by, What::Held { task: task.id, words });
        self.note_short(by, short);
        Ok(())
    }

    pub(crate) fn end_hold(&mut self, by: Acting, task: TaskNo) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        if task.held.is_none() {
            return Err(Refusal::NotOnHold);
        }
        self.act(by, What::HoldEnded { task: task.id });
        Ok(())
    }

    /// 取回: his decision counts no longer, and what followed from it ends; he has it before him once more. Not when
    /// someone behind him did something since.
    pub(crate) fn take_back(&mut self, by: Acting, task: TaskNo, words: Words) -> Result<(), Refusal> {
        let task = self.case.task(task).ok_or(Refusal::NoSuchTask)?.clone();
        if task.person != by.principal() {
            return Err(Refusal::NotYourTask);
        }
        let decided = matches!(task.closing(), Some(Closing::Approved | Closing::Completed | Closing::PassedOn));
        if !decided || task.purpose == Purpose::Mend {
            return Err(Refusal::NothingToTakeBack);
        }
        let desk = self.desk_of(&task)?;
        if !desk.allows(Operation::TakeBack) {
            return Err(Refusal::NotAllowed { operation: Operation::TakeBack });
        }
        if !can_take_back(self.flow, &self.case, &task) {
            return Err(Refusal::WentOn);
        }
        self.act(by, What::TakenBack { task: task.id, words });
        let node = desk.key.to_owned();
        let how = Closing::BasisTakenBack { task: task.id };
        let was_decided = self.case.activation(task.activation).is_some_and(|visit| visit.end().is_some());
        if was_decided {
            self.clear_from(&node, Some(task.activation), how, End::TakenBack);
            self.reopen(task.activation);
        }
        let colleagues: Vec<Task> = self.case.tasks_of(task.activation).cloned().collect();
        let early = |other: &&Task| other.state == TaskState::Open && is_behind(&self.case, &desk, &task, other);
        let early: Vec<TaskNo> = colleagues.iter().filter(early).map(|other| other.id).collect();
        for task in early {
            self.follow(What::TaskParked { task });
        }
        self.ask_again(&task, Some(Why::TookBack), true)?;
        // Who was superfluous when it was decided is asked again.
        let superfluous =
            |other: &&Task| was_decided && matches!(other.closing(), Some(Closing::DecidedByOther { .. }));
        let spared = colleagues.iter().filter(superfluous).filter(|other| self.is_asked_again(other));
        // Who has left last: in his place nobody sits who is asked himself.
        let (here, left): (Vec<&Task>, Vec<&Task>) = spared.partition(|other| self.facts.is_active(other.person));
        for other in here.into_iter().chain(left) {
            self.ask_again(other, None, desk.quorum != Quorum::Claim)?;
        }
        // What the others said may be enough without him.
        let next = self.settle(task.activation, desk)?;
        self.go_on(next)
    }

    /// Was it a task of the node itself, and nothing stands in its place?
    fn is_asked_again(&self, other: &Task) -> bool {
        let is_named_for = other.purpose == Purpose::Assign && self.case.is_in_place_of_another(other);
        let decides = is_named_for || matches!(other.purpose, Purpose::Approve | Purpose::Handle);
        decides && other.hangs.is_none() && other.replaced_by.is_none() && !self.case.has_rejected(other)
    }

    /// The visit and those around it go on.
    fn reopen(&mut self, activation: ActivationNo) {
        let mut next = Some(activation);
        while let Some(visit) = next.and_then(|id| self.case.activation(id)) {
            let (id, parent) = (visit.id, visit.parent);
            if matches!(visit.state, ActivationState::Closed { .. }) {
                self.follow(What::Reopened { activation: id });
            }
            next = parent;
        }
        if let Some((around, branch)) = self.lane_of(activation) {
            self.reopen_lane(around, &branch);
        }
    }

    /// 终止: by the holder of a task whose node allows it, or by an administrator.
    pub(crate) fn terminate(
        &mut self,
        by: Acting,
        administrator: bool,
        task: Option<TaskNo>,
        words: Words,
    ) -> Result<(), Refusal> {
        match task {
            Some(task) => {
                let task = self.own_task(by, task)?;
                let short = require_words(&words, self.wanted_to(&task, Operation::Terminate)?)?;
                self.act(by, What::Terminated { task: Some(task.id), words });
                self.note_short(by, short);
            }
            None if administrator => {
                require_words(&words, Wanted::reason(self.facts))?;
                self.act(by, What::Terminated { task: None, words });
            }
            None => return Err(Refusal::NotAdministrator),
        }
        self.end_case(Status::Terminated, End::Terminated, Closing::CaseTerminated);
        Ok(())
    }

    /// 跳转: an administrator moves the case to a node, whatever it waits for now; but for what only its module can do.
    pub(crate) fn jump(&mut self, by: Acting, administrator: bool, to: Key, words: Words) -> Result<(), Refusal> {
        if !administrator {
            return Err(Refusal::NotAdministrator);
        }
        require_words(&words, Wanted::reason(self.facts))?;
        if to != START && self.flow.find(&to).and_then(|place| place.node.desk()).is_none() {
            return Err(Refusal::NoSuchNode { node: to });
        }
        if let Some(node) = self.passed_over(&to) {
            return Err(Refusal::WouldPassOver { node: node.name().clone() });
        }
        self.act(by, What::Moved { to: to.clone(), words });
        self.clear_from(&to, None, Closing::CaseMoved, End::Jumped);
        self.clear_active(Closing::CaseMoved, End::Jumped);
        let next = Next::Open(to, Cause::Jumped);
        self.go_on(Some(next))
    }

    /// FLOW-27: who takes part tells that the flow was not run as prescribed.
    pub(crate) fn report_deviation(&mut self, by: Acting, words: Words) -> Result<(), Refusal> {
        if words.is_empty() {
            return Err(Refusal::NothingSaid);
        }
        if !self.takes_part(by.principal()) {
            return Err(Refusal::NotTakingPart);
        }
        let mine = self.case.open_tasks().find(|task| task.person == by.principal());
        let activation = mine.map(|task| task.activation);
        self.act(by, What::DeviationReported { activation, words });
        Ok(())
    }
}

/// Did nobody behind this decision do anything since? Colleagues who are asked at the same time may have.
pub fn can_take_back(flow: &Flow, case: &Case, task: &Task) -> bool {
    let is_decision =
        |said: &Opinion| matches!(said.verdict, Verdict::Approved | Verdict::Completed | Verdict::PassedOn);
    let mine = case.opinions.iter().rposition(|said| said.task == Some(task.id) && is_decision(said));
    let visit = case.activation(task.activation);
    let (Some(mine), Some(visit), Status::Running) = (mine, visit, case.status) else { return false };
    let Some(desk) = flow.desk_at(visit) else { return false };
    let goes_on = |said: &Opinion| {
        let Some(other) = said.task.and_then(|task| case.task(task)) else { return false };
        if other.activation == visit.id {
            // Who removes somebody whom he added does it at his own task.
            let removes = said.verdict == Verdict::SignerRemoved;
            let his = other.hangs.filter(|_| removes).and_then(|hangs| case.task(hangs.on)).unwrap_or(other);
            return is_behind(case, &desk, task, his);
        }
        case.activation(other.activation).is_some_and(|there| flow.follows(&visit.node, &there.node))
    };
    let mut around = std::iter::successors(Some(visit), |visit| case.activation(visit.parent?));
    // Where branches came together, those beside were ended by it: nobody brings them back. What is still asked there, since
    // somebody behind returned it, brings back nothing.
    let is_joined = visit.end().is_some() && around.any(|visit| !visit.lanes.is_empty() && !visit.is_active());
    // Whom he made take part has voted for him by saying no.
    let is_joined = is_joined || desk.votes() && case.has_rejected(task);
    // What others refused, or an administrator moved on, is not decided by him alone.
    let was_agreed_to = matches!(visit.end(), None | Some(End::Approved | End::Handled));
    let is_counting = !visit.superseded && visit.state != ActivationState::Suspended && !is_joined && was_agreed_to;
    // What it made happen in a module, and what another system answered, is not undone by taking it back.
    let has_effect = |there: &Activation| there.has_effect() || there.was_answered();
    let mut later = case.activations.iter().filter(|there| there.id > visit.id && has_effect(there));
    let is_effective = later.any(|there| flow.follows(&visit.node, &there.node));
    is_counting && !is_effective && !case.opinions[mine + 1..].iter().any(goes_on)
}

/// Is his turn at this node only after that task?
fn is_behind(case: &Case, desk: &Desk, task: &Task, other: &Task) -> bool {
    let is_after = |of: TaskNo| other.hangs.is_some_and(|hangs| hangs.on == of && hangs.how == Hanging::After);
    let is_later = other.turn > task.turn;
    let in_turn = match (task.hangs, other.hangs) {
        (None, None) => desk.quorum == Quorum::InTurn && is_later,
        (Some(one), Some(other)) => {
            one.among == Among::InTurn && (one.on, one.batch) == (other.on, other.batch) && is_later
        }
        _ => false,
    };
    if is_after(task.id) || in_turn {
        return true;
    }
    // Who asked him waits for him, and those behind that one do so with him.
    let Some((hangs, asker)) = task.hangs.and_then(|hangs| Some((hangs, case.task(hangs.on)?))) else { return false };
    let is_asker = case.stands_now(other).id == asker.id;
    let waits = hangs.how == Hanging::Before && (is_asker || is_after(asker.id));
    let is_over = |asker: &Task| !is_asker && !is_after(asker.id) && is_behind(case, desk, asker, other);
    waits || is_over(asker)
}

impl Case {
    /// The task that took the place of this one in the end, or itself.
    fn stands_now<'c>(&'c self, task: &'c Task) -> &'c Task {
        std::iter::successors(Some(task), |task| self.task(task.replaced_by?)).last().unwrap_or(task)
    }
}
