//! What the cases that somebody may query name in a field, other cases and records: he chooses among these to find the cases
//! that name one. He need not be one who could name it himself; what a field names is told with the field.

use std::collections::BTreeSet;

use hanlin_forms::form::{Field, FieldType};
use hanlin_kernel::{Actor, Error, Page, Result, Text};
use hanlin_store::{Json, Row, ToValue, Tx, params};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{fields::fields_for, list::reached};
use crate::{
    cases::{
        lists::{LOOKED_THROUGH, pattern_of},
        model::CaseId,
        question::Question,
    },
    flows::FlowId,
};

/// Most names of one page.
const MOST: usize = 20;

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AskedNames {
    /// Words that are found in the name.
    pub q: Option<String>,
    /// Only this one.
    pub id: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// Another case, or a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QueryName {
    pub id: String,
    pub name: Text,
}

/// Where in the rows of a field: by which case, and which of what that names there.
type At = (CaseId, i64);

/// What this field names in the cases of a flow that he may query, the latest case first and each once on a page. A page looks
/// through so many rows and no more; what only older cases name is on one of the next, also where words are looked for.
pub(super) fn list(
    tx: &mut Tx,
    actor: &Actor,
    flow: FlowId,
    field: &str,
    asked: &AskedNames,
) -> Result<Page<QueryName>> {
    reached(&mut Question::default(), actor, flow).ok_or(Error::NotFound)?;
    let known = fields_for(tx, actor, flow)?.into_iter().find(|known| known.id == field);
    let field = known.ok_or(Error::NotFound)?;
    let after = asked.after.as_deref().map(cursor).transpose()?;
    let end = question_of_end(flow, &field, asked, after);
    let end = tx.rows(&end.sql, &end.params)?.first().map(at).transpose()?;
    let question = question(actor, flow, &field, asked, (after, end))?;
    let rows = tx.rows(&question.sql, &question.params)?;
    let words = asked.q.as_deref().unwrap_or_default().trim().to_lowercase();
    let (mut items, mut seen) = (Vec::new(), BTreeSet::new());
    for row in &rows {
        let name = read(row, &field)?;
        if is_called(&field, &name.name, &words) && seen.insert(name.id.clone()) {
            items.push((at(row)?, name));
        }
    }
    let page = Page::of(items, MOST, |((case, item), _)| format!("{case}.{item}"));
    Ok(page.map(|(_, name)| name).or_on(end.map(|(case, item)| format!("{case}.{item}"))))
}

/// How the database goes about both questions of a further page: for the test that it goes by an index.
#[cfg(test)]
pub(crate) fn name_plans(
    tx: &mut Tx,
    actor: &Actor,
    flow: FlowId,
    field: &str,
    asked: &AskedNames,
) -> Result<Vec<String>> {
    let known = fields_for(tx, actor, flow)?.into_iter().find(|known| known.id == field);
    let field = known.ok_or(Error::NotFound)?;
    let some = (CaseId::new(), 0);
    let end = question_of_end(flow, &field, asked, Some(some));
    let whole = question(actor, flow, &field, asked, (Some(some), Some(some)))?;
    [end, whole].iter().map(|question| question.plan(tx)).collect()
}

/// Where the page ends that looks through as many rows as one may.
fn question_of_end(flow: FlowId, field: &Field, asked: &AskedNames, after: Option<At>) -> Question {
    let mut question = Question::default();
    let rows = rows_of(&mut question, flow, field, asked, after);
    question.sql = format!(
        "select v.case_id, v.item from workflow_value v where {rows} order by v.case_id desc, v.item desc \
         limit 1 offset {}",
        LOOKED_THROUGH - 1
    );
    question
}

fn question(
    actor: &Actor,
    flow: FlowId,
    field: &Field,
    asked: &AskedNames,
    (after, end): (Option<At>, Option<At>),
) -> Result<Question> {
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
    let mut question = Question::default();
    let mut holds = vec![rows_of(&mut question, flow, field, asked, after)];
    holds.extend(reached(&mut question, actor, flow));
    if let Some((case, item)) = end {
        let end = question.bind_all([&case as &dyn ToValue, &item]);
        holds.push(format!("(v.case_id, v.item) >= ({end})"));
    }
    if let Some(pattern) = asked.q.as_deref().and_then(pattern_of) {
        holds.push(format!("{searched} like {} escape '!'", question.bind(pattern)));
    }
    question.sql = format!(
        "select v.case_id, v.item, v.named as id, {columns} \
         from workflow_value v join workflow_case c on c.id = v.case_id join {named} \
         where {} order by v.case_id desc, v.item desc limit {LOOKED_THROUGH}",
        holds.join(" and ")
    );
    Ok(question)
}

/// The rows of what the field names, behind those of the pages before.
fn rows_of(question: &mut Question, flow: FlowId, field: &Field, asked: &AskedNames, after: Option<At>) -> String {
    let mut holds =
        vec![format!("v.flow = {}", question.bind(flow)), format!("v.field = {}", question.bind(field.id.clone()))];
    holds.push(match asked.id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => format!("v.named = {}", question.bind(id.to_owned())),
        None => "v.named is not null".to_owned(),
    });
    if let Some((case, item)) = after {
        holds.push(format!("(v.case_id, v.item) < ({})", question.bind_all([&case as &dyn ToValue, &item])));
    }
    holds.join(" and ")
}

fn at(row: &Row) -> Result<At> {
    Ok((row.get("case_id")?, row.get("item")?))
}

/// `<case>.<item>`, as a page ends.
fn cursor(after: &str) -> Result<At> {
    let parts = after.split_once('.').and_then(|(case, item)| Some((case.parse().ok()?, item.parse().ok()?)));
    parts.ok_or_else(|| Error::invalid("after", "workflow.cursor"))
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
