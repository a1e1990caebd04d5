//! A disk that loses its power: of all that was written, it has what was synced, and at most by chance some of the rest.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::ledger::Instant;
use super::recording::{Call, Change};
use crate::chance::Chance;

/// What becomes of writes that were not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsynced {
    Dropped,
    /// Each write reached the disk or not, in whatever order.
    ByChance,
}

type File = usize;

/// Files by number and names for them, as programs see them and as the disk has them.
#[derive(Default)]
pub(crate) struct Disk {
    files: Vec<Content>,
    names: BTreeMap<PathBuf, File>,
    synced_names: BTreeMap<PathBuf, File>,
    /// Syncs that began and have not ended: how many writes of the file, or which names of the folder, they cover.
    syncing: HashMap<usize, Covered>,
}

#[derive(Default)]
struct Content {
    synced: Vec<u8>,
    unsynced: Vec<Piece>,
    /// How many were synced before them.
    n_synced: usize,
    /// As programs see it.
    length: u64,
    is_folder: bool,
}

#[derive(Clone)]
enum Piece {
    Write { offset: u64, bytes: Vec<u8> },
    Resize(u64),
}

enum Covered {
    Pieces(File, usize),
    Names(PathBuf, BTreeMap<PathBuf, File>),
}

impl Piece {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Piece::Resize(length) => content.resize(*length as usize, 0),
            Piece::Write { offset, bytes } => {
                let (start, end) = (*offset as usize, *offset as usize + bytes.len());
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[start..end].copy_from_slice(bytes);
            }
        }
    }
}

/// Plays the calls and shows the disk at each of the moments, which are in order.
pub(crate) fn replay(
    calls: &[Call],
    moments: &[Instant],
    mut show: impl FnMut(usize, &Disk) -> Result<()>,
) -> Result<()> {
    // A change counts from its end. A sync covers what had ended when it began, and counts from its end.
    let mut steps: Vec<(Instant, bool, usize)> = Vec::new();
    for (n_call, call) in calls.iter().enumerate() {
        if matches!(call.change, Change::Sync { .. }) {
            steps.push((call.began, true, n_call));
        }
        steps.push((call.ended, false, n_call));
    }
    steps.sort();
    let mut disk = Disk::default();
    let mut steps = steps.into_iter().peekable();
    for (n_moment, moment) in moments.iter().enumerate() {
        while let Some((_, begins, n_call)) = steps.next_if(|(at, ..)| at <= moment) {
            let call = &calls[n_call];
            match &call.change {
                Change::Sync { path } if begins => disk.begin_sync(n_call, path),
                Change::Sync { .. } => disk.end_sync(n_call),
                change => {
                    disk.change(change).with_context(|| format!("{call:?}").chars().take(300).collect::<String>())?
                }
            }
        }
        show(n_moment, &disk)?;
    }
    Ok(())
}

impl Disk {
    fn change(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Open { path, create, truncate } => match self.names.get(path) {
                Some(&file) if *truncate => self.add(file, Piece::Resize(0)),
                None if *create => {
                    self.files.push(Content::default());
                    self.names.insert(path.clone(), self.files.len() - 1);
                }
                _ => {}
            },
            Change::MakeFolder { path } => {
                self.files.push(Content { is_folder: true, ..Content::default() });
                self.names.insert(path.clone(), self.files.len() - 1);
            }
            Change::Write { path, offset, bytes } => {
                let file = self.find(path)?;
                let offset = offset.unwrap_or(self.files[file].length);
                self.add(file, Piece::Write { offset, bytes: bytes.clone() });
            }
            Change::Resize { path, length } => {
                let file = self.find(path)?;
                self.add(file, Piece::Resize(*length));
            }
            Change::Rename { from, to } => {
                let file = self.names.remove(from).with_context(|| format!("{} is not there", from.display()))?;
                self.names.insert(to.clone(), file);
            }
            Change::Link { from, to } => {
                let file = self.find(from)?;
                self.names.insert(to.clone(), file);
            }
            Change::Remove { path } => {
                self.names.remove(path);
            }
            Change::Sync { .. } => {}
        }
        Ok(())
    }

    fn add(&mut self, file: File, piece: Piece) {
        let content = &mut self.files[file];
        content.length = match &piece {
            Piece::Resize(length) => *length,
            Piece::Write { offset, bytes } => content.length.max(offset + bytes.len() as u64),
        };
        content.unsynced.push(piece);
    }

    fn find(&self, path: &Path) -> Result<File> {
        self.names.get(path).copied().with_context(|| format!("{} is not there", path.display()))
    }

    fn begin_sync(&mut self, sync: usize, path: &Path) {
        let covered = match self.names.get(path) {
            Some(&file) if !self.files[file].is_folder => {
                Covered::Pieces(file, self.files[file].n_synced + self.files[file].unsynced.len())
            }
            // The data folder itself is there from the beginning and has no name in it.
            _ => {
                let within = self.names.iter().filter(|(name, _)| name.parent() == Some(path));
                Covered::Names(path.to_owned(), within.map(|(name, file)| (name.clone(), *file)).collect())
            }
        };
        self.syncing.insert(sync, covered);
    }

    fn end_sync(&mut self, sync: usize) {
        match self.syncing.remove(&sync) {
            Some(Covered::Pieces(file, count)) => {
                let content = &mut self.files[file];
                // Another sync of the same file may have ended in between.
                let count = count.saturating_sub(content.n_synced);
                content.n_synced += count;
                for piece in content.unsynced.drain(..count) {
                    piece.apply(&mut content.synced);
                }
            }
            Some(Covered::Names(folder, names)) => {
                self.synced_names.retain(|name, _| name.parent() != Some(&folder));
                self.synced_names.extend(names);
            }
            None => {}
        }
    }

    /// Writes what the disk has into a fresh folder: `from` is the folder that was recorded.
    pub(crate) fn save(&self, from: &Path, to: &Path, unsynced: Unsynced, chance: &mut Chance) -> Result<()> {
        fs::create_dir_all(to)?;
        for (name, &file) in &self.synced_names {
            let content = &self.files[file];
            let place = to.join(name.strip_prefix(from).context("a name outside the folder")?);
            if content.is_folder {
                fs::create_dir_all(&place)?;
                continue;
            }
            let mut bytes = content.synced.clone();
            if unsynced == Unsynced::ByChance {
                content.unsynced.iter().filter(|_| chance.percent(50)).for_each(|piece| piece.apply(&mut bytes));
            }
            // A file whose folder has no synced name is lost with the folder.
            if place.parent().is_some_and(Path::exists) {
                fs::write(&place, bytes).with_context(|| format!("cannot write {}", place.display()))?;
            }
        }
        Ok(())
    }
}
