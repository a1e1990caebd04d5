//! Files as people make them, to tables of text. Everything is bounded before it is unpacked, and what cannot be taken
//! at its word is refused at its cell.

mod text;
mod workbook;

use hanlin_kernel::{Error, FieldError, Result};

use crate::{
    columns,
    model::{Sheet, Table},
    refusal::Refusal,
};

/// The largest file that is taken.
pub const LARGEST_FILE: u64 = 20 * 1024 * 1024;
/// What a workbook may unpack to.
pub const LARGEST_UNPACKED: u64 = 300 * 1024 * 1024;
/// Rows of all tables together.
pub const MOST_ROWS: u64 = 100_000;
pub const MOST_COLUMNS: u64 = 64;
pub const LONGEST_CELL: usize = 500;
/// How many faulty cells are named before the file is given back.
const MOST_NAMED: usize = 50;
/// A row that begins with this explains the headings above it.
pub const NOTE: char = '※';

/// A table with its rows, each with the line it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    pub table: Table,
    pub rows: Vec<(u32, Vec<String>)>,
}

/// What stands in the file.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Content>> {
    let contents = match bytes {
        [] => return Err(Refusal::Empty.into()),
        [b'P', b'K', 3, 4, ..] => workbook::read(bytes)?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(Refusal::OldOrLocked.into()),
        [b'%', b'P', b'D', b'F', ..] => return Err(Refusal::NotASpreadsheet.into()),
        _ => text::read(name, bytes)?,
    };
    if contents.iter().all(|content| content.rows.is_empty()) {
        return Err(Refusal::Empty.into());
    }
    if contents.iter().all(|content| content.table.sheet.is_none()) && contents.iter().all(unknown) {
        return Err(Refusal::NothingRecognised.into());
    }
    Ok(contents)
}

/// Not one heading is known: it is not a table that could be matched by hand either.
fn unknown(content: &Content) -> bool {
    let headings = &content.table.headings;
    headings.len() < 2 || Sheet::ALL.iter().all(|sheet| sheet.columns(headings).iter().all(Option::is_none))
}

/// Gathers one table: the first line that says something is its headings.
struct Gathering {
    name: String,
    headings: Option<Vec<String>>,
    rows: Vec<(u32, Vec<String>)>,
    faults: Vec<FieldError>,
}

impl Gathering {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), headings: None, rows: Vec::new(), faults: Vec::new() }
    }

    /// One more row; `counted` is how many rows the file has so far. Rows beyond the bound are counted, not kept.
    fn push(&mut self, line: u32, mut cells: Vec<String>, counted: &mut u64) -> Result<()> {
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        let Some(first) = cells.iter().find(|cell| !cell.is_empty()) else { return Ok(()) };
        if cells.len() as u64 > MOST_COLUMNS {
            return Err(Refusal::TooManyColumns { table: self.name.clone(), limit: MOST_COLUMNS }.into());
        }
        if first.starts_with(NOTE) {
            return Ok(());
        }
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.chars().count() > LONGEST_CELL) {
            let length = cell.chars().count();
            self.fault(line, column as u32, "imports.cell_too_long", |fault| {
                fault.with("length", length).with("limit", LONGEST_CELL)
            });
        }
        if self.headings.is_none() {
            self.headings = Some(cells);
            return Ok(());
        }
        *counted += 1;
        if *counted <= MOST_ROWS {
            self.rows.push((line, cells));
        }
        Ok(())
    }

    fn fault(&mut self, line: u32, column: u32, code: &str, with: impl FnOnce(FieldError) -> FieldError) {
        if self.faults.len() < MOST_NAMED {
            let place = format!("{}!{}{line}", self.name, letters(column));
            self.faults.push(with(FieldError::new(place, code)));
        }
    }

    fn done(self) -> Content {
        let headings = self.headings.unwrap_or_default();
        Content { table: columns::recognise(&self.name, headings, self.rows.len() as u64), rows: self.rows }
    }
}

/// `A`, `B`, …, `AA`: how spreadsheets call a column, which is counted from nought here.
pub fn letters(column: u32) -> String {
    let mut left = column + 1;
    let mut name = Vec::new();
    while left > 0 {
        left -= 1;
        name.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    name.iter().rev().collect()
}

/// All tables, or every cell that keeps them from being read.
fn finish(gathered: Vec<Gathering>, counted: u64) -> Result<Vec<Content>> {
    let faults: Vec<FieldError> = gathered.iter().flat_map(|table| table.faults.clone()).take(MOST_NAMED).collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if counted > MOST_ROWS {
        return Err(Refusal::TooManyRows { rows: counted, limit: MOST_ROWS }.into());
    }
    Ok(gathered.into_iter().filter(|table| table.headings.is_some()).map(Gathering::done).collect())
}

/// A cell as text: trimmed, and without the apostrophe that keeps a spreadsheet from reckoning with it.
fn tidy(cell: &str) -> String {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.trim().to_owned(),
        _ => cell.to_owned(),
    }
}
