use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use hanlin_kernel::{Error, Result};
use hanlin_store::{Context, Db, Key};

use crate::{
    keys::{KeyError, Keys},
    log::SealLog,
    recorder::TraceRecorder,
    sealer::Sealer,
    store,
};

/// Where the two things lie that must not lie in the database. Files of the data folder, unless configured elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    pub key: PathBuf,
    pub log: PathBuf,
}

impl Places {
    pub fn in_folder(data: &Path) -> Self {
        Self { key: data.join("trace.key"), log: data.join("seals.log") }
    }
}

/// Why the trace of this database cannot be written. The server must not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the key of the trace is not at {}, but this database has a trace written with key {public_key}: put the file \
         back from its copy, or say where it is", path.display()
    )]
    KeyMissing { path: PathBuf, public_key: String },
    #[error(
        "the key in {} is not the one that the trace of this database is written with (public key {public_key}): put \
         the right file there, or say where it is", path.display()
    )]
    OtherKey { path: PathBuf, public_key: String },
}

/// Opens the trace of a migrated database: finds its key, makes one for a database that has none yet, gives it to the
/// recorder. Nothing can be recorded before.
pub async fn open(db: &Db, recorder: &Arc<TraceRecorder>, places: &Places) -> Result<Sealer> {
    let known = db.read(store::find_public_keys).await?;
    let path = places.key.clone();
    let may_be_made = known.is_empty();
    let found = tokio::task::spawn_blocking(move || find_key(&path, may_be_made)).await;
    let Some(keys) = found.map_err(Error::internal)?.map_err(Error::internal)? else {
        let public_key = known.first().cloned().unwrap_or_default();
        return Err(Error::internal(OpenError::KeyMissing { path: places.key.clone(), public_key }));
    };
    let ours = keys.public_key();
    let context = Context::default().keys(&[Key::named("trace/key")]);
    let known = db
        .write_as(context, move |tx| {
            let known = store::find_public_keys(tx)?;
            // Two nodes may start on an empty database at once: the second one's key is refused below.
            if known.is_empty() {
                store::save_public_key(tx, &ours)?;
                return Ok(vec![ours.clone()]);
            }
            Ok(known)
        })
        .await?;
    if !known.contains(&keys.public_key()) {
        let public_key = known.first().cloned().unwrap_or_default();
        return Err(Error::internal(OpenError::OtherKey { path: places.key.clone(), public_key }));
    }
    let keys = recorder.unlock(Arc::new(keys));
    Ok(Sealer::new(db.clone(), keys, SealLog::at(&places.log), recorder.clone()))
}

fn find_key(path: &Path, may_be_made: bool) -> Result<Option<Keys>, KeyError> {
    match Keys::load(path)? {
        Some(keys) => Ok(Some(keys)),
        None if may_be_made => Keys::create(path).map(Some),
        None => Ok(None),
    }
}
