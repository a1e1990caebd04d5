//! What was found, as a table for a spreadsheet.

use hanlin_api::Words;
use hanlin_kernel::{Actor, Error, Locale, PageRequest, Result, Text};
use hanlin_store::Tx;
use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::{
    fields::{QueryCell, QueryField},
    list::{self, QueryRow, Sought},
};
use crate::cases::{lists::Wanted, model::DecisiveFact};

/// So many cases fit into one file; who wants more asks for less at a time.
const MOST: usize = 10_000;

const HEADINGS: [(&str, &str); 8] = [
    ("编号", "Number"),
    ("流程", "Form"),
    ("标题", "Title"),
    ("发起人", "Initiator"),
    ("部门", "Department"),
    ("状态", "Status"),
    ("提交时间", "Submitted"),
    ("办结时间", "Finished"),
];
/// What decides a case in a few words, where forms of several kinds stand together.
const FACTS: (&str, &str) = ("要点", "Facts");

/// Every case that is found, not one page of them.
pub(crate) fn rows(tx: &mut Tx, actor: &Actor, sought: &Sought) -> Result<Vec<QueryRow>> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest { after, limit: Some(PageRequest::LARGEST) };
        let wanted = Wanted { page, ..sought.wanted.clone() };
        let page = list::cases(tx, actor, &Sought { wanted, ..sought.clone() })?;
        rows.extend(page.items);
        if rows.len() > MOST {
            return Err(Error::refused("workflow", &json!({ "code": "too_many_to_export", "most": MOST })));
        }
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

/// CSV as spreadsheets read it: UTF-8 with its mark, lines that end as on Windows. Where one form is asked for, each of its
/// indexed fields has a column.
pub(crate) fn csv(rows: &[QueryRow], fields: &[QueryField], zone: &TimeZone, words: &Words, locale: Locale) -> String {
    let in_locale = |(zh, en): (&str, &str)| if locale == Locale::En { en.to_owned() } else { zh.to_owned() };
    let of_fields: Vec<String> = fields.iter().map(|field| field.label.in_locale(locale).to_owned()).collect();
    let last = if fields.is_empty() { vec![in_locale(FACTS)] } else { of_fields };
    let heading: Vec<String> = HEADINGS.map(in_locale).into_iter().chain(last).collect();
    let of_row = |row: &QueryRow| [about(row, zone, words, locale), contents(row, fields, locale)].concat();
    let lines = std::iter::once(line(&heading)).chain(rows.iter().map(|row| line(&of_row(row))));
    format!("\u{feff}{}", lines.collect::<String>())
}

fn about(row: &QueryRow, zone: &TimeZone, words: &Words, locale: Locale) -> Vec<String> {
    let QueryRow { case, place_name, finished_at, .. } = row;
    let status = serde_json::to_value(case.status).ok().and_then(|word| word.as_str().map(str::to_owned));
    let status = words.say(locale, &format!("workflow.status.{}", status.unwrap_or_default()), &Map::new());
    let moment = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    vec![
        case.number.clone(),
        case.flow_name.in_locale(locale).to_owned(),
        case.title.in_locale(locale).to_owned(),
        case.initiator.name.clone(),
        place_name.as_ref().map(|name| name.in_locale(locale).to_owned()).unwrap_or_default(),
        status,
        moment(case.submitted_at),
        finished_at.map(moment).unwrap_or_default(),
    ]
}

fn contents(row: &QueryRow, fields: &[QueryField], locale: Locale) -> Vec<String> {
    if fields.is_empty() {
        let facts: Vec<String> = row.case.facts.iter().map(|fact| said(fact, locale)).collect();
        return vec![facts.join("; ")];
    }
    let text = |cell: &QueryCell| cell.text.in_locale(locale).to_owned();
    let of_field = |field: &QueryField| row.cells.iter().find(|cell| cell.field == field.id).map(text);
    fields.iter().map(|field| of_field(field).unwrap_or_default()).collect()
}

fn said(fact: &DecisiveFact, locale: Locale) -> String {
    let value = match &fact.value {
        Value::String(text) => text.clone(),
        Value::Object(_) => serde_json::from_value::<Text>(fact.value.clone())
            .map(|text| text.in_locale(locale).to_owned())
            .unwrap_or_default(),
        other => other.to_string(),
    };
    format!("{}: {value}", fact.label.in_locale(locale))
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// What a spreadsheet would compute is shown as it was written; a number below zero is one.
fn quoted(cell: &str) -> String {
    let computes = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<Decimal>().is_err();
    let plain = if computes { format!("'{cell}") } else { cell.to_owned() };
    format!("\"{}\"", plain.replace('"', "\"\""))
}
