//! What a case tells one reader of its form and of what was said in it: the one place that decides it, for the page of the
//! case and for whoever opens one of its files by its address (FORM-05, PERM-11).

use std::collections::BTreeSet;

use hanlin_forms::form::{Right, Rights};
use hanlin_kernel::{Actor, Error, PersonId, Result};
use hanlin_store::Tx;

use super::{
    actions, follow_ups,
    model::{CaseId, StoredCase},
    outside, query, related, store,
    view::{OpinionView, opinion_view},
    world::World,
};
use crate::{
    agency::Hats,
    engine::{
        self, CheckedFlow, Values,
        case::{OpinionNo, Task},
    },
};

pub(super) struct Told {
    /// Himself, and those for whom he acts in this case.
    pub readers: Vec<PersonId>,
    pub acts_for: Vec<PersonId>,
    /// What he may do with each field: by his first open task, if he has one.
    pub rights: Rights,
    pub values: Values,
    pub opinions: Vec<OpinionView>,
}

/// The caller has found out that he may read the case.
pub(super) fn told(
    tx: &mut Tx,
    actor: &Actor,
    hats: &Hats,
    stored: &StoredCase,
    flow: &CheckedFlow,
    world: &World,
) -> Result<Told> {
    let case = &stored.state;
    let acts_for = hats.in_case(actor.person, stored);
    let readers: Vec<PersonId> = std::iter::once(actor.principal()).chain(acts_for.iter().copied()).collect();
    let part = rights_of(flow, case, &readers, own_tasks(actor, hats, stored).first().copied(), world);
    let takes_part = store::takes_part(tx, actor.principal(), stored)? || !acts_for.is_empty();
    let has_part = takes_part || query::may_query(actor, stored);
    let told = |rights: Rights| engine::as_told(flow, case, actor.principal(), rights, world);
    let rights = match query::may_query(actor, stored) {
        true => part.join(&told(Rights::all(Right::Read))),
        // Who reads it only because another case names it reads what whoever handed it in may read.
        false if !has_part => told(related::rights(flow.flow())),
        false => part,
    };
    let values = flow.form().redact(&case.values, &rights);
    let said = (1..).map(OpinionNo).zip(&case.opinions);
    let heard = said.filter(|(_, said)| engine::may_hear(flow.flow(), case, said, &readers));
    let mut opinions: Vec<OpinionView> = heard.map(|(no, said)| opinion_view(flow, actor, case, no, said)).collect();
    if actor.external {
        outside::keep_opinions(&mut opinions, case, actor.principal());
    }
    Ok(Told { readers, acts_for, rights, values, opinions })
}

/// His open tasks and those of whom he acts for; what is his own comes first.
pub(super) fn own_tasks<'c>(actor: &Actor, hats: &Hats, stored: &'c StoredCase) -> Vec<&'c Task> {
    let is_his = |task: &&Task| task.person == actor.principal() || hats.does(actor.person, stored, task);
    let mut own: Vec<&Task> = stored.state.open_tasks().filter(is_his).collect();
    own.sort_by_key(|task| task.person != actor.principal());
    own
}

/// The files that stand in what is told to a reader.
pub(super) fn files(values: &Values, opinions: &[OpinionView]) -> BTreeSet<String> {
    let in_fields = values.values().filter_map(serde_json::Value::as_array).flatten().filter_map(|id| id.as_str());
    let in_words = opinions.iter().flat_map(OpinionView::files);
    in_fields.map(str::to_owned).chain(in_words.cloned()).collect()
}

/// May he open this file of the case: does something that is told to him name it?
pub(super) fn names_file(tx: &mut Tx, actor: &Actor, id: CaseId, file: &str) -> Result<bool> {
    let stored = match store::find_to_read(tx, actor, id) {
        Ok(stored) => stored,
        // What was cancelled opens to nobody, whatever still names it.
        Err(Error::NotFound | Error::Refused(_)) => return Ok(false),
        Err(other) => return Err(other),
    };
    let flow = follow_ups::flow_of(tx, &stored)?;
    let world = actions::world_of(tx, &stored)?;
    let hats = Hats::of(tx, actor)?;
    let told = told(tx, actor, &hats, &stored, &flow, &world)?;
    Ok(files(&told.values, &told.opinions).contains(file))
}

/// What one may do with the fields who reads as all of these: each of them has his rights, and writes in the first task.
fn rights_of(
    flow: &CheckedFlow,
    case: &engine::Case,
    readers: &[PersonId],
    first: Option<&Task>,
    world: &World,
) -> Rights {
    let one = |reader: &PersonId| {
        let own = first.filter(|task| case.is_his(task, *reader));
        engine::rights(flow, case, *reader, own.map(|task| task.id), world)
    };
    readers.iter().map(one).fold(Rights::all(Right::Hidden), |all, rights| all.join(&rights))
}
