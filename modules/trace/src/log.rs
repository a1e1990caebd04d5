//! The seal log: one JSON line for each seal, in a file outside the database that is only ever appended to (it may
//! carry the file system's append-only mark). What stands here is the truth that the database is held against.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::{disk, model::Seal};

/// No line that was ever written is longer; one is some 300 bytes.
const LONGEST_LINE: u64 = 4096;

#[derive(Clone, Debug)]
pub struct SealLog {
    path: PathBuf,
}

/// Why the log cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("the seal log {} cannot be used: {cause}", path.display())]
    Io { path: PathBuf, cause: io::Error },
    #[error("the last line of the seal log {} is no seal: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("a seal does not continue the seal log {}: another process has written to it", path.display())]
    NotTheNext { path: PathBuf },
}

/// A line of the log.
pub(crate) enum Line {
    Seal(Seal),
    /// The last one, cut off by a power failure; the next seal completes it.
    Torn,
    Unreadable(String),
}

impl SealLog {
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The last whole line; `None` if there is no file or nothing in it.
    pub(crate) fn last(&self) -> Result<Option<Seal>, LogError> {
        match File::open(&self.path) {
            Ok(mut file) => self.last_of(&mut file).map(|(seal, _)| seal),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(self.failed(cause)),
        }
    }

    /// Adds seals that continue the log; those it already has are passed over. On the disk when this returns.
    pub(crate) fn append(&self, seals: &[Seal]) -> Result<(), LogError> {
        let is_new = !self.path.exists();
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.path)
            .map_err(|cause| self.failed(cause))?;
        // Several nodes may share one log on a network folder.
        file.lock().map_err(|cause| self.failed(cause))?;
        let (last, torn) = self.last_of(&mut file)?;
        let known = last.as_ref().map_or(0, |seal| seal.number);
        let mut previous = last.map_or_else(String::new, |seal| seal.digest());
        let mut text = String::new();
        for seal in seals.iter().filter(|seal| seal.number > known) {
            if seal.previous != previous {
                return Err(LogError::NotTheNext { path: self.path.clone() });
            }
            previous = seal.digest();
            text += &serde_json::to_string(seal).expect("a seal serialises");
            text.push('\n');
        }
        if text.is_empty() {
            return self.sync(&file, is_new);
        }
        // A seal is always the same line: what a power failure has cut off is simply completed. The log is never
        // shortened, so anything else at its end gets a line of its own, for `verify` to name.
        let rest = match text.as_bytes().strip_prefix(torn.as_slice()) {
            Some(rest) => rest.to_vec(),
            None => [b"\n", text.as_bytes()].concat(),
        };
        file.write_all(&rest).map_err(|cause| self.failed(cause))?;
        self.sync(&file, is_new)
    }

    fn sync(&self, file: &File, is_new: bool) -> Result<(), LogError> {
        file.sync_all().map_err(|cause| self.failed(cause))?;
        if is_new {
            disk::sync_folder_of(&self.path).map_err(|cause| self.failed(cause))?;
        }
        Ok(())
    }

    /// All lines in order, with their numbers from 1. Holds one line at a time.
    pub(crate) fn lines(&self) -> Result<Lines, LogError> {
        let reader = match File::open(&self.path) {
            Ok(file) => Some(BufReader::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(cause) => return Err(self.failed(cause)),
        };
        Ok(Lines { log: self.clone(), reader, number: 0 })
    }

    /// The seal with this number, if the log has it.
    pub(crate) fn find(&self, number: u64) -> Result<Option<Seal>, LogError> {
        let mut lines = self.lines()?;
        while let Some((_, line)) = lines.next()? {
            if let Line::Seal(seal) = line
                && seal.number == number
            {
                return Ok(Some(seal));
            }
        }
        Ok(None)
    }

    /// The last whole line, and what stands after it without being one.
    fn last_of(&self, file: &mut File) -> Result<(Option<Seal>, Vec<u8>), LogError> {
        let mut tail = Vec::new();
        let length = file.seek(SeekFrom::End(0)).map_err(|cause| self.failed(cause))?;
        let start = length.saturating_sub(2 * LONGEST_LINE);
        file.seek(SeekFrom::Start(start)).map_err(|cause| self.failed(cause))?;
        file.read_to_end(&mut tail).map_err(|cause| self.failed(cause))?;
        let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let torn = tail.split_off(whole);
        let Some(line) = tail.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()) else {
            return Ok((None, torn));
        };
        let seal = serde_json::from_slice(line)
            .map_err(|error| LogError::Damaged { path: self.path.clone(), what: error.to_string() })?;
        Ok((Some(seal), torn))
    }

    fn failed(&self, cause: io::Error) -> LogError {
        LogError::Io { path: self.path.clone(), cause }
    }
}

pub(crate) struct Lines {
    log: SealLog,
    reader: Option<BufReader<File>>,
    number: u64,
}

impl Lines {
    pub fn next(&mut self) -> Result<Option<(u64, Line)>, LogError> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        let mut line = Vec::new();
        let length = reader.take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(|cause| self.log.failed(cause))?;
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        let read = match serde_json::from_slice(&line) {
            Ok(seal) if line.ends_with(b"\n") => Line::Seal(seal),
            Err(error) if line.ends_with(b"\n") || length as u64 == LONGEST_LINE => Line::Unreadable(error.to_string()),
            _ => Line::Torn,
        };
        Ok(Some((self.number, read)))
    }
}
