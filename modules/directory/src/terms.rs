//! What people are found by, written anew after the way of reading names was changed.

use hanlin_kernel::{PersonId, Result};
use hanlin_store::{Context, Db};

use crate::{model::Person, names, store};

/// How many people are looked at in one unit of work.
const CHUNK: usize = 200;

/// Brings the search terms of everybody to what this program makes of a name; how many people were written anew. In
/// small units beside the work of others; what was saved by this program already is only compared. Run at each start:
/// where the terms are this program's, it is one small read.
pub async fn renew_terms(db: &Db) -> Result<u64> {
    if db.read(store::terms_version).await? == names::TERMS {
        return Ok(0);
    }
    let (mut renewed, mut after) = (0, None::<PersonId>);
    loop {
        let from = after;
        let context = Context::default().background();
        let (written, last) = db
            .write_as(context, move |tx| {
                let people = store::list_people_after(tx, from, CHUNK)?;
                let mut written = 0;
                for person in &people {
                    let (sort_key, initials) = (names::sort_key(&person.name), names::initials(&person.name));
                    let stale = (&person.sort_key, &person.initials) != (&sort_key, &initials)
                        || store::list_terms(tx, person.id)? != names::terms(person);
                    if stale {
                        store::renew_terms(tx, &Person { sort_key, initials, ..person.clone() })?;
                        written += 1;
                    }
                }
                Ok((written, people.last().map(|person| person.id)))
            })
            .await?;
        renewed += written;
        match last {
            Some(_) => after = last,
            None => break,
        }
    }
    db.write_as(Context::default().background(), |tx| store::save_terms_version(tx, names::TERMS)).await?;
    Ok(renewed)
}
