//! Who may see this case, and why (PERM-17): told to who administers the flow there.

use hanlin_directory::PersonName;
use hanlin_kernel::{Actor, Error, PersonId, Result};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{actions::administers, model::CaseId, store};
use crate::{MANAGE, engine::Via, flows};

/// Everybody who may see a case, and those who administer its flow.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CaseAccess {
    id: CaseId,
    number: String,
    /// In the order in which they came to it.
    readers: Vec<Reader>,
    /// Who may hand it over and see this list by a permission. It does not show them the case.
    administrators: Vec<PersonName>,
    /// The permission that they hold there.
    permission: String,
}

/// One who may see a case, by what, and since when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Reader {
    person: PersonName,
    via: Via,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

pub(crate) fn find(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<CaseAccess> {
    let case = store::find(tx, id)?;
    let flow = flows::find_flow(tx, case.flow)?;
    if !administers(actor, &case) && !actor.reaches(MANAGE, flow.unit) {
        // Whether there is such a case is told to those only who may see it.
        let sees = store::find_for(tx, actor.person, id).is_ok();
        return Err(if sees { Error::forbidden(MANAGE) } else { Error::NotFound });
    }
    let directory = hanlin_directory::snapshot(tx)?;
    let named = |person: PersonId| PersonName::of(person, &directory);
    let readers = store::list_access(tx, id)?;
    let mut administrators = Vec::new();
    for unit in [case.unit, Some(flow.unit)].into_iter().flatten() {
        administrators.extend(hanlin_access::people_with(tx, MANAGE, unit)?);
    }
    administrators.sort();
    administrators.dedup();
    Ok(CaseAccess {
        id,
        number: case.number,
        readers: readers.into_iter().map(|(person, via, since)| Reader { person: named(person), via, since }).collect(),
        administrators: administrators.into_iter().map(named).collect(),
        permission: MANAGE.0.to_owned(),
    })
}
