//! CSV that a spreadsheet opens as what it is: UTF-8 by its mark, and nothing that it would reckon with.

use hanlin_kernel::{Error, Locale, Result};

use super::Out;

pub(crate) fn csv(out: &Out, locale: Locale) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    let fields = out.sheet.fields();
    writer.write_record(fields.iter().map(|field| out.sheet.heading(*field, locale))).map_err(Error::internal)?;
    for row in &out.rows {
        let cells = fields.iter().map(|field| defused(row.get(field).map_or("", String::as_str)));
        writer.write_record(cells).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

/// What would begin a formula begins with an apostrophe; reading takes it off again.
pub(crate) fn defused(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
