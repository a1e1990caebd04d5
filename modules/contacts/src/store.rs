use hanlin_kernel::{PersonId, Result};
use hanlin_store::{FromRow, Leaving, Row, Tx, params};
use jiff::Timestamp;

/// When a person was last asked.
pub(crate) struct Asked {
    pub person: PersonId,
    pub at: Timestamp,
}

impl FromRow for Asked {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { person: row.get("person")?, at: row.get("at")? })
    }
}

/// Everybody who was ever asked, with the last time.
pub(crate) fn list_asked(tx: &mut Tx) -> Result<Vec<Asked>> {
    tx.all("select person, at from contacts_chase order by person", &[])
}

pub(crate) fn save_asked(tx: &mut Tx, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into contacts_chase (person, at) values ($1, $2) on conflict (person) do update set at = excluded.at",
        params![person, now],
    )?;
    Ok(())
}

/// Forgets when those who go were asked.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    Leaving::delete(tx, "contacts_chase", "person", &leaving.people).map(drop)
}
