//! What was found, as a table for a spreadsheet.

use hanlin_api::Words;
use hanlin_kernel::{Actor, Error, Locale, PageRequest, Result, Text};
use hanlin_store::Tx;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::list::{self, QueryRow, Sought};
use crate::cases::{lists::Wanted, model::DecisiveFact};

/// So many cases fit into one file; who wants more asks for less at a time.
const MOST: usize = 10_000;

const HEADINGS: [(&str, &str); 9] = [
    ("编号", "Number"),
    ("流程", "Form"),
    ("标题", "Title"),
    ("发起人", "Initiator"),
    ("部门", "Department"),
    ("状态", "Status"),
    ("提交时间", "Submitted"),
    ("办结时间", "Finished"),
    ("要点", "Facts"),
];

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

/// CSV as spreadsheets read it: UTF-8 with its mark, lines that end as on Windows.
pub(crate) fn csv(rows: &[QueryRow], zone: &TimeZone, words: &Words, locale: Locale) -> String {
    let heading = HEADINGS.map(|(zh, en)| if locale == Locale::En { en.to_owned() } else { zh.to_owned() });
    let lines = std::iter::once(line(&heading)).chain(rows.iter().map(|row| line(&cells(row, zone, words, locale))));
    format!("\u{feff}{}", lines.collect::<String>())
}

fn cells(row: &QueryRow, zone: &TimeZone, words: &Words, locale: Locale) -> [String; 9] {
    let QueryRow { case, place_name, finished_at, cells } = row;
    let status = serde_json::to_value(case.status).ok().and_then(|word| word.as_str().map(str::to_owned));
    let status = words.say(locale, &format!("workflow.status.{}", status.unwrap_or_default()), &Map::new());
    let moment = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    // Where one form is asked for, what stands in its indexed fields is the facts.
    let facts: Vec<String> = match cells.is_empty() {
        true => case.facts.iter().map(|fact| said(fact, locale)).collect(),
        false => cells.iter().map(|cell| cell.text.in_locale(locale).to_owned()).collect(),
    };
    [
        case.number.clone(),
        case.flow_name.in_locale(locale).to_owned(),
        case.title.in_locale(locale).to_owned(),
        case.initiator.name.clone(),
        place_name.as_ref().map(|name| name.in_locale(locale).to_owned()).unwrap_or_default(),
        status,
        moment(case.submitted_at),
        finished_at.map(moment).unwrap_or_default(),
        facts.join("; "),
    ]
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

fn line(cells: &[String; 9]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// What a spreadsheet would compute is shown as it was written.
fn quoted(cell: &str) -> String {
    let plain = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    format!("\"{}\"", plain.replace('"', "\"\""))
}
