//! 自选: what the initiator may and must choose (FLOW-08).

use std::collections::BTreeSet;

use hanlin_kernel::PersonId;

use super::{
    case::{Case, Choices},
    checked::CheckedFlow,
    desk::PeopleRules,
    facts::{Facts, Initiator},
    model::{Flow, Node, PeopleSettings, Rule, Who},
    refusal::Refusal,
    walk::Run,
};

/// Among whom the initiator may choose at a node, and how many.
#[derive(Clone, Debug, PartialEq)]
pub struct Choosable<'f> {
    pub node: &'f str,
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
            Self::Act(node) => node.executor.as_ref(),
            Self::Exclusive(_) | Self::Parallel(_) | Self::Inclusive(_) | Self::Wait(_) | Self::Call(_) => None,
        }
    }
}

/// The nodes at which the initiator chooses, in the order of the route.
pub fn choosable(flow: &Flow) -> Vec<Choosable<'_>> {
    let rules = flow.nodes().into_iter().filter_map(|node| Some((node.key(), node.who()?)));
    rules
        .flat_map(|(node, who)| who.0.iter().map(move |rule| (node, rule)))
        .filter_map(|(node, rule)| match rule {
            Rule::InitiatorChoice { among, min, max } => Some(Choosable { node, among, min: *min, max: *max }),
            _ => None,
        })
        .collect()
}

/// The people to choose from at this node, where the flow limits them; `None`: everyone of the house in service.
pub fn candidates(flow: &CheckedFlow, initiator: &Initiator, node: &str, facts: &dyn Facts) -> Option<Vec<PersonId>> {
    let choosable = choosable(flow.flow()).into_iter().find(|choosable| choosable.node == node)?;
    if choosable.among.is_empty() {
        return None;
    }
    let run = Run::new(flow, facts, Case::draft(initiator.clone()));
    Some(run.choosable_people(&choosable).into_iter().collect())
}

impl Run<'_> {
    /// Refuses a choice that is not offered. Whether all that is needed was chosen, the look ahead tells.
    pub(crate) fn check_choices(&self, choices: &Choices) -> Result<(), Refusal> {
        let offered = choosable(self.flow);
        for (node, people) in choices {
            let choosable = offered.iter().find(|choosable| choosable.node == *node);
            let choosable = choosable.ok_or_else(|| Refusal::NoSuchChoice { node: node.clone() })?;
            let (min, max) = (choosable.min, choosable.max);
            let distinct: BTreeSet<_> = people.iter().collect();
            let fits = people.len() >= min as usize && max.is_none_or(|max| people.len() <= max as usize);
            if !people.is_empty() && (!fits || distinct.len() != people.len()) {
                return Err(Refusal::ChoiceMissing { node: node.clone(), min, max });
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
