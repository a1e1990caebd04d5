//! How many units of each kind are under way at once. Who reads does not stand in line behind a thousand who decide, and
//! fewer who write at once meet each other less often.

use std::{num::NonZero, sync::Arc, thread};

use hanlin_kernel::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// One place in a gate; free again when dropped.
pub(crate) type Place = OwnedSemaphorePermit;

pub(crate) struct Gates {
    writers: Arc<Semaphore>,
    readers: Arc<Semaphore>,
    background: Arc<Semaphore>,
    /// Before the readers' gate, for those who come to change something and whose session is read first: as many as come
    /// at once, they fill only a part of it.
    door: Arc<Semaphore>,
}

impl Gates {
    /// For a pool: together no more than there are connections, so that none waits within. No more writers than two for
    /// each processor: they meet each other less often, and a thousand are done sooner (docs/benchmarks.md).
    pub fn sharing(connections: usize) -> Self {
        let background = (connections / 8).max(1);
        let writers = (connections / 2).clamp(1, 2 * processors());
        Self::new(writers, connections.saturating_sub(writers + background), background)
    }

    /// For an engine that lines up its writers itself. More readers than processors, because one may wait for the disk or
    /// write a long export.
    pub fn of_readers() -> Self {
        Self::new(1, (4 * processors()).max(16), 1)
    }

    fn new(writers: usize, readers: usize, background: usize) -> Self {
        let of = |places: usize| Arc::new(Semaphore::new(places.max(1)));
        let door = (readers / 2).min(processors());
        Self { writers: of(writers), readers: of(readers), background: of(background), door: of(door) }
    }

    pub async fn write(&self, in_background: bool) -> Result<Place> {
        enter(if in_background { &self.background } else { &self.writers }).await
    }

    pub async fn read(&self) -> Result<Place> {
        enter(&self.readers).await
    }

    pub async fn admit(&self) -> Result<[Place; 2]> {
        Ok([enter(&self.door).await?, enter(&self.readers).await?])
    }

    pub fn close(&self) {
        for gate in [&self.writers, &self.readers, &self.background, &self.door] {
            gate.close();
        }
    }
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

async fn enter(gate: &Arc<Semaphore>) -> Result<Place> {
    gate.clone().acquire_owned().await.map_err(|_| Error::Busy("store.closed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // proves: OPS-09
    #[test]
    fn the_gates_of_a_pool_let_in_no_more_than_it_has_connections_and_some_of_each() {
        for connections in 4..=100 {
            let gates = Gates::sharing(connections);
            let places = [&gates.writers, &gates.readers, &gates.background].map(|gate| gate.available_permits());
            assert!(places.iter().sum::<usize>() <= connections, "{connections}: {places:?}");
            assert!(places.iter().all(|places| *places > 0), "{connections}: {places:?}");
            let door = gates.door.available_permits();
            assert!(door > 0 && (door < places[1] || places[1] == 1), "{connections}: {door} of {places:?}");
        }
    }
}
