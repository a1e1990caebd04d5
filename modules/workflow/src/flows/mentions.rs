//! Which flows name whom: what has to be looked at when people or places change (ORG-10).

use hanlin_directory::Snapshot;
use hanlin_kernel::{DepartmentId, GroupId, PersonId, PostId, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;

use super::{FlowId, actions::running, store};
use crate::engine::{
    Node,
    model::{Flow, GroupRef, Paper, PersonRef, PostRef, Ref, Rule, Starter, UnitRef, Vote, Who},
};

/// A place in a published flow where the organisation is named.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub flow: FlowId,
    pub flow_name: Text,
    /// The unit that owns the flow.
    pub unit: UnitId,
    /// The node's key and name; absent: among those who may start it.
    pub node: Option<(String, Text)>,
    pub named: Named,
}

/// Who or what is named there, resolved to what it is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Named {
    Person(PersonId),
    /// All posts of that name; `unit`: only there, else in the initiator's unit or the nearest above.
    Posts {
        posts: Vec<PostId>,
        unit: Option<UnitId>,
    },
    Group(Vec<GroupId>),
    Unit(UnitId),
    Departments(Vec<DepartmentId>),
}

/// Every place in a published flow that names somebody or something.
pub fn mentions(tx: &mut Tx) -> Result<Vec<Mention>> {
    let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
    let mut found = Vec::new();
    for (card, version, unit) in store::list_published(tx)? {
        let checked = running(tx, version)?;
        for (node, named) in named_in(checked.flow(), &directory, at) {
            found.push(Mention { flow: card.id, flow_name: card.name.clone(), unit, node, named });
        }
    }
    Ok(found)
}

type Place = Option<(String, Text)>;

fn named_in(flow: &Flow, directory: &Snapshot, at: Timestamp) -> Vec<(Place, Named)> {
    let mut found: Vec<(Place, Named)> =
        flow.may_start.iter().filter_map(|starter| Some((None, started_by(starter, directory, at)?))).collect();
    for node in flow.nodes() {
        let who = match node {
            Node::Approve(node) => {
                let votes = node.vote.iter().flat_map(Vote::people);
                std::iter::once(&node.who).chain(signers(&node.paper)).chain(votes).collect()
            }
            Node::Handle(node) => std::iter::once(&node.who).chain(signers(&node.paper)).collect(),
            Node::Copy(node) => vec![&node.who],
            Node::Free(node) => {
                let among = node.among.iter().flat_map(Rule::each);
                let place = Some((node.key.clone(), node.name.clone()));
                found.extend(among.filter_map(|rule| Some((place.clone(), named_by(rule, directory)?))));
                vec![&node.who]
            }
            Node::Act(_) | Node::Webhook(_) | Node::Wait(_) => node.who().into_iter().collect(),
            Node::Exclusive(_) | Node::Parallel(_) | Node::Inclusive(_) | Node::Call(_) => continue,
        };
        let place = Some((node.key().to_owned(), node.name().clone()));
        let rules = who.into_iter().flat_map(|who| flow.rules(who));
        found.extend(rules.filter_map(|rule| Some((place.clone(), named_by(rule, directory)?))));
    }
    found
}

/// Whose signature a step on paper asks for.
fn signers(paper: &Option<Paper>) -> impl Iterator<Item = &Who> {
    paper.iter().map(|paper| &paper.signed_by)
}

fn named_by(rule: &Rule, directory: &Snapshot) -> Option<Named> {
    match rule {
        Rule::Person { person } => person_of(person, directory).map(Named::Person),
        Rule::Post { post, unit } => Some(Named::Posts {
            posts: posts_of(post, directory),
            unit: unit.as_ref().and_then(|unit| unit_of(unit, directory)),
        }),
        Rule::Group { group } => Some(Named::Group(groups_of(group, directory))),
        _ => None,
    }
}

fn started_by(starter: &Starter, directory: &Snapshot, at: Timestamp) -> Option<Named> {
    match starter {
        Starter::Person { person } => person_of(person, directory).map(Named::Person),
        Starter::Unit { unit, .. } => unit_of(unit, directory).map(Named::Unit),
        Starter::Department { department, .. } => {
            let departments = match department {
                Ref::Id(id) => vec![*id],
                Ref::Code(code) => {
                    let units = directory.roots(at).into_iter().flat_map(|root| directory.units_and_below(root.id, at));
                    units.filter_map(|unit| directory.department_by_code(code, unit, at)).collect()
                }
            };
            Some(Named::Departments(departments))
        }
        Starter::Post { post } => Some(Named::Posts { posts: posts_of(post, directory), unit: None }),
        Starter::Group { group } => Some(Named::Group(groups_of(group, directory))),
        Starter::Rank { .. } => None,
    }
}

fn person_of(person: &PersonRef, directory: &Snapshot) -> Option<PersonId> {
    match person {
        Ref::Id(id) => Some(*id),
        Ref::Code(code) => directory.person_by_code(code),
    }
}

fn posts_of(post: &PostRef, directory: &Snapshot) -> Vec<PostId> {
    match post {
        Ref::Id(id) => vec![*id],
        Ref::Code(code) => directory.posts_by_code(code).to_vec(),
    }
}

fn unit_of(unit: &UnitRef, directory: &Snapshot) -> Option<UnitId> {
    match unit {
        Ref::Id(id) => Some(*id),
        Ref::Code(code) => directory.unit_by_code(code),
    }
}

fn groups_of(group: &GroupRef, directory: &Snapshot) -> Vec<GroupId> {
    match group {
        Ref::Id(id) => vec![*id],
        Ref::Code(code) => directory.groups_by_code(code).to_vec(),
    }
}
