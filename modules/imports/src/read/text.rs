//! CSV, in the encodings and with the separators that spreadsheets write here.

use encoding_rs::GB18030;
use hanlin_kernel::Result;

use super::{Content, Gathering, finish, tidy};
use crate::{model::Sheet, refusal::Refusal};

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Content>> {
    let (text, certain) = decode(bytes)?;
    let separator = separator(&text);
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    let mut table = Gathering::new(name);
    let mut counted = 0;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| Refusal::NotASpreadsheet)? {
        let line = record.position().map_or(0, csv::Position::line);
        table.push(u32::try_from(line).unwrap_or(u32::MAX), record.iter().map(tidy).collect(), &mut counted)?;
    }
    let headings = table.headings.clone().unwrap_or_default();
    let known = Sheet::ALL.iter().any(|sheet| sheet.columns(&headings).iter().any(Option::is_some));
    if !certain && !known {
        // Almost any bytes can be read as GB18030: without one heading that is a word, they were something else.
        return Err(Refusal::EncodingUnknown.into());
    }
    finish(vec![table], counted)
}

/// The text, and whether its encoding is beyond doubt.
fn decode(bytes: &[u8]) -> Result<(String, bool), Refusal> {
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes {
        return Err(Refusal::EncodingUnknown);
    }
    if bytes.contains(&0) {
        return Err(Refusal::NotASpreadsheet);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), true));
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok((text.into_owned(), false)),
        None => Err(Refusal::EncodingUnknown),
    }
}

/// Whichever stands most often in the first line, outside quotes.
fn separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let mut quoted = false;
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0)];
    for letter in line.bytes() {
        quoted ^= letter == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(mark, _)| !quoted && *mark == letter) {
            *count += 1;
        }
    }
    // Of equals the last is the greatest: a comma stands last.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| mark)
}
