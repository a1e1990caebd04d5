use hanlin_kernel::{Error, Locale, Result};
use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};

use super::Out;
use crate::model::Sheet;

/// A sheet for each table, with its headings. Every cell is text: nothing is reckoned, no zero in front is lost.
pub(crate) fn workbook(tables: &[Out], locale: Locale) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    for out in tables {
        let sheet = workbook.add_worksheet();
        head(sheet, out.sheet, locale).map_err(Error::internal)?;
        rows(sheet, out).map_err(Error::internal)?;
    }
    workbook.save_to_buffer().map_err(Error::internal)
}

pub(super) fn head(sheet: &mut Worksheet, table: Sheet, locale: Locale) -> Result<(), XlsxError> {
    sheet.set_name(table.name(locale))?;
    let heading = Format::new().set_bold().set_background_color(Color::RGB(0x00DD_E7F0));
    let text = Format::new().set_num_format("@");
    for (column, field) in (0_u16..).zip(table.fields()) {
        sheet.set_column_format(column, &text)?;
        sheet.set_column_width(column, 16)?;
        sheet.write_string_with_format(0, column, table.heading(*field, locale), &heading)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn rows(sheet: &mut Worksheet, out: &Out) -> Result<(), XlsxError> {
    for (line, row) in (1_u32..).zip(&out.rows) {
        for (column, field) in (0_u16..).zip(out.sheet.fields()) {
            if let Some(cell) = row.get(field) {
                sheet.write_string(line, column, cell)?;
            }
        }
    }
    Ok(())
}
