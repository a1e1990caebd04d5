//! What is tried, read from numbers against where the case stands; and the same as a command to the engine.

use hanlin_kernel::PersonId;

use super::{
    super::{story::Story, world::*},
    deeds::{Attempt, Deed, Power},
    model::Model,
    seats::{Said, When, Work},
};
use crate::engine::{
    Acting, Arrival, Awaiting, Command, Intent, Reason, SignerPlace, Target, Values, Words,
    case::{ActivationNo, Among, Closing, Purpose, Task, TaskNo},
    model::{AfterReturn, START},
};

/// What somebody tries, as numbers.
#[derive(Clone, Debug)]
pub(super) struct Try {
    pub(super) what: u8,
    pub(super) which: usize,
    pub(super) who: usize,
}

/// One more than the greatest `what`.
pub(super) const WHATS: u8 = 64;

impl Try {
    /// Mostly by somebody who is waited for, sometimes by anybody anywhere.
    pub(super) fn read(&self, model: &Model, keys: &[String]) -> Attempt {
        let open = model.open();
        let anywhere = keys[self.which % keys.len()].clone();
        let work = if anywhere == START { Work::Correct } else { Work::Decide };
        let anybody = (anywhere, EVERYONE[self.who], work);
        let by = if self.which.is_multiple_of(9) { None } else { open.get(self.which % open.len().max(1)).cloned() };
        let (key, person, work) = by.unwrap_or(anybody);
        let mut attempt = Attempt { person, key, work, deed: self.deed(keys), is_administrator: false };
        let outside: Vec<&String> =
            model.sits.iter().filter(|(_, one)| one.outside.is_some()).map(|(key, _)| key).collect();
        let hoped = attempt.work == Work::Decide && matches!(attempt.deed, Deed::Agree) && self.which.is_multiple_of(2);
        if let (true, Some(key)) = (hoped, outside.get(self.who % outside.len().max(1))) {
            attempt.key = (*key).clone();
            attempt.deed = Deed::Comes(!self.which.is_multiple_of(8));
        }
        if attempt.work == Work::Mend && self.who.is_multiple_of(3) {
            attempt.deed = Deed::TryAgain;
        }
        if model.is_halted && self.which.is_multiple_of(2) {
            attempt.deed = Deed::Administrate(Power::GoOn);
        }
        self.aim(model, &mut attempt);
        attempt
    }

    fn deed(&self, keys: &[String]) -> Deed {
        let (someone, other) = (EVERYONE[self.who], EVERYONE[self.which / 12 % EVERYONE.len()]);
        let key = || keys[(self.which / 7 + self.who) % keys.len()].clone();
        let people = || if self.which.is_multiple_of(3) { vec![someone, other] } else { vec![someone] };
        let among = [Among::All, Among::Any, Among::InTurn][self.which / 5 % 3];
        let add = |when| Deed::AddSigners { people: people(), when, among };
        match self.what {
            0..=21 => Deed::Agree,
            22..=24 => Deed::Return { to: key(), straight: false },
            25..=28 => Deed::Return { to: key(), straight: true },
            29..=31 => Deed::Reject,
            32..=33 => Deed::Transfer(someone),
            34..=36 => add(When::Before),
            37..=38 => add(When::Beside),
            39..=40 => add(When::After),
            41..=43 => Deed::RemoveSigner(someone),
            44 => Deed::Hold,
            45 => Deed::EndHold,
            46..=47 => Deed::Delegate(someone),
            48 => Deed::Consult(people()),
            49..=54 => Deed::TakeBack,
            55..=56 => Deed::Administrate(Power::HandOver(someone)),
            57..=58 if self.which.is_multiple_of(17) => Deed::Administrate(Power::Jump("nowhere".into())),
            57..=58 => Deed::Administrate(Power::Jump(key())),
            59 => Deed::Administrate(Power::Halt),
            60 => Deed::Administrate(Power::GoOn),
            61 if self.which.is_multiple_of(3) => Deed::Comes(self.who.is_multiple_of(2)),
            62 if self.which.is_multiple_of(3) => Deed::TryAgain,
            61 if self.which.is_multiple_of(4) => Deed::Administrate(Power::Terminate),
            62 if self.which.is_multiple_of(4) => Deed::Terminate,
            63 if self.which.is_multiple_of(2) => Deed::Withdraw,
            _ => Deed::Agree,
        }
    }

    /// Some things are done by those who are not waited for.
    fn aim(&self, model: &Model, attempt: &mut Attempt) {
        let by_chance = self.which.is_multiple_of(5);
        let sits =
            || model.sits.iter().flat_map(|(key, sitting)| sitting.everybody().into_iter().map(move |one| (key, one)));
        match &mut attempt.deed {
            Deed::Administrate(power) => {
                attempt.is_administrator = !self.which.is_multiple_of(6);
                let handing = matches!(power, Power::HandOver(_));
                let waiting: Vec<_> = sits().filter(|(_, seat)| seat.said.is_none()).collect();
                if let (true, Some((key, seat))) = (handing, waiting.get(self.which % waiting.len().max(1))) {
                    (attempt.key, attempt.person, attempt.work) = ((*key).clone(), seat.person, seat.work);
                }
            }
            Deed::Comes(_) => attempt.is_administrator = !self.which.is_multiple_of(6),
            Deed::Withdraw if !by_chance => attempt.person = CLERK,
            Deed::Agree if attempt.key == START && by_chance => attempt.person = CLERK,
            Deed::TakeBack if !by_chance => {
                let passed = model.passed.iter();
                let passed =
                    passed.flat_map(|(key, sitting)| sitting.everybody().into_iter().map(move |one| (key, one)));
                let agreed: Vec<_> = sits().chain(passed).filter(|(_, seat)| seat.said == Some(Said::Yes)).collect();
                if let Some((key, seat)) = agreed.get(self.which % agreed.len().max(1)) {
                    (attempt.key, attempt.person) = ((*key).clone(), seat.person);
                }
            }
            Deed::RemoveSigner(signer) if !by_chance => {
                let asked: Vec<_> = sits().filter(|(_, seat)| !seat.asked.is_empty()).collect();
                if let Some((key, seat)) = asked.get(self.which % asked.len().max(1)) {
                    let group = &seat.asked[self.who % seat.asked.len()];
                    (attempt.key, attempt.person) = ((*key).clone(), seat.person);
                    *signer = group.people.first().map_or(*signer, |one| one.person);
                }
            }
            Deed::EndHold => {
                let held = sits().find(|(_, seat)| seat.held);
                if let (Some((key, seat)), false) = (held, by_chance) {
                    (attempt.key, attempt.person) = (key.clone(), seat.person);
                }
            }
            _ => {}
        }
    }
}

fn purposes(work: Work) -> &'static [Purpose] {
    match work {
        Work::Decide => &[Purpose::Approve, Purpose::Handle],
        Work::Advise => &[Purpose::Advise],
        Work::Correct => &[Purpose::Revise],
        Work::Mend => &[Purpose::Mend],
    }
}

impl Attempt {
    /// The task that is meant, the one that is not closed first.
    fn task(&self, story: &Story) -> Option<Task> {
        let holder = |task: &Task| task.person == self.person || self.work == Work::Correct && self.person == CLERK;
        let his = |task: &&Task| story.node_of(task) == self.key && holder(task);
        let fits = |task: &&Task| purposes(self.work).contains(&task.purpose);
        let agreed = |task: &&Task| matches!(task.closing(), Some(Closing::Approved | Closing::Completed));
        let all: Vec<&Task> = story.case.tasks.iter().rev().filter(his).collect();
        let wanted = all.iter().copied().find(|task| match self.deed {
            Deed::TakeBack => agreed(task),
            _ => fits(task) && !task.state.is_closed(),
        });
        wanted.or(all.first().copied()).cloned()
    }

    fn signer(&self, story: &Story, signer: PersonId, of: Option<&Task>) -> TaskNo {
        let his = |task: &&Task| task.person == signer && story.node_of(task) == self.key;
        let all: Vec<&Task> = story.case.tasks.iter().rev().filter(his).collect();
        let hangs = |task: &&&Task| {
            let on = of.is_some_and(|of| task.hangs.is_some_and(|hangs| hangs.on == of.id));
            on && !task.state.is_closed()
        };
        all.iter().find(hangs).or(all.first()).map_or(TaskNo(10_000), |task| task.id)
    }

    pub(super) fn command(&self, story: &Story) -> Command {
        let found = self.task(story);
        let task = found.as_ref().map_or(TaskNo(10_000), |task| task.id);
        let words = Words::new("意见");
        let add = |people: &Vec<PersonId>, place, among| {
            let people = people.clone();
            Intent::AddSigner { task, people, place, among, words: words.clone() }
        };
        let intent = match &self.deed {
            Deed::Agree => self.agreeing(found.as_ref(), task),
            Deed::Reject => Intent::Reject { task, words },
            Deed::Return { to, straight } => {
                let to = if to == START { Target::First } else { Target::Node(to.clone()) };
                let then = straight.then_some(AfterReturn::StraightBack);
                Intent::ReturnTo { task, to, then, words }
            }
            Deed::Transfer(to) => Intent::Transfer { task, to: *to, words },
            Deed::AddSigners { people, when: When::Before, among } => add(people, SignerPlace::Before, *among),
            Deed::AddSigners { people, when: When::Beside, among } => add(people, SignerPlace::Beside, *among),
            Deed::AddSigners { people, among, .. } => add(people, SignerPlace::After, *among),
            Deed::RemoveSigner(signer) => {
                let signer = self.signer(story, *signer, found.as_ref());
                Intent::RemoveSigner { task, signer, words }
            }
            Deed::Hold => Intent::Hold { task, words },
            Deed::EndHold => Intent::EndHold { task },
            Deed::Delegate(to) => Intent::Delegate { task, to: *to, words },
            Deed::Consult(people) => Intent::Consult { task, people: people.clone(), words },
            Deed::TakeBack => Intent::TakeBack { task, words },
            Deed::Terminate => Intent::Terminate { task: Some(task), words },
            Deed::Withdraw => Intent::Withdraw { words },
            Deed::TryAgain => Intent::TryAgain { task },
            Deed::Comes(well) => self.coming(story, *well),
            Deed::Administrate(Power::HandOver(to)) => Intent::HandOver { task, to: *to, words },
            Deed::Administrate(Power::Jump(to)) => Intent::Jump { to: to.clone(), words },
            Deed::Administrate(Power::Halt) => Intent::Halt { words },
            Deed::Administrate(Power::GoOn) => Intent::GoOn { words },
            Deed::Administrate(Power::Terminate) => Intent::Terminate { task: None, words },
        };
        match (&self.deed, self.is_administrator) {
            (Deed::Comes(_), true) => Command::of_system(Acting::person(CLERK), intent),
            (Deed::Administrate(_), true) => Command::as_administrator(Acting::person(ADMINISTRATOR), intent),
            _ => Command::new(Acting::person(self.person), intent),
        }
    }

    fn coming(&self, story: &Story, well: bool) -> Intent {
        let here = story.case.activations.iter().rev().find(|visit| visit.node == self.key);
        let activation = here.map_or(ActivationNo(10_000), |visit| visit.id);
        let reason = || Reason::new("workflow.webhook_timeout");
        let (made, values) = (None, Values::new());
        let arrival = match (here.and_then(|visit| visit.awaiting.as_ref()), well) {
            (Some(Awaiting::Effect { .. }), true) => Arrival::Done { made, values },
            (Some(Awaiting::Effect { .. }), false) => Arrival::Refused { reason: reason() },
            (Some(Awaiting::Webhook { .. }), true) => Arrival::Answered { values },
            (Some(Awaiting::Webhook { .. }), false) => Arrival::Unanswered { reason: reason() },
            (_, true) => Arrival::Event { from: None },
            (Some(Awaiting::Event { until: Some(until), .. }), false) => {
                story.world.now.set(story.world.now.get().max(*until));
                Arrival::Time
            }
            (_, false) => Arrival::Time,
        };
        Intent::Arrived { activation, arrival }
    }

    fn agreeing(&self, found: Option<&Task>, task: TaskNo) -> Intent {
        let (words, values) = (Words::new("意见"), Values::new());
        match (self.work, found.map(|task| task.purpose)) {
            (Work::Correct, _) => Intent::Resubmit { task, values, choices: None, confirmed: true, words },
            (Work::Advise, _) => Intent::Advise { task, words, values },
            (Work::Mend, _) | (_, Some(Purpose::Handle)) => Intent::Complete { task, words, values },
            _ => Intent::Approve { task, words, values },
        }
    }
}
