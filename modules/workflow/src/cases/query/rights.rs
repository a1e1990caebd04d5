//! Who may query what. Pure.

use hanlin_kernel::{Actor, Scopes};

use crate::{cases::model::StoredCase, flows::FlowId};

/// To read the cases of a form; given for one flow or for all of them, never as such.
pub(crate) const QUERY: &str = "workflow.query";

/// The permission to query this flow; without one, every flow.
pub(crate) fn permission_for(flow: Option<FlowId>) -> String {
    format!("{QUERY}:{}", flow.map_or_else(|| "*".to_owned(), |flow| flow.to_string()))
}

/// Both permissions that let somebody query this flow.
pub(crate) fn permissions_for(flow: FlowId) -> [String; 2] {
    [permission_for(Some(flow)), permission_for(None)]
}

/// Over what he may query this flow; nothing: not at all.
pub(crate) fn scopes(actor: &Actor, flow: FlowId) -> Option<Scopes> {
    let names = permissions_for(flow);
    let mut given = actor.grants.iter().filter(|grant| names.contains(&grant.permission)).map(|grant| &grant.scopes);
    let first = given.next()?.clone();
    Some(given.fold(first, Scopes::join))
}

/// May he query anything at all?
pub(crate) fn queries(actor: &Actor) -> bool {
    actor.grants.iter().any(|grant| grant.permission.strip_prefix(QUERY).is_some_and(|rest| rest.starts_with(':')))
}

/// May he read this case by a right to query it?
pub(crate) fn may_query(actor: &Actor, case: &StoredCase) -> bool {
    right_to(actor, case).is_some()
}

/// The right by which he may read this case: to query its flow, or else every flow.
pub(crate) fn right_to(actor: &Actor, case: &StoredCase) -> Option<String> {
    let reaches = |scopes: &Scopes| {
        scopes.all
            || scopes.own && case.state.initiator.principal() == actor.principal()
            || case.unit.is_some_and(|unit| scopes.units.contains(&unit))
            || case.department.is_some_and(|department| scopes.departments.contains(&department))
    };
    let given = |name: &String| actor.grants.iter().any(|grant| grant.permission == *name && reaches(&grant.scopes));
    permissions_for(case.flow).into_iter().find(given)
}
