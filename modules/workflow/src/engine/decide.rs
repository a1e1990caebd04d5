//! What a command does to a case: the events it makes, or why not. A refused command makes none.

use hanlin_kernel::{FieldError, PersonId};
use hanlin_rulebook::Found;
use serde_json::{Value, json};

use super::{
    admission,
    apply::change,
    case::{ActivationNo, Case, Choices, Closing, End, Purpose, Status, Task, TaskNo, TaskState, Values, Words},
    checked::CheckedFlow,
    claiming::is_to_claim,
    command::{Command, Intent, Target},
    desk::{Desk, Wanted},
    event::{Change, Event, What},
    facts::{Acting, Facts, Initiator, Why, parameter},
    form::{self, Declaration, Rights},
    mend::may_see_to_it,
    model::{AfterReturn, Flow, Node, Operation, START},
    refusal::Refusal,
    rights::{as_told, start_rights, task_rights},
    saying::{BareRead, is_one_of},
    secrecy::is_sealed,
    walk::{NewTask, Next, Run},
};

/// Decides a command on a case: everything that happens by it, automatic steps included.
pub fn decide(case: &Case, flow: &CheckedFlow, command: Command, facts: &dyn Facts) -> Result<Vec<Event>, Refusal> {
    let mut run = Run::new(flow, facts, case.clone());
    let Command { by, administrator, system, intent } = command;
    run.require_status(&intent)?;
    intent.words().map_or(Ok(()), check_length)?;
    if !administrator && !system {
        run.require_service(by)?;
    }
    let mentioned = run.check_mentions(by, administrator, intent.words())?;
    match intent {
        Intent::Submit { values, choices, confirmed } => run.submit(by, values, choices, confirmed)?,
        Intent::Resubmit { task, values, choices, confirmed, words } => {
            run.resubmit(by, task, values, choices, confirmed, words)?;
        }
        Intent::Approve { task, words, values } => run.agree(by, task, Purpose::Approve, words, values)?,
        Intent::Complete { task, words, .. } if run.is_question(task) => run.go_on_without(by, task, words)?,
        Intent::Complete { task, words, values } => run.agree(by, task, Purpose::Handle, words, values)?,
        Intent::Choose { task, choices } => run.choose_people(by, task, choices)?,
        Intent::Print { task } => run.print(by, task)?,
        Intent::SignOnPaper { task, signing } => run.sign_on_paper(by, task, signing)?,
        Intent::PassOn { task, people, among, words, values } => run.pass_on(by, task, people, among, words, values)?,
        Intent::Reject { task, words } => run.reject(by, task, words)?,
        Intent::Abstain { task, words } => run.abstain(by, task, words)?,
        Intent::ReturnTo { task, to, then, words } => run.return_to(by, task, Operation::ReturnTo, &to, then, words)?,
        Intent::FailReview { task, words } => {
            run.return_to(by, task, Operation::FailReview, &Target::First, None, words)?;
        }
        Intent::Transfer { task, to, words } => run.transfer(by, task, to, words)?,
        Intent::Delegate { task, to, words } => run.delegate(by, task, to, words)?,
        Intent::Consult { task, people, words } => run.consult(by, task, people, words)?,
        Intent::Advise { task, words, values } => run.advise(by, task, words, values)?,
        Intent::AddSigner { task, people, place, among, words } => {
            run.add_signers(by, task, people, place, among, words)?;
        }
        Intent::RemoveSigner { task, signer, words } => run.remove_signer(by, task, signer, words)?,
        Intent::Hold { task, words } => run.hold(by, task, words)?,
        Intent::EndHold { task } => run.end_hold(by, task)?,
        Intent::TakeBack { task, words } => run.take_back(by, task, words)?,
        Intent::Copy { people, words } => run.copy_to(by, administrator, people, words)?,
        Intent::Terminate { task, words } => run.terminate(by, administrator, task, words)?,
        Intent::Jump { to, words } => run.jump(by, administrator, to, words)?,
        Intent::ReportDeviation { words } => run.report_deviation(by, words)?,
        Intent::Read { copy } => {
            let copy = run.case.copy(copy).ok_or(Refusal::NoSuchCopy)?;
            if copy.person != by.principal() {
                return Err(Refusal::NotYourCopy);
            }
            if copy.read_at.is_some() {
                return Err(Refusal::AlreadyRead);
            }
            let copy = copy.id;
            run.act(by, What::CopyRead { copy });
        }
        Intent::Withdraw { words } => run.withdraw(by, words)?,
        Intent::Urge { channel, words } => run.urge(by, administrator, channel, words)?,
        Intent::Comment { words } => run.comment(by, administrator, words)?,
        Intent::HandOver { task, to, words } => {
            if !administrator {
                return Err(Refusal::NotAdministrator);
            }
            run.hand_over(by, task, to, words)?;
        }
        Intent::Halt { words } => run.halt(by, administrator, words)?,
        Intent::GoOn { words } => run.let_go_on(by, administrator, words)?,
        Intent::Claim { task } => run.claim(by, task)?,
        Intent::GiveBack { task, words } => run.give_back(by, task, words)?,
        Intent::CorrectOpinion { opinion, words } => run.correct(by, opinion, words)?,
        Intent::Arrived { activation, arrival } => run.arrive(system, activation, arrival)?,
        Intent::TryAgain { task } => run.try_again(by, task)?,
        Intent::Repair { values, words } => run.repair(by, administrator, values, words)?,
        Intent::CallOff => run.call_off(system)?,
        Intent::Relieve => run.relieve(system)?,
        Intent::TakeEffect { kind, follow_up, changes } => run.take_effect(system, kind, follow_up, changes)?,
    }
    run.copy_to_mentioned(by, mentioned);
    Ok(run.events)
}

/// Fewest characters that someone who agrees at this task must write; 0: none. `None`: he can do nothing there.
pub fn words_to_agree(flow: &Flow, case: &Case, task: &Task, facts: &dyn Facts) -> Option<u32> {
    Some(flow.find(&case.activation(task.activation)?.node)?.node.desk()?.words_to_agree(facts).fewest)
}

/// May the holder of this task do that there (FLOW-15)?
pub fn may_operate(flow: &Flow, case: &Case, task: &Task, operation: Operation) -> bool {
    let node = case.activation(task.activation).and_then(|visit| flow.find(&visit.node));
    let asked = matches!(task.purpose, Purpose::Approve | Purpose::Handle);
    match node.and_then(|place| place.node.desk()) {
        Some(desk) if operation == Operation::Abstain => desk.allows(operation) && asked && task.hangs.is_none(),
        Some(desk) => desk.allows(operation) && (asked || operation == Operation::Comment),
        // Whoever cannot see to it by hand leads the case back, or ends it.
        None if matches!(operation, Operation::ReturnTo | Operation::Terminate) => !may_see_to_it(case, task),
        None => operation == Operation::Comment,
    }
}

/// The rule that too few words break and that lets them pass, with their number.
type Short = (Found<Value>, usize);

/// Refuses too few words, and what says nothing. Gives the rule that they break and that lets them pass, with their number.
pub(crate) fn require_words(words: &Words, wanted: Wanted) -> Result<Option<Short>, Refusal> {
    let length = words.length();
    if wanted.fewest > 0 && is_one_of(words, &wanted.empty) {
        return Err(Refusal::EmptyPhrase { phrase: words.text.trim().to_owned() });
    }
    if length < wanted.fewest as usize {
        return Err(Refusal::OpinionRequired { min_length: wanted.fewest });
    }
    let is_short = |rule: &Found<Value>| rule.value.as_u64().is_some_and(|fewest| (length as u64) < fewest);
    Ok(wanted.rule.filter(is_short).map(|rule| (rule, length)))
}

/// May he start this flow? Where nobody is named, everybody of the house may; who is from outside is named (ORG-24).
pub fn may_start(flow: &Flow, initiator: &Initiator, facts: &dyn Facts) -> bool {
    match flow.may_start.as_slice() {
        [] => !facts.is_external(initiator.principal()),
        starters => starters.iter().any(|starter| facts.may_start(starter, initiator)),
    }
}

impl<'a> Run<'a> {
    fn require_status(&self, intent: &Intent) -> Result<(), Refusal> {
        match (self.case.status, intent) {
            (Status::Draft, Intent::Submit { .. }) => Ok(()),
            (Status::Draft, _) => Err(Refusal::NotSubmitted),
            (_, Intent::Submit { .. }) => Err(Refusal::AlreadySubmitted),
            (_, Intent::Read { .. }) | (Status::Completed, Intent::TakeEffect { .. }) => Ok(()),
            (Status::Running, intent) => self.case.require_going(intent),
            _ => Err(Refusal::AlreadyFinished),
        }
    }

    fn submit(&mut self, by: Acting, values: Values, choices: Choices, confirmed: bool) -> Result<(), Refusal> {
        let initiator = self.case.initiator.clone();
        if by.person != initiator.person && by.principal() != initiator.person {
            return Err(Refusal::NotTheInitiator);
        }
        if !may_start(self.flow, &initiator, self.facts) {
            return Err(Refusal::MayNotStart);
        }
        admission::within_limits(self.flow, &initiator, self.facts)?;
        let declaration = self.declare(confirmed)?;
        self.check_choices(&choices)?;
        let rights = self.told(by.principal(), start_rights(self.flow));
        let values = form::fill(self.checked, &self.case, &values, &rights, self.facts)?;
        admission::in_time(self.flow, &values, self.facts)?;
        let without_agent = self.agent_named(&values)?;
        self.act(by, What::Submitted { initiator: Box::new(initiator), values, choices, declaration });
        self.note_without_agent(by, without_agent);
        let start = self.open_start(super::case::Cause::Submitted)?;
        self.look_ahead(start.clone())?;
        self.go_on(start)
    }

    fn resubmit(
        &mut self,
        by: Acting,
        task: TaskNo,
        values: Values,
        choices: Option<Choices>,
        confirmed: bool,
        words: Words,
    ) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        if task.purpose != Purpose::Revise {
            return Err(Refusal::WrongPurpose);
        }
        let declaration = self.declare(confirmed)?;
        let choices = choices.unwrap_or_else(|| self.case.choices.clone());
        self.check_choices(&choices)?;
        self.write(by, &task, values)?;
        let values = self.case.values.clone();
        let without_agent = self.agent_named(&values)?;
        self.act(by, What::Resubmitted { task: task.id, choices, declaration, words });
        self.note_without_agent(by, without_agent);
        let next = Some(self.close(task.activation, End::Submitted));
        self.look_ahead(next.clone())?;
        self.go_on(next)
    }

    /// The declaration that it is accurate and complete (FORM-13).
    fn declare(&self, confirmed: bool) -> Result<Declaration, Refusal> {
        self.flow.form.declare(confirmed).map_err(|field| Refusal::InvalidValues { fields: vec![field] })
    }

    /// Approves or completes.
    fn agree(
        &mut self,
        by: Acting,
        task: TaskNo,
        purpose: Purpose,
        words: Words,
        values: Values,
    ) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        if task.purpose != purpose {
            return Err(Refusal::WrongPurpose);
        }
        let desk = self.desk_of(&task)?;
        let disagrees = desk.read_only(&words, self.facts) == Some(BareRead::Disagree);
        if !disagrees {
            self.require_choices(&task)?;
            self.require_paper(&task)?;
        }
        let short = match desk.read_only(&words, self.facts) {
            Some(BareRead::Refuse) => return Err(Refusal::BareRead),
            Some(BareRead::Disagree) if !desk.allows(Operation::Reject) => return Err(Refusal::BareRead),
            Some(BareRead::Disagree) => return self.disagree(by, &task, desk, words, None),
            Some(BareRead::Agree) => require_words(&Words::default(), desk.words_to_agree(self.facts))?,
            Some(BareRead::Note) => None,
            None => require_words(&words, desk.words_to_agree(self.facts))?,
        };
        self.write(by, &task, values)?;
        let without_agent = if purpose == Purpose::Approve { self.agent_named_to_approve()? } else { None };
        self.act(
            by,
            match purpose {
                Purpose::Handle => What::Completed { task: task.id, words },
                _ => What::Approved { task: task.id, words },
            },
        );
        self.note_short(by, short);
        self.note_without_agent(by, without_agent);
        let next = self.settle(task.activation, desk)?;
        self.go_on(next)
    }

    fn return_to(
        &mut self,
        by: Acting,
        task: TaskNo,
        operation: Operation,
        to: &Target,
        then: Option<AfterReturn>,
        words: Words,
    ) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        let wanted = self.wanted_to(&task, operation)?;
        let to = self.target_of(&task, to)?;
        let short = require_words(&words, wanted)?;
        let then = match self.is_question(task.id) {
            true => AfterReturn::WalkAgain,
            false => self.desk_of(&task)?.return_rule.then.or(then).unwrap_or(AfterReturn::WalkAgain),
        };
        let failed_review = operation == Operation::FailReview;
        self.act(by, What::Returned { task: task.id, to: to.clone(), then, words, failed_review });
        self.note_short(by, short);
        let next = self.go_back(&task, to, then)?;
        self.go_on(next)
    }

    fn reject(&mut self, by: Acting, task: TaskNo, words: Words) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        let desk = self.desk_of(&task)?;
        self.allow(&desk, &task, Operation::Reject)?;
        if desk.read_only(&words, self.facts) == Some(BareRead::Refuse) {
            return Err(Refusal::BareRead);
        }
        let short = require_words(&words, desk.words_for(Operation::Reject, self.facts))?;
        self.disagree(by, &task, desk, words, short)
    }

    fn disagree(
        &mut self,
        by: Acting,
        task: &Task,
        desk: Desk<'a>,
        words: Words,
        short: Option<Short>,
    ) -> Result<(), Refusal> {
        self.act(by, What::Rejected { task: task.id, words });
        self.note_short(by, short);
        let next =
            if desk.votes() { self.settle(task.activation, desk)? } else { self.reject_at(task.activation, task.id)? };
        self.go_on(next)
    }

    fn abstain(&mut self, by: Acting, task: TaskNo, words: Words) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        let desk = self.desk_of(&task)?;
        self.allow(&desk, &task, Operation::Abstain)?;
        if task.hangs.is_some() {
            return Err(Refusal::WrongPurpose);
        }
        self.act(by, What::Abstained { task: task.id, words });
        let next = self.settle(task.activation, desk)?;
        self.go_on(next)
    }

    fn withdraw(&mut self, by: Acting, words: Words) -> Result<(), Refusal> {
        if !self.case.initiator.is(by.principal()) {
            return Err(Refusal::NotTheInitiator);
        }
        if !self.flow.may_withdraw() {
            return Err(Refusal::MayNotWithdraw);
        }
        self.act(by, What::Withdrawn { words });
        self.end_case(Status::Withdrawn, End::Withdrawn, Closing::CaseWithdrawn);
        Ok(())
    }

    fn comment(&mut self, by: Acting, administrator: bool, words: Words) -> Result<(), Refusal> {
        let person = by.principal();
        if words.is_empty() {
            return Err(Refusal::NothingSaid);
        }
        let mine = self.case.open_tasks().find(|task| task.person == person).cloned();
        if let Some(task) = &mine {
            let forbidden = !may_operate(self.flow, &self.case, task, Operation::Comment);
            if forbidden && !administrator && !self.case.initiator.is(person) {
                return Err(Refusal::NotAllowed { operation: Operation::Comment });
            }
        }
        if !administrator && !self.takes_part(person) {
            return Err(Refusal::NotTakingPart);
        }
        let activation = mine.map(|task| task.activation).or_else(|| self.sealed_visit_of(person));
        self.act(by, What::Commented { activation, words });
        Ok(())
    }

    /// What he adds to his vote is no more for the others than the vote.
    fn sealed_visit_of(&self, person: PersonId) -> Option<ActivationNo> {
        let mut his = self.case.tasks.iter().rev().filter(|task| task.person == person);
        his.find(|task| is_sealed(self.flow, &self.case, task.activation)).map(|task| task.activation)
    }

    pub(crate) fn takes_part(&self, person: PersonId) -> bool {
        self.case.initiator.is(person)
            || self.case.tasks.iter().any(|task| task.person == person && task.opened_at.is_some())
            || self.case.copies.iter().any(|copy| copy.person == person)
    }

    fn hand_over(&mut self, by: Acting, task: TaskNo, to: PersonId, words: Words) -> Result<(), Refusal> {
        let task = self.case.task(task).ok_or(Refusal::NoSuchTask)?.clone();
        match task.state {
            TaskState::Open | TaskState::Waiting => {}
            TaskState::Suspended => return Err(Refusal::TaskSuspended),
            TaskState::Closed { .. } => return Err(Refusal::TaskEnded),
        }
        require_words(&words, Wanted::reason(self.facts))?;
        if !self.facts.is_active(to) {
            return Err(Refusal::NotInService { person: to });
        }
        let purpose = self.purpose_behind(&task)?;
        self.check_free(&task, to, purpose)?;
        if purpose == Purpose::Approve {
            self.check_own_case(&self.desk_of(&task)?, to, purpose)?;
        }
        self.act(by, What::HandedOver { task: task.id, to, words });
        let why = [task.why.clone(), vec![Why::HandedOver { from: task.person, by: by.person }]].concat();
        let like = NewTask::like(&task, to);
        let open = like.open && !self.case.is_held_by_another(&task);
        self.give(task.activation, NewTask { why, purpose, open, replaces: Some(task.id), ..like });
        self.close_assigning(task.id, task.activation);
        Ok(())
    }

    /// What the node asks of whom an administrator names.
    fn purpose_behind(&self, task: &Task) -> Result<Purpose, Refusal> {
        match task.purpose {
            Purpose::Assign if self.node_of(task)? == START => Ok(Purpose::Revise),
            Purpose::Assign => Ok(self.desk_of(task)?.purpose),
            same => Ok(same),
        }
    }

    /// One administrator named someone: the others need not.
    fn close_assigning(&mut self, decisive: TaskNo, activation: ActivationNo) {
        let others: Vec<_> = self
            .case
            .tasks_of(activation)
            .filter(|task| task.purpose == Purpose::Assign && !task.state.is_closed())
            // For one who left, somebody else is to be named.
            .filter(|task| !self.case.is_in_place_of_another(task))
            .map(|task| task.id)
            .collect();
        for task in others {
            self.follow(What::TaskClosed { task, how: Closing::DecidedByOther { task: decisive } });
        }
    }

    /// The task, if it is his and can be done now.
    pub(crate) fn own_task(&self, by: Acting, task: TaskNo) -> Result<Task, Refusal> {
        let task = self.case.task(task).ok_or(Refusal::NoSuchTask)?;
        if !self.case.is_his(task, by.principal()) {
            return Err(Refusal::NotYourTask);
        }
        match task.state {
            TaskState::Open if is_to_claim(self.flow, &self.case, task) => Err(Refusal::ClaimFirst),
            TaskState::Open => Ok(task.clone()),
            TaskState::Waiting if self.case.is_parked(task) => Err(Refusal::WaitsForOthers),
            TaskState::Waiting => match self.case.claimed_by(task) {
                Some(person) => Err(Refusal::ClaimedBy { person }),
                None => Err(Refusal::NotYourTurn),
            },
            TaskState::Suspended => Err(Refusal::TaskSuspended),
            TaskState::Closed { .. } => Err(Refusal::TaskEnded),
        }
    }

    pub(crate) fn node_of(&self, task: &Task) -> Result<&str, Refusal> {
        self.case.activation(task.activation).map(|visit| visit.node.as_str()).ok_or(Refusal::NoSuchTask)
    }

    /// The node of a task.
    pub(crate) fn place_of(&self, task: &Task) -> Result<&'a Node, Refusal> {
        match self.node_of(task)? {
            START => Err(Refusal::WrongPurpose),
            key => Ok(self.place(key)?.node),
        }
    }

    pub(crate) fn desk_of(&self, task: &Task) -> Result<Desk<'a>, Refusal> {
        match self.node_of(task)? {
            START => Err(Refusal::WrongPurpose),
            _ => self.desk_at(task.activation),
        }
    }

    pub(crate) fn allow(&self, desk: &Desk, task: &Task, operation: Operation) -> Result<(), Refusal> {
        match task.purpose {
            Purpose::Assign | Purpose::Revise | Purpose::Advise | Purpose::Mend => Err(Refusal::WrongPurpose),
            _ if desk.allows(operation) => Ok(()),
            _ => Err(Refusal::NotAllowed { operation }),
        }
    }

    /// What he must write to do this here, if he may.
    pub(crate) fn wanted_to(&self, task: &Task, operation: Operation) -> Result<Wanted, Refusal> {
        if self.is_question(task.id) && may_operate(self.flow, &self.case, task, operation) {
            return Ok(Wanted::reason(self.facts));
        }
        let desk = self.desk_of(task)?;
        self.allow(&desk, task, operation)?;
        Ok(desk.words_for(operation, self.facts))
    }

    /// What one is not told one does not write.
    fn told(&self, reader: PersonId, rights: Rights) -> Rights {
        as_told(self.checked, &self.case, reader, rights, self.facts)
    }

    /// Writes what the holder of a task filled in, as his rights allow; also refuses what he must fill in and did not.
    pub(crate) fn write(&mut self, by: Acting, task: &Task, values: Values) -> Result<(), Refusal> {
        let rights = self.told(task.person, task_rights(self.flow, &self.case, task));
        let after = form::fill(self.checked, &self.case, &values, &rights, self.facts)?;
        let changes = self.checked.form().diff(&self.case.values, &after);
        if !changes.is_empty() {
            let changes = changes.into_iter().map(|change| Change {
                field: change.field,
                before: change.before,
                after: change.after,
            });
            self.act(by, What::ValuesChanged { task: task.id, changes: changes.collect() });
        }
        Ok(())
    }
}

fn check_length(words: &Words) -> Result<(), Refusal> {
    let length = words.text.chars().count();
    if length <= Words::LONGEST {
        return Ok(());
    }
    let error = FieldError::new("text", "forms.too_long").with("limit", Words::LONGEST).with("length", length);
    Err(Refusal::InvalidValues { fields: vec![error] })
}

impl Run<'_> {
    pub(crate) fn note_short(&mut self, by: Acting, short: Option<Short>) {
        if let Some((rule, length)) = short {
            self.broken(by, parameter::OPINION_MIN_LENGTH, rule, json!({ "characters": length }));
        }
    }

    /// He broke a rule that lets it pass: it is on the record with the rule (RULE-21).
    pub(crate) fn broken(&mut self, by: Acting, rule: &str, ruled: Found<Value>, done: Value) {
        let Found { value, mode, source } = ruled;
        self.act(by, What::RuleBroken { rule: rule.to_owned(), mode, asked: value, done, clause: source });
    }

    /// The case with one more event that is not part of the decision.
    pub(crate) fn suppose(&mut self, what: What) {
        change(&mut self.case, &Event { at: self.facts.now(), by: None, what });
    }

    /// Another of the run's own `Next` without changing it: what would follow?
    pub(crate) fn look_ahead(&self, next: Option<Next>) -> Result<(), Refusal> {
        super::predict::check_ahead(self, next)
    }
}
