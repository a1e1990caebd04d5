use std::{collections::HashMap, sync::Arc};

use hanlin_kernel::{Error, PersonId, Result};
use hanlin_store::{Json, Remembered, Tx, params};
use jiff::Timestamp;

use super::model::{Agency, AgencyId};
use crate::{cases::CaseId, engine::case::TaskNo, flows::FlowId};

/// Those that are not over, which every list and every decision asks for: kept until one is given or ended.
pub(crate) struct StandingAgencies {
    /// What was over before is not among them.
    since: Timestamp,
    /// Those that began first come first.
    agencies: Vec<Agency>,
    of_principal: HashMap<PersonId, Vec<usize>>,
    of_agent: HashMap<PersonId, Vec<usize>>,
}

impl Remembered for StandingAgencies {
    const NAME: &'static str = "workflow_agency";

    fn read(tx: &mut Tx) -> Result<Self> {
        let since = tx.now();
        let agencies: Vec<Agency> = tx.all(
            "select * from workflow_agency where valid_to > $1 and ended_at is null order by valid_from, id",
            params![since],
        )?;
        let mut standing = Self { since, agencies, of_principal: HashMap::new(), of_agent: HashMap::new() };
        for (place, agency) in standing.agencies.iter().enumerate() {
            standing.of_principal.entry(agency.principal).or_default().push(place);
            standing.of_agent.entry(agency.agent).or_default().push(place);
        }
        Ok(standing)
    }
}

impl StandingAgencies {
    pub fn all(&self, at: Timestamp) -> impl Iterator<Item = &Agency> {
        self.agencies.iter().filter(move |agency| agency.valid_to > at)
    }

    /// Those by which others act for this person, now or later.
    pub fn of_principal(&self, principal: PersonId, at: Timestamp) -> impl Iterator<Item = &Agency> {
        self.at(self.of_principal.get(&principal)).filter(move |agency| agency.valid_to > at)
    }

    /// Those by which others act for this person now.
    pub fn in_force_for(&self, principal: PersonId, at: Timestamp) -> impl Iterator<Item = &Agency> {
        self.of_principal(principal, at).filter(move |agency| agency.valid_from <= at)
    }

    /// Those by which this person acts for others now.
    pub fn in_force_of_agent(&self, agent: PersonId, at: Timestamp) -> impl Iterator<Item = &Agency> {
        self.at(self.of_agent.get(&agent)).filter(move |agency| agency.valid_from <= at && agency.valid_to > at)
    }

    fn at<'a>(&'a self, places: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Agency> {
        places.into_iter().flatten().map(|place| &self.agencies[*place])
    }
}

pub(crate) fn standing(tx: &mut Tx) -> Result<Arc<StandingAgencies>> {
    let standing = tx.remembered::<StandingAgencies>()?;
    // A clock that was put back: some were not over then.
    if tx.now() < standing.since { Ok(Arc::new(StandingAgencies::read(tx)?)) } else { Ok(standing) }
}

pub(crate) fn insert(tx: &mut Tx, agency: &Agency) -> Result<()> {
    tx.changed::<StandingAgencies>()?;
    let Agency { id, principal, agent, valid_from, valid_to, scope, may_start, may_decide, reason, .. } = agency;
    tx.queue(
        "insert into workflow_agency (id, principal, agent, valid_from, valid_to, flows, categories, may_start, \
         may_decide, reason, given_by, given_at, ended_because, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 1)",
        params![
            id,
            principal,
            agent,
            valid_from,
            valid_to,
            Json(&scope.flows),
            Json(&scope.categories),
            may_start,
            may_decide,
            reason,
            agency.given_by,
            agency.given_at
        ],
    )
}

/// Ends one, unless somebody else did meanwhile.
pub(crate) fn end(tx: &mut Tx, agency: &Agency) -> Result<()> {
    let changed = tx.exec(
        "update workflow_agency set ended_at = $2, ended_by = $3, ended_because = $4, version = version + 1 \
         where id = $1 and version = $5",
        params![agency.id, agency.ended_at, agency.ended_by, agency.ended_because, agency.version],
    )?;
    if changed == 0 { Err(Error::Stale) } else { tx.changed::<StandingAgencies>() }
}

pub(crate) fn find(tx: &mut Tx, id: AgencyId) -> Result<Agency> {
    tx.one("select * from workflow_agency where id = $1", params![id])
}

/// All of one who gives them, or of one to whom they are given; the latest first.
pub(crate) fn list_of_principal(tx: &mut Tx, principal: PersonId) -> Result<Vec<Agency>> {
    tx.all("select * from workflow_agency where principal = $1 order by valid_from desc, id desc", params![principal])
}

pub(crate) fn list_of_agent(tx: &mut Tx, agent: PersonId) -> Result<Vec<Agency>> {
    tx.all("select * from workflow_agency where agent = $1 order by valid_from desc, id desc", params![agent])
}

/// Every one there was, a page of the latest.
pub(crate) fn list_all(tx: &mut Tx, most: u32) -> Result<Vec<Agency>> {
    tx.all("select * from workflow_agency order by valid_from desc, id desc limit $1", params![most])
}

/// The flows in which he ever had a task.
pub(crate) fn list_handled_flows(tx: &mut Tx, person: PersonId) -> Result<Vec<FlowId>> {
    tx.scalars(
        "select distinct c.flow from workflow_access a join workflow_case c on c.id = a.case_id \
         where a.person = $1 and a.via = 'handler'",
        params![person],
    )
}

/// The agent looked at this task now; how many he had not looked at before.
pub(crate) fn note_look(tx: &mut Tx, case: CaseId, no: TaskNo, agent: PersonId) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        "insert into workflow_agent_look (case_id, no, agent, at) values ($1, $2, $3, $4) \
         on conflict (case_id, no, agent) do nothing",
        params![case, no.0, agent, now],
    )
}
