//! Carrying an import out: the same plan again, people in small units, and one unit that puts everything in force.

use std::{collections::BTreeSet, sync::Arc};

use hanlin_directory::{self as directory, MANAGE, Newcomer, SetLeader, model::LeadershipKind};
use hanlin_kernel::{Actor, DepartmentId, Error, Grant, PersonId, Result, Scopes, UnitId};
use hanlin_store::{Tx, jobs::Running};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    actions::{self, MOST_CHANGES, batch},
    events::Event,
    model::{ImportId, State},
    plan::{End, Plan, Step, Work},
    refusal::Refusal,
    store,
};

pub const KIND: &str = "imports.apply";
/// People written down in one unit: some tens of milliseconds.
const CHUNK: usize = 200;
/// How often the plan is made anew because others changed the organisation meanwhile.
const TRIES: usize = 5;

/// What is to be carried out, and what whoever ordered it might change then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    import: ImportId,
    end_gone: bool,
    person: PersonId,
    all: bool,
    units: BTreeSet<UnitId>,
    departments: BTreeSet<DepartmentId>,
}

impl Order {
    pub(crate) fn of(actor: &Actor, import: ImportId, end_gone: bool) -> Self {
        let Scopes { all, units, departments, .. } = actor.scope_of(MANAGE);
        Self { import, end_gone, person: actor.person, all, units, departments }
    }

    /// Refuses where whoever ordered it has lost some of the rights he had then: it would be carried out on them.
    fn stands(&self, tx: &mut Tx) -> Result<()> {
        let (units, departments) = (self.units.clone(), self.departments.clone());
        let ordered = Scopes { all: self.all, own: false, units, departments };
        let stands = hanlin_access::still_reaches(tx, self.person, MANAGE, &ordered)?;
        if stands { Ok(()) } else { Err(Refusal::RightsTaken.into()) }
    }

    /// Whoever ordered it, with what he might change then and what came in through it.
    fn actor(&self, new: &Work) -> Actor {
        let units = self.units.iter().copied().chain(new.units.iter().map(|unit| unit.id)).collect();
        let departments = new.departments.iter().map(|department| department.id);
        let departments = self.departments.iter().copied().chain(departments).collect();
        let scopes = Scopes { all: self.all, own: false, units, departments };
        let grants = vec![Grant { permission: MANAGE.0.to_owned(), scopes }];
        Actor { grants, ..Actor::person(self.person) }
    }
}

pub(crate) fn run(running: &Running) -> Result<Value> {
    let order: Order = serde_json::from_value(running.job.input.clone()).map_err(Error::internal)?;
    let outcome = carry_out(running, &order);
    if let Err(error) = &outcome {
        let state = if error.code() == "store.cancelled" { State::Cancelled } else { State::Failed };
        let (id, why) = (order.import, error.code().to_owned());
        running.write(move |tx| actions::abandon(tx, id, state, &why))?;
        while running.write(move |tx| actions::discard_some(tx, id))? {}
    }
    outcome
}

fn carry_out(running: &Running, order: &Order) -> Result<Value> {
    let (plan, mut stamp) = decide(running, order)?;
    let Plan { work, .. } = plan;
    let total = work.newcomers.len() as u64;
    let work = Arc::new(work);
    prepare(running, order.import, &work.newcomers, total)?;
    for _ in 0..TRIES {
        running.progress(total, total)?;
        match put_in_force(running, order, work.clone(), stamp.clone()) {
            // Somebody was faster: if the file would still do the same, it is tried again.
            Err(Error::Stale) => stamp = decide(running, order)?.1,
            done => return done,
        }
    }
    Err(Refusal::ChangedSince.into())
}

/// The plan as it is now, which must be what was shown; and the state of the organisation it was made for.
fn decide(running: &Running, order: &Order) -> Result<(Plan, String)> {
    let (id, asked) = (order.import, order.clone());
    let (import, mut rows, organisation) = running.read(move |tx| {
        asked.stands(tx)?;
        let import = store::find(tx, id)?.ok_or(Error::NotFound)?;
        Ok((import, store::list_file(tx, id)?, actions::organisation(tx)?))
    })?;
    let plan = actions::judge(&organisation, &order.actor(&Work::default()), &import.tables, &mut rows);
    if plan.digest() != import.digest || plan.counts().wrong > 0 {
        return Err(Refusal::ChangedSince.into());
    }
    let changes = plan.changes(order.end_gone);
    if changes > MOST_CHANGES {
        return Err(Refusal::TooManyChanges { changes, limit: MOST_CHANGES }.into());
    }
    Ok((plan, organisation.snapshot.stamp().to_owned()))
}

fn prepare(running: &Running, id: ImportId, newcomers: &[Newcomer], total: u64) -> Result<()> {
    let mut done = 0;
    running.progress(done, total)?;
    for chunk in newcomers.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        done += chunk.len() as u64;
        running.write(move |tx| directory::prepare(tx, batch(id), &chunk))?;
        running.progress(done, total)?;
    }
    Ok(())
}

/// The one unit after which all of it holds.
fn put_in_force(running: &Running, order: &Order, work: Arc<Work>, stamp: String) -> Result<Value> {
    let (order, changes) = (order.clone(), work.changes());
    running.write(move |tx| {
        directory::unchanged_since(tx, &stamp)?;
        order.stands(tx)?;
        let id = order.import;
        store::turn(tx, id, State::Applying, State::Done)?;
        let actor = order.actor(&work);
        directory::create_units(tx, &actor, &work.units)?;
        directory::create_departments(tx, &actor, &work.departments)?;
        directory::create_posts(tx, &actor, &work.posts)?;
        directory::create_ranks(tx, &actor, &work.ranks)?;
        // Who swap a number do so in one instant: all that is known of people changes together, and last.
        let (cards, steps): (Vec<&Step>, Vec<&Step>) =
            work.steps.iter().partition(|step| matches!(step, Step::Person(..)));
        steps.into_iter().try_for_each(|step| take(tx, &actor, step))?;
        let cards = cards.into_iter().filter_map(|step| match step {
            Step::Person(id, seen, intent) => Some((*id, *seen, intent.clone())),
            _ => None,
        });
        directory::change_people(tx, &actor, cards.collect())?;
        let people = directory::admit(tx, &actor, batch(id))?;
        for (place, person) in &work.heads {
            let head = SetLeader { kind: LeadershipKind::Head, person: *person, from: None };
            directory::set_leader(tx, &actor, *place, head)?;
        }
        let ends = if order.end_gone { work.ends.as_slice() } else { &[] };
        ends.iter().try_for_each(|end| finish(tx, &actor, *end))?;
        let name = store::find(tx, id)?.map(|import| import.name).unwrap_or_default();
        let changes = changes + ends.len() as u64;
        tx.record(Event::Applied { import: id, name, people, changes });
        Ok(json!({ "people": people, "changes": changes, "ended": ends.len() }))
    })
}

fn take(tx: &mut Tx, actor: &Actor, step: &Step) -> Result<()> {
    match step {
        Step::Unit(id, seen, intent) => {
            directory::change_unit(tx, actor, *id, *seen, intent.clone())?;
        }
        Step::Department(id, seen, intent) => {
            directory::change_department(tx, actor, *id, *seen, intent.clone())?;
        }
        Step::Post(id, seen, intent) => {
            directory::change_post(tx, actor, *id, *seen, intent.clone())?;
        }
        Step::RankName(id, seen, name) => {
            directory::rename_rank(tx, actor, *id, *seen, name.clone())?;
        }
        Step::Person(id, seen, intent) => {
            directory::change_person(tx, actor, *id, *seen, intent.clone())?;
        }
        Step::Rank(id, seen, intent) => {
            directory::set_rank(tx, actor, *id, *seen, intent.clone())?;
        }
        Step::Rejoin(id, seen, intent) => {
            directory::rejoin(tx, actor, *id, *seen, intent.clone())?;
        }
        Step::Transfer(id, seen, intent) => {
            directory::transfer(tx, actor, *id, *seen, intent.clone())?;
        }
        Step::Appoint(intent) => {
            directory::appoint(tx, actor, intent.clone())?;
        }
    }
    Ok(())
}

fn finish(tx: &mut Tx, actor: &Actor, end: End) -> Result<()> {
    match end {
        End::Person(id, seen) => directory::leave(tx, actor, id, seen, directory::Leave::default()),
        End::Department(id, seen) => directory::end_department(tx, actor, id, seen, None),
        End::Post(id, seen) => directory::end_post(tx, actor, id, seen, None),
        End::Rank(id, seen) => directory::end_rank(tx, actor, id, seen, None),
        End::Unit(id, seen) => directory::end_unit(tx, actor, id, seen, None),
    }
}
