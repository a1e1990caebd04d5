//! Stamps: what a step was done for, so that it is done again only when that changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// One number for the names and contents of all files under these paths. It need not be stable across versions of the
/// compiler: another number only means that a step is done once more.
pub(crate) fn hash(paths: &[PathBuf]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        let mut files = crate::sources::files_under(path)?;
        files.sort();
        for file in files {
            file.hash(&mut hasher);
            fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

/// Whether the step was last done for this number.
pub(crate) fn stamped(stamp: &Path, hash: u64) -> bool {
    fs::read_to_string(stamp).is_ok_and(|text| text.trim() == format!("{hash:016x}"))
}

pub(crate) fn write_stamp(stamp: &Path, hash: u64) -> Result<()> {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, format!("{hash:016x}\n")).with_context(|| format!("cannot write {}", stamp.display()))
}
