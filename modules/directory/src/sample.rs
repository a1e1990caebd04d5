//! 示例集团 beside a real organisation: a tree of its own, loaded to try things out and taken out again.
//!
//! What belongs to it follows from one thing: it hangs below [`ROOT`], or is appointed there. That also holds for what
//! people add to it later, and it stays true because nobody and nothing crosses between it and the rest (`apart`).

use std::collections::BTreeSet;

use hanlin_kernel::{Error, GroupId, PersonId, PostId, Result, UnitId};
use hanlin_store::{Leaving, Tx};
use jiff::Timestamp;

use crate::{
    cast,
    events::Event,
    model::Place,
    rules::Refusal,
    snapshot::{Rows, Snapshot},
    store,
};

/// The unit at the top of the sample.
pub const ROOT: UnitId = cast::QINGLAN;
/// What the employee numbers of a sample beside a real organisation begin with, so that they are nobody else's.
const NUMBERS: &str = "SAMPLE-";

/// Writes the sample organisation beside whatever is there, as a tree of its own. Refuses where it is there already, or
/// where a code, number or address of its would be somebody else's.
pub fn load_beside(tx: &mut Tx) -> Result<()> {
    if store::has_unit(tx, ROOT)? {
        return Err(Refusal::SampleThere.into());
    }
    let rows = beside();
    if let Some(taken) = store::find_taken(tx, &rows)? {
        return Err(Refusal::SampleTaken { taken }.into());
    }
    store::insert_all(tx, &rows)?;
    tx.record(Event::SampleLoaded { units: rows.units.len(), people: rows.people.len() });
    Ok(())
}

fn beside() -> Rows {
    let mut rows = cast::rows();
    for person in &mut rows.people {
        person.employee_number = person.employee_number.take().map(|number| format!("{NUMBERS}{number}"));
    }
    rows
}

/// Who and what belongs to the sample, people who left it too; `None`: it is not loaded.
pub fn sample(tx: &mut Tx) -> Result<Option<Leaving>> {
    let (units, departments) = store::list_below(tx, ROOT)?;
    if units.is_empty() {
        return Ok(None);
    }
    let people = store::list_ever_in(tx, ROOT)?;
    Ok(Some(Leaving::of(people, units, departments)))
}

/// The groups and posts that the units of the sample define: what grants there may be to.
pub fn sample_subjects(tx: &mut Tx) -> Result<(BTreeSet<GroupId>, BTreeSet<PostId>)> {
    let (units, _) = store::list_below(tx, ROOT)?;
    let groups: Vec<GroupId> = Leaving::find(tx, "directory_group", "unit", &units)?;
    let posts: Vec<PostId> = Leaving::find(tx, "directory_post", "unit", &units)?;
    Ok((groups.into_iter().collect(), posts.into_iter().collect()))
}

/// Refuses what would tie a place of the sample to one outside, or the other way round; each place as it lies then.
pub(crate) fn apart(tx: &mut Tx, one: Place, at: Timestamp, another: Place, then: Timestamp) -> Result<()> {
    let one = store::list_ancestors(tx, one, at)?.contains(&Place::Unit(ROOT));
    let another = store::list_ancestors(tx, another, then)?.contains(&Place::Unit(ROOT));
    if one == another { Ok(()) } else { Err(Refusal::SampleApart.into()) }
}

/// Takes the sample out, when every module above has taken out what it kept of it.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    if store::has_unit(tx, ROOT)? { store::delete_below(tx, leaving) } else { Err(Error::NotFound) }
}

impl Snapshot {
    /// Does this person belong to the sample?
    pub fn is_sample(&self, person: PersonId) -> bool {
        self.all_appointments(person).iter().any(|held| self.is_sample_place(held.place, held.validity.from))
    }

    /// Does this place belong to the sample?
    pub fn is_sample_place(&self, place: Place, at: Timestamp) -> bool {
        self.has_sample() && self.ancestors(place, at).contains(&Place::Unit(ROOT))
    }

    /// Is the sample loaded?
    pub fn has_sample(&self) -> bool {
        self.last_unit(ROOT).is_some()
    }

    /// Is there a real organisation with the sample beside it?
    pub fn has_sample_beside(&self, at: Timestamp) -> bool {
        self.has_sample() && self.roots(at).iter().any(|root| root.id != ROOT)
    }
}
