//! What somebody tries: whether the model allows it, and what it makes of it.

use hanlin_kernel::PersonId;

use super::{
    super::world::{CLERK, World},
    calls::News,
    model::{Done, Model},
    plan::{Free, Lies, OnInitiator, Outside, Seek, Step, lies},
    seats::{Group, Named, Said, Seat, Sitting, When, Work},
};
use crate::engine::{Status, case::Among, model::START};

#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Or he answers, hands it in again.
    Agree,
    Reject,
    /// He votes for neither.
    Abstain,
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
    /// That comes of one of the cases that a step opened.
    Hear(usize, News),
    /// He corrects something, and hands it in again.
    Correct,
    Print,
    Sign,
    /// He takes it for himself, of several who could do it.
    Claim,
    /// He offers it to the others again.
    GiveBack,
    /// He names who is next.
    PassOn {
        people: Vec<PersonId>,
        among: Among,
    },
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
            Self::Abstain => "abstain",
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
            Self::Hear(_, News::Opened) => "case opens",
            Self::Hear(_, News::EndedWell) => "case ends well",
            Self::Hear(_, News::EndedBadly) => "case ends badly",
            Self::Hear(_, News::Failed) => "case fails",
            Self::Correct => "correct",
            Self::Print => "print",
            Self::Sign => "sign on paper",
            Self::Claim => "claim",
            Self::GiveBack => "give back",
            Self::PassOn { .. } => "pass on",
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
        matches!(self, Self::EndHold | Self::Choose { .. } | Self::Print | Self::Sign | Self::Claim)
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
                    Outside::Calls => false,
                    _ => !failed,
                };
                self.is_administrator && outside.is_some_and(may_come)
            }
            Deed::Takes => {
                let here = model.sits.get(&self.key).filter(|sitting| !sitting.taken);
                let asked = here.is_some_and(|sitting| sitting.outside == Some((Outside::Later, false)));
                self.is_administrator && asked
            }
            Deed::Hear(which, news) => {
                let calls = model.sits.get(&self.key).map(|sitting| sitting.calls.as_slice());
                self.is_administrator && calls.and_then(|calls| calls.get(*which)).is_some_and(|one| one.takes(*news))
            }
            _ if model.is_halted => false,
            Deed::Withdraw => self.person == CLERK,
            Deed::TakeBack => self.may_take_back(model),
            Deed::RemoveSigner(signer) => self.removed(model, *signer).is_some(),
            deed => self.seat(model).is_some_and(|no| match (deed, model.sits[&self.key].is_to_claim(no)) {
                (Deed::Claim, is_to_claim) => is_to_claim,
                (deed, is_to_claim) => !is_to_claim && self.may_do(model, no, deed),
            }),
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
            Deed::GiveBack => seat.claimed && sitting.shares(no),
            Deed::Print => on_paper,
            Deed::Sign => on_paper && model.printed == Some(model.form),
            Deed::Correct | Deed::Takes | Deed::Hear(..) | Deed::Claim => false,
            Deed::Choose { steps, people } => {
                let named = |(at, person): (usize, &PersonId)| {
                    !people[..at].contains(person) && !model.world.left.contains(person)
                };
                let offered = !steps.is_empty() && *steps == chooses;
                offered && !people.is_empty() && people.iter().enumerate().all(named)
            }
            Deed::PassOn { people, .. } => own_seat && self.may_name(model, desk.free.as_ref(), people),
            Deed::Reject => !desk.executes,
            Deed::Abstain => own_seat && desk.vote.as_ref().is_some_and(|vote| vote.abstain),
            Deed::Return { to, .. } => {
                let lies = || lies(&model.plan, &model.path(to), &model.path(&self.key));
                let decided = |seat: &&Seat| seat.said == Some(Said::Yes) && !seat.repeated;
                let was_decided = |sitting: &Sitting| sitting.ended_well && sitting.everybody().iter().any(decided);
                let mut there = model.passed.get(to).into_iter().chain(model.sits.get(to)).flat_map(Sitting::line);
                let passed = there.any(was_decided);
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

    /// May these be next, as far as the step says?
    fn may_name(&self, model: &Model, free: Option<&Free>, people: &[PersonId]) -> bool {
        let sitting = &model.sits[&self.key];
        let Some(free) = free.filter(|free| sitting.line().len() <= free.most) else { return false };
        let senders = if free.back { sitting.senders() } else { Vec::new() };
        let offered = model.offered(&self.key, free);
        let named = |(at, person): (usize, &PersonId)| {
            let himself = *person == self.person || Some(*person) == self.agent;
            let fits = free.among.is_empty() || offered.contains(person) || senders.contains(person);
            fits && !himself && !people[..at].contains(person) && !model.world.left.contains(person)
        };
        !people.is_empty() && people.iter().enumerate().all(named)
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

    /// Where he agreed last.
    fn agreed<'m>(&self, model: &'m Model) -> Option<(&'m Sitting, &'m Seat)> {
        let now = model.sits.get(&self.key);
        let all = now.or(model.passed.get(&self.key))?.line().into_iter();
        let agreed = |seat: &&Seat| seat.person == self.person && seat.said == Some(Said::Yes) && !seat.repeated;
        let mut all = all.filter(|sitting| sitting.ended_well || now.is_some_and(|now| now.no == sitting.no));
        all.find_map(|sitting| Some((sitting, sitting.everybody().into_iter().find(agreed)?)))
    }

    fn may_take_back(&self, model: &Model) -> bool {
        let Some((sitting, seat)) = self.agreed(model) else { return false };
        let no = seat.no;
        let is_plain = model.desk(&self.key).is_some_and(|desk| desk.is_plain);
        if sitting.away || sitting.is_joined || seat.says_no() || is_plain {
            return false;
        }
        let behind = sitting.behind(no);
        let mine = model.done.iter().rposition(|done| done.seat == no && done.agreed);
        let here = model.path(&self.key);
        let goes_on = |done: &Done| match done.sitting == sitting.no {
            true => behind.contains(&done.seat),
            false => model.follows(&model.path(&done.key), &here),
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
            Deed::Hear(which, news) => model.hear(&self.key, *which, *news),
            Deed::TryAgain => model.try_again(&self.key),
            Deed::Agree if self.work == Work::Mend => {
                self.log(model, self.seat(model).expect("he is asked"));
                match model.sits[&self.key].outside {
                    Some((Outside::Calls, _)) => model.spare(&self.key),
                    _ => model.arrived(&self.key),
                }
            }
            Deed::Administrate(Power::Halt) => model.is_halted = true,
            Deed::Administrate(Power::GoOn) => model.is_halted = false,
            Deed::Administrate(Power::Jump(to)) => model.jump(to),
            Deed::Administrate(Power::HandOver(to)) => {
                let no = model.sits[&self.key].unanswered(self.person, self.work).expect("he has it").no;
                self.log(model, no);
                self.sits_there(model, no, *to, self.work_given(model));
            }
            Deed::TakeBack => {
                let (sitting, no) = self.agreed(model).map(|(sitting, seat)| (sitting.no, seat.no)).expect("he agreed");
                model.done.push(Done { key: self.key.clone(), sitting, seat: no, agreed: false });
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
        let agreed = matches!(self.deed, Deed::Agree | Deed::PassOn { .. }) && self.work == Work::Decide;
        if self.key != START {
            let sitting = model.sits[&self.key].no;
            model.done.push(Done { key: self.key.clone(), sitting, seat: no, agreed });
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
            (Deed::Agree | Deed::Correct | Deed::PassOn { .. }, _) => Some(Said::Yes),
            (Deed::Reject, _) => Some(Said::No),
            (Deed::Abstain, _) => Some(Said::Abstained),
            _ => None,
        };
        match deed {
            Deed::Correct => model.form += 1,
            Deed::Print => model.printed = Some(model.form),
            _ => {}
        }
        let (form, named) = (model.form, model.new_no());
        let seat = model.sits.get_mut(&self.key).expect("he sits there").seat(no);
        seat.held = match deed {
            Deed::Hold => true,
            Deed::EndHold | Deed::Return { .. } | Deed::GiveBack => false,
            _ => seat.held && said.is_none(),
        };
        seat.claimed = matches!(deed, Deed::Claim) || seat.claimed && !matches!(deed, Deed::GiveBack);
        seat.said = said;
        match deed {
            Deed::Choose { people, .. } => seat.chose = Some(people.clone()),
            Deed::Sign => seat.signed = Some(form),
            Deed::PassOn { people, among } => {
                seat.names = Some(Named { no: named, people: people.clone(), among: *among });
                model.weigh(&self.key);
            }
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
