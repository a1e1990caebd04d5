use hanlin_kernel::{Actor, AppointmentId, Id, PersonId, PostId, Result};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effective, manage, may_person, unseen, validity};
use crate::{
    events::Event,
    external,
    model::{Appointment, Dated, Place, Validity},
    policy,
    rules::{self, Ground, Refusal},
    sample, store,
};

/// A person who is to take a post.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Appoint {
    pub person: PersonId,
    pub post: PostId,
    pub place: Place,
    /// 主岗, else 兼岗.
    #[serde(default)]
    pub main: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
}

/// 任职: gives a person a post at a place.
pub fn appoint(tx: &mut Tx, actor: &Actor, intent: Appoint) -> Result<Appointment> {
    policy::require(&may_person(tx, actor, intent.person)?, "appoint")?;
    manage(tx, actor, intent.place)?;
    let held = Appointment {
        id: Id::new(),
        person: intent.person,
        post: intent.post,
        place: intent.place,
        main: intent.main,
        validity: validity(tx, intent.from, intent.to)?,
        version: 1,
    };
    save_new(tx, &held)?;
    Ok(held)
}

/// Where somebody goes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferAppointment {
    pub post: PostId,
    pub place: Place,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

/// 调岗: one appointment ends when another begins, main for main.
pub fn transfer(
    tx: &mut Tx,
    actor: &Actor,
    id: AppointmentId,
    seen: u64,
    intent: TransferAppointment,
) -> Result<Appointment> {
    let from = effective(tx, intent.from)?;
    let before = end_appointment(tx, actor, id, seen, Some(from))?;
    manage(tx, actor, intent.place)?;
    let after = Appointment {
        id: Id::new(),
        person: before.person,
        post: intent.post,
        place: intent.place,
        main: before.main,
        validity: Validity { from, to: before.validity.to },
        version: 1,
    };
    save_new(tx, &after)?;
    Ok(after)
}

/// Ends an appointment; one that has not begun is withdrawn. What it was, as it stood before, is returned.
pub fn end_appointment(
    tx: &mut Tx,
    actor: &Actor,
    id: AppointmentId,
    seen: u64,
    at: Option<Timestamp>,
) -> Result<Appointment> {
    let held = store::find_appointment(tx, id)?;
    let home = store::home_of(tx, held.place)?;
    policy::require(&policy::may(actor, home), "manage")?;
    unseen(seen, held.version)?;
    let at = effective(tx, at)?;
    if !held.ever_holds() || held.validity.to.is_some_and(|to| to <= at) {
        return Err(Refusal::NotInForce.into());
    }
    store::end_appointment(tx, &held, at)?;
    tx.record(Event::AppointmentEnded { appointment: held.clone(), at });
    Ok(held)
}

/// Decides and writes a new appointment.
pub(super) fn save_new(tx: &mut Tx, held: &Appointment) -> Result<()> {
    let person = store::find_person(tx, held.person)?;
    let post = store::find_post(tx, held.post)?;
    let upwards = store::list_ancestors(tx, held.place, held.validity.from)?;
    let units: Vec<_> = upwards.into_iter().filter_map(Place::unit).collect();
    if let Some(before) = store::list_appointments(tx, held.person)?.first() {
        sample::apart(tx, before.place, before.validity.from, held.place, held.validity.from)?;
    }
    external::joins(tx, held.person, held.place)?;
    let ground = Ground {
        person: &person.name,
        service: &store::list_service(tx, held.person)?,
        place: &store::find_edges(tx, held.place)?,
        units: &units,
        post: &post,
        held: &store::list_appointments(tx, held.person)?,
    };
    rules::appoint(held, &ground)?;
    store::insert_appointment(tx, held)?;
    tx.record(Event::Appointed { appointment: held.clone() });
    Ok(())
}
