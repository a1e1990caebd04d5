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

use tokio::{sync::oneshot, task, time};

/// So many where nobody looks: the writer of an embedded database commits them together.
const MANY: usize = 16;

pub(crate) struct Gate {
    /// So many while somebody looks.
    few: usize,
    /// Somebody looks until nobody has done so for this long.
    lull: Duration,
    /// One that takes longer makes way for the next before it is answered.
    patience: Duration,
    since: Instant,
    /// When somebody looked last, in milliseconds after `since`, plus one; 0: nobody ever did.
    looked: AtomicU64,
    line: Mutex<Line>,
}

#[derive(Default)]
struct Line {
    /// Who is under way and has not made way: by the number of his place, with the time he came in, oldest first.
    under_way: VecDeque<(u64, Instant)>,
    n_places: u64,
    waiting: VecDeque<oneshot::Sender<Place>>,
    /// Somebody sees to it that the patience has an end.
    is_watched: bool,
}

impl Line {
    fn let_in(&mut self) -> u64 {
        self.n_places += 1;
        self.under_way.push_back((self.n_places, Instant::now()));
        self.n_places
    }

    /// Whether he still counted: else he had made way before.
    fn let_out(&mut self, number: u64) -> bool {
        let at = self.under_way.iter().position(|(other, _)| *other == number);
        at.and_then(|at| self.under_way.remove(at)).is_some()
    }

    fn make_way(&mut self, patience: Duration) {
        while self.under_way.front().is_some_and(|(_, since)| since.elapsed() >= patience) {
            self.under_way.pop_front();
        }
    }
}

/// One of those under way; the next one's turn comes when it is dropped, or when the patience is over.
pub(crate) struct Place {
    number: u64,
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

    /// A place, or when there will be one. Whoever waits needs somebody who [watches](Self::watch).
    pub(crate) fn enter(self: &Arc<Self>) -> Result<Place, Turn> {
        let mut line = self.line();
        line.make_way(self.patience);
        if line.waiting.is_empty() && line.under_way.len() < self.bound() {
            let number = line.let_in();
            return Ok(self.place(number));
        }
        let (turn, comes) = oneshot::channel();
        line.waiting.push_back(turn);
        Err(comes)
    }

    /// As long as anybody waits: lets the next one in when somebody who is under way takes too long. One task for all of
    /// them, and none while nobody waits.
    pub(crate) fn watch(self: &Arc<Self>) {
        if mem::replace(&mut self.line().is_watched, true) {
            return;
        }
        let gate = self.clone();
        task::spawn(async move {
            while let Some(oldest) = gate.oldest_in_the_way() {
                time::sleep_until((oldest + gate.patience).into()).await;
                gate.admit();
            }
        });
    }

    /// Since when the first of those under way is, if anybody waits; else the watch is over.
    fn oldest_in_the_way(&self) -> Option<Instant> {
        let mut line = self.line();
        line.is_watched = !line.waiting.is_empty();
        let oldest = line.under_way.front().map_or_else(Instant::now, |(_, since)| *since);
        line.is_watched.then_some(oldest)
    }

    fn leave(self: &Arc<Self>, number: u64) {
        if self.line().let_out(number) {
            self.admit();
        }
    }

    /// Lets in as many as there is room for.
    fn admit(self: &Arc<Self>) {
        loop {
            let next = {
                let mut line = self.line();
                line.make_way(self.patience);
                let free = self.bound().saturating_sub(line.under_way.len()).min(line.waiting.len());
                let next: Vec<_> = line.waiting.drain(..free).collect();
                next.into_iter().map(|turn| (turn, line.let_in())).collect::<Vec<_>>()
            };
            // Who hung up meanwhile leaves at once.
            let turned = next.into_iter().filter_map(|(turn, number)| turn.send(self.place(number)).err());
            let gone: Vec<u64> = turned.map(Place::give_up).collect();
            if gone.is_empty() {
                return;
            }
            let mut line = self.line();
            for number in gone {
                line.let_out(number);
            }
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

    fn place(self: &Arc<Self>, number: u64) -> Place {
        Place { number, gate: Some(self.clone()) }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        // Nothing in between can panic.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    fn give_up(mut self) -> u64 {
        mem::take(&mut self.gate);
        self.number
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(gate) = self.gate.take() {
            gate.leave(self.number);
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

    // proves: OPS-09
    #[test]
    fn who_takes_too_long_makes_way_once_and_nobody_is_watched_while_nobody_waits() {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let patience = Duration::from_millis(20);
            let gate = Gate::new(1, LONG, patience);
            gate.look();
            let slow = gate.enter().ok().unwrap();
            let [first, second] = [(); 2].map(|()| {
                let turn = gate.enter().err().expect("somebody is under way");
                gate.watch();
                turn
            });
            let first = first.await.expect("the slow one made way");
            // He counts no more: that he is done now lets nobody else out.
            let number = slow.number;
            assert!(!gate.line().let_out(number));
            drop(slow);
            drop(first);
            drop(second.await.expect("it is his turn"));
            while gate.line().is_watched {
                time::sleep(patience).await;
            }
            assert!(gate.line().under_way.is_empty());
        });
    }
}
