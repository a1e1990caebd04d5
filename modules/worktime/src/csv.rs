//! Reads the entries of a holiday year from CSV text, as spreadsheet programs write it.

use std::collections::BTreeMap;

use hanlin_kernel::{FieldError, Text};
use jiff::civil::Date;

use crate::{Entry, PublicKind};

/// The entries of a CSV text. The first line names the columns, in any order: `from`, `to` (may be absent or empty),
/// `kind` (`off` or `work`), `name`, `name_en` (may be absent or empty); or 开始、结束、类型、名称、英文名称.
/// Dates are `2027-01-01` or, as spreadsheets make of it, `2027/1/1`.
///
/// `Err`: every fault with its line, so that all can be mended at once.
pub fn entries_from_csv(text: &str) -> Result<Vec<Entry>, Vec<FieldError>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, header)) = lines.next() else {
        return Err(vec![FieldError::new("csv", "worktime.csv_empty")]);
    };
    let columns = Columns::of(&cells(header))?;
    let mut entries = Vec::new();
    let mut faults = Vec::new();
    for (index, line) in lines {
        match columns.entry(&cells(line)) {
            Ok(entry) => entries.push(entry),
            Err(mut fault) => {
                fault.field = format!("csv line {}", index + 1);
                faults.push(fault);
            }
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

struct Columns {
    from: usize,
    to: Option<usize>,
    kind: usize,
    name: usize,
    name_en: Option<usize>,
}

impl Columns {
    fn of(header: &[String]) -> Result<Self, Vec<FieldError>> {
        let places: BTreeMap<&str, usize> = header.iter().enumerate().map(|(at, name)| (name.trim(), at)).collect();
        let find = |english: &str, chinese: &str| places.get(english).or_else(|| places.get(chinese)).copied();
        let must = |english: &str, chinese: &str| {
            let missing = || FieldError::new("csv", "worktime.csv_column_missing").with("column", english);
            find(english, chinese).ok_or_else(missing)
        };
        match (must("from", "开始"), must("kind", "类型"), must("name", "名称")) {
            (Ok(from), Ok(kind), Ok(name)) => {
                Ok(Self { from, to: find("to", "结束"), kind, name, name_en: find("name_en", "英文名称") })
            }
            (from, kind, name) => Err([from, kind, name].into_iter().filter_map(Result::err).collect()),
        }
    }

    fn entry(&self, cells: &[String]) -> Result<Entry, FieldError> {
        let cell = |place: usize| cells.get(place).map_or("", |cell| cell.trim());
        let filled = |place: Option<usize>| place.map(cell).filter(|cell| !cell.is_empty());
        Ok(Entry {
            from: date(cell(self.from))?,
            to: filled(self.to).map(date).transpose()?,
            kind: kind(cell(self.kind))?,
            name: Text { zh: cell(self.name).to_owned(), en: filled(self.name_en).map(str::to_owned) },
        })
    }
}

fn date(text: &str) -> Result<Date, FieldError> {
    let wrong = || FieldError::new("csv", "worktime.csv_not_a_date").with("text", text);
    let mut parts = text.split(['-', '/']);
    let mut number = |longest: usize| {
        let digits = parts.next().filter(|part| (1..=longest).contains(&part.len()))?;
        if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse::<i16>().ok() } else { None }
    };
    let (year, month, day) = (number(4), number(2), number(2));
    match (year, month, day, parts.next()) {
        (Some(year), Some(month), Some(day), None) => Date::new(year, month as i8, day as i8).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

fn kind(text: &str) -> Result<PublicKind, FieldError> {
    match text {
        "off" | "放假" | "休" => Ok(PublicKind::Off),
        "work" | "调休上班" | "上班" | "班" => Ok(PublicKind::Work),
        _ => Err(FieldError::new("csv", "worktime.csv_not_a_kind").with("text", text)),
    }
}

/// The cells of one line; a quoted cell may hold commas and doubled quotes (RFC 4180, without line breaks in cells).
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().expect("there is always a cell being read");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            letter => cell.push(letter),
        }
    }
    cells
}
