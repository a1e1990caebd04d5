//! 自选: what the initiator may and must choose (FLOW-08), and whoever handles an earlier node (FLOW-07).

use std::collections::BTreeSet;

use hanlin_kernel::PersonId;

use super::{
    case::{Activation, Case, Cause, Choices, Closing, End, Purpose, Task, TaskNo},
    checked::CheckedFlow,
    desk::PeopleRules,
    event::What,
    facts::{Acting, Chosen, Facts, Initiator, Why},
    model::{Flow, Node, PeopleSettings, Rule, Who},
    passing::MOST_NAMED,
    refusal::Refusal,
    walk::Run,
};

/// Among whom people are chosen for a node, by whom, and how many.
#[derive(Clone, Debug, PartialEq)]
pub struct Choosable<'f> {
    pub node: &'f str,
    /// The handler of that node; `None`: the initiator.
    pub by: Option<&'f str>,
    pub among: &'f [Rule],
    pub min: u32,
    pub max: Option<u32>,
}

impl Node {
    pub(crate) fn who(&self) -> Option<&Who> {
        match self {
            Self::Approve(node) => Some(&node.who),
            Self::Handle(node) => Some(&node.who),
            Self::Copy(node) => Some(&node.who),
            Self::Free(node) => Some(&node.who),
            Self::Act(node) => node.executor.as_ref(),
            Self::Webhook(node) => node.executor.as_ref(),
            Self::Wait(node) => node.event().and_then(|event| event.executor.as_ref()),
            Self::Exclusive(_) | Self::Parallel(_) | Self::Inclusive(_) | Self::Call(_) => None,
        }
    }
}

/// The nodes for which the initiator chooses, in the order of the route.
pub fn choosable(flow: &Flow) -> Vec<Choosable<'_>> {
    all(flow).filter(|choosable| choosable.by.is_none()).collect()
}

/// The nodes for which whoever agrees at this node chooses.
pub fn choosable_at<'f>(flow: &'f Flow, node: &str) -> Vec<Choosable<'f>> {
    all(flow).filter(|choosable| choosable.by == Some(node)).collect()
}

fn all(flow: &Flow) -> impl Iterator<Item = Choosable<'_>> {
    let rules = flow.nodes().into_iter().filter_map(|node| Some((node.key(), node.who()?)));
    let each = rules.flat_map(|(node, who)| who.0.iter().map(move |rule| (node, rule)));
    each.filter_map(|(node, rule)| match rule {
        Rule::InitiatorChoice { among, min, max } => Some(Choosable { node, by: None, among, min: *min, max: *max }),
        Rule::ChosenBy { node: by, among, min, max } => {
            Some(Choosable { node, by: Some(by), among, min: *min, max: *max })
        }
        _ => None,
    })
}

/// The people to choose from for this node, where the flow limits them; `None`: everyone of the house in service.
pub fn candidates(flow: &CheckedFlow, initiator: &Initiator, node: &str, facts: &dyn Facts) -> Option<Vec<PersonId>> {
    candidates_in(flow, &Case::draft(initiator.clone()), node, facts)
}

/// The same on the way.
pub fn candidates_in(flow: &CheckedFlow, case: &Case, node: &str, facts: &dyn Facts) -> Option<Vec<PersonId>> {
    let choosable = all(flow.flow()).find(|choosable| choosable.node == node)?;
    if choosable.among.is_empty() {
        return None;
    }
    let run = Run::new(flow, facts, case.clone());
    Some(run.choosable_people(&choosable).into_iter().collect())
}

/// Must the holder of this task choose people before he agrees, for which nodes? Not who was only asked to take part.
pub fn to_choose<'f>(flow: &'f Flow, case: &Case, task: &Task) -> Vec<Choosable<'f>> {
    let decides = matches!(task.purpose, Purpose::Approve | Purpose::Handle) && task.hangs.is_none();
    match case.activation(task.activation).filter(|_| decides) {
        Some(visit) => choosable_at(flow, &visit.node),
        None => Vec::new(),
    }
}

impl Case {
    /// Whom those who agreed at that earlier node chose for this one, and by whom; and whether any of them has not chosen.
    pub(crate) fn chosen_at(&self, earlier: &str, node: &str) -> (Vec<Chosen>, bool) {
        let mut chosen = Vec::new();
        let mut lacking = false;
        for task in self.agreed_at(earlier) {
            let Some(people) = self.chose(task).get(node) else {
                lacking = true;
                continue;
            };
            let each = people.iter().map(|person| Chosen::new(*person, Why::ChosenBy { person: task.person }));
            chosen.extend(each);
        }
        (chosen, lacking)
    }

    /// Whom he chose, also where his agreement before still counts.
    fn chose<'c>(&'c self, task: &'c Task) -> &'c Choices {
        match task.closing() {
            Some(Closing::Unchanged { task: earlier }) => {
                self.task(earlier).map_or(&task.chose, |task| self.chose(task))
            }
            _ => &task.chose,
        }
    }

    /// The tasks of those who agreed at the last visit of that node that still counts; where a return to it came to
    /// nothing, at the last one before that.
    pub(crate) fn agreed_at(&self, node: &str) -> impl Iterator<Item = &Task> {
        // Where nobody of those was there to whom it was passed on, it ended with who had it before.
        let is_idle =
            |visit: &Activation| visit.end() == Some(End::PassedOver) && matches!(visit.cause, Cause::PassedOn { .. });
        let visits = || self.activations.iter().rev().filter(|visit| visit.node == node && !is_idle(visit));
        let agreed = |visit: &&Activation| matches!(visit.end(), Some(End::Approved | End::Handled));
        let visit = visits().find(|visit| !visit.superseded).or_else(|| visits().find(agreed));
        let slots = visit.into_iter().flat_map(|visit| self.slots(visit.id));
        slots.filter(|task| task.closing().is_some_and(Closing::is_agreement))
    }
}

impl Run<'_> {
    /// Refuses a choice that is not offered. Whether all that the initiator needs to was chosen, the look ahead tells.
    pub(crate) fn check_choices(&self, choices: &Choices) -> Result<(), Refusal> {
        self.check_offered(&choosable(self.flow), choices)
    }

    /// He chooses whom the case goes to later; it counts when he agrees.
    pub(crate) fn choose_people(&mut self, by: Acting, task: TaskNo, choices: Choices) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        let offered = to_choose(self.flow, &self.case, &task);
        self.check_offered(&offered, &choices)?;
        for choosable in &offered {
            let chosen = choices.get(choosable.node).map_or(0, Vec::len);
            if chosen < choosable.min as usize {
                return Err(missing(choosable));
            }
        }
        if offered.is_empty() {
            return Err(Refusal::WrongPurpose);
        }
        // Also whom he leaves empty, where he may: that he chose nobody is known then.
        let each = offered.iter().map(|one| (one.node.to_owned(), choices.get(one.node).cloned().unwrap_or_default()));
        let choices = each.collect();
        self.act(by, What::PeopleChosen { task: task.id, choices });
        Ok(())
    }

    /// Refuses to agree before he has chosen whom he must choose.
    pub(crate) fn require_choices(&self, task: &Task) -> Result<(), Refusal> {
        let offered = to_choose(self.flow, &self.case, task);
        let lacking = |one: &&Choosable| one.min > 0 && !task.chose.contains_key(one.node);
        offered.iter().find(lacking).map_or(Ok(()), |choosable| Err(missing(choosable)))
    }

    fn check_offered(&self, offered: &[Choosable], choices: &Choices) -> Result<(), Refusal> {
        for (node, people) in choices {
            let choosable = offered.iter().find(|choosable| choosable.node == *node);
            let choosable = choosable.ok_or_else(|| Refusal::NoSuchChoice { node: node.clone() })?;
            let (min, max) = (choosable.min, choosable.max);
            let distinct: BTreeSet<_> = people.iter().collect();
            let fits = people.len() >= min as usize && max.is_none_or(|max| people.len() <= max as usize);
            if !people.is_empty() && (!fits || distinct.len() != people.len()) {
                return Err(missing(choosable));
            }
            if people.len() > MOST_NAMED {
                return Err(Refusal::TooManyPeople { most: MOST_NAMED });
            }
            let among = self.choosable_people(choosable);
            // "Anyone in service" is anyone of the house.
            let is_offered = |person: &PersonId| match choosable.among {
                [] => !self.facts.is_external(*person),
                _ => among.contains(person),
            };
            let stranger = people.iter().find(|person| !self.facts.is_active(**person) || !is_offered(person));
            if let Some(person) = stranger {
                return Err(Refusal::ChoiceNotAllowed { node: node.clone(), person: *person });
            }
        }
        Ok(())
    }

    fn choosable_people(&self, choosable: &Choosable) -> BTreeSet<PersonId> {
        let who = Who(choosable.among.to_vec());
        let rules = PeopleRules::of(PeopleSettings::default(), self.flow, self.facts);
        let found = self.people(choosable.node, &who, rules);
        found.chosen.into_iter().map(|chosen| chosen.person).collect()
    }
}

fn missing(choosable: &Choosable) -> Refusal {
    Refusal::ChoiceMissing { node: choosable.node.to_owned(), min: choosable.min, max: choosable.max }
}
