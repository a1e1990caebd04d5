//! The tree's own files: what people wrote, without what was built or installed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::root::root;

/// Folders that hold nothing of ours, wherever they stand: what Git, Cargo, npm and Vite keep.
const SKIPPED_NAMES: [&str; 4] = [".git", "target", "node_modules", "dist"];
/// The same at one place each: a data folder of `hanlin serve`, what the browser journeys write.
const SKIPPED_PATHS: [&str; 2] = ["data", "e2e/out"];

/// One text file of the tree.
pub(crate) struct Source {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
    }

    /// Whether it was written by a program: generated code, snapshots, lock files.
    pub(crate) fn is_generated(&self) -> bool {
        self.path.contains(".gen.")
            || self.path.contains("/snapshots/")
            || self.path.contains("/__snapshots__/")
            || self.path.ends_with("package-lock.json")
            || self.path.ends_with("Cargo.lock")
            || self.path == "THIRD-PARTY.md"
    }

    /// Whether it is only ever compiled into tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs") || self.path.contains(".test.")
    }

    /// The module whose folder it lies in.
    pub(crate) fn module(&self) -> Option<&str> {
        self.path.strip_prefix("modules/")?.split('/').next()
    }
}

/// Every text file of the tree, in the order of paths. Pictures and other bytes that are no text are left out.
pub(crate) fn all() -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for file in files_under(root())? {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        if let Ok(text) = String::from_utf8(bytes) {
            let path = file.strip_prefix(root()).expect("found under the root").to_string_lossy().into_owned();
            sources.push(Source { path, text });
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

/// Every file under a folder, without skipped folders and links; of a file, itself.
pub(crate) fn files_under(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                if !is_skipped(&entry.path()) {
                    folders.push(entry.path());
                }
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    Ok(files)
}

/// Copies a folder, or a file, with the folders it lies in.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in files_under(from)? {
        // `join` of an empty rest, of a file itself, would end in a slash.
        let rest = file.strip_prefix(from).expect("found under it");
        let to = if rest.as_os_str().is_empty() { to.to_owned() } else { to.join(rest) };
        fs::create_dir_all(to.parent().expect("a file lies in a folder"))?;
        fs::copy(&file, &to).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

fn is_skipped(folder: &Path) -> bool {
    SKIPPED_NAMES.iter().any(|name| folder.ends_with(name))
        || SKIPPED_PATHS.iter().any(|path| folder == root().join(path))
}
