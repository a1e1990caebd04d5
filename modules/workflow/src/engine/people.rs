//! Who handles a node: the rules, and what happens where they find nobody, the initiator, or a person who left.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::PersonId;

use super::{
    case::{Activation, Because, Closing, End, LeftOut, Purpose, TaskNo},
    desk::PeopleRules,
    facts::{Chosen, Initiator, Why},
    follow_up::is_follow_up,
    form,
    model::{DepartmentLevel, FieldId, Key, OnInitiator, OnLeft, Rule, Until, Who},
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
    /// Whoever handles that earlier node has not chosen yet.
    pub chosen_by: Option<Key>,
    /// Nobody is found, and nobody administers the flow.
    pub nobody: bool,
}

impl Found {
    pub(crate) fn waits_for(&mut self, pending: Pending) {
        let all = self.pending.get_or_insert_default();
        all.fields.extend(pending.fields);
        all.choose = all.choose.or(pending.choose);
        all.chosen_by = all.chosen_by.take().or(pending.chosen_by);
        all.nobody |= pending.nobody;
    }

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
            if let Rule::LoadBalance { among } = rule {
                self.admit_least_busy(&mut found, node, among, rules);
                continue;
            }
            if let Rule::Authority { table } = rule {
                self.admit_by_authority(&mut found, node, table, rules);
                continue;
            }
            match self.candidates(node, rule) {
                Ok(candidates) => candidates.into_iter().for_each(|one| self.admit(&mut found, rule, one, rules)),
                Err(pending) => found.waits_for(pending),
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
            Rule::ChosenBy { node: earlier, .. } => {
                if let Some(pending) = self.pending_at(earlier) {
                    return Err(pending);
                }
                let (chosen, lacking) = self.case.chosen_at(earlier, node);
                if self.is_prediction() && lacking {
                    return Err(Pending { chosen_by: Some(earlier.clone()), ..Pending::default() });
                }
                Ok(chosen)
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
            Rule::HeadOfPrevious { of } => self.led_on(node, &|run, previous| run.head_of_previous(previous, of)),
            Rule::ChainFromPrevious { until } => {
                self.led_on(node, &|run, previous| run.chain_from_previous(previous, until))
            }
            Rule::HeadsInField { field } => {
                let codes = form::options(&self.case.values, field);
                if codes.is_empty() && self.is_undecided(field) {
                    return Err(Pending { fields: [field.clone()].into(), ..Pending::default() });
                }
                let heads = codes.iter().filter_map(|code| self.facts.head_of(code, initiator));
                let why = |department| Why::HeadOfChosenDepartment { field: field.clone(), department };
                Ok(heads.map(|(head, department)| Chosen::new(head, why(department))).collect())
            }
            Rule::Person { .. } if is_follow_up(self.flow) => {
                let found = self.facts.resolve(rule, initiator).into_iter();
                Ok(found.map(|one| Chosen::new(one.person, Why::TookPartBefore)).collect())
            }
            organisational => Ok(self.facts.resolve(organisational, initiator)),
        }
    }

    /// Applies `on_left` and `on_initiator`, and takes each person once.
    pub(crate) fn admit(&self, found: &mut Found, rule: &Rule, candidate: Chosen, rules: PeopleRules) {
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
    pub(crate) fn not_in_own_case(&self, mut chosen: Chosen, rules: PeopleRules) -> Result<Chosen, Because> {
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
        self.case.agreed_at(node).map(|task| task.person).collect()
    }

    /// The visits just before this node at which people decided: behind branches that were walked at the same time, the
    /// last of each. In a prediction also those whose people are not known yet.
    fn just_before(&self, node: &str) -> Vec<&Activation> {
        let is_before = |one: &str, other: &str| self.flow.lie(one, other) == Some(Lie::Before);
        let is_pending = |visit: &Activation| {
            let place = self.flow.find(&visit.node);
            let desk = place.and_then(|place| place.node.desk());
            desk.is_some() && self.assume.as_ref().is_some_and(|assume| assume.pending.contains_key(&visit.id))
        };
        let visits = self.case.activations.iter();
        let decided =
            |visit: &Activation| matches!(visit.end(), Some(End::Approved | End::Handled)) || is_pending(visit);
        let before: Vec<&Activation> = visits
            .filter(|other| !other.superseded && decided(other))
            .filter(|other| is_before(&other.node, node))
            .collect();
        let comes_later = |one: &Activation, other: &Activation| {
            is_before(&one.node, &other.node) || one.node == other.node && one.id < other.id
        };
        let last = |one: &&Activation| !before.iter().any(|other| comes_later(one, other));
        before.iter().copied().filter(last).collect()
    }

    /// Those to whom whoever decided just before leads; nobody did: the initiator.
    fn led_on(&self, node: &str, found: &dyn Fn(&Self, &Initiator) -> Vec<Chosen>) -> Result<Vec<Chosen>, Pending> {
        let before = self.just_before(node);
        let pending = self.assume.as_ref().map(|assume| &assume.pending);
        if let Some(pending) = before.iter().find_map(|visit| pending?.get(&visit.id)) {
            return Err(pending.clone());
        }
        let mut previous = Vec::new();
        for task in before.into_iter().flat_map(|visit| self.case.slots(visit.id)) {
            if task.closing().is_some_and(Closing::is_agreement) && !previous.contains(&task.person) {
                previous.push(task.person);
            }
        }
        if previous.is_empty() {
            return Ok(found(self, &self.case.initiator));
        }
        Ok(previous.into_iter().flat_map(|person| found(self, &self.facts.standing_of(person))).collect())
    }

    fn head_of_previous(&self, previous: &Initiator, of: &DepartmentLevel) -> Vec<Chosen> {
        let person = previous.principal();
        let head = self.facts.resolve(&Rule::Head { of: of.clone() }, previous).into_iter().next();
        let superior = || {
            let superior = self.facts.superior_of(person)?;
            Some(Chosen::new(superior, Why::SuperiorOfPrevious { person }))
        };
        let found = match head {
            Some(Chosen { person: head, .. }) if head == person => superior(),
            Some(Chosen { person: head, why }) => Some(Chosen::new(
                head,
                match why.into_iter().next() {
                    Some(Why::HeadOfOwnDepartment { department } | Why::HeadOfDepartmentAbove { department }) => {
                        Why::HeadOfPrevious { person, department }
                    }
                    _ => Why::SuperiorOfPrevious { person },
                },
            )),
            None => None,
        };
        found.into_iter().collect()
    }

    fn chain_from_previous(&self, previous: &Initiator, until: &Until) -> Vec<Chosen> {
        let person = previous.principal();
        let chain = |until: &Until| self.facts.resolve(&Rule::HeadChain { until: until.clone() }, previous);
        let mut heads = chain(until);
        if heads.first().is_some_and(|first| first.person == person) {
            if let Until::Heads(many) = until {
                heads = chain(&Until::Heads(many.saturating_add(1)));
            }
            heads.remove(0);
        }
        let from_previous = |(position, Chosen { person: head, why }): (u32, Chosen)| {
            let why = match why.into_iter().next() {
                Some(Why::HeadInChain { department, .. }) => {
                    Why::HeadInChainFromPrevious { person, department, position }
                }
                _ => Why::SuperiorOfPrevious { person },
            };
            Chosen::new(head, why)
        };
        (1..).zip(heads).map(from_previous).collect()
    }

    /// 负载均衡: of all whom these rules find, one.
    fn admit_least_busy(&self, found: &mut Found, node: &str, among: &[Rule], rules: PeopleRules) {
        let all = self.people(node, &Who(among.to_vec()), rules);
        if let Some(pending) = all.pending {
            return found.waits_for(pending);
        }
        found.left_out.extend(all.left_out);
        let counted = all.chosen.into_iter().map(|one| (self.facts.open_tasks_of(one.person), one));
        if let Some((tasks, mut one)) = counted.min_by_key(|(tasks, _)| *tasks)
            && !found.chosen.iter().any(|other| other.person == one.person)
        {
            one.why.push(Why::FewestOpenTasks { tasks });
            found.chosen.push(one);
        }
    }

    /// Who approved at the approval just before this visit, and in which task (FLOW-05). A handling node in between
    /// separates: then nobody.
    pub(crate) fn approved_just_before(&self, activation: &Activation) -> BTreeMap<PersonId, TaskNo> {
        self.just_before(&activation.node)
            .into_iter()
            .filter(|visit| matches!(visit.end(), Some(End::Approved | End::Handled)))
            .flat_map(|visit| self.case.tasks_of(visit.id))
            .filter(|task| task.purpose == Purpose::Approve)
            .filter(|task| {
                matches!(task.closing(), Some(Closing::Approved | Closing::Repeated { .. } | Closing::Unchanged { .. }))
            })
            .map(|task| (task.person, task.id))
            .collect()
    }
}
