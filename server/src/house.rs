//! Opens everything that commands and the server stand on: the folder and its lock, the database, the trace, the blobs.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, Result, anyhow, bail};
use hanlin_api::Module;
use hanlin_files::Blobs;
use hanlin_store::{Db, Location, Migration, Ports, Settings, outbox};
use hanlin_trace::{Sealer, TraceRecorder};

use crate::{config::Place, modules};

/// An open installation.
pub struct House {
    pub db: Db,
    pub modules: Vec<Module>,
    pub sealer: Arc<Sealer>,
    pub blobs: Blobs,
    /// Held as long as the process may write to the folder.
    pub lock: File,
}

impl House {
    /// Opens for writing; refuses with words when a server already holds the folder.
    pub async fn open(place: &Place) -> Result<Self> {
        place.check()?;
        let data = place.data();
        make_folder(&data)?;
        let lock = lock(&data)?;
        let modules = modules::modules();
        let migrations: Vec<Migration> = modules.iter().flat_map(|module| module.migrations).copied().collect();
        let consumers: Vec<_> = modules.iter().flat_map(|module| &module.consumers).cloned().collect();
        let recorder = Arc::new(TraceRecorder::default());
        let blobs = Blobs::open(&data.join("files")).map_err(|error| anyhow!("the blob folder: {error}"))?;
        let ports = Ports::joined(modules.iter().map(|module| &module.ports));
        let ports = ports.with(recorder.clone()).with(blobs.clone());
        let (wanted, bounds) = (outbox::wanted(&consumers), place.bounds());
        let settings = Settings { recorder: recorder.clone(), wanted, ports, bounds, ..Settings::default() };
        let location = location(place);
        let db = Db::open(&location, settings).await.map_err(|error| unopened(&location, error))?;
        db.migrate(&migrations).await.map_err(|error| anyhow!("{error}"))?;
        let sealer =
            hanlin_trace::open(&db, &recorder, &place.trace_places()).await.map_err(|error| anyhow!("{error}"))?;
        Ok(Self { db, modules, sealer: Arc::new(sealer), blobs, lock })
    }
}

impl House {
    /// Ends the engine after what waits is done.
    pub async fn close(self) -> Result<()> {
        let db = self.db;
        Ok(tokio::task::spawn_blocking(move || db.close()).await?)
    }
}

/// The database of a place.
pub fn location(place: &Place) -> Location {
    match &place.database {
        Some(url) => Location::Postgres { url: url.clone(), connections: place.connections() },
        None => Location::Sqlite(place.data().join("hanlin.db")),
    }
}

fn unopened(location: &Location, error: hanlin_kernel::Error) -> anyhow::Error {
    match (location, &error) {
        (Location::Postgres { url, .. }, hanlin_kernel::Error::Busy("store.unreachable")) => {
            anyhow!("the database {} does not answer: is it running, and may this user connect?", without_password(url))
        }
        (Location::Sqlite(path), hanlin_kernel::Error::Busy("store.read_only")) => {
            anyhow!("the database {} cannot be written: check the folder's owner and permissions", path.display())
        }
        (Location::Sqlite(path), hanlin_kernel::Error::Busy("store.disk_full")) => {
            anyhow!("the disk of {} is full: make room, then start again", path.display())
        }
        (Location::Sqlite(path), _) => anyhow!("the database {} cannot be opened: {error}", path.display()),
        (Location::Postgres { url, .. }, _) => anyhow!("{error} (database {})", without_password(url)),
    }
}

/// A database URL as it may be shown.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.split_once('@') {
        Some((user, host)) => format!("{scheme}://{}@{host}", user.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}

fn make_folder(data: &Path) -> Result<()> {
    fs::create_dir_all(data).with_context(|| {
        format!(
            "the data folder {} cannot be made: check the permissions above it, or name another with --data",
            data.display()
        )
    })?;
    // Whoever can read the folder can read everybody's paperwork.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(data)?.permissions().mode();
        if mode & 0o077 != 0 {
            fs::set_permissions(data, fs::Permissions::from_mode(0o700)).with_context(|| {
                format!("the data folder {} is open to others and is not ours to close", data.display())
            })?;
        }
    }
    Ok(())
}

/// One writer for each folder.
fn lock(data: &Path) -> Result<File> {
    let path = data.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).with_context(|| {
        format!("the data folder {} cannot be written: check its owner and permissions", data.display())
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another Hanlin is using the data folder {}: stop it first, or use another folder (--data)",
            data.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("the data folder {} cannot be locked", data.display()))
        }
    }
}
