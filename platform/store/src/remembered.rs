//! What a process remembers of some tables until they change: read by every request, changed once in a while.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use hanlin_kernel::{Id, Result};

use crate::{
    params,
    row::Row,
    tx::{ReadOnce, Tx},
};

/// Something made out of a few tables whose owner says [`Tx::changed`] wherever he writes them.
pub trait Remembered: Send + Sync + Sized + 'static {
    /// What it is called in the table of revisions: the module.
    const NAME: &'static str;

    fn read(tx: &mut Tx) -> Result<Self>;
}

/// The revision of each name as this unit sees it. One statement for all of them, once in a unit.
#[derive(Clone)]
struct Revisions(Arc<HashMap<String, String>>);

impl ReadOnce for Revisions {
    const TABLE: &'static str = "store_revision";

    fn read(tx: &mut Tx) -> Result<Self> {
        let rows = tx.revisions()?;
        let named = |row: &Row| Ok((row.get("name")?, row.get("token")?));
        Ok(Self(Arc::new(rows.iter().map(named).collect::<Result<_>>()?)))
    }
}

/// The last that was made, under the revision that it was read at. A revision is never used twice: what a unit of work read
/// that was then undone is never taken for what another has written.
struct Last<T>(Mutex<Option<(Option<String>, Arc<T>)>>);

impl<T> Default for Last<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl Tx {
    /// As this unit of work sees it. Costs nothing but the question for the revisions, unless it was changed.
    pub fn remembered<T: Remembered>(&mut self) -> Result<Arc<T>> {
        let revision = self.read_once::<Revisions>()?.0.get(T::NAME).cloned();
        let last = self.memo::<Last<T>>();
        let known = last.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, known)) = known.filter(|(at, _)| *at == revision) {
            return Ok(known);
        }
        let made = Arc::new(T::read(self)?);
        *last.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((revision, made.clone()));
        Ok(made)
    }

    /// What others remember of it is old when this unit is committed, and what this unit does at once.
    pub fn changed<T: Remembered>(&mut self) -> Result<()> {
        // A revision that nobody has asked for since it was made holds for what is changed now, too.
        if !self.unit.unread.insert(T::NAME) {
            return Ok(());
        }
        self.connection.forget_revisions();
        self.queue(
            "insert into store_revision (name, token) values ($1, $2) \
             on conflict (name) do update set token = excluded.token",
            params![T::NAME, Id::<T>::new()],
        )
    }
}
