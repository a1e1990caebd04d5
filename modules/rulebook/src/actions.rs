use hanlin_kernel::{Actor, Error, Id, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    events::Event,
    model::{Clause, ClauseId, Mode, Parameters, Provision, Refusal},
    policy::{self, MANAGE},
    presets::{self, Preset},
    rules, snapshot, store,
};

const LONGEST_NUMBER: usize = 60;

/// Writes a new clause for a unit.
pub fn add_clause(tx: &mut Tx, actor: &Actor, unit: UnitId, number: String, provision: Provision) -> Result<Clause> {
    require_manage(tx, actor, unit)?;
    rules::from_now_on(&provision, tx.now())?;
    let clause = Clause { id: Id::new(), unit, number: checked_number(number)?, preset: None, version: 1, provision };
    add(tx, clause)
}

/// What is to change of a clause; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    pub text: Option<Text>,
    pub mode: Option<Mode>,
    /// All parameters that it is to set.
    pub parameters: Option<Parameters>,
    /// Absent: from now on.
    pub valid_from: Option<Timestamp>,
    /// Absent: until further notice. Now: it ends.
    pub valid_to: Option<Timestamp>,
    /// Why, for the trace.
    pub reason: String,
}

/// Changes what a clause says from `valid_from` on. Before that, it goes on saying what it said.
pub fn change_clause(tx: &mut Tx, actor: &Actor, id: ClauseId, version: u64, intent: Change) -> Result<Clause> {
    let clause = find_for(tx, actor, id, "change")?;
    if clause.version != version {
        return Err(Error::Stale);
    }
    let old = &clause.provision;
    let provision = Provision {
        text: intent.text.unwrap_or_else(|| old.text.clone()),
        policy: old.policy,
        mode: intent.mode.unwrap_or(old.mode),
        parameters: intent.parameters.unwrap_or_else(|| old.parameters.clone()),
        valid_from: intent.valid_from.unwrap_or_else(|| tx.now()),
        valid_to: intent.valid_to,
    };
    rules::from_now_on(&provision, tx.now())?;
    change(tx, clause, provision, intent.reason)
}

/// What loading a preset did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Loaded {
    pub added: u64,
    pub changed: u64,
}

/// Loads a preset for a unit, as somebody who may.
pub fn load_preset_for(tx: &mut Tx, actor: &Actor, unit: UnitId, name: &str) -> Result<Loaded> {
    require_manage(tx, actor, unit)?;
    load_preset(tx, unit, name)
}

/// Loads a preset as a whole: what it says comes into force now, and other clauses of the unit give way where they say
/// something on the same parameters. Loading it again changes back what was changed in its clauses, and nothing else.
pub fn load_preset(tx: &mut Tx, unit: UnitId, name: &str) -> Result<Loaded> {
    let preset = presets::preset(name).ok_or(Error::NotFound)?;
    let mut loaded = Loaded::default();
    for clause in store::list_of_unit(tx, unit)? {
        loaded.changed += u64::from(give_way(tx, clause, preset)?);
    }
    let known = store::list_of_unit(tx, unit)?;
    for wanted in &preset.clauses {
        let provision = wanted.provision(tx.now());
        let number = format!("{} {}", preset.name, wanted.number);
        match known.iter().find(|clause| clause.number == number) {
            Some(clause) if same_rule(&clause.provision, &provision) => {}
            Some(clause) => {
                change(tx, clause.clone(), provision, String::new())?;
                loaded.changed += 1;
            }
            None => {
                let preset = Some(preset.name.clone());
                add(tx, Clause { id: Id::new(), unit, number, preset, version: 1, provision })?;
                loaded.added += 1;
            }
        }
    }
    let Loaded { added, changed } = loaded;
    tx.record(Event::PresetLoaded { unit, preset: preset.name.clone(), added, changed });
    Ok(loaded)
}

/// What loading a preset would do to one clause of the unit.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PresetChange {
    pub kind: PresetChangeKind,
    pub number: String,
    pub text: Text,
    /// What it says now; absent: it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Said>,
    /// What it would say; absent: it would end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Said>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresetChangeKind {
    /// A clause of the preset that the unit does not have.
    Added,
    /// A clause of the preset that says something else now.
    Changed,
    /// Another clause that gives up what the preset says too.
    GivesWay,
    /// Another clause of which nothing would be left.
    Ends,
}

/// What a clause sets, and how it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ClauseSettings)]
pub struct Said {
    pub mode: Mode,
    pub parameters: Parameters,
}

impl From<Provision> for Said {
    fn from(provision: Provision) -> Self {
        Self { mode: provision.mode, parameters: provision.parameters }
    }
}

/// What loading a preset for a unit would change, found out by loading it and undoing that.
pub fn preview_preset_for(tx: &mut Tx, actor: &Actor, unit: UnitId, name: &str) -> Result<Vec<PresetChange>> {
    let before = store::list_of_unit(tx, unit)?;
    let after = tx.rehearse(|tx| {
        load_preset_for(tx, actor, unit, name)?;
        store::list_of_unit(tx, unit)
    })?;
    let mut changes: Vec<PresetChange> =
        after.into_iter().filter_map(|clause| difference(&before, clause, name)).collect();
    changes.sort_by(|one, other| (one.kind, &one.number).cmp(&(other.kind, &other.number)));
    Ok(changes)
}

fn difference(before: &[Clause], clause: Clause, preset: &str) -> Option<PresetChange> {
    let old = before.iter().find(|old| old.id == clause.id);
    if old.is_some_and(|old| old.version == clause.version) {
        return None;
    }
    let ends = clause.provision.valid_to.is_some_and(|to| to <= clause.provision.valid_from);
    let kind = match old {
        None => PresetChangeKind::Added,
        Some(_) if ends => PresetChangeKind::Ends,
        Some(_) if clause.number.starts_with(&format!("{preset} ")) => PresetChangeKind::Changed,
        Some(_) => PresetChangeKind::GivesWay,
    };
    let Clause { number, provision, .. } = clause;
    let text = provision.text.clone();
    let before = old.map(|old| Said::from(old.provision.clone()));
    Some(PresetChange { kind, number, text, before, after: (!ends).then(|| Said::from(provision)) })
}

/// A clause, if the actor may use this verb on it.
pub(crate) fn find_for(tx: &mut Tx, actor: &Actor, id: ClauseId, verb: &str) -> Result<Clause> {
    let clause = store::find(tx, id)?;
    let can = policy::may(actor, &binding(tx, actor)?, clause.unit);
    can.require("read", Error::NotFound)?;
    can.require(verb, Error::forbidden(MANAGE))?;
    Ok(clause)
}

/// The units whose rules bind the actor: his own and those above.
pub(crate) fn binding(tx: &mut Tx, actor: &Actor) -> Result<Vec<UnitId>> {
    let now = tx.now();
    let directory = hanlin_directory::snapshot(tx)?;
    Ok(actor.unit.map(|unit| directory.units_upwards(unit, now)).unwrap_or_default())
}

fn require_manage(tx: &mut Tx, actor: &Actor, unit: UnitId) -> Result<()> {
    let can = policy::may(actor, &binding(tx, actor)?, unit);
    can.require("read", Error::NotFound)?;
    can.require("change", Error::forbidden(MANAGE))
}

fn add(tx: &mut Tx, clause: Clause) -> Result<Clause> {
    valid(&clause.provision)?;
    refuse_clash(tx, &clause)?;
    store::insert(tx, &clause)?;
    let Clause { id, unit, number, preset, provision, .. } = clause.clone();
    tx.record(Event::ClauseAdded { clause: id, unit, number, preset, new: provision });
    Ok(clause)
}

fn change(tx: &mut Tx, clause: Clause, provision: Provision, reason: String) -> Result<Clause> {
    valid(&provision)?;
    let old = clause.provision.clone();
    let clause = Clause { version: clause.version + 1, provision, ..clause };
    refuse_clash(tx, &clause)?;
    store::supersede(tx, &clause)?;
    let Clause { id, unit, number, provision, .. } = clause.clone();
    tx.record(Event::ClauseChanged { clause: id, unit, number, old, new: provision, reason });
    Ok(clause)
}

/// Takes from a clause what a preset says too; ends it if nothing is left. Whether there was something to take.
fn give_way(tx: &mut Tx, clause: Clause, preset: &Preset) -> Result<bool> {
    let now = tx.now();
    let own = format!("{} ", preset.name);
    let over = clause.provision.valid_to.is_some_and(|to| to <= now);
    if over || (clause.preset.as_deref() == Some(&preset.name) && clause.number.starts_with(&own)) {
        return Ok(false);
    }
    let taken = preset
        .clauses
        .iter()
        .fold(clause.provision.parameters.clone(), |left, wanted| rules::without(&left, &wanted.parameters));
    if taken == clause.provision.parameters {
        return Ok(false);
    }
    let from = clause.provision.valid_from.max(now);
    let provision = if taken.is_empty() {
        Provision { valid_from: from, valid_to: Some(from), ..clause.provision.clone() }
    } else {
        Provision { parameters: taken, valid_from: from, ..clause.provision.clone() }
    };
    change(tx, clause, provision, format!("preset {}", preset.name))?;
    Ok(true)
}

fn same_rule(one: &Provision, another: &Provision) -> bool {
    let timeless = |provision: &Provision| Provision { valid_from: Timestamp::UNIX_EPOCH, ..provision.clone() };
    timeless(one) == timeless(another)
}

fn refuse_clash(tx: &mut Tx, clause: &Clause) -> Result<()> {
    let rulebook = snapshot::rulebook(tx)?;
    let others = rulebook.of_unit(clause.unit).iter().filter(|other| other.source.clause != clause.id);
    for other in others {
        if let Some(parameter) = rules::clash(&clause.provision, &other.provision) {
            return Err(Refusal::ParameterTaken { parameter, number: other.source.number.clone() }.into());
        }
    }
    Ok(())
}

fn valid(provision: &Provision) -> Result<()> {
    let faults = rules::check(provision);
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn checked_number(number: String) -> Result<String> {
    let number = number.trim().to_owned();
    match number.chars().count() {
        0 => Err(Error::invalid("number", "rulebook.number_missing")),
        length if length > LONGEST_NUMBER => Err(Error::invalid("number", "rulebook.number_too_long")),
        _ => Ok(number),
    }
}
