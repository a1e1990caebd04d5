//! @: whoever writes something may name people. Those who take part are told; others get a copy, if the writer may send
//! one.

use std::collections::BTreeSet;

use hanlin_kernel::PersonId;

use super::{
    case::{ActivationNo, CopyNo, Words},
    command::Intent,
    decide::may_operate,
    event::What,
    facts::{Acting, Why},
    model::Operation,
    passing::MOST_NAMED,
    refusal::Refusal,
    secrecy::is_sealed,
    walk::Run,
};

/// Those who were named, and where the copies of the new ones belong.
pub(crate) struct Mentioned {
    new: Vec<PersonId>,
    activation: Option<ActivationNo>,
}

impl Run<'_> {
    /// May he name these? Nobody, who writes where it stays with him for now.
    pub(crate) fn check_mentions(
        &self,
        by: Acting,
        administrator: bool,
        words: Option<&Words>,
    ) -> Result<Mentioned, Refusal> {
        let named: BTreeSet<PersonId> = words.iter().flat_map(|words| words.mentions.iter().copied()).collect();
        let mine = self.case.open_tasks().find(|task| self.case.is_his(task, by.principal()));
        let activation = mine.map(|task| task.activation).or(self.case.activations.first().map(|visit| visit.id));
        if named.is_empty() {
            return Ok(Mentioned { new: Vec::new(), activation });
        }
        if named.len() > MOST_NAMED {
            return Err(Refusal::TooManyPeople { most: MOST_NAMED });
        }
        let own = self.case.tasks.iter().filter(|task| task.person == by.principal());
        if own.into_iter().any(|task| is_sealed(self.flow, &self.case, task.activation)) {
            return Err(Refusal::NoMentionsHere);
        }
        let new: Vec<PersonId> = named.into_iter().filter(|person| !self.takes_part(*person)).collect();
        if let Some(person) = new.iter().find(|person| !self.facts.is_active(**person)) {
            return Err(Refusal::NotInService { person: *person });
        }
        let copies = mine.is_some_and(|task| may_operate(self.flow, &self.case, task, Operation::Copy));
        let may_copy = copies || administrator || self.case.initiator.is(by.principal());
        match new.first().filter(|_| !may_copy) {
            Some(person) => Err(Refusal::MayNotMention { person: *person }),
            None => Ok(Mentioned { new, activation }),
        }
    }

    /// Those who were named and took no part get a copy.
    pub(crate) fn copy_to_mentioned(&mut self, by: Acting, mentioned: Mentioned) {
        let Mentioned { new, activation: Some(activation) } = mentioned else { return };
        for person in new {
            // What was done just now may have made him take part.
            if self.takes_part(person) {
                continue;
            }
            let copy = CopyNo::after(self.case.copies.len());
            let why = vec![Why::MentionedBy { person: by.person }];
            self.act(by, What::CopySent { copy, activation, person, why, must_read: false });
        }
    }
}

impl Intent {
    /// What is said with it.
    pub fn words(&self) -> Option<&Words> {
        match self {
            Self::Resubmit { words, .. }
            | Self::Approve { words, .. }
            | Self::Reject { words, .. }
            | Self::Abstain { words, .. }
            | Self::ReturnTo { words, .. }
            | Self::Complete { words, .. }
            | Self::FailReview { words, .. }
            | Self::PassOn { words, .. }
            | Self::Transfer { words, .. }
            | Self::Delegate { words, .. }
            | Self::Consult { words, .. }
            | Self::Advise { words, .. }
            | Self::AddSigner { words, .. }
            | Self::RemoveSigner { words, .. }
            | Self::Hold { words, .. }
            | Self::TakeBack { words, .. }
            | Self::Copy { words, .. }
            | Self::Terminate { words, .. }
            | Self::Jump { words, .. }
            | Self::ReportDeviation { words }
            | Self::Withdraw { words }
            | Self::Urge { words, .. }
            | Self::Comment { words }
            | Self::CorrectOpinion { words, .. }
            | Self::GiveBack { words, .. }
            | Self::Halt { words }
            | Self::GoOn { words }
            | Self::Repair { words, .. }
            | Self::HandOver { words, .. } => Some(words),
            Self::Submit { .. }
            | Self::EndHold { .. }
            | Self::Read { .. }
            | Self::Claim { .. }
            | Self::Choose { .. }
            | Self::Print { .. }
            | Self::SignOnPaper { .. }
            | Self::Arrived { .. }
            | Self::TryAgain { .. }
            | Self::CallOff
            | Self::Relieve
            | Self::TakeEffect { .. } => None,
        }
    }
}
