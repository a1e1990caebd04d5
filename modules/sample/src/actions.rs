use std::collections::BTreeMap;

use hanlin_access::SampleLogin;
use hanlin_directory::{
    SAMPLE,
    cast::{FANG_YUE, GAO_XIANG, LIN_XIAO, XU_JING, ZHAO_QING, ZHOU_YUANHANG},
};
use hanlin_kernel::{Actor, Error, PersonId, Result};
use hanlin_store::{Leaving, Tx};

use crate::{
    events::Event,
    model::{Loaded, Removed, Sample, SampleState},
    policy,
};

/// Who to sign in as, to see the most.
const SHOWN: [PersonId; 6] = [LIN_XIAO, ZHAO_QING, XU_JING, ZHOU_YUANHANG, FANG_YUE, GAO_XIANG];

/// Whether it is loaded, and what is in it.
pub(crate) fn state_for(tx: &mut Tx, actor: &Actor) -> Result<SampleState> {
    policy::require(actor)?;
    let found = hanlin_directory::sample(tx)?;
    let loaded = found.is_some();
    let leaving = found.unwrap_or_default();
    let (flows, cases) = hanlin_workflow::count_sample(tx, &leaving)?;
    let directory = hanlin_directory::snapshot(tx)?;
    let guests = hanlin_workflow::guests_of_sample(tx, &leaving)?;
    Ok(SampleState {
        loaded,
        people: leaving.people.len() as u64,
        units: leaving.units.len() as u64,
        departments: leaving.departments.len() as u64,
        flows,
        cases,
        guests: guests.into_iter().map(|person| directory.person_name(person)).collect(),
        logins: if loaded { SampleLogin::of(tx, &SHOWN)? } else { Vec::new() },
    })
}

pub(crate) fn load_for(tx: &mut Tx, actor: &Actor, sample: &Sample, hash: &str) -> Result<Loaded> {
    policy::require(actor)?;
    load(tx, sample, hash)
}

/// Loads the sample beside the organisation, every account with the password of this hash. On the word of whoever calls.
pub fn load(tx: &mut Tx, sample: &Sample, hash: &str) -> Result<Loaded> {
    hanlin_directory::load_beside(tx)?;
    let accounts = hanlin_access::load_beside(tx, hash)?;
    (sample.fill)(tx, SAMPLE)?;
    mark(tx, sample)?;
    let people = belongings(tx)?.people.len() as u64;
    tx.record(Event::Loaded { people, accounts });
    Ok(Loaded { people, accounts, logins: SampleLogin::of(tx, &SHOWN)? })
}

/// Marks in the trace what belongs to it: what would go if it were removed now.
fn mark(tx: &mut Tx, sample: &Sample) -> Result<()> {
    let mut leaving = belongings(tx)?;
    let leaving = tx.rehearse(|tx| {
        sample.forget(tx, &mut leaving)?;
        Ok(leaving)
    })?;
    hanlin_trace::mark_sample(tx, leaving.ids())
}

pub(crate) fn remove_for(tx: &mut Tx, actor: &Actor, sample: &Sample) -> Result<Removed> {
    policy::require(actor)?;
    if belongings(tx)?.people.contains(&actor.person) {
        return Err(Error::forbidden(policy::MANAGE));
    }
    remove(tx, sample)
}

/// Removes the sample with all that was done in it. What the trace says of it stays, marked.
pub fn remove(tx: &mut Tx, sample: &Sample) -> Result<Removed> {
    let mut leaving = belongings(tx)?;
    sample.forget(tx, &mut leaving)?;
    let counts: BTreeMap<String, u64> =
        leaving.counts().iter().map(|(what, count)| ((*what).to_owned(), *count)).collect();
    let count = |what: &str| counts.get(what).copied().unwrap_or_default();
    let (people, cases) = (count("people"), count("cases"));
    tx.record(Event::Removed { people, cases, counts: counts.clone() });
    Ok(Removed { counts })
}

fn belongings(tx: &mut Tx) -> Result<Leaving> {
    hanlin_directory::sample(tx)?.ok_or(Error::NotFound)
}
