//! How many requests that change something are under way at once, and whose turn it is.

use std::{
    collections::VecDeque,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

/// So many where nobody looks: the writer of an embedded database commits them together.
const MANY: usize = 16;

pub(crate) struct Gate {
    /// So many while somebody looks.
    few: usize,
    /// Somebody looks until nobody has done so for this long.
    lull: Duration,
    /// One that takes longer makes way for the next before it is answered.
    pub patience: Duration,
    since: Instant,
    /// When somebody looked last, in milliseconds after `since`, plus one; 0: nobody ever did.
    looked: AtomicU64,
    line: Mutex<Line>,
}

#[derive(Default)]
struct Line {
    under_way: usize,
    waiting: VecDeque<oneshot::Sender<Place>>,
}

/// One of those under way; the next one's turn comes when it is dropped.
pub(crate) struct Place {
    /// `None`: it was given up before anybody had it.
    gate: Option<Arc<Gate>>,
}

/// Comes when it is one's turn.
pub(crate) type Turn = oneshot::Receiver<Place>;

impl Gate {
    pub(crate) fn new(few: usize, lull: Duration, patience: Duration) -> Arc<Self> {
        let (looked, line) = (AtomicU64::new(0), Mutex::default());
        Arc::new(Self { few: few.max(1), lull, patience, since: Instant::now(), looked, line })
    }

    /// Somebody only looks.
    pub(crate) fn look(&self) {
        self.looked.store(self.now() + 1, Ordering::Relaxed);
    }

    /// A place, or when there will be one.
    pub(crate) fn enter(self: &Arc<Self>) -> Result<Place, Turn> {
        let mut line = self.line();
        if line.waiting.is_empty() && line.under_way < self.bound() {
            line.under_way += 1;
            return Ok(self.place());
        }
        let (turn, comes) = oneshot::channel();
        line.waiting.push_back(turn);
        Err(comes)
    }

    fn leave(self: &Arc<Self>) {
        let mut left = 1;
        while left > 0 {
            let next = {
                let mut line = self.line();
                line.under_way -= left;
                let free = self.bound().saturating_sub(line.under_way).min(line.waiting.len());
                line.under_way += free;
                line.waiting.drain(..free).collect::<Vec<_>>()
            };
            // Who hung up meanwhile leaves at once.
            left = next.into_iter().filter_map(|turn| turn.send(self.place()).err()).map(Place::give_up).count();
        }
    }

    fn bound(&self) -> usize {
        let looked = self.looked.load(Ordering::Relaxed);
        let somebody_looks = looked > 0 && self.now().saturating_sub(looked - 1) <= millis(self.lull);
        if somebody_looks { self.few } else { MANY.max(self.few) }
    }

    fn now(&self) -> u64 {
        millis(self.since.elapsed())
    }

    fn place(self: &Arc<Self>) -> Place {
        Place { gate: Some(self.clone()) }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        // Nothing in between can panic.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    fn give_up(mut self) {
        mem::take(&mut self.gate);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(gate) = self.gate.take() {
            gate.leave();
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    // proves: OPS-09
    #[test]
    fn few_change_something_at_once_while_somebody_looks_and_many_while_nobody_does() {
        let gate = Gate::new(2, LONG, LONG);
        let mut under_way = (0..MANY).map(|n| gate.enter().unwrap_or_else(|_| panic!("{n}"))).collect::<Vec<_>>();
        assert!(gate.enter().is_err());
        gate.look();
        under_way.truncate(2);
        assert!(gate.enter().is_err());
        under_way.truncate(1);
        let looked_long_ago = Gate::new(2, Duration::ZERO, LONG);
        looked_long_ago.look();
        std::thread::sleep(Duration::from_millis(5));
        let _two = (looked_long_ago.enter().ok().unwrap(), looked_long_ago.enter().ok().unwrap());
        assert!(looked_long_ago.enter().is_ok());
    }

    // proves: OPS-09
    #[test]
    fn turns_come_in_the_order_of_arrival_and_those_who_hung_up_hold_up_nobody() {
        let gate = Gate::new(1, LONG, LONG);
        gate.look();
        let busy = gate.enter().ok().unwrap();
        let mut waiting = (0..5_000).map(|_| gate.enter().err().unwrap()).collect::<VecDeque<_>>();
        let mut first = waiting.pop_front().unwrap();
        let mut last = waiting.pop_back().unwrap();
        assert!(first.try_recv().is_err());
        drop(busy);
        let place = first.try_recv().expect("it is his turn");
        drop(waiting);
        assert!(last.try_recv().is_err());
        drop(place);
        drop(last.try_recv().expect("it is his turn"));
        assert!(gate.enter().is_ok());
    }
}
