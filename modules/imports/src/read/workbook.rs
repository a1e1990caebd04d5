//! XLSX. Its parts are unpacked once to nowhere, to know how large they get, before anything is kept of them.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use hanlin_kernel::Result;

use super::{Content, Gathering, LARGEST_UNPACKED, MOST_COLUMNS, finish, tidy};
use crate::refusal::Refusal;

const MOST_PARTS: usize = 1_000;
const MOST_TABLES: usize = 20;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Content>> {
    weigh(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut counted = 0;
    let mut tables = Vec::new();
    for name in workbook.sheet_names().into_iter().take(MOST_TABLES) {
        let mut table = Gathering::new(&name);
        match gather(&mut workbook, &name, &mut table, &mut counted) {
            // A chart on a sheet of its own is no table.
            Err(Trouble::File(XlsxError::NotAWorksheet(_))) => continue,
            Err(Trouble::File(error)) => return Err(unreadable(error).into()),
            Err(Trouble::Refused(error)) => return Err(error),
            Ok(()) => {}
        }
        if table.headings.is_some() {
            for merged in workbook.merge_cells_by_sheet_name(&name).map_err(unreadable)? {
                table.fault(merged.start.0 + 1, merged.start.1, "imports.merged", |fault| fault);
            }
        }
        tables.push(table);
    }
    finish(tables, counted)
}

/// Refuses what would unpack to more than is bearable, whatever it says of itself.
fn weigh(bytes: &[u8]) -> Result<(), Refusal> {
    let too_large = || Refusal::UnpacksTooLarge { limit_mb: LARGEST_UNPACKED / 1024 / 1024 };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::NotASpreadsheet)?;
    if archive.len() > MOST_PARTS {
        return Err(too_large());
    }
    let mut left = LARGEST_UNPACKED;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| Refusal::NotASpreadsheet)?;
        if part.size() > left {
            return Err(too_large());
        }
        let unpacked = std::io::copy(&mut (&mut part).take(left + 1), &mut std::io::sink());
        let unpacked = unpacked.map_err(|_| Refusal::NotASpreadsheet)?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

enum Trouble {
    File(XlsxError),
    Refused(hanlin_kernel::Error),
}

impl From<XlsxError> for Trouble {
    fn from(error: XlsxError) -> Self {
        Self::File(error)
    }
}

/// Reads the cells as they come: a sheet that claims a million columns costs nothing.
fn gather(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    table: &mut Gathering,
    counted: &mut u64,
) -> Result<(), Trouble> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let (mut line, mut cells): (u32, Vec<String>) = (0, Vec::new());
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        let (row, column) = cell.pos;
        if row != line {
            table.push(line + 1, std::mem::take(&mut cells), counted).map_err(Trouble::Refused)?;
            line = row;
        }
        match &cell.value {
            DataRef::Error(error) => {
                let what = error.to_string();
                table.fault(row + 1, column, "imports.cell_error", |fault| fault.with("what", what));
            }
            value if cell.formula.is_some() && shown(value).is_empty() => {
                table.fault(row + 1, column, "imports.formula", |fault| fault);
            }
            value => {
                let text = shown(value);
                if text.is_empty() {
                    continue;
                }
                if u64::from(column) >= MOST_COLUMNS {
                    let refusal = Refusal::TooManyColumns { table: name.to_owned(), limit: MOST_COLUMNS };
                    return Err(Trouble::Refused(refusal.into()));
                }
                let column = column as usize;
                cells.resize(cells.len().max(column + 1), String::new());
                cells[column] = text;
            }
        }
    }
    table.push(line + 1, cells, counted).map_err(Trouble::Refused)
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(number) => number.to_string(),
        // A telephone number that a spreadsheet took for a number: no point, no exponent.
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => tidy(text),
        DataRef::SharedString(text) => tidy(text),
    }
}

fn unreadable(_: XlsxError) -> Refusal {
    Refusal::NotASpreadsheet
}
