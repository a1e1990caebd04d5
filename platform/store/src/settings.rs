use std::{
    any::{Any, TypeId},
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use hanlin_kernel::{Clock, Recorded, Result, SystemClock};
use tokio::sync::Notify;

use crate::{
    engine::gates::Bounds,
    live::Live,
    tx::{Tx, Unit},
};

/// Writes trace entries inside the transaction of the change. Implemented by `trace`.
pub trait Recorder: Send + Sync + 'static {
    fn record(&self, tx: &mut Tx, entries: &[Recorded]) -> Result<()>;
}

/// No trace: for tests of the store itself.
pub struct NoRecorder;

impl Recorder for NoRecorder {
    fn record(&self, _tx: &mut Tx, _entries: &[Recorded]) -> Result<()> {
        Ok(())
    }
}

/// What a store is given once, when it opens.
pub struct Settings {
    pub clock: Arc<dyn Clock>,
    pub recorder: Arc<dyn Recorder>,
    /// The kinds of events that some consumer wants; others get no outbox row.
    pub wanted: BTreeSet<&'static str>,
    pub live: Live,
    /// Rung when something was put into the queue.
    pub queued: Arc<Notify>,
    pub memos: Memos,
    pub ports: Ports,
    pub bounds: Bounds,
}

/// What modules remember of this database in this process: snapshots, compiled flows. Caches only, never state.
#[derive(Clone, Default)]
pub struct Memos(Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>);

impl Memos {
    /// The one memo of this type, made when first asked for.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut memos = self.0.lock().expect("memos are made without panics");
        let memo = memos.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        memo.downcast().expect("filed under its own type")
    }
}

/// What higher modules hand to lower ones, by its type: implementations that a lower module asks in a unit of work.
#[derive(Clone, Default)]
pub struct Ports(HashMap<TypeId, Vec<Arc<dyn Any + Send + Sync>>>);

impl Ports {
    /// One more of this type.
    pub fn with<T: Send + Sync + 'static>(mut self, port: T) -> Self {
        self.0.entry(TypeId::of::<T>()).or_default().push(Arc::new(port));
        self
    }

    /// Those of several modules together.
    pub fn joined<'p>(all: impl IntoIterator<Item = &'p Self>) -> Self {
        let mut joined = Self::default();
        for (kind, ports) in all.into_iter().flat_map(|ports| &ports.0) {
            joined.0.entry(*kind).or_default().extend(ports.iter().cloned());
        }
        joined
    }

    /// All of this type, in the order of the modules.
    pub fn of<T: Send + Sync + 'static>(&self) -> impl Iterator<Item = &T> {
        let all = self.0.get(&TypeId::of::<T>()).into_iter().flatten();
        all.map(|port| port.downcast_ref().expect("filed under its own type"))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            recorder: Arc::new(NoRecorder),
            wanted: BTreeSet::new(),
            live: Live::default(),
            queued: Arc::default(),
            memos: Memos::default(),
            ports: Ports::default(),
            bounds: Bounds::default(),
        }
    }
}

impl Settings {
    /// Tells the rest of the process what a commit has made true.
    pub(crate) fn committed(&self, unit: &Unit) {
        if unit.scheduled || unit.recorded.iter().any(|entry| self.wanted.contains(entry.kind)) {
            self.queued.notify_waiters();
            self.queued.notify_one();
        }
        self.live.announce(&unit.recorded);
        unit.announced.iter().for_each(|event| self.live.tell(event.clone()));
    }
}
