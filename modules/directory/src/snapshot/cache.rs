//! One snapshot for each state of the directory, shared by all units of work of the process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hanlin_kernel::Result;
use hanlin_store::Tx;

use super::Snapshot;
use crate::store::{self, State};

/// How many states are kept: the present one, those before for readers that began earlier, those of units of work that
/// change much, and room for a process that has more than one database open, as tests have. They share most.
const KEPT: usize = 12;

struct Known {
    state: State,
    snapshot: Arc<Snapshot>,
}

/// The most recently used last. Keyed by the stamp alone: equal stamps mean equal contents, in whichever database.
static CACHE: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// Held by who makes a snapshot: others who need it then wait for it instead of loading the same rows beside him.
static MAKING: Mutex<()> = Mutex::new(());

/// The organisation as this unit of work sees it. Costs one row; what changed since the last state that is known; and a
/// loading of everything where none is.
pub fn snapshot(tx: &mut Tx) -> Result<Arc<Snapshot>> {
    let state = store::state(tx)?;
    if let Some(known) = recall(&state.stamp) {
        return Ok(known);
    }
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = recall(&state.stamp) {
        return Ok(known);
    }
    let made = match advanced(tx, &state)? {
        Some(advanced) => advanced,
        None => Snapshot::build(state.stamp.clone(), store::load(tx)?),
    };
    let snapshot = Arc::new(made);
    remember(Known { state, snapshot: snapshot.clone() });
    Ok(snapshot)
}

/// Made out of the nearest state before that is known.
fn advanced(tx: &mut Tx, state: &State) -> Result<Option<Snapshot>> {
    let known: Vec<State> = cache().iter().map(|known| known.state.clone()).collect();
    let past = store::list_past(tx, &known)?;
    let Some(base) = past.into_iter().max_by_key(|past| past.number) else { return Ok(None) };
    let (Some(snapshot), Some(changed)) = (recall(&base.stamp), store::list_changed(tx, &base)?) else {
        return Ok(None);
    };
    let rows = store::load_changed(tx, &changed)?;
    Ok(Some(snapshot.advance(state.stamp.clone(), &changed, rows)))
}

fn cache() -> MutexGuard<'static, Vec<Known>> {
    CACHE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn recall(stamp: &str) -> Option<Arc<Snapshot>> {
    let mut kept = cache();
    let index = kept.iter().position(|known| known.state.stamp == stamp)?;
    let known = kept.remove(index);
    let snapshot = known.snapshot.clone();
    kept.push(known);
    Some(snapshot)
}

fn remember(known: Known) {
    let mut kept = cache();
    kept.retain(|other| other.state.stamp != known.state.stamp);
    kept.push(known);
    if kept.len() > KEPT {
        kept.remove(0);
    }
}
