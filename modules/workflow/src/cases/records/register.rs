//! What a field of related records is chosen from: the completed cases of a flow, or what a module keeps.

use hanlin_forms::form::{Field, Register as Named};
use hanlin_kernel::{Actor, Error, Result, Text};
use hanlin_store::Tx;
use serde_json::Value;

use super::{RelatedRecord, Shown};
use crate::{
    agency::Hats,
    cases::{
        actions, follow_ups, lists,
        model::{CaseId, StoredCase},
        query,
        question::Question,
        store, told,
    },
    engine::{Status, Values},
    flows::{self, Flow, FlowId},
    registers::{Record, Register},
};

/// The register of a field, as it is found here.
pub(super) enum Source {
    Cases(Flow),
    Module(Register),
    /// There is none of that name.
    Nothing,
}

impl Source {
    /// `flow`: whose form it is. A register of cases is a flow of its unit, or of the nearest above.
    pub(super) fn of(tx: &mut Tx, flow: FlowId, field: &Field) -> Result<Self> {
        Ok(match &field.of {
            Some(Named::Flow(code)) => {
                let owner = flows::find_flow(tx, flow)?.unit;
                flows::find_upwards(tx, owner, code)?.map_or(Self::Nothing, Self::Cases)
            }
            Some(Named::Kind(kind)) => {
                let lent = tx.ports().of::<Register>().find(|register| register.kind == kind);
                lent.copied().map_or(Self::Nothing, Self::Module)
            }
            None => Self::Nothing,
        })
    }

    pub(super) fn may_choose(&self, tx: &mut Tx, actor: &Actor, id: &str) -> Result<bool> {
        Ok(match self {
            Self::Cases(flow) => case_to_choose(tx, actor, flow, id)?.is_some(),
            Self::Module(register) => (register.find)(tx, actor, id)?.is_some(),
            Self::Nothing => false,
        })
    }

    /// Those in which the words are found, the youngest first.
    pub(super) fn search(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        field: &Field,
        words: &str,
        most: usize,
    ) -> Result<Vec<RelatedRecord>> {
        match self {
            Self::Cases(flow) => {
                let ids = search_cases(tx, actor, flow, field, words, most)?;
                describe_cases(tx, actor, flow, field, &ids)
            }
            Self::Module(register) => {
                let found = (register.search)(tx, actor, words, most)?;
                Ok(found.into_iter().map(|record| describe(register, field, record)).collect())
            }
            Self::Nothing => Ok(Vec::new()),
        }
    }

    /// These, as they are called and what is shown of them, as far as he may see them.
    pub(super) fn named(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        field: &Field,
        ids: &[String],
    ) -> Result<Vec<RelatedRecord>> {
        match self {
            Self::Cases(flow) => {
                let mut own = Vec::new();
                for id in ids {
                    own.extend(case_to_choose(tx, actor, flow, id)?.map(|case| case.id));
                }
                describe_cases(tx, actor, flow, field, &own)
            }
            Self::Module(register) => {
                let mut found = Vec::new();
                for id in ids {
                    found.extend((register.find)(tx, actor, id)?.map(|record| describe(register, field, record)));
                }
                Ok(found)
            }
            Self::Nothing => Ok(Vec::new()),
        }
    }

    /// What it has for the fields that it fills, as far as that is told to him. Nothing: it is not his to choose.
    pub(super) fn values(&self, tx: &mut Tx, actor: &Actor, field: &Field, id: &str) -> Result<Option<Values>> {
        let all = match self {
            Self::Cases(flow) => match case_to_choose(tx, actor, flow, id)? {
                Some(case) => Some(values_told(tx, actor, &case)?),
                None => None,
            },
            Self::Module(register) => (register.find)(tx, actor, id)?.map(|record| record.values),
            Self::Nothing => None,
        };
        let wanted = |(name, value): (String, Value)| {
            let fills = field.fill.values().any(|theirs| *theirs == name);
            fills.then(|| (name, in_chinese(value)))
        };
        Ok(all.map(|values| values.into_iter().filter_map(wanted).collect()))
    }

    /// Where he reads it.
    pub(super) fn link(&self, tx: &mut Tx, actor: &Actor, id: &str) -> Result<Option<String>> {
        match (self, id.parse()) {
            (Self::Cases(_), Ok(id)) => Ok(store::may_read(tx, actor, id)?.then(|| actions::link(id))),
            (Self::Module(register), _) => Ok((register.find)(tx, actor, id)?.and_then(|record| record.link)),
            _ => Ok(None),
        }
    }
}

/// A completed case of this flow in which he has part, or which he may query. What follows upon a case is no entry.
fn case_to_choose(tx: &mut Tx, actor: &Actor, flow: &Flow, id: &str) -> Result<Option<StoredCase>> {
    let Ok(id) = id.parse::<CaseId>() else { return Ok(None) };
    let case = match store::find(tx, id) {
        Err(Error::NotFound) => return Ok(None),
        found => found?,
    };
    let is_entry = case.flow == flow.id && case.plan.is_none() && case.state.status == Status::Completed;
    let is_his = is_entry && (query::may_query(actor, &case) || store::takes_part(tx, actor.principal(), &case)?);
    Ok(is_his.then_some(case))
}

fn search_cases(
    tx: &mut Tx,
    actor: &Actor,
    flow: &Flow,
    field: &Field,
    words: &str,
    most: usize,
) -> Result<Vec<CaseId>> {
    let told = query::fields_told(tx, actor, flow.id)?;
    let shown = told.iter().filter(|theirs| field.show.contains(&theirs.id)).map(|theirs| theirs.id.clone());
    let shown: Vec<String> = shown.collect();
    let mut question = Question::default();
    let of_flow = question.bind(flow.id);
    let part = question.bind(actor.principal());
    let part = format!("exists (select 1 from workflow_access a where a.case_id = c.id and a.person = {part})");
    let reached = match query::reached(&mut question, actor, flow.id) {
        Some(reached) => format!("({part} or {reached})"),
        None => part,
    };
    let mut holds =
        vec![format!("c.flow = {of_flow}"), "c.status = 'completed' and c.plan is null".to_owned(), reached];
    if let Some(pattern) = lists::pattern_of(words) {
        let pattern = question.bind(pattern);
        let fields = question.is_one_of("v.field", shown);
        holds.push(format!(
            "(c.search like {pattern} escape '!' or exists (select 1 from workflow_value v where v.case_id = c.id \
             and lower(v.words) like {pattern} escape '!' and {fields}))"
        ));
    }
    let limit = question.bind(most as i64);
    question.sql = format!(
        "select c.id from workflow_case c where {} order by c.submitted_at desc, c.id desc limit {limit}",
        holds.join(" and ")
    );
    tx.scalars(&question.sql, &question.params)
}

/// By what is shown of them and told to him; where nothing is, by title and number.
fn describe_cases(
    tx: &mut Tx,
    actor: &Actor,
    flow: &Flow,
    field: &Field,
    ids: &[CaseId],
) -> Result<Vec<RelatedRecord>> {
    let told = query::fields_told(tx, actor, flow.id)?;
    let shown = field.show.iter().filter_map(|name| told.iter().find(|theirs| theirs.id == *name).cloned());
    let shown: Vec<Field> = shown.collect();
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let mut cells = query::cells(tx, &shown, ids, &directory, now)?;
    let mut records = Vec::new();
    for id in ids {
        let cells = cells.remove(id).unwrap_or_default();
        let text = |theirs: &Field| cells.iter().find(|cell| cell.field == theirs.id).map(|cell| cell.text.clone());
        let mut lines: Vec<Shown> = shown
            .iter()
            .filter_map(|theirs| Some(Shown { label: theirs.label.clone(), text: text(theirs)? }))
            .collect();
        let is_named =
            shown.first().is_some_and(|first| Some(&first.id) == field.show.first() && text(first).is_some());
        let name = match is_named {
            true => lines.remove(0).text,
            false => {
                let case = store::find(tx, *id)?;
                query::with_number(&case.number, &case.title)
            }
        };
        records.push(RelatedRecord { id: id.to_string(), name, shown: lines, link: None });
    }
    Ok(records)
}

fn describe(register: &Register, field: &Field, record: Record) -> RelatedRecord {
    let columns = field.show.iter().filter_map(|name| register.columns.iter().find(|column| column.name == name));
    let shown = columns
        .filter_map(|column| Some(Shown { label: column.label(), text: in_words(record.values.get(column.name)?)? }));
    let mut lines: Vec<Shown> = shown.collect();
    let name = if lines.is_empty() { Text::zh(&record.id) } else { lines.remove(0).text };
    RelatedRecord { id: record.id, name, shown: lines, link: None }
}

fn values_told(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<Values> {
    let flow = follow_ups::flow_of(tx, case)?;
    let world = actions::world_of(tx, case)?;
    let hats = Hats::of(tx, actor)?;
    Ok(told::told(tx, actor, &hats, case, &flow, &world)?.values)
}

fn in_words(value: &Value) -> Option<Text> {
    match value {
        Value::String(text) => Some(Text::zh(text.clone())),
        Value::Object(_) => serde_json::from_value(value.clone()).ok(),
        _ => None,
    }
}

/// As a field of text has it, of what has words in both languages.
fn in_chinese(value: Value) -> Value {
    match serde_json::from_value::<Text>(value.clone()) {
        Ok(words) if value.is_object() => Value::String(words.zh),
        _ => value,
    }
}
