//! One snapshot for each state of the directory, shared by all units of work of the process.

use std::sync::{Arc, Mutex, PoisonError};

use hanlin_kernel::Result;
use hanlin_store::Tx;

use super::Snapshot;
use crate::store;

/// How many states are kept: the present one, the one before for readers that began earlier, and room for a process that
/// has more than one database open, as tests have.
const KEPT: usize = 4;

/// The most recently used last. Keyed by the stamp alone: equal stamps mean equal contents, in whichever database.
static CACHE: Mutex<Vec<Arc<Snapshot>>> = Mutex::new(Vec::new());

/// The organisation as this unit of work sees it. Costs one row, and a loading where the directory was changed since.
pub fn snapshot(tx: &mut Tx) -> Result<Arc<Snapshot>> {
    let stamp = store::stamp(tx)?;
    if let Some(known) = recall(&stamp) {
        return Ok(known);
    }
    let loaded = Arc::new(Snapshot::build(stamp, store::load(tx)?));
    remember(loaded.clone());
    Ok(loaded)
}

fn recall(stamp: &str) -> Option<Arc<Snapshot>> {
    let mut kept = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    let index = kept.iter().position(|snapshot| snapshot.stamp() == stamp)?;
    let known = kept.remove(index);
    kept.push(known.clone());
    Some(known)
}

fn remember(snapshot: Arc<Snapshot>) {
    let mut kept = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|other| other.stamp() != snapshot.stamp());
    kept.push(snapshot);
    if kept.len() > KEPT {
        kept.remove(0);
    }
}
