//! A case as a backup: its rows taken out of the tables as they are, and put back.

use std::collections::BTreeMap;

use hanlin_kernel::{Error, Id, Result};
use hanlin_store::{Row, Tx, Value as Cell, params};
use serde_json::Value;

use super::{
    model::{Backup, FORMAT, FileInIt, FlowAsItWas, Line},
    rules::Refusal,
    store,
};
use crate::{
    cases::{CASE, CaseId, StoredCase, stream},
    flows,
};

/// Every table with rows of a case, and which they are; the one that others point at first.
pub(crate) const TABLES: [(&str, &str); 15] = [
    ("workflow_case", "id = $1"),
    ("workflow_task", "case_id = $1"),
    ("workflow_copy", "case_id = $1"),
    ("workflow_access", "case_id = $1"),
    ("workflow_hand", "case_id = $1"),
    ("workflow_query_read", "case_id = $1"),
    ("workflow_agent_look", "case_id = $1"),
    ("workflow_link", "case_id = $1"),
    ("workflow_record", "case_id = $1"),
    ("workflow_value", "case_id = $1"),
    ("workflow_effect", "case_id = $1"),
    ("workflow_delivery", "case_id = $1"),
    ("workflow_event_wait", "case_id = $1"),
    // What it opened and what opened it; what followed upon it.
    ("workflow_call", "case_id = $1 or child = $1"),
    ("workflow_follow_up", "case_id = $1 or original = $1"),
];

/// All that is kept of this case now.
pub(super) fn of(tx: &mut Tx, case: &StoredCase, by_case: CaseId) -> Result<Backup> {
    let mut tables = BTreeMap::new();
    for (table, whose) in TABLES {
        let rows = tx.rows(&format!("select * from {table} where {whose}"), params![case.id])?;
        let mut lines = rows.iter().map(line).collect::<Result<Vec<_>>>()?;
        lines.sort_by_cached_key(|line| format!("{line:?}"));
        tables.insert(table.to_owned(), lines);
    }
    let files = hanlin_files::list_of(tx, CASE, &case.id.to_string())?;
    let file = |file: hanlin_files::File| FileInIt {
        id: file.id,
        name: file.name,
        size: file.size,
        media_type: file.media_type,
        sha256: file.sha256,
    };
    let trace = hanlin_trace::copy_stream(tx, &stream(case.id))?;
    Ok(Backup {
        format: FORMAT.to_owned(),
        case: case.id,
        number: case.number.clone(),
        title: case.title.clone(),
        by_case,
        made_at: tx.now(),
        made_by: tx.context().person,
        flow: flow_of(tx, case)?,
        tables,
        files: files.into_iter().map(file).collect(),
        trace: trace.iter().map(line).collect::<Result<_>>()?,
    })
}

fn flow_of(tx: &mut Tx, case: &StoredCase) -> Result<FlowAsItWas> {
    let flow = flows::find_flow(tx, case.flow)?;
    let (number, content, source) = flows::as_published(tx, case.flow_version)?;
    Ok(FlowAsItWas { id: flow.id, code: flow.code, version: case.flow_version, number, content, source })
}

/// Takes every row of the case out.
pub(super) fn remove(tx: &mut Tx, case: CaseId) -> Result<()> {
    for (table, whose) in TABLES.iter().rev() {
        tx.exec(&format!("delete from {table} where {whose}"), params![case])?;
    }
    Ok(())
}

/// Puts every row back.
pub(super) fn put_back(tx: &mut Tx, backup: &Backup) -> Result<()> {
    require_neighbours(tx, backup)?;
    for (table, _) in TABLES {
        for line in backup.tables.get(table).into_iter().flatten() {
            let columns: Vec<&str> = line.keys().map(String::as_str).collect();
            let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
            let cells = line.values().map(cell).collect::<Result<Vec<_>>>()?;
            let sql = format!("insert into {table} ({}) values ({})", columns.join(", "), places.join(", "));
            tx.exec(&sql, &cells)?;
        }
    }
    Ok(())
}

/// What opened it and what it opened must stand: those rows point at both.
fn require_neighbours(tx: &mut Tx, backup: &Backup) -> Result<()> {
    let calls = backup.tables.get("workflow_call").into_iter().flatten();
    let ends = calls.flat_map(|line| ["case_id", "child"].into_iter().filter_map(|end| line.get(end)?.as_str()));
    for other in ends.filter_map(|id| id.parse::<CaseId>().ok()).filter(|other| *other != backup.case) {
        if let Some(cancelled) = store::find_standing(tx, other)? {
            return Err(Refusal::RestoreFirst { number: cancelled.number }.into());
        }
    }
    Ok(())
}

/// Flags are numbers, as one of the engines has them: the other takes them so too.
fn line(row: &Row) -> Result<Line> {
    let each = |(column, cell): (&str, &Cell)| {
        let value = match cell {
            Cell::Null => Value::Null,
            Cell::Bool(flag) => Value::from(i64::from(*flag)),
            Cell::Int(number) => Value::from(*number),
            Cell::Text(text) => Value::from(text.as_str()),
            Cell::Real(_) | Cell::Bytes(_) => {
                return Err(Error::internal(format!("`{column}` holds what is not kept")));
            }
        };
        Ok((column.to_owned(), value))
    };
    row.cells().map(each).collect()
}

fn cell(value: &Value) -> Result<Cell> {
    match value {
        Value::Null => Ok(Cell::Null),
        Value::String(text) => Ok(Cell::Text(text.clone())),
        Value::Number(number) if number.is_i64() => Ok(Cell::Int(number.as_i64().unwrap_or_default())),
        _ => Err(Error::internal("a backup holds what no table does")),
    }
}

/// The ids of its attachments.
pub(super) fn file_ids(backup: &Backup) -> Vec<Id<hanlin_files::File>> {
    backup.files.iter().map(|file| file.id).collect()
}
