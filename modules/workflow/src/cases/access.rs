//! Who may see this case, and why (PERM-17): told to who administers the flow there.

use hanlin_directory::{PersonName, model::Place};
use hanlin_kernel::{Actor, Error, PersonId, Result, Text};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    actions::administers,
    model::{CaseId, StoredCase},
    query::permissions_for,
    store,
};
use crate::{MANAGE, agency, engine::Via, flows};

/// Everybody who may see a case, and those who administer its flow.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CaseAccess {
    id: CaseId,
    number: String,
    title: Text,
    flow_name: Text,
    /// In the order in which they came to it.
    readers: Vec<Reader>,
    /// Who may hand it over and see this list by a permission. It does not show them the case.
    administrators: Vec<PersonName>,
    /// The permission that they hold there.
    permission: String,
    /// Who may read it by a right to query the cases of this form.
    queriers: Vec<PersonName>,
    /// Who reads it as long as he does a task in it for another (TIME-11).
    agents: Vec<AgentReader>,
}

/// One who has something to do in a case for another.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct AgentReader {
    person: PersonName,
    principal: PersonName,
}

/// One who may see a case, by what, and since when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Reader {
    person: PersonName,
    via: Via,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// May he ask who may see this case?
pub(crate) fn may_ask(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<bool> {
    Ok(administers(actor, case) || actor.reaches(MANAGE, flows::find_flow(tx, case.flow)?.unit))
}

/// The same of the case that people call by this number: who asks need not be able to open it.
pub(crate) fn find_by_number(tx: &mut Tx, actor: &Actor, number: &str) -> Result<CaseAccess> {
    let id = store::find_id_by_number(tx, number.trim())?;
    find(tx, actor, id.ok_or(Error::NotFound)?)
}

pub(crate) fn find(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<CaseAccess> {
    let case = store::find(tx, id)?;
    let flow = flows::find_flow(tx, case.flow)?;
    if !may_ask(tx, actor, &case)? {
        // Whether there is such a case is told to those only who may see it.
        let sees = store::find_to_read(tx, actor, id).is_ok();
        return Err(if sees { Error::forbidden(MANAGE) } else { Error::NotFound });
    }
    let directory = hanlin_directory::snapshot(tx)?;
    let named = |person: PersonId| PersonName::of(person, &directory);
    let readers = store::list_access(tx, id)?;
    let mut administrators = Vec::new();
    for unit in [case.unit, Some(flow.unit)].into_iter().flatten() {
        administrators.extend(hanlin_access::people_with(tx, MANAGE, unit)?);
    }
    let place = case.department.map(Place::Department).or(case.unit.map(Place::Unit));
    let queriers = match place {
        Some(place) => hanlin_access::holders_of(tx, &permissions_for(case.flow), place)?,
        None => Vec::new(),
    };
    let mut agents: Vec<AgentReader> = Vec::new();
    let standing = agency::told_of(tx, &case)?;
    for task in case.state.open_tasks().filter(|_| !standing.is_empty()) {
        for each in agency::hats::doers(tx, &standing, &case, task)? {
            let reader = AgentReader { person: named(each.agent), principal: named(task.person) };
            if !agents.contains(&reader) {
                agents.push(reader);
            }
        }
    }
    administrators.sort();
    administrators.dedup();
    Ok(CaseAccess {
        id,
        number: case.number,
        title: case.title,
        flow_name: flow.name,
        readers: readers.into_iter().map(|(person, via, since)| Reader { person: named(person), via, since }).collect(),
        administrators: administrators.into_iter().map(named).collect(),
        permission: MANAGE.0.to_owned(),
        queriers: queriers.into_iter().map(named).collect(),
        agents,
    })
}
