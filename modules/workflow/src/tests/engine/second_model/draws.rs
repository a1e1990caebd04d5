//! What is tried, read from numbers against where the case stands; and the same as a command to the engine.

use hanlin_kernel::PersonId;

use super::{
    super::{
        story::{Story, values},
        world::*,
    },
    calls::{Called, News, Stands},
    deeds::{Attempt, Change, Deed, Power},
    model::Model,
    plan::Outside,
    seats::{Said, When, Work},
};
use crate::engine::{
    Acting, Arrival, Awaiting, Command, Facts, Intent, Reason, SignerPlace, Signing, Status, Target, Values, Words,
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
pub(super) const WHATS: u8 = 93;

impl Try {
    /// Mostly by somebody who is waited for, sometimes by anybody anywhere.
    pub(super) fn read(&self, model: &Model, keys: &[String]) -> Attempt {
        let open = model.open();
        let anywhere = keys[self.which % keys.len()].clone();
        let work = if anywhere == START { Work::Correct } else { Work::Decide };
        let anybody = (anywhere, EVERYONE[self.who], work);
        let by = if self.which.is_multiple_of(9) { None } else { open.get(self.which % open.len().max(1)).cloned() };
        let (key, person, work) = by.unwrap_or(anybody);
        let agent = self.which.is_multiple_of(11).then_some(EVERYONE[self.who]).filter(|agent| *agent != person);
        let mut attempt = Attempt { person, key, work, deed: self.deed(keys), is_administrator: false, agent };
        if attempt.work == Work::Assign && self.who.is_multiple_of(2) {
            attempt.deed = Deed::Administrate(Power::HandOver(EVERYONE[self.which / 12 % EVERYONE.len()]));
        }
        self.claim(model, &mut attempt);
        self.pass_on(model, &mut attempt);
        self.choose(model, &mut attempt);
        self.prepare(model, &mut attempt);
        let outside: Vec<&String> =
            model.sits.iter().filter(|(_, one)| one.outside.is_some()).map(|(key, _)| key).collect();
        let hoped = attempt.work == Work::Decide && matches!(attempt.deed, Deed::Agree) && self.which.is_multiple_of(2);
        if let (true, Some(key)) = (hoped, outside.get(self.who % outside.len().max(1))) {
            attempt.key = (*key).clone();
            let takes = self.what.is_multiple_of(2) && !model.sits[*key].taken;
            let takes = takes && model.sits[*key].outside == Some((Outside::Later, false));
            attempt.deed = if takes { Deed::Takes } else { Deed::Comes(!self.which.is_multiple_of(8)) };
            let calls = &model.sits[*key].calls;
            if !calls.is_empty() && !self.which.is_multiple_of(10) {
                attempt.deed = self.news(calls);
            }
        }
        // What other cases come to is rarely drawn, and much waits for it.
        let waited = model.sits.iter().find(|(_, one)| one.calls.iter().any(Called::is_pending));
        if let Some((key, sitting)) = waited.filter(|_| self.who.is_multiple_of(3)) {
            (attempt.key, attempt.deed) = (key.clone(), self.news(&sitting.calls));
        }
        if attempt.work == Work::Mend && self.who.is_multiple_of(3) {
            attempt.deed = Deed::TryAgain;
        }
        let holds = model.sits.values().any(|one| one.everybody().iter().any(|seat| seat.held));
        if holds && self.which.is_multiple_of(3) {
            attempt.deed = Deed::EndHold;
        }
        if model.is_halted && self.which.is_multiple_of(2) {
            attempt.deed = Deed::Administrate(Power::GoOn);
        }
        self.aim(model, &mut attempt);
        attempt
    }

    /// Mostly what may come of one of these cases.
    fn news(&self, calls: &[Called]) -> Deed {
        let pending = (0..calls.len()).filter(|one| calls[*one].is_pending()).collect::<Vec<_>>();
        let which = *pending.get(self.which / 2 % pending.len().max(1)).unwrap_or(&0);
        let is_due = calls[which].stands == Stands::Due;
        Deed::Hear(
            which,
            match self.which / 4 % 5 {
                0 if self.what.is_multiple_of(2) => News::Failed,
                0 | 1 if !is_due => News::EndedBadly,
                _ if is_due => News::Opened,
                _ => News::EndedWell,
            },
        )
    }

    /// Whoever must claim it first mostly does.
    fn claim(&self, model: &Model, attempt: &mut Attempt) {
        let Some(sitting) = model.sits.get(&attempt.key) else { return };
        let Some(seat) = sitting.unanswered(attempt.person, attempt.work) else { return };
        let by_another = matches!(
            attempt.deed,
            Deed::Administrate(_) | Deed::Organise(_) | Deed::Comes(_) | Deed::Takes | Deed::Hear(..)
        );
        if sitting.is_to_claim(seat.no) && !by_another && !self.which.is_multiple_of(5) {
            attempt.deed = Deed::Claim;
        }
    }

    /// Whoever may name who is next mostly does.
    fn pass_on(&self, model: &Model, attempt: &mut Attempt) {
        let desk = model.desk(&attempt.key);
        let Some(free) = desk.and_then(|desk| desk.free).filter(|_| !self.which.is_multiple_of(4)) else { return };
        if matches!(attempt.deed, Deed::Agree) && attempt.work == Work::Decide {
            let senders = model.sits.get(&attempt.key).map(|sitting| sitting.senders()).unwrap_or_default();
            let offered = if free.among.is_empty() { EVERYONE.to_vec() } else { model.offered(&attempt.key, &free) };
            let known: Vec<PersonId> = offered.into_iter().chain(senders).collect();
            let one = |which: usize| known.get(which % known.len().max(1)).copied();
            let mut people: Vec<PersonId> = one(self.who).into_iter().chain(one(self.which / 5)).collect();
            if self.which.is_multiple_of(2) {
                people.truncate(1);
            }
            attempt.deed = Deed::PassOn { people, among: [Among::All, Among::Any, Among::InTurn][self.which / 3 % 3] };
        }
    }

    /// Whoever must choose before he agrees mostly does.
    fn choose(&self, model: &Model, attempt: &mut Attempt) {
        let sitting = model.sits.get(&attempt.key);
        let his = sitting.and_then(|sitting| sitting.unanswered(attempt.person, attempt.work));
        let unchosen = his.is_some_and(|seat| seat.chose.is_none() && seat.work == Work::Decide);
        let steps = model.chooses_for(&attempt.key);
        let agrees = matches!(attempt.deed, Deed::Agree) && unchosen && !self.which.is_multiple_of(5);
        if let (true, false) = (agrees, steps.is_empty()) {
            let second = EVERYONE[self.which / 12 % EVERYONE.len()];
            attempt.deed = Deed::Choose { steps, people: vec![EVERYONE[self.who], second] };
            if self.which.is_multiple_of(2)
                && let Deed::Choose { people, .. } = &mut attempt.deed
            {
                people.truncate(1);
            }
        }
    }

    /// Whoever must have it signed on paper mostly does.
    fn prepare(&self, model: &Model, attempt: &mut Attempt) {
        let Some(sitting) = model.sits.get(&attempt.key).filter(|_| !self.which.is_multiple_of(5)) else { return };
        let Some(seat) = sitting.seats.iter().find(|seat| seat.said.is_none() && seat.person == attempt.person) else {
            return;
        };
        let on_paper = model.desk(&attempt.key).is_some_and(|desk| desk.on_paper) && seat.signed != Some(model.form);
        match &attempt.deed {
            Deed::Administrate(_) | Deed::Organise(_) | Deed::Comes(_) | Deed::Takes | Deed::Hear(..) => {}
            Deed::Agree if on_paper && model.printed != Some(model.form) => attempt.deed = Deed::Print,
            Deed::Agree if on_paper => attempt.deed = Deed::Sign,
            Deed::Agree if attempt.work == Work::Correct && self.who.is_multiple_of(2) => attempt.deed = Deed::Correct,
            _ => {}
        }
    }

    fn organise(&self, someone: PersonId) -> Deed {
        // Somebody always administers the flow.
        let someone = if someone == ADMINISTRATOR { SECRETARY } else { someone };
        let level = self.which / 5 % 3;
        Deed::Organise(match self.what {
            64..=68 => Change::Leaves(someone),
            69..=71 => Change::ComesBack(someone),
            72..=74 => Change::Heads(level, someone),
            _ => Change::Cashier(someone),
        })
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
            64..=75 => self.organise(someone),
            77 => Deed::Takes,
            92 => Deed::Hear(
                self.which % 3,
                [News::Opened, News::EndedWell, News::EndedBadly, News::Failed][self.which % 4],
            ),
            78 => Deed::Print,
            79 => Deed::Sign,
            80 => Deed::Correct,
            81 => Deed::Claim,
            82..=85 => Deed::GiveBack,
            89..=91 => Deed::Abstain,
            86..=88 => Deed::PassOn { people: people(), among },
            76 => Deed::Choose { steps: keys[1..].to_vec(), people: people() },
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
                let handing = handing && attempt.work != Work::Assign;
                if let (true, Some((key, seat))) = (handing, waiting.get(self.which % waiting.len().max(1))) {
                    (attempt.key, attempt.person, attempt.work) = ((*key).clone(), seat.person, seat.work);
                }
            }
            Deed::Organise(change) => {
                attempt.is_administrator = !self.which.is_multiple_of(6);
                let waiting: Vec<PersonId> = sits().map(|(_, seat)| seat.person).collect();
                let away: Vec<PersonId> = model.world.left.iter().copied().collect();
                match change {
                    Change::Leaves(person) if !by_chance => {
                        let found = waiting.get(self.which % waiting.len().max(1));
                        *person = found.copied().filter(|one| *one != ADMINISTRATOR).unwrap_or(*person);
                    }
                    Change::ComesBack(person) => *person = *away.get(self.who % away.len().max(1)).unwrap_or(person),
                    _ => {}
                }
            }
            Deed::Comes(_) | Deed::Takes | Deed::Hear(..) => {
                attempt.is_administrator = !self.which.is_multiple_of(6);
            }
            Deed::EndHold if !by_chance => {
                let held = sits().find(|(_, seat)| seat.held);
                if let Some((key, seat)) = held {
                    (attempt.key, attempt.person, attempt.work) = (key.clone(), seat.person, seat.work);
                }
            }
            Deed::GiveBack if !by_chance => {
                let claimed = sits().find(|(_, seat)| seat.claimed);
                if let Some((key, seat)) = claimed {
                    (attempt.key, attempt.person, attempt.work) = (key.clone(), seat.person, seat.work);
                }
            }
            Deed::Withdraw if !by_chance => attempt.person = CLERK,
            Deed::Agree if attempt.key == START && by_chance => attempt.person = CLERK,
            Deed::TakeBack if !by_chance => {
                let passed = model.passed.iter().chain(&model.sits);
                let passed = passed.flat_map(|(key, sitting)| sitting.line().into_iter().map(move |one| (key, one)));
                let passed = passed.filter(|(_, sitting)| sitting.ended_well);
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
                    (attempt.key, attempt.person, attempt.work) = ((*key).clone(), seat.person, seat.work);
                    *signer = group.people.first().map_or(*signer, |one| one.person);
                }
            }
            Deed::EndHold => {
                let held = sits().find(|(_, seat)| seat.held);
                if let (Some((key, seat)), false) = (held, by_chance) {
                    (attempt.key, attempt.person, attempt.work) = (key.clone(), seat.person, seat.work);
                }
            }
            _ => {}
        }
    }
}

fn told(which: usize, news: News) -> Arrival {
    let (call, case) = (which as u32 + 1, format!("case-{which}"));
    let ended = |status| Arrival::Ended { call, case: case.clone(), status, values: Values::new() };
    match news {
        News::Opened => Arrival::Opened { call, case },
        News::EndedWell => ended(Status::Completed),
        News::EndedBadly => ended(Status::Rejected),
        News::Failed => Arrival::Failed { call, reason: Reason::new("workflow.call_incomplete") },
    }
}

fn purposes(work: Work) -> &'static [Purpose] {
    match work {
        Work::Decide => &[Purpose::Approve, Purpose::Handle],
        Work::Advise => &[Purpose::Advise],
        Work::Correct => &[Purpose::Revise],
        Work::Mend => &[Purpose::Mend],
        Work::Assign => &[Purpose::Assign],
    }
}

impl Attempt {
    /// The task that is meant, the one that is not closed first.
    fn task(&self, story: &Story) -> Option<Task> {
        let holder = |task: &Task| task.person == self.person || self.work == Work::Correct && self.person == CLERK;
        let his = |task: &&Task| story.node_of(task) == self.key && holder(task);
        let fits = |task: &&Task| purposes(self.work).contains(&task.purpose);
        let agreed =
            |task: &&Task| matches!(task.closing(), Some(Closing::Approved | Closing::Completed | Closing::PassedOn));
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
            Deed::Abstain => Intent::Abstain { task, words },
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
            Deed::Claim => Intent::Claim { task },
            Deed::PassOn { people, among } => {
                Intent::PassOn { task, people: people.clone(), among: *among, words, values: Values::new() }
            }
            Deed::GiveBack => Intent::GiveBack { task, words },
            Deed::EndHold => Intent::EndHold { task },
            Deed::Delegate(to) => Intent::Delegate { task, to: *to, words },
            Deed::Consult(people) => Intent::Consult { task, people: people.clone(), words },
            Deed::TakeBack => Intent::TakeBack { task, words },
            Deed::Terminate => Intent::Terminate { task: Some(task), words },
            Deed::Withdraw => Intent::Withdraw { words },
            Deed::TryAgain => Intent::TryAgain { task },
            Deed::Comes(well) => self.coming(story, *well),
            Deed::Takes => self.arriving(story, Arrival::Sent),
            Deed::Hear(which, news) => self.arriving(story, told(*which, *news)),
            Deed::Correct => {
                let note = serde_json::json!({ "note": format!("第{}稿", story.case.version) });
                let (values, choices) = (values(note), None);
                Intent::Resubmit { task, values, choices, confirmed: true, words }
            }
            Deed::Print => Intent::Print { task },
            Deed::Sign => {
                let signed_on = story.world.day_of(story.world.now());
                Intent::SignOnPaper { task, signing: Signing { scan: vec!["scan".into()], signed_on, signed_by: None } }
            }
            Deed::Choose { steps, people } => {
                let choices = steps.iter().map(|step| (step.clone(), people.clone())).collect();
                Intent::Choose { task, choices }
            }
            Deed::Organise(_) => Intent::Relieve,
            Deed::Administrate(Power::HandOver(to)) => Intent::HandOver { task, to: *to, words },
            Deed::Administrate(Power::Jump(to)) => Intent::Jump { to: to.clone(), words },
            Deed::Administrate(Power::Halt) => Intent::Halt { words },
            Deed::Administrate(Power::GoOn) => Intent::GoOn { words },
            Deed::Administrate(Power::Terminate) => Intent::Terminate { task: None, words },
        };
        match (&self.deed, self.is_administrator) {
            (Deed::Comes(_) | Deed::Takes | Deed::Hear(..) | Deed::Organise(_), true) => {
                Command::of_system(Acting::person(CLERK), intent)
            }
            (Deed::Administrate(_), true) => Command::as_administrator(Acting::person(ADMINISTRATOR), intent),
            (_, true) => panic!("an administrator does nothing else"),
            _ => Command::new(self.acting(), intent),
        }
    }

    fn acting(&self) -> Acting {
        match self.agent {
            Some(agent) => Acting::for_another(agent, self.person),
            None => Acting::person(self.person),
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
            (Some(Awaiting::Time { until }), true) => {
                story.world.now.set(story.world.now.get().max(*until));
                Arrival::Time
            }
            (Some(Awaiting::Time { .. }), false) => Arrival::Event { from: None },
            (_, true) => Arrival::Event { from: None },
            (Some(Awaiting::Event { until: Some(until), .. }), false) => {
                story.world.now.set(story.world.now.get().max(*until));
                Arrival::Time
            }
            (_, false) => Arrival::Time,
        };
        Intent::Arrived { activation, arrival }
    }

    fn arriving(&self, story: &Story, arrival: Arrival) -> Intent {
        let here = story.case.activations.iter().rev().find(|visit| visit.node == self.key);
        Intent::Arrived { activation: here.map_or(ActivationNo(10_000), |visit| visit.id), arrival }
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
