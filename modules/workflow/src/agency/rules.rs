//! Who may be named an agent, and what an agent may do. Pure.

use std::collections::BTreeMap;

use hanlin_directory::Snapshot;
use hanlin_kernel::{self as kernel, Error, PersonId, refusal};
use hanlin_rulebook::catalogue::AgencyChains;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::model::{Agency, Scope};
use crate::{
    engine::{
        Case,
        case::{Purpose, Task},
    },
    flows::FlowId,
};

/// The category of each flow.
pub(crate) type Categories = BTreeMap<FlowId, String>;

/// Why somebody cannot be an agent, or cannot act as one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// Nobody is his own agent.
    OwnAgent,
    /// He does not serve in that time.
    AgencyNotInService { person: String },
    /// He belongs to an external organisation.
    AgencyExternal { person: String },
    /// It is a department's account: whoever belongs to it acts for it anyway.
    AgencyOfAccount { person: String },
    /// The period lies behind, or begins there.
    AgencyInThePast,
    /// The period is longer than the rules allow.
    AgencyTooLong { days: i64 },
    /// Another acts for him in one of these flows then.
    AgencyOverlaps { agent: String, from: String, to: String },
    /// One of the two acts for another, or has an agent himself, then; the rules allow no agent of an agent.
    AgencyChain { person: String },
    /// In the end he would act for himself.
    AgencyCircle { person: String },
    /// It is over.
    AgencyOver,
    /// He does not act for this person in this flow now.
    NotHisAgent { person: String },
    /// He began the case himself, or handed it in for another.
    AgentInOwnCase { person: String },
    /// It was done meanwhile: by the one whose it was, or by another for him.
    DoneByAnother { person: String },
}
refusal!("workflow", Refusal);

/// When a period begins: at an instant, with a day there, or now. A day that has begun is the rest of it.
pub(crate) fn begins(
    said: (Option<Timestamp>, Option<Date>),
    zone: &TimeZone,
    now: Timestamp,
) -> kernel::Result<Timestamp> {
    match said {
        (Some(_), Some(_)) => Err(Error::invalid("first_day", "workflow.agency_period_twice")),
        (Some(instant), None) => Ok(instant),
        (None, Some(day)) if day == now.to_zoned(zone.clone()).date() => Ok(now),
        (None, Some(day)) => midnight(day, zone),
        (None, None) => Ok(now),
    }
}

/// When it is over: at an instant, or when a day is over there.
pub(crate) fn ends(said: (Option<Timestamp>, Option<Date>), zone: &TimeZone) -> kernel::Result<Timestamp> {
    match said {
        (Some(_), Some(_)) => Err(Error::invalid("last_day", "workflow.agency_period_twice")),
        (Some(instant), None) => Ok(instant),
        (None, Some(day)) => {
            let next = day.tomorrow().map_err(|_| Error::invalid("last_day", "workflow.agency_end_missing"))?;
            midnight(next, zone)
        }
        (None, None) => Err(Error::invalid("last_day", "workflow.agency_end_missing")),
    }
}

fn midnight(day: Date, zone: &TimeZone) -> kernel::Result<Timestamp> {
    Ok(day.to_zoned(zone.clone()).map_err(Error::internal)?.timestamp())
}

/// Whether two people can be principal and agent at all.
pub(crate) fn admit_people(new: &Agency, accounts: &[PersonId], directory: &Snapshot) -> Result<(), Refusal> {
    if new.principal == new.agent {
        return Err(Refusal::OwnAgent);
    }
    for id in [new.principal, new.agent] {
        let person = directory.person_name(id);
        if !directory.is_active(id, new.given_at) || !directory.is_active(id, new.valid_from) {
            return Err(Refusal::AgencyNotInService { person });
        }
        if directory.is_external(id) {
            return Err(Refusal::AgencyExternal { person });
        }
        if accounts.contains(&id) {
            return Err(Refusal::AgencyOfAccount { person });
        }
    }
    Ok(())
}

/// The period begins now or later and is as long as the rules allow.
pub(crate) fn admit_period(new: &Agency, longest_days: i64) -> Result<(), Refusal> {
    if new.valid_from < new.given_at || new.valid_to <= new.valid_from {
        return Err(Refusal::AgencyInThePast);
    }
    // A day more than 24 hours, where clocks change within the period.
    let longest = SignedDuration::from_hours(longest_days * 24 + 1);
    if new.valid_to.duration_since(new.valid_from) > longest {
        return Err(Refusal::AgencyTooLong { days: longest_days });
    }
    Ok(())
}

/// It fits with the others that stand: nobody else has the same, no circle, and no chain where the rules forbid it.
pub(crate) fn admit_beside(
    new: &Agency,
    standing: &[Agency],
    chains: AgencyChains,
    categories: &Categories,
    directory: &Snapshot,
) -> Result<(), Refusal> {
    let beside: Vec<&Agency> = standing.iter().filter(|other| other.meets(new)).collect();
    let shares = |other: &Agency| {
        let verbs = other.may_start && new.may_start || other.may_decide && new.may_decide;
        verbs && share(&other.scope, &new.scope, categories)
    };
    if let Some(other) = beside.iter().find(|other| other.principal == new.principal && shares(other)) {
        let (agent, at) = (directory.person_name(other.agent), |at| spoken(new.principal, at, directory));
        return Err(Refusal::AgencyOverlaps { agent, from: at(other.valid_from), to: at(other.until()) });
    }
    if acts_for(new.principal, new.agent, &beside) {
        return Err(Refusal::AgencyCircle { person: directory.person_name(new.principal) });
    }
    let linked = |other: &&&Agency| (other.principal == new.agent || other.agent == new.principal) && shares(other);
    match beside.iter().find(linked) {
        Some(other) if chains == AgencyChains::Forbidden => {
            let middle = if other.principal == new.agent { new.agent } else { new.principal };
            Err(Refusal::AgencyChain { person: directory.person_name(middle) })
        }
        _ => Ok(()),
    }
}

/// An instant in words, by the clock of where this person belongs.
pub(crate) fn spoken(person: PersonId, at: Timestamp, directory: &Snapshot) -> String {
    let main = directory.main_appointment(person, at);
    let unit = main.and_then(|held| directory.unit_of(held.place, at));
    let zone = unit.map_or(TimeZone::UTC, |unit| directory.time_zone(unit, at));
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Does the one act for the other already, at the end of a chain of any length?
fn acts_for(agent: PersonId, principal: PersonId, among: &[&Agency]) -> bool {
    let mut reached = vec![principal];
    let mut next = 0;
    while let Some(one) = reached.get(next).copied() {
        next += 1;
        for agency in among.iter().filter(|agency| agency.principal == one) {
            if !reached.contains(&agency.agent) {
                reached.push(agency.agent);
            }
        }
    }
    reached[1..].contains(&agent)
}

/// Is there a flow that both cover?
fn share(one: &Scope, other: &Scope, categories: &Categories) -> bool {
    if one.is_everything() || other.is_everything() || !one.categories.is_disjoint(&other.categories) {
        return true;
    }
    let flows = categories.iter();
    let mut both = flows
        .filter(|(flow, category)| one.covers(**flow, category.as_str()) && other.covers(**flow, category.as_str()));
    both.next().is_some()
}

/// 身份: for whom somebody acts, and in what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hat {
    pub principal: PersonId,
    /// All of these hold: of an agent's agent there are several.
    pub scopes: Vec<Scope>,
    pub may_start: bool,
    pub may_decide: bool,
    pub until: Timestamp,
    /// Through whom, where it is a chain.
    pub through: Vec<PersonId>,
}

impl Hat {
    pub(crate) fn of(agency: &Agency) -> Self {
        Self {
            principal: agency.principal,
            scopes: vec![agency.scope.clone()],
            may_start: agency.may_start,
            may_decide: agency.may_decide,
            until: agency.until(),
            through: Vec::new(),
        }
    }

    /// What comes to him by acting for one who acts for another himself.
    pub(crate) fn passed_on(&self, agency: &Agency) -> Option<Self> {
        let known = agency.principal == self.principal || self.through.contains(&agency.principal);
        let may = (self.may_start && agency.may_start, self.may_decide && agency.may_decide);
        (!known && (may.0 || may.1)).then(|| Self {
            principal: agency.principal,
            scopes: [self.scopes.clone(), vec![agency.scope.clone()]].concat(),
            may_start: may.0,
            may_decide: may.1,
            until: self.until.min(agency.until()),
            through: [self.through.clone(), vec![self.principal]].concat(),
        })
    }

    pub(crate) fn is_everywhere(&self) -> bool {
        self.scopes.iter().all(Scope::is_everything)
    }

    pub(crate) fn covers(&self, flow: FlowId, category: &str) -> bool {
        self.scopes.iter().all(|scope| scope.covers(flow, category))
    }

    /// May its wearer do this kind of task for his principal? What only an administrator does stays with him.
    pub(crate) fn does(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Approve | Purpose::Handle | Purpose::Advise => self.may_decide,
            Purpose::Revise => self.may_start,
            Purpose::Assign | Purpose::Mend => false,
        }
    }
}

/// He who began a case, or handed it in for another, decides nothing in it for anybody (FLOW-05): he only corrects it.
pub(crate) fn is_own_case(agent: PersonId, case: &Case, task: &Task) -> bool {
    task.purpose != Purpose::Revise && case.initiator.is(agent)
}
