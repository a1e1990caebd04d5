//! Each is one unit of work: find for the actor, decide, save.

use hanlin_kernel::{Actor, Audience, Result};
use hanlin_rulebook::catalogue;
use hanlin_store::Tx;

use super::{
    model::{Kept, SavedFilter, Thing},
    rules, store,
};

/// His other windows read it again.
const CHANGED: &str = "workflow.desk_changed";

/// How many phrases, and how many filters, one may keep of one's own where he belongs.
pub(crate) fn most(tx: &mut Tx, actor: &Actor, thing: Thing) -> Result<usize> {
    let parameter = match thing {
        Thing::Phrases => &catalogue::WORKFLOW_OWN_PHRASES,
        Thing::Filters => &catalogue::WORKFLOW_OWN_FILTERS,
    };
    Ok(hanlin_rulebook::parameter(tx, actor.unit, parameter)?.value)
}

pub(crate) fn phrases(tx: &mut Tx, actor: &Actor) -> Result<Kept<String>> {
    store::find(tx, actor.principal(), Thing::Phrases)
}

pub(crate) fn filters(tx: &mut Tx, actor: &Actor) -> Result<Kept<SavedFilter>> {
    store::find(tx, actor.principal(), Thing::Filters)
}

pub(crate) fn keep_phrases(tx: &mut Tx, actor: &Actor, seen: u64, phrases: Vec<String>) -> Result<Kept<String>> {
    let before = self::phrases(tx, actor)?.items.len();
    let items = rules::admit_phrases(phrases, most(tx, actor, Thing::Phrases)?, before)?;
    let kept = store::save(tx, actor.principal(), Thing::Phrases, Kept { items, version: seen })?;
    tell(tx, actor);
    Ok(kept)
}

pub(crate) fn keep_filters(
    tx: &mut Tx,
    actor: &Actor,
    seen: u64,
    filters: Vec<SavedFilter>,
) -> Result<Kept<SavedFilter>> {
    let before = self::filters(tx, actor)?.items.len();
    let items = rules::admit_filters(filters, most(tx, actor, Thing::Filters)?, before)?;
    let kept = store::save(tx, actor.principal(), Thing::Filters, Kept { items, version: seen })?;
    tell(tx, actor);
    Ok(kept)
}

fn tell(tx: &mut Tx, actor: &Actor) {
    let person = actor.principal();
    tx.announce(CHANGED, &format!("workflow/desk/{person}"), Audience::People(vec![person]));
}
