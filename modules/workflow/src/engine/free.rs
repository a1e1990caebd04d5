//! 自由流转: a node at which whoever has it names who is next, until nobody names anybody (FLOW-21).
//!
//! Each time it is passed on is a visit of its own of the same node ([`Cause::PassedOn`]), so that returns, take-backs and
//! the end of the case meet it like any other. The first one is opened by the node's rules; what it was opened for (a
//! return that comes straight back, say) is handed on from visit to visit, so that the last one answers it.

use std::collections::BTreeSet;

use hanlin_kernel::{PersonId, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{Activation, ActivationNo, Among, Case, Cause, End, Purpose, Task, TaskNo, Words},
    checked::CheckedFlow,
    decide::require_words,
    desk::{Desk, PeopleRules},
    event::What,
    facts::{Acting, Chosen, Facts, Why},
    form::Right,
    model::{
        FieldId, Flow, Key, Node, OnInitiator, Operation, OpinionDuty, PeopleSettings, Quorum, ReturnRule, Rule, Who,
    },
    people::Found,
    refusal::Refusal,
    walk::{Next, Run},
};

/// Most times that a free node may be passed on.
pub const MOST_PASSINGS: u32 = 100;

/// 自由流转节点.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Free {
    pub key: Key,
    pub name: Text,
    /// With whom it begins.
    pub who: Who,
    /// How many of those it begins with must answer: `all`, `any` or `in_turn`.
    #[serde(default = "any")]
    pub quorum: Quorum,
    /// Whom one may name; nobody named = anyone of the house in service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub among: Vec<Rule>,
    /// How often it may be passed on before somebody must finish it.
    #[serde(default = "often")]
    pub most_steps: u32,
    /// May it go back to whoever passed it on, even where one could not name him otherwise?
    #[serde(default = "yes")]
    pub send_back: bool,
    /// What handlers may do besides passing it on and finishing it; absent: return, comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operations: Option<BTreeSet<Operation>>,
    /// Must something be said to finish it? Whoever passes it on always says what for.
    #[serde(default, skip_serializing_if = "is_plain")]
    pub opinion: OpinionDuty,
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub fields: std::collections::BTreeMap<FieldId, Right>,
    #[serde(default, skip_serializing_if = "is_anywhere", rename = "return")]
    pub return_rule: ReturnRule,
    #[serde(default, skip_serializing_if = "is_silent")]
    pub people: PeopleSettings,
}

impl Free {
    pub const DEFAULT_STEPS: u32 = 20;
}

fn any() -> Quorum {
    Quorum::Any
}

fn often() -> u32 {
    Free::DEFAULT_STEPS
}

fn yes() -> bool {
    true
}

fn is_plain(duty: &OpinionDuty) -> bool {
    *duty == OpinionDuty::default()
}

fn is_anywhere(rule: &ReturnRule) -> bool {
    *rule == ReturnRule::default()
}

fn is_silent(settings: &PeopleSettings) -> bool {
    *settings == PeopleSettings::default()
}

/// Whom one of the handlers of a visit named, and how many of them must answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOn {
    pub task: TaskNo,
    pub people: Vec<PersonId>,
    #[serde(default)]
    pub among: Among,
}

/// What a visit that was passed on answers in the end: the suspended visit of a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answers {
    pub visit: ActivationNo,
    /// Nothing but that one follows: the case comes straight back.
    pub back: bool,
}

/// Whom the holder of a task may name.
#[derive(Clone, Debug, PartialEq)]
pub struct Nameable {
    /// `None`: anyone of the house in service.
    pub people: Option<Vec<PersonId>>,
    /// Who sent it to him.
    pub back_to: Vec<PersonId>,
    /// How often it may still be passed on.
    pub steps_left: u32,
}

/// Whom the holder of this task may name next; nothing: he cannot pass it on.
pub fn nameable(flow: &CheckedFlow, case: &Case, task: &Task, facts: &dyn Facts) -> Option<Nameable> {
    let visit = case.activation(task.activation)?;
    let free = flow.flow().find(&visit.node)?.node.free()?;
    let steps_left = free.most_steps.saturating_sub(case.passings(visit));
    if task.purpose != Purpose::Handle || task.hangs.is_some() || steps_left == 0 {
        return None;
    }
    let run = Run::new(flow, facts, case.clone());
    let people = (!free.among.is_empty()).then(|| run.people_to_name(free));
    let mut back_to = if free.send_back { case.senders(visit) } else { Vec::new() };
    back_to.retain(|person| *person != task.person);
    Some(Nameable { people, back_to, steps_left })
}

impl Node {
    pub(crate) fn free(&self) -> Option<&Free> {
        match self {
            Self::Free(free) => Some(free),
            _ => None,
        }
    }
}

impl Flow {
    /// The desk of a visit: whoever passed it on said how many must answer there.
    pub(crate) fn desk_at(&self, visit: &Activation) -> Option<Desk<'_>> {
        let mut desk = self.find(&visit.node)?.node.desk()?;
        if let Cause::PassedOn { among, .. } = visit.cause {
            desk.quorum = among.into();
        }
        Some(desk)
    }
}

impl From<Among> for Quorum {
    fn from(among: Among) -> Self {
        match among {
            Among::All => Self::All,
            Among::Any => Self::Any,
            Among::InTurn => Self::InTurn,
        }
    }
}

impl Case {
    /// How often it was passed on until this visit.
    fn passings(&self, visit: &Activation) -> u32 {
        let sent = |visit: &&Activation| match visit.cause {
            Cause::PassedOn { from, .. } => self.activation(from),
            _ => None,
        };
        std::iter::successors(Some(visit), sent).count() as u32 - 1
    }

    /// Is this visit under way, or one of those that it was passed on to?
    pub(crate) fn goes_on_from(&self, id: ActivationNo) -> bool {
        let first = self.first_of(id);
        self.activations.iter().any(|other| other.end().is_none() && self.first_of(other.id) == first)
    }

    /// The visit from which it was passed on first.
    fn first_of(&self, id: ActivationNo) -> ActivationNo {
        let sent = |id: &ActivationNo| match self.activation(*id)?.cause {
            Cause::PassedOn { from, .. } => Some(from),
            _ => None,
        };
        std::iter::successors(Some(id), sent).last().unwrap_or(id)
    }

    /// Who passed it on to this visit.
    pub(crate) fn senders(&self, visit: &Activation) -> Vec<PersonId> {
        let Cause::PassedOn { from, .. } = visit.cause else { return Vec::new() };
        let sent = self.activation(from).map(|from| from.passed_on.as_slice()).unwrap_or_default();
        sent.iter().filter_map(|sent| Some(self.task(sent.task)?.person)).collect()
    }
}

impl Activation {
    /// What this visit answers when it is done, handed on to the one that it is passed on to.
    fn answers(&self) -> Option<Answers> {
        match self.cause {
            _ if self.answered => None,
            Cause::Returned { from, back: true } => Some(Answers { visit: from, back: true }),
            Cause::ReturnedBeside { from } => Some(Answers { visit: from, back: false }),
            Cause::PassedOn { answers, .. } => answers,
            _ => None,
        }
    }

    /// Where it goes on when this is done, if not with the next node.
    pub(crate) fn back_to(&self) -> Option<ActivationNo> {
        self.answers().filter(|answers| answers.back).map(|answers| answers.visit)
    }

    /// The suspended visit that resumes when this is done.
    pub(crate) fn awaited_by(&self) -> Option<ActivationNo> {
        self.answers().map(|answers| answers.visit)
    }
}

impl<'a> Run<'a> {
    /// The desk of that visit.
    pub(crate) fn desk_at(&self, id: ActivationNo) -> Result<Desk<'a>, Refusal> {
        let visit = &self.case.activations[id.index()];
        self.flow.desk_at(visit).ok_or_else(|| Refusal::BrokenVersion { node: visit.node.clone() })
    }

    /// He says what he has to say, and who is next.
    pub(crate) fn pass_on(
        &mut self,
        by: Acting,
        task: TaskNo,
        people: Vec<PersonId>,
        among: Among,
        words: Words,
        values: super::case::Values,
    ) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        let free = self.place_of(&task)?.free().ok_or(Refusal::WrongPurpose)?;
        if task.purpose != Purpose::Handle || task.hangs.is_some() {
            return Err(Refusal::WrongPurpose);
        }
        let desk = self.desk_of(&task)?;
        let visit = self.case.activations[task.activation.index()].clone();
        if self.case.passings(&visit) >= free.most_steps {
            return Err(Refusal::PassedOnEnough { most: free.most_steps });
        }
        let short = require_words(&words, desk.words_otherwise(self.facts))?;
        self.check_people(by, &people)?;
        self.check_nameable(free, &visit, &people)?;
        self.write(by, &task, values)?;
        self.act(by, What::PassedOn { task: task.id, people, among, words });
        self.note_short(by, short);
        let next = self.settle(task.activation, desk)?;
        self.go_on(next)
    }

    fn check_nameable(&self, free: &Free, visit: &Activation, people: &[PersonId]) -> Result<(), Refusal> {
        let senders = if free.send_back { self.case.senders(visit) } else { Vec::new() };
        let among = (!free.among.is_empty()).then(|| self.people_to_name(free));
        let fits = |person: &PersonId| match &among {
            Some(among) => among.contains(person),
            None => !self.facts.is_external(*person),
        };
        match people.iter().find(|person| !senders.contains(person) && !fits(person)) {
            Some(person) => Err(Refusal::ChoiceNotAllowed { node: free.key.clone(), person: *person }),
            None => Ok(()),
        }
    }

    /// All whom the node's rules let one name. The initiator may be one of them: nothing is decided here.
    fn people_to_name(&self, free: &Free) -> Vec<PersonId> {
        let rules = PeopleRules::of(free.people, self.flow, self.facts);
        let rules = PeopleRules { on_initiator: OnInitiator::Allow, ..rules };
        let found = self.people(&free.key, &Who(free.among.clone()), rules);
        found.chosen.into_iter().map(|chosen| chosen.person).collect()
    }

    /// Whoever was named for this visit, where it was passed on.
    pub(crate) fn named_for(&self, id: ActivationNo, rules: PeopleRules) -> Option<Found> {
        let Cause::PassedOn { from, .. } = self.case.activations[id.index()].cause else { return None };
        let mut found = Found::default();
        for sent in &self.case.activations[from.index()].passed_on {
            let Some(sender) = self.case.task(sent.task).map(|task| task.person) else { continue };
            for person in &sent.people {
                let chosen = Chosen::new(*person, Why::PassedOnBy { person: sender });
                // As with the initiator's own step, he is not replaced where he is the one who is meant.
                self.admit(&mut found, &Rule::Initiator, chosen, rules);
            }
        }
        Some(found)
    }

    /// Where a visit goes on that is done and was passed on: to those who were named. Where several named somebody, all of
    /// those are asked.
    pub(crate) fn passed_on(&self, visit: &Activation) -> Option<Next> {
        if visit.end() != Some(End::Handled) {
            return None;
        }
        let among = match visit.passed_on.as_slice() {
            [] => return None,
            [one] => one.among,
            _ => Among::All,
        };
        let cause = Cause::PassedOn { from: visit.id, among, answers: visit.answers() };
        Some(Next::Open(visit.node.clone(), cause))
    }
}
