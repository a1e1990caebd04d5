use std::{
    fs::{self, File as Handle},
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use hanlin_kernel::{Error, Result};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

/// Content by its SHA-256, in a folder: `blobs/ab/ab12…`. Small pictures lie in `thumbnails/`, which may be lost.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

/// Bytes being received: hashed as they come, nowhere visible until [`Blobs::keep`].
pub struct Receiving {
    file: NamedTempFile,
    digest: Sha256,
    size: u64,
    limit: u64,
    /// The beginning, from which the type is found.
    head: Vec<u8>,
}

/// Bytes that are safely in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub sha256: String,
    pub size: u64,
    pub head: Vec<u8>,
}

const HEAD: usize = 8 * 1024;

impl Blobs {
    pub fn open(folder: &Path) -> Result<Self> {
        let blobs = Self { folder: folder.to_owned() };
        for name in ["blobs", "incoming", "aside", "thumbnails"] {
            fs::create_dir_all(blobs.folder.join(name)).map_err(disk)?;
        }
        sync_folder(&blobs.folder)?;
        Ok(blobs)
    }

    pub fn receive(&self, limit: u64) -> Result<Receiving> {
        let file = NamedTempFile::new_in(self.folder.join("incoming")).map_err(disk)?;
        Ok(Receiving { file, digest: Sha256::new(), size: 0, limit, head: Vec::new() })
    }

    /// Syncs the bytes and their folder, and only then gives them their name.
    pub fn keep(&self, receiving: Receiving) -> Result<Kept> {
        let Receiving { file, digest, size, head, .. } = receiving;
        let sha256: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        file.as_file().sync_all().map_err(disk)?;
        let path = self.path(&sha256);
        let folder = path.parent().expect("a blob lies in a folder");
        let fresh = !folder.exists();
        fs::create_dir_all(folder).map_err(disk)?;
        // Equal content is put in its own place again: its age begins anew, and the sweeper leaves it alone.
        file.persist(&path).map_err(|error| disk(error.error))?;
        sync_folder(folder)?;
        if fresh {
            sync_folder(&self.folder.join("blobs"))?;
        }
        Ok(Kept { sha256, size, head })
    }

    /// Opens content; also what the sweeper has just moved aside.
    pub fn read(&self, sha256: &str) -> Result<Handle> {
        match Handle::open(self.path(sha256)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Handle::open(self.folder.join("aside").join(sha256)).map_err(disk)
            }
            opened => opened.map_err(disk),
        }
    }

    pub(crate) fn thumbnail(&self, sha256: &str) -> PathBuf {
        self.folder.join("thumbnails").join(format!("{sha256}.png"))
    }

    pub(crate) fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join("blobs").join(&sha256[..2]).join(sha256)
    }

    /// Digests of content older than this instant.
    pub(crate) fn older_than(&self, instant: SystemTime) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for folder in fs::read_dir(self.folder.join("blobs")).map_err(disk)? {
            let folder = folder.map_err(disk)?.path();
            for blob in fs::read_dir(folder).map_err(disk)? {
                let blob = blob.map_err(disk)?;
                if blob.metadata().and_then(|meta| meta.modified()).map_err(disk)? < instant {
                    found.push(blob.file_name().to_string_lossy().into_owned());
                }
            }
        }
        Ok(found)
    }

    pub(crate) fn move_aside(&self, sha256: &str) -> Result<()> {
        fs::rename(self.path(sha256), self.folder.join("aside").join(sha256)).map_err(disk)
    }

    pub(crate) fn bring_back(&self, sha256: &str) -> Result<()> {
        fs::rename(self.folder.join("aside").join(sha256), self.path(sha256)).map_err(disk)
    }

    pub(crate) fn remove_aside(&self, sha256: &str) -> Result<()> {
        fs::remove_file(self.folder.join("aside").join(sha256)).map_err(disk)?;
        match fs::remove_file(self.thumbnail(sha256)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(disk(error)),
            _ => Ok(()),
        }
    }

    /// Removes what an upload left that ended before this instant without an end.
    pub(crate) fn clear_incoming(&self, instant: SystemTime) -> Result<u64> {
        let mut removed = 0;
        for file in fs::read_dir(self.incoming()).map_err(disk)? {
            let file = file.map_err(disk)?;
            if file.metadata().and_then(|meta| meta.modified()).map_err(disk)? < instant {
                fs::remove_file(file.path()).map_err(disk)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

impl Receiving {
    /// Takes the next bytes; refuses at once when they are more than the limit.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            return Err(Error::TooLarge { limit: self.limit });
        }
        self.digest.update(bytes);
        let room = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        self.file.write_all(bytes).map_err(disk)
    }
}

/// A name is durable when its folder is.
fn sync_folder(folder: &Path) -> Result<()> {
    Handle::open(folder).and_then(|folder| folder.sync_all()).map_err(disk)
}

pub(crate) fn disk(error: io::Error) -> Error {
    tracing::error!(%error, "the blob store");
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Busy("store.disk_full"),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Error::Busy("store.read_only"),
        _ => Error::Busy("store.io"),
    }
}
