//! How many units of each kind are under way at once. Who reads does not stand in line behind a thousand who decide, and
//! fewer who write at once meet each other less often.

use std::{
    num::{NonZero, NonZeroUsize},
    sync::Arc,
    thread,
};

use hanlin_kernel::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// One place in a gate; free again when dropped.
pub(crate) type Place = OwnedSemaphorePermit;

/// More at once is a slip of the keyboard.
const MOST: usize = 10_000;

/// How many units of each kind whoever installs it wants at once. What he does not say follows from the connections and
/// the processors of this machine, which know nothing of a database on another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    pub writers: Option<NonZeroUsize>,
    pub readers: Option<NonZeroUsize>,
    pub background: Option<NonZeroUsize>,
}

impl Bounds {
    /// Is there a place of each kind, and are they together no more than these connections?
    pub fn fit(&self, connections: usize) -> bool {
        let said = [self.writers, self.readers, self.background].map(|places| places.map_or(1, NonZero::get));
        connections <= MOST
            && said
                .iter()
                .try_fold(0usize, |sum, places| sum.checked_add(*places))
                .is_some_and(|sum| sum <= connections)
    }

    /// Can so many read at once where one line of writers needs no bound?
    pub fn fit_readers(&self) -> bool {
        self.readers.is_none_or(|readers| readers.get() <= MOST)
    }

    /// Writers, readers and background, for a pool. No more writers than two for each processor, where nobody says
    /// otherwise: they meet each other less often, and a thousand are done sooner (docs/benchmarks.md). What nobody said
    /// gives way to what somebody said.
    fn share(&self, connections: usize) -> [usize; 3] {
        let said = |places: Option<NonZeroUsize>| places.map(NonZero::get);
        let rest = |taken: usize| connections.saturating_sub(taken).max(1);
        let [writers, readers, background] = [self.writers, self.readers, self.background].map(said);
        let others = writers.unwrap_or(1) + readers.unwrap_or(1);
        let background = background.unwrap_or_else(|| (connections / 8).clamp(1, rest(others)));
        let others = readers.unwrap_or(1) + background;
        let writers = writers.unwrap_or_else(|| (connections / 2).clamp(1, keep_busy()).min(rest(others)));
        [writers, readers.unwrap_or_else(|| rest(writers + background)), background]
    }
}

pub(crate) struct Gates {
    writers: Arc<Semaphore>,
    readers: Arc<Semaphore>,
    background: Arc<Semaphore>,
    /// Before the readers' gate, for those who come to change something and whose session is read first: as many as come
    /// at once, they fill only a part of it.
    door: Arc<Semaphore>,
    /// So many that change something at once are worth while.
    pub at_once: usize,
}

impl Gates {
    /// For a pool: together no more than there are connections, so that none waits within. A unit is mostly at work, here
    /// or in the database: one for each processor is enough for those in whose way somebody reads.
    pub fn sharing(connections: usize, bounds: Bounds) -> Self {
        let [writers, readers, background] = bounds.share(connections);
        let at_once = bounds.writers.map_or_else(processors, NonZero::get).min(writers);
        Self::new([writers, readers, background], at_once)
    }

    /// For an engine that lines up its writers itself. More readers than processors, where nobody says otherwise, because
    /// one may wait for the disk or write a long export.
    pub fn of_readers(bounds: Bounds) -> Self {
        let readers = bounds.readers.map_or((4 * processors()).max(16), NonZero::get);
        Self::new([1, readers, 1], keep_busy())
    }

    fn new([writers, readers, background]: [usize; 3], at_once: usize) -> Self {
        let of = |places: usize| Arc::new(Semaphore::new(places.max(1)));
        let door = (readers / 2).min(processors());
        Self { writers: of(writers), readers: of(readers), background: of(background), door: of(door), at_once }
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

/// So many units keep the processors busy: while one waits for the disk or for its client, another works.
fn keep_busy() -> usize {
    2 * processors()
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
            let gates = Gates::sharing(connections, Bounds::default());
            let places = places(&gates);
            let (all, writers) = (places.iter().sum::<usize>(), (connections / 2).clamp(1, 2 * processors()));
            assert!(all <= connections, "{connections}: {places:?}");
            assert_eq!((places[0], places[2]), (writers, (connections / 8).max(1)), "{connections}");
            assert!(places.iter().all(|places| *places > 0), "{connections}: {places:?}");
            let door = gates.door.available_permits();
            assert!(door > 0 && (door < places[1] || places[1] == 1), "{connections}: {door} of {places:?}");
            assert_eq!(gates.at_once, processors().min(writers), "{connections}");
        }
    }

    fn places(gates: &Gates) -> [usize; 3] {
        [&gates.writers, &gates.readers, &gates.background].map(|gate| gate.available_permits())
    }

    // proves: OPS-09
    #[test]
    fn what_is_said_of_the_gates_holds_and_the_others_give_way() {
        let each = [None, NonZero::new(1), NonZero::new(2), NonZero::new(7), NonZero::new(20)];
        let three = |n: usize| [each[n % 5], each[n / 5 % 5], each[n / 25]];
        for (connections, [writers, readers, background]) in (4..=40).flat_map(|c| (0..125).map(move |n| (c, three(n))))
        {
            let bounds = Bounds { writers, readers, background };
            if !bounds.fit(connections) {
                continue;
            }
            let gates = Gates::sharing(connections, bounds);
            let places = places(&gates);
            assert!(writers.is_none_or(|said| said.get() == gates.at_once), "{bounds:?}: {}", gates.at_once);
            assert!(places.iter().sum::<usize>() <= connections, "{bounds:?} of {connections}: {places:?}");
            for (said, place) in [writers, readers, background].into_iter().zip(places) {
                assert!(place > 0 && said.is_none_or(|said| said.get() == place), "{bounds:?}: {places:?}");
            }
        }
        let most = Bounds { writers: NonZero::new(usize::MAX), ..Bounds::default() };
        assert!(!most.fit(16) && !Bounds::default().fit(2) && !Bounds::default().fit(usize::MAX));
        assert!(!Bounds { readers: NonZero::new(usize::MAX), ..Bounds::default() }.fit_readers());
        let many = Bounds { readers: NonZero::new(40), ..Bounds::default() };
        assert_eq!(places(&Gates::of_readers(many)), [1, 40, 1]);
    }
}
