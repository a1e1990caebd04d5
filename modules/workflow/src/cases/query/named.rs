//! What the cases that somebody may query name in a field, other cases and records: he chooses among these to find the cases
//! that name one. He need not be one who could name it himself; what a field names is told with the field.

use std::collections::BTreeSet;

use hanlin_forms::form::{Field, FieldType};
use hanlin_kernel::{Actor, Error, Result, Text};
use hanlin_store::{Json, Row, Tx, params};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{fields::fields_for, list::reached};
use crate::{
    cases::{lists::pattern_of, question::Question},
    flows::FlowId,
};

/// Most names of one answer: who does not find his among them types more of it.
const MOST: usize = 20;
/// So many are looked at: one that was called differently in different cases is there more than once.
const LOOKED_AT: i64 = 100;

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AskedNames {
    /// Words that are found in the name.
    q: Option<String>,
    /// Only this one.
    id: Option<String>,
}

/// What an indexed field names, the latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QueryNames {
    pub items: Vec<QueryName>,
    /// There are more than are told.
    pub more: bool,
}

/// Another case, or a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QueryName {
    pub id: String,
    pub name: Text,
}

/// What this field names in the cases of a flow that he may query.
pub(super) fn list(tx: &mut Tx, actor: &Actor, flow: FlowId, field: &str, asked: &AskedNames) -> Result<QueryNames> {
    let mut question = Question::default();
    let reached = reached(&mut question, actor, flow).ok_or(Error::NotFound)?;
    let known = fields_for(tx, actor, flow)?.into_iter().find(|known| known.id == field);
    let field = known.ok_or(Error::NotFound)?;
    ask(&mut question, flow, &field, &reached, asked)?;
    let rows = tx.rows(&question.sql, &question.params)?;
    let words = asked.q.as_deref().unwrap_or_default().trim().to_lowercase();
    let (mut items, mut seen) = (Vec::new(), BTreeSet::new());
    for row in &rows {
        let name = read(row, &field)?;
        if is_called(&field, &name.name, &words) && seen.insert(name.id.clone()) {
            items.push(name);
        }
    }
    let more = items.len() > MOST;
    items.truncate(MOST);
    Ok(QueryNames { items, more })
}

fn ask(question: &mut Question, flow: FlowId, field: &Field, reached: &str, asked: &AskedNames) -> Result<()> {
    // A record by what it was called there, another case by what it is called.
    let (named, columns, searched) = match field.kind {
        FieldType::Record => (
            "workflow_record n on n.case_id = v.case_id and n.field = v.field and n.record = v.named",
            "n.name",
            "lower(n.name)",
        ),
        FieldType::Case => ("workflow_case n on n.id = v.named", "n.number, n.title", "n.search"),
        _ => return Err(Error::NotFound),
    };
    let mut holds = vec![
        format!("v.flow = {}", question.bind(flow)),
        format!("v.field = {}", question.bind(field.id.clone())),
        reached.to_owned(),
    ];
    if let Some(pattern) = asked.q.as_deref().and_then(pattern_of) {
        holds.push(format!("{searched} like {} escape '!'", question.bind(pattern)));
    }
    if let Some(id) = asked.id.as_deref().filter(|id| !id.is_empty()) {
        holds.push(format!("v.named = {}", question.bind(id.to_owned())));
    }
    question.sql = format!(
        "select v.named as id, {columns}, max(c.submitted_at) as at \
         from workflow_value v join workflow_case c on c.id = v.case_id join {named} \
         where {} group by v.named, {columns} order by at desc, id limit {LOOKED_AT}",
        holds.join(" and ")
    );
    Ok(())
}

fn read(row: &Row, field: &Field) -> Result<QueryName> {
    let id = row.get("id")?;
    let name = match field.kind {
        FieldType::Record => row.get::<Json<_>>("name")?.0,
        _ => with_number(&row.get::<String>("number")?, &row.get::<Json<_>>("title")?.0),
    };
    Ok(QueryName { id, name })
}

/// A record's name is kept with the names of its languages, in which nobody looks. A case is also found by what its name does
/// not say, such as its initiator's pinyin.
fn is_called(field: &Field, name: &Text, words: &str) -> bool {
    let found = |name: &str| name.to_lowercase().contains(words);
    field.kind == FieldType::Case || found(&name.zh) || name.en.as_deref().is_some_and(found)
}

/// What a case is called in a field that names it; nothing of one that is not there any more.
pub(super) fn name_of_case(tx: &mut Tx, id: &str) -> Result<Option<Text>> {
    let rows = tx.rows("select number, title from workflow_case where id = $1", params![id])?;
    let name = |row: &Row| Ok(with_number(&row.get::<String>("number")?, &row.get::<Json<_>>("title")?.0));
    rows.first().map(name).transpose()
}

/// `20261120-7F3K2A Leave · Lin Xiao`
pub(crate) fn with_number(number: &str, title: &Text) -> Text {
    let worded = |title: &str| format!("{number} {title}");
    Text { zh: worded(&title.zh), en: title.en.as_deref().map(worded) }
}
