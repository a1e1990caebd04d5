//! The connections that read: kept for whoever comes next, and closed when nobody does.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
};

use hanlin_kernel::Result;
use rusqlite::Connection;

use super::sqlite::connect;

/// A connection that nobody needed for so long is closed. It holds pages, the schema and prepared statements, a few
/// megabytes; to open another one takes about a millisecond.
const IDLE: Duration = Duration::from_mins(1);

pub(super) struct Readers {
    path: PathBuf,
    /// The one used last at the end, so that those at the front get old when fewer are enough.
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    connection: Connection,
    since: Instant,
}

impl Readers {
    pub fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), kept: Mutex::default() }
    }

    pub fn take(&self) -> Result<Connection> {
        let kept = self.kept.lock().expect("the pool is never held across a panic").pop();
        kept.map_or_else(|| connect(&self.path, true), |kept| Ok(kept.connection))
    }

    pub fn put(&self, connection: Connection) {
        let kept = Kept { connection, since: Instant::now() };
        self.kept.lock().expect("the pool is never held across a panic").push(kept);
    }

    /// Closes those that have been of no use for long.
    pub fn close_idle(&self, now: Instant) {
        let idle: Vec<Kept> = {
            let mut kept = self.kept.lock().expect("the pool is never held across a panic");
            let old = kept.partition_point(|kept| now.saturating_duration_since(kept.since) >= IDLE);
            kept.drain(..old).collect()
        };
        // Whoever reads meanwhile does not wait for it.
        drop(idle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(readers: &Readers) -> usize {
        readers.kept.lock().unwrap().len()
    }

    // proves: OPS-09
    #[test]
    fn connections_are_kept_while_they_are_of_use_and_closed_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hanlin.db");
        drop(connect(&path, false).unwrap());
        let readers = Readers::of(&path);
        let [first, second] = [readers.take().unwrap(), readers.take().unwrap()];
        readers.put(first);
        readers.put(second);
        let start = Instant::now();
        readers.close_idle(start);
        assert_eq!(kept(&readers), 2);

        // One is enough for what comes, and it is the one used last.
        let used = Kept { connection: readers.take().unwrap(), since: start + IDLE };
        readers.kept.lock().unwrap().push(used);
        readers.close_idle(start + IDLE);
        assert_eq!(kept(&readers), 1);
        readers.close_idle(start + 2 * IDLE);
        assert_eq!(kept(&readers), 0);
        assert_eq!(readers.take().unwrap().query_row("select 1", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }
}
