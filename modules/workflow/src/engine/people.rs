//! Who handles a node: the rules, and what happens where they find nobody, the initiator, or a person who left.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::PersonId;

use super::{
    case::{Activation, Because, Closing, End, LeftOut, Purpose, TaskNo},
    desk::PeopleRules,
    facts::{Chosen, Why},
    form,
    model::{FieldId, OnInitiator, OnLeft, Rule, Who},
    plan::Lie,
    walk::Run,
};

/// Longest chain of stand-ins that is followed.
const LONGEST_CHAIN: usize = 20;

/// Whom the rules found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub chosen: Vec<Chosen>,
    pub left_out: Vec<LeftOut>,
    /// In a prediction: what must be known before they can answer.
    pub pending: Option<Pending>,
}

/// Why a prediction cannot name the people of a node yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pending {
    pub fields: BTreeSet<FieldId>,
    /// The initiator has not chosen yet: how many he must and may.
    pub choose: Option<(u32, Option<u32>)>,
    /// Nobody is found, and nobody administers the flow.
    pub nobody: bool,
}

impl Found {
    /// Everyone found is the initiator, who is left out by rule: nothing is missing.
    pub(crate) fn is_excused(&self) -> bool {
        self.chosen.is_empty()
            && !self.left_out.is_empty()
            && self.left_out.iter().all(|left_out| left_out.because == Because::IsInitiator)
    }
}

impl Run<'_> {
    /// The people of a node, each once, in the order of its rules.
    pub(crate) fn people(&self, node: &str, who: &Who, rules: PeopleRules) -> Found {
        let mut found = Found::default();
        for rule in &who.0 {
            match self.candidates(node, rule) {
                Ok(candidates) => candidates.into_iter().for_each(|one| self.admit(&mut found, rule, one, rules)),
                Err(pending) => {
                    let all = found.pending.get_or_insert_default();
                    all.fields.extend(pending.fields);
                    all.choose = all.choose.or(pending.choose);
                }
            }
        }
        found
    }

    /// As the rule says, before any setting is applied; or what a prediction must wait for.
    fn candidates(&self, node: &str, rule: &Rule) -> Result<Vec<Chosen>, Pending> {
        let initiator = &self.case.initiator;
        let each = |people: Vec<PersonId>, why: Why| {
            Ok(people.into_iter().map(|person| Chosen::new(person, why.clone())).collect())
        };
        match rule {
            Rule::Initiator => each(vec![initiator.principal()], Why::Initiator),
            Rule::InitiatorChoice { min, max, .. } => {
                let chosen = self.case.choices.get(node).cloned().unwrap_or_default();
                if self.is_prediction() && chosen.len() < *min as usize {
                    return Err(Pending { choose: Some((*min, *max)), ..Pending::default() });
                }
                each(chosen, Why::ChosenByInitiator)
            }
            Rule::Field { field } => {
                let people = form::people(&self.case.values, field);
                if people.is_empty() && self.is_undecided(field) {
                    return Err(Pending { fields: [field.clone()].into(), ..Pending::default() });
                }
                each(people, Why::NamedInForm { field: field.clone() })
            }
            Rule::HandlerOf { node: earlier } => {
                if let Some(pending) = self.pending_at(earlier) {
                    return Err(pending);
                }
                each(self.handlers_of(earlier), Why::HandlerOfNode { node: earlier.clone() })
            }
            organisational => Ok(self.facts.resolve(organisational, initiator)),
        }
    }

    /// Applies `on_left` and `on_initiator`, and takes each person once.
    fn admit(&self, found: &mut Found, rule: &Rule, candidate: Chosen, rules: PeopleRules) {
        let person = candidate.person;
        let why = candidate.why.clone();
        let admitted = self
            .in_service(candidate, rules.on_left)
            .ok_or(Because::Left)
            .and_then(|chosen| if *rule == Rule::Initiator { Ok(chosen) } else { self.not_in_own_case(chosen, rules) });
        match admitted {
            Ok(chosen) if found.chosen.iter().any(|other| other.person == chosen.person) => {}
            Ok(chosen) => found.chosen.push(chosen),
            Err(because) => found.left_out.push(LeftOut { person: Some(person), why, because }),
        }
    }

    /// Himself, or who stands in for one who left.
    pub(crate) fn in_service(&self, mut chosen: Chosen, on_left: OnLeft) -> Option<Chosen> {
        for _ in 0..LONGEST_CHAIN {
            let person = chosen.person;
            if self.facts.is_active(person) {
                return Some(chosen);
            }
            let successor = (on_left == OnLeft::Successor).then(|| self.facts.successor_of(person)).flatten();
            let (next, why) = match successor {
                Some(next) => (next, Why::SuccessorOf { person }),
                None => (self.facts.superior_of(person)?, Why::SuperiorOfOneWhoLeft { person }),
            };
            chosen.person = next;
            chosen.why.push(why);
        }
        None
    }

    /// Nobody decides his own case, unless the setting allows it (FLOW-05).
    fn not_in_own_case(&self, mut chosen: Chosen, rules: PeopleRules) -> Result<Chosen, Because> {
        for _ in 0..LONGEST_CHAIN {
            let person = chosen.person;
            if !self.case.initiator.is(person) {
                return Ok(chosen);
            }
            match rules.on_initiator {
                OnInitiator::Allow => return Ok(chosen),
                OnInitiator::Skip => return Err(Because::IsInitiator),
                OnInitiator::Superior => {
                    let superior = self.facts.superior_of(person).ok_or(Because::NoSuperior)?;
                    chosen.person = superior;
                    chosen.why.push(Why::SuperiorOfInitiator { person });
                    chosen = self.in_service(chosen, rules.on_left).ok_or(Because::NoSuperior)?;
                }
            }
        }
        Err(Because::NoSuperior)
    }

    /// Whoever agreed at the last visit of that node that still counts; where a return to it came to nothing, at the last
    /// one before that.
    fn handlers_of(&self, node: &str) -> Vec<PersonId> {
        let visits = || self.case.activations.iter().rev().filter(|visit| visit.node == node);
        let agreed = |visit: &&Activation| matches!(visit.end(), Some(End::Approved | End::Handled));
        let visit = visits().find(|visit| !visit.superseded).or_else(|| visits().find(agreed));
        visit.map_or_else(Vec::new, |visit| {
            self.case
                .slots(visit.id)
                .filter(|task| task.closing().is_some_and(Closing::is_agreement))
                .map(|task| task.person)
                .collect()
        })
    }

    /// Who approved at the approval just before this visit, and in which task (FLOW-05): behind branches that were walked
    /// at the same time, at the last of each. A handling node in between separates: then nobody.
    pub(crate) fn approved_just_before(&self, activation: &Activation) -> BTreeMap<PersonId, TaskNo> {
        let is_before = |one: &str, other: &str| self.flow.lie(one, other) == Some(Lie::Before);
        let visits = self.case.activations.iter();
        let before: Vec<&Activation> = visits
            .filter(|other| !other.superseded && matches!(other.end(), Some(End::Approved | End::Handled)))
            .filter(|other| is_before(&other.node, &activation.node))
            .collect();
        let just_before = before.iter().filter(|one| !before.iter().any(|other| is_before(&one.node, &other.node)));
        just_before
            .flat_map(|visit| self.case.tasks_of(visit.id))
            .filter(|task| task.purpose == Purpose::Approve)
            .filter(|task| matches!(task.closing(), Some(Closing::Approved | Closing::Repeated { .. })))
            .map(|task| (task.person, task.id))
            .collect()
    }
}
