//! 外出与代理: what a form asks for is an absence, during which somebody must act for whoever is away (TIME-12): on every
//! trip, and where it is long. From how many working days on it is long, and whether it may be taken in without an agent,
//! the rulebook says.

use hanlin_forms::form::{Field, FieldType, Period};
use hanlin_kernel::{FieldError, PersonId};
use hanlin_rulebook::{Found, Mode};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    case::Values,
    facts::{Acting, Facts, Initiator, parameter},
    model::{FieldId, Flow},
    refusal::Refusal,
    walk::Run,
};

/// 外出: the field that says from when to when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    pub field: FieldId,
    /// 出差: an agent is needed however short it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trip: bool,
}

/// Who acts for somebody, and in which time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActingThen {
    pub person: PersonId,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Exclusive.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

/// An absence as it stands in a form, and who acts meanwhile.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Away {
    pub field: FieldId,
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// It is a trip, or long.
    pub needed: bool,
    /// Somebody acts for him in all of it.
    pub covered: bool,
    pub agents: Vec<ActingThen>,
    /// Is it refused where an agent is needed and missing?
    pub refused: bool,
    /// Working days from which it is long.
    pub long_from: u64,
    #[serde(skip)]
    rule: Found<Value>,
}

impl Away {
    fn is_broken(&self) -> bool {
        self.needed && !self.covered
    }
}

/// The absence that these values ask for.
pub fn away(flow: &Flow, initiator: &Initiator, values: &Values, facts: &dyn Facts) -> Option<Away> {
    let absence = flow.settings.absence.as_ref()?;
    let field: &Field = flow.form.field(&absence.field).filter(|field| field.kind == FieldType::Period)?;
    let period = Period::of(field, values.get(&absence.field)?)?;
    let rule = facts.rule(parameter::ABSENCE_AGENT_DAYS)?;
    let long_from = rule.value.as_u64()?;
    // Where the calendar cannot count it, it counts as long.
    let days = facts.working_time(&period, initiator).map(|time| time.days);
    let is_long = days.is_none_or(|days| days >= Decimal::from(long_from));
    let (from, until) = (period.from.date, period.to.date);
    let span = span(from, until, facts);
    let meets = |one: &ActingThen| span.is_some_and(|(begins, ends)| one.from < ends && begins < one.until);
    let mut agents: Vec<ActingThen> = facts.agents_of(initiator.principal())?.into_iter().filter(meets).collect();
    agents.sort_by_key(|one| (one.from, one.until, one.person));
    let covered = span.is_some_and(|(begins, ends)| is_covered(begins, ends, &agents));
    Some(Away {
        field: absence.field.clone(),
        from,
        until,
        needed: absence.trip || is_long,
        covered,
        agents,
        refused: rule.mode == Mode::Block,
        long_from,
        rule,
    })
}

/// From when to when somebody must act. Nobody need act in what lies behind.
fn span(from: Date, until: Date, facts: &dyn Facts) -> Option<(Timestamp, Timestamp)> {
    let begins = facts.instant_of(from, Time::midnight())?.max(facts.now());
    Some((begins, facts.instant_of(until.tomorrow().ok()?, Time::midnight())?))
}

/// One after the other, without a gap.
fn is_covered(begins: Timestamp, ends: Timestamp, agents: &[ActingThen]) -> bool {
    let reached =
        agents.iter().fold(begins, |reached, one| if one.from <= reached { reached.max(one.until) } else { reached });
    reached >= ends
}

impl Run<'_> {
    /// Refuses a request for an absence without an agent, where one is needed; gives the rule that it breaks where that
    /// lets it pass.
    pub(crate) fn agent_named(&self, values: &Values) -> Result<Option<Away>, Refusal> {
        let broken = away(self.flow, &self.case.initiator, values, self.facts).filter(Away::is_broken);
        match broken {
            Some(away) if away.refused => {
                let error = FieldError::new(format!("values.{}", away.field), "workflow.absence_without_agent");
                let error = error.with("from", away.from.to_string()).with("until", away.until.to_string());
                Err(Refusal::InvalidValues { fields: vec![error.with("days", away.long_from)] })
            }
            other => Ok(other),
        }
    }

    /// The same of whoever approves it.
    pub(crate) fn agent_named_to_approve(&self) -> Result<Option<Away>, Refusal> {
        let broken = away(self.flow, &self.case.initiator, &self.case.values, self.facts).filter(Away::is_broken);
        match broken {
            Some(Away { refused: true, from, until, long_from: days, .. }) => {
                Err(Refusal::NoAgentMeanwhile { from, until, days })
            }
            other => Ok(other),
        }
    }

    pub(crate) fn note_without_agent(&mut self, by: Acting, away: Option<Away>) {
        if let Some(Away { from, until, rule, .. }) = away {
            let done = json!({ "from": from.to_string(), "until": until.to_string() });
            self.broken(by, parameter::ABSENCE_AGENT_DAYS, rule, done);
        }
    }
}
