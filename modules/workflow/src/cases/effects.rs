//! 效果: what a decided case does in modules, in the unit of the decision (FLOW-40).
//!
//! Each effect runs as a part that can fail alone: a refusal leaves nothing of it, the decision stands, and whoever executes
//! is asked. What came of each is kept in a table of its own, for the modules that will look for what was only declared.

use hanlin_kernel::{Actor, Error, Result, Text};
use hanlin_store::{FromRow, Json, Row, Tx, params};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    actions::{step, world_of},
    events::EffectUndone,
    follow_ups,
    model::{CaseId, StoredCase},
    store,
};
use crate::{
    agency::Wearing,
    effects::{Asked, Effect, MadeBy, Opens, Outcome, Standing, Undo, catalogue},
    engine::{
        self, Arrival, Awaiting, Command, EffectState, Intent, Made, Reason, Values,
        case::{Activation, ActivationNo},
        facts::Acting,
        fits_results,
    },
};

/// 效果, on the page of its case. The values it was given stand in the form, for whoever may read them there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EffectView {
    /// Which visit of a node asked for it.
    pub activation: u32,
    pub node: String,
    /// Its name in the catalogue.
    pub effect: String,
    pub name: Text,
    /// What was done, where that is less than its name says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did: Option<Text>,
    /// The module that it belongs to.
    pub module: Text,
    /// `done`, `declared` (recorded, the module is not there yet), `refused` or `by_hand`.
    pub state: String,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What it made; with its address for those only who may open it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub settled_at: Option<Timestamp>,
    /// When it was taken back, because the case was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undone_at: Option<Timestamp>,
}

/// What a case that is revoked has done, and what becomes of it then: a revocation undoes nothing by itself (FLOW-24).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct StandingEffect {
    #[serde(flatten)]
    pub effect: EffectView,
    pub standing: Standing,
}

/// After a command: what is due happens, one after the other, before anybody can do anything else.
pub(super) fn perform(tx: &mut Tx, case: StoredCase) -> Result<()> {
    let mut case = case;
    while let Some(visit) = case.state.due_effect() {
        // As it is stored: what was saved counts one version more.
        case = store::find(tx, case.id)?;
        let arrival = attempt(tx, &case, visit)?;
        let initiator = case.state.initiator.person;
        let command = Command::of_system(Acting::person(initiator), Intent::Arrived { activation: visit, arrival });
        case = step(tx, &Wearing::himself(&Actor::person(initiator)), case, command)?.0;
    }
    Ok(())
}

/// What comes of doing it.
fn attempt(tx: &mut Tx, case: &StoredCase, visit: ActivationNo) -> Result<Arrival> {
    let Some(Awaiting::Effect { effect, values, .. }) = case.state.activation(visit).and_then(Activation::awaits)
    else {
        return Err(Error::internal("an effect that is due is awaited"));
    };
    if let Some(made) = made_before(tx, case, visit)? {
        return Ok(Arrival::Done { made, values: Values::new() });
    }
    let Some(run) = tx.ports().of::<Effect>().find(|known| known.name == effect).map(|known| known.run) else {
        return Ok(Arrival::Declared);
    };
    let asked = Asked {
        case: case.id,
        number: case.number.clone(),
        title: case.title.clone(),
        node: case.state.activation(visit).map(|visit| visit.node.clone()).unwrap_or_default(),
        initiator: case.state.initiator.principal(),
        unit: case.unit,
        values: values.clone(),
    };
    let (flow, world) = (follow_ups::flow_of(tx, case)?, world_of(tx, case)?);
    let mut unfit = None;
    let done = tx.savepoint(|tx| {
        let outcome = run(tx, &asked)?;
        if let Err(reason) = fits_results(&flow, &case.state, visit, &outcome.values, &world) {
            unfit = Some(reason);
            return Err(Error::NotFound);
        }
        Ok(outcome)
    });
    match (done, unfit) {
        (Ok(Outcome { made, values }), _) => Ok(Arrival::Done { made, values }),
        (Err(_), Some(reason)) => Ok(Arrival::Refused { reason }),
        (Err(error), None) => Ok(Arrival::Refused { reason: reason_of(error)? }),
    }
}

/// What this node made before in this case, where that still stands and it would read the same again: then it is not made
/// a second time. What is done and makes nothing (an entry, a message) is done again, as is what somebody saw to by hand.
fn made_before(tx: &mut Tx, case: &StoredCase, visit: ActivationNo) -> Result<Option<Option<Made>>> {
    let state = &case.state;
    let Some(here) = state.activation(visit) else { return Ok(None) };
    let Some(Awaiting::Effect { effect, values, .. }) = here.awaits() else { return Ok(None) };
    if catalogue().get(effect).is_none_or(|known| known.did.is_none()) {
        return Ok(None);
    }
    let earlier = state.activations.iter().rev().filter(|other| other.id < visit && other.node == here.node);
    let last = earlier.filter_map(|other| match &other.awaiting {
        Some(Awaiting::Effect { effect: name, values, state: EffectState::Done { made } }) if name == effect => {
            Some((values, made))
        }
        _ => None,
    });
    let Some(made) = last.take(1).find(|(read, _)| *read == values).map(|(_, made)| made.clone()) else {
        return Ok(None);
    };
    let by = MadeBy { case: case.id, node: here.node.clone() };
    Ok((standing(tx, effect, &by)? != Standing::Gone).then_some(made))
}

/// How what this effect made there stands: as its module says, else it stands.
fn standing(tx: &mut Tx, effect: &str, by: &MadeBy) -> Result<Standing> {
    match undo_of(tx, effect) {
        Some(known) => (known.standing)(tx, by),
        None => Ok(Standing::Firm),
    }
}

fn undo_of(tx: &Tx, effect: &str) -> Option<Undo> {
    tx.ports().of::<Undo>().find(|known| known.name == effect).copied()
}

/// A "no" in words. A fault of the machine is none: the whole unit fails, and can be tried again.
fn reason_of(error: Error) -> Result<Reason> {
    match error {
        Error::Refused(refusal) => {
            let reason = Reason::new(&refusal.code);
            Ok(refusal.args.into_iter().fold(reason, |reason, (name, value)| reason.with(&name, value)))
        }
        Error::Invalid(fields) => Ok(Reason::new("workflow.effect_incomplete").of_fields(&fields)),
        Error::NotFound | Error::Stale => Ok(Reason::new("workflow.effect_of_nothing")),
        Error::Forbidden(_) => Ok(Reason::new("workflow.effect_forbidden")),
        other => Err(other),
    }
}

/// Keeps what stands at each visit that asks for an effect, where it changed.
pub(super) fn note(tx: &mut Tx, case: &StoredCase, before: &engine::Case) -> Result<()> {
    for visit in &case.state.activations {
        let Some(awaiting @ Awaiting::Effect { effect, values, state }) = &visit.awaiting else { continue };
        if before.activation(visit.id).and_then(|visit| visit.awaiting.as_ref()) == Some(awaiting) {
            continue;
        }
        let (reason, made) = match state {
            EffectState::Refused { reason } => (Some(reason), None),
            EffectState::Done { made } => (None, made.as_ref()),
            _ => (None, None),
        };
        let settled = matches!(state, EffectState::Done { .. } | EffectState::Declared | EffectState::ByHand);
        let settled_at = settled.then_some(case.updated_at);
        tx.queue(
            "insert into workflow_effect (case_id, activation, node, effect, given, state, reason, made, asked_at, \
             settled_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (case_id, activation) do update \
             set state = excluded.state, reason = excluded.reason, made = excluded.made, \
             settled_at = excluded.settled_at",
            params![
                case.id,
                visit.id.0,
                visit.node,
                effect,
                Json(values),
                state.word(),
                reason.map(Json),
                made.map(Json),
                visit.opened_at,
                settled_at,
            ],
        )?;
    }
    Ok(())
}

impl FromRow for EffectView {
    fn from_row(row: &Row) -> Result<Self> {
        let effect: String = row.get("effect")?;
        let known = catalogue().get(&effect);
        Ok(Self {
            activation: row.get("activation")?,
            node: row.get("node")?,
            name: known.map(|known| known.name.clone()).unwrap_or_else(|| Text::zh(effect.clone())),
            did: known.and_then(|known| known.did.clone()),
            module: known.map(|known| known.module.clone()).unwrap_or_default(),
            effect,
            state: row.get("state")?,
            reason: row.get::<Option<Json<Reason>>>("reason")?.map(|json| json.0),
            made: row.get::<Option<Json<Made>>>("made")?.map(|json| json.0),
            asked_at: row.get("asked_at")?,
            settled_at: row.get("settled_at")?,
            undone_at: row.get("undone_at")?,
        })
    }
}

/// Was this case approved to its end? One that is not there was not.
pub fn is_completed(tx: &mut Tx, case: CaseId) -> Result<bool> {
    Ok(status_of(tx, case)?.as_deref() == Some("completed"))
}

/// Did those who had approved this case approve that it counts no longer?
pub fn is_revoked(tx: &mut Tx, case: CaseId) -> Result<bool> {
    Ok(status_of(tx, case)?.as_deref() == Some("revoked"))
}

fn status_of(tx: &mut Tx, case: CaseId) -> Result<Option<String>> {
    tx.maybe_scalar("select status from workflow_case where id = $1", params![case])
}

/// What the case did, in the order in which it came there.
pub(super) fn views(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Vec<EffectView>> {
    let sql = "select * from workflow_effect where case_id = $1 order by activation";
    let mut views: Vec<EffectView> = tx.all(sql, params![case])?;
    for made in views.iter_mut().filter_map(|view| view.made.as_mut()) {
        made.link = match made.link.take() {
            Some(link) if opens(tx, actor, &link)? => Some(link),
            _ => None,
        };
    }
    Ok(views)
}

/// What a case has done that a revocation does not undo by itself, each once; for whoever reads of the revocation. What
/// was refused was not done, and what was done anew is told as it was done last.
pub(super) fn standing_of(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Vec<StandingEffect>> {
    let views = views(tx, actor, case)?;
    let last = |view: &EffectView| !views.iter().any(|later| later.activation > view.activation && same(view, later));
    let done = views.iter().filter(|view| matches!(view.state.as_str(), "done" | "declared" | "by_hand") && last(view));
    done.cloned()
        .map(|effect| {
            let by = MadeBy { case, node: effect.node.clone() };
            let standing = match (effect.undone_at, effect.state.as_str()) {
                (Some(_), _) => Standing::Gone,
                (None, "done") => standing(tx, &effect.effect, &by)?,
                _ => Standing::Firm,
            };
            Ok(StandingEffect { effect, standing })
        })
        .collect()
}

/// Is it the same thing, done at a later visit?
fn same(view: &EffectView, later: &EffectView) -> bool {
    later.node == view.node && later.effect == view.effect && later.state == "done"
}

/// The case was revoked: what nobody put in force yet is taken back, by its modules. What they refuse stands, as does all
/// else; whoever reads of the revocation is told, and by its module whoever has to do with what stands.
pub(super) fn undo_all(tx: &mut Tx, case: CaseId, by_case: CaseId) -> Result<()> {
    let sql = "select distinct node, effect from workflow_effect where case_id = $1 and state = 'done' \
               and undone_at is null order by node, effect";
    for row in tx.rows(sql, params![case])? {
        let (node, effect): (String, String) = (row.get("node")?, row.get("effect")?);
        let by = MadeBy { case, node };
        let Some(known) = undo_of(tx, &effect) else { continue };
        let undone = match (known.standing)(tx, &by)? {
            Standing::Gone => continue,
            Standing::Firm => false,
            Standing::Loose => match tx.savepoint(|tx| (known.undo)(tx, &by)) {
                Ok(()) => true,
                // A fault of the machine undoes the whole unit; a "no" leaves it standing.
                Err(error) => reason_of(error).map(|_| false)?,
            },
        };
        if !undone {
            (known.stays)(tx, &by)?;
            continue;
        }
        let now = tx.now();
        tx.exec(
            "update workflow_effect set undone_at = $4 where case_id = $1 and node = $2 and effect = $3 \
             and state = 'done'",
            params![case, by.node, effect, now],
        )?;
        tx.record(EffectUndone { case, node: by.node, effect, by_case });
    }
    Ok(())
}

fn opens(tx: &mut Tx, actor: &Actor, link: &str) -> Result<bool> {
    let known = tx.ports().of::<Opens>().find(|known| link.starts_with(known.under)).copied();
    known.map_or(Ok(true), |known| (known.may_open)(tx, actor, link))
}
