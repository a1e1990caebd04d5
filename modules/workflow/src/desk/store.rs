use hanlin_kernel::{Error, PersonId, Result};
use hanlin_store::{Json, Tx, params};
use serde::{Serialize, de::DeserializeOwned};

use super::model::{Kept, Thing};

pub(crate) fn find<T: DeserializeOwned>(tx: &mut Tx, person: PersonId, thing: Thing) -> Result<Kept<T>> {
    let sql = "select content, version from workflow_desk where person = $1 and thing = $2";
    match tx.rows(sql, params![person, thing.word()])?.first() {
        Some(row) => Ok(Kept { items: row.get::<Json<_>>("content")?.0, version: row.get("version")? }),
        None => Ok(Kept { items: Vec::new(), version: 0 }),
    }
}

/// Saves what he keeps now, unless another device of his was faster.
pub(crate) fn save<T: Serialize>(
    tx: &mut Tx,
    person: PersonId,
    thing: Thing,
    Kept { items, version }: Kept<T>,
) -> Result<Kept<T>> {
    let changed = match version {
        0 => tx.exec(
            "insert into workflow_desk (person, thing, content, version) values ($1, $2, $3, 1) \
             on conflict (person, thing) do nothing",
            params![person, thing.word(), Json(&items)],
        )?,
        _ => tx.exec(
            "update workflow_desk set content = $3, version = version + 1 \
             where person = $1 and thing = $2 and version = $4",
            params![person, thing.word(), Json(&items), version],
        )?,
    };
    if changed == 0 { Err(Error::Stale) } else { Ok(Kept { items, version: version + 1 }) }
}
