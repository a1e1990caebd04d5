use hanlin_kernel::{Actor, Id, PersonId, Result};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effective, manage};
use crate::{
    events::Event,
    external,
    model::{Dated, Leadership, LeadershipKind, Place, Validity, as_of},
    rules::{self, Refusal, Standing},
    store,
};

/// Who is to lead a place from when on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetLeader {
    #[serde(rename = "as")]
    pub kind: LeadershipKind,
    /// Absent: nobody.
    pub person: Option<PersonId>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

/// Names the head (负责人) or the leader in charge (分管领导) of a place, instead of the one before.
pub fn set_leader(tx: &mut Tx, actor: &Actor, place: Place, intent: SetLeader) -> Result<Option<Leadership>> {
    manage(tx, actor, place)?;
    let from = effective(tx, intent.from)?;
    let led = store::list_leaderships(tx, intent.kind, place)?;
    if let Some(later) = led.iter().find(|led| led.validity.from > from) {
        return Err(Refusal::LaterChangePlanned { at: later.validity.from }.into());
    }
    if let Some(person) = intent.person {
        stands_right(tx, intent.kind, person, place, from)?;
    }
    let before = as_of(&led, from).cloned();
    if let Some(before) = &before {
        store::end_leadership(tx, before, from)?;
    }
    let after = intent.person.map(|person| Leadership {
        id: Id::new(),
        kind: intent.kind,
        place,
        person,
        validity: Validity::since(from),
    });
    if let Some(after) = &after {
        store::insert_leadership(tx, after)?;
    }
    tx.record(Event::LeaderSet { kind: intent.kind, place, before, after: intent.person, from });
    Ok(after)
}

fn stands_right(tx: &mut Tx, kind: LeadershipKind, person: PersonId, place: Place, at: Timestamp) -> Result<()> {
    let name = store::find_person(tx, person)?.name;
    if !rules::covered(&store::list_service(tx, person)?, Validity::since(at)) {
        return Err(Refusal::NotInService { person: name }.into());
    }
    external::belongs(tx, person, place)?;
    let mut stands: Vec<Place> = present(store::list_appointments(tx, person)?, at).map(|held| held.place).collect();
    // Who leads a place belongs to it, wherever his desk is: the general manager may head a department beside.
    stands.extend(present(store::list_leaderships_of(tx, person)?, at).map(|led| led.place));
    let lines: Vec<_> = stands.into_iter().map(|place| store::list_ancestors(tx, place, at)).collect::<Result<_>>()?;
    let place = store::list_ancestors(tx, place, at)?;
    let standing = Standing { person: &name, lines: &lines, place: &place };
    match kind {
        LeadershipKind::Head => rules::head(&standing)?,
        LeadershipKind::InCharge => rules::leader_in_charge(&standing)?,
    }
    Ok(())
}

fn present<T: Dated>(ever: Vec<T>, at: Timestamp) -> impl Iterator<Item = T> {
    ever.into_iter().filter(move |one| one.validity().covers(at))
}

/// A place that closes is led by nobody from then on.
pub(super) fn end_leaderships(tx: &mut Tx, place: Place, at: Timestamp) -> Result<()> {
    for kind in [LeadershipKind::Head, LeadershipKind::InCharge] {
        for led in store::list_leaderships(tx, kind, place)? {
            if led.validity.to.is_none_or(|to| to > at) {
                store::end_leadership(tx, &led, at)?;
                tx.record(Event::LeaderSet { kind, place, before: Some(led), after: None, from: at });
            }
        }
    }
    Ok(())
}
