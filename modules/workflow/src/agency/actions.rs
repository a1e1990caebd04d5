//! Each is one unit of work: find for the actor, decide, save, record.

use hanlin_directory::Snapshot;
use hanlin_kernel::{Actor, Audience, Error, FieldError, Id, PersonId, Result, UnitId};
use hanlin_notify::Notice;
use hanlin_rulebook::catalogue;
use hanlin_store::{Delivered, Tx};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    events::{Event, stream},
    model::{Agency, AgencyId, Scope, Standing},
    policy,
    rules::{self, Categories, Refusal},
    store,
};
use crate::{MANAGE, engine::ActingThen, flows, leaving::apart};

/// What is announced when an agency begins or ends by the clock: both read their inboxes again.
pub(crate) const TURN: &str = "workflow.agency_turn";
/// Where people see their agencies.
const PAGE: &str = "/agents";
const LONGEST_REASON: usize = 500;

/// Who is to act for whom.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AgencyRequest)]
#[serde(deny_unknown_fields)]
pub(crate) struct Give {
    /// Whose work it is; absent: my own.
    #[serde(default)]
    pub principal: Option<PersonId>,
    pub agent: PersonId,
    /// An instant, or the first day by the clock of the principal's unit. Absent: from now on.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_from: Option<Timestamp>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub first_day: Option<Date>,
    /// The same of the end: an instant, exclusive, or the last day, all of it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_to: Option<Timestamp>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub last_day: Option<Date>,
    /// In which flows; absent: all.
    #[serde(default)]
    pub scope: Scope,
    /// Hand in forms, and correct what comes back.
    #[serde(default)]
    pub may_start: bool,
    /// Do the tasks that wait.
    #[serde(default)]
    pub may_decide: bool,
    /// Why; needed where an administrator names an agent for another.
    #[serde(default)]
    pub reason: String,
}

/// 指定代理: somebody acts for another in a period (TIME-11).
pub(crate) fn give(tx: &mut Tx, actor: &Actor, intent: Give) -> Result<Agency> {
    let rules = hanlin_rulebook::rules(tx)?;
    let (directory, now) = (rules.directory.clone(), tx.now());
    let principal = principal_for(actor, intent.principal, &directory, now)?;
    let categories = categories(tx)?;
    check(&intent, principal != actor.person, &categories)?;
    let unit = unit_of(principal, &directory, now);
    let zone = unit.map_or(TimeZone::UTC, |unit| directory.time_zone(unit, now));
    let begins = rules::begins((intent.valid_from, intent.first_day), &zone, now)?;
    let ends = rules::ends((intent.valid_to, intent.last_day), &zone)?;
    let agency = Agency {
        id: Id::new(),
        principal,
        agent: intent.agent,
        valid_from: to_the_millisecond(begins)?,
        valid_to: to_the_millisecond(ends)?,
        scope: intent.scope,
        may_start: intent.may_start,
        may_decide: intent.may_decide,
        reason: intent.reason.trim().to_owned(),
        given_by: actor.person,
        given_at: now,
        ended_at: None,
        ended_by: None,
        ended_because: String::new(),
        version: 1,
    };
    let accounts = hanlin_access::department_account_people(tx)?;
    rules::admit_people(&agency, &accounts, &directory)?;
    apart(&directory, principal, &[agency.agent])?;
    rules::admit_period(&agency, rules.parameter(unit, now, &catalogue::WORKFLOW_AGENCY_LONGEST_DAYS).value)?;
    let standing: Vec<Agency> = store::standing(tx)?.all(now).cloned().collect();
    let chains = rules.parameter(unit, now, &catalogue::WORKFLOW_AGENCY_CHAINS).value;
    rules::admit_beside(&agency, &standing, chains, &categories, &directory)?;
    store::insert(tx, &agency)?;
    schedule(tx, &agency)?;
    tell(tx, &agency, &directory, "given")?;
    tx.record(Event::Given { agency: Box::new(agency.clone()) });
    Ok(agency)
}

/// Why it ends.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = AgencyEnd)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct End {
    /// Needed where an administrator ends another's.
    pub reason: String,
}

/// Ends one before its time; what was done by it stays done.
pub(crate) fn end(tx: &mut Tx, actor: &Actor, id: AgencyId, seen: u64, intent: End) -> Result<Agency> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let agency = store::find(tx, id)?;
    let can = policy::may(actor, &agency, &directory, now);
    can.require("read", Error::NotFound)?;
    if agency.standing(now) == Standing::Over {
        return Err(Refusal::AgencyOver.into());
    }
    can.require("end", Error::forbidden(MANAGE))?;
    if agency.version != seen {
        return Err(Error::Stale);
    }
    require_reason(&intent.reason, actor.person != agency.principal)?;
    let because = intent.reason.trim().to_owned();
    let ended = Agency { ended_at: Some(now), ended_by: Some(actor.person), ended_because: because.clone(), ..agency };
    store::end(tx, &ended)?;
    for end in ["from", "to"] {
        tx.unschedule(&timer(id, end))?;
    }
    tell(tx, &ended, &directory, "ended")?;
    tx.record(Event::Ended { agency: id, principal: ended.principal, agent: ended.agent, because });
    Ok(Agency { version: ended.version + 1, ..ended })
}

/// An agency begins or ends by the clock: the inbox of the agent is another from now on.
pub(crate) fn turn(tx: &mut Tx, delivered: &Delivered) -> Result<()> {
    let id = serde_json::from_value(delivered.payload["agency"].clone()).map_err(Error::internal)?;
    let agency = match store::find(tx, id) {
        Ok(agency) => agency,
        // It went with the sample.
        Err(Error::NotFound) => return Ok(()),
        Err(other) => return Err(other),
    };
    tx.announce(TURN, &stream(agency.principal), Audience::People(vec![agency.principal, agency.agent]));
    Ok(())
}

/// For whom an agent is named: for himself; for another by whoever administers the flows where that one belongs.
fn principal_for(actor: &Actor, asked: Option<PersonId>, directory: &Snapshot, at: Timestamp) -> Result<PersonId> {
    let principal = asked.unwrap_or_else(|| actor.principal());
    if directory.person(principal).is_none() {
        return Err(Error::invalid("principal", "workflow.agency_person_unknown"));
    }
    let own = principal == actor.person && actor.on_behalf_of.is_none();
    if own || policy::administers(actor, principal, directory, at) {
        return Ok(principal);
    }
    Err(Error::forbidden(MANAGE))
}

fn check(intent: &Give, for_another: bool, categories: &Categories) -> Result<()> {
    let mut faults = Vec::new();
    if !intent.may_start && !intent.may_decide {
        faults.push(FieldError::new("may_decide", "workflow.agency_empty"));
    }
    if let Some(flow) = intent.scope.flows.iter().find(|flow| !categories.contains_key(flow)) {
        faults.push(FieldError::new("scope.flows", "workflow.agency_flow_unknown").with("id", flow.to_string()));
    }
    let known = |name: &&String| categories.values().any(|category| category == *name);
    if let Some(name) = intent.scope.categories.iter().find(|name| !known(name)) {
        faults
            .push(FieldError::new("scope.categories", "workflow.agency_category_unknown").with("name", name.as_str()));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    require_reason(&intent.reason, for_another)
}

fn require_reason(reason: &str, needed: bool) -> Result<()> {
    let length = reason.trim().chars().count();
    if needed && length == 0 {
        return Err(Error::invalid("reason", "workflow.agency_reason_missing"));
    }
    if length > LONGEST_REASON {
        let error = FieldError::new("reason", "workflow.agency_reason_too_long").with("limit", LONGEST_REASON);
        return Err(Error::Invalid(vec![error]));
    }
    Ok(())
}

fn categories(tx: &mut Tx) -> Result<Categories> {
    Ok(flows::list_flows(tx)?.into_iter().map(|flow| (flow.id, flow.category)).collect())
}

fn unit_of(person: PersonId, directory: &Snapshot, at: Timestamp) -> Option<UnitId> {
    directory.main_appointment(person, at).and_then(|held| directory.unit_of(held.place, at))
}

/// Screens are told when it begins and when it is over.
fn schedule(tx: &mut Tx, agency: &Agency) -> Result<()> {
    for (end, at) in [("from", agency.valid_from), ("to", agency.valid_to)] {
        tx.schedule(TURN, &timer(agency.id, end), at, &json!({ "agency": agency.id }))?;
    }
    Ok(())
}

fn timer(id: AgencyId, end: &str) -> String {
    format!("workflow/agency/{id}/{end}")
}

/// Both are told; whoever does it need not be.
fn tell(tx: &mut Tx, agency: &Agency, directory: &Snapshot, what: &str) -> Result<()> {
    let notice = Notice::new(&format!("workflow.notice.agency_{what}"), PAGE)
        .with("principal", directory.person_name(agency.principal))
        .with("agent", directory.person_name(agency.agent))
        .with("from", rules::spoken(agency.principal, agency.valid_from, directory))
        .with("to", rules::spoken(agency.principal, agency.until(), directory));
    hanlin_notify::tell(tx, &[agency.agent, agency.principal], &notice)
}

/// To the millisecond, which is what is stored.
fn to_the_millisecond(at: Timestamp) -> Result<Timestamp> {
    Timestamp::from_millisecond(at.as_millisecond()).map_err(Error::internal)
}

/// Who does the tasks of this person now and later, in whatever flows.
pub(crate) fn acting_for(tx: &mut Tx, principal: PersonId) -> Result<Vec<ActingThen>> {
    let now = tx.now();
    let standing = store::standing(tx)?;
    let then = |agency: &Agency| ActingThen { person: agency.agent, from: agency.valid_from, until: agency.until() };
    let mut deciding: Vec<ActingThen> =
        standing.of_principal(principal, now).filter(|agency| agency.may_decide).map(then).collect();
    // The latest first.
    deciding.reverse();
    Ok(deciding)
}
