//! What somebody tries: whether the model allows it, and what it makes of it.

use hanlin_kernel::PersonId;

use super::{
    super::world::CLERK,
    model::Model,
    plan::{Lies, Outside, lies},
    seats::{Group, Said, Sitting, When, Work},
};
use crate::engine::{Status, case::Among, model::START};

#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Or he answers, hands it in again.
    Agree,
    Reject,
    Return {
        to: String,
        straight: bool,
    },
    Transfer(PersonId),
    AddSigners {
        people: Vec<PersonId>,
        when: When,
        among: Among,
    },
    RemoveSigner(PersonId),
    Hold,
    EndHold,
    Delegate(PersonId),
    Consult(Vec<PersonId>),
    TakeBack,
    /// He ends the case at his step.
    Terminate,
    Withdraw,
    /// What failed is tried again.
    TryAgain,
    Administrate(Power),
    /// What is awaited from outside comes, or it fails. Only the system says so.
    Comes(bool),
}

/// What an administrator does, and nobody else.
#[derive(Clone, Debug)]
pub(super) enum Power {
    HandOver(PersonId),
    Jump(String),
    Halt,
    GoOn,
    Terminate,
}

/// Somebody does something at a step.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) person: PersonId,
    pub(super) key: String,
    pub(super) work: Work,
    pub(super) deed: Deed,
    /// Or the system.
    pub(super) is_administrator: bool,
}

impl Deed {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Reject => "reject",
            Self::Return { straight: false, .. } => "return",
            Self::Return { straight: true, .. } => "return straight",
            Self::Transfer(_) => "transfer",
            Self::AddSigners { when: When::Before, .. } => "add before",
            Self::AddSigners { when: When::Beside, .. } => "add beside",
            Self::AddSigners { .. } => "add after",
            Self::RemoveSigner(_) => "remove",
            Self::Hold => "hold",
            Self::EndHold => "end hold",
            Self::Delegate(_) => "delegate",
            Self::Consult(_) => "consult",
            Self::TakeBack => "take back",
            Self::Terminate => "terminate",
            Self::Withdraw => "withdraw",
            Self::TryAgain => "try again",
            Self::Comes(true) => "comes",
            Self::Comes(false) => "fails",
            Self::Administrate(Power::HandOver(_)) => "hand over",
            Self::Administrate(Power::Jump(_)) => "jump",
            Self::Administrate(Power::Halt) => "halt",
            Self::Administrate(Power::GoOn) => "go on",
            Self::Administrate(Power::Terminate) => "end as administrator",
        }
    }
}

impl Attempt {
    /// The seat at which he does it, if he is waited for.
    fn seat(&self, model: &Model) -> Option<usize> {
        let sitting = model.sits.get(&self.key).filter(|sitting| !sitting.away)?;
        // What was returned for correction is the initiator's as well, whoever has it.
        let his = |(person, work): &(PersonId, Work)| {
            *work == self.work && (*person == self.person || *work == Work::Correct && self.person == CLERK)
        };
        let (person, work) = sitting.open().into_iter().find(his)?;
        Some(sitting.unanswered(person, work)?.no)
    }

    pub(super) fn is_allowed(&self, model: &Model) -> bool {
        if model.end.is_some() {
            return false;
        }
        match &self.deed {
            Deed::Administrate(power) => self.is_administrator && self.has_power(model, power),
            Deed::Comes(well) => {
                let outside = model.sits.get(&self.key).and_then(|sitting| sitting.outside);
                let may_come = |(what, failed): (Outside, bool)| !failed || *well && what == Outside::Event;
                self.is_administrator && outside.is_some_and(may_come)
            }
            _ if model.is_halted => false,
            Deed::Withdraw => self.person == CLERK,
            Deed::TakeBack => self.may_take_back(model),
            Deed::RemoveSigner(signer) => self.removed(model, *signer).is_some(),
            deed => self.seat(model).is_some_and(|no| self.may_do(model, no, deed)),
        }
    }

    fn has_power(&self, model: &Model, power: &Power) -> bool {
        match power {
            Power::GoOn => model.is_halted,
            Power::Halt => !model.is_halted,
            Power::Terminate => true,
            Power::Jump(to) => !model.is_halted && (to == START || model.desk(to).is_some()),
            Power::HandOver(to) => {
                let Some(sitting) = model.sits.get(&self.key) else { return false };
                let waits = sitting.open().contains(&(self.person, self.work));
                let has_it = sitting.unanswered(self.person, self.work).is_some();
                has_it && !(sitting.away && waits) && self.may_be_given(model, sitting, *to, self.work)
            }
        }
    }

    /// He is waited for there: may he do that?
    fn may_do(&self, model: &Model, no: usize, deed: &Deed) -> bool {
        let sitting = &model.sits[&self.key];
        let seat = *sitting.everybody().iter().find(|seat| seat.no == no).expect("he sits there");
        let Some(desk) = model.desk(&self.key).filter(|_| self.work == Work::Decide) else {
            return matches!(deed, Deed::Agree) || self.work == Work::Mend && matches!(deed, Deed::TryAgain);
        };
        let each = |people: &[PersonId], work| {
            let named = |(at, person): (usize, &PersonId)| {
                *person != self.person
                    && !people[..at].contains(person)
                    && self.may_be_given(model, sitting, *person, work)
            };
            !people.is_empty() && people.iter().enumerate().all(named)
        };
        match deed {
            Deed::Agree => true,
            Deed::Reject => !desk.executes,
            Deed::Return { to, .. } => {
                let lies = || lies(&model.plan, &model.path(to), &model.path(&self.key));
                to == START || model.passed.contains_key(to) && matches!(lies(), Lies::Before | Lies::Beside)
            }
            Deed::Transfer(to) => each(&[*to], Work::Decide),
            Deed::EndHold => seat.held,
            _ if desk.is_plain => false,
            Deed::Hold => !seat.held,
            Deed::AddSigners { people, .. } => each(people, Work::Decide),
            Deed::Delegate(to) => each(&[*to], Work::Advise),
            Deed::Consult(people) => each(people, Work::Advise),
            Deed::Terminate => true,
            Deed::RemoveSigner(_) | Deed::TakeBack | Deed::Withdraw | Deed::TryAgain => false,
            Deed::Administrate(_) | Deed::Comes(_) => false,
        }
    }

    /// Nobody sits there twice, decides twice, or decides what he submitted himself.
    fn may_be_given(&self, model: &Model, sitting: &Sitting, person: PersonId, work: Work) -> bool {
        let executes = model.desk(&self.key).is_some_and(|desk| desk.executes);
        let is_own = person == CLERK && work == Work::Decide && !executes;
        let sits = sitting.everybody().into_iter().filter(|seat| seat.person == person).any(|seat| match seat.said {
            None => true,
            Some(Said::Yes | Said::No) => work != Work::Advise,
            Some(Said::Advice | Said::NotAsked) => false,
        });
        !is_own && !sits
    }

    /// His seat, and that of the one whom he removes.
    fn removed(&self, model: &Model, signer: PersonId) -> Option<(usize, usize)> {
        let sitting = model.sits.get(&self.key).filter(|sitting| !sitting.away)?;
        model.desk(&self.key).filter(|desk| !desk.is_plain)?;
        let his = sitting.unanswered(self.person, Work::Decide)?;
        let mut asked = his.asked.iter().flat_map(|group| &group.people);
        let removed = asked.find(|seat| seat.person == signer && seat.said.is_none())?;
        Some((his.no, removed.no))
    }

    fn agreed(&self, model: &Model) -> Option<usize> {
        let sitting = model.sits.get(&self.key).or(model.passed.get(&self.key))?;
        let agreed = |seat: &&&super::seats::Seat| seat.person == self.person && seat.said == Some(Said::Yes);
        sitting.everybody().iter().find(agreed).map(|seat| seat.no)
    }

    fn may_take_back(&self, model: &Model) -> bool {
        let Some(no) = self.agreed(model) else { return false };
        let Some(sitting) = model.sits.get(&self.key).or(model.passed.get(&self.key)) else { return false };
        let seat = sitting.everybody().into_iter().find(|seat| seat.no == no).expect("he sits there");
        let is_plain = model.desk(&self.key).is_some_and(|desk| desk.is_plain);
        if sitting.away || sitting.is_joined || seat.says_no() || is_plain {
            return false;
        }
        let behind = sitting.behind(no);
        let mine = model.done.iter().rposition(|(key, seat, agreed)| *key == self.key && *seat == no && *agreed);
        let here = model.path(&self.key);
        let goes_on = |(key, seat, _): &(String, usize, bool)| match *key == self.key {
            true => behind.contains(seat),
            false => model.follows(&model.path(key), &here),
        };
        let follows = |key: &str| model.follows(&model.path(key), &here);
        let is_effective = model.effects.iter().any(|(key, no)| *no > sitting.no && follows(key));
        !is_effective && !model.done[mine.expect("he agreed") + 1..].iter().any(goes_on)
    }

    pub(super) fn do_it(&self, model: &mut Model) {
        match &self.deed {
            Deed::Withdraw => model.end(Status::Withdrawn),
            Deed::Terminate | Deed::Administrate(Power::Terminate) => model.end(Status::Terminated),
            Deed::Comes(true) => model.arrived(&self.key),
            Deed::Comes(false) => model.failed(&self.key),
            Deed::TryAgain => model.try_again(&self.key),
            Deed::Agree if self.work == Work::Mend => model.arrived(&self.key),
            Deed::Administrate(Power::Halt) => model.is_halted = true,
            Deed::Administrate(Power::GoOn) => model.is_halted = false,
            Deed::Administrate(Power::Jump(to)) => model.jump(to),
            Deed::Administrate(Power::HandOver(to)) => {
                let no = model.sits[&self.key].unanswered(self.person, self.work).expect("he has it").no;
                self.log(model, no);
                self.sits_there(model, no, *to);
            }
            Deed::TakeBack => {
                let no = self.agreed(model).expect("he agreed");
                self.log(model, no);
                model.take_back(&self.key, no);
                model.weigh(&self.key);
            }
            Deed::RemoveSigner(signer) => {
                let (his, removed) = self.removed(model, *signer).expect("he asked him");
                self.log(model, his);
                let sitting = model.sits.get_mut(&self.key).expect("he sits there");
                sitting.seat(his).asked.iter_mut().for_each(|group| group.people.retain(|seat| seat.no != removed));
                model.weigh(&self.key);
            }
            deed => self.do_there(model, deed),
        }
        model.come_back();
    }

    fn log(&self, model: &mut Model, no: usize) {
        let agrees = matches!(self.deed, Deed::Agree) && self.work == Work::Decide;
        if self.key != START {
            model.done.push((self.key.clone(), no, agrees));
        }
    }

    fn sits_there(&self, model: &mut Model, no: usize, person: PersonId) {
        let seat = model.sits.get_mut(&self.key).expect("he sits there").seat(no);
        seat.person = person;
        seat.held = false;
    }

    fn do_there(&self, model: &mut Model, deed: &Deed) {
        let no = self.seat(model).expect("he is waited for");
        if !matches!(deed, Deed::EndHold) {
            self.log(model, no);
        }
        let said = match (deed, self.work) {
            (Deed::Agree, Work::Advise) => Some(Said::Advice),
            (Deed::Agree, _) => Some(Said::Yes),
            (Deed::Reject, _) => Some(Said::No),
            _ => None,
        };
        let seat = model.sits.get_mut(&self.key).expect("he sits there").seat(no);
        seat.held = match deed {
            Deed::Hold => true,
            Deed::EndHold | Deed::Return { .. } => false,
            _ => seat.held && said.is_none(),
        };
        seat.said = said;
        match deed {
            Deed::Return { to, straight } => model.return_to(&self.key, to, *straight),
            Deed::Transfer(to) => self.sits_there(model, no, *to),
            Deed::AddSigners { people, when, among } => self.ask(model, no, people, *when, *among),
            Deed::Delegate(to) => self.ask(model, no, &[*to], When::Delegated, Among::All),
            Deed::Consult(people) => self.ask(model, no, people, When::Consulted, Among::All),
            _ => model.weigh(&self.key),
        }
    }

    fn ask(&self, model: &mut Model, no: usize, people: &[PersonId], when: When, among: Among) {
        let work = if matches!(when, When::Delegated | When::Consulted) { Work::Advise } else { Work::Decide };
        let people = people.iter().map(|person| model.new_seat(*person, work)).collect();
        let seat = model.sits.get_mut(&self.key).expect("he sits there").seat(no);
        seat.asked.push(Group { when, among, people });
    }
}
