//! What goes out of an installation for good.
//!
//! What an organisation was is ended and never deleted. A sample that was loaded to try things out never was part of the
//! organisation: when it goes, its rows go, and the trace alone still tells of it. Each module takes its own rows out
//! ([`Leaving::delete`], [`Leaving::find`]) and says what they were ([`Leaving::note`]).

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::{DepartmentId, PersonId, Result, UnitId};

use crate::{
    row::Row,
    tx::Tx,
    value::{FromValue, ToValue, Value},
};

/// How many ids stand in one statement.
const TOGETHER: usize = 500;

/// The part of an organisation that goes, and what of it is gone already.
#[derive(Debug, Default)]
pub struct Leaving {
    pub people: BTreeSet<PersonId>,
    pub units: BTreeSet<UnitId>,
    pub departments: BTreeSet<DepartmentId>,
    /// The pages of what goes, as notifications name them: `/cases/<id>`.
    pub pages: BTreeSet<String>,
    ids: BTreeSet<String>,
    counts: BTreeMap<&'static str, u64>,
}

impl Leaving {
    pub fn of(people: BTreeSet<PersonId>, units: BTreeSet<UnitId>, departments: BTreeSet<DepartmentId>) -> Self {
        Self { people, units, departments, ..Self::default() }
    }

    /// Remembers what goes: so many things of this name, known by these ids in the queue and in the trace.
    pub fn note<T: ToString>(&mut self, what: &'static str, ids: impl IntoIterator<Item = T>) {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        *self.counts.entry(what).or_default() += ids.len() as u64;
        self.ids.extend(ids);
    }

    /// The ids of all that goes.
    pub fn ids(&self) -> &BTreeSet<String> {
        &self.ids
    }

    /// How many things of each name go.
    pub fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    /// The ids of the rows whose column names one of these.
    pub fn find<T: FromValue>(
        tx: &mut Tx,
        table: &str,
        column: &str,
        among: impl IntoIterator<Item = impl ToValue>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        for (places, values) in slices(among) {
            let sql = format!("select id from {table} where {column} in ({places}) order by id");
            found.extend(tx.scalars(&sql, &values)?);
        }
        Ok(found)
    }

    /// Deletes the rows whose column names one of these; how many there were.
    pub fn delete(
        tx: &mut Tx,
        table: &str,
        column: &str,
        among: impl IntoIterator<Item = impl ToValue>,
    ) -> Result<u64> {
        let mut deleted = 0;
        for (places, values) in slices(among) {
            deleted += tx.exec(&format!("delete from {table} where {column} in ({places})"), &values)?;
        }
        Ok(deleted)
    }

    /// Takes out what the platform keeps for those who go: their jobs and kept answers, and news and timers that speak
    /// of what is gone. Called last.
    pub fn sweep(&self, tx: &mut Tx) -> Result<()> {
        Self::delete(tx, "store_job", "owner", &self.people)?;
        Self::delete(tx, "store_answer", "owner", &self.people)?;
        Self::delete(tx, "store_request", "owner", &self.people)?;
        let queued = tx.rows("select id, stream, payload, timer_key from store_outbox", &[])?;
        let mut of_them: Vec<String> = Vec::new();
        for row in &queued {
            if self.speaks_of(row)? {
                of_them.push(row.get("id")?);
            }
        }
        Self::delete(tx, "store_outbox", "id", of_them).map(drop)
    }

    fn speaks_of(&self, row: &Row) -> Result<bool> {
        let texts =
            [row.get::<String>("stream")?, row.get("payload")?, row.get::<Option<_>>("timer_key")?.unwrap_or_default()];
        let mut words = texts.iter().flat_map(|text| text.split(|sign: char| !sign.is_ascii_alphanumeric()));
        Ok(words.any(|word| self.ids.contains(word)))
    }
}

/// The parameters of statements that name all of these, with their places in the text.
fn slices(among: impl IntoIterator<Item = impl ToValue>) -> Vec<(String, Vec<Value>)> {
    let values: Vec<Value> = among.into_iter().map(|value| value.to_value()).collect();
    let places = |n: usize| (1..=n).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    values.chunks(TOGETHER).map(|slice| (places(slice.len()), slice.to_vec())).collect()
}
