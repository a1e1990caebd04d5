//! A handler makes others take part: 转办, 委派, 征询, 加签, 减签, 抄送 (FLOW-15).
//!
//! Whoever is asked gets a task at the same visit that hangs on the asker's, so that a return, a withdrawal or an end of
//! the case meets it like any other. Nothing of the flow's definition is touched.

use std::collections::BTreeSet;

use hanlin_kernel::PersonId;

use super::{
    case::{Among, Closing, CopyNo, Hanging, Hangs, Purpose, Task, TaskNo, Values, Words},
    command::SignerPlace,
    decide::{may_operate, require_words},
    desk::Desk,
    event::What,
    facts::{Acting, Why},
    model::{OnInitiator, Operation},
    refusal::Refusal,
    walk::{NewTask, Run},
};

/// Most people that one operation names: a bound on the size of a decision.
pub const MOST_NAMED: usize = 50;

/// Those whom a handler asks, and how.
struct Asked<'p> {
    people: &'p [PersonId],
    how: Hanging,
    among: Among,
    purpose: Purpose,
}

impl<'a> Run<'a> {
    pub(crate) fn transfer(&mut self, by: Acting, task: TaskNo, to: PersonId, words: Words) -> Result<(), Refusal> {
        let (task, desk) = self.begin(by, task, Operation::Transfer, &words)?;
        self.check_named(by, &task, &desk, &[to], task.purpose)?;
        self.act(by, What::Transferred { task: task.id, to, words });
        let why = [task.why.clone(), vec![Why::TransferredBy { person: task.person }]].concat();
        self.give(task.activation, NewTask { why, replaces: Some(task.id), open: true, ..NewTask::like(&task, to) });
        Ok(())
    }

    pub(crate) fn delegate(&mut self, by: Acting, task: TaskNo, to: PersonId, words: Words) -> Result<(), Refusal> {
        let (task, desk) = self.begin(by, task, Operation::Delegate, &words)?;
        self.check_named(by, &task, &desk, &[to], Purpose::Advise)?;
        self.act(by, What::Delegated { task: task.id, to, words });
        let people = &[to];
        let asked = Asked { people, how: Hanging::Delegated, among: Among::All, purpose: Purpose::Advise };
        self.ask(&task, asked);
        Ok(())
    }

    pub(crate) fn consult(
        &mut self,
        by: Acting,
        task: TaskNo,
        people: Vec<PersonId>,
        words: Words,
    ) -> Result<(), Refusal> {
        let (task, desk) = self.begin(by, task, Operation::Consult, &words)?;
        if words.is_empty() {
            return Err(Refusal::OpinionRequired { min_length: 1 });
        }
        self.check_named(by, &task, &desk, &people, Purpose::Advise)?;
        self.act(by, What::Consulted { task: task.id, people: people.clone(), words });
        let asked = Asked { people: &people, how: Hanging::Consulted, among: Among::All, purpose: Purpose::Advise };
        self.ask(&task, asked);
        Ok(())
    }

    /// The answer of one who was asked. He must say something.
    pub(crate) fn advise(&mut self, by: Acting, task: TaskNo, words: Words, values: Values) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        if task.purpose != Purpose::Advise {
            return Err(Refusal::WrongPurpose);
        }
        let desk = self.desk_of(&task)?;
        if words.is_empty() {
            return Err(Refusal::OpinionRequired { min_length: 1 });
        }
        self.write(by, &task, values)?;
        self.act(by, What::Advised { task: task.id, words });
        let next = self.settle(task.activation, desk)?;
        self.go_on(next)
    }

    pub(crate) fn add_signers(
        &mut self,
        by: Acting,
        task: TaskNo,
        people: Vec<PersonId>,
        place: SignerPlace,
        among: Among,
        words: Words,
    ) -> Result<(), Refusal> {
        let (task, desk) = self.begin(by, task, Operation::AddSigner, &words)?;
        self.check_named(by, &task, &desk, &people, task.purpose)?;
        let how = Hanging::from(place);
        self.act(by, What::SignersAdded { task: task.id, people: people.clone(), place: how, among, words });
        self.ask(&task, Asked { people: &people, how, among, purpose: task.purpose });
        Ok(())
    }

    pub(crate) fn remove_signer(
        &mut self,
        by: Acting,
        task: TaskNo,
        signer: TaskNo,
        words: Words,
    ) -> Result<(), Refusal> {
        let task = self.case.task(task).ok_or(Refusal::NoSuchTask)?.clone();
        if task.person != by.principal() {
            return Err(Refusal::NotYourTask);
        }
        // He may be waiting for the very one whom he removes.
        if !self.case.is_under_way(&task) {
            return Err(if task.state.is_closed() { Refusal::TaskEnded } else { Refusal::TaskSuspended });
        }
        let desk = self.desk_of(&task)?;
        self.allow(&desk, &task, Operation::RemoveSigner)?;
        let removed = self.case.task(signer).ok_or(Refusal::NoSuchTask)?.clone();
        if removed.hangs.is_none_or(|hangs| hangs.on != task.id) {
            return Err(Refusal::NotYourSigner);
        }
        if removed.state.is_closed() {
            return Err(Refusal::TaskEnded);
        }
        let short = require_words(&words, desk.words_for(Operation::RemoveSigner, self.facts))?;
        self.act(by, What::SignerRemoved { task: removed.id, person: removed.person, words });
        self.note_short(by, short);
        let next = self.settle(task.activation, desk)?;
        self.go_on(next)
    }

    /// 抄送, by who takes part in it now: the initiator, or the holder of an open task whose node allows it.
    pub(crate) fn copy_to(
        &mut self,
        by: Acting,
        administrator: bool,
        people: Vec<PersonId>,
        words: Words,
    ) -> Result<(), Refusal> {
        let person = by.principal();
        let mine = self.case.open_tasks().find(|task| task.person == person).cloned();
        let allowed = match &mine {
            Some(task) => may_operate(self.flow, &self.case, task, Operation::Copy),
            None => false,
        };
        if !allowed && !administrator && !self.case.initiator.is(person) {
            let operation = Operation::Copy;
            return Err(if mine.is_some() { Refusal::NotAllowed { operation } } else { Refusal::NotTakingPart });
        }
        self.check_people(by, &people)?;
        let copied = |person: &PersonId| self.case.copies.iter().any(|copy| copy.person == *person);
        if let Some(person) = people.iter().find(|person| copied(person)) {
            return Err(Refusal::AlreadyCopied { person: *person });
        }
        let from = mine.map(|task| task.activation).or(self.case.activations.first().map(|visit| visit.id));
        let activation = from.ok_or(Refusal::NoSuchTask)?;
        if !words.is_empty() {
            self.act(by, What::Commented { activation: Some(activation), words });
        }
        for person in people {
            let copy = CopyNo::after(self.case.copies.len());
            let why = vec![Why::CopiedBy { person: by.person }];
            self.act(by, What::CopySent { copy, activation, person, why, must_read: false });
        }
        Ok(())
    }

    /// The task, if it is his, its node allows the operation, and enough is said for it.
    fn begin(
        &mut self,
        by: Acting,
        task: TaskNo,
        operation: Operation,
        words: &Words,
    ) -> Result<(Task, Desk<'a>), Refusal> {
        let task = self.own_task(by, task)?;
        let desk = self.desk_of(&task)?;
        self.allow(&desk, &task, operation)?;
        let short = require_words(words, desk.words_for(operation, self.facts))?;
        self.note_short(by, short);
        Ok((task, desk))
    }

    pub(crate) fn check_people(&self, by: Acting, people: &[PersonId]) -> Result<(), Refusal> {
        if people.is_empty() {
            return Err(Refusal::NobodyNamed);
        }
        if people.len() > MOST_NAMED {
            return Err(Refusal::TooManyPeople { most: MOST_NAMED });
        }
        let mut seen = BTreeSet::new();
        for person in people {
            if *person == by.principal() || *person == by.person {
                return Err(Refusal::Himself);
            }
            if !seen.insert(*person) {
                return Err(Refusal::AlreadyHandling { person: *person });
            }
            if !self.facts.is_active(*person) {
                return Err(Refusal::NotInService { person: *person });
            }
        }
        Ok(())
    }

    /// May these be given this to do here?
    fn check_named(
        &self,
        by: Acting,
        task: &Task,
        desk: &Desk,
        people: &[PersonId],
        purpose: Purpose,
    ) -> Result<(), Refusal> {
        self.check_people(by, people)?;
        for person in people {
            self.check_free(task, *person, purpose)?;
            self.check_own_case(desk, *person, purpose)?;
        }
        Ok(())
    }

    /// Has he something to do at this visit already, or had his say there?
    pub(crate) fn check_free(&self, task: &Task, person: PersonId, purpose: Purpose) -> Result<(), Refusal> {
        let heard = |other: &Task| purpose != Purpose::Advise && other.closing().is_some_and(Closing::is_heard);
        // Whoever returned it from here has it before him again when it comes back.
        let is_away = self.case.activation(task.activation).is_some_and(|visit| visit.is_suspended());
        let busy = self.case.tasks_of(task.activation).any(|other| {
            let counts = !other.state.is_closed() || heard(other) || is_away && other.comes_back();
            other.person == person && other.purpose != Purpose::Assign && counts
        });
        if busy { Err(Refusal::AlreadyHandling { person }) } else { Ok(()) }
    }

    /// Nobody decides his own case, unless the setting allows it (FLOW-05).
    pub(crate) fn check_own_case(&self, desk: &Desk, person: PersonId, purpose: Purpose) -> Result<(), Refusal> {
        let own = purpose == Purpose::Approve && self.case.initiator.is(person);
        if own && desk.people_rules(self.flow, self.facts).on_initiator != OnInitiator::Allow {
            return Err(Refusal::OwnCase { person });
        }
        Ok(())
    }

    /// Gives them tasks that hang on his, and parks his where it waits for theirs.
    fn ask(&mut self, task: &Task, asked: Asked) {
        let batch = TaskNo::after(self.case.tasks.len());
        let hangs = Hangs { on: task.id, how: asked.how, among: asked.among, batch };
        for (index, person) in asked.people.iter().enumerate() {
            let is_first = index == 0 || asked.among != Among::InTurn;
            self.give(
                task.activation,
                NewTask {
                    person: *person,
                    why: vec![Why::AskedBy { person: task.person, how: asked.how }],
                    purpose: asked.purpose,
                    turn: index as u32 + 1,
                    open: is_first && asked.how != Hanging::After,
                    hangs: Some(hangs),
                    replaces: None,
                    ballot: None,
                },
            );
        }
        if asked.how.parks() {
            self.follow(What::TaskParked { task: task.id });
        }
    }
}
