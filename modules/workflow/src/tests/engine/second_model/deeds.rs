//! What somebody tries: whether the model allows it, and what it makes of it.

use hanlin_kernel::PersonId;

use super::{
    super::world::{CLERK, World},
    model::Model,
    plan::{Lies, OnInitiator, Outside, Seek, Step, lies},
    seats::{Group, Said, Seat, Sitting, When, Work},
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
    /// The other system takes the request, and answers later.
    Takes,
    /// He corrects something, and hands it in again.
    Correct,
    Print,
    Sign,
    /// Whom the case goes to at these steps.
    Choose {
        steps: Vec<String>,
        people: Vec<PersonId>,
    },
    /// The organisation is another from now on. Only the system says so.
    Organise(Change),
}

#[derive(Clone, Debug)]
pub(super) enum Change {
    Leaves(PersonId),
    ComesBack(PersonId),
    /// Heads the department so far up.
    Heads(usize, PersonId),
    /// Is cashier, or is it no longer.
    Cashier(PersonId),
}

impl Change {
    pub(super) fn happens(&self, world: &mut World) {
        match self {
            Self::Leaves(person) => world.leaves(*person),
            Self::ComesBack(person) => world.left.retain(|one| one != person),
            Self::Heads(level, person) => world.heads[*level] = *person,
            Self::Cashier(person) => {
                let cashiers = world.posts.entry("cashier").or_default();
                let were = cashiers.len();
                cashiers.retain(|one| one != person);
                if cashiers.len() == were {
                    cashiers.push(*person);
                }
            }
        }
    }
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
    /// Who does it for him.
    pub(super) agent: Option<PersonId>,
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
            Self::Takes => "takes",
            Self::Correct => "correct",
            Self::Print => "print",
            Self::Sign => "sign on paper",
            Self::Choose { .. } => "choose",
            Self::Organise(Change::Leaves(_)) => "leaves",
            Self::Organise(Change::ComesBack(_)) => "comes back",
            Self::Organise(Change::Heads(..)) => "new head",
            Self::Organise(Change::Cashier(_)) => "new holder",
            Self::Comes(true) => "comes",
            Self::Comes(false) => "fails",
            Self::Administrate(Power::HandOver(_)) => "hand over",
            Self::Administrate(Power::Jump(_)) => "jump",
            Self::Administrate(Power::Halt) => "halt",
            Self::Administrate(Power::GoOn) => "go on",
            Self::Administrate(Power::Terminate) => "end as administrator",
        }
    }

    /// Nothing is said with it.
    fn is_silent(&self) -> bool {
        matches!(self, Self::EndHold | Self::Choose { .. } | Self::Print | Self::Sign)
    }
}

impl Attempt {
    /// The seat at which he does it, if he is waited for.
    fn seat(&self, model: &Model) -> Option<usize> {
        let sitting = model.sits.get(&self.key).filter(|sitting| !sitting.away)?;
        // What was returned for correction is the initiator's as well, whoever has it.
        let his = |seat: &&Seat| {
            let filed = self.work == Work::Correct && self.person == CLERK;
            seat.work == self.work && (seat.person == self.person || filed)
        };
        Some(sitting.open().into_iter().find(his)?.no)
    }

    pub(super) fn is_allowed(&self, model: &Model) -> bool {
        if model.end.is_some() || !self.is_administrator && !self.serves(model) {
            return false;
        }
        match &self.deed {
            Deed::Organise(_) => self.is_administrator,
            Deed::Administrate(power) => self.is_administrator && self.has_power(model, power),
            Deed::Comes(well) => {
                let outside = model.sits.get(&self.key).and_then(|sitting| sitting.outside);
                let may_come = |(what, failed): (Outside, bool)| match what {
                    Outside::Event => !failed || *well,
                    Outside::Time => *well,
                    _ => !failed,
                };
                self.is_administrator && outside.is_some_and(may_come)
            }
            Deed::Takes => {
                let here = model.sits.get(&self.key).filter(|sitting| !sitting.taken);
                let asked = here.is_some_and(|sitting| sitting.outside == Some((Outside::Later, false)));
                self.is_administrator && asked
            }
            _ if model.is_halted => false,
            Deed::Withdraw => self.person == CLERK,
            Deed::TakeBack => self.may_take_back(model),
            Deed::RemoveSigner(signer) => self.removed(model, *signer).is_some(),
            deed => self.seat(model).is_some_and(|no| self.may_do(model, no, deed)),
        }
    }

    /// Neither who has left does anything, nor anybody for him.
    fn serves(&self, model: &Model) -> bool {
        let here = |person: &PersonId| !model.world.left.contains(person);
        here(&self.person) && self.agent.is_none_or(|agent| here(&agent))
    }

    fn has_power(&self, model: &Model, power: &Power) -> bool {
        match power {
            Power::GoOn => model.is_halted,
            Power::Halt => !model.is_halted,
            Power::Terminate => true,
            Power::Jump(to) => !model.is_halted && (to == START || model.desk(to).is_some()),
            Power::HandOver(to) => {
                let Some(sitting) = model.sits.get(&self.key) else { return false };
                let Some(his) = sitting.unanswered(self.person, self.work) else { return false };
                let waits = sitting.open().into_iter().any(|seat| seat.no == his.no);
                !(sitting.away && waits) && self.may_be_given(model, sitting, *to, self.work_given(model))
            }
        }
    }

    /// He is waited for there: may he do that?
    fn may_do(&self, model: &Model, no: usize, deed: &Deed) -> bool {
        let sitting = &model.sits[&self.key];
        let seat = *sitting.everybody().iter().find(|seat| seat.no == no).expect("he sits there");
        let Some(desk) = model.desk(&self.key).filter(|_| self.work == Work::Decide) else {
            let corrects = self.work == Work::Correct && matches!(deed, Deed::Correct);
            let answers =
                corrects || matches!(deed, Deed::Agree) || self.work == Work::Mend && matches!(deed, Deed::TryAgain);
            return answers && self.work != Work::Assign && (self.work != Work::Correct || chosen_are_here(model));
        };
        let own_seat = sitting.seats.iter().any(|one| one.no == no);
        let on_paper = desk.on_paper && own_seat;
        let chooses = if own_seat { model.chooses_for(&self.key) } else { Vec::new() };
        let each = |people: &[PersonId], work| {
            let named = |(at, person): (usize, &PersonId)| {
                *person != self.person
                    && Some(*person) != self.agent
                    && !people[..at].contains(person)
                    && self.may_be_given(model, sitting, *person, work)
            };
            !people.is_empty() && people.iter().enumerate().all(named)
        };
        match deed {
            Deed::Agree => {
                let has_chosen = chooses.is_empty() || seat.chose.is_some();
                has_chosen && (!on_paper || seat.signed == Some(model.form))
            }
            Deed::Print => on_paper,
            Deed::Sign => on_paper && model.printed == Some(model.form),
            Deed::Correct | Deed::Takes => false,
            Deed::Choose { steps, people } => {
                let named = |(at, person): (usize, &PersonId)| {
                    !people[..at].contains(person) && !model.world.left.contains(person)
                };
                let offered = !steps.is_empty() && *steps == chooses;
                offered && !people.is_empty() && people.iter().enumerate().all(named)
            }
            Deed::Reject => !desk.executes,
            Deed::Return { to, .. } => {
                let lies = || lies(&model.plan, &model.path(to), &model.path(&self.key));
                let decided = |seat: &&Seat| seat.said == Some(Said::Yes) && !seat.repeated;
                let was_decided = |sitting: &Sitting| sitting.ended_well && sitting.everybody().iter().any(decided);
                let passed = model.passed.get(to).is_some_and(was_decided);
                to == START || passed && matches!(lies(), Lies::Before | Lies::Beside)
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
            Deed::Administrate(_) | Deed::Comes(_) | Deed::Organise(_) => false,
        }
    }

    /// What an administrator gives with a task.
    fn work_given(&self, model: &Model) -> Work {
        match self.work {
            Work::Assign if model.desk(&self.key).is_none() => Work::Correct,
            Work::Assign => Work::Decide,
            same => same,
        }
    }

    /// Nobody sits there twice, decides twice, or decides what he submitted himself.
    fn may_be_given(&self, model: &Model, sitting: &Sitting, person: PersonId, work: Work) -> bool {
        let desk = model.desk(&self.key);
        let decides = desk.filter(|desk| work == Work::Decide && !desk.executes);
        let forbids = decides.is_some_and(|desk| desk.rules.on_initiator != OnInitiator::Allow);
        let is_own = person == CLERK && forbids;
        !is_own && !model.world.left.contains(&person) && sitting.is_free(person, work)
    }

    /// His seat, and that of the one whom he removes.
    fn removed(&self, model: &Model, signer: PersonId) -> Option<(usize, usize)> {
        let sitting = model.sits.get(&self.key).filter(|sitting| !sitting.away)?;
        model.desk(&self.key).filter(|desk| !desk.is_plain)?;
        let his = sitting.unanswered(self.person, Work::Decide)?;
        let asked = his.asked.iter().flat_map(|group| &group.people);
        let removed =
            asked.filter(|seat| seat.person == signer && seat.said.is_none()).max_by_key(|seat| seat.since)?;
        Some((his.no, removed.no))
    }

    fn agreed(&self, model: &Model) -> Option<usize> {
        let passed = model.passed.get(&self.key).filter(|sitting| sitting.ended_well);
        let sitting = model.sits.get(&self.key).or(passed)?;
        let agreed = |seat: &&&Seat| seat.person == self.person && seat.said == Some(Said::Yes) && !seat.repeated;
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
            Deed::Organise(change) => {
                change.happens(&mut model.world);
                model.relieve_all();
            }
            Deed::Withdraw => model.end(Status::Withdrawn),
            Deed::Terminate | Deed::Administrate(Power::Terminate) => model.end(Status::Terminated),
            Deed::Comes(true) => model.arrived(&self.key),
            Deed::Comes(false) => model.failed(&self.key),
            Deed::Takes => model.sits.get_mut(&self.key).expect("it is asked").taken = true,
            Deed::TryAgain => model.try_again(&self.key),
            Deed::Agree if self.work == Work::Mend => model.arrived(&self.key),
            Deed::Administrate(Power::Halt) => model.is_halted = true,
            Deed::Administrate(Power::GoOn) => model.is_halted = false,
            Deed::Administrate(Power::Jump(to)) => model.jump(to),
            Deed::Administrate(Power::HandOver(to)) => {
                let no = model.sits[&self.key].unanswered(self.person, self.work).expect("he has it").no;
                self.log(model, no);
                self.sits_there(model, no, *to, self.work_given(model));
            }
            Deed::TakeBack => {
                let no = self.agreed(model).expect("he agreed");
                self.log(model, no);
                model.take_back(&self.key, no);
                model.relieve(&self.key);
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

    fn sits_there(&self, model: &mut Model, no: usize, person: PersonId, work: Work) {
        let since = model.new_no();
        model.sits.get_mut(&self.key).expect("he sits there").seat(no).taken_by(person, work, since);
    }

    fn do_there(&self, model: &mut Model, deed: &Deed) {
        let no = self.seat(model).expect("he is waited for");
        if !deed.is_silent() {
            self.log(model, no);
        }
        let said = match (deed, self.work) {
            (Deed::Agree, Work::Advise) => Some(Said::Advice),
            (Deed::Agree | Deed::Correct, _) => Some(Said::Yes),
            (Deed::Reject, _) => Some(Said::No),
            _ => None,
        };
        match deed {
            Deed::Correct => model.form += 1,
            Deed::Print => model.printed = Some(model.form),
            _ => {}
        }
        let form = model.form;
        let seat = model.sits.get_mut(&self.key).expect("he sits there").seat(no);
        seat.held = match deed {
            Deed::Hold => true,
            Deed::EndHold | Deed::Return { .. } => false,
            _ => seat.held && said.is_none(),
        };
        seat.said = said;
        match deed {
            Deed::Choose { people, .. } => seat.chose = Some(people.clone()),
            Deed::Sign => seat.signed = Some(form),
            Deed::Return { to, straight } => {
                seat.anew();
                let sitting = model.sits.get_mut(&self.key).expect("he sits there");
                sitting.returner = Some(no);
                model.return_to(&self.key, to, *straight);
            }
            Deed::Transfer(to) => self.sits_there(model, no, *to, Work::Decide),
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

/// Is everybody whom the initiator chose still there?
fn chosen_are_here(model: &Model) -> bool {
    fn chooses(steps: &[Step]) -> bool {
        steps.iter().any(|step| match step {
            Step::Desk(desk) => desk.who.contains(&Seek::Choice),
            step => step.branches().iter().any(|steps| chooses(steps)),
        })
    }
    let gone = |person: &PersonId| model.world.left.contains(person);
    !chooses(&model.plan) || !model.given.chosen.iter().any(gone)
}
